/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/front/lint_module_checks.c: what can be said only when all forms have been seen. */
#include "compiler/front/lint_state.h"
#include "vm/base/alloc.h"
#include <string.h>

void lint_report_undefined(Lint *l, const Name *name, uint32_t arity, SourceSpan span)
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
    const LintEntry *import = lint_find(&l->imports, name, arity);
    if (import != NULL) {
        diag_help(l->diags, diag, import->span, "it is imported: write fun %s:%s/%u",
                  ((const AstNode *)import->value)->name->text, name->text, arity);
        return;
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
            lint_report_undefined(l, export->name, export->arity, export->span);
        }
    }
    for (size_t i = 0; i < l->calls.count; i++) {
        const LintCall *call = &l->calls.items[i];
        if (lint_find(&l->functions, call->name, call->arity) == NULL) {
            lint_report_undefined(l, call->name, call->arity, call->span);
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

static void check_on_load(Lint *l)
{
    size_t count = 0;
    const AstNode *only = NULL;
    const Name *name = NULL;
    uint32_t arity = 0;
    for (size_t i = 0; i < l->on_loads.count; i++) {
        const AstNode *form = l->on_loads.items[i];
        const AstNode *value = form->attr_wild.value;
        if (!lint_name_arity(value, &name, &arity)) {
            diag_report(l->diags, DIAG_E0142, form->span);
            continue;
        }
        only = count == 0 && arity == 0 ? value : NULL;
        if (count > 0) {
            diag_report(l->diags, DIAG_E0143, form->span);
        } else if (arity != 0) {
            diag_report(l->diags, DIAG_E0144, value->span, lint_atom(l, name), arity);
        }
        count++;
    }
    if (only != NULL && lint_name_arity(only, &name, &arity) &&
        lint_find(&l->functions, name, 0) == NULL) {
        diag_report(l->diags, DIAG_E0145, only->span, lint_atom(l, name), arity);
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

void lint_check_module(Lint *l)
{
    lint_check_options(l); /* before the records: it uses those that it finds */
    check_undefined(l);
    check_unused_functions(l);
    check_unused_records(l);
    check_unused_imports(l);
    check_specs(l);
    check_callbacks(l);
    lint_check_behaviours(l);
    check_on_load(l);
    lint_check_attributes(l);
    lint_check_types(l);
}
