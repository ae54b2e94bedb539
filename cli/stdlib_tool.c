/* SPDX-License-Identifier: Apache-2.0 */
/* cli/stdlib_tool.c: a step of the build: compiles the library's sources and writes an assembler
 * file that puts their module files into the binary, with a table sorted by name (EmbeddedModule).
 *
 *   act-stdlib OUT.S FILE.act... FILE.hrl...        module files are written beside OUT.S
 *
 * One more module is made: act_doc_text, whose text/1 gives the comments of each module, each block
 * with the line it stands above, for `act doc` and the shell's h(). */
#include "cli/sources.h"

#include "vm/base/alloc.h"

#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    char name[256];
    char path[4096];
    size_t size;
} Built;

/* Compiles a source under its base name, so that no path of the building machine is in the binary.
 */
static bool build_one(const Sources *sources, const char *directory, const char *source,
                      Built *built)
{
    Compilation compilation;
    CompileOptions options = sources->options;
    options.no_heads = true; /* they would make the binary a tenth larger */
    const char *slash = strrchr(source, '/');
    bool done = compile_file(&compilation, &options, slash ? slash + 1 : source);
    sources_print_messages(&compilation);
    if (done) {
        unsigned char *bytes = bc_write(compilation.module, &built->size);
        snprintf(built->name, sizeof built->name, "%s", compilation.module->name->text);
        snprintf(built->path, sizeof built->path, "%s/%s.actb", directory, built->name);
        FILE *out = fopen(built->path, "wb");
        done = out && fwrite(bytes, 1, built->size, out) == built->size && fclose(out) == 0;
        alloc_free(bytes);
    }
    compile_free(&compilation);
    return done;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const Built *)a)->name, ((const Built *)b)->name);
}

/* The bytes of each file, then a table of (name, bytes, size), under the names that C code has. */
static void write_table(FILE *out, const char *table, const char *count_name, const Built *built,
                        size_t count)
{
    fputs("    .section .rodata\n", out);
    for (size_t i = 0; i < count; i++) {
        fprintf(out, "%s_name_%zu: .asciz \"%s\"\n    .balign 8\n%s_bytes_%zu: .incbin \"%s\"\n",
                table, i, built[i].name, table, i, built[i].path);
    }
    fprintf(out, "    .section .data.rel.ro, \"aw\"\n    .balign 8\n    .globl %s\n%s:\n", table,
            table);
    for (size_t i = 0; i < count; i++) {
        fprintf(out, "    .quad %s_name_%zu, %s_bytes_%zu, %zu\n", table, i, table, i,
                built[i].size);
    }
    fprintf(out, "    .quad 0, 0, 0\n    .globl %s\n%s: .quad %zu\n", count_name, count_name,
            count);
}

/* A header goes in as it is. */
static bool take_header(const char *path, Built *built)
{
    char *error = NULL;
    const char *slash = strrchr(path, '/');
    snprintf(built->name, sizeof built->name, "%s", slash ? slash + 1 : path);
    char *full = realpath(built->name, NULL);
    char *bytes = full ? sources_read_file(full, &built->size, &error) : NULL;
    snprintf(built->path, sizeof built->path, "%s", full ? full : "");
    free(full);
    alloc_free(bytes);
    alloc_free(error);
    return bytes != NULL;
}

static bool is_header(const char *path)
{
    const char *dot = strrchr(path, '.');
    return dot && strcmp(dot, ".hrl") == 0;
}

/* The full path of a file that may not exist yet, in directory. */
static char *realpath_of_new(const char *directory, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    size_t size = strlen(directory) + strlen(name) + 2;
    char *full = malloc(size);
    if (full) {
        snprintf(full, size, "%s/%s", directory, name);
    }
    return full;
}

/* Writes a line into a string of the language. */
static void write_quoted(FILE *out, const char *line, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (line[i] == '"' || line[i] == '\\') {
            fputc('\\', out);
        }
        fputc(line[i], out);
    }
    fputs("\\n", out);
}

