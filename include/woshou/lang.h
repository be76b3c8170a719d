/* SPDX-License-Identifier: MIT */
/* lang.h - the languages that woshou speaks. */
#ifndef WOSHOU_LANG_H
#define WOSHOU_LANG_H

enum lang { LANG_EN, LANG_ZH, LANG_BOTH };

#endif
