/* SPDX-License-Identifier: Apache-2.0 */
/* vm/term/map.c: maps of any size: the flat ones here, the large ones in hamt.c. */
#include "vm/term/map.h"

#include "vm/base/alloc.h"
#include "vm/term/compare.h"
#include "vm/term/hamt.h"
#include "vm/term/hash.h"

Term map_empty(const TermRoom *room)
{
    Term *words = room_alloc(room, MAP_EMPTY_WORDS);
    if (!words) {
        return TERM_NONE;
    }
    words[0].w = header_make(BOXED_TUPLE, 0);
    words[1].w = header_make(BOXED_MAP, 1);
    words[2] = boxed_term(words);
    return boxed_term(words + 1);
}

/* Index of key in a flat map, or its size. */
static size_t flat_find(Term map, Term key)
{
    const Term *keys = tuple_items(map_flat_keys(map));
    size_t size = map_size(map);
    if (term_is_word(key)) {
        return map_flat_find_word(keys, size, key);
    }
    size_t i = 0;
    while (i < size && !term_equal_exact(keys[i], key)) {
        i++;
    }
    return i;
}

bool map_get(Term map, Term key, Term *value)
{
    if (map_is_flat(map)) {
        size_t at = flat_find(map, key);
        if (at == map_size(map)) {
            return false;
        }
        *value = map_flat_values(map)[at];
        return true;
    }
    const Term *pair = hamt_find(map, key);
    if (pair) {
        *value = pair[1];
    }
    return pair != NULL;
}

const Term *map_large_find_word(Term map, Term key)
{
    const Term *pair = hamt_find_word(map, key);
    return pair ? pair + 1 : NULL;
}

/* Room for a flat map of size pairs with keys of its own; *keys and *values to be filled. */
static Term flat_new(const TermRoom *room, size_t size, Term **keys, Term **values)
{
    Term *words = room_alloc(room, 1 + size + 2 + size);
    if (!words) {
        return TERM_NONE;
    }
    Term *map = words + 1 + size;
    words[0].w = header_make(BOXED_TUPLE, size);
    map[0].w = header_make(BOXED_MAP, 1 + size);
    map[1] = boxed_term(words);
    *keys = words + 1;
    *values = map + 2;
    return boxed_term(map);
}

/* The flat map with value number `at` changed; keys are shared. */
static Term flat_set(const TermRoom *room, Term map, size_t at, Term value)
{
    size_t size = map_size(map);
    if (term_same(map_flat_values(map)[at], value)) {
        return map;
    }
    Term *words = room_alloc(room, 2 + size);
    if (!words) {
        return TERM_NONE;
    }
    memcpy(words, boxed_words(map), (2 + size) * sizeof *words);
    words[2 + at] = value;
    return boxed_term(words);
}

/* A sorted array of pairs (at most MAP_FLAT_MAX) as a flat map. */
static Term flat_of_sorted(const TermRoom *room, const Term *pairs, size_t count)
{
    Term *keys, *values;
    Term map = flat_new(room, count, &keys, &values);
    if (!term_same(map, TERM_NONE)) {
        for (size_t i = 0; i < count; i++) {
            keys[i] = pairs[2 * i];
            values[i] = pairs[2 * i + 1];
        }
    }
    return map;
}

/* Puts one pair into the sorted array; returns the new count. Looks from the end: input is often
 * sorted. */
static size_t insert_sorted(const AtomTable *atoms, Term *pairs, size_t count, Term key, Term value)
{
    size_t at = count;
    while (at > 0) {
        int diff = term_compare_exact(atoms, pairs[2 * at - 2], key);
        if (diff == 0) {
            pairs[2 * at - 1] = value;
            return count;
        }
        if (diff < 0) {
            break;
        }
        at--;
    }
    memmove(pairs + 2 * at + 2, pairs + 2 * at, (count - at) * 2 * sizeof *pairs);
    pairs[2 * at] = key;
    pairs[2 * at + 1] = value;
    return count + 1;
}

