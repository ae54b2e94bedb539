/* SPDX-License-Identifier: Apache-2.0 */
/* test/unit/compiler/source/source_test.c: lines and columns, -file, macro uses. */
#include "compiler/source/source.h"

#include <criterion/criterion.h>
#include <string.h>

static uint32_t add(SourceSet *set, const char *text)
{
    return source_add(set, "x.act", text, strlen(text), SOURCE_NOWHERE);
}

static void expect_place(const SourceSet *set, uint32_t file, uint32_t offset, uint32_t line,
                         uint32_t column)
{
    SourcePlace place = source_place_at(set, file, offset);
    cr_expect(place.line == line && place.column == column, "offset %u: %u:%u, not %u:%u", offset,
              place.line, place.column, line, column);
}

Test(source, counts_lines_and_code_points)
{
    SourceSet set = {0};
    uint32_t file = add(&set, "ab\r\n\xC3\xA4x\n\nlast");
    expect_place(&set, file, 0, 1, 1);
    expect_place(&set, file, 3, 1, 4);
    expect_place(&set, file, 4, 2, 1);
    expect_place(&set, file, 6, 2, 2); /* behind the two bytes of one letter */
    expect_place(&set, file, 8, 3, 1);
    expect_place(&set, file, 13, 4, 5);
    expect_place(&set, file, 999, 4, 5); /* beyond the end: the end */
    source_set_free(&set);
}

Test(source, gives_lines_without_their_ends)
{
    SourceSet set = {0};
    add(&set, "one\r\ntwo\n");
    size_t length = 0;
    const char *line = source_line_text(set.sources.items[0], 1, &length);
    cr_expect(length == 3 && memcmp(line, "one", 3) == 0);
    source_line_text(set.sources.items[0], 3, &length);
    cr_expect_eq(length, 0);
    cr_expect_null(source_line_text(set.sources.items[0], 4, &length));
    cr_expect_null(source_line_text(set.sources.items[0], 0, &length));
    source_set_free(&set);
}

Test(source, an_empty_text_has_one_line)
{
    SourceSet set = {0};
    expect_place(&set, add(&set, ""), 0, 1, 1);
    source_set_free(&set);
}

Test(source, nowhere_is_line_zero)
{
    SourceSet set = {0};
    cr_expect_eq(source_place(&set, SOURCE_NOWHERE).line, 0);
    cr_expect_eq(source_place(&set, (SourceSpan){7, 0, 0}).line, 0);
    source_set_free(&set);
}

Test(source, remaps_lines_from_an_offset_on)
{
    SourceSet set = {0};
    uint32_t file = add(&set, "a\nb\nc\nd\n");
    source_remap(&set, file, 2, "other.erl", 100);
    SourcePlace before = source_logical_place(&set, (SourceSpan){file, 0, 1});
    SourcePlace after = source_logical_place(&set, (SourceSpan){file, 6, 7});
    cr_expect(strcmp(before.name, "x.act") == 0 && before.line == 1);
    cr_expect(strcmp(after.name, "other.erl") == 0 && after.line == 102);
    cr_expect_eq(source_place(&set, (SourceSpan){file, 6, 7}).line, 4);
    source_set_free(&set);
}

Test(source, finds_macro_uses_added_in_any_order)
{
    SourceSet set = {0};
    uint32_t file = add(&set, "?A ?B ?C");
    source_macro_use(&set, (SourceSpan){file, 6, 8}, SOURCE_NOWHERE, "C");
    source_macro_use(&set, (SourceSpan){file, 0, 2}, SOURCE_NOWHERE, "A");
    source_macro_use(&set, (SourceSpan){file, 3, 5}, SOURCE_NOWHERE, "B");
    cr_expect_str_eq(source_find_macro_use(&set, (SourceSpan){file, 3, 5})->name, "B");
    cr_expect_null(source_find_macro_use(&set, (SourceSpan){file, 3, 6}));
    source_set_free(&set);
}

Test(source, joins_spans_of_one_file_only)
{
    SourceSpan a = {1, 2, 4};
    cr_expect_eq(source_span_join(a, (SourceSpan){1, 6, 9}).end, 9);
    cr_expect_eq(source_span_join(a, (SourceSpan){2, 6, 9}).end, 4);
    cr_expect_eq(source_span_join(SOURCE_NOWHERE, a).start, 2);
}
