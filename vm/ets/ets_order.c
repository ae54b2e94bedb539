/* SPDX-License-Identifier: Apache-2.0 */
/* vm/ets/ets_order.c: ordered_set: a tree of rows (ets_tree.h) and a lock for its writers. */
#include "vm/ets/ets.h"

#include "vm/base/alloc.h"
#include "vm/ets/ets_cache.h"

typedef struct {
    EtsBody body;
    SpinLock lock; /* of the tree's writer */
    Tree tree;
    _Atomic(uint64_t) count; /* written under lock, relaxed */
    _Atomic(uint64_t) words; /* of rows; as count */
} OrderBody;

/* ---- bodies ---- */

static EtsBody *order_make(const EtsTable *t)
{
    OrderBody *body = alloc_try_zero(sizeof *body);
    if (!body || !tree_init(&body->tree, t->vm->atoms, t->key_position)) {
        alloc_free(body);
        return NULL;
    }
    body->body.kind = &ets_order_kind;
    return &body->body;
}

static uint64_t order_count(EtsBody *b)
{
    return atomic_load_explicit(&((OrderBody *)b)->count, memory_order_relaxed);
}

static uint64_t order_words(EtsBody *b)
{
    OrderBody *body = (OrderBody *)b;
    return sizeof *body / sizeof(Term) +
           atomic_load_explicit(&body->tree.words, memory_order_relaxed) +
           atomic_load_explicit(&body->words, memory_order_relaxed);
}

static void count_add(OrderBody *body, int64_t rows, int64_t words)
{
    /* only the lock's holder writes: no read-modify-write is needed */
    uint64_t count = atomic_load_explicit(&body->count, memory_order_relaxed);
    uint64_t sum = atomic_load_explicit(&body->words, memory_order_relaxed);
    atomic_store_explicit(&body->count, count + (uint64_t)rows, memory_order_relaxed);
    atomic_store_explicit(&body->words, sum + (uint64_t)words, memory_order_relaxed);
}

static int64_t row_words(const EtsRow *row)
{
    return ETS_ROW_HEAD_WORDS + (int64_t)row->words;
}

/* ---- readers ---- */

static EtsRow *order_find(const EtsTable *t, EtsBody *b, Term key)
{
    (void)t;
    EtsRow *row = tree_find(&((OrderBody *)b)->tree, key);
    return row && ets_row_is_ghost(row) ? NULL : row;
}

static EtsRow *order_find_more(const EtsTable *t, const EtsRow *row)
{
    (void)t;
    (void)row;
    return NULL;
}

static void walk_start(EtsWalk *walk)
{
    const Tree *tree = &((const OrderBody *)walk->body)->tree;
    TreeProbe probe = {.key = TERM_NIL, .range = walk->range, .context = walk->range_context};
    if (walk->range) {
        tree_seek(tree, &probe, walk->back, &walk->path);
    } else if (walk->back) {
        tree_seek_end(tree, &walk->path);
    } else {
        tree_seek_index(tree, 0, &walk->path);
    }
}

/* The path stands at the row that comes next; going back, behind it. */
static EtsRow *walk_step(EtsWalk *walk)
{
    EtsRow *row = walk->back ? tree_back(&walk->path) : tree_forward(&walk->path);
    if (row && !walk->back) {
        walk->path.at[walk->path.height - 1]++;
    }
    return row;
}

static EtsRow *order_walk(EtsWalk *walk)
{
    if (!walk->begun) {
        walk->begun = true;
        walk_start(walk);
    }
    EtsRow *row = walk_step(walk);
    while (row && !walk->ghosts && ets_row_is_ghost(row)) {
        row = walk_step(walk);
    }
    if (row && walk->range &&
        walk->range(walk->range_context, ets_row_key(walk->table, row)) != 0) {
        row = NULL;
    }
    walk->node = row ? &row->node : NULL;
    return row;
}

static bool order_walk_from(EtsWalk *walk, Term key)
{
    TreeProbe probe = {.key = key};
    walk->begun = true;
    tree_seek(&((const OrderBody *)walk->body)->tree, &probe, !walk->back, &walk->path);
    return true;
}

static bool order_walk_may_rest(const EtsWalk *walk)
{
    (void)walk;
    return true;
}

/* [Key], or [] before the first row. */
static Term order_walk_save(const EtsWalk *walk, Process *p)
{
    if (!walk->node) {
        return TERM_NIL;
    }
    Term key = ets_part_copy(p, ets_row_key(walk->table, (const EtsRow *)walk->node));
    Term *cell = term_same(key, TERM_NONE) ? NULL : process_alloc(p, 2);
    if (!cell) {
        return TERM_NONE;
    }
    cell[0] = key;
    cell[1] = TERM_NIL;
    return cons_term(cell);
}

static bool order_walk_load(EtsWalk *walk, Term saved)
{
    if (term_is_cons(saved)) {
        return order_walk_from(walk, cons_head(saved));
    }
    walk->begun = false;
    return term_is_nil(saved);
}

