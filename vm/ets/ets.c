/* SPDX-License-Identifier: Apache-2.0 */
/* vm/ets/ets.c: reading and changing one table, whatever its kind. */
#include "vm/ets/ets.h"

#include "vm/base/alloc.h"
#include "vm/ets/ets_cache.h"
#include "vm/ets/ets_tables.h"
#include "vm/term/compare.h"

uint32_t ets_row_extra(const EtsTable *t)
{
    return t->cache ? ETS_CACHED_WORDS : 0;
}

/* ---- readers ---- */

/* Waits until no work on many keys is going on: *mark is the number to check afterwards. False: it
 * is long work, p has to come again. */
ACT_INLINE bool settled(Process *p, EtsTable *t, uint64_t *mark)
{
    for (;;) {
        uint64_t done = atomic_load_explicit(&t->done, memory_order_acquire);
        *mark = atomic_load_explicit(&t->begun, memory_order_acquire);
        if (ACT_LIKELY(*mark == done)) {
            return true;
        }
        if (ets_is_busy(t)) {
            p->pending = PENDING_AGAIN;
            return false;
        }
        spin_lock(&t->batch);
        spin_unlock(&t->batch);
    }
}

/* True if nothing of what was read since settled() can belong to work on many keys. */
ACT_INLINE bool still(EtsTable *t, uint64_t begun)
{
    /* the loads before it were acquire: they cannot come after this one. Who saw a row that such
     * work published sees that it had begun */
    return atomic_load_explicit(&t->begun, memory_order_acquire) == begun;
}

EtsRow *ets_find(Process *p, EtsTable *t, Term key)
{
    uint64_t begun;
    while (settled(p, t, &begun)) {
        EtsRow *row = t->kind->find(t, ets_body(t), key);
        if (ACT_LIKELY(still(t, begun))) {
            if (ACT_UNLIKELY(t->cache) && row) {
                ets_cache_touch(t, row);
            }
            return row;
        }
    }
    return NULL;
}

void ets_rows_start(EtsRows *rows)
{
    rows->rows = rows->first;
    rows->room = ACT_COUNT(rows->first);
    rows->count = 0;
}

bool ets_rows_add(EtsRows *rows, EtsRow *row)
{
    if (rows->count == rows->room) {
        EtsRow **grown = alloc_try(rows->room * 2 * sizeof *grown);
        if (!grown) {
            return false;
        }
        memcpy(grown, rows->rows, rows->count * sizeof *grown);
        ets_rows_free(rows);
        rows->rows = grown;
        rows->room *= 2;
    }
    rows->rows[rows->count++] = row;
    return true;
}

bool ets_find_all(Process *p, EtsTable *t, Term key, EtsRows *rows)
{
    ets_rows_start(rows);
    uint64_t begun;
    while (settled(p, t, &begun)) {
        rows->count = 0;
        EtsRow *row = t->kind->find(t, ets_body(t), key);
        for (; row; row = t->kind->find_more(t, row)) {
            if (!ets_rows_add(rows, row)) {
                ets_rows_free(rows);
                raise_no_memory(p);
                return false;
            }
        }
        if (still(t, begun)) {
            return true;
        }
    }
    ets_rows_free(rows);
    return false;
}

void ets_rows_free(EtsRows *rows)
{
    if (rows->rows != rows->first) {
        alloc_free(rows->rows);
        rows->rows = rows->first;
    }
}

void ets_walk_start(EtsWalk *walk, EtsTable *t)
{
    *walk = (EtsWalk){.table = t, .body = ets_body(t)};
}

void ets_free_body(EtsBody *body)
{
    size_t budget = SIZE_MAX;
    body->kind->free_some(body, &budget);
}

/* ---- writers ---- */

enum { RESERVED = 8 }; /* blocks that one change of a key retires, with room to spare */

bool ets_open(EtsSpot *spot, Process *p, EtsTable *t, Term key)
{
    spot->table = t;
    spot->scheduler = p->scheduler;
    if (!epoch_reserve(p->scheduler, RESERVED)) {
        raise_no_memory(p);
        return false;
    }
    for (;;) {
        spot->body = ets_body(t);
        spot->locked = true;
        t->kind->lock(spot->body, key, spot);
        bool busy = ets_is_busy(t);
        if (ACT_LIKELY(!spot->body->dead && !busy)) {
            t->kind->seek(spot, key);
            return true;
        }
        t->kind->unlock(spot);
        if (busy || atomic_load_explicit(&t->deleted, memory_order_acquire)) {
            return false;
        }
    }
}

