/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/forms/abstract_write.c: expressions and patterns; see abstract_write.h. */
#include "compiler/forms/abstract_writer.h"
#include <string.h>

void abstract_write_anno(AbstractWriter *w, SourceSpan span)
{
    if (w->places != NULL && span.file == w->places->file && span.start < w->places->annos.count) {
        PlaceBytes bytes = w->places->annos.items[span.start];
        etf_raw(w->out, w->places->bytes + bytes.at, bytes.length);
        return;
    }
    SourcePlace place = source_logical_place(w->sources, places_of_macro(w->sources, span));
    if (w->columns) {
        etf_tuple(w->out, 2);
    }
    etf_int(w->out, place.line);
    if (w->columns) {
        etf_int(w->out, place.column);
    }
}

void write_head(AbstractWriter *w, uint32_t arity, const char *tag, SourceSpan at)
{
    etf_tuple(w->out, arity);
    etf_atom(w->out, tag);
    abstract_write_anno(w, at);
}

void write_name(AbstractWriter *w, const Name *name)
{
    etf_atom_bytes(w->out, name->text, name->length);
}

void write_integer(AbstractWriter *w, const AstNode *node)
{
    if (node->integer.digits != NULL) {
        etf_digits(w->out, node->integer.digits, node->integer.base);
    } else {
        etf_int(w->out, node->integer.small);
    }
}

SourceSpan write_first(const AstNode *node)
{
    for (;;) {
        const AstNode *left = NULL;
        switch (node->kind) {
        case AST_MATCH:
        case AST_REMOTE:
        case AST_MAP_ASSOC:
        case AST_MAP_EXACT:
        case AST_GENERATE:
        case AST_BIN_GENERATE:
        case AST_MAP_GENERATE:
        case AST_MAYBE_MATCH:
        case AST_TYPE_RANGE:
        case AST_TYPE_MAP_ASSOC:
        case AST_TYPE_MAP_EXACT:
            left = node->pair.left;
            break;
        case AST_BINARY:
            left = node->binary.left;
            break;
        case AST_CALL:
            left = node->call.target;
            break;
        case AST_MAP:
            left = node->map.base;
            break;
        case AST_RECORD:
            left = node->record.base;
            break;
        case AST_RECORD_FIELD:
            left = node->record_field.base;
            break;
        case AST_TYPE_UNION:
            left = node->items.items[0];
            break;
        case AST_BIN_ELEMENT:
            left = node->bin_element.value;
            break;
        default:
            break;
        }
        if (left == NULL) {
            return node->span;
        }
        node = left;
    }
}

void abstract_write_list(AbstractWriter *w, AstList list)
{
    etf_list(w->out, list.count);
    for (uint32_t i = 0; i < list.count; i++) {
        abstract_write(w, list.items[i]);
    }
    etf_nil(w->out);
}

static void tagged_list(AbstractWriter *w, const char *tag, SourceSpan at, AstList items)
{
    write_head(w, 3, tag, at);
    abstract_write_list(w, items);
}

static void tagged_pair(AbstractWriter *w, const char *tag, const AstNode *node)
{
    bool first = node->kind == AST_MATCH || node->pair.op_span.file == 0;
    write_head(w, 4, tag, first ? write_first(node) : node->pair.op_span);
    abstract_write(w, node->pair.left);
    abstract_write(w, node->pair.right);
}

static void write_cons(AbstractWriter *w, const AstNode *node)
{
    AstList items = node->list.items;
    for (uint32_t i = 0; i < items.count; i++) {
        write_head(w, 4, "cons", i == 0 ? node->span : write_first(items.items[i]));
        abstract_write(w, items.items[i]);
    }
    if (node->list.tail != NULL) {
        abstract_write(w, node->list.tail);
    } else {
        write_head(w, 2, "nil", node->list.close.file != 0 ? node->list.close : node->span);
    }
}

