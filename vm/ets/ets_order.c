/* SPDX-License-Identifier: Apache-2.0 */
/* vm/ets/ets_order.c: ordered_set: a skip list (Pugh 1990) with one writer at a time.
 *
 * A key has a tower: links at each of its levels, and its row. Writers link a tower from below and
 * unlink it from above; a tower that was unlinked keeps its links, so a reader standing on it goes
 * on to what came behind it. Keys that are == are the same key. A tower remembers its key if that
 * is one word, to be compared without a look at the row. */
#include "vm/ets/ets.h"

#include "vm/base/alloc.h"
#include "vm/ets/ets_cache.h"
#include "vm/term/compare.h"

enum {
    LEVELS = ETS_MAX_LEVELS,
    BITS_PER_LEVEL = 2, /* one tower in four reaches the next level */
};

typedef struct EtsTower Tower;
struct EtsTower {
    /* any thread, atomic: release by the writer, acquire by readers: publishes the row */
    _Atomic(EtsRow *) row;
    Term word; /* the key if one word can be no other (an atom, a small integer), else TERM_NONE */
    uint32_t height;
    _Atomic(Tower *) next[]; /* as row */
};

typedef struct {
    EtsBody body;
    SpinLock lock;
    const AtomTable *atoms;
    uint32_t key_position;
    uint64_t random;          /* under lock */
    _Atomic(uint32_t) height; /* levels in use; relaxed: too few or too many are both right */
    _Atomic(uint64_t) count;  /* written under lock, relaxed */
    _Atomic(uint64_t) words;
    Tower *head; /* of full height, without a row */
} OrderBody;

static Tower *next_of(const Tower *tower, uint32_t level)
{
    /* acquire: pairs with the release in set_next */
    return atomic_load_explicit(&tower->next[level], memory_order_acquire);
}

static void set_next(Tower *tower, uint32_t level, Tower *next)
{
    atomic_store_explicit(&tower->next[level], next, memory_order_release);
}

static EtsRow *row_of(const Tower *tower)
{
    return atomic_load_explicit(&tower->row, memory_order_acquire);
}

static Term key_of(const OrderBody *body, const Tower *tower)
{
    return term_same(tower->word, TERM_NONE) ? row_of(tower)->term[body->key_position]
                                             : tower->word;
}

/* What is looked for: a key, or a range of keys. */
typedef struct {
    Term key;
    int (*range)(const void *context, Term key);
    const void *context;
} Probe;

/* <0: the tower comes before what is looked for. */
static int compare(const OrderBody *body, const Tower *tower, const Probe *probe)
{
    Term key = key_of(body, tower);
    return probe->range ? probe->range(probe->context, key)
                        : term_compare(body->atoms, key, probe->key);
}

/* The last tower before the probe (or at it, with at_too): the head if there is none. left: NULL,
 * or where the last one on each level is put. */
static Tower *last_before(const OrderBody *body, const Probe *probe, bool at_too, Tower **left)
{
    Tower *tower = body->head;
    uint32_t level = atomic_load_explicit(&body->height, memory_order_relaxed);
    Tower *known = NULL; /* found to be at the probe or behind it on the level above */
    for (uint32_t unused = level; left && unused < LEVELS; unused++) {
        left[unused] = tower;
    }
    while (level-- > 0) {
        for (Tower *next; (next = next_of(tower, level)) && next != known; tower = next) {
            int diff = compare(body, next, probe);
            if (diff > 0 || (diff == 0 && !at_too)) {
                known = next;
                break;
            }
        }
        if (left) {
            left[level] = tower;
        }
    }
    return tower;
}

/* ---- bodies ---- */

static Tower *tower_new(uint32_t height)
{
    Tower *tower = alloc_try(sizeof *tower + height * sizeof tower->next[0]);
    if (tower) {
        atomic_init(&tower->row, NULL);
        tower->word = TERM_NONE;
        tower->height = height;
        for (uint32_t i = 0; i < height; i++) {
            atomic_init(&tower->next[i], NULL);
        }
    }
    return tower;
}

