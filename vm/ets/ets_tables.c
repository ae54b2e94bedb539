/* SPDX-License-Identifier: Apache-2.0 */
/* vm/ets/ets_tables.c: which tables there are, whose they are, and their end. */
#include "vm/ets/ets_tables.h"

#include "vm/base/alloc.h"
#include "vm/code/code.h"
#include "vm/ets/ets_bulk.h"
#include "vm/ets/ets_fix.h"
#include "vm/host/host.h"
#include "vm/proc/table.h"
#include "vm/sched/deliver.h"
#include "vm/term/atom.h"
#include "vm/term/copy.h"
#include "vm/term/ref.h"

enum {
    MAX_TABLES = 1 << 22,
    OWNED_FIRST = 4,
    LARGE = 1024, /* rows: worth giving back soon */
    ROWS_AT_ONCE = 32,
    MOST_TIMES = 32,
    /* a table's reference says so in its extra: slot, and this in the low bits */
    REF_IS_TABLE = 2,
    REF_KIND_BITS = 8,
};

struct EtsTables {
    SpinLock lock; /* adding, deleting, renaming */
    /* any thread, atomic: release by who adds, acquire by who finds */
    _Atomic(EtsTable *) *slots;
    _Atomic(EtsTable *) *names; /* by the atom's index */
    _Atomic(uint32_t) used;     /* slots ever used; written under lock, relaxed */
    _Atomic(uint32_t) count;
    uint32_t *free_slots; /* under lock */
    uint32_t free_count, free_room;
    SpinLock reap_lock;
    EtsBody *reaping; /* under reap_lock */
    EtsTable *specs;  /* of the machine itself; in no slot */
};

/* What a process has to do with a table. */
typedef struct {
    uint64_t id;
    uint32_t slot;
    bool fixed; /* it holds it fixed; else it owns it, or did */
} Owned;

struct EtsOwned {
    uint32_t count, room;
    Owned items[];
};

/* ---- finding ---- */

ACT_INLINE EtsTable *at(const EtsTables *tables, uint32_t slot, uint64_t id)
{
    EtsTable *t =
        slot < MAX_TABLES ? atomic_load_explicit(&tables->slots[slot], memory_order_acquire) : NULL;
    return t && t->id == id ? t : NULL;
}

ACT_INLINE bool names_table(Term ref)
{
    return term_is_ref(ref) && (ref_extra(ref) & ((1u << REF_KIND_BITS) - 1)) == REF_IS_TABLE;
}

bool ets_tables_names(Term id)
{
    return term_is_atom(id) || names_table(id);
}

EtsTable *ets_tables_find(Vm *vm, Term id)
{
    if (term_is_atom(id)) {
        return atomic_load_explicit(&vm->tables->names[atom_index(id)], memory_order_acquire);
    }
    if (!names_table(id)) {
        return NULL;
    }
    return at(vm->tables, (uint32_t)(ref_extra(id) >> REF_KIND_BITS), ref_id(id));
}

Term ets_tables_ref(const EtsTable *t, Term *words)
{
    return ref_build(words, t->id, (uint64_t)t->slot << REF_KIND_BITS | REF_IS_TABLE, 0);
}

Term ets_tables_id(const EtsTable *t, Term *words)
{
    return t->named ? TERM_RAW(atomic_load_explicit(&t->name, memory_order_relaxed))
                    : ets_tables_ref(t, words);
}

EtsTable *ets_tables_specs(const Vm *vm)
{
    return vm->tables->specs;
}

uint32_t ets_tables_count(const Vm *vm)
{
    return atomic_load_explicit(&vm->tables->count, memory_order_relaxed);
}

uint32_t ets_tables_slots(const Vm *vm)
{
    return atomic_load_explicit(&vm->tables->used, memory_order_relaxed);
}

EtsTable *ets_tables_at(const Vm *vm, uint32_t slot)
{
    return atomic_load_explicit(&vm->tables->slots[slot], memory_order_acquire);
}

