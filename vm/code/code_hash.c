/* SPDX-License-Identifier: Apache-2.0 */
/* vm/code/code_hash.c: open addressing, at most half full, linear probing. */
#include "vm/code/code_hash.h"

typedef struct {
    /* written before value is published, constant afterwards; atomic, as an empty slot is read */
    _Atomic(uint64_t) hash;
    /* release: pairs with the acquire in code_hash_find */
    _Atomic(uintptr_t) value;
} Slot;

struct CodeSlots {
    CodeSlots *previous;
    size_t mask;
    Slot slots[];
};

uintptr_t code_hash_find(const CodeHash *table, uint64_t hash, CodeMatch match, const void *context)
{
    CodeSlots *slots = atomic_load_explicit(&table->slots, memory_order_acquire);
    if (!slots) {
        return 0;
    }
    for (size_t at = hash & slots->mask;; at = (at + 1) & slots->mask) {
        uintptr_t value = atomic_load_explicit(&slots->slots[at].value, memory_order_acquire);
        if (value == 0) {
            return 0;
        }
        if (atomic_load_explicit(&slots->slots[at].hash, memory_order_relaxed) == hash &&
            match(context, value)) {
            return value;
        }
    }
}

static void put(CodeSlots *slots, uint64_t hash, uintptr_t value)
{
    size_t at = hash & slots->mask;
    while (atomic_load_explicit(&slots->slots[at].value, memory_order_relaxed) != 0) {
        at = (at + 1) & slots->mask;
    }
    atomic_store_explicit(&slots->slots[at].hash, hash, memory_order_relaxed);
    atomic_store_explicit(&slots->slots[at].value, value, memory_order_release);
}

static bool grow(CodeHash *table, CodeSlots *old)
{
    size_t size = old ? (old->mask + 1) * 2 : 64;
    CodeSlots *slots = area_zero(table->area, sizeof(CodeSlots) + size * sizeof(Slot));
    if (!slots) {
        return false;
    }
    slots->mask = size - 1;
    slots->previous = old;
    for (size_t i = 0; old && i <= old->mask; i++) {
        uintptr_t value = atomic_load_explicit(&old->slots[i].value, memory_order_relaxed);
        if (value != 0) {
            put(slots, atomic_load_explicit(&old->slots[i].hash, memory_order_relaxed), value);
        }
    }
    atomic_store_explicit(&table->slots, slots, memory_order_release);
    return true;
}

bool code_hash_add(CodeHash *table, uint64_t hash, uintptr_t value)
{
    CodeSlots *slots = atomic_load_explicit(&table->slots, memory_order_relaxed);
    if (!slots || table->count * 2 > slots->mask) {
        if (!grow(table, slots)) {
            return false;
        }
        slots = atomic_load_explicit(&table->slots, memory_order_relaxed);
    }
    put(slots, hash, value);
    table->count++;
    return true;
}

void code_hash_each(const CodeHash *table, void (*each)(void *context, uintptr_t value),
                    void *context)
{
    const CodeSlots *slots = atomic_load_explicit(&table->slots, memory_order_acquire);
    for (size_t i = 0; slots && i <= slots->mask; i++) {
        uintptr_t value = atomic_load_explicit(&slots->slots[i].value, memory_order_acquire);
        if (value != 0) {
            each(context, value);
        }
    }
}

void code_hash_free(CodeHash *table)
{
    CodeSlots *slots = atomic_load_explicit(&table->slots, memory_order_relaxed);
    while (slots) {
        CodeSlots *previous = slots->previous;
        area_free(table->area, slots);
        slots = previous;
    }
    atomic_store_explicit(&table->slots, NULL, memory_order_relaxed);
    table->count = 0;
}
