/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/front/pp_include.c: the stack of files that are being read. */
#include "compiler/front/pp.h"
#include "compiler/source/source_text.h"
#include "compiler/syntax/parser.h"
#include "vm/base/alloc.h"
#include "vm/base/utf8.h"
#include <string.h>

static const char *dir_of(Arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? "" : arena_strndup(arena, path, (size_t)(slash - path) + 1);
}

void pp_push_file(Preprocessor *pp, uint32_t file)
{
    const Source *source = source_of(&pp->cx->sources, (SourceSpan){file, 0, 0});
    PpFile entry = {lexer_new(pp->cx, file), file, pp->conditions.count,
                    dir_of(&pp->cx->arena, source->name)};
    if (pp->files.count == 0) {
        pp->main_dir = entry.dir;
    }
    vec_push(&pp->files, entry);
}

void pp_pop_file(Preprocessor *pp)
{
    PpFile file = vec_pop(&pp->files);
    while (pp->conditions.count > file.conditions) {
        PpCondition condition = vec_pop(&pp->conditions);
        diag_report(&pp->cx->diags, DIAG_E0212, condition.span, condition.directive);
    }
    lexer_free(file.lexer);
}

/* Opens path and makes it the file to be read. */
static bool open_file(Preprocessor *pp, const char *path, SourceSpan at)
{
    char *bytes = NULL;
    size_t length = 0;
    if (!pp->reader->read(pp->reader->context, path, &bytes, &length)) {
        return false;
    }
    uint32_t file = source_text_add(&pp->cx->diags, path, bytes, length, at);
    alloc_free(bytes);
    if (file != 0) {
        pp_push_file(pp, file);
    }
    return true;
}

/* Beside the file that includes, beside the main file, then the -I directories in their order. */
static bool search(Preprocessor *pp, const char *path, SourceSpan at)
{
    Arena *arena = &pp->cx->arena;
    if (path[0] == '/') {
        return open_file(pp, path, at);
    }
    const char *here = vec_last(&pp->files).dir;
    if (open_file(pp, arena_printf(arena, "%s%s", here, path), at) ||
        (strcmp(here, pp->main_dir) != 0 &&
         open_file(pp, arena_printf(arena, "%s%s", pp->main_dir, path), at))) {
        return true;
    }
    for (size_t i = 0; i < pp->options->include_dir_count; i++) {
        if (open_file(pp, arena_printf(arena, "%s/%s", pp->options->include_dirs[i], path), at)) {
            return true;
        }
    }
    return false;
}

static bool search_lib(Preprocessor *pp, const char *path, SourceSpan at)
{
    if (pp->reader->find_lib == NULL) {
        return false;
    }
    const char *found = pp->reader->find_lib(pp->reader->context, &pp->cx->arena, path);
    return found != NULL && open_file(pp, found, at);
}

/* The path of -include("a" "b"), or NULL. Macros are not looked for here, as in Erlang. */
static char *path_text(Arena *arena, const Token *tokens, size_t count)
{
    size_t room = 1;
    bool strings = count >= 6 && tokens[2].kind == T_LPAREN && tokens[count - 2].kind == T_RPAREN;
    for (size_t i = 3; strings && i < count - 2; i++) {
        strings = tokens[i].kind == T_STRING;
        room += strings ? tokens[i].string.count * (size_t)UTF8_MAX_BYTES : 0;
    }
    if (!strings) {
        return NULL;
    }
    unsigned char *text = arena_alloc(arena, room);
    size_t length = 0;
    for (size_t i = 3; i < count - 2; i++) {
        for (uint32_t k = 0; k < tokens[i].string.count; k++) {
            length += utf8_encode(tokens[i].string.points[k], text + length);
        }
    }
    text[length] = '\0';
    return (char *)text;
}

/* "$NAME/rest" with the value of the variable NAME, if there is one. */
static const char *expanded(Preprocessor *pp, const char *path)
{
    if (path[0] != '$' || pp->reader->variable == NULL) {
        return path;
    }
    Arena *arena = &pp->cx->arena;
    size_t length = strcspn(path + 1, "/");
    const char *name = arena_printf(arena, "%.*s", (int)length, path + 1);
    const char *value = pp->reader->variable(pp->reader->context, arena, name);
    return value == NULL ? path : arena_printf(arena, "%s%s", value, path + 1 + length);
}

void pp_include(Preprocessor *pp, const Token *tokens, size_t count, bool lib)
{
    const char *path = path_text(&pp->cx->arena, tokens, count);
    if (path == NULL) {
        pp_badly_formed(pp, tokens, count, "write -include(\"file.hrl\").");
        return;
    }
    SourceSpan at = source_span_join(tokens[3].span, tokens[count - 3].span);
    if (pp->files.count > PP_MOST_INCLUDES) {
        diag_report(&pp->cx->diags, DIAG_E0209, at, (unsigned)PP_MOST_INCLUDES);
        return;
    }
    const char *name = expanded(pp, path);
    if (!search(pp, name, at) && !(lib && search_lib(pp, name, at))) {
        Diag *diag = diag_report(&pp->cx->diags, DIAG_E0208, at, lib ? "lib" : "file", path);
        diag_help(
            &pp->cx->diags, diag, SOURCE_NOWHERE, "%s",
            lib ? "looked for beside this file, in the -I directories, in the library and in the "
                  "applications beside the -pa and -I directories or in ERL_LIBS"
                : "looked for beside this file and in the -I directories");
    }
}
