/* SPDX-License-Identifier: Apache-2.0 */
/* vm/sched/os_signal.h: signals of the operating system become events of the event manager that is
 * registered as erl_signal_server: {notify, sigterm}, as gen_event:notify/2 would send them.
 *
 * No thread waits for them. The handler notes what came and puts one job, which is always the same,
 * among those that come back to the first scheduler (sched/helpers.h). */
#ifndef ACT_SCHED_OS_SIGNAL_H
#define ACT_SCHED_OS_SIGNAL_H

#include "vm/host/host.h"
#include "vm/sched/scheduler.h"

typedef struct OsSignals OsSignals; /* fields: sched/os_signal.c */

/* NULL without memory. */
OsSignals *os_signals_new(Vm *vm);
/* Those that the machine took are the operating system's again. When no scheduler runs any more;
 * NULL is fine. */
void os_signals_close(OsSignals *signals);
/* After the schedulers are freed; NULL is fine. */
void os_signals_free(OsSignals *signals);

/* sigterm and so on. */
Term os_signal_name(HostSignal signal);

/* From now on the signal is told to erl_signal_server, or ignored, or does what it does by default.
 * Any scheduler thread. */
void os_signals_take(OsSignals *signals, HostSignal signal);
void os_signals_ignore(OsSignals *signals, HostSignal signal);
void os_signals_default(OsSignals *signals, HostSignal signal);

#endif
