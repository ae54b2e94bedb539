/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_spawn.c: spawn in all its forms. */
#include "vm/bif/bif_monitor.h"
#include "vm/bif/bif_util.h"
#include "vm/mem/heap_sizes.h"
#include "vm/proc/max_heap.h"
#include "vm/sched/spawn.h"
#include "vm/term/fun.h"
#include "vm/term/ref.h"
#include "vm/vm_parts.h"

enum { LEAST_TOLD = 233 }; /* words that Erlang gives a process at least */

static bool is_own_node(Term node)
{
    return term_same(node, ATOM(nonode_nohost));
}

static Term new_ref(Process *p, uint64_t extra)
{
    Term *words = process_alloc(p, REF_WORDS);
    if (!words) {
        return TERM_NONE;
    }
    Term ref = ref_build(words, scheduler_new_id(p->scheduler), extra, 0);
    mailbox_mark(&p->mailbox, ref_id(ref));
    return ref;
}

/* {Module, Name}: nothing that can be called any more, but Erlang starts the process, which fails.
 */
static bool is_old_fun(Term t)
{
    return term_is_tuple(t) && tuple_arity(t) == 2 && term_is_atom(tuple_items(t)[0]) &&
           term_is_atom(tuple_items(t)[1]);
}

/* The pid, or {Pid, Ref} if the options say monitor. */
static Term spawn_monitored(Process *p, Term module, Term name, Term args, SpawnOptions *options,
                            const MonitorOptions *monitor)
{
    bool by_name = !term_same(name, TERM_NONE);
    if (by_name ? !term_is_atom(module) || !term_is_atom(name) || util_list_length(args) < 0
                : !term_is_fun(module) && !is_old_fun(module)) {
        return raise_badarg(p);
    }
    if (spawn_goes_away(p, module, name, args)) {
        return TERM_NONE;
    }
    options->from_away = p->away == AWAY_BACK;
    if (options->monitor) {
        options->monitor_ref = new_ref(p, monitor_ref_extra(p, monitor));
        if (term_same(options->monitor_ref, TERM_NONE)) {
            return TERM_NONE;
        }
    }
    process_spend(p, 30);
    Term pid = spawn_process(p->scheduler, p, module, name, args, options);
    if (term_same(pid, TERM_NONE) || !options->monitor) {
        return pid;
    }
    if (!monitor_apply_options(p, options->monitor_ref, monitor)) {
        return TERM_NONE;
    }
    return UTIL_TUPLE(p, pid, options->monitor_ref);
}

static Term spawn_with(Process *p, Term module, Term name, Term args, SpawnOptions *options)
{
    MonitorOptions plain = {0};
    return spawn_monitored(p, module, name, args, options, &plain);
}

Term bif_erlang_spawn_1(Process *p, const Term *a)
{
    SpawnOptions options = SPAWN_DEFAULTS;
    return spawn_with(p, a[0], TERM_NONE, TERM_NIL, &options);
}

Term bif_erlang_spawn_2(Process *p, const Term *a)
{
    return is_own_node(a[0]) ? bif_erlang_spawn_1(p, a + 1) : raise_badarg(p);
}

Term bif_erlang_spawn_3(Process *p, const Term *a)
{
    SpawnOptions options = SPAWN_DEFAULTS;
    return spawn_with(p, a[0], a[1], a[2], &options);
}

Term bif_erlang_spawn_4(Process *p, const Term *a)
{
    return is_own_node(a[0]) ? bif_erlang_spawn_3(p, a + 1) : raise_badarg(p);
}

Term bif_erlang_spawn_link_1(Process *p, const Term *a)
{
    SpawnOptions options = SPAWN_DEFAULTS;
    options.link = true;
    return spawn_with(p, a[0], TERM_NONE, TERM_NIL, &options);
}

Term bif_erlang_spawn_link_2(Process *p, const Term *a)
{
    return is_own_node(a[0]) ? bif_erlang_spawn_link_1(p, a + 1) : raise_badarg(p);
}

Term bif_erlang_spawn_link_3(Process *p, const Term *a)
{
    SpawnOptions options = SPAWN_DEFAULTS;
    options.link = true;
    return spawn_with(p, a[0], a[1], a[2], &options);
}

Term bif_erlang_spawn_link_4(Process *p, const Term *a)
{
    return is_own_node(a[0]) ? bif_erlang_spawn_link_3(p, a + 1) : raise_badarg(p);
}

