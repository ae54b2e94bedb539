/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/core/desugar_comprehension.c: comprehensions become functions, one for each generator.
 *
 * [E || P <- L, F] is f(L), with
 *     f([P | T]) when F -> [E | f(T)];
 *     f([_ | T]) -> f(T);
 *     f([]) -> go on with the generator outside, or [].
 * This is what Erlang does, so that stack traces look the same. Those of a binary comprehension
 * have a second parameter, the binary so far. A map comprehension is one of pairs, then
 * maps:from_list.
 *
 * Free values of all these functions are known only when the whole comprehension is done: calls
 * among them wait in `pending` until then. */
#include "compiler/core/desugar.h"
#include <string.h>

typedef struct {
    Scope *scope;
    CoreVar tail; /* what is left of this generator's list */
    CoreLine line;
} Level;

typedef struct {
    Desugar *b;
    const AstNode *node;
    AstList qualifiers;
    VEC(Level) levels;
    uint32_t number; /* of the next generator */
    uint32_t pending_base;
    Closure closure;
    bool effect; /* a list comprehension whose value nobody wants: no list, and a loop */
} Comp;

static CoreNode *process(Comp *c, uint32_t at, CoreNode *acc);

static bool is_binary_comp(const Comp *c)
{
    return c->node->kind == AST_BIN_COMP;
}

static CoreNode *nil(Desugar *b, CoreLine line)
{
    return core_literal(b->arena, line, konst_nil(b->arena));
}

/* A call of a level's function from the current scope. */
static CoreNode *call_level(Comp *c, const Level *level, CoreNode *first, CoreNode *acc)
{
    Desugar *b = c->b;
    CoreNode *call = core_new(b->arena, CORE_CALL, level->line);
    call->call.callee = level->scope->index;
    call->call.args = core_list_new(b->arena, acc == NULL ? 1 : 2);
    call->call.args.items[0] = first;
    if (acc != NULL) {
        call->call.args.items[1] = acc;
    }
    PendingCall pending = {call, b->scope, level->scope};
    vec_push(&b->pending, pending);
    return call;
}

/* What comes after the current element of the depth-th generator (0: none, the end). */
static CoreNode *go_on(Comp *c, size_t depth, CoreNode *acc)
{
    Desugar *b = c->b;
    if (depth == 0) {
        return acc != NULL ? acc : nil(b, desugar_line(b, c->node->span));
    }
    const Level level = c->levels.items[depth - 1];
    CoreVar tail = level.tail;
    if (level.scope != b->scope) {
        tail = desugar_capture(b, b->scope, tail);
    }
    return call_level(c, &level, desugar_use(b, level.line, tail), acc);
}

/* <<Acc/bitstring, Element/bitstring>> */
static CoreNode *append_element(Comp *c, CoreNode *acc)
{
    Desugar *b = c->b;
    CoreNode *element = desugar_expr(b, c->node->comprehension.element);
    CoreNode *binary = core_new(b->arena, CORE_BINARY, element->line);
    uint32_t more = element->kind == CORE_BINARY ? element->binary.count : 1;
    CoreSegment *segments = ARENA_ARRAY(b->arena, CoreSegment, more + 1);
    CoreSegment all = {.spec = BC_SEG_BINARY | BC_SEG_ALL, .unit = 1, .number = 1};
    segments[0] = all;
    segments[0].value = acc;
    if (element->kind == CORE_BINARY) {
        memcpy(segments + 1, element->binary.items, more * sizeof(CoreSegment));
        for (uint32_t i = 1; i <= more; i++) {
            segments[i].number++;
        }
    } else {
        segments[1] = all;
        segments[1].number = 2;
        segments[1].value = element;
    }
    binary->binary.items = segments;
    binary->binary.count = more + 1;
    return binary;
}

static CoreNode *pair_element(Desugar *b, const AstNode *element)
{
    CoreLine line = desugar_line(b, element->span);
    CoreList items = core_list_new(b->arena, 2);
    items.items[0] = desugar_expr(b, element->pair.left);
    items.items[1] = desugar_expr(b, element->pair.right);
    return desugar_tuple(b, line, items);
}

