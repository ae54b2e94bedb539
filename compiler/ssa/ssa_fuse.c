/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/ssa/ssa_fuse.c: `is_tuple`, `is_arity`, first element `=:=` atom, one after the other
 * with the same way out, are one instruction each for two and for three of them. */
#include "compiler/ssa/ssa_pass.h"

static bool is_test(const SsaBlock *block, BcOpcode test)
{
    return block->term.kind == SSA_T_TEST && block->term.test == test;
}

/* The block that only block's first edge leads to, or NULL. */
static SsaBlock *next_of(const SsaGraph *graph, const SsaBlock *block)
{
    SsaBlock *next = ssa_block_at(graph->function, block->term.edges[0].block);
    bool alone = ssa_graph_pred_count(graph, next->id) == 1 && next->param_count == 0;
    return alone ? next : NULL;
}

static bool fails_alike(const SsaBlock *a, const SsaBlock *b)
{
    return ssa_same_edge(&a->term.edges[1], &b->term.edges[1]) &&
           ssa_same_arg(a->term.args[0], b->term.args[0]);
}

static bool fuse_arity(const SsaGraph *graph, SsaModule *module, SsaBlock *block)
{
    if (!is_test(block, BC_is_tuple)) {
        return false;
    }
    SsaBlock *next = next_of(graph, block);
    if (!next || !is_test(next, BC_is_arity) || next->instrs.count > 0 ||
        !fails_alike(block, next)) {
        return false;
    }
    block->term.test = BC_is_tuple_of;
    block->term.imm = next->term.imm;
    ssa_make_jump(module, next, next->term.edges[0]);
    return true;
}

static bool all_pure(const SsaBlock *block)
{
    for (size_t n = 0; n < block->instrs.count; n++) {
        unsigned flags = ssa_op_info[block->instrs.items[n].op].flags;
        if ((flags & SSAF_PURE) == 0 || (flags & SSAF_ALLOC) != 0) {
            return false;
        }
    }
    return true;
}

static const SsaInstr *find_definition(const SsaBlock *block, SsaArg arg)
{
    for (size_t n = 0; n < block->instrs.count; n++) {
        if (!arg.konst && block->instrs.items[n].result == arg.value) {
            return &block->instrs.items[n];
        }
    }
    return NULL;
}

static bool fuse_tag(const SsaGraph *graph, SsaModule *module, SsaBlock *block)
{
    if (!is_test(block, BC_is_tuple_of) || block->term.imm == 0) {
        return false;
    }
    SsaBlock *next = next_of(graph, block);
    if (!next || !is_test(next, BC_is_eq_exact) || !all_pure(next) ||
        !ssa_same_edge(&block->term.edges[1], &next->term.edges[1])) {
        return false;
    }
    SsaArg tag = next->term.args[1];
    const SsaInstr *first = find_definition(next, next->term.args[0]);
    if (!tag.konst || tag.konst->kind != KONST_ATOM || !first || first->op != SSA_element ||
        first->imm != 0 || !ssa_same_arg(first->args[0], block->term.args[0])) {
        return false;
    }
    SsaArg args[] = {block->term.args[0], tag};
    SsaEdge edges[] = {block->term.edges[0], block->term.edges[1]};
    uint32_t arity = block->term.imm;
    SsaTerm *term = ssa_terminate(module, block, SSA_T_TEST, args, 2, edges, 2);
    term->test = BC_is_tagged;
    term->imm = arity;
    ssa_make_jump(module, next, next->term.edges[0]);
    return true;
}

/* The next block of a fused one is a jump now; see through it for the second step. */
static void skip_jump(const SsaGraph *graph, SsaBlock *block)
{
    const SsaBlock *next = ssa_block_at(graph->function, block->term.edges[0].block);
    if (next->instrs.count == 0 && next->param_count == 0 && next->term.kind == SSA_T_JUMP) {
        block->term.edges[0] = next->term.edges[0];
    }
}

void ssa_fuse(SsaModule *module, SsaFunction *function)
{
    SsaGraph graph;
    ssa_graph_make(&graph, function);
    for (uint32_t i = 0; i < graph.order_count; i++) {
        SsaBlock *block = ssa_block_at(function, graph.order[i]);
        if (fuse_arity(&graph, module, block)) {
            skip_jump(&graph, block);
        }
        fuse_tag(&graph, module, block);
    }
    ssa_graph_free(&graph);
}
