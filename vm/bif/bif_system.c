/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_system.c: erlang:system_info/1 and system_flag/2. What a program may decide
 * by (word size, limits, release) is what OTP 25 says; what we have not is left out: badarg.
 *
 * To add an item: a row in info_rows. */
#include "vm/bif/bif_shared.h"
#include "vm/bif/bif_util.h"
#include "vm/ets/ets_tables.h"
#include "vm/host/host.h"
#include "vm/mem/heap_sizes.h"
#include "vm/proc/max_heap.h"
#include "vm/proc/table.h"
#include "vm/sched/scheduler.h"
#include "vm/term/atom.h"
#include "vm/vm_parts.h"

#include <string.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the machine's words are little-endian");

typedef Term (*InfoFunction)(Process *p);

/* ---- answers that are more than a constant ---- */

static Term text(Process *p, const char *bytes)
{
    return util_bytes_list(p, bytes, strlen(bytes), TERM_NIL);
}

static Term info_otp_release(Process *p)
{
    return text(p, "25");
}

static Term info_version(Process *p)
{
    return text(p, "13.1.5"); /* the run-time system whose behaviour this is */
}

static Term info_machine(Process *p)
{
    return text(p, "BEAM"); /* as ?MACHINE, which programs compare with */
}

static Term info_system_version(Process *p)
{
    return text(p, "Act 0.1 (Erlang/OTP 25) [64-bit]\n");
}

static Term info_architecture(Process *p)
{
    char name[64];
    vm_host(p->vm)->architecture(vm_host(p->vm), name, sizeof name);
    return text(p, name);
}

static Term info_nif_version(Process *p)
{
    return text(p, "2.16");
}

static Term info_driver_version(Process *p)
{
    return text(p, "3.3");
}

/* The sizes that heaps have, in words. */
static Term info_heap_sizes(Process *p)
{
    size_t sizes[128], count = 0;
    for (size_t size = 1; count < ACT_COUNT(sizes); size = sizes[count - 1] + 1) {
        sizes[count++] = heap_size_for(size);
    }
    Term list = TERM_NIL;
    while (count > 0 && !term_same(list, TERM_NONE)) {
        list = util_cons(p, small_make((int64_t)sizes[--count]), list);
    }
    return list;
}

/* {unbound, ...}, one for each scheduler. */
static Term info_bindings(Process *p)
{
    uint32_t count = p->vm->scheduler_count;
    Term *words = process_alloc(p, count + 1);
    if (words == NULL) {
        return raise_no_memory(p);
    }
    words[0] = TERM_RAW(header_make(BOXED_TUPLE, count));
    for (uint32_t i = 0; i < count; i++) {
        words[1 + i] = util_atom(p, "unbound");
    }
    return boxed_term(words);
}

static Term info_schedulers(Process *p)
{
    return small_make(p->vm->scheduler_count);
}

static int64_t setting(const _Atomic(int64_t) *value)
{
    return atomic_load_explicit(value, memory_order_relaxed);
}

/* The number of schedulers that a flag was set to; all of them at first. */
static Term online(Process *p, _Atomic(int64_t) *number)
{
    int64_t set = setting(number);
    return set == 0 ? info_schedulers(p) : small_make(set);
}

static Term info_online(Process *p)
{
    return online(p, &vm_bifs(p->vm)->schedulers_online);
}

static Term info_dirty_online(Process *p)
{
    return online(p, &vm_bifs(p->vm)->dirty_schedulers_online);
}

static Term info_trace_control_word(Process *p)
{
    return small_make(setting(&vm_bifs(p->vm)->trace_control_word));
}

static Term info_system_logger(Process *p)
{
    Term logger = {atomic_load_explicit(&vm_bifs(p->vm)->system_logger, memory_order_relaxed)};
    return logger.w ? logger : util_atom(p, "logger");
}

