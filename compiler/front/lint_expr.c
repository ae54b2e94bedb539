/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/front/lint_expr.c: expressions, in the order in which they bind variables. */
#include "compiler/front/lint_state.h"

static SourceSpan first_word(const AstNode *node, uint32_t length)
{
    SourceSpan span = node->span;
    span.end = ACT_MIN(span.end, span.start + length);
    return span;
}

void lint_exprs(Lint *l, AstList body)
{
    for (uint32_t i = 0; i < body.count; i++) {
        lint_expr(l, body.items[i]);
        if (i + 1 < body.count) {
            lint_useless_value(l, body.items[i]);
        }
    }
}

void lint_siblings(Lint *l, AstList list)
{
    VarDeltas hidden = {0};
    for (uint32_t i = 0; i < list.count; i++) {
        size_t mark = lint_mark(l);
        lint_expr(l, list.items[i]);
        if (i + 1 < list.count || hidden.count > 0) {
            lint_hide_new(l, mark, &hidden);
        }
    }
    lint_show_hidden(l, &hidden);
}

void lint_pair_siblings(Lint *l, const AstNode *left, const AstNode *right)
{
    AstNode *both[2] = {(AstNode *)left, (AstNode *)right};
    lint_siblings(l, (AstList){both, 2});
}

/* A clause of case, if, receive or of: what it binds goes to whoever merges the clauses. */
static void way_clause(Lint *l, const AstNode *clause, VarDeltas *way)
{
    size_t mark = lint_mark(l);
    lint_head(l, clause->clause.patterns, NULL);
    lint_guards(l, clause->clause.guards);
    lint_exprs(l, clause->clause.body);
    lint_collect(l, mark, way);
}

static VarDeltas *new_ways(Lint *l, size_t count)
{
    return ARENA_ARRAY(&l->arena, VarDeltas, count + 1);
}

static void free_ways(VarDeltas *ways, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        vec_free(&ways[i]);
    }
}

static void lint_ways(Lint *l, AstList clauses, const AstNode *subject, const LintIn *in)
{
    lint_useless_clauses(l, clauses, subject, false, in->span);
    VarDeltas *ways = new_ways(l, clauses.count);
    for (uint32_t i = 0; i < clauses.count; i++) {
        way_clause(l, clauses.items[i], &ways[i]);
    }
    lint_merge_clauses(l, ways, clauses.count, in);
    free_ways(ways, clauses.count);
}

static void lint_receive(Lint *l, const AstNode *node)
{
    const LintIn *in = lint_in(l, "receive", node->span);
    AstList clauses = node->receive.clauses;
    if (node->receive.timeout == NULL) {
        lint_ways(l, clauses, NULL, in);
        return;
    }
    /* The timeout binds for after the receive, and is not seen in its clauses. */
    VarDeltas timeout = {0};
    size_t mark = lint_mark(l);
    lint_expr(l, node->receive.timeout);
    lint_hide_new(l, mark, &timeout);
    lint_useless_clauses(l, clauses, NULL, false, in->span);
    VarDeltas *ways = new_ways(l, clauses.count + 1);
    mark = lint_mark(l);
    lint_exprs(l, node->receive.after_body);
    lint_collect(l, mark, &ways[clauses.count]);
    for (uint32_t i = 0; i < clauses.count; i++) {
        way_clause(l, clauses.items[i], &ways[i]);
    }
    lint_merge_clauses(l, ways, clauses.count + 1, in);
    free_ways(ways, clauses.count + 1);
    lint_show_hidden(l, &timeout);
}

