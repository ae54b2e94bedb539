/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_ets_inside.c: module ets: what a table keeps outside its rows. */
#include "vm/bif/bif_ets.h"
#include "vm/mem/offheap.h"

enum { ROWS_AT_ONCE = 1000, SLOTS_AT_ONCE = 256 };

/* The list with {Address, Bytes, References} of the row's large binaries before it; TERM_NONE,
 * raised, without memory. */
static Term binaries_of(Process *p, const EtsRow *row, Term list)
{
    for (const Term *box = row->flat ? NULL : row->off_heap; box;
         box = (const Term *)box[REFC_NEXT].w) {
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

/* How many keys of bodies that were cleared while t was fixed are kept, as its rows. */
static int64_t kept_rows(EtsTable *t)
{
    int64_t rows = 0;
    EtsBody *kept = atomic_load_explicit(&t->kept, memory_order_acquire);
    for (; kept; kept = kept->next) {
        rows += (int64_t)t->kind->keeps(kept);
    }
    return rows;
}

/* {Locks, Rows of cleared bodies, [{Rows, Deleted rows that are kept}]} of the slots from `index`
 * on, the last first. */
Term bif_act_ets_chains_2(Process *p, const Term *a)
{
    EtsTable *t = bif_ets_table(p, a[0], TABLE_ANY);
    int64_t index;
    if (!t) {
        return TERM_NONE;
    }
    if (!util_get_range(a[1], 0, SMALL_MAX, &index)) {
        return raise_badarg(p);
    }
    EtsWalk walk;
    Term list = TERM_NIL;
    size_t rows = 0;
    for (unsigned i = 0; i < SLOTS_AT_ONCE && rows < ROWS_AT_ONCE; i++, index++) {
        ets_walk_start(&walk, t);
        walk.ghosts = true;
        if (!t->kind->walk_slot(&walk, (uint64_t)index)) {
            break;
        }
        int64_t length = 0, deleted = 0;
        for (EtsRow *row = ets_walk_next(&walk);
             row && t->kind->in_slot(&walk, row, (uint64_t)index); row = ets_walk_next(&walk)) {
            length++;
            deleted += ets_row_is_ghost(row);
        }
        rows += (size_t)length;
        Term chain = UTIL_TUPLE(p, small_make(length), small_make(deleted));
        list = term_same(chain, TERM_NONE) ? chain : util_cons(p, chain, list);
        if (term_same(list, TERM_NONE)) {
            return TERM_NONE;
        }
    }
    process_spend(p, (int32_t)ACT_MIN(rows, (size_t)INT16_MAX));
    return UTIL_TUPLE(p, small_make((int64_t)t->shards), small_make(kept_rows(t)), list);
}