/* A slot is a row, and one more, the end. */
static bool order_walk_slot(EtsWalk *walk, uint64_t index)
{
    walk->begun = true;
    return index <= order_count(walk->body) &&
           (tree_seek_index(&((const OrderBody *)walk->body)->tree, index, &walk->path), true);
}

static bool order_in_slot(const EtsWalk *walk, const EtsRow *row, uint64_t index)
{
    TreePath path;
    return tree_seek_index(&((const OrderBody *)walk->body)->tree, index, &path) == row;
}

static uint64_t order_keeps(EtsBody *body)
{
    (void)body;
    return 0; /* next finds its place without the key */
}

/* ---- writers ---- */

static void order_lock(EtsBody *b, Term key, EtsSpot *spot)
{
    (void)key;
    spot->part = b;
    spin_lock(&((OrderBody *)b)->lock);
}

static void order_unlock(EtsSpot *spot)
{
    spin_unlock(&((OrderBody *)spot->part)->lock);
}

static void order_lock_all(EtsBody *b)
{
    spin_lock(&((OrderBody *)b)->lock);
}

static void order_unlock_all(EtsBody *b)
{
    spin_unlock(&((OrderBody *)b)->lock);
}

static void order_seek(EtsSpot *spot, Term key)
{
    OrderBody *body = (OrderBody *)spot->body;
    TreeProbe probe = {.key = key};
    spot->part = body;
    spot->key = key;
    spot->moved = false;
    tree_seek(&body->tree, &probe, false, &spot->path);
    spot->row = tree_is_at(&body->tree, &spot->path, key) ? tree_here(&spot->path) : NULL;
}

static void order_step(EtsSpot *spot)
{
    spot->row = NULL;
}

/* The path leads to the spot's row again. */
static void settle(EtsSpot *spot)
{
    if (spot->moved) {
        order_seek(spot, ets_row_key(spot->table, spot->row));
    }
}

static bool order_add(EtsSpot *spot, EtsRow *row)
{
    OrderBody *body = spot->part;
    if (!tree_insert(&body->tree, &spot->path, spot->scheduler, row)) {
        return false;
    }
    spot->row = row;
    spot->moved = true;
    count_add(body, 1, row_words(row));
    if (ACT_UNLIKELY(spot->table->cache)) {
        ets_cache_enter(spot->table, row);
    }
    return true;
}

static void order_replace(EtsSpot *spot, EtsRow *with)
{
    OrderBody *body = spot->part;
    settle(spot);
    EtsRow *old = spot->row;
    if (ACT_UNLIKELY(spot->table->cache)) {
        ets_cache_leave(spot->table, old);
        ets_cache_enter(spot->table, with);
    }
    tree_replace(&body->tree, &spot->path, with);
    spot->row = with;
    count_add(body, ets_row_is_ghost(old) ? 1 : 0, row_words(with) - row_words(old));
    ets_retire_row(spot->scheduler, old);
}

static void order_remove(EtsSpot *spot)
{
    OrderBody *body = spot->part;
    settle(spot);
    EtsRow *row = spot->row;
    if (ACT_UNLIKELY(spot->table->cache)) {
        ets_cache_leave(spot->table, row);
    }
    spot->row = NULL;
    spot->moved = true;
    if (!tree_remove(&body->tree, &spot->path, spot->scheduler)) {
        /* no memory for a smaller node: it stays, deleted; release as of a hash table's ghosts */
        atomic_store_explicit(&row->ghost, true, memory_order_release);
        count_add(body, -1, 0);
        return;
    }
    count_add(body, -1, -row_words(row));
    ets_retire_row(spot->scheduler, row);
}

static void order_tend(EtsSpot *spot)
{
    (void)spot;
}

static bool order_sweep(const EtsTable *t, EtsBody *b, Scheduler *s, size_t *budget)
{
    (void)t;
    (void)b;
    (void)s;
    (void)budget;
    return true;
}

static bool order_free_some(EtsBody *b, size_t *budget)
{
    OrderBody *body = (OrderBody *)b;
    bool all = tree_free_some(&body->tree, budget);
    if (all) {
        alloc_free(body);
    }
    return all;
}

const EtsKind ets_order_kind = {
    .make = order_make,
    .find = order_find,
    .find_more = order_find_more,
    .walk = order_walk,
    .walk_from = order_walk_from,
    .walk_may_rest = order_walk_may_rest,
    .walk_save = order_walk_save,
    .walk_load = order_walk_load,
    .walk_slot = order_walk_slot,
    .in_slot = order_in_slot,
    .keeps = order_keeps,
    .lock = order_lock,
    .unlock = order_unlock,
    .lock_all = order_lock_all,
    .unlock_all = order_unlock_all,
    .seek = order_seek,
    .step = order_step,
    .add = order_add,
    .replace = order_replace,
    .remove = order_remove,
    .tend = order_tend,
    .sweep = order_sweep,
    .free_some = order_free_some,
    .count = order_count,
    .words = order_words,
};