Term bif_erlang_spawn_monitor_1(Process *p, const Term *a)
{
    SpawnOptions options = SPAWN_DEFAULTS;
    options.monitor = true;
    if (!term_is_fun(a[0]) || fun_arity(a[0]) != 0) {
        return raise_badarg(p); /* alone among the spawns it asks for the arity */
    }
    return spawn_with(p, a[0], TERM_NONE, TERM_NIL, &options);
}

Term bif_erlang_spawn_monitor_3(Process *p, const Term *a)
{
    SpawnOptions options = SPAWN_DEFAULTS;
    options.monitor = true;
    return spawn_with(p, a[0], a[1], a[2], &options);
}

static bool read_priority(Term name, Priority *priority)
{
    static const Term names[] = {ATOM(low), ATOM(normal), ATOM(high), ATOM(max_line)};
    for (unsigned i = 0; i < ACT_COUNT(names); i++) {
        if (term_same(name, names[i])) {
            *priority = (Priority)i;
            return true;
        }
    }
    return false;
}

static bool read_size(Term value, size_t *size)
{
    int64_t number;
    if (!util_get_range(value, 0, SMALL_MAX, &number)) {
        return false;
    }
    *size = (size_t)number;
    return true;
}

/* {Key, Value} */
static bool read_pair(Term key, Term value, SpawnOptions *options, MonitorOptions *monitor)
{
    size_t ignored, size, full;
    switch (term_is_atom(key) ? atom_index(key) : 0) {
    case ATOM_INDEX_priority:
        return read_priority(value, &options->priority);
    case ATOM_INDEX_min_heap_size:
        if (!read_size(value, &size) || size > (size_t)HEAP_MOST_MIN_WORDS) {
            return false;
        }
        options->min_words = size > LEAST_TOLD ? heap_told_words(size, LEAST_TOLD) : size;
        return true;
    case ATOM_INDEX_max_heap_size:
        return max_heap_read(value, &options->max_heap);
    case ATOM_INDEX_fullsweep_after:
        if (!read_size(value, &full)) {
            return false;
        }
        options->full_every = (uint32_t)ACT_MIN(full, (size_t)UINT32_MAX);
        return true;
    case ATOM_INDEX_min_bin_vheap_size:
        return read_size(value, &ignored);
    case ATOM_INDEX_message_queue_data:
        options->off_heap = term_same(value, ATOM(off_heap));
        return term_same(value, ATOM(on_heap)) || term_same(value, ATOM(off_heap));
    case ATOM_INDEX_scheduler: /* a wish: any scheduler may take the process all the same */
        return read_size(value, &ignored) && ignored <= 1024;
    case ATOM_INDEX_monitor:
        options->monitor = true;
        return monitor_read_options(value, monitor);
    default:
        return false;
    }
}

static bool read_options(Term list, SpawnOptions *options, MonitorOptions *monitor)
{
    for (; term_is_cons(list); list = cons_tail(list)) {
        Term item = cons_head(list);
        if (term_same(item, ATOM(link))) {
            options->link = true;
        } else if (term_same(item, ATOM(monitor))) {
            options->monitor = true;
        } else if (!term_is_tuple_of(item, 2) ||
                   !read_pair(tuple_items(item)[0], tuple_items(item)[1], options, monitor)) {
            return false;
        }
    }
    return term_is_nil(list);
}

Term bif_erlang_spawn_opt_2(Process *p, const Term *a)
{
    SpawnOptions options = SPAWN_DEFAULTS;
    MonitorOptions monitor = {0};
    options.max_heap = atomic_load_explicit(&p->vm->max_heap, memory_order_relaxed);
    if (!read_options(a[1], &options, &monitor)) {
        return raise_badarg(p);
    }
    return spawn_monitored(p, a[0], TERM_NONE, TERM_NIL, &options, &monitor);
}

Term bif_erlang_spawn_opt_4(Process *p, const Term *a)
{
    SpawnOptions options = SPAWN_DEFAULTS;
    MonitorOptions monitor = {0};
    options.max_heap = atomic_load_explicit(&p->vm->max_heap, memory_order_relaxed);
    if (!read_options(a[3], &options, &monitor)) {
        return raise_badarg(p);
    }
    return spawn_monitored(p, a[0], a[1], a[2], &options, &monitor);
}
