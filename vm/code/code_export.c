/* SPDX-License-Identifier: Apache-2.0 */
/* vm/code/code_export.c: functions by name, defined or only spoken of.
 *
 * An Export is made when the first module names the function, and stays. While nobody defines it
 * its entry leads to its own stub. */
#include "vm/code/code_tables.h"

#include "vm/term/atom.h"
#include "vm/vm_parts.h"

typedef struct {
    const CodeTables *tables;
    Term module;
    Term name;
    uint32_t arity;
} ExportName;

static uint64_t hash_of(const ExportName *n)
{
    return code_hash_mix(code_hash_mix(n->module.w, n->name.w), n->arity);
}

static bool matches(const void *context, uintptr_t value)
{
    const ExportName *n = context;
    const Export *e = &n->tables->exports[value];
    return term_same(e->module, n->module) && term_same(e->name, n->name) && e->arity == n->arity;
}

static uint32_t find(const ExportName *n)
{
    return (uint32_t)code_hash_find(&n->tables->index->exports, hash_of(n), matches, n);
}

/* Fills in exports[index], which nobody knows yet. 0 without memory. */
static uint32_t make(CodeTables *t, const ExportName *n, uint32_t index)
{
    if (index == 0) {
        return 0;
    }
    Export *e = &t->exports[index];
    e->module = n->module;
    e->name = n->name;
    e->arity = n->arity;
    e->bif = -1;
    e->stub[0] = 0;
    e->stub[1] = t->op_words[XOP_undefined_stub];
    e->stub[2] = index;
    atomic_store_explicit(&e->entry, e->stub + 1, memory_order_release);
    return code_hash_add(&t->index->exports, hash_of(n), index) ? index : 0;
}

uint32_t code_export_index(Vm *vm, Term module, Term name, uint32_t arity)
{
    CodeTables *t = vm_code(vm);
    ExportName n = {t, module, name, arity};
    uint32_t index = find(&n);
    return index != 0 ? index : make(t, &n, code_new_exports(t, 1));
}

Export *code_find_export(Vm *vm, Term module, Term name, uint32_t arity)
{
    CodeTables *t = vm_code(vm);
    ExportName n = {t, module, name, arity};
    uint32_t index = find(&n);
    return index != 0 ? &t->exports[index] : NULL;
}

Export *code_export(Vm *vm, Term module, Term name, uint32_t arity)
{
    Export *found = code_find_export(vm, module, name, arity);
    if (found) {
        return found;
    }
    code_lock(vm);
    uint32_t index = code_export_index(vm, module, name, arity);
    code_unlock(vm);
    return index != 0 ? &vm_code(vm)->exports[index] : NULL;
}

bool code_export_defined(Vm *vm, const Export *e)
{
    return e->bif >= 0 || atomic_load_explicit(&e->entry, memory_order_acquire) != e->stub + 1;
}

typedef struct {
    const char *module;
    const char *name;
    uint32_t arity;
    bool guard;
} Native;

/* The kinds of bifs.def, as bif/bif.h has them; code/ stands above bif/. */
enum {
    KIND_BIF_GUARD = 1,
    KIND_BIF_PLAIN = 0,
    KIND_BIF_TRAPS = 0,
    KIND_BIF_LONG = 0,
    KIND_BIF_GUARD_LONG = 1
};

static const Native natives[] = {
#define BIF(module, id, arity, text, kind, doc) {#module, text, arity, KIND_##kind},
#include "vm/bytecode/bifs.def"
#undef BIF
    {NULL, NULL, 0, false},
};
enum { NATIVE_COUNT = ACT_COUNT(natives) - 1 };

/* Makes the export of the built-in: its stub calls it. */
static bool export_native(Vm *vm, int32_t native, uint32_t index, uint32_t function)
{
    CodeTables *t = vm_code(vm);
    const Native *n = &natives[native];
    ExportName name = {t, atom_intern_text(vm_atoms(vm), n->module),
                       atom_intern_text(vm_atoms(vm), n->name), n->arity};
    if (term_same(name.module, TERM_NONE) || term_same(name.name, TERM_NONE) ||
        make(t, &name, index) == 0) {
        return false;
    }
    Export *e = &t->exports[index];
    e->bif = native;
    e->stub[0] = function;
    e->stub[1] = t->op_words[XOP_native_stub];
    e->stub[2] = (Code)native;
    t->functions[function] = (FunctionInfo){
        .module = name.module, .name = name.name, .arity = n->arity, .entry = e->stub + 1};
    return true;
}

bool code_export_natives(Vm *vm)
{
    CodeTables *t = vm_code(vm);
    uint32_t functions = code_new_functions(t, NATIVE_COUNT);
    t->first_native = code_new_exports(t, NATIVE_COUNT);
    bool done = functions != 0 && t->first_native != 0;
    for (uint32_t i = 0; done && i < NATIVE_COUNT; i++) {
        done = export_native(vm, (int32_t)i, t->first_native + i, functions + i);
    }
    return done;
}

uint32_t code_native_count(void)
{
    return NATIVE_COUNT;
}

int32_t code_native_find(const char *module, const char *name, uint32_t arity)
{
    for (int32_t i = 0; i < NATIVE_COUNT; i++) {
        const Native *n = &natives[i];
        if (n->arity == arity && strcmp(n->name, name) == 0 && strcmp(n->module, module) == 0) {
            return i;
        }
    }
    return -1;
}

bool code_native_is_guard(int32_t native)
{
    return native >= 0 && natives[native].guard;
}
