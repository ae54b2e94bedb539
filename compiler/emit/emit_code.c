/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/emit/emit_code.c: words of code, labels, moves. */
#include "compiler/emit/emit_function.h"

void emit_word(Emit *e, uint32_t word)
{
    vec_push(&e->out->code, word);
}

void emit_op(Emit *e, BcOpcode op)
{
    emit_word(e, op);
}

uint32_t emit_new_label(Emit *e)
{
    return ++e->out->labels;
}

uint32_t emit_block_label(Emit *e, SsaBlockId block)
{
    if (e->label[block] == 0) {
        e->label[block] = emit_new_label(e);
    }
    return e->label[block];
}

void emit_label_here(Emit *e, uint32_t label)
{
    emit_op(e, BC_label);
    emit_word(e, label);
}

void emit_frame_op(Emit *e, uint32_t words, uint32_t site)
{
    emit_op(e, BC_frame);
    emit_word(e, e->frame);
    emit_word(e, words);
    emit_word(e, site);
}

static void emit_move(Emit *e, EmitMove move)
{
    emit_op(e, BC_move);
    emit_word(e, move.to);
    emit_word(e, move.from);
}

static bool is_read(const EmitMove *moves, uint32_t count, uint32_t reg)
{
    for (uint32_t i = 0; i < count; i++) {
        if (moves[i].from == reg) {
            return true;
        }
    }
    return false;
}

/* Emits each move whose target no other still reads; returns how many are left. */
static uint32_t emit_unread(Emit *e, EmitMove *moves, uint32_t count)
{
    for (bool progress = true; progress;) {
        progress = false;
        for (uint32_t i = 0; i < count;) {
            EmitMove move = moves[i];
            if (move.to != move.from) {
                /* A move may read its own target only when it is no move at all. */
                if (is_read(moves, count, move.to)) {
                    i++;
                    continue;
                }
                emit_move(e, move);
            }
            moves[i] = moves[--count];
            progress = true;
        }
    }
    return count;
}

void emit_moves(Emit *e, EmitMove *moves, uint32_t count)
{
    while ((count = emit_unread(e, moves, count)) > 0) {
        /* Only cycles are left: swap closes one step of one. */
        EmitMove move = moves[0];
        emit_op(e, BC_swap);
        emit_word(e, move.to);
        emit_word(e, move.from);
        moves[0] = moves[--count];
        for (uint32_t i = 0; i < count; i++) {
            if (moves[i].from == move.to) {
                moves[i].from = move.from;
            } else if (moves[i].from == move.from) {
                moves[i].from = move.to;
            }
        }
    }
}
