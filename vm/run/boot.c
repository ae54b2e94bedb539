/* SPDX-License-Identifier: Apache-2.0 */
/* vm/run/boot.c: putting a machine together, starting it, taking it down: each a list to read. */
#include "vm/run/act.h"

#include "vm/base/alloc.h"
#include "vm/base/utf8.h"
#include "vm/bif/bif_shared.h"
#include "vm/code/code.h"
#include "vm/code/code_image.h"
#include "vm/ets/ets_tables.h"
#include "vm/exec/exec.h"
#include "vm/host/host.h"
#include "vm/proc/max_heap.h"
#include "vm/proc/registry.h"
#include "vm/proc/table.h"
#include "vm/run/embedded.h"
#include "vm/run/threads.h"
#include "vm/sched/helpers.h"
#include "vm/sched/os_signal.h"
#include "vm/sched/spawn.h"
#include "vm/term/atom.h"

enum {
    DEFAULT_MAX_PROCESSES = 1 << 24,
    MAX_SCHEDULERS = 1 << TIMER_SCHEDULER_BITS,
};

static bool make_schedulers(Vm *vm)
{
    unsigned wanted = vm->options.seeded ? 1 : vm->options.schedulers;
    unsigned count = wanted ? wanted : vm->host->cores(vm->host);
    count = ACT_MIN(ACT_MAX(count, 1u), (unsigned)MAX_SCHEDULERS);
    vm->schedulers = alloc_try_zero(count * sizeof(Scheduler *));
    for (unsigned i = 0; vm->schedulers && i < count; i++) {
        vm->schedulers[i] = scheduler_new(vm, i);
        if (!vm->schedulers[i]) {
            return false;
        }
        vm->scheduler_count = i + 1;
    }
    return vm->schedulers != NULL;
}

static bool make_code(Vm *vm)
{
    const VmOptions *options = &vm->options;
    const uint32_t *op_words = exec_op_words();
    if (options->image.size > 0 && code_image_attach(vm, &options->image, op_words)) {
        return true;
    }
    vm->space = options->for_image ? code_image_space(vm->host) : code_space_new(vm->host, NULL);
    if (!vm->space) {
        return false;
    }
    Area *area = &vm->space->area;
    return (vm->atoms = atom_table_new(area)) && (vm->code = area_zero(area, sizeof *vm->code)) &&
           code_init(vm, op_words);
}

/* An image's machine has all of that in the space. */
static void free_code(Vm *vm)
{
    if (vm->space && !vm->space->area.next) {
        if (vm->code) {
            code_free(vm);
            area_free(&vm->space->area, vm->code);
        }
        atom_table_free(vm->atoms);
    }
    code_space_free(vm->space, vm->host);
}

static bool make_parts(Vm *vm)
{
    const VmOptions *options = &vm->options;
    uint32_t processes = options->max_processes ? options->max_processes : DEFAULT_MAX_PROCESSES;
    vm->host = options->seeded ? host_sim_new(options->seed) : host_os_new();
    if (!vm->host) {
        return false;
    }
    vm->start_monotonic = vm->host->monotonic(vm->host);
    vm->load_embedded = embedded_load;
    return make_code(vm) && (vm->registry = registry_new(vm->host)) &&
           (vm->processes = process_table_new(vm->host, processes)) && ets_tables_new(vm) &&
           (vm->bifs = bif_shared_new(vm->host)) && embedded_init(vm) &&
           (vm->helpers = helpers_new(vm)) && (vm->os_signals = os_signals_new(vm)) &&
           make_schedulers(vm);
}

Vm *act_vm_new(const VmOptions *options)
{
    Vm *vm = alloc_try_zero(sizeof *vm);
    if (!vm) {
        return NULL;
    }
    vm->options = *options;
    atomic_init(&vm->epoch, 1);
    atomic_init(&vm->pinned, UINT64_MAX);
    atomic_init(&vm->max_heap, MAX_HEAP_DEFAULT);
    atomic_init(&vm->exit_status, 0);
    if (!make_parts(vm)) {
        act_vm_free(vm);
        return NULL;
    }
    return vm;
}

