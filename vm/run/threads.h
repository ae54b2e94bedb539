/* SPDX-License-Identifier: Apache-2.0 */
/* vm/run/threads.h: the scheduler threads. */
#ifndef ACT_RUN_THREADS_H
#define ACT_RUN_THREADS_H

#include "vm/vm_parts.h"

/* Runs all schedulers, the first on the calling thread, until the machine halts. */
void threads_run(Vm *vm);

#endif
