/* SPDX-License-Identifier: Apache-2.0 */
/* vm/ets/ets_hash.c: set, bag and duplicate_bag: hash tables that grow without moving a row.
 *
 * Split-ordered lists (Shalev, Shavit 2006), with one writer at a time for each part. A part is one
 * chain of rows in the order of their hashes, with marks in it where buckets start. Twice as many
 * buckets are as many new marks, put into the chain by writers when they come by; a reader that
 * finds no mark yet starts at an earlier one. So rows never move, and a walk's position, a hash,
 * stays right whatever writers do.
 *
 * Bucket v of 2^level has the hashes whose upper `level` bits are v. The mark at v << (64 - level)
 * is the same for all levels from the one on where v gets odd: segment L holds those of the odd v
 * of level L.
 *
 * A part that grows makes the marks of the next level a few at each write: a huge table's are many
 * megabytes. A part that shrinks gives up its last level: readers go by the new one, marks of the
 * old one are taken out of the chain by the writers to come (`fading`), then the segment goes.
 *
 * A little over our limit: all of it knows what a part is. */
#include "vm/ets/ets.h"

#include "vm/base/alloc.h"
#include "vm/ets/ets_cache.h"
#include "vm/term/compare.h"
#include "vm/term/hash.h"

enum {
    MAX_LEVEL = 40,
    MIN_LEVEL = 3, /* never shrinks below */
    GROW_STEPS = 128,
    FADE_STEPS = 8,
    GHOSTS_FIRST = 16,
    SLOTS_LEVEL = 8,
};

typedef struct {
    SpinLock lock;
    uint32_t fading;    /* under lock: the level whose marks are being taken out, or 0 */
    uint64_t fade_next; /* under lock: the next of its marks */
    EtsNode *growing;   /* under lock: marks of the next level, being made, or NULL */
    uint64_t grown;     /* under lock: so many of them are made */
    uint64_t *ghosts;   /* under lock: orders of rows deleted while the table was fixed */
    size_t ghost_count, ghost_room;
    /* written under lock, read by any thread: relaxed but for level's release and acquire */
    _Atomic(uint32_t) level;
    _Atomic(uint64_t) count;
    _Atomic(uint64_t) words;
    _Atomic(EtsNode *) segments[MAX_LEVEL + 1];
    EtsNode first; /* mark of the first bucket, at 0 */
    EtsNode last;  /* behind all rows */
} Part;

typedef struct {
    EtsBody body;
    uint32_t mask; /* parts - 1 */
    uint32_t free_part;
    Part parts[];
} HashBody;

static EtsNode *next_of(const EtsNode *node)
{
    /* acquire: pairs with the release in set_next: what it leads to is complete */
    return atomic_load_explicit(&node->next, memory_order_acquire);
}

static void set_next(EtsNode *node, EtsNode *next)
{
    atomic_store_explicit(&node->next, next, memory_order_release);
}

static bool is_row(const EtsNode *node)
{
    return node->order & 1;
}

static uint64_t order_of(uint64_t hash)
{
    uint64_t order = hash | 1;
    return order == UINT64_MAX ? UINT64_MAX - 2 : order;
}

static Part *part_of(HashBody *body, uint64_t hash)
{
    return &body->parts[hash >> 1 & body->mask];
}

/* Where the mark of bucket v (not 0) of 2^level is kept; NULL to a reader who comes so late that
 * the level is no more. */
static EtsNode *mark_place(const Part *part, uint32_t level, uint64_t v)
{
    unsigned zeros = (unsigned)__builtin_ctzll(v);
    /* acquire: pairs with the release that published the segment */
    EtsNode *segment = atomic_load_explicit(&part->segments[level - zeros], memory_order_acquire);
    return segment ? &segment[v >> zeros >> 1] : NULL;
}

static uint64_t bucket_of(uint64_t order, uint32_t level)
{
    return level ? order >> (64 - level) : 0;
}

/* A mark at or before order that is in the chain. Readers. */
ACT_INLINE EtsNode *mark_before(Part *part, uint64_t order)
{
    /* acquire: pairs with the release in grow: its segment is there */
    uint32_t level = atomic_load_explicit(&part->level, memory_order_acquire);
    for (uint64_t v = bucket_of(order, level); v; v &= v - 1) {
        EtsNode *mark = mark_place(part, level, v);
        if (mark && next_of(mark)) {
            return mark;
        }
    }
    return &part->first;
}

