/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/front/lint_module_checks.c: what can be said only when all forms have been seen. */
#include "compiler/front/lint_state.h"
#include "vm/base/alloc.h"
#include <string.h>

static void report_undefined(Lint *l, const Name *name, uint32_t arity, SourceSpan span)
{
    Diag *diag = diag_report(l->diags, DIAG_E0103, span, lint_atom(l, name), arity);
    DiagNearest nearest = {name->text, NULL, 0};
    const LintEntry *near = NULL;
    for (size_t i = 0; i < l->functions.entries.count; i++) {
        const LintEntry *entry = &l->functions.entries.items[i];
        const char *before = nearest.best;
        diag_nearest_offer(&nearest, entry->name->text);
        near = nearest.best != before ? entry : near;
        if (entry->name == name && entry->value != NULL) {
            diag_note(l->diags, diag, entry->span, "there is %s/%u", name->text, entry->arity);
        }
    }
    const char *bif = lint_nearest_bif(name->text);
    if (near != NULL && near->value != NULL) {
        diag_help(l->diags, diag, near->span, "did you mean '%s/%u'?", near->name->text,
                  near->arity);
    } else if (bif != NULL) {
        diag_help(l->diags, diag, SOURCE_NOWHERE, "did you mean '%s'?", bif);
    }
}

static void check_undefined(Lint *l)
{
    for (size_t i = 0; i < l->exports.entries.count; i++) {
        const LintEntry *export = &l->exports.entries.items[i];
        if (lint_find(&l->functions, export->name, export->arity) == NULL) {
            report_undefined(l, export->name, export->arity, export->span);
        }
    }
    for (size_t i = 0; i < l->calls.count; i++) {
        const LintCall *call = &l->calls.items[i];
        if (lint_find(&l->functions, call->name, call->arity) == NULL) {
            report_undefined(l, call->name, call->arity, call->span);
        }
    }
}

static void reach(Lint *l, const Name *name, uint32_t arity, size_t *pending)
{
    LintEntry *entry = lint_find(&l->functions, name, arity);
    if (entry != NULL && !entry->used) {
        entry->used = true;
        (*pending)++;
    }
}

/* Marks the functions that a call can come to, from the exported ones on. */
static void mark_reached(Lint *l)
{
    size_t count = l->functions.entries.count;
    uint32_t *first = alloc_must((count + 1) * sizeof(uint32_t));
    uint32_t *next = alloc_must((l->calls.count + 1) * sizeof(uint32_t));
    uint32_t *stack = alloc_must((count + 1) * sizeof(uint32_t));
    memset(first, 0xFF, (count + 1) * sizeof(uint32_t));
    for (uint32_t i = 0; i < l->calls.count; i++) {
        uint32_t caller = ACT_MIN(l->calls.items[i].caller, (uint32_t)count);
        next[i] = first[caller];
        first[caller] = i;
    }
    size_t top = 0;
    for (uint32_t i = 0; i < count; i++) {
        const LintEntry *entry = &l->functions.entries.items[i];
        if (entry->used || l->options.export_all || entry->value == NULL) {
            l->functions.entries.items[i].used = true;
            stack[top++] = i;
        }
    }
    while (top > 0) {
        uint32_t caller = stack[--top];
        for (uint32_t i = first[caller]; i != UINT32_MAX; i = next[i]) {
            const LintCall *call = &l->calls.items[i];
            LintEntry *entry = lint_find(&l->functions, call->name, call->arity);
            if (entry != NULL && !entry->used) {
                entry->used = true;
                stack[top++] = (uint32_t)(entry - l->functions.entries.items);
            }
        }
    }
    alloc_free(first);
    alloc_free(next);
    alloc_free(stack);
}

static void check_unused_functions(Lint *l)
{
    size_t pending = 0;
    for (size_t i = 0; i < l->exports.entries.count; i++) {
        reach(l, l->exports.entries.items[i].name, l->exports.entries.items[i].arity, &pending);
    }
    for (size_t i = 0; i < l->on_loads.count; i++) {
        const Name *name = NULL;
        uint32_t arity = 0;
        if (lint_name_arity(l->on_loads.items[i]->attr_wild.value, &name, &arity)) {
            reach(l, name, arity, &pending);
        }
    }
    mark_reached(l);
    if (!l->options.unused_function) {
        return;
    }
    for (size_t i = 0; i < l->functions.entries.count; i++) {
        const LintEntry *entry = &l->functions.entries.items[i];
        if (!entry->used &&
            lint_find(&l->nowarn_unused_function, entry->name, entry->arity) == NULL) {
            Diag *diag = diag_report(l->diags, DIAG_W0002, entry->span, lint_atom(l, entry->name),
                                     entry->arity);
            diag_help(l->diags, diag, SOURCE_NOWHERE, "export it, call it or remove it");
        }
    }
}

