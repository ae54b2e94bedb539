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
    for (size_t i = 0; i < node.pair_count; i++) {
        if (term_equal_exact(node.pairs[2 * i], key)) {
            return &node.pairs[2 * i];
        }
    }
    return NULL;
}

/* The whole node comes at once: which of its words is wanted its first ones tell. */
ACT_INLINE void fetch_node(const Term *words)
{
    enum { LINE = 8, LINES = 5 };
    for (size_t at = LINE; at < LINES * LINE; at += LINE) {
        __builtin_prefetch(words + at);
    }
}

/* word: the key is one word, equal to no other term (term_is_word). */
ACT_INLINE const Term *find(Term root, Term key, uint64_t hash, bool word)
{
    const Term *words = boxed_words(root), *place = words + 2; /* of the digits */
    for (;; hash >>= HAMT_BITS) {
        uint64_t nodes = (uint64_t)small_value(place[1]);
        unsigned digit = hash & (HAMT_FAN - 1);
        if (nodes != HAMT_ALL_DIGITS) { /* the upper nodes of a large map have them all */
            uint64_t digits = (uint64_t)small_value(place[0]);
            uint64_t bit = (uint64_t)1 << digit;
            if (digits & bit) {
                const Term *pair = place + 2 + 2 * hamt_index(digits, bit);
                bool same = word ? term_same(pair[0], key) : term_equal_exact(pair[0], key);
                return same ? pair : NULL;
            }
            if (!(nodes & bit)) {
                return ACT_UNLIKELY((digits | nodes) == 0) ? find_collided(words, key) : NULL;
            }
            digit = hamt_index(nodes, bit);
        }
        words = boxed_words(words[header_words(words[0].w) - digit]);
        place = words + 1;
        fetch_node(words);
    }
}

const Term *hamt_find(Term root, Term key)
{
    return find(root, key, term_hash(key), false);
}

const Term *hamt_find_word(Term root, Term key)
{
    return find(root, key, term_hash_word(key), true);
}

Term *hamt_new(const TermRoom *room, size_t size, uint64_t pair_digits, uint64_t node_digits,
               size_t pairs, size_t nodes)
{
    size_t at = size > 0 ? 2 : 1;
    Term *words = room_alloc(room, at + 2 + 2 * pairs + nodes);
    if (!words) {
        return NULL;
    }
    words[0].w = header_make(size > 0 ? BOXED_HAMT : BOXED_HAMT_NODE, at + 1 + 2 * pairs + nodes);
    if (size > 0) {
        words[1] = small_make((int64_t)size);
    }
    words[at] = small_make((int64_t)pair_digits);
    words[at + 1] = small_make((int64_t)node_digits);
    return words;
}

/* ---- copies of a node with one thing changed; what stays is copied as words ---- */

typedef struct {
    const TermRoom *room;
    const Term *words;
    HamtNode node;
    size_t size; /* of the map it is the root of, afterwards; 0: an inner node */
} Change;

static Change change(const TermRoom *room, const Term *words)
{
    Change c = {.room = room, .words = words, .node = hamt_open(words)};
    c.size = c.node.root ? (size_t)small_value(words[1]) : 0;
    return c;
}

/* The map gets so many pairs more. */
static void resize(Change *c, int by)
{
    c->size = c->node.root ? c->size + (size_t)by : 0;
}

/* Everything but word `at`. */
static Term with_word(const Change *c, const Term *at, Term word)
{
    size_t count = 1 + header_words(c->words[0].w);
    if (term_same(*at, word)) {
        return boxed_term(c->words);
    }
    Term *copy = room_alloc(c->room, count);
    if (!copy) {
        return TERM_NONE;
    }
    memcpy(copy, c->words, count * sizeof *copy);
    copy[at - c->words] = word;
    if (c->node.root) {
        copy[1] = small_make((int64_t)c->size);
    }
    return boxed_term(copy);
}

/* What becomes of the pairs and the nodes: of each, one more or one less. */
typedef struct {
    uint64_t pair_digits, node_digits;
    size_t pair_at, pairs_in, pairs_out; /* index of the one that comes or goes; 0 or 1 */
    size_t node_at, nodes_in, nodes_out;
    const Term *pair; /* that comes */
    Term child;
} Edit;

