/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/front/lint.c: the forms of a module in their order; see lint.h. */
#include "compiler/front/lint.h"
#include "compiler/front/lint_state.h"
#include "vm/base/alloc.h"
#include <string.h>

static void init(Lint *l, SyntaxContext *cx, const AstModule *module)
{
    memset(l, 0, sizeof(*l));
    l->cx = cx;
    l->diags = &cx->diags;
    l->module = module;
    l->main_file = module->file;
    l->caller = UINT32_MAX;
    lint_default_options(&l->options);
    const Name *info = name_intern_text(&cx->names, "module_info");
    lint_add(&l->functions, info, 0, SOURCE_NOWHERE, NULL);
    lint_add(&l->functions, info, 1, SOURCE_NOWHERE, NULL);
    size_t count = l->name_count = cx->names.count;
    l->vars = alloc_must_zero(count * sizeof(VarInfo));
    l->records = alloc_must_zero(count * sizeof(LintRecord *));
    /* Three parts: stamps, indexes, and the names themselves (lint_vars.c). */
    l->stamps = alloc_must_zero(count * (2 * sizeof(uint32_t) + sizeof(Name *)));
    const Name **names = (const Name **)(void *)(l->stamps + 2 * count);
    for (uint32_t i = 0; i < cx->names.room; i++) {
        const Name *name = cx->names.slots[i];
        if (name != NULL) {
            names[name->index] = name;
        }
    }
}

static void finish(Lint *l)
{
    LintTable *tables[] = {&l->functions,       &l->exports,
                           &l->imports,         &l->types,
                           &l->type_exports,    &l->specs,
                           &l->callbacks,       &l->optional_callbacks,
                           &l->no_auto_import,  &l->nowarn_unused_function,
                           &l->nowarn_bif_clash};
    for (size_t i = 0; i < ACT_COUNT(tables); i++) {
        lint_table_free(tables[i]);
    }
    for (size_t i = 0; i < l->record_list.count; i++) {
        vec_free(&l->record_list.items[i]->calls);
        vec_free(&l->record_list.items[i]->records);
    }
    vec_free(&l->record_list);
    vec_free(&l->calls);
    vec_free(&l->not_deprecated);
    vec_free(&l->not_removed);
    vec_free(&l->type_calls);
    vec_free(&l->behaviours);
    vec_free(&l->on_loads);
    vec_free(&l->journal);
    vec_free(&l->in_pattern);
    alloc_free(l->vars);
    alloc_free((void *)l->records);
    alloc_free(l->stamps);
    arena_free(&l->arena);
}

/* Before anything else: which functions there are, and the options that change the rest. */
static void scan_forms(Lint *l)
{
    for (uint32_t i = 0; i < l->module->forms.count; i++) {
        const AstNode *form = l->module->forms.items[i];
        if (form->kind == AST_FUNCTION) {
            const AstNode *name = form->function.name;
            LintEntry *before =
                lint_add(&l->functions, name->name, form->function.arity, name->span, form);
            if (before != NULL) {
                Diag *diag = diag_report(l->diags, DIAG_E0104, name->span, lint_atom(l, name->name),
                                         form->function.arity);
                if (before->value != NULL) {
                    diag_note(l->diags, diag, before->span, "it was defined here");
                }
            }
            l->behaviour_info = l->behaviour_info || (name_is(name->name, "behaviour_info") &&
                                                      form->function.arity == 1);
        } else if (form->kind == AST_ATTR_WILD && name_is(form->attr_wild.name->name, "compile")) {
            lint_read_compile_options(l, form->attr_wild.value);
        }
    }
}