static void write_bin_element(AbstractWriter *w, const AstNode *node)
{
    write_head(w, 5, "bin_element", write_first(node));
    abstract_write(w, node->bin_element.value);
    if (node->bin_element.size == NULL) {
        etf_atom(w->out, "default");
    } else {
        abstract_write(w, node->bin_element.size);
    }
    if (node->bin_element.type_count == 0) {
        etf_atom(w->out, "default");
        return;
    }
    etf_list(w->out, node->bin_element.type_count);
    for (uint32_t i = 0; i < node->bin_element.type_count; i++) {
        const AstBinType *type = &node->bin_element.types[i];
        if (type->value != NULL) {
            etf_tuple(w->out, 2);
        }
        write_name(w, type->name);
        if (type->value != NULL) {
            write_integer(w, type->value);
        }
    }
    etf_nil(w->out);
}

static void write_map(AbstractWriter *w, const AstNode *node)
{
    write_head(w, node->map.base != NULL ? 4 : 3, "map", node->map.hash);
    if (node->map.base != NULL) {
        abstract_write(w, node->map.base);
    }
    abstract_write_list(w, node->map.fields);
}

static void write_record(AbstractWriter *w, const AstNode *node)
{
    write_head(w, node->record.base != NULL ? 5 : 4, "record", node->record.hash);
    if (node->record.base != NULL) {
        abstract_write(w, node->record.base);
    }
    write_name(w, node->record.name->name);
    abstract_write_list(w, node->record.fields);
}

static void write_record_field(AbstractWriter *w, const AstNode *node)
{
    bool index = node->kind == AST_RECORD_INDEX;
    write_head(w, index ? 4 : 5, index ? "record_index" : "record_field", node->record_field.hash);
    if (!index) {
        abstract_write(w, node->record_field.base);
    }
    write_name(w, node->record_field.name->name);
    abstract_write(w, node->record_field.field);
}

static void write_guards(AbstractWriter *w, AstList guards)
{
    etf_list(w->out, guards.count);
    for (uint32_t i = 0; i < guards.count; i++) {
        abstract_write_list(w, guards.items[i]->items);
    }
    etf_nil(w->out);
}

static void write_clause(AbstractWriter *w, const AstNode *node, SourceSpan at)
{
    write_head(w, 5, "clause", at);
    abstract_write_list(w, node->clause.patterns);
    write_guards(w, node->clause.guards);
    abstract_write_list(w, node->clause.body);
}

/* Of functions and funs, which begin with a name or a parenthesis of their own. */
void write_clauses(AbstractWriter *w, AstList clauses)
{
    etf_list(w->out, clauses.count);
    for (uint32_t i = 0; i < clauses.count; i++) {
        write_clause(w, clauses.items[i], clauses.items[i]->span);
    }
    etf_nil(w->out);
}

/* Of case, if, receive, of and else: they stand where their pattern or guard begins. */
static void write_choices(AbstractWriter *w, AstList clauses)
{
    etf_list(w->out, clauses.count);
    for (uint32_t i = 0; i < clauses.count; i++) {
        const AstNode *clause = clauses.items[i];
        AstList first = clause->clause.patterns.count > 0 ? clause->clause.patterns
                                                          : clause->clause.guards.items[0]->items;
        write_clause(w, clause, write_first(first.items[0]));
    }
    etf_nil(w->out);
}

static void take_last(AstNode *node, void *context)
{
    SourceSpan *last = context;
    SourceSpan at = node->span;
    if (node->kind == AST_LIST && node->list.tail == NULL && node->list.close.start > at.start) {
        at = node->list.close;
    }
    if (at.start > last->start && at.file == last->file) {
        *last = at;
    }
    ast_each_child(node, take_last, last);
}

/* Class, reason and stack. A stack that is not written stands where the reason's last token does.
 */
