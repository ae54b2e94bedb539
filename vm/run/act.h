/* SPDX-License-Identifier: Apache-2.0 */
/* vm/run/act.h: the embedding interface: make a machine, run a program on it, take it down.
 *
 * Many machines may live in one OS process; they share nothing. */
#ifndef ACT_RUN_ACT_H
#define ACT_RUN_ACT_H

#include "vm/vm_parts.h"

/* A machine that stands still, with the operating system as its host (or the simulated host if the
 * options say seeded). What options point to must live as long as the machine. NULL without memory
 * or threads. */
Vm *act_vm_new(const VmOptions *options);

/* Runs act_boot:start(module, arguments) on all its schedulers, the calling thread being one, until
 * the machine halts. The exit status. Once per machine. */
int act_vm_run(Vm *vm, const char *module, const char *const *arguments, size_t argument_count);

/* Gives all back. The machine must have stopped or never run. */
void act_vm_free(Vm *vm);
/* Instead, when the OS process is about to end: gives nothing back, but nobody looks at the options
 * any more. */
void act_vm_leave(Vm *vm);

#endif
