/* SPDX-License-Identifier: Apache-2.0 */
/* vm/proc/names.c: keeps a process's own name and the registry in step.
 *
 * Who names a process looks for it in the table once more afterwards; who ends one takes it out of
 * the table first and looks at its name afterwards (all seq_cst): one of the two sees the other. */
#include "vm/proc/names.h"

#include "vm/proc/registry.h"
#include "vm/proc/table.h"

static void forget(Process *p, Term name)
{
    uintptr_t word = name.w;
    atomic_compare_exchange_strong_explicit(&p->name, &word, TERM_NONE.w, memory_order_seq_cst,
                                            memory_order_relaxed);
}

bool names_give(Vm *vm, Process *p, Term name)
{
    uintptr_t none = TERM_NONE.w;
    if (!atomic_compare_exchange_strong_explicit(&p->name, &none, name.w, memory_order_seq_cst,
                                                 memory_order_relaxed)) {
        return false;
    }
    if (!registry_add(vm->registry, name, p->pid)) {
        forget(p, name);
        return false;
    }
    if (!process_table_find(vm->processes, p->pid)) {
        registry_remove(vm->registry, name, p->pid);
        return false;
    }
    return true;
}

bool names_take(Vm *vm, Term name)
{
    Term pid = registry_find(vm->registry, name);
    Process *p = term_is_pid(pid) ? process_table_find(vm->processes, pid) : NULL;
    if (!p || !registry_remove(vm->registry, name, pid)) {
        return false;
    }
    forget(p, name);
    return true;
}

void names_drop(Vm *vm, Process *p)
{
    Term name = TERM_RAW(atomic_exchange_explicit(&p->name, TERM_NONE.w, memory_order_seq_cst));
    if (!term_same(name, TERM_NONE)) {
        registry_remove(vm->registry, name, p->pid);
    }
}
