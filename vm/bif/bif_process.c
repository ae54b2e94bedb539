/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_process.c: a process's own state: flags, dictionary, information, collection, ways on.
 */
#include "vm/base/utf8.h"
#include "vm/bif/bif_util.h"
#include "vm/code/code.h"
#include "vm/host/host.h"
#include "vm/mem/heap_sizes.h"
#include "vm/proc/dictionary.h"
#include "vm/proc/max_heap.h"
#include "vm/proc/names.h"
#include "vm/proc/table.h"
#include "vm/sched/deliver.h"
#include "vm/sched/request.h"
#include "vm/term/compare.h"
#include "vm/term/copy.h"
#include "vm/vm_parts.h"

#include <string.h>

Term bif_erlang_self_0(Process *p, const Term *a)
{
    return p->pid;
}

Term bif_erlang_node_0(Process *p, const Term *a)
{
    return ATOM(nonode_nohost);
}

Term bif_erlang_node_1(Process *p, const Term *a)
{
    return term_is_pid(a[0]) || term_is_port(a[0]) || term_is_ref(a[0]) ? ATOM(nonode_nohost)
                                                                        : raise_badarg(p);
}

Term bif_erlang_nodes_0(Process *p, const Term *a)
{
    return TERM_NIL;
}

Term bif_erlang_nodes_1(Process *p, const Term *a)
{
    Term kinds = term_is_list(a[0]) ? a[0] : util_cons(p, a[0], TERM_NIL);
    bool own = false;
    for (; term_is_cons(kinds); kinds = cons_tail(kinds)) {
        Term kind = cons_head(kinds);
        bool this_node = term_same(kind, ATOM(this)) || term_same(kind, ATOM(known));
        own |= this_node;
        if (!this_node && !term_same(kind, ATOM(visible)) && !term_same(kind, ATOM(hidden)) &&
            !term_same(kind, ATOM(connected))) {
            return raise_badarg(p);
        }
    }
    return own ? util_cons(p, ATOM(nonode_nohost), TERM_NIL) : TERM_NIL;
}

Term bif_erlang_is_alive_0(Process *p, const Term *a)
{
    return ATOM(false);
}

Term bif_erlang_processes_0(Process *p, const Term *a)
{
    const ProcessTable *table = p->vm->processes;
    Term list = TERM_NIL;
    for (uint32_t slot = process_table_slots(table); slot-- > 1;) {
        const Process *other = process_table_at(table, slot);
        if (other) {
            list = util_cons(p, other->pid, list);
            if (term_same(list, TERM_NONE)) {
                return TERM_NONE;
            }
        }
    }
    return list;
}

/* Asks another process and waits for its answer in act_process:await/1. */
static Term ask(Process *p, Term pid, Term what, Term argument)
{
    Term ref = request_send(p, pid, what, argument);
    Export *await = code_export(p->vm, ATOM(act_process), ATOM(await), 1);
    if (term_same(ref, TERM_NONE) || !await) {
        return TERM_NONE;
    }
    return bif_trap(p, await, 1, ref);
}

Term bif_erlang_is_process_alive_1(Process *p, const Term *a)
{
    if (!term_is_pid(a[0])) {
        return raise_badarg(p);
    }
    if (term_same(a[0], p->pid)) {
        return ATOM(true);
    }
    if (!process_table_find(p->vm->processes, a[0])) {
        return ATOM(false);
    }
    return ask(p, a[0], ATOM(is_alive), TERM_NIL);
}

static bool wants_messages(Term items)
{
    while (term_is_cons(items) && !term_same(cons_head(items), ATOM(messages))) {
        items = cons_tail(items);
    }
    return term_is_cons(items) || term_same(items, ATOM(messages));
}

