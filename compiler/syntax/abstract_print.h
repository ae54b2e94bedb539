/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/syntax/abstract_print.h: a module as Erlang's abstract format, as `erl` would write it
 * with ~w. For --dump=abstract and to compare our parser with Erlang's. */
#ifndef ACT_SYNTAX_ABSTRACT_PRINT_H
#define ACT_SYNTAX_ABSTRACT_PRINT_H

#include "compiler/syntax/ast.h"
#include <stdio.h>

/* One form a line, each ended by a dot. */
void abstract_print(FILE *out, const SourceSet *sources, AstList forms);

#endif
