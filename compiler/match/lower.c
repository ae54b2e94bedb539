/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/match/lower.c: functions; emitting, and going on where several ways meet. */
#include "compiler/match/lower.h"
#include "vm/base/bug.h"
#include <string.h>

SsaBlock *lower_block(Lower *l, uint32_t param_count)
{
    SsaBlock *block = ssa_block_new(l->ssa, l->f, param_count);
    block->handler = l->handler;
    return block;
}

static SsaLine ssa_line(CoreLine line)
{
    return (SsaLine){line.line, line.file};
}

SsaArg lower_nil(const Lower *l)
{
    return ssa_konst(l->nil);
}

SsaArg lower_konst_int(Lower *l, int64_t value)
{
    return ssa_konst(konst_int(l->arena, value));
}

SsaArg *lower_args(Lower *l, uint32_t count)
{
    return ARENA_ARRAY(l->scratch, SsaArg, count + 1);
}

SsaInstr *lower_instr(Lower *l, SsaOp op, const SsaArg *args, uint32_t count, CoreLine line)
{
    SsaInstr *instr = ssa_append(l->ssa, l->f, l->block, op, args, count);
    instr->line = ssa_line(line);
    if ((ssa_op_info[op].flags & SSAF_RAISE) && line.line != 0) {
        l->last_line = line;
    }
    return instr;
}

/* A GUARD: goes on in a new block with the result, or to l->fail. */
static SsaTerm *guard(Lower *l, SsaOp op, const SsaArg *args, uint32_t count, CoreLine line)
{
    SsaBlock *next = lower_block(l, 0);
    SsaEdge edges[2] = {ssa_edge(l->ssa, next->id, NULL, 0), ssa_edge(l->ssa, l->fail, NULL, 0)};
    SsaTerm *term = ssa_terminate(l->ssa, l->block, SSA_T_GUARD, args, count, edges, 2);
    term->op = op;
    term->line = ssa_line(line);
    term->result = ssa_value_new(l->f);
    l->block = next;
    return term;
}

SsaArg lower_emit(Lower *l, SsaOp op, const SsaArg *args, uint32_t count, CoreLine line)
{
    if (l->fail != 0 && (ssa_op_info[op].flags & SSAF_RAISE) && op != SSA_map_new) {
        return ssa_use(guard(l, op, args, count, line)->result);
    }
    return ssa_use(lower_instr(l, op, args, count, line)->result);
}

SsaArg lower_emit_bif(Lower *l, BcImport import, const SsaArg *args, uint32_t count, CoreLine line)
{
    if (l->fail != 0) {
        SsaTerm *term = guard(l, SSA_bif, args, count, line);
        term->import = import;
        return ssa_use(term->result);
    }
    SsaInstr *instr = lower_instr(l, SSA_bif, args, count, line);
    instr->import = import;
    return ssa_use(instr->result);
}

SsaTerm *lower_end(Lower *l, SsaTermKind kind, const SsaArg *args, uint32_t arg_count,
                   const SsaEdge *edges, uint32_t edge_count, CoreLine line)
{
    SsaTerm *term = ssa_terminate(l->ssa, l->block, kind, args, arg_count, edges, edge_count);
    term->line = ssa_line(line);
    l->block = NULL;
    return term;
}

void lower_jump_with(Lower *l, SsaBlock *from, SsaBlock *target, const SsaArg *args)
{
    SsaEdge edge = ssa_edge(l->ssa, target->id, args, target->param_count);
    ssa_terminate(l->ssa, from, SSA_T_JUMP, NULL, 0, &edge, 1);
}

void lower_jump(Lower *l, SsaBlockId target)
{
    SsaEdge edge = ssa_edge(l->ssa, target, NULL, 0);
    ssa_terminate(l->ssa, l->block, SSA_T_JUMP, NULL, 0, &edge, 1);
    l->block = NULL;
}

void lower_test(Lower *l, BcOpcode test, uint32_t imm, const SsaArg *args, uint32_t count,
                SsaBlockId yes, SsaBlockId no)
{
    SsaEdge edges[2] = {ssa_edge(l->ssa, yes, NULL, 0), ssa_edge(l->ssa, no, NULL, 0)};
    SsaTerm *term = ssa_terminate(l->ssa, l->block, SSA_T_TEST, args, count, edges, 2);
    term->test = test;
    term->imm = imm;
    l->block = NULL;
}

void lower_fail(Lower *l, BcFail fail, SsaArg value, CoreLine line)
{
    l->block->likely_failure = true;
    lower_end(l, SSA_T_FAIL, &value, 1, NULL, 0, line)->imm = fail;
}

SsaArg lower_register(Lower *l, SsaArg arg)
{
    if (arg.konst == NULL || l->block == NULL) {
        return arg;
    }
    return ssa_use(ssa_append(l->ssa, l->f, l->block, SSA_copy, &arg, 1)->result);
}

void lower_atom_branch(Lower *l, SsaArg value, const Konst *konst, SsaBlockId yes, SsaBlockId no)
{
    if (value.konst != NULL) {
        lower_jump(l, konst_same(value.konst, konst) ? yes : no);
        return;
    }
    SsaArg args[2] = {value, ssa_konst(konst)};
    lower_test(l, BC_is_eq_exact, 0, args, 2, yes, no);
}

void lower_exit(Lower *l, LowerJoin *join, const SsaArg *args)
{
    if (l->block == NULL) {
        return;
    }
    LowerExit exit = {l->block, lower_args(l, join->arg_count)};
    if (join->arg_count > 0) {
        memcpy(exit.args, args, join->arg_count * sizeof(SsaArg));
    }
    vec_push(&join->exits, exit);
    l->block = NULL;
}

