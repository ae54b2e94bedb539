/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/front/preprocess.h: macros, conditions and inclusions: files to forms of tokens.
 *
 * As Erlang's epp does it: a macro's body is put in place of its use and read again, together with
 * what follows. Tokens of a body have the span of the use (exactly; SourceMacroUse records it);
 * tokens of arguments keep their own.
 *
 * The only way to files is the reader that the caller gives. */
#ifndef ACT_FRONT_PREPROCESS_H
#define ACT_FRONT_PREPROCESS_H

#include "compiler/syntax/context.h"
#include "compiler/syntax/token.h"

/* How the compiler reads files. The functions may be called at any time during a parse. */
typedef struct {
    void *context;
    /* The file's bytes in memory from alloc_must (which the caller frees with alloc_free), or
     * false; errno may tell why. */
    bool (*read)(void *context, const char *path, char **bytes, size_t *length);
    /* The path of "lib/include/file.hrl" for -include_lib, in arena, or NULL. May itself be NULL.
     */
    const char *(*find_lib)(void *context, Arena *arena, const char *path);
    /* The value of a variable of the environment, NULL if it has none. */
    const char *(*variable)(void *context, Arena *arena, const char *name);
} SourceReader;

/* -D name=value; value NULL means true. The text is any list of tokens. */
typedef struct {
    const char *name;
    const char *value;
} SourceDefine;

typedef struct {
    const SourceDefine *defines;
    size_t define_count;
    const char *const *include_dirs;
    size_t include_dir_count;
    const char *const *code_dirs; /* where behaviours are looked for, behind the source's own */
    size_t code_dir_count;
    const char *const *options; /* compile options as terms: "warn_unused_import" */
    size_t option_count;
} SourceOptions;

typedef struct Preprocessor Preprocessor;

/* Starts with a text that is already added (file). reader and options must outlive it. */
Preprocessor *preprocess_new(SyntaxContext *cx, const SourceReader *reader,
                             const SourceOptions *options, uint32_t file);
void preprocess_free(Preprocessor *pp);
/* The tokens of the next form, ready to parse; valid until the next call. False at the end. */
bool preprocess_next(Preprocessor *pp, Token **tokens, size_t *count);

#endif
