/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/match_spec_run.c: running the program of a match specification on one term. */
#include "vm/bif/bif_util.h"
#include "vm/bif/match_spec.h"
#include "vm/term/compare.h"
#include "vm/term/map.h"
#include "vm/vm_parts.h"

/* ---- matching ---- */

/* One instruction of a head; false: the term does not match. */
static bool match_one(const MsProgram *ms, const MsOp *op, const Term **places)
{
    /* acquire: it may be an element of a row that is stored in place (ets_row.h) */
    Term t = TERM_RAW(__atomic_load_n(&places[op->reg][op->at].w, __ATOMIC_ACQUIRE));
    switch ((MsCode)op->code) {
    case MS_TUPLE:
        if (!term_is_tuple_of(t, (size_t)small_value(op->value))) {
            return false;
        }
        places[op->dst] = boxed_words(t);
        return true;
    case MS_CONS:
        if (!term_is_cons(t)) {
            return false;
        }
        places[op->dst] = cons_cell(t);
        return true;
    case MS_MAP:
        return term_is_map(t);
    case MS_VALUE:
        places[op->dst] = &ms->cells[op->dst];
        return map_get(t, op->value, &ms->cells[op->dst]);
    case MS_WORD:
        return term_same(t, op->value);
    case MS_EQUAL:
        return term_equal_exact(t, op->value);
    case MS_BIND:
        ms->bound[op->dst] = t;
        return true;
    case MS_SAME:
        return term_equal_exact(t, ms->bound[op->dst]);
    default:
        return false;
    }
}

static bool match_head(const MsProgram *ms, const MsClause *clause, const Term *subject)
{
    const MsOp *op = ms->ops.items + clause->head;
    const MsOp *end = ms->ops.items + clause->guards;
    ms->places[0] = subject;
    while (op < end && match_one(ms, op, ms->places)) {
        op++;
    }
    return op == end;
}

/* ---- guards and bodies ---- */

typedef struct {
    const MsProgram *ms;
    const MsClause *clause;
    Process *p;
    Term subject;
    const EtsRow *row; /* that subject is the term of, or NULL */
    Term *top;         /* one behind the stack's last */
    bool fits;         /* false: the guard failed, or there is no memory */
} Running;

/* All variables' values as a list, by number. */
static Term all_bound(Running *r, bool copied)
{
    uint32_t first = r->clause->first_variable;
    Term list = TERM_NIL;
    uint64_t below = UINT64_MAX;
    for (uint32_t done = 0; done < r->clause->variables; done++) {
        uint32_t best = 0;
        int64_t number = -1;
        for (uint32_t i = 0; i < r->clause->variables; i++) {
            uint32_t here = r->ms->numbers.items[first + i];
            if (here < below && (int64_t)here > number) {
                number = here;
                best = i;
            }
        }
        below = (uint64_t)number;
        Term value = copied ? ets_part_copy(r->p, r->ms->bound[best]) : r->ms->bound[best];
        list = term_same(value, TERM_NONE) ? value : util_cons(r->p, value, list);
        if (term_same(list, TERM_NONE)) {
            break;
        }
    }
    return list;
}

static Term combine(Running *r, uint32_t count, bool all)
{
    bool result = all;
    r->top -= count;
    for (uint32_t i = 0; i < count; i++) {
        Term t = r->top[i];
        if (!term_is_bool(t)) {
            return TERM_NONE;
        }
        bool value = term_same(t, ATOM(true));
        result = all ? result && value : result || value;
    }
    return term_bool(result);
}

static Term make_map(Running *r, uint32_t pairs)
{
    TermRoom room = heap_room(&r->p->heap);
    r->top -= 2 * (size_t)pairs;
    Term map = map_from_pairs(r->p->vm->atoms, &room, r->top, pairs);
    return term_same(map, TERM_NONE) ? raise_no_memory(r->p) : map;
}

