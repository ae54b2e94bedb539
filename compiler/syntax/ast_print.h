/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/syntax/ast_print.h: trees back to Erlang text, for --dump=ast and for messages that show
 * an expression. What is printed parses to the same tree (places aside). */
#ifndef ACT_SYNTAX_AST_PRINT_H
#define ACT_SYNTAX_AST_PRINT_H

#include "compiler/syntax/ast.h"
#include "vm/base/vec.h"

typedef VEC(char) AstText;

/* Appends the node, expressions on one line, clauses and forms on several. */
void ast_print_node(AstText *text, const AstNode *node);
/* Appends all forms, each ended by a dot and an empty line. */
void ast_print_forms(AstText *text, AstList forms);
/* The node on one line, at most limit bytes (then cut with "..."), in arena. */
const char *ast_print_short(Arena *arena, const AstNode *node, size_t limit);

#endif
