/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/match/lower_cond.c: conditions as control flow, without making true and false of them.
 */
#include "compiler/match/lower.h"
#include <string.h>

static bool is_literal_atom(const CoreNode *node, const char *text)
{
    return node->kind == CORE_LITERAL && node->konst->kind == KONST_ATOM &&
           strcmp(node->konst->text, text) == 0;
}

bool lower_is_boolean(const CoreNode *node)
{
    switch (node->kind) {
    case CORE_COMPARE:
    case CORE_TYPE_TEST:
    case CORE_RECORD_TEST:
        return true;
    case CORE_ANDALSO:
    case CORE_ORELSE:
        return lower_is_boolean(node->pair.right);
    case CORE_OP:
        return node->op.op == SSA_not && lower_is_boolean(node->op.args[0]);
    case CORE_LITERAL:
        return is_literal_atom(node, "true") || is_literal_atom(node, "false");
    default:
        return false;
    }
}

bool lower_is_negation(const CoreNode *node)
{
    return node->kind == CORE_OP && node->op.op == SSA_not && !lower_is_boolean(node);
}

static bool is_plain(const CoreNode *node)
{
    return core_is_simple(node);
}

/* A boolean node that can neither fail nor take long: order and strictness do not matter. */
static bool is_safe(const CoreNode *node)
{
    switch (node->kind) {
    case CORE_COMPARE:
        return is_plain(node->op.args[0]) && is_plain(node->op.args[1]);
    case CORE_TYPE_TEST:
        return is_plain(node->op.args[0]);
    case CORE_RECORD_TEST:
        return is_plain(node->record.base);
    case CORE_OP:
        return (node->op.op == SSA_not && is_safe(node->op.args[0])) ||
               ((node->op.op == SSA_and || node->op.op == SSA_or) && is_safe(node->op.args[0]) &&
                is_safe(node->op.args[1]));
    default:
        return false;
    }
}

static void compare(Lower *l, const CoreNode *node, SsaBlockId yes, SsaBlockId no)
{
    static const struct {
        BcOpcode test;
        bool swap;
    } tests[] = {
        [CORE_LT] = {BC_is_lt, false},
        [CORE_LE] = {BC_is_ge, true},
        [CORE_GT] = {BC_is_lt, true},
        [CORE_GE] = {BC_is_ge, false},
        [CORE_EQ] = {BC_is_eq, false},
        [CORE_NE] = {BC_is_ne, false},
        [CORE_EXACT_EQ] = {BC_is_eq_exact, false},
        [CORE_EXACT_NE] = {BC_is_ne_exact, false},
    };
    SsaArg left = lower_value(l, node->op.args[0]);
    SsaArg right = lower_value(l, node->op.args[1]);
    if (l->block == NULL) {
        return;
    }
    bool swap = tests[node->op.op].swap;
    SsaArg args[2] = {swap ? right : left, swap ? left : right};
    lower_test(l, tests[node->op.op].test, 0, args, 2, yes, no);
}

static void record_test(Lower *l, const CoreNode *node, SsaBlockId yes, SsaBlockId no)
{
    SsaArg value = lower_value(l, node->record.base);
    if (l->block == NULL) {
        return;
    }
    SsaArg args[2] = {lower_register(l, value), ssa_konst(node->record.tag)};
    lower_test(l, BC_is_tagged, node->record.size, args, 2, yes, no);
}

/* {badarg, V} of andalso and orelse */
static void raise_badarg(Lower *l, SsaArg value, CoreLine line)
{
    SsaArg parts[2] = {ssa_konst(konst_atom(l->arena, "badarg", 6)), value};
    SsaArg reason = ssa_use(lower_instr(l, SSA_tuple, parts, 2, line)->result);
    l->block->likely_failure = true;
    SsaInstr *call = lower_instr(l, SSA_call_ext, &reason, 1, line);
    call->import.module = konst_atom(l->arena, "erlang", 6);
    call->import.name = konst_atom(l->arena, "error", 5);
    call->import.arity = 1;
    SsaArg result = ssa_use(call->result);
    lower_end(l, SSA_T_RETURN, &result, 1, NULL, 0, line);
}

