/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/ssa/ssa_thread.c: an edge that brings a constant to a block that does nothing but test
 * it leads at once to where that test would. `case A andalso B of` needs no boolean then. */
#include "compiler/ssa/ssa_pass.h"

/* The parameter that the block's terminator tests, or param_count. */
static uint32_t tested_param(const SsaBlock *block)
{
    const SsaTerm *term = &block->term;
    if ((term->kind != SSA_T_TEST && term->kind != SSA_T_SWITCH) || term->arg_count == 0 ||
        term->args[0].konst) {
        return block->param_count;
    }
    uint32_t p = 0;
    while (p < block->param_count && block->params[p] != term->args[0].value) {
        p++;
    }
    return p;
}

static int switch_edge(const SsaTerm *term, const Konst *k)
{
    uint32_t i = 0;
    while (i < term->key_count && !konst_same(term->keys[i], k)) {
        i++;
    }
    return (int)i;
}

/* The edge that the block's terminator takes for constant k; -1: not known. */
static int edge_for(const SsaTerm *term, const Konst *k)
{
    if (k->kind != KONST_ATOM && k->kind != KONST_INT && k->kind != KONST_NIL) {
        return -1;
    }
    if (term->kind == SSA_T_SWITCH) {
        return switch_edge(term, k);
    }
    int outcome = -1;
    if (term->test == BC_is_true) {
        outcome = konst_is_atom(k, "true");
    } else if ((term->test == BC_is_eq_exact || term->test == BC_is_ne_exact) &&
               term->args[1].konst) {
        outcome = ssa_eval_compare(term->test == BC_is_eq_exact ? 6 : 7, k, term->args[1].konst);
    }
    return outcome < 0 ? -1 : outcome == 0;
}

void ssa_thread(SsaModule *module, SsaFunction *function)
{
    SsaGraph graph;
    ssa_graph_make(&graph, function);
    const uint32_t *uses = ssa_count_uses(function, &graph.arena);
    for (uint32_t i = 1; i < graph.order_count; i++) {
        const SsaBlock *block = ssa_block_at(function, graph.order[i]);
        uint32_t p = tested_param(block);
        if (p == block->param_count || block->instrs.count > 0 ||
            ssa_is_handler(&graph, block->id) || !ssa_params_stay(block, uses)) {
            continue;
        }
        for (uint32_t n = graph.pred_start[block->id]; n < graph.pred_start[block->id + 1]; n++) {
            SsaBlock *from = ssa_block_at(function, graph.preds[n].block);
            SsaEdge *edge = &from->term.edges[graph.preds[n].edge];
            if (edge->block != block->id || !edge->args[p].konst) {
                continue;
            }
            int way = edge_for(&block->term, edge->args[p].konst);
            if (way >= 0) {
                *edge = ssa_edge_through(module, edge, block, &block->term.edges[way]);
            }
        }
    }
    ssa_graph_free(&graph);
}
