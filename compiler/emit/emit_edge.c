/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/emit/emit_edge.c: from one block into the next: conventions of joins, moves, frames. */
#include "compiler/emit/emit_function.h"

/* A block with several ways in, or with parameters, has a convention; the others take over. */
static bool has_convention(const Emit *e, SsaBlockId id)
{
    return ssa_graph_pred_count(&e->graph, id) > 1 ||
           ssa_block_at(e->function, id)->param_count > 0;
}

static void add_place(EmitEntry *entry, SsaValue value, uint32_t reg)
{
    entry->places[entry->count++] = (struct EmitPlace){value, reg};
}

static void inherit(Emit *e, SsaBlockId id)
{
    EmitEntry *entry = &e->entry[id];
    uint32_t live = e->live_count[id], room = 0;
    for (uint32_t i = 0; i < live; i++) {
        room += (uint32_t)__builtin_popcountll(e->in_x[e->live_in[id][i]]);
    }
    uint32_t high = e->function->arity > EMIT_X ? e->function->arity - EMIT_X : 0;
    entry->places = ARENA_ARRAY(&e->arena, struct EmitPlace, room + high);
    for (uint32_t i = 0; i < live; i++) {
        SsaValue value = e->live_in[id][i];
        for (uint64_t in_x = e->in_x[value]; in_x; in_x &= in_x - 1) {
            add_place(entry, value, (uint32_t)__builtin_ctzll(in_x));
        }
    }
    for (uint32_t reg = EMIT_X; reg < EMIT_X + high; reg++) {
        if (e->reg[reg]) {
            add_place(entry, e->reg[reg], reg);
        }
    }
    entry->reserve = e->reserve;
    entry->set = true;
}

static uint32_t lowest_free(uint64_t taken, uint32_t from)
{
    uint64_t free = ~taken;
    uint64_t above = from < EMIT_X ? free >> from << from : 0;
    return (uint32_t)__builtin_ctzll(above ? above : free);
}

/* The register for a parameter: its argument's if that is not needed further, else what it wishes,
 * else any. */
static uint32_t parameter_reg(Emit *e, SsaValue param, SsaArg arg, SsaBlockId id, uint64_t taken)
{
    if (!arg.konst) {
        uint32_t operand = emit_operand(e, arg);
        uint32_t reg = BC_ARG_INDEX(operand);
        if (BC_ARG_KIND(operand) == BC_X && reg < EMIT_X && !(taken >> reg & 1)) {
            return reg;
        }
    }
    int16_t wish = e->wish[param];
    if (wish >= 0 && !(taken >> wish & 1)) {
        return (uint32_t)wish;
    }
    return lowest_free(taken, e->arity_ahead[id]);
}

static void decide(Emit *e, const SsaEdge *edge)
{
    SsaBlockId id = edge->block;
    const SsaBlock *block = ssa_block_at(e->function, id);
    EmitEntry *entry = &e->entry[id];
    entry->places = ARENA_ARRAY(&e->arena, struct EmitPlace, e->live_count[id]);
    entry->params = ARENA_ARRAY(&e->arena, uint32_t, block->param_count);
    uint64_t taken = 0;
    for (uint32_t i = 0; i < e->live_count[id]; i++) {
        SsaValue value = e->live_in[id][i];
        if (!(e->arrives[id] && e->has_home[value])) {
            uint32_t reg = BC_ARG_INDEX(emit_operand(e, ssa_use(value)));
            taken |= (uint64_t)1 << reg;
            add_place(entry, value, reg);
        }
    }
    for (uint32_t p = 0; p < block->param_count; p++) {
        SsaValue param = block->params[p];
        if (e->uses[param] == 0) {
            entry->params[p] = EMIT_NONE;
        } else if (e->arrives[id] && e->has_home[param]) {
            entry->params[p] = BC_ARG(BC_Y, e->home[param]);
        } else {
            uint32_t reg = parameter_reg(e, param, edge->args[p], id, taken);
            taken |= (uint64_t)1 << reg;
            entry->params[p] = BC_ARG(BC_X, reg);
        }
    }
    entry->set = true;
}