static CoreNode *emit(Comp *c, CoreNode *acc)
{
    Desugar *b = c->b;
    size_t depth = c->levels.count;
    const AstNode *element = c->node->comprehension.element;
    if (is_binary_comp(c)) {
        return go_on(c, depth, append_element(c, acc));
    }
    CoreNode *value = c->node->kind == AST_MAP_COMP ? pair_element(b, element)
                      : c->effect                   ? desugar_effect(b, element)
                                                    : desugar_expr(b, element);
    if (c->effect) {
        CoreNode *block = core_new(b->arena, CORE_BLOCK, value->line);
        block->items = core_list_new(b->arena, 2);
        block->items.items[0] = value;
        block->items.items[1] = go_on(c, depth, NULL);
        return block;
    }
    CoreList items = core_list_new(b->arena, 1);
    items.items[0] = value;
    return desugar_cons(b, value->line, items, go_on(c, depth, NULL));
}

static void set_clause(Desugar *b, CoreClause *clause, CorePattern *pattern, CoreNode *body)
{
    if (pattern != NULL) {
        clause->patterns = ARENA_ARRAY(b->arena, CorePattern *, 1);
        clause->patterns[0] = pattern;
    }
    clause->line = body->line;
    clause->body = body;
}

static CoreNode *new_case(Desugar *b, CoreLine line, CoreNode *subject, uint32_t room)
{
    CoreNode *choice = core_new(b->arena, CORE_CASE, line);
    if (subject != NULL) {
        choice->choice.subjects = core_list_new(b->arena, 1);
        choice->choice.subjects.items[0] = subject;
    }
    choice->choice.clauses.items = ARENA_ARRAY(b->arena, CoreClause, room);
    return choice;
}

static CoreClause *add_clause(CoreNode *choice)
{
    return &choice->choice.clauses.items[choice->choice.clauses.count++];
}

static CorePattern *literal_pattern(Desugar *b, const Konst *konst)
{
    CorePattern *pattern = core_pattern_new(b->arena, CORE_P_LITERAL);
    pattern->konst = konst;
    return pattern;
}

static CorePattern *cons_pattern(Desugar *b, CorePattern *head, CoreVar tail)
{
    CorePattern *pattern = core_pattern_new(b->arena, CORE_P_LIST);
    pattern->list.items = ARENA_ARRAY(b->arena, CorePattern *, 1);
    pattern->list.items[0] = head;
    pattern->list.count = 1;
    pattern->list.tail = core_pattern_new(b->arena, CORE_P_VAR);
    pattern->list.tail->var = tail;
    return pattern;
}

/* The accumulator again: it is used once on each way. */
static CoreNode *again(Comp *c, CoreNode *acc)
{
    if (acc == NULL || acc->kind != CORE_VAR) {
        return acc;
    }
    return desugar_use(c->b, acc->line, acc->var);
}

static CoreNode *filter(Comp *c, uint32_t at, CoreNode *acc)
{
    Desugar *b = c->b;
    const AstNode *node = desugar_modern_test(b, c->qualifiers.items[at]);
    CoreLine line = desugar_line(b, node->span);
    uint32_t mark = desugar_mark(b);
    size_t depth = c->levels.count; /* process may push more */
    CoreNode *choice;
    if (desugar_is_guard(b, node)) {
        choice = new_case(b, line, NULL, 2);
        CoreClause *yes = add_clause(choice);
        b->guard = true;
        yes->guards = ARENA_ARRAY(b->arena, CoreList, 1);
        yes->guards[0] = core_list_new(b->arena, 1);
        yes->guards[0].items[0] = desugar_expr(b, node);
        yes->guard_count = 1;
        b->guard = false;
        set_clause(b, yes, NULL, process(c, at + 1, acc));
        set_clause(b, add_clause(choice), NULL, go_on(c, depth, again(c, acc)));
    } else {
        choice = new_case(b, line, desugar_expr(b, node), 2);
        set_clause(b, add_clause(choice), literal_pattern(b, desugar_atom_text(b, "true")),
                   process(c, at + 1, acc));
        set_clause(b, add_clause(choice), literal_pattern(b, desugar_atom_text(b, "false")),
                   go_on(c, depth, again(c, acc)));
    }
    choice->choice.fail = BC_FAIL_BAD_FILTER;
    desugar_undo(b, mark);
    return choice;
}