/* A large map, or a flat one if so few keys differ, of pairs and more pairs. */
static Term from_many(const AtomTable *atoms, const TermRoom *room, const Term *pairs, size_t count,
                      const Term *more, size_t more_count)
{
    HamtEntry *entries = alloc_try((count + more_count) * sizeof *entries);
    if (!entries) {
        return TERM_NONE;
    }
    for (size_t i = 0; i < count + more_count; i++) {
        const Term *pair = i < count ? pairs + 2 * i : more + 2 * (i - count);
        hamt_entry(&entries[i], pair[0], pair[1], i);
    }
    size_t kept = hamt_sort(entries, count + more_count);
    Term map;
    if (kept > MAP_FLAT_MAX) {
        map = hamt_build(room, entries, kept);
    } else {
        Term sorted[2 * MAP_FLAT_MAX];
        size_t sorted_count = 0;
        for (size_t i = 0; i < kept; i++) {
            sorted_count =
                insert_sorted(atoms, sorted, sorted_count, entries[i].key, entries[i].value);
        }
        map = flat_of_sorted(room, sorted, sorted_count);
    }
    alloc_free(entries);
    return map;
}

/* The pairs of a flat map, key, value, key, …; returns their number. */
static size_t flat_pairs(Term map, Term *pairs)
{
    const Term *keys = tuple_items(map_flat_keys(map));
    size_t size = map_size(map);
    for (size_t i = 0; i < size; i++) {
        pairs[2 * i] = keys[i];
        pairs[2 * i + 1] = map_flat_values(map)[i];
    }
    return size;
}

/* A flat map with pairs put in whose keys may be new. */
static Term flat_put_pairs(const AtomTable *atoms, const TermRoom *room, Term map,
                           const Term *pairs, size_t count)
{
    Term sorted[2 * MAP_FLAT_MAX + 2];
    size_t size = flat_pairs(map, sorted);
    for (size_t i = 0; i < count; i++) {
        if (size == MAP_FLAT_MAX) {
            return from_many(atoms, room, sorted, size, pairs + 2 * i, count - i);
        }
        size = insert_sorted(atoms, sorted, size, pairs[2 * i], pairs[2 * i + 1]);
    }
    return flat_of_sorted(room, sorted, size);
}