/* not V: as in Erlang it is a test of V here, and one that fails names no operator. */
static void branch_on_not(Lower *l, SsaArg value, CoreLine line, SsaBlockId yes, SsaBlockId no)
{
    SsaBlock *rest = lower_block(l, 0), *bad = lower_block(l, 0);
    lower_atom_branch(l, value, l->atom_true, no, rest->id);
    l->block = rest;
    lower_atom_branch(l, value, l->atom_false, yes, bad->id);
    l->block = bad;
    l->block->likely_failure = true;
    lower_fail(l, BC_FAIL_BADARG, value, line);
}

/* A value that must be true or false. */
static void branch_on(Lower *l, SsaArg value, CoreLine line, SsaBlockId yes, SsaBlockId no)
{
    if (l->fail != 0 && l->fail == no) {
        value = lower_register(l, value);
        lower_test(l, BC_is_true, 0, &value, 1, yes, no);
        return;
    }
    SsaBlock *rest = lower_block(l, 0);
    lower_atom_branch(l, value, l->atom_true, yes, rest->id);
    SsaBlockId bad = l->fail;
    SsaBlock *raise = NULL;
    if (bad == 0) {
        raise = lower_block(l, 0);
        bad = raise->id;
    }
    l->block = rest;
    lower_atom_branch(l, value, l->atom_false, no, bad);
    if (raise != NULL) {
        l->block = raise;
        raise_badarg(l, value, line);
    }
}

/* The left side of andalso or orelse, and conditions outside guards. */
static void branch(Lower *l, const CoreNode *node, SsaBlockId yes, SsaBlockId no)
{
    if (l->fail != 0 || lower_is_boolean(node) || lower_is_negation(node)) {
        lower_cond(l, node, yes, no);
        return;
    }
    SsaArg value = lower_value(l, node);
    if (l->block != NULL) {
        branch_on(l, value, node->line, yes, no);
    }
}

static void both(Lower *l, const CoreNode *left, const CoreNode *right, bool and, SsaBlockId yes,
                 SsaBlockId no)
{
    SsaBlock *second = lower_block(l, 0);
    branch(l, left, and? second->id : yes, and? no : second->id);
    l->block = second;
    lower_cond(l, right, yes, no);
}

static bool cond_op(Lower *l, const CoreNode *node, SsaBlockId yes, SsaBlockId no)
{
    const CoreNode *of = node->op.args[0];
    if (node->op.op == SSA_not && (l->fail != 0 || lower_is_boolean(of) || lower_is_negation(of))) {
        lower_cond(l, of, no, yes);
        return true;
    }
    if (lower_is_negation(node)) {
        SsaArg value = lower_value(l, of);
        if (l->block != NULL) {
            branch_on_not(l, value, node->line, yes, no);
        }
        return true;
    }
    if ((node->op.op == SSA_and || node->op.op == SSA_or) && l->fail != 0 &&
        is_safe(node->op.args[0]) && is_safe(node->op.args[1])) {
        both(l, node->op.args[0], node->op.args[1], node->op.op == SSA_and, yes, no);
        return true;
    }
    return false;
}

static bool is_bif(const CoreNode *node, const char *name, uint32_t arity)
{
    return node->kind == CORE_BIF && node->call.import.arity == arity &&
           strcmp(node->call.import.name->text, name) == 0;
}

/* is_map_key(K, M) in a guard: fails when M is no map. */
static void map_key(Lower *l, const CoreNode *node, SsaBlockId yes, SsaBlockId no)
{
    SsaArg key = lower_value(l, node->call.args.items[0]);
    SsaArg map = lower_register(l, lower_value(l, node->call.args.items[1]));
    SsaBlock *is_map = lower_block(l, 0);
    lower_test(l, BC_is_map, 0, &map, 1, is_map->id, l->fail);
    l->block = is_map;
    SsaArg args[2] = {map, key};
    lower_test(l, BC_map_has, 0, args, 2, yes, no);
}

