/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/emit/emit_frame.c: which values get a home in the frame, which slot that is, and in
 * which blocks the frame exists. Blocks from which no call, wait or handler can be reached and that
 * come after none have no frame: a recursion's base case pays nothing. */
#include "compiler/emit/emit_function.h"

#include <string.h>

typedef struct {
    Emit *e;
    const SsaBlock *block;
    EmitLiveSet live; /* may hold values that have died since the last prune */
} Walk;

static void prune(Walk *walk)
{
    size_t kept = 0;
    for (size_t i = 0; i < walk->live.count; i++) {
        if (!emit_is_dead(walk->e, walk->live.items[i])) {
            walk->live.items[kept++] = walk->live.items[i];
        }
    }
    walk->live.count = kept;
}

static void enter(Walk *walk, SsaBlockId id)
{
    Emit *e = walk->e;
    walk->block = ssa_block_at(e->function, id);
    emit_live_enter(e, walk->block);
    walk->live.count = 0;
    for (uint32_t i = 0; i < e->live_count[id]; i++) {
        vec_push(&walk->live, e->live_in[id][i]);
    }
}

static void leave(Walk *walk)
{
    const SsaTerm *term = &walk->block->term;
    for (uint32_t n = 0; n < term->edge_count; n++) {
        emit_live_use(walk->e, term->edges[n].args, term->edges[n].arg_count);
    }
}

/* First pass: homes and needs. */

static void define(Walk *walk, SsaValue value)
{
    Emit *e = walk->e;
    if (value == 0 || e->uses[value] == 0) {
        return;
    }
    if (walk->live.count >= EMIT_PRESSURE) {
        prune(walk);
    }
    if (walk->live.count >= EMIT_PRESSURE) {
        e->has_home[value] = true; /* too many for X: it waits in the frame */
        e->needs[walk->block->id] = true;
    } else {
        vec_push(&walk->live, value);
    }
}

static void home_live(Walk *walk)
{
    prune(walk);
    for (size_t i = 0; i < walk->live.count; i++) {
        walk->e->has_home[walk->live.items[i]] = true;
    }
}

static void home_handled(Emit *e, const SsaBlock *block)
{
    if (block->handler == 0 || !ssa_block_may_raise(block)) {
        return;
    }
    for (uint32_t i = 0; i < e->live_count[block->handler]; i++) {
        e->has_home[e->live_in[block->handler][i]] = true;
        e->needs[block->id] = true;
    }
}

static void home_over_wait(Walk *walk)
{
    Emit *e = walk->e;
    home_live(walk);
    const SsaEdge *back = &walk->block->term.edges[0];
    const SsaBlock *peek = ssa_block_at(e->function, back->block);
    for (uint32_t p = 0; p < peek->param_count; p++) {
        e->has_home[peek->params[p]] = true;
        e->needs[peek->id] = true;
    }
    if (walk->live.count > 0) {
        e->needs[walk->block->id] = true;
    }
}

static void define_params(Walk *walk)
{
    Emit *e = walk->e;
    const SsaBlock *block = walk->block;
    for (uint32_t p = 0; p < block->param_count; p++) {
        define(walk, block->params[p]);
        if (block->id == 1 && p >= EMIT_PRESSURE && e->uses[block->params[p]] > 0) {
            e->has_home[block->params[p]] = true; /* high registers hold arguments only */
            e->needs[1] = true;
        }
    }
}

static void find_homes_in(Walk *walk)
{
    Emit *e = walk->e;
    const SsaBlock *block = walk->block;
    define_params(walk);
    home_handled(e, block);
    for (size_t i = 0; i < block->instrs.count; i++) {
        const SsaInstr *instr = &block->instrs.items[i];
        emit_live_use(e, instr->args, instr->arg_count);
        if (emit_is_call(instr->op)) {
            home_live(walk);
            e->needs[block->id] = true;
        }
        define(walk, instr->result);
    }
    emit_live_use(e, block->term.args, block->term.arg_count);
    if (block->term.kind == SSA_T_RECV_WAIT || block->term.kind == SSA_T_RECV_WAIT_UNTIL) {
        home_over_wait(walk);
    }
    define(walk, block->term.result);
}

