/* SPDX-License-Identifier: Apache-2.0 */
/* vm/ets/ets.h: tables of rows that many processes share (module ets).
 *
 * A table's rows are copies that belong to the table (ets_row.h). Readers take no lock: a row is
 * published by one release store, changes in no way but that of ets_row_store, and is given back by
 * epochs (sched/epoch.h), so whatever a reader meets stays good until its turn ends. Writers take
 * the spin lock of the part of the table that their key falls into; work on several keys at once
 * takes all of a table's locks, in order, and counts in `begun` and `done` so that readers of a key
 * see all or nothing of it.
 *
 * How rows are kept is a kind, a struct of functions: ets_hash.c (set, bag, duplicate_bag),
 * ets_order.c (ordered_set). Which tables there are, and what becomes of them when their owner
 * dies: ets_tables.c. docs/design/TABLES.md has the reasons. */
#ifndef ACT_ETS_ETS_H
#define ACT_ETS_ETS_H

#include "vm/base/spin.h"
#include "vm/ets/ets_row.h"
#include "vm/ets/ets_tree.h"
#include "vm/sched/epoch.h"
#include "vm/vm_parts.h"

typedef enum { ETS_SET, ETS_BAG, ETS_DUPLICATE_BAG, ETS_ORDERED_SET } EtsType;
typedef enum { ETS_PUBLIC, ETS_PROTECTED, ETS_PRIVATE } EtsAccess;

typedef struct EtsTable EtsTable;
typedef struct EtsBody EtsBody;
typedef struct EtsKind EtsKind;
typedef struct EtsCache EtsCache; /* ets_cache.h */
typedef struct EtsBulk EtsBulk;   /* ets_bulk.h */

/* The rows of a table; delete_all_objects gives it a new one. Kinds have their own fields behind.
 */
struct EtsBody {
    const EtsKind *kind;
    EtsBody *next; /* among those that are kept, or being given back */
    bool dead;     /* under all of its locks: not its table's any more */
};

typedef struct {
    Term pid;
    uint64_t count;
} EtsFixer;

struct EtsTable {
    /* never change */
    Vm *vm;
    const EtsKind *kind;
    uint64_t id; /* of its reference */
    uint32_t slot;
    EtsType type;
    uint32_t key_position; /* from 1 */
    bool named;
    bool compressed, read_concurrency, decentralized_counters;
    Term write_concurrency; /* false, true, auto, debug_hash_fixed_number_of_locks */
    uint32_t locks_told;    /* the number with the last of these */
    uint32_t shards;        /* a power of 2: parts with a lock each */
    EtsCache *cache;        /* of a table whose rows leave by themselves, else NULL */
    /* owner of the table only (its process) */
    uint32_t owned_index; /* in the process's list */
    /* any thread, atomic, relaxed: each for itself */
    _Atomic(uintptr_t) owner; /* word of the pid */
    _Atomic(uintptr_t) name;  /* word of the atom */
    _Atomic(EtsAccess) access;
    _Atomic(bool) deleted;   /* set before its body dies; writers that find it dead look */
    _Atomic(uint32_t) fixes; /* processes that hold it fixed */
    /* any thread, atomic: release by a writer after the locks are his, acquire by readers */
    _Atomic(uint64_t) begun;
    _Atomic(uint64_t) done;
    _Atomic(EtsBody *) body; /* release when set: publishes it */
    /* bodies cleared while the table was fixed, newest first: `next` still finds their keys.
     * Changes under all locks, release; acquire by readers */
    _Atomic(EtsBody *) kept;
    SpinLock batch; /* held while begun != done and there is no bulk */
    /* any thread, atomic: seq_cst of whom comes first sees the other (ets_bulk.h) */
    _Atomic(EtsBulk *) bulk;     /* changes under all locks */
    _Atomic(uint32_t) reworkers; /* processes in a turn that changes rows one after the other */
    /* any thread, atomic: how often it was loosened by its last fixer; how many of these times have
     * no deleted rows left. Release, acquire (ets_fix.h) */
    _Atomic(uint64_t) loosened;
    _Atomic(uint64_t) swept;
    /* under meta */
    SpinLock meta;
    Term heir; /* pid, or the atom none */
    Fragment *heir_data;
    Term heir_data_term;
    EtsFixer *fixers;
    uint32_t fixer_count, fixer_room;
    int64_t fixed_at_monotonic, fixed_at_system; /* when the first of them fixed it; nanoseconds */
};

