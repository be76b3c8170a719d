/* SPDX-License-Identifier: MIT */
/* fuzz.h - what libFuzzer calls. Anything wrong ends the process: ASSERT, a sanitizer, a signal. */
#ifndef TEST_FUZZ_H
#define TEST_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
