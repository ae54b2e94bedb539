/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_ets_spec.c: module ets: match specifications for lists: match_spec_compile, _run,
 * is_compiled_ms, and the test of one.
 *
 * A compiled specification is a reference; the specification itself, checked, stands in a table of
 * the machine's own under the reference's number: {Number, Spec}, and {{Spec}, Number}, so that the
 * same one compiled again is the same reference. They stay for as long as the machine runs. */
#include "vm/bif/bif_ets.h"
#include "vm/bif/match_spec.h"
#include "vm/term/ref.h"

enum { REF_IS_SPEC = 3, TERMS_PER_REDUCTION = 4, MIN_TERMS = 8 };

static bool put_row(Process *p, EtsTable *t, Term tuple)
{
    EtsRow *row = term_same(tuple, TERM_NONE) ? NULL : ets_row_new(p, tuple, 0);
    EtsSpot spot;
    if (!row || !ets_open(&spot, p, t, ets_row_key(t, row))) {
        if (row) {
            ets_row_free(row);
        }
        return false;
    }
    bool put = ets_put(&spot, row);
    ets_close(&spot);
    if (!put) {
        raise_no_memory(p);
    }
    return put;
}

/* The checked specification of a reference; TERM_NONE if it is none. Good until the turn ends. */
static Term spec_of_ref(Process *p, Term ref)
{
    if (!term_is_ref(ref) || ref_extra(ref) != REF_IS_SPEC) {
        return TERM_NONE;
    }
    EtsRow *row = ets_find(p, ets_tables_specs(p->vm), small_make((int64_t)ref_id(ref)));
    return row ? row->term[2] : TERM_NONE;
}

/* A specification that stands by itself has clauses; select and its kin take one without, too. */
static MsStatus compile_alone(MsProgram *ms, Process *p, Term spec)
{
    return term_is_nil(spec) ? MS_BADARG : match_spec_compile(ms, p->vm->atoms, spec, 0);
}

Term bif_ets_match_spec_compile_1(Process *p, const Term *a)
{
    MsProgram ms;
    EtsTable *specs = ets_tables_specs(p->vm);
    MsStatus status = compile_alone(&ms, p, a[0]);
    if (status != MS_OK) {
        return status == MS_BADARG ? raise_badarg(p) : raise_no_memory(p);
    }
    match_spec_free(&ms);
    Term *words = process_alloc(p, REF_WORDS);
    Term key = words ? UTIL_TUPLE(p, a[0]) : TERM_NONE;
    if (term_same(key, TERM_NONE)) {
        return TERM_NONE;
    }
    EtsRow *known = ets_find(p, specs, key);
    uint64_t id = known ? (uint64_t)small_value(known->term[2]) : scheduler_new_id(p->scheduler);
    Term number = small_make((int64_t)id);
    if (!known && (!put_row(p, specs, UTIL_TUPLE(p, number, a[0])) ||
                   !put_row(p, specs, UTIL_TUPLE(p, key, number)))) {
        ref_build(words, id, REF_IS_SPEC, 0);
        return TERM_NONE;
    }
    return ref_build(words, id, REF_IS_SPEC, 0);
}

Term bif_ets_is_compiled_ms_1(Process *p, const Term *a)
{
    return term_bool(!term_same(spec_of_ref(p, a[0]), TERM_NONE));
}

/* Runs the program on terms of *list in front of *results, a turn's worth. False: raised. */
static bool run_some(Process *p, const MsProgram *ms, Term *list, Term *results)
{
    size_t budget = (size_t)ACT_MAX(p->reductions, 1) * TERMS_PER_REDUCTION + MIN_TERMS;
    size_t done = 0;
    for (; done < budget && term_is_cons(*list); done++, *list = cons_tail(*list)) {
        Term value;
        MsResult result = match_spec_run(ms, p, cons_head(*list), NULL, &value);
        if (result == MS_MATCH) {
            *results = util_cons(p, value, *results);
        }
        if (result == MS_RAISED || term_same(*results, TERM_NONE)) {
            return false;
        }
    }
    process_spend(p, (int32_t)(done / TERMS_PER_REDUCTION));
    return true;
}

/* Values lie in the list or the specification: on the heap or in the machine's table; they are
 * copied by the program. State: {Rest, Results}. */
Term bif_ets_match_spec_run_r_3(Process *p, const Term *a)
{
    Term list = a[0], results = a[2];
    Term state = p->bif_state;
    p->bif_state = TERM_NONE;
    if (!term_same(state, TERM_NONE)) {
        list = tuple_items(state)[0];
        results = tuple_items(state)[1];
    }
    Term spec = spec_of_ref(p, a[1]);
    MsProgram ms;
    if (term_same(spec, TERM_NONE)) {
        return raise_badarg(p);
    }
    spec = ets_part_copy(p, spec); /* its constants become part of the results */
    if (term_same(spec, TERM_NONE) || match_spec_compile(&ms, p->vm->atoms, spec, 0) != MS_OK) {
        return raise_no_memory(p);
    }
    bool ran = run_some(p, &ms, &list, &results);
    match_spec_free(&ms);
    if (!ran) {
        return TERM_NONE;
    }
    if (!term_is_cons(list)) {
        return term_is_nil(list) ? results : raise_badarg(p);
    }
    state = UTIL_TUPLE(p, list, results);
    return term_same(state, TERM_NONE) ? state : bif_again(p, state);
}

/* {ok, Value}, {ok, false} if no clause matches; false if it cannot be compiled. */
Term bif_act_ets_test_2(Process *p, const Term *a)
{
    MsProgram ms;
    MsStatus status = compile_alone(&ms, p, a[1]);
    if (status != MS_OK) {
        return status == MS_BADARG ? ATOM(false) : raise_no_memory(p);
    }
    Term value = ATOM(false);
    MsResult result = match_spec_run(&ms, p, a[0], NULL, &value);
    match_spec_free(&ms);
    return result == MS_RAISED ? TERM_NONE : UTIL_TUPLE(p, ATOM(ok), value);
}
