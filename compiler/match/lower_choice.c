/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/match/lower_choice.c: case, match, maybe and receive: subjects, then match_tree.c, then
 * the bodies, then the place where they meet. */
#include "compiler/match/lower.h"
#include <string.h>

/* Bodies one after the other, each from its own place. */
static void lower_bodies(Lower *l, CoreClauses clauses, const MatchBody *bodies, LowerJoin *join,
                         LowerMode mode, uint32_t exports, bool accept)
{
    for (uint32_t i = 0; i < clauses.count; i++) {
        const CoreClause *clause = &clauses.items[i];
        match_enter(l, &bodies[i]);
        if (l->block != NULL && accept) {
            lower_instr(l, SSA_recv_accept, NULL, 0, clause->line);
        }
        SsaArg value = lower_expr(l, clause->body, mode);
        lower_finish(l, join, mode, value, clause->exports, exports);
    }
}

static void lower_otherwise(Lower *l, const CoreNode *node, const SsaArg *subjects)
{
    SsaArg args[3];
    switch (node->choice.otherwise) {
    case CORE_ELSE_FAIL:
        lower_fail(l, node->choice.fail,
                   node->choice.subjects.count == 0 ? lower_nil(l) : subjects[0], node->line);
        break;
    case CORE_ELSE_FUNCTION_CLAUSE: {
        uint32_t count = l->function->arity;
        SsaArg *all = lower_args(l, count);
        for (uint32_t i = 0; i < count; i++) {
            all[i] = l->env[l->function->params[i]];
        }
        l->block->likely_failure = true;
        lower_end(l, SSA_T_FUNCTION_CLAUSE, all, count, NULL, 0, l->function->line);
        break;
    }
    case CORE_ELSE_RAISE:
        args[0] = subjects[0];
        args[1] = subjects[1];
        args[2] = l->env[node->choice.raw];
        lower_end(l, SSA_T_RAISE, args, 3, NULL, 0, node->line);
        break;
    }
}

static bool is_atom(const CorePattern *pattern, const char *text)
{
    return pattern->kind == CORE_P_LITERAL && pattern->konst->kind == KONST_ATOM &&
           strcmp(pattern->konst->text, text) == 0;
}

/* case BOOLEAN of true -> A; false -> B end, in any order, `_` for either; with both named, of
 * `not` too. */
static bool is_boolean_case(const CoreNode *node)
{
    if (node->choice.subjects.count != 1 || node->choice.clauses.count != 2) {
        return false;
    }
    const CoreClause *clauses = node->choice.clauses.items;
    const CorePattern *second = clauses[1].patterns[0];
    bool first_true = is_atom(clauses[0].patterns[0], "true");
    bool first_false = is_atom(clauses[0].patterns[0], "false");
    bool both =
        (first_true && is_atom(second, "false")) || (first_false && is_atom(second, "true"));
    bool all = both || ((first_true || first_false) && second->kind == CORE_P_ANY);
    const CoreNode *subject = node->choice.subjects.items[0];
    return clauses[0].guard_count == 0 && clauses[1].guard_count == 0 &&
           ((all && lower_is_boolean(subject)) || (both && lower_is_negation(subject)));
}

static SsaArg boolean_case(Lower *l, const CoreNode *node, LowerMode mode)
{
    const CoreClause *clauses = node->choice.clauses.items;
    bool first_true = is_atom(clauses[0].patterns[0], "true");
    SsaBlock *blocks[2] = {lower_block(l, 0), lower_block(l, 0)};
    lower_cond(l, node->choice.subjects.items[0], blocks[!first_true]->id, blocks[first_true]->id);
    LowerJoin join = lower_join_new(mode, node->choice.exports.count);
    for (uint32_t i = 0; i < 2; i++) {
        l->block = blocks[i];
        SsaArg value = lower_expr(l, clauses[i].body, mode);
        lower_finish(l, &join, mode, value, clauses[i].exports, node->choice.exports.count);
    }
    return lower_continue(l, &join, mode, node->choice.exports);
}