static Term info_outstanding_requests(Process *p)
{
    return small_make(setting(&vm_bifs(p->vm)->outstanding_requests));
}

static Term info_cores(Process *p)
{
    return small_make(vm_host(p->vm)->cores(vm_host(p->vm)));
}

static Term info_scheduler_id(Process *p)
{
    return small_make(p->scheduler->index + 1);
}

static Term info_process_count(Process *p)
{
    return small_make(process_table_count(p->vm->processes));
}

static Term info_process_limit(Process *p)
{
    return small_make(process_table_limit(p->vm->processes));
}

static Term info_atom_count(Process *p)
{
    return small_make(atom_count(vm_atoms(p->vm)));
}

static Term info_time_at_start(Process *p)
{
    BifShared *shared = vm_bifs(p->vm);
    Host *host = vm_host(p->vm);
    int64_t since = host->monotonic(host) - shared->start_monotonic;
    return util_int64(p, bif_shared_monotonic(shared, host) - since);
}

static Term info_end_time(Process *p)
{
    return util_int64(p, BIF_MONOTONIC_END);
}

/* {Name, number} */
static Term named(Process *p, const char *name, int64_t number)
{
    Term atom = util_atom(p, name);
    return term_same(atom, TERM_NONE) ? atom : UTIL_TUPLE(p, atom, small_make(number));
}

static uint64_t default_max_heap(Process *p)
{
    return atomic_load_explicit(&p->vm->max_heap, memory_order_relaxed);
}

static Term info_max_heap_size(Process *p)
{
    return max_heap_term(p, default_max_heap(p));
}

static Term info_fullsweep_after(Process *p)
{
    return named(p, "fullsweep_after", setting(&vm_bifs(p->vm)->fullsweep_after));
}

static Term info_min_heap_size(Process *p)
{
    return named(p, "min_heap_size", setting(&vm_bifs(p->vm)->min_heap_size));
}

static Term info_min_bin_vheap_size(Process *p)
{
    return named(p, "min_bin_vheap_size", 46422);
}

static Term info_ets_count(Process *p)
{
    return small_make(ets_tables_count(p->vm));
}

static Term info_schedulers_state(Process *p)
{
    return UTIL_TUPLE(p, info_schedulers(p), info_online(p), info_online(p));
}

static Term info_garbage_collection(Process *p)
{
    Term list = TERM_NIL;
    Term items[] = {info_fullsweep_after(p), info_min_heap_size(p), info_min_bin_vheap_size(p),
                    named(p, "max_heap_size", (int64_t)max_heap_words(default_max_heap(p)))};
    for (size_t i = 0; i < ACT_COUNT(items); i++) {
        list = term_same(items[i], TERM_NONE) || term_same(list, TERM_NONE)
                   ? TERM_NONE
                   : util_cons(p, items[i], list);
    }
    return list;
}

/* ---- the table ---- */

typedef struct {
    const char *name;
    InfoFunction function; /* NULL: the constant */
    const char *atom;      /* NULL: the number */
    int64_t number;
} InfoRow;

