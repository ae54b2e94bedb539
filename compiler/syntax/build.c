/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/syntax/build.c: nodes of expressions and patterns; see build.h. */
#include "compiler/syntax/build.h"
#include "compiler/syntax/parser.h"
#include <string.h>

AstNode *build_done(Parser *ps, AstNode *node)
{
    ast_finish(node);
    if (node->depth <= AST_MAX_DEPTH) {
        return node;
    }
    if (!ps->too_deep) {
        diag_report(&ps->cx->diags, DIAG_E0030, node->span, (unsigned)AST_MAX_DEPTH);
        ps->too_deep = ps->failed = true;
    }
    return ast_new(ps->arena, AST_ERROR, node->span);
}

AstBuilder build_first(Parser *ps, AstNode *node)
{
    AstCell *cell = ARENA_NEW(ps->arena, AstCell);
    cell->node = node;
    cell->next = cell;
    return (AstBuilder){cell, 1};
}

AstBuilder build_more(Parser *ps, AstBuilder list, AstNode *node)
{
    if (list.last == NULL) {
        return build_first(ps, node);
    }
    AstCell *cell = ARENA_NEW(ps->arena, AstCell);
    cell->node = node;
    cell->next = list.last->next;
    list.last->next = cell;
    return (AstBuilder){cell, list.count + 1};
}

AstBuilder build_prepend(Parser *ps, AstNode *node, AstBuilder list)
{
    AstCell *cell = ARENA_NEW(ps->arena, AstCell);
    cell->node = node;
    cell->next = list.last->next;
    list.last->next = cell;
    return (AstBuilder){list.last, list.count + 1};
}

AstList build_list(Parser *ps, AstBuilder list)
{
    if (list.last == NULL) {
        return (AstList){NULL, 0};
    }
    AstNode **items = ARENA_ARRAY(ps->arena, AstNode *, list.count);
    AstCell *cell = list.last;
    for (uint32_t i = 0; i < list.count; i++) {
        cell = cell->next;
        items[i] = cell->node;
    }
    return (AstList){items, list.count};
}

AstList build_list_1(Parser *ps, AstNode *node)
{
    return build_list(ps, build_first(ps, node));
}

AstNode *build_leaf(Parser *ps, const Token *token)
{
    AstNode *node = NULL;
    switch (token->kind) {
    case T_VAR:
        return ast_var(ps->arena, token->span, token->name);
    case T_INTEGER:
        node = ast_integer(ps->arena, token->span, token->integer.small);
        node->integer.digits = token->integer.digits;
        node->integer.base = token->integer.base;
        return node;
    case T_FLOAT:
        node = ast_new(ps->arena, AST_FLOAT, token->span);
        node->number = token->number;
        return node;
    case T_CHAR:
        node = ast_new(ps->arena, AST_CHAR, token->span);
        node->character = token->character;
        return node;
    case T_STRING:
        node = ast_new(ps->arena, AST_STRING, token->span);
        node->string.points = token->string.points;
        node->string.count = token->string.count;
        return node;
    default:
        return ast_atom(ps->arena, token->span, token->name);
    }
}

AstNode *build_strings(Parser *ps, SourceSpan span, AstBuilder strings)
{
    if (strings.count == 1) {
        return strings.last->node;
    }
    AstList parts = build_list(ps, strings);
    size_t count = 0;
    for (uint32_t i = 0; i < parts.count; i++) {
        count += parts.items[i]->string.count;
    }
    uint32_t *points = arena_alloc(ps->arena, count * sizeof(uint32_t));
    size_t at = 0;
    for (uint32_t i = 0; i < parts.count; i++) {
        const AstNode *part = parts.items[i];
        if (part->string.count > 0) {
            memcpy(points + at, part->string.points, part->string.count * sizeof(uint32_t));
        }
        at += part->string.count;
    }
    AstNode *node = ast_new(ps->arena, AST_STRING, span);
    node->string.points = points;
    node->string.count = (uint32_t)count;
    return node;
}