static void check_unused_records(Lint *l)
{
    for (size_t i = 0; i < l->record_list.count; i++) {
        const LintRecord *record = l->record_list.items[i];
        const AstNode *name = record->form->attr_record.name;
        if (!record->used && record->main_file && l->options.unused_record) {
            diag_report(l->diags, DIAG_W0005, name->span, lint_atom(l, name->name));
        }
        if (l->options.untyped_record) {
            AstList fields = record->form->attr_record.fields;
            for (uint32_t k = 0; k < fields.count; k++) {
                if (fields.items[k]->kind == AST_RECORD_DEF &&
                    fields.items[k]->record_def.type == NULL) {
                    diag_report(l->diags, DIAG_W0024, name->span, lint_atom(l, name->name));
                    break;
                }
            }
        }
    }
}

static void check_specs(Lint *l)
{
    for (size_t i = 0; i < l->specs.entries.count; i++) {
        const LintEntry *spec = &l->specs.entries.items[i];
        if (lint_find(&l->functions, spec->name, spec->arity) == NULL) {
            Diag *diag = diag_report(l->diags, DIAG_E0156, spec->span, lint_atom(l, spec->name),
                                     spec->arity);
            for (size_t k = 0; k < l->functions.entries.count; k++) {
                const LintEntry *entry = &l->functions.entries.items[k];
                if (entry->name == spec->name && entry->value != NULL) {
                    diag_note(l->diags, diag, entry->span, "there is %s/%u", entry->name->text,
                              entry->arity);
                }
            }
        }
    }
    for (size_t i = 0; i < l->functions.entries.count; i++) {
        const LintEntry *entry = &l->functions.entries.items[i];
        bool exported = l->options.export_all || lint_find(&l->exports, entry->name, entry->arity);
        if (entry->value != NULL && lint_find(&l->specs, entry->name, entry->arity) == NULL &&
            (l->options.missing_spec_all || (l->options.missing_spec && exported))) {
            diag_report(l->diags, DIAG_W0023, entry->span, lint_atom(l, entry->name), entry->arity);
        }
    }
}

typedef struct {
    const char *module, *name;
    uint32_t arity;
    bool optional;
} CallbackRow;

static const CallbackRow callback_rows[] = {
#define CALLBACK(module, name, arity, optional) {module, name, arity, optional},
#include "compiler/front/behaviours.def"
#undef CALLBACK
};

static bool has_name(const LintTable *table, const char *name, uint32_t arity)
{
    for (size_t i = 0; i < table->entries.count; i++) {
        const LintEntry *entry = &table->entries.items[i];
        if (entry->arity == arity && name_is(entry->name, name)) {
            return true;
        }
    }
    return false;
}

static bool is_exported(const Lint *l, const char *name, uint32_t arity)
{
    return has_name(&l->exports, name, arity) ||
           (l->options.export_all && has_name(&l->functions, name, arity));
}

static void check_conflicts(Lint *l, size_t which, const CallbackRow *row)
{
    for (size_t i = 0; i < which; i++) {
        const AstNode *other = l->behaviours.items[i]->attr_wild.value;
        for (size_t k = 0; k < ACT_COUNT(callback_rows); k++) {
            const CallbackRow *first = &callback_rows[k];
            if (name_is(other->name, first->module) && first->arity == row->arity &&
                strcmp(first->name, row->name) == 0 && strcmp(first->module, row->module) != 0) {
                diag_report(l->diags, DIAG_W0013, l->behaviours.items[which]->span, row->name,
                            row->arity, row->module, first->module);
            }
        }
    }
}

static void check_behaviours(Lint *l)
{
    for (size_t i = 0; i < l->behaviours.count && l->options.behaviours; i++) {
        const AstNode *form = l->behaviours.items[i];
        const AstNode *value = form->attr_wild.value;
        for (size_t k = 0; value->kind == AST_ATOM && k < ACT_COUNT(callback_rows); k++) {
            const CallbackRow *row = &callback_rows[k];
            if (!name_is(value->name, row->module)) {
                continue;
            }
            check_conflicts(l, i, row);
            if (!row->optional && !is_exported(l, row->name, row->arity)) {
                diag_report(l->diags, DIAG_W0012, form->span, row->name, row->arity, row->module);
            }
        }
    }
}

