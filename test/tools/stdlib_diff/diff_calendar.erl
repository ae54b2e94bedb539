%% SPDX-License-Identifier: Apache-2.0
-module(diff_calendar).
-export([main/0]).

main() ->
    rand:seed(exsss, {7, 7, 7}),
    [once() || _ <- lists:seq(1, 2000)].

c(F, As) -> stdlib_diff:same(calendar, F, As).

once() ->
    Y = rterm:pick([rterm:int(3000), 1900 + rterm:int(200)]), D = {Y, rterm:int(14), rterm:int(33)}, S = rterm:int(100000000000),
    [c(F, [D]) || F <- [date_to_gregorian_days, day_of_the_week, valid_date]],
    [c(iso_week_number, [D]) || calendar:valid_date(D), Y > 0],
    c(gregorian_days_to_date, [S div 50000]), c(gregorian_seconds_to_datetime, [S]), c(is_leap_year, [Y]), c(last_day_of_the_month, [Y, rterm:int(14)]),
    c(seconds_to_daystime, [S - 50000000000]), c(seconds_to_time, [rterm:int(90000)]), c(now_to_datetime, [{rterm:int(2000), rterm:int(1000000), 5}]),
    c(system_time_to_rfc3339, [S, [{offset, rterm:pick(["Z", "+01:30", "-10:00", 3600])}, {unit, second}]]),
    c(system_time_to_rfc3339, [S * 1000, [{offset, rterm:pick(["Z", "+01:30"])}, {unit, rterm:pick([millisecond, microsecond, nanosecond])}]]),
    c(rfc3339_to_system_time, [calendar:system_time_to_rfc3339(S, [{offset, rterm:pick(["Z", "+01:30"])}]), [{unit, rterm:pick([second, microsecond])}]]).