AstNode *build_pair(Parser *ps, AstKind kind, SourceSpan span, AstNode *left, AstNode *right)
{
    AstNode *node = ast_new(ps->arena, kind, span);
    node->pair.left = left;
    node->pair.right = right;
    return build_done(ps, node);
}

AstNode *build_pair_at(Parser *ps, AstKind kind, SourceSpan span, AstNode *left, SourceSpan op_span,
                       AstNode *right)
{
    AstNode *node = build_pair(ps, kind, span, left, right);
    if (node->kind != AST_ERROR) {
        node->pair.op_span = op_span;
    }
    return node;
}

AstNode *build_items(Parser *ps, AstKind kind, SourceSpan span, AstList items)
{
    AstNode *node = ast_new(ps->arena, kind, span);
    node->items = items;
    return build_done(ps, node);
}

AstNode *build_one(Parser *ps, AstKind kind, SourceSpan span, AstNode *child)
{
    AstNode *node = ast_new(ps->arena, kind, span);
    node->one = child;
    return build_done(ps, node);
}

AstNode *build_cons(Parser *ps, SourceSpan span, AstList items, AstNode *tail, SourceSpan close)
{
    AstNode *node = ast_new(ps->arena, AST_LIST, span);
    node->list.items = items;
    node->list.tail = tail;
    node->list.close = close;
    return build_done(ps, node);
}

AstNode *build_unary(Parser *ps, SourceSpan span, const Token *op, AstNode *operand)
{
    AstNode *node = ast_new(ps->arena, AST_UNARY, span);
    node->unary.op = (AstOp)op->op;
    node->unary.operand = operand;
    return build_done(ps, node);
}

AstNode *build_binary(Parser *ps, SourceSpan span, AstNode *left, const Token *op, AstNode *right)
{
    AstNode *node = ast_new(ps->arena, AST_BINARY, span);
    node->binary.op = (AstOp)op->op;
    node->binary.left = left;
    node->binary.right = right;
    node->binary.op_span = op->span;
    return build_done(ps, node);
}

AstNode *build_bin_type(Parser *ps, SourceSpan span, const Token *name, const Token *unit)
{
    /* Carried through the grammar as name: unit; build_bin_element unpacks it. */
    AstNode *value = unit == NULL ? NULL : build_leaf(ps, unit);
    return build_pair(ps, AST_TYPE_ANN, span, build_leaf(ps, name), value);
}

AstNode *build_bin_element(Parser *ps, SourceSpan span, AstNode *value, AstNode *size,
                           AstBuilder types)
{
    AstNode *node = ast_new(ps->arena, AST_BIN_ELEMENT, span);
    AstList list = build_list(ps, types);
    node->bin_element.value = value;
    node->bin_element.size = size;
    node->bin_element.type_count = list.count;
    node->bin_element.types = ARENA_ARRAY(ps->arena, AstBinType, list.count);
    for (uint32_t i = 0; i < list.count; i++) {
        const AstNode *type = list.items[i];
        node->bin_element.types[i] =
            (AstBinType){type->pair.left->name, type->pair.right, type->span};
    }
    return build_done(ps, node);
}

AstNode *build_map(Parser *ps, SourceSpan span, AstNode *base, AstList fields, SourceSpan hash)
{
    AstNode *node = ast_new(ps->arena, AST_MAP, span);
    node->map.base = base;
    node->map.fields = fields;
    node->map.hash = hash;
    return build_done(ps, node);
}

AstNode *build_record(Parser *ps, SourceSpan span, AstNode *base, AstNode *name, AstList fields,
                      SourceSpan hash)
{
    AstNode *node = ast_new(ps->arena, AST_RECORD, span);
    node->record.base = base;
    node->record.name = name;
    node->record.fields = fields;
    node->record.hash = hash;
    return build_done(ps, node);
}