/* A catch clause's class, reason and stack trace; the last is a new variable, not for the guard. */
static void catch_clause(Lint *l, const AstNode *clause, VarDeltas *way)
{
    size_t mark = lint_mark(l);
    AstList patterns = clause->clause.patterns;
    const AstNode *stack = patterns.count == 3 ? patterns.items[2] : NULL;
    bool named = stack != NULL && stack->kind == AST_VAR && !ast_is_underscore(stack);
    if (named && lint_var(l, stack->name)->state != VAR_FREE) {
        diag_report(l->diags, DIAG_E0129, stack->span, stack->name->text);
    }
    lint_head(l, patterns, NULL);
    if (named) {
        VarInfo info = *lint_var(l, stack->name);
        info.stacktrace = true;
        lint_var_set(l, stack->name, info);
    }
    lint_guards(l, clause->clause.guards);
    if (named) {
        VarInfo info = *lint_var(l, stack->name);
        info.stacktrace = false;
        lint_var_set(l, stack->name, info);
    }
    lint_exprs(l, clause->clause.body);
    lint_collect(l, mark, way);
}

static void lint_try(Lint *l, const AstNode *node)
{
    const LintIn *in = lint_in(l, "try", first_word(node, 3));
    AstList clauses = node->try_.clauses;
    AstList catches = node->try_.catches;
    size_t count = clauses.count + catches.count;
    size_t start = lint_mark(l);
    lint_exprs(l, node->try_.body);
    VarDeltas *ways = new_ways(l, count);
    lint_useless_clauses(l, clauses, NULL, false, in->span);
    for (uint32_t i = 0; i < clauses.count; i++) {
        way_clause(l, clauses.items[i], &ways[i]);
    }
    lint_make_unsafe(l, start, in);
    lint_useless_clauses(l, catches, NULL, false, in->span);
    for (uint32_t i = 0; i < catches.count; i++) {
        catch_clause(l, catches.items[i], &ways[clauses.count + i]);
    }
    size_t mark = lint_mark(l);
    lint_merge_clauses(l, ways, count, in);
    free_ways(ways, count);
    lint_make_unsafe(l, mark, in);
    lint_make_unsafe(l, start, in);
    mark = lint_mark(l);
    lint_exprs(l, node->try_.after_body);
    lint_make_unsafe(l, mark, in);
}

static void lint_maybe(Lint *l, const AstNode *node)
{
    size_t mark = lint_mark(l);
    lint_exprs(l, node->maybe.body);
    lint_make_unsafe(l, mark, lint_in(l, "maybe", first_word(node, 5)));
    if (node->maybe.else_clauses.count == 0) {
        return;
    }
    /* What the body binds is unsafe in the else clauses, too; what those bind, behind the end. */
    size_t start = mark;
    mark = lint_mark(l);
    const LintIn *in = lint_in(l, "else", node->maybe.else_span);
    lint_ways(l, node->maybe.else_clauses, NULL, in);
    lint_make_unsafe(l, mark, in);
    lint_make_unsafe(l, start, lint_in(l, "maybe", first_word(node, 5)));
}

static void fun_clause(Lint *l, const AstNode *clause)
{
    uint32_t outer = lint_open_scope(l);
    size_t mark = lint_mark(l);
    lint_head(l, clause->clause.patterns, "'fun'");
    lint_guards(l, clause->clause.guards);
    lint_exprs(l, clause->clause.body);
    lint_close_scope(l, outer, mark);
}

static void lint_fun(Lint *l, const AstNode *node)
{
    const AstNode *var = node->fun.var;
    uint32_t outer = lint_open_scope(l);
    size_t mark = lint_mark(l);
    if (var != NULL && !ast_is_underscore(var)) {
        AstNode *name = (AstNode *)var;
        lint_head(l, (AstList){&name, 1}, "'named fun'");
    }
    lint_useless_clauses(l, node->fun.clauses, NULL, true, first_word(node, 3));
    for (uint32_t i = 0; i < node->fun.clauses.count; i++) {
        fun_clause(l, node->fun.clauses.items[i]);
    }
    lint_close_scope(l, outer, mark);
}