/* The mark of bucket v, put into the chain if it is not there. Under lock. */
static EtsNode *mark_ready(Part *part, uint32_t level, uint64_t v)
{
    if (v == 0) {
        return &part->first;
    }
    EtsNode *mark = mark_place(part, level, v);
    if (next_of(mark)) {
        return mark;
    }
    uint64_t at = v << (64 - level);
    EtsNode *before = mark_ready(part, level, v & (v - 1));
    EtsNode *next = next_of(before);
    while (next->order < at) {
        before = next;
        next = next_of(before);
    }
    mark->order = at;
    set_next(mark, next);
    set_next(before, mark);
    return mark;
}

/* ---- bodies ---- */

static EtsBody *hash_make(const EtsTable *t)
{
    size_t size = sizeof(HashBody) + t->shards * sizeof(Part);
    HashBody *body = alloc_try_zero(size);
    if (!body) {
        return NULL;
    }
    body->body.kind = &ets_hash_kind;
    body->mask = t->shards - 1;
    for (uint32_t i = 0; i < t->shards; i++) {
        Part *part = &body->parts[i];
        part->last.order = UINT64_MAX;
        atomic_init(&part->first.next, &part->last);
    }
    return &body->body;
}

static uint64_t hash_count(EtsBody *b)
{
    HashBody *body = (HashBody *)b;
    uint64_t count = 0;
    for (uint32_t i = 0; i <= body->mask; i++) {
        count += atomic_load_explicit(&body->parts[i].count, memory_order_relaxed);
    }
    return count;
}

static uint64_t hash_words(EtsBody *b)
{
    HashBody *body = (HashBody *)b;
    uint64_t words = (sizeof(HashBody) + (body->mask + 1) * sizeof(Part)) / sizeof(Term);
    for (uint32_t i = 0; i <= body->mask; i++) {
        words += atomic_load_explicit(&body->parts[i].words, memory_order_relaxed);
    }
    return words;
}

static void count_add(Part *part, int64_t rows, int64_t words)
{
    /* only the lock's holder writes: no read-modify-write is needed */
    uint64_t count = atomic_load_explicit(&part->count, memory_order_relaxed);
    uint64_t sum = atomic_load_explicit(&part->words, memory_order_relaxed);
    atomic_store_explicit(&part->count, count + (uint64_t)rows, memory_order_relaxed);
    atomic_store_explicit(&part->words, sum + (uint64_t)words, memory_order_relaxed);
}

static int64_t row_words(const EtsRow *row)
{
    return ETS_ROW_HEAD_WORDS + (int64_t)row->words;
}

enum { MARK_WORDS = sizeof(EtsNode) / sizeof(Term) };

/* ---- growing and shrinking; under lock ---- */

/* Makes some marks of the next level; with the last it is the level. */
static void grow_on(Part *part, uint32_t level)
{
    uint64_t marks = (uint64_t)1 << level;
    uint64_t steps = ACT_MIN(marks - part->grown, (uint64_t)GROW_STEPS);
    memset(part->growing + part->grown, 0, steps * sizeof *part->growing);
    part->grown += steps;
    if (part->grown == marks) {
        atomic_store_explicit(&part->segments[level + 1], part->growing, memory_order_release);
        atomic_store_explicit(&part->level, level + 1, memory_order_release);
        part->growing = NULL;
        count_add(part, 0, (int64_t)marks * MARK_WORDS);
    }
}

static void grow(Part *part, uint32_t level)
{
    if (!part->growing && level < MAX_LEVEL && !part->fading) {
        part->growing = alloc_try(((size_t)1 << level) * sizeof *part->growing);
        part->grown = 0;
    }
    if (part->growing) {
        grow_on(part, level);
    }
}

/* Takes some marks of the level that goes out of the chain. */
static void fade(Part *part, Scheduler *s)
{
    EtsNode *segment = atomic_load_explicit(&part->segments[part->fading], memory_order_relaxed);
    uint64_t marks = (uint64_t)1 << (part->fading - 1);
    for (unsigned i = 0; i < FADE_STEPS && part->fade_next < marks; i++, part->fade_next++) {
        EtsNode *mark = &segment[part->fade_next];
        if (!next_of(mark)) {
            continue;
        }
        EtsNode *before = mark_ready(part, part->fading, part->fade_next * 2);
        while (next_of(before) != mark) {
            before = next_of(before);
        }
        set_next(before, next_of(mark));
    }
    if (part->fade_next == marks) {
        atomic_store_explicit(&part->segments[part->fading], NULL, memory_order_relaxed);
        part->fading = 0;
        count_add(part, 0, -(int64_t)marks * MARK_WORDS);
        ets_retire_block(s, segment);
    }
}

