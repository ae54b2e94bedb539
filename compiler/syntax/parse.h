/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/syntax/parse.h: tokens of one form to its tree. */
#ifndef ACT_SYNTAX_PARSE_H
#define ACT_SYNTAX_PARSE_H

#include "compiler/syntax/context.h"
#include "compiler/syntax/token.h"

/* Parses a form (its dot included). NULL when there was an error; all were reported then: after
 * each one the parse goes on at the next clause or at what looks like the next form. */
AstNode *parse_form(SyntaxContext *cx, Token *tokens, size_t count);
/* Parses `expr, ... .`; an empty list when there was an error (reported). */
AstList parse_exprs(SyntaxContext *cx, Token *tokens, size_t count);

/* What parse_given found wrong. */
typedef struct {
    bool syntax;  /* the grammar has no place for token number `token` (count: tokens ran out) */
    size_t token; /* else a message was reported to cx->diags */
} ParseFault;
/* Parses tokens that a program made, which may be anything, once and without a word about syntax
 * errors: true and the form or (exprs true) the expressions, or false and *fault. */
bool parse_given(SyntaxContext *cx, Token *tokens, size_t count, bool exprs, AstList *out,
                 ParseFault *fault);

#endif
