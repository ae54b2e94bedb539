/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/syntax/build.h: what the grammar's actions call: each makes one node and sees to it that
 * no tree grows higher than AST_MAX_DEPTH (then an ERROR node takes its place, reported once a
 * form). */
#ifndef ACT_SYNTAX_BUILD_H
#define ACT_SYNTAX_BUILD_H

#include "compiler/syntax/context.h"
#include "compiler/syntax/token.h"

typedef struct Parser {
    SyntaxContext *cx;
    Arena *arena;
    Token *tokens;
    size_t count;
    size_t next;   /* index of the token that the parser asks for next */
    int start;     /* T_START_..., given before the first token; 0 once given */
    AstNode *form; /* results */
    AstList exprs;
    bool failed; /* something was reported: the form is not to be used */
    bool too_deep;
    size_t error_at; /* index of the token of the last syntax error; count: there was none left */
    bool silent;     /* syntax errors are not put into words: the caller looks at error_at */
} Parser;

/* A list that grows at its end: a ring of cells, of which it knows the last. */
typedef struct AstCell {
    AstNode *node;
    struct AstCell *next;
} AstCell;

typedef struct {
    AstCell *last;
    uint32_t count;
} AstBuilder;

/* Clauses that share a name (functions, named funs) and are checked against the first. */
typedef struct {
    AstNode *name; /* ATOM, VAR or NULL */
    AstNode *clause;
} NamedClause;

typedef struct {
    NamedClause first;
    AstBuilder list;
} NamedClauses;

/* Finishes a node: every one passes through here, which computes and limits its depth. */
AstNode *build_done(Parser *ps, AstNode *node);

AstBuilder build_first(Parser *ps, AstNode *node);
AstBuilder build_more(Parser *ps, AstBuilder list, AstNode *node);
AstBuilder build_prepend(Parser *ps, AstNode *node, AstBuilder list);
AstList build_list(Parser *ps, AstBuilder list);
AstList build_list_1(Parser *ps, AstNode *node);

AstNode *build_leaf(Parser *ps, const Token *token);
AstNode *build_strings(Parser *ps, SourceSpan span, AstBuilder strings);
AstNode *build_pair(Parser *ps, AstKind kind, SourceSpan span, AstNode *left, AstNode *right);
/* As build_pair; op_span is where the sign between them stands. */
AstNode *build_pair_at(Parser *ps, AstKind kind, SourceSpan span, AstNode *left, SourceSpan op_span,
                       AstNode *right);
AstNode *build_items(Parser *ps, AstKind kind, SourceSpan span, AstList items);
AstNode *build_one(Parser *ps, AstKind kind, SourceSpan span, AstNode *child);
/* close is the bracket at its end. */
AstNode *build_cons(Parser *ps, SourceSpan span, AstList items, AstNode *tail, SourceSpan close);
AstNode *build_unary(Parser *ps, SourceSpan span, const Token *op, AstNode *operand);
AstNode *build_binary(Parser *ps, SourceSpan span, AstNode *left, const Token *op, AstNode *right);
AstNode *build_bin_element(Parser *ps, SourceSpan span, AstNode *value, AstNode *size,
                           AstBuilder types);
AstNode *build_bin_type(Parser *ps, SourceSpan span, const Token *name, const Token *unit);
/* hash is the `#` of maps and records. */
AstNode *build_map(Parser *ps, SourceSpan span, AstNode *base, AstList fields, SourceSpan hash);
AstNode *build_record(Parser *ps, SourceSpan span, AstNode *base, AstNode *name, AstList fields,
                      SourceSpan hash);
AstNode *build_record_field(Parser *ps, SourceSpan span, AstNode *base, AstNode *name,
                            AstNode *field, SourceSpan hash);
AstNode *build_case(Parser *ps, SourceSpan span, AstNode *subject, AstList clauses);
AstNode *build_receive(Parser *ps, SourceSpan span, AstList clauses, AstNode *timeout,
                       AstList after_body);
/* The part behind try's body: the caller fills body and clauses, and the span. */
AstNode *build_try(Parser *ps, SourceSpan span, AstList catches, AstList after_body);
AstNode *build_try_finish(Parser *ps, SourceSpan span, AstNode *rest, AstList body,
                          AstList clauses);
AstNode *build_maybe(Parser *ps, SourceSpan span, AstList body, AstList else_clauses,
                     SourceSpan else_span);
AstNode *build_call(Parser *ps, SourceSpan span, AstNode *target, AstList args);
AstNode *build_name_arity(Parser *ps, AstKind kind, SourceSpan span, AstNode *name,
                          const Token *arity);
AstNode *build_fun_remote(Parser *ps, SourceSpan span, AstNode *module, AstNode *function,
                          AstNode *arity);
AstNode *build_fun(Parser *ps, SourceSpan span, NamedClauses clauses);
AstNode *build_comprehension(Parser *ps, AstKind kind, SourceSpan span, AstNode *element,
                             AstList qualifiers);
AstNode *build_generate(Parser *ps, AstKind kind, SourceSpan span, AstNode *left,
                        const Token *arrow, AstNode *right);
AstNode *build_clause(Parser *ps, SourceSpan span, AstList patterns, AstList guards, AstList body);
AstNode *build_catch_clause(Parser *ps, SourceSpan span, AstNode *class, AstNode *reason,
                            AstNode *stack, AstList guards, AstList body);
NamedClauses build_named_first(Parser *ps, NamedClause clause);
NamedClauses build_named_more(Parser *ps, NamedClauses clauses, NamedClause clause, bool fun);
AstNode *build_function(Parser *ps, SourceSpan span, NamedClauses clauses);

/* Types */
AstNode *build_type_named(Parser *ps, SourceSpan span, AstNode *name, AstList args);
AstNode *build_type_call(Parser *ps, SourceSpan span, const char *name, AstList args);
AstNode *build_type_remote(Parser *ps, SourceSpan span, AstNode *module, AstNode *name,
                           AstList args);
AstNode *build_type_union(Parser *ps, SourceSpan span, AstNode *left, AstNode *right);
AstNode *build_type_items(Parser *ps, AstKind kind, SourceSpan span, AstList items);
AstNode *build_type_record(Parser *ps, SourceSpan span, AstNode *name, AstList fields);
AstNode *build_type_fun(Parser *ps, SourceSpan span, bool any, bool any_args, AstList args,
                        AstNode *result);
AstNode *build_type_bounded(Parser *ps, SourceSpan span, AstNode *fun, AstList constraints);
AstNode *build_type_is_subtype(Parser *ps, SourceSpan span, AstNode *name, AstList args);
/* <<_:left, _:_*right>> from its one or two elements, each a pair of VAR and what follows ':'. */
AstNode *build_type_binary(Parser *ps, SourceSpan span, AstNode *first, AstNode *second);

/* Attributes (attribute.c) */
AstNode *attribute_build(Parser *ps, SourceSpan span, AstNode *name, AstList args);
AstNode *attribute_record(Parser *ps, SourceSpan span, AstNode *name, AstList fields);
AstNode *attribute_record_def(Parser *ps, SourceSpan span, AstNode *field, AstNode *type);
AstNode *attribute_type(Parser *ps, SourceSpan span, AstNode *name, AstList params, AstNode *type);
AstNode *attribute_spec(Parser *ps, SourceSpan span, AstNode *module, AstNode *name,
                        AstList signatures);

#endif
