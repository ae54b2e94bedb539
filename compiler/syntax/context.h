/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/syntax/context.h: what every stage of the front works with. One per compilation. */
#ifndef ACT_SYNTAX_CONTEXT_H
#define ACT_SYNTAX_CONTEXT_H

#include "compiler/source/diag.h"
#include "compiler/syntax/name.h"

typedef struct {
    Arena arena; /* tokens and trees */
    NameTable names;
    SourceSet sources;
    Diags diags;
} SyntaxContext;

/* Makes an empty context in place; it must not be moved afterwards. */
void syntax_context_init(SyntaxContext *cx);
/* Gives back everything that was made with it. */
void syntax_context_free(SyntaxContext *cx);

#endif
