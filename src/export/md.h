/* SPDX-License-Identifier: MIT */
/* md.h - Markdown's own small things (md_text.c). */
#ifndef EXPORT_MD_H
#define EXPORT_MD_H

#include <base/sink.h>
#include <woshou/rule.h>

/* Anybody's text as nothing but text, in every inline place: a heading, a cell, a quotation. */
void md_put_text(struct sink *out, const char *text, size_t n);
/* A code block that its content cannot close. */
void md_put_fence(struct sink *out, const char *kind, const char *text, size_t n);
/* "[RFC 9293 §3.10.7.2](https://...)" */
void md_put_section(struct sink *out, const struct rule_info *info);

#endif
