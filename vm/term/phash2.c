/* SPDX-License-Identifier: Apache-2.0 */
/* vm/term/phash2.c: the portable hash, whose numbers every node of every release agrees on;
 * programs store them and spread work by them, so they are OTP's to the bit.
 *
 * It is Bob Jenkins's 96-bit mix (1996, public domain) over the words of the term, each kind with a
 * multiple of the golden ratio. Pairs of maps are hashed one by one and joined by xor. */
#include "vm/base/vec.h"
#include "vm/term/atom.h"
#include "vm/term/big.h"
#include "vm/term/binary.h"
#include "vm/term/fun.h"
#include "vm/term/hash.h"
#include "vm/term/map.h"
#include "vm/term/ref.h"

#define GOLDEN 0x9E3779B9u
#define KIND(n) (GOLDEN * (n)) /* kinds as OTP numbers them */
#define EMPTY_LIST 3468870702u
enum {
    KIND_SMALL = 1,
    KIND_NIL = 2,
    KIND_ATOM = 3,
    KIND_BYTES = 4,
    KIND_PID = 5,
    KIND_PORT = 6,
    KIND_REF = 7,
    KIND_TUPLE = 9,
    KIND_NEGATIVE = 10,
    KIND_POSITIVE = 11,
    KIND_FLOAT = 12,
    KIND_BINARY = 13,
    KIND_EXPORT = 14,
    KIND_BITS = 15,
    KIND_MAP = 16,
    KIND_PAIRS = 19,
};

/* What is still to be hashed: terms, and what to do between them. */
typedef enum { TODO_TERM, TODO_PAIR_END, TODO_MAP_END } TodoKind;
typedef struct {
    TodoKind kind;
    Term term;
    uint32_t hash; /* MAP_END: the hash and the pairs' xor outside of the map */
    uint32_t pairs;
} Todo;

typedef struct {
    const AtomTable *atoms;
    uint32_t hash;
    uint32_t pairs;
    VEC(Todo) todo;
} Portable;

ACT_INLINE void mix(uint32_t *a, uint32_t *b, uint32_t *c)
{
    *a -= *b, *a -= *c, *a ^= *c >> 13;
    *b -= *c, *b -= *a, *b ^= *a << 8;
    *c -= *a, *c -= *b, *c ^= *b >> 13;
    *a -= *b, *a -= *c, *a ^= *c >> 12;
    *b -= *c, *b -= *a, *b ^= *a << 16;
    *c -= *a, *c -= *b, *c ^= *b >> 5;
    *a -= *b, *a -= *c, *a ^= *c >> 3;
    *b -= *c, *b -= *a, *b ^= *a << 10;
    *c -= *a, *c -= *b, *c ^= *b >> 15;
}

ACT_INLINE void add2(Portable *p, uint32_t x, uint32_t y, uint32_t kind)
{
    uint32_t a = KIND(kind) + x;
    uint32_t b = KIND(kind) + y;
    mix(&a, &b, &p->hash);
}

ACT_INLINE void add(Portable *p, uint32_t x, uint32_t kind)
{
    add2(p, x, 0, kind);
}

static void push(Portable *p, Term t)
{
    vec_push(&p->todo, ((Todo){.kind = TODO_TERM, .term = t}));
}

/* Little-endian word of up to 4 bytes. */
static uint32_t word_of(const unsigned char *bytes, size_t count)
{
    uint32_t word = 0;
    for (size_t i = 0; i < ACT_MIN(count, 4); i++) {
        word |= (uint32_t)bytes[i] << 8 * i;
    }
    return word;
}

