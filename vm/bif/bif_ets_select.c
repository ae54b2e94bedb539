/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_ets_select.c: module ets: all that goes by match specifications.
 *
 * A walk is done a turn's worth at a time. What is kept in between (bif_state) is a term: where the
 * walk is, the lists of results so far (latest first), their number, and what belongs to the
 * next portion already; the specification is compiled again each turn, which is cheap. A
 * continuation, for select/1, is {Table, Position, Limit, Specification, Rest, Back}. */
#include "vm/bif/bif_ets.h"
#include "vm/bif/match_spec.h"
#include "vm/code/code.h"
#include "vm/ets/ets_bulk.h"
#include "vm/term/compare.h"

typedef enum { ACTION_LIST, ACTION_COUNT, ACTION_DELETE, ACTION_REPLACE } Action;

enum {
    ROWS_PER_REDUCTION = 1,
    WORDS_OF_FEW = 16, /* a longer row counts as several */
    MIN_ROWS = 8,      /* of a turn, however short */
    STATE_POSITION = 0,
    STATE_LISTS,
    STATE_COUNT,
    STATE_SIZE,
    CONT_TABLE = 0,
    CONT_POSITION,
    CONT_LIMIT,
    CONT_SPEC,
    CONT_REST,
    CONT_BACK,
    CONT_SIZE,
};

/* What is asked. */
typedef struct {
    Action action;
    Term table;
    Term spec;
    int64_t limit; /* 0: none */
    bool back;
    Term position; /* TERM_NONE: from the start */
    Term rest;     /* results of an earlier walk that belong to this portion */
} Query;

/* A turn's work on it. */
typedef struct {
    const Query *query;
    Process *p;
    EtsTable *t;
    MsProgram ms;
    EtsWalk walk;
    uint64_t version; /* of the row that was tried last */
    UtilList list;    /* results of this turn */
    Term consed;      /* of hash tables, in which a key's rows come latest first: in front */
    UtilList next;    /* results beyond the limit */
    Term lists;       /* of earlier turns, latest first */
    int64_t count;
    bool failed; /* raised */
} Work;

/* ---- one row ---- */

static MsResult try_row(Work *w, const EtsRow *row, Term *value)
{
    const MsProgram *ms = &w->ms;
    MsResult result;
    unsigned tries = 0;
    do {
        w->version = ets_row_look(row, tries++);
        result = match_spec_run(ms, w->p, ets_row_term(row), row, value);
    } while (ACT_UNLIKELY(!ets_row_seen(row, w->version)));
    w->failed |= result == MS_RAISED;
    return result;
}

static void list_row(Work *w, const EtsRow *row)
{
    Term value;
    if (try_row(w, row, &value) != MS_MATCH) {
        return;
    }
    bool over = w->query->limit > 0 && w->count == w->query->limit;
    w->count += !over;
    if (over || w->t->type == ETS_ORDERED_SET) {
        w->failed |= !util_list_add(over ? &w->next : &w->list, value);
    } else {
        w->consed = util_cons(w->p, value, w->consed);
        w->failed |= term_same(w->consed, TERM_NONE);
    }
}

/* This turn's results as a list. */
static Term results(Work *w)
{
    return util_list_close(&w->list, w->consed);
}

/* Nothing was stored in the row since it was tried. */
static bool is_unchanged(const Work *w, const EtsRow *row)
{
    return ets_row_has_version(row) && ets_row_seen(row, w->version);
}

/* The spot's row is as it was found, or (in a set) matches as well: *value is right. */
static bool same_or_fits(Work *w, EtsSpot *spot, const EtsRow *row, Term *value)
{
    if (ets_is_set(w->t)) {
        return ets_living(spot) && ((spot->row == row && is_unchanged(w, row)) ||
                                    try_row(w, spot->row, value) == MS_MATCH);
    }
    while (ets_living(spot) && spot->row != row) {
        w->t->kind->step(spot);
    }
    return spot->row != NULL;
}

