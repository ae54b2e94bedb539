/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/front/lint_guard.c: guards: literals, bound variables, operators and guard functions. */
#include "compiler/front/lint_state.h"

static bool is_guard_op(AstOp op)
{
    return op != AST_OP_SEND && op != AST_OP_APPEND && op != AST_OP_SUBTRACT;
}

static void illegal(Lint *l, const AstNode *node)
{
    Diag *diag = diag_report(l->diags, l->in_size ? DIAG_E0133 : DIAG_E0110, node->span);
    if (node->kind == AST_MATCH) {
        diag_help(l->diags, diag, SOURCE_NOWHERE, "to compare, write '==' or '=:='");
    } else if (node->kind == AST_CALL) {
        diag_help(l->diags, diag, SOURCE_NOWHERE,
                  "only the guard functions of the module erlang may be called here");
    }
}

static void guard_list(Lint *l, AstList list)
{
    for (uint32_t i = 0; i < list.count; i++) {
        lint_guard_expr(l, list.items[i]);
    }
}

/* The function's name if the call is erlang:name(...) or name(...); NULL otherwise. */
static const AstNode *called_name(const AstNode *call, bool *remote)
{
    const AstNode *target = call->call.target;
    *remote = target->kind == AST_REMOTE;
    if (*remote) {
        bool erlang = target->pair.left->kind == AST_ATOM &&
                      name_is(target->pair.left->name, "erlang") &&
                      target->pair.right->kind == AST_ATOM;
        return erlang ? target->pair.right : NULL;
    }
    return target->kind == AST_ATOM ? target : NULL;
}

static bool is_operator_name(const Name *name, uint32_t arity)
{
    AstOp op = arity == 1 || arity == 2 ? ast_op_find(name->text, arity) : AST_OP__COUNT;
    return op != AST_OP__COUNT && is_guard_op(op) && op != AST_OP_ANDALSO && op != AST_OP_ORELSE;
}

/* What stands before the built-in function of this name: an import from elsewhere, a function of
 * the module, or -compile(no_auto_import). */
static bool is_clash(const Lint *l, const Name *name, uint32_t arity)
{
    if (lint_is_local(l, name, arity)) {
        return true;
    }
    const LintEntry *import = lint_find(&l->imports, name, arity);
    bool erlang = import != NULL && name_is(((const AstNode *)import->value)->name, "erlang");
    return (import != NULL && !erlang) || (!erlang && lint_is_auto_import_off(l, name, arity));
}

static void illegal_local_call(Lint *l, const AstNode *call, const Name *name)
{
    Diag *diag = diag_report(l->diags, l->in_size ? DIAG_E0139 : DIAG_E0111, call->span,
                             lint_atom(l, name), call->call.args.count);
    diag_help(l->diags, diag, SOURCE_NOWHERE,
              "call it before, bind what it returns to a variable, and test that");
}

/* is_record(Term, name): the name of the record must be known. */
static void guard_is_record(Lint *l, const AstNode *call, const Name *name)
{
    AstList args = call->call.args;
    if (args.count == 2 && args.items[1]->kind == AST_ATOM) {
        lint_guard_expr(l, args.items[0]);
        lint_use_record(l, args.items[1]);
    } else if (args.count == 3 && args.items[1]->kind == AST_ATOM &&
               args.items[2]->kind == AST_INTEGER) {
        lint_guard_expr(l, args.items[0]);
        if (is_clash(l, name, 3)) {
            illegal_local_call(l, call, name);
        }
    } else {
        guard_list(l, args);
        illegal(l, call);
    }
}

static void guard_call(Lint *l, const AstNode *call)
{
    bool remote = false;
    const AstNode *name = called_name(call, &remote);
    AstList args = call->call.args;
    if (name != NULL && name_is(name->name, "is_record") && (args.count == 2 || args.count == 3)) {
        guard_is_record(l, call, name->name);
        return;
    }
    if (name == NULL) {
        illegal(l, call); /* its arguments are no uses, as in Erlang */
        return;
    }
    guard_list(l, args);
    bool bif = (lint_bif(name->name, args.count) & BIF_GUARD) != 0;
    if (remote) {
        if (!bif && !is_operator_name(name->name, args.count)) {
            illegal(l, call);
        }
        return;
    }
    if (bif && !is_clash(l, name->name, args.count)) {
        return;
    }
    if (lint_is_local(l, name->name, args.count) ||
        lint_find(&l->imports, name->name, args.count) != NULL) {
        illegal_local_call(l, call, name->name);
    } else {
        illegal(l, call);
    }
}

static void guard_record(Lint *l, const AstNode *node)
{
    if (node->record.base != NULL) {
        illegal(l, node);
        return;
    }
    lint_record_fields(l, node, lint_guard_expr, false);
}

static void guard_map(Lint *l, const AstNode *node)
{
    if (node->map.base != NULL) {
        lint_guard_expr(l, node->map.base);
    }
    for (uint32_t i = 0; i < node->map.fields.count; i++) {
        const AstNode *field = node->map.fields.items[i];
        if (node->map.base == NULL && field->kind == AST_MAP_EXACT) {
            diag_report(l->diags, DIAG_E0120, field->span);
        }
        lint_guard_expr(l, field->pair.left);
        lint_guard_expr(l, field->pair.right);
    }
}

