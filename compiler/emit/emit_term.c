/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/emit/emit_term.c: the ends of blocks. */
#include "compiler/emit/emit_function.h"

#include "vm/base/bug.h"

static BcOpcode inverse(BcOpcode test)
{
    switch (test) {
    case BC_is_eq_exact:
        return BC_is_ne_exact;
    case BC_is_ne_exact:
        return BC_is_eq_exact;
    case BC_is_eq:
        return BC_is_ne;
    case BC_is_ne:
        return BC_is_eq;
    case BC_is_lt:
        return BC_is_ge;
    case BC_is_ge:
        return BC_is_lt;
    case BC_is_lt_small:
        return BC_is_ge_small;
    case BC_is_ge_small:
        return BC_is_lt_small;
    default:
        return BC__count;
    }
}

static EmitRow term_row(const SsaTerm *term, BcOpcode op)
{
    return (EmitRow){.op = op,
                     .args = term->args,
                     .arg_count = term->arg_count,
                     .imms = {term->imm},
                     .line = term->line};
}

static void emit_test(Emit *e, const SsaTerm *term, SsaBlockId next)
{
    const SsaEdge *yes = &term->edges[0], *no = &term->edges[1];
    BcOpcode test = term->test;
    if (no->block == next && yes->block != next && inverse(test) != BC__count) {
        test = inverse(test);
        yes = &term->edges[1];
        no = &term->edges[0];
    }
    EmitRow row = term_row(term, test);
    row.fail = no;
    emit_row(e, &row);
    emit_edge_here(e, yes, next);
}

static void emit_guard(Emit *e, const SsaTerm *term, SsaBlockId next)
{
    EmitRow row;
    if (term->op == SSA_copy) {
        row = term_row(term, term->test);
        row.imms[0] = term->imm & 0xffff;
        row.imms[1] = term->imm >> 16;
    } else {
        row = term_row(term, emit_opcode(term->op, term->arg_count));
        row.imms[0] = term->imm;
        row.table = term->op == SSA_bif ? emit_import(e->tables, &term->import) : 0;
    }
    row.fail = &term->edges[1];
    row.result = term->result;
    emit_row(e, &row);
    emit_edge_here(e, &term->edges[0], next);
}

static void emit_table(Emit *e, const SsaTerm *term, BcOpcode op)
{
    SsaArg arg = term->args[0];
    uint32_t operand = op == BC_switch_arity ? emit_operand_reg(e, arg) : emit_operand(e, arg);
    emit_live_use(e, term->args, 1);
    uint32_t otherwise = emit_edge_label(e, &term->edges[term->key_count]);
    uint32_t *labels = ARENA_ARRAY(&e->arena, uint32_t, term->key_count);
    for (uint32_t i = 0; i < term->key_count; i++) {
        labels[i] = emit_edge_label(e, &term->edges[i]);
    }
    emit_op(e, op);
    emit_word(e, operand);
    emit_word(e, otherwise);
    emit_word(e, term->key_count);
    for (uint32_t i = 0; i < term->key_count; i++) {
        emit_word(e, op == BC_switch_arity ? (uint32_t)term->keys[i]->integer
                                           : emit_konst(e->tables, term->keys[i]));
        emit_word(e, labels[i]);
    }
}

/* Few keys: comparisons one after the other, the last one deciding between two edges. */
static void emit_chain(Emit *e, const SsaTerm *term, SsaBlockId next)
{
    uint32_t operand = emit_operand(e, term->args[0]), last = 0;
    emit_live_use(e, term->args, 1);
    for (uint32_t i = term->key_count; i-- > 1;) {
        uint32_t label = emit_edge_label(e, &term->edges[i]);
        emit_op(e, BC_is_ne_exact);
        emit_word(e, label);
        emit_word(e, operand);
        emit_word(e, BC_ARG(BC_K, emit_konst(e->tables, term->keys[i])));
    }
    const SsaEdge *equal = &term->edges[last], *other = &term->edges[term->key_count];
    bool turned = other->block == next && equal->block != next;
    uint32_t label = emit_edge_label(e, turned ? equal : other);
    emit_op(e, turned ? BC_is_ne_exact : BC_is_eq_exact);
    emit_word(e, label);
    emit_word(e, operand);
    emit_word(e, BC_ARG(BC_K, emit_konst(e->tables, term->keys[last])));
    emit_edge_here(e, turned ? other : equal, next);
}

static void emit_single_arity(Emit *e, const SsaTerm *term, SsaBlockId next)
{
    uint32_t operand = emit_operand_reg(e, term->args[0]);
    emit_live_use(e, term->args, 1);
    uint32_t label = emit_edge_label(e, &term->edges[1]);
    emit_op(e, BC_is_arity);
    emit_word(e, label);
    emit_word(e, operand);
    emit_word(e, (uint32_t)term->keys[0]->integer);
    emit_edge_here(e, &term->edges[0], next);
}