static void lint_generator(Lint *l, const AstNode *node)
{
    uint32_t outer = lint_open_scope(l);
    size_t mark = lint_mark(l);
    lint_expr(l, node->pair.right);
    lint_close_scope(l, outer, mark);
    AstNode *pattern = node->pair.left;
    if (node->kind == AST_BIN_GENERATE && pattern->kind == AST_BIN) {
        l->fresh = true;
        l->shadowing = "generate";
        l->in_pattern.count = 0;
        lint_bin_pattern(l, pattern, true);
        l->fresh = false;
        return;
    }
    if (node->kind == AST_MAP_GENERATE) {
        AstNode *both[2] = {pattern->pair.left, pattern->pair.right};
        lint_head(l, (AstList){both, 2}, "generate");
        return;
    }
    lint_head(l, (AstList){&pattern, 1}, "generate");
}

static void lint_comprehension(Lint *l, const AstNode *node)
{
    uint32_t outer = lint_open_scope(l);
    size_t mark = lint_mark(l);
    AstList qualifiers = node->comprehension.qualifiers;
    for (uint32_t i = 0; i < qualifiers.count; i++) {
        const AstNode *qualifier = qualifiers.items[i];
        if (qualifier->kind == AST_GENERATE || qualifier->kind == AST_BIN_GENERATE ||
            qualifier->kind == AST_MAP_GENERATE) {
            lint_generator(l, qualifier);
        } else if (lint_is_guard_test(l, qualifier)) {
            lint_guard_expr(l, qualifier);
        } else if (!lint_filter_test(l, qualifier)) {
            lint_expr(l, qualifier);
        }
    }
    const AstNode *element = node->comprehension.element;
    if (element->kind == AST_MAP_ASSOC) {
        lint_pair_siblings(l, element->pair.left, element->pair.right);
    } else {
        lint_expr(l, element);
    }
    lint_close_scope(l, outer, mark);
}

void lint_call_local(Lint *l, const Name *name, uint32_t arity, SourceSpan span)
{
    LintCall call = {name, arity, span, l->caller};
    if (l->defining != NULL) {
        vec_push(&l->defining->calls, call);
    } else {
        vec_push(&l->calls, call);
    }
}

/* name/arity called, or named by fun name/arity, without a module. */
static void local_or_bif(Lint *l, const Name *name, uint32_t arity, SourceSpan span, bool call)
{
    LintEntry *import = lint_find(&l->imports, name, arity);
    unsigned flags = lint_bif(name, arity);
    unsigned bif = lint_is_auto_import_off(l, name, arity) || !(flags & BIF_AUTO) ? 0 : flags;
    bool local = lint_is_local(l, name, arity);
    if (import != NULL && call) { /* fun name/arity means a function of the module alone */
        import->used = true;
        return;
    }
    if (bif != 0 && !local) {
        return;
    }
    if (call && bif != 0 && l->options.bif_clash &&
        lint_find(&l->nowarn_bif_clash, name, arity) == NULL) {
        Diag *diag =
            diag_report(l->diags, bif & BIF_OLD ? DIAG_E0117 : DIAG_W0015, span, name->text, arity);
        diag_help(l->diags, diag, SOURCE_NOWHERE,
                  "write erlang:%s, or -compile({no_auto_import, [%s/%u]}).", name->text,
                  name->text, arity);
    }
    lint_call_local(l, name, arity, span);
}

/* What is never a fun, however it is computed. */
static bool is_never_a_fun(const AstNode *node)
{
    switch (node->kind) {
    case AST_INTEGER:
    case AST_FLOAT:
    case AST_CHAR:
    case AST_STRING:
    case AST_LIST:
    case AST_LIST_COMP:
    case AST_RECORD_INDEX:
        return true;
    case AST_TUPLE:
        return node->items.count != 2;
    default:
        return false;
    }
}

static void check_record_base(Lint *l, const AstNode *base)
{
    bool fun = base->kind == AST_FUN || base->kind == AST_FUN_LOCAL || base->kind == AST_FUN_REMOTE;
    if (fun || base->kind == AST_ATOM || (base->kind != AST_TUPLE && is_never_a_fun(base))) {
        diag_report(l->diags, DIAG_W0028, base->span);
    }
}

