/* SPDX-License-Identifier: Apache-2.0 */
/* test/unit/vm/bytecode/konst_test.c: equality, hashes and text of constants. */
#include "vm/bytecode/konst.h"

#include <criterion/criterion.h>
#include <string.h>

static const uint32_t points[] = {97, 98, 99};

static const Konst *abc_list(Arena *a)
{
    const Konst **items = ARENA_ARRAY(a, const Konst *, 3);
    for (int i = 0; i < 3; i++) {
        items[i] = konst_int(a, points[i]);
    }
    return konst_list(a, items, 3, NULL);
}

Test(konst, a_string_is_a_list)
{
    Arena a = {0};
    const Konst *string = konst_string(&a, points, 3), *list = abc_list(&a);
    cr_assert(konst_same(string, list));
    cr_assert_eq(konst_hash(string), konst_hash(list));
    const Konst **one = ARENA_ARRAY(&a, const Konst *, 1);
    one[0] = konst_int(&a, 97);
    const Konst *cut = konst_list(&a, one, 1, konst_string(&a, points + 1, 2));
    cr_assert(konst_same(cut, list));
    cr_assert_eq(konst_hash(cut), konst_hash(list));
    cr_assert_not(konst_same(list, konst_list(&a, one, 1, NULL)));
    arena_free(&a);
}

Test(konst, equality_is_exact)
{
    Arena a = {0};
    cr_assert_not(konst_same(konst_int(&a, 1), konst_float(&a, 1.0)));
    cr_assert_not(konst_same(konst_float(&a, 0.0), konst_float(&a, -0.0)));
    cr_assert_not(konst_same(konst_nil(&a), konst_tuple(&a, NULL, 0)));
    static const uint64_t small[] = {5, 0, 0};
    cr_assert(konst_same(konst_big(&a, false, small, 3), konst_int(&a, 5)));
    static const uint64_t edge[] = {(uint64_t)1 << 63};
    cr_assert(konst_same(konst_big(&a, true, edge, 1), konst_int(&a, INT64_MIN)));
    cr_assert_eq(konst_big(&a, false, edge, 1)->kind, KONST_BIG);
    arena_free(&a);
}

Test(konst, maps_have_no_order)
{
    Arena a = {0};
    const Konst *ab[] = {konst_int(&a, 1), konst_int(&a, 2), konst_int(&a, 3), konst_int(&a, 4)};
    const Konst *ba[] = {ab[2], ab[3], ab[0], ab[1]};
    const Konst *x = konst_map(&a, ab, 4), *y = konst_map(&a, ba, 4);
    cr_assert(konst_same(x, y));
    cr_assert_eq(konst_hash(x), konst_hash(y));
    arena_free(&a);
}

Test(konst, text_is_erlangs)
{
    Arena a = {0};
    const Konst *items[] = {konst_atom(&a, "it's", 4), konst_float(&a, 1.0),
                            konst_string(&a, points, 3)};
    cr_assert_str_eq(konst_text(&a, konst_tuple(&a, items, 3)), "{'it\\'s',1.0,\"abc\"}");
    cr_assert_str_eq(konst_text(&a, abc_list(&a)), "[97,98,99]");
    static const unsigned char bytes[] = {255, 0x80};
    cr_assert_str_eq(konst_text(&a, konst_binary(&a, bytes, 9)), "<<255,1:1>>");
    cr_assert_str_eq(konst_text(&a, konst_int(&a, INT64_MIN)), "-9223372036854775808");
    arena_free(&a);
}

Test(konst, copies_share_nothing)
{
    Arena a = {0}, b = {0};
    const Konst *copy = konst_copy(&b, abc_list(&a));
    arena_free(&a);
    cr_assert_str_eq(konst_text(&b, copy), "[97,98,99]");
    arena_free(&b);
}
