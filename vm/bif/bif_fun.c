/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_fun.c: funs as things: making one by name, and what is known of one. */
#include "vm/bif/bif_util.h"

#include "vm/code/code.h"
#include "vm/vm_parts.h"

#include <string.h>

Term bif_erlang_make_fun_3(Process *p, const Term *a)
{
    int64_t arity;
    if (!term_is_atom(a[0]) || !term_is_atom(a[1]) ||
        !util_get_range(a[2], 0, BC_MAX_ARITY, &arity)) {
        return raise_badarg(p);
    }
    Export *e = code_export(p->vm, a[0], a[1], (uint32_t)arity);
    if (!e) {
        return raise_no_memory(p);
    }
    Term *words = process_alloc(p, EXPORT_WORDS);
    if (!words) {
        return TERM_NONE;
    }
    words[0].w = header_make(BOXED_EXPORT, EXPORT_WORDS - 1);
    words[1].w = (uintptr_t)e;
    return boxed_term(words);
}

static bool is_local(Term fun)
{
    return term_is_kind(fun, BOXED_FUN);
}

/* The free values, as a list. */
static Term env_of(Process *p, Term fun)
{
    Term list = TERM_NIL;
    for (size_t i = is_local(fun) ? fun_free_count(fun) : 0; i-- > 0;) {
        list = util_cons(p, fun_free_values(fun)[i], list);
        if (term_same(list, TERM_NONE)) {
            break;
        }
    }
    return list;
}

/* The version of its module's code, as the external format has it. */
static Term new_uniq_of(Process *p, const FunEntry *e)
{
    unsigned char digest[16] = {0};
    memcpy(digest, &e->version, sizeof e->version);
    return util_binary(p, digest, sizeof digest);
}

/* [] while its code is not there. */
static Term local_name(Vm *vm, const FunEntry *e)
{
    uint32_t function = atomic_load_explicit(&e->function, memory_order_relaxed);
    return function == 0 ? TERM_NIL : vm_code(vm)->functions[function].name;
}

static Term local_item(Process *p, const FunEntry *e, Term item)
{
    if (term_same(item, ATOM(pid))) {
        return p->pid;
    }
    if (term_same(item, ATOM(index)) || term_same(item, ATOM(new_index))) {
        return small_make(e->index);
    }
    if (term_same(item, ATOM(uniq))) {
        return small_make(e->uniq);
    }
    if (term_same(item, ATOM(new_uniq))) {
        return new_uniq_of(p, e);
    }
    return raise_badarg(p);
}

static bool is_local_item(Term item)
{
    return term_same(item, ATOM(pid)) || term_same(item, ATOM(index)) ||
           term_same(item, ATOM(new_index)) || term_same(item, ATOM(uniq)) ||
           term_same(item, ATOM(new_uniq));
}

/* The value of item, or TERM_NONE with the exception raised. */
static Term fun_item(Process *p, Term fun, Term item)
{
    bool local = is_local(fun);
    if (term_same(item, ATOM(module))) {
        return local ? fun_entry(fun)->module : fun_export(fun)->module;
    }
    if (term_same(item, ATOM(name))) {
        return local ? local_name(p->vm, fun_entry(fun)) : fun_export(fun)->name;
    }
    if (term_same(item, ATOM(arity))) {
        return small_make(fun_arity(fun));
    }
    if (term_same(item, ATOM(env))) {
        return env_of(p, fun);
    }
    if (term_same(item, ATOM(type))) {
        return local ? ATOM(local) : ATOM(external);
    }
    if (!local && is_local_item(item)) {
        return ATOM(undefined);
    }
    return local ? local_item(p, fun_entry(fun), item) : raise_badarg(p);
}

static Term fun_pair(Process *p, Term fun, Term item)
{
    Term value = fun_item(p, fun, item);
    return term_same(value, TERM_NONE) ? value : UTIL_TUPLE(p, item, value);
}

Term bif_erlang_fun_info_2(Process *p, const Term *a)
{
    return term_is_fun(a[0]) ? fun_pair(p, a[0], a[1]) : raise_badarg(p);
}

Term bif_erlang_fun_info_1(Process *p, const Term *a)
{
    const Term local[] = {ATOM(pid),  ATOM(module), ATOM(new_index), ATOM(new_uniq), ATOM(index),
                          ATOM(uniq), ATOM(name),   ATOM(arity),     ATOM(env),      ATOM(type)};
    const Term external[] = {ATOM(module), ATOM(name), ATOM(arity), ATOM(env), ATOM(type)};
    if (!term_is_fun(a[0])) {
        return raise_badarg(p);
    }
    const Term *items = is_local(a[0]) ? local : external;
    Term list = TERM_NIL;
    for (size_t i = is_local(a[0]) ? ACT_COUNT(local) : ACT_COUNT(external); i-- > 0;) {
        Term pair = fun_pair(p, a[0], items[i]);
        list = term_same(pair, TERM_NONE) ? pair : util_cons(p, pair, list);
        if (term_same(list, TERM_NONE)) {
            break;
        }
    }
    return list;
}
