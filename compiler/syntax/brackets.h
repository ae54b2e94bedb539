/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/syntax/brackets.h: which opening word or sign is still open at a token. For messages. */
#ifndef ACT_SYNTAX_BRACKETS_H
#define ACT_SYNTAX_BRACKETS_H

#include "compiler/syntax/token.h"

typedef struct {
    const Token *open;  /* the innermost one still open before the token, or NULL */
    const char *closer; /* what would close it */
    const Token *stray; /* a closer that does not match (at or before the token), or NULL */
} Brackets;

/* Looks at tokens[0..at). */
Brackets brackets_before(const Token *tokens, size_t count, size_t at);
/* True if token opens something; that closer closes. */
bool brackets_closes(const Token *open, const Token *closer);
bool brackets_is_closer(const Token *token);

#endif
