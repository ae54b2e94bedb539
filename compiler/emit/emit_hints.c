/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/emit/emit_hints.c: which register a value would like to be made in, found backwards from
 * where it is needed: an argument's, X0 for what is returned, its target's on an edge. */
#include "compiler/emit/emit_function.h"

enum { MOST_AHEAD = 16 };

bool emit_is_call(SsaOp op)
{
    return op == SSA_call || op == SSA_call_ext || op == SSA_call_fun || op == SSA_apply;
}

uint32_t emit_first_argument(SsaOp op)
{
    return op == SSA_call_fun ? 1 : op == SSA_apply ? 2 : 0;
}

static void wish(Emit *e, SsaArg arg, uint32_t reg)
{
    if (!arg.konst && reg < EMIT_X) {
        e->wish[arg.value] = (int16_t)reg;
    }
}

static void wish_call(Emit *e, SsaOp op, const SsaArg *args, uint32_t count)
{
    uint32_t first = emit_first_argument(op);
    for (uint32_t i = first; i < count; i++) {
        wish(e, args[i], i - first);
    }
    for (uint32_t i = 0; i < first; i++) {
        wish(e, args[i], count - first + i);
    }
}

static void wish_edges(Emit *e, const SsaTerm *term)
{
    for (uint32_t n = term->edge_count; n-- > 0;) {
        const SsaEdge *edge = &term->edges[n];
        const SsaBlock *target = ssa_block_at(e->function, edge->block);
        for (uint32_t a = 0; a < edge->arg_count; a++) {
            int16_t reg = e->wish[target->params[a]];
            if (reg >= 0) {
                wish(e, edge->args[a], (uint32_t)reg);
            }
        }
    }
}

static uint32_t call_arity(SsaOp op, uint32_t count)
{
    return ACT_MIN(count, (uint32_t)MOST_AHEAD);
}

static uint32_t ahead_of_term(const Emit *e, const SsaTerm *term)
{
    if (term->kind == SSA_T_TAIL_CALL) {
        return call_arity(term->op, term->arg_count);
    }
    uint32_t ahead = 0;
    for (uint32_t n = 0; n < term->edge_count; n++) {
        ahead = ACT_MAX(ahead, (uint32_t)e->arity_ahead[term->edges[n].block]);
    }
    return ahead;
}

uint32_t emit_arity_ahead(const Emit *e, const SsaBlock *block, size_t index)
{
    /* Far enough: a call further away than this matters little. */
    size_t end = ACT_MIN(block->instrs.count, index + 32);
    for (size_t i = index; i < end; i++) {
        if (emit_is_call(block->instrs.items[i].op)) {
            return call_arity(block->instrs.items[i].op, block->instrs.items[i].arg_count);
        }
    }
    return ahead_of_term(e, &block->term);
}

static void hint_block(Emit *e, const SsaBlock *block)
{
    if (block->term.kind == SSA_T_RETURN) {
        wish(e, block->term.args[0], 0);
    } else if (block->term.kind == SSA_T_TAIL_CALL) {
        wish_call(e, block->term.op, block->term.args, block->term.arg_count);
    }
    wish_edges(e, &block->term);
    for (size_t i = block->instrs.count; i-- > 0;) {
        const SsaInstr *instr = &block->instrs.items[i];
        if (emit_is_call(instr->op)) {
            wish_call(e, instr->op, instr->args, instr->arg_count);
        } else if (instr->op == SSA_copy && e->wish[instr->result] >= 0) {
            wish(e, instr->args[0], (uint32_t)e->wish[instr->result]);
        }
    }
    e->arity_ahead[block->id] = (uint8_t)emit_arity_ahead(e, block, 0);
}

void emit_hints(Emit *e)
{
    e->wish = ARENA_ARRAY(&e->arena, int16_t, e->function->value_count + 1);
    for (uint32_t v = 0; v <= e->function->value_count; v++) {
        e->wish[v] = -1;
    }
    e->arity_ahead = ARENA_ARRAY(&e->arena, uint8_t, e->graph.count + 1);
    for (uint32_t i = e->layout_count; i-- > 0;) {
        hint_block(e, ssa_block_at(e->function, e->layout[i]));
    }
}
