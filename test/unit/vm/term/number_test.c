/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers at their edges. What erl says to random ones: test/oracle. */
#include "vm/mem/heap.h"
#include "vm/term/arith.h"
#include "vm/term/compare.h"
#include "vm/term/float_text.h"

#include <criterion/criterion.h>
#include <math.h>

static Heap heap;
static TermRoom room;
static NumberError error;

static void open_world(void)
{
    cr_assert(heap_init(&heap, 1000, NULL, NULL));
    room = heap_room(&heap);
    error = NUMBER_OK;
}

static void close_world(void)
{
    heap_free(&heap);
}

TestSuite(number, .init = open_world, .fini = close_world);

static void expect(Term t, const char *expected)
{
    char out[100];
    cr_assert(!term_same(t, TERM_NONE), "no number: %s", expected);
    size_t length = big_text(t, 10, out);
    cr_expect(length == strlen(expected) && memcmp(out, expected, length) == 0, "%.*s, not %s",
              (int)length, out, expected);
    int64_t value;
    cr_expect(!term_is_big(t) || !big_to_int64(t, &value) || !small_fits(value));
}

static void expect_error(Term t, NumberError expected)
{
    cr_expect(term_same(t, TERM_NONE));
    cr_expect_eq(error, expected);
}

Test(number, smalls_grow_into_bigs_and_back)
{
    Term max = small_make(SMALL_MAX);
    Term min = small_make(SMALL_MIN);
    Term above = arith_add(&room, max, small_make(1), &error);
    cr_assert(term_is_big(above));
    expect(above, "4611686018427387904");
    expect(arith_sub(&room, above, small_make(1), &error), "4611686018427387903");
    expect(arith_neg(&room, above, &error), "-4611686018427387904");
    cr_assert(term_is_small(arith_neg(&room, above, &error)));
    expect(arith_neg(&room, min, &error), "4611686018427387904");
    expect(arith_abs(&room, min, &error), "4611686018427387904");
    expect(arith_mul(&room, min, min, &error), "21267647932558653966460912964485513216");
    expect(arith_div(&room, min, small_make(-1), &error), "4611686018427387904");
    expect(arith_rem(&room, min, small_make(-1), &error), "0");
    expect(arith_div(&room, min, above, &error), "-1");
    expect(arith_bnot(&room, above, &error), "-4611686018427387905");
    expect(arith_bnot(&room, arith_neg(&room, above, &error), &error), "4611686018427387903");
}

Test(number, shifts)
{
    expect(arith_bsl(&room, small_make(1), small_make(61), &error), "2305843009213693952");
    expect(arith_bsl(&room, small_make(1), small_make(62), &error), "4611686018427387904");
    expect(arith_bsl(&room, small_make(-1), small_make(62), &error), "-4611686018427387904");
    expect(arith_bsl(&room, small_make(-1), small_make(63), &error), "-9223372036854775808");
    expect(arith_bsl(&room, small_make(-3), small_make(-1), &error), "-2");
    expect(arith_bsr(&room, small_make(-3), small_make(SMALL_MAX), &error), "-1");
    expect(arith_bsr(&room, small_make(3), small_make(SMALL_MIN + 1), &error) /* too far left */
                       .w == TERM_NONE.w
               ? small_make(1)
               : small_make(0),
           "1");
    cr_expect_eq(error, NUMBER_SYSTEM_LIMIT);
    expect(arith_bsl(&room, small_make(0), small_make(SMALL_MAX), &error), "0");
    Term huge = big_bsl(&room, small_make(1), small_make(64), &error);
    expect(arith_bsl(&room, small_make(0), huge, &error), "0");
    expect(arith_bsr(&room, small_make(-5), huge, &error), "-1");
    expect(arith_bsr(&room, huge, small_make(60), &error), "16");
    expect_error(arith_bsl(&room, small_make(1), huge, &error), NUMBER_SYSTEM_LIMIT);
}

