/* SPDX-License-Identifier: Apache-2.0 */
/* vm/ets/ets_cache.c: rows that leave by age or least recent use. */
#include "vm/ets/ets_cache.h"

#include "vm/host/host.h"

enum { REDUCTIONS_A_ROW = 4 };

static EtsCached *cached(EtsRow *row)
{
    return (EtsCached *)(void *)(row->term + row->words);
}

static EtsLinks *links(EtsRow *row, bool by_age)
{
    return by_age ? &cached(row)->age : &cached(row)->use;
}

static void append(EtsQueue *queue, EtsRow *row, bool by_age)
{
    *links(row, by_age) = (EtsLinks){.before = queue->newest};
    if (queue->newest) {
        links(queue->newest, by_age)->behind = row;
    } else {
        queue->oldest = row;
    }
    queue->newest = row;
}

static void unlink_from(EtsQueue *queue, EtsRow *row, bool by_age)
{
    EtsLinks *own = links(row, by_age);
    if (own->before) {
        links(own->before, by_age)->behind = own->behind;
    } else {
        queue->oldest = own->behind;
    }
    if (own->behind) {
        links(own->behind, by_age)->before = own->before;
    } else {
        queue->newest = own->before;
    }
}

void ets_cache_enter(EtsTable *t, EtsRow *row)
{
    EtsCache *cache = t->cache;
    Host *host = t->vm->host;
    int64_t now = host->monotonic(host);
    spin_lock(&cache->lock);
    cached(row)->born = now;
    cached(row)->listed = cache->generation;
    append(&cache->by_age, row, true);
    append(&cache->by_use, row, false);
    cache->count++;
    spin_unlock(&cache->lock);
}

void ets_cache_leave(EtsTable *t, EtsRow *row)
{
    EtsCache *cache = t->cache;
    spin_lock(&cache->lock);
    if (cached(row)->listed == cache->generation) {
        unlink_from(&cache->by_age, row, true);
        unlink_from(&cache->by_use, row, false);
        cached(row)->listed = 0;
        cache->count--;
    }
    spin_unlock(&cache->lock);
}

void ets_cache_touch(EtsTable *t, EtsRow *row)
{
    EtsCache *cache = t->cache;
    spin_lock(&cache->lock);
    if (cached(row)->listed == cache->generation && cache->by_use.newest != row) {
        unlink_from(&cache->by_use, row, false);
        append(&cache->by_use, row, false);
    }
    spin_unlock(&cache->lock);
}

void ets_cache_clear(EtsTable *t)
{
    EtsCache *cache = t->cache;
    spin_lock(&cache->lock);
    cache->by_age = cache->by_use = (EtsQueue){0};
    cache->generation++;
    cache->count = 0;
    spin_unlock(&cache->lock);
}

/* The row to go next, NULL if none must. Good until the turn ends. */
static EtsRow *next_to_go(EtsTable *t, int64_t now)
{
    EtsCache *cache = t->cache;
    EtsRow *row = NULL;
    spin_lock(&cache->lock);
    if (cache->max > 0 && cache->count > cache->max) {
        row = cache->by_use.oldest;
    } else if (cache->ttl > 0 && cache->by_age.oldest &&
               cached(cache->by_age.oldest)->born + cache->ttl <= now) {
        row = cache->by_age.oldest;
    }
    spin_unlock(&cache->lock);
    return row;
}

bool ets_cache_sweep(EtsTable *t, Process *p)
{
    Host *host = t->vm->host;
    int64_t now = t->cache->ttl > 0 ? host->monotonic(host) : 0;
    EtsRow *row;
    EtsSpot spot;
    bool spent = false;
    while ((row = next_to_go(t, now)) && !spent && ets_open(&spot, p, t, ets_row_key(t, row))) {
        if (spot.row == row) {
            t->kind->remove(&spot);
        } else {
            ets_cache_leave(t, row); /* somebody was faster */
        }
        ets_close(&spot);
        spent = process_spend(p, REDUCTIONS_A_ROW);
    }
    return !spent || !row;
}