static EtsBody *order_make(const EtsTable *t)
{
    OrderBody *body = alloc_try_zero(sizeof *body);
    if (!body || !(body->head = tower_new(LEVELS))) {
        alloc_free(body);
        return NULL;
    }
    body->body.kind = &ets_order_kind;
    body->atoms = t->vm->atoms;
    body->key_position = t->key_position;
    body->random = t->id * 0x9E3779B97F4A7C15u + 1;
    atomic_init(&body->height, 1);
    return &body->body;
}

static uint64_t order_count(EtsBody *b)
{
    return atomic_load_explicit(&((OrderBody *)b)->count, memory_order_relaxed);
}

static uint64_t order_words(EtsBody *b)
{
    return (sizeof(OrderBody) + sizeof(Tower)) / sizeof(Term) + LEVELS +
           atomic_load_explicit(&((OrderBody *)b)->words, memory_order_relaxed);
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

static int64_t tower_words(const Tower *tower)
{
    return (int64_t)(sizeof *tower / sizeof(Term)) + tower->height;
}

/* ---- readers ---- */

static Tower *tower_at(const OrderBody *body, Term key)
{
    Probe probe = {.key = key};
    Tower *tower = next_of(last_before(body, &probe, false, NULL), 0);
    return tower && compare(body, tower, &probe) == 0 ? tower : NULL;
}

static EtsRow *order_find(const EtsTable *t, EtsBody *b, Term key)
{
    (void)t;
    Tower *tower = tower_at((OrderBody *)b, key);
    return tower ? row_of(tower) : NULL;
}

static EtsRow *order_find_more(const EtsTable *t, const EtsRow *row)
{
    (void)t;
    (void)row;
    return NULL;
}

/* The tower before the walk's first one; going back: the first one itself. */
static Tower *walk_start(EtsWalk *walk)
{
    const OrderBody *body = (const OrderBody *)walk->body;
    Probe probe = {.range = walk->range, .context = walk->range_context};
    if (walk->range) {
        return last_before(body, &probe, walk->back, NULL);
    }
    Tower *tower = body->head;
    if (walk->back) {
        for (uint32_t level = LEVELS; level-- > 0;) {
            for (Tower *next; (next = next_of(tower, level));) {
                tower = next;
            }
        }
    }
    return tower;
}

static EtsRow *order_walk(EtsWalk *walk)
{
    const OrderBody *body = (const OrderBody *)walk->body;
    Tower *tower;
    if (!walk->begun) {
        walk->begun = true;
        tower = walk_start(walk);
        tower = walk->back ? tower : next_of(tower, 0);
    } else if (!walk->tower) {
        return NULL;
    } else if (walk->back) {
        Probe probe = {.key = key_of(body, walk->tower)};
        tower = last_before(body, &probe, false, NULL);
    } else {
        tower = next_of(walk->tower, 0);
    }
    if (!tower || tower == body->head ||
        (walk->range && walk->range(walk->range_context, key_of(body, tower)) != 0)) {
        walk->tower = NULL;
        return NULL;
    }
    walk->tower = tower;
    return row_of(tower);
}

static bool order_walk_from(EtsWalk *walk, Term key)
{
    const OrderBody *body = (const OrderBody *)walk->body;
    Probe probe = {.key = key};
    Tower *tower = last_before(body, &probe, !walk->back, NULL);
    /* stand so that the next step is the right one: one before it, or, going back, one behind */
    walk->begun = true;
    if (!walk->back) {
        walk->tower = tower;
        return true;
    }
    walk->tower = next_of(tower, 0);
    if (!walk->tower) {
        walk->begun = false; /* behind all: from the last one */
    }
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
    if (!walk->begun || !walk->tower) {
        return TERM_NIL;
    }
    Term key = ets_part_copy(p, key_of((const OrderBody *)walk->body, walk->tower));
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

static bool order_walk_slot(EtsWalk *walk, uint64_t index)
{
    const OrderBody *body = (const OrderBody *)walk->body;
    Tower *tower = body->head;
    for (; tower && index > 0; index--) {
        tower = next_of(tower, 0);
    }
    walk->begun = true;
    walk->tower = tower;
    return tower != NULL;
}

static uint64_t order_keeps(EtsBody *body)
{
    (void)body;
    return 0; /* next finds its place without the key */
}

static bool order_in_slot(const EtsWalk *walk, const EtsRow *row, uint64_t index)
{
    (void)row;
    const OrderBody *body = (const OrderBody *)walk->body;
    Tower *tower = next_of(body->head, 0);
    for (; tower && index > 0; index--) {
        tower = next_of(tower, 0);
    }
    return tower == walk->tower;
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
    Probe probe = {.key = key};
    spot->part = body;
    spot->key = key;
    spot->row = NULL;
    spot->tower = next_of(last_before(body, &probe, false, spot->left), 0);
    if (spot->tower && compare(body, spot->tower, &probe) == 0) {
        spot->row = row_of(spot->tower);
    }
}

static void order_step(EtsSpot *spot)
{
    spot->row = NULL;
}

static uint32_t random_height(OrderBody *body)
{
    /* xorshift64* (Vigna 2016) */
    uint64_t r = body->random;
    r ^= r >> 12;
    r ^= r << 25;
    r ^= r >> 27;
    body->random = r;
    uint64_t bits = r * 0x2545F4914F6CDD1Du | (uint64_t)1 << 63;
    uint32_t height = 1 + (uint32_t)__builtin_ctzll(bits) / BITS_PER_LEVEL;
    return ACT_MIN(height, (uint32_t)LEVELS);
}

static bool order_add(EtsSpot *spot, EtsRow *row)
{
    OrderBody *body = spot->part;
    Tower *tower = tower_new(random_height(body));
    if (!tower) {
        return false;
    }
    Term key = row->term[body->key_position];
    tower->word = term_is_word(key) ? key : TERM_NONE;
    atomic_init(&tower->row, row);
    for (uint32_t level = 0; level < tower->height; level++) {
        atomic_init(&tower->next[level], next_of(spot->left[level], level));
    }
    for (uint32_t level = 0; level < tower->height; level++) {
        set_next(spot->left[level], level, tower);
    }
    if (tower->height > atomic_load_explicit(&body->height, memory_order_relaxed)) {
        atomic_store_explicit(&body->height, tower->height, memory_order_relaxed);
    }
    spot->tower = tower;
    spot->row = row;
    count_add(body, 1, row_words(row) + tower_words(tower));
    if (ACT_UNLIKELY(spot->table->cache)) {
        ets_cache_enter(spot->table, row);
    }
    return true;
}

static void order_replace(EtsSpot *spot, EtsRow *with)
{
    EtsRow *old = spot->row;
    if (ACT_UNLIKELY(spot->table->cache)) {
        ets_cache_leave(spot->table, old);
        ets_cache_enter(spot->table, with);
    }
    /* release: publishes the row */
    atomic_store_explicit(&spot->tower->row, with, memory_order_release);
    spot->row = with;
    count_add(spot->part, 0, row_words(with) - row_words(old));
    ets_retire_row(spot->scheduler, old);
}

static void order_remove(EtsSpot *spot)
{
    OrderBody *body = spot->part;
    Tower *tower = spot->tower;
    if (ACT_UNLIKELY(spot->table->cache)) {
        ets_cache_leave(spot->table, spot->row);
    }
    for (uint32_t level = tower->height; level-- > 0;) {
        set_next(spot->left[level], level, next_of(tower, level));
    }
    count_add(body, -1, -row_words(spot->row) - tower_words(tower));
    ets_retire_row(spot->scheduler, spot->row);
    ets_retire_block(spot->scheduler, tower);
    spot->row = NULL;
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
    Tower *tower = next_of(body->head, 0);
    for (; tower; --*budget) {
        if (*budget == 0) {
            set_next(body->head, 0, tower);
            return false;
        }
        Tower *next = next_of(tower, 0);
        ets_row_free(row_of(tower));
        alloc_free(tower);
        tower = next;
    }
    alloc_free(body->head);
    alloc_free(body);
    return true;
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
