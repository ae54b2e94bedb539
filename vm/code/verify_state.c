/* SPDX-License-Identifier: Apache-2.0 */
/* vm/code/verify_state.c: what registers hold, and what is known where ways meet. */
#include "vm/code/verify.h"

#include <string.h>

static VType of_konst(const Konst *k)
{
    switch (k->kind) {
    case KONST_LIST:
    case KONST_STRING:
        return k->count > 0 ? VTYPE_CONS : VTYPE_ANY;
    case KONST_TUPLE:
        return VTYPE(VTYPE_TUPLE, k->count);
    case KONST_MAP:
        return VTYPE_MAP;
    case KONST_NIL:
        return VTYPE_NIL;
    case KONST_INT:
        return verify_small_type(small_range_of(k->integer));
    default:
        return VTYPE_ANY;
    }
}

VType verify_type(const Verify *v, uint32_t argument)
{
    const VerifyState *s = v->state;
    uint32_t index = BC_ARG_INDEX(argument);
    switch (BC_ARG_KIND(argument)) {
    case BC_X:
        return index < s->x_count ? s->x[index] : VTYPE_NONE;
    case BC_Y:
        return index < s->frame ? s->y[index] : VTYPE_NONE;
    default:
        return of_konst(v->file->konsts.items[index]);
    }
}

bool verify_is_any(VType type)
{
    return VTYPE_KIND(type) >= VTYPE_ANY && VTYPE_KIND(type) <= VTYPE_TUPLE;
}

/* The kinds of terms that have nothing in common; 0: of any kind. */
static unsigned sort_of(VType type)
{
    switch (VTYPE_KIND(type)) {
    case VTYPE_NIL:
    case VTYPE_MAP:
    case VTYPE_SMALL:
        return VTYPE_KIND(type);
    case VTYPE_CONS:
    case VTYPE_FRESH:
        return VTYPE_CONS;
    case VTYPE_AT_LEAST:
    case VTYPE_TUPLE:
        return VTYPE_TUPLE;
    default:
        return 0;
    }
}

bool verify_can_be(VType known, VType type)
{
    if (sort_of(known) != VTYPE_TUPLE || sort_of(type) != VTYPE_TUPLE) {
        return sort_of(known) == 0 || sort_of(type) == 0 || sort_of(known) == sort_of(type);
    }
    bool exact = VTYPE_KIND(known) == VTYPE_TUPLE, wants_exact = VTYPE_KIND(type) == VTYPE_TUPLE;
    return exact && wants_exact ? VTYPE_N(known) == VTYPE_N(type)
           : exact              ? VTYPE_N(known) >= VTYPE_N(type)
                                : !wants_exact || VTYPE_N(type) >= VTYPE_N(known);
}

/* Registers as one row of numbers, for copies. */
static uint32_t number(uint32_t argument)
{
    return BC_ARG_KIND(argument) == BC_X ? BC_ARG_INDEX(argument)
                                         : VERIFY_X + BC_ARG_INDEX(argument);
}

static uint32_t *copy_of(VerifyState *s, uint32_t number)
{
    return number < VERIFY_X ? &s->x_copy[number] : &s->y_copy[number - VERIFY_X];
}

bool verify_set(Verify *v, uint32_t argument, VType type)
{
    VerifyState *s = v->state;
    uint32_t index = BC_ARG_INDEX(argument);
    if (BC_ARG_KIND(argument) == BC_Y) {
        if (index >= s->frame) {
            return verify_fail(v, "y%u is not in the frame", index);
        }
        s->y[index] = type;
        s->y_copy[index] = VERIFY_NO_COPY;
        return true;
    }
    for (uint32_t i = s->x_count; i < index; i++) {
        s->x[i] = VTYPE_NONE;
        s->x_copy[i] = VERIFY_NO_COPY;
    }
    s->x_count = ACT_MAX(s->x_count, index + 1);
    s->x[index] = type;
    s->x_copy[index] = VERIFY_NO_COPY;
    return true;
}

bool verify_move(Verify *v, uint32_t to, uint32_t from)
{
    if (!verify_set(v, to, verify_type(v, from))) {
        return false;
    }
    if (BC_ARG_KIND(from) != BC_K && from != to) {
        *copy_of(v->state, number(to)) = number(from);
        *copy_of(v->state, number(from)) = number(to);
    }
    return true;
}

static void learn(VerifyState *s, uint32_t number, VType type)
{
    if (number < VERIFY_X) {
        if (number < s->x_count) {
            s->x[number] = type;
        }
    } else if (number - VERIFY_X < s->frame) {
        s->y[number - VERIFY_X] = type;
    }
}

void verify_learn(Verify *v, uint32_t argument, VType type)
{
    VerifyState *s = v->state;
    if (BC_ARG_KIND(argument) == BC_K) {
        return;
    }
    uint32_t self = number(argument);
    uint32_t other = *copy_of(s, self);
    learn(s, self, type);
    if (other != VERIFY_NO_COPY && *copy_of(s, other) == self) {
        learn(s, other, type);
    }
}

void verify_drop_x(Verify *v, uint32_t first)
{
    v->state->x_count = ACT_MIN(v->state->x_count, first);
}

void verify_nothing_fresh(Verify *v)
{
    v->state->stamp = ++v->stamps;
}

static bool is_either(VType type)
{
    return verify_is_any(type) || type == VTYPE_CONTEXT || type == VTYPE_EITHER;
}

