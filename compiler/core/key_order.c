/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/core/key_order.c: constants in the order in which keys of a map stand: Erlang's order of
 * terms, but integers come before floats, inside of other terms too. */
#include "compiler/core/desugar.h"
#include <string.h>

static int order_of(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

/* Where a constant of that kind stands among the others. */
static int rank(const Konst *k)
{
    static const int ranks[KONST__count] = {
        [KONST_INT] = 0,  [KONST_BIG] = 0,    [KONST_FLOAT] = 1,  [KONST_ATOM] = 2,
        [KONST_FUN] = 3,  [KONST_TUPLE] = 4,  [KONST_MAP] = 5,    [KONST_NIL] = 6,
        [KONST_LIST] = 7, [KONST_STRING] = 7, [KONST_BINARY] = 8,
    };
    return ranks[k->kind];
}

/* -1 or 1 for a big integer, by its sign; 0 for one of 64 bits. */
static int beyond(const Konst *k)
{
    return k->kind == KONST_INT ? 0 : k->big.negative ? -1 : 1;
}

static int integers(const Konst *a, const Konst *b)
{
    if (beyond(a) != beyond(b)) {
        return beyond(a) - beyond(b);
    }
    if (a->kind == KONST_INT) {
        return (a->integer > b->integer) - (a->integer < b->integer);
    }
    int order = order_of(a->count, b->count);
    for (uint32_t i = a->count; i-- > 0 && order == 0;) {
        order = order_of(a->big.limbs[i], b->big.limbs[i]);
    }
    return beyond(a) * order;
}

static int texts(const void *a, size_t a_length, const void *b, size_t b_length)
{
    size_t both = ACT_MIN(a_length, b_length);
    int order = both > 0 ? memcmp(a, b, both) : 0;
    return order != 0 ? order : order_of(a_length, b_length);
}

static int funs(const Konst *a, const Konst *b)
{
    int order = key_order(a->fun.module, b->fun.module);
    order = order != 0 ? order : key_order(a->fun.name, b->fun.name);
    return order != 0 ? order : order_of(a->fun.arity, b->fun.arity);
}

static int tuples(const Konst *a, const Konst *b)
{
    int order = order_of(a->count, b->count);
    for (uint32_t i = 0; i < a->count && order == 0; i++) {
        order = key_order(a->list.items[i], b->list.items[i]);
    }
    return order;
}

static Konst element(const Konst *k, uint32_t at)
{
    return k->kind == KONST_STRING ? (Konst){.kind = KONST_INT, .integer = k->points[at]}
                                   : *k->list.items[at];
}

static const Konst *tail_of(const Konst *k)
{
    static const Konst nil = {.kind = KONST_NIL};
    return k->kind == KONST_LIST && k->list.tail ? k->list.tail : &nil;
}

static int lists(const Konst *a, const Konst *b)
{
    uint32_t both = ACT_MIN(a->count, b->count);
    int order = 0;
    for (uint32_t i = 0; i < both && order == 0; i++) {
        Konst one = element(a, i), other = element(b, i);
        order = key_order(&one, &other);
    }
    if (order != 0 || a->count == b->count) {
        return order != 0 ? order : key_order(tail_of(a), tail_of(b));
    }
    /* the longer one goes on with a cons where the other ends */
    return a->count > both ? rank(a) - rank(tail_of(b)) : rank(tail_of(a)) - rank(b);
}

/* The pair of the map with the least key above `above` (NULL: of all). */
static const Konst *const *next_pair(const Konst *map, const Konst *above)
{
    const Konst *const *least = NULL;
    for (uint32_t i = 0; i < map->count; i += 2) {
        const Konst *const *pair = map->list.items + i;
        if ((!above || key_order(pair[0], above) > 0) &&
            (!least || key_order(pair[0], least[0]) < 0)) {
            least = pair;
        }
    }
    return least;
}

/* By size, then keys, then values, each in the order of the keys. */
static int maps(const Konst *a, const Konst *b)
{
    int order = order_of(a->count, b->count);
    for (unsigned part = 0; part < 2 && order == 0; part++) {
        const Konst *const *one = next_pair(a, NULL), *const *other = next_pair(b, NULL);
        while (one && other && order == 0) {
            order = key_order(one[part], other[part]);
            one = next_pair(a, one[0]);
            other = next_pair(b, other[0]);
        }
    }
    return order;
}

/* The last byte's unused bits are 0, the least there is. */
static int binaries(const Konst *a, const Konst *b)
{
    int order =
        texts(a->binary.bytes, (a->binary.bits + 7) / 8, b->binary.bytes, (b->binary.bits + 7) / 8);
    return order != 0 ? order : order_of(a->binary.bits, b->binary.bits);
}

int key_order(const Konst *a, const Konst *b)
{
    if (rank(a) != rank(b)) {
        return rank(a) - rank(b);
    }
    switch (a->kind) {
    case KONST_INT:
    case KONST_BIG:
        return integers(a, b);
    case KONST_FLOAT:
        return (a->real > b->real) - (a->real < b->real);
    case KONST_ATOM:
        return texts(a->text, a->count, b->text, b->count);
    case KONST_FUN:
        return funs(a, b);
    case KONST_TUPLE:
        return tuples(a, b);
    case KONST_MAP:
        return maps(a, b);
    case KONST_LIST:
    case KONST_STRING:
        return lists(a, b);
    case KONST_BINARY:
        return binaries(a, b);
    default:
        return 0;
    }
}
