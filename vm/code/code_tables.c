/* SPDX-License-Identifier: Apache-2.0 */
/* vm/code/code_tables.c: making the tables, and room in them. */
#include "vm/code/code_tables.h"

#include "vm/code/code_image.h"
#include "vm/code/code_space.h"
#include "vm/host/host.h"
#include "vm/mem/offheap.h"
#include "vm/vm_parts.h"

/* One piece of memory for the five tables, so that few pages of it are in use: each table is an
 * array over all of it, and new entries are taken where it ends. Their entries 0 come first. */
typedef struct {
    Site site;
    Export export;
    FunEntry fun;
    FunctionInfo function;
    Term constant;
} FirstRows;

/* Entry 0 of each table is nobody's. */
static void place(CodeTables *t, const CodeSpace *space, const uint32_t *op_words)
{
    FirstRows *first = (FirstRows *)space->part[SPACE_ROWS];
    t->rows_next = (char *)(first + 1);
    t->rows_end = space->part[SPACE_ROWS + 1];
    t->sites = &first->site;
    t->exports = &first->export;
    t->funs = &first->fun;
    t->functions = &first->function;
    t->constants = &first->constant;
    t->literals = t->literals_top = (Term *)space->part[SPACE_LITERALS];
    t->literals_end = (Term *)space->part[SPACE_LITERALS + 1];
    t->constants[0] = TERM_NIL;
    t->sites[0] = (Site){.flags = SITE_BOTTOM};
    t->functions[0] = (FunctionInfo){.module = ATOM(undefined), .name = ATOM(undefined)};
    t->op_words = op_words;
    t->bottom[0] = 0;
    t->bottom[1] = 0;
    t->bottom[2] = op_words[XOP_process_end];
}

bool code_init(Vm *vm, const uint32_t *op_words)
{
    CodeTables *t = vm_code(vm);
    Host *host = vm_host(vm);
    Area *area = &vm->space->area;
    *t = (CodeTables){.area = area};
    t->index = area_zero(area, sizeof *t->index);
    t->lock = host->mutex_new(host);
    if (!t->index || !t->lock) {
        code_free(vm);
        return false;
    }
    t->index->exports.area = t->index->constants.area = area;
    t->index->modules.area = t->index->funs.area = area;
    place(t, vm->space, op_words);
    fuse_init(&t->index->fuse);
    if (!code_export_natives(vm)) {
        code_free(vm);
        return false;
    }
    return true;
}

void code_free(Vm *vm)
{
    CodeTables *t = vm_code(vm);
    Host *host = vm_host(vm);
    if (t->index) {
        code_modules_free(vm);
        code_path_free(t->index->path);
        code_hash_free(&t->index->exports);
        code_hash_free(&t->index->constants);
        code_hash_free(&t->index->modules);
        code_hash_free(&t->index->funs);
        vec_free(&t->index->free_sites.items);
        vec_free(&t->index->free_functions);
        area_free(t->area, t->index);
    }
    if (t->lock) {
        host->mutex_free(host, t->lock);
    }
    offheap_release_list(t->literal_off_heap);
    *t = (CodeTables){.area = t->area};
}

void code_lock(Vm *vm)
{
    Host *host = vm_host(vm);
    host->mutex_lock(host, vm_code(vm)->lock);
}

void code_unlock(Vm *vm)
{
    Host *host = vm_host(vm);
    host->mutex_unlock(host, vm_code(vm)->lock);
}

/* The module's own blocks; code by the words it needs. */
static size_t module_bytes(const Module *m)
{
    size_t indices = m->site_count + 2 * m->export_count + 2 * m->fun_count;
    return sizeof *m + m->code_words * sizeof(Code) + m->file_count * sizeof(Term) +
           indices * sizeof(uint32_t);
}

