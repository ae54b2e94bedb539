/* SPDX-License-Identifier: Apache-2.0 */
/* vm/sched/os_signal.c: see os_signal.h. */
#include "vm/sched/os_signal.h"

#include "vm/base/alloc.h"
#include "vm/sched/deliver.h"
#include "vm/sched/helpers.h"
#include "vm/term/atom.h"

struct OsSignals {
    HelperJob job;
    Vm *vm;
    /* any thread and handlers, atomic: a bit for each signal that came and was not told yet. Who
     * sets the first one gives the job (seq_cst, as where jobs come back), who takes them all
     * has it again. */
    _Atomic(uint32_t) came;
    _Atomic(uint32_t)
        taken; /* any thread, relaxed: a bit for each that the machine has asked for */
};

#define NAME(name, text) [HOST_SIG##name] = ATOM(sig##text),

Term os_signal_name(HostSignal signal)
{
    const Term names[HOST_SIGNAL_COUNT] = {HOST_SIGNALS(NAME)};
    return names[signal];
}

#undef NAME

static const Heap no_heap; /* atoms lie nowhere */

static void tell(HelperJob *job, Scheduler *s)
{
    OsSignals *signals = (OsSignals *)job;
    uint32_t came = atomic_exchange_explicit(&signals->came, 0, memory_order_seq_cst);
    for (unsigned i = 0; i < HOST_SIGNAL_COUNT; i++) {
        if (came >> i & 1) {
            Term event[2] = {ATOM(notify), os_signal_name((HostSignal)i)};
            Signal *message = signal_new_tuple(SIGNAL_MESSAGE, TERM_NIL, event, 2, &no_heap);
            if (message) {
                deliver_to(s, ATOM(erl_signal_server), message);
            }
        }
    }
}

static void keep(HelperJob *job, Vm *vm)
{
    (void)job, (void)vm; /* a part of OsSignals */
}

static const HelperKind kind = {.discard = keep, .arrive = tell};

/* Inside of the operating system's handler. */
static void note(void *context, HostSignal signal)
{
    OsSignals *signals = context;
    if (atomic_fetch_or_explicit(&signals->came, 1u << signal, memory_order_seq_cst) == 0) {
        helpers_return(signals->vm->schedulers[0], &signals->job);
    }
}

OsSignals *os_signals_new(Vm *vm)
{
    OsSignals *signals = alloc_try_zero(sizeof *signals);
    if (signals) {
        signals->vm = vm;
        signals->job.kind = &kind;
        atomic_init(&signals->came, 0);
        atomic_init(&signals->taken, 0);
    }
    return signals;
}

void os_signals_close(OsSignals *signals)
{
    uint32_t taken = signals ? atomic_load_explicit(&signals->taken, memory_order_relaxed) : 0;
    for (unsigned i = 0; i < HOST_SIGNAL_COUNT; i++) {
        if (taken >> i & 1) {
            os_signals_default(signals, (HostSignal)i);
        }
    }
}

void os_signals_free(OsSignals *signals)
{
    alloc_free(signals);
}

static Host *host_for(OsSignals *signals, HostSignal signal)
{
    atomic_fetch_or_explicit(&signals->taken, 1u << signal, memory_order_relaxed);
    return vm_host(signals->vm);
}

void os_signals_take(OsSignals *signals, HostSignal signal)
{
    Host *host = host_for(signals, signal);
    host->signal_take(host, signal, note, signals);
}

void os_signals_ignore(OsSignals *signals, HostSignal signal)
{
    Host *host = host_for(signals, signal);
    host->signal_ignore(host, signal);
}

void os_signals_default(OsSignals *signals, HostSignal signal)
{
    Host *host = host_for(signals, signal);
    host->signal_take(host, signal, NULL, NULL);
}
