/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/front/lint_options.c: -compile attributes: the options that switch messages on and off,
 * and the names in them. Options count in their order, the last one decides; those of the command
 * line stand behind the module's (compile.c appends them as attributes). */
#include "compiler/front/lint_state.h"
#include <string.h>

void lint_default_options(LintOptions *o)
{
    memset(o, 0, sizeof(*o));
    o->unused_vars = o->unused_function = o->unused_record = o->unused_type = true;
    o->shadow_vars = o->export_all_warning = o->obsolete_guard = o->bif_clash = true;
    o->match_underscore = o->deprecated = o->deprecated_type = o->removed = o->nif_inline = true;
    o->ignored = o->nomatch = o->failed = true;
    o->format = 1;
}

typedef struct {
    const char *name;
    size_t offset;
} OptionRow;

/* warn_NAME and nowarn_NAME. To add one: a row, and the field in LintOptions. */
static const OptionRow option_rows[] = {
    {"unused_vars", offsetof(LintOptions, unused_vars)},
    {"unused_function", offsetof(LintOptions, unused_function)},
    {"unused_record", offsetof(LintOptions, unused_record)},
    {"unused_import", offsetof(LintOptions, unused_import)},
    {"unused_type", offsetof(LintOptions, unused_type)},
    {"shadow_vars", offsetof(LintOptions, shadow_vars)},
    {"export_vars", offsetof(LintOptions, export_vars)},
    {"export_all", offsetof(LintOptions, export_all_warning)},
    {"obsolete_guard", offsetof(LintOptions, obsolete_guard)},
    {"missing_spec", offsetof(LintOptions, missing_spec)},
    {"missing_spec_all", offsetof(LintOptions, missing_spec_all)},
    {"untyped_record", offsetof(LintOptions, untyped_record)},
    {"underscore_match", offsetof(LintOptions, match_underscore)},
    {"bif_clash", offsetof(LintOptions, bif_clash)},
    {"deprecated_function", offsetof(LintOptions, deprecated)},
    {"deprecated_type", offsetof(LintOptions, deprecated_type)},
    {"removed", offsetof(LintOptions, removed)},
    {"nif_inline", offsetof(LintOptions, nif_inline)},
    {"keywords", offsetof(LintOptions, keywords)},
};

static bool *find_option(LintOptions *options, const char *name)
{
    for (size_t i = 0; i < ACT_COUNT(option_rows); i++) {
        if (strcmp(option_rows[i].name, name) == 0) {
            return (bool *)((char *)options + option_rows[i].offset);
        }
    }
    return NULL;
}

/* The options about the passes behind the linter can only switch off. */
static void later_passes(LintOptions *options, const char *text)
{
    bool all = strcmp(text, "nowarn_opportunistic") == 0;
    options->failed = options->failed && !all && strcmp(text, "nowarn_failed") != 0;
    options->ignored = options->ignored && !all && strcmp(text, "nowarn_ignored") != 0;
    options->nomatch = options->nomatch && !all && strcmp(text, "nowarn_nomatch") != 0;
}

static void atom_option(Lint *l, const Name *name)
{
    const char *text = name->text;
    bool no = strncmp(text, "nowarn_", 7) == 0;
    bool *option = no                               ? find_option(&l->options, text + 7)
                   : strncmp(text, "warn_", 5) == 0 ? find_option(&l->options, text + 5)
                                                    : NULL;
    if (option != NULL) {
        *option = !no;
    }
    later_passes(&l->options, text);
    if (strcmp(text, "warn_format") == 0 || strcmp(text, "nowarn_format") == 0) {
        l->options.format = !no;
    } else if (strcmp(text, "export_all") == 0) {
        l->options.export_all = true;
    } else if (strcmp(text, "no_auto_import") == 0) {
        l->options.no_auto_import_all = true;
    } else if (strcmp(text, "no_auto_import_types") == 0) {
        l->options.no_auto_import_types = true;
    } else if (strcmp(text, "inline") == 0) {
        l->options.any_inline = true;
    } else if (strcmp(text, "warnings_as_errors") == 0) {
        l->diags->warnings_as_errors = true;
    }
}

void lint_each_in_list(Lint *l, const AstNode *value, LintVisit *visit)
{
    if (value->kind != AST_LIST) {
        visit(l, value);
        return;
    }
    for (uint32_t i = 0; i < value->list.items.count; i++) {
        lint_each_in_list(l, value->list.items.items[i], visit);
    }
}

/* Adds what {Option, F/A}, {Option, {F, A}} or a list of these names. */
static void add_names(LintTable *table, const AstNode *value)
{
    if (value->kind == AST_LIST) {
        for (uint32_t i = 0; i < value->list.items.count; i++) {
            add_names(table, value->list.items.items[i]);
        }
        return;
    }
    const Name *name = NULL;
    uint32_t arity = 0;
    if (lint_name_arity(value, &name, &arity)) {
        lint_add(table, name, arity, value->span, NULL);
    }
}

