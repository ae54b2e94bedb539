/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_atomics.c: module atomics: arrays of 64-bit integers that all processes share.
 *
 * An array is an off-heap block that a magic reference keeps (term/ref.h): it is sent without being
 * copied and goes with the last reference. Operations are seq_cst, as OTP promises of atomics. */
#include "vm/bif/bif_util.h"
#include "vm/mem/offheap.h"
#include "vm/sched/scheduler.h"
#include "vm/term/compare.h"
#include "vm/term/ref.h"
#include "vm/vm_parts.h"

enum { ATOMICS_MAGIC = 0x41746f6d };

typedef struct {
    uint32_t magic; /* ATOMICS_MAGIC: no other use of magic references is taken for this one */
    bool is_signed;
    uint64_t arity;
    _Atomic(uint64_t) items[]; /* any thread, atomic, seq_cst */
} Atomics;

/* The array of a reference, NULL if it is something else. */
static Atomics *atomics_of(Term t)
{
    if (!term_is_ref(t) || !ref_is_magic(t)) {
        return NULL;
    }
    Atomics *array = (Atomics *)refc_off_heap(boxed_words(t))->bytes;
    return array->magic == ATOMICS_MAGIC ? array : NULL;
}

/* True, and the bits, if t is an integer from -2^63 to 2^64 - 1. */
static bool word_of(Term t, uint64_t *word, bool *negative)
{
    if (term_is_small(t)) {
        *word = (uint64_t)small_value(t);
        *negative = small_value(t) < 0;
        return true;
    }
    if (!term_is_boxed(t)) {
        return false;
    }
    uintptr_t header = boxed_header(t);
    *negative = header_kind(header) == BOXED_BIG_NEGATIVE;
    if ((!*negative && header_kind(header) != BOXED_BIG) || header_words(header) != 1) {
        return false;
    }
    uint64_t limb = boxed_words(t)[1].w;
    *word = *negative ? -limb : limb;
    return !*negative || limb <= UINT64_C(1) << 63;
}

/* True, and the bits, if t is a value of the array's kind. */
static bool value_of(const Atomics *array, Term t, uint64_t *word)
{
    bool negative;
    return word_of(t, word, &negative) &&
           (array->is_signed ? negative || *word <= INT64_MAX : !negative);
}

static Term term_of(Process *p, const Atomics *array, uint64_t word)
{
    return array->is_signed ? util_int64(p, (int64_t)word) : util_uint64(p, word);
}

static _Atomic(uint64_t) *item_at(Atomics *array, Term index)
{
    int64_t at;
    bool good = array && util_get_range(index, 1, (int64_t)array->arity, &at);
    return good ? &array->items[at - 1] : NULL;
}

/* new(Arity, Signed): the options are read in Act. */
Term bif_atomics_act_make_2(Process *p, const Term *a)
{
    int64_t arity;
    if (!util_get_range(a[0], 1, SMALL_MAX, &arity) || !term_is_bool(a[1])) {
        bool large = term_is_big(a[0]) && term_compare(vm_atoms(p->vm), a[0], small_make(0)) > 0;
        return large && term_is_bool(a[1]) ? raise_system_limit(p) : raise_badarg(p);
    }
    if ((uint64_t)arity > (SIZE_MAX / 4 - sizeof(Atomics)) / sizeof(uint64_t)) {
        return raise_system_limit(p);
    }
    size_t size = sizeof(Atomics) + (size_t)arity * sizeof(uint64_t);
    OffHeap *block = offheap_new(size);
    if (!block) {
        return raise_system_limit(p);
    }
    Atomics *array = (Atomics *)block->bytes;
    array->magic = ATOMICS_MAGIC;
    array->is_signed = term_same(a[1], ATOM(true));
    array->arity = (uint64_t)arity;
    for (int64_t i = 0; i < arity; i++) {
        atomic_init(&array->items[i], 0);
    }
    Term ref = offheap_magic(&p->heap, block, scheduler_new_id(p->scheduler), 0);
    return term_same(ref, TERM_NONE) ? raise_no_memory(p) : ref;
}

