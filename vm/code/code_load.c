/* SPDX-License-Identifier: Apache-2.0 */
/* vm/code/code_load.c: a module of a file becomes one that runs.
 *
 * Everything is made first: nothing that runs can see it. Then its exports, funs and name are
 * published, each by one release store. A failure before that leaves only unused table entries. */
#include "vm/code/translate.h"

#include "vm/base/utf8.h"
#include "vm/vm_parts.h"

#include <stdio.h>

static bool is_none(Term t)
{
    return term_same(t, TERM_NONE);
}

static void *array(size_t count, size_t size)
{
    return alloc_must_zero(ACT_MAX(count, 1) * size);
}

static void begin(Loading *l, Vm *vm, const BcModule *file)
{
    *l = (Loading){.vm = vm, .tables = vm_code(vm), .file = file};
    l->constants = array(file->konsts.count, sizeof(uint32_t));
    l->imports = array(file->imports.count, sizeof(uint32_t));
    l->lambdas = array(file->lambdas.count, sizeof(uint32_t));
    l->natives = array(file->functions.count, sizeof(int32_t));
    l->entries = array(file->functions.count, sizeof(uint32_t));
    l->sites = array(file->sites.count, sizeof(uint32_t));
    l->site_owners = array(file->sites.count, sizeof(uint32_t));
    for (size_t i = 0; i < file->sites.count; i++) {
        l->site_owners[i] = UINT32_MAX;
    }
}

static void end(Loading *l)
{
    alloc_free(l->constants);
    alloc_free(l->imports);
    alloc_free(l->lambdas);
    alloc_free(l->natives);
    alloc_free(l->entries);
    alloc_free(l->sites);
    alloc_free(l->site_owners);
    vec_free(&l->labels);
    vec_free(&l->jumps);
    vec_free(&l->handlers);
    vec_free(&l->calls);
}

static bool make_constants(Loading *l)
{
    for (size_t i = 0; i < l->file->konsts.count; i++) {
        l->constants[i] = code_constant(l->vm, l->file->konsts.items[i]);
        if (l->constants[i] == 0) {
            return false;
        }
    }
    return true;
}

static bool make_imports(Loading *l)
{
    for (size_t i = 0; i < l->file->imports.count; i++) {
        const BcImport *import = &l->file->imports.items[i];
        Term module = code_atom(l->vm, import->module);
        Term name = code_atom(l->vm, import->name);
        if (is_none(module) || is_none(name)) {
            return false;
        }
        l->imports[i] = code_export_index(l->vm, module, name, import->arity);
        if (l->imports[i] == 0) {
            return false;
        }
    }
    return true;
}

/* FunctionInfos; and which functions are built in. */
static bool make_functions(Loading *l)
{
    Module *m = l->module;
    m->function_count = (uint32_t)l->file->functions.count;
    m->first_function = code_new_functions(l->tables, m->function_count);
    if (m->function_count > 0 && m->first_function == 0) {
        return false;
    }
    for (uint32_t i = 0; i < m->function_count; i++) {
        const BcFunction *f = &l->file->functions.items[i];
        FunctionInfo *info = &l->tables->functions[m->first_function + i];
        *info = (FunctionInfo){.module = m->name,
                               .name = code_atom(l->vm, f->name),
                               .arity = f->arity,
                               .line = f->line,
                               .owner = m};
        if (is_none(info->name)) {
            return false;
        }
        const Export *e = code_find_export(l->vm, m->name, info->name, f->arity);
        l->natives[i] = e && f->contexts == 0 ? e->bif : -1;
    }
    return true;
}

/* The entry of the same lambda in the version before, or 0: its funs then run the new code. */
static uint32_t same_fun(const Loading *l, const Module *before, uint32_t index)
{
    const BcLambda *lambda = &l->file->lambdas.items[index];
    if (!before || index >= before->fun_count) {
        return 0;
    }
    const FunEntry *e = &l->tables->funs[before->funs[index]];
    bool same = e->index == index && e->uniq == lambda->uniq && e->arity == lambda->arity &&
                e->free == lambda->free;
    return same ? before->funs[index] : 0;
}

static bool make_lambdas(Loading *l, const Module *before)
{
    Module *m = l->module;
    m->fun_count = (uint32_t)l->file->lambdas.count;
    m->funs = array(m->fun_count, sizeof(uint32_t));
    for (uint32_t i = 0; i < m->fun_count; i++) {
        const BcLambda *lambda = &l->file->lambdas.items[i];
        uint32_t index = same_fun(l, before, i);
        if (index == 0) {
            index = code_new_funs(l->tables, 1);
            if (index == 0) {
                return false;
            }
            FunEntry *e = &l->tables->funs[index];
            e->module = m->name;
            e->index = i;
            e->arity = lambda->arity;
            e->free = lambda->free;
            e->uniq = lambda->uniq;
            e->function = m->first_function + lambda->function;
        }
        m->funs[i] = l->lambdas[i] = index;
    }
    return true;
}

/* A file name as a string of code points; bytes that are no UTF-8 count as Latin-1. */
static Term file_name(Loading *l, const char *text)
{
    size_t length = strlen(text);
    uint32_t *points = array(length, sizeof *points);
    uint32_t count = 0;
    for (size_t at = 0; at < length; count++) {
        unsigned used = utf8_decode((const unsigned char *)text + at, length - at, &points[count]);
        if (used == 0) {
            points[count] = (unsigned char)text[at];
            used = 1;
        }
        at += used;
    }
    Term name =
        code_build_literal(l->vm, &(Konst){.kind = KONST_STRING, .count = count, .points = points});
    alloc_free(points);
    return name;
}

