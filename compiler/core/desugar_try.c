/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/core/desugar_try.c: try, catch, maybe. Nothing bound in them is seen after them. */
#include "compiler/core/desugar.h"
#include <string.h>

static CoreNode *case_on(Desugar *b, CoreLine line, CoreVar var)
{
    CoreNode *choice = core_new(b->arena, CORE_CASE, line);
    choice->choice.subjects = core_list_new(b->arena, 1);
    choice->choice.subjects.items[0] = desugar_use(b, line, var);
    return choice;
}

/* Clauses of one or two patterns, nothing exported. */
static void desugar_clauses(Desugar *b, CoreNode *choice, AstList clauses)
{
    choice->choice.clauses.items = ARENA_ARRAY(b->arena, CoreClause, clauses.count + 1);
    choice->choice.clauses.count = clauses.count;
    for (uint32_t i = 0; i < clauses.count; i++) {
        const AstNode *node = clauses.items[i];
        CoreClause *clause = &choice->choice.clauses.items[i];
        uint32_t mark = desugar_mark(b);
        clause->line = desugar_line(b, node->span);
        clause->patterns = ARENA_ARRAY(b->arena, CorePattern *, 2);
        clause->patterns[0] = desugar_pattern(b, node->clause.patterns.items[0], false, 0);
        clause->tests = desugar_take_tests(b);
        desugar_guards(b, clause, node->clause.guards);
        clause->body = desugar_body(b, node->clause.body);
        desugar_undo(b, mark);
    }
}

/* The body of a catch clause, with the stack trace bound first if it has a name. */
static CoreNode *handler_body(Desugar *b, const AstNode *node, const AstNode *stack, CoreVar raw)
{
    if (stack == NULL || stack->kind != AST_VAR || ast_is_underscore(stack)) {
        return desugar_body(b, node->clause.body);
    }
    CoreLine line = desugar_line(b, stack->span);
    CoreNode *let = core_new(b->arena, CORE_LET, line);
    CoreNode *trace = core_new(b->arena, CORE_STACKTRACE, line);
    trace->one = desugar_use(b, line, raw);
    let->let.value = trace;
    let->let.var = desugar_var_new(b);
    desugar_bind(b, stack->name, let->let.var);
    CoreNode *block = core_new(b->arena, CORE_BLOCK, line);
    block->items = core_list_new(b->arena, 2);
    block->items.items[0] = let;
    block->items.items[1] = desugar_body(b, node->clause.body);
    return block;
}

static void desugar_catch_clause(Desugar *b, CoreClause *clause, const AstNode *node, CoreVar raw)
{
    AstNode **parts = node->clause.patterns.items;
    uint32_t mark = desugar_mark(b);
    clause->line = desugar_line(b, node->span);
    clause->patterns = ARENA_ARRAY(b->arena, CorePattern *, 2);
    clause->patterns[0] = desugar_pattern(b, parts[0], false, 0);
    clause->patterns[1] = desugar_pattern(b, parts[1], false, 0);
    clause->tests = desugar_take_tests(b);
    desugar_guards(b, clause, node->clause.guards);
    clause->body = handler_body(b, node, parts[2], raw);
    desugar_undo(b, mark);
}

static CoreNode *desugar_handler(Desugar *b, CoreNode *try_, AstList catches)
{
    CoreNode *choice = core_new(b->arena, CORE_CASE, try_->line);
    choice->choice.subjects = core_list_new(b->arena, 2);
    choice->choice.subjects.items[0] = desugar_use(b, try_->line, try_->try_.class);
    choice->choice.subjects.items[1] = desugar_use(b, try_->line, try_->try_.reason);
    choice->choice.otherwise = CORE_ELSE_RAISE;
    choice->choice.raw = try_->try_.raw;
    b->scope->uses.items[try_->try_.raw]++;
    choice->choice.clauses.items = ARENA_ARRAY(b->arena, CoreClause, catches.count + 1);
    choice->choice.clauses.count = catches.count;
    for (uint32_t i = 0; i < catches.count; i++) {
        desugar_catch_clause(b, &choice->choice.clauses.items[i], catches.items[i], try_->try_.raw);
    }
    return choice;
}

static CoreNode *try_new(Desugar *b, CoreLine line)
{
    CoreNode *try_ = core_new(b->arena, CORE_TRY, line);
    try_->try_.var = desugar_var_new(b);
    try_->try_.class = desugar_var_new(b);
    try_->try_.reason = desugar_var_new(b);
    try_->try_.raw = desugar_var_new(b);
    return try_;
}