/* Opens the row's place; false if it is no longer there or does not match any more. */
static bool open_row(Work *w, EtsSpot *spot, const EtsRow *row, Term *value)
{
    if (!ets_open(spot, w->p, w->t, ets_row_key(w->t, row))) {
        bif_ets_missed(w->p, w->t);
        w->failed = true;
        return false;
    }
    if (!same_or_fits(w, spot, row, value)) {
        ets_close(spot);
        return false;
    }
    return true;
}

static void delete_row(Work *w, const EtsRow *row)
{
    Term value;
    EtsSpot spot;
    if (try_row(w, row, &value) != MS_MATCH || !term_same(value, ATOM(true)) ||
        !open_row(w, &spot, row, &value)) {
        return;
    }
    if (term_same(value, ATOM(true))) {
        w->t->kind->remove(&spot);
        w->count++;
    }
    ets_close(&spot);
}

static void replace_row(Work *w, const EtsRow *row)
{
    Term value;
    EtsSpot spot;
    if (try_row(w, row, &value) != MS_MATCH || !open_row(w, &spot, row, &value)) {
        return;
    }
    EtsRow *fresh = term_is_tuple(value) ? ets_row_new(w->p, value, ets_row_extra(w->t)) : NULL;
    if (fresh) {
        w->t->kind->replace(&spot, fresh);
        w->count++;
    }
    w->failed |= !fresh;
    ets_close(&spot);
}

static void do_row(Work *w, const EtsRow *row)
{
    Term value;
    switch (w->query->action) {
    case ACTION_LIST:
        list_row(w, row);
        break;
    case ACTION_COUNT:
        w->count += try_row(w, row, &value) == MS_MATCH && term_same(value, ATOM(true));
        break;
    case ACTION_DELETE:
        delete_row(w, row);
        break;
    case ACTION_REPLACE:
        replace_row(w, row);
        break;
    }
}

/* ---- ends ---- */

/* The results of all turns as one list; may go on in Act code. cont: TERM_NONE, or the second half
 * of {Results, Continuation}. */
static Term joined(Work *w, Term cont)
{
    Process *p = w->p;
    Term list = results(w);
    if (term_same(list, TERM_NONE)) {
        return TERM_NONE;
    }
    if (term_is_nil(w->lists)) {
        return term_same(cont, TERM_NONE) ? list : UTIL_TUPLE(p, list, cont);
    }
    bool whole = term_same(cont, TERM_NONE);
    Export *join = code_export(p->vm, ATOM(act_ets), ATOM(joined), whole ? 1 : 2);
    Term lists = util_cons(p, list, w->lists);
    if (!join || term_same(lists, TERM_NONE)) {
        return join ? TERM_NONE : raise_no_memory(p);
    }
    return whole ? bif_trap(p, join, 1, lists) : bif_trap(p, join, 2, lists, cont);
}

static Term finished(Work *w)
{
    if (w->query->action != ACTION_LIST) {
        return small_make(w->count);
    }
    if (w->query->limit == 0) {
        return joined(w, TERM_NONE);
    }
    return w->count == 0 ? ATOM(end_of_table) : joined(w, ATOM(end_of_table));
}

/* The limit is reached and the walk may rest: {Results, Continuation}. */
static Term portion(Work *w)
{
    Process *p = w->p;
    const Query *q = w->query;
    Term position = w->t->kind->walk_save(&w->walk, p);
    Term rest = util_list_close(&w->next, TERM_NIL);
    if (term_same(position, TERM_NONE) || term_same(rest, TERM_NONE)) {
        return TERM_NONE;
    }
    Term items[CONT_SIZE] = {[CONT_TABLE] = bif_ets_reference(p, w->t),
                             [CONT_POSITION] = position,
                             [CONT_LIMIT] = small_make(q->limit),
                             [CONT_SPEC] = q->spec,
                             [CONT_REST] = rest,
                             [CONT_BACK] = term_bool(q->back)};
    Term cont =
        term_same(items[CONT_TABLE], TERM_NONE) ? TERM_NONE : util_tuple(p, items, CONT_SIZE);
    return term_same(cont, TERM_NONE) ? cont : joined(w, cont);
}

