/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/front/lint_useless.c: clauses that nothing can come to. */
#include "compiler/front/lint_state.h"

void lint_useless_function(Lint *l, const AstNode *function)
{
    (void)l;
    (void)function;
}
