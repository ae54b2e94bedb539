/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_ets_row.c: module ets: rows by their key: insert, lookup, take, delete. */
#include "vm/base/alloc.h"
#include "vm/bif/bif_ets.h"
#include "vm/ets/ets_bulk.h"
#include "vm/ets/ets_cache.h"
#include "vm/sched/away.h"
#include "vm/term/compare.h"
#include "vm/term/weight.h"

/* ---- insert ---- */

enum { AT_ONCE = 1000 }; /* rows that are put in without giving the turn back */

static bool is_row(Term t, uint32_t key_position)
{
    return term_is_tuple(t) && tuple_arity(t) >= key_position;
}

/* Puts one tuple in; if only_new, not over a row of its key. */
static Term insert_one(Process *p, EtsTable *t, Term tuple, bool only_new)
{
    EtsRow *row = ets_row_new(p, tuple, ets_row_extra(t));
    EtsSpot spot;
    if (!row) {
        return TERM_NONE;
    }
    if (!ets_open(&spot, p, t, ets_row_key(t, row))) {
        ets_row_free(row);
        return bif_ets_missed(p, t);
    }
    if (only_new && spot.row) {
        EtsSpot at = spot;
        if (ets_living(&at)) {
            ets_close(&spot);
            ets_row_free(row);
            return ATOM(false);
        }
    }
    bool put = ets_put(&spot, row);
    ets_close(&spot);
    return put ? ATOM(true) : raise_no_memory(p);
}

/* What an insert is asked for: how many rows; -1: that is no row and no list of rows. */
static int64_t count_rows(Term rows, uint32_t key_position)
{
    int64_t count = 0;
    for (; term_is_cons(rows) && is_row(cons_head(rows), key_position); rows = cons_tail(rows)) {
        count++;
    }
    return term_is_nil(rows) ? count : -1;
}

/* A bulk of the rows, as a term for p->bif_state. */
static Term stage(Process *p, Term rows, int64_t count, uint32_t key_position, uint32_t extra)
{
    EtsBulk *bulk = ets_bulk_new(p, rows, (size_t)count, key_position, extra);
    if (!bulk) {
        return TERM_NONE;
    }
    Term box = offheap_box(&p->heap, bulk->block, bulk->block->room);
    return term_same(box, TERM_NONE) ? raise_no_memory(p) : box;
}

enum { AWAY_ROWS, AWAY_POSITION, AWAY_EXTRA, AWAY_ARGS };

/* The same of a huge row or list, on a helper thread (sched/away.h). */
static Term stage_away(Process *p, const Term *a)
{
    uint32_t key_position = (uint32_t)small_value(a[AWAY_POSITION]);
    Term rows = a[AWAY_ROWS];
    if (is_row(rows, key_position)) {
        rows = util_cons(p, rows, TERM_NIL);
    }
    if (term_same(rows, TERM_NONE)) {
        return TERM_NONE;
    }
    int64_t count = count_rows(rows, key_position);
    return count < 0 ? raise_badarg(p)
                     : stage(p, rows, count, key_position, (uint32_t)small_value(a[AWAY_EXTRA]));
}

/* What insert returns when the bulk is over; TERM_NONE, raised. */
static Term outcome(Process *p, EtsBulk *bulk)
{
    switch (ets_bulk_state(bulk)) {
    case ETS_BULK_NO_MEMORY:
        return raise_no_memory(p);
    case ETS_BULK_PUT:
    case ETS_BULK_REFUSED:
        return term_bool(ets_bulk_state(bulk) == ETS_BULK_PUT);
    default:
        return bif_ets_badarg(p, ATOM(id));
    }
}

/* Puts it into the table, as far as the turn goes. */
static Term insert_bulk(Process *p, Term id, EtsBulk *bulk, bool only_new)
{
    if (ets_bulk_state(bulk) == ETS_BULK_MADE) {
        EtsTable *t = bif_ets_table(p, id, TABLE_WRITE);
        if (!t) {
            return TERM_NONE;
        }
        if (bulk->key_position != t->key_position || bulk->extra != ets_row_extra(t)) {
            return bif_ets_badarg(p, ATOM(id)); /* another table that now has the name */
        }
        if (!ets_bulk_begin(t, bulk, only_new)) {
            return bif_ets_missed(p, t);
        }
    }
    /* to find the table is to help with its bulk */
    if (ets_bulk_state(bulk) < ETS_BULK_PUT && !bif_ets_table(p, id, TABLE_ANY)) {
        return TERM_NONE;
    }
    return outcome(p, bulk);
}

