/* SPDX-License-Identifier: Apache-2.0 */
/* vm/exec/raise.c: exceptions: taking the trace, finding the handler, showing the trace as a list.
 *
 * A raw trace is a tuple {Kind, Module, Name, Args, Info, Site...}: sites as small integers,
 * innermost first, at most TRACE_DEPTH; Kind says what Module, Name and Args are; Info is
 * error_info's map for the first entry, or [] It is turned into Erlang's list only when a program
 * asks for that. A trace given to erlang:raise/3 is kept as the list it is. */
#include "vm/exec/exec_slow.h"

#include "vm/term/map.h"
#include "vm/vm_parts.h"

enum {
    TRACE_DEPTH = 8,
    TRACE_FIXED = 5, /* elements before the sites */
};

/* Kind: bits */
enum {
    TOP_CALL = 1,   /* Module:Name called with Args comes before the sites */
    TOP_NATIVE = 2, /* … and is a built-in: error_info */
    TOP_ARGS = 4,   /* the first site's function was called with Args */
    TOP_APPLY = 8,  /* erlang:apply/2 comes before the sites, below Module:Name */
};

static Term take_trace(Process *p, const Site *site, const TraceTop *top)
{
    const Site *sites = p->vm->code->sites;
    uint32_t found[TRACE_DEPTH];
    uint32_t count = 0;
    const Term *stack = p->heap.stack;
    if (!site) {
        site = &sites[((const Code *)(stack++)->w)[-1]];
    }
    /* as Erlang: the same return address again and again is one entry */
    uintptr_t before = 0, here = 0;
    while (count < TRACE_DEPTH && !(site->flags & SITE_BOTTOM)) {
        if (here != before || here == 0) {
            found[count++] = (uint32_t)(site - sites);
        }
        before = here;
        stack += site->frame;
        here = (stack++)->w;
        site = &sites[((const Code *)here)[-1]];
    }
    Term *words = process_alloc(p, 1 + TRACE_FIXED + count);
    if (!words) {
        return TERM_NIL;
    }
    bool call = !term_same(top->module, TERM_NONE);
    bool args = !term_same(top->args, TERM_NONE);
    int kind = call ? TOP_CALL | (top->native ? TOP_NATIVE : 0) : args ? TOP_ARGS : 0;
    words[0].w = header_make(BOXED_TUPLE, TRACE_FIXED + count);
    words[1] = small_make(kind | (top->in_apply ? TOP_APPLY : 0));
    words[2] = call ? top->module : TERM_NIL;
    words[3] = call ? top->name : TERM_NIL;
    words[4] = args ? top->args : TERM_NIL;
    words[5] = term_same(p->raise_info, TERM_NONE) ? TERM_NIL : p->raise_info;
    for (uint32_t i = 0; i < count; i++) {
        words[1 + TRACE_FIXED + i] = small_make(found[i]);
    }
    return boxed_term(words);
}

/* {Module, Name, ArityOrArgs, [{file, F}, {line, L}]} */
static Term place_entry(Process *p, uint32_t index, Term args, Term info)
{
    const CodeTables *code = p->vm->code;
    const Site *site = &code->sites[index];
    const FunctionInfo *function = code_site_function(code, site);
    Term *words = process_alloc(p, 3 + 3 + 4 + 3 + 2 + 5);
    if (!words) {
        return TERM_NONE;
    }
    Term location = TERM_NIL;
    if (term_is_map(info)) {
        Term pair = build_tuple2(&words, ATOM(error_info), info);
        location = build_cons(&words, pair, location);
    }
    if (site->line > 0) {
        Term line = build_tuple2(&words, ATOM(line), small_make(site->line));
        Term file = build_tuple2(&words, ATOM(file), code_site_file(code, site));
        location = build_cons(&words, line, location);
        location = build_cons(&words, file, location);
    }
    words[0].w = header_make(BOXED_TUPLE, 4);
    words[1] = function->module;
    words[2] = function->name;
    words[3] = term_same(args, TERM_NONE) ? small_make(function->arity) : args;
    words[4] = location;
    return boxed_term(words);
}

/* Whose format_error/2 knows the errors of this module's built-ins; TERM_NONE: nobody. */
static Term knower(Term module)
{
    static const Term knowers[][2] = {
        {ATOM(erlang), ATOM(erl_erts_errors)},   {ATOM(atomics), ATOM(erl_erts_errors)},
        {ATOM(counters), ATOM(erl_erts_errors)}, {ATOM(persistent_term), ATOM(erl_erts_errors)},
        {ATOM(os), ATOM(erl_kernel_errors)},     {ATOM(binary), ATOM(erl_stdlib_errors)},
        {ATOM(ets), ATOM(erl_stdlib_errors)},    {ATOM(lists), ATOM(erl_stdlib_errors)},
        {ATOM(maps), ATOM(erl_stdlib_errors)},   {ATOM(math), ATOM(erl_stdlib_errors)},
        {ATOM(re), ATOM(erl_stdlib_errors)},     {ATOM(unicode), ATOM(erl_stdlib_errors)},
    };
    for (size_t i = 0; i < sizeof knowers / sizeof knowers[0]; i++) {
        if (term_same(knowers[i][0], module)) {
            return knowers[i][1];
        }
    }
    return TERM_NONE;
}

