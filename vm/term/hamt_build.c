/* SPDX-License-Identifier: Apache-2.0 */
/* vm/term/hamt_build.c: a large map of many pairs at once: sort by path through the trie, then
 * build each node once. */
#include "vm/term/compare.h"
#include "vm/term/hamt.h"
#include "vm/term/hash.h"

#include <stdlib.h>

enum { PATH_TOP = HAMT_BITS * (HAMT_LEVELS - 1) };

void hamt_entry(HamtEntry *entry, Term key, Term value, size_t order)
{
    uint64_t hash = term_hash(key);
    uint64_t path = 0;
    for (unsigned level = 0; level < HAMT_LEVELS; level++) {
        path = path << HAMT_BITS | (hash >> (level * HAMT_BITS) & (HAMT_FAN - 1));
    }
    *entry = (HamtEntry){.path = path, .order = order, .key = key, .value = value};
}

static int by_path(const void *a, const void *b)
{
    const HamtEntry *x = a;
    const HamtEntry *y = b;
    if (x->path != y->path) {
        return x->path < y->path ? -1 : 1;
    }
    return x->order < y->order ? -1 : x->order > y->order;
}

size_t hamt_sort(HamtEntry *entries, size_t count)
{
    qsort(entries, count, sizeof *entries, by_path);
    size_t kept = 0;
    size_t group = 0; /* where the kept entries of the present path start */
    for (size_t i = 0; i < count; i++) {
        if (kept > 0 && entries[kept - 1].path != entries[i].path) {
            group = kept;
        }
        size_t at = group;
        while (at < kept && !term_equal_exact(entries[at].key, entries[i].key)) {
            at++;
        }
        if (at < kept) {
            entries[at].value = entries[i].value; /* the first key stays, the last value wins */
        } else {
            entries[kept++] = entries[i];
        }
    }
    return kept;
}

/* What groups of entries become, by digit. */
typedef struct {
    uint64_t pair_digits, node_digits;
    size_t pairs, nodes;
    Term pair[2 * HAMT_FAN];
    Term node[HAMT_FAN];
} Parts;

static Term build(const TermRoom *room, const HamtEntry *entries, size_t count, unsigned level);

static unsigned digit_of(const HamtEntry *entry, unsigned level)
{
    return (unsigned)(entry->path >> (PATH_TOP - level * HAMT_BITS)) & (HAMT_FAN - 1);
}

/* False without memory. */
static bool build_parts(const TermRoom *room, const HamtEntry *entries, size_t count,
                        unsigned level, Parts *parts)
{
    parts->pair_digits = parts->node_digits = 0;
    parts->pairs = parts->nodes = 0;
    for (size_t at = 0, end; at < count; at = end) {
        unsigned digit = digit_of(&entries[at], level);
        for (end = at + 1; end < count && digit_of(&entries[end], level) == digit;) {
            end++;
        }
        uint64_t bit = (uint64_t)1 << digit;
        if (end - at == 1) {
            parts->pair[2 * parts->pairs] = entries[at].key;
            parts->pair[2 * parts->pairs++ + 1] = entries[at].value;
            parts->pair_digits |= bit;
            continue;
        }
        Term node = build(room, entries + at, end - at, level + 1);
        if (term_same(node, TERM_NONE)) {
            return false;
        }
        parts->node[parts->nodes++] = node;
        parts->node_digits |= bit;
    }
    return true;
}

/* size: of the map, for its root; 0: an inner node. */
static Term build_node(const TermRoom *room, const Parts *parts, size_t size)
{
    Term *words =
        hamt_new(room, size, parts->pair_digits, parts->node_digits, parts->pairs, parts->nodes);
    if (!words) {
        return TERM_NONE;
    }
    memcpy(words + hamt_digits_at(words) + 2, parts->pair, 2 * parts->pairs * sizeof *words);
    for (size_t i = 0; i < parts->nodes; i++) {
        words[header_words(words[0].w) - i] = parts->node[i];
    }
    return boxed_term(words);
}

static Term build_collision(const TermRoom *room, const HamtEntry *entries, size_t count)
{
    Term *words = hamt_new(room, 0, 0, 0, count, 0);
    if (!words) {
        return TERM_NONE;
    }
    for (size_t i = 0; i < count; i++) {
        words[3 + 2 * i] = entries[i].key;
        words[4 + 2 * i] = entries[i].value;
    }
    return boxed_term(words);
}

/* The node for entries, more than one, whose paths agree above level, which is not 0. */
static Term build(const TermRoom *room, const HamtEntry *entries, size_t count, unsigned level)
{
    Parts parts;
    if (level == HAMT_LEVELS) {
        return build_collision(room, entries, count);
    }
    return build_parts(room, entries, count, level, &parts) ? build_node(room, &parts, 0)
                                                            : TERM_NONE;
}

Term hamt_build(const TermRoom *room, const HamtEntry *entries, size_t count)
{
    Parts parts;
    return build_parts(room, entries, count, 0, &parts) ? build_node(room, &parts, count)
                                                        : TERM_NONE;
}
