/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_debug.c: module erts_debug: sizes of terms in words, as OTP's heap would hold them (a
 * float takes two there, however we keep it), so that programs that measure get its numbers. Large
 * maps and what goes beyond are close estimates. */
#include "vm/base/alloc.h"
#include "vm/bif/bif_util.h"
#include "vm/term/binary.h"
#include "vm/term/fun.h"
#include "vm/term/map.h"

enum {
    OTP_SMALL_BITS = 60,
    OTP_FLOAT_WORDS = 2,
    OTP_REF_WORDS = 3,
    OTP_FUN_WORDS = 5,
    OTP_OFF_HEAP_WORDS = 6,
    OTP_SUB_BINARY_WORDS = 5,
};

/* Terms seen, by address: open addressing. */
typedef struct {
    uintptr_t *slots;
    size_t used, room;
} SeenSet;

/* True if w is new; it is then in the set. *ok is cleared without memory. */
static bool seen_add(SeenSet *seen, uintptr_t w, bool *ok)
{
    if (seen->used * 2 >= seen->room) {
        SeenSet grown = {.room = seen->room * 2 + 64};
        grown.slots = alloc_try_zero(grown.room * sizeof *grown.slots);
        if (grown.slots == NULL) {
            *ok = false;
            return false;
        }
        for (size_t i = 0; i < seen->room; i++) {
            if (seen->slots[i] != 0) {
                seen_add(&grown, seen->slots[i], ok);
            }
        }
        alloc_free(seen->slots);
        *seen = grown;
    }
    size_t slot = (w >> 3) * UINT64_C(0x9E3779B97F4A7C15) >> 20;
    for (slot %= seen->room; seen->slots[slot] != 0; slot = (slot + 1) % seen->room) {
        if (seen->slots[slot] == w) {
            return false;
        }
    }
    seen->slots[slot] = w;
    seen->used++;
    return true;
}

static size_t integer_words(Term t)
{
    BigView view;
    int64_t most = INT64_C(1) << (OTP_SMALL_BITS - 1);
    if (term_is_small(t) && small_value(t) >= -most && small_value(t) < most) {
        return 0;
    }
    big_open(&view, t);
    return 1 + view.count;
}

static size_t bits_words(Term t)
{
    size_t bits = binary_bits(t), bytes = (bits + 7) / 8;
    size_t base = bytes <= BINARY_HEAP_MAX ? 2 + (bytes + 7) / 8 : OTP_OFF_HEAP_WORDS;
    return bits % 8 == 0 ? base : base + OTP_SUB_BINARY_WORDS;
}

static bool push_all(UtilStack *later, const Term *items, size_t count)
{
    bool ok = true;
    for (size_t i = 0; ok && i < count; i++) {
        ok = util_stack_push(later, items[i]);
    }
    return ok;
}

static bool push_map(UtilStack *later, Term map)
{
    MapIter it;
    Term key, value;
    bool ok = true;
    map_iter(&it, map);
    while (ok && map_iter_next(&it, &key, &value)) {
        ok = util_stack_push(later, key) && util_stack_push(later, value);
    }
    return ok;
}

static size_t map_words(size_t pairs)
{
    return pairs <= MAP_FLAT_MAX ? pairs == 0 ? 3 : 4 + 2 * pairs : 3 * pairs + pairs * 7 / 10 + 5;
}

/* Words of t itself; what it is made of goes to later. */
static size_t own_words(Term t, UtilStack *later, bool *ok)
{
    if (term_is_integer(t)) {
        return integer_words(t);
    }
    if (term_is_float(t)) {
        return OTP_FLOAT_WORDS;
    }
    if (term_is_cons(t)) {
        *ok = util_stack_push(later, cons_tail(t)) && util_stack_push(later, cons_head(t));
        return 2;
    }
    if (term_is_tuple(t)) {
        *ok = push_all(later, tuple_items(t), tuple_arity(t));
        return tuple_arity(t) == 0 ? 0 : tuple_arity(t) + 1;
    }
    if (term_is_map(t)) {
        *ok = push_map(later, t);
        return map_words(map_size(t));
    }
    if (term_is_bitstring(t)) {
        return bits_words(t);
    }
    if (term_is_kind(t, BOXED_FUN)) {
        *ok = push_all(later, fun_free_values(t), fun_free_count(t));
        return OTP_FUN_WORDS + fun_free_count(t);
    }
    return term_is_ref(t) ? OTP_REF_WORDS : term_is_fun(t) ? OTP_FUN_WORDS : 0;
}

/* Words of all of t; a part that occurs twice counts once if shared. */
static Term size_of(Process *p, Term t, bool shared)
{
    UtilStack later;
    SeenSet seen = {0};
    size_t sum = 0, steps = 0;
    bool ok = true;
    util_stack_init(&later);
    ok = util_stack_push(&later, t);
    while (ok && later.count > 0) {
        Term next = later.items[--later.count];
        bool has_words = term_is_cons(next) || term_is_boxed(next);
        steps++;
        if (!shared || !has_words || seen_add(&seen, next.w, &ok)) {
            sum += own_words(next, &later, &ok);
        }
    }
    util_stack_free(&later);
    alloc_free(seen.slots);
    util_spend_steps(p, steps);
    return ok ? small_make((int64_t)sum) : raise_no_memory(p);
}

Term bif_erts_debug_flat_size_1(Process *p, const Term *a)
{
    return size_of(p, a[0], false);
}

Term bif_erts_debug_size_1(Process *p, const Term *a)
{
    return size_of(p, a[0], true);
}

Term bif_erts_debug_same_2(Process *p, const Term *a)
{
    return term_bool(term_same(a[0], a[1]));
}