Term bif_atomics_put_3(Process *p, const Term *a)
{
    Atomics *array = atomics_of(a[0]);
    _Atomic(uint64_t) *item = item_at(array, a[1]);
    uint64_t word;
    if (!item || !value_of(array, a[2], &word)) {
        return raise_badarg(p);
    }
    atomic_store(item, word);
    return ATOM(ok);
}

Term bif_atomics_get_2(Process *p, const Term *a)
{
    Atomics *array = atomics_of(a[0]);
    _Atomic(uint64_t) *item = item_at(array, a[1]);
    return item ? term_of(p, array, atomic_load(item)) : raise_badarg(p);
}

/* Adds the integer, or takes it off; the value afterwards is in *now. */
static bool change(const Term *a, bool minus, Atomics **array, uint64_t *now)
{
    *array = atomics_of(a[0]);
    _Atomic(uint64_t) *item = item_at(*array, a[1]);
    uint64_t by;
    bool negative;
    if (!item || !word_of(a[2], &by, &negative)) {
        return false;
    }
    by = minus ? -by : by;
    *now = atomic_fetch_add(item, by) + by;
    return true;
}

/* As the negation of the amount would. */
static Term raise_not_taken_off(Process *p, Term by)
{
    return term_is_number(by) ? raise_badarg(p) : raise_badarith(p);
}

Term bif_atomics_add_3(Process *p, const Term *a)
{
    Atomics *array;
    uint64_t now;
    return change(a, false, &array, &now) ? ATOM(ok) : raise_badarg(p);
}

Term bif_atomics_sub_3(Process *p, const Term *a)
{
    Atomics *array;
    uint64_t now;
    return change(a, true, &array, &now) ? ATOM(ok) : raise_not_taken_off(p, a[2]);
}

Term bif_atomics_add_get_3(Process *p, const Term *a)
{
    Atomics *array;
    uint64_t now;
    return change(a, false, &array, &now) ? term_of(p, array, now) : raise_badarg(p);
}

Term bif_atomics_sub_get_3(Process *p, const Term *a)
{
    Atomics *array;
    uint64_t now;
    return change(a, true, &array, &now) ? term_of(p, array, now) : raise_not_taken_off(p, a[2]);
}

Term bif_atomics_exchange_3(Process *p, const Term *a)
{
    Atomics *array = atomics_of(a[0]);
    _Atomic(uint64_t) *item = item_at(array, a[1]);
    uint64_t word;
    if (!item || !value_of(array, a[2], &word)) {
        return raise_badarg(p);
    }
    return term_of(p, array, atomic_exchange(item, word));
}

Term bif_atomics_compare_exchange_4(Process *p, const Term *a)
{
    Atomics *array = atomics_of(a[0]);
    _Atomic(uint64_t) *item = item_at(array, a[1]);
    uint64_t expected, desired;
    if (!item || !value_of(array, a[2], &expected) || !value_of(array, a[3], &desired)) {
        return raise_badarg(p);
    }
    return atomic_compare_exchange_strong(item, &expected, desired) ? ATOM(ok)
                                                                    : term_of(p, array, expected);
}

/* {Arity, Signed, bytes it takes}: info/1 is made of it in Act. */
Term bif_atomics_act_shape_1(Process *p, const Term *a)
{
    const Atomics *array = atomics_of(a[0]);
    if (!array) {
        return raise_badarg(p);
    }
    size_t bytes = sizeof(OffHeap) + sizeof *array + array->arity * sizeof(uint64_t);
    return UTIL_TUPLE(p, small_make((int64_t)array->arity),
                      array->is_signed ? ATOM(true) : ATOM(false), small_make((int64_t)bytes));
}
