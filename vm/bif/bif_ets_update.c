/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_ets_update.c: module ets: changing elements of a row: update_counter, update_element.
 * Readers see all changes or none. Single words are stored in place; else the changed row is a new
 * one that takes the old one's place. */
#include "vm/base/alloc.h"
#include "vm/bif/bif_ets.h"
#include "vm/term/compare.h"

/* The changes of one call; few almost always. */
enum { CHANGES_FIRST = 8 };
typedef struct {
    uint32_t *positions;
    Term *values;
    size_t count;
    uint32_t first_positions[CHANGES_FIRST];
    Term first_values[CHANGES_FIRST];
} Changes;

static bool changes_open(Changes *c, size_t room)
{
    c->count = 0;
    c->positions = c->first_positions;
    c->values = c->first_values;
    if (room > CHANGES_FIRST) {
        c->positions = alloc_try(room * sizeof *c->positions);
        c->values = alloc_try(room * sizeof *c->values);
    }
    return c->positions && c->values;
}

static void changes_close(Changes *c)
{
    if (c->positions != c->first_positions) {
        alloc_free(c->positions);
    }
    if (c->values != c->first_values) {
        alloc_free(c->values);
    }
}

/* Gives the row of the spot the changed elements. */
static bool apply(Process *p, EtsSpot *spot, const Changes *c)
{
    if (!spot->table->cache && ets_row_store(spot->row, c->positions, c->values, c->count)) {
        return true;
    }
    EtsRow *row =
        ets_row_change(p, spot->row, c->positions, c->values, c->count, ets_row_extra(spot->table));
    if (row) {
        spot->table->kind->replace(spot, row);
    }
    return row != NULL;
}

/* ---- update_counter ---- */

/* One operation: what is added where, and what happens beyond a threshold. */
typedef struct {
    int64_t position;
    Term add;
    bool bounded;
    Term threshold, set_to;
} CounterOp;

static bool read_op(const EtsTable *t, Term op, CounterOp *out)
{
    out->position = (int64_t)t->key_position + 1;
    out->bounded = false;
    out->add = op;
    if (term_is_integer(op)) {
        return true;
    }
    if (!term_is_tuple_of(op, 2) && !term_is_tuple_of(op, 4)) {
        return false;
    }
    const Term *items = tuple_items(op);
    out->add = items[1];
    if (tuple_arity(op) == 4) {
        out->bounded = true;
        out->threshold = items[2];
        out->set_to = items[3];
        if (!term_is_integer(items[2]) || !term_is_integer(items[3])) {
            return false;
        }
    }
    return util_get_range(items[0], 1, SMALL_MAX, &out->position) && term_is_integer(items[1]);
}

/* The element after the operation; TERM_NONE, raised. */
static Term counted(Process *p, Term now, const CounterOp *op)
{
    int64_t sum;
    Term next;
    if (terms_are_small(now, op->add) &&
        !__builtin_add_overflow(small_value(now), small_value(op->add), &sum) && small_fits(sum)) {
        next = small_make(sum);
    } else {
        TermRoom room = heap_room(&p->heap);
        NumberError error = NUMBER_OK;
        next = util_number(p, big_add(&room, now, op->add, &error), error);
    }
    if (op->bounded && !term_same(next, TERM_NONE)) {
        int over = big_compare(next, op->threshold);
        next = (util_is_negative(op->add) ? over < 0 : over > 0) ? op->set_to : next;
    }
    return next;
}

/* The element as the changes so far leave it. */
static Term current(const EtsRow *row, const Changes *c, uint32_t position)
{
    for (size_t i = c->count; i-- > 0;) {
        if (c->positions[i] == position) {
            return c->values[i];
        }
    }
    return row->term[position];
}

/* Adds what one operation does to the changes; the new value, or TERM_NONE, raised. */
static Term count_one(Process *p, const EtsTable *t, const EtsRow *row, Term op, Changes *c)
{
    CounterOp read;
    if (!read_op(t, op, &read)) {
        return raise_badarg(p);
    }
    if (read.position > (int64_t)tuple_arity(ets_row_term(row))) {
        return bif_ets_badarg(p, ATOM(position));
    }
    if (read.position == t->key_position) {
        return bif_ets_badarg(p, ATOM(keypos));
    }
    uint32_t position = (uint32_t)read.position;
    Term now = current(row, c, position);
    if (!term_is_integer(now)) {
        return raise_badarg(p);
    }
    Term next = counted(p, now, &read);
    c->positions[c->count] = position;
    c->values[c->count++] = next;
    return next;
}

/* The results as a list (copied: a value may lie in the old row), or the one. */
static Term results(Process *p, Term ops, const Changes *c)
{
    if (!term_is_list(ops)) {
        return ets_part_copy(p, c->values[0]);
    }
    Term list = TERM_NIL;
    for (size_t i = c->count; i-- > 0 && !term_same(list, TERM_NONE);) {
        list = util_cons(p, ets_part_copy(p, c->values[i]), list);
    }
    return list;
}

static Term count_row(Process *p, EtsSpot *spot, Term ops, Changes *c)
{
    Term value = TERM_NIL;
    if (!term_is_list(ops)) {
        value = count_one(p, spot->table, spot->row, ops, c);
    }
    for (Term rest = ops; term_is_cons(rest) && !term_same(value, TERM_NONE);
         rest = cons_tail(rest)) {
        Term op = cons_head(rest); /* a number stands for an operation only when alone */
        value = term_is_tuple(op) ? count_one(p, spot->table, spot->row, op, c) : raise_badarg(p);
    }
    if (term_same(value, TERM_NONE)) {
        return TERM_NONE;
    }
    Term result = results(p, ops, c);
    return term_same(result, TERM_NONE) || c->count == 0 || apply(p, spot, c) ? result : TERM_NONE;
}