static void shrink(Part *part, uint32_t level, Scheduler *s)
{
    if (!part->fading) {
        alloc_free(part->growing);
        part->growing = NULL;
        part->fading = level;
        part->fade_next = 0;
        atomic_store_explicit(&part->level, level - 1, memory_order_release);
    }
    fade(part, s);
}

/* ---- readers ---- */

ACT_INLINE EtsRow *find_in(const EtsTable *t, Part *part, uint64_t order, Term key)
{
    const EtsNode *node = next_of(mark_before(part, order));
    while (node->order < order) {
        node = next_of(node);
    }
    for (; node->order == order; node = next_of(node)) {
        EtsRow *row = (EtsRow *)node;
        if (term_equal_exact(ets_row_key(t, row), key)) {
            return row;
        }
    }
    return NULL;
}

/* The next row of the same key, ghosts too. */
static EtsRow *same_key(const EtsTable *t, const EtsRow *row)
{
    EtsNode *node = next_of(&row->node);
    return node->order == row->node.order &&
                   term_equal_exact(ets_row_key(t, (EtsRow *)node), ets_row_key(t, row))
               ? (EtsRow *)node
               : NULL;
}

static EtsRow *hash_find_more(const EtsTable *t, const EtsRow *row)
{
    EtsRow *more = same_key(t, row);
    while (more && ets_row_is_ghost(more)) {
        more = same_key(t, more);
    }
    return more;
}

static EtsRow *hash_find(const EtsTable *t, EtsBody *body, Term key)
{
    uint64_t hash = term_hash(key);
    EtsRow *row = find_in(t, part_of((HashBody *)body, hash), order_of(hash), key);
    return row && ets_row_is_ghost(row) ? hash_find_more(t, row) : row;
}

/* ---- walks ---- */

/* The rows lie anywhere: while the caller looks at one, the next is fetched. */
static void fetch_behind(const EtsNode *node)
{
    enum { LINE = 64 };
    const char *next = (const char *)next_of(node);
    __builtin_prefetch(next);
    __builtin_prefetch(next + LINE);
}

/* The first row of part or of those behind it, from node on. */
static EtsRow *walk_on(EtsWalk *walk, const EtsNode *node)
{
    HashBody *body = (HashBody *)walk->body;
    for (;;) {
        const EtsNode *end = &body->parts[walk->shard].last;
        for (; node != end; node = next_of(node)) {
            if (is_row(node) && (walk->ghosts || !ets_row_is_ghost((const EtsRow *)node))) {
                walk->node = node;
                walk->order = node->order;
                fetch_behind(node);
                return (EtsRow *)node;
            }
        }
        if (walk->shard == body->mask) {
            walk->node = end;
            walk->order = UINT64_MAX;
            return NULL;
        }
        walk->shard++;
        node = next_of(&body->parts[walk->shard].first);
    }
}

static EtsRow *hash_walk(EtsWalk *walk)
{
    HashBody *body = (HashBody *)walk->body;
    if (walk->node) {
        const EtsNode *end = &body->parts[walk->shard].last;
        return walk->node == end ? NULL : walk_on(walk, next_of(walk->node));
    }
    Part *part = &body->parts[walk->shard];
    if (!walk->begun) {
        walk->begun = true;
        return walk_on(walk, next_of(&part->first));
    }
    const EtsNode *node = mark_before(part, walk->order);
    while (node != &part->last && node->order <= walk->order) {
        node = next_of(node);
    }
    return walk_on(walk, node);
}

/* True if delete_all_objects took the key away while the table was fixed, as it still is. */
static bool was_cleared(const EtsTable *t, uint64_t hash, Term key)
{
    EtsBody *body = atomic_load_explicit(&t->kept, memory_order_acquire);
    while (body && !find_in(t, part_of((HashBody *)body, hash), order_of(hash), key)) {
        body = body->next;
    }
    return body;
}