static Term suspended(Work *w)
{
    Process *p = w->p;
    Term list = results(w);
    Term position = w->t->kind->walk_save(&w->walk, p);
    if (term_same(list, TERM_NONE) || term_same(position, TERM_NONE)) {
        return TERM_NONE;
    }
    Term lists = list; /* the next turn's are put before them: one order, wherever turns end */
    if (w->t->type == ETS_ORDERED_SET) {
        lists = term_is_nil(list) ? w->lists : util_cons(p, list, w->lists);
    }
    if (term_same(lists, TERM_NONE)) {
        return TERM_NONE;
    }
    Term state = UTIL_TUPLE(p, position, lists, small_make(w->count));
    return term_same(state, TERM_NONE) ? state : bif_again(p, state);
}

/* ---- the walk ---- */

typedef struct {
    const AtomTable *atoms;
    Term key;
} KeyPattern;

static int key_range(const void *context, Term key)
{
    const KeyPattern *pattern = context;
    return match_spec_range(pattern->atoms, pattern->key, key);
}

static Term walk_rows(Work *w)
{
    Process *p = w->p;
    const Query *q = w->query;
    const EtsKind *kind = w->t->kind;
    size_t budget = (size_t)ACT_MAX(p->reductions, 1) * ROWS_PER_REDUCTION + MIN_ROWS;
    size_t done = 0; /* in rows of few words */
    EtsRow *row;
    w->walk.ghosts = true; /* they take time, too */
    while ((row = kind->walk(&w->walk))) {
        if (!ets_row_is_ghost(row)) {
            do_row(w, row);
        }
        done += 1 + row->words / WORDS_OF_FEW;
        if (w->failed) {
            return p->pending == PENDING_NONE ? raise_badarg(p) : TERM_NONE;
        }
        if ((done >= budget || (q->limit > 0 && w->count == q->limit)) &&
            kind->walk_may_rest(&w->walk)) {
            process_spend(p, (int32_t)(done / ROWS_PER_REDUCTION));
            return q->limit > 0 && w->count == q->limit ? portion(w) : suspended(w);
        }
    }
    process_spend(p, (int32_t)(done / ROWS_PER_REDUCTION));
    return finished(w);
}

/* The head has a whole key: only its rows. */
static Term key_rows(Work *w, Term key)
{
    EtsRows rows;
    if (!ets_find_all(w->p, w->t, key, &rows)) {
        return TERM_NONE;
    }
    for (size_t i = 0; i < rows.count && !w->failed; i++) {
        do_row(w, rows.rows[i]);
    }
    ets_rows_free(&rows);
    if (w->failed) {
        return w->p->pending == PENDING_NONE ? raise_badarg(w->p) : TERM_NONE;
    }
    return finished(w);
}

/* The results that an earlier portion left over; true if they fill this one. */
static bool take_rest(Work *w)
{
    Term rest = w->query->rest;
    for (; term_is_cons(rest); rest = cons_tail(rest)) {
        bool over = w->count == w->query->limit;
        w->count += !over;
        w->failed |= !util_list_add(over ? &w->next : &w->list, cons_head(rest));
    }
    return w->count == w->query->limit;
}

/* Sets the walk to where it was left; false: that is no position. */
static bool resume(Work *w)
{
    Process *p = w->p;
    Term state = p->bif_state;
    p->bif_state = TERM_NONE;
    if (!term_same(state, TERM_NONE)) {
        const Term *items = tuple_items(state);
        *(w->t->type == ETS_ORDERED_SET ? &w->lists : &w->consed) = items[STATE_LISTS];
        w->count = small_value(items[STATE_COUNT]);
        return w->t->kind->walk_load(&w->walk, items[STATE_POSITION]);
    }
    if (term_same(w->query->position, TERM_NONE)) {
        return true;
    }
    if (!w->t->kind->walk_load(&w->walk, w->query->position)) {
        return false;
    }
    return true;
}