/* The answer without anything of the messages that still are in the mailbox. */
static Term own_copy(Process *p, Term answer)
{
    CopyPlan plan;
    if (!copy_plan(&plan, answer, p->heap.literals, p->heap.literals_end)) {
        return raise_no_memory(p);
    }
    Term *to = process_alloc(p, plan.words);
    if (plan.words > 0 && to == NULL) {
        copy_drop(&plan);
        return raise_no_memory(p);
    }
    return copy_run(&plan, to, &p->heap.off_heap);
}

static Term info(Process *p, Term pid, Term items)
{
    if (!term_is_pid(pid)) {
        return raise_badarg(p);
    }
    if (!term_same(pid, p->pid)) {
        return process_table_find(p->vm->processes, pid) ? ask(p, pid, ATOM(process_info), items)
                                                         : ATOM(undefined);
    }
    deliver_take_in(p);
    if (p->pending == PENDING_EXIT) {
        return TERM_NONE;
    }
    Term answer = process_info_term(p, items);
    if (term_same(answer, TERM_NONE) && p->pending == PENDING_NONE) {
        return raise_badarg(p);
    }
    return wants_messages(items) && !term_same(answer, TERM_NONE) ? own_copy(p, answer) : answer;
}

static bool known_items(Term items)
{
    for (; term_is_cons(items); items = cons_tail(items)) {
        if (!term_is_atom(cons_head(items))) {
            return false;
        }
    }
    return term_is_nil(items) || term_is_atom(items);
}

Term bif_erlang_process_info_1(Process *p, const Term *a)
{
    return info(p, a[0], ATOM(undefined));
}

Term bif_erlang_process_info_2(Process *p, const Term *a)
{
    if (!known_items(a[1]) || term_same(a[1], ATOM(undefined))) {
        return raise_badarg(p);
    }
    return info(p, a[0], a[1]);
}

/* Sets *field to a small number, and tells what it was: a size, if shown_least is not 0. TERM_NONE,
 * raised, if value is none. */
static Term set_number(Process *p, size_t *field, size_t shown_least, Term value)
{
    int64_t number;
    if (!util_get_range(value, 0, SMALL_MAX, &number)) {
        return raise_badarg(p);
    }
    size_t old = shown_least ? heap_told_words(*field, shown_least) : *field;
    *field = (size_t)number;
    return small_make((int64_t)old);
}

static Term set_priority(Process *p, Term value)
{
    static const Term names[] = {ATOM(low), ATOM(normal), ATOM(high), ATOM(max_line)};
    for (unsigned i = 0; i < ACT_COUNT(names); i++) {
        if (term_same(value, names[i])) {
            Term old = names[p->priority];
            p->priority = (uint8_t)i;
            return old;
        }
    }
    return raise_badarg(p);
}

static Term set_max_heap(Process *p, Term value)
{
    Term old = max_heap_term(p, p->max_heap);
    if (term_same(old, TERM_NONE)) {
        return old;
    }
    uint64_t limit = atomic_load_explicit(&p->vm->max_heap, memory_order_relaxed);
    if (!max_heap_read(value, &limit)) {
        return raise_badarg(p);
    }
    p->max_heap = limit;
    p->heap.max_words = max_heap_words(p->max_heap);
    return old;
}

enum { MOST_SAVED_CALLS = 10000 };