static bool hash_walk_from(EtsWalk *walk, Term key)
{
    uint64_t hash = term_hash(key);
    HashBody *body = (HashBody *)walk->body;
    EtsRow *row = find_in(walk->table, part_of(body, hash), order_of(hash), key);
    if (!row && !was_cleared(walk->table, hash, key)) {
        return false;
    }
    for (EtsRow *more = row; more; more = same_key(walk->table, more)) {
        row = more;
    }
    walk->begun = true;
    walk->shard = (uint32_t)(hash >> 1 & body->mask);
    walk->node = row ? &row->node : NULL;
    walk->order = order_of(hash);
    return true;
}

static uint64_t hash_keeps(EtsBody *b)
{
    HashBody *body = (HashBody *)b;
    uint64_t rows = hash_count(b);
    for (uint32_t i = 0; i <= body->mask; i++) {
        rows += body->parts[i].ghost_count;
    }
    return rows;
}

static bool hash_walk_may_rest(const EtsWalk *walk)
{
    return !walk->node || next_of(walk->node)->order != walk->order;
}

enum { SAVED_LOW_BITS = 32 };

/* {Shard, Upper half of the order, Lower half} */
static Term hash_walk_save(const EtsWalk *walk, Process *p)
{
    Term *words = process_alloc(p, 4);
    if (!words) {
        return TERM_NONE;
    }
    words[0].w = header_make(BOXED_TUPLE, 3);
    words[1] = small_make(walk->begun ? (int64_t)walk->shard : -1);
    words[2] = small_make((int64_t)(walk->order >> SAVED_LOW_BITS));
    words[3] = small_make((int64_t)(walk->order & UINT32_MAX));
    return boxed_term(words);
}

static bool hash_walk_load(EtsWalk *walk, Term saved)
{
    if (!term_is_tuple_of(saved, 3)) {
        return false;
    }
    const Term *items = tuple_items(saved);
    int64_t number[3];
    for (unsigned i = 0; i < 3; i++) {
        if (!term_is_small(items[i])) {
            return false;
        }
        number[i] = small_value(items[i]);
    }
    HashBody *body = (HashBody *)walk->body;
    if (number[0] > (int64_t)body->mask || number[1] < 0 || number[1] > UINT32_MAX ||
        number[2] < 0 || number[2] > UINT32_MAX) {
        return false;
    }
    walk->begun = number[0] >= 0;
    walk->shard = walk->begun ? (uint32_t)number[0] : 0;
    walk->order = (uint64_t)number[1] << SAVED_LOW_BITS | (uint64_t)number[2];
    walk->node = NULL;
    return true;
}

/* Slots are equal ranges of orders, of all parts one part after the other: as many as there are
 * buckets, but 256 at least, as in OTP. */
static uint32_t slot_level(const HashBody *body, uint32_t shard)
{
    uint32_t parts = (uint32_t)__builtin_ctz(body->mask + 1);
    uint32_t least = parts < SLOTS_LEVEL ? SLOTS_LEVEL - parts : 0;
    uint32_t level = atomic_load_explicit(&body->parts[shard].level, memory_order_acquire);
    return level > least ? level : least;
}

static bool find_slot(HashBody *body, uint64_t index, uint32_t *shard, uint64_t *from,
                      uint64_t *last)
{
    for (*shard = 0; *shard <= body->mask; ++*shard) {
        uint32_t level = slot_level(body, *shard);
        if (index < (uint64_t)1 << level) {
            *from = level ? index << (64 - level) : 0;
            *last = level ? *from + (((uint64_t)1 << (64 - level)) - 1) : UINT64_MAX - 1;
            return true;
        }
        index -= (uint64_t)1 << level;
    }
    return false;
}

static bool hash_walk_slot(EtsWalk *walk, uint64_t index)
{
    uint64_t last;
    if (!find_slot((HashBody *)walk->body, index, &walk->shard, &walk->order, &last)) {
        return false;
    }
    walk->begun = true;
    walk->node = NULL; /* no row has an even order: the walk goes on with the first behind it */
    return true;
}

static bool hash_in_slot(const EtsWalk *walk, const EtsRow *row, uint64_t index)
{
    uint32_t shard;
    uint64_t from, last;
    return find_slot((HashBody *)walk->body, index, &shard, &from, &last) && shard == walk->shard &&
           row->node.order >= from && row->node.order <= last;
}

/* ---- writers ---- */

