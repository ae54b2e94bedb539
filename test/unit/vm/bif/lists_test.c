/* SPDX-License-Identifier: Apache-2.0 */
/* Long lists in short turns, and `--` against the definition. */
#include "bif_world.h"

#include "vm/bif/bif_util.h"
#include "vm/term/compare.h"

#include <criterion/criterion.h>

TestSuite(bif_lists, .init = world_open, .fini = world_close);

enum { LONG = 20000, FEW = 5 };

static Term count_up(int from, int to)
{
    Term list = TERM_NIL;
    for (int i = to; i >= from; i--) {
        list = util_cons(world, small_make(i), list);
    }
    return list;
}

Test(bif_lists, reverse_in_many_turns)
{
    Term a[] = {count_up(1, LONG), TERM_NIL};
    Term back = world_call(bif_lists_reverse_2, FEW, a);
    cr_assert_gt(world_turns, 10);
    for (int i = LONG; i >= 1; i--, back = cons_tail(back)) {
        cr_assert_eq(small_value(cons_head(back)), i);
    }
    cr_assert(term_is_nil(back));
}

Test(bif_lists, append_gives_the_same_in_one_turn_and_in_many)
{
    Term a[] = {count_up(1, LONG), count_up(LONG + 1, LONG + 3)};
    Term whole = count_up(1, LONG + 3);
    cr_assert(term_equal_exact(world_call(bif_erlang_append_op_2, 4000, a), whole));
    cr_assert_eq(world_turns, 1);
    cr_assert(term_equal_exact(world_call(bif_erlang_append_op_2, FEW, a), whole));
    cr_assert_gt(world_turns, 10);
}

Test(bif_lists, improper_lists_are_badarg_however_long)
{
    Term bad = util_cons(world, small_make(1), small_make(2));
    for (int i = 0; i < 2; i++) {
        cr_assert(world_raised(CALL(bif_lists_reverse_2, bad, TERM_NIL), ATOM(badarg)));
        cr_assert(world_raised(CALL(bif_erlang_append_op_2, bad, TERM_NIL), ATOM(badarg)));
        cr_assert(world_raised(CALL(bif_lists_member_2, TERM_NIL, bad), ATOM(badarg)));
        cr_assert(world_raised(CALL(bif_erlang_length_1, bad), ATOM(badarg)));
        for (int k = 0; k < LONG; k++) {
            bad = util_cons(world, small_make(k), bad);
        }
    }
}

Test(bif_lists, member_and_keyfind_compare_as_they_should)
{
    Term one = util_float(world, 1.0);
    Term list = util_cons(world, one, TERM_NIL);
    Term pairs = util_cons(world, UTIL_TUPLE(world, one, ATOM(ok)), TERM_NIL);
    cr_assert(term_same(CALL(bif_lists_member_2, small_make(1), list), ATOM(false)));
    cr_assert(term_same(CALL(bif_lists_member_2, one, list), ATOM(true)));
    cr_assert(term_is_tuple(CALL(bif_lists_keyfind_3, small_make(1), small_make(1), pairs)));
    cr_assert(term_same(CALL(bif_lists_keyfind_3, ATOM(ok), small_make(3), pairs), ATOM(false)));
    Term a[] = {small_make(LONG), count_up(1, LONG)};
    cr_assert(term_same(world_call(bif_lists_member_2, FEW, a), ATOM(true)));
    cr_assert_gt(world_turns, 10);
}

/* List -- Other by its definition. */
static Term subtract_simply(Term list, Term other)
{
    for (; term_is_cons(other); other = cons_tail(other)) {
        Term kept = TERM_NIL, rest = list;
        while (term_is_cons(rest) && !term_equal_exact(cons_head(rest), cons_head(other))) {
            kept = util_cons(world, cons_head(rest), kept);
            rest = cons_tail(rest);
        }
        if (term_is_cons(rest)) {
            Term a[] = {kept, cons_tail(rest)};
            list = world_call(bif_lists_reverse_2, 4000, a);
        }
    }
    return list;
}

static Term random_list(unsigned *seed, int length)
{
    Term list = TERM_NIL;
    while (length-- > 0) {
        *seed = *seed * 1103515245 + 12345;
        int value = (int)(*seed >> 16) % 30;
        Term t = value % 3 == 0   ? util_float(world, value / 3)
                 : value % 3 == 1 ? UTIL_TUPLE(world, small_make(value))
                                  : small_make(value / 3);
        list = util_cons(world, t, list);
    }
    return list;
}

Test(bif_lists, subtract_is_what_its_definition_says)
{
    unsigned seed = 1;
    for (int round = 0; round < 200; round++) {
        Term list = random_list(&seed, round % 60), other = random_list(&seed, round % 37);
        Term left = CALL(bif_erlang_subtract_op_2, list, other);
        cr_assert(term_equal_exact(left, subtract_simply(list, other)), "round %d", round);
    }
}