/* What an instruction that pushes pushes; TERM_NONE: it fails. */
static Term value_of(Running *r, const MsOp *op)
{
    Process *p = r->p;
    switch ((MsCode)op->code) {
    case MS_PUSH:
        return op->value;
    case MS_PUSH_VAR:
        return op->copied ? ets_part_copy(p, r->ms->bound[op->dst]) : r->ms->bound[op->dst];
    case MS_PUSH_ALL:
        return all_bound(r, op->copied);
    case MS_PUSH_ROW:
        if (!op->copied && !r->row) {
            return r->subject;
        }
        /* of a row also for a guard: built-ins do not read what is stored meanwhile */
        return r->row ? ets_row_copy(p, r->row) : ets_part_copy(p, r->subject);
    case MS_COPY:
        return ets_part_copy(p, *--r->top);
    case MS_CALL:
        r->top -= op->at;
        return op->bif(p, r->top);
    case MS_MAKE_TUPLE:
        r->top -= op->at;
        return util_tuple(p, r->top, op->at);
    case MS_MAKE_CONS:
        r->top -= 2;
        return util_cons(p, r->top[0], r->top[1]);
    case MS_MAKE_MAP:
        return make_map(r, op->at);
    case MS_AND:
        return combine(r, op->at, true);
    case MS_OR:
        return combine(r, op->at, false);
    default:
        return TERM_NONE;
    }
}

/* A built-in's exception is the specification's own matter; no memory is not. */
static bool forget_exception(Process *p)
{
    if (p->pending == PENDING_RAISE) {
        p->pending = PENDING_NONE;
    }
    return p->pending == PENDING_NONE;
}

/* A comparison of a variable with a constant. */
static bool test_holds(Running *r, const MsOp *op)
{
    Term value = r->ms->bound[op->dst];
    if (terms_are_small(value, op->value)) {
        intptr_t x = (intptr_t)value.w, y = (intptr_t)op->value.w;
        uint32_t is = x < y ? MS_TEST_LESS : x > y ? MS_TEST_GREATER : MS_TEST_EQUAL;
        return (op->at & is) != 0;
    }
    r->top[0] = value;
    r->top[1] = op->value;
    return term_same(op->bif(r->p, r->top), ATOM(true));
}

/* Runs [at, end); r->fits false when something failed. In a body what fails is 'EXIT'. */
static void run_ops(Running *r, size_t at, size_t end, bool in_body)
{
    const MsOp *ops = r->ms->ops.items;
    while (at < end) {
        const MsOp *op = &ops[at++];
        Term top;
        switch ((MsCode)op->code) {
        case MS_AND_ALSO:
        case MS_OR_ELSE:
            top = r->top[-1];
            if (!term_is_bool(top)) {
                r->fits = in_body;
                if (!in_body) {
                    return;
                }
                r->top[-1] = ATOM(EXIT);
                at = op->at;
            } else if (term_same(top, term_bool(op->code == MS_OR_ELSE))) {
                at = op->at;
            } else {
                r->top--;
            }
            break;
        case MS_MUST:
            if (!term_same(*--r->top, ATOM(true))) {
                r->fits = false;
                return;
            }
            break;
        case MS_TEST:
            if (!test_holds(r, op)) {
                r->fits = false;
                return;
            }
            break;
        case MS_DROP:
            r->top--;
            break;
        default:
            top = value_of(r, op);
            if (ACT_UNLIKELY(term_same(top, TERM_NONE))) {
                r->fits = forget_exception(r->p) && in_body;
                if (!r->fits) {
                    return;
                }
                top = ATOM(EXIT);
            }
            *r->top++ = top;
        }
    }
}

static MsResult run_clause(Running *r, Term *value)
{
    r->top = r->ms->stacked;
    r->fits = true;
    run_ops(r, r->clause->guards, r->clause->body, false);
    if (!r->fits) {
        return r->p->pending == PENDING_NONE ? MS_NO_MATCH : MS_RAISED;
    }
    r->top = r->ms->stacked;
    run_ops(r, r->clause->body, r->clause->end, true);
    if (!r->fits) {
        return MS_RAISED;
    }
    *value = r->top[-1];
    return MS_MATCH;
}

MsResult match_spec_run(const MsProgram *ms, Process *p, Term subject, const EtsRow *row,
                        Term *value)
{
    Running r = {.ms = ms, .p = p, .subject = subject, .row = row};
    MsResult result = MS_NO_MATCH;
    for (size_t i = 0; i < ms->clauses.count && result == MS_NO_MATCH; i++) {
        r.clause = &ms->clauses.items[i];
        if (!r.clause->never && match_head(ms, r.clause, &subject)) {
            result = run_clause(&r, value);
        }
    }
    return result;
}