AstNode *build_record_field(Parser *ps, SourceSpan span, AstNode *base, AstNode *name,
                            AstNode *field, SourceSpan hash)
{
    AstNode *node = ast_new(ps->arena, base == NULL ? AST_RECORD_INDEX : AST_RECORD_FIELD, span);
    node->record_field.base = base;
    node->record_field.name = name;
    node->record_field.field = field;
    node->record_field.hash = hash;
    return build_done(ps, node);
}

AstNode *build_case(Parser *ps, SourceSpan span, AstNode *subject, AstList clauses)
{
    AstNode *node = ast_new(ps->arena, AST_CASE, span);
    node->choice.subject = subject;
    node->choice.clauses = clauses;
    return build_done(ps, node);
}

AstNode *build_receive(Parser *ps, SourceSpan span, AstList clauses, AstNode *timeout,
                       AstList after_body)
{
    AstNode *node = ast_new(ps->arena, AST_RECEIVE, span);
    node->receive.clauses = clauses;
    node->receive.timeout = timeout;
    node->receive.after_body = after_body;
    return build_done(ps, node);
}

AstNode *build_try(Parser *ps, SourceSpan span, AstList catches, AstList after_body)
{
    AstNode *node = ast_new(ps->arena, AST_TRY, span);
    node->try_.catches = catches;
    node->try_.after_body = after_body;
    return node;
}

AstNode *build_try_finish(Parser *ps, SourceSpan span, AstNode *rest, AstList body, AstList clauses)
{
    rest->span = span;
    rest->try_.body = body;
    rest->try_.clauses = clauses;
    return build_done(ps, rest);
}

AstNode *build_maybe(Parser *ps, SourceSpan span, AstList body, AstList else_clauses,
                     SourceSpan else_span)
{
    AstNode *node = ast_new(ps->arena, AST_MAYBE, span);
    node->maybe.body = body;
    node->maybe.else_clauses = else_clauses;
    node->maybe.else_span = else_span;
    return build_done(ps, node);
}

AstNode *build_call(Parser *ps, SourceSpan span, AstNode *target, AstList args)
{
    AstNode *node = ast_new(ps->arena, AST_CALL, span);
    node->call.target = target;
    node->call.args = args;
    return build_done(ps, node);
}

AstNode *build_name_arity(Parser *ps, AstKind kind, SourceSpan span, AstNode *name,
                          const Token *arity)
{
    AstNode *node = ast_new(ps->arena, kind, span);
    node->name_arity.name = name;
    if (arity->integer.digits != NULL || arity->integer.small > 255) {
        diag_report(&ps->cx->diags, DIAG_E0028, arity->span);
        ps->failed = true;
    } else {
        node->name_arity.arity = (uint32_t)arity->integer.small;
    }
    return build_done(ps, node);
}

AstNode *build_fun_remote(Parser *ps, SourceSpan span, AstNode *module, AstNode *function,
                          AstNode *arity)
{
    AstNode *node = ast_new(ps->arena, AST_FUN_REMOTE, span);
    node->fun_remote.module = module;
    node->fun_remote.function = function;
    node->fun_remote.arity = arity;
    return build_done(ps, node);
}

AstNode *build_comprehension(Parser *ps, AstKind kind, SourceSpan span, AstNode *element,
                             AstList qualifiers)
{
    AstNode *node = ast_new(ps->arena, kind, span);
    node->comprehension.element = element;
    node->comprehension.qualifiers = qualifiers;
    return build_done(ps, node);
}

AstNode *build_generate(Parser *ps, AstKind kind, SourceSpan span, AstNode *left,
                        const Token *arrow, AstNode *right)
{
    if (kind == AST_BIN_GENERATE && left->kind != AST_BIN && left->kind != AST_ERROR) {
        Diag *diag = diag_report(&ps->cx->diags, DIAG_E0035, left->span);
        diag_help(&ps->cx->diags, diag, SOURCE_NOWHERE, "'less or equal' is written '=<'");
        ps->failed = true;
    }
    AstNode *node = build_pair(ps, kind, span, left, right);
    if (node->kind != AST_ERROR) {
        node->pair.op_span = arrow->span;
    }
    return node;
}
