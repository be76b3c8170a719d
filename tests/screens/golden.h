/* SPDX-License-Identifier: MIT */
/*
 * golden.h - pictures as text, compared with files that were looked at once. WOSHOU_BLESS=1 writes
 * them instead: look at the difference before it is committed.
 */
#ifndef SCREENS_GOLDEN_H
#define SCREENS_GOLDEN_H

#include <stdbool.h>
#include <base/sink.h>

/* Compares with FOLDER/name.txt and prints the TAP line. False: not the same. */
bool golden(const char *folder, const char *name, int number, const struct sink *is);

#endif
