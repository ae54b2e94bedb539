/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/emit/emit_tables.c: hash tables from constants, imports and sites to their numbers. */
#include "compiler/emit/emit_tables.h"

typedef bool (*SameEntry)(const EmitTables *tables, uint32_t index, const void *key);
typedef uint64_t (*HashEntry)(const EmitTables *tables, uint32_t index);

static void grow(EmitTables *tables, EmitIndex *index, HashEntry hash_of)
{
    uint32_t *old = index->slots, old_room = index->room;
    index->room = old_room ? old_room * 2 : 64;
    index->slots = alloc_must_zero(index->room * sizeof(uint32_t));
    for (uint32_t i = 0; i < old_room; i++) {
        if (old[i]) {
            uint32_t at = (uint32_t)hash_of(tables, old[i] - 1) & (index->room - 1);
            while (index->slots[at]) {
                at = (at + 1) & (index->room - 1);
            }
            index->slots[at] = old[i];
        }
    }
    alloc_free(old);
}

/* The slot of key: holds its index + 1, or 0 where it is to be added. */
static uint32_t *find(EmitTables *tables, EmitIndex *index, const void *key, uint64_t hash,
                      SameEntry same, HashEntry hash_of)
{
    if (index->count * 2 >= index->room) {
        grow(tables, index, hash_of);
    }
    uint32_t at = (uint32_t)hash & (index->room - 1);
    while (index->slots[at] && !same(tables, index->slots[at] - 1, key)) {
        at = (at + 1) & (index->room - 1);
    }
    return &index->slots[at];
}

static bool same_konst(const EmitTables *tables, uint32_t index, const void *key)
{
    return konst_same(tables->bc->konsts.items[index], key);
}

static uint64_t hash_konst(const EmitTables *tables, uint32_t index)
{
    return konst_hash(tables->bc->konsts.items[index]);
}

uint32_t emit_konst(EmitTables *tables, const Konst *konst)
{
    uint32_t *slot =
        find(tables, &tables->konsts, konst, konst_hash(konst), same_konst, hash_konst);
    if (*slot == 0) {
        vec_push(&tables->bc->konsts, konst_copy(&tables->bc->arena, konst));
        *slot = (uint32_t)tables->bc->konsts.count;
        tables->konsts.count++;
    }
    return *slot - 1;
}

static uint64_t import_hash(const BcImport *import)
{
    return konst_hash(import->module) * 31 + konst_hash(import->name) * 7 + import->arity;
}

static bool same_import(const EmitTables *tables, uint32_t index, const void *key)
{
    const BcImport *a = &tables->bc->imports.items[index], *b = key;
    return a->arity == b->arity && konst_same(a->name, b->name) && konst_same(a->module, b->module);
}

static uint64_t hash_import(const EmitTables *tables, uint32_t index)
{
    return import_hash(&tables->bc->imports.items[index]);
}

uint32_t emit_import(EmitTables *tables, const BcImport *import)
{
    uint32_t *slot =
        find(tables, &tables->imports, import, import_hash(import), same_import, hash_import);
    if (*slot == 0) {
        BcModule *bc = tables->bc;
        BcImport copy = {konst_copy(&bc->arena, import->module),
                         konst_copy(&bc->arena, import->name), import->arity};
        vec_push(&bc->imports, copy);
        *slot = (uint32_t)bc->imports.count;
        tables->imports.count++;
    }
    return *slot - 1;
}

static uint64_t site_hash(const BcSite *site)
{
    uint64_t hash = site->live_x * 0x9E3779B97F4A7C15u;
    hash = (hash ^ site->line) * 0x9E3779B97F4A7C15u;
    hash = (hash ^ site->live_y ^ (uint64_t)site->frame << 32) * 0x9E3779B97F4A7C15u;
    hash = (hash ^ site->handler ^ (uint64_t)site->file << 32) * 0x9E3779B97F4A7C15u;
    return hash ^ hash >> 29 ^ site->live_count;
}

static bool same_site(const EmitTables *tables, uint32_t index, const void *key)
{
    const BcSite *a = &tables->bc->sites.items[index], *b = key;
    return a->frame == b->frame && a->live_x == b->live_x && a->live_count == b->live_count &&
           a->live_y == b->live_y && a->handler == b->handler && a->line == b->line &&
           a->file == b->file;
}

static uint64_t hash_site(const EmitTables *tables, uint32_t index)
{
    return site_hash(&tables->bc->sites.items[index]);
}

uint32_t emit_site(EmitTables *tables, const BcSite *site)
{
    /* A handler is a label of one function: such a site is not shared. */
    if (site->handler != 0) {
        vec_push(&tables->bc->sites, *site);
        return (uint32_t)tables->bc->sites.count - 1;
    }
    uint32_t *slot = find(tables, &tables->sites, site, site_hash(site), same_site, hash_site);
    if (*slot == 0) {
        vec_push(&tables->bc->sites, *site);
        *slot = (uint32_t)tables->bc->sites.count;
        tables->sites.count++;
    }
    return *slot - 1;
}

uint32_t emit_lambda(EmitTables *tables, uint32_t function, uint32_t arity, uint32_t free)
{
    if (tables->lambda_of[function] == 0) {
        BcLambda lambda = {.function = function, .arity = arity, .free = free};
        vec_push(&tables->bc->lambdas, lambda);
        tables->lambda_of[function] = (uint32_t)tables->bc->lambdas.count;
    }
    return tables->lambda_of[function] - 1;
}

void emit_tables_free(EmitTables *tables)
{
    alloc_free(tables->konsts.slots);
    alloc_free(tables->imports.slots);
    alloc_free(tables->sites.slots);
    alloc_free(tables->lambda_of);
}