static const Konst *level_name(Comp *c, uint32_t arity)
{
    Desugar *b = c->b;
    const char *kind = c->node->kind == AST_LIST_COMP  ? "lc"
                       : c->node->kind == AST_BIN_COMP ? "lbc"
                                                       : "mc";
    const char *text = arena_printf(b->arena, "-%s/%u-%s$^%u/%u-%u-", b->function_name->text,
                                    b->function_arity, kind, c->number++, arity, b->lifted++);
    return konst_atom(b->arena, text, strlen(text));
}

static CorePattern *element_pattern(Desugar *b, const AstNode *generator, uint32_t mark)
{
    const AstNode *left = generator->pair.left;
    if (generator->kind != AST_MAP_GENERATE) {
        return desugar_pattern(b, left, true, mark);
    }
    CorePattern *pair = core_pattern_new(b->arena, CORE_P_TUPLE);
    pair->list.items = ARENA_ARRAY(b->arena, CorePattern *, 2);
    pair->list.count = 2;
    pair->list.items[0] = desugar_pattern(b, left->pair.left, true, mark);
    pair->list.items[1] = desugar_pattern(b, left->pair.right, true, mark);
    return pair;
}

/* Is the element taken whatever it is? */
static bool takes_all(const CoreClause *clause)
{
    const CorePattern *head = clause->patterns[0]->list.items[0];
    return clause->tests.count == 0 && (head->kind == CORE_P_VAR || head->kind == CORE_P_ANY);
}

/* The clauses of a generator over a list; depth counts this one. */
static void list_clauses(Comp *c, CoreNode *choice, uint32_t at, CoreNode *acc)
{
    Desugar *b = c->b;
    size_t depth = c->levels.count;
    uint32_t mark = desugar_mark(b);
    CoreClause *take = add_clause(choice);
    CorePattern *head = element_pattern(b, c->qualifiers.items[at], mark);
    take->tests = desugar_take_tests(b);
    CorePattern *pattern = cons_pattern(b, head, c->levels.items[depth - 1].tail);
    set_clause(b, take, pattern, process(c, at + 1, acc));
    desugar_undo(b, mark);
    if (!takes_all(take)) {
        CoreVar tail = desugar_var_new(b);
        Level level = c->levels.items[depth - 1];
        CoreNode *next = call_level(c, &level, desugar_use(b, level.line, tail), again(c, acc));
        set_clause(b, add_clause(choice),
                   cons_pattern(b, core_pattern_new(b->arena, CORE_P_ANY), tail), next);
    }
    set_clause(b, add_clause(choice), literal_pattern(b, konst_nil(b->arena)),
               go_on(c, depth - 1, again(c, acc)));
}

/* What is skipped: the same segments, with whatever values. */
static CorePattern *skipped(Desugar *b, const AstNode *node, uint32_t mark, CoreVar rest)
{
    CorePattern *pattern = desugar_binary_prefix(b, node, mark, rest);
    desugar_take_tests(b);
    for (uint32_t i = 0; i < pattern->binary.count; i++) {
        if (pattern->binary.items[i].pattern->kind == CORE_P_LITERAL) {
            pattern->binary.items[i].pattern = core_pattern_new(b->arena, CORE_P_ANY);
        }
    }
    return pattern;
}