Term bif_erlang_process_flag_2(Process *p, const Term *a)
{
    size_t number;
    int64_t wished;
    Term old;
    switch (term_is_atom(a[0]) ? atom_index(a[0]) : 0) {
    case ATOM_INDEX_trap_exit:
        if (!term_is_bool(a[1])) {
            return raise_badarg(p);
        }
        old = term_bool(p->trap_exit);
        p->trap_exit = term_same(a[1], ATOM(true));
        return old;
    case ATOM_INDEX_priority:
        return set_priority(p, a[1]);
    case ATOM_INDEX_min_heap_size:
        if (term_is_small(a[1]) && small_value(a[1]) > HEAP_MOST_MIN_WORDS) {
            return raise_badarg(p);
        }
        return set_number(p, &p->heap.min_words, 233, a[1]);
    case ATOM_INDEX_max_heap_size:
        return set_max_heap(p, a[1]);
    case ATOM_INDEX_fullsweep_after:
        number = p->heap.full_every;
        old = set_number(p, &number, 0, a[1]);
        p->heap.full_every = (uint32_t)ACT_MIN(number, (size_t)UINT32_MAX);
        return old;
    case ATOM_INDEX_min_bin_vheap_size:
        return set_number(p, &p->heap.min_bin_words, 46422, a[1]);
    case ATOM_INDEX_message_queue_data:
        if (!term_same(a[1], ATOM(on_heap)) && !term_same(a[1], ATOM(off_heap))) {
            return raise_badarg(p);
        }
        old = p->off_heap ? ATOM(off_heap) : ATOM(on_heap);
        p->off_heap = term_same(a[1], ATOM(off_heap));
        return old;
    case ATOM_INDEX_save_calls:
        return util_get_range(a[1], 0, MOST_SAVED_CALLS, &wished) ? small_make(0) : raise_badarg(p);
    case ATOM_INDEX_sensitive:
        return term_is_bool(a[1]) ? ATOM(false) : raise_badarg(p);
    case ATOM_INDEX_scheduler: /* a wish: any scheduler may take the process all the same */
        return util_get_range(a[1], 0, p->vm->scheduler_count, &wished) ? small_make(0)
                                                                        : raise_badarg(p);
    case ATOM_INDEX_error_handler:
        if (!term_is_atom(a[1])) {
            return raise_badarg(p);
        }
        old = p->error_handler;
        p->error_handler = a[1];
        return old;
    default:
        return raise_badarg(p);
    }
}

Term bif_erlang_process_flag_3(Process *p, const Term *a)
{
    int64_t wished;
    bool good = term_is_pid(a[0]) && term_same(a[1], ATOM(save_calls)) &&
                util_get_range(a[2], 0, MOST_SAVED_CALLS, &wished) &&
                process_table_find(p->vm->processes, a[0]) != NULL;
    return good ? small_make(0) : raise_badarg(p);
}

Term bif_erlang_group_leader_0(Process *p, const Term *a)
{
    return p->group_leader;
}

Term bif_erlang_group_leader_2(Process *p, const Term *a)
{
    if (!term_is_pid(a[0]) || !term_is_pid(a[1])) {
        return raise_badarg(p);
    }
    if (term_same(a[1], p->pid)) {
        p->group_leader = a[0];
        return ATOM(true);
    }
    if (!process_table_find(p->vm->processes, a[1])) {
        return raise_badarg(p);
    }
    Signal *signal = signal_new(SIGNAL_GROUP_LEADER, p->pid, 0);
    if (!signal) {
        return raise_no_memory(p);
    }
    signal->term = a[0];
    deliver_to(p->scheduler, a[1], signal);
    return ATOM(true);
}

Term bif_erlang_garbage_collect_0(Process *p, const Term *a)
{
    p->heap.want_full = true;
    p->heap.want_gc = true;
    return ATOM(true);
}

Term bif_erlang_garbage_collect_1(Process *p, const Term *a)
{
    if (!term_is_pid(a[0])) {
        return raise_badarg(p);
    }
    if (term_same(a[0], p->pid)) {
        return bif_erlang_garbage_collect_0(p, a);
    }
    if (!process_table_find(p->vm->processes, a[0])) {
        return ATOM(false);
    }
    return ask(p, a[0], ATOM(garbage_collect), TERM_NIL);
}

Term bif_erlang_garbage_collect_2(Process *p, const Term *a)
{
    return util_list_length(a[1]) < 0 ? raise_badarg(p) : bif_erlang_garbage_collect_1(p, a);
}

Term bif_erlang_yield_0(Process *p, const Term *a)
{
    p->reductions = 0;
    return ATOM(true);
}