static void write_catch_head(AbstractWriter *w, AstList patterns, SourceSpan at)
{
    const AstNode *reason = patterns.items[1];
    const AstNode *stack = patterns.items[2];
    write_head(w, 3, "tuple", at);
    etf_list(w->out, 3);
    abstract_write(w, patterns.items[0]);
    abstract_write(w, reason);
    SourceSpan last = stack->span;
    if (ast_is_underscore(stack) && last.start == reason->span.start) {
        last = write_first(reason);
        take_last((AstNode *)reason, &last);
    }
    write_head(w, 3, "var", last);
    write_name(w, stack->name);
    etf_nil(w->out);
}

static void write_catches(AbstractWriter *w, AstList catches)
{
    etf_list(w->out, catches.count);
    for (uint32_t i = 0; i < catches.count; i++) {
        const AstNode *clause = catches.items[i];
        SourceSpan at = write_first(clause->clause.patterns.items[0]);
        write_head(w, 5, "clause", at);
        etf_list(w->out, 1);
        write_catch_head(w, clause->clause.patterns, at);
        etf_nil(w->out);
        write_guards(w, clause->clause.guards);
        abstract_write_list(w, clause->clause.body);
    }
    etf_nil(w->out);
}

static void write_try(AbstractWriter *w, const AstNode *node)
{
    write_head(w, 6, "try", node->span);
    abstract_write_list(w, node->try_.body);
    write_choices(w, node->try_.clauses);
    write_catches(w, node->try_.catches);
    abstract_write_list(w, node->try_.after_body);
}

static void write_receive(AbstractWriter *w, const AstNode *node)
{
    write_head(w, node->receive.timeout != NULL ? 5 : 3, "receive", node->span);
    write_choices(w, node->receive.clauses);
    if (node->receive.timeout != NULL) {
        abstract_write(w, node->receive.timeout);
        abstract_write_list(w, node->receive.after_body);
    }
}

static void write_maybe(AbstractWriter *w, const AstNode *node)
{
    bool has_else = node->maybe.else_clauses.count > 0;
    write_head(w, has_else ? 4 : 3, "maybe", node->span);
    abstract_write_list(w, node->maybe.body);
    if (has_else) {
        write_head(w, 3, "else", node->maybe.else_span);
        write_choices(w, node->maybe.else_clauses);
    }
}

static void write_fun(AbstractWriter *w, const AstNode *node)
{
    if (node->fun.var != NULL) {
        write_head(w, 4, "named_fun", node->span);
        write_name(w, node->fun.var->name);
    } else {
        write_head(w, 3, "fun", node->span);
        etf_tuple(w->out, 2);
        etf_atom(w->out, "clauses");
    }
    write_clauses(w, node->fun.clauses);
}

static void write_fun_name(AbstractWriter *w, const AstNode *node)
{
    write_head(w, 3, "fun", node->span);
    bool remote = node->kind == AST_FUN_REMOTE;
    etf_tuple(w->out, remote ? 4 : 3);
    etf_atom(w->out, "function");
    if (remote) {
        abstract_write(w, node->fun_remote.module);
        abstract_write(w, node->fun_remote.function);
        abstract_write(w, node->fun_remote.arity);
    } else {
        write_name(w, node->name_arity.name->name);
        etf_int(w->out, node->name_arity.arity);
    }
}

static void write_comprehension(AbstractWriter *w, const char *tag, const AstNode *node)
{
    write_head(w, 4, tag, node->span);
    abstract_write(w, node->comprehension.element);
    abstract_write_list(w, node->comprehension.qualifiers);
}

static void write_leaf(AbstractWriter *w, const AstNode *node)
{
    static const char *const tags[] = {"atom", "var", "integer", "float", "char", "string"};
    write_head(w, 3, tags[node->kind], node->span);
    switch (node->kind) {
    case AST_ATOM:
    case AST_VAR:
        write_name(w, node->name);
        break;
    case AST_INTEGER:
        write_integer(w, node);
        break;
    case AST_FLOAT:
        etf_float(w->out, node->number);
        break;
    case AST_CHAR:
        etf_int(w->out, node->character);
        break;
    default:
        etf_points(w->out, node->string.points, node->string.count);
        break;
    }
}

