/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/core/desugar_record.c: records are tuples. Evaluation order is Erlang's: a construction
 * evaluates its fields in the order of the definition, an update the new values before the record.
 */
#include "compiler/core/desugar.h"
#include <string.h>

const Record *desugar_record_find(Desugar *b, const AstNode *name)
{
    for (size_t i = 0; i < b->records.count; i++) {
        if (b->records.items[i].name == name->name) {
            return &b->records.items[i];
        }
    }
    return NULL;
}

static const Record *find(Desugar *b, const AstNode *name)
{
    const Record *record = desugar_record_find(b, name);
    if (record == NULL) {
        desugar_error(b, name->span, "record '%s' is undefined", name->name->text);
    }
    return record;
}

/* The 0-based place of a field in the tuple; 0 when there is none. */
static uint32_t field_index(const Record *record, const Name *field)
{
    for (uint32_t i = 0; i < record->fields.count; i++) {
        if (record->fields.items[i]->record_def.name->name == field) {
            return i + 1;
        }
    }
    return 0;
}

static uint32_t find_field(Desugar *b, const Record *record, const AstNode *field)
{
    uint32_t index = field_index(record, field->name);
    if (index == 0) {
        desugar_error(b, field->span, "record '%s' has no field '%s'", record->name->text,
                      field->name->text);
    }
    return index;
}

/* The last `_ = value` of a construction or pattern. */
static const AstNode *others(AstList fields)
{
    const AstNode *value = NULL;
    for (uint32_t i = 0; i < fields.count; i++) {
        if (fields.items[i]->pair.left->kind == AST_VAR) {
            value = fields.items[i]->pair.right;
        }
    }
    return value;
}

/* The value written for each field; NULL where none is. */
static const AstNode **assigned(Desugar *b, const Record *record, AstList fields)
{
    const AstNode **values = ARENA_ARRAY(b->arena, const AstNode *, record->fields.count + 2);
    for (uint32_t i = 0; i < fields.count; i++) {
        const AstNode *field = fields.items[i]->pair.left;
        if (field->kind == AST_ATOM) {
            values[find_field(b, record, field)] = fields.items[i]->pair.right;
        }
    }
    return values;
}

static CoreNode *construct(Desugar *b, const AstNode *node, const Record *record)
{
    CoreLine line = desugar_line(b, node->span);
    uint32_t count = record->fields.count;
    const AstNode **values = assigned(b, record, node->record.fields);
    const AstNode *rest = others(node->record.fields);
    CoreList items = core_list_new(b->arena, count + 1);
    items.items[0] = core_literal(b->arena, line, desugar_atom(b, record->name));
    for (uint32_t i = 0; i < count; i++) {
        const AstNode *value = values[i + 1];
        value = value != NULL  ? value
                : rest != NULL ? rest
                               : record->fields.items[i]->record_def.value;
        items.items[i + 1] = value != NULL
                                 ? desugar_expr(b, value)
                                 : core_literal(b->arena, line, desugar_atom_text(b, "undefined"));
    }
    return desugar_tuple(b, line, items);
}

static CoreNode *record_node(Desugar *b, CoreKind kind, CoreLine line, CoreNode *base,
                             const Record *record)
{
    CoreNode *node = core_new(b->arena, kind, line);
    node->record.base = base;
    node->record.tag = desugar_atom(b, record->name);
    node->record.size = record->fields.count + 1;
    return node;
}

/* Holds a value that is evaluated now and used later. */
static CoreNode *hold(Desugar *b, CoreNode *value, CoreNode **block, uint32_t *count)
{
    if (core_is_simple(value)) {
        return value;
    }
    CoreNode *let = core_new(b->arena, CORE_LET, value->line);
    let->let.value = value;
    let->let.var = desugar_var_new(b);
    block[(*count)++] = let;
    return desugar_use(b, value->line, let->let.var);
}