/* Copies `count` words but for `out` of them from `at` on, for which `in` others come. */
static void splice(Term *to, const Term *from, size_t count, size_t at, const Term *with, size_t in,
                   size_t out)
{
    memcpy(to, from, at * sizeof *to);
    if (in > 0) {
        memcpy(to + at, with, in * sizeof *to);
    }
    memcpy(to + at + in, from + at + out, (count - at - out) * sizeof *to);
}

static Term edited(const Change *c, const Edit *e)
{
    const HamtNode *old = &c->node;
    size_t pairs = old->pair_count + e->pairs_in - e->pairs_out;
    size_t nodes = old->node_count + e->nodes_in - e->nodes_out;
    Term *words = hamt_new(c->room, c->size, e->pair_digits, e->node_digits, pairs, nodes);
    if (!words) {
        return TERM_NONE;
    }
    Term *to = words + hamt_digits_at(words) + 2;
    splice(to, old->pairs, 2 * old->pair_count, 2 * e->pair_at, e->pair, 2 * e->pairs_in,
           2 * e->pairs_out);
    /* from the last node, which comes first, on */
    size_t at = old->node_count - e->node_at - e->nodes_out;
    splice(to + 2 * pairs, old->pairs + 2 * old->pair_count, old->node_count, at, &e->child,
           e->nodes_in, e->nodes_out);
    return boxed_term(words);
}

/* ---- put ---- */

/* What a put carries down. */
typedef struct {
    const TermRoom *room;
    Term key;
    Term value;
    uint64_t hash;
    bool added;
} Put;

static Term two_pairs(const TermRoom *room, uint64_t digits, const Term *a, const Term *b)
{
    Term *words = hamt_new(room, 0, digits, 0, 2, 0);
    if (!words) {
        return TERM_NONE;
    }
    memcpy(words + 3, a, 2 * sizeof *a);
    memcpy(words + 5, b, 2 * sizeof *b);
    return boxed_term(words);
}

/* A node for two pairs whose hashes agree above this level. */
static Term split(const TermRoom *room, unsigned level, const Term *a, uint64_t hash_a,
                  const Term *b, uint64_t hash_b)
{
    if (level == HAMT_LEVELS) {
        return two_pairs(room, 0, a, b);
    }
    uint64_t x = hamt_bit(hash_a, level);
    uint64_t y = hamt_bit(hash_b, level);
    if (x != y) {
        return two_pairs(room, x | y, x < y ? a : b, x < y ? b : a);
    }
    Term child = split(room, level + 1, a, hash_a, b, hash_b);
    Term *words = term_same(child, TERM_NONE) ? NULL : hamt_new(room, 0, 0, x, 0, 1);
    if (!words) {
        return TERM_NONE;
    }
    words[3] = child;
    return boxed_term(words);
}

static Term add_pair(Put *put, Change *c, uint64_t digits, size_t at)
{
    put->added = true;
    resize(c, 1);
    const Term pair[2] = {put->key, put->value};
    return edited(c, &(Edit){.pair_digits = digits,
                             .node_digits = c->node.node_digits,
                             .pair_at = at,
                             .pairs_in = 1,
                             .pair = pair});
}

static Term put_in_collision(Put *put, Change *c)
{
    for (size_t i = 0; i < c->node.pair_count; i++) {
        if (term_equal_exact(c->node.pairs[2 * i], put->key)) {
            return with_word(c, &c->node.pairs[2 * i + 1], put->value);
        }
    }
    return add_pair(put, c, 0, c->node.pair_count);
}