static void module_form(Lint *l, const AstNode *form)
{
    const Name *name = form->one->name;
    if (l->module_name != NULL) {
        diag_report(l->diags, DIAG_E0113, form->span);
        return;
    }
    l->module_name = name;
    uint32_t errors = l->diags->errors;
    lint_check_module_name(l, name, form->one->span);
    if (l->diags->errors != errors) {
        return;
    }
    const Source *source = source_of(&l->cx->sources, form->span);
    if (source->places.count > 0 || l->module->any_name) {
        return;
    }
    const char *slash = strrchr(source->name, '/');
    const char *base = slash == NULL ? source->name : slash + 1;
    const char *dot = strrchr(base, '.');
    bool known = dot != NULL && (strcmp(dot, ".act") == 0 || strcmp(dot, ".erl") == 0);
    if (known && form->span.file == l->main_file &&
        ((size_t)(dot - base) != name->length || memcmp(base, name->text, name->length) != 0)) {
        Diag *diag = diag_report(l->diags, DIAG_E0165, form->one->span, name->text,
                                 arena_printf(&l->arena, "%s%s", name->text, dot));
        diag_help(l->diags, diag, SOURCE_NOWHERE, "write -module('%.*s'), or rename the file",
                  (int)(dot - base), base);
    }
}

static void lint_export(Lint *l, const AstNode *form)
{
    bool types = form->kind == AST_ATTR_EXPORT_TYPE;
    for (uint32_t i = 0; i < form->items.count; i++) {
        const AstNode *item = form->items.items[i];
        const Name *name = item->name_arity.name->name;
        uint32_t arity = item->name_arity.arity;
        LintEntry *before =
            lint_add(types ? &l->type_exports : &l->exports, name, arity, item->span, NULL);
        if (before != NULL) {
            Diag *diag = diag_report(l->diags, types ? DIAG_W0016 : DIAG_W0009, item->span,
                                     lint_atom(l, name), arity);
            diag_note(l->diags, diag, before->span, "it was exported here");
        }
    }
}

static void import_one(Lint *l, const AstNode *form, const AstNode *item)
{
    const Name *name = item->name_arity.name->name;
    uint32_t arity = item->name_arity.arity;
    const AstNode *module = form->attr_import.module;
    unsigned flags = lint_bif(name, arity);
    unsigned bif = lint_is_auto_import_off(l, name, arity) || !(flags & BIF_AUTO) ? 0 : flags;
    LintEntry *before = lint_find(&l->imports, name, arity);
    if (before != NULL) {
        const AstNode *first = before->value;
        if (first == module) {
            return; /* twice in one list: nothing wrong */
        }
        Diag *diag = diag_report(l->diags, DIAG_E0115, item->span, lint_atom(l, name), arity,
                                 lint_atom(l, first->name));
        diag_note(l->diags, diag, before->span, "it was imported here");
        return;
    }
    if (bif != 0 && l->options.bif_clash && lint_find(&l->nowarn_bif_clash, name, arity) == NULL) {
        diag_report(l->diags, bif & BIF_OLD ? DIAG_E0118 : DIAG_W0022, item->span,
                    lint_atom(l, name), arity);
    }
    lint_add(&l->imports, name, arity, item->span, module);
}

static void lint_import(Lint *l, const AstNode *form)
{
    const AstNode *module = form->attr_import.module;
    lint_check_module_name(l, module->name, module->span);
    for (uint32_t i = 0; i < form->attr_import.names.count; i++) {
        import_one(l, form, form->attr_import.names.items[i]);
    }
}

/* A list that is not one of names is passed over as a whole, as in Erlang. */
static void optional_callbacks(Lint *l, const AstNode *form)
{
    const AstNode *list = form->attr_wild.value;
    const Name *name = NULL;
    uint32_t arity = 0;
    bool names = list->kind == AST_LIST && list->list.tail == NULL;
    for (uint32_t i = 0; names && i < list->list.items.count; i++) {
        names = lint_name_arity(list->list.items.items[i], &name, &arity);
    }
    for (uint32_t i = 0; names && i < list->list.items.count; i++) {
        const AstNode *item = list->list.items.items[i];
        if (lint_name_arity(item, &name, &arity) &&
            lint_add(&l->optional_callbacks, name, arity, item->span, NULL) != NULL) {
            diag_report(l->diags, DIAG_E0160, item->span, lint_atom(l, name), arity);
        }
    }
}

static void lint_wild(Lint *l, const AstNode *form)
{
    const Name *name = form->attr_wild.name->name;
    if (name_is(name, "behaviour") || name_is(name, "behavior")) {
        vec_push(&l->behaviours, form);
    } else if (name_is(name, "on_load")) {
        vec_push(&l->on_loads, form);
    } else if (name_is(name, "optional_callbacks")) {
        optional_callbacks(l, form);
    }
}