static void check_on_load(Lint *l)
{
    for (size_t i = 0; i < l->on_loads.count; i++) {
        const AstNode *form = l->on_loads.items[i];
        const AstNode *value = form->attr_wild.value;
        const Name *name = NULL;
        uint32_t arity = 0;
        if (!lint_name_arity(value, &name, &arity)) {
            diag_report(l->diags, DIAG_E0142, form->span);
            continue;
        }
        if (i > 0) {
            diag_report(l->diags, DIAG_E0143, form->span);
        } else if (arity != 0) {
            diag_report(l->diags, DIAG_E0144, value->span, lint_atom(l, name), arity);
        } else if (lint_find(&l->functions, name, 0) == NULL) {
            diag_report(l->diags, DIAG_E0145, value->span, lint_atom(l, name), arity);
        }
    }
}

static void check_callbacks(Lint *l)
{
    for (size_t i = 0; i < l->callbacks.entries.count && l->behaviour_info; i++) {
        const LintEntry *entry = &l->callbacks.entries.items[i];
        diag_report(l->diags, DIAG_E0162, entry->span, lint_atom(l, entry->name), entry->arity);
    }
    for (size_t i = 0; i < l->optional_callbacks.entries.count; i++) {
        const LintEntry *entry = &l->optional_callbacks.entries.items[i];
        if (lint_find(&l->callbacks, entry->name, entry->arity) == NULL) {
            diag_report(l->diags, DIAG_E0161, entry->span, lint_atom(l, entry->name), entry->arity);
        }
    }
}

static void check_options(Lint *l)
{
    for (size_t i = 0; i < l->inlined.entries.count; i++) {
        const LintEntry *entry = &l->inlined.entries.items[i];
        if (lint_find(&l->functions, entry->name, entry->arity) == NULL) {
            diag_report(l->diags, DIAG_E0140, entry->span, lint_atom(l, entry->name), entry->arity);
        }
    }
    for (size_t i = 0; i < l->nowarn_unused_function.entries.count; i++) {
        const LintEntry *entry = &l->nowarn_unused_function.entries.items[i];
        if (lint_find(&l->functions, entry->name, entry->arity) == NULL) {
            diag_report(l->diags, DIAG_E0141, entry->span, lint_atom(l, entry->name), entry->arity,
                        "nowarn_unused_function");
        }
    }
}

static void check_unused_imports(Lint *l)
{
    for (size_t i = 0; i < l->imports.entries.count && l->options.unused_import; i++) {
        const LintEntry *entry = &l->imports.entries.items[i];
        const AstNode *module = entry->value;
        if (!entry->used) {
            diag_report(l->diags, DIAG_W0006, entry->span, lint_atom(l, module->name),
                        lint_atom(l, entry->name), entry->arity);
        }
    }
}

/* The functions that -dialyzer({Option, F/A}) names must exist. */
static void check_dialyzer(Lint *l, const AstNode *value)
{
    const Name *name = NULL;
    uint32_t arity = 0;
    if (lint_name_arity(value, &name, &arity)) {
        if (lint_find(&l->functions, name, arity) == NULL) {
            report_undefined(l, name, arity, value->span);
        }
    } else if (value->kind == AST_LIST) {
        for (uint32_t i = 0; i < value->list.items.count; i++) {
            check_dialyzer(l, value->list.items.items[i]);
        }
    } else if (value->kind == AST_TUPLE && value->items.count == 2) {
        check_dialyzer(l, value->items.items[1]);
    }
}

static void check_nifs(Lint *l, const AstNode *list)
{
    for (uint32_t i = 0; list->kind == AST_LIST && i < list->list.items.count; i++) {
        const Name *name = NULL;
        uint32_t arity = 0;
        if (lint_name_arity(list->list.items.items[i], &name, &arity) &&
            lint_find(&l->functions, name, arity) == NULL) {
            diag_report(l->diags, DIAG_E0148, list->list.items.items[i]->span, lint_atom(l, name),
                        arity);
        }
    }
}

static void check_named_functions(Lint *l)
{
    for (uint32_t i = 0; i < l->module->forms.count; i++) {
        const AstNode *form = l->module->forms.items[i];
        if (form->kind == AST_ATTR_WILD && name_is(form->attr_wild.name->name, "dialyzer")) {
            check_dialyzer(l, form->attr_wild.value);
        } else if (form->kind == AST_ATTR_WILD && name_is(form->attr_wild.name->name, "nifs")) {
            check_nifs(l, form->attr_wild.value);
        }
    }
}

void lint_check_module(Lint *l)
{
    check_named_functions(l);
    check_undefined(l);
    check_unused_functions(l);
    check_unused_records(l);
    check_unused_imports(l);
    check_specs(l);
    check_callbacks(l);
    check_behaviours(l);
    check_on_load(l);
    check_options(l);
    lint_check_types(l);
}
