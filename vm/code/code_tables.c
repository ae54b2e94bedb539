/* SPDX-License-Identifier: Apache-2.0 */
/* vm/code/code_tables.c: making the tables, and room in them. */
#include "vm/code/code_tables.h"

#include "vm/base/alloc.h"
#include "vm/host/host.h"
#include "vm/mem/offheap.h"
#include "vm/vm_parts.h"

/* How large the tables may become; address space only, until used. Halved as long as the host
 * refuses, down to a 64th. */
enum {
    ROOM_CONSTANTS = 32 << 20,
    ROOM_SITES = 8 << 20,
    ROOM_EXPORTS = 2 << 20,
    ROOM_FUNS = 2 << 20,
    ROOM_FUNCTIONS = 4 << 20,
    ROOM_LITERAL_WORDS = 256 << 20,
    ROOM_SMALLEST = 64,
};

static void *reserve(Host *host, size_t item, uint32_t wanted, uint32_t *room)
{
    for (uint32_t n = wanted; n >= wanted / ROOM_SMALLEST; n /= 2) {
        void *block = host->reserve(host, item * n);
        if (block) {
            *room = n;
            return block;
        }
    }
    *room = 0;
    return NULL;
}

static bool reserve_all(CodeTables *t, Host *host)
{
    uint32_t words = 0;
    t->constants = reserve(host, sizeof(Term), ROOM_CONSTANTS, &t->constant_room);
    t->sites = reserve(host, sizeof(Site), ROOM_SITES, &t->site_room);
    t->exports = reserve(host, sizeof(Export), ROOM_EXPORTS, &t->export_room);
    t->funs = reserve(host, sizeof(FunEntry), ROOM_FUNS, &t->fun_room);
    t->functions = reserve(host, sizeof(FunctionInfo), ROOM_FUNCTIONS, &t->function_room);
    t->literals = reserve(host, sizeof(Term), ROOM_LITERAL_WORDS, &words);
    t->literals_top = t->literals;
    t->literals_end = t->literals ? t->literals + words : NULL;
    return t->constants && t->sites && t->exports && t->funs && t->functions && t->literals;
}

/* Entry 0 of each table is nobody's. */
static void fill_first(CodeTables *t, const uint32_t *op_words)
{
    t->constants[0] = TERM_NIL;
    t->sites[0] = (Site){.flags = SITE_BOTTOM};
    t->functions[0] = (FunctionInfo){.module = ATOM(undefined), .name = ATOM(undefined)};
    t->constant_count = t->site_count = t->export_count = t->fun_count = t->function_count = 1;
    t->op_words = op_words;
    t->bottom[0] = 0;
    t->bottom[1] = 0;
    t->bottom[2] = op_words[XOP_process_end];
}

bool code_init(Vm *vm, const uint32_t *op_words)
{
    CodeTables *t = vm_code(vm);
    Host *host = vm_host(vm);
    *t = (CodeTables){0};
    t->index = alloc_try_zero(sizeof *t->index);
    t->lock = host->mutex_new(host);
    if (!t->index || !t->lock || !reserve_all(t, host)) {
        code_free(vm);
        return false;
    }
    fill_first(t, op_words);
    fuse_init(&t->index->fuse);
    if (!code_export_natives(vm)) {
        code_free(vm);
        return false;
    }
    return true;
}

static void release(Host *host, void *block, size_t bytes)
{
    if (block) {
        host->release(host, block, bytes);
    }
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
        alloc_free(t->index);
    }
    if (t->lock) {
        host->mutex_free(host, t->lock);
    }
    release(host, t->constants, sizeof(Term) * t->constant_room);
    release(host, t->sites, sizeof(Site) * t->site_room);
    release(host, t->exports, sizeof(Export) * t->export_room);
    release(host, t->funs, sizeof(FunEntry) * t->fun_room);
    release(host, t->functions, sizeof(FunctionInfo) * t->function_room);
    offheap_release_list(t->literal_off_heap);
    release(host, t->literals, (size_t)((char *)t->literals_end - (char *)t->literals));
    *t = (CodeTables){0};
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

static uint32_t new_entries(uint32_t *count, uint32_t room, uint32_t n)
{
    if (n > room - *count) {
        return 0;
    }
    uint32_t first = *count;
    *count += n;
    return first;
}

uint32_t code_new_constants(CodeTables *t, uint32_t n)
{
    return new_entries(&t->constant_count, t->constant_room, n);
}

uint32_t code_new_site(CodeTables *t)
{
    FreeSites *free = &t->index->free_sites;
    if (free->taken < free->items.count) {
        return free->items.items[free->taken++];
    }
    return new_entries(&t->site_count, t->site_room, 1);
}

uint32_t code_new_exports(CodeTables *t, uint32_t n)
{
    return new_entries(&t->export_count, t->export_room, n);
}

uint32_t code_new_funs(CodeTables *t, uint32_t n)
{
    return new_entries(&t->fun_count, t->fun_room, n);
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
    return new_entries(&t->function_count, t->function_room, n);
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
