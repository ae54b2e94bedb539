/* SPDX-License-Identifier: Apache-2.0 */
/* vm/proc/dictionary.c: dense pairs, searched in line while few, by a hash index when many. */
#include "vm/proc/dictionary.h"

#include "vm/base/alloc.h"
#include "vm/term/compare.h"
#include "vm/term/hash.h"

enum { INDEX_FROM = 12 };

static uint32_t slot_of(const PDict *d, Term key)
{
    uint32_t at = (uint32_t)term_hash(key) & (d->index_size - 1);
    while (d->index[at] && !term_equal_exact(d->pairs[2 * (d->index[at] - 1)], key)) {
        at = (at + 1) & (d->index_size - 1);
    }
    return at;
}

/* The pair's number, or count if there is none. */
static uint32_t find(const PDict *d, Term key)
{
    if (d->index) {
        uint32_t slot = slot_of(d, key);
        return d->index[slot] ? d->index[slot] - 1 : d->count;
    }
    uint32_t i = 0;
    while (i < d->count && !term_equal_exact(d->pairs[2 * i], key)) {
        i++;
    }
    return i;
}

static void free_index(PDict *d)
{
    alloc_free_for(ALLOC_PROCESS, d->index, d->index_size * sizeof(uint32_t));
    d->index = NULL;
}

static bool rebuild_index(PDict *d)
{
    free_index(d);
    if (d->count < INDEX_FROM) {
        return true;
    }
    uint32_t size = 32;
    while (size < d->room * 2) {
        size *= 2;
    }
    d->index = alloc_try_zero_for(ALLOC_PROCESS, size * sizeof(uint32_t));
    if (!d->index) {
        return false;
    }
    d->index_size = size;
    for (uint32_t i = 0; i < d->count; i++) {
        d->index[slot_of(d, d->pairs[2 * i])] = i + 1;
    }
    return true;
}

Term dictionary_get(const Process *p, Term key)
{
    const PDict *d = p->dictionary;
    if (!d) {
        return ATOM(undefined);
    }
    uint32_t i = find(d, key);
    return i < d->count ? d->pairs[2 * i + 1] : ATOM(undefined);
}

static bool grow(PDict *d)
{
    uint32_t room = d->room ? d->room * 2 : 4;
    Term *pairs = alloc_try_resize_for(ALLOC_PROCESS, d->pairs, d->room * 2 * sizeof(Term),
                                       room * 2 * sizeof(Term));
    if (!pairs) {
        return false;
    }
    d->pairs = pairs;
    d->room = room;
    return rebuild_index(d);
}

Term dictionary_put(Process *p, Term key, Term value)
{
    if (!p->dictionary) {
        p->dictionary = alloc_try_zero_for(ALLOC_PROCESS, sizeof(PDict));
        if (!p->dictionary) {
            return TERM_NONE;
        }
    }
    PDict *d = p->dictionary;
    uint32_t i = find(d, key);
    if (i < d->count) {
        Term old = d->pairs[2 * i + 1];
        d->pairs[2 * i + 1] = value;
        return old;
    }
    if (d->count == d->room && !grow(d)) {
        return TERM_NONE;
    }
    d->pairs[2 * d->count] = key;
    d->pairs[2 * d->count + 1] = value;
    d->count++;
    if (d->index) {
        d->index[slot_of(d, key)] = d->count;
    } else if (!rebuild_index(d)) {
        return TERM_NONE;
    }
    return ATOM(undefined);
}

/* Takes the entry at slot out of the index, moving later ones of the same run up (Knuth, TAOCP 3,
 * algorithm 6.4 R). */
static void unindex(PDict *d, uint32_t slot)
{
    uint32_t mask = d->index_size - 1;
    uint32_t hole = slot;
    for (uint32_t at = (slot + 1) & mask; d->index[at]; at = (at + 1) & mask) {
        uint32_t home = (uint32_t)term_hash(d->pairs[2 * (d->index[at] - 1)]) & mask;
        if (((at - home) & mask) >= ((at - hole) & mask)) {
            d->index[hole] = d->index[at];
            hole = at;
        }
    }
    d->index[hole] = 0;
}

Term dictionary_erase(Process *p, Term key)
{
    PDict *d = p->dictionary;
    uint32_t i = d ? find(d, key) : 0;
    if (!d || i == d->count) {
        return ATOM(undefined);
    }
    Term old = d->pairs[2 * i + 1];
    uint32_t last = d->count - 1;
    if (d->index) {
        unindex(d, slot_of(d, key));
        if (i != last) {
            d->index[slot_of(d, d->pairs[2 * last])] = i + 1;
        }
    }
    d->pairs[2 * i] = d->pairs[2 * last];
    d->pairs[2 * i + 1] = d->pairs[2 * last + 1];
    d->count = last;
    return old;
}

void dictionary_clear(Process *p)
{
    dictionary_free(p);
}

void dictionary_free(Process *p)
{
    if (p->dictionary) {
        PDict *d = p->dictionary;
        alloc_free_for(ALLOC_PROCESS, d->pairs, d->room * 2 * sizeof(Term));
        free_index(d);
        alloc_free_for(ALLOC_PROCESS, d, sizeof(PDict));
        p->dictionary = NULL;
    }
}
