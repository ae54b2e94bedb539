/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/compile.c: the order of the passes; the only file that knows all of them. */
#include "compiler/compile.h"

#include "compiler/core/desugar.h"
#include "compiler/emit/disasm.h"
#include "compiler/emit/emit.h"
#include "compiler/emit/emit_check.h"
#include "compiler/front/clause_heads.h"
#include "compiler/front/lint.h"
#include "compiler/match/lower.h"
#include "compiler/ssa/ssa.h"
#include "compiler/syntax/abstract_print.h"
#include "compiler/syntax/ast_print.h"
#include "vm/base/bug.h"

#include <stdlib.h>
#include <string.h>

enum { ERROR_SIZE = 512 };

static bool wants_dump(const CompileOptions *options, const char *name)
{
    return options->dump && options->dump_out && strcmp(options->dump, name) == 0;
}

#ifdef NDEBUG
enum { CHECK_ALWAYS = 0 };
#else
enum { CHECK_ALWAYS = 1 };
#endif

static void after_parse(const CompileOptions *options, const SyntaxContext *cx, AstList forms)
{
    if (wants_dump(options, "ast")) {
        AstText text = {0};
        ast_print_forms(&text, forms);
        options->dump_out(options->dump_context, text.items, text.count);
        vec_free(&text);
    }
    if (wants_dump(options, "abstract")) {
        char *text = NULL;
        size_t length = 0;
        FILE *out = open_memstream(&text, &length);
        abstract_print(out, &cx->sources, forms);
        fclose(out);
        options->dump_out(options->dump_context, text, length);
        free(text);
    }
}

static void after_core(const CompileOptions *options, const CoreModule *core)
{
    char error[ERROR_SIZE];
    if ((CHECK_ALWAYS || options->check_passes) && !core_check(core, error, sizeof error)) {
        VM_BUG("after core: %s", error);
    }
    if (wants_dump(options, "core")) {
        CoreText text = {0};
        core_print(core, &text);
        options->dump_out(options->dump_context, text.items, text.count);
        vec_free(&text);
    }
}

static void after_ssa(void *context, const SsaModule *ssa, const char *pass)
{
    const CompileOptions *options = context;
    char error[ERROR_SIZE];
    if ((CHECK_ALWAYS || options->check_passes) && !ssa_check(ssa, error, sizeof error)) {
        VM_BUG("after %s: %s", pass, error);
    }
    if (wants_dump(options, pass)) {
        SsaText text = {0};
        ssa_print(ssa, &text);
        options->dump_out(options->dump_context, text.items, text.count);
        vec_free(&text);
    }
}

static void after_emit(const CompileOptions *options, const BcModule *module)
{
    char error[ERROR_SIZE];
    if (!module) {
        return;
    }
    if ((CHECK_ALWAYS || options->check_passes) && !emit_check(module, error, sizeof error)) {
        VM_BUG("after emit: %s", error);
    }
    if (wants_dump(options, "bytecode")) {
        DisasmText text = {0};
        disasm_module(module, &text);
        options->dump_out(options->dump_context, text.items, text.count);
        vec_free(&text);
    }
}

/* The form that the function is of: the last one that starts before it. */
static void report_too_large(Compilation *c, AstList forms, const SsaFunction *function)
{
    SourceSpan span = forms.items[0]->span;
    for (uint32_t i = 0; i < forms.count; i++) {
        const AstNode *form = forms.items[i];
        if (form->kind == AST_FUNCTION &&
            source_logical_place(&c->syntax.sources, form->span).line <= function->line.line) {
            span = form->span;
        }
    }
    diag_report(&c->syntax.diags, DIAG_E0172, span, BC_MAX_Y);
}

/* From a tree without errors to bytecode. */
static BcModule *back(Compilation *c, const CompileOptions *options, const AstModule *ast)
{
    Arena arena = {0};
    CoreContext context = {&arena, &c->syntax.sources, &c->syntax.diags, &c->syntax.names};
    BcModule *module = NULL;
    CoreModule *core = core_build(ast->forms, &context);
    if (core) {
        after_core(options, core);
        SsaModule *ssa = core_to_ssa(core, &arena);
        after_ssa((void *)options, ssa, "ssa");
        bool watched = CHECK_ALWAYS || options->check_passes || options->dump;
        ssa_optimise(ssa, watched ? after_ssa : NULL, (void *)options);
        const SsaFunction *too_large = NULL;
        module = emit_module(ssa, &too_large);
        if (!module) {
            report_too_large(c, ast->forms, too_large);
        } else if (!options->no_heads) {
            module->heads = clause_heads(&module->arena, &c->syntax.sources, ast->forms);
        }
        after_emit(options, module);
        ssa_module_free(ssa);
        core_module_free(core);
    }
    arena_free(&arena);
    return module;
}

void compile_begin(Compilation *c, const CompileOptions *options)
{
    memset(c, 0, sizeof *c);
    syntax_context_init(&c->syntax);
    c->syntax.diags.no_warnings = options->no_warnings;
}

/* {parse_transform, Module} as an option of -compile, alone or in a list. */
static bool names_transform(const AstNode *value)
{
    if (value->kind == AST_TUPLE) {
        const AstNode *key = value->items.count == 2 ? value->items.items[0] : value;
        return key->kind == AST_ATOM && name_is(key->name, "parse_transform");
    }
    for (uint32_t i = 0; value->kind == AST_LIST && i < value->list.items.count; i++) {
        if (names_transform(value->list.items.items[i])) {
            return true;
        }
    }
    return false;
}

bool compile_wants_transforms(const AstModule *module)
{
    for (uint32_t i = 0; i < module->forms.count; i++) {
        const AstNode *form = module->forms.items[i];
        if (form->kind == AST_ATTR_WILD && name_is(form->attr_wild.name->name, "compile") &&
            names_transform(form->attr_wild.value)) {
            return true;
        }
    }
    return false;
}

bool compile_tree(Compilation *c, const CompileOptions *options, const AstModule *ast)
{
    if (diag_errors(&c->syntax.diags) > 0) {
        return false;
    }
    after_parse(options, &c->syntax, ast->forms);
    lint_module(&c->syntax, ast, &options->reader, &options->source);
    if (diag_errors(&c->syntax.diags) > 0) {
        return false;
    }
    if (!options->lint_only) {
        c->module = back(c, options, ast);
    }
    return diag_errors(&c->syntax.diags) == 0 && (options->lint_only || c->module);
}

bool compile_file(Compilation *c, const CompileOptions *options, const char *path)
{
    compile_begin(c, options);
    AstModule ast = parse_source_file(&c->syntax, &options->reader, &options->source, path);
    c->wants_transforms = compile_wants_transforms(&ast);
    return !c->wants_transforms && compile_tree(c, options, &ast);
}

BcModule *compile_take(Compilation *c)
{
    BcModule *module = c->module;
    c->module = NULL;
    return module;
}

void compile_free(Compilation *c)
{
    if (c->module) {
        bc_free(c->module);
    }
    syntax_context_free(&c->syntax);
}