static void prepare(Emit *e, const SsaEdge *edge)
{
    if (!e->entry[edge->block].set) {
        if (has_convention(e, edge->block)) {
            decide(e, edge);
        } else {
            inherit(e, edge->block);
        }
    }
}

/* What has to happen on an edge. */
typedef struct {
    EmitMove *moves;
    uint32_t count;
    bool frame, unframe;
} EdgeWork;

static void need_move(EdgeWork *work, uint32_t to, uint32_t from)
{
    if (to != from) {
        work->moves[work->count++] = (EmitMove){to, from};
    }
}

static EdgeWork edge_work(Emit *e, const SsaEdge *edge)
{
    SsaBlockId id = edge->block;
    prepare(e, edge);
    EdgeWork work = {0};
    if (!has_convention(e, id)) {
        return work;
    }
    const EmitEntry *entry = &e->entry[id];
    work.frame = e->arrives[id] && !e->in_frame;
    work.unframe = e->in_frame && !e->arrives[id] && e->frame > 0;
    work.moves = ARENA_ARRAY(&e->arena, EmitMove, e->live_count[id] + edge->arg_count);
    for (uint32_t i = 0; i < entry->count; i++) {
        uint32_t reg = entry->places[i].reg;
        SsaArg use = ssa_use(entry->places[i].value);
        need_move(&work, BC_ARG(BC_X, reg), emit_operand_near(e, use, reg));
    }
    for (uint32_t i = 0; i < e->live_count[id] && work.frame; i++) {
        SsaValue value = e->live_in[id][i];
        if (e->has_home[value]) {
            need_move(&work, BC_ARG(BC_Y, e->home[value]), emit_operand(e, ssa_use(value)));
        }
    }
    for (uint32_t p = 0; p < edge->arg_count; p++) {
        uint32_t to = entry->params[p];
        if (to != EMIT_NONE && BC_ARG_KIND(to) == BC_X) {
            need_move(&work, to, emit_operand_near(e, edge->args[p], BC_ARG_INDEX(to)));
        } else if (to != EMIT_NONE) {
            need_move(&work, to, emit_operand(e, edge->args[p]));
        }
    }
    return work;
}

static void put_unframe(Emit *e)
{
    emit_op(e, BC_unframe);
    emit_word(e, e->frame);
}

uint32_t emit_edge_label(Emit *e, const SsaEdge *edge)
{
    EdgeWork work = edge_work(e, edge);
    uint32_t target = emit_block_label(e, edge->block);
    if (work.count == 0 && !work.frame && !work.unframe) {
        return target;
    }
    EmitStub stub = {.label = emit_new_label(e),
                     .target = edge->block,
                     .frame_site = EMIT_NONE,
                     .unframe = work.unframe,
                     .count = work.count,
                     .moves = work.moves};
    if (work.frame) {
        stub.frame_site = emit_site_add(e, (SsaLine){0}, false, 0);
    }
    vec_push(&e->stubs, stub);
    return stub.label;
}

bool emit_edge_moves(Emit *e, const SsaEdge *edge)
{
    EdgeWork work = edge_work(e, edge);
    if (work.frame) {
        emit_frame_op(e, 0, emit_site_add(e, (SsaLine){0}, false, 0));
    }
    emit_moves(e, work.moves, work.count);
    if (work.unframe) {
        put_unframe(e);
    }
    return work.count > 0 || work.frame || work.unframe;
}

void emit_edge_here(Emit *e, const SsaEdge *edge, SsaBlockId next)
{
    emit_edge_moves(e, edge);
    if (edge->block != next) {
        emit_op(e, BC_jump);
        emit_word(e, emit_block_label(e, edge->block));
    }
}

void emit_stubs(Emit *e)
{
    for (size_t i = 0; i < e->stubs.count; i++) {
        EmitStub *stub = &e->stubs.items[i];
        emit_label_here(e, stub->label);
        if (stub->frame_site != EMIT_NONE) {
            emit_frame_op(e, 0, stub->frame_site);
        }
        emit_moves(e, stub->moves, stub->count);
        if (stub->unframe) {
            put_unframe(e);
        }
        emit_op(e, BC_jump);
        emit_word(e, emit_block_label(e, stub->target));
    }
}
