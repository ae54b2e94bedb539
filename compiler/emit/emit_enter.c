/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/emit/emit_enter.c: the start of a block: where its values are, its label, its frame. */
#include "compiler/emit/emit_function.h"

#include "vm/base/bug.h"

static bool is_handler(const Emit *e, SsaBlockId id)
{
    uint32_t pred = e->graph.pred_start[id];
    return pred < e->graph.pred_start[id + 1] && e->graph.preds[pred].edge == SSA_HANDLER_EDGE;
}

static void put_param(Emit *e, SsaValue param, uint32_t operand)
{
    if (e->uses[param] == 0) {
        return;
    }
    if (BC_ARG_KIND(operand) == BC_X) {
        emit_state_put(e, param, BC_ARG_INDEX(operand));
    } else {
        e->slot[BC_ARG_INDEX(operand)] = param;
    }
}

/* Entry and handlers: parameters in X0... */
static void put_params_in_x(Emit *e, const SsaBlock *block)
{
    for (uint32_t p = 0; p < block->param_count; p++) {
        put_param(e, block->params[p], BC_ARG(BC_X, p));
    }
}

static void take_entry(Emit *e, const SsaBlock *block)
{
    const EmitEntry *entry = &e->entry[block->id];
    VM_CHECK(entry->set);
    for (uint32_t i = 0; i < entry->count; i++) {
        emit_state_put(e, entry->places[i].value, entry->places[i].reg);
    }
    for (uint32_t p = 0; p < block->param_count; p++) {
        put_param(e, block->params[p], entry->params[p]);
    }
    e->reserve = entry->reserve;
}

static void note_homes(Emit *e, const SsaValue *values, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (e->has_home[values[i]] && e->uses[values[i]] > 0) {
            e->slot[e->home[values[i]]] = values[i];
        }
    }
}

/* Stores what has a home and is only in X yet. */
static void move_home(Emit *e, const SsaValue *values, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        SsaValue value = values[i];
        if (e->has_home[value] && e->uses[value] > 0) {
            EmitMove move = {BC_ARG(BC_Y, e->home[value]), emit_operand(e, ssa_use(value))};
            emit_moves(e, &move, 1);
            e->slot[e->home[value]] = value;
        }
    }
}

static void make_frame(Emit *e, const SsaBlock *block)
{
    uint32_t words = emit_heap_ahead(e, block, 0);
    emit_frame_op(e, words, emit_site_add(e, (SsaLine){0}, false, 0));
    e->reserve = words;
    move_home(e, e->live_in[block->id], e->live_count[block->id]);
    move_home(e, block->params, block->param_count);
    e->in_frame = true;
}

void emit_enter_block(Emit *e, const SsaBlock *block)
{
    emit_state_clear(e);
    emit_live_enter(e, block);
    bool handler = is_handler(e, block->id);
    if (block->id == 1 || handler) {
        put_params_in_x(e, block);
    } else {
        take_entry(e, block);
    }
    bool exists = e->arrives[block->id];
    if (exists) {
        note_homes(e, e->live_in[block->id], e->live_count[block->id]);
    }
    if (e->label[block->id] || handler || ssa_graph_pred_count(&e->graph, block->id) > 1) {
        emit_label_here(e, emit_block_label(e, block->id));
    }
    if (exists && handler) {
        move_home(e, block->params, block->param_count);
    }
    e->in_frame = exists;
    if (e->framed[block->id] && !exists) {
        make_frame(e, block);
    }
}
