/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/front/lint_type.c: definitions of types, specs and callbacks, and the types in them. */
#include "compiler/front/lint_state.h"
#include "compiler/syntax/type_names.h"

/* A type variable, and how often the form names it. */
typedef struct {
    const Name *name;
    SourceSpan span;
    unsigned count;
} TypeVar;

typedef struct {
    Lint *l;
    VEC(TypeVar) vars;
    uint32_t caller; /* index of the type that is being defined, UINT32_MAX for all else */
} TypeWalk;

static void see_var(TypeWalk *walk, const AstNode *var)
{
    if (ast_is_underscore(var)) {
        return;
    }
    for (size_t i = 0; i < walk->vars.count; i++) {
        if (walk->vars.items[i].name == var->name) {
            walk->vars.items[i].count++;
            return;
        }
    }
    TypeVar seen = {var->name, var->span, 1};
    vec_push(&walk->vars, seen);
}

static void check_type(AstNode *type, void *context);

static void check_all(TypeWalk *walk, AstList types)
{
    for (uint32_t i = 0; i < types.count; i++) {
        check_type(types.items[i], walk);
    }
}

static void named_type(TypeWalk *walk, const AstNode *type)
{
    Lint *l = walk->l;
    const Name *name = type->type_named.name->name;
    uint32_t arity = type->type_named.args.count;
    LintCall use = {name, arity, type->span, walk->caller};
    vec_push(&l->type_calls, use);
    check_all(walk, type->type_named.args);
}

static void record_type(TypeWalk *walk, const AstNode *type)
{
    const LintRecord *record = lint_use_record(walk->l, type->type_record.name);
    AstList fields = type->type_record.fields;
    for (uint32_t i = 0; i < fields.count; i++) {
        const AstNode *name = fields.items[i]->pair.left;
        for (uint32_t k = 0; k < i; k++) {
            if (fields.items[k]->pair.left->name == name->name) {
                diag_report(walk->l->diags, DIAG_E0108, name->span, lint_atom(walk->l, name->name),
                            lint_atom(walk->l, type->type_record.name->name));
            }
        }
        bool found = record == NULL;
        for (uint32_t k = 0; record != NULL && k < record->form->attr_record.fields.count; k++) {
            const AstNode *def = record->form->attr_record.fields.items[k];
            found =
                found || (def->kind == AST_RECORD_DEF && def->record_def.name->name == name->name);
        }
        if (!found) {
            diag_report(walk->l->diags, DIAG_E0106, name->span, lint_atom(walk->l, name->name),
                        lint_atom(walk->l, type->type_record.name->name));
        }
        check_type(fields.items[i]->pair.right, walk);
    }
}

/* Numbers beyond 64 bits stay at the end of the range: types with them are compared loosely. */
static bool constant_operation(AstOp op, int64_t left, int64_t right, int64_t *value)
{
    bool over = false;
    switch (op) {
    case AST_OP_PLUS:
        over = __builtin_add_overflow(left, right, value);
        break;
    case AST_OP_MINUS:
        over = __builtin_sub_overflow(left, right, value);
        break;
    case AST_OP_TIMES:
        over = __builtin_mul_overflow(left, right, value);
        break;
    case AST_OP_DIV:
    case AST_OP_REM:
        if (right == 0 || right == -1) {
            return right != 0 && (*value = op == AST_OP_DIV ? -left : 0, true);
        }
        *value = op == AST_OP_DIV ? left / right : left % right;
        break;
    case AST_OP_BAND:
        *value = left & right;
        break;
    case AST_OP_BOR:
        *value = left | right;
        break;
    case AST_OP_BXOR:
        *value = left ^ right;
        break;
    case AST_OP_BSR:
        *value = right >= 0 ? left >> ACT_MIN(right, INT64_C(63)) : left;
        break;
    case AST_OP_BSL:
        over = right < 0 || right > 61 || left > (INT64_MAX >> (right + 1)) || left < 0;
        *value = over ? left : left << right;
        break;
    default:
        return false;
    }
    *value = over ? (left < 0 ? INT64_MIN : INT64_MAX) : *value;
    return true;
}

/* The value of a constant whole number as a type has it; false if it is none. */
bool lint_constant_integer(const AstNode *node, int64_t *value)
{
    int64_t left = 0;
    int64_t right = 0;
    switch (node->kind) {
    case AST_INTEGER:
        *value = node->integer.digits != NULL ? INT64_MAX : node->integer.small;
        return true;
    case AST_CHAR:
        *value = node->character;
        return true;
    case AST_UNARY:
        if (!lint_constant_integer(node->unary.operand, &left)) {
            return false;
        }
        *value = node->unary.op == AST_OP_MINUS  ? -left
                 : node->unary.op == AST_OP_BNOT ? ~left
                                                 : left;
        return true;
    case AST_BINARY:
        return lint_constant_integer(node->binary.left, &left) &&
               lint_constant_integer(node->binary.right, &right) &&
               constant_operation(node->binary.op, left, right, value);
    default:
        return false;
    }
}