static void call_atom(Lint *l, const AstNode *node)
{
    const AstNode *target = node->call.target;
    AstList args = node->call.args;
    lint_keyword(l, target);
    lint_siblings(l, args);
    if (name_is(target->name, "record_info") && args.count == 2) {
        lint_record_info(l, node);
        return;
    }
    if (name_is(target->name, "is_record") && args.count == 2 && args.items[1]->kind == AST_ATOM &&
        !lint_is_local(l, target->name, args.count)) {
        lint_use_record(l, args.items[1]);
    }
    local_or_bif(l, target->name, args.count, target->span, true);
}

static void lint_call(Lint *l, const AstNode *node)
{
    const AstNode *target = node->call.target;
    AstList args = node->call.args;
    if (target->kind == AST_ATOM) {
        call_atom(l, node);
        lint_known_call(l, node);
        return;
    }
    AstNode **all = ARENA_ARRAY(&l->arena, AstNode *, args.count + 2);
    uint32_t count = 0;
    if (target->kind == AST_REMOTE) {
        if (target->pair.left->kind == AST_ATOM) {
            lint_check_module_name(l, target->pair.left->name, target->pair.left->span);
        }
        all[count++] = target->pair.left;
        all[count++] = target->pair.right;
    } else {
        if (is_never_a_fun(target)) {
            diag_report(l->diags, DIAG_W0019, target->span);
        }
        all[count++] = (AstNode *)target;
    }
    for (uint32_t i = 0; i < args.count; i++) {
        all[count++] = args.items[i];
    }
    lint_siblings(l, (AstList){all, count});
    lint_known_call(l, node);
}

static void lint_map(Lint *l, const AstNode *node)
{
    AstList fields = node->map.fields;
    AstNode **all = ARENA_ARRAY(&l->arena, AstNode *, 2 * (size_t)fields.count + 1);
    uint32_t count = 0;
    if (node->map.base != NULL) {
        all[count++] = node->map.base;
    }
    for (uint32_t i = 0; i < fields.count; i++) {
        all[count++] = fields.items[i]->pair.left;
        all[count++] = fields.items[i]->pair.right;
        if (node->map.base == NULL && fields.items[i]->kind == AST_MAP_EXACT) {
            diag_report(l->diags, DIAG_E0120, fields.items[i]->span);
        }
    }
    lint_siblings(l, (AstList){all, count});
    lint_useless_keys(l, node);
}

static void lint_list(Lint *l, const AstNode *node)
{
    if (node->list.tail == NULL) {
        lint_siblings(l, node->list.items);
        return;
    }
    uint32_t count = node->list.items.count;
    AstNode **all = ARENA_ARRAY(&l->arena, AstNode *, count + 1);
    for (uint32_t i = 0; i < count; i++) {
        all[i] = node->list.items.items[i];
    }
    all[count] = node->list.tail;
    lint_siblings(l, (AstList){all, count + 1});
}

static void lint_record(Lint *l, const AstNode *node)
{
    if (node->record.base != NULL) {
        size_t mark = lint_mark(l);
        VarDeltas hidden = {0};
        check_record_base(l, node->record.base);
        lint_expr(l, node->record.base);
        lint_hide_new(l, mark, &hidden);
        lint_record_fields(l, node, lint_expr, false);
        lint_show_hidden(l, &hidden);
        return;
    }
    lint_record_fields(l, node, lint_expr, false);
}

static void lint_short_circuit(Lint *l, const AstNode *node)
{
    lint_expr(l, node->binary.left);
    size_t mark = lint_mark(l);
    lint_expr(l, node->binary.right);
    lint_make_unsafe(l, mark, lint_in(l, ast_op_text(node->binary.op), node->binary.op_span));
}