void lower_cond(Lower *l, const CoreNode *node, SsaBlockId yes, SsaBlockId no)
{
    if (l->block == NULL) {
        return;
    }
    SsaArg value;
    switch (node->kind) {
    case CORE_COMPARE:
        compare(l, node, yes, no);
        return;
    case CORE_TYPE_TEST:
        value = lower_register(l, lower_value(l, node->op.args[0]));
        if (l->block != NULL) {
            lower_test(l, (BcOpcode)node->op.op, 0, &value, 1, yes, no);
        }
        return;
    case CORE_RECORD_TEST:
        record_test(l, node, yes, no);
        return;
    case CORE_ANDALSO:
    case CORE_ORELSE:
        both(l, node->pair.left, node->pair.right, node->kind == CORE_ANDALSO, yes, no);
        return;
    case CORE_OP:
        if (cond_op(l, node, yes, no)) {
            return;
        }
        break;
    case CORE_BIF:
        if (l->fail != 0 && is_bif(node, "is_map_key", 2)) {
            map_key(l, node, yes, no);
            return;
        }
        break;
    default:
        break;
    }
    value = lower_value(l, node);
    if (l->block != NULL) {
        branch_on(l, value, node->line, yes, no);
    }
}

SsaArg lower_boolean(Lower *l, const CoreNode *node)
{
    SsaBlock *yes = lower_block(l, 0);
    SsaBlock *no = lower_block(l, 0);
    lower_cond(l, node, yes->id, no->id);
    LowerJoin join = lower_join_new(LOWER_VALUE, 0);
    SsaArg value = ssa_konst(l->atom_true);
    l->block = yes;
    lower_exit(l, &join, &value);
    value = ssa_konst(l->atom_false);
    l->block = no;
    lower_exit(l, &join, &value);
    lower_join(l, &join, &value);
    return value;
}

SsaArg lower_logical(Lower *l, const CoreNode *node, LowerMode mode)
{
    bool and = node->kind == CORE_ANDALSO;
    LowerJoin join = lower_join_new(mode, 0);
    SsaBlock *right = lower_block(l, 0);
    SsaBlock *decided = lower_block(l, 0);
    branch(l, node->pair.left, and? right->id : decided->id, and? decided->id : right->id);
    l->block = decided;
    SsaArg value = lower_result(l, ssa_konst(and? l->atom_false : l->atom_true), mode);
    lower_finish(l, &join, mode, value, NULL, 0);
    l->block = right;
    value = lower_expr(l, node->pair.right, mode);
    lower_finish(l, &join, mode, value, NULL, 0);
    return lower_continue(l, &join, mode, (CoreVars){0});
}

static void all_of(Lower *l, CoreList tests)
{
    for (uint32_t i = 0; i < tests.count && l->block != NULL; i++) {
        SsaBlock *next = lower_block(l, 0);
        lower_cond(l, tests.items[i], next->id, l->fail);
        l->block = next;
    }
}

void lower_guards(Lower *l, CoreList tests, const CoreList *guards, uint32_t guard_count,
                  SsaBlockId otherwise)
{
    SsaBlockId outer = l->fail;
    l->fail = otherwise;
    all_of(l, tests);
    if (guard_count > 0) {
        SsaBlock *body = lower_block(l, 0);
        for (uint32_t i = 0; i < guard_count; i++) {
            SsaBlock *next = i + 1 < guard_count ? lower_block(l, 0) : NULL;
            l->fail = next != NULL ? next->id : otherwise;
            all_of(l, guards[i]);
            lower_jump(l, body->id);
            l->block = next;
        }
        l->block = body;
    }
    l->fail = outer;
}
