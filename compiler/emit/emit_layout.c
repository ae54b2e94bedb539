/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/emit/emit_layout.c: the order of the blocks in the code: reverse postorder, so that a
 * block's first edge mostly falls through, and what only fails at the end.
 * Promise: each block but the entry and the handlers stands behind one of its predecessors. */
#include "compiler/emit/emit_function.h"

static bool ends_in_failure(const SsaBlock *block)
{
    switch (block->term.kind) {
    case SSA_T_FAIL:
    case SSA_T_FUNCTION_CLAUSE:
    case SSA_T_RAISE:
        return true;
    default:
        return false;
    }
}

static void find_failing(const Emit *e, bool *failing)
{
    for (uint32_t i = e->graph.order_count; i-- > 0;) {
        const SsaBlock *block = ssa_block_at(e->function, e->graph.order[i]);
        bool all = block->term.edge_count > 0;
        for (uint32_t n = 0; n < block->term.edge_count; n++) {
            all = all && failing[block->term.edges[n].block];
        }
        failing[block->id] =
            all || ends_in_failure(block) || (block->likely_failure && block->term.edge_count == 0);
    }
}

/* True if a predecessor (or a block it handles) is laid out in the first part. */
static bool is_entered_early(const Emit *e, const bool *early, SsaBlockId block)
{
    for (uint32_t p = e->graph.pred_start[block]; p < e->graph.pred_start[block + 1]; p++) {
        if (early[e->graph.preds[p].block]) {
            return true;
        }
    }
    return block == 1;
}

void emit_layout(Emit *e)
{
    uint32_t blocks = e->graph.count + 1;
    bool *failing = ARENA_ARRAY(&e->arena, bool, blocks);
    bool *early = ARENA_ARRAY(&e->arena, bool, blocks);
    find_failing(e, failing);
    e->layout = ARENA_ARRAY(&e->arena, SsaBlockId, blocks);
    e->place_of = ARENA_ARRAY(&e->arena, uint32_t, blocks);
    for (uint32_t part = 0; part < 2; part++) {
        for (uint32_t i = 0; i < e->graph.order_count; i++) {
            SsaBlockId block = e->graph.order[i];
            if (part == 0) {
                early[block] = block == 1 || (!failing[block] && is_entered_early(e, early, block));
            }
            if (early[block] == (part == 0)) {
                e->place_of[block] = e->layout_count;
                e->layout[e->layout_count++] = block;
            }
        }
    }
}