void lint_guard_expr(Lint *l, const AstNode *node)
{
    switch (node->kind) {
    case AST_VAR:
        lint_use_var(l, node);
        break;
    case AST_ATOM:
        lint_keyword(l, node);
        break;
    case AST_INTEGER:
    case AST_FLOAT:
    case AST_CHAR:
    case AST_STRING:
    case AST_ERROR:
        break;
    case AST_LIST:
        guard_list(l, node->list.items);
        if (node->list.tail != NULL) {
            lint_guard_expr(l, node->list.tail);
        }
        break;
    case AST_TUPLE:
        guard_list(l, node->items);
        break;
    case AST_BIN:
        lint_bin_expr(l, node);
        break;
    case AST_MAP:
        guard_map(l, node);
        break;
    case AST_RECORD:
        guard_record(l, node);
        break;
    case AST_RECORD_INDEX:
    case AST_RECORD_FIELD:
        if (node->record_field.base != NULL) {
            lint_guard_expr(l, node->record_field.base);
        }
        lint_record_access(l, node);
        break;
    case AST_UNARY:
        lint_guard_expr(l, node->unary.operand);
        break;
    case AST_BINARY:
        lint_guard_expr(l, node->binary.left);
        lint_guard_expr(l, node->binary.right);
        if (!is_guard_op(node->binary.op)) {
            illegal(l, node);
        }
        break;
    case AST_CALL:
        guard_call(l, node);
        break;
    default:
        illegal(l, node);
        break;
    }
}

/* The tests of before R5 (`list(X)`): as a whole guard test they still have a meaning. */
static bool obsolete_test(Lint *l, const AstNode *node)
{
    if (node->kind != AST_CALL || node->call.target->kind != AST_ATOM) {
        return false;
    }
    const Name *name = node->call.target->name;
    uint32_t arity = node->call.args.count;
    if (!lint_is_old_type_test(name, arity)) {
        return false;
    }
    if (l->options.obsolete_guard) {
        diag_report(l->diags, DIAG_W0008, node->span, name->text, arity, name->text, arity);
    }
    const char *modern = arena_printf(&l->arena, "is_%s", name->text);
    for (size_t i = 0; i < l->functions.entries.count; i++) {
        const LintEntry *entry = &l->functions.entries.items[i];
        if (entry->arity == arity && name_is(entry->name, modern)) {
            Diag *diag =
                diag_report(l->diags, DIAG_E0167, node->span, name->text, name->text, arity);
            diag_note(l->diags, diag, entry->span, "here");
        }
    }
    if (name_is(name, "record") && arity == 2) {
        guard_is_record(l, node, name);
        return true;
    }
    guard_list(l, node->call.args);
    if (is_clash(l, name, arity)) {
        illegal_local_call(l, node, name);
    }
    return true;
}

bool lint_filter_test(Lint *l, const AstNode *node)
{
    if (node->kind != AST_CALL || node->call.target->kind != AST_ATOM) {
        return false;
    }
    const Name *name = node->call.target->name;
    uint32_t arity = node->call.args.count;
    bool obsolete = lint_is_old_type_test(name, arity) && !lint_is_local(l, name, arity) &&
                    lint_find(&l->imports, name, arity) == NULL;
    for (uint32_t i = 0; obsolete && i < arity; i++) {
        obsolete = lint_is_guard_test(l, node->call.args.items[i]);
    }
    l->in_guard = true;
    bool found = obsolete && obsolete_test(l, node);
    l->in_guard = false;
    return found;
}

void lint_guards(Lint *l, AstList guards)
{
    l->in_guard = true;
    for (uint32_t i = 0; i < guards.count; i++) {
        AstList tests = guards.items[i]->items;
        for (uint32_t k = 0; k < tests.count; k++) {
            if (!obsolete_test(l, tests.items[k])) {
                lint_guard_expr(l, tests.items[k]);
            }
        }
    }
    l->in_guard = false;
}

typedef struct {
    Lint *l;
    bool legal;
} TestWalk;

static void walk_test(AstNode *node, void *context);

static bool legal_call(Lint *l, const AstNode *node)
{
    bool remote = false;
    const AstNode *name = called_name(node, &remote);
    if (name == NULL) {
        return false;
    }
    uint32_t arity = node->call.args.count;
    bool bif = (lint_bif(name->name, arity) & BIF_GUARD) != 0;
    if (remote) {
        return bif || is_operator_name(name->name, arity);
    }
    return bif && !is_clash(l, name->name, arity);
}

static bool legal_test(Lint *l, const AstNode *node)
{
    TestWalk walk = {l, true};
    switch (node->kind) {
    case AST_VAR:
    case AST_ATOM:
    case AST_INTEGER:
    case AST_FLOAT:
    case AST_CHAR:
    case AST_STRING:
        return true;
    case AST_LIST:
    case AST_TUPLE:
    case AST_BIN:
    case AST_BIN_ELEMENT:
    case AST_MAP:
    case AST_MAP_ASSOC:
    case AST_MAP_EXACT:
    case AST_UNARY:
    case AST_RECORD_ASSIGN:
    case AST_RECORD_INDEX:
    case AST_RECORD_FIELD:
        break;
    case AST_RECORD:
        if (node->record.base != NULL) {
            return false;
        }
        break;
    case AST_BINARY:
        if (!is_guard_op(node->binary.op)) {
            return false;
        }
        break;
    case AST_CALL:
        if (!legal_call(l, node)) {
            return false;
        }
        for (uint32_t i = 0; i < node->call.args.count; i++) {
            walk_test(node->call.args.items[i], &walk);
        }
        return walk.legal;
    default:
        return false;
    }
    ast_each_child(node, walk_test, &walk);
    return walk.legal;
}

static void walk_test(AstNode *node, void *context)
{
    TestWalk *walk = context;
    walk->legal = walk->legal && legal_test(walk->l, node);
}

bool lint_is_guard_test(Lint *l, const AstNode *node)
{
    return legal_test(l, node);
}