uint64_t ets_tables_bytes(Vm *vm)
{
    uint64_t words = 0;
    for (uint32_t slot = 0; slot < ets_tables_slots(vm); slot++) {
        EtsTable *t = ets_tables_at(vm, slot);
        if (t) {
            words += sizeof *t / sizeof(Term) + t->kind->words(ets_body(t));
        }
    }
    return words * sizeof(Term);
}

/* ---- a process's list ---- */

/* Drops what is no more; the owner's thread. */
static void owned_prune(Process *p)
{
    struct EtsOwned *owned = p->tables;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < owned->count; i++) {
        EtsTable *t = at(p->vm->tables, owned->items[i].slot, owned->items[i].id);
        bool mine = t && (owned->items[i].fixed ||
                          atomic_load_explicit(&t->owner, memory_order_relaxed) == p->pid.w);
        if (mine) {
            owned->items[kept++] = owned->items[i];
        }
    }
    owned->count = kept;
}

static bool owned_reserve(Process *p)
{
    struct EtsOwned *owned = p->tables;
    if (owned && owned->count < owned->room) {
        return true;
    }
    if (owned) {
        owned_prune(p);
        if (owned->count <= owned->room / 2) {
            return true;
        }
    }
    uint32_t room = owned ? owned->room * 2 : OWNED_FIRST;
    struct EtsOwned *grown = alloc_try_resize(owned, sizeof *grown + room * sizeof grown->items[0]);
    if (!grown) {
        return owned && owned->count < owned->room;
    }
    grown->count = owned ? grown->count : 0;
    grown->room = room;
    p->tables = grown;
    return true;
}

static void owned_add(Process *p, const EtsTable *t, bool fixed)
{
    p->tables->items[p->tables->count++] = (Owned){t->id, t->slot, fixed};
}

/* ---- adding and deleting ---- */

static bool take_slot(EtsTables *tables, uint32_t *slot)
{
    if (tables->free_count > 0) {
        *slot = tables->free_slots[--tables->free_count];
        return true;
    }
    uint32_t used = atomic_load_explicit(&tables->used, memory_order_relaxed);
    if (used == MAX_TABLES) {
        return false;
    }
    if (used == tables->free_room) { /* room for all slots to be free */
        uint32_t room = used * 2 + 16;
        uint32_t *grown = alloc_try_resize(tables->free_slots, room * sizeof *grown);
        if (!grown) {
            return false;
        }
        tables->free_slots = grown;
        tables->free_room = room;
    }
    atomic_store_explicit(&tables->used, used + 1, memory_order_relaxed);
    *slot = used;
    return true;
}

static EtsAdded enter(EtsTables *tables, EtsTable *t)
{
    uint32_t name = atom_index(TERM_RAW(atomic_load_explicit(&t->name, memory_order_relaxed)));
    if (t->named && atomic_load_explicit(&tables->names[name], memory_order_relaxed)) {
        return ETS_NAME_TAKEN;
    }
    if (!take_slot(tables, &t->slot)) {
        return ETS_TOO_MANY;
    }
    atomic_store_explicit(&tables->slots[t->slot], t, memory_order_release);
    if (t->named) {
        atomic_store_explicit(&tables->names[name], t, memory_order_release);
    }
    atomic_fetch_add_explicit(&tables->count, 1, memory_order_relaxed);
    return ETS_ADDED;
}

EtsAdded ets_tables_add(Process *p, EtsTable *t)
{
    EtsTables *tables = p->vm->tables;
    if (!owned_reserve(p)) {
        return ETS_NO_MEMORY;
    }
    spin_lock(&tables->lock);
    EtsAdded added = enter(tables, t);
    spin_unlock(&tables->lock);
    if (added == ETS_ADDED) {
        owned_add(p, t, false);
    }
    return added;
}