void lower_join(Lower *l, LowerJoin *join, SsaArg *args)
{
    if (join->exits.count == 0) {
        l->block = NULL;
        for (uint32_t i = 0; i < join->arg_count; i++) {
            args[i] = lower_nil(l);
        }
        return;
    }
    if (join->exits.count == 1 && join->exits.items[0].block->handler == l->handler) {
        l->block = join->exits.items[0].block;
        if (join->arg_count > 0) {
            memcpy(args, join->exits.items[0].args, join->arg_count * sizeof(SsaArg));
        }
        vec_free(&join->exits);
        return;
    }
    SsaBlock *block = lower_block(l, join->arg_count);
    for (size_t i = 0; i < join->exits.count; i++) {
        lower_jump_with(l, join->exits.items[i].block, block, join->exits.items[i].args);
    }
    for (uint32_t i = 0; i < join->arg_count; i++) {
        args[i] = ssa_use(block->params[i]);
    }
    l->block = block;
    vec_free(&join->exits);
}

LowerJoin lower_join_new(LowerMode mode, uint32_t exports)
{
    return (LowerJoin){.arg_count = exports + (mode == LOWER_VALUE)};
}

void lower_finish(Lower *l, LowerJoin *join, LowerMode mode, SsaArg value, const CoreVar *from,
                  uint32_t count)
{
    if (l->block == NULL || mode == LOWER_TAIL) {
        return;
    }
    SsaArg *args = lower_args(l, join->arg_count);
    uint32_t at = 0;
    if (mode == LOWER_VALUE) {
        args[at++] = value;
    }
    for (uint32_t i = 0; i < count; i++) {
        args[at++] = l->env[from[i]];
    }
    lower_exit(l, join, args);
}

SsaArg lower_continue(Lower *l, LowerJoin *join, LowerMode mode, CoreVars exports)
{
    if (mode == LOWER_TAIL) {
        l->block = NULL;
        return lower_nil(l);
    }
    SsaArg *args = lower_args(l, join->arg_count);
    lower_join(l, join, args);
    uint32_t at = mode == LOWER_VALUE;
    for (uint32_t i = 0; i < exports.count; i++) {
        l->env[exports.items[i]] = args[at + i];
    }
    return mode == LOWER_VALUE ? args[0] : lower_nil(l);
}

static void mark(const SsaFunction *f, bool *seen, SsaBlockId *stack, size_t *depth, SsaBlockId id)
{
    if (id != 0 && !seen[id]) {
        seen[id] = true;
        stack[(*depth)++] = id;
    }
}

/* Empties blocks that nothing leads to. */
static void sweep(Lower *l)
{
    SsaFunction *f = l->f;
    size_t count = f->blocks.count;
    bool *seen = ARENA_ARRAY(l->scratch, bool, count + 1);
    SsaBlockId *stack = ARENA_ARRAY(l->scratch, SsaBlockId, count + 1);
    size_t depth = 0;
    mark(f, seen, stack, &depth, 1);
    while (depth > 0) {
        SsaBlock *block = f->blocks.items[stack[--depth] - 1];
        VM_ASSERT(block->term.kind != SSA_T_NONE);
        mark(f, seen, stack, &depth, block->handler);
        for (uint32_t i = 0; i < block->term.edge_count; i++) {
            mark(f, seen, stack, &depth, block->term.edges[i].block);
        }
    }
    for (size_t i = 0; i < count; i++) {
        SsaBlock *block = f->blocks.items[i];
        if (!seen[block->id]) {
            memset(&block->term, 0, sizeof block->term);
            block->instrs.count = 0;
            block->handler = 0;
        }
    }
}

static void lower_function(Lower *l, uint32_t index)
{
    const CoreFunction *function = l->core->functions.items[index];
    Arena scratch = {0};
    l->function = function;
    l->f = l->ssa->functions.items[index];
    l->scratch = &scratch;
    l->env = ARENA_ARRAY(&scratch, SsaArg, function->var_count + 1);
    l->handler = 0;
    l->fail = 0;
    l->maybe = NULL;
    l->last_line = function->line;
    l->block = lower_block(l, function->arity);
    for (uint32_t i = 0; i < function->arity; i++) {
        l->env[function->params[i]] = ssa_use(l->block->params[i]);
    }
    lower_expr(l, function->body, LOWER_TAIL);
    sweep(l);
    arena_free(&scratch);
}

SsaModule *core_to_ssa(const CoreModule *core, Arena *arena)
{
    SsaModule *ssa = ssa_module_new(arena, core->name);
    Lower lower = {.ssa = ssa, .core = core, .arena = arena};
    lower.nil = konst_nil(arena);
    lower.atom_true = konst_atom(arena, "true", 4);
    lower.atom_false = konst_atom(arena, "false", 5);
    ssa->attributes = core->attributes;
    ssa->compile = core->compile;
    ssa->on_load = core->on_load;
    for (size_t i = 0; i < core->files.count; i++) {
        vec_push(&ssa->files, core->files.items[i]);
    }
    for (size_t i = 0; i < core->functions.count; i++) {
        const CoreFunction *function = core->functions.items[i];
        SsaFunction *f = ssa_function_new(ssa, function->name, function->arity);
        f->lambda_arity = function->lambda_arity;
        f->is_lambda = function->is_lambda;
        f->exported = function->exported;
        f->line = ssa_line(function->line);
    }
    for (size_t i = 0; i < core->functions.count; i++) {
        lower_function(&lower, (uint32_t)i);
    }
    return ssa;
}
