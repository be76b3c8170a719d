/* SPDX-License-Identifier: MIT */
/* complete.h - what is made from the table at build time: man page and shell completions. */
#ifndef APP_COMPLETE_H
#define APP_COMPLETE_H

#include <app/options.h>

void complete_bash(struct sink *out);
void complete_zsh(struct sink *out);
void complete_fish(struct sink *out);

/* mdoc(7): the SYNOPSIS, the list of commands, and that of options. */
void man_synopsis(struct sink *out);
void man_commands(struct sink *out, enum lang lang);
void man_options(struct sink *out, enum lang lang);

#endif