/* Bytes of the image's area, in which modules, atoms and hash tables lie that no block is for. */
static size_t area_bytes(const Vm *vm)
{
    const Area *area = &vm->space->area;
    const void *bytes;
    return area->next    ? (size_t)(area->next - area->start)
           : area->start ? code_image_part(vm, SPACE_AREA, &bytes)
                         : 0;
}

uint64_t code_memory(Vm *vm, size_t *mapped)
{
    const CodeTables *t = vm_code(vm);
    code_lock(vm);
    *mapped = (size_t)(t->rows_next - (char *)t->sites) +
              (size_t)((char *)t->literals_top - (char *)t->literals);
    uint64_t bytes = *mapped;
    *mapped += area_bytes(vm);
    for (const Module *m = code_first_module(vm); m; m = code_next_module(m)) {
        bytes += module_bytes(m);
    }
    code_unlock(vm);
    return bytes;
}

/* The first of n new entries of that size of the table, or 0 when there is no room. */
static uint32_t new_entries(CodeTables *t, void *table, size_t size, uint32_t n)
{
    size_t first = ((size_t)(t->rows_next - (char *)table) + size - 1) / size;
    char *from = (char *)table + first * size;
    if (from > t->rows_end || n > (size_t)(t->rows_end - from) / size) {
        return 0;
    }
    t->rows_next = from + n * size;
    return (uint32_t)first;
}

uint32_t code_new_constants(CodeTables *t, uint32_t n)
{
    return new_entries(t, t->constants, sizeof *t->constants, n);
}

uint32_t code_new_site(CodeTables *t)
{
    FreeSites *free = &t->index->free_sites;
    if (free->taken < free->items.count) {
        return free->items.items[free->taken++];
    }
    return new_entries(t, t->sites, sizeof *t->sites, 1);
}

uint32_t code_new_exports(CodeTables *t, uint32_t n)
{
    return new_entries(t, t->exports, sizeof *t->exports, n);
}

uint32_t code_new_funs(CodeTables *t, uint32_t n)
{
    return new_entries(t, t->funs, sizeof *t->funs, n);
}

uint32_t code_new_functions(CodeTables *t, uint32_t n)
{
    for (size_t i = 0; n > 0 && i < t->index->free_functions.count; i++) {
        FreeRange *range = &t->index->free_functions.items[i];
        if (range->count >= n) {
            uint32_t first = range->first;
            range->first += n;
            range->count -= n;
            return first;
        }
    }
    return new_entries(t, t->functions, sizeof *t->functions, n);
}

/* What was taken from the front is forgotten once it is the larger half. */
static void give_back_sites(FreeSites *free, const Module *m)
{
    if (free->taken > free->items.count / 2) {
        free->items.count -= free->taken;
        memmove(free->items.items, free->items.items + free->taken,
                free->items.count * sizeof *free->items.items);
        free->taken = 0;
    }
    for (uint32_t i = 0; i < m->site_count; i++) {
        vec_push(&free->items, m->sites[i]);
    }
}

void code_give_back(CodeTables *t, const Module *m)
{
    give_back_sites(&t->index->free_sites, m);
    if (m->function_count > 0 && m->first_function != 0) {
        for (uint32_t i = 0; i < m->function_count; i++) {
            t->functions[m->first_function + i].owner = NULL;
        }
        vec_push(&t->index->free_functions, ((FreeRange){m->first_function, m->function_count}));
    }
}

static Term *literal_alloc(void *context, size_t words)
{
    CodeTables *t = context;
    if (words > (size_t)(t->literals_end - t->literals_top)) {
        return NULL;
    }
    Term *block = t->literals_top;
    t->literals_top += words;
    return block;
}

static void literal_shrink(void *context, Term *end, size_t words)
{
    CodeTables *t = context;
    VM_CHECK(end == t->literals_top);
    t->literals_top -= words;
}

TermRoom code_literal_room(CodeTables *t)
{
    return (TermRoom){.alloc = literal_alloc, .shrink = literal_shrink, .ctx = t};
}