/* The name and the value of {Option, Value}; NULL when the option has another shape. */
static const Name *pair_option(const AstNode *option, const AstNode **value)
{
    if (option->kind != AST_TUPLE || option->items.count != 2 ||
        option->items.items[0]->kind != AST_ATOM) {
        return NULL;
    }
    *value = option->items.items[1];
    return option->items.items[0]->name;
}

static void one_option(Lint *l, const AstNode *option)
{
    const AstNode *value = NULL;
    const Name *name = pair_option(option, &value);
    if (option->kind == AST_ATOM) {
        atom_option(l, option->name);
    } else if (name == NULL) {
        return;
    } else if (name_is(name, "no_auto_import")) {
        add_names(&l->no_auto_import, value);
    } else if (name_is(name, "nowarn_unused_function")) {
        add_names(&l->nowarn_unused_function, value);
    } else if (name_is(name, "nowarn_bif_clash")) {
        add_names(&l->nowarn_bif_clash, value);
    } else if (name_is(name, "nowarn_deprecated_function")) {
        vec_push(&l->not_deprecated, value);
    } else if (name_is(name, "nowarn_removed")) {
        vec_push(&l->not_removed, value);
    } else if (name_is(name, "inline")) {
        l->options.any_inline =
            l->options.any_inline || value->kind != AST_LIST || value->list.items.count > 0;
    } else if (name_is(name, "warn_format") && value->kind == AST_INTEGER) {
        l->options.format = (uint8_t)ACT_MIN(value->integer.small, INT64_C(9));
    }
}

void lint_read_compile_options(Lint *l, const AstNode *value)
{
    lint_each_in_list(l, value, one_option);
}

/* ---- after all forms: what the options name must exist ---- */

static void check_function(Lint *l, const AstNode *value, const char *option)
{
    const Name *name = NULL;
    uint32_t arity = 0;
    if (value->kind == AST_LIST) {
        for (uint32_t i = 0; i < value->list.items.count; i++) {
            check_function(l, value->list.items.items[i], option);
        }
    } else if (lint_name_arity(value, &name, &arity)) {
        LintEntry *entry = lint_find(&l->functions, name, arity);
        bool defined = entry != NULL && entry->value != NULL;
        if (!defined && lint_find(&l->imports, name, arity) == NULL) {
            if (strcmp(option, "inline") == 0) {
                diag_report(l->diags, DIAG_E0140, value->span, lint_atom(l, name), arity);
            } else {
                diag_report(l->diags, DIAG_E0141, value->span, lint_atom(l, name), arity, option);
            }
        }
    }
}

static void check_record(Lint *l, const AstNode *value)
{
    if (value->kind == AST_ATOM) {
        lint_use_record(l, value);
    }
}

static void check_option(Lint *l, const AstNode *option)
{
    const AstNode *value = NULL;
    const Name *name = pair_option(option, &value);
    if (option->kind == AST_ATOM && name_is(option->name, "export_all") &&
        l->options.export_all_warning) {
        diag_report(l->diags, DIAG_W0010, option->span);
    }
    static const char *const naming[] = {"inline", "nowarn_unused_function", "nowarn_bif_clash"};
    for (size_t i = 0; name != NULL && i < ACT_COUNT(naming); i++) {
        if (name_is(name, naming[i])) {
            check_function(l, value, naming[i]);
        }
    }
    if (name != NULL && name_is(name, "nowarn_unused_record") && l->options.unused_record) {
        lint_each_in_list(l, value, check_record);
    }
}

/* -compile(nowarn_bif_clash), or for one function that stands without a list: no longer allowed. */
static bool is_disallowed(const AstNode *value)
{
    const AstNode *names = NULL;
    const Name *name = pair_option(value, &names);
    return (value->kind == AST_ATOM && name_is(value->name, "nowarn_bif_clash")) ||
           (name != NULL && name_is(name, "nowarn_bif_clash") && names->kind != AST_LIST);
}

void lint_check_options(Lint *l)
{
    bool reported = false;
    const AstNode *last = NULL;
    for (uint32_t i = 0; i < l->module->written; i++) {
        const AstNode *form = l->module->forms.items[i];
        if (form->kind != AST_ATTR_WILD || !name_is(form->attr_wild.name->name, "compile")) {
            continue;
        }
        const AstNode *value = form->attr_wild.value;
        last = value;
        bool atom = value->kind == AST_ATOM;
        if (is_disallowed(value) && (!atom || !l->options.bif_clash)) {
            Diag *diag = diag_report(l->diags, DIAG_E0166, value->span);
            diag_help(l->diags, diag, SOURCE_NOWHERE,
                      "call erlang:NAME(...), or write -compile({no_auto_import, [NAME/ARITY]}).");
            reported = reported || atom;
        }
        lint_each_in_list(l, value, check_option);
    }
    if (!l->options.bif_clash && !reported &&
        (last != NULL || l->module->forms.count > l->module->written)) {
        diag_report(l->diags, DIAG_E0166, last != NULL ? last->span : SOURCE_NOWHERE);
    }
}