/* A tuple that is built only to be taken apart: `case {A, B} of {P, Q} -> …`. */
static bool is_tuple_case(const CoreNode *node)
{
    if (node->choice.subjects.count != 1 || node->choice.otherwise != CORE_ELSE_FAIL ||
        node->choice.subjects.items[0]->kind != CORE_TUPLE) {
        return false;
    }
    uint32_t size = node->choice.subjects.items[0]->items.count;
    for (uint32_t i = 0; i < node->choice.clauses.count; i++) {
        const CorePattern *pattern = node->choice.clauses.items[i].patterns[0];
        if (pattern->kind != CORE_P_ANY &&
            (pattern->kind != CORE_P_TUPLE || pattern->list.count != size)) {
            return false;
        }
    }
    return true;
}

/* The clauses as clauses over the tuple's elements. */
static CoreClause *element_clauses(Lower *l, const CoreNode *node, uint32_t size)
{
    uint32_t count = node->choice.clauses.count;
    CoreClause *clauses = ARENA_ARRAY(l->scratch, CoreClause, count + 1);
    for (uint32_t i = 0; i < count; i++) {
        clauses[i] = node->choice.clauses.items[i];
        const CorePattern *pattern = clauses[i].patterns[0];
        if (pattern->kind == CORE_P_TUPLE) {
            clauses[i].patterns = pattern->list.items;
            continue;
        }
        clauses[i].patterns = ARENA_ARRAY(l->scratch, CorePattern *, size);
        for (uint32_t k = 0; k < size; k++) {
            clauses[i].patterns[k] = core_pattern_new(l->scratch, CORE_P_ANY);
        }
    }
    return clauses;
}

static SsaArg *lower_subjects(Lower *l, CoreList subjects)
{
    SsaArg *args = lower_args(l, subjects.count);
    for (uint32_t i = 0; i < subjects.count; i++) {
        args[i] = lower_value(l, subjects.items[i]);
    }
    if (l->block == NULL) {
        return args;
    }
    for (uint32_t i = 0; i < subjects.count; i++) {
        args[i] = lower_register(l, args[i]);
    }
    return args;
}

static SsaArg tuple_case(Lower *l, const CoreNode *node, LowerMode mode)
{
    CoreList elements = node->choice.subjects.items[0]->items;
    SsaArg *args = lower_subjects(l, elements);
    if (l->block == NULL) {
        return lower_nil(l);
    }
    SsaBlock *fail = lower_block(l, 0);
    CoreClause *clauses = element_clauses(l, node, elements.count);
    MatchBody *bodies =
        match_clauses(l, args, elements.count, clauses, node->choice.clauses.count, fail->id);
    l->block = fail;
    SsaArg value = lower_emit(l, SSA_tuple, args, elements.count, node->line);
    lower_otherwise(l, node, &value);
    LowerJoin join = lower_join_new(mode, node->choice.exports.count);
    lower_bodies(l, node->choice.clauses, bodies, &join, mode, node->choice.exports.count, false);
    return lower_continue(l, &join, mode, node->choice.exports);
}

SsaArg lower_case(Lower *l, const CoreNode *node, LowerMode mode)
{
    if (is_boolean_case(node)) {
        return boolean_case(l, node, mode);
    }
    if (is_tuple_case(node)) {
        return tuple_case(l, node, mode);
    }
    CoreList list = node->choice.subjects;
    SsaArg *subjects = lower_subjects(l, list);
    if (l->block == NULL) {
        return lower_nil(l);
    }
    SsaBlock *fail = lower_block(l, 0);
    MatchBody *bodies = match_clauses(l, subjects, list.count, node->choice.clauses.items,
                                      node->choice.clauses.count, fail->id);
    l->block = fail;
    lower_otherwise(l, node, subjects);
    LowerJoin join = lower_join_new(mode, node->choice.exports.count);
    lower_bodies(l, node->choice.clauses, bodies, &join, mode, node->choice.exports.count, false);
    return lower_continue(l, &join, mode, node->choice.exports);
}