static VType join_types(VType a, VType b)
{
    if (a == b) {
        return a;
    }
    if ((a == VTYPE_TRACE && b == VTYPE_NIL) || (a == VTYPE_NIL && b == VTYPE_TRACE)) {
        return VTYPE_TRACE; /* `after` parts are entered with a trace or without */
    }
    if (!verify_is_any(a) || !verify_is_any(b)) {
        return is_either(a) && is_either(b) ? VTYPE_EITHER : VTYPE_NONE;
    }
    unsigned ka = VTYPE_KIND(a);
    unsigned kb = VTYPE_KIND(b);
    if (ka == VTYPE_SMALL && kb == VTYPE_SMALL) {
        return verify_small_type(small_range_join((SmallRange)VTYPE_N(a), (SmallRange)VTYPE_N(b)));
    }
    if ((ka == VTYPE_TUPLE || ka == VTYPE_AT_LEAST) &&
        (kb == VTYPE_TUPLE || kb == VTYPE_AT_LEAST)) {
        return VTYPE(VTYPE_AT_LEAST, ACT_MIN(VTYPE_N(a), VTYPE_N(b)));
    }
    return VTYPE_ANY;
}

static VType settled(VType type)
{
    return VTYPE_KIND(type) == VTYPE_FRESH ? VTYPE_CONS : type;
}

/* Writes the state as the label's first. */
static bool store(Verify *v, VerifyLabel *l)
{
    const VerifyState *s = v->state;
    enum { POOL_MAX = 64 << 20 };
    size_t words = 2 * ((size_t)s->x_count + s->frame);
    if (v->pool.count + words > POOL_MAX) {
        return verify_fail(v, "too many registers times labels");
    }
    vec_reserve(&v->pool, words + 1); /* there is a place, if only for nothing */
    l->data = v->pool.count;
    v->pool.count += words;
    uint32_t *to = v->pool.items + l->data;
    for (uint32_t i = 0; i < s->x_count; i++) {
        *to++ = settled(s->x[i]);
    }
    for (uint32_t i = 0; i < s->frame; i++) {
        *to++ = settled(s->y[i]);
    }
    if (words > 0) {
        memcpy(to, s->x_copy, s->x_count * sizeof *to);
        memcpy(to + s->x_count, s->y_copy, s->frame * sizeof *to);
    }
    l->reached = true;
    l->message = s->message;
    l->framed = s->framed;
    l->x_count = s->x_count;
    l->frame = s->frame;
    l->heap = s->heap;
    return true;
}

/* Joins a row of the state into the label's; drops what differs. */
static bool join_row(uint32_t *known, const VType *types, uint32_t count)
{
    bool changed = false;
    for (uint32_t i = 0; i < count; i++) {
        VType joined = join_types(known[i], settled(types[i]));
        changed |= joined != known[i];
        known[i] = joined;
    }
    return changed;
}

static bool join_copies(uint32_t *known, const uint32_t *copies, uint32_t count)
{
    bool changed = false;
    for (uint32_t i = 0; i < count; i++) {
        if (known[i] != copies[i] && known[i] != VERIFY_NO_COPY) {
            known[i] = VERIFY_NO_COPY;
            changed = true;
        }
    }
    return changed;
}

/* X above the smaller of the two counts are none: closes the gap that leaves in the data. */
static bool join_x_count(Verify *v, VerifyLabel *l)
{
    uint32_t keep = ACT_MIN(l->x_count, v->state->x_count);
    uint32_t drop = l->x_count - keep;
    if (drop == 0) {
        return false;
    }
    uint32_t *data = v->pool.items + l->data;
    memmove(data + keep, data + l->x_count, (l->frame + keep) * sizeof *data);
    memmove(data + 2 * (size_t)keep + l->frame, data + 2 * (size_t)l->x_count + l->frame,
            l->frame * sizeof *data);
    l->x_count = keep;
    return true;
}

bool verify_join(Verify *v, uint32_t label, bool *changed)
{
    VerifyLabel *l = &v->labels.items[label];
    const VerifyState *s = v->state;
    *changed = !l->reached;
    if (!verify_spend(v, 1 + (uint64_t)s->x_count + s->frame)) {
        return false;
    }
    if (!l->reached) {
        return store(v, l);
    }
    if (l->frame != s->frame) {
        return verify_fail(v, "label %u is reached with frames of %u and %u slots", label, l->frame,
                           s->frame);
    }
    if (l->message != s->message) {
        return verify_fail(v, "label %u is reached with and without a message", label);
    }
    bool less = join_x_count(v, l);
    uint32_t *data = v->pool.items + l->data;
    less |= join_row(data, s->x, l->x_count);
    data += l->x_count;
    less |= join_row(data, s->y, l->frame);
    data += l->frame;
    less |= join_copies(data, s->x_copy, l->x_count);
    data += l->x_count;
    less |= join_copies(data, s->y_copy, l->frame);
    if (s->heap < l->heap || s->framed < l->framed) {
        l->heap = ACT_MIN(l->heap, s->heap);
        l->framed = l->framed && s->framed;
        less = true;
    }
    *changed = less;
    return true;
}

void verify_take(Verify *v, uint32_t label)
{
    const VerifyLabel *l = &v->labels.items[label];
    VerifyState *s = v->state;
    const uint32_t *data = v->pool.items + l->data;
    s->x_count = l->x_count;
    s->frame = l->frame;
    s->heap = l->heap;
    s->message = l->message;
    s->framed = l->framed;
    if (l->x_count + l->frame > 0) {
        memcpy(s->x, data, l->x_count * sizeof *data);
        data += l->x_count;
        memcpy(s->y, data, l->frame * sizeof *data);
        data += l->frame;
        memcpy(s->x_copy, data, l->x_count * sizeof *data);
        data += l->x_count;
        memcpy(s->y_copy, data, l->frame * sizeof *data);
    }
    verify_nothing_fresh(v);
}
