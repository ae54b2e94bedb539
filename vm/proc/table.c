/* SPDX-License-Identifier: Apache-2.0 */
/* vm/proc/table.c: slots in reserved address space, and a free list in it under a spin lock. */
#include "vm/proc/table.h"

#include "vm/base/alloc.h"
#include "vm/base/spin.h"
#include "vm/host/host.h"

typedef struct {
    /* any thread, atomic. release in add: pairs with the acquire in find; publishes the process */
    _Atomic(Process *) process;
    /* under lock */
    uint32_t generation;
    uint32_t next_free;
} Slot;

struct ProcessTable {
    Slot *slots;
    uint32_t limit;
    /* any thread, atomic; relaxed: bounds of an iteration that promises nothing more */
    _Atomic(uint32_t) used;
    _Atomic(uint32_t) count;
    alignas(64) SpinLock lock;
    uint32_t first_free, last_free; /* under lock; 0: none (slot 0 is never used) */
};

ProcessTable *process_table_new(Host *host, uint32_t limit)
{
    ProcessTable *table = alloc_try_zero(sizeof *table);
    if (!table) {
        return NULL;
    }
    table->limit = limit;
    table->slots = host->reserve(host, (size_t)(limit + 1) * sizeof(Slot));
    if (!table->slots) {
        alloc_free(table);
        return NULL;
    }
    atomic_init(&table->used, 1);
    return table;
}

void process_table_free(ProcessTable *table, Host *host)
{
    host->release(host, table->slots, (size_t)(table->limit + 1) * sizeof(Slot));
    alloc_free(table);
}

/* A free slot, 0 when full. Under lock. New slots first while few: a freed one rests a while. */
static uint32_t take_slot(ProcessTable *table)
{
    uint32_t used = atomic_load_explicit(&table->used, memory_order_relaxed);
    uint32_t free = table->first_free;
    if (free && (used > 1024 || used > table->limit)) {
        table->first_free = table->slots[free].next_free;
        if (!table->first_free) {
            table->last_free = 0;
        }
        return free;
    }
    if (used > table->limit) {
        return 0;
    }
    atomic_store_explicit(&table->used, used + 1, memory_order_relaxed);
    return used;
}

bool process_table_add(ProcessTable *table, Process *p)
{
    spin_lock(&table->lock);
    uint32_t slot = take_slot(table);
    uint32_t generation = slot ? table->slots[slot].generation : 0;
    spin_unlock(&table->lock);
    if (!slot) {
        return false;
    }
    p->pid = pid_make(slot, generation);
    atomic_store_explicit(&table->slots[slot].process, p, memory_order_release);
    atomic_fetch_add_explicit(&table->count, 1, memory_order_relaxed);
    return true;
}

void process_table_remove(ProcessTable *table, Process *p)
{
    uint32_t slot = pid_slot(p->pid);
    atomic_store_explicit(&table->slots[slot].process, NULL, memory_order_release);
    atomic_fetch_sub_explicit(&table->count, 1, memory_order_relaxed);
    spin_lock(&table->lock);
    Slot *s = &table->slots[slot];
    s->generation = (s->generation + 1) & ((1u << PID_GENERATION_BITS) - 1);
    s->next_free = 0;
    if (table->last_free) {
        table->slots[table->last_free].next_free = slot;
    } else {
        table->first_free = slot;
    }
    table->last_free = slot;
    spin_unlock(&table->lock);
}

Process *process_table_at(const ProcessTable *table, uint32_t slot)
{
    /* acquire: pairs with the release in process_table_add */
    return atomic_load_explicit(&table->slots[slot].process, memory_order_acquire);
}

Process *process_table_find(const ProcessTable *table, Term pid)
{
    uint32_t slot = pid_slot(pid);
    if (slot > table->limit) {
        return NULL;
    }
    Process *p = process_table_at(table, slot);
    return p && term_same(p->pid, pid) ? p : NULL;
}

uint32_t process_table_count(const ProcessTable *table)
{
    return atomic_load_explicit(&table->count, memory_order_relaxed);
}

uint32_t process_table_limit(const ProcessTable *table)
{
    return table->limit;
}

uint32_t process_table_slots(const ProcessTable *table)
{
    return atomic_load_explicit(&table->used, memory_order_relaxed);
}

size_t process_table_bytes(const ProcessTable *table)
{
    return process_table_slots(table) * sizeof(Slot);
}
