/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/syntax/syntax_error.h: a syntax error in words: what was found, what would have been
 * right, and for the mistakes that people make, what to do. Called by the parser, once per error.
 */
#ifndef ACT_SYNTAX_SYNTAX_ERROR_H
#define ACT_SYNTAX_SYNTAX_ERROR_H

#include "compiler/syntax/build.h"

enum { SYNTAX_EXPECTED_MOST = 96 };

/* The names (bison's aliases) of the tokens that could have stood there. */
typedef struct {
    const char *names[SYNTAX_EXPECTED_MOST];
    unsigned count;
} SyntaxExpected;

void syntax_error_expect(SyntaxExpected *expected, const char *name);
/* Reports the error at token ps->error_at. */
void syntax_error_report(Parser *ps, const SyntaxExpected *expected);

#endif
