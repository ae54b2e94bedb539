/* SPDX-License-Identifier: Apache-2.0 */
/* vm/exec/call.c: calls whose target is found out when they happen. */
#include "vm/bif/bif.h"
#include "vm/exec/exec_slow.h"
#include "vm/vm_parts.h"

enum { APPLY_MOST = 1022 }; /* arguments; more are a system_limit, about as in Erlang */

static const Code *entry_of(const Export *export)
{
    /* acquire: pairs with the loader's release */
    return atomic_load_explicit(&export->entry, memory_order_acquire);
}

static Term list_of_x(Process *p, const Term *x, uint32_t count)
{
    Term *words = count ? process_alloc(p, 2 * (size_t)count) : NULL;
    Term list = TERM_NIL;
    for (uint32_t i = count; words && i-- > 0;) {
        list = build_cons(&words, x[i], list);
    }
    return list;
}

/* A function of the process's error handler; NULL if it is not there. */
static const Export *handler_of(Process *p, Term function)
{
    const Export *handler = code_export(p->vm, p->error_handler, function, 3);
    return handler && (code_export_defined(p->vm, handler) ||
                       (p->vm->load_embedded(p->vm, p->error_handler.w) &&
                        code_export_defined(p->vm, handler)))
               ? handler
               : NULL;
}

/* error_handler:undefined_function(module, name, args); undef is raised if that is not there
 * either. */
static const Code *undefined_function(Process *p, Term module, Term name, Term args, Term *x,
                                      uint32_t *live)
{
    bool own = term_same(module, ATOM(error_handler));
    const Export *handler = own ? NULL : handler_of(p, ATOM(undefined_function));
    if (handler) {
        x[0] = module;
        x[1] = name;
        x[2] = args;
        *live = 3;
        return entry_of(handler);
    }
    raise_error(p, ATOM(undef));
    p->raise_args = args;
    return NULL;
}

const Code *exec_undefined(Process *p, Export *export, Term *x, uint32_t *live)
{
    Vm *vm = p->vm;
    if (vm->load_embedded(vm, export->module.w) && code_export_defined(vm, export)) {
        *live = export->arity;
        return entry_of(export);
    }
    Term args = list_of_x(p, x, export->arity);
    return p->pending == PENDING_EXIT
               ? NULL
               : undefined_function(p, export->module, export->name, args, x, live);
}

const Code *exec_undefined_fun(Process *p, const FunEntry *entry, Term *x, uint32_t *live)
{
    Vm *vm = p->vm;
    const Code *code = atomic_load_explicit(&entry->entry, memory_order_acquire);
    *live = entry->arity + entry->free;
    if (code != entry->stub + 1 || code_fun_waits(vm, entry)) {
        return code;
    }
    Term args = list_of_x(p, x, entry->arity);
    Term *words = process_alloc(p, FUN_FREE + (size_t)entry->free);
    if (!words || p->pending == PENDING_EXIT) {
        return NULL;
    }
    words[0].w = header_make(BOXED_FUN, FUN_FREE - 1 + entry->free);
    words[FUN_ENTRY].w = (uintptr_t)entry;
    memcpy(words + FUN_FREE, x + entry->arity, entry->free * sizeof(Term));
    Term fun = boxed_term(words);
    const Export *handler = NULL;
    if (!code_find_module(vm, entry->module)) {
        handler = handler_of(p, ATOM(undefined_lambda));
    }
    if (handler) {
        x[0] = entry->module;
        x[1] = fun;
        x[2] = args;
        *live = 3;
        return entry_of(handler);
    }
    raise_tagged(p, ATOM(badfun), fun);
    return NULL;
}

/* {badarity, {Fun, Args}} */
static void raise_badarity(Process *p, Term fun, Term args)
{
    Term *words = process_alloc(p, 3);
    if (words) {
        raise_tagged(p, ATOM(badarity), build_tuple2(&words, fun, args));
    }
}

const Code *exec_fun(Process *p, Term fun, uint32_t arity, Term *x, uint32_t *live)
{
    if (!term_is_fun(fun)) {
        raise_tagged(p, ATOM(badfun), fun);
        return NULL;
    }
    if (fun_arity(fun) != arity) {
        raise_badarity(p, fun, list_of_x(p, x, arity));
        return NULL;
    }
    if (term_is_kind(fun, BOXED_EXPORT)) {
        *live = arity;
        return entry_of(fun_export(fun));
    }
    const FunEntry *entry = fun_entry(fun);
    memcpy(x + arity, fun_free_values(fun), entry->free * sizeof(Term));
    *live = arity + entry->free;
    return atomic_load_explicit(&entry->entry, memory_order_acquire);
}

Export *exec_export(Process *p, Term module, Term name, uint32_t arity)
{
    Export *export = NULL;
    if (!term_is_atom(module) || !term_is_atom(name)) {
        raise_badarg(p);
        const Term *x = p->scheduler->x;
        Term args = list_of_x(p, x, arity);
        Term *words = process_alloc(p, 6);
        if (words) {
            Term list = build_cons(&words, args, TERM_NIL);
            list = build_cons(&words, name, list);
            p->raise_args = build_cons(&words, module, list);
        }
    } else {
        export = code_export(p->vm, module, name, arity);
        if (!export) {
            raise_no_memory(p);
        }
    }
    return export;
}

bool exec_only_raises(const Export *export, const Term *x, Process *p)
{
    switch (export->bif) {
    case BIF_erlang_error_1:
    case BIF_erlang_error_2:
    case BIF_erlang_error_3:
    case BIF_erlang_exit_1:
    case BIF_erlang_throw_1:
        bif_table[export->bif].function(p, x);
        return true;
    default:
        return false;
    }
}

void exec_tell_apply(Process *p, const Term *callee, bool by_name, Term list)
{
    Term *words = process_alloc(p, 6);
    if (words) {
        Term args = build_cons(&words, list, TERM_NIL);
        args = by_name ? build_cons(&words, callee[1], args) : args;
        p->raise_args = build_cons(&words, callee[0], args);
    }
}

int exec_spread(Process *p, Term list, Term *x)
{
    int count = 0;
    for (; term_is_cons(list) && count < BC_MAX_ARITY; list = cons_tail(list)) {
        x[count++] = cons_head(list);
    }
    Term rest = list;
    for (; term_is_cons(rest) && count <= APPLY_MOST; rest = cons_tail(rest)) {
        count++;
    }
    if (!term_is_nil(rest) && count <= APPLY_MOST) {
        raise_badarg(p);
        return -1;
    }
    return count;
}

const Code *exec_apply_long(Process *p, const Term *callee, bool by_name, Term list, int count,
                            Term *x, uint32_t *live)
{
    if (by_name && (!term_is_atom(callee[0]) || !term_is_atom(callee[1]))) {
        raise_badarg(p);
        exec_tell_apply(p, callee, true, list);
    } else if (count > APPLY_MOST) {
        raise_system_limit(p);
        exec_tell_apply(p, callee, by_name, list);
    } else if (by_name) {
        return undefined_function(p, callee[0], callee[1], list, x, live);
    } else if (term_is_fun(callee[0])) {
        raise_badarity(p, callee[0], list);
    } else {
        raise_tagged(p, ATOM(badfun), callee[0]);
    }
    return NULL;
}