static void hash_lock(EtsBody *body, Term key, EtsSpot *spot)
{
    uint64_t hash = term_hash(key);
    Part *part = part_of((HashBody *)body, hash);
    spot->order = order_of(hash);
    spot->part = part;
    spin_lock(&part->lock);
}

static void hash_unlock(EtsSpot *spot)
{
    spin_unlock(&((Part *)spot->part)->lock);
}

static void hash_lock_all(EtsBody *b)
{
    HashBody *body = (HashBody *)b;
    for (uint32_t i = 0; i <= body->mask; i++) {
        spin_lock(&body->parts[i].lock);
    }
}

static void hash_unlock_all(EtsBody *b)
{
    HashBody *body = (HashBody *)b;
    for (uint32_t i = body->mask + 1; i-- > 0;) {
        spin_unlock(&body->parts[i].lock);
    }
}

static void hash_seek(EtsSpot *spot, Term key)
{
    if (!spot->locked) {
        uint64_t hash = term_hash(key);
        spot->part = part_of((HashBody *)spot->body, hash);
        spot->order = order_of(hash);
    }
    Part *part = spot->part;
    uint32_t level = atomic_load_explicit(&part->level, memory_order_relaxed);
    EtsNode *before = mark_ready(part, level, bucket_of(spot->order, level));
    EtsNode *node = next_of(before);
    while (node->order < spot->order) {
        before = node;
        node = next_of(node);
    }
    spot->before = before;
    spot->key = key;
    spot->row = NULL;
    for (; node->order == spot->order; before = node, node = next_of(node)) {
        if (term_equal_exact(ets_row_key(spot->table, (EtsRow *)node), key)) {
            spot->before = before;
            spot->row = (EtsRow *)node;
            return;
        }
    }
}

static void hash_step(EtsSpot *spot)
{
    EtsRow *next = same_key(spot->table, spot->row);
    spot->before = &spot->row->node;
    spot->row = next;
}

static bool hash_add(EtsSpot *spot, EtsRow *row)
{
    Part *part = spot->part;
    row->node.order = spot->order;
    EtsNode *next = next_of(spot->before);
    atomic_init(&row->node.next, next);
    set_next(spot->before, &row->node);
    spot->row = row;
    count_add(part, 1, row_words(row));
    if (ACT_UNLIKELY(spot->table->cache)) {
        ets_cache_enter(spot->table, row);
    }
    return true;
}

static void hash_replace(EtsSpot *spot, EtsRow *with)
{
    EtsRow *old = spot->row;
    if (ACT_UNLIKELY(spot->table->cache)) {
        ets_cache_leave(spot->table, old);
        ets_cache_enter(spot->table, with);
    }
    with->node.order = spot->order;
    atomic_init(&with->node.next, next_of(&old->node));
    set_next(spot->before, &with->node);
    spot->row = with;
    count_add(spot->part, ets_row_is_ghost(old) ? 1 : 0, row_words(with) - row_words(old));
    ets_retire_row(spot->scheduler, old);
}

/* Notes that there is a ghost; false without memory. */
static bool note_ghost(Part *part, uint64_t order)
{
    if (part->ghost_count == part->ghost_room) {
        size_t room = part->ghost_room ? part->ghost_room * 2 : GHOSTS_FIRST;
        uint64_t *ghosts = alloc_try_resize(part->ghosts, room * sizeof *ghosts);
        if (!ghosts) {
            return false;
        }
        part->ghosts = ghosts;
        part->ghost_room = room;
    }
    part->ghosts[part->ghost_count++] = order;
    return true;
}

static void unlink_row(EtsSpot *spot)
{
    EtsRow *row = spot->row;
    EtsRow *next = same_key(spot->table, row);
    set_next(spot->before, next_of(&row->node));
    spot->row = next;
    ets_retire_row(spot->scheduler, row);
}

static void hash_remove(EtsSpot *spot)
{
    Part *part = spot->part;
    EtsRow *row = spot->row;
    if (ACT_UNLIKELY(spot->table->cache)) {
        ets_cache_leave(spot->table, row);
    }
    bool fixed = atomic_load_explicit(&spot->table->fixes, memory_order_relaxed) > 0;
    if (fixed && note_ghost(part, spot->order)) {
        count_add(part, -1, 0);
        /* release: whoever sees the ghost sees what its deleter did before */
        atomic_store_explicit(&row->ghost, true, memory_order_release);
        hash_step(spot);
        return;
    }
    count_add(part, -1, -row_words(row));
    unlink_row(spot);
}