Test(number, results_over_the_limit)
{
    Term largest = arith_bsl(&room, small_make(1), small_make(33554367), &error);
    cr_assert(term_is_big(largest));
    expect_error(arith_bsl(&room, small_make(1), small_make(33554368), &error),
                 NUMBER_SYSTEM_LIMIT);
    error = NUMBER_OK;
    expect_error(arith_mul(&room, largest, small_make(2), &error), NUMBER_SYSTEM_LIMIT);
    error = NUMBER_OK;
    expect_error(arith_add(&room, largest, largest, &error), NUMBER_SYSTEM_LIMIT);
}

Test(number, bad_operands)
{
    expect_error(arith_add(&room, ATOM(ok), small_make(1), &error), NUMBER_BADARITH);
    expect_error(arith_div(&room, small_make(1), small_make(0), &error), NUMBER_BADARITH);
    expect_error(arith_fdiv(&room, small_make(1), float_immediate(0.0), &error), NUMBER_BADARITH);
    expect_error(arith_band(&room, small_make(1), float_immediate(1.0), &error), NUMBER_BADARITH);
    expect_error(arith_mul(&room, float_make(&room, 1e308), small_make(10), &error),
                 NUMBER_BADARITH);
    expect_error(arith_plus(&room, TERM_NIL, &error), NUMBER_BADARITH);
}

Test(number, without_memory)
{
    TermBlock block = {NULL, NULL};
    TermRoom none = room_in(&block);
    expect_error(arith_add(&none, small_make(SMALL_MAX), small_make(1), &error), NUMBER_NO_MEMORY);
    error = NUMBER_OK;
    expect_error(arith_mul(&none, float_immediate(1e30), float_make(&room, 1e200), &error),
                 NUMBER_NO_MEMORY);
}

Test(number, unused_room_is_given_back)
{
    Term *before = heap.top;
    Term a = big_bsl(&room, small_make(1), small_make(100), &error);
    cr_assert_eq(heap.top - before, 3);
    cr_assert(term_same(arith_sub(&room, a, a, &error), small_make(0)));
    cr_assert_eq(heap.top - before, 3);
}

static bool fits_word(double value)
{
    return !term_same(float_immediate(value), TERM_NONE);
}

Test(number, floats_that_fit_the_word)
{
    double values[] = {0.0, -0.0, 1.0, -1.0, 1e-38, 1e38, 0.1};
    for (size_t i = 0; i < ACT_COUNT(values); i++) {
        cr_assert(fits_word(values[i]));
        double back = float_immediate_value(float_immediate(values[i]));
        cr_assert(back == values[i] && signbit(back) == signbit(values[i]));
    }
    cr_assert_not(fits_word(1e300));
    cr_assert_not(fits_word(ldexp(1.0, -127)));
    cr_assert(fits_word(nextafter(ldexp(1.0, 129), 0) / 2));
    cr_assert(term_equal_exact(float_immediate(0.0), float_immediate(-0.0)));
    cr_assert(term_equal(small_make(0), float_immediate(-0.0)));
    cr_assert_not(term_equal_exact(small_make(0), float_immediate(0.0)));
}

Test(number, float_texts)
{
    const char *bad[] = {"1",     "1.",    ".5", "1e5", " 1.0", "1.0 ",    "1.0e", "1.0e+", "0x1.0",
                         "1_0.0", "1,5,3", "",   "-",   "+.1",  "1.0e400", "inf",  "nan",   "1.0f"};
    double value;
    for (size_t i = 0; i < ACT_COUNT(bad); i++) {
        cr_expect_not(float_text_parse(bad[i], strlen(bad[i]), &value), "%s", bad[i]);
    }
    cr_expect(float_text_parse("00001.500", 9, &value) && value == 1.5);
    cr_expect(float_text_parse("1,5", 3, &value) && value == 1.5);
    cr_expect(float_text_parse("1.0e-400", 8, &value) && value == 0.0);
    cr_expect(float_text_parse("-0.0", 4, &value) && signbit(value));
    char long_text[3000];
    memset(long_text, '0', sizeof long_text);
    long_text[0] = '1';
    long_text[1] = '.';
    cr_expect(float_text_parse(long_text, sizeof long_text, &value) && value == 1.0);
}
