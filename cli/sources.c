/* SPDX-License-Identifier: Apache-2.0 */
/* cli/sources.c: the files side of compiling. */
#include "cli/sources.h"

#include "cli/include_lib.h"
#include "vm/base/alloc.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *failure(const char *path, const char *why)
{
    size_t size = strlen(path) + strlen(why) + 3;
    char *text = alloc_must(size);
    snprintf(text, size, "%s: %s", path, why);
    return text;
}

char *sources_read_file(const char *path, size_t *size, char **error)
{
    struct stat info;
    FILE *file = fopen(path, "rb");
    if (!file || fstat(fileno(file), &info) != 0 || S_ISDIR(info.st_mode)) {
        int problem = file && S_ISDIR(info.st_mode) ? EISDIR : errno;
        *error = failure(path, strerror(problem));
        if (file) {
            fclose(file);
        }
        errno = problem;
        return NULL;
    }
    VEC(char) bytes = {0};
    size_t got, expected = S_ISREG(info.st_mode) ? (size_t)info.st_size : 0;
    vec_reserve(&bytes, expected + 1); /* one more, to see the end */
    do {
        vec_reserve(&bytes, 1);
        got = fread(bytes.items + bytes.count, 1, bytes.room - bytes.count, file);
        bytes.count += got;
    } while (got > 0);
    bool failed = ferror(file);
    fclose(file);
    if (failed) {
        *error = failure(path, "cannot be read");
        vec_free(&bytes);
        return NULL;
    }
    *size = bytes.count;
    return bytes.items;
}

/* What find_lib answers with for a header in the binary, before its base name. */
static const char embedded_prefix[] = "act:include/";

static const EmbeddedModule *find_header(const Sources *sources, const char *path)
{
    const char *slash = strrchr(path, '/');
    for (size_t i = 0; i < sources->header_count; i++) {
        if (strcmp(sources->headers[i].name, slash ? slash + 1 : path) == 0) {
            return &sources->headers[i];
        }
    }
    return NULL;
}

/* The library is not divided into applications; Erlang's names for its parts. */
static bool is_application(const char *path, size_t length)
{
    static const char *const names[] = {"kernel",   "stdlib",       "eunit",
                                        "compiler", "common_test",  "sasl",
                                        "erts",     "syntax_tools", "crypto"};
    for (size_t i = 0; i < ACT_COUNT(names); i++) {
        if (strlen(names[i]) == length && strncmp(names[i], path, length) == 0) {
            return true;
        }
    }
    return false;
}

/* A header of an application beside those of the -pa and -I directories, or in ERL_LIBS. */
static const char *find_neighbour(const Sources *sources, Arena *arena, const char *path)
{
    const char *found = NULL;
    for (size_t i = 0; i < sources->code_dirs.count && found == NULL; i++) {
        found = include_lib_beside(arena, sources->code_dirs.items[i], path);
    }
    for (size_t i = 0; i < sources->include_dirs.count && found == NULL; i++) {
        found = include_lib_beside(arena, sources->include_dirs.items[i], path);
    }
    return found != NULL ? found : include_lib_in(arena, getenv("ERL_LIBS"), path);
}

/* "APP/include/NAME.hrl" of the library, or of an application that lies near. */
static const char *find_lib(void *context, Arena *arena, const char *path)
{
    const char *include = strstr(path, "/include/");
    bool library = include && is_application(path, (size_t)(include - path));
    const EmbeddedModule *header = library ? find_header(context, path) : NULL;
    return header ? arena_printf(arena, "%s%s", embedded_prefix, header->name)
                  : find_neighbour(context, arena, path);
}

static const char *variable(void *context, Arena *arena, const char *name)
{
    (void)context;
    const char *value = getenv(name);
    return value == NULL ? NULL : arena_printf(arena, "%s", value);
}

/* Whether a line begins with this attribute. */
static bool has_attribute(const char *bytes, size_t length, const char *attribute)
{
    size_t size = strlen(attribute);
    for (const char *at = bytes, *end = bytes + length; at && at + size <= end;) {
        if (memcmp(at, attribute, size) == 0) {
            return true;
        }
        at = memchr(at, '\n', (size_t)(end - at));
        at += at ? 1 : 0;
    }
    return false;
}

/* A script begins with a line for the system, "#!...". What Erlang's escript adds stands in its
 * place: a module, named as the file, that exports main/1; nothing if the script has a module. */
static void take_script(const char *path, char **bytes, size_t *length)
{
    if (*length < 2 || memcmp(*bytes, "#!", 2) != 0) {
        return;
    }
    const char *end = memchr(*bytes, '\n', *length);
    size_t first = end ? (size_t)(end - *bytes) : *length;
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    size_t count = dot && dot != name ? (size_t)(dot - name) : strlen(name);
    size_t room = *length + count + 64, size = 0;
    char *text = alloc_must(room);
    if (!has_attribute(*bytes, *length, "-module(")) {
        size =
            (size_t)snprintf(text, room, "-module('%.*s'). -export([main/1]).", (int)count, name);
        for (size_t i = 9; i < 9 + count; i++) {
            text[i] = text[i] == '\'' || text[i] == '\\' ? '_' : text[i];
        }
    }
    memcpy(text + size, *bytes + first, *length - first);
    alloc_free(*bytes);
    *bytes = text;
    *length = size + *length - first;
}