/* The comments of a file, and the line after each block; nothing if it is not there. */
static void write_comments(FILE *out, const char *source)
{
    size_t size = 0;
    char *error = NULL;
    char *text = sources_read_file(source, &size, &error);
    bool after_comment = false;
    for (const char *line = text, *end; text && line < text + size; line = end + 1) {
        end = memchr(line, '\n', (size_t)(text + size - line));
        end = end ? end : text + size;
        bool comment = line[0] == '%';
        if (comment || after_comment) {
            write_quoted(out, line, (size_t)(end - line));
        }
        after_comment = comment;
    }
    alloc_free(text);
    alloc_free(error);
}

/* The clause of act_doc_text:text/1 for a module: what builtins/ tells of its functions made in C,
 * then its source. */
static void write_docs(FILE *out, const char *module)
{
    char path[sizeof(((Built *)0)->name) + 16];
    fprintf(out, "text(%s) -> <<\"", module);
    snprintf(path, sizeof path, "builtins/%s.act", module);
    write_comments(out, path);
    snprintf(path, sizeof path, "%s.act", module);
    write_comments(out, path);
    fputs("\"/utf8>>;\n", out);
}

/* Makes the module act_doc_text of the sources in the current directory, in directory. */
static bool build_docs(const Sources *sources, const char *directory, const Built *modules,
                       size_t count, Built *built)
{
    char path[4096 + 32];
    snprintf(path, sizeof path, "%s/act_doc_text.act", directory);
    FILE *out = fopen(path, "w");
    if (!out) {
        return false;
    }
    fputs("-module(act_doc_text).\n-export([text/1]).\n", out);
    for (size_t i = 0; i < count; i++) {
        write_docs(out, modules[i].name);
    }
    fputs("text(_) -> none.\n", out);
    return fclose(out) == 0 && chdir(directory) == 0 &&
           build_one(sources, directory, "act_doc_text.act", built);
}

int main(int count, char **words)
{
    if (count < 2) {
        fputs("usage: act-stdlib OUT.S FILE.act...\n", stderr);
        return 2;
    }
    Sources sources = {0};
    sources_ready(&sources);
    size_t file_count = (size_t)count - 2;
    Built *built = alloc_must_zero((file_count + 2) * sizeof *built);
    Built *headers = alloc_must_zero((file_count + 1) * sizeof *headers);
    size_t module_count = 0, header_count = 0;
    char *out_copy = strdup(words[1]);
    char *directory = realpath(dirname(out_copy), NULL);
    int status = 0;
    char *out_path = realpath_of_new(directory, words[1]);
    char *first = file_count > 0 ? realpath(words[2], NULL) : NULL;
    if (first && chdir(dirname(first)) != 0) {
        status = 1;
    }
    for (size_t i = 0; i < file_count; i++) {
        bool header = is_header(words[2 + i]);
        Built *next = header ? &headers[header_count++] : &built[module_count++];
        bool done = header ? take_header(words[2 + i], next)
                           : build_one(&sources, directory, words[2 + i], next);
        status |= done ? 0 : 1;
    }
    if (status == 0) {
        Built *docs = &built[module_count];
        status = build_docs(&sources, directory, built, module_count, docs) ? 0 : 1;
        module_count++;
    }
    if (status == 0) {
        qsort(built, module_count, sizeof *built, by_name);
        qsort(headers, header_count, sizeof *headers, by_name);
        FILE *out = fopen(out_path, "w");
        if (out) {
            write_table(out, "stdlib_modules", "stdlib_module_count", built, module_count);
            write_table(out, "stdlib_headers", "stdlib_header_count", headers, header_count);
            fputs("    .section .note.GNU-stack, \"\"\n", out);
        }
        status = out && fclose(out) == 0 ? 0 : 1;
    }
    free(directory);
    free(out_path);
    free(first);
    free(out_copy);
    alloc_free(built);
    alloc_free(headers);
    return status;
}