/* The same of the bulk in p->bif_state. */
static Term insert_staged(Process *p, Term id, bool only_new)
{
    EtsBulk *bulk = ets_bulk_of(refc_off_heap(boxed_words(p->bif_state)));
    Term result = insert_bulk(p, id, bulk, only_new);
    if (p->pending != PENDING_AGAIN) {
        p->bif_state = TERM_NONE;
    }
    return result;
}

static Term insert_some(Process *p, EtsTable *t, Term rows, int64_t count, bool only_new)
{
    EtsBulk *bulk = ets_bulk_new(p, rows, (size_t)count, t->key_position, ets_row_extra(t));
    if (!bulk) {
        return TERM_NONE;
    }
    Term result = ets_bulk_put(p, t, bulk, only_new)
                      ? term_bool(ets_bulk_state(bulk) == ETS_BULK_PUT)
                      : bif_ets_missed(p, t);
    offheap_release(bulk->block);
    return result;
}

static Term insert_any(Process *p, EtsTable *t, const Term *a, bool only_new)
{
    Term rows = a[1];
    if (ACT_UNLIKELY(away_possible(p)) && away_heavy(p, rows)) {
        Term args[AWAY_ARGS] = {[AWAY_ROWS] = rows,
                                [AWAY_POSITION] = small_make(t->key_position),
                                [AWAY_EXTRA] = small_make(ets_row_extra(t))};
        return away_ask(p, stage_away, args, AWAY_ARGS);
    }
    if (is_row(rows, t->key_position)) {
        return insert_one(p, t, rows, only_new);
    }
    int64_t count = count_rows(rows, t->key_position);
    if (count < 0) {
        return raise_badarg(p);
    }
    if (count <= 1) {
        return count ? insert_one(p, t, cons_head(rows), only_new) : ATOM(true);
    }
    if (count <= AT_ONCE) {
        return insert_some(p, t, rows, count, only_new);
    }
    p->bif_state = stage(p, rows, count, t->key_position, ets_row_extra(t));
    return term_same(p->bif_state, TERM_NONE) ? TERM_NONE : insert_staged(p, a[0], only_new);
}

static Term insert(Process *p, const Term *a, bool only_new)
{
    if (ACT_UNLIKELY(p->away == AWAY_BACK)) {
        p->bif_state = away_take(p);
        if (term_same(p->bif_state, TERM_NONE)) {
            return TERM_NONE;
        }
    }
    if (!term_same(p->bif_state, TERM_NONE)) {
        return insert_staged(p, a[0], only_new);
    }
    EtsTable *t = bif_ets_table(p, a[0], TABLE_WRITE);
    Term result = t ? insert_any(p, t, a, only_new) : TERM_NONE;
    if (ACT_UNLIKELY(t && t->cache) && !term_same(result, TERM_NONE)) {
        ets_cache_sweep(t, p);
    }
    return result;
}

Term bif_ets_insert_2(Process *p, const Term *a)
{
    return insert(p, a, false);
}

Term bif_ets_insert_new_2(Process *p, const Term *a)
{
    return insert(p, a, true);
}

/* ---- copies of rows ---- */

/* What is copied of rows: all of each, or one element. */
enum { WHOLE_ROW = 0 };

static Term copy_of(Process *p, const EtsRow *row, size_t position)
{
    return position == WHOLE_ROW ? ets_row_copy(p, row)
                                 : ets_part_copy(p, ets_row_element(row, position));
}

/* Copies of the rows, given newest first, as a list, oldest first. */
static Term copies_of(Process *p, EtsRow *const *rows, size_t count, size_t position)
{
    Term list = TERM_NIL;
    for (size_t i = 0; i < count && !term_same(list, TERM_NONE); i++) {
        Term copy = copy_of(p, rows[i], position);
        list = term_same(copy, TERM_NONE) ? copy : util_cons(p, copy, list);
    }
    return list;
}

