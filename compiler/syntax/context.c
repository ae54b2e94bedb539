/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/syntax/context.c: see context.h. */
#include "compiler/syntax/context.h"
#include <string.h>

void syntax_context_init(SyntaxContext *cx)
{
    memset(cx, 0, sizeof(*cx));
    diag_init(&cx->diags, &cx->sources);
}

void syntax_context_free(SyntaxContext *cx)
{
    diag_free(&cx->diags);
    source_set_free(&cx->sources);
    name_table_free(&cx->names);
    arena_free(&cx->arena);
}