/* try body [of clauses] catch catches end */
static CoreNode *desugar_protected(Desugar *b, const AstNode *node, CoreLine line)
{
    uint32_t mark = desugar_mark(b);
    CoreNode *try_ = try_new(b, line);
    try_->try_.body = desugar_body(b, node->try_.body);
    if (node->try_.clauses.count == 0) {
        try_->try_.ok = desugar_use(b, line, try_->try_.var);
    } else {
        CoreNode *choice = case_on(b, line, try_->try_.var);
        choice->choice.fail = BC_FAIL_TRY_CLAUSE;
        desugar_clauses(b, choice, node->try_.clauses);
        try_->try_.ok = choice;
    }
    desugar_undo(b, mark);
    try_->try_.handler = desugar_handler(b, try_, node->try_.catches);
    return try_;
}

CoreNode *desugar_try(Desugar *b, const AstNode *node)
{
    CoreLine line = desugar_line(b, node->span);
    uint32_t mark = desugar_mark(b);
    CoreNode *inner;
    if (node->try_.catches.count == 0 && node->try_.clauses.count == 0) {
        inner = desugar_body(b, node->try_.body);
        desugar_undo(b, mark);
    } else {
        inner = desugar_protected(b, node, line);
    }
    if (node->try_.after_body.count == 0) {
        return inner;
    }
    CoreNode *after = core_new(b->arena, CORE_AFTER, line);
    after->after.body = inner;
    after->after.after = desugar_body(b, node->try_.after_body);
    desugar_undo(b, mark);
    return after;
}

static CorePattern *atom_pattern(Desugar *b, const char *text)
{
    CorePattern *pattern = core_pattern_new(b->arena, CORE_P_LITERAL);
    pattern->konst = desugar_atom_text(b, text);
    return pattern;
}

static void caught(Desugar *b, CoreClause *clause, CorePattern *pattern, CoreNode *body)
{
    clause->patterns = ARENA_ARRAY(b->arena, CorePattern *, 1);
    clause->patterns[0] = pattern;
    clause->body = body;
}

static CoreNode *exit_tuple(Desugar *b, CoreLine line, CoreNode *value)
{
    CoreList items = core_list_new(b->arena, 2);
    items.items[0] = core_literal(b->arena, line, desugar_atom_text(b, "EXIT"));
    items.items[1] = value;
    return desugar_tuple(b, line, items);
}

/* throw: the value; exit: {'EXIT', Reason}; error: {'EXIT', {Reason, Stack}} */
CoreNode *desugar_catch(Desugar *b, const AstNode *node)
{
    CoreLine line = desugar_line(b, node->span);
    uint32_t mark = desugar_mark(b);
    CoreNode *try_ = try_new(b, line);
    try_->try_.body = desugar_expr(b, node->one);
    desugar_undo(b, mark);
    try_->try_.ok = desugar_use(b, line, try_->try_.var);
    CoreNode *choice = case_on(b, line, try_->try_.class);
    choice->choice.fail = BC_FAIL_CASE_CLAUSE;
    choice->choice.clauses.items = ARENA_ARRAY(b->arena, CoreClause, 3);
    choice->choice.clauses.count = 3;
    CoreClause *clauses = choice->choice.clauses.items;
    caught(b, &clauses[0], atom_pattern(b, "throw"), desugar_use(b, line, try_->try_.reason));
    caught(b, &clauses[1], atom_pattern(b, "exit"),
           exit_tuple(b, line, desugar_use(b, line, try_->try_.reason)));
    CoreNode *trace = core_new(b->arena, CORE_STACKTRACE, line);
    trace->one = desugar_use(b, line, try_->try_.raw);
    CoreList both = core_list_new(b->arena, 2);
    both.items[0] = desugar_use(b, line, try_->try_.reason);
    both.items[1] = trace;
    caught(b, &clauses[2], core_pattern_new(b->arena, CORE_P_ANY),
           exit_tuple(b, line, desugar_tuple(b, line, both)));
    try_->try_.handler = choice;
    return try_;
}

CoreNode *desugar_maybe_match(Desugar *b, const AstNode *node)
{
    CoreNode *match = core_new(b->arena, CORE_MATCH, desugar_line(b, node->span));
    match->match.value = desugar_expr(b, node->pair.right);
    match->match.pattern = desugar_pattern(b, node->pair.left, false, 0);
    match->match.tests = desugar_take_tests(b);
    match->match.maybe = true;
    return match;
}

CoreNode *desugar_maybe(Desugar *b, const AstNode *node)
{
    CoreLine line = desugar_line(b, node->span);
    uint32_t mark = desugar_mark(b);
    CoreNode *maybe = core_new(b->arena, CORE_MAYBE, line);
    maybe->maybe.body = desugar_body(b, node->maybe.body);
    desugar_undo(b, mark);
    maybe->maybe.var = desugar_var_new(b);
    if (node->maybe.else_clauses.count > 0) {
        CoreNode *choice = case_on(b, line, maybe->maybe.var);
        choice->choice.fail = BC_FAIL_ELSE_CLAUSE;
        desugar_clauses(b, choice, node->maybe.else_clauses);
        maybe->maybe.otherwise = choice;
    }
    return maybe;
}