/* Jenkins's hash of a block of bytes, which come from a view that may start at any bit. */
static uint32_t hash_block(const BinaryView *view, size_t size, uint32_t seed)
{
    unsigned char piece[12];
    uint32_t a = GOLDEN, b = GOLDEN, c = seed;
    size_t at = 0;
    for (; size - at >= 12; at += 12) {
        binary_copy_bits(view->bytes, view->offset + at * 8, piece, 0, 96);
        a += word_of(piece, 4);
        b += word_of(piece + 4, 4);
        c += word_of(piece + 8, 4);
        mix(&a, &b, &c);
    }
    size_t left = size - at;
    memset(piece, 0, sizeof piece);
    binary_copy_bits(view->bytes, view->offset + at * 8, piece, 0, left * 8);
    a += word_of(piece, 4);
    b += word_of(piece + 4, 4);
    c += (uint32_t)size + (word_of(piece + 8, 3) << 8); /* the lowest byte is the size's */
    mix(&a, &b, &c);
    return c;
}

static void hash_bits(Portable *p, Term t)
{
    BinaryView view;
    VM_CHECK(binary_view(t, &view));
    uint32_t seed = KIND(KIND_BINARY) + p->hash;
    if (view.bits == 0) {
        p->hash = seed;
        return;
    }
    size_t size = view.bits / 8;
    unsigned rest = view.bits % 8;
    p->hash = hash_block(&view, size, seed);
    if (rest > 0) {
        unsigned char last = 0;
        binary_copy_bits(view.bytes, view.offset + size * 8, &last, 0, rest);
        add2(p, rest, (uint32_t)last >> (8 - rest), KIND_BITS);
    }
}

static void hash_integer(Portable *p, Term t)
{
    BigView view;
    int64_t value = term_is_small(t) ? small_value(t) : INT64_MAX;
    if (value >= -(1 << 27) && value < 1 << 27) {
        if (value < 0) { /* negative ones are mixed twice, once with either sign */
            add(p, (uint32_t)-value, KIND_SMALL);
        }
        add(p, (uint32_t)value, KIND_SMALL);
        return;
    }
    big_open(&view, t);
    for (size_t i = 0; i < view.count; i++) {
        add2(p, (uint32_t)view.limbs[i], (uint32_t)(view.limbs[i] >> 32),
             view.negative ? KIND_NEGATIVE : KIND_POSITIVE);
    }
}

static void hash_float(Portable *p, double value)
{
    uint64_t bits;
    value = value == 0 ? 0.0 : value;
    memcpy(&bits, &value, sizeof bits);
    add2(p, (uint32_t)(bits >> 32), (uint32_t)bits, KIND_FLOAT);
}

static void hash_fun(Portable *p, Term t)
{
    if (term_is_kind(t, BOXED_EXPORT)) {
        const Export *e = fun_export(t);
        add2(p, e->arity, atom_hash(p->atoms, e->module), KIND_SMALL);
        add(p, atom_hash(p->atoms, e->name), KIND_EXPORT);
        return;
    }
    const FunEntry *f = fun_entry(t);
    size_t count = fun_free_count(t);
    add2(p, (uint32_t)count, atom_hash(p->atoms, f->module), KIND_SMALL);
    add2(p, f->index, f->uniq, KIND_SMALL);
    for (size_t i = count; i > 0; i--) {
        push(p, fun_free_values(t)[i - 1]);
    }
}

static void hash_map(Portable *p, Term t)
{
    MapIter it;
    Term key, value;
    add(p, (uint32_t)map_size(t), KIND_MAP);
    if (map_size(t) == 0) {
        return;
    }
    vec_push(&p->todo, ((Todo){.kind = TODO_MAP_END, .hash = p->hash, .pairs = p->pairs}));
    p->hash = p->pairs = 0;
    for (map_iter(&it, t); map_iter_next(&it, &key, &value);) {
        vec_push(&p->todo, ((Todo){.kind = TODO_PAIR_END}));
        push(p, value);
        push(p, key);
    }
}

static void hash_immediate(Portable *p, Term t)
{
    if (term_is_atom(t)) {
        uint32_t hash = atom_hash(p->atoms, t);
        if (p->hash == 0) {
            p->hash = hash;
        } else {
            add(p, hash, KIND_ATOM);
        }
    } else if (term_is_nil(t)) {
        if (p->hash == 0) {
            p->hash = EMPTY_LIST;
        } else {
            add(p, 2, KIND_NIL);
        }
    } else {
        add(p, (uint32_t)(t.w >> IMMEDIATE_SHIFT), term_is_pid(t) ? KIND_PID : KIND_PORT);
    }
}

