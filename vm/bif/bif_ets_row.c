/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_ets_row.c: module ets: rows by their key: insert, lookup, take, delete. */
#include "vm/base/alloc.h"
#include "vm/bif/bif_ets.h"
#include "vm/ets/ets_cache.h"
#include "vm/term/compare.h"

/* ---- insert ---- */

EtsRow *bif_ets_living(EtsSpot *spot)
{
    if (ets_is_set(spot->table)) { /* a ghost is the key's only row, to be replaced */
        return spot->row && !ets_row_is_ghost(spot->row) ? spot->row : NULL;
    }
    while (spot->row && ets_row_is_ghost(spot->row)) {
        spot->table->kind->step(spot);
    }
    return spot->row;
}

/* True if the spot's key has a row equal to `row`; the spot stays where it is. */
static bool bag_has(EtsSpot *spot, const EtsRow *row)
{
    EtsNode *before = spot->before;
    EtsRow *first = spot->row;
    bool has = false;
    while (!has && bif_ets_living(spot)) {
        has = term_equal_exact(ets_row_term(spot->row), ets_row_term(row));
        spot->table->kind->step(spot);
    }
    spot->before = before;
    spot->row = first;
    return has;
}

bool bif_ets_put(EtsSpot *spot, Process *p, EtsRow *row)
{
    const EtsTable *t = spot->table;
    if (ets_is_set(t) && spot->row) {
        t->kind->replace(spot, row);
        return true;
    }
    if (t->type == ETS_BAG && spot->row && bag_has(spot, row)) {
        ets_row_free(row);
        return true;
    }
    if (t->kind->add(spot, row)) {
        return true;
    }
    ets_row_free(row);
    raise_no_memory(p);
    return false;
}

static bool is_row_of(const EtsTable *t, Term tuple)
{
    return term_is_tuple(tuple) && tuple_arity(tuple) >= t->key_position;
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
        return bif_ets_gone(p);
    }
    if (only_new && spot.row) {
        EtsSpot at = spot;
        if (bif_ets_living(&at)) {
            ets_close(&spot);
            ets_row_free(row);
            return ATOM(false);
        }
    }
    bool put = bif_ets_put(&spot, p, row);
    ets_close(&spot);
    return put ? ATOM(true) : TERM_NONE;
}

/* Rows made but not in the table yet. */
typedef struct {
    EtsRow **rows;
    size_t count;
} Staged;

static void unstage(Staged *staged, size_t from)
{
    for (size_t i = from; i < staged->count; i++) {
        ets_row_free(staged->rows[i]);
    }
    alloc_free(staged->rows);
}

static bool stage(Process *p, const EtsTable *t, Term list, size_t length, Staged *staged)
{
    *staged = (Staged){.rows = alloc_try(length * sizeof *staged->rows)};
    if (!staged->rows) {
        raise_no_memory(p);
        return false;
    }
    for (; term_is_cons(list); list = cons_tail(list)) {
        EtsRow *row = ets_row_new(p, cons_head(list), ets_row_extra(t));
        if (!row) {
            unstage(staged, 0);
            return false;
        }
        staged->rows[staged->count++] = row;
    }
    return true;
}

static bool any_there(EtsSpot *spot, const Staged *staged)
{
    for (size_t i = 0; i < staged->count; i++) {
        spot->table->kind->seek(spot, ets_row_key(spot->table, staged->rows[i]));
        if (bif_ets_living(spot)) {
            return true;
        }
    }
    return false;
}

static void turn_round(Staged *staged)
{
    for (size_t i = 0, j = staged->count - 1; i < j; i++, j--) {
        EtsRow *row = staged->rows[i];
        staged->rows[i] = staged->rows[j];
        staged->rows[j] = row;
    }
}

/* All of them at once, so that nobody sees only some. */
static Term insert_many(Process *p, EtsTable *t, Term list, size_t length, bool only_new)
{
    Staged staged;
    EtsSpot spot;
    if (!stage(p, t, list, length, &staged)) {
        return TERM_NONE;
    }
    if (!ets_open_all(&spot, p, t)) {
        unstage(&staged, 0);
        return bif_ets_gone(p);
    }
    Term result = ATOM(true);
    size_t put = 0;
    if (only_new && any_there(&spot, &staged)) {
        result = ATOM(false);
    }
    if (t->type == ETS_BAG) { /* as OTP 25: the last of the list first */
        turn_round(&staged);
    }
    while (term_same(result, ATOM(true)) && put < staged.count) {
        EtsRow *row = staged.rows[put++];
        t->kind->seek(&spot, ets_row_key(t, row));
        result = bif_ets_put(&spot, p, row) ? result : TERM_NONE;
        ets_tend(&spot);
    }
    ets_close_all(&spot);
    unstage(&staged, put);
    process_spend(p, (int32_t)ACT_MIN(length, (size_t)INT16_MAX));
    return result;
}

