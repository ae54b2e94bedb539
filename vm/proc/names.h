/* SPDX-License-Identifier: Apache-2.0 */
/* vm/proc/names.h: giving names to processes, from any thread, while they may be ending. */
#ifndef ACT_PROC_NAMES_H
#define ACT_PROC_NAMES_H

#include "vm/proc/process.h"
#include "vm/vm_parts.h"

/* Names p. False if it has a name, has ended, or the name is taken. Any scheduler thread. */
bool names_give(Vm *vm, Process *p, Term name);
/* Takes the name from whoever has it. False if nobody has. Any scheduler thread. */
bool names_take(Vm *vm, Term name);
/* p has left the process table: its name goes too. The thread that ends p. */
void names_drop(Vm *vm, Process *p);

#endif
