/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_ets_inside.c: module ets: what a table keeps outside its rows. */
#include "vm/bif/bif_ets.h"
#include "vm/mem/offheap.h"

enum { ROWS_AT_ONCE = 1000 };

/* The list with {Address, Bytes, References} of the row's large binaries before it; TERM_NONE,
 * raised, without memory. */
static Term binaries_of(Process *p, const EtsRow *row, Term list)
{
    for (const Term *box = row->off_heap; box; box = (const Term *)box[REFC_NEXT].w) {
        OffHeap *block = refc_off_heap(box);
        /* relaxed: a number to look at */
        size_t references = atomic_load_explicit(&block->references, memory_order_relaxed);
        Term address = util_uint64(p, (uint64_t)(uintptr_t)block->bytes);
        Term tuple = term_same(address, TERM_NONE)
                         ? address
                         : UTIL_TUPLE(p, address, small_make((int64_t)box[REFC_SIZE].w),
                                      small_make((int64_t)references));
        list = term_same(tuple, TERM_NONE) ? tuple : util_cons(p, tuple, list);
        if (term_same(list, TERM_NONE)) {
            break;
        }
    }
    return list;
}

/* State: {Position, List}. */
Term bif_ets_binaries(Process *p, EtsTable *t)
{
    EtsWalk walk;
    ets_walk_start(&walk, t);
    walk.ghosts = true;
    Term list = TERM_NIL, state = p->bif_state;
    p->bif_state = TERM_NONE;
    if (!term_same(state, TERM_NONE)) {
        list = tuple_items(state)[1];
        if (!t->kind->walk_load(&walk, tuple_items(state)[0])) {
            return raise_badarg(p);
        }
    }
    EtsRow *row;
    for (size_t rows = 0; (row = ets_walk_next(&walk)) != NULL; rows++) {
        list = binaries_of(p, row, list);
        if (term_same(list, TERM_NONE)) {
            return TERM_NONE;
        }
        if (rows >= ROWS_AT_ONCE && t->kind->walk_may_rest(&walk)) {
            Term position = t->kind->walk_save(&walk, p);
            state = term_same(position, TERM_NONE) ? position : UTIL_TUPLE(p, position, list);
            return term_same(state, TERM_NONE) ? state : bif_again(p, state);
        }
    }
    return list;
}