static void lint_match(Lint *l, const AstNode *node)
{
    lint_expr(l, node->pair.right);
    AstNode *pattern = node->pair.left;
    lint_useless_match(l, node);
    lint_head(l, (AstList){&pattern, 1}, NULL);
}

static void lint_control(Lint *l, const AstNode *node)
{
    size_t mark = lint_mark(l);
    switch (node->kind) {
    case AST_CATCH:
        lint_expr(l, node->one);
        lint_make_unsafe(l, mark, lint_in(l, "catch", first_word(node, 5)));
        break;
    case AST_BLOCK:
        lint_exprs(l, node->items);
        break;
    case AST_IF:
        lint_ways(l, node->items, NULL, lint_in(l, "if", first_word(node, 2)));
        break;
    case AST_CASE:
        lint_expr(l, node->choice.subject);
        lint_ways(l, node->choice.clauses, node->choice.subject,
                  lint_in(l, "case", first_word(node, 4)));
        break;
    case AST_RECEIVE:
        lint_receive(l, node);
        break;
    case AST_TRY:
        lint_try(l, node);
        break;
    case AST_MAYBE:
        lint_maybe(l, node);
        break;
    case AST_FUN:
        lint_fun(l, node);
        break;
    case AST_FUN_LOCAL:
        local_or_bif(l, node->name_arity.name->name, node->name_arity.arity, node->span, false);
        break;
    case AST_FUN_REMOTE: {
        AstNode *all[3] = {node->fun_remote.module, node->fun_remote.function,
                           node->fun_remote.arity};
        lint_siblings(l, (AstList){all, 3});
        break;
    }
    case AST_LIST_COMP:
    case AST_BIN_COMP:
    case AST_MAP_COMP:
        lint_comprehension(l, node);
        break;
    case AST_MATCH:
    case AST_MAYBE_MATCH:
        lint_match(l, node);
        break;
    default:
        diag_report(l->diags, DIAG_E0119, node->span); /* a:b without a call, and the like */
        break;
    }
}

void lint_expr(Lint *l, const AstNode *node)
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
        break;
    case AST_LIST:
        lint_list(l, node);
        break;
    case AST_TUPLE:
        lint_siblings(l, node->items);
        break;
    case AST_BIN:
        lint_bin_expr(l, node);
        lint_constant_bin(l, node);
        break;
    case AST_MAP:
        lint_map(l, node);
        lint_useless_operation(l, node);
        break;
    case AST_RECORD:
        lint_record(l, node);
        break;
    case AST_RECORD_INDEX:
    case AST_RECORD_FIELD:
        if (node->record_field.base != NULL) {
            check_record_base(l, node->record_field.base);
            lint_expr(l, node->record_field.base);
        }
        lint_record_access(l, node);
        break;
    case AST_UNARY:
        lint_expr(l, node->unary.operand);
        lint_useless_operation(l, node);
        break;
    case AST_BINARY:
        if (node->binary.op == AST_OP_ANDALSO || node->binary.op == AST_OP_ORELSE) {
            lint_short_circuit(l, node);
        } else {
            lint_pair_siblings(l, node->binary.left, node->binary.right);
            lint_useless_operation(l, node);
        }
        break;
    case AST_CALL:
        lint_call(l, node);
        lint_useless_operation(l, node);
        break;
    default:
        lint_control(l, node);
        break;
    }
}

void lint_function(Lint *l, const AstNode *function)
{
    lint_useless_clauses(l, function->function.clauses, NULL, true, function->function.name->span);
    for (uint32_t i = 0; i < function->function.clauses.count; i++) {
        const AstNode *clause = function->function.clauses.items[i];
        l->journal.count = 0;
        uint32_t outer = lint_open_scope(l);
        lint_head(l, clause->clause.patterns, NULL);
        lint_guards(l, clause->clause.guards);
        lint_exprs(l, clause->clause.body);
        lint_close_scope(l, outer, 0);
    }
    l->journal.count = 0;
}
