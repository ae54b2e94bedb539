/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/emit/emit_call.c: calls, with the moves that put arguments into X0... The fun of a
 * call_fun, or the module and function of an apply, go behind the arguments if they are in X. */
#include "compiler/emit/emit_function.h"

typedef struct {
    SsaOp op;
    const SsaArg *args;
    uint32_t arg_count;
    uint32_t callee;
    const BcImport *import;
    SsaLine line;
    bool is_tail;
    uint32_t first, arity;
    uint32_t targets[2]; /* operands of the fun, or module and function */
} Call;

/* Moves the arguments into place. The state does not follow: X is lost after it anyway. */
static void move_arguments(Emit *e, Call *call)
{
    EmitMove *moves = ARENA_ARRAY(&e->arena, EmitMove, call->arg_count);
    uint32_t count = 0;
    for (uint32_t i = 0; i < call->arity; i++) {
        uint32_t from = emit_operand_near(e, call->args[call->first + i], i);
        moves[count++] = (EmitMove){BC_ARG(BC_X, i), from};
    }
    for (uint32_t i = 0; i < call->first; i++) {
        uint32_t reg = call->arity + i;
        uint32_t from = emit_operand_near(e, call->args[i], reg);
        call->targets[i] = from;
        if (BC_ARG_KIND(from) == BC_X || (BC_ARG_KIND(from) == BC_Y && call->is_tail)) {
            call->targets[i] = BC_ARG(BC_X, reg);
            moves[count++] = (EmitMove){BC_ARG(BC_X, reg), from};
        }
    }
    emit_moves(e, moves, count);
}

static uint32_t call_site(Emit *e, const Call *call)
{
    bool handled = !call->is_tail && e->block->handler != 0;
    if (handled) {
        emit_block_label(e, e->block->handler);
    }
    BcSite site = emit_site_here(e, call->line, handled);
    e->last_line = call->line.line ? call->line : e->last_line;
    site.live_count = call->arity;
    uint32_t low = ACT_MIN(call->arity, 64u);
    site.live_x = low == 64 ? UINT64_MAX : ((uint64_t)1 << low) - 1;
    for (uint32_t i = 0; i < call->first; i++) {
        uint32_t reg = BC_ARG_INDEX(call->targets[i]);
        if (BC_ARG_KIND(call->targets[i]) == BC_X) {
            site.live_count = reg + 1;
            site.live_x |= reg < 64 ? (uint64_t)1 << reg : 0;
        }
    }
    return emit_site(e->tables, &site);
}

static BcOpcode call_opcode(const Call *call)
{
    switch (call->op) {
    case SSA_call:
        return call->is_tail ? BC_tail : BC_call;
    case SSA_call_ext:
        return call->is_tail ? BC_tail_ext : BC_call_ext;
    case SSA_call_fun:
        return call->is_tail ? BC_tail_fun : BC_call_fun;
    default:
        return call->is_tail ? BC_tail_apply : BC_apply;
    }
}

static void put_call(Emit *e, Call *call)
{
    call->first = emit_first_argument(call->op);
    call->arity = call->arg_count - call->first;
    move_arguments(e, call);
    emit_live_use(e, call->args, call->arg_count);
    uint32_t site = call_site(e, call);
    emit_op(e, call_opcode(call));
    if (call->is_tail) {
        emit_word(e, e->in_frame ? e->frame : 0);
    }
    if (call->op == SSA_call) {
        emit_word(e, call->callee);
    } else if (call->op == SSA_call_ext) {
        emit_word(e, emit_import(e->tables, call->import));
    } else {
        for (uint32_t i = 0; i < call->first; i++) {
            emit_word(e, call->targets[i]);
        }
        emit_word(e, call->arity);
    }
    emit_word(e, site);
    e->reserve = 0;
}

void emit_call(Emit *e, const SsaInstr *instr)
{
    Call call = {.op = instr->op,
                 .args = instr->args,
                 .arg_count = instr->arg_count,
                 .callee = instr->callee,
                 .import = &instr->import,
                 .line = instr->line};
    put_call(e, &call);
    emit_state_lose_x(e);
    if (instr->result == 0 || e->uses[instr->result] == 0) {
        return;
    }
    emit_state_put(e, instr->result, 0);
    if (e->has_home[instr->result]) {
        uint32_t home = e->home[instr->result];
        e->slot[home] = instr->result;
        EmitMove move = {BC_ARG(BC_Y, home), BC_ARG(BC_X, 0)};
        emit_moves(e, &move, 1);
    }
}

void emit_tail_call(Emit *e, const SsaTerm *term)
{
    Call call = {.op = term->op,
                 .args = term->args,
                 .arg_count = term->arg_count,
                 .callee = term->callee,
                 .import = &term->import,
                 .line = term->line,
                 .is_tail = true};
    put_call(e, &call);
}