void ets_tables_drop(EtsTable *t)
{
    EtsBody *body = ets_body(t);
    if (body) {
        ets_free_body(body);
    }
    for (EtsBody *kept = ets_fix_take_kept(t), *next; kept; kept = next) {
        next = kept->next;
        ets_free_body(kept);
    }
    if (t->heir_data) {
        fragment_free(t->heir_data);
    }
    alloc_free(t->fixers);
    alloc_free(t->cache);
    alloc_free(t);
}

/* Nobody looks at the table's own block any more; its rows go later. */
static void release_table(Scheduler *s, void *block)
{
    (void)s;
    EtsTable *t = block;
    atomic_store_explicit(&t->body, NULL, memory_order_relaxed);
    ets_tables_drop(t);
}

static void reap_push(Vm *vm, EtsBody *body)
{
    EtsTables *tables = vm->tables;
    spin_lock(&tables->reap_lock);
    body->next = tables->reaping;
    tables->reaping = body;
    spin_unlock(&tables->reap_lock);
    atomic_fetch_add_explicit(&vm->background, 1, memory_order_seq_cst);
}

static EtsBody *reap_pop(Vm *vm)
{
    EtsTables *tables = vm->tables;
    spin_lock(&tables->reap_lock);
    EtsBody *body = tables->reaping;
    tables->reaping = body ? body->next : NULL;
    spin_unlock(&tables->reap_lock);
    if (body) {
        atomic_fetch_sub_explicit(&vm->background, 1, memory_order_seq_cst);
    }
    return body;
}

/* Small bodies go at once: as many as come. */
static void release_body(Scheduler *s, void *block)
{
    EtsBody *body = block;
    size_t budget = ROWS_AT_ONCE;
    if (!body->kind->free_some(body, &budget)) {
        reap_push(s->vm, body);
    }
}

void ets_tables_retire_body(Scheduler *s, EtsBody *body)
{
    if (epoch_reserve(s, 1)) {
        bool large = body->kind->count(body) > LARGE;
        epoch_defer(s, release_body, body);
        if (large) {
            epoch_hurry(s);
        }
    }
}

bool ets_tables_reap(Scheduler *s, size_t rows)
{
    Vm *vm = s->vm;
    /* relaxed: a hint; the lock orders the rest */
    if (ACT_LIKELY(atomic_load_explicit(&vm->background, memory_order_relaxed) == 0)) {
        return false;
    }
    size_t waiting = atomic_load_explicit(&vm->background, memory_order_relaxed);
    rows *= ACT_MIN(waiting, MOST_TIMES);
    while (rows > 0) {
        EtsBody *body = reap_pop(vm);
        if (!body) {
            return false;
        }
        rows--;
        if (!body->kind->free_some(body, &rows)) {
            reap_push(vm, body);
        }
    }
    return true;
}

static void leave(EtsTables *tables, EtsTable *t)
{
    spin_lock(&tables->lock);
    if (t->named) {
        Term name = TERM_RAW(atomic_load_explicit(&t->name, memory_order_relaxed));
        atomic_store_explicit(&tables->names[atom_index(name)], NULL, memory_order_release);
    }
    atomic_store_explicit(&tables->slots[t->slot], NULL, memory_order_release);
    tables->free_slots[tables->free_count++] = t->slot;
    spin_unlock(&tables->lock);
    atomic_fetch_sub_explicit(&tables->count, 1, memory_order_relaxed);
}

bool ets_tables_delete(Scheduler *s, EtsTable *t)
{
    if (!epoch_reserve(s, 2) || atomic_exchange_explicit(&t->deleted, true, memory_order_acq_rel)) {
        return false;
    }
    leave(s->vm->tables, t);
    /* a body may just be taken from the table: whoever does that holds all its locks */
    EtsBody *body = ets_body(t);
    t->kind->lock_all(body);
    while (body->dead) {
        t->kind->unlock_all(body);
        body = ets_body(t);
        t->kind->lock_all(body);
    }
    body->dead = true;
    ets_bulk_end(t, ETS_BULK_GONE);
    EtsBody *kept = ets_fix_take_kept(t);
    t->kind->unlock_all(body);
    ets_tables_retire_body(s, body);
    ets_fix_retire_kept(s, kept);
    if (epoch_reserve(s, 1)) {
        epoch_defer(s, release_table, t);
    }
    return true;
}

