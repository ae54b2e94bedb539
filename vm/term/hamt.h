/* SPDX-License-Identifier: Apache-2.0 */
/* vm/term/hamt.h: the large maps behind map.h; nobody else includes this. */
#ifndef ACT_TERM_HAMT_H
#define ACT_TERM_HAMT_H

#include "vm/term/room.h"

/* Bits of a hash used by one level; HAMT_LEVELS levels have bits, collisions lie one below. */
enum { HAMT_BITS = 5, HAMT_FAN = 1 << HAMT_BITS, HAMT_LEVELS = 12 };

/* A node opened: its bitmap (HAMT_COLLISION: no bitmap) and children. */
#define HAMT_COLLISION UINT64_MAX
typedef struct {
    const Term *children;
    size_t count;
    uint64_t bitmap;
} HamtNode;

ACT_INLINE HamtNode hamt_open(const Term *words)
{
    size_t first = header_kind(words[0].w) == BOXED_HAMT ? 3 : 2;
    return (HamtNode){.children = words + first,
                      .count = header_words(words[0].w) + 1 - first,
                      .bitmap = (uint64_t)small_value(words[first - 1])};
}
ACT_INLINE unsigned hamt_digit(uint64_t hash, unsigned level)
{
    return (unsigned)(hash >> (level * HAMT_BITS)) & (HAMT_FAN - 1);
}
/* How many of the bitmap's bits stand before bit. Counted here (Warren, Hacker's Delight, 5-1):
 * without an instruction for it that all processors have, the compiler would call a function. */
ACT_INLINE unsigned hamt_index(uint64_t bitmap, uint64_t bit)
{
    uint32_t x = (uint32_t)(bitmap & (bit - 1));
    x -= x >> 1 & UINT32_C(0x55555555);
    x = (x & UINT32_C(0x33333333)) + (x >> 2 & UINT32_C(0x33333333));
    x = (x + (x >> 4)) & UINT32_C(0x0f0f0f0f);
    return x * UINT32_C(0x01010101) >> 24;
}

/* The leaf [Key | Value] of key, or NULL. */
const Term *hamt_find(Term root, Term key);
/* With the pair put in; the root itself if nothing changes. TERM_NONE without memory. */
Term hamt_put(const TermRoom *room, Term root, Term key, Term value);
/* Without the key, which must be there. The result is a BOXED_HAMT, however small. */
Term hamt_remove(const TermRoom *room, Term root, Term key);

/* A pair on its way into a new map. */
typedef struct {
    uint64_t path; /* the hash, digits turned so that the first level's is highest */
    size_t order;  /* later ones win */
    Term key;
    Term value;
} HamtEntry;

/* Sorts the entries, drops all but the last of each key; returns how many are left. */
size_t hamt_sort(HamtEntry *entries, size_t count);
void hamt_entry(HamtEntry *entry, Term key, Term value, size_t order);
/* The map of sorted entries (more than MAP_FLAT_MAX). TERM_NONE without memory. */
Term hamt_build(const TermRoom *room, const HamtEntry *entries, size_t count);

#endif
