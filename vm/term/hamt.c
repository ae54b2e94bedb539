/* SPDX-License-Identifier: Apache-2.0 */
/* vm/term/hamt.c: finding, putting and removing in large maps. Paths are copied, the rest shared;
 * recursion is as deep as the trie, at most HAMT_LEVELS + 1. */
#include "vm/term/hamt.h"

#include "vm/term/compare.h"
#include "vm/term/hash.h"
#include "vm/term/map.h"

static ACT_NOINLINE const Term *find_collided(const Term *words, Term key)
{
    HamtNode node = hamt_open(words);
    for (size_t i = 0; i < node.count; i++) {
        if (term_equal_exact(cons_head(node.children[i]), key)) {
            return cons_cell(node.children[i]);
        }
    }
    return NULL;
}

const Term *hamt_find(Term root, Term key)
{
    uint64_t hash = term_hash(key);
    const Term *words = boxed_words(root), *place = words + 2; /* of the bitmap; children follow */
    for (;; hash >>= HAMT_BITS) {
        uint64_t bitmap = (uint64_t)small_value(*place);
        uint64_t bit = (uint64_t)1 << (hash & (HAMT_FAN - 1));
        if (ACT_UNLIKELY(bitmap == HAMT_COLLISION)) {
            return find_collided(words, key);
        }
        if (!(bitmap & bit)) {
            return NULL;
        }
        Term child = place[1 + hamt_index(bitmap, bit)];
        if (term_is_cons(child)) {
            return term_equal_exact(cons_head(child), key) ? cons_cell(child) : NULL;
        }
        words = boxed_words(child);
        place = words + 1;
    }
}

/* What a put carries down. */
typedef struct {
    const TermRoom *room;
    Term key;
    Term value;
    uint64_t hash;
    bool added;
} Put;

/* Room for a copy of old with so many children and this bitmap; a root gets the count. */
static Term *copy_node(const TermRoom *room, const Term *old, uint64_t bitmap, size_t children,
                       int64_t grown)
{
    bool root = header_kind(old[0].w) == BOXED_HAMT;
    size_t first = root ? 3 : 2;
    Term *words = room_alloc(room, first + children);
    if (!words) {
        return NULL;
    }
    words[0].w = header_make(root ? BOXED_HAMT : BOXED_HAMT_NODE, first + children - 1);
    if (root) {
        words[1] = small_make(small_value(old[1]) + grown);
    }
    words[first - 1] = small_make((int64_t)bitmap);
    return words;
}

static Term make_leaf(const Put *put)
{
    Term *cell = room_alloc(put->room, 2);
    return cell ? build_cons(&cell, put->key, put->value) : TERM_NONE;
}

static Term make_inner(const TermRoom *room, uint64_t bitmap, const Term *children, size_t count)
{
    Term *words = room_alloc(room, 2 + count);
    if (!words) {
        return TERM_NONE;
    }
    words[0].w = header_make(BOXED_HAMT_NODE, 1 + count);
    words[1] = small_make((int64_t)bitmap);
    memcpy(words + 2, children, count * sizeof *children);
    return boxed_term(words);
}

/* A node for two leaves whose hashes agree above this level. */
static Term split(const TermRoom *room, unsigned level, Term a, uint64_t hash_a, Term b,
                  uint64_t hash_b)
{
    if (level == HAMT_LEVELS) {
        return make_inner(room, HAMT_COLLISION, (Term[]){a, b}, 2);
    }
    unsigned x = hamt_digit(hash_a, level);
    unsigned y = hamt_digit(hash_b, level);
    uint64_t bitmap = (uint64_t)1 << x | (uint64_t)1 << y;
    if (x != y) {
        return make_inner(room, bitmap, x < y ? (Term[]){a, b} : (Term[]){b, a}, 2);
    }
    Term inner = split(room, level + 1, a, hash_a, b, hash_b);
    return term_same(inner, TERM_NONE) ? inner : make_inner(room, bitmap, &inner, 1);
}

/* A copy of the node with child number `at` replaced. */
static Term with_child(const Put *put, const Term *words, const HamtNode *node, size_t at,
                       Term child)
{
    if (term_same(child, TERM_NONE) || term_same(child, node->children[at])) {
        return term_same(child, TERM_NONE) ? child : boxed_term(words);
    }
    Term *copy = copy_node(put->room, words, node->bitmap, node->count, put->added);
    if (!copy) {
        return TERM_NONE;
    }
    Term *children = (Term *)hamt_open(copy).children;
    memcpy(children, node->children, node->count * sizeof *children);
    children[at] = child;
    return boxed_term(copy);
}

