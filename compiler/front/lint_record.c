/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/front/lint_record.c: records: definitions, construction, update, access. */
#include "compiler/front/lint_state.h"

static const AstNode *find_field(const LintRecord *record, const Name *name)
{
    AstList fields = record->form->attr_record.fields;
    for (uint32_t i = 0; i < fields.count; i++) {
        if (fields.items[i]->kind == AST_RECORD_DEF &&
            fields.items[i]->record_def.name->name == name) {
            return fields.items[i];
        }
    }
    return NULL;
}

static void define_field(Lint *l, const AstNode *form, uint32_t index)
{
    AstList fields = form->attr_record.fields;
    const AstNode *field = fields.items[index];
    if (field->kind != AST_RECORD_DEF) {
        return;
    }
    for (uint32_t i = 0; i < index; i++) {
        if (fields.items[i]->kind == AST_RECORD_DEF &&
            fields.items[i]->record_def.name->name == field->record_def.name->name) {
            Diag *diag = diag_report(l->diags, DIAG_E0108, field->record_def.name->span,
                                     lint_atom(l, field->record_def.name->name),
                                     lint_atom(l, form->attr_record.name->name));
            diag_note(l->diags, diag, fields.items[i]->span, "it was defined here");
            break;
        }
    }
    if (field->record_def.value != NULL) {
        size_t mark = lint_mark(l);
        VarDeltas dropped = {0};
        lint_expr(l, field->record_def.value);
        lint_collect(l, mark, &dropped);
        vec_free(&dropped);
    }
}

void lint_define_record(Lint *l, const AstNode *form)
{
    const AstNode *name = form->attr_record.name;
    LintRecord *record = ARENA_NEW(&l->arena, LintRecord);
    record->form = form;
    record->main_file = form->span.file == l->main_file;
    l->defining = record;
    for (uint32_t i = 0; i < form->attr_record.fields.count; i++) {
        define_field(l, form, i);
    }
    l->defining = NULL;
    LintRecord *before = l->records[name->name->index];
    if (before != NULL) {
        Diag *diag = diag_report(l->diags, DIAG_E0107, name->span, lint_atom(l, name->name));
        diag_note(l->diags, diag, before->form->span, "it was defined here");
        vec_free(&record->calls);
        vec_free(&record->records);
        return;
    }
    l->records[name->name->index] = record;
    vec_push(&l->record_list, record);
    lint_record_types(l, form);
}

LintRecord *lint_use_record(Lint *l, const AstNode *name)
{
    LintRecord *record = l->records[name->name->index];
    if (record != NULL) {
        if (l->defining != NULL) {
            vec_push(&l->defining->records, record);
        } else {
            record->used = true;
        }
        return record;
    }
    Diag *diag = diag_report(l->diags, DIAG_E0105, name->span, lint_atom(l, name->name));
    DiagNearest nearest = {name->name->text, NULL, 0};
    for (size_t i = 0; i < l->record_list.count; i++) {
        diag_nearest_offer(&nearest, l->record_list.items[i]->form->attr_record.name->name->text);
    }
    if (nearest.best != NULL) {
        diag_help(l->diags, diag, SOURCE_NOWHERE, "did you mean '#%s'?", nearest.best);
    }
    return NULL;
}

static bool check_field(Lint *l, const LintRecord *record, const AstNode *name)
{
    if (find_field(record, name->name) != NULL) {
        return true;
    }
    const AstNode *record_name = record->form->attr_record.name;
    Diag *diag = diag_report(l->diags, DIAG_E0106, name->span, lint_atom(l, name->name),
                             lint_atom(l, record_name->name));
    DiagNearest nearest = {name->name->text, NULL, 0};
    AstList fields = record->form->attr_record.fields;
    for (uint32_t i = 0; i < fields.count; i++) {
        if (fields.items[i]->kind == AST_RECORD_DEF) {
            diag_nearest_offer(&nearest, fields.items[i]->record_def.name->name->text);
        }
    }
    if (nearest.best != NULL) {
        diag_help(l->diags, diag, SOURCE_NOWHERE, "did you mean '%s'?", nearest.best);
    }
    diag_note(l->diags, diag, record->form->span, "the record is defined here");
    return false;
}

/* The default values of fields that a construction leaves out are evaluated there: their calls
 * count. */