void vm_halt(Vm *vm, int status)
{
    bool halting = false;
    if (!atomic_exchange_explicit(&vm->claimed_exit, true, memory_order_acq_rel)) {
        atomic_store_explicit(&vm->exit_status, status, memory_order_relaxed);
        /* release: pairs with the acquire in the schedulers' loops; publishes exit_status */
        atomic_compare_exchange_strong_explicit(&vm->halting, &halting, true, memory_order_acq_rel,
                                                memory_order_relaxed);
        scheduler_wake_all(vm);
    }
}

/* A C string's UTF-8 as a string of code points; bytes that are none stand for themselves. */
static const Konst *string_of(Arena *arena, const char *text)
{
    size_t length = strlen(text);
    uint32_t *points = ARENA_ARRAY(arena, uint32_t, length + 1);
    uint32_t count = 0;
    for (size_t at = 0; at < length; count++) {
        unsigned used = utf8_decode((const unsigned char *)text + at, length - at, &points[count]);
        if (!used) {
            points[count] = (unsigned char)text[at];
        }
        at += used ? used : 1;
    }
    return konst_string(arena, points, count);
}

/* [Module, [Argument, ...]] as a literal. */
static Term first_arguments(Vm *vm, const char *module, const char *const *arguments, size_t count)
{
    Arena arena = {0};
    const Konst **strings = ARENA_ARRAY(&arena, const Konst *, count + 1);
    for (size_t i = 0; i < count; i++) {
        strings[i] = string_of(&arena, arguments[i]);
    }
    const Konst *both[2] = {konst_atom(&arena, module, strlen(module)),
                            konst_list(&arena, strings, (uint32_t)count, NULL)};
    Term list = code_literal(vm, konst_list(&arena, both, 2, NULL));
    arena_free(&arena);
    return list;
}

static void take_os_signals(Vm *vm)
{
    static const HostSignal wanted[] = {HOST_SIGTERM, HOST_SIGQUIT, HOST_SIGUSR1};
    for (unsigned i = 0; vm->options.os_signals && !vm->options.seeded && i < ACT_COUNT(wanted);
         i++) {
        os_signals_take(vm->os_signals, wanted[i]);
    }
}

int act_vm_run(Vm *vm, const char *module, const char *const *arguments, size_t argument_count)
{
    Term first = first_arguments(vm, module, arguments, argument_count);
    SpawnOptions options = SPAWN_DEFAULTS;
    if (term_same(first, TERM_NONE) ||
        term_same(
            spawn_process(vm->schedulers[0], NULL, ATOM(act_boot), ATOM(start), first, &options),
            TERM_NONE)) {
        return 1;
    }
    take_os_signals(vm);
    threads_run(vm);
    return atomic_load_explicit(&vm->exit_status, memory_order_acquire);
}

static void free_processes(Vm *vm)
{
    for (uint32_t slot = 1; slot < process_table_slots(vm->processes); slot++) {
        Process *p = process_table_at(vm->processes, slot);
        if (p) {
            Signal *signal = mailbox_close(&p->mailbox);
            while (signal) {
                Signal *next = signal->next;
                signal_free(signal);
                signal = next;
            }
            helpers_abandon(p);
            process_free_inside(p);
            process_free(p);
        }
    }
}

void act_vm_leave(Vm *vm)
{
    helpers_close(vm->helpers);
}

void act_vm_free(Vm *vm)
{
    helpers_free(vm->helpers);
    os_signals_close(vm->os_signals);
    if (vm->processes) {
        free_processes(vm);
        process_table_free(vm->processes, vm->host);
    }
    for (unsigned i = 0; i < vm->scheduler_count; i++) {
        scheduler_free(vm->schedulers[i]);
    }
    alloc_free(vm->schedulers);
    os_signals_free(vm->os_signals);
    ets_tables_free(vm);
    embedded_free(vm);
    bif_shared_free(vm->bifs, vm->host);
    if (vm->registry) {
        registry_free(vm->registry, vm->host);
    }
    free_code(vm);
    if (vm->host) {
        host_free(vm->host);
    }
    alloc_free(vm);
}
