/* SPDX-License-Identifier: Apache-2.0 */
/* vm/ets/ets_bulk.c: see ets_bulk.h. */
#include "vm/ets/ets_bulk.h"

enum { REDUCTIONS_A_ROW = 8, MIN_ROWS = 16 };

/* ---- making one ---- */

static void drop(OffHeap *block)
{
    EtsBulk *bulk = ets_bulk_of(block);
    bool looks = ets_bulk_state(bulk) <= ETS_BULK_LOOKS || ets_bulk_state(bulk) == ETS_BULK_REFUSED;
    for (size_t i = looks ? 0 : bulk->next; i < bulk->count; i++) {
        ets_row_free(bulk->rows[bulk->backwards ? bulk->count - 1 - i : i]);
    }
}

EtsBulk *ets_bulk_new(Process *p, Term list, size_t length, uint32_t key_position, uint32_t extra)
{
    OffHeap *block = length < SIZE_MAX / sizeof(EtsRow *) / 2
                         ? offheap_new(sizeof(EtsBulk) + length * sizeof(EtsRow *))
                         : NULL;
    if (!block) {
        raise_no_memory(p);
        return NULL;
    }
    EtsBulk *bulk = ets_bulk_of(block);
    *bulk = (EtsBulk){.block = block, .key_position = key_position, .extra = extra};
    block->drop = drop;
    for (; term_is_cons(list); list = cons_tail(list)) {
        EtsRow *row = ets_row_new(p, cons_head(list), extra);
        if (!row) {
            offheap_release(block);
            return NULL;
        }
        bulk->rows[bulk->count++] = row;
    }
    return bulk;
}

/* ---- its work; all locks of the table are held ---- */

static void set_state(EtsBulk *bulk, EtsBulkState state)
{
    atomic_store_explicit(&bulk->state, state, memory_order_release);
}

static void start(EtsBulk *bulk, const EtsTable *t, bool only_new)
{
    bulk->backwards = t->type == ETS_BAG; /* as OTP 25: the last of the list first */
    set_state(bulk, only_new ? ETS_BULK_LOOKS : ETS_BULK_PUTS);
}

/* Looks for a row, or puts it. */
static void work_row(EtsBulk *bulk, EtsSpot *spot)
{
    const EtsTable *t = spot->table;
    EtsRow *row = bulk->rows[bulk->backwards ? bulk->count - 1 - bulk->next : bulk->next];
    t->kind->seek(spot, ets_row_key(t, row));
    bool looks = ets_bulk_state(bulk) == ETS_BULK_LOOKS;
    if (looks && ets_living(spot)) {
        set_state(bulk, ETS_BULK_REFUSED);
        return;
    }
    bulk->next++;
    if (!looks) {
        if (!ets_put(spot, row)) {
            set_state(bulk, ETS_BULK_NO_MEMORY);
        }
        ets_tend(spot);
    }
    if (bulk->next == bulk->count && looks) {
        bulk->next = 0;
        set_state(bulk, ETS_BULK_PUTS);
    } else if (bulk->next == bulk->count && ets_bulk_state(bulk) == ETS_BULK_PUTS) {
        set_state(bulk, ETS_BULK_PUT);
    }
}

/* At most so many rows; how many it were. */
static size_t work_rows(EtsBulk *bulk, EtsSpot *spot, size_t most)
{
    size_t done = 0;
    for (; done < most && ets_bulk_state(bulk) < ETS_BULK_PUT; done++) {
        work_row(bulk, spot);
    }
    return done;
}

bool ets_bulk_put(Process *p, EtsTable *t, EtsBulk *bulk, bool only_new)
{
    EtsSpot spot;
    if (!ets_open_all(&spot, p, t)) {
        return false;
    }
    start(bulk, t, only_new);
    process_spend(p, (int32_t)work_rows(bulk, &spot, SIZE_MAX));
    ets_close_all(&spot);
    if (ets_bulk_state(bulk) == ETS_BULK_NO_MEMORY) {
        raise_no_memory(p);
        return false;
    }
    return true;
}

bool ets_bulk_begin(EtsTable *t, EtsBulk *bulk, bool only_new)
{
    EtsBody *body = ets_lock_body(t);
    if (!body) {
        return false;
    }
    bool free = !ets_is_busy(t);
    if (free) {
        start(bulk, t, only_new);
        /* seq_cst: either it sees who reworks, or he sees it */
        atomic_store_explicit(&t->bulk, bulk, memory_order_seq_cst);
        free = atomic_load_explicit(&t->reworkers, memory_order_seq_cst) == 0;
        if (free) {
            offheap_retain(bulk->block);
            /* seq_cst: before any row of it is published; readers then look at t->bulk */
            atomic_fetch_add_explicit(&t->begun, 1, memory_order_seq_cst);
        } else {
            atomic_store_explicit(&t->bulk, NULL, memory_order_seq_cst);
            set_state(bulk, ETS_BULK_MADE);
        }
    }
    t->kind->unlock_all(body);
    return free;
}

bool ets_bulk_help(Process *p, EtsTable *t)
{
    EtsSpot spot = {.table = t, .scheduler = p->scheduler, .body = ets_lock_body(t)};
    if (!spot.body) {
        return true;
    }
    /* relaxed: it changes under the locks that are held */
    EtsBulk *bulk = atomic_load_explicit(&t->bulk, memory_order_relaxed);
    if (bulk) {
        size_t most = (size_t)ACT_MAX(p->reductions, 0) / REDUCTIONS_A_ROW + MIN_ROWS;
        process_spend(p, (int32_t)work_rows(bulk, &spot, most) * REDUCTIONS_A_ROW);
        if (ets_bulk_state(bulk) >= ETS_BULK_PUT) {
            ets_bulk_end(t, ets_bulk_state(bulk));
        }
    }
    bool none = !ets_is_busy(t);
    t->kind->unlock_all(spot.body);
    return none;
}

void ets_bulk_end(EtsTable *t, EtsBulkState state)
{
    EtsBulk *bulk = atomic_load_explicit(&t->bulk, memory_order_relaxed);
    if (bulk) {
        set_state(bulk, state);
        /* release: pairs with the acquire in settled(): all of it is published */
        atomic_fetch_add_explicit(&t->done, 1, memory_order_release);
        atomic_store_explicit(&t->bulk, NULL, memory_order_seq_cst);
        offheap_release(bulk->block);
    }
}

/* ---- one row after the other ---- */

bool ets_rework_begin(EtsTable *t)
{
    /* seq_cst: either it sees the bulk that begins, or that one sees it */
    atomic_fetch_add_explicit(&t->reworkers, 1, memory_order_seq_cst);
    if (atomic_load_explicit(&t->bulk, memory_order_seq_cst)) {
        ets_rework_end(t);
        return false;
    }
    return true;
}

void ets_rework_end(EtsTable *t)
{
    atomic_fetch_sub_explicit(&t->reworkers, 1, memory_order_seq_cst);
}
