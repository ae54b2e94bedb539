/* SPDX-License-Identifier: Apache-2.0 */
/* vm/proc/registry.h: names of processes. One word per atom in reserved address space, so that
 * `name ! Message` looks up without a lock. */
#ifndef ACT_PROC_REGISTRY_H
#define ACT_PROC_REGISTRY_H

#include "vm/proc/process.h"
#include "vm/vm_parts.h"

Registry *registry_new(Host *host);
void registry_free(Registry *registry, Host *host);

/* Gives name to pid. False if the name is taken. Any thread. */
bool registry_add(Registry *registry, Term name, Term pid);
/* Takes name from pid. False if it has not this name. Any thread. */
bool registry_remove(Registry *registry, Term name, Term pid);
/* The pid (or port) of that name, or TERM_NONE. Any thread. */
Term registry_find(const Registry *registry, Term name);
/* Atom indices are below this bound; for registered/0. */
enum { REGISTRY_NAMES = 1 << 20 };

#endif
