/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/syntax/build_type.c: nodes of types. */
#include "compiler/syntax/build.h"

static void bad_type(Parser *ps, SourceSpan span, const char *why)
{
    diag_report(&ps->cx->diags, DIAG_E0029, span, why);
    ps->failed = true;
}

AstNode *build_type_named(Parser *ps, SourceSpan span, AstNode *name, AstList args)
{
    bool tuple = args.count == 0 && name_is(name->name, "tuple");
    if (tuple || (args.count == 0 && name_is(name->name, "map"))) {
        AstNode *node = ast_new(ps->arena, tuple ? AST_TYPE_TUPLE : AST_TYPE_MAP, span);
        node->type_items.any = true;
        return build_done(ps, node);
    }
    AstNode *node = ast_new(ps->arena, AST_TYPE_NAMED, span);
    node->type_named.name = name;
    node->type_named.args = args;
    return build_done(ps, node);
}

AstNode *build_type_call(Parser *ps, SourceSpan span, const char *name, AstList args)
{
    AstNode *atom = ast_atom(ps->arena, span, name_intern_text(&ps->cx->names, name));
    return build_type_named(ps, span, atom, args);
}

AstNode *build_type_remote(Parser *ps, SourceSpan span, AstNode *module, AstNode *name,
                           AstList args)
{
    AstNode *node = ast_new(ps->arena, AST_TYPE_REMOTE, span);
    node->type_remote.module = module;
    node->type_remote.name = name;
    node->type_remote.args = args;
    return build_done(ps, node);
}

/* The members of a union as a list: those of a union inside stand in its place (of one on the left,
 * which was written in parentheses, they do not: as in Erlang). */
static AstBuilder add_members(Parser *ps, AstBuilder list, AstNode *type)
{
    if (type->kind != AST_TYPE_UNION) {
        return build_more(ps, list, type);
    }
    for (uint32_t i = 0; i < type->items.count; i++) {
        list = build_more(ps, list, type->items.items[i]);
    }
    return list;
}

AstNode *build_type_union(Parser *ps, SourceSpan span, AstNode *left, AstNode *right)
{
    AstBuilder list = build_first(ps, left);
    return build_items(ps, AST_TYPE_UNION, span, build_list(ps, add_members(ps, list, right)));
}

AstNode *build_type_items(Parser *ps, AstKind kind, SourceSpan span, AstList items)
{
    AstNode *node = ast_new(ps->arena, kind, span);
    node->type_items.items = items;
    return build_done(ps, node);
}

AstNode *build_type_record(Parser *ps, SourceSpan span, AstNode *name, AstList fields)
{
    AstNode *node = ast_new(ps->arena, AST_TYPE_RECORD, span);
    node->type_record.name = name;
    node->type_record.fields = fields;
    return build_done(ps, node);
}

AstNode *build_type_fun(Parser *ps, SourceSpan span, bool any, bool any_args, AstList args,
                        AstNode *result)
{
    AstNode *node = ast_new(ps->arena, AST_TYPE_FUN, span);
    node->type_fun.any = any;
    node->type_fun.any_args = any_args;
    node->type_fun.args = args;
    node->type_fun.result = result;
    return build_done(ps, node);
}

AstNode *build_type_bounded(Parser *ps, SourceSpan span, AstNode *fun, AstList constraints)
{
    AstNode *node = ast_new(ps->arena, AST_TYPE_BOUNDED, span);
    node->type_bounded.fun = fun;
    node->type_bounded.constraints = constraints;
    return build_done(ps, node);
}

AstNode *build_type_is_subtype(Parser *ps, SourceSpan span, AstNode *name, AstList args)
{
    if (!name_is(name->name, "is_subtype") || args.count != 2) {
        bad_type(ps, span, "a constraint is written Variable :: Type");
        return ast_new(ps->arena, AST_ERROR, span);
    }
    return build_pair(ps, AST_TYPE_CONSTRAINT, span, args.items[0], args.items[1]);
}

/* The N of `_:_*N`, or NULL when element is a `_:M`. */
static AstNode *unit_of(const AstNode *element)
{
    const AstNode *size = element->pair.right;
    bool unit = size->kind == AST_BINARY && size->binary.op == AST_OP_TIMES &&
                size->binary.left->kind == AST_VAR;
    return unit ? size->binary.right : NULL;
}

static AstNode *zero(Parser *ps, SourceSpan span)
{
    return ast_integer(ps->arena, span, 0);
}

AstNode *build_type_binary(Parser *ps, SourceSpan span, AstNode *first, AstNode *second)
{
    AstNode *base = NULL;
    AstNode *unit = NULL;
    AstNode *parts[2] = {first, second};
    for (int i = 0; i < 2; i++) {
        AstNode *part = parts[i];
        if (part == NULL) {
            continue;
        }
        AstNode *part_unit = unit_of(part);
        bool repeated = part_unit != NULL ? unit != NULL : base != NULL || unit != NULL;
        if (repeated || !ast_is_underscore(part->pair.left) ||
            (part_unit != NULL && !ast_is_underscore(part->pair.right->binary.left))) {
            bad_type(ps, part->span,
                     "a binary type is written <<_:M>>, <<_:_*N>> or <<_:M, _:_*N>>");
        }
        if (part_unit != NULL) {
            unit = part_unit;
        } else {
            base = part->pair.right;
        }
    }
    return build_pair(ps, AST_TYPE_BINARY, span, base == NULL ? zero(ps, span) : base,
                      unit == NULL ? zero(ps, span) : unit);
}