static bool make_files(Loading *l)
{
    Module *m = l->module;
    m->file_count = (uint32_t)l->file->files.count;
    m->files = array(m->file_count, sizeof(Term));
    for (uint32_t i = 0; i < m->file_count; i++) {
        m->files[i] = file_name(l, l->file->files.items[i]);
        if (is_none(m->files[i])) {
            return false;
        }
    }
    m->attributes = l->file->attributes ? code_build_literal(l->vm, l->file->attributes) : TERM_NIL;
    m->compile = l->file->compile ? code_build_literal(l->vm, l->file->compile) : TERM_NIL;
    m->heads = l->file->heads ? code_build_literal(l->vm, l->file->heads) : TERM_NIL;
    return !is_none(m->attributes) && !is_none(m->compile) && !is_none(m->heads);
}

static bool make_exports(Loading *l)
{
    Module *m = l->module;
    m->exports = array(m->function_count, sizeof(uint32_t));
    for (uint32_t i = 0; i < m->function_count; i++) {
        if (!l->file->functions.items[i].exported) {
            continue;
        }
        const FunctionInfo *info = &l->tables->functions[m->first_function + i];
        uint32_t index = code_export_index(l->vm, m->name, info->name, info->arity);
        if (index == 0) {
            return false;
        }
        m->exports[m->export_count++] = index;
    }
    return true;
}

static bool make_code(Loading *l)
{
    Module *m = l->module;
    l->code = m->code = alloc_try(sizeof(Code) * ACT_MAX(translate_bound(l->file), 1));
    if (!m->code) {
        return false;
    }
    m->first_site = l->tables->site_count;
    for (uint32_t i = 0; i < m->function_count && !l->full; i++) {
        translate_function(l, i);
        l->tables->functions[m->first_function + i].entry = l->code + l->entries[i];
    }
    translate_finish(l);
    m->code_words = l->top;
    m->site_count = l->tables->site_count - m->first_site;
    return !l->full;
}

static bool make_origin(Module *m, const CodeOrigin *origin)
{
    if (!origin) {
        return true;
    }
    memcpy(m->md5, origin->md5, sizeof m->md5);
    if (origin->path) {
        size_t size = strlen(origin->path) + 1;
        m->path = alloc_try(size);
        if (!m->path) {
            return false;
        }
        memcpy(m->path, origin->path, size);
    }
    return true;
}

static bool make_all(Loading *l, const CodeOrigin *origin)
{
    Module *m = l->module;
    m->name = code_atom(l->vm, l->file->name);
    if (is_none(m->name)) {
        return false;
    }
    m->slot = code_module_slot(l->vm, m->name);
    if (!m->slot) {
        return false;
    }
    const Module *before = atomic_load_explicit(&m->slot->current, memory_order_relaxed);
    return make_origin(m, origin) && make_constants(l) && make_imports(l) && make_functions(l) &&
           make_lambdas(l, before) && make_files(l) && make_exports(l) && make_code(l);
}

static void publish_entry(_Atomic(const Code *) *entry, const Code *code)
{
    atomic_store_explicit(entry, code, memory_order_release);
}

/* From here on others see the module. */
static void publish(Loading *l)
{
    CodeTables *t = l->tables;
    Module *m = l->module;
    Module *before = atomic_load_explicit(&m->slot->current, memory_order_relaxed);
    m->next = atomic_load_explicit(&t->index->newest, memory_order_relaxed);
    for (uint32_t i = 0; i < m->fun_count; i++) {
        uint32_t function = l->file->lambdas.items[i].function;
        publish_entry(&t->funs[m->funs[i]].entry, l->code + l->entries[function]);
    }
    for (uint32_t i = 0, k = 0; i < m->function_count; i++) {
        if (!l->file->functions.items[i].exported) {
            continue;
        }
        Export *e = &t->exports[m->exports[k++]];
        if (e->bif < 0) {
            e->old_entry = atomic_load_explicit(&e->entry, memory_order_relaxed);
            publish_entry(&e->entry, l->code + l->entries[i]);
        }
    }
    if (before) {
        code_retire_exports(t, before, m);
        m->slot->old = before;
        atomic_store_explicit(&before->old, true, memory_order_relaxed);
    }
    atomic_store_explicit(&m->slot->current, m, memory_order_release);
    atomic_store_explicit(&t->index->newest, m, memory_order_release);
}

Module *code_load(Vm *vm, const BcModule *file, const CodeOrigin *origin, char *error,
                  size_t error_size)
{
    if (!(origin && origin->proven) && !code_verify(file, error, error_size)) {
        return NULL;
    }
    Loading l;
    begin(&l, vm, file);
    l.module = alloc_try_zero(sizeof *l.module);
    code_lock(vm);
    bool made = l.module && make_all(&l, origin);
    if (made) {
        publish(&l);
    }
    code_unlock(vm);
    if (!made) {
        snprintf(error, error_size, "no room for the module's code, constants or atoms");
        code_module_free(l.module);
        l.module = NULL;
    }
    end(&l);
    return l.module;
}
