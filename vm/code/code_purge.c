/* SPDX-License-Identifier: Apache-2.0 */
/* vm/code/code_purge.c: a version of a module goes, and its on_load decides whether one comes.
 *
 * A version's memory is its code, its tables and its indices of sites and functions; constants and
 * literals are shared by all modules and stay, as atoms do. What leads into its code: exports (led
 * elsewhere when it became old), funs (their entries lead to their stubs from the beginning of the
 * purge: who calls one waits for its end), and the stacks of processes that run it, which the
 * purging process (stdlib/act_code.act) finds and ends. */
#include "vm/code/code_tables.h"

#include "vm/vm_parts.h"

static void set_busy(CodeTables *t, int by)
{
    atomic_fetch_add_explicit(&t->index->busy, (uint32_t)by, memory_order_relaxed);
}

/* Calls of m's funs go to their stubs; with gone, they have no code at all any more. */
static void stop_funs(CodeTables *t, const Module *m, bool gone)
{
    for (uint32_t i = 0; i <= m->fun_count; i++) {
        uint32_t index = i < m->fun_count ? m->funs[i] : m->on_load;
        FunEntry *e = &t->funs[index];
        uint32_t function = atomic_load_explicit(&e->function, memory_order_relaxed);
        if (index == 0 || function == 0 || t->functions[function].owner != m) {
            continue; /* a newer version has the same fun */
        }
        if (gone) {
            atomic_store_explicit(&e->function, 0, memory_order_relaxed);
        }
        atomic_store_explicit(&e->entry, e->stub + 1, memory_order_release);
    }
}

static void start_funs(CodeTables *t, const Module *m)
{
    for (uint32_t i = 0; i < m->fun_count; i++) {
        FunEntry *e = &t->funs[m->funs[i]];
        if (atomic_load_explicit(&e->function, memory_order_relaxed) == m->fun_functions[i]) {
            atomic_store_explicit(&e->entry, t->functions[m->fun_functions[i]].entry,
                                  memory_order_release);
        }
    }
}

CodePurgeBegin code_purge_begin(Vm *vm, Term name, CodePurge which, uintptr_t pid)
{
    CodePurgeBegin result = PURGE_NOTHING;
    code_lock(vm);
    ModuleSlot *slot = code_module_find_slot(vm, name);
    Module *victim = !slot ? NULL : which == PURGE_OLD ? slot->old : slot->pending;
    if (slot && slot->victim) {
        result = PURGE_BUSY;
    } else if (victim) {
        slot->victim = victim;
        slot->purger = pid;
        set_busy(vm_code(vm), 1);
        stop_funs(vm_code(vm), victim, false);
        result = PURGE_BEGUN;
    }
    code_unlock(vm);
    return result;
}

/* Under lock. */
static void abort_purge(Vm *vm, ModuleSlot *slot)
{
    if (slot->victim == slot->old || slot->victim == slot->pending) {
        start_funs(vm_code(vm), slot->victim);
        slot->victim = NULL;
    } /* else it is unlinked already: freed with the machine, or by the next purge */
    slot->purger = 0;
    set_busy(vm_code(vm), -1);
}

void code_purge_abort(Vm *vm, Term name)
{
    code_lock(vm);
    ModuleSlot *slot = code_module_find_slot(vm, name);
    if (slot && slot->purger) {
        abort_purge(vm, slot);
    }
    code_unlock(vm);
}

/* Takes m out of the list of all modules, which others may be reading. Under lock. */
static void unlink_module(struct CodeIndex *index, const Module *m)
{
    Module *at = atomic_load_explicit(&index->newest, memory_order_relaxed);
    if (at == m) {
        atomic_store_explicit(&index->newest, code_next_module(m), memory_order_release);
        return;
    }
    for (; at && code_next_module(at) != m; at = code_next_module(at)) {
    }
    if (at) {
        atomic_store_explicit(&at->next, code_next_module(m), memory_order_release);
    }
}

