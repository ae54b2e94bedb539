/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/ssa/ssa_graph.h: what the blocks of one function are to each other: order, predecessors,
 * dominance. A snapshot: wrong as soon as an edge changes.
 *
 * Dominance is asked between points, not blocks. A block has three: its start (parameters, and
 * what a handler of it may rely on), its end (instructions done), its first edge (the result of a
 * GUARD or RECV_PEEK is there). */
#ifndef ACT_SSA_SSA_GRAPH_H
#define ACT_SSA_SSA_GRAPH_H

#include "compiler/ssa/ssa.h"

enum { SSA_UNREACHABLE = UINT32_MAX, SSA_HANDLER_EDGE = UINT32_MAX };

typedef enum { SSA_AT_START, SSA_AT_END, SSA_ON_EDGE } SsaPoint;

typedef struct {
    SsaBlockId block;
    uint32_t edge; /* index into its terminator's edges, or SSA_HANDLER_EDGE */
} SsaPred;

typedef struct {
    Arena arena;
    const SsaFunction *function;
    uint32_t count;    /* blocks of the function */
    SsaBlockId *order; /* reachable blocks, reverse postorder; first edges follow at once */
    uint32_t order_count;
    uint32_t *position;   /* by block id: index in order, or SSA_UNREACHABLE */
    uint32_t *pred_start; /* by block id, and one more: index into preds */
    SsaPred *preds;       /* from reachable blocks only */
    uint32_t *enter; /* by point: interval in the dominator tree; NULL before ssa_graph_dominance */
    uint32_t *leave;
    uint32_t *idom; /* by point */
} SsaGraph;

/* The order and the predecessors. Ends with ssa_graph_free. */
void ssa_graph_make(SsaGraph *graph, const SsaFunction *function);
/* Adds dominance. */
void ssa_graph_dominance(SsaGraph *graph);
void ssa_graph_free(SsaGraph *graph);

static inline bool ssa_graph_reaches(const SsaGraph *graph, SsaBlockId block)
{
    return graph->position[block] != SSA_UNREACHABLE;
}

static inline uint32_t ssa_graph_pred_count(const SsaGraph *graph, SsaBlockId block)
{
    return graph->pred_start[block + 1] - graph->pred_start[block];
}

/* True if every way to point b goes through point a (or they are the same). Both reachable. */
bool ssa_graph_dominates(const SsaGraph *graph, SsaBlockId a, SsaPoint a_point, SsaBlockId b,
                         SsaPoint b_point);

/* True if an instruction or the terminator of the block may go to its handler. */
bool ssa_block_may_raise(const SsaBlock *block);
bool ssa_term_may_raise(const SsaTerm *term);
/* True if the terminator's result is defined on its first edge. */
bool ssa_term_has_result(const SsaTerm *term);
ACT_INLINE SsaBlock *ssa_block_at(const SsaFunction *function, SsaBlockId id)
{
    return function->blocks.items[id - 1];
}

/* Calls visit for every use in the block: instructions in order, terminator, edges. */
typedef void (*SsaVisitArg)(void *context, SsaArg *arg);
ACT_INLINE void ssa_block_each_arg(SsaBlock *block, SsaVisitArg visit, void *context)
{
    for (size_t i = 0; i < block->instrs.count; i++) {
        SsaInstr *instr = &block->instrs.items[i];
        for (uint32_t a = 0; a < instr->arg_count; a++) {
            visit(context, &instr->args[a]);
        }
    }
    SsaTerm *term = &block->term;
    for (uint32_t a = 0; a < term->arg_count; a++) {
        visit(context, &term->args[a]);
    }
    for (uint32_t e = 0; e < term->edge_count; e++) {
        SsaEdge *edge = &term->edges[e];
        for (uint32_t a = 0; a < edge->arg_count; a++) {
            visit(context, &edge->args[a]);
        }
    }
}

#endif