Term bif_erlang_bump_reductions_1(Process *p, const Term *a)
{
    int64_t count;
    if (!util_get_range(a[0], 1, SMALL_MAX, &count)) {
        return raise_badarg(p);
    }
    p->reductions -= (int32_t)ACT_MIN(count, p->reductions);
    return ATOM(true);
}

Term bif_erlang_hibernate_3(Process *p, const Term *a)
{
    if (!term_is_atom(a[0]) || !term_is_atom(a[1]) || util_list_length(a[2]) < 0) {
        return raise_badarg(p);
    }
    if (util_list_length(a[2]) > BC_MAX_ARITY) {
        return raise_system_limit(p);
    }
    p->pending = PENDING_HIBERNATE;
    return TERM_NONE;
}

Term bif_erlang_apply_2(Process *p, const Term *a)
{
    p->pending = PENDING_APPLY_FUN;
    return TERM_NONE;
}

Term bif_erlang_apply_3(Process *p, const Term *a)
{
    p->pending = PENDING_APPLY;
    return TERM_NONE;
}

Term bif_erlang_halt_0(Process *p, const Term *a)
{
    vm_halt(p->vm, 0);
    p->pending = PENDING_WAIT;
    return TERM_NONE;
}

/* What would be the headline of a crash dump: a list of characters. */
static bool is_slogan(Term t)
{
    int64_t point;
    while (term_is_cons(t) && util_get_range(cons_head(t), 0, UTF8_MAX_CODE_POINT, &point)) {
        t = cons_tail(t);
    }
    return term_is_nil(t);
}

static void say_slogan(Process *p, Term slogan)
{
    UtilText text = {0};
    Host *host = vm_host(p->vm);
    if (util_text_of_string(&text, slogan, SIZE_MAX) == UTIL_OK && util_text_put(&text, "\n", 1)) {
        const char *line = util_text_string(&text);
        host->file_write(host, 2, line, strlen(line));
    }
    util_text_free(&text);
}

Term bif_erlang_halt_1(Process *p, const Term *a)
{
    int64_t status = 1;
    if (!term_same(a[0], ATOM(abort)) && !is_slogan(a[0]) &&
        !util_get_range(a[0], 0, SMALL_MAX, &status)) {
        return raise_badarg(p);
    }
    if (term_is_cons(a[0])) {
        say_slogan(p, a[0]);
    }
    vm_halt(p->vm, (int)(status & 0xFF));
    p->pending = PENDING_WAIT;
    return TERM_NONE;
}

static bool is_boolean(Term t)
{
    return term_same(t, ATOM(true)) || term_same(t, ATOM(false));
}

Term bif_erlang_halt_2(Process *p, const Term *a)
{
    Term list = a[1];
    while (term_is_cons(list) && term_is_tuple_of(cons_head(list), 2) &&
           term_same(tuple_items(cons_head(list))[0], ATOM(flush)) &&
           is_boolean(tuple_items(cons_head(list))[1])) {
        list = cons_tail(list);
    }
    return term_is_nil(list) ? bif_erlang_halt_1(p, a) : raise_badarg(p);
}

/* exceptions: the built-in itself does not stand in the trace */

static Term raise_program(Process *p, Term class, Term reason)
{
    raise_class(p, class, reason);
    p->raise_program = true;
    return TERM_NONE;
}

Term bif_erlang_error_1(Process *p, const Term *a)
{
    return raise_program(p, ATOM(error), a[0]);
}

Term bif_erlang_error_2(Process *p, const Term *a)
{
    raise_program(p, ATOM(error), a[0]);
    if (term_is_cons(a[1]) || term_is_nil(a[1])) { /* as Erlang: an improper one, too */
        p->raise_args = a[1];
    }
    return TERM_NONE;
}