/* Rows that a helper thread copies. */
typedef struct {
    EpochPin pin; /* nobody gives them back meanwhile */
    size_t count;
    EtsRow *rows[];
} HeldRows;

enum { AWAY_HELD, AWAY_ELEMENT, AWAY_ONE, AWAY_COPY_ARGS };

static Term copy_away(Process *p, const Term *a)
{
    HeldRows *held = (HeldRows *)a[AWAY_HELD].w;
    size_t position = (size_t)small_value(a[AWAY_ELEMENT]);
    Term result = term_same(a[AWAY_ONE], ATOM(true))
                      ? copy_of(p, held->rows[0], position)
                      : copies_of(p, held->rows, held->count, position);
    epoch_unpin(p->vm, &held->pin);
    return result;
}

/* True if to copy them would take long. */
static bool is_much(Process *p, EtsRow *const *rows, size_t count, size_t position)
{
    size_t words = count;
    for (size_t i = 0; i < count && words <= AWAY_STEPS; i++) {
        words += rows[i]->words;
    }
    return ACT_UNLIKELY(words > AWAY_STEPS) && away_wanted(p, words) &&
           (position == WHOLE_ROW || count > 1 ||
            term_heavier(ets_row_element(rows[0], position), AWAY_STEPS));
}

/* The same on a helper thread, also of rows that are taken out now. If one: the copy, no list. */
static Term ask_for_copies(Process *p, EtsRow *const *rows, size_t count, size_t position, bool one)
{
    HeldRows *held = alloc_try(sizeof *held + count * sizeof *rows);
    if (!held) {
        return raise_no_memory(p);
    }
    held->count = count;
    memcpy(held->rows, rows, count * sizeof *rows);
    epoch_pin(p->scheduler, &held->pin);
    Term args[AWAY_COPY_ARGS] = {[AWAY_HELD] = TERM_RAW((uintptr_t)held), /* even: as an integer */
                                 [AWAY_ELEMENT] = small_make((int64_t)position),
                                 [AWAY_ONE] = term_bool(one)};
    return away_ask(p, copy_away, args, AWAY_COPY_ARGS);
}

static Term copies(Process *p, EtsRow *const *rows, size_t count, size_t position)
{
    if (is_much(p, rows, count, position)) {
        return ask_for_copies(p, rows, count, position, false);
    }
    process_spend(p, (int32_t)count);
    return copies_of(p, rows, count, position);
}

/* ---- lookup ---- */

Term bif_ets_lookup_2(Process *p, const Term *a)
{
    if (ACT_UNLIKELY(p->away == AWAY_BACK)) {
        return away_take(p);
    }
    EtsTable *t = bif_ets_table(p, a[0], TABLE_READ);
    if (ACT_UNLIKELY(!t)) {
        return TERM_NONE;
    }
    if (ets_is_set(t)) {
        EtsRow *row = ets_find(p, t, a[1]);
        if (!row) {
            return bif_ets_none(p, TERM_NIL);
        }
        return ACT_LIKELY(row->words <= AWAY_STEPS) ? ets_row_list(p, row)
                                                    : copies(p, &row, 1, WHOLE_ROW);
    }
    EtsRows rows;
    if (!ets_find_all(p, t, a[1], &rows)) {
        return TERM_NONE;
    }
    Term list = copies(p, rows.rows, rows.count, WHOLE_ROW);
    ets_rows_free(&rows);
    return list;
}

Term bif_ets_member_2(Process *p, const Term *a)
{
    EtsTable *t = bif_ets_table(p, a[0], TABLE_READ);
    if (!t) {
        return TERM_NONE;
    }
    return ets_find(p, t, a[1]) ? ATOM(true) : bif_ets_none(p, ATOM(false));
}

/* Element `position` of each of the rows, of a set's only one no list. */
static Term elements_of(Process *p, const EtsTable *t, const EtsRows *rows, size_t position)
{
    for (size_t i = 0; i < rows->count; i++) {
        if (position > tuple_arity(ets_row_term(rows->rows[i]))) {
            return raise_badarg(p);
        }
    }
    if (!ets_is_set(t)) {
        return copies(p, rows->rows, rows->count, position);
    }
    return is_much(p, rows->rows, 1, position) ? ask_for_copies(p, rows->rows, 1, position, true)
                                               : copy_of(p, rows->rows[0], position);
}