static bool read_source(void *context, const char *path, char **bytes, size_t *length)
{
    if (strncmp(path, embedded_prefix, sizeof embedded_prefix - 1) == 0) {
        const EmbeddedModule *header = find_header(context, path);
        *bytes = header ? alloc_must(header->size + 1) : NULL;
        if (header) {
            memcpy(*bytes, header->bytes, header->size);
            *length = header->size;
        }
        return header != NULL;
    }
    char *error = NULL;
    *bytes = sources_read_file(path, length, &error);
    int problem = errno;
    alloc_free(error);
    errno = problem;
    if (*bytes) {
        take_script(path, bytes, length);
    }
    return *bytes != NULL;
}

void sources_add_code_dir(Sources *sources, const char *directory)
{
    vec_push(&sources->code_dirs, directory);
    memmove(sources->code_dirs.items + 1, sources->code_dirs.items,
            (sources->code_dirs.count - 1) * sizeof directory);
    sources->code_dirs.items[0] = directory;
}

void sources_load_path(const Sources *sources, const char *own, SourcePath *path)
{
    for (size_t i = 0; i < sources->code_dirs.count; i++) {
        vec_push(path, sources->code_dirs.items[i]);
    }
    vec_push(path, own);
}

int sources_take_option(Sources *sources, int count, char **words, int at)
{
    const char *word = words[at];
    if (word[0] != '-' || (word[1] != 'I' && word[1] != 'D')) {
        return 0;
    }
    bool apart = word[2] == '\0';
    if (apart && at + 1 >= count) {
        return -1;
    }
    char *value = apart ? words[at + 1] : words[at] + 2;
    if (word[1] == 'I') {
        vec_push(&sources->include_dirs, value);
    } else {
        char *equals = strchr(value, '=');
        if (equals) {
            *equals = '\0';
        }
        SourceDefine define = {value, equals ? equals + 1 : NULL};
        vec_push(&sources->defines, define);
    }
    return apart ? 2 : 1;
}

int sources_take_warning_option(Sources *sources, int count, char **words, int at)
{
    const char *word = words[at];
    if (strcmp(word, "-pa") == 0) {
        if (at + 1 >= count) {
            return -1;
        }
        sources_add_code_dir(sources, words[at + 1]);
        return 2;
    }
    if (word[0] == '+' && word[1] != '\0') {
        const char *option = word + 1;
        vec_push(&sources->compile_options, option);
    } else if (strcmp(word, "-Werror") == 0) {
        const char *option = "warnings_as_errors";
        vec_push(&sources->compile_options, option);
    } else if (strcmp(word, "-W0") == 0) {
        sources->options.no_warnings = true;
    } else if (strcmp(word, "-W") != 0 && strcmp(word, "-Wall") != 0) {
        return 0;
    }
    return 1;
}

void sources_ready(Sources *sources)
{
    sources->options.reader = (SourceReader){
        .context = sources, .read = read_source, .find_lib = find_lib, .variable = variable};
    sources->options.source = (SourceOptions){
        .defines = sources->defines.items,
        .define_count = sources->defines.count,
        .include_dirs = sources->include_dirs.items,
        .include_dir_count = sources->include_dirs.count,
        .code_dirs = sources->code_dirs.items,
        .code_dir_count = sources->code_dirs.count,
        .options = sources->compile_options.items,
        .option_count = sources->compile_options.count,
    };
}

void sources_free(Sources *sources)
{
    vec_free(&sources->defines);
    vec_free(&sources->include_dirs);
    vec_free(&sources->code_dirs);
    vec_free(&sources->compile_options);
}

void sources_print_messages(Compilation *compilation)
{
    Diags *diags = &compilation->syntax.diags;
    if (diags->errors + diags->warnings > 0) {
        /* in one piece: standard error is not buffered, and there may be many messages */
        size_t length;
        char *text = diag_to_text(diags,
                                  isatty(STDERR_FILENO) && !getenv("NO_COLOR") ? DIAG_STYLE_COLOUR
                                                                               : DIAG_STYLE_TEXT,
                                  &length);
        fwrite(text, 1, length, stderr);
        free(text);
    }
}

unsigned char *sources_compile(const Sources *sources, const char *path, size_t *size)
{
    Compilation compilation;
    unsigned char *bytes = NULL;
    CompileOptions options = sources->options;
    options.no_warnings = true; /* `act check` tells them */
    options.lint_only = false;
    options.dump = NULL;
    *size = 0;
    bool compiled = compile_file(&compilation, &options, path);
    if (compilation.wants_transforms) {
        *size = VM_COMPILE_IN_PROCESS;
    } else {
        sources_print_messages(&compilation);
    }
    if (compiled) {
        bytes = bc_write(compilation.module, size);
    }
    compile_free(&compilation);
    return bytes;
}

char *sources_directory_of(const char *file)
{
    const char *slash = strrchr(file, '/');
    size_t length = slash ? (size_t)(slash - file) : 1;
    char *directory = alloc_must(length + 2);
    memcpy(directory, slash ? file : ".", length);
    directory[length] = '\0';
    if (slash == file) {
        strcpy(directory, "/");
    }
    return directory;
}