static void range_type(TypeWalk *walk, const AstNode *type)
{
    int64_t low = 0;
    int64_t high = 0;
    if (!lint_constant_integer(type->pair.left, &low) ||
        !lint_constant_integer(type->pair.right, &high) || low >= high) {
        diag_report(walk->l->diags, DIAG_E0154, type->span, "range");
    }
}

static void binary_type(TypeWalk *walk, const AstNode *type)
{
    int64_t base = 0;
    int64_t unit = 0;
    if (!lint_constant_integer(type->pair.left, &base) ||
        !lint_constant_integer(type->pair.right, &unit) || base < 0 || unit < 0 || unit > 256) {
        diag_report(walk->l->diags, DIAG_E0154, type->span, "binary");
    }
}

static void check_type(AstNode *type, void *context)
{
    TypeWalk *walk = context;
    switch (type->kind) {
    case AST_VAR:
        see_var(walk, type);
        break;
    case AST_TYPE_NAMED:
        named_type(walk, type);
        break;
    case AST_TYPE_REMOTE: {
        lint_check_module_name(walk->l, type->type_remote.module->name,
                               type->type_remote.module->span);
        lint_old_type(walk->l, type);
        /* module:type() of this module itself is a use of the type. */
        if (walk->l->module_name == type->type_remote.module->name) {
            LintCall use = {type->type_remote.name->name, type->type_remote.args.count, type->span,
                            walk->caller};
            vec_push(&walk->l->type_calls, use);
        }
        check_all(walk, type->type_remote.args);
        break;
    }
    case AST_TYPE_RECORD:
        record_type(walk, type);
        break;
    case AST_TYPE_RANGE:
        range_type(walk, type);
        break;
    case AST_TYPE_BINARY:
        binary_type(walk, type);
        break;
    case AST_TYPE_ANN:
        check_type(type->pair.right, walk);
        break;
    case AST_ATOM:
    case AST_INTEGER:
    case AST_CHAR:
    case AST_UNARY:
    case AST_BINARY:
        break;
    default:
        ast_each_child(type, check_type, walk);
        break;
    }
}

static void report_singletons(TypeWalk *walk)
{
    for (size_t i = 0; i < walk->vars.count; i++) {
        const TypeVar *var = &walk->vars.items[i];
        if (var->count == 1 && var->name->text[0] != '_') {
            Diag *diag = diag_report(walk->l->diags, DIAG_E0153, var->span, var->name->text);
            diag_help(walk->l->diags, diag, SOURCE_NOWHERE, "write '_' or '_%s' for any type",
                      var->name->text);
        }
    }
    vec_free(&walk->vars);
}

void lint_type_form(Lint *l, const AstNode *form)
{
    const Name *name = form->attr_type.name->name;
    uint32_t arity = form->attr_type.params.count;
    SourceSpan span = form->attr_type.name->span;
    TypeWalk walk = {l, {0}, UINT32_MAX};
    LintEntry *before = lint_find(&l->types, name, arity);
    if (type_is_builtin(name->text, arity) && !l->options.no_auto_import_types) {
        diag_report(l->diags, DIAG_E0152, span, lint_atom(l, name), arity);
        return;
    }
    if (before != NULL) {
        Diag *diag = diag_report(l->diags, DIAG_E0151, span, lint_atom(l, name), arity);
        diag_note(l->diags, diag, before->span, "it was defined here");
        return;
    }
    lint_add(&l->types, name, arity, span, form);
    walk.caller = (uint32_t)l->types.entries.count - 1;
    for (uint32_t i = 0; i < arity; i++) {
        check_type(form->attr_type.params.items[i], &walk);
    }
    check_type(form->attr_type.type, &walk);
    report_singletons(&walk);
}

void lint_record_types(Lint *l, const AstNode *form)
{
    TypeWalk walk = {l, {0}, UINT32_MAX};
    for (uint32_t i = 0; i < form->attr_record.fields.count; i++) {
        AstNode *field = form->attr_record.fields.items[i];
        if (field->kind == AST_RECORD_DEF && field->record_def.type != NULL) {
            check_type(field->record_def.type, &walk);
        }
    }
    report_singletons(&walk);
}

static void check_signatures(Lint *l, const AstNode *form)
{
    for (uint32_t i = 0; i < form->attr_spec.signatures.count; i++) {
        TypeWalk walk = {l, {0}, UINT32_MAX};
        check_type(form->attr_spec.signatures.items[i], &walk);
        report_singletons(&walk);
    }
}