/* ---- one key, for writers ---- */

/* A place in a table whose lock is held: the rows of a key one after the other. */
typedef struct {
    EtsTable *table;
    EtsBody *body;
    Scheduler *scheduler;
    EtsRow *row; /* the key's row here, NULL if there is none (any more) */
    Term key;
    bool locked; /* by this place itself; else all locks are held */
    /* of the kind */
    void *part;
    EtsNode *before;
    uint64_t order;
    TreePath path;
    bool moved; /* the path leads to the row no more */
} EtsSpot;

/* ---- walks, for readers ---- */

/* Where a walk is. All zeros but for table and back: before its first row. Good for one turn; what
 * it must keep for the next is a term (ets_walk_save). */
typedef struct {
    EtsTable *table;
    EtsBody *body;
    bool back;   /* from the last row to the first; ordered_set only */
    bool begun;  /* it stands on a row */
    bool ghosts; /* deleted rows that are kept, too (hash tables) */
    uint32_t shard;
    const EtsNode *node;
    uint64_t order;
    TreePath path;
    /* ordered_set: only keys for which this is 0, which lie together; NULL: all. <0: the key comes
     * before those, >0: behind them. */
    int (*range)(const void *context, Term key);
    const void *range_context;
} EtsWalk;

struct EtsKind {
    /* An empty body for t; NULL without memory. */
    EtsBody *(*make)(const EtsTable *t);
    /* readers: the first row of the key that lives, NULL if none */
    EtsRow *(*find)(const EtsTable *t, EtsBody *body, Term key);
    /* readers: the next row with the key of `row`, NULL if none */
    EtsRow *(*find_more)(const EtsTable *t, const EtsRow *row);
    /* readers: the walk's next row that lives, NULL at the end */
    EtsRow *(*walk)(EtsWalk *walk);
    /* readers: puts the walk behind the key's rows (before them, if it goes back); false if there
     * is no such key, nor a deleted one that is kept while the table is fixed */
    bool (*walk_from)(EtsWalk *walk, Term key);
    /* readers: true if the walk may be saved at the row it gave last */
    bool (*walk_may_rest)(const EtsWalk *walk);
    /* The walk's position as a term on p's heap; TERM_NONE, raised, without memory. */
    Term (*walk_save)(const EtsWalk *walk, Process *p);
    bool (*walk_load)(EtsWalk *walk, Term saved); /* false: no position */
    /* readers: puts the walk before the first row of slot `index`; false if there is none */
    bool (*walk_slot)(EtsWalk *walk, uint64_t index);
    /* readers: true if the row that the walk gave belongs to slot index */
    bool (*in_slot)(const EtsWalk *walk, const EtsRow *row, uint64_t index);
    /* how many rows, also deleted ones, a cleared body must keep while its table is fixed */
    uint64_t (*keeps)(EtsBody *body);
    /* writers */
    void (*lock)(EtsBody *body, Term key, EtsSpot *spot); /* the key's lock; spot->part */
    void (*unlock)(EtsSpot *spot);
    void (*lock_all)(EtsBody *body);
    void (*unlock_all)(EtsBody *body);
    void (*seek)(EtsSpot *spot, Term key);   /* a lock for the key is held: spot->row and so on */
    void (*step)(EtsSpot *spot);             /* to the key's next row */
    bool (*add)(EtsSpot *spot, EtsRow *row); /* before the key's rows; false: no memory */
    void (*replace)(EtsSpot *spot, EtsRow *with); /* spot->row is retired; `with` stands there */
    void (*remove)(EtsSpot *spot);                /* spot->row is retired; spot goes to the next */
    /* when the spot is not needed any more: grows or shrinks what it lies in */
    void (*tend)(EtsSpot *spot);
    /* Takes deleted rows that were kept out, *budget of them or little more, and counts it down,
     * while t is not fixed; true when none is left. No lock is held. */
    bool (*sweep)(const EtsTable *t, EtsBody *body, Scheduler *s, size_t *budget);
    /* Gives back up to *budget rows of a dead body nobody looks at, and counts it down; true when
     * all is gone. */
    bool (*free_some)(EtsBody *body, size_t *budget);
    uint64_t (*count)(EtsBody *body); /* rows that live */
    uint64_t (*words)(EtsBody *body); /* memory, in words */
};

