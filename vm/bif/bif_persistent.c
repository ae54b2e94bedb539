/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_persistent.c: module persistent_term: terms by key that are read without being copied.
 *
 * Keys and values lie in the literal area and stay there for ever: a value that was replaced or
 * erased may still be in use anywhere. Looking up takes no lock: a table of slots is published
 * whole, a slot's value when its key is in place; writers take turns (lock). A full table is
 * replaced by one twice as large; the old ones are freed with the VM. */
#include "vm/bif/bif_persistent.h"

#include "vm/base/alloc.h"
#include "vm/bif/bif_shared.h"
#include "vm/bif/bif_util.h"
#include "vm/code/code.h"
#include "vm/host/host.h"
#include "vm/term/compare.h"
#include "vm/term/copy.h"
#include "vm/term/hash.h"
#include "vm/vm_parts.h"

#include <stdatomic.h>

enum { FIRST_SLOTS = 64 };

typedef struct {
    Term key; /* set before value is; never changes */
    /* any thread, atomic: TERM_NONE.w while there is no such term. Stores release, loads acquire:
     * who sees a value sees the key and what both are made of. */
    _Atomic(uintptr_t) value;
} Slot;

typedef struct Slots Slots;
struct Slots {
    Slots *older;
    size_t mask;
    size_t used; /* lock */
    Slot items[];
};

struct PersistentTerms {
    /* any thread, atomic: stores (under lock) release, loads acquire */
    _Atomic(Slots *) slots;
    HostMutex *lock;
    size_t count, words; /* lock */
};

static Slots *slots_new(size_t size, Slots *older)
{
    Slots *slots = alloc_try_zero(sizeof *slots + size * sizeof(Slot));
    if (slots) {
        slots->older = older;
        slots->mask = size - 1;
        for (size_t i = 0; i < size; i++) {
            slots->items[i].key = TERM_NONE;
            atomic_init(&slots->items[i].value, TERM_NONE.w);
        }
    }
    return slots;
}

PersistentTerms *bif_persistent_new(Host *host)
{
    PersistentTerms *terms = alloc_try_zero(sizeof *terms);
    Slots *slots = terms ? slots_new(FIRST_SLOTS, NULL) : NULL;
    HostMutex *lock = slots ? host->mutex_new(host) : NULL;
    if (!lock) {
        alloc_free(slots);
        alloc_free(terms);
        return NULL;
    }
    terms->lock = lock;
    atomic_init(&terms->slots, slots);
    return terms;
}

void bif_persistent_free(PersistentTerms *terms, Host *host)
{
    if (!terms) {
        return;
    }
    host->mutex_free(host, terms->lock);
    Slots *slots = atomic_load_explicit(&terms->slots, memory_order_relaxed);
    while (slots) {
        Slots *older = slots->older;
        alloc_free(slots);
        slots = older;
    }
    alloc_free(terms);
}

/* Its slot, or the free one where it would go. A slot whose value was never set is free to readers.
 */
static Slot *slot_of(Slots *slots, Term key, bool writing)
{
    for (size_t i = term_hash(key) & slots->mask;; i = (i + 1) & slots->mask) {
        Slot *slot = &slots->items[i];
        uintptr_t value = atomic_load_explicit(&slot->value, memory_order_acquire);
        if (value == TERM_NONE.w && !writing) {
            return slot;
        }
        if (term_same(slot->key, TERM_NONE) || term_equal_exact(slot->key, key)) {
            return slot;
        }
    }
}

/* Waits for the writer at work. */
static void lock(const Process *p)
{
    p->vm->host->mutex_lock(p->vm->host, vm_bifs(p->vm)->persistent->lock);
}

static void unlock(const Process *p)
{
    p->vm->host->mutex_unlock(p->vm->host, vm_bifs(p->vm)->persistent->lock);
}

static Slots *current(const Process *p)
{
    return atomic_load_explicit(&vm_bifs(p->vm)->persistent->slots, memory_order_acquire);
}

/* Twice the room, without the erased. lock is held. */
static bool grow(PersistentTerms *terms, Slots *old)
{
    Slots *slots = slots_new((old->mask + 1) * 2, old);
    if (!slots) {
        return false;
    }
    for (size_t i = 0; i <= old->mask; i++) {
        uintptr_t value = atomic_load_explicit(&old->items[i].value, memory_order_relaxed);
        if (value != TERM_NONE.w && value != TERM_MOVED.w) {
            Slot *slot = slot_of(slots, old->items[i].key, true);
            slot->key = old->items[i].key;
            atomic_init(&slot->value, value);
            slots->used++;
        }
    }
    atomic_store_explicit(&terms->slots, slots, memory_order_release);
    return true;
}

