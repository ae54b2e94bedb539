/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/emit/emit_instr.c: instructions of a block, and the heap room they need. */
#include "compiler/emit/emit_function.h"

#include <string.h>

static bool is_unused(const Emit *e, const SsaInstr *instr)
{
    return (ssa_op_info[instr->op].flags & SSAF_PURE) &&
           (instr->result == 0 || e->uses[instr->result] == 0);
}

static uint32_t heap_words(const Emit *e, const SsaInstr *instr)
{
    if (is_unused(e, instr)) {
        return 0;
    }
    switch (instr->op) {
    case SSA_cons:
        return 2;
    case SSA_tuple:
        return 1 + instr->arg_count;
    case SSA_make_fun:
        return 2 + instr->arg_count;
    case SSA_update_element:
        return 1 + instr->imm;
    default:
        return 0;
    }
}

static bool is_safepoint(const SsaInstr *instr)
{
    return emit_is_call(instr->op) || instr->op == SSA_recv_accept ||
           strchr(bc_op_info[emit_opcode(instr->op, instr->arg_count)].operands, 'S') != NULL;
}

uint32_t emit_heap_ahead(const Emit *e, const SsaBlock *block, size_t index)
{
    uint32_t words = 0;
    for (size_t i = index; i < block->instrs.count; i++) {
        const SsaInstr *instr = &block->instrs.items[i];
        if (is_safepoint(instr)) {
            break;
        }
        words += heap_words(e, instr);
    }
    return words;
}

static void reserve_heap(Emit *e, size_t index)
{
    uint32_t words = heap_words(e, &e->block->instrs.items[index]);
    if (words > e->reserve) {
        uint32_t all = emit_heap_ahead(e, e->block, index);
        uint32_t site = emit_site_add(e, (SsaLine){0}, false, 0);
        emit_op(e, BC_heap);
        emit_word(e, all);
        emit_word(e, site);
        e->reserve = all;
    }
    e->reserve -= words;
}

uint32_t emit_operand_near(Emit *e, SsaArg arg, uint32_t reg)
{
    if (!arg.konst && reg < EMIT_X && (e->in_x[arg.value] >> reg & 1)) {
        return BC_ARG(BC_X, reg);
    }
    return emit_operand(e, arg);
}

/* head and tail of the same cons side by side become one instruction. */
static bool emit_head_tail(Emit *e, size_t index)
{
    const SsaBlock *block = e->block;
    if (index + 1 >= block->instrs.count) {
        return false;
    }
    const SsaInstr *a = &block->instrs.items[index], *b = a + 1;
    bool in_order = a->op == SSA_head && b->op == SSA_tail_of;
    if (!(in_order || (a->op == SSA_tail_of && b->op == SSA_head)) || a->args[0].konst ||
        b->args[0].value != a->args[0].value || is_unused(e, a) || is_unused(e, b)) {
        return false;
    }
    const SsaInstr *head = in_order ? a : b, *tail = in_order ? b : a;
    uint32_t cons = emit_operand(e, a->args[0]);
    bool head_home = e->in_frame && e->has_home[head->result];
    if (head_home && BC_ARG(BC_Y, e->home[head->result]) == cons) {
        return false; /* the first write would hide the cons from the second */
    }
    emit_live_use(e, a->args, 1);
    emit_live_use(e, b->args, 1);
    uint64_t keep = 0;
    if (BC_ARG_KIND(cons) == BC_X && BC_ARG_INDEX(cons) < EMIT_X) {
        keep = (uint64_t)1 << BC_ARG_INDEX(cons);
    }
    uint32_t d2 = emit_destination(e, tail->result, 0);
    uint32_t d1 = emit_destination(e, head->result, keep);
    emit_op(e, BC_head_tail);
    emit_word(e, d1);
    emit_word(e, d2);
    emit_word(e, cons);
    return true;
}

size_t emit_instr(Emit *e, size_t index)
{
    const SsaInstr *instr = &e->block->instrs.items[index];
    if (is_unused(e, instr)) {
        emit_live_use(e, instr->args, instr->arg_count);
        return 1;
    }
    if (emit_is_call(instr->op)) {
        emit_call(e, instr);
        return 1;
    }
    e->ahead = emit_arity_ahead(e, e->block, index + 1);
    reserve_heap(e, index);
    if (emit_head_tail(e, index)) {
        return 2;
    }
    EmitRow row = {.op = emit_opcode(instr->op, instr->arg_count),
                   .args = instr->args,
                   .arg_count = instr->arg_count,
                   .imms = {instr->imm},
                   .result = instr->result,
                   .line = instr->line,
                   .may_raise = (ssa_op_info[instr->op].flags & SSAF_RAISE) != 0};
    if (instr->op == SSA_bif) {
        row.table = emit_import(e->tables, &instr->import);
    } else if (instr->op == SSA_make_fun) {
        row.table = emit_lambda(e->tables, instr->callee, instr->imm, instr->arg_count);
    }
    emit_row(e, &row);
    if (is_safepoint(instr)) {
        e->reserve = 0;
    }
    return 1;
}