/* A copy of the node with a leaf for the pair in front of child number `at`. */
static Term with_leaf(Put *put, const Term *words, const HamtNode *node, size_t at, uint64_t bitmap)
{
    put->added = true;
    Term leaf = make_leaf(put);
    Term *copy =
        term_same(leaf, TERM_NONE) ? NULL : copy_node(put->room, words, bitmap, node->count + 1, 1);
    if (!copy) {
        return TERM_NONE;
    }
    Term *children = (Term *)hamt_open(copy).children;
    memcpy(children, node->children, at * sizeof *children);
    children[at] = leaf;
    memcpy(children + at + 1, node->children + at, (node->count - at) * sizeof *children);
    return boxed_term(copy);
}

/* The leaf with the new value; the same leaf if it has it already. */
static Term changed_leaf(const Put *put, Term leaf)
{
    if (term_same(cons_tail(leaf), put->value)) {
        return leaf;
    }
    Term *cell = room_alloc(put->room, 2);
    return cell ? build_cons(&cell, cons_head(leaf), put->value) : TERM_NONE;
}

static Term put_in_collision(Put *put, const Term *words, const HamtNode *node)
{
    for (size_t i = 0; i < node->count; i++) {
        if (term_equal_exact(cons_head(node->children[i]), put->key)) {
            return with_child(put, words, node, i, changed_leaf(put, node->children[i]));
        }
    }
    return with_leaf(put, words, node, node->count, node->bitmap);
}

static Term put_in(Put *put, const Term *words, unsigned level)
{
    HamtNode node = hamt_open(words);
    if (node.bitmap == HAMT_COLLISION) {
        return put_in_collision(put, words, &node);
    }
    uint64_t bit = (uint64_t)1 << hamt_digit(put->hash, level);
    size_t at = hamt_index(node.bitmap, bit);
    if (!(node.bitmap & bit)) {
        return with_leaf(put, words, &node, at, node.bitmap | bit);
    }
    Term child = node.children[at];
    if (!term_is_cons(child)) {
        child = put_in(put, boxed_words(child), level + 1);
    } else if (term_equal_exact(cons_head(child), put->key)) {
        child = changed_leaf(put, child);
    } else {
        put->added = true;
        Term leaf = make_leaf(put);
        child = term_same(leaf, TERM_NONE) ? leaf
                                           : split(put->room, level + 1, child,
                                                   term_hash(cons_head(child)), leaf, put->hash);
    }
    return with_child(put, words, &node, at, child);
}

Term hamt_put(const TermRoom *room, Term root, Term key, Term value)
{
    Put put = {.room = room, .key = key, .value = value, .hash = term_hash(key), .added = false};
    return put_in(&put, boxed_words(root), 0);
}

/* The node without its child number `at`; a leaf if only that is left of an inner one. */
static Term without_child(const TermRoom *room, const Term *words, const HamtNode *node, size_t at)
{
    bool root = header_kind(words[0].w) == BOXED_HAMT;
    if (!root && node->count == 2 && term_is_cons(node->children[1 - at])) {
        return node->children[1 - at];
    }
    uint64_t bitmap = node->bitmap;
    if (bitmap != HAMT_COLLISION) {
        uint64_t left = bitmap;
        for (size_t i = 0; i < at; i++) {
            left &= left - 1;
        }
        bitmap &= ~(left & -left);
    }
    Term *copy = copy_node(room, words, bitmap, node->count - 1, -1);
    if (!copy) {
        return TERM_NONE;
    }
    Term *children = (Term *)hamt_open(copy).children;
    memcpy(children, node->children, at * sizeof *children);
    memcpy(children + at, node->children + at + 1, (node->count - at - 1) * sizeof *children);
    return boxed_term(copy);
}

static Term remove_in(const TermRoom *room, const Term *words, unsigned level, uint64_t hash,
                      Term key)
{
    HamtNode node = hamt_open(words);
    size_t at = 0;
    if (node.bitmap == HAMT_COLLISION) {
        while (!term_equal_exact(cons_head(node.children[at]), key)) {
            at++;
        }
        return without_child(room, words, &node, at);
    }
    at = hamt_index(node.bitmap, (uint64_t)1 << hamt_digit(hash, level));
    Term child = node.children[at];
    if (term_is_cons(child)) {
        return without_child(room, words, &node, at);
    }
    child = remove_in(room, boxed_words(child), level + 1, hash, key);
    bool root = header_kind(words[0].w) == BOXED_HAMT;
    if (term_same(child, TERM_NONE) || (!root && node.count == 1 && term_is_cons(child))) {
        return child; /* a leaf climbs to where its hash first differs from the others' */
    }
    Term *copy = copy_node(room, words, node.bitmap, node.count, -1);
    if (!copy) {
        return TERM_NONE;
    }
    Term *children = (Term *)hamt_open(copy).children;
    memcpy(children, node.children, node.count * sizeof *children);
    children[at] = child;
    return boxed_term(copy);
}

Term hamt_remove(const TermRoom *room, Term root, Term key)
{
    return remove_in(room, boxed_words(root), 0, term_hash(key), key);
}
