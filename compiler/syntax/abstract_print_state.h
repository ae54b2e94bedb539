/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/syntax/abstract_print_state.h: what abstract_print.c and abstract_print_form.c share. */
#ifndef ACT_SYNTAX_ABSTRACT_PRINT_STATE_H
#define ACT_SYNTAX_ABSTRACT_PRINT_STATE_H

#include "compiler/syntax/abstract_print.h"

typedef struct {
    FILE *out;
    const SourceSet *sources;
    Arena arena;
} AbstractPrint;

void abstract_text(AbstractPrint *o, const char *text);
void abstract_atom(AbstractPrint *o, const Name *name);
void abstract_open(AbstractPrint *o, const char *tag, const AstNode *n);
void abstract_list(AbstractPrint *o, AstList items);
/* What a leaf says, without its kind and place. */
void abstract_leaf(AbstractPrint *o, const AstNode *n);
void abstract_node(AbstractPrint *o, const AstNode *n);
unsigned abstract_line(const AbstractPrint *o, SourceSpan span);
void abstract_separated(AbstractPrint *o, AstList list);
void abstract_type_or_form(AbstractPrint *o, const AstNode *n);

#endif
