/* SPDX-License-Identifier: Apache-2.0 */
/* cli/stdlib_tool.c: a step of the build: compiles the library's sources and writes an assembler
 * file that puts their module files into the binary, with a table sorted by name (EmbeddedModule).
 *
 *   act-stdlib OUT.S FILE.act...        module files are written beside OUT.S */
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
    const char *slash = strrchr(source, '/');
    bool done = compile_file(&compilation, &sources->options, slash ? slash + 1 : source);
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

static void write_assembler(FILE *out, const Built *built, size_t count)
{
    fputs("    .section .rodata\n", out);
    for (size_t i = 0; i < count; i++) {
        fprintf(out, "name_%zu: .asciz \"%s\"\n    .balign 8\nbytes_%zu: .incbin \"%s\"\n", i,
                built[i].name, i, built[i].path);
    }
    fputs("    .section .data.rel.ro, \"aw\"\n    .balign 8\n    .globl stdlib_modules\n"
          "stdlib_modules:\n",
          out);
    for (size_t i = 0; i < count; i++) {
        fprintf(out, "    .quad name_%zu, bytes_%zu, %zu\n", i, i, built[i].size);
    }
    fprintf(out,
            "    .quad 0, 0, 0\n    .globl stdlib_module_count\nstdlib_module_count: .quad %zu\n"
            "    .section .note.GNU-stack, \"\"\n",
            count);
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

int main(int count, char **words)
{
    if (count < 2) {
        fputs("usage: act-stdlib OUT.S FILE.act...\n", stderr);
        return 2;
    }
    Sources sources = {0};
    sources_ready(&sources);
    size_t file_count = (size_t)count - 2;
    Built *built = alloc_must_zero((file_count + 1) * sizeof *built);
    char *out_copy = strdup(words[1]);
    char *directory = realpath(dirname(out_copy), NULL);
    int status = 0;
    char *out_path = realpath_of_new(directory, words[1]);
    char *first = file_count > 0 ? realpath(words[2], NULL) : NULL;
    if (first && chdir(dirname(first)) != 0) {
        status = 1;
    }
    for (size_t i = 0; i < file_count; i++) {
        status |= build_one(&sources, directory, words[2 + i], &built[i]) ? 0 : 1;
    }
    if (status == 0) {
        qsort(built, file_count, sizeof *built, by_name);
        FILE *out = fopen(out_path, "w");
        if (out) {
            write_assembler(out, built, file_count);
        }
        status = out && fclose(out) == 0 ? 0 : 1;
    }
    free(directory);
    free(out_path);
    free(first);
    free(out_copy);
    alloc_free(built);
    return status;
}
