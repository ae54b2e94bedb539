/* SPDX-License-Identifier: Apache-2.0 */
/* Calendars against a day-by-day count, time units, clocks that only grow. */
#include "bif_world.h"

#include "vm/bif/bif_util.h"

#include <criterion/criterion.h>

TestSuite(bif_time, .init = world_open, .fini = world_close);

static bool leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static Term midnight(int year, int month, int day)
{
    Term date = UTIL_TUPLE(world, small_make(year), small_make(month), small_make(day));
    Term time = UTIL_TUPLE(world, small_make(0), small_make(0), small_make(0));
    return UTIL_TUPLE(world, date, time);
}

Test(bif_time, every_day_from_1600_to_2400)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int64_t at = -INT64_C(11676096000); /* 1 January 1600 */
    for (int year = 1600; year <= 2400; year++) {
        for (int month = 1; month <= 12; month++) {
            int last = days[month - 1] + (month == 2 && leap(year));
            for (int day = 1; day <= last; day++, at += 86400) {
                Term there = CALL(bif_erlang_posixtime_to_universaltime_1, small_make(at));
                Term back = CALL(bif_erlang_universaltime_to_posixtime_1, there);
                cr_assert(term_same(back, small_make(at)));
                cr_assert(term_same(
                    CALL(bif_erlang_equal_exact_2, there, midnight(year, month, day)), ATOM(true)));
            }
            Term wrong = midnight(year, month, last + 1);
            cr_assert(
                world_raised(CALL(bif_erlang_universaltime_to_posixtime_1, wrong), ATOM(badarg)));
        }
    }
}

Test(bif_time, units_round_down)
{
    Term second = ATOM(second), millisecond = ATOM(millisecond);
    Term less = CALL(bif_erlang_convert_time_unit_3, small_make(-1500), millisecond, second);
    cr_assert(term_same(less, small_make(-2)));
    Term more = CALL(bif_erlang_convert_time_unit_3, small_make(1500), millisecond, second);
    cr_assert(term_same(more, small_make(1)));
    Term exact = CALL(bif_erlang_convert_time_unit_3, small_make(-2000), millisecond, second);
    cr_assert(term_same(exact, small_make(-2)));
    Term none = CALL(bif_erlang_convert_time_unit_3, small_make(1), small_make(0), second);
    cr_assert(world_raised(none, ATOM(badarg)));
}

Test(bif_time, clocks_and_unique_integers_only_grow)
{
    Term last_time = CALL(bif_erlang_monotonic_time_0, TERM_NIL);
    Term last_now = CALL(bif_erlang_now_0, TERM_NIL);
    for (int i = 0; i < 1000; i++) {
        Term time = CALL(bif_erlang_monotonic_time_0, TERM_NIL);
        Term now = CALL(bif_erlang_now_0, TERM_NIL);
        cr_assert(term_same(CALL(bif_erlang_less_2, last_time, time), ATOM(true)));
        cr_assert(term_same(CALL(bif_erlang_less_2, last_now, now), ATOM(true)));
        last_time = time;
        last_now = now;
    }
}

Test(bif_time, system_time_is_monotonic_time_and_the_offset)
{
    int64_t before = small_value(CALL(bif_erlang_monotonic_time_0, TERM_NIL));
    int64_t system = small_value(CALL(bif_erlang_system_time_0, TERM_NIL));
    int64_t after = small_value(CALL(bif_erlang_monotonic_time_0, TERM_NIL));
    int64_t offset = small_value(CALL(bif_erlang_time_offset_0, TERM_NIL));
    cr_assert(before + offset <= system && system <= after + offset);
}