Term bif_ets_lookup_element_3(Process *p, const Term *a)
{
    if (ACT_UNLIKELY(p->away == AWAY_BACK)) {
        return away_take(p);
    }
    int64_t position;
    EtsTable *t = bif_ets_table(p, a[0], TABLE_READ);
    if (!t) {
        return TERM_NONE;
    }
    if (!util_get_range(a[2], 1, SMALL_MAX, &position)) {
        return raise_badarg(p);
    }
    EtsRows rows = {.rows = rows.first};
    if (ets_is_set(t)) {
        rows.first[0] = ets_find(p, t, a[1]);
        rows.count = rows.first[0] != NULL;
    } else if (!ets_find_all(p, t, a[1], &rows)) {
        return TERM_NONE;
    }
    if (rows.count == 0) {
        return p->pending == PENDING_NONE ? bif_ets_badarg(p, ATOM(badkey)) : TERM_NONE;
    }
    Term result = elements_of(p, t, &rows, (size_t)position);
    ets_rows_free(&rows);
    return result;
}

/* ---- taking out ---- */

/* Removes the spot's rows that live, all at once for readers; with object, only those equal. */
static void remove_rows(EtsSpot *spot, Term object)
{
    EtsTable *t = spot->table;
    bool any = term_same(object, TERM_NONE);
    bool many = !ets_is_set(t);
    if (many) {
        ets_begin_many(t);
    }
    while (ets_living(spot)) {
        if (any || term_equal_exact(ets_row_term(spot->row), object)) {
            t->kind->remove(spot);
        } else {
            t->kind->step(spot);
        }
    }
    if (many) {
        ets_end_many(t);
    }
}

Term bif_ets_delete_2(Process *p, const Term *a)
{
    EtsSpot spot;
    EtsTable *t = bif_ets_table(p, a[0], TABLE_WRITE);
    if (!t) {
        return TERM_NONE;
    }
    if (!ets_open(&spot, p, t, a[1])) {
        return bif_ets_missed(p, t);
    }
    if (spot.row) {
        remove_rows(&spot, TERM_NONE);
    }
    ets_close(&spot);
    return ATOM(true);
}

Term bif_ets_delete_object_2(Process *p, const Term *a)
{
    EtsSpot spot;
    EtsTable *t = bif_ets_table(p, a[0], TABLE_WRITE);
    if (!t) {
        return TERM_NONE;
    }
    if (!is_row(a[1], t->key_position)) {
        return raise_badarg(p);
    }
    if (!ets_open(&spot, p, t, tuple_items(a[1])[t->key_position - 1])) {
        return bif_ets_missed(p, t);
    }
    if (spot.row) {
        remove_rows(&spot, a[1]);
    }
    ets_close(&spot);
    return ATOM(true);
}

Term bif_ets_take_2(Process *p, const Term *a)
{
    if (ACT_UNLIKELY(p->away == AWAY_BACK)) {
        return away_take(p);
    }
    EtsSpot spot;
    EtsTable *t = bif_ets_table(p, a[0], TABLE_WRITE);
    if (!t) {
        return TERM_NONE;
    }
    if (!ets_open(&spot, p, t, a[1])) {
        return bif_ets_missed(p, t);
    }
    EtsRows rows;
    ets_rows_start(&rows);
    bool all = true;
    for (EtsSpot at = spot; all && ets_living(&at); t->kind->step(&at)) {
        all = ets_rows_add(&rows, at.row);
    }
    if (all && rows.count > 0) {
        remove_rows(&spot, TERM_NONE);
    }
    ets_close(&spot);
    /* they stay good until the turn ends */
    Term list = all ? copies(p, rows.rows, rows.count, WHOLE_ROW) : raise_no_memory(p);
    ets_rows_free(&rows);
    return list;
}

/* How many rows there were. The second argument is `undefined`, as in OTP. */
Term bif_ets_internal_delete_all_2(Process *p, const Term *a)
{
    uint64_t count;
    EtsTable *t = bif_ets_table(p, a[0], TABLE_WRITE);
    if (!t) {
        return TERM_NONE;
    }
    return ets_clear(p, t, &count) ? small_make((int64_t)count) : bif_ets_missed(p, t);
}
