/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/forms/abstract_read_type.c: types; see abstract_read.h. */
#include "compiler/forms/abstract_reader.h"

/* {type, _, tuple | map, any} and {type, _, tuple | map, [T]} */
static AstNode *read_type_items(Reader *r, const ReadHead *head, AstKind kind)
{
    AstNode *node = read_new(r, head, kind);
    EtfItem item = etf_peek(r->in);
    node->type_items.any = etf_is_atom(&item, "any");
    if (node->type_items.any) {
        etf_read(r->in);
    } else {
        node->type_items.items = read_list(r, head->span);
    }
    return node;
}

AstNode *read_two(Reader *r, const ReadHead *head, AstKind kind)
{
    AstList parts = read_list(r, head->span);
    if (parts.count != 2) {
        return read_bad(r, head->span, "two types are missing");
    }
    AstNode *node = read_new(r, head, kind);
    node->pair.left = parts.items[0];
    node->pair.right = parts.items[1];
    return node;
}

static AstNode *read_type_record(Reader *r, const ReadHead *head)
{
    AstList parts = read_list(r, head->span);
    if (parts.count == 0 || parts.items[0]->kind != AST_ATOM) {
        return read_bad(r, head->span, "a record type has no name");
    }
    AstNode *node = read_new(r, head, AST_TYPE_RECORD);
    node->type_record.name = parts.items[0];
    node->type_record.fields = (AstList){parts.items + 1, parts.count - 1};
    return node;
}

/* {type, _, product, [T]} or {type, _, any}: the arguments of a fun; any is told by *any. */
static AstList read_fun_args(Reader *r, SourceSpan span, bool *any)
{
    ReadHead head;
    if (!read_head(r, &head)) {
        return (AstList){NULL, 0};
    }
    const Name *name = read_name(r, span);
    *any = name_is(name, "any") && head.rest == 1;
    if (*any) {
        return (AstList){NULL, 0};
    }
    if (!name_is(name, "product") || head.rest != 2) {
        read_bad(r, span, "the arguments of a fun type are missing");
    }
    return read_list(r, span);
}

static AstNode *read_type_fun(Reader *r, const ReadHead *head)
{
    AstNode *node = read_new(r, head, AST_TYPE_FUN);
    uint32_t count;
    bool list = etf_list_begin(r->in, &count);
    if (!list || (count != 0 && count != 2)) {
        return read_bad(r, head->span, "the parts of a fun type are missing");
    }
    node->type_fun.any = count == 0;
    if (count == 2) {
        node->type_fun.args = read_fun_args(r, head->span, &node->type_fun.any_args);
        node->type_fun.result = read_node(r);
    }
    etf_list_end(r->in, count);
    return node;
}

static AstNode *read_type_bounded(Reader *r, const ReadHead *head)
{
    AstNode *node = read_new(r, head, AST_TYPE_BOUNDED);
    uint32_t count;
    if (!etf_list_begin(r->in, &count) || count != 2) {
        return read_bad(r, head->span, "the parts of a bounded fun type are missing");
    }
    node->type_bounded.fun = read_node(r);
    node->type_bounded.constraints = read_list(r, head->span);
    etf_list_end(r->in, count);
    return node->type_bounded.fun->kind == AST_TYPE_FUN
               ? node
               : read_bad(r, head->span, "a bounded fun type has no fun");
}

/* [{atom, _, is_subtype}, [Var, Type]] */
static AstNode *read_type_constraint(Reader *r, const ReadHead *head)
{
    uint32_t count;
    if (!etf_list_begin(r->in, &count) || count != 2) {
        return read_bad(r, head->span, "the parts of a constraint are missing");
    }
    read_node(r);
    AstNode *node = read_two(r, head, AST_TYPE_CONSTRAINT);
    etf_list_end(r->in, count);
    return node;
}

static AstNode *read_type_named(Reader *r, const ReadHead *head, const Name *name)
{
    AstNode *node = read_new(r, head, AST_TYPE_NAMED);
    node->type_named.name = ast_atom(r->arena, head->span, name);
    node->type_named.args = read_list(r, head->span);
    return node;
}

typedef struct {
    const char *name;
    AstKind kind;
    AstNode *(*read)(Reader *r, const ReadHead *head);
} TypeRow;

static const TypeRow special[] = {
    {"record", AST_TYPE_RECORD, read_type_record},
    {"fun", AST_TYPE_FUN, read_type_fun},
    {"bounded_fun", AST_TYPE_BOUNDED, read_type_bounded},
    {"constraint", AST_TYPE_CONSTRAINT, read_type_constraint},
};

static const TypeRow pairs[] = {
    {"range", AST_TYPE_RANGE, NULL},
    {"map_field_assoc", AST_TYPE_MAP_ASSOC, NULL},
    {"map_field_exact", AST_TYPE_MAP_EXACT, NULL},
    {"field_type", AST_TYPE_FIELD, NULL},
    {"binary", AST_TYPE_BINARY, NULL},
};

/* {type, _, Name, Parts} */
static AstNode *read_type_by_name(Reader *r, const ReadHead *head)
{
    const Name *name = read_name(r, head->span);
    if (name_is(name, "union")) {
        AstNode *node = read_new(r, head, AST_TYPE_UNION);
        node->items = read_list(r, head->span);
        return node->items.count > 0 ? node : read_bad(r, head->span, "a union has no members");
    }
    if (name_is(name, "tuple") || name_is(name, "map")) {
        return read_type_items(r, head, name_is(name, "map") ? AST_TYPE_MAP : AST_TYPE_TUPLE);
    }
    for (size_t i = 0; i < ACT_COUNT(special); i++) {
        if (name_is(name, special[i].name)) {
            return special[i].read(r, head);
        }
    }
    EtfItem parts = etf_peek(r->in);
    for (size_t i = 0; i < ACT_COUNT(pairs); i++) {
        bool bare = pairs[i].kind == AST_TYPE_BINARY && parts.kind == ETF_NIL; /* binary() */
        if (name_is(name, pairs[i].name) && !bare) {
            return read_two(r, head, pairs[i].kind);
        }
    }
    return read_type_named(r, head, name);
}

/* {remote_type, _, [Module, Name, Args]} */
static AstNode *read_type_remote(Reader *r, const ReadHead *head)
{
    AstNode *node = read_new(r, head, AST_TYPE_REMOTE);
    uint32_t count;
    if (!etf_list_begin(r->in, &count) || count != 3) {
        return read_bad(r, head->span, "the parts of a remote type are missing");
    }
    node->type_remote.module = read_node(r);
    node->type_remote.name = read_node(r);
    node->type_remote.args = read_list(r, head->span);
    etf_list_end(r->in, count);
    return node;
}

AstNode *read_type(Reader *r, const ReadHead *head)
{
    if (name_is(head->tag, "type") && head->rest == 2) {
        return read_type_by_name(r, head);
    }
    if (name_is(head->tag, "user_type") && head->rest == 2) {
        return read_type_named(r, head, read_name(r, head->span));
    }
    if (name_is(head->tag, "remote_type") && head->rest == 1) {
        return read_type_remote(r, head);
    }
    if (name_is(head->tag, "ann_type") && head->rest == 1) {
        return read_two(r, head, AST_TYPE_ANN);
    }
    if (name_is(head->tag, "paren_type") && head->rest == 1) {
        AstList one = read_list(r, head->span);
        return one.count == 1 ? one.items[0] : read_bad(r, head->span, "one type is missing");
    }
    return NULL;
}