/* The digit has a pair already: of the same key, or both go into a node of their own. */
static Term put_at_pair(Put *put, Change *c, uint64_t bit, unsigned level)
{
    size_t at = hamt_index(c->node.pair_digits, bit);
    const Term *pair = &c->node.pairs[2 * at];
    if (term_equal_exact(pair[0], put->key)) {
        return with_word(c, &pair[1], put->value);
    }
    put->added = true;
    resize(c, 1);
    uint64_t node_digits = c->node.node_digits | bit;
    Edit e = {.pair_digits = c->node.pair_digits & ~bit,
              .node_digits = node_digits,
              .pair_at = at,
              .pairs_out = 1,
              .node_at = hamt_index(node_digits, bit),
              .nodes_in = 1,
              .child = split(put->room, level + 1, pair, term_hash(pair[0]),
                             (Term[]){put->key, put->value}, put->hash)};
    return term_same(e.child, TERM_NONE) ? TERM_NONE : edited(c, &e);
}

static Term put_in(Put *put, const Term *words, unsigned level)
{
    Change c = change(put->room, words);
    if (hamt_is_collision(&c.node)) {
        return put_in_collision(put, &c);
    }
    uint64_t bit = hamt_bit(put->hash, level);
    if (c.node.pair_digits & bit) {
        return put_at_pair(put, &c, bit, level);
    }
    if (!(c.node.node_digits & bit)) {
        return add_pair(put, &c, c.node.pair_digits | bit, hamt_index(c.node.pair_digits, bit));
    }
    const Term *at = c.node.first_node - hamt_index(c.node.node_digits, bit);
    Term child = put_in(put, boxed_words(*at), level + 1);
    resize(&c, put->added);
    return term_same(child, TERM_NONE) ? child : with_word(&c, at, child);
}

Term hamt_put(const TermRoom *room, Term root, Term key, Term value)
{
    Put put = {.room = room, .key = key, .value = value, .hash = term_hash(key), .added = false};
    return put_in(&put, boxed_words(root), 0);
}

/* ---- remove ---- */

typedef struct {
    const TermRoom *room;
    Term key;
    uint64_t hash;
    const Term *left; /* the only pair left of a node: it climbs to where its digit differs */
} Removal;

static Term remove_pair(Removal *r, Change *c, uint64_t bit, size_t at)
{
    if (!c->node.root && c->node.node_count == 0 && c->node.pair_count == 2) {
        r->left = &c->node.pairs[2 * (1 - at)];
        return TERM_NIL;
    }
    resize(c, -1);
    return edited(c, &(Edit){.pair_digits = c->node.pair_digits & ~bit,
                             .node_digits = c->node.node_digits,
                             .pair_at = at,
                             .pairs_out = 1});
}

static Term remove_in(Removal *r, const Term *words, unsigned level);

static Term remove_below(Removal *r, Change *c, uint64_t bit, unsigned level)
{
    size_t number = hamt_index(c->node.node_digits, bit);
    const Term *at = c->node.first_node - number;
    Term child = remove_in(r, boxed_words(*at), level + 1);
    resize(c, -1);
    if (!r->left) {
        return term_same(child, TERM_NONE) ? child : with_word(c, at, child);
    }
    if (!c->node.root && c->node.pair_count == 0 && c->node.node_count == 1) {
        return TERM_NIL;
    }
    uint64_t pair_digits = c->node.pair_digits | bit;
    const Term *left = r->left;
    r->left = NULL;
    return edited(c, &(Edit){.pair_digits = pair_digits,
                             .node_digits = c->node.node_digits & ~bit,
                             .pair_at = hamt_index(pair_digits, bit),
                             .pairs_in = 1,
                             .pair = left,
                             .node_at = number,
                             .nodes_out = 1});
}

static Term remove_in(Removal *r, const Term *words, unsigned level)
{
    Change c = change(r->room, words);
    if (hamt_is_collision(&c.node)) {
        size_t at = 0;
        while (!term_equal_exact(c.node.pairs[2 * at], r->key)) {
            at++;
        }
        return remove_pair(r, &c, 0, at);
    }
    uint64_t bit = hamt_bit(r->hash, level);
    return c.node.pair_digits & bit ? remove_pair(r, &c, bit, hamt_index(c.node.pair_digits, bit))
                                    : remove_below(r, &c, bit, level);
}

Term hamt_remove(const TermRoom *room, Term root, Term key)
{
    Removal r = {.room = room, .key = key, .hash = term_hash(key)};
    return remove_in(&r, boxed_words(root), 0);
}