bool ets_tables_rename(EtsTable *t, Term name)
{
    EtsTables *tables = t->vm->tables;
    bool free = true;
    spin_lock(&tables->lock);
    if (t->named && !atomic_load_explicit(&t->deleted, memory_order_acquire)) {
        Term old = TERM_RAW(atomic_load_explicit(&t->name, memory_order_relaxed));
        _Atomic(EtsTable *) *place = &tables->names[atom_index(name)];
        free = !atomic_load_explicit(place, memory_order_relaxed);
        if (free) {
            atomic_store_explicit(&tables->names[atom_index(old)], NULL, memory_order_release);
            atomic_store_explicit(place, t, memory_order_release);
        }
    }
    if (free) {
        atomic_store_explicit(&t->name, name.w, memory_order_relaxed);
    }
    spin_unlock(&tables->lock);
    return free;
}

/* ---- changing hands ---- */

static bool send_table(Scheduler *s, EtsTable *t, Term from, Term to, Term data, const Heap *heap)
{
    Term ref[REF_WORDS];
    Term items[4] = {ATOM(ETS_TRANSFER), ets_tables_id(t, ref), from, data};
    Signal *signal = signal_new_tuple(SIGNAL_TABLE, from, items, 4, heap);
    if (!signal) {
        return false;
    }
    signal->extra = small_make(t->slot);
    atomic_store_explicit(&t->owner, to.w, memory_order_relaxed);
    deliver_to(s, to, signal);
    return true;
}

bool ets_tables_give(Process *p, EtsTable *t, Term to, Term data)
{
    return send_table(p->scheduler, t, p->pid, to, data, &p->heap);
}

bool ets_tables_set_heir(Process *p, EtsTable *t, Term heir, Term data)
{
    CopyPlan plan;
    Fragment *fragment = NULL;
    if (!copy_plan(&plan, data, p->heap.literals, p->heap.literals_end)) {
        return false;
    }
    if (plan.words > 0) {
        fragment = fragment_new(plan.words);
        if (!fragment) {
            copy_drop(&plan);
            return false;
        }
        data = copy_run(&plan, fragment->words, &fragment->off_heap);
        fragment->used = plan.words;
    }
    spin_lock(&t->meta);
    Fragment *old = t->heir_data;
    t->heir = heir;
    t->heir_data = fragment;
    t->heir_data_term = data;
    spin_unlock(&t->meta);
    if (old) {
        fragment_free(old);
    }
    return true;
}

/* The owner `gone` is no more: its table goes to the heir, or away. Only an owner sets the heir, so
 * nobody does now. */
static void owner_gone(Scheduler *s, EtsTable *t, Term gone, const Heap *literals)
{
    spin_lock(&t->meta);
    Term heir = t->heir;
    Term data = t->heir_data_term;
    spin_unlock(&t->meta);
    bool given = term_is_pid(heir) && !term_same(heir, gone) &&
                 process_table_find(s->vm->processes, heir) &&
                 send_table(s, t, gone, heir, data, literals);
    if (!given) {
        ets_tables_delete(s, t);
    }
}

static void table_arrived(Process *p, const Signal *signal)
{
    EtsTable *t = ets_tables_at(p->vm, (uint32_t)small_value(signal->extra));
    if (t && atomic_load_explicit(&t->owner, memory_order_relaxed) == p->pid.w) {
        if (owned_reserve(p)) {
            owned_add(p, t, false);
        } else {
            ets_tables_delete(p->scheduler, t);
        }
    }
}

