/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/ssa/ssa.c: building functions, blocks, instructions and terminators. */
#include "compiler/ssa/ssa.h"

#include "vm/base/bug.h"

#include <string.h>

const SsaOpInfo ssa_op_info[SSA__count] = {
#define SSA_OP(name, results, args, flags, meaning) {#name, results, args, flags},
#include "compiler/ssa/ssa_ops.def"
#undef SSA_OP
};

SsaModule *ssa_module_new(Arena *arena, const Konst *name)
{
    SsaModule *module = ARENA_NEW(arena, SsaModule);
    module->arena = arena;
    module->name = name;
    return module;
}

SsaFunction *ssa_function_new(SsaModule *module, const Konst *name, uint32_t arity)
{
    SsaFunction *function = ARENA_NEW(module->arena, SsaFunction);
    function->name = name;
    function->arity = arity;
    vec_push(&module->functions, function);
    return function;
}

SsaBlock *ssa_block_new(SsaModule *module, SsaFunction *function, uint32_t param_count)
{
    SsaBlock *block = ARENA_NEW(module->arena, SsaBlock);
    block->params = ARENA_ARRAY(module->arena, SsaValue, param_count);
    block->param_count = param_count;
    for (uint32_t i = 0; i < param_count; i++) {
        block->params[i] = ssa_value_new(function);
    }
    vec_push(&function->blocks, block);
    block->id = (SsaBlockId)function->blocks.count;
    return block;
}

SsaValue ssa_value_new(SsaFunction *function)
{
    return ++function->value_count;
}

SsaArg ssa_use(SsaValue value)
{
    return (SsaArg){.value = value};
}

SsaArg ssa_konst(const Konst *konst)
{
    return (SsaArg){.konst = konst};
}

static SsaArg *copy_args(SsaModule *module, const SsaArg *args, uint32_t count)
{
    SsaArg *copy = ARENA_ARRAY(module->arena, SsaArg, count);
    if (count > 0) {
        memcpy(copy, args, count * sizeof(SsaArg));
    }
    return copy;
}

SsaInstr *ssa_append(SsaModule *module, SsaFunction *function, SsaBlock *block, SsaOp op,
                     const SsaArg *args, uint32_t arg_count)
{
    SsaInstr instr = {.op = op, .arg_count = arg_count};
    instr.args = copy_args(module, args, arg_count);
    if (ssa_op_info[op].results) {
        instr.result = ssa_value_new(function);
    }
    if (block->instrs.room == 0) { /* most blocks stay small, and there are many */
        enum { FIRST_ROOM = 2 };
        block->instrs.items = alloc_must(FIRST_ROOM * sizeof instr);
        block->instrs.room = FIRST_ROOM;
    }
    vec_push(&block->instrs, instr);
    return &vec_last(&block->instrs);
}

SsaEdge ssa_edge(SsaModule *module, SsaBlockId target, const SsaArg *args, uint32_t arg_count)
{
    return (SsaEdge){
        .block = target, .args = copy_args(module, args, arg_count), .arg_count = arg_count};
}

SsaTerm *ssa_terminate(SsaModule *module, SsaBlock *block, SsaTermKind kind, const SsaArg *args,
                       uint32_t arg_count, const SsaEdge *edges, uint32_t edge_count)
{
    SsaTerm term = {.kind = kind, .arg_count = arg_count, .edge_count = edge_count};
    term.args = copy_args(module, args, arg_count);
    term.edges = ARENA_ARRAY(module->arena, SsaEdge, edge_count);
    if (edge_count > 0) {
        memcpy(term.edges, edges, edge_count * sizeof(SsaEdge));
    }
    block->term = term;
    return &block->term;
}

void ssa_module_free(SsaModule *module)
{
    for (size_t f = 0; f < module->functions.count; f++) {
        SsaFunction *function = module->functions.items[f];
        for (size_t b = 0; b < function->blocks.count; b++) {
            vec_free(&function->blocks.items[b]->instrs);
        }
        vec_free(&function->blocks);
    }
    vec_free(&module->functions);
    vec_free(&module->files);
}
