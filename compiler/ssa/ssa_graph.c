/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/ssa/ssa_graph.c: reverse postorder, predecessors, dominance between points
 * (Cooper, Harvey, Kennedy: "A simple, fast dominance algorithm", in one round as the only loops
 * are those of receive). No recursion, nothing quadratic: a function may have a hundred thousand
 * blocks in a row. */
#include "compiler/ssa/ssa_graph.h"

#include <string.h>

bool ssa_term_has_result(const SsaTerm *term)
{
    return (term->kind == SSA_T_GUARD || term->kind == SSA_T_RECV_PEEK) && term->result != 0;
}

bool ssa_term_may_raise(const SsaTerm *term)
{
    switch (term->kind) {
    case SSA_T_FAIL:
    case SSA_T_FUNCTION_CLAUSE:
    case SSA_T_RAISE:
    case SSA_T_RECV_PEEK:
    case SSA_T_RECV_WAIT:
    case SSA_T_RECV_WAIT_UNTIL:
    case SSA_T_TAIL_CALL:
        return true;
    default:
        return false;
    }
}

bool ssa_block_may_raise(const SsaBlock *block)
{
    for (size_t i = 0; i < block->instrs.count; i++) {
        if (ssa_op_info[block->instrs.items[i].op].flags & SSAF_RAISE) {
            return true;
        }
    }
    return ssa_term_may_raise(&block->term);
}

/* Successor number n of the block, counted so that the handler is visited first and the first edge
 * last: in reverse postorder the first edge's target then follows the block. 0: no more. */
static SsaBlockId successor(const SsaBlock *block, uint32_t n)
{
    if (block->handler && ssa_block_may_raise(block)) {
        if (n == 0) {
            return block->handler;
        }
        n--;
    }
    uint32_t edges = block->term.edge_count;
    return n < edges ? block->term.edges[edges - 1 - n].block : 0;
}

static void make_order(SsaGraph *graph)
{
    typedef struct {
        SsaBlockId block;
        uint32_t next;
    } Visit;
    const SsaFunction *function = graph->function;
    uint32_t count = graph->count;
    Visit *stack = ARENA_ARRAY(&graph->arena, Visit, count + 1);
    uint32_t depth = 0, left = count;
    SsaBlockId *order = ARENA_ARRAY(&graph->arena, SsaBlockId, count + 1);
    memset(graph->position, 0xff, (count + 1) * sizeof(uint32_t));
    if (count > 0) {
        stack[depth++] = (Visit){1, 0};
        graph->position[1] = 0;
    }
    while (depth > 0) {
        Visit *top = &stack[depth - 1];
        SsaBlockId next = successor(ssa_block_at(function, top->block), top->next++);
        if (next == 0) {
            order[--left] = top->block;
            depth--;
        } else if (graph->position[next] == SSA_UNREACHABLE) {
            graph->position[next] = 0;
            stack[depth++] = (Visit){next, 0};
        }
    }
    graph->order = order + left;
    graph->order_count = count - left;
    for (uint32_t i = 0; i < graph->order_count; i++) {
        graph->position[graph->order[i]] = i;
    }
}

static void add_pred(SsaGraph *graph, uint32_t *fill, SsaBlockId target, SsaPred pred)
{
    if (fill) {
        graph->preds[fill[target]++] = pred;
    } else {
        graph->pred_start[target + 1]++;
    }
}

static void each_pred(SsaGraph *graph, uint32_t *fill)
{
    for (uint32_t i = 0; i < graph->order_count; i++) {
        const SsaBlock *block = ssa_block_at(graph->function, graph->order[i]);
        for (uint32_t e = 0; e < block->term.edge_count; e++) {
            add_pred(graph, fill, block->term.edges[e].block, (SsaPred){block->id, e});
        }
        if (block->handler && ssa_block_may_raise(block)) {
            add_pred(graph, fill, block->handler, (SsaPred){block->id, SSA_HANDLER_EDGE});
        }
    }
}

static void make_preds(SsaGraph *graph)
{
    uint32_t count = graph->count;
    graph->pred_start = ARENA_ARRAY(&graph->arena, uint32_t, count + 2);
    each_pred(graph, NULL);
    for (uint32_t i = 1; i <= count + 1; i++) {
        graph->pred_start[i] += graph->pred_start[i - 1];
    }
    graph->preds = ARENA_ARRAY(&graph->arena, SsaPred, graph->pred_start[count + 1]);
    uint32_t *fill = ARENA_ARRAY(&graph->arena, uint32_t, count + 2);
    memcpy(fill, graph->pred_start, (count + 2) * sizeof(uint32_t));
    each_pred(graph, fill);
}

void ssa_graph_make(SsaGraph *graph, const SsaFunction *function)
{
    *graph = (SsaGraph){.function = function, .count = (uint32_t)function->blocks.count};
    graph->position = ARENA_ARRAY(&graph->arena, uint32_t, graph->count + 1);
    make_order(graph);
    make_preds(graph);
}

void ssa_graph_free(SsaGraph *graph)
{
    arena_free(&graph->arena);
}