static void binary_clauses(Comp *c, CoreNode *choice, uint32_t at, CoreNode *acc, CoreVar param)
{
    Desugar *b = c->b;
    size_t depth = c->levels.count;
    Level level = c->levels.items[depth - 1];
    const AstNode *left = c->qualifiers.items[at]->pair.left;
    uint32_t mark = desugar_mark(b);
    CoreClause *take = add_clause(choice);
    CorePattern *pattern = desugar_binary_prefix(b, left, mark, level.tail);
    take->tests = desugar_take_tests(b);
    set_clause(b, take, pattern, process(c, at + 1, acc));
    desugar_undo(b, mark);
    CoreVar tail = desugar_var_new(b);
    CorePattern *skip = skipped(b, left, mark, tail);
    desugar_undo(b, mark);
    CoreNode *next = call_level(c, &level, desugar_use(b, level.line, tail), again(c, acc));
    set_clause(b, add_clause(choice), skip, next);
    CoreClause *end = add_clause(choice);
    CoreNode *test = core_new(b->arena, CORE_TYPE_TEST, level.line);
    test->op.op = BC_is_bitstring;
    test->op.args[0] = desugar_use(b, level.line, param);
    test->op.count = 1;
    end->guards = ARENA_ARRAY(b->arena, CoreList, 1);
    end->guards[0] = core_list_new(b->arena, 1);
    end->guards[0].items[0] = test;
    end->guard_count = 1;
    set_clause(b, end, core_pattern_new(b->arena, CORE_P_ANY), go_on(c, depth - 1, again(c, acc)));
}

/* The list that a map generator goes through. */
static CoreNode *map_list(Desugar *b, CoreLine line, CoreNode *value)
{
    CoreNode *choice = new_case(b, line, value, 1);
    CorePattern *pattern = core_pattern_new(b->arena, CORE_P_ALL);
    pattern->list.items = ARENA_ARRAY(b->arena, CorePattern *, 2);
    pattern->list.count = 2;
    pattern->list.items[0] = core_pattern_new(b->arena, CORE_P_MAP);
    pattern->list.items[1] = core_pattern_new(b->arena, CORE_P_VAR);
    CoreVar var = pattern->list.items[1]->var = desugar_var_new(b);
    CoreList args = core_list_new(b->arena, 1);
    args.items[0] = desugar_use(b, line, var);
    CoreNode *call = desugar_call_erlang(b, line, "to_list", args);
    call->call.import.module = desugar_atom_text(b, "maps");
    set_clause(b, add_clause(choice), pattern, call);
    choice->choice.fail = BC_FAIL_BAD_GENERATOR;
    return choice;
}

static CoreNode *generator(Comp *c, uint32_t at, CoreNode *acc)
{
    Desugar *b = c->b;
    const AstNode *node = c->qualifiers.items[at];
    CoreLine line = desugar_line(b, node->span);
    uint32_t arity = acc == NULL ? 1 : 2;
    /* the final arity, free values included, is part of Erlang's name, but not known yet: Erlang
     * writes the arity without them */
    Scope *scope = desugar_scope_enter(b, level_name(c, arity), arity, line);
    scope->span = node->span;
    Level level = {scope, desugar_var_new(b), line};
    CoreVar param = scope->function->params[0];
    CoreNode *inner_acc = acc == NULL ? NULL : desugar_use(b, line, scope->function->params[1]);
    vec_push(&c->levels, level);
    CoreNode *choice = new_case(b, line, desugar_use(b, line, param), 3);
    choice->choice.fail = BC_FAIL_BAD_GENERATOR;
    if (node->kind == AST_BIN_GENERATE) {
        binary_clauses(c, choice, at, inner_acc, param);
    } else {
        list_clauses(c, choice, at, inner_acc);
    }
    scope->function->body = choice;
    desugar_scope_suspend(b);
    if (at == 0) {
        desugar_closure_leave(b, c->closure); /* what the first generator takes from is outside */
    }
    uint32_t mark = desugar_mark(b);
    CoreNode *value = desugar_expr(b, node->pair.right);
    desugar_undo(b, mark);
    if (node->kind == AST_MAP_GENERATE) {
        value = map_list(b, line, value);
    }
    return call_level(c, &level, value, acc);
}