extern const EtsKind ets_hash_kind;
extern const EtsKind ets_order_kind;

ACT_INLINE EtsBody *ets_body(EtsTable *t)
{
    /* acquire: pairs with the release that published the body */
    return atomic_load_explicit(&t->body, memory_order_acquire);
}
ACT_INLINE Term ets_row_key(const EtsTable *t, const EtsRow *row)
{
    return row->term[t->key_position];
}
ACT_INLINE bool ets_is_set(const EtsTable *t)
{
    return t->type == ETS_SET || t->type == ETS_ORDERED_SET;
}

/* Words that each row of t has behind its term. */
uint32_t ets_row_extra(const EtsTable *t);

/* ---- readers; what they give stays good until the turn ends ---- */

/* True if long work on many rows is under way: ets_bulk_help first. */
ACT_INLINE bool ets_is_busy(EtsTable *t)
{
    return atomic_load_explicit(&t->bulk, memory_order_acquire) != NULL;
}
/* The key's only row (set, ordered_set), NULL if there is none, or (p->pending says so) if p has to
 * come again because the table is busy. */
EtsRow *ets_find(Process *p, EtsTable *t, Term key);
/* The rows of a key, newest first, in *rows (`first`, or a block to be given back with
 * ets_rows_free). False without memory (raised), or if p has to come again. */
typedef struct {
    EtsRow **rows;
    size_t count;
    size_t room;
    EtsRow *first[16];
} EtsRows;
bool ets_find_all(Process *p, EtsTable *t, Term key, EtsRows *rows);
void ets_rows_start(EtsRows *rows);
bool ets_rows_add(EtsRows *rows, EtsRow *row); /* false without memory */
void ets_rows_free(EtsRows *rows);

/* A walk over all rows: `EtsWalk w; ets_walk_start(&w, t); while ((row = ets_walk_next(&w)))`. */
void ets_walk_start(EtsWalk *walk, EtsTable *t);
ACT_INLINE EtsRow *ets_walk_next(EtsWalk *walk)
{
    return walk->table->kind->walk(walk);
}

/* ---- writers ---- */

/* Takes the key's lock and finds its rows. False: the table was deleted, or is busy, or no memory
 * (then raised in p); nothing is locked then. */
bool ets_open(EtsSpot *spot, Process *p, EtsTable *t, Term key);
void ets_close(EtsSpot *spot);
/* Between two keys of work on many. */
ACT_INLINE void ets_tend(EtsSpot *spot)
{
    spot->table->kind->tend(spot);
}
/* All locks of the table; the spot is good for ets_seek. False: the table was deleted or is busy.
 * Readers of keys wait until ets_close_all. */
bool ets_open_all(EtsSpot *spot, Process *p, EtsTable *t);
void ets_close_all(EtsSpot *spot);
/* All locks of t's body; NULL if t was deleted. */
EtsBody *ets_lock_body(EtsTable *t);
/* Around changes of several rows that readers of a key must see all at once; locks are held. */
void ets_begin_many(EtsTable *t);
void ets_end_many(EtsTable *t);
/* All rows at once, in no time; false without memory (raised), if deleted or busy. */
bool ets_clear(Process *p, EtsTable *t, uint64_t *count);

/* The first row of the spot's key that lives, and the spot stands on it; NULL if there is none (of
 * a set, the spot may then stand on a deleted row that is kept). */
EtsRow *ets_living(EtsSpot *spot);
/* Puts a row in as insert does: in the place of its key's, or beside them. False without memory:
 * the row is freed. */
bool ets_put(EtsSpot *spot, EtsRow *row);

/* Gives back a body nobody looks at. */
void ets_free_body(EtsBody *body);
/* The spot's row is retired: freed when nobody can look at it. */
void ets_retire_row(Scheduler *s, EtsRow *row);
void ets_retire_block(Scheduler *s, void *block);

#endif
