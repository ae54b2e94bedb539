/* SPDX-License-Identifier: Apache-2.0 */
/* test/tools/front_tool.c: runs the front end alone over one file: front_tool
 * [--dump=abstract|ast|none]
 * [--json] [--lint] [-I DIR] [-D NAME[=VALUE]] FILE. Prints messages to standard error. Ends with 1
 * when there were errors. */
#include "compiler/front/lint.h"
#include "compiler/front/parse_source.h"
#include "compiler/syntax/abstract_print.h"
#include "compiler/syntax/ast_print.h"
#include "vm/base/alloc.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool read_file(void *context, const char *path, char **bytes, size_t *length)
{
    (void)context;
    FILE *in = fopen(path, "rb");
    if (in == NULL) {
        return false;
    }
    size_t room = 1 << 16;
    size_t used = 0;
    char *data = alloc_must(room);
    for (;;) {
        size_t got = fread(data + used, 1, room - used, in);
        used += got;
        if (got == 0) {
            break;
        }
        if (used == room) {
            room *= 2;
            data = alloc_must_resize(data, room);
        }
    }
    fclose(in);
    *bytes = data;
    *length = used;
    return true;
}

/* app/include/x.hrl in $ERL_LIBS_DIR, the newest app-* there. */
static const char *find_lib(void *context, Arena *arena, const char *path)
{
    (void)context;
    const char *root = getenv("FRONT_TOOL_LIBS");
    return root == NULL ? NULL : arena_printf(arena, "%s/%s", root, path);
}

typedef struct {
    const char *dump;
    const char *file;
    bool json;
    bool lint;
    bool colour;
    const char *dirs[64];
    SourceDefine defines[64];
    SourceOptions options;
} Arguments;

static void read_arguments(Arguments *a, int argc, char **argv)
{
    a->dump = "none";
    for (int i = 1; i < argc; i++) {
        if (strncmp(argv[i], "--dump=", 7) == 0) {
            a->dump = argv[i] + 7;
        } else if (strcmp(argv[i], "--json") == 0) {
            a->json = true;
        } else if (strcmp(argv[i], "--lint") == 0) {
            a->lint = true;
        } else if (strcmp(argv[i], "--colour") == 0) {
            a->colour = true;
        } else if (strcmp(argv[i], "-I") == 0 && i + 1 < argc &&
                   a->options.include_dir_count < 64) {
            a->dirs[a->options.include_dir_count++] = argv[++i];
        } else if (strcmp(argv[i], "-D") == 0 && i + 1 < argc && a->options.define_count < 64) {
            char *name = argv[++i];
            char *equals = strchr(name, '=');
            if (equals != NULL) {
                *equals++ = '\0';
            }
            a->defines[a->options.define_count++] = (SourceDefine){name, equals};
        } else {
            a->file = argv[i];
        }
    }
    a->options.include_dirs = a->dirs;
    a->options.defines = a->defines;
}

int main(int argc, char **argv)
{
    static Arguments a;
    read_arguments(&a, argc, argv);
    if (a.file == NULL) {
        fputs("usage: front_tool [--dump=abstract] [--json] [-I DIR] [-D NAME[=VALUE]] FILE\n",
              stderr);
        return 2;
    }
    SyntaxContext cx;
    syntax_context_init(&cx);
    SourceReader reader = {NULL, read_file, find_lib, NULL};
    AstModule module = parse_source_file(&cx, &reader, &a.options, a.file);
    if (a.lint && diag_errors(&cx.diags) == 0) {
        lint_module(&cx, &module, NULL, NULL);
    }
    if (strcmp(a.dump, "abstract") == 0) {
        abstract_print(stdout, &cx.sources, module.forms);
    }
    if (strcmp(a.dump, "ast") == 0) {
        AstText text = {0};
        ast_print_forms(&text, module.forms);
        fwrite(text.items, 1, text.count, stdout);
        vec_free(&text);
    }
    diag_print(&cx.diags, stderr,
               a.json     ? DIAG_STYLE_JSON
               : a.colour ? DIAG_STYLE_COLOUR
                          : DIAG_STYLE_TEXT);
    int status = diag_errors(&cx.diags) > 0;
    syntax_context_free(&cx);
    return status;
}
