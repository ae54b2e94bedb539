/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/forms/abstract_write_type.c: types; see abstract_write.h. */
#include "compiler/forms/abstract_writer.h"
#include "compiler/syntax/type_names.h"

static void type_head(AbstractWriter *w, const char *name, SourceSpan at)
{
    write_head(w, 4, "type", at);
    etf_atom(w->out, name);
}

static void type_list(AbstractWriter *w, const char *name, SourceSpan at, AstList args)
{
    type_head(w, name, at);
    abstract_write_list(w, args);
}

static void type_pair(AbstractWriter *w, const char *name, const AstNode *node, SourceSpan at)
{
    AstNode *parts[2] = {node->pair.left, node->pair.right};
    type_list(w, name, at, (AstList){parts, 2});
}

static SourceSpan op_of(const AstNode *node)
{
    return node->pair.op_span.file != 0 ? node->pair.op_span : node->span;
}

static void type_named(AbstractWriter *w, const AstNode *node)
{
    const Name *name = node->type_named.name->name;
    bool builtin = type_is_builtin(name->text, node->type_named.args.count);
    write_head(w, 4, builtin ? "type" : "user_type", node->span);
    write_name(w, name);
    abstract_write_list(w, node->type_named.args);
}

static void type_fun(AbstractWriter *w, const AstNode *node)
{
    type_head(w, "fun", node->span);
    if (node->type_fun.any) {
        etf_nil(w->out);
        return;
    }
    etf_list(w->out, 2);
    if (node->type_fun.any_args) {
        write_head(w, 3, "type", node->span);
        etf_atom(w->out, "any");
    } else {
        type_list(w, "product", node->span, node->type_fun.args);
    }
    abstract_write(w, node->type_fun.result);
    etf_nil(w->out);
}

static void type_bounded(AbstractWriter *w, const AstNode *node)
{
    type_head(w, "bounded_fun", node->span);
    etf_list(w->out, 2);
    abstract_write(w, node->type_bounded.fun);
    abstract_write_list(w, node->type_bounded.constraints);
    etf_nil(w->out);
}

static void type_constraint(AbstractWriter *w, const AstNode *node)
{
    SourceSpan at = node->pair.left->span;
    type_head(w, "constraint", at);
    etf_list(w->out, 2);
    write_head(w, 3, "atom", at);
    etf_atom(w->out, "is_subtype");
    AstNode *parts[2] = {node->pair.left, node->pair.right};
    abstract_write_list(w, (AstList){parts, 2});
    etf_nil(w->out);
}

static void type_items(AbstractWriter *w, const char *name, const AstNode *node)
{
    type_head(w, name, node->span);
    if (node->type_items.any) {
        etf_atom(w->out, "any");
    } else {
        abstract_write_list(w, node->type_items.items);
    }
}

static void type_record(AbstractWriter *w, const AstNode *node)
{
    type_head(w, "record", node->span);
    etf_list(w->out, node->type_record.fields.count + 1);
    abstract_write(w, node->type_record.name);
    for (uint32_t i = 0; i < node->type_record.fields.count; i++) {
        abstract_write(w, node->type_record.fields.items[i]);
    }
    etf_nil(w->out);
}

static void type_remote(AbstractWriter *w, const AstNode *node)
{
    write_head(w, 3, "remote_type", node->span);
    etf_list(w->out, 3);
    abstract_write(w, node->type_remote.module);
    abstract_write(w, node->type_remote.name);
    abstract_write_list(w, node->type_remote.args);
    etf_nil(w->out);
}

static void type_ann(AbstractWriter *w, const AstNode *node)
{
    write_head(w, 3, "ann_type", node->span);
    etf_list(w->out, 2);
    abstract_write(w, node->pair.left);
    abstract_write(w, node->pair.right);
    etf_nil(w->out);
}

/* A size that was not written stands, by tradition, on the line alone. */
static void type_size(AbstractWriter *w, const AstNode *node, const AstNode *size)
{
    if (size->span.file == node->span.file && size->span.start == node->span.start) {
        etf_tuple(w->out, 3);
        etf_atom(w->out, "integer");
        etf_int(w->out, source_logical_place(w->sources, node->span).line);
        write_integer(w, size);
    } else {
        abstract_write(w, size);
    }
}

static void type_binary(AbstractWriter *w, const AstNode *node)
{
    type_head(w, "binary", node->span);
    etf_list(w->out, 2);
    type_size(w, node, node->pair.left);
    type_size(w, node, node->pair.right);
    etf_nil(w->out);
}

bool write_type(AbstractWriter *w, const AstNode *node)
{
    switch (node->kind) {
    case AST_TYPE_NAMED:
        type_named(w, node);
        return true;
    case AST_TYPE_REMOTE:
        type_remote(w, node);
        return true;
    case AST_TYPE_ANN:
        type_ann(w, node);
        return true;
    case AST_TYPE_UNION:
        type_list(w, "union", write_first(node), node->items);
        return true;
    case AST_TYPE_RANGE:
        type_pair(w, "range", node, write_first(node));
        return true;
    case AST_TYPE_TUPLE:
        type_items(w, "tuple", node);
        return true;
    case AST_TYPE_MAP:
        type_items(w, "map", node);
        return true;
    case AST_TYPE_MAP_ASSOC:
        type_pair(w, "map_field_assoc", node, op_of(node));
        return true;
    case AST_TYPE_MAP_EXACT:
        type_pair(w, "map_field_exact", node, op_of(node));
        return true;
    case AST_TYPE_RECORD:
        type_record(w, node);
        return true;
    case AST_TYPE_FIELD:
        type_pair(w, "field_type", node, node->span);
        return true;
    case AST_TYPE_BINARY:
        type_binary(w, node);
        return true;
    case AST_TYPE_FUN:
        type_fun(w, node);
        return true;
    case AST_TYPE_BOUNDED:
        type_bounded(w, node);
        return true;
    case AST_TYPE_CONSTRAINT:
        type_constraint(w, node);
        return true;
    default:
        return false;
    }
}
