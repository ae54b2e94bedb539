/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/syntax/ast_print_state.h: what ast_print.c and ast_print_form.c share. */
#ifndef ACT_SYNTAX_AST_PRINT_STATE_H
#define ACT_SYNTAX_AST_PRINT_STATE_H

#include "compiler/syntax/ast_print.h"
#include "compiler/syntax/term_text.h"

typedef struct {
    AstText *out;
    Arena *arena; /* scratch */
    int indent;
    bool one_line;
} Print;

void print_text(Print *p, const char *text);
void print_line(Print *p);
void print_list(Print *p, AstList list, const char *separator);
void print_node(Print *p, const AstNode *node);
void print_function_clauses(Print *p, const AstNode *name, AstList list);
void print_type_or_form(Print *p, const AstNode *node);

#endif
