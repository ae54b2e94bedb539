/* SPDX-License-Identifier: Apache-2.0 */
/* cli/machine.h: a machine with the library and the compiler in it, for the commands. */
#ifndef ACT_CLI_MACHINE_H
#define ACT_CLI_MACHINE_H

#include "cli/sources.h"

/* Gives the machine the library and a compiler that works as sources say. They must outlive it. */
void machine_options(VmOptions *options, const Sources *sources);
/* Makes a machine, runs a module of the library on it, takes it down; the exit status. */
int machine_run(const VmOptions *options, const char *module, const char *const *words,
                size_t count);
/* The machine has stopped, and the command ends: builds that look for trouble give it back. */
void machine_end(Vm *vm);

#endif
