/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_ets_walk.c: module ets: going from key to key: first, last, next, prev, slot. Hash
 * tables have no order, so there last is first and prev is next, as in OTP. */
#include "vm/bif/bif_ets.h"

enum { GHOSTS_A_REDUCTION = 2 };

/* The key of the walk's next row. Deleted ones that are kept may be many: then p comes again. */
static Term next_key(Process *p, EtsWalk *walk)
{
    const EtsKind *kind = walk->table->kind;
    walk->ghosts = true;
    EtsRow *row = ets_walk_next(walk);
    for (size_t met = 1; row && ets_row_is_ghost(row); met++) {
        if (met % GHOSTS_A_REDUCTION == 0 && process_spend(p, 1) && kind->walk_may_rest(walk)) {
            Term position = kind->walk_save(walk, p);
            return term_same(position, TERM_NONE) ? TERM_NONE : bif_again(p, position);
        }
        row = ets_walk_next(walk);
    }
    return row ? ets_part_copy(p, ets_row_key(walk->table, row)) : ATOM(end_of_table);
}

/* The key behind a key (before it, if back); from TERM_NONE: behind all. */
static Term key_from(Process *p, Term table, Term from, bool back)
{
    EtsTable *t = bif_ets_table(p, table, TABLE_READ);
    Term position = p->bif_state;
    if (!t) {
        p->bif_state = p->pending == PENDING_AGAIN ? position : TERM_NONE;
        return TERM_NONE;
    }
    p->bif_state = TERM_NONE;
    if (term_same(from, ATOM(end_of_table)) && t->type == ETS_ORDERED_SET) {
        return raise_badarg(p); /* as Erlang: there is no key behind the end, even if it is one */
    }
    EtsWalk walk;
    ets_walk_start(&walk, t);
    walk.back = back && t->type == ETS_ORDERED_SET;
    bool found = !term_same(position, TERM_NONE)
                     ? t->kind->walk_load(&walk, position)
                     : term_same(from, TERM_NONE) || t->kind->walk_from(&walk, from);
    return found ? next_key(p, &walk) : raise_badarg(p);
}

Term bif_ets_first_1(Process *p, const Term *a)
{
    return key_from(p, a[0], TERM_NONE, false);
}

Term bif_ets_last_1(Process *p, const Term *a)
{
    return key_from(p, a[0], TERM_NONE, true);
}

Term bif_ets_next_2(Process *p, const Term *a)
{
    return key_from(p, a[0], a[1], false);
}

Term bif_ets_prev_2(Process *p, const Term *a)
{
    return key_from(p, a[0], a[1], true);
}

Term bif_ets_slot_2(Process *p, const Term *a)
{
    EtsTable *t = bif_ets_table(p, a[0], TABLE_READ);
    int64_t index;
    if (!t) {
        return TERM_NONE;
    }
    if (!util_get_range(a[1], 0, SMALL_MAX, &index)) {
        return raise_badarg(p);
    }
    EtsWalk walk;
    ets_walk_start(&walk, t);
    bool ordered = t->type == ETS_ORDERED_SET;
    if (!t->kind->walk_slot(&walk, (uint64_t)index)) {
        bool last = !ordered && index > 0 && t->kind->walk_slot(&walk, (uint64_t)index - 1);
        return last ? ATOM(end_of_table) : raise_badarg(p);
    }
    UtilList list;
    util_list_open(&list, p);
    EtsRow *row = ets_walk_next(&walk);
    if (ordered && !row) {
        return ATOM(end_of_table);
    }
    while (row && t->kind->in_slot(&walk, row, (uint64_t)index)) {
        Term copy = ets_row_copy(p, row);
        if (term_same(copy, TERM_NONE) || !util_list_add(&list, copy)) {
            return TERM_NONE;
        }
        row = ordered ? NULL : ets_walk_next(&walk);
    }
    return util_list_close(&list, TERM_NIL);
}