static void table_lost(Scheduler *s, uintptr_t dead_word, const Signal *signal)
{
    Term dead = TERM_RAW(dead_word);
    EtsTable *t = ets_tables_at(s->vm, (uint32_t)small_value(signal->extra));
    if (t && atomic_load_explicit(&t->owner, memory_order_relaxed) == dead.w) {
        const CodeTables *code = s->vm->code;
        Heap literals = {.literals = code->literals, .literals_end = code->literals_end};
        owner_gone(s, t, dead, &literals);
    }
}

/* ---- fixing ---- */

bool ets_tables_fix(Process *p, EtsTable *t)
{
    bool first;
    if (!owned_reserve(p) || !ets_fix_take(t, p->pid, &first)) {
        return false;
    }
    if (first) {
        owned_add(p, t, true);
    }
    return true;
}

void ets_tables_unfix(Process *p, EtsTable *t)
{
    struct EtsOwned *owned = p->tables;
    if (!ets_fix_give(p->scheduler, t, p->pid, false)) {
        return;
    }
    for (uint32_t i = owned->count; i-- > 0;) {
        if (owned->items[i].fixed && owned->items[i].id == t->id) {
            owned->items[i] = owned->items[--owned->count];
            break;
        }
    }
}

void ets_tables_process_ended(Scheduler *s, Process *p)
{
    struct EtsOwned *owned = p->tables;
    if (ACT_LIKELY(!owned)) {
        return;
    }
    p->tables = NULL;
    for (uint32_t i = 0; i < owned->count; i++) {
        EtsTable *t = at(s->vm->tables, owned->items[i].slot, owned->items[i].id);
        if (t && owned->items[i].fixed) {
            ets_fix_give(s, t, p->pid, true);
        } else if (t && atomic_load_explicit(&t->owner, memory_order_relaxed) == p->pid.w) {
            owner_gone(s, t, p->pid, &p->heap);
        }
    }
    alloc_free(owned);
}

/* ---- the machine's beginning and end ---- */

/* A public set that no program knows. */
static EtsTable *own_table(Vm *vm)
{
    EtsTable *t = alloc_try_zero(sizeof *t);
    if (t) {
        t->vm = vm;
        t->kind = &ets_hash_kind;
        t->type = ETS_SET;
        atomic_init(&t->access, ETS_PUBLIC);
        t->key_position = t->shards = 1;
        t->heir = ATOM(none);
        atomic_init(&t->body, t->kind->make(t));
        if (!ets_body(t)) {
            alloc_free(t);
            t = NULL;
        }
    }
    return t;
}

bool ets_tables_new(Vm *vm)
{
    EtsTables *tables = alloc_try_zero(sizeof *tables);
    if (!tables) {
        return false;
    }
    Host *host = vm->host;
    tables->slots = host->reserve(host, MAX_TABLES * sizeof *tables->slots);
    tables->names = host->reserve(host, ATOM_CAPACITY * sizeof *tables->names);
    vm->tables = tables;
    vm->table_arrived = table_arrived;
    vm->table_lost = table_lost;
    tables->specs = own_table(vm);
    return tables->slots && tables->names && tables->specs;
}

void ets_tables_free(Vm *vm)
{
    EtsTables *tables = vm->tables;
    if (!tables) {
        return;
    }
    for (uint32_t slot = 0; slot < ets_tables_slots(vm); slot++) {
        EtsTable *t = ets_tables_at(vm, slot);
        if (t) {
            ets_tables_drop(t);
        }
    }
    for (EtsBody *body = tables->reaping, *next; body; body = next) {
        next = body->next;
        ets_free_body(body);
    }
    if (tables->specs) {
        ets_tables_drop(tables->specs);
    }
    Host *host = vm->host;
    if (tables->slots) {
        host->release(host, tables->slots, MAX_TABLES * sizeof *tables->slots);
    }
    if (tables->names) {
        host->release(host, tables->names, ATOM_CAPACITY * sizeof *tables->names);
    }
    alloc_free(tables->free_slots);
    alloc_free(tables);
    vm->tables = NULL;
}
