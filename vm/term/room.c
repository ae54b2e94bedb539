/* SPDX-License-Identifier: Apache-2.0 */
/* vm/term/room.c: building in a block of known size; floats that do not fit the word. */
#include "vm/term/room.h"

static Term *block_alloc(void *ctx, size_t words)
{
    TermBlock *block = ctx;
    if ((size_t)(block->end - block->top) < words) {
        return NULL;
    }
    Term *at = block->top;
    block->top += words;
    return at;
}

static void block_shrink(void *ctx, Term *end, size_t words)
{
    TermBlock *block = ctx;
    if (end == block->top) {
        block->top -= words;
    }
}

TermRoom room_in(TermBlock *block)
{
    return (TermRoom){.alloc = block_alloc, .shrink = block_shrink, .ctx = block};
}

Term float_make_boxed(const TermRoom *room, double value)
{
    Term *words = room_alloc(room, FLOAT_WORDS);
    if (!words) {
        return TERM_NONE;
    }
    words[0].w = header_make(BOXED_FLOAT, 1);
    memcpy(&words[1], &value, sizeof value);
    return boxed_term(words);
}