void code_purge_unlink(Vm *vm, Term name)
{
    CodeTables *t = vm_code(vm);
    code_lock(vm);
    ModuleSlot *slot = code_module_find_slot(vm, name);
    stop_funs(t, slot->victim, true);
    if (slot->victim == slot->old) {
        slot->old = NULL;
        unlink_module(t->index, slot->victim);
    } else {
        slot->pending = NULL;
        slot->runner = 0;
        set_busy(t, -1);
    }
    code_unlock(vm);
}

void code_purge_free(Vm *vm, Term name)
{
    code_lock(vm);
    ModuleSlot *slot = code_module_find_slot(vm, name);
    code_give_back(vm_code(vm), slot->victim);
    code_module_free(vm_code(vm), slot->victim);
    slot->victim = NULL;
    slot->purger = 0;
    set_busy(vm_code(vm), -1);
    code_unlock(vm);
}

bool code_old_range(Vm *vm, Term name, const Code **from, const Code **to)
{
    code_lock(vm);
    ModuleSlot *slot = code_module_find_slot(vm, name);
    const Module *m = !slot ? NULL : slot->victim ? slot->victim : slot->old;
    if (m) {
        *from = m->code;
        *to = m->code + m->code_words;
    }
    code_unlock(vm);
    return m != NULL;
}

bool code_fun_waits(Vm *vm, const FunEntry *entry)
{
    code_lock(vm);
    bool waits = atomic_load_explicit(&entry->function, memory_order_relaxed) != 0;
    code_unlock(vm);
    return waits;
}

/* ---- on_load ---- */

CodeOnLoad code_on_load_claim(Vm *vm, Term name, uintptr_t pid, uint32_t *fun, uintptr_t *runner)
{
    CodeOnLoad result = ON_LOAD_NONE;
    code_lock(vm);
    ModuleSlot *slot = code_module_find_slot(vm, name);
    if (slot && slot->pending) {
        result = slot->runner == 0     ? ON_LOAD_YOURS
                 : slot->runner == pid ? ON_LOAD_OWN
                                       : ON_LOAD_OTHER;
        if (result == ON_LOAD_YOURS) {
            slot->runner = pid;
            set_busy(vm_code(vm), 1);
        }
        *runner = slot->runner;
        *fun = slot->pending->on_load;
    }
    code_unlock(vm);
    return result;
}

bool code_is_pending(Vm *vm, Term name)
{
    code_lock(vm);
    ModuleSlot *slot = code_module_find_slot(vm, name);
    bool pending = slot && slot->pending;
    code_unlock(vm);
    return pending;
}

bool code_on_load_pass(Vm *vm, Term name, uintptr_t from, uintptr_t to)
{
    code_lock(vm);
    ModuleSlot *slot = code_module_find_slot(vm, name);
    bool passed = slot && slot->pending && slot->runner == from;
    if (passed) {
        slot->runner = to;
    }
    code_unlock(vm);
    return passed;
}

bool code_on_load_publish(Vm *vm, Term name)
{
    code_lock(vm);
    ModuleSlot *slot = code_module_find_slot(vm, name);
    Module *m = slot ? slot->pending : NULL;
    bool can = m && !(slot->old && atomic_load_explicit(&slot->current, memory_order_relaxed));
    if (can) {
        slot->pending = NULL;
        slot->runner = 0;
        set_busy(vm_code(vm), -1);
        code_publish(vm, m);
    }
    code_unlock(vm);
    return can;
}

typedef struct {
    Vm *vm;
    uintptr_t pid;
} Abandon;

/* What pid ran or purged in this slot: another may take it up. */
static void abandon_slot(void *context, uintptr_t value)
{
    Abandon *abandon = context;
    ModuleSlot *slot = (ModuleSlot *)value;
    if (slot->purger == abandon->pid) {
        abort_purge(abandon->vm, slot);
    }
    if (slot->pending && slot->runner == abandon->pid) {
        slot->runner = 0;
        set_busy(vm_code(abandon->vm), -1);
    }
}

void code_abandon(Vm *vm, uintptr_t pid)
{
    struct CodeIndex *index = vm_code(vm)->index;
    if (atomic_load_explicit(&index->busy, memory_order_relaxed) == 0) {
        return;
    }
    Abandon abandon = {vm, pid};
    code_lock(vm);
    code_hash_each(&index->modules, abandon_slot, &abandon);
    code_unlock(vm);
}