/* The term of a key, TERM_NONE without. TERM_MOVED marks an erased one, so that a search goes on.
 */
static Term find(const Process *p, Term key)
{
    Slot *slot = slot_of(current(p), key, false);
    uintptr_t value = atomic_load_explicit(&slot->value, memory_order_acquire);
    return value == TERM_MOVED.w ? TERM_NONE : TERM_RAW(value);
}

/* Key and value are literals already. lock is held. */
static bool put(PersistentTerms *terms, Term key, Term value)
{
    Slots *slots = atomic_load_explicit(&terms->slots, memory_order_relaxed);
    if (slots->used * 4 >= (slots->mask + 1) * 3) {
        if (!grow(terms, slots)) {
            return false;
        }
        slots = atomic_load_explicit(&terms->slots, memory_order_relaxed);
    }
    Slot *slot = slot_of(slots, key, true);
    uintptr_t old = atomic_load_explicit(&slot->value, memory_order_relaxed);
    if (term_same(slot->key, TERM_NONE)) {
        slot->key = key;
        slots->used++;
    }
    terms->count += old == TERM_NONE.w || old == TERM_MOVED.w;
    atomic_store_explicit(&slot->value, value.w, memory_order_release);
    return true;
}

Term bif_persistent_term_put_2(Process *p, const Term *a)
{
    Term old = find(p, a[0]);
    if (!term_same(old, TERM_NONE) && term_equal_exact(old, a[1])) {
        return ATOM(ok);
    }
    CodeTables *code = vm_code(p->vm);
    size_t words = copy_flat_size(a[1], code->literals, code->literals_end, SIZE_MAX);
    Term key = code_literal_copy(p->vm, a[0]);
    Term value = term_same(key, TERM_NONE) ? TERM_NONE : code_literal_copy(p->vm, a[1]);
    if (term_same(value, TERM_NONE)) {
        return raise_system_limit(p);
    }
    lock(p);
    PersistentTerms *terms = vm_bifs(p->vm)->persistent;
    bool done = put(terms, key, value);
    terms->words += words;
    unlock(p);
    return done ? ATOM(ok) : raise_system_limit(p);
}

Term bif_persistent_term_get_1(Process *p, const Term *a)
{
    Term value = find(p, a[0]);
    return term_same(value, TERM_NONE) ? raise_badarg(p) : value;
}

Term bif_persistent_term_get_2(Process *p, const Term *a)
{
    Term value = find(p, a[0]);
    return term_same(value, TERM_NONE) ? a[1] : value;
}

Term bif_persistent_term_erase_1(Process *p, const Term *a)
{
    lock(p);
    PersistentTerms *terms = vm_bifs(p->vm)->persistent;
    Slots *slots = atomic_load_explicit(&terms->slots, memory_order_relaxed);
    Slot *slot = slot_of(slots, a[0], true);
    uintptr_t value = atomic_load_explicit(&slot->value, memory_order_relaxed);
    bool found = value != TERM_NONE.w && value != TERM_MOVED.w;
    if (found) {
        atomic_store_explicit(&slot->value, TERM_MOVED.w, memory_order_release);
        terms->count--;
    }
    unlock(p);
    return found ? ATOM(true) : ATOM(false);
}

Term bif_persistent_term_get_0(Process *p, const Term *a)
{
    (void)a;
    Slots *slots = current(p);
    Term list = TERM_NIL;
    for (size_t i = 0; i <= slots->mask && !term_same(list, TERM_NONE); i++) {
        Term value = TERM_RAW(atomic_load_explicit(&slots->items[i].value, memory_order_acquire));
        if (!term_same(value, TERM_NONE) && !term_same(value, TERM_MOVED)) {
            Term pair = UTIL_TUPLE(p, slots->items[i].key, value);
            list = term_same(pair, TERM_NONE) ? pair : util_cons(p, pair, list);
        }
    }
    return list;
}

/* {Count, Bytes}: info/0 is made of it in Act. */
Term bif_persistent_term_act_usage_0(Process *p, const Term *a)
{
    (void)a;
    lock(p);
    const PersistentTerms *terms = vm_bifs(p->vm)->persistent;
    Term count = small_make((int64_t)terms->count);
    Term bytes = small_make((int64_t)(terms->words * sizeof(Term)));
    unlock(p);
    return UTIL_TUPLE(p, count, bytes);
}