static void emit_switch(Emit *e, const SsaTerm *term, SsaBlockId next)
{
    if (term->key_count == 0) {
        emit_live_use(e, term->args, 1);
        emit_edge_here(e, &term->edges[0], next);
    } else if (term->kind == SSA_T_SWITCH && term->key_count <= 2) {
        emit_chain(e, term, next);
    } else if (term->kind == SSA_T_SWITCH_ARITY && term->key_count == 1) {
        emit_single_arity(e, term, next);
    } else {
        emit_table(e, term, term->kind == SSA_T_SWITCH ? BC_switch_value : BC_switch_arity);
    }
}

static void emit_return(Emit *e, const SsaTerm *term)
{
    EmitMove move = {BC_ARG(BC_X, 0), emit_operand_near(e, term->args[0], 0)};
    emit_moves(e, &move, 1);
    emit_live_use(e, term->args, 1);
    emit_op(e, BC_return);
    emit_word(e, e->in_frame ? e->frame : 0);
}

static void emit_raising(Emit *e, const SsaTerm *term, BcOpcode op)
{
    EmitRow row = term_row(term, op);
    row.may_raise = true;
    emit_row(e, &row);
}

/* X is lost over the wait, so nothing in it is a root. A waiting process is said to be at the last
 * line that the code before could fail at, as Erlang has no line for a wait. */
static uint32_t wait_site(Emit *e)
{
    if (e->block->handler) {
        emit_block_label(e, e->block->handler);
    }
    SsaLine line = e->last_line.line ? e->last_line : e->function->line;
    BcSite site = emit_site_here(e, line, true);
    site.live_x = 0;
    site.live_count = 0;
    return emit_site(e->tables, &site);
}

static void emit_wait_until(Emit *e, const SsaTerm *term, SsaBlockId next)
{
    uint32_t operand = emit_operand(e, term->args[0]);
    emit_live_use(e, term->args, 1);
    bool moved = emit_edge_moves(e, &term->edges[0]);
    VM_CHECK(!moved);
    uint32_t site = wait_site(e);
    emit_op(e, BC_recv_wait_until);
    emit_word(e, emit_block_label(e, term->edges[0].block));
    emit_word(e, operand);
    emit_word(e, site);
    emit_state_lose_x(e);
    e->reserve = 0;
    emit_edge_here(e, &term->edges[1], next);
}

static void emit_receive(Emit *e, const SsaTerm *term, SsaBlockId next)
{
    if (term->kind == SSA_T_RECV_PEEK) {
        EmitRow row = term_row(term, BC_recv_peek);
        row.line = (SsaLine){0};
        row.fail = &term->edges[1];
        row.result = term->result;
        row.may_raise = true;
        emit_row(e, &row);
        emit_edge_here(e, &term->edges[0], next);
    } else if (term->kind == SSA_T_RECV_NEXT) {
        emit_edge_moves(e, &term->edges[0]);
        emit_op(e, BC_recv_next);
        emit_word(e, emit_block_label(e, term->edges[0].block));
    } else if (term->kind == SSA_T_RECV_WAIT) {
        emit_edge_moves(e, &term->edges[0]);
        uint32_t site = wait_site(e);
        emit_op(e, BC_recv_wait);
        emit_word(e, emit_block_label(e, term->edges[0].block));
        emit_word(e, site);
    } else {
        emit_wait_until(e, term, next);
    }
}

void emit_term(Emit *e, SsaBlockId next)
{
    const SsaTerm *term = &e->block->term;
    e->ahead = emit_arity_ahead(e, e->block, e->block->instrs.count);
    switch (term->kind) {
    case SSA_T_RETURN:
        emit_return(e, term);
        break;
    case SSA_T_JUMP:
        emit_edge_here(e, &term->edges[0], next);
        break;
    case SSA_T_TEST:
        emit_test(e, term, next);
        break;
    case SSA_T_GUARD:
        emit_guard(e, term, next);
        break;
    case SSA_T_SWITCH:
    case SSA_T_SWITCH_ARITY:
        emit_switch(e, term, next);
        break;
    case SSA_T_TAIL_CALL:
        emit_tail_call(e, term);
        break;
    case SSA_T_FAIL:
        emit_raising(e, term, BC_fail);
        break;
    case SSA_T_FUNCTION_CLAUSE:
        emit_raising(e, term, BC_function_clause);
        break;
    case SSA_T_RAISE:
        emit_raising(e, term, BC_raise);
        break;
    default:
        emit_receive(e, term, next);
        break;
    }
    for (uint32_t n = 0; n < term->edge_count; n++) {
        emit_live_use(e, term->edges[n].args, term->edges[n].arg_count);
    }
}
