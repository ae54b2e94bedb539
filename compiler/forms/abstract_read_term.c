/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/forms/abstract_read_term.c: terms as the expressions that make them; for attributes. */
#include "compiler/forms/abstract_reader.h"

static AstNode *read_terms(Reader *r, SourceSpan span, AstKind kind, uint32_t count)
{
    AstNode *node = ast_new(r->arena, kind, span);
    AstList list = {ARENA_ARRAY(r->arena, AstNode *, count + 1), count};
    for (uint32_t i = 0; i < count; i++) {
        list.items[i] = read_term(r, span);
    }
    if (kind == AST_TUPLE) {
        node->items = list;
        return node;
    }
    node->list.items = list;
    EtfItem tail = etf_peek(r->in);
    if (tail.kind == ETF_NIL) {
        etf_read(r->in);
    } else {
        node->list.tail = read_term(r, span);
    }
    return node;
}

static AstNode *read_string_term(Reader *r, SourceSpan span, EtfItem item)
{
    AstNode *node = ast_new(r->arena, AST_STRING, span);
    uint32_t *points = ARENA_ARRAY(r->arena, uint32_t, item.length + 1);
    for (size_t i = 0; i < item.length; i++) {
        points[i] = item.bytes[i];
    }
    node->string.points = points;
    node->string.count = (uint32_t)item.length;
    return node;
}

static AstNode *bin_element(Reader *r, SourceSpan span, int64_t value, unsigned bits)
{
    AstNode *element = ast_new(r->arena, AST_BIN_ELEMENT, span);
    element->bin_element.value = ast_integer(r->arena, span, value);
    element->bin_element.size = bits == 8 ? NULL : ast_integer(r->arena, span, bits);
    return ast_finish(element);
}

static AstNode *read_binary_term(Reader *r, SourceSpan span, EtfItem item)
{
    AstNode *node = ast_new(r->arena, AST_BIN, span);
    uint32_t count = (uint32_t)item.length;
    node->items = (AstList){ARENA_ARRAY(r->arena, AstNode *, count + 1), count};
    for (uint32_t i = 0; i < count; i++) {
        bool part = item.kind == ETF_BITS && i + 1 == count;
        unsigned bits = part ? item.tail_bits : 8;
        node->items.items[i] = bin_element(r, span, item.bytes[i] >> (8 - bits), bits);
    }
    return node;
}

static AstNode *read_map_term(Reader *r, SourceSpan span, uint32_t count)
{
    AstNode *node = ast_new(r->arena, AST_MAP, span);
    node->map.fields = (AstList){ARENA_ARRAY(r->arena, AstNode *, count + 1), count};
    for (uint32_t i = 0; i < count; i++) {
        AstNode *pair = ast_new(r->arena, AST_MAP_ASSOC, span);
        pair->pair.left = read_term(r, span);
        pair->pair.right = read_term(r, span);
        node->map.fields.items[i] = ast_finish(pair);
    }
    return node;
}

static AstNode *read_export_term(Reader *r, SourceSpan span)
{
    AstNode *node = ast_new(r->arena, AST_FUN_REMOTE, span);
    node->fun_remote.module = read_atom_node(r, span);
    node->fun_remote.function = read_atom_node(r, span);
    node->fun_remote.arity = ast_integer(r->arena, span, read_arity(r, span));
    return node;
}

static AstNode *read_any_term(Reader *r, SourceSpan span)
{
    EtfItem item = etf_peek(r->in);
    if (item.kind == ETF_ATOM) {
        return read_atom_node(r, span);
    }
    etf_read(r->in);
    switch (item.kind) {
    case ETF_INT:
    case ETF_BIG:
    case ETF_FLOAT:
        return read_number(r, span, item);
    case ETF_STRING:
        return read_string_term(r, span, item);
    case ETF_BINARY:
    case ETF_BITS:
        return read_binary_term(r, span, item);
    case ETF_NIL:
        return ast_new(r->arena, AST_LIST, span);
    case ETF_LIST:
    case ETF_TUPLE:
        return read_terms(r, span, item.kind == ETF_LIST ? AST_LIST : AST_TUPLE, item.count);
    case ETF_MAP:
        return read_map_term(r, span, item.count);
    case ETF_EXPORT:
        return read_export_term(r, span);
    default:
        return read_bad(r, span, "a term without notation");
    }
}

AstNode *read_term(Reader *r, SourceSpan span)
{
    if (r->bad || ++r->depth > AST_MAX_DEPTH) {
        etf_skip(r->in);
        return read_bad(r, span, "it is nested too deeply");
    }
    AstNode *node = ast_finish(read_any_term(r, span));
    r->depth--;
    return node;
}
