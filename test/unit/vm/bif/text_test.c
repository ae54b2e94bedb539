/* SPDX-License-Identifier: Apache-2.0 */
/* Deep iodata, encodings, searching: results as OTP 25 gives them. */
#include "bif_world.h"

#include "vm/bif/bif_util.h"

#include <criterion/criterion.h>

TestSuite(bif_text, .init = world_open, .fini = world_close);

Test(bif_text, iodata_100000_deep)
{
    Term deep = world_text("x");
    for (int i = 0; i < 100000; i++) {
        deep = util_cons(world, deep, util_cons(world, small_make('y'), TERM_NIL));
    }
    cr_assert(term_same(CALL(bif_erlang_iolist_size_1, deep), small_make(100001)));
    Term flat = CALL(bif_erlang_iolist_to_binary_1, deep);
    cr_assert(term_same(CALL(bif_binary_first_1, flat), small_make('x')));
    cr_assert(term_same(CALL(bif_binary_last_1, flat), small_make('y')));
}

Test(bif_text, what_is_no_iodata)
{
    Term integer_tail = util_cons(world, small_make(1), small_make(2));
    Term atom = util_cons(world, ATOM(ok), TERM_NIL);
    Term large = util_cons(world, small_make(256), TERM_NIL);
    Term negative = util_cons(world, small_make(-1), TERM_NIL);
    Term bad[] = {integer_tail, atom, large, negative, small_make(1), ATOM(ok)};
    for (size_t i = 0; i < ACT_COUNT(bad); i++) {
        cr_assert(world_raised(CALL(bif_erlang_iolist_size_1, bad[i]), ATOM(badarg)), "%zu", i);
        cr_assert(world_raised(CALL(bif_erlang_iolist_to_binary_1, bad[i]), ATOM(badarg)));
    }
    cr_assert(world_raised(CALL(bif_erlang_list_to_binary_1, world_binary("a")), ATOM(badarg)));
}

static Term pair_list(Term x, Term y)
{
    return util_cons(world, x, util_cons(world, y, TERM_NIL));
}

Test(bif_text, a_character_cut_in_two)
{
    Term cut = pair_list(world_binary("ab\xE6\x97"), world_binary("\xA5z"));
    Term whole = CALL(bif_unicode_characters_to_list_2, cut, ATOM(utf8));
    cr_assert(world_is(whole, "[97,98,26085,122]"));
    Term open = util_cons(world, world_binary("ab\xE6\x97"), TERM_NIL);
    cr_assert(world_is(CALL(bif_unicode_characters_to_list_2, open, ATOM(utf8)),
                       "{incomplete,[97,98],<<230,151>>}"));
    Term broken = pair_list(world_binary("ab\xE6\x97"), world_text("c"));
    cr_assert(world_is(CALL(bif_unicode_characters_to_list_2, broken, ATOM(utf8)),
                       "{error,[97,98],[<<230,151>>,[[99]]]}"));
}

Test(bif_text, what_is_left_of_bad_data)
{
    Term inner = util_cons(world,
                           world_binary("b\xFF"
                                        "c"),
                           TERM_NIL);
    Term middle = pair_list(world_text("a"), inner);
    Term next = util_cons(world, world_text("d"), TERM_NIL);
    Term all = util_cons(world, pair_list(middle, next), world_text("e"));
    cr_assert(world_is(CALL(bif_unicode_characters_to_list_2, all, ATOM(utf8)),
                       "{error,[97,98],[[[[<<255,99>>]],[[100]]],101]}"));
    Term wide = pair_list(small_make(256), world_text("x"));
    cr_assert(world_is(CALL(bif_unicode_characters_to_binary_3, wide, ATOM(utf8), ATOM(latin1)),
                       "{error,<<>>,[[256],[120]]}"));
    cr_assert(world_is(CALL(bif_unicode_characters_to_binary_3, wide, ATOM(latin1), ATOM(utf8)),
                       "{error,<<>>,[256,[120]]}"));
}

static Term split(const char *subject, const char *by, Term options)
{
    return CALL(bif_binary_split_3, world_binary(subject), world_binary(by), options);
}

Test(bif_text, split_trims_as_otp_does)
{
    Term all = util_cons(world, ATOM(global), TERM_NIL);
    Term trim = util_cons(world, ATOM(trim), all), trim_all = util_cons(world, ATOM(trim_all), all);
    cr_assert(world_is(split(",a,,", ",", all), "[<<>>,<<97>>,<<>>,<<>>]"));
    cr_assert(world_is(split(",a,,", ",", trim), "[<<>>,<<97>>]"));
    cr_assert(world_is(split(",a,,", ",", trim_all), "[<<97>>]"));
    cr_assert(world_is(split("", ",", TERM_NIL), "[<<>>]"));
    cr_assert(world_is(split("", ",", trim), "[]"));
    cr_assert(world_raised(split("a", "", TERM_NIL), ATOM(badarg)));
}

Test(bif_text, the_first_match_and_of_those_the_longest)
{
    Term patterns = pair_list(world_binary("b"), world_binary("bcd"));
    cr_assert(world_is(CALL(bif_binary_match_2, world_binary("abcde"), patterns), "{1,3}"));
    patterns = pair_list(world_binary("cd"), world_binary("bcx"));
    cr_assert(world_is(CALL(bif_binary_match_2, world_binary("abcde"), patterns), "{2,2}"));
    cr_assert(world_is(CALL(bif_binary_matches_2, world_binary("ababa"), world_binary("aba")),
                       "[{0,3}]"));
}

static bool digest_is(const char *text, const char *hex)
{
    Term digest = CALL(bif_binary_encode_hex_1, CALL(bif_erlang_md5_1, world_text(text)));
    Term expected = world_binary(hex);
    return term_same(CALL(bif_erlang_equal_exact_2, digest, expected), ATOM(true));
}

Test(bif_text, md5_of_rfc_1321)
{
    cr_assert(digest_is("", "D41D8CD98F00B204E9800998ECF8427E"));
    cr_assert(digest_is("message digest", "F96B697D7CB7938D525A2F31AAF161D0"));
    cr_assert(digest_is("1234567890123456789012345678901234567890123456789012345678901234567890123"
                        "4567890",
                        "57EDF4A22BE3C955AC49DA2E2107B67A"));
    cr_assert(term_same(CALL(bif_erlang_crc32_1, world_text("abc")), small_make(891568578)));
    cr_assert(term_same(CALL(bif_erlang_adler32_1, world_text("abc")), small_make(38600999)));
}
