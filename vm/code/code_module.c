/* SPDX-License-Identifier: Apache-2.0 */
/* vm/code/code_module.c: modules by name, their versions, and who a code address belongs to. */
#include "vm/code/code_tables.h"

#include "vm/vm_parts.h"

static bool slot_matches(const void *context, uintptr_t value)
{
    const Term *name = context;
    return term_same(((const ModuleSlot *)value)->name, *name);
}

ModuleSlot *code_module_find_slot(Vm *vm, Term name)
{
    return (ModuleSlot *)code_hash_find(&vm_code(vm)->index->modules, code_hash_mix(0, name.w),
                                        slot_matches, &name);
}

ModuleSlot *code_module_slot(Vm *vm, Term name)
{
    ModuleSlot *slot = code_module_find_slot(vm, name);
    if (slot) {
        return slot;
    }
    slot = area_zero(vm_code(vm)->area, sizeof *slot);
    if (!slot) {
        return NULL;
    }
    slot->name = name;
    if (!code_hash_add(&vm_code(vm)->index->modules, code_hash_mix(0, name.w), (uintptr_t)slot)) {
        area_free(vm_code(vm)->area, slot);
        return NULL;
    }
    return slot;
}

Module *code_find_module(Vm *vm, Term name)
{
    ModuleSlot *slot = code_module_find_slot(vm, name);
    return slot ? atomic_load_explicit(&slot->current, memory_order_acquire) : NULL;
}

Module *code_first_module(Vm *vm)
{
    return atomic_load_explicit(&vm_code(vm)->index->newest, memory_order_acquire);
}

static void free_slot(void *context, uintptr_t value)
{
    const CodeTables *t = context;
    ModuleSlot *slot = (ModuleSlot *)value;
    if (slot->victim != slot->old && slot->victim != slot->pending) {
        code_module_free(t, slot->victim); /* unlinked: not among all modules */
    }
    code_module_free(t, slot->pending);
    area_free(t->area, slot);
}

void code_modules_free(Vm *vm)
{
    struct CodeIndex *index = vm_code(vm)->index;
    Module *m = atomic_load_explicit(&index->newest, memory_order_relaxed);
    while (m) {
        Module *next = code_next_module(m);
        code_module_free(vm_code(vm), m);
        m = next;
    }
    code_hash_each(&index->modules, free_slot, vm_code(vm));
}

void code_module_free(const CodeTables *t, Module *m)
{
    if (m) {
        area_free(t->area, m->code);
        area_free(t->area, m->files);
        area_free(t->area, m->sites);
        area_free(t->area, m->exports);
        area_free(t->area, m->export_functions);
        area_free(t->area, m->funs);
        area_free(t->area, m->fun_functions);
        area_free(t->area, m->path);
        area_free(t->area, m);
    }
}

static bool exports(const Module *m, uint32_t export)
{
    for (uint32_t i = 0; m && i < m->export_count; i++) {
        if (m->exports[i] == export) {
            return true;
        }
    }
    return false;
}

void code_retire_exports(CodeTables *t, const Module *from, const Module *to)
{
    for (uint32_t i = 0; i < from->export_count; i++) {
        Export *e = &t->exports[from->exports[i]];
        if (e->bif < 0 && !exports(to, from->exports[i])) {
            atomic_store_explicit(&e->entry, e->stub + 1, memory_order_release);
        }
    }
}

bool code_delete(Vm *vm, Term name)
{
    CodeTables *t = vm_code(vm);
    code_lock(vm);
    ModuleSlot *slot = code_module_find_slot(vm, name);
    Module *m = slot ? atomic_load_explicit(&slot->current, memory_order_relaxed) : NULL;
    bool can = m && !slot->old;
    if (can) {
        code_retire_exports(t, m, NULL);
        slot->old = m;
        atomic_store_explicit(&m->old, true, memory_order_relaxed);
        atomic_store_explicit(&slot->current, NULL, memory_order_release);
    }
    code_unlock(vm);
    return can;
}

bool code_has_old(Vm *vm, Term name)
{
    code_lock(vm);
    ModuleSlot *slot = code_module_find_slot(vm, name);
    bool had = slot && slot->old;
    code_unlock(vm);
    return had;
}

const FunctionInfo *code_site_function(const CodeTables *t, const Site *site)
{
    return &t->functions[site->function];
}

Term code_site_file(const CodeTables *t, const Site *site)
{
    const Module *m = t->functions[site->function].owner;
    return m && site->file < m->file_count ? m->files[site->file] : TERM_NIL;
}
