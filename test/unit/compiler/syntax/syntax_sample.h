/* SPDX-License-Identifier: Apache-2.0 */
/* test/unit/compiler/syntax/syntax_sample.h: texts through the front end, for the tests here. */
#ifndef ACT_TEST_SYNTAX_SAMPLE_H
#define ACT_TEST_SYNTAX_SAMPLE_H

#include "compiler/front/parse_source.h"

/* What the forms are in Erlang's abstract format, or, with errors, their codes ("E0020 E0021"). The
 * caller frees it with free(). */
char *syntax_sample_abstract(const char *text);
/* The forms printed by ast_print. */
char *syntax_sample_print(const char *text);

#endif