/* The map of [{error_info, Map}]; of options that are badly formed nothing counts, as in Erlang. */
static Term error_info_option(Term list)
{
    Term info = TERM_NONE;
    for (; term_is_cons(list); list = cons_tail(list)) {
        Term item = cons_head(list);
        if (!term_is_tuple_of(item, 2) || !term_same(tuple_items(item)[0], ATOM(error_info)) ||
            !term_is_map(tuple_items(item)[1])) {
            return TERM_NONE;
        }
        info = tuple_items(item)[1];
    }
    return term_is_nil(list) ? info : TERM_NONE;
}

Term bif_erlang_error_3(Process *p, const Term *a)
{
    bif_erlang_error_2(p, a);
    p->raise_info = error_info_option(a[2]);
    return TERM_NONE;
}

Term bif_erlang_exit_1(Process *p, const Term *a)
{
    return raise_program(p, ATOM(exit), a[0]);
}

Term bif_erlang_throw_1(Process *p, const Term *a)
{
    return raise_program(p, ATOM(throw), a[0]);
}

/* An entry of a stack trace: {M, F, ArityOrArgs, Location}, {Fun, Args, Location} or without
 * location. */
static bool is_trace_entry(Term t)
{
    return term_is_tuple(t) && tuple_arity(t) >= 2 && tuple_arity(t) <= 4;
}

Term bif_erlang_raise_3(Process *p, const Term *a)
{
    bool class =
        term_same(a[0], ATOM(error)) || term_same(a[0], ATOM(exit)) || term_same(a[0], ATOM(throw));
    Term list = a[2];
    while (term_is_cons(list) && is_trace_entry(cons_head(list))) {
        list = cons_tail(list);
    }
    if (!class || !term_is_nil(list)) {
        return ATOM(badarg);
    }
    raise_program(p, a[0], a[1]);
    p->raise_trace = a[2];
    return TERM_NONE;
}

/* Unlike error, they stand in the trace themselves, with their arguments. */
Term bif_erlang_nif_error_1(Process *p, const Term *a)
{
    return raise_class(p, ATOM(error), a[0]);
}

Term bif_erlang_nif_error_2(Process *p, const Term *a)
{
    return raise_class(p, ATOM(error), a[0]);
}

/* dictionary */

Term bif_erlang_put_2(Process *p, const Term *a)
{
    Term old = dictionary_put(p, a[0], a[1]);
    return term_same(old, TERM_NONE) ? raise_no_memory(p) : old;
}

Term bif_erlang_get_1(Process *p, const Term *a)
{
    return dictionary_get(p, a[0]);
}

static Term pairs(Process *p, bool keys_only, const Term *value)
{
    const PDict *d = p->dictionary;
    Term list = TERM_NIL;
    for (uint32_t i = d ? d->count : 0; i-- > 0;) {
        Term key = d->pairs[2 * i], here = d->pairs[2 * i + 1];
        if (value && !term_equal_exact(*value, here)) {
            continue;
        }
        Term item = keys_only ? key : UTIL_TUPLE(p, key, here);
        list = term_same(item, TERM_NONE) ? item : util_cons(p, item, list);
        if (term_same(list, TERM_NONE)) {
            return TERM_NONE;
        }
    }
    return list;
}

Term bif_erlang_get_0(Process *p, const Term *a)
{
    return pairs(p, false, NULL);
}

Term bif_erlang_get_keys_0(Process *p, const Term *a)
{
    return pairs(p, true, NULL);
}

Term bif_erlang_get_keys_1(Process *p, const Term *a)
{
    return pairs(p, true, &a[0]);
}

Term bif_erlang_erase_1(Process *p, const Term *a)
{
    return dictionary_erase(p, a[0]);
}

Term bif_erlang_erase_0(Process *p, const Term *a)
{
    Term all = pairs(p, false, NULL);
    if (!term_same(all, TERM_NONE)) {
        dictionary_clear(p);
    }
    return all;
}

Term bif_act_deaths_watch_0(Process *p, const Term *a)
{
    atomic_store_explicit(&p->vm->deaths_watched, true, memory_order_relaxed);
    return ATOM(true);
}
