/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_time.c: clocks and time units. System time is monotonic time plus an offset that never
 * changes (OTP's no_time_warp); os:… reads the operating system's clock each time. */
#include "vm/bif/bif_shared.h"
#include "vm/bif/bif_util.h"
#include "vm/host/host.h"
#include "vm/term/arith.h"
#include "vm/vm_parts.h"

static int64_t monotonic(Process *p)
{
    return bif_shared_monotonic(vm_bifs(p->vm), vm_host(p->vm));
}

static int64_t system_time(Process *p)
{
    return monotonic(p) + vm_bifs(p->vm)->time_offset;
}

static int64_t wall(Process *p)
{
    return vm_host(p->vm)->wall(vm_host(p->vm));
}

/* Parts per second of a time unit: a small, or TERM_NONE if it is none. */
static Term parts_per_second(Term unit)
{
    if (term_is_small(unit)) {
        return small_value(unit) > 0 ? unit : TERM_NONE;
    }
    if (term_is_kind(unit, BOXED_BIG)) {
        return unit;
    }
    switch (term_is_atom(unit) ? atom_index(unit) : ATOM_INDEX_false) {
    case ATOM_INDEX_second:
    case ATOM_INDEX_seconds:
        return small_make(1);
    case ATOM_INDEX_millisecond:
    case ATOM_INDEX_milli_seconds:
        return small_make(1000);
    case ATOM_INDEX_microsecond:
    case ATOM_INDEX_micro_seconds:
        return small_make(1000000);
    case ATOM_INDEX_nanosecond:
    case ATOM_INDEX_nano_seconds:
    case ATOM_INDEX_native:
    case ATOM_INDEX_perf_counter:
        return small_make(1000000000);
    default:
        return TERM_NONE;
    }
}

typedef Term (*BigFunction)(const TermRoom *room, Term a, Term b, NumberError *error);

static Term big(Process *p, BigFunction function, Term a, Term b)
{
    NumberError error = NUMBER_BADARITH;
    TermRoom room = heap_room(&p->heap);
    Term result = function(&room, a, b, &error);
    return util_number(p, result, error);
}

/* time * to / from, rounded down; all integers, from and to > 0. */
static Term convert(Process *p, Term time, Term from, Term to)
{
    Term product = big(p, big_mul, time, to);
    if (term_same(product, TERM_NONE)) {
        return product;
    }
    Term quotient = big(p, big_div, product, from);
    if (term_same(quotient, TERM_NONE)) {
        return quotient;
    }
    Term rest = big(p, big_rem, product, from);
    bool below = !term_same(rest, TERM_NONE) && big_compare(rest, small_make(0)) < 0;
    return below ? big(p, big_sub, quotient, small_make(1)) : quotient;
}

/* Nanoseconds in that unit. */
static Term in_unit(Process *p, int64_t nanoseconds, Term unit)
{
    Term parts = parts_per_second(unit);
    if (term_same(parts, TERM_NONE)) {
        return raise_badarg(p);
    }
    Term time = util_int64(p, nanoseconds);
    return term_same(time, TERM_NONE) ? time : convert(p, time, small_make(1000000000), parts);
}

Term bif_erlang_convert_time_unit_3(Process *p, const Term *a)
{
    Term from = parts_per_second(a[1]), to = parts_per_second(a[2]);
    if (!term_is_integer(a[0]) || term_same(from, TERM_NONE) || term_same(to, TERM_NONE)) {
        return raise_badarg(p);
    }
    return convert(p, a[0], from, to);
}

Term bif_act_process_thread_time_0(Process *p, const Term *a)
{
    Host *host = p->vm->host;
    return util_int64(p, host->thread_time(host));
}

Term bif_erlang_monotonic_time_0(Process *p, const Term *a)
{
    return util_int64(p, monotonic(p));
}

Term bif_erlang_monotonic_time_1(Process *p, const Term *a)
{
    return in_unit(p, monotonic(p), a[0]);
}

Term bif_erlang_system_time_0(Process *p, const Term *a)
{
    return util_int64(p, system_time(p));
}

Term bif_erlang_system_time_1(Process *p, const Term *a)
{
    return in_unit(p, system_time(p), a[0]);
}

Term bif_erlang_time_offset_0(Process *p, const Term *a)
{
    return util_int64(p, vm_bifs(p->vm)->time_offset);
}

Term bif_erlang_time_offset_1(Process *p, const Term *a)
{
    return in_unit(p, vm_bifs(p->vm)->time_offset, a[0]);
}

Term bif_os_system_time_0(Process *p, const Term *a)
{
    return util_int64(p, wall(p));
}

Term bif_os_system_time_1(Process *p, const Term *a)
{
    return in_unit(p, wall(p), a[0]);
}

Term bif_os_perf_counter_0(Process *p, const Term *a)
{
    return util_int64(p, vm_host(p->vm)->monotonic(vm_host(p->vm)));
}

Term bif_os_perf_counter_1(Process *p, const Term *a)
{
    return in_unit(p, vm_host(p->vm)->monotonic(vm_host(p->vm)), a[0]);
}

/* {MegaSeconds, Seconds, MicroSeconds} */
static Term stamp(Process *p, int64_t microseconds)
{
    int64_t seconds = microseconds / 1000000;
    return UTIL_TUPLE(p, small_make(seconds / 1000000), small_make(seconds % 1000000),
                      small_make(microseconds % 1000000));
}

Term bif_erlang_timestamp_0(Process *p, const Term *a)
{
    return stamp(p, system_time(p) / 1000);
}

Term bif_os_timestamp_0(Process *p, const Term *a)
{
    return stamp(p, wall(p) / 1000);
}

/* As timestamp, but no two calls give the same, and later calls more. */
Term bif_erlang_now_0(Process *p, const Term *a)
{
    BifShared *shared = vm_bifs(p->vm);
    int64_t now = system_time(p) / 1000;
    int64_t last = atomic_load_explicit(&shared->last_now, memory_order_relaxed);
    int64_t next;
    do {
        next = now > last ? now : last + 1;
    } while (!atomic_compare_exchange_weak_explicit(&shared->last_now, &last, next,
                                                    memory_order_relaxed, memory_order_relaxed));
    return stamp(p, next);
}

/* ---- unique integers ---- */

enum { UNIQUE_POSITIVE = 1, UNIQUE_MONOTONIC = 2 };

static const int64_t unique_first = -576460752303423488; /* -2^59, as OTP's */

static Term unique_integer(Process *p, int options)
{
    BifShared *shared = vm_bifs(p->vm);
    _Atomic(int64_t) *counter =
        options & UNIQUE_MONOTONIC ? &shared->unique_rising : &shared->unique;
    int64_t number = atomic_fetch_add_explicit(counter, 1, memory_order_relaxed);
    return util_int64(p, options & UNIQUE_POSITIVE ? number + 1 : unique_first + number);
}

Term bif_erlang_unique_integer_0(Process *p, const Term *a)
{
    return unique_integer(p, 0);
}

Term bif_erlang_unique_integer_1(Process *p, const Term *a)
{
    int options = 0;
    Term list = a[0];
    for (; term_is_cons(list); list = cons_tail(list)) {
        if (term_same(cons_head(list), ATOM(positive))) {
            options |= UNIQUE_POSITIVE;
        } else if (term_same(cons_head(list), ATOM(monotonic))) {
            options |= UNIQUE_MONOTONIC;
        } else {
            return raise_badarg(p);
        }
    }
    return term_is_nil(list) ? unique_integer(p, options) : raise_badarg(p);
}
