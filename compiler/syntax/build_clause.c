/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/syntax/build_clause.c: clauses, and what is made of several that share a name. */
#include "compiler/syntax/build.h"
#include "compiler/syntax/term_text.h"

AstNode *build_clause(Parser *ps, SourceSpan span, AstList patterns, AstList guards, AstList body)
{
    AstNode *node = ast_new(ps->arena, AST_CLAUSE, span);
    node->clause.patterns = patterns;
    node->clause.guards = guards;
    node->clause.body = body;
    return build_done(ps, node);
}

AstNode *build_catch_clause(Parser *ps, SourceSpan span, AstNode *class, AstNode *reason,
                            AstNode *stack, AstList guards, AstList body)
{
    AstNode **parts = ARENA_ARRAY(ps->arena, AstNode *, 3);
    NameTable *names = &ps->cx->names;
    parts[0] =
        class != NULL ? class : ast_atom(ps->arena, reason->span, name_intern_text(names, "throw"));
    parts[1] = reason;
    parts[2] =
        stack != NULL ? stack : ast_var(ps->arena, reason->span, name_intern_text(names, "_"));
    return build_clause(ps, span, (AstList){parts, 3}, guards, body);
}

NamedClauses build_named_first(Parser *ps, NamedClause clause)
{
    return (NamedClauses){clause, build_first(ps, clause.clause)};
}

static bool same_name(const AstNode *a, const AstNode *b)
{
    return a == NULL || b == NULL ? a == b : a->name == b->name;
}

static void report_mismatch(Parser *ps, NamedClause first, NamedClause clause, bool fun)
{
    SourceSpan span = clause.name != NULL ? clause.name->span : clause.clause->span;
    uint32_t wanted = first.clause->clause.patterns.count;
    uint32_t found = clause.clause->clause.patterns.count;
    Diag *diag = fun ? diag_report(&ps->cx->diags, DIAG_E0033, span)
                     : diag_report(&ps->cx->diags, DIAG_E0026, span,
                                   term_text_atom(ps->arena, first.name->name), wanted,
                                   term_text_atom(ps->arena, clause.name->name), found);
    SourceSpan first_span = first.name != NULL ? first.name->span : first.clause->span;
    diag_note(&ps->cx->diags, diag, first_span, "the first clause is here");
    if (!fun) {
        diag_help(&ps->cx->diags, diag, SOURCE_NOWHERE,
                  "if this is another function, the clause before it must end with '.', not ';'");
    }
    ps->failed = true;
}

NamedClauses build_named_more(Parser *ps, NamedClauses clauses, NamedClause clause, bool fun)
{
    NamedClause first = clauses.first;
    if (!same_name(first.name, clause.name) ||
        first.clause->clause.patterns.count != clause.clause->clause.patterns.count) {
        report_mismatch(ps, first, clause, fun);
    }
    clauses.list = build_more(ps, clauses.list, clause.clause);
    return clauses;
}

AstNode *build_function(Parser *ps, SourceSpan span, NamedClauses clauses)
{
    AstNode *node = ast_new(ps->arena, AST_FUNCTION, span);
    node->function.name = clauses.first.name;
    node->function.arity = clauses.first.clause->clause.patterns.count;
    node->function.clauses = build_list(ps, clauses.list);
    if (clauses.first.clause->kind == AST_CLAUSE && node->function.arity > 255) {
        diag_report(&ps->cx->diags, DIAG_E0028, clauses.first.name->span);
        ps->failed = true;
    }
    return build_done(ps, node);
}

AstNode *build_fun(Parser *ps, SourceSpan span, NamedClauses clauses)
{
    AstNode *node = ast_new(ps->arena, AST_FUN, span);
    node->fun.var = clauses.first.name;
    node->fun.clauses = build_list(ps, clauses.list);
    if (clauses.first.clause->kind == AST_CLAUSE &&
        clauses.first.clause->clause.patterns.count > 255) {
        diag_report(&ps->cx->diags, DIAG_E0028, span);
        ps->failed = true;
    }
    return build_done(ps, node);
}