/* The default object as the row of a key that has none: its key element is the key. */
static bool put_default(Process *p, EtsSpot *spot, Term key, Term object)
{
    const EtsTable *t = spot->table;
    EtsRow *row = ets_row_new(p, object, 0);
    EtsRow *keyed =
        row ? ets_row_change(p, row, &t->key_position, &key, 1, ets_row_extra(t)) : NULL;
    if (row) {
        ets_row_free(row);
    }
    bool put = keyed && ets_put(spot, keyed);
    if (keyed && !put) {
        raise_no_memory(p);
    }
    return put;
}

static Term count_at(Process *p, EtsSpot *spot, const Term *a, Term object, Changes *c)
{
    bool added = false;
    if (!ets_living(spot)) {
        if (term_same(object, TERM_NONE)) {
            return bif_ets_badarg(p, ATOM(badkey));
        }
        added = put_default(p, spot, a[1], object);
        if (!added) {
            return TERM_NONE;
        }
    }
    Term result = count_row(p, spot, a[2], c);
    if (added && term_same(result, TERM_NONE)) {
        spot->table->kind->remove(spot);
    }
    return result;
}

static Term update_counter(Process *p, const Term *a, Term object)
{
    EtsTable *t = bif_ets_table(p, a[0], TABLE_WRITE);
    if (!t) {
        return TERM_NONE;
    }
    if (!term_same(object, TERM_NONE) && !term_is_tuple(object)) {
        return raise_badarg(p);
    }
    if (!ets_is_set(t)) {
        return bif_ets_badarg(p, ATOM(table_type));
    }
    if (!term_same(object, TERM_NONE) && tuple_arity(object) < t->key_position) {
        return raise_badarg(p);
    }
    int64_t ops = term_is_list(a[2]) ? util_list_length(a[2]) : 1;
    Changes c;
    EtsSpot spot;
    if (ops < 0) {
        return raise_badarg(p);
    }
    if (!changes_open(&c, (size_t)ops)) {
        changes_close(&c);
        return raise_no_memory(p);
    }
    if (!ets_open(&spot, p, t, a[1])) {
        changes_close(&c);
        return bif_ets_missed(p, t);
    }
    Term result = count_at(p, &spot, a, object, &c);
    ets_close(&spot);
    changes_close(&c);
    return result;
}

Term bif_ets_update_counter_3(Process *p, const Term *a)
{
    return update_counter(p, a, TERM_NONE);
}

Term bif_ets_update_counter_4(Process *p, const Term *a)
{
    return update_counter(p, a, a[3]);
}

/* ---- update_element ---- */

/* Reads {Position, Value} into the changes; false, raised. */
static bool read_change(Process *p, const EtsTable *t, Term change, Changes *c)
{
    int64_t position;
    if (!term_is_tuple_of(change, 2) ||
        !util_get_range(tuple_items(change)[0], 1, UINT32_MAX, &position)) {
        raise_badarg(p);
        return false;
    }
    if (position == t->key_position) {
        bif_ets_badarg(p, ATOM(keypos));
        return false;
    }
    c->positions[c->count] = (uint32_t)position;
    c->values[c->count++] = tuple_items(change)[1];
    return true;
}

static bool read_changes(Process *p, const EtsTable *t, Term changes, Changes *c)
{
    if (!term_is_list(changes)) {
        return read_change(p, t, changes, c);
    }
    if (util_list_length(changes) < 0) {
        raise_badarg(p);
        return false;
    }
    for (; term_is_cons(changes); changes = cons_tail(changes)) {
        if (!read_change(p, t, cons_head(changes), c)) {
            return false;
        }
    }
    return true;
}

/* Without a row what is asked for is not looked at. */
static Term change_at(Process *p, EtsSpot *spot, Term changes, Changes *c)
{
    if (!ets_living(spot)) {
        return ATOM(false);
    }
    if (!read_changes(p, spot->table, changes, c)) {
        return TERM_NONE;
    }
    for (size_t i = 0; i < c->count; i++) {
        if (c->positions[i] > tuple_arity(ets_row_term(spot->row))) {
            return raise_badarg(p);
        }
    }
    return c->count == 0 || apply(p, spot, c) ? ATOM(true) : TERM_NONE;
}

Term bif_ets_update_element_3(Process *p, const Term *a)
{
    EtsTable *t = bif_ets_table(p, a[0], TABLE_WRITE);
    if (!t) {
        return TERM_NONE;
    }
    int64_t count = term_is_list(a[2]) ? util_list_length(a[2]) : 1;
    Changes c;
    EtsSpot spot;
    if (!ets_is_set(t)) {
        return raise_badarg(p);
    }
    if (!changes_open(&c, count < 0 ? 0 : (size_t)count)) {
        changes_close(&c);
        return raise_no_memory(p);
    }
    Term result = TERM_NONE;
    if (ets_open(&spot, p, t, a[1])) {
        result = change_at(p, &spot, a[2], &c);
        ets_close(&spot);
    } else {
        bif_ets_missed(p, t);
    }
    changes_close(&c);
    return result;
}