/* Where a key that is not among these sorted ones belongs. */
static size_t place_among(const AtomTable *atoms, const Term *keys, size_t size, Term key)
{
    if (size == 0 || term_compare_exact(atoms, keys[size - 1], key) < 0) {
        return size;
    }
    size_t low = 0, high = size - 1;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (term_compare_exact(atoms, keys[middle], key) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Where a small integer is, or belongs, among sorted ones. */
static size_t place_small(const Term *keys, size_t size, int64_t key)
{
    size_t at = 0;
    if ((int64_t)keys[size - 1].w < key) {
        return size;
    }
    while ((int64_t)keys[at].w < key) {
        at++;
    }
    return at;
}

/* Where key is in a flat map, or belongs. */
static size_t place_of(const AtomTable *atoms, Term map, Term key, bool *there)
{
    const Term *keys = tuple_items(map_flat_keys(map));
    size_t size = map_size(map);
    /* between two small integers are only such */
    if (term_is_small(key) && size > 0 && term_is_small(keys[0]) && term_is_small(keys[size - 1])) {
        size_t at = place_small(keys, size, (int64_t)key.w);
        *there = at < size && term_same(keys[at], key);
        return at;
    }
    size_t at = flat_find(map, key);
    *there = at < size;
    return *there ? at : place_among(atoms, keys, size, key);
}

/* The flat map, of less than MAP_FLAT_MAX pairs, with a key more, which belongs there. (So few
 * words that calls of memcpy would take longer.) */
ACT_PLAIN_LOOPS static Term flat_add(const TermRoom *room, Term map, size_t at, Term key,
                                     Term value)
{
    size_t size = map_size(map);
    Term *keys, *values;
    Term larger = flat_new(room, size + 1, &keys, &values);
    if (term_same(larger, TERM_NONE)) {
        return larger;
    }
    const Term *old_keys = tuple_items(map_flat_keys(map)), *old_values = map_flat_values(map);
    for (size_t i = 0; i < at; i++) {
        keys[i] = old_keys[i];
        values[i] = old_values[i];
    }
    keys[at] = key;
    values[at] = value;
    for (size_t i = at; i < size; i++) {
        keys[i + 1] = old_keys[i];
        values[i + 1] = old_values[i];
    }
    return larger;
}

Term map_put(const AtomTable *atoms, const TermRoom *room, Term map, Term key, Term value)
{
    if (!map_is_flat(map)) {
        return hamt_put(room, map, key, value);
    }
    bool there;
    size_t at = place_of(atoms, map, key, &there);
    if (there) {
        return flat_set(room, map, at, value);
    }
    return map_size(map) < MAP_FLAT_MAX ? flat_add(room, map, at, key, value)
                                        : flat_put_pairs(atoms, room, map, (Term[]){key, value}, 1);
}

Term map_update(const TermRoom *room, Term map, Term key, Term value, bool *found)
{
    if (map_is_flat(map)) {
        size_t at = flat_find(map, key);
        *found = at < map_size(map);
        return *found ? flat_set(room, map, at, value) : TERM_NONE;
    }
    *found = hamt_find(map, key) != NULL;
    return *found ? hamt_put(room, map, key, value) : TERM_NONE;
}

/* A large map that has shrunk to flat size. */
static Term flatten(const AtomTable *atoms, const TermRoom *room, Term map)
{
    Term sorted[2 * MAP_FLAT_MAX];
    size_t size = 0;
    Term key, value;
    MapIter it;
    map_iter(&it, map);
    while (map_iter_next(&it, &key, &value)) {
        size = insert_sorted(atoms, sorted, size, key, value);
    }
    return flat_of_sorted(room, sorted, size);
}

Term map_remove(const AtomTable *atoms, const TermRoom *room, Term map, Term key)
{
    if (!map_is_flat(map)) {
        if (!hamt_find(map, key)) {
            return map;
        }
        Term rest = hamt_remove(room, map, key);
        bool small = !term_same(rest, TERM_NONE) && map_size(rest) <= MAP_FLAT_MAX;
        return small ? flatten(atoms, room, rest) : rest;
    }
    size_t at = flat_find(map, key);
    if (at == map_size(map)) {
        return map;
    }
    Term pairs[2 * MAP_FLAT_MAX];
    size_t size = flat_pairs(map, pairs);
    memmove(pairs + 2 * at, pairs + 2 * at + 2, (size - at - 1) * 2 * sizeof *pairs);
    return flat_of_sorted(room, pairs, size - 1);
}

Term map_from_pairs(const AtomTable *atoms, const TermRoom *room, const Term *pairs, size_t count)
{
    if (count > MAP_FLAT_MAX) {
        return from_many(atoms, room, pairs, count, NULL, 0);
    }
    Term sorted[2 * MAP_FLAT_MAX];
    size_t size = 0;
    for (size_t i = 0; i < count; i++) {
        size = insert_sorted(atoms, sorted, size, pairs[2 * i], pairs[2 * i + 1]);
    }
    return flat_of_sorted(room, sorted, size);
}

/* True with a copy that shares the keys if the flat map has all the keys. */
static bool flat_set_pairs(const TermRoom *room, Term map, const Term *pairs, size_t count,
                           Term *result)
{
    size_t size = map_size(map);
    for (size_t i = 0; i < count; i++) {
        if (flat_find(map, pairs[2 * i]) == size) {
            return false;
        }
    }
    Term *words = room_alloc(room, 2 + size);
    if (!words) {
        *result = TERM_NONE;
        return true;
    }
    memcpy(words, boxed_words(map), (2 + size) * sizeof *words);
    for (size_t i = 0; i < count; i++) {
        words[2 + flat_find(map, pairs[2 * i])] = pairs[2 * i + 1];
    }
    *result = boxed_term(words);
    return true;
}

Term map_put_pairs(const AtomTable *atoms, const TermRoom *room, Term map, const Term *pairs,
                   size_t count)
{
    Term result;
    if (count <= 1) {
        return count == 0 ? map : map_put(atoms, room, map, pairs[0], pairs[1]);
    }
    if (map_is_flat(map)) {
        return flat_set_pairs(room, map, pairs, count, &result)
                   ? result
                   : flat_put_pairs(atoms, room, map, pairs, count);
    }
    for (size_t i = 0; i < count && !term_same(map, TERM_NONE); i++) {
        map = hamt_put(room, map, pairs[2 * i], pairs[2 * i + 1]);
    }
    return map;
}

/* Puts all of from into the large map; keep: only keys that are new. */
static Term put_all(const TermRoom *room, Term map, Term from, bool keep)
{
    Term key, value;
    MapIter it;
    map_iter(&it, from);
    while (!term_same(map, TERM_NONE) && map_iter_next(&it, &key, &value)) {
        if (!keep || !hamt_find(map, key)) {
            map = hamt_put(room, map, key, value);
        }
    }
    return map;
}

/* Two maps of like size: all pairs sorted and built anew, each node once. */
static Term merge_by_sorting(const AtomTable *atoms, const TermRoom *room, Term a, Term b)
{
    size_t count = map_size(a) + map_size(b);
    Term *pairs = alloc_try(2 * count * sizeof *pairs);
    if (!pairs) {
        return TERM_NONE;
    }
    size_t at = 0;
    for (int i = 0; i < 2; i++) {
        MapIter it;
        map_iter(&it, i == 0 ? a : b);
        while (map_iter_next(&it, &pairs[at], &pairs[at + 1])) {
            at += 2;
        }
    }
    Term map = map_from_pairs(atoms, room, pairs, count);
    alloc_free(pairs);
    return map;
}

Term map_merge(const AtomTable *atoms, const TermRoom *room, Term a, Term b)
{
    size_t size_a = map_size(a);
    size_t size_b = map_size(b);
    if (size_a == 0 || size_b == 0 || term_same(a, b)) {
        return size_a == 0 ? b : a;
    }
    if (map_is_flat(a) && map_is_flat(b)) {
        Term pairs[2 * MAP_FLAT_MAX];
        flat_pairs(b, pairs);
        return map_put_pairs(atoms, room, a, pairs, size_b);
    }
    if (size_b * 4 < size_a) {
        return put_all(room, a, b, false);
    }
    return size_a * 4 < size_b ? put_all(room, b, a, true) : merge_by_sorting(atoms, room, a, b);
}

/* The walk stands before the node, at this level. */
static void enter(MapIter *it, int level, const HamtNode *node)
{
    it->level = level;
    it->pair = node->pairs;
    it->pairs_end = node->pairs + 2 * node->pair_count;
    it->node[level] = node->first_node;
    it->nodes_left[level] = (unsigned)node->node_count;
}

void map_iter(MapIter *it, Term map)
{
    it->level = -1;
    if (map_is_flat(map)) {
        it->pair = tuple_items(map_flat_keys(map));
        it->pairs_end = it->pair + map_size(map);
        it->values = map_flat_values(map);
    } else {
        HamtNode root = hamt_open(boxed_words(map));
        it->values = NULL;
        enter(it, 0, &root);
    }
}

/* To the next node that has pairs; false if there is none. */
static bool next_node(MapIter *it)
{
    while (it->level >= 0) {
        int level = it->level;
        if (it->nodes_left[level] == 0) {
            it->level--;
            continue;
        }
        it->nodes_left[level]--;
        HamtNode node = hamt_open(boxed_words(*it->node[level]--));
        enter(it, level + 1, &node);
        if (node.pair_count > 0) {
            return true;
        }
    }
    return false;
}

bool map_iter_next(MapIter *it, Term *key, Term *value)
{
    if (it->pair == it->pairs_end && !next_node(it)) {
        return false;
    }
    *key = *it->pair++;
    *value = it->values ? *it->values++ : *it->pair++;
    return true;
}

/* Brings the walk, which stands before the root, to just behind the pair of key. */
static void seek(MapIter *it, Term map, Term key)
{
    uint64_t hash = term_hash(key);
    HamtNode node = hamt_open(boxed_words(map));
    for (unsigned level = 0;; level++) {
        uint64_t bit = hamt_bit(hash, level);
        if (hamt_is_collision(&node)) {
            while (!term_equal_exact(*it->pair, key)) {
                it->pair += 2;
            }
            it->pair += 2;
            return;
        }
        if (node.pair_digits & bit) {
            it->pair += 2 * (size_t)hamt_index(node.pair_digits, bit) + 2;
            return;
        }
        unsigned skip = hamt_index(node.node_digits, bit);
        const Term *at = it->node[level] - skip;
        it->node[level] = at - 1;
        it->nodes_left[level] -= skip + 1;
        node = hamt_open(boxed_words(*at));
        enter(it, (int)level + 1, &node);
    }
}

void map_iter_after(MapIter *it, Term map, Term after)
{
    map_iter(it, map);
    if (map_is_flat(map)) {
        size_t skip = flat_find(map, after) + 1;
        it->pair += skip;
        it->values += skip;
    } else {
        seek(it, map, after);
    }
}
