/* SPDX-License-Identifier: Apache-2.0 */
/* test/unit/compiler/source/diag_test.c: collecting, sorting, limits and the two ways to print. */
#include "compiler/source/diag.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    SourceSet sources;
    Diags diags;
    uint32_t file;
} Sample;

static void start(Sample *s, const char *text)
{
    memset(s, 0, sizeof *s);
    diag_init(&s->diags, &s->sources);
    s->file = source_add(&s->sources, "x.act", text, strlen(text), SOURCE_NOWHERE);
}

static void end(Sample *s)
{
    diag_free(&s->diags);
    source_set_free(&s->sources);
}

static SourceSpan at(const Sample *s, uint32_t start, uint32_t end)
{
    return (SourceSpan){s->file, start, end};
}

static void expect_text(Sample *s, DiagStyle style, const char *expected)
{
    size_t length = 0;
    char *text = diag_to_text(&s->diags, style, &length);
    cr_expect_str_eq(text, expected);
    free(text);
}

Test(diag, prints_the_line_and_underlines_the_span)
{
    Sample s;
    start(&s, "f() ->\n    \xC3\xA4 + Count.\n");
    Diag *diag = diag_report(&s.diags, DIAG_E0101, at(&s, 16, 21), "Count");
    diag_help(&s.diags, diag, SOURCE_NOWHERE, "did you mean '%s'?", "Counter");
    diag_note(&s.diags, diag, at(&s, 0, 1), "in this function");
    expect_text(&s, DIAG_STYLE_TEXT,
                "x.act:2:9: error[E0101]: variable 'Count' is unbound\n"
                "    2 |     \xC3\xA4 + Count.\n"
                "      |         ^^^^^\n"
                "      = help: did you mean 'Counter'?\n"
                "x.act:1:1: note: in this function\n"
                "    1 | f() ->\n"
                "      | ~\n"
                "1 error\n");
    end(&s);
}

Test(diag, sorts_by_place_and_counts)
{
    Sample s;
    start(&s, "ab\n");
    diag_report(&s.diags, DIAG_W0001, at(&s, 1, 2), "B");
    diag_report(&s.diags, DIAG_E0101, at(&s, 0, 1), "A");
    expect_text(&s, DIAG_STYLE_TEXT,
                "x.act:1:1: error[E0101]: variable 'A' is unbound\n"
                "    1 | ab\n"
                "      | ^\n"
                "x.act:1:2: warning[W0001]: variable 'B' is unused\n"
                "    1 | ab\n"
                "      |  ^\n"
                "1 error, 1 warning\n");
    end(&s);
}

Test(diag, writes_json_lines)
{
    Sample s;
    start(&s, "ab\n");
    Diag *diag = diag_report(&s.diags, DIAG_E0213, at(&s, 0, 2), "\"x\"\n\\");
    diag_note(&s.diags, diag, SOURCE_NOWHERE, "so it is");
    diag_help(&s.diags, diag, at(&s, 1, 2), "take it out");
    expect_text(
        &s, DIAG_STYLE_JSON,
        "{\"severity\":\"error\",\"code\":\"E0213\",\"file\":\"x.act\",\"line\":1,"
        "\"column\":1,\"end\":{\"line\":1,\"column\":3},"
        "\"message\":\"-error(\\\"x\\\"\\u000a\\\\).\","
        "\"hints\":[{\"message\":\"take it out\",\"file\":\"x.act\",\"line\":1,\"column\":2,"
        "\"end\":{\"line\":1,\"column\":3}}],"
        "\"notes\":[{\"message\":\"so it is\"}]}\n");
    end(&s);
}

Test(diag, says_the_same_thing_of_a_place_once)
{
    Sample s;
    start(&s, "ab\n");
    diag_report(&s.diags, DIAG_E0101, at(&s, 0, 1), "A");
    diag_report(&s.diags, DIAG_E0101, at(&s, 0, 1), "A");
    diag_report(&s.diags, DIAG_E0101, at(&s, 0, 1), "B");
    cr_expect_eq(diag_errors(&s.diags), 2);
    end(&s);
}

Test(diag, hides_errors_beyond_the_limit_but_counts_them)
{
    Sample s;
    start(&s, "ab\n");
    s.diags.error_limit = 1;
    diag_report(&s.diags, DIAG_E0101, at(&s, 0, 1), "A");
    diag_help(&s.diags, diag_report(&s.diags, DIAG_E0101, at(&s, 1, 2), "B"), SOURCE_NOWHERE, "x");
    cr_expect_eq(diag_errors(&s.diags), 2);
    cr_expect_eq(s.diags.list.count, 1);
    end(&s);
}

Test(diag, makes_errors_of_warnings_when_told_to)
{
    Sample s;
    start(&s, "ab\n");
    diag_report(&s.diags, DIAG_W0001, at(&s, 0, 1), "A");
    cr_expect_eq(diag_errors(&s.diags), 0);
    s.diags.warnings_as_errors = true;
    cr_expect_eq(diag_errors(&s.diags), 1);
    end(&s);
}

static const char *nearest(const char *wanted, const char *a, const char *b)
{
    DiagNearest n = {wanted, NULL, 0};
    diag_nearest_offer(&n, a);
    diag_nearest_offer(&n, b);
    return n.best;
}

Test(diag, finds_the_nearest_name)
{
    cr_expect_str_eq(nearest("lenght", "length", "element"), "length");
    cr_expect_str_eq(nearest("Cuont", "Amount", "Count"), "Count");
    cr_expect_str_eq(nearest("FO", "FOO", "BAR"), "FOO");
    cr_expect_null(nearest("X", "Y", "Z"));
    cr_expect_null(nearest("reverse", "foldl", "map"));
    cr_expect_null(nearest("same", "same", ""));
}
