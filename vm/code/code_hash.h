/* SPDX-License-Identifier: Apache-2.0 */
/* vm/code/code_hash.h: a hash table that is read without a lock while one thread adds.
 *
 * Values are words other than 0 and are never taken out. A table that grows is replaced as a whole;
 * the ones before stay until the end, since somebody may still be reading them (together they are
 * smaller than the newest). Adding: one thread at a time (the loader's lock). */
#ifndef ACT_CODE_CODE_HASH_H
#define ACT_CODE_CODE_HASH_H

#include "vm/base/area.h"

#include <stdatomic.h>

typedef struct CodeSlots CodeSlots;

typedef struct {
    /* any thread, atomic. release: pairs with the acquire in code_hash_find */
    _Atomic(CodeSlots *) slots; /* NULL: empty */
    size_t count;               /* loader's lock */
    Area *area;                 /* where slots come from; NULL: alloc.h */
} CodeHash;

/* True if value is the one that context describes. */
typedef bool (*CodeMatch)(const void *context, uintptr_t value);

/* The value with this hash that match accepts, or 0. Any thread. What the value names was written
 * before it was added, and is visible here. */
uintptr_t code_hash_find(const CodeHash *table, uint64_t hash, CodeMatch match,
                         const void *context);
/* Adds a value that is not in yet. False without memory. Loader's lock. */
bool code_hash_add(CodeHash *table, uint64_t hash, uintptr_t value);
/* Calls each(context, value) for every value. Loader's lock. */
void code_hash_each(const CodeHash *table, void (*each)(void *context, uintptr_t value),
                    void *context);
/* Nobody may read any more. */
void code_hash_free(CodeHash *table);

/* One more word into a hash. */
ACT_INLINE uint64_t code_hash_mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * 0x9E3779B97F4A7C15u;
    return hash ^ hash >> 29;
}

#endif