/* Only here, when nothing stands on a place in the chain, do marks come and go. */
static void hash_tend(EtsSpot *spot)
{
    Part *part = spot->part;
    uint32_t level = atomic_load_explicit(&part->level, memory_order_relaxed);
    uint64_t rows = atomic_load_explicit(&part->count, memory_order_relaxed) + part->ghost_count;
    uint64_t buckets = (uint64_t)1 << level;
    if (rows > buckets || part->growing) {
        grow(part, level);
    }
    if ((rows < buckets / 4 && level > MIN_LEVEL) || part->fading) {
        shrink(part, level, spot->scheduler);
    }
}

/* Unlinks all ghosts of that order; how many rows it met. */
static size_t sweep_order(Part *part, Scheduler *s, uint64_t order)
{
    uint32_t level = atomic_load_explicit(&part->level, memory_order_relaxed);
    EtsNode *before = mark_ready(part, level, bucket_of(order, level));
    EtsNode *node = next_of(before);
    size_t met = 1;
    for (; node->order <= order && node != &part->last; met++) {
        EtsNode *next = next_of(node);
        if (is_row(node) && ets_row_is_ghost((EtsRow *)node) && epoch_reserve(s, 1)) {
            set_next(before, next);
            count_add(part, 0, -row_words((EtsRow *)node));
            ets_retire_row(s, (EtsRow *)node);
        } else {
            before = node;
        }
        node = next;
    }
    return met;
}

/* The same of a part whose lock is held. */
static bool sweep_part(Part *part, Scheduler *s, size_t *budget)
{
    while (part->ghost_count > 0 && *budget > 0) {
        size_t met = sweep_order(part, s, part->ghosts[--part->ghost_count]);
        *budget -= ACT_MIN(met, *budget);
    }
    if (part->ghost_count > 0) {
        return false;
    }
    alloc_free(part->ghosts);
    part->ghosts = NULL;
    part->ghost_room = 0;
    return true;
}

static bool hash_sweep(const EtsTable *t, EtsBody *b, Scheduler *s, size_t *budget)
{
    HashBody *body = (HashBody *)b;
    bool all = true;
    for (uint32_t i = 0; all && i <= body->mask; i++) {
        Part *part = &body->parts[i];
        spin_lock(&part->lock);
        bool fixed = atomic_load_explicit(&t->fixes, memory_order_seq_cst) > 0;
        all = fixed || b->dead || sweep_part(part, s, budget);
        spin_unlock(&part->lock);
    }
    return all;
}

static bool hash_free_some(EtsBody *b, size_t *budget)
{
    HashBody *body = (HashBody *)b;
    for (; body->free_part <= body->mask; body->free_part++) {
        Part *part = &body->parts[body->free_part];
        EtsNode *node = next_of(&part->first);
        for (; node != &part->last; --*budget) {
            if (*budget == 0) {
                set_next(&part->first, node);
                return false;
            }
            EtsNode *next = next_of(node);
            if (is_row(node)) {
                ets_row_free((EtsRow *)node);
            }
            node = next;
        }
        for (uint32_t level = 0; level <= MAX_LEVEL; level++) {
            alloc_free(atomic_load_explicit(&part->segments[level], memory_order_relaxed));
        }
        alloc_free(part->growing);
        alloc_free(part->ghosts);
    }
    alloc_free(body);
    return true;
}

const EtsKind ets_hash_kind = {
    .make = hash_make,
    .find = hash_find,
    .find_more = hash_find_more,
    .walk = hash_walk,
    .walk_from = hash_walk_from,
    .walk_may_rest = hash_walk_may_rest,
    .walk_save = hash_walk_save,
    .walk_load = hash_walk_load,
    .walk_slot = hash_walk_slot,
    .in_slot = hash_in_slot,
    .keeps = hash_keeps,
    .lock = hash_lock,
    .unlock = hash_unlock,
    .lock_all = hash_lock_all,
    .unlock_all = hash_unlock_all,
    .seek = hash_seek,
    .step = hash_step,
    .add = hash_add,
    .replace = hash_replace,
    .remove = hash_remove,
    .tend = hash_tend,
    .sweep = hash_sweep,
    .free_some = hash_free_some,
    .count = hash_count,
    .words = hash_words,
};
