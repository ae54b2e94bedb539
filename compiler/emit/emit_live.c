/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/emit/emit_live.c: which values each block needs from outside.
 *
 * Found value by value: from each use backwards to the definition, noting the value in each block
 * on the way. The work and the room are the sizes of the answers, so functions of very many blocks
 * and values stay cheap. */
#include "compiler/emit/emit_function.h"

#include <string.h>

typedef struct UseIn UseIn;
struct UseIn {
    SsaBlockId block;
    UseIn *next;
};

typedef struct {
    Emit *e;
    SsaBlockId *defined_in; /* by value */
    UseIn **used_in;        /* by value: blocks that need it from outside or use it */
    SsaBlockId block;
    uint32_t *room; /* by block, of live_in */
    uint32_t *mark; /* by block: last value noted there */
    VEC(SsaBlockId) work;
} Live;

static void note_use(void *context, SsaArg *arg)
{
    Live *live = context;
    if (arg->konst) {
        return;
    }
    SsaValue value = arg->value;
    live->e->uses[value]++;
    UseIn *first = live->used_in[value];
    if (live->defined_in[value] != live->block && (!first || first->block != live->block)) {
        UseIn *use = ARENA_NEW(&live->e->arena, UseIn);
        *use = (UseIn){live->block, first};
        live->used_in[value] = use;
    }
}

static void note_definitions(Live *live)
{
    const Emit *e = live->e;
    for (uint32_t i = 0; i < e->graph.order_count; i++) {
        const SsaBlock *block = ssa_block_at(e->function, e->graph.order[i]);
        for (uint32_t p = 0; p < block->param_count; p++) {
            live->defined_in[block->params[p]] = block->id;
        }
        for (size_t n = 0; n < block->instrs.count; n++) {
            live->defined_in[block->instrs.items[n].result] = block->id;
        }
        live->defined_in[block->term.result] = block->id;
    }
}

static void add_live_in(Live *live, SsaBlockId block, SsaValue value)
{
    Emit *e = live->e;
    if (e->live_count[block] == live->room[block]) {
        uint32_t room = live->room[block] * 2 + 4;
        SsaValue *bigger = ARENA_ARRAY(&e->arena, SsaValue, room);
        if (e->live_count[block] > 0) {
            memcpy(bigger, e->live_in[block], e->live_count[block] * sizeof(SsaValue));
        }
        e->live_in[block] = bigger;
        live->room[block] = room;
    }
    e->live_in[block][e->live_count[block]++] = value;
}

static void reach_back(Live *live, SsaValue value, SsaBlockId block)
{
    if (block != live->defined_in[value] && live->mark[block] != value) {
        live->mark[block] = value;
        add_live_in(live, block, value);
        vec_push(&live->work, block);
    }
}

static void find_live_in(Live *live, SsaValue value)
{
    const SsaGraph *graph = &live->e->graph;
    for (UseIn *use = live->used_in[value]; use; use = use->next) {
        reach_back(live, value, use->block);
        while (live->work.count > 0) {
            SsaBlockId block = vec_pop(&live->work);
            for (uint32_t p = graph->pred_start[block]; p < graph->pred_start[block + 1]; p++) {
                reach_back(live, value, graph->preds[p].block);
            }
        }
    }
}

void emit_live(Emit *e)
{
    uint32_t blocks = e->graph.count + 1, values = e->function->value_count + 1;
    Arena *arena = &e->arena;
    e->live_in = ARENA_ARRAY(arena, SsaValue *, blocks);
    e->live_count = ARENA_ARRAY(arena, uint32_t, blocks);
    e->uses = ARENA_ARRAY(arena, uint32_t, values);
    e->left = ARENA_ARRAY(arena, uint32_t, values);
    e->out_of = ARENA_ARRAY(arena, uint32_t, values);
    Live live = {.e = e,
                 .defined_in = ARENA_ARRAY(arena, SsaBlockId, values),
                 .used_in = ARENA_ARRAY(arena, UseIn *, values),
                 .room = ARENA_ARRAY(arena, uint32_t, blocks),
                 .mark = ARENA_ARRAY(arena, uint32_t, blocks)};
    note_definitions(&live);
    for (uint32_t i = 0; i < e->graph.order_count; i++) {
        live.block = e->graph.order[i];
        ssa_block_each_arg(ssa_block_at(e->function, live.block), note_use, &live);
    }
    for (SsaValue value = 1; value < values; value++) {
        find_live_in(&live, value);
    }
    vec_free(&live.work);
}

static void count_use(void *context, SsaArg *arg)
{
    Emit *e = context;
    if (!arg->konst) {
        e->left[arg->value]++;
    }
}

static void live_out_to(Emit *e, const SsaBlock *block, SsaBlockId target)
{
    for (uint32_t i = 0; i < e->live_count[target]; i++) {
        e->out_of[e->live_in[target][i]] = block->id;
    }
}

void emit_live_enter(Emit *e, const SsaBlock *block)
{
    e->block = block;
    for (uint32_t i = 0; i < block->term.edge_count; i++) {
        live_out_to(e, block, block->term.edges[i].block);
    }
    if (block->handler && ssa_block_may_raise(block)) {
        live_out_to(e, block, block->handler);
    }
    ssa_block_each_arg((SsaBlock *)block, count_use, e);
}

void emit_live_use(Emit *e, const SsaArg *args, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (!args[i].konst) {
            e->left[args[i].value]--;
        }
    }
}