static const InfoRow info_rows[] = {
    {"atom_count", info_atom_count, NULL, 0},
    {"atom_limit", NULL, NULL, ATOM_MAX_COUNT},
    {"beam_jump_table", NULL, "true", 0},
    {"build_type", NULL, "opt", 0},
    {"compat_rel", NULL, NULL, 25},
    {"context_reductions", NULL, NULL, TURN_REDUCTIONS},
    {"creation", NULL, NULL, 0},
    {"debug_compiled", NULL, "false", 0},
    {"delayed_node_table_gc", NULL, NULL, 60},
    {"dirty_cpu_schedulers", info_schedulers, NULL, 0},
    {"dirty_cpu_schedulers_online", info_dirty_online, NULL, 0},
    {"dirty_io_schedulers", NULL, NULL, 10},
    {"dist_ctrl", NULL, "[]", 0},
    {"driver_version", info_driver_version, NULL, 0},
    {"dynamic_trace", NULL, "none", 0},
    {"eager_check_io", NULL, "true", 0},
    {"emu_flavor", NULL, "emu", 0},
    {"emu_type", NULL, "opt", 0},
    {"end_time", info_end_time, NULL, 0},
    {"endian", NULL, "little", 0},
    {"ethread_info", NULL, "[]", 0},
    {"ets_count", info_ets_count, NULL, 0},
    {"ets_always_compress", NULL, "false", 0},
    {"ets_limit", NULL, NULL, 8192},
    {"fullsweep_after", info_fullsweep_after, NULL, 0},
    {"garbage_collection", info_garbage_collection, NULL, 0},
    {"heap_sizes", info_heap_sizes, NULL, 0},
    {"heap_type", NULL, "private", 0},
    {"kernel_poll", NULL, "true", 0},
    {"lock_checking", NULL, "false", 0},
    {"logical_processors", info_cores, NULL, 0},
    {"logical_processors_available", info_cores, NULL, 0},
    {"logical_processors_online", info_cores, NULL, 0},
    {"machine", info_machine, NULL, 0},
    {"message_queue_data", NULL, "on_heap", 0},
    {"max_heap_size", info_max_heap_size, NULL, 0},
    {"min_bin_vheap_size", info_min_bin_vheap_size, NULL, 0},
    {"min_heap_size", info_min_heap_size, NULL, 0},
    {"modified_timing_level", NULL, "undefined", 0},
    {"multi_scheduling", NULL, "enabled", 0},
    {"multi_scheduling_blockers", NULL, "[]", 0},
    {"nif_version", info_nif_version, NULL, 0},
    {"normal_multi_scheduling_blockers", NULL, "[]", 0},
    {"otp_release", info_otp_release, NULL, 0},
    {"system_logger", info_system_logger, NULL, 0},
    {"outstanding_system_requests_limit", info_outstanding_requests, NULL, 0},
    {"port_count", NULL, NULL, 0},
    {"port_limit", NULL, NULL, 65536},
    {"port_parallelism", NULL, "false", 0},
    {"process_count", info_process_count, NULL, 0},
    {"process_limit", info_process_limit, NULL, 0},
    {"scheduler_bind_type", NULL, "unbound", 0},
    {"scheduler_bindings", info_bindings, NULL, 0},
    {"scheduler_id", info_scheduler_id, NULL, 0},
    {"schedulers", info_schedulers, NULL, 0},
    {"schedulers_online", info_online, NULL, 0},
    {"schedulers_state", info_schedulers_state, NULL, 0},
    {"smp_support", NULL, "true", 0},
    {"start_time", info_time_at_start, NULL, 0},
    {"system_architecture", info_architecture, NULL, 0},
    {"system_version", info_system_version, NULL, 0},
    {"taints", NULL, "[]", 0},
    {"thread_pool_size", NULL, NULL, 1},
    {"threads", NULL, "true", 0},
    {"time_correction", NULL, "true", 0},
    {"time_offset", NULL, "final", 0},
    {"time_warp_mode", NULL, "no_time_warp", 0},
    {"tolerant_timeofday", NULL, "enabled", 0},
    {"trace_control_word", info_trace_control_word, NULL, 0},
    {"update_cpu_info", NULL, "unchanged", 0},
    {"version", info_version, NULL, 0},
    {"wordsize", NULL, NULL, 8},
};

