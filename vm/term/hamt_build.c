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
        path = path << HAMT_BITS | hamt_digit(hash, level);
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

static Term build(const TermRoom *room, const HamtEntry *entries, size_t count, unsigned level);

static Term build_collision(const TermRoom *room, const HamtEntry *entries, size_t count)
{
    Term *words = room_alloc(room, 2 + count * 3);
    if (!words) {
        return TERM_NONE;
    }
    words[0].w = header_make(BOXED_HAMT_NODE, 1 + count);
    words[1] = small_make((int64_t)HAMT_COLLISION);
    Term *leaves = words + 2 + count;
    for (size_t i = 0; i < count; i++) {
        words[2 + i] = build_cons(&leaves, entries[i].key, entries[i].value);
    }
    return boxed_term(words);
}

/* Fills children with what the groups of entries become; false without memory. */
static bool build_children(const TermRoom *room, const HamtEntry *entries, size_t count,
                           unsigned level, Term *children, uint64_t *bitmap, size_t *used)
{
    *bitmap = 0;
    *used = 0;
    for (size_t at = 0, end; at < count; at = end) {
        unsigned digit =
            (unsigned)(entries[at].path >> (PATH_TOP - level * HAMT_BITS)) & (HAMT_FAN - 1);
        for (end = at + 1; end < count; end++) {
            if ((entries[end].path >> (PATH_TOP - level * HAMT_BITS) & (HAMT_FAN - 1)) != digit) {
                break;
            }
        }
        Term child = build(room, entries + at, end - at, level + 1);
        if (term_same(child, TERM_NONE)) {
            return false;
        }
        children[(*used)++] = child;
        *bitmap |= (uint64_t)1 << digit;
    }
    return true;
}

static Term build_leaf(const TermRoom *room, const HamtEntry *entry)
{
    Term *cell = room_alloc(room, 2);
    return cell ? build_cons(&cell, entry->key, entry->value) : TERM_NONE;
}

/* The node (or the leaf) for entries whose paths agree above level, which is not 0. */
static Term build(const TermRoom *room, const HamtEntry *entries, size_t count, unsigned level)
{
    Term children[HAMT_FAN];
    uint64_t bitmap;
    size_t used;
    if (count == 1) {
        return build_leaf(room, entries);
    }
    if (level == HAMT_LEVELS) {
        return build_collision(room, entries, count);
    }
    if (!build_children(room, entries, count, level, children, &bitmap, &used)) {
        return TERM_NONE;
    }
    Term *words = room_alloc(room, 2 + used);
    if (!words) {
        return TERM_NONE;
    }
    words[0].w = header_make(BOXED_HAMT_NODE, 1 + used);
    words[1] = small_make((int64_t)bitmap);
    memcpy(words + 2, children, used * sizeof *children);
    return boxed_term(words);
}

Term hamt_build(const TermRoom *room, const HamtEntry *entries, size_t count)
{
    Term children[HAMT_FAN];
    uint64_t bitmap;
    size_t used;
    if (!build_children(room, entries, count, 0, children, &bitmap, &used)) {
        return TERM_NONE;
    }
    Term *words = room_alloc(room, 3 + used);
    if (!words) {
        return TERM_NONE;
    }
    words[0].w = header_make(BOXED_HAMT, 2 + used);
    words[1] = small_make((int64_t)count);
    words[2] = small_make((int64_t)bitmap);
    memcpy(words + 3, children, used * sizeof *children);
    return boxed_term(words);
}