static Term insert_any(Process *p, EtsTable *t, Term rows, bool only_new)
{
    if (is_row_of(t, rows)) {
        return insert_one(p, t, rows, only_new);
    }
    size_t length = 0;
    Term list = rows;
    for (; term_is_cons(list) && is_row_of(t, cons_head(list)); list = cons_tail(list)) {
        length++;
    }
    if (!term_is_nil(list)) {
        return raise_badarg(p);
    }
    if (length <= 1) {
        return length ? insert_one(p, t, cons_head(rows), only_new) : ATOM(true);
    }
    return insert_many(p, t, rows, length, only_new);
}

static Term insert(Process *p, const Term *a, bool only_new)
{
    EtsTable *t = bif_ets_table(p, a[0], TABLE_WRITE);
    Term result = t ? insert_any(p, t, a[1], only_new) : TERM_NONE;
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

/* ---- lookup ---- */

/* Copies of the rows, given newest first, as a list, oldest first. */
static Term rows_list(Process *p, EtsRow *const *rows, size_t count)
{
    Term list = TERM_NIL;
    for (size_t i = 0; i < count; i++) {
        Term row = ets_row_copy(p, rows[i]);
        list = term_same(row, TERM_NONE) ? TERM_NONE : util_cons(p, row, list);
        if (term_same(list, TERM_NONE)) {
            break;
        }
    }
    return list;
}

Term bif_ets_lookup_2(Process *p, const Term *a)
{
    EtsTable *t = bif_ets_table(p, a[0], TABLE_READ);
    if (ACT_UNLIKELY(!t)) {
        return TERM_NONE;
    }
    if (ets_is_set(t)) {
        EtsRow *row = ets_find(t, a[1]);
        return row ? rows_list(p, &row, 1) : TERM_NIL;
    }
    EtsRows rows;
    if (!ets_find_all(t, a[1], &rows)) {
        return raise_no_memory(p);
    }
    Term list = rows_list(p, rows.rows, rows.count);
    process_spend(p, (int32_t)ACT_MIN(rows.count, (size_t)INT16_MAX));
    ets_rows_free(&rows);
    return list;
}

Term bif_ets_member_2(Process *p, const Term *a)
{
    EtsTable *t = bif_ets_table(p, a[0], TABLE_READ);
    return t ? term_bool(ets_find(t, a[1]) != NULL) : TERM_NONE;
}

/* Element `position` of the row, copied; badarg if it has none. */
static Term row_element(Process *p, const EtsRow *row, size_t position)
{
    return position > tuple_arity(ets_row_term(row))
               ? raise_badarg(p)
               : ets_part_copy(p, ets_row_element(row, position));
}

Term bif_ets_lookup_element_3(Process *p, const Term *a)
{
    int64_t position;
    EtsTable *t = bif_ets_table(p, a[0], TABLE_READ);
    if (!t) {
        return TERM_NONE;
    }
    if (!util_get_range(a[2], 1, SMALL_MAX, &position)) {
        return raise_badarg(p);
    }
    if (ets_is_set(t)) {
        EtsRow *row = ets_find(t, a[1]);
        return row ? row_element(p, row, (size_t)position) : bif_ets_badarg(p, ATOM(badkey));
    }
    EtsRows rows;
    if (!ets_find_all(t, a[1], &rows)) {
        return raise_no_memory(p);
    }
    Term list = rows.count ? TERM_NIL : bif_ets_badarg(p, ATOM(badkey));
    for (size_t i = 0; i < rows.count && !term_same(list, TERM_NONE); i++) {
        Term element = row_element(p, rows.rows[i], (size_t)position);
        list = term_same(element, TERM_NONE) ? element : util_cons(p, element, list);
    }
    ets_rows_free(&rows);
    return list;
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
    while (bif_ets_living(spot)) {
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
        return bif_ets_gone(p);
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
    if (!is_row_of(t, a[1])) {
        return raise_badarg(p);
    }
    if (!ets_open(&spot, p, t, tuple_items(a[1])[t->key_position - 1])) {
        return bif_ets_gone(p);
    }
    if (spot.row) {
        remove_rows(&spot, a[1]);
    }
    ets_close(&spot);
    return ATOM(true);
}

Term bif_ets_take_2(Process *p, const Term *a)
{
    EtsSpot spot;
    EtsTable *t = bif_ets_table(p, a[0], TABLE_WRITE);
    if (!t) {
        return TERM_NONE;
    }
    if (!ets_open(&spot, p, t, a[1])) {
        return bif_ets_gone(p);
    }
    Term list = TERM_NIL;
    for (EtsSpot at = spot; bif_ets_living(&at); t->kind->step(&at)) {
        EtsRow *row = at.row;
        Term copy = ets_row_copy(p, row);
        list = term_same(copy, TERM_NONE) ? copy : util_cons(p, copy, list);
        if (term_same(list, TERM_NONE)) {
            ets_close(&spot);
            return TERM_NONE;
        }
    }
    if (spot.row) {
        remove_rows(&spot, TERM_NONE);
    }
    ets_close(&spot);
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
    return ets_clear(p, t, &count) ? small_make((int64_t)count) : bif_ets_gone(p);
}