Term bif_erlang_system_info_1(Process *p, const Term *a)
{
    if (term_is_tuple_of(a[0], 2) && util_atom_is(p, tuple_items(a[0])[0], "wordsize")) {
        Term side = tuple_items(a[0])[1];
        return util_atom_is(p, side, "internal") || util_atom_is(p, side, "external")
                   ? small_make(8)
                   : raise_badarg(p);
    }
    for (size_t i = 0; i < ACT_COUNT(info_rows); i++) {
        const InfoRow *row = &info_rows[i];
        if (!util_atom_is(p, a[0], row->name)) {
            continue;
        }
        if (row->function != NULL) {
            return row->function(p);
        }
        if (row->atom == NULL) {
            return small_make(row->number);
        }
        return strcmp(row->atom, "[]") == 0 ? TERM_NIL : util_atom(p, row->atom);
    }
    return raise_badarg(p);
}

/* ---- flags ---- */

static Term set_within(Process *p, _Atomic(int64_t) *value, Term to, int64_t least, int64_t most)
{
    int64_t number;
    if (!util_get_range(to, least, most, &number)) {
        return raise_badarg(p);
    }
    return small_make(atomic_exchange_explicit(value, number, memory_order_relaxed));
}

static Term set(Process *p, _Atomic(int64_t) *value, Term to)
{
    return set_within(p, value, to, 0, INT32_MAX);
}

/* All stay on line; the number is told. */
static Term set_online(Process *p, _Atomic(int64_t) *value, Term to)
{
    Term old = online(p, value);
    Term done = set_within(p, value, to, 1, p->vm->scheduler_count);
    return term_same(done, TERM_NONE) ? done : old;
}

static Term set_system_logger(Process *p, Term to)
{
    if (!term_is_pid(to) && !util_atom_is(p, to, "logger") && !util_atom_is(p, to, "undefined")) {
        return raise_badarg(p);
    }
    Term old = {
        atomic_exchange_explicit(&vm_bifs(p->vm)->system_logger, to.w, memory_order_relaxed)};
    return old.w ? old : util_atom(p, "logger");
}

static Term set_max_heap_size(Process *p, Term value)
{
    uint64_t limit = default_max_heap(p);
    Term old = max_heap_term(p, limit);
    if (term_same(old, TERM_NONE)) {
        return old;
    }
    if (!max_heap_read(value, &limit)) {
        return raise_badarg(p);
    }
    atomic_store_explicit(&p->vm->max_heap, limit, memory_order_relaxed);
    return old;
}

Term bif_erlang_system_flag_2(Process *p, const Term *a)
{
    BifShared *shared = vm_bifs(p->vm);
    if (util_atom_is(p, a[0], "backtrace_depth")) {
        return set(p, &shared->backtrace_depth, a[1]);
    }
    if (util_atom_is(p, a[0], "fullsweep_after")) {
        return set(p, &shared->fullsweep_after, a[1]);
    }
    if (util_atom_is(p, a[0], "min_heap_size")) {
        return set(p, &shared->min_heap_size, a[1]);
    }
    if (util_atom_is(p, a[0], "max_heap_size")) {
        return set_max_heap_size(p, a[1]);
    }
    if (util_atom_is(p, a[0], "schedulers_online")) {
        return set_online(p, &shared->schedulers_online, a[1]);
    }
    if (util_atom_is(p, a[0], "dirty_cpu_schedulers_online")) {
        return set_online(p, &shared->dirty_schedulers_online, a[1]);
    }
    if (util_atom_is(p, a[0], "trace_control_word")) {
        return set_within(p, &shared->trace_control_word, a[1], 0, UINT32_MAX);
    }
    if (util_atom_is(p, a[0], "outstanding_system_requests_limit")) {
        return set_within(p, &shared->outstanding_requests, a[1], 1, INT32_MAX);
    }
    if (util_atom_is(p, a[0], "system_logger")) {
        return set_system_logger(p, a[1]);
    }
    if (util_atom_is(p, a[0], "time_offset") && util_atom_is(p, a[1], "finalize")) {
        return util_atom(p, "final");
    }
    if (util_atom_is(p, a[0], "scheduler_bind_type") && util_atom_is(p, a[1], "unbound")) {
        return util_atom(p, "unbound");
    }
    return raise_badarg(p);
}
