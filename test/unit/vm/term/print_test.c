/* SPDX-License-Identifier: Apache-2.0 */
/* Text of terms; what is expected was printed by io:format("~w"), ~tw and erlang:display of OTP 25.
 */
#include "vm/mem/heap.h"
#include "vm/mem/offheap.h"
#include "vm/term/atom.h"
#include "vm/term/big.h"
#include "vm/term/map.h"
#include "vm/term/print.h"

#include <criterion/criterion.h>

static Heap heap;
static TermRoom room;
static AtomTable *atoms;

static void open_world(void)
{
    cr_assert(heap_init(&heap, 1 << 16, NULL, NULL));
    room = heap_room(&heap);
    atoms = atom_table_new(NULL);
}

static void close_world(void)
{
    heap_free(&heap);
    atom_table_free(atoms);
}

TestSuite(print, .init = open_world, .fini = close_world);

static void expect(Term t, PrintStyle style, const char *expected)
{
    TextBuffer text = {0};
    term_print(&text, atoms, t, style, 0);
    cr_expect_str_eq(text_string(&text), expected);
    text_free(&text);
}

static void expect_atom(const char *name, const char *w, const char *tw, const char *display)
{
    Term atom = atom_intern_text(atoms, name);
    expect(atom, PRINT_W, w);
    expect(atom, PRINT_TW, tw);
    expect(atom, PRINT_DISPLAY, display);
}

static Term string(const char *bytes)
{
    Term list = TERM_NIL;
    for (size_t i = strlen(bytes); i > 0; i--) {
        Term *cell = heap_alloc(&heap, 2);
        list = build_cons(&cell, small_make((unsigned char)bytes[i - 1]), list);
    }
    return list;
}

Test(print, atoms)
{
    expect_atom("ok", "ok", "ok", "ok");
    expect_atom("", "''", "''", "''");
    expect_atom("hello world", "'hello world'", "'hello world'", "'hello world'");
    expect_atom("end", "'end'", "'end'", "end");
    expect_atom("maybe", "maybe", "maybe", "maybe");
    expect_atom("a@b", "a@b", "a@b", "'a@b'");
    expect_atom("_x", "'_x'", "'_x'", "'_x'");
    expect_atom("1a", "'1a'", "'1a'", "'1a'");
    expect_atom("a.b", "'a.b'", "'a.b'", "'a.b'");
    expect_atom("a\nb", "'a\\nb'", "'a\\nb'", "'a\\nb'");
    expect_atom("'", "'\\''", "'\\''", "'\\''");
    expect_atom("\\", "'\\\\'", "'\\\\'", "'\\\\'");
    expect_atom("\xC3\xA5\xC3\x9F", "\xC3\xA5\xC3\x9F", "\xC3\xA5\xC3\x9F", "\xC3\xA5\xC3\x9F");
    expect_atom("\xC3\x97", "'\xC3\x97'", "'\xC3\x97'", "'\xC3\x97'");
    expect_atom("\xD0\xBF", "'\\x{43F}'", "'\xD0\xBF'", "'\xD0\xBF'");
    expect_atom("a\t\033\177\xC2\x80", "'a\\t\\e\\d\\200'", "'a\\t\\e\\d\\200'",
                "'a\\t\\e\\d\\200'");
}

Test(print, lists_and_tuples)
{
    expect(string("abc"), PRINT_W, "[97,98,99]");
    expect(string("a\nb\"q"), PRINT_DISPLAY, "\"a\\nb\\\"q\"");
    expect(string("\033\t"), PRINT_DISPLAY, "[27,9]");
    expect(TERM_NIL, PRINT_W, "[]");
    Term *words = heap_alloc(&heap, 5);
    Term pair = build_cons(&words, small_make(65), ATOM(ok));
    expect(pair, PRINT_DISPLAY, "[65|ok]");
    expect(build_tuple2(&words, pair, TERM_NIL), PRINT_W, "{[65|ok],[]}");
    words = heap_alloc(&heap, 1);
    words[0].w = header_make(BOXED_TUPLE, 0);
    expect(boxed_term(words), PRINT_W, "{}");
}

Test(print, maps)
{
    expect(map_empty(&room), PRINT_W, "#{}");
    Term pairs[] = {string("k"), small_make(1), ATOM(ok), TERM_NIL};
    Term map = map_from_pairs(atoms, &room, pairs, 2);
    expect(map, PRINT_W, "#{ok => [],[107] => 1}");
    expect(map, PRINT_DISPLAY, "#{ok=>[],\"k\"=>1}");
}

Test(print, numbers)
{
    NumberError error;
    expect(float_immediate(1.5), PRINT_W, "1.5");
    expect(float_immediate(-0.0), PRINT_W, "-0.0");
    expect(float_immediate(1.5), PRINT_DISPLAY, "1.500000e+00");
    expect(float_make(&room, 1e300), PRINT_W, "1.0e300");
    expect(small_make(SMALL_MIN), PRINT_W, "-4611686018427387904");
    expect(big_bsl(&room, small_make(1), small_make(70), &error), PRINT_W,
           "1180591620717411303424");
}

Test(print, bits)
{
    const unsigned char bytes[] = {1, 2, 96};
    expect(binary_new(&heap, bytes, 0), PRINT_DISPLAY, "<<>>");
    expect(binary_new(&heap, bytes, 2), PRINT_DISPLAY, "<<1,2>>");
    expect(binary_new_bits(&heap, bytes, 19), PRINT_W, "<<1,2,3:3>>");
    expect(binary_new(&heap, (const unsigned char *)"a\"b", 3), PRINT_DISPLAY, "<<\"a\\\"b\">>");
    expect(binary_new(&heap, (const unsigned char *)"a\"b", 3), PRINT_W, "<<97,34,98>>");
}

Test(print, pids_there_and_back)
{
    expect(pid_make(81, 3), PRINT_W, "<0.81.3>");
    cr_assert(term_same(print_parse_pid("<0.81.3>", 8), pid_make(81, 3)));
    const char *bad[] = {"<1.81.3>", "<0.81.3",  "<0.81.3>x",         "<0..3>",
                         "<0.81.>",  "<0.-1.3>", "<0.99999999999.0>", ""};
    for (size_t i = 0; i < ACT_COUNT(bad); i++) {
        cr_expect(term_same(print_parse_pid(bad[i], strlen(bad[i])), TERM_NONE));
    }
}

Test(print, stops_at_the_limit_and_is_not_deep)
{
    Term deep = TERM_NIL;
    for (int i = 0; i < 1000000; i++) {
        Term *cell = heap_alloc(&heap, 2);
        deep = build_cons(&cell, deep, TERM_NIL);
    }
    TextBuffer text = {0};
    term_print(&text, atoms, deep, PRINT_W, 0);
    cr_assert_eq(text.length, 2000002);
    text.length = 0;
    term_print(&text, atoms, deep, PRINT_W, 5);
    cr_assert_str_eq(text_string(&text), "[[[[[...");
    text_free(&text);
}
