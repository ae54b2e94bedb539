/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/match/lower_expr.c: expressions in the order of evaluation. */
#include "compiler/match/lower.h"
#include "vm/base/bug.h"
#include <string.h>

SsaArg lower_value(Lower *l, const CoreNode *node)
{
    return lower_expr(l, node, LOWER_VALUE);
}

/* `X = f(), X`: the block ends in the call whose result is the function's. */
static bool end_in_tail_call(Lower *l, SsaArg value)
{
    if (value.konst != NULL || l->handler != 0 || l->block->instrs.count == 0) {
        return false;
    }
    SsaInstr last = vec_last(&l->block->instrs);
    if (last.result != value.value || (last.op != SSA_call && last.op != SSA_call_ext &&
                                       last.op != SSA_call_fun && last.op != SSA_apply)) {
        return false;
    }
    l->block->instrs.count--;
    SsaTerm *term =
        ssa_terminate(l->ssa, l->block, SSA_T_TAIL_CALL, last.args, last.arg_count, NULL, 0);
    term->op = last.op;
    term->callee = last.callee;
    term->import = last.import;
    term->line = last.line;
    l->block = NULL;
    return true;
}

SsaArg lower_result(Lower *l, SsaArg value, LowerMode mode)
{
    if (mode == LOWER_TAIL && l->block != NULL && !end_in_tail_call(l, value)) {
        lower_end(l, SSA_T_RETURN, &value, 1, NULL, 0, (CoreLine){0, 0});
    }
    return value;
}

static SsaArg *values(Lower *l, CoreList list)
{
    SsaArg *args = lower_args(l, list.count);
    for (uint32_t i = 0; i < list.count; i++) {
        args[i] = lower_value(l, list.items[i]);
    }
    return args;
}

static SsaArg lower_list(Lower *l, const CoreNode *node)
{
    SsaArg *items = values(l, node->list.items);
    SsaArg tail = lower_value(l, node->list.tail);
    for (uint32_t i = node->list.items.count; i-- > 0 && l->block != NULL;) {
        SsaArg args[2] = {items[i], tail};
        tail = lower_emit(l, SSA_cons, args, 2, node->line);
    }
    return tail;
}

static SsaArg lower_tuple(Lower *l, const CoreNode *node)
{
    SsaArg *items = values(l, node->items);
    if (l->block == NULL) {
        return lower_nil(l);
    }
    return lower_emit(l, SSA_tuple, items, node->items.count, node->line);
}

static SsaArg lower_map(Lower *l, const CoreNode *node)
{
    SsaArg *args = lower_args(l, node->map.count * 2 + 1);
    uint32_t count = 0;
    if (node->map.base != NULL) {
        args[count++] = lower_value(l, node->map.base);
    }
    for (uint32_t i = 0; i < node->map.count * 2; i++) {
        args[count++] = lower_value(l, node->map.pairs[i]);
    }
    if (l->block == NULL) {
        return lower_nil(l);
    }
    SsaOp op = node->kind == CORE_MAP_NEW   ? SSA_map_new
               : node->kind == CORE_MAP_PUT ? SSA_map_put
                                            : SSA_map_update;
    return lower_emit(l, op, args, count, node->line);
}

static SsaArg lower_binary(Lower *l, const CoreNode *node)
{
    SsaArg *args = lower_args(l, node->binary.count * 4);
    for (uint32_t i = 0; i < node->binary.count; i++) {
        const CoreSegment *segment = &node->binary.items[i];
        args[4 * i] = lower_konst_int(l, segment->spec | (int64_t)(segment->number + 1)
                                                             << BC_SEG_NUMBER_SHIFT);
        args[4 * i + 1] = lower_value(l, segment->value);
        args[4 * i + 2] = segment->size == NULL ? lower_nil(l) : lower_value(l, segment->size);
        args[4 * i + 3] = lower_konst_int(l, segment->unit);
    }
    if (l->block == NULL) {
        return lower_nil(l);
    }
    return lower_emit(l, SSA_bs_build, args, node->binary.count * 4, node->line);
}

static SsaArg lower_make_fun(Lower *l, const CoreNode *node)
{
    SsaArg *free = values(l, node->fun.free);
    if (l->block == NULL) {
        return lower_nil(l);
    }
    SsaInstr *instr = lower_instr(l, SSA_make_fun, free, node->fun.free.count, node->line);
    instr->callee = node->fun.callee;
    instr->imm = node->fun.arity;
    return ssa_use(instr->result);
}