static Term run_compiled(Work *w)
{
    Process *p = w->p;
    const Query *q = w->query;
    const MsClause *only = w->ms.clauses.count == 1 ? &w->ms.clauses.items[0] : NULL;
    bool keyed = only && !term_same(only->key, TERM_NONE);
    bool first = term_same(p->bif_state, TERM_NONE);
    KeyPattern pattern = {p->vm->atoms, keyed ? only->key : TERM_NIL};
    if (keyed && match_spec_is_ground(p->vm->atoms, only->key)) {
        /* one look-up, never suspended; a forged continuation ends here, too */
        return key_rows(w, only->key);
    }
    ets_walk_start(&w->walk, w->t);
    w->walk.back = q->back && w->t->type == ETS_ORDERED_SET;
    if (keyed && w->t->type == ETS_ORDERED_SET) {
        w->walk.range = key_range;
        w->walk.range_context = &pattern;
    }
    if (!resume(w)) {
        return raise_badarg(p);
    }
    if (first && q->limit > 0 && take_rest(w)) {
        return portion(w);
    }
    return walk_rows(w);
}

static Term run_query(Process *p, const Query *q)
{
    Work w = {.query = q, .p = p, .consed = TERM_NIL, .lists = TERM_NIL};
    w.t = bif_ets_table(p, q->table,
                        q->action == ACTION_LIST || q->action == ACTION_COUNT ? TABLE_READ
                                                                              : TABLE_WRITE);
    if (!w.t) {
        p->bif_state = p->pending == PENDING_AGAIN ? p->bif_state : TERM_NONE;
        return TERM_NONE;
    }
    bool rework = q->action == ACTION_DELETE || q->action == ACTION_REPLACE;
    MsStatus status = match_spec_compile(&w.ms, p->vm->atoms, q->spec, w.t->key_position);
    if (status != MS_OK) {
        return status == MS_BADARG ? raise_badarg(p) : raise_no_memory(p);
    }
    if (rework && !ets_rework_begin(w.t)) {
        match_spec_free(&w.ms);
        return bif_ets_missed(p, w.t);
    }
    util_list_open(&w.list, p);
    util_list_open(&w.next, p);
    Term result = run_compiled(&w);
    if (rework) {
        ets_rework_end(w.t);
    }
    match_spec_free(&w.ms);
    return result;
}

/* ---- select, match ---- */

static Term query_list(Process *p, Term table, Term spec, Term limit, bool back)
{
    Query q = {.action = ACTION_LIST,
               .table = table,
               .spec = spec,
               .back = back,
               .position = TERM_NONE,
               .rest = TERM_NIL};
    if (!term_same(limit, TERM_NONE) && !util_get_range(limit, 1, SMALL_MAX, &q.limit)) {
        return bif_ets_table(p, table, TABLE_READ) ? raise_badarg(p) : TERM_NONE;
    }
    return run_query(p, &q);
}

/* [{Pattern, [], [What]}] */
static Term spec_of(Process *p, Term pattern, Term what)
{
    Term body = util_cons(p, what, TERM_NIL);
    Term clause = term_same(body, TERM_NONE) ? body : UTIL_TUPLE(p, pattern, TERM_NIL, body);
    return term_same(clause, TERM_NONE) ? clause : util_cons(p, clause, TERM_NIL);
}

static Term query_pattern(Process *p, const Term *a, Term what, Term limit)
{
    Term spec = spec_of(p, a[1], what);
    return term_same(spec, TERM_NONE) ? spec : query_list(p, a[0], spec, limit, false);
}