static uint32_t point_of(SsaBlockId block, SsaPoint point)
{
    return block * 3 + (uint32_t)point;
}

/* The dominator tree as it grows. jump leads to a dominator further up, so that going up takes
 * logarithmic time (Myers, "An applicative random-access stack", 1983). */
typedef struct {
    uint32_t *idom; /* by point; 0: not in the tree yet */
    uint32_t *depth;
    uint32_t *jump;
} Tree;

static void tree_add(Tree *t, uint32_t point, uint32_t parent)
{
    uint32_t far = t->jump[parent];
    bool even = t->depth[parent] - t->depth[far] == t->depth[far] - t->depth[t->jump[far]];
    t->idom[point] = parent;
    t->depth[point] = t->depth[parent] + 1;
    t->jump[point] = even ? t->jump[far] : parent;
}

/* Nearest common dominator. */
static uint32_t intersect(const Tree *t, uint32_t a, uint32_t b)
{
    if (t->depth[a] < t->depth[b]) {
        uint32_t other = a;
        a = b;
        b = other;
    }
    while (t->depth[a] > t->depth[b]) {
        a = t->depth[t->jump[a]] >= t->depth[b] ? t->jump[a] : t->idom[a];
    }
    while (a != b) {
        bool far = t->jump[a] != t->jump[b];
        a = far ? t->jump[a] : t->idom[a];
        b = far ? t->jump[b] : t->idom[b];
    }
    return a;
}

static uint32_t pred_point(const SsaGraph *graph, SsaPred pred)
{
    const SsaBlock *block = ssa_block_at(graph->function, pred.block);
    if (pred.edge == SSA_HANDLER_EDGE) {
        return point_of(pred.block, SSA_AT_START);
    }
    return point_of(pred.block,
                    pred.edge == 0 && ssa_term_has_result(&block->term) ? SSA_ON_EDGE : SSA_AT_END);
}

/* The idom of a block's start from those ways in that are in the tree. */
static uint32_t start_idom(const SsaGraph *graph, const Tree *t, SsaBlockId block)
{
    uint32_t best = 0;
    for (uint32_t p = graph->pred_start[block]; p < graph->pred_start[block + 1]; p++) {
        uint32_t point = pred_point(graph, graph->preds[p]);
        if (t->idom[point] != 0) {
            best = best == 0 ? point : intersect(t, best, point);
        }
    }
    return best;
}

/* One walk in reverse postorder. Ways back (only receive loops have them) come from what the block
 * itself dominates, so they tell nothing new. */
static void find_idoms(SsaGraph *graph, Tree *t)
{
    for (uint32_t i = 0; i < graph->order_count; i++) {
        uint32_t start = point_of(graph->order[i], SSA_AT_START);
        if (i == 0) {
            t->idom[start] = t->jump[start] = start;
        } else {
            tree_add(t, start, start_idom(graph, t, graph->order[i]));
        }
        tree_add(t, start + 1, start);
        tree_add(t, start + 2, start + 1);
    }
}

void ssa_graph_dominance(SsaGraph *graph)
{
    uint32_t points = graph->count * 3 + 3;
    graph->idom = ARENA_ARRAY(&graph->arena, uint32_t, points);
    graph->enter = ARENA_ARRAY(&graph->arena, uint32_t, points);
    graph->leave = ARENA_ARRAY(&graph->arena, uint32_t, points);
    if (graph->order_count == 0) {
        return;
    }
    Tree tree = {graph->idom, ARENA_ARRAY(&graph->arena, uint32_t, points),
                 ARENA_ARRAY(&graph->arena, uint32_t, points)};
    find_idoms(graph, &tree);
    /* Subtree sizes bottom up, then intervals top down: children have higher ranks. */
    uint32_t *by_rank = ARENA_ARRAY(&graph->arena, uint32_t, points);
    uint32_t live = graph->order_count * 3;
    for (uint32_t i = 0; i < live; i++) {
        by_rank[i] = point_of(graph->order[i / 3], i % 3);
        graph->leave[by_rank[i]] = 1;
    }
    for (uint32_t i = live; i-- > 1;) {
        graph->leave[graph->idom[by_rank[i]]] += graph->leave[by_rank[i]];
    }
    uint32_t *next = ARENA_ARRAY(&graph->arena, uint32_t, points);
    for (uint32_t i = 0; i < live; i++) {
        uint32_t point = by_rank[i];
        if (i > 0) {
            uint32_t parent = graph->idom[point];
            graph->enter[point] = next[parent];
            next[parent] += graph->leave[point];
        }
        next[point] = graph->enter[point] + 1;
    }
    for (uint32_t i = 0; i < live; i++) {
        graph->leave[by_rank[i]] += graph->enter[by_rank[i]];
    }
}

bool ssa_graph_dominates(const SsaGraph *graph, SsaBlockId a, SsaPoint a_point, SsaBlockId b,
                         SsaPoint b_point)
{
    uint32_t pa = point_of(a, a_point), pb = point_of(b, b_point);
    return graph->enter[pa] <= graph->enter[pb] && graph->enter[pb] < graph->leave[pa];
}
