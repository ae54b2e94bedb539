/* SPDX-License-Identifier: Apache-2.0 */
/* vm/sched/epoch.c: one counter for the machine, one mark a scheduler. */
#include "vm/sched/epoch.h"

#include "vm/base/alloc.h"
#include "vm/vm_parts.h"

enum { RECLAIM_EVERY = 32 };

static uint64_t oldest_seen(const Vm *vm)
{
    uint64_t oldest = UINT64_MAX;
    for (unsigned i = 0; i < vm->scheduler_count; i++) {
        /* acquire: pairs with the release in epoch_quiet: that scheduler's looks are over */
        uint64_t seen = atomic_load_explicit(&vm->schedulers[i]->epoch_seen, memory_order_acquire);
        oldest = ACT_MIN(oldest, seen);
    }
    /* acquire, behind the marks: who sees that a scheduler went on sees what it has pinned */
    return ACT_MIN(oldest, atomic_load_explicit(&vm->pinned, memory_order_acquire));
}

/* ---- pins; under pin_lock ---- */

static void publish_pins(Vm *vm)
{
    uint64_t oldest = UINT64_MAX;
    for (const EpochPin *pin = vm->pins; pin; pin = pin->next) {
        oldest = ACT_MIN(oldest, pin->epoch);
    }
    /* release: pairs with oldest_seen: the looks of who unpinned are over */
    atomic_store_explicit(&vm->pinned, oldest, memory_order_release);
}

void epoch_pin(Scheduler *s, EpochPin *pin)
{
    Vm *vm = s->vm;
    /* what was found in this turn was there at its last quiet point, or came later */
    pin->epoch = atomic_load_explicit(&s->epoch_seen, memory_order_relaxed);
    pin->before = NULL;
    spin_lock(&vm->pin_lock);
    pin->next = vm->pins;
    if (pin->next) {
        pin->next->before = pin;
    }
    vm->pins = pin;
    publish_pins(vm);
    spin_unlock(&vm->pin_lock);
}

void epoch_unpin(Vm *vm, EpochPin *pin)
{
    spin_lock(&vm->pin_lock);
    *(pin->before ? &pin->before->next : &vm->pins) = pin->next;
    if (pin->next) {
        pin->next->before = pin->before;
    }
    publish_pins(vm);
    spin_unlock(&vm->pin_lock);
    alloc_free(pin);
}

static void free_up_to(Scheduler *s, uint64_t epoch)
{
    while (s->retired && s->retired->retired_epoch <= epoch) {
        Process *p = s->retired;
        s->retired = p->retired_next;
        process_free(p);
    }
    if (!s->retired) {
        s->retired_end = &s->retired;
    }
}

/* ---- deferred blocks: bags of them, oldest first; the last one is being filled ---- */

typedef struct {
    void (*release)(Scheduler *s, void *block);
    void *block;
} Deferred;

struct EpochBag {
    EpochBag *next;
    uint64_t epoch; /* 0 while it is filled */
    size_t count;
    Deferred items[EPOCH_BAG];
};

/* The bag being filled gets its epoch: what is deferred from now on goes to another. */
static void close_bag(Scheduler *s)
{
    EpochBag *bag = s->bag;
    if (bag && bag->count > 0) {
        bag->epoch = atomic_fetch_add_explicit(&s->vm->epoch, 1, memory_order_seq_cst) + 1;
        *s->closed_bags_end = bag;
        s->closed_bags_end = &bag->next;
        s->bag = NULL;
    }
}

bool epoch_reserve(Scheduler *s, size_t count)
{
    if (ACT_LIKELY(s->bag && s->bag->count + count <= EPOCH_BAG)) {
        return true;
    }
    EpochBag *bag = s->spare_bag ? s->spare_bag : alloc_try(sizeof *bag);
    if (!bag) {
        return false;
    }
    s->spare_bag = NULL;
    bag->next = NULL;
    bag->epoch = 0;
    bag->count = 0;
    close_bag(s);
    s->bag = bag;
    return true;
}

void epoch_defer(Scheduler *s, void (*release)(Scheduler *s, void *block), void *block)
{
    VM_CHECK(s->bag && s->bag->count < EPOCH_BAG);
    s->bag->items[s->bag->count++] = (Deferred){release, block};
}

void epoch_hurry(Scheduler *s)
{
    close_bag(s);
}

static void release_bags(Scheduler *s, uint64_t epoch)
{
    while (s->closed_bags && s->closed_bags->epoch <= epoch) {
        EpochBag *bag = s->closed_bags;
        s->closed_bags = bag->next;
        if (!s->closed_bags) {
            s->closed_bags_end = &s->closed_bags;
        }
        for (size_t i = 0; i < bag->count; i++) {
            bag->items[i].release(s, bag->items[i].block);
        }
        if (s->spare_bag) {
            alloc_free(bag);
        } else {
            s->spare_bag = bag;
        }
    }
}

void epoch_quiet(Scheduler *s)
{
    /* seq_cst load: sees every removal whose retirement it counts; release store: pairs with
     * oldest_seen */
    uint64_t now = atomic_load_explicit(&s->vm->epoch, memory_order_seq_cst);
    atomic_store_explicit(&s->epoch_seen, now, memory_order_release);
    if (s->retired && ++s->quiet_count % RECLAIM_EVERY == 0) {
        free_up_to(s, oldest_seen(s->vm));
    }
    if (s->closed_bags) {
        release_bags(s, oldest_seen(s->vm));
    }
}

void epoch_sleep(Scheduler *s)
{
    close_bag(s);
    atomic_store_explicit(&s->epoch_seen, UINT64_MAX, memory_order_release);
    uint64_t oldest = oldest_seen(s->vm);
    free_up_to(s, oldest);
    release_bags(s, oldest);
}

bool epoch_waits(const Scheduler *s)
{
    return s->closed_bags != NULL;
}

void epoch_wake(Scheduler *s)
{
    /* seq_cst exchange: the mark stands before any look-up that follows */
    uint64_t now = atomic_load_explicit(&s->vm->epoch, memory_order_seq_cst);
    atomic_exchange_explicit(&s->epoch_seen, now, memory_order_seq_cst);
}

void epoch_retire(Scheduler *s, Process *p)
{
    p->retired_next = NULL;
    p->retired_epoch = atomic_fetch_add_explicit(&s->vm->epoch, 1, memory_order_seq_cst) + 1;
    *s->retired_end = p;
    s->retired_end = &p->retired_next;
}

uint64_t epoch_mark(Vm *vm)
{
    return atomic_fetch_add_explicit(&vm->epoch, 1, memory_order_seq_cst) + 1;
}

bool epoch_passed(const Vm *vm, uint64_t mark)
{
    return oldest_seen(vm) >= mark;
}

void epoch_drain(Scheduler *s)
{
    while (s->vm->pins) {
        epoch_unpin(s->vm, s->vm->pins);
    }
    free_up_to(s, UINT64_MAX);
    close_bag(s);
    release_bags(s, UINT64_MAX);
    alloc_free(s->bag);
    alloc_free(s->spare_bag);
    s->bag = s->spare_bag = NULL;
}