/* [{error_info, #{module => erl_erts_errors}}] for built-ins that have such a module. */
static Term error_info(Process *p, Term module, Term given)
{
    TermRoom room = heap_room(&p->heap);
    Term pair[2] = {ATOM(module), knower(module)};
    Term map = term_is_map(given)              ? given
               : term_same(pair[1], TERM_NONE) ? TERM_NONE
                                               : map_from_pairs(p->vm->atoms, &room, pair, 1);
    Term *words = term_same(map, TERM_NONE) ? NULL : process_alloc(p, 3 + 2);
    if (!words) {
        return TERM_NIL;
    }
    Term info = build_tuple2(&words, ATOM(error_info), map);
    return build_cons(&words, info, TERM_NIL);
}

/* {Module, Name, ArityOrArgs, Info} */
static Term call_entry(Process *p, Term module, Term name, Term args, Term info)
{
    Term *words = process_alloc(p, 5);
    if (!words) {
        return TERM_NONE;
    }
    words[0].w = header_make(BOXED_TUPLE, 4);
    words[1] = module;
    words[2] = name;
    words[3] = args;
    words[4] = info;
    return boxed_term(words);
}

/* Entry `index` of a raw trace; the sites come after `head` entries. */
static Term entry_at(Process *p, const Term *raw, size_t index, size_t head)
{
    int kind = (int)small_value(raw[0]);
    if (index == 0 && (kind & TOP_CALL)) {
        Term info = kind & TOP_NATIVE ? error_info(p, raw[1], raw[4]) : TERM_NIL;
        return call_entry(p, raw[1], raw[2], raw[3], info);
    }
    if (index < head) {
        return call_entry(p, ATOM(erlang), ATOM(apply), small_make(2), TERM_NIL);
    }
    uint32_t site = (uint32_t)small_value(raw[TRACE_FIXED + index - head]);
    return place_entry(p, site, (kind & TOP_ARGS) && index == 0 ? raw[3] : TERM_NONE,
                       index == 0 ? raw[4] : TERM_NIL);
}

Term exec_stacktrace(Process *p, Term raw)
{
    if (!term_is_tuple(raw)) {
        return raw;
    }
    const Term *items = tuple_items(raw);
    int kind = (int)small_value(items[0]);
    size_t head = (kind & TOP_CALL ? 1 : 0) + (kind & TOP_APPLY ? 1 : 0);
    Term list = TERM_NIL;
    for (size_t i = head + tuple_arity(raw) - TRACE_FIXED; i-- > 0;) {
        Term entry = entry_at(p, items, i, head);
        Term *words = process_alloc(p, 2);
        if (!words || term_same(entry, TERM_NONE)) {
            return TERM_NONE;
        }
        list = build_cons(&words, entry, list);
    }
    return list;
}

/* Nobody catches: what the process exits with. */
static void set_exit_reason(Process *p)
{
    p->exit_reason = p->raise_reason;
    if (term_same(p->raise_class, ATOM(exit))) {
        return;
    }
    Term trace = exec_stacktrace(p, p->raise_trace);
    Term *words = process_alloc(p, 6);
    if (!words || term_same(trace, TERM_NONE)) {
        return;
    }
    Term reason = p->raise_reason;
    if (term_same(p->raise_class, ATOM(throw))) {
        reason = build_tuple2(&words, ATOM(nocatch), reason);
    }
    p->exit_reason = build_tuple2(&words, reason, trace);
}

const Code *exec_raise(Process *p, Term *x, const Site *site, const TraceTop *top)
{
    if (term_same(p->raise_trace, TERM_NONE)) {
        p->raise_trace = take_trace(p, site, top);
        if (p->pending == PENDING_EXIT) {
            return NULL;
        }
    }
    p->pending = PENDING_NONE;
    mailbox_rewind(&p->mailbox);
    const Site *sites = p->vm->code->sites;
    Term *stack = p->heap.stack;
    if (!site) {
        site = &sites[((const Code *)(stack++)->w)[-1]];
    }
    while (!site->handler && !(site->flags & SITE_BOTTOM)) {
        stack += site->frame;
        site = &sites[((const Code *)(stack++)->w)[-1]];
    }
    p->heap.stack = stack;
    if (!site->handler) {
        set_exit_reason(p);
        p->crashed = true;
    } else {
        x[0] = p->raise_class;
        x[1] = p->raise_reason;
        x[2] = p->raise_trace;
    }
    p->raise_reason = p->raise_trace = p->raise_args = p->raise_info = TERM_NONE;
    return site->handler;
}

void exec_fail(Process *p, uint32_t kind, Term value)
{
    static const Term tags[BC_FAIL__count] = {
        [BC_FAIL_BADMATCH] = ATOM(badmatch),
        [BC_FAIL_CASE_CLAUSE] = ATOM(case_clause),
        [BC_FAIL_TRY_CLAUSE] = ATOM(try_clause),
        [BC_FAIL_ELSE_CLAUSE] = ATOM(else_clause),
        [BC_FAIL_IF_CLAUSE] = ATOM(if_clause),
        [BC_FAIL_BADRECORD] = ATOM(badrecord),
        [BC_FAIL_BADMAP] = ATOM(badmap),
        [BC_FAIL_BADKEY] = ATOM(badkey),
        [BC_FAIL_BADARG] = ATOM(badarg),
        [BC_FAIL_BAD_FILTER] = ATOM(bad_filter),
        [BC_FAIL_BAD_GENERATOR] = ATOM(bad_generator),
        [BC_FAIL_SYSTEM_LIMIT] = ATOM(system_limit),
        [BC_FAIL_BADARITH] = ATOM(badarith),
    };
    if (kind == BC_FAIL_IF_CLAUSE || kind == BC_FAIL_BADARG || kind == BC_FAIL_SYSTEM_LIMIT ||
        kind == BC_FAIL_BADARITH) {
        raise_error(p, tags[kind]);
    } else {
        raise_tagged(p, tags[kind], value);
    }
}
