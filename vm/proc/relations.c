/* SPDX-License-Identifier: Apache-2.0 */
/* vm/proc/relations.c: an array in order of making, with a hash index when it is long. */
#include "vm/proc/relations.h"

#include "vm/base/alloc.h"

enum { INDEX_FROM = 12 };

static uint32_t hash_key(RelationKind kind, uint64_t key)
{
    uint64_t h = (key ^ (uint64_t)kind << 60) * 0x9E3779B97F4A7C15u;
    return (uint32_t)(h >> 32);
}

static void index_item(Relations *r, uint32_t number)
{
    const Relation *item = &r->items[number];
    uint32_t at = hash_key(item->kind, item->key) & (r->index_size - 1);
    while (r->index[at]) {
        at = (at + 1) & (r->index_size - 1);
    }
    r->index[at] = number + 1;
}

Relation *relations_find(const Process *p, RelationKind kind, uint64_t key)
{
    Relations *r = p->relations;
    if (!r) {
        return NULL;
    }
    if (!r->index) {
        for (uint32_t i = 0; i < r->used; i++) {
            if (r->items[i].kind == kind && r->items[i].key == key) {
                return &r->items[i];
            }
        }
        return NULL;
    }
    uint32_t at = hash_key(kind, key) & (r->index_size - 1);
    while (r->index[at]) {
        Relation *item = &r->items[r->index[at] - 1];
        if (item->kind == kind && item->key == key) {
            return item;
        }
        at = (at + 1) & (r->index_size - 1);
    }
    return NULL;
}

static void free_index(Relations *r)
{
    alloc_free_for(ALLOC_PROCESS, r->index, r->index_size * sizeof(uint32_t));
    r->index = NULL;
}

/* Makes room for one more: drops removed items, grows, indexes anew. */
static bool make_room(Relations *r)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < r->used; i++) {
        if (r->items[i].kind != RELATION_NONE) {
            r->items[kept++] = r->items[i];
        }
    }
    r->used = r->live = kept;
    if (kept * 2 > r->room || r->room == 0) {
        uint32_t room = r->room ? r->room * 2 : 4;
        Relation *items = alloc_try_resize_for(ALLOC_PROCESS, r->items, r->room * sizeof(Relation),
                                               room * sizeof(Relation));
        if (!items) {
            return false;
        }
        r->items = items;
        r->room = room;
    }
    free_index(r);
    if (r->room >= INDEX_FROM) {
        r->index_size = 4;
        while (r->index_size < r->room * 2) {
            r->index_size *= 2;
        }
        r->index = alloc_try_zero_for(ALLOC_PROCESS, r->index_size * sizeof(uint32_t));
        if (!r->index) {
            return false;
        }
        for (uint32_t i = 0; i < kept; i++) {
            index_item(r, i);
        }
    }
    return true;
}

Relation *relations_add(Process *p, RelationKind kind, uint64_t key, Term pid)
{
    if (!p->relations) {
        p->relations = alloc_try_zero_for(ALLOC_PROCESS, sizeof(Relations));
        if (!p->relations) {
            return NULL;
        }
    }
    Relations *r = p->relations;
    if (r->used == r->room && !make_room(r)) {
        return NULL;
    }
    Relation *item = &r->items[r->used];
    *item = (Relation){.kind = kind, .active = true, .key = key, .pid = pid, .name = TERM_NIL};
    if (r->index) {
        index_item(r, r->used);
    }
    r->used++;
    r->live++;
    return item;
}

void relations_remove(Process *p, Relation *relation)
{
    relation->kind = RELATION_NONE;
    if (relation->tag) {
        signal_free(relation->tag);
        relation->tag = NULL;
    }
    p->relations->live--;
    if (p->relations->live == 0) {
        relations_free(p);
    }
}

void relations_free(Process *p)
{
    if (p->relations) {
        Relations *r = p->relations;
        for (uint32_t i = 0; i < r->used; i++) {
            if (r->items[i].tag) {
                signal_free(r->items[i].tag);
            }
        }
        alloc_free_for(ALLOC_PROCESS, r->items, r->room * sizeof(Relation));
        free_index(r);
        alloc_free_for(ALLOC_PROCESS, r, sizeof(Relations));
        p->relations = NULL;
    }
}