void ets_close(EtsSpot *spot)
{
    ets_tend(spot);
    spot->table->kind->unlock(spot);
}

EtsBody *ets_lock_body(EtsTable *t)
{
    for (;;) {
        EtsBody *body = ets_body(t);
        t->kind->lock_all(body);
        if (!body->dead) {
            return body;
        }
        t->kind->unlock_all(body);
        if (atomic_load_explicit(&t->deleted, memory_order_acquire)) {
            return NULL;
        }
    }
}

void ets_begin_many(EtsTable *t)
{
    spin_lock(&t->batch);
    /* seq_cst: before any row of it is published */
    atomic_fetch_add_explicit(&t->begun, 1, memory_order_seq_cst);
}

void ets_end_many(EtsTable *t)
{
    /* release: pairs with the acquire in settled(): all of it is published */
    atomic_fetch_add_explicit(&t->done, 1, memory_order_release);
    spin_unlock(&t->batch);
}

bool ets_open_all(EtsSpot *spot, Process *p, EtsTable *t)
{
    spot->table = t;
    spot->scheduler = p->scheduler;
    spot->locked = false;
    spot->body = ets_lock_body(t);
    if (!spot->body) {
        return false;
    }
    if (ets_is_busy(t)) {
        t->kind->unlock_all(spot->body);
        return false;
    }
    ets_begin_many(t);
    return true;
}

void ets_close_all(EtsSpot *spot)
{
    ets_end_many(spot->table);
    spot->table->kind->unlock_all(spot->body);
}

bool ets_clear(Process *p, EtsTable *t, uint64_t *count)
{
    EtsBody *fresh = epoch_reserve(p->scheduler, RESERVED) ? t->kind->make(t) : NULL;
    if (!fresh) {
        raise_no_memory(p);
        return false;
    }
    EtsBody *old = ets_lock_body(t);
    bool busy = old && ets_is_busy(t);
    if (busy) {
        t->kind->unlock_all(old);
    }
    if (!old || busy) {
        ets_free_body(fresh);
        return false;
    }
    *count = t->kind->count(old);
    old->dead = true;
    bool kept =
        atomic_load_explicit(&t->fixes, memory_order_seq_cst) > 0 && t->kind->keeps(old) > 0;
    if (kept) {
        old->next = atomic_load_explicit(&t->kept, memory_order_relaxed);
        atomic_store_explicit(&t->kept, old, memory_order_release);
    }
    atomic_store_explicit(&t->body, fresh, memory_order_release);
    if (t->cache) {
        ets_cache_clear(t);
    }
    t->kind->unlock_all(old);
    if (!kept) {
        ets_tables_retire_body(p->scheduler, old);
    }
    return true;
}

EtsRow *ets_living(EtsSpot *spot)
{
    if (ets_is_set(spot->table)) { /* a ghost is the key's only row, to be replaced */
        return spot->row && !ets_row_is_ghost(spot->row) ? spot->row : NULL;
    }
    while (spot->row && ets_row_is_ghost(spot->row)) {
        spot->table->kind->step(spot);
    }
    return spot->row;
}

/* True if the spot's key has a row equal to `row`; the spot stays where it is. */
static bool bag_has(EtsSpot *spot, const EtsRow *row)
{
    EtsNode *before = spot->before;
    EtsRow *first = spot->row;
    bool has = false;
    while (!has && ets_living(spot)) {
        has = term_equal_exact(ets_row_term(spot->row), ets_row_term(row));
        spot->table->kind->step(spot);
    }
    spot->before = before;
    spot->row = first;
    return has;
}

bool ets_put(EtsSpot *spot, EtsRow *row)
{
    const EtsTable *t = spot->table;
    if (ets_is_set(t) && spot->row) {
        t->kind->replace(spot, row);
        return true;
    }
    bool put = true;
    if ((t->type == ETS_BAG && spot->row && bag_has(spot, row)) ||
        !(put = t->kind->add(spot, row))) {
        ets_row_free(row);
    }
    return put;
}

static void release_row(Scheduler *s, void *block)
{
    (void)s;
    ets_row_free(block);
}

static void release_block(Scheduler *s, void *block)
{
    (void)s;
    alloc_free(block);
}

void ets_retire_row(Scheduler *s, EtsRow *row)
{
    if (epoch_reserve(s, 1)) { /* else it is lost: better than to be read after its end */
        epoch_defer(s, release_row, row);
    }
}

void ets_retire_block(Scheduler *s, void *block)
{
    if (epoch_reserve(s, 1)) {
        epoch_defer(s, release_block, block);
    }
}