SsaArg lower_match(Lower *l, const CoreNode *node)
{
    SsaArg value = lower_value(l, node->match.value);
    if (l->block == NULL) {
        return value;
    }
    SsaArg subject = lower_register(l, value);
    CorePattern *pattern = node->match.pattern;
    CoreClause clause = {.patterns = &pattern, .tests = node->match.tests, .line = node->line};
    SsaBlock *fail = lower_block(l, 0);
    MatchBody *body = match_clauses(l, &subject, 1, &clause, 1, fail->id);
    l->block = fail;
    if (node->match.maybe) {
        lower_exit(l, l->maybe, &subject);
    } else {
        lower_fail(l, node->match.fail, value, node->line);
    }
    match_enter(l, body);
    return value;
}

SsaArg lower_maybe(Lower *l, const CoreNode *node, LowerMode mode)
{
    LowerJoin failed = {.arg_count = 1};
    LowerJoin *outer = l->maybe;
    LowerJoin join = lower_join_new(mode, 0);
    l->maybe = &failed;
    SsaArg value = lower_expr(l, node->maybe.body, mode);
    l->maybe = outer;
    lower_finish(l, &join, mode, value, NULL, 0);
    SsaArg mismatch;
    lower_join(l, &failed, &mismatch);
    if (l->block != NULL) {
        l->env[node->maybe.var] = mismatch;
        value = node->maybe.otherwise == NULL ? lower_result(l, mismatch, mode)
                                              : lower_expr(l, node->maybe.otherwise, mode);
        lower_finish(l, &join, mode, value, NULL, 0);
    }
    return lower_continue(l, &join, mode, (CoreVars){0});
}

static bool is_infinity(SsaArg arg)
{
    return arg.konst != NULL && arg.konst->kind == KONST_ATOM &&
           strcmp(arg.konst->text, "infinity") == 0;
}

SsaArg lower_receive(Lower *l, const CoreNode *node, LowerMode mode)
{
    SsaArg timeout = lower_nil(l);
    bool timed = node->receive.timeout != NULL;
    if (timed) {
        timeout = lower_value(l, node->receive.timeout);
        if (l->block == NULL) {
            return timeout;
        }
        timed = !is_infinity(timeout);
    }
    CoreLine line = l->last_line;
    SsaBlock *peek = lower_block(l, 0);
    SsaBlock *got = lower_block(l, 0);
    SsaBlock *none = lower_block(l, 0);
    SsaBlock *next = lower_block(l, 0);
    lower_jump(l, peek->id);
    SsaEdge to_peek = ssa_edge(l->ssa, peek->id, NULL, 0);
    SsaEdge edges[2] = {ssa_edge(l->ssa, got->id, NULL, 0), ssa_edge(l->ssa, none->id, NULL, 0)};
    l->block = peek;
    SsaValue message = ssa_value_new(l->f);
    lower_end(l, SSA_T_RECV_PEEK, NULL, 0, edges, 2, line)->result = message;
    l->block = next;
    lower_end(l, SSA_T_RECV_NEXT, NULL, 0, &to_peek, 1, line);
    l->block = got;
    SsaArg subject = ssa_use(message);
    CoreClauses clauses = node->receive.clauses;
    MatchBody *bodies = match_clauses(l, &subject, 1, clauses.items, clauses.count, next->id);
    LowerJoin join = lower_join_new(mode, node->receive.exports.count);
    lower_bodies(l, clauses, bodies, &join, mode, node->receive.exports.count, true);
    l->block = none;
    if (timed) {
        SsaBlock *late = lower_block(l, 0);
        SsaEdge wait[2] = {to_peek, ssa_edge(l->ssa, late->id, NULL, 0)};
        lower_end(l, SSA_T_RECV_WAIT_UNTIL, &timeout, 1, wait, 2, line);
        l->block = late;
        SsaArg value = lower_expr(l, node->receive.body, mode);
        lower_finish(l, &join, mode, value, node->receive.body_exports,
                     node->receive.exports.count);
    } else {
        lower_end(l, SSA_T_RECV_WAIT, NULL, 0, &to_peek, 1, line);
    }
    return lower_continue(l, &join, mode, node->receive.exports);
}