static Term go_on(Process *p, Term cont)
{
    if (term_same(cont, ATOM(end_of_table))) {
        return cont;
    }
    if (!term_is_tuple_of(cont, CONT_SIZE)) {
        return raise_badarg(p);
    }
    const Term *items = tuple_items(cont);
    Query q = {.action = ACTION_LIST,
               .table = items[CONT_TABLE],
               .spec = items[CONT_SPEC],
               .back = term_same(items[CONT_BACK], ATOM(true)),
               .position = items[CONT_POSITION],
               .rest = items[CONT_REST]};
    if (!term_is_ref(q.table) || !util_get_range(items[CONT_LIMIT], 1, SMALL_MAX, &q.limit)) {
        return raise_badarg(p);
    }
    return run_query(p, &q);
}

Term bif_ets_select_1(Process *p, const Term *a)
{
    return go_on(p, a[0]);
}

Term bif_ets_select_2(Process *p, const Term *a)
{
    return query_list(p, a[0], a[1], TERM_NONE, false);
}

Term bif_ets_select_3(Process *p, const Term *a)
{
    return query_list(p, a[0], a[1], a[2], false);
}

Term bif_ets_select_reverse_1(Process *p, const Term *a)
{
    return go_on(p, a[0]);
}

Term bif_ets_select_reverse_2(Process *p, const Term *a)
{
    return query_list(p, a[0], a[1], TERM_NONE, true);
}

Term bif_ets_select_reverse_3(Process *p, const Term *a)
{
    return query_list(p, a[0], a[1], a[2], true);
}

Term bif_ets_match_1(Process *p, const Term *a)
{
    return go_on(p, a[0]);
}

Term bif_ets_match_2(Process *p, const Term *a)
{
    return query_pattern(p, a, ATOM(all_variables), TERM_NONE);
}

Term bif_ets_match_3(Process *p, const Term *a)
{
    return query_pattern(p, a, ATOM(all_variables), a[2]);
}

Term bif_ets_match_object_1(Process *p, const Term *a)
{
    return go_on(p, a[0]);
}

Term bif_ets_match_object_2(Process *p, const Term *a)
{
    return query_pattern(p, a, ATOM(whole_row), TERM_NONE);
}

Term bif_ets_match_object_3(Process *p, const Term *a)
{
    return query_pattern(p, a, ATOM(whole_row), a[2]);
}

/* ---- count, delete, replace ---- */

static Term query_number(Process *p, const Term *a, Action action)
{
    Query q = {
        .action = action, .table = a[0], .spec = a[1], .position = TERM_NONE, .rest = TERM_NIL};
    return run_query(p, &q);
}

Term bif_ets_select_count_2(Process *p, const Term *a)
{
    return query_number(p, a, ACTION_COUNT);
}

Term bif_ets_internal_select_delete_2(Process *p, const Term *a)
{
    return query_number(p, a, ACTION_DELETE);
}

enum { MOST_KEY_DEPTH = 1000 };

/* True if the pattern has neither maps nor what means something else in a body. */
static bool is_plain(Term t, unsigned depth)
{
    for (; term_is_cons(t); t = cons_tail(t)) {
        if (depth == 0 || !is_plain(cons_head(t), depth - 1)) {
            return false;
        }
    }
    if (term_is_tuple(t)) {
        for (size_t i = 0; i < tuple_arity(t); i++) {
            if (depth == 0 || !is_plain(tuple_items(t)[i], depth - 1)) {
                return false;
            }
        }
        return true;
    }
    return !term_is_map(t) && !term_same(t, ATOM(whole_row)) && !term_same(t, ATOM(all_variables));
}

/* True if the body's expression is sure to be what the head's pattern matched; at most depth deep.
 */
