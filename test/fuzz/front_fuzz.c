/* SPDX-License-Identifier: Apache-2.0 */
/* test/fuzz/front_fuzz.c: any bytes through the front end (libFuzzer). Nothing may crash, hang or
 * leak; a program without errors must print to a text that parses without errors again. */
#include "compiler/front/lint.h"
#include "compiler/syntax/abstract_print.h"
#include "compiler/syntax/ast_print.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool no_file(void *context, const char *path, char **bytes, size_t *length)
{
    (void)context, (void)path, (void)bytes, (void)length;
    return false;
}

static const SourceReader reader = {NULL, no_file, NULL, NULL};

static void print_abstract(const SyntaxContext *cx, AstList forms)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    abstract_print(out, &cx->sources, forms);
    fclose(out);
    free(text);
}

static void print_messages(SyntaxContext *cx)
{
    size_t length = 0;
    free(diag_to_text(&cx->diags, DIAG_STYLE_TEXT, &length));
    free(diag_to_text(&cx->diags, DIAG_STYLE_JSON, &length));
}

static bool front(const char *text, size_t size, AstText *printed)
{
    SyntaxContext cx;
    syntax_context_init(&cx);
    AstModule module = parse_source(&cx, &reader, NULL, "x.act", text, size);
    bool parsed = diag_errors(&cx.diags) == 0;
    if (parsed) {
        print_abstract(&cx, module.forms);
        if (printed != NULL) {
            ast_print_forms(printed, module.forms);
        }
        lint_module(&cx, &module, NULL, NULL);
    }
    print_messages(&cx);
    syntax_context_free(&cx);
    return parsed;
}

/* `maybe` and `else` mean other things where the feature is on, and the printer does not say it;
 * what it puts into the first two lines can tell the coding, which it did not where it came from.
 */
static bool depends_on_more(const uint8_t *data, size_t size)
{
    for (size_t i = 0; i + 4 <= size; i++) {
        if (memcmp(data + i, "mayb", 4) == 0 || memcmp(data + i, "else", 4) == 0 ||
            memcmp(data + i, "codi", 4) == 0) {
            return true;
        }
    }
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AstText text = {0};
    if (front((const char *)data, size, &text) && !depends_on_more(data, size) &&
        !front(text.items, text.count, NULL)) {
        fprintf(stderr, "does not parse again:\n%.*s\n", (int)text.count, text.items);
        abort();
    }
    vec_free(&text);
    return 0;
}
