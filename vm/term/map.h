/* SPDX-License-Identifier: Apache-2.0 */
/* vm/term/map.h: maps.
 *
 * Up to MAP_FLAT_MAX pairs: BOXED_MAP: the keys as a tuple, sorted by term_compare_exact, then the
 * values in the same order; maps made by updating one share its keys. Above that: BOXED_HAMT, a
 * trie by the keys' hashes (term/hamt.h), its first word the size. Both are canonical: the size
 * alone tells which a map is, and equal maps have equal tries but for the order inside collisions.
 *
 * Functions that build take words from room and return TERM_NONE without memory; the old map is
 * never changed. Any thread that may read the terms. */
#ifndef ACT_TERM_MAP_H
#define ACT_TERM_MAP_H

#include "vm/term/room.h"
#include "vm/types.h"

enum { MAP_FLAT_MAX = 32 };

/* Inside of a flat map. */
ACT_INLINE Term map_flat_keys(Term map) /* a tuple */
{
    return boxed_words(map)[1];
}
ACT_INLINE Term *map_flat_values(Term map)
{
    return boxed_words(map) + 2;
}
ACT_INLINE bool map_is_flat(Term map)
{
    return header_kind(boxed_header(map)) == BOXED_MAP;
}

/* Number of pairs. */
ACT_INLINE size_t map_size(Term map)
{
    return map_is_flat(map) ? header_words(boxed_header(map)) - 1
                            : (size_t)small_value(boxed_words(map)[1]);
}

/* The index of a key that is a single word, equal to no other term (term_is_word), or size. Keys
 * are sorted: a small integer stands as far behind the first as they differ, if no integer between
 * is missing. There is looked first. */
ACT_INLINE size_t map_flat_find_word(const Term *keys, size_t size, Term key)
{
    if (size > 0 && term_is_small(key)) {
        size_t most = (size_t)(key.w - keys[0].w) >> 1;
        if (most < size && term_same(keys[most], key)) {
            return most;
        }
    }
    const Term *at = keys, *end = keys + size;
    while (at < end && !term_same(*at, key)) {
        at++;
    }
    return (size_t)(at - keys);
}

/* #{}: MAP_EMPTY_WORDS words. */
enum { MAP_EMPTY_WORDS = 3 };
Term map_empty(const TermRoom *room);

/* The value of a key; false if there is none. Takes no words. */
bool map_get(Term map, Term key, Term *value);

/* Where the value of a key that is a single word (term_is_word) is in a large map, or NULL. */
const Term *map_large_find_word(Term map, Term key);

/* map#{key => value} */
Term map_put(const AtomTable *atoms, const TermRoom *room, Term map, Term key, Term value);
/* map#{key := value}; TERM_NONE and *found false if there is no such key. */
Term map_update(const TermRoom *room, Term map, Term key, Term value, bool *found);
/* The map without the key; the map itself if it has none. */
Term map_remove(const AtomTable *atoms, const TermRoom *room, Term map, Term key);

/* A map of count pairs, pairs[0] key, pairs[1] its value, …; later pairs win. pairs is not changed.
 */
Term map_from_pairs(const AtomTable *atoms, const TermRoom *room, const Term *pairs, size_t count);
/* map with these pairs put one after the other (map#{k => v, …}). */
Term map_put_pairs(const AtomTable *atoms, const TermRoom *room, Term map, const Term *pairs,
                   size_t count);
/* All pairs of both; where both have a key, b's value. */
Term map_merge(const AtomTable *atoms, const TermRoom *room, Term a, Term b);

/* Walks over the pairs: flat maps by key order, large ones in an order that depends only on the
 * keys. `MapIter it; map_iter(&it, map); while (map_iter_next(&it, &key, &value)) …` */
enum { MAP_MAX_LEVELS = 14 };
typedef struct {
    const Term *pair, *pairs_end;     /* of the node it is in; flat: keys only */
    const Term *values;               /* flat: the next value; NULL: large */
    const Term *node[MAP_MAX_LEVELS]; /* still to visit, by level, downwards */
    unsigned nodes_left[MAP_MAX_LEVELS];
    int level; /* -1: no nodes (any more) */
} MapIter;
void map_iter(MapIter *it, Term map);
/* Behind the pair of this key, which must be in the map: for walks that outlast a turn, the key is
 * the position. */
void map_iter_after(MapIter *it, Term map, Term after);
bool map_iter_next(MapIter *it, Term *key, Term *value);

#endif