static bool builds_again(const AtomTable *atoms, Term head, Term body, unsigned depth)
{
    uint32_t number;
    if (depth == 0) {
        return false;
    }
    if (term_is_tuple_of(body, 2) && term_same(tuple_items(body)[0], ATOM(const))) {
        return match_spec_is_ground(atoms, head) && is_plain(head, depth) &&
               term_equal_exact(tuple_items(body)[1], head);
    }
    if (term_is_tuple(body)) { /* {{…}} */
        bool built = tuple_arity(body) == 1 && term_is_tuple(tuple_items(body)[0]);
        Term items = built ? tuple_items(body)[0] : TERM_NIL;
        if (!built || !term_is_tuple(head) || tuple_arity(head) != tuple_arity(items)) {
            return false;
        }
        for (size_t i = 0; i < tuple_arity(head); i++) {
            if (!builds_again(atoms, tuple_items(head)[i], tuple_items(items)[i], depth - 1)) {
                return false;
            }
        }
        return true;
    }
    if (term_is_cons(body)) {
        return term_is_cons(head) &&
               builds_again(atoms, cons_head(head), cons_head(body), depth - 1) &&
               builds_again(atoms, cons_tail(head), cons_tail(body), depth - 1);
    }
    return term_equal_exact(head, body) &&
           (match_spec_variable(atoms, head, &number) ||
            (match_spec_is_ground(atoms, head) && is_plain(head, depth)));
}

/* True if a body's key element is sure to be the row's key: what the head's matched, built again,
 * or {element, Position, '$_'}. */
static bool keeps_key(const EtsTable *t, Term head_key, Term body_key)
{
    if (term_is_tuple_of(body_key, 3) && term_same(tuple_items(body_key)[0], ATOM(element))) {
        return term_same(tuple_items(body_key)[1], small_make(t->key_position)) &&
               term_same(tuple_items(body_key)[2], ATOM(whole_row));
    }
    return !term_same(head_key, TERM_NONE) &&
           builds_again(t->vm->atoms, head_key, body_key, MOST_KEY_DEPTH);
}

static bool is_constant_key(const EtsTable *t, Term head_key, Term key)
{
    return match_spec_is_ground(t->vm->atoms, head_key) && is_plain(head_key, MOST_KEY_DEPTH) &&
           term_equal_exact(head_key, key);
}

static bool clause_keeps_key(const EtsTable *t, Term clause)
{
    if (!term_is_tuple_of(clause, 3)) {
        return false;
    }
    Term head = tuple_items(clause)[0];
    Term body = tuple_items(clause)[2];
    if (!term_is_cons(body) || !term_is_nil(cons_tail(body))) {
        return false;
    }
    Term result = cons_head(body);
    if (term_same(result, ATOM(whole_row))) {
        return true;
    }
    bool has_key = term_is_tuple(head) && tuple_arity(head) >= t->key_position;
    if (term_is_tuple_of(result, 2) && term_same(tuple_items(result)[0], ATOM(const))) {
        Term row = tuple_items(result)[1];
        return has_key && term_is_tuple(row) && tuple_arity(row) >= t->key_position &&
               is_constant_key(t, tuple_items(head)[t->key_position - 1],
                               tuple_items(row)[t->key_position - 1]);
    }
    if (!term_is_tuple_of(result, 1) || !term_is_tuple(tuple_items(result)[0])) {
        return false;
    }
    result = tuple_items(result)[0];
    return tuple_arity(result) >= t->key_position &&
           keeps_key(t, has_key ? tuple_items(head)[t->key_position - 1] : TERM_NONE,
                     tuple_items(result)[t->key_position - 1]);
}

Term bif_ets_select_replace_2(Process *p, const Term *a)
{
    EtsTable *t = bif_ets_table(p, a[0], TABLE_WRITE);
    if (!t) {
        return TERM_NONE;
    }
    if (t->type == ETS_BAG) { /* a new row might equal another */
        return bif_ets_badarg(p, ATOM(table_type));
    }
    for (Term clauses = a[1]; term_is_cons(clauses); clauses = cons_tail(clauses)) {
        if (!clause_keeps_key(t, cons_head(clauses))) {
            return raise_badarg(p);
        }
    }
    return query_number(p, a, ACTION_REPLACE);
}