void lint_spec_form(Lint *l, const AstNode *form)
{
    const Name *name = form->attr_spec.name->name;
    uint32_t arity = form->attr_spec.arity;
    SourceSpan span = form->attr_spec.name->span;
    bool callback = form->attr_spec.callback;
    const AstNode *module = form->attr_spec.module;
    if (callback && module != NULL) {
        diag_report(l->diags, DIAG_E0158, module->span, lint_atom(l, name), arity);
        return;
    }
    if (module != NULL && module->name != l->module_name) {
        diag_report(l->diags, DIAG_E0159, module->span, lint_atom(l, module->name),
                    lint_atom(l, name), arity);
        return;
    }
    LintEntry *before = lint_add(callback ? &l->callbacks : &l->specs, name, arity, span, form);
    if (before != NULL) {
        Diag *diag = diag_report(l->diags, callback ? DIAG_E0157 : DIAG_E0155, span,
                                 lint_atom(l, name), arity);
        diag_note(l->diags, diag, before->span, "it was defined here");
        return;
    }
    AstList signatures = form->attr_spec.signatures;
    for (uint32_t i = 1; i < signatures.count; i++) {
        if (ast_signature_arity(signatures.items[i]) != arity) {
            diag_report(l->diags, DIAG_E0173, signatures.items[i]->span,
                        callback ? "callback" : "spec", lint_atom(l, name), arity);
        }
    }
    check_signatures(l, form);
}

static void report_undefined(Lint *l, const LintCall *use)
{
    Diag *diag = diag_report(l->diags, DIAG_E0150, use->span, lint_atom(l, use->name), use->arity);
    DiagNearest nearest = {use->name->text, NULL, 0};
    for (size_t i = 0; i < l->types.entries.count; i++) {
        const LintEntry *entry = &l->types.entries.items[i];
        diag_nearest_offer(&nearest, entry->name->text);
        if (entry->name == use->name) {
            diag_note(l->diags, diag, entry->span, "there is %s/%u", entry->name->text,
                      entry->arity);
        }
    }
    if (nearest.best != NULL) {
        diag_help(l->diags, diag, SOURCE_NOWHERE, "did you mean '%s'?", nearest.best);
    }
}

/* Marks what is used from outside of type definitions, then what those use, and so on. */
static void mark_used(Lint *l)
{
    for (size_t i = 0; i < l->type_exports.entries.count; i++) {
        const LintEntry *export = &l->type_exports.entries.items[i];
        LintEntry *type = lint_find(&l->types, export->name, export->arity);
        if (type != NULL) {
            type->used = true;
        }
    }
    bool changed = true;
    while (changed) {
        changed = false;
        for (size_t i = 0; i < l->type_calls.count; i++) {
            const LintCall *use = &l->type_calls.items[i];
            LintEntry *type = lint_find(&l->types, use->name, use->arity);
            bool reached = use->caller == UINT32_MAX || l->types.entries.items[use->caller].used;
            if (type != NULL && !type->used && reached) {
                type->used = changed = true;
            }
        }
    }
}

void lint_check_types(Lint *l)
{
    for (size_t i = 0; i < l->type_calls.count; i++) {
        const LintCall *use = &l->type_calls.items[i];
        if (lint_find(&l->types, use->name, use->arity) == NULL &&
            !type_is_builtin(use->name->text, use->arity)) {
            report_undefined(l, use);
        }
    }
    for (size_t i = 0; i < l->type_exports.entries.count; i++) {
        const LintEntry *entry = &l->type_exports.entries.items[i];
        if (lint_find(&l->types, entry->name, entry->arity) == NULL &&
            !type_is_builtin(entry->name->text, entry->arity)) { /* as Erlang */
            LintCall use = {entry->name, entry->arity, entry->span, UINT32_MAX};
            report_undefined(l, &use);
        }
    }
    mark_used(l);
    for (size_t i = 0; i < l->types.entries.count; i++) {
        const LintEntry *type = &l->types.entries.items[i];
        const AstNode *form = type->value;
        bool exported = lint_find(&l->type_exports, type->name, type->arity) != NULL;
        const AstNode *body = form->attr_type.type;
        if (form->attr_type.opaque && type->arity == 0 && body->kind == AST_TYPE_NAMED &&
            body->type_named.args.count == 0 &&
            (name_is(body->type_named.name->name, "any") ||
             name_is(body->type_named.name->name, "term"))) {
            diag_report(l->diags, DIAG_W0026, type->span, lint_atom(l, type->name), type->arity);
        }
        if (form->attr_type.opaque && !exported) {
            diag_report(l->diags, DIAG_W0025, type->span, lint_atom(l, type->name), type->arity);
        }
        if (!type->used && l->options.unused_type && type->span.file == l->main_file) {
            diag_report(l->diags, DIAG_W0007, type->span, lint_atom(l, type->name), type->arity);
        }
    }
}