static CoreNode *update(Desugar *b, const AstNode *node, const Record *record)
{
    CoreLine line = desugar_node_line(b, node);
    AstList fields = node->record.fields;
    CoreList block = core_list_new(b->arena, fields.count + 1);
    uint32_t held = 0;
    CoreNode *put = record_node(b, CORE_RECORD_PUT, line, NULL, record);
    put->record.indices = ARENA_ARRAY(b->arena, uint32_t, fields.count + 1);
    put->record.values = ARENA_ARRAY(b->arena, CoreNode *, fields.count + 1);
    put->record.count = fields.count;
    for (uint32_t i = 0; i < fields.count; i++) {
        CoreNode *value = desugar_expr(b, fields.items[i]->pair.right);
        put->record.indices[i] = find_field(b, record, fields.items[i]->pair.left);
        put->record.values[i] = hold(b, value, block.items, &held);
    }
    put->record.base = desugar_expr(b, node->record.base);
    if (held == 0) {
        return put;
    }
    block.items[held] = put;
    block.count = held + 1;
    CoreNode *all = core_new(b->arena, CORE_BLOCK, line);
    all->items = block;
    return all;
}

CoreNode *desugar_record(Desugar *b, const AstNode *node)
{
    const Record *record = find(b, node->record.name);
    if (record == NULL) {
        return core_literal(b->arena, desugar_line(b, node->span), konst_nil(b->arena));
    }
    return node->record.base == NULL ? construct(b, node, record) : update(b, node, record);
}

CoreNode *desugar_record_index(Desugar *b, const AstNode *node)
{
    const Record *record = find(b, node->record_field.name);
    uint32_t index = record == NULL ? 0 : find_field(b, record, node->record_field.field);
    return core_literal(b->arena, desugar_line(b, node->span),
                        konst_int(b->arena, (int64_t)index + 1));
}

CoreNode *desugar_record_get(Desugar *b, const AstNode *node)
{
    CoreLine line = desugar_node_line(b, node);
    const Record *record = find(b, node->record_field.name);
    CoreNode *base = desugar_expr(b, node->record_field.base);
    if (record == NULL) {
        return base;
    }
    CoreNode *get = record_node(b, CORE_RECORD_GET, line, base, record);
    get->record.index = find_field(b, record, node->record_field.field);
    return get;
}

CorePattern *desugar_record_pattern(Desugar *b, const AstNode *node, bool fresh, uint32_t mark)
{
    const Record *record = find(b, node->record.name);
    CorePattern *pattern = core_pattern_new(b->arena, CORE_P_TUPLE);
    if (record == NULL) {
        return core_pattern_new(b->arena, CORE_P_ANY);
    }
    const AstNode **values = assigned(b, record, node->record.fields);
    const AstNode *rest = others(node->record.fields);
    uint32_t count = record->fields.count + 1;
    pattern->list.items = ARENA_ARRAY(b->arena, CorePattern *, count);
    pattern->list.count = count;
    pattern->list.items[0] = core_pattern_new(b->arena, CORE_P_LITERAL);
    pattern->list.items[0]->konst = desugar_atom(b, record->name);
    for (uint32_t i = 1; i < count; i++) {
        const AstNode *value = values[i] != NULL ? values[i] : rest;
        pattern->list.items[i] = value != NULL ? desugar_pattern(b, value, fresh, mark)
                                               : core_pattern_new(b->arena, CORE_P_ANY);
    }
    return pattern;
}

CoreNode *desugar_record_test(Desugar *b, CoreLine line, CoreNode *value, const Konst *tag,
                              uint32_t size)
{
    CoreNode *test = core_new(b->arena, CORE_RECORD_TEST, line);
    test->record.base = value;
    test->record.tag = tag;
    test->record.size = size;
    return test;
}

/* record_info(size, r), record_info(fields, r); NULL when it is neither. */
CoreNode *desugar_record_info(Desugar *b, const AstNode *node)
{
    const AstNode *what = node->call.args.items[0];
    const AstNode *name = node->call.args.items[1];
    if (what->kind != AST_ATOM || name->kind != AST_ATOM) {
        return NULL;
    }
    CoreLine line = desugar_line(b, node->span);
    const Record *record = find(b, name);
    if (record == NULL) {
        return NULL;
    }
    if (name_is(what->name, "size")) {
        return core_literal(b->arena, line, konst_int(b->arena, (int64_t)record->fields.count + 1));
    }
    CoreList items = core_list_new(b->arena, record->fields.count);
    for (uint32_t i = 0; i < items.count; i++) {
        const Name *field = record->fields.items[i]->record_def.name->name;
        items.items[i] = core_literal(b->arena, line, desugar_atom(b, field));
    }
    return desugar_cons(b, line, items, core_literal(b->arena, line, konst_nil(b->arena)));
}
