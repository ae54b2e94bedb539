/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/ssa/ssa_inline.c: calls of small functions of this module that neither call, raise nor
 * wait: nobody can tell that they were not called. (One that raises would be missing from the stack
 * trace.) Such functions call nothing, so one round does it all. */
#include "compiler/ssa/ssa_pass.h"

#include <string.h>

enum { MOST_BLOCKS = 8, MOST_INSTRS = 12, MOST_EMPTY = 64 };

static bool is_harmless_end(const SsaTerm *term)
{
    switch (term->kind) {
    case SSA_T_RETURN:
    case SSA_T_JUMP:
    case SSA_T_TEST:
    case SSA_T_SWITCH:
    case SSA_T_SWITCH_ARITY:
        return true;
    default:
        return false;
    }
}

static bool is_small(const SsaFunction *function)
{
    uint32_t blocks = 0, instrs = 0;
    if (function->blocks.count > MOST_EMPTY) {
        return false; /* most may be wiped, but looking at them at each call would cost too much */
    }
    for (size_t i = 0; i < function->blocks.count; i++) {
        const SsaBlock *block = function->blocks.items[i];
        if (block->term.kind == SSA_T_NONE) {
            continue;
        }
        blocks++;
        instrs += (uint32_t)block->instrs.count;
        if (blocks > MOST_BLOCKS || instrs > MOST_INSTRS || !is_harmless_end(&block->term)) {
            return false;
        }
        for (size_t n = 0; n < block->instrs.count; n++) {
            if ((ssa_op_info[block->instrs.items[n].op].flags & SSAF_PURE) == 0) {
                return false;
            }
        }
    }
    return true;
}

typedef struct {
    SsaModule *module;
    SsaFunction *into;
    const SsaFunction *from;
    SsaBlock *after;   /* takes the result */
    SsaBlock **copies; /* by block of from */
    SsaValue *values;  /* by value of from */
} Inline;

static SsaArg map_arg(const Inline *in, SsaArg arg)
{
    return arg.konst ? arg : ssa_use(in->values[arg.value]);
}

static SsaArg *map_args(const Inline *in, const SsaArg *args, uint32_t count)
{
    SsaArg *mapped = ARENA_ARRAY(in->module->arena, SsaArg, count);
    for (uint32_t a = 0; a < count; a++) {
        mapped[a] = map_arg(in, args[a]);
    }
    return mapped;
}

static void make_copies(Inline *in)
{
    for (size_t i = 0; i < in->from->blocks.count; i++) {
        const SsaBlock *block = in->from->blocks.items[i];
        if (block->term.kind == SSA_T_NONE) {
            continue;
        }
        SsaBlock *copy = ssa_block_new(in->module, in->into, block->param_count);
        in->copies[block->id] = copy;
        for (uint32_t p = 0; p < block->param_count; p++) {
            in->values[block->params[p]] = copy->params[p];
        }
        for (size_t n = 0; n < block->instrs.count; n++) {
            in->values[block->instrs.items[n].result] = ssa_value_new(in->into);
        }
    }
}

static void copy_term(Inline *in, SsaBlock *copy, const SsaTerm *term)
{
    if (term->kind == SSA_T_RETURN && in->after) {
        SsaEdge edge = {
            .block = in->after->id, .args = map_args(in, term->args, 1), .arg_count = 1};
        ssa_terminate(in->module, copy, SSA_T_JUMP, NULL, 0, &edge, 1);
        return;
    }
    copy->term = *term;
    copy->term.args = map_args(in, term->args, term->arg_count);
    copy->term.edges = ARENA_ARRAY(in->module->arena, SsaEdge, term->edge_count);
    for (uint32_t e = 0; e < term->edge_count; e++) {
        const SsaEdge *edge = &term->edges[e];
        copy->term.edges[e] = (SsaEdge){.block = in->copies[edge->block]->id,
                                        .args = map_args(in, edge->args, edge->arg_count),
                                        .arg_count = edge->arg_count};
    }
}

static void copy_block(Inline *in, const SsaBlock *block)
{
    SsaBlock *copy = in->copies[block->id];
    for (size_t n = 0; n < block->instrs.count; n++) {
        SsaInstr instr = block->instrs.items[n];
        instr.args = map_args(in, instr.args, instr.arg_count);
        instr.result = in->values[instr.result];
        vec_push(&copy->instrs, instr);
    }
    copy_term(in, copy, &block->term);
}

/* The copy of the function for a call with args in block; in->after takes the result, or NULL. */
static void put_copy(Inline *in, SsaBlock *block, uint32_t callee, const SsaArg *args,
                     uint32_t arg_count)
{
    Arena scratch = {0};
    in->from = in->module->functions.items[callee];
    in->copies = ARENA_ARRAY(&scratch, SsaBlock *, in->from->blocks.count + 1);
    in->values = ARENA_ARRAY(&scratch, SsaValue, in->from->value_count + 1);
    make_copies(in);
    for (size_t i = 0; i < in->from->blocks.count; i++) {
        if (in->from->blocks.items[i]->term.kind != SSA_T_NONE) {
            copy_block(in, in->from->blocks.items[i]);
        }
    }
    ssa_make_jump(in->module, block, ssa_edge(in->module, in->copies[1]->id, args, arg_count));
    arena_free(&scratch);
}

/* Cuts block behind its call number index and puts the function in between. */
static void inline_call(SsaModule *module, SsaFunction *into, SsaBlock *block, size_t index)
{
    SsaInstr call = block->instrs.items[index];
    Inline in = {.module = module, .into = into};
    in.after = ssa_block_new(module, into, 1);
    if (call.result) {
        in.after->params[0] = call.result;
    }
    in.after->handler = block->handler;
    in.after->likely_failure = block->likely_failure;
    in.after->term = block->term;
    for (size_t n = index + 1; n < block->instrs.count; n++) {
        vec_push(&in.after->instrs, block->instrs.items[n]);
    }
    block->instrs.count = index;
    put_copy(&in, block, call.callee, call.args, call.arg_count);
}

static void inline_tail_call(SsaModule *module, SsaFunction *into, SsaBlock *block)
{
    Inline in = {.module = module, .into = into};
    put_copy(&in, block, block->term.callee, block->term.args, block->term.arg_count);
}

static bool should_inline(const SsaModule *module, const SsaFunction *into, uint32_t callee)
{
    const SsaFunction *function = module->functions.items[callee];
    return function != into && is_small(function);
}

/* From the last call of a block to its first, so that what stands behind a call is moved once. */
void ssa_inline(SsaModule *module, SsaFunction *function)
{
    size_t count = function->blocks.count; /* copies call nothing */
    for (size_t b = 0; b < count; b++) {
        SsaBlock *block = function->blocks.items[b];
        if (block->term.kind == SSA_T_TAIL_CALL && block->term.op == SSA_call &&
            should_inline(module, function, block->term.callee)) {
            inline_tail_call(module, function, block);
        }
        for (size_t n = block->instrs.count; n-- > 0;) {
            const SsaInstr *instr = &block->instrs.items[n];
            if (instr->op == SSA_call && should_inline(module, function, instr->callee)) {
                inline_call(module, function, block, n);
            }
        }
    }
}
