/* SPDX-License-Identifier: Apache-2.0 */
/* vm/term/hamt.h: the large maps behind map.h; only the term room includes this.
 *
 * A compressed hash array mapped prefix tree (Steindorfer, Vinju, "Optimizing hash-array mapped
 * tries for fast and lean immutable JVM collections", 2015): a node holds the pairs whose digits
 * of the hash are theirs alone in the node itself, key and value, not in cells of their own: a
 * look-up touches one place in memory less, and a walk goes straight through them. Digits that
 * several keys have lead to further nodes.
 *
 * Words of a node: header, (root: the map's size,) which digits have a pair, which a node, the
 * pairs by rising digit, the nodes by falling digit: so the first node is the last word. Where all
 * bits of several hashes agree, a node has no digits, only pairs in no order. */
#ifndef ACT_TERM_HAMT_H
#define ACT_TERM_HAMT_H

#include "vm/term/room.h"

/* Bits of a hash used by one level; HAMT_LEVELS levels have bits, collisions lie one below. */
enum { HAMT_BITS = 5, HAMT_FAN = 1 << HAMT_BITS, HAMT_LEVELS = 12 };

#define HAMT_ALL_DIGITS (((uint64_t)1 << HAMT_FAN) - 1)

/* A node opened. */
typedef struct {
    uint64_t pair_digits, node_digits; /* both 0: a collision */
    const Term *pairs;                 /* key, value, key, … */
    const Term *first_node;            /* number i is first_node[-i] */
    size_t pair_count, node_count;
    bool root;
} HamtNode;

/* How many of the set's members are less than the digit of bit. Counted here (Warren, Hacker's
 * Delight, 5-1): without an instruction for it that all processors have, the compiler would call a
 * function. */
ACT_INLINE unsigned hamt_index(uint64_t digits, uint64_t bit)
{
    uint32_t x = (uint32_t)(digits & (bit - 1));
    x -= x >> 1 & UINT32_C(0x55555555);
    x = (x & UINT32_C(0x33333333)) + (x >> 2 & UINT32_C(0x33333333));
    x = (x + (x >> 4)) & UINT32_C(0x0f0f0f0f);
    return x * UINT32_C(0x01010101) >> 24;
}
ACT_INLINE size_t hamt_count(uint64_t digits)
{
    return hamt_index(digits, (uint64_t)1 << HAMT_FAN);
}
/* The digits' place in a node. */
ACT_INLINE size_t hamt_digits_at(const Term *words)
{
    return header_kind(words[0].w) == BOXED_HAMT ? 2 : 1;
}
ACT_INLINE HamtNode hamt_open(const Term *words)
{
    size_t at = hamt_digits_at(words);
    size_t last = header_words(words[0].w);
    uint64_t node_digits = (uint64_t)small_value(words[at + 1]);
    size_t node_count = hamt_count(node_digits);
    return (HamtNode){.pair_digits = (uint64_t)small_value(words[at]),
                      .node_digits = node_digits,
                      .pairs = words + at + 2,
                      .first_node = words + last,
                      .pair_count = (last - at - 1 - node_count) / 2,
                      .node_count = node_count,
                      .root = at == 2};
}
ACT_INLINE bool hamt_is_collision(const HamtNode *node)
{
    return (node->pair_digits | node->node_digits) == 0;
}
ACT_INLINE uint64_t hamt_bit(uint64_t hash, unsigned level)
{
    return (uint64_t)1 << (hash >> (level * HAMT_BITS) & (HAMT_FAN - 1));
}

/* The pair of key, or NULL; hamt_find_word: of one that is term_is_word. */
const Term *hamt_find(Term root, Term key);
const Term *hamt_find_word(Term root, Term key);
/* With the pair put in; the root itself if nothing changes. TERM_NONE without memory. */
Term hamt_put(const TermRoom *room, Term root, Term key, Term value);
/* Without the key, which must be there. The result is a BOXED_HAMT, however small. */
Term hamt_remove(const TermRoom *room, Term root, Term key);

/* A node of these digits with room for so many pairs and nodes, to be filled; size: of the map, for
 * a root; 0: an inner node. NULL without memory. */
Term *hamt_new(const TermRoom *room, size_t size, uint64_t pair_digits, uint64_t node_digits,
               size_t pairs, size_t nodes);

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
