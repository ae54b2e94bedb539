/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/syntax/term_text.h: leaves of the tree as Erlang writes them (io:write). In arena. */
#ifndef ACT_SYNTAX_TERM_TEXT_H
#define ACT_SYNTAX_TERM_TEXT_H

#include "compiler/syntax/name.h"

/* With quotes where the atom needs them. */
const char *term_text_atom(Arena *arena, const Name *name);
/* The same with characters above 255 escaped (~w, not ~tw). */
const char *term_text_atom_latin1(Arena *arena, const Name *name);
/* Digits as in AstNode's integer; always decimal (big ones in another base keep their base). */
const char *term_text_integer(Arena *arena, int64_t small, const char *digits, uint32_t base);
/* The shortest text that reads back as the same float. */
const char *term_text_float(Arena *arena, double number);
/* $c */
const char *term_text_char(Arena *arena, uint32_t character);
/* "..." with escapes */
const char *term_text_string(Arena *arena, const uint32_t *points, uint32_t count);

#endif