/* Second pass: slots. The values live at a definition are the only ones that it must differ from,
 * and all of them have been given slots before it, since their definitions dominate it. */

typedef struct {
    Walk *walk;
    SsaValue *holds;  /* by slot: the value it was given to in this block, or 0 */
    uint32_t lowest;  /* no slot below is free */
    uint32_t highest; /* slots used in this block so far */
} Slots;

static void take_slot(Slots *s, SsaValue value, uint32_t slot)
{
    s->holds[slot] = value;
    s->highest = ACT_MAX(s->highest, slot + 1);
}

/* A use: slots of values that die here are free. */
static void use_slots(Slots *s, const SsaArg *args, uint32_t count)
{
    Emit *e = s->walk->e;
    emit_live_use(e, args, count);
    for (uint32_t i = 0; i < count; i++) {
        SsaValue value = args[i].konst ? 0 : args[i].value;
        if (value != 0 && e->has_home[value] && emit_is_dead(e, value) &&
            s->holds[e->home[value]] == value) {
            s->holds[e->home[value]] = 0;
            s->lowest = ACT_MIN(s->lowest, e->home[value]);
        }
    }
}

static void give_slot(Slots *s, SsaValue value)
{
    Emit *e = s->walk->e;
    if (value == 0 || e->uses[value] == 0 || !e->has_home[value]) {
        return;
    }
    uint32_t slot = s->lowest;
    while (s->holds[slot] != 0) {
        slot++;
    }
    s->lowest = slot;
    if (slot >= BC_MAX_Y) {
        e->tables->too_large = e->function;
        e->home[value] = 0;
        return;
    }
    take_slot(s, value, slot);
    e->home[value] = slot;
    e->frame = ACT_MAX(e->frame, slot + 1);
}

static void enter_slots(Slots *s, SsaBlockId id)
{
    Emit *e = s->walk->e;
    enter(s->walk, id);
    memset(s->holds, 0, s->highest * sizeof *s->holds);
    s->lowest = s->highest = 0;
    for (uint32_t i = 0; i < e->live_count[id]; i++) {
        SsaValue value = e->live_in[id][i];
        if (e->has_home[value]) {
            take_slot(s, value, e->home[value]);
        }
    }
}

static void give_slots(Walk *walk)
{
    Emit *e = walk->e;
    Slots s = {.walk = walk};
    s.holds = ARENA_ARRAY(&e->arena, SsaValue, e->function->value_count + 2);
    for (uint32_t i = 0; i < e->graph.order_count; i++) {
        enter_slots(&s, e->graph.order[i]);
        const SsaBlock *block = walk->block;
        for (uint32_t p = 0; p < block->param_count; p++) {
            give_slot(&s, block->params[p]);
        }
        for (size_t n = 0; n < block->instrs.count; n++) {
            const SsaInstr *instr = &block->instrs.items[n];
            use_slots(&s, instr->args, instr->arg_count);
            give_slot(&s, instr->result);
        }
        use_slots(&s, block->term.args, block->term.arg_count);
        give_slot(&s, block->term.result);
        leave(walk);
    }
}

/* Where the frame exists. */

static bool is_receive(SsaTermKind kind)
{
    return kind == SSA_T_RECV_PEEK || kind == SSA_T_RECV_WAIT || kind == SSA_T_RECV_WAIT_UNTIL ||
           kind == SSA_T_RECV_NEXT;
}

/* Blocks from which a block that needs the frame, or a receive, can still be reached. */
static bool *find_awaiting(Emit *e)
{
    bool *awaiting = ARENA_ARRAY(&e->arena, bool, e->graph.count + 1);
    for (bool changed = true; changed;) {
        changed = false;
        for (uint32_t i = e->graph.order_count; i-- > 0;) {
            const SsaBlock *block = ssa_block_at(e->function, e->graph.order[i]);
            bool now = e->needs[block->id] || is_receive(block->term.kind) ||
                       (block->handler && awaiting[block->handler]);
            for (uint32_t n = 0; n < block->term.edge_count; n++) {
                now = now || awaiting[block->term.edges[n].block];
            }
            if (now && !awaiting[block->id]) {
                awaiting[block->id] = changed = true;
            }
        }
    }
    return awaiting;
}

