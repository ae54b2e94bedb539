/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/syntax/lexer.h: text to tokens, one form at a time.
 *
 * A form ends with a dot that white space, a comment or the end of the file follows. What cannot be
 * a token is reported and left out, so there is always a next token. `maybe` and `else` come as
 * atoms: the preprocessor knows whether they are reserved. */
#ifndef ACT_SYNTAX_LEXER_H
#define ACT_SYNTAX_LEXER_H

#include "compiler/syntax/context.h"
#include "compiler/syntax/token.h"

typedef struct Lexer Lexer;

/* Starts to scan file (a number from source_add). The caller gives it back with lexer_free. */
Lexer *lexer_new(SyntaxContext *cx, uint32_t file);
void lexer_free(Lexer *lexer);
/* Appends the tokens of the next form, its dot included. False at the end of the file. A form that
 * the end of the file cuts off is reported and ends with a dot all the same. */
bool lexer_read_form(Lexer *lexer, TokenVec *out);
/* While quiet, nothing is reported: for parts that a condition leaves out. */
void lexer_set_quiet(Lexer *lexer, bool quiet);

#endif