/* What the attribute is called, if it must stand before all functions; else NULL. */
static const char *early_attribute(Lint *l, const AstNode *form)
{
    switch (form->kind) {
    case AST_ATTR_MODULE:
        return "module";
    case AST_ATTR_EXPORT:
        return "export";
    case AST_ATTR_EXPORT_TYPE:
        return "export_type";
    case AST_ATTR_IMPORT:
        return "import";
    case AST_ATTR_SPEC:
        return form->attr_spec.callback ? "callback" : NULL;
    case AST_ATTR_WILD: {
        const Name *name = form->attr_wild.name->name;
        bool anywhere = name_is(name, "compile") || name_is(name, "dialyzer");
        return anywhere ? NULL : lint_atom(l, name);
    }
    default:
        return NULL;
    }
}

/* Reports an attribute that comes too late; it is left out then, as in Erlang. */
static bool is_too_late(Lint *l, const AstNode *form)
{
    const char *name = l->in_functions ? early_attribute(l, form) : NULL;
    if (name != NULL) {
        Diag *diag = diag_report(l->diags, DIAG_E0114, form->span, name);
        diag_help(l->diags, diag, SOURCE_NOWHERE,
                  "attributes of the module stand before the functions");
    }
    return name != NULL;
}

static void function_form(Lint *l, const AstNode *form)
{
    const AstNode *name = form->function.name;
    uint32_t arity = form->function.arity;
    l->in_functions = true;
    LintEntry *entry = lint_find(&l->functions, name->name, arity);
    l->caller = (uint32_t)(entry - l->functions.entries.items);
    LintEntry *import = lint_find(&l->imports, name->name, arity);
    if (import != NULL) {
        Diag *diag = diag_report(l->diags, DIAG_E0116, name->span, lint_atom(l, name->name), arity);
        diag_note(l->diags, diag, import->span, "it is imported here");
    }
    lint_keyword(l, name);
    lint_function(l, form);
    l->caller = UINT32_MAX;
}

static void lint_form(Lint *l, const AstNode *form)
{
    if (is_too_late(l, form)) {
        return;
    }
    switch (form->kind) {
    case AST_ATTR_MODULE:
        module_form(l, form);
        break;
    case AST_ATTR_EXPORT:
        lint_export(l, form);
        break;
    case AST_ATTR_EXPORT_TYPE:
        lint_export(l, form);
        break;
    case AST_ATTR_IMPORT:
        lint_import(l, form);
        break;
    case AST_ATTR_RECORD:
        lint_define_record(l, form);
        break;
    case AST_ATTR_TYPE:
        lint_type_form(l, form);
        break;
    case AST_ATTR_SPEC:
        lint_spec_form(l, form);
        break;
    case AST_ATTR_WILD:
        lint_wild(l, form);
        break;
    case AST_FUNCTION:
        function_form(l, form);
        break;
    default:
        break;
    }
}

/* Nothing but -file and -compile may stand before -module. */
static void check_first_form(Lint *l)
{
    const AstNode *first = NULL;
    for (uint32_t i = 0; first == NULL && i < l->module->forms.count; i++) {
        const AstNode *form = l->module->forms.items[i];
        bool compile =
            form->kind == AST_ATTR_WILD && name_is(form->attr_wild.name->name, "compile");
        first = compile || form->kind == AST_ATTR_FILE ? NULL : form;
    }
    if (first != NULL && first->kind == AST_ATTR_MODULE) {
        return;
    }
    SourceSpan start = {l->module->file, 0, 0};
    Diag *diag = diag_report(l->diags, DIAG_E0112, first != NULL ? first->span : start);
    diag_help(l->diags, diag, SOURCE_NOWHERE, "begin the file with -module(its_name).");
}

void lint_module(SyntaxContext *cx, const AstModule *module, const SourceReader *reader,
                 const SourceOptions *options)
{
    Lint l;
    init(&l, cx, module);
    l.reader = reader;
    l.source_options = options;
    scan_forms(&l);
    check_first_form(&l);
    for (uint32_t i = 0; i < module->forms.count; i++) {
        lint_form(&l, module->forms.items[i]);
    }
    lint_check_module(&l);
    finish(&l);
}