static bool spread(Emit *e, const bool *relaxed)
{
    bool changed = false;
    for (uint32_t i = 0; i < e->graph.order_count; i++) {
        SsaBlockId id = e->graph.order[i];
        bool framed = e->needs[id];
        for (uint32_t p = e->graph.pred_start[id]; p < e->graph.pred_start[id + 1]; p++) {
            framed = framed || (e->framed[e->graph.preds[p].block] && !(relaxed && relaxed[id]));
        }
        if (framed && !e->framed[id]) {
            e->framed[id] = changed = true;
        }
    }
    return changed;
}

/* What is handled together has a frame everywhere or nowhere. */
static bool level_handlers(Emit *e)
{
    bool changed = false;
    for (uint32_t i = 0; i < e->graph.order_count; i++) {
        const SsaBlock *block = ssa_block_at(e->function, e->graph.order[i]);
        if (block->handler && ssa_block_may_raise(block) && e->framed[block->handler] &&
            !e->framed[block->id]) {
            e->needs[block->id] = changed = true;
        }
    }
    return changed;
}

static void frame_blocks(Emit *e, const bool *relaxed)
{
    for (uint32_t b = 0; b <= e->graph.count; b++) {
        e->framed[b] = false;
    }
    bool changed = true;
    while (changed) {
        changed = spread(e, relaxed);
        changed = level_handlers(e) || changed;
    }
}

static bool has_unframed_pred(const Emit *e, SsaBlockId id)
{
    for (uint32_t p = e->graph.pred_start[id]; p < e->graph.pred_start[id + 1]; p++) {
        if (!e->framed[e->graph.preds[p].block]) {
            return true;
        }
    }
    return false;
}

/* Joins of framed and unframed ways after which nobody needs the frame: better give it back. */
static bool *find_relaxed(Emit *e, const bool *awaiting)
{
    bool *relaxed = ARENA_ARRAY(&e->arena, bool, e->graph.count + 1);
    for (uint32_t i = 0; i < e->graph.order_count; i++) {
        SsaBlockId id = e->graph.order[i];
        uint32_t pred = e->graph.pred_start[id];
        bool is_handler =
            pred < e->graph.pred_start[id + 1] && e->graph.preds[pred].edge == SSA_HANDLER_EDGE;
        bool may = !awaiting[id] && !is_handler && has_unframed_pred(e, id);
        for (uint32_t n = 0; n < e->live_count[id] && may; n++) {
            may = !e->has_home[e->live_in[id][n]];
        }
        relaxed[id] = may;
    }
    return relaxed;
}

/* A frame is made on the edges into a block only where other ways come with one. */
static void find_arrivals(Emit *e)
{
    e->arrives = ARENA_ARRAY(&e->arena, bool, e->graph.count + 1);
    for (uint32_t i = 0; i < e->graph.order_count; i++) {
        SsaBlockId id = e->graph.order[i];
        for (uint32_t p = e->graph.pred_start[id]; p < e->graph.pred_start[id + 1]; p++) {
            e->arrives[id] =
                e->arrives[id] || (e->framed[id] && e->framed[e->graph.preds[p].block]);
        }
    }
}

void emit_frame(Emit *e)
{
    uint32_t values = e->function->value_count + 1, blocks = e->graph.count + 1;
    e->has_home = ARENA_ARRAY(&e->arena, bool, values);
    e->home = ARENA_ARRAY(&e->arena, uint32_t, values);
    e->needs = ARENA_ARRAY(&e->arena, bool, blocks);
    e->framed = ARENA_ARRAY(&e->arena, bool, blocks);
    Walk walk = {.e = e};
    for (uint32_t i = 0; i < e->graph.order_count; i++) {
        enter(&walk, e->graph.order[i]);
        find_homes_in(&walk);
        leave(&walk);
    }
    give_slots(&walk);
    vec_free(&walk.live);
    bool *awaiting = find_awaiting(e);
    frame_blocks(e, NULL);
    frame_blocks(e, find_relaxed(e, awaiting));
    find_arrivals(e);
}
