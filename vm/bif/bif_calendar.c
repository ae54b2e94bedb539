/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_calendar.c: dates and times of day, in UTC and where the host says we are. */
#include "vm/bif/bif_shared.h"
#include "vm/bif/bif_util.h"
#include "vm/host/host.h"
#include "vm/vm_parts.h"

typedef struct {
    int64_t year, month, day, hour, minute, second;
} Calendar;

/* Days from 1 January 1970 to that day of the Gregorian calendar (Hinnant's era arithmetic). */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t of_era = year - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* The date and time of day that many seconds after 1970. */
static Calendar calendar_of(int64_t seconds)
{
    int64_t days = floor_div(seconds, 86400), of_day = seconds - days * 86400;
    days += 719468;
    int64_t era = floor_div(days, 146097), of_era = days - era * 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * of_year + 2) / 153; /* from March */
    Calendar c = {
        .year = year + era * 400 + (month >= 10),
        .month = month < 10 ? month + 3 : month - 9,
        .day = of_year - (153 * month + 2) / 5 + 1,
        .hour = of_day / 3600,
        .minute = of_day / 60 % 60,
        .second = of_day % 60,
    };
    return c;
}

static int64_t seconds_of(const Calendar *c)
{
    return days_of(c->year, c->month, c->day) * 86400 + c->hour * 3600 + c->minute * 60 + c->second;
}

static int64_t utc_now(Process *p)
{
    Host *host = vm_host(p->vm);
    int64_t now = bif_shared_monotonic(vm_bifs(p->vm), host) + vm_bifs(p->vm)->time_offset;
    return floor_div(now, 1000000000);
}

static int64_t offset_at(Process *p, int64_t utc)
{
    return vm_host(p->vm)->utc_offset(vm_host(p->vm), utc);
}

static Term date_term(Process *p, const Calendar *c)
{
    return UTIL_TUPLE(p, small_make(c->year), small_make(c->month), small_make(c->day));
}

static Term time_term(Process *p, const Calendar *c)
{
    return UTIL_TUPLE(p, small_make(c->hour), small_make(c->minute), small_make(c->second));
}

static Term datetime_term(Process *p, int64_t seconds)
{
    Calendar c = calendar_of(seconds);
    Term date = date_term(p, &c);
    Term time = term_same(date, TERM_NONE) ? date : time_term(p, &c);
    return term_same(time, TERM_NONE) ? time : UTIL_TUPLE(p, date, time);
}

Term bif_erlang_universaltime_0(Process *p, const Term *a)
{
    return datetime_term(p, utc_now(p));
}

Term bif_erlang_localtime_0(Process *p, const Term *a)
{
    int64_t utc = utc_now(p);
    return datetime_term(p, utc + offset_at(p, utc));
}

Term bif_erlang_date_0(Process *p, const Term *a)
{
    int64_t utc = utc_now(p);
    Calendar c = calendar_of(utc + offset_at(p, utc));
    return date_term(p, &c);
}

Term bif_erlang_time_0(Process *p, const Term *a)
{
    int64_t utc = utc_now(p);
    Calendar c = calendar_of(utc + offset_at(p, utc));
    return time_term(p, &c);
}

static int64_t days_in_month(int64_t year, int64_t month)
{
    static const int8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

static bool get_three(Term t, int64_t *x, int64_t *y, int64_t *z)
{
    const Term *items = term_is_tuple_of(t, 3) ? tuple_items(t) : NULL;
    return items != NULL && util_get_range(items[0], -1000000, 1000000, x) &&
           util_get_range(items[1], 0, 100, y) && util_get_range(items[2], 0, 100, z);
}

/* True, and the seconds, if t is {{Y, M, D}, {H, M, S}} with a real date and time. */
static bool read_datetime(Term t, int64_t *seconds)
{
    Calendar c;
    if (!term_is_tuple_of(t, 2) || !get_three(tuple_items(t)[0], &c.year, &c.month, &c.day) ||
        !get_three(tuple_items(t)[1], &c.hour, &c.minute, &c.second)) {
        return false;
    }
    bool real = c.year >= 0 && c.month >= 1 && c.month <= 12 && c.day >= 1 &&
                c.day <= days_in_month(c.year, c.month) && c.hour >= 0 && c.hour < 24 &&
                c.minute < 60 && c.second < 60;
    *seconds = real ? seconds_of(&c) : 0;
    return real;
}

/* As read_datetime, of what has a local time: from 1902 on, as in Erlang. */
static bool read_recent(Term t, int64_t *seconds)
{
    const int64_t first = -2145916800; /* 1902-01-01 */
    return read_datetime(t, seconds) && *seconds >= first;
}

/* When, in UTC, clocks here show that; of two moments the one in summer time if dst, else the
 * other. */
static int64_t utc_of_local(Process *p, int64_t local, bool dst)
{
    int64_t early = offset_at(p, local - 86400), late = offset_at(p, local + 86400);
    int64_t more = ACT_MAX(early, late), less = ACT_MIN(early, late);
    int64_t in_summer = local - more, in_winter = local - less;
    bool summer = offset_at(p, in_summer) == more, winter = offset_at(p, in_winter) == less;
    if (summer && winter) {
        return dst ? in_summer : in_winter;
    }
    return summer ? in_summer : in_winter;
}

Term bif_erlang_localtime_to_universaltime_1(Process *p, const Term *a)
{
    int64_t local;
    if (!read_recent(a[0], &local)) {
        return raise_badarg(p);
    }
    return datetime_term(p, utc_of_local(p, local, true));
}

/* The offset outside summer time, in the year around that time. */
static int64_t standard_offset(Process *p, int64_t at)
{
    int64_t half_year = 182 * 86400;
    int64_t least = offset_at(p, at);
    least = ACT_MIN(least, offset_at(p, at - half_year));
    return ACT_MIN(least, offset_at(p, at + half_year));
}

Term bif_erlang_localtime_to_universaltime_2(Process *p, const Term *a)
{
    int64_t local;
    bool unsaid = term_same(a[1], ATOM(undefined));
    if ((!term_is_bool(a[1]) && !unsaid) || !read_recent(a[0], &local)) {
        return raise_badarg(p);
    }
    if (unsaid) {
        return datetime_term(p, utc_of_local(p, local, true));
    }
    int64_t summer = term_same(a[1], ATOM(true)) ? 3600 : 0; /* said so, whatever the season */
    return datetime_term(p, local - standard_offset(p, local) - summer);
}

Term bif_erlang_universaltime_to_localtime_1(Process *p, const Term *a)
{
    int64_t utc;
    if (!read_recent(a[0], &utc)) {
        return raise_badarg(p);
    }
    return datetime_term(p, utc + offset_at(p, utc));
}

Term bif_erlang_universaltime_to_posixtime_1(Process *p, const Term *a)
{
    int64_t utc;
    return read_datetime(a[0], &utc) ? util_int64(p, utc) : raise_badarg(p);
}

Term bif_erlang_posixtime_to_universaltime_1(Process *p, const Term *a)
{
    int64_t seconds;
    if (!util_get_int64(a[0], &seconds)) {
        return raise_badarg(p);
    }
    return datetime_term(p, seconds);
}
