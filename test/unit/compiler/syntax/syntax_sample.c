/* SPDX-License-Identifier: Apache-2.0 */
/* test/unit/compiler/syntax/syntax_sample.c: see syntax_sample.h. */
#include "test/unit/compiler/syntax/syntax_sample.h"

#include "compiler/syntax/abstract_print.h"
#include "compiler/syntax/ast_print.h"

#include <stdlib.h>
#include <string.h>

static bool no_file(void *context, const char *path, char **bytes, size_t *length)
{
    return false;
}

static void print_codes(const Diags *diags, FILE *out)
{
    for (size_t i = 0; i < diags->list.count; i++) {
        fprintf(out, "%s%s", i == 0 ? "" : " ", diag_code_text(diags->list.items[i]->code));
    }
}

typedef enum {
    AS_ABSTRACT,
    AS_TEXT,
} Style;

static char *run(const char *text, Style style)
{
    SyntaxContext cx;
    syntax_context_init(&cx);
    SourceReader reader = {NULL, no_file, NULL, NULL};
    AstModule module = parse_source(&cx, &reader, NULL, "x.act", text, strlen(text));
    char *result = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&result, &length);
    if (cx.diags.list.count > 0) {
        print_codes(&cx.diags, out);
    } else if (style == AS_ABSTRACT) {
        abstract_print(out, &cx.sources, module.forms);
    } else {
        AstText printed = {0};
        ast_print_forms(&printed, module.forms);
        fwrite(printed.items, 1, printed.count, out);
        vec_free(&printed);
    }
    fclose(out);
    syntax_context_free(&cx);
    return result;
}

char *syntax_sample_abstract(const char *text)
{
    return run(text, AS_ABSTRACT);
}

char *syntax_sample_print(const char *text)
{
    return run(text, AS_TEXT);
}
