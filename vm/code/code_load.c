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

/* One that the module keeps. */
static void *kept(Loading *l, size_t count, size_t size)
{
    return area_must_zero(l->tables->area, ACT_MAX(count, 1) * size);
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
    vec_free(&l->made_sites);
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

typedef struct {
    const CodeTables *tables;
    const FunEntry *wanted;
} FunWanted;

static bool fun_matches(const void *context, uintptr_t value)
{
    const FunWanted *fun = context;
    const FunEntry *e = &fun->tables->funs[value], *w = fun->wanted;
    return term_same(e->module, w->module) && e->index == w->index && e->uniq == w->uniq &&
           e->version == w->version && e->arity == w->arity && e->free == w->free;
}

uint32_t code_fun_index(Vm *vm, const FunEntry *wanted)
{
    CodeTables *t = vm_code(vm);
    uint64_t hash = code_hash_mix(code_hash_mix(wanted->module.w, wanted->version), wanted->index);
    FunWanted fun = {t, wanted};
    uint32_t index = (uint32_t)code_hash_find(&t->index->funs, hash, fun_matches, &fun);
    if (index != 0) {
        return index;
    }
    index = code_new_funs(t, 1);
    if (index == 0) {
        return 0;
    }
    FunEntry *e = &t->funs[index];
    e->module = wanted->module;
    e->index = wanted->index;
    e->arity = wanted->arity;
    e->free = wanted->free;
    e->uniq = wanted->uniq;
    e->version = wanted->version;
    e->stub[0] = 0;
    e->stub[1] = t->op_words[XOP_undefined_fun_stub];
    e->stub[2] = index;
    atomic_store_explicit(&e->entry, e->stub + 1, memory_order_release);
    return code_hash_add(&t->index->funs, hash, index) ? index : 0;
}

const FunEntry *code_fun(Vm *vm, const FunEntry *wanted)
{
    code_lock(vm);
    uint32_t index = code_fun_index(vm, wanted);
    code_unlock(vm);
    return index != 0 ? &vm_code(vm)->funs[index] : NULL;
}

static bool make_lambdas(Loading *l)
{
    Module *m = l->module;
    uint64_t version;
    memcpy(&version, m->md5, sizeof version);
    m->fun_count = (uint32_t)l->file->lambdas.count;
    m->funs = kept(l, m->fun_count, sizeof(uint32_t));
    m->fun_functions = kept(l, m->fun_count, sizeof(uint32_t));
    for (uint32_t i = 0; i < m->fun_count; i++) {
        const BcLambda *lambda = &l->file->lambdas.items[i];
        FunEntry wanted = {.module = m->name,
                           .index = i,
                           .arity = lambda->arity,
                           .free = lambda->free,
                           .uniq = lambda->uniq,
                           .version = version};
        m->funs[i] = l->lambdas[i] = code_fun_index(l->vm, &wanted);
        m->fun_functions[i] = m->first_function + lambda->function;
        if (m->funs[i] == 0) {
            return false;
        }
    }
    return true;
}

/* The on_load function gets a fun too, so that a process can be told to call it. */
static bool make_on_load(Loading *l)
{
    Module *m = l->module;
    const Konst *name = l->file->on_load;
    if (!name) {
        return true;
    }
    Term atom = code_atom(l->vm, name);
    uint64_t version;
    memcpy(&version, m->md5, sizeof version);
    for (uint32_t i = 0; i < m->function_count; i++) {
        const FunctionInfo *info = &l->tables->functions[m->first_function + i];
        if (term_same(info->name, atom) && info->arity == 0) {
            FunEntry wanted = {.module = m->name, .index = UINT32_MAX, .version = version};
            m->on_load = code_fun_index(l->vm, &wanted);
            m->on_load_function = m->first_function + i;
            return m->on_load != 0;
        }
    }
    return false;
}

/* A constant that is there once, however often its module is loaded. */
static Term literal(Loading *l, const Konst *konst)
{
    uint32_t index = code_constant(l->vm, konst);
    return index == 0 ? TERM_NONE : l->tables->constants[index];
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
    Term name = literal(l, &(Konst){.kind = KONST_STRING, .count = count, .points = points});
    alloc_free(points);
    return name;
}

static bool make_files(Loading *l)
{
    Module *m = l->module;
    m->file_count = (uint32_t)l->file->files.count;
    m->files = kept(l, m->file_count, sizeof(Term));
    for (uint32_t i = 0; i < m->file_count; i++) {
        m->files[i] = file_name(l, l->file->files.items[i]);
        if (is_none(m->files[i])) {
            return false;
        }
    }
    m->attributes = l->file->attributes ? literal(l, l->file->attributes) : TERM_NIL;
    m->compile = l->file->compile ? literal(l, l->file->compile) : TERM_NIL;
    m->heads = l->file->heads ? literal(l, l->file->heads) : TERM_NIL;
    return !is_none(m->attributes) && !is_none(m->compile) && !is_none(m->heads);
}

static bool make_exports(Loading *l)
{
    Module *m = l->module;
    m->exports = kept(l, m->function_count, sizeof(uint32_t));
    m->export_functions = kept(l, m->function_count, sizeof(uint32_t));
    for (uint32_t i = 0; i < m->function_count; i++) {
        if (!l->file->functions.items[i].exported) {
            continue;
        }
        const FunctionInfo *info = &l->tables->functions[m->first_function + i];
        uint32_t index = code_export_index(l->vm, m->name, info->name, info->arity);
        if (index == 0) {
            return false;
        }
        m->export_functions[m->export_count] = m->first_function + i;
        m->exports[m->export_count++] = index;
    }
    return true;
}

static bool make_code(Loading *l)
{
    Module *m = l->module;
    l->code = m->code =
        area_zero(l->tables->area, sizeof(Code) * ACT_MAX(translate_bound(l->file), 1));
    if (!m->code) {
        return false;
    }
    for (uint32_t i = 0; i < m->function_count && !l->full; i++) {
        translate_function(l, i);
        l->tables->functions[m->first_function + i].entry = l->code + l->entries[i];
    }
    translate_finish(l);
    m->code_words = l->top;
    area_trim(l->tables->area, m->code, sizeof(Code) * l->top);
    m->site_count = (uint32_t)l->made_sites.count;
    m->sites = kept(l, m->site_count, sizeof(uint32_t));
    for (uint32_t i = 0; i < m->site_count; i++) {
        m->sites[i] = l->made_sites.items[i];
    }
    return !l->full;
}

static bool make_origin(Loading *l, const CodeOrigin *origin)
{
    Module *m = l->module;
    if (!origin) {
        return true;
    }
    memcpy(m->md5, origin->md5, sizeof m->md5);
    if (origin->path) {
        size_t size = strlen(origin->path) + 1;
        m->path = area_zero(l->tables->area, size);
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
    return make_origin(l, origin) && make_constants(l) && make_imports(l) && make_functions(l) &&
           make_lambdas(l) && make_on_load(l) && make_files(l) && make_exports(l) && make_code(l);
}

static void publish_entry(_Atomic(const Code *) *entry, const Code *code)
{
    atomic_store_explicit(entry, code, memory_order_release);
}

void code_publish_funs(CodeTables *t, const Module *m)
{
    for (uint32_t i = 0; i < m->fun_count; i++) {
        FunEntry *e = &t->funs[m->funs[i]];
        atomic_store_explicit(&e->function, m->fun_functions[i], memory_order_relaxed);
        publish_entry(&e->entry, t->functions[m->fun_functions[i]].entry);
    }
}

/* Before its on_load has ended, only those funs lead to the module that no other version has. */
static void publish_own_funs(CodeTables *t, const Module *m)
{
    for (uint32_t i = 0; i < m->fun_count; i++) {
        FunEntry *e = &t->funs[m->funs[i]];
        if (atomic_load_explicit(&e->function, memory_order_relaxed) == 0) {
            atomic_store_explicit(&e->function, m->fun_functions[i], memory_order_relaxed);
            publish_entry(&e->entry, t->functions[m->fun_functions[i]].entry);
        }
    }
    FunEntry *e = &t->funs[m->on_load];
    atomic_store_explicit(&e->function, m->on_load_function, memory_order_relaxed);
    publish_entry(&e->entry, t->functions[m->on_load_function].entry);
}

void code_publish(Vm *vm, Module *m)
{
    CodeTables *t = vm_code(vm);
    Module *before = atomic_load_explicit(&m->slot->current, memory_order_relaxed);
    atomic_store_explicit(&m->next, atomic_load_explicit(&t->index->newest, memory_order_relaxed),
                          memory_order_relaxed);
    code_publish_funs(t, m);
    for (uint32_t i = 0; i < m->export_count; i++) {
        Export *e = &t->exports[m->exports[i]];
        if (e->bif < 0) {
            publish_entry(&e->entry, t->functions[m->export_functions[i]].entry);
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

/* An old version, or one that is being loaded, stands in the way. */
static bool in_the_way(Vm *vm, const BcModule *file)
{
    ModuleSlot *slot = code_module_slot(vm, code_atom(vm, file->name));
    return slot && (slot->pending || (slot->old && !file->on_load &&
                                      atomic_load_explicit(&slot->current, memory_order_relaxed)));
}

/* Under the loader's lock. False: *error says why. */
static bool load(Loading *l, const CodeOrigin *origin, char *error, size_t error_size)
{
    if (in_the_way(l->vm, l->file)) {
        snprintf(error, error_size, CODE_NOT_PURGED);
        return false;
    }
    if (!l->module || !make_all(l, origin)) {
        snprintf(error, error_size, "no room for the module's code, constants or atoms");
        return false;
    }
    if (l->module->on_load != 0) {
        l->module->slot->pending = l->module;
        l->module->slot->runner = 0;
        publish_own_funs(l->tables, l->module);
    } else {
        code_publish(l->vm, l->module);
    }
    return true;
}

Module *code_load(Vm *vm, const BcModule *file, const CodeOrigin *origin, char *error,
                  size_t error_size)
{
    if (!(origin && origin->proven) && !code_verify(file, error, error_size)) {
        return NULL;
    }
    Loading l;
    begin(&l, vm, file);
    code_lock(vm);
    l.module = area_zero(l.tables->area, sizeof *l.module);
    if (!load(&l, origin, error, error_size)) {
        if (l.module) {
            code_give_back(l.tables, l.module);
        }
        code_module_free(l.tables, l.module);
        l.module = NULL;
    }
    code_unlock(vm);
    end(&l);
    return l.module;
}