static void use_defaults(Lint *l, LintRecord *record)
{
    for (size_t i = 0; i < record->calls.count; i++) {
        LintCall call = record->calls.items[i];
        lint_call_local(l, call.name, call.arity, call.span);
    }
    for (size_t i = 0; i < record->records.count; i++) {
        record->records.items[i]->used = true;
    }
}

static bool assigned_before(const AstNode *node, uint32_t index)
{
    AstList fields = node->record.fields;
    for (uint32_t i = 0; i < index; i++) {
        if (fields.items[i]->pair.left->name == fields.items[index]->pair.left->name) {
            return true;
        }
    }
    return false;
}

/* False (reported) when the field is wrong: its value is not looked at then. */
static bool one_field(Lint *l, const AstNode *node, const LintRecord *record, uint32_t index)
{
    const AstNode *name = node->record.fields.items[index]->pair.left;
    const char *record_name = lint_atom(l, node->record.name->name);
    if (name->kind == AST_VAR && !ast_is_underscore(name)) {
        diag_report(l->diags, DIAG_E0124, name->span, name->name->text, record_name);
        return false;
    }
    if (name->kind == AST_VAR && node->record.base != NULL) {
        diag_report(l->diags, DIAG_E0125, name->span, record_name);
        return false;
    }
    if (assigned_before(node, index)) {
        diag_report(l->diags, DIAG_E0108, name->span,
                    name->kind == AST_VAR ? "_" : lint_atom(l, name->name), record_name);
        return false;
    }
    return name->kind != AST_ATOM || check_field(l, record, name);
}

static bool is_named(AstList fields, const Name *name)
{
    for (uint32_t i = 0; i < fields.count; i++) {
        if (fields.items[i]->pair.left->name == name) {
            return true;
        }
    }
    return false;
}

/* `_ = Value` when every field is already named. */
static void check_wildcard(Lint *l, const AstNode *node, const LintRecord *record)
{
    AstList fields = node->record.fields;
    const AstNode *wildcard = NULL;
    for (uint32_t i = 0; i < fields.count; i++) {
        if (ast_is_underscore(fields.items[i]->pair.left)) {
            wildcard = fields.items[i];
        }
    }
    if (wildcard == NULL || node->record.base != NULL) {
        return;
    }
    AstList defined = record->form->attr_record.fields;
    for (uint32_t i = 0; i < defined.count; i++) {
        if (defined.items[i]->kind == AST_RECORD_DEF &&
            !is_named(fields, defined.items[i]->record_def.name->name)) {
            return;
        }
    }
    diag_report(l->diags, DIAG_E0123, wildcard->span);
}

void lint_record_fields(Lint *l, const AstNode *node, LintVisit *visit, bool pattern)
{
    LintRecord *record = lint_use_record(l, node->record.name);
    AstList fields = node->record.fields;
    VarDeltas hidden = {0};
    for (uint32_t i = 0; i < fields.count && record != NULL; i++) {
        const AstNode *field = fields.items[i];
        if (field->kind != AST_RECORD_ASSIGN) {
            continue;
        }
        if (!one_field(l, node, record, i)) {
            continue;
        }
        size_t mark = lint_mark(l);
        visit(l, field->pair.right);
        if (!pattern) {
            lint_hide_new(l, mark, &hidden);
        }
    }
    lint_show_hidden(l, &hidden);
    if (record == NULL) {
        return;
    }
    if (pattern) { /* in an expression it is no mistake, Erlang says */
        check_wildcard(l, node, record);
    }
    if (!pattern && node->record.base == NULL) {
        use_defaults(l, record);
    }
}

void lint_record_access(Lint *l, const AstNode *node)
{
    LintRecord *record = lint_use_record(l, node->record_field.name);
    if (record != NULL) {
        check_field(l, record, node->record_field.field);
    }
}

void lint_record_info(Lint *l, const AstNode *call)
{
    const AstNode *what = call->call.args.items[0];
    const AstNode *name = call->call.args.items[1];
    if (what->kind != AST_ATOM || name->kind != AST_ATOM ||
        !(name_is(what->name, "fields") || name_is(what->name, "size"))) {
        diag_report(l->diags, DIAG_E0126, call->span);
        return;
    }
    lint_use_record(l, name);
}