static void write_op(AbstractWriter *w, const AstNode *node)
{
    bool unary = node->kind == AST_UNARY;
    write_head(w, unary ? 4 : 5, "op", unary ? node->span : node->binary.op_span);
    etf_atom(w->out, ast_op_text(unary ? node->unary.op : node->binary.op));
    if (unary) {
        abstract_write(w, node->unary.operand);
    } else {
        abstract_write(w, node->binary.left);
        abstract_write(w, node->binary.right);
    }
}

static void write_control(AbstractWriter *w, const AstNode *node)
{
    switch (node->kind) {
    case AST_CATCH:
        write_head(w, 3, "catch", node->span);
        abstract_write(w, node->one);
        break;
    case AST_BLOCK:
        tagged_list(w, "block", node->span, node->items);
        break;
    case AST_IF:
        write_head(w, 3, "if", node->span);
        write_choices(w, node->items);
        break;
    case AST_CASE:
        write_head(w, 4, "case", node->span);
        abstract_write(w, node->choice.subject);
        write_choices(w, node->choice.clauses);
        break;
    case AST_RECEIVE:
        write_receive(w, node);
        break;
    case AST_TRY:
        write_try(w, node);
        break;
    case AST_MAYBE:
        write_maybe(w, node);
        break;
    case AST_CALL:
        write_head(w, 4, "call", write_first(node));
        abstract_write(w, node->call.target);
        abstract_write_list(w, node->call.args);
        break;
    case AST_FUN_LOCAL:
    case AST_FUN_REMOTE:
        write_fun_name(w, node);
        break;
    case AST_FUN:
        write_fun(w, node);
        break;
    case AST_LIST_COMP:
        write_comprehension(w, "lc", node);
        break;
    case AST_BIN_COMP:
        write_comprehension(w, "bc", node);
        break;
    case AST_MAP_COMP:
        write_comprehension(w, "mc", node);
        break;
    default:
        if (!write_type(w, node)) {
            write_form(w, node);
        }
        break;
    }
}

/* The tag of kinds that are {tag, Anno, Left, Right}, else NULL. */
static const char *pair_tag(const AstNode *node)
{
    switch (node->kind) {
    case AST_MAP_ASSOC:
        return "map_field_assoc";
    case AST_MAP_EXACT:
        return "map_field_exact";
    case AST_RECORD_ASSIGN:
        return "record_field";
    case AST_MATCH:
        return "match";
    case AST_MAYBE_MATCH:
        return "maybe_match";
    case AST_REMOTE:
        return "remote";
    case AST_GENERATE:
        return "generate";
    case AST_BIN_GENERATE:
        return "b_generate";
    case AST_MAP_GENERATE:
        return "m_generate";
    default:
        return NULL;
    }
}

void abstract_write(AbstractWriter *w, const AstNode *node)
{
    switch (node->kind) {
    case AST_ATOM:
    case AST_VAR:
    case AST_INTEGER:
    case AST_FLOAT:
    case AST_CHAR:
    case AST_STRING:
        write_leaf(w, node);
        return;
    case AST_LIST:
        write_cons(w, node);
        return;
    case AST_TUPLE:
        tagged_list(w, "tuple", node->span, node->items);
        return;
    case AST_BIN:
        tagged_list(w, "bin", node->span, node->items);
        return;
    case AST_BIN_ELEMENT:
        write_bin_element(w, node);
        return;
    case AST_MAP:
        write_map(w, node);
        return;
    case AST_RECORD:
        write_record(w, node);
        return;
    case AST_RECORD_INDEX:
    case AST_RECORD_FIELD:
        write_record_field(w, node);
        return;
    case AST_UNARY:
    case AST_BINARY:
        write_op(w, node);
        return;
    default:
        break;
    }
    const char *tag = pair_tag(node);
    if (tag != NULL) {
        tagged_pair(w, tag, node);
    } else {
        write_control(w, node);
    }
}