/* Bytes at the front of a list, or behind an element that is none, are hashed four at a time. The
 * rest from there. */
static Term hash_bytes(Portable *p, Term t)
{
    uint32_t bytes = 0;
    int count = 0;
    while (term_is_cons(t) && term_is_small(cons_head(t)) &&
           (uint64_t)small_value(cons_head(t)) < 256) {
        bytes = (bytes << 8) + (uint32_t)small_value(cons_head(t));
        if (++count == 4) {
            add(p, bytes, KIND_BYTES);
            bytes = 0;
            count = 0;
        }
        t = cons_tail(t);
    }
    if (count > 0) {
        add(p, bytes, KIND_BYTES);
    }
    return t;
}

/* What has nothing inside. */
static bool hash_leaf(Portable *p, Term t)
{
    if (ACT_LIKELY(term_is_small(t))) {
        hash_integer(p, t);
    } else if (term_is_cons(t) || term_is_boxed(t)) {
        return false;
    } else if (term_is_float(t)) {
        hash_float(p, float_value(t));
    } else {
        hash_immediate(p, t);
    }
    return true;
}

static void hash_list(Portable *p, Term t)
{
    t = hash_bytes(p, t);
    while (term_is_cons(t) && hash_leaf(p, cons_head(t))) {
        t = hash_bytes(p, cons_tail(t));
    }
    if (term_is_cons(t)) {
        push(p, cons_tail(t));
        push(p, cons_head(t));
    } else {
        push(p, t);
    }
}

static void hash_tuple(Portable *p, Term t)
{
    size_t arity = tuple_arity(t), at = 0;
    const Term *items = tuple_items(t);
    add(p, (uint32_t)arity, KIND_TUPLE);
    while (at < arity && hash_leaf(p, items[at])) {
        at++;
    }
    for (size_t i = arity; i > at; i--) {
        push(p, items[i - 1]);
    }
}

static void hash_boxed(Portable *p, Term t)
{
    switch (header_kind(boxed_header(t))) {
    case BOXED_TUPLE:
        hash_tuple(p, t);
        break;
    case BOXED_MAP:
    case BOXED_HAMT:
        hash_map(p, t);
        break;
    case BOXED_FUN:
    case BOXED_EXPORT:
        hash_fun(p, t);
        break;
    case BOXED_BIG:
    case BOXED_BIG_NEGATIVE:
        hash_integer(p, t);
        break;
    case BOXED_FLOAT:
        hash_float(p, float_value(t));
        break;
    case BOXED_REF:
    case BOXED_MAGIC:
        add(p, (uint32_t)ref_id(t), KIND_REF);
        break;
    default:
        hash_bits(p, t);
    }
}

static void hash_one(Portable *p, Term t)
{
    if (term_is_cons(t)) {
        hash_list(p, t);
    } else if (!hash_leaf(p, t)) {
        hash_boxed(p, t);
    }
}

uint32_t term_phash2_wide(const AtomTable *atoms, Term t)
{
    Portable p = {.atoms = atoms};
    hash_one(&p, t);
    while (p.todo.count > 0) {
        Todo todo = vec_pop(&p.todo);
        switch (todo.kind) {
        case TODO_TERM:
            hash_one(&p, todo.term);
            break;
        case TODO_PAIR_END:
            p.pairs ^= p.hash;
            p.hash = 0;
            break;
        case TODO_MAP_END:
            p.hash = todo.hash;
            add(&p, p.pairs, KIND_PAIRS);
            p.pairs = todo.pairs;
        }
    }
    vec_free(&p.todo);
    return p.hash;
}

uint32_t term_phash2(const AtomTable *atoms, Term t)
{
    return term_phash2_wide(atoms, t) & ((1u << 27) - 1);
}