static SsaArg lower_op(Lower *l, const CoreNode *node)
{
    SsaArg args[2];
    for (uint32_t i = 0; i < node->op.count; i++) {
        args[i] = lower_value(l, node->op.args[i]);
    }
    if (l->block == NULL) {
        return lower_nil(l);
    }
    if (node->kind == CORE_OP) {
        return lower_emit(l, (SsaOp)node->op.op, args, node->op.count, node->line);
    }
    SsaOp op = node->kind == CORE_COMPARE ? SSA_compare : SSA_type_test;
    SsaInstr *instr = lower_instr(l, op, args, node->op.count, node->line);
    instr->imm = node->op.op;
    return ssa_use(instr->result);
}

static SsaArg lower_bif(Lower *l, const CoreNode *node)
{
    SsaArg *args = values(l, node->call.args);
    if (l->block == NULL) {
        return lower_nil(l);
    }
    return lower_emit_bif(l, node->call.import, args, node->call.args.count, node->line);
}

/* A block's steps; a loop, because blocks may be long. */
static SsaArg lower_block_node(Lower *l, const CoreNode *node, LowerMode mode)
{
    for (uint32_t i = 0; i + 1 < node->items.count; i++) {
        lower_expr(l, node->items.items[i], LOWER_EFFECT);
        if (l->block == NULL) {
            return lower_nil(l);
        }
    }
    return lower_expr(l, node->items.items[node->items.count - 1], mode);
}

static SsaArg lower_let(Lower *l, const CoreNode *node)
{
    SsaArg value = lower_value(l, node->let.value);
    l->env[node->let.var] = value;
    return value;
}

static SsaArg lower_fail_node(Lower *l, const CoreNode *node)
{
    SsaArg value = node->fail.value == NULL ? lower_nil(l) : lower_value(l, node->fail.value);
    if (l->block != NULL) {
        lower_fail(l, node->fail.fail, value, node->line);
    }
    return lower_nil(l);
}

static SsaArg lower_raise(Lower *l, const CoreNode *node)
{
    SsaArg *args = values(l, node->items);
    if (l->block != NULL) {
        lower_end(l, SSA_T_RAISE, args, 3, NULL, 0, node->line);
    }
    return lower_nil(l);
}

static SsaArg lower_stacktrace(Lower *l, const CoreNode *node)
{
    SsaArg raw = lower_value(l, node->one);
    if (l->block == NULL) {
        return raw;
    }
    return lower_emit(l, SSA_stacktrace, &raw, 1, node->line);
}

static SsaArg plain_value(Lower *l, const CoreNode *node)
{
    switch (node->kind) {
    case CORE_LITERAL:
        return ssa_konst(node->konst);
    case CORE_VAR:
        return l->env[node->var];
    case CORE_LIST:
        return lower_list(l, node);
    case CORE_TUPLE:
        return lower_tuple(l, node);
    case CORE_MAP_NEW:
    case CORE_MAP_PUT:
    case CORE_MAP_UPDATE:
        return lower_map(l, node);
    case CORE_BINARY:
        return lower_binary(l, node);
    case CORE_MAKE_FUN:
        return lower_make_fun(l, node);
    case CORE_OP:
    case CORE_COMPARE:
    case CORE_TYPE_TEST:
        return lower_op(l, node);
    case CORE_BIF:
        return lower_bif(l, node);
    case CORE_RECORD_TEST:
        return lower_boolean(l, node);
    case CORE_RECORD_GET:
    case CORE_RECORD_PUT:
        return lower_record(l, node);
    case CORE_LET:
        return lower_let(l, node);
    case CORE_MATCH:
        return lower_match(l, node);
    case CORE_FAIL:
        return lower_fail_node(l, node);
    case CORE_RAISE:
        return lower_raise(l, node);
    case CORE_STACKTRACE:
        return lower_stacktrace(l, node);
    default:
        VM_BUG("Core kind %d has no lowering", (int)node->kind);
    }
}

SsaArg lower_expr(Lower *l, const CoreNode *node, LowerMode mode)
{
    if (l->block == NULL) {
        return lower_nil(l);
    }
    switch (node->kind) {
    case CORE_BLOCK:
        return lower_block_node(l, node, mode);
    case CORE_CASE:
        return lower_case(l, node, mode);
    case CORE_RECEIVE:
        return lower_receive(l, node, mode);
    case CORE_TRY:
        return lower_try(l, node, mode);
    case CORE_AFTER:
        return lower_after(l, node, mode);
    case CORE_MAYBE:
        return lower_maybe(l, node, mode);
    case CORE_ANDALSO:
    case CORE_ORELSE:
        if (l->fail != 0 && lower_is_boolean(node)) {
            return lower_boolean(l, node);
        }
        return lower_logical(l, node, mode);
    case CORE_CALL:
    case CORE_CALL_EXT:
    case CORE_CALL_FUN:
    case CORE_APPLY:
        return lower_call(l, node, mode);
    default:
        return lower_result(l, plain_value(l, node), mode);
    }
}
