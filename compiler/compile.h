/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/compile.h: the compiler as a library: a source file in, a module out.
 *
 * Pure: no globals, files only through the reader. One thread per Compilation. */
#ifndef ACT_COMPILE_H
#define ACT_COMPILE_H

#include "compiler/front/parse_source.h"
#include "compiler/source/diag.h"
#include "vm/bytecode/bytecode.h"

typedef struct {
    SourceReader reader;
    SourceOptions source;
    /* Called after each pass that `dump` names ("ast", "abstract", "core", "ssa", "bytecode", or a
     * pass of ssa_optimise) with its text; may be NULL. */
    const char *dump;
    void (*dump_out)(void *context, const char *text, size_t length);
    void *dump_context;
    bool check_passes; /* prove each stage's invariants (always in debug builds) */
    bool no_warnings;  /* report errors only: who runs a program wants its output, not advice */
    bool no_heads;     /* leave clause heads for crash reports out of the module */
    bool lint_only;    /* stop after the linter: result stays NULL */
} CompileOptions;

/* One file's way through the compiler. */
typedef struct {
    SyntaxContext syntax; /* its diags say what was found, errors and warnings */
    BcModule *module;     /* NULL on errors (or lint_only); the caller's after compile_take */
    /* The module names parse transforms, which are run by a machine: nothing was compiled, and what
     * was found so far will be found again by stdlib/compile.act. */
    bool wants_transforms;
} Compilation;

/* Compiles the file at path. The Compilation is initialised here and ended by compile_free. True if
 * a module (or, with lint_only, no error) came out. */
bool compile_file(Compilation *compilation, const CompileOptions *options, const char *path);
/* The same in steps, for a tree that the caller makes in c->syntax between them. */
void compile_begin(Compilation *compilation, const CompileOptions *options);
bool compile_tree(Compilation *compilation, const CompileOptions *options, const AstModule *ast);
/* Whether the module names parse transforms in an attribute. */
bool compile_wants_transforms(const AstModule *module);
/* Hands the module over: the caller frees it with bc_free. */
BcModule *compile_take(Compilation *compilation);
void compile_free(Compilation *compilation);

#endif