/* The rest of the comprehension from qualifier `at` on, in the current scope. */
static CoreNode *process(Comp *c, uint32_t at, CoreNode *acc)
{
    if (at == c->qualifiers.count) {
        return emit(c, acc);
    }
    switch ((AstKind)c->qualifiers.items[at]->kind) {
    case AST_GENERATE:
    case AST_BIN_GENERATE:
    case AST_MAP_GENERATE:
        return generator(c, at, acc);
    default:
        return filter(c, at, acc);
    }
}

/* Now the free values of pending->to are known: passes them. */
static void complete_call(Desugar *b, const PendingCall *pending)
{
    Scope *to = pending->to;
    CoreList *args = &pending->call->call.args;
    CoreList all = core_list_new(b->arena, args->count + (uint32_t)to->captures.count);
    memcpy(all.items, args->items, args->count * sizeof(CoreNode *));
    for (size_t i = 0; i < to->captures.count; i++) {
        Capture capture = to->captures.items[i];
        CoreVar var = pending->from == to ? capture.inner
                      : pending->from == to->outer
                          ? capture.outer
                          : desugar_capture(b, pending->from, capture.inner);
        pending->from->uses.items[var]++;
        all.items[args->count + i] = core_var(b->arena, pending->call->line, var);
    }
    *args = all;
}

/* From the outermost in: a call outward may make the inner function capture more. */
static void finish(Comp *c)
{
    Desugar *b = c->b;
    for (size_t i = 0; i < c->levels.count; i++) {
        for (size_t k = c->pending_base; k < b->pending.count; k++) {
            if (b->pending.items[k].to == c->levels.items[i].scope) {
                complete_call(b, &b->pending.items[k]);
            }
        }
    }
    b->pending.count = c->pending_base;
    for (size_t i = c->levels.count; i-- > 0;) {
        desugar_scope_close(b, c->levels.items[i].scope);
        vec_free(&c->levels.items[i].scope->captures);
    }
    vec_free(&c->levels);
}

static CoreNode *comprehension(Desugar *b, const AstNode *node, bool effect)
{
    Comp comp = {.b = b,
                 .node = node,
                 .effect = effect && node->kind == AST_LIST_COMP,
                 .qualifiers = node->comprehension.qualifiers,
                 .number = desugar_number_of(b, node),
                 .pending_base = (uint32_t)b->pending.count};
    CoreLine line = desugar_line(b, node->span);
    CoreNode *acc = NULL;
    bool guard = b->guard;
    b->guard = false;
    if (node->kind == AST_BIN_COMP) {
        acc = core_literal(b->arena, line, konst_binary(b->arena, (const unsigned char *)"", 0));
    }
    uint32_t mark = desugar_mark(b);
    comp.closure = desugar_closure_enter(b, mark);
    CoreNode *result = process(&comp, 0, acc);
    desugar_undo(b, mark);
    desugar_closure_leave(b, comp.closure);
    finish(&comp);
    b->guard = guard;
    if (node->kind != AST_MAP_COMP) {
        return result;
    }
    CoreList args = core_list_new(b->arena, 1);
    args.items[0] = result;
    CoreNode *call = desugar_call_erlang(b, line, "from_list", args);
    call->call.import.module = desugar_atom_text(b, "maps");
    return call;
}

CoreNode *desugar_comprehension(Desugar *b, const AstNode *node)
{
    return comprehension(b, node, false);
}

/* Is its value that of the last expressions of its clauses or body? */
static bool hands_on(const AstNode *node)
{
    return node->kind == AST_CASE || node->kind == AST_IF || node->kind == AST_RECEIVE ||
           node->kind == AST_BLOCK;
}

CoreNode *desugar_effect(Desugar *b, const AstNode *node)
{
    if (node->kind == AST_MATCH && ast_is_underscore(node->pair.left)) {
        node = node->pair.right;
    }
    if (node->kind == AST_LIST_COMP) {
        return comprehension(b, node, true);
    }
    b->effect = hands_on(node);
    return desugar_expr(b, node);
}
