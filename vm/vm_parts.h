/* SPDX-License-Identifier: Apache-2.0 */
/* vm/vm_parts.h: the whole machine as a struct of parts, each known by name only.
 *
 * All state of a machine hangs off this; nothing is global. Made and taken down by run/boot.c; the
 * parts are set before the first scheduler starts and never change after. */
#ifndef ACT_VM_PARTS_H
#define ACT_VM_PARTS_H

#include "vm/base/attr.h"
#include "vm/base/spin.h"
#include "vm/types.h"

#include <stdalign.h>
#include <stdatomic.h>

typedef struct ProcessTable ProcessTable; /* proc/table.h */
typedef struct Registry Registry;         /* proc/registry.h */

typedef struct EtsTables EtsTables; /* ets/ets_tables.h */

typedef struct HostEvent HostEvent; /* host/host.h */
typedef struct HostMutex HostMutex; /* host/host.h */

/* Modules that lie in the binary: name and the bytes of the module file, sorted by name. */
typedef struct {
    const char *name;
    const unsigned char *bytes;
    size_t size;
} EmbeddedModule;

/* Atoms and modules as the build left them (code/code_image.h). */
typedef struct {
    const unsigned char *bytes; /* whole pages, which the machine takes */
    size_t size;
} VmImage;

#define VM_COMPILE_IN_PROCESS SIZE_MAX

/* A line editor on the terminal, for programs that read lines from a person. Messages and events
 * are a kind and bytes; cli/line_messages.h lists them. */
typedef struct {
    void *context;
    /* Waits for an event; kind and bytes in one block, to be freed with alloc_free. NULL: it has
     * ended. One helper thread at a time. */
    unsigned char *(*next)(void *context, size_t *size);
    /* Any thread; does not wait. */
    void (*tell)(void *context, char kind, const unsigned char *bytes, size_t size);
} TerminalEditor;

/* What the embedding program gives the machine. All fields may be zero. */
typedef struct {
    unsigned schedulers; /* 0: one per core */
    bool seeded;         /* one scheduler, seeded choices, virtual time */
    uint64_t seed;
    uint32_t max_processes; /* 0: 16,777,216 */
    const EmbeddedModule *modules;
    size_t module_count;
    VmImage image;  /* its pages move into the machine: give it to one only. size 0: none */
    bool for_image; /* the machine's code is to become one: it is not to run */
    const char *const *load_path; /* directories searched for modules, in order */
    size_t load_path_count;
    /* Compiles source text to the bytes of a module file: NULL and *error (both to be freed with
     * alloc_free) on errors; NULL and *size VM_COMPILE_IN_PROCESS when the file asks for functions
     * of the program to take part (parse transforms): stdlib/act_build.act does it then. Any
     * scheduler thread. */
    unsigned char *(*compile)(void *context, const char *path, size_t *size, char **error);
    /* Answers what a program asks the compiler, a term as bytes both ways (compiler/service.h):
     * NULL when the question is none, else to be freed with alloc_free. Any scheduler thread. */
    unsigned char *(*ask_compiler)(void *context, const unsigned char *request, size_t size,
                                   size_t *answer_size);
    /* True if that is done in no time; else a helper thread does it. */
    bool (*ask_is_quick)(const unsigned char *request, size_t size);
    void *compile_context;
    const char *const *arguments; /* of the program, for init:get_plain_arguments */
    size_t argument_count;
    const TerminalEditor *editor; /* NULL: none */
    bool debug_bifs;
    bool os_signals; /* SIGTERM, SIGQUIT and SIGUSR1 are told to the process erl_signal_server */
} VmOptions;

struct Vm {
    VmOptions options;
    Host *host;
    AtomTable *atoms;
    CodeSpace *space;
    CodeTables *code;
    ProcessTable *processes;
    Registry *registry;
    EtsTables *tables; /* made by ets_tables_new at boot */
    /* What a SIGNAL_TABLE means: for the process it reached, and when that is no more (ets/ is
     * not known to sched/). */
    void (*table_arrived)(Process *p, const Signal *signal);
    void (*table_lost)(Scheduler *s, uintptr_t dead_word, const Signal *signal);
    BifShared *bifs; /* made by bif_shared_new at boot, given back by bif_shared_free */
    alignas(64) _Atomic(uint64_t) epoch; /* any thread, atomic: sched/epoch.c */
    _Atomic(uint64_t) pinned;            /* the oldest of the pins' epochs; sched/epoch.c */
    SpinLock pin_lock;
    struct EpochPin *pins; /* under pin_lock */
    Scheduler **schedulers;
    unsigned scheduler_count;
    /* Loads the module of that name from those embedded; false if it is none. Any scheduler thread.
     */
    bool (*load_embedded)(Vm *vm, uintptr_t name_word);
    int64_t start_monotonic;      /* host time when the machine began */
    struct HelperPool *helpers;   /* sched/helpers.h */
    struct OsSignals *os_signals; /* sched/os_signal.h */
    HostMutex *load_lock;         /* one thread at a time loads a module that was not there */
    bool standstill_told;         /* simulated runs: run/threads.c has let a process report it */

    /* any thread, atomic */
    _Atomic(bool) halting;      /* release by vm_halt: pairs with the acquire in scheduler loops */
    _Atomic(bool) claimed_exit; /* the first to halt sets the status */
    _Atomic(int) exit_status;   /* set before halting */
    _Atomic(uint32_t) sleeping; /* schedulers that sleep: any to be called to help? */
    _Atomic(uint32_t) running_schedulers;
    /* pieces of work for schedulers between turns and before they sleep (tables to be freed);
     * seq_cst where it matters: see scheduler_sleep */
    _Atomic(uint32_t) background;
    _Atomic(uint64_t) max_heap;    /* of new processes, relaxed: proc/max_heap.h */
    _Atomic(uint64_t) next_unique; /* unique_integer, relaxed: only the count matters */
    _Atomic(uint64_t) next_thief;
    _Atomic(bool) deaths_watched; /* the process act_deaths is told who ended, relaxed */
};

ACT_INLINE Host *vm_host(const Vm *vm)
{
    return vm->host;
}
ACT_INLINE AtomTable *vm_atoms(const Vm *vm)
{
    return vm->atoms;
}
ACT_INLINE CodeTables *vm_code(const Vm *vm)
{
    return vm->code;
}
ACT_INLINE BifShared *vm_bifs(const Vm *vm)
{
    return vm->bifs;
}

/* Stops the machine with this exit status: no process runs on after its current turn. Any thread.
 */
void vm_halt(Vm *vm, int status);

#endif
