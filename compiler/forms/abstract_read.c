/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/forms/abstract_read.c: expressions and patterns; see abstract_read.h. One row for each
 * tag, one function for each shape. */
#include "compiler/forms/abstract_reader.h"
#include <string.h>

AstNode *read_bad(Reader *r, SourceSpan span, const char *what)
{
    if (!r->bad) {
        diag_report(&r->cx->diags, DIAG_E0036, span, what);
    }
    r->bad = true;
    return ast_new(r->arena, AST_ERROR, span);
}

const Name *read_name(Reader *r, SourceSpan span)
{
    EtfItem item = etf_read(r->in);
    if (item.kind != ETF_ATOM) {
        read_bad(r, span, "an atom is missing");
        return name_intern_text(&r->cx->names, "_");
    }
    size_t length;
    const char *text = etf_atom_text(r->arena, &item, &length);
    return name_intern(&r->cx->names, text, length);
}

bool read_head(Reader *r, ReadHead *head)
{
    SourceSpan nowhere = {r->places.file, 0, 0};
    EtfItem tuple = etf_peek(r->in);
    if (tuple.kind != ETF_TUPLE || tuple.count < 2) {
        etf_skip(r->in);
        read_bad(r, nowhere, "a tuple with an annotation is missing");
        return false;
    }
    etf_read(r->in);
    head->generated = false;
    head->tag = read_name(r, nowhere);
    head->span = places_read(&r->places, r->in, r->arena, &head->generated);
    head->rest = tuple.count - 2;
    return true;
}

AstNode *read_new(Reader *r, const ReadHead *head, AstKind kind)
{
    AstNode *node = ast_new(r->arena, kind, head->span);
    node->flags = head->generated ? AST_GENERATED : 0;
    return node;
}

AstNode *read_atom_node(Reader *r, SourceSpan span)
{
    return ast_atom(r->arena, span, read_name(r, span));
}

uint32_t read_arity(Reader *r, SourceSpan span)
{
    EtfItem item = etf_read(r->in);
    if (item.kind != ETF_INT || item.integer < 0 || item.integer > 255) {
        read_bad(r, span, "an arity is missing");
        return 0;
    }
    return (uint32_t)item.integer;
}

AstList read_list(Reader *r, SourceSpan span)
{
    uint32_t count;
    if (!etf_list_begin(r->in, &count)) {
        etf_skip(r->in);
        read_bad(r, span, "a list is missing");
        return (AstList){NULL, 0};
    }
    AstList list = {ARENA_ARRAY(r->arena, AstNode *, count + 1), count};
    for (uint32_t i = 0; i < count; i++) {
        list.items[i] = read_node(r);
    }
    if (!etf_list_end(r->in, count)) {
        read_bad(r, span, "a list is not proper");
    }
    return list;
}

/* ---- leaves ---- */

AstNode *read_number(Reader *r, SourceSpan span, EtfItem item)
{
    AstNode *node = ast_integer(r->arena, span, item.integer);
    bool negative = item.kind == ETF_BIG ? item.negative : item.integer < 0;
    if (item.kind == ETF_FLOAT) {
        node = ast_new(r->arena, AST_FLOAT, span);
        negative = item.real < 0 || (item.real == 0 && 1 / item.real < 0);
        node->number = negative ? -item.real : item.real;
    } else if (item.kind == ETF_BIG) {
        node->integer.digits = etf_big_digits(r->arena, &item);
        node->integer.base = 16;
    } else if (item.integer == INT64_MIN) {
        node->integer.digits = "8000000000000000";
        node->integer.base = 16;
    } else {
        node->integer.small = negative ? -item.integer : item.integer;
    }
    if (!negative) {
        return node;
    }
    AstNode *minus = ast_new(r->arena, AST_UNARY, span);
    minus->unary.op = AST_OP_MINUS;
    minus->unary.operand = node;
    return ast_finish(minus);
}

static AstNode *read_name_node(Reader *r, const ReadHead *head, AstKind kind)
{
    AstNode *node = read_new(r, head, kind);
    node->name = read_name(r, head->span);
    return node;
}

/* {integer, _, V} and {atom, _, V} stand for V, whatever it is: Erlang's compiler does not look,
 * and parse transforms put the place of a call there, which is {Line, Column}. */
static AstNode *read_value(Reader *r, const ReadHead *head, AstKind kind)
{
    return etf_peek(r->in).kind == ETF_ATOM && kind == AST_ATOM ? read_name_node(r, head, kind)
                                                                : read_term(r, head->span);
}

static AstNode *read_char(Reader *r, const ReadHead *head, AstKind kind)
{
    EtfItem item = etf_peek(r->in);
    if (item.kind != ETF_INT || item.integer < 0 || item.integer > 0x10FFFF) {
        return read_term(r, head->span);
    }
    etf_read(r->in);
    AstNode *node = read_new(r, head, kind);
    node->character = (uint32_t)item.integer;
    return node;
}

static AstNode *read_string(Reader *r, const ReadHead *head, AstKind kind)
{
    AstNode *node = read_new(r, head, kind);
    EtfIn before = *r->in;
    if (etf_read_points(r->in, r->arena, &node->string.points, &node->string.count)) {
        return node;
    }
    *r->in = before;
    return read_term(r, head->span);
}

/* ---- compounds ---- */

static AstNode *read_nil(Reader *r, const ReadHead *head, AstKind kind)
{
    return read_new(r, head, kind);
}

/* {cons, _, H, {cons, _, H2, T}}: one node, however long. */
static AstNode *read_cons(Reader *r, const ReadHead *head, AstKind kind)
{
    AstNode *node = read_new(r, head, kind);
    VEC(AstNode *) items = {0};
    ReadHead next = *head;
    while (!r->bad && name_is(next.tag, "cons") && next.rest == 2) {
        vec_push(&items, read_node(r));
        EtfIn before = *r->in;
        if (!read_head(r, &next)) {
            break;
        }
        bool more = name_is(next.tag, "cons") || name_is(next.tag, "nil");
        if (!more) {
            *r->in = before;
            node->list.tail = read_node(r);
            break;
        }
    }
    node->list.items =
        (AstList){ARENA_ARRAY(r->arena, AstNode *, items.count + 1), (uint32_t)items.count};
    if (items.count > 0) {
        memcpy(node->list.items.items, items.items, items.count * sizeof(AstNode *));
    }
    vec_free(&items);
    return node;
}

static AstNode *read_items(Reader *r, const ReadHead *head, AstKind kind)
{
    AstNode *node = read_new(r, head, kind);
    node->items = read_list(r, head->span);
    return node;
}

static AstNode *read_one(Reader *r, const ReadHead *head, AstKind kind)
{
    AstNode *node = read_new(r, head, kind);
    node->one = read_node(r);
    return node;
}

static AstNode *read_pair(Reader *r, const ReadHead *head, AstKind kind)
{
    AstNode *node = read_new(r, head, kind);
    node->pair.left = read_node(r);
    node->pair.right = read_node(r);
    node->pair.op_span = head->span;
    return node;
}

static bool is_default(Reader *r)
{
    EtfItem item = etf_peek(r->in);
    bool found = etf_is_atom(&item, "default");
    if (found) {
        etf_read(r->in);
    }
    return found;
}

static void read_bin_type(Reader *r, AstBinType *type, SourceSpan span)
{
    EtfItem item = etf_peek(r->in);
    if (item.kind == ETF_TUPLE && item.count == 2) {
        etf_read(r->in);
        type->name = read_name(r, span);
        EtfItem unit = etf_read(r->in);
        if (unit.kind != ETF_INT || unit.integer < 0) {
            read_bad(r, span, "a unit is missing");
        }
        type->value = ast_integer(r->arena, span, unit.integer);
    } else {
        type->name = read_name(r, span);
    }
    type->span = span;
}

static AstNode *read_bin_element(Reader *r, const ReadHead *head, AstKind kind)
{
    AstNode *node = read_new(r, head, kind);
    node->bin_element.value = read_node(r);
    node->bin_element.size = is_default(r) ? NULL : read_node(r);
    if (is_default(r)) {
        return node;
    }
    uint32_t count;
    if (!etf_list_begin(r->in, &count)) {
        return read_bad(r, head->span, "types of a segment are missing");
    }
    node->bin_element.types = ARENA_ARRAY(r->arena, AstBinType, count + 1);
    node->bin_element.type_count = count;
    for (uint32_t i = 0; i < count; i++) {
        read_bin_type(r, &node->bin_element.types[i], head->span);
    }
    return etf_list_end(r->in, count) ? node : read_bad(r, head->span, "a list is not proper");
}

static AstNode *read_map(Reader *r, const ReadHead *head, AstKind kind)
{
    AstNode *node = read_new(r, head, kind);
    node->map.base = head->rest == 2 ? read_node(r) : NULL;
    node->map.fields = read_list(r, head->span);
    node->map.hash = head->span;
    return node;
}

static AstNode *read_record(Reader *r, const ReadHead *head, AstKind kind)
{
    AstNode *node = read_new(r, head, kind);
    node->record.base = head->rest == 3 ? read_node(r) : NULL;
    node->record.name = read_atom_node(r, head->span);
    node->record.fields = read_list(r, head->span);
    node->record.hash = head->span;
    return node;
}

/* {record_index, _, Name, Field}, {record_field, _, Base, Name, Field}, {record_field, _, F, V} */
static AstNode *read_record_field(Reader *r, const ReadHead *head, AstKind kind)
{
    if (kind == AST_RECORD_FIELD && head->rest == 2) {
        return read_pair(r, head, AST_RECORD_ASSIGN);
    }
    AstNode *node = read_new(r, head, kind);
    node->record_field.base = kind == AST_RECORD_FIELD ? read_node(r) : NULL;
    node->record_field.name = read_atom_node(r, head->span);
    node->record_field.field = read_node(r);
    node->record_field.hash = head->span;
    return node;
}

static AstNode *read_op(Reader *r, const ReadHead *head, AstKind kind)
{
    bool unary = head->rest == 2;
    AstNode *node = read_new(r, head, unary ? AST_UNARY : kind);
    AstOp op = ast_op_find(read_name(r, head->span)->text, unary ? 1 : 2);
    if (op == AST_OP__COUNT) {
        read_bad(r, head->span, "an operator is missing");
    }
    if (unary) {
        node->unary.op = op;
        node->unary.operand = read_node(r);
    } else {
        node->binary.op = op;
        node->binary.left = read_node(r);
        node->binary.right = read_node(r);
        node->binary.op_span = head->span;
    }
    return node;
}

static AstNode *read_case(Reader *r, const ReadHead *head, AstKind kind)
{
    AstNode *node = read_new(r, head, kind);
    node->choice.subject = read_node(r);
    node->choice.clauses = read_list(r, head->span);
    return node;
}

static AstNode *read_receive(Reader *r, const ReadHead *head, AstKind kind)
{
    AstNode *node = read_new(r, head, kind);
    node->receive.clauses = read_list(r, head->span);
    if (head->rest == 3) {
        node->receive.timeout = read_node(r);
        node->receive.after_body = read_list(r, head->span);
    }
    return node;
}

/* A catch clause's one pattern {Class, Reason, Stack} becomes three. */
static void open_catch(Reader *r, AstNode *clause)
{
    AstList patterns = clause->kind == AST_CLAUSE ? clause->clause.patterns : (AstList){NULL, 0};
    if (patterns.count != 1 || patterns.items[0]->kind != AST_TUPLE ||
        patterns.items[0]->items.count != 3) {
        read_bad(r, clause->span, "a catch clause has no class, reason and stack");
        return;
    }
    clause->clause.patterns = patterns.items[0]->items;
}

static AstNode *read_try(Reader *r, const ReadHead *head, AstKind kind)
{
    AstNode *node = read_new(r, head, kind);
    node->try_.body = read_list(r, head->span);
    node->try_.clauses = read_list(r, head->span);
    node->try_.catches = read_list(r, head->span);
    node->try_.after_body = read_list(r, head->span);
    for (uint32_t i = 0; i < node->try_.catches.count; i++) {
        open_catch(r, node->try_.catches.items[i]);
    }
    return node;
}

static AstNode *read_maybe(Reader *r, const ReadHead *head, AstKind kind)
{
    AstNode *node = read_new(r, head, kind);
    node->maybe.body = read_list(r, head->span);
    ReadHead else_head;
    if (head->rest == 2 && read_head(r, &else_head)) {
        node->maybe.else_span = else_head.span;
        node->maybe.else_clauses = read_list(r, head->span);
    }
    return node;
}

static AstNode *read_call(Reader *r, const ReadHead *head, AstKind kind)
{
    AstNode *node = read_new(r, head, kind);
    node->call.target = read_node(r);
    node->call.args = read_list(r, head->span);
    return node;
}

/* A part of fun M:F/A: a node, or a plain atom or number as in old code. */
static AstNode *read_fun_part(Reader *r, SourceSpan span)
{
    EtfItem item = etf_peek(r->in);
    if (item.kind == ETF_ATOM) {
        return read_atom_node(r, span);
    }
    return item.kind == ETF_INT ? read_number(r, span, etf_read(r->in)) : read_node(r);
}

static AstNode *read_fun_clauses(Reader *r, const ReadHead *head, const Name *var)
{
    AstNode *node = read_new(r, head, AST_FUN);
    node->fun.var = var == NULL ? NULL : ast_var(r->arena, head->span, var);
    node->fun.clauses = read_list(r, head->span);
    uint32_t count = node->fun.clauses.count;
    for (uint32_t i = 0; i < count; i++) {
        AstNode **clauses = node->fun.clauses.items;
        if (clauses[i]->kind != AST_CLAUSE ||
            clauses[i]->clause.patterns.count != clauses[0]->clause.patterns.count) {
            return read_bad(r, head->span, "clauses of a fun differ in the number of arguments");
        }
    }
    return count > 0 ? node : read_bad(r, head->span, "a fun has no clauses");
}

static AstNode *read_fun(Reader *r, const ReadHead *head, AstKind kind)
{
    EtfItem tuple = etf_read(r->in);
    const Name *what = tuple.kind == ETF_TUPLE ? read_name(r, head->span) : NULL;
    if (what != NULL && name_is(what, "clauses") && tuple.count == 2) {
        return read_fun_clauses(r, head, NULL);
    }
    if (what != NULL && name_is(what, "function") && tuple.count == 3) {
        AstNode *node = read_new(r, head, AST_FUN_LOCAL);
        node->name_arity.name = read_atom_node(r, head->span);
        node->name_arity.arity = read_arity(r, head->span);
        return node;
    }
    if (what == NULL || !name_is(what, "function") || tuple.count != 4) {
        return read_bad(r, head->span, "a fun is neither a function nor clauses");
    }
    AstNode *node = read_new(r, head, AST_FUN_REMOTE);
    node->fun_remote.module = read_fun_part(r, head->span);
    node->fun_remote.function = read_fun_part(r, head->span);
    node->fun_remote.arity = read_fun_part(r, head->span);
    return node;
}

static AstNode *read_named_fun(Reader *r, const ReadHead *head, AstKind kind)
{
    const Name *var = read_name(r, head->span);
    return read_fun_clauses(r, head, var);
}

static AstNode *read_comprehension(Reader *r, const ReadHead *head, AstKind kind)
{
    AstNode *node = read_new(r, head, kind);
    node->comprehension.element = read_node(r);
    node->comprehension.qualifiers = read_list(r, head->span);
    return node;
}

static AstList read_guards(Reader *r, SourceSpan span)
{
    uint32_t count;
    if (!etf_list_begin(r->in, &count)) {
        etf_skip(r->in);
        read_bad(r, span, "guards are missing");
        return (AstList){NULL, 0};
    }
    AstList guards = {ARENA_ARRAY(r->arena, AstNode *, count + 1), count};
    for (uint32_t i = 0; i < count; i++) {
        AstNode *guard = ast_new(r->arena, AST_GUARD, span);
        guard->items = read_list(r, span);
        if (guard->items.count == 0) {
            read_bad(r, span, "a guard has no tests");
        } else {
            guard->span = guard->items.items[0]->span;
        }
        guards.items[i] = ast_finish(guard);
    }
    if (!etf_list_end(r->in, count)) {
        read_bad(r, span, "a list is not proper");
    }
    return guards;
}

static AstNode *read_clause(Reader *r, const ReadHead *head, AstKind kind)
{
    AstNode *node = read_new(r, head, kind);
    node->clause.patterns = read_list(r, head->span);
    node->clause.guards = read_guards(r, head->span);
    node->clause.body = read_list(r, head->span);
    return node->clause.body.count > 0 ? node : read_bad(r, head->span, "a clause has no body");
}

typedef AstNode *ReadShape(Reader *r, const ReadHead *head, AstKind kind);

typedef struct {
    const char *tag;
    ReadShape *read;
    uint8_t kind;
    uint8_t least, most; /* how many parts follow the annotation */
} ReadRow;

static const ReadRow rows[] = {
    {"atom", read_value, AST_ATOM, 1, 1},
    {"var", read_name_node, AST_VAR, 1, 1},
    {"integer", read_value, AST_INTEGER, 1, 1},
    {"float", read_value, AST_FLOAT, 1, 1},
    {"char", read_char, AST_CHAR, 1, 1},
    {"string", read_string, AST_STRING, 1, 1},
    {"nil", read_nil, AST_LIST, 0, 0},
    {"cons", read_cons, AST_LIST, 2, 2},
    {"tuple", read_items, AST_TUPLE, 1, 1},
    {"bin", read_items, AST_BIN, 1, 1},
    {"bin_element", read_bin_element, AST_BIN_ELEMENT, 3, 3},
    {"map", read_map, AST_MAP, 1, 2},
    {"map_field_assoc", read_pair, AST_MAP_ASSOC, 2, 2},
    {"map_field_exact", read_pair, AST_MAP_EXACT, 2, 2},
    {"record", read_record, AST_RECORD, 2, 3},
    {"record_index", read_record_field, AST_RECORD_INDEX, 2, 2},
    {"record_field", read_record_field, AST_RECORD_FIELD, 2, 3},
    {"match", read_pair, AST_MATCH, 2, 2},
    {"op", read_op, AST_BINARY, 2, 3},
    {"catch", read_one, AST_CATCH, 1, 1},
    {"block", read_items, AST_BLOCK, 1, 1},
    {"if", read_items, AST_IF, 1, 1},
    {"case", read_case, AST_CASE, 2, 2},
    {"receive", read_receive, AST_RECEIVE, 1, 3},
    {"try", read_try, AST_TRY, 4, 4},
    {"maybe", read_maybe, AST_MAYBE, 1, 2},
    {"maybe_match", read_pair, AST_MAYBE_MATCH, 2, 2},
    {"call", read_call, AST_CALL, 2, 2},
    {"remote", read_pair, AST_REMOTE, 2, 2},
    {"fun", read_fun, AST_FUN, 1, 1},
    {"named_fun", read_named_fun, AST_FUN, 2, 2},
    {"lc", read_comprehension, AST_LIST_COMP, 2, 2},
    {"bc", read_comprehension, AST_BIN_COMP, 2, 2},
    {"mc", read_comprehension, AST_MAP_COMP, 2, 2},
    {"generate", read_pair, AST_GENERATE, 2, 2},
    {"b_generate", read_pair, AST_BIN_GENERATE, 2, 2},
    {"m_generate", read_pair, AST_MAP_GENERATE, 2, 2},
    {"clause", read_clause, AST_CLAUSE, 3, 3},
};

static AstNode *read_by_tag(Reader *r, const ReadHead *head)
{
    for (size_t i = 0; i < ACT_COUNT(rows); i++) {
        const ReadRow *row = &rows[i];
        if (name_is(head->tag, row->tag) && head->rest >= row->least && head->rest <= row->most) {
            return row->read(r, head, (AstKind)row->kind);
        }
    }
    AstNode *type = read_type(r, head);
    return type != NULL ? type
                        : read_bad(r, head->span,
                                   arena_printf(r->arena, "{%s, _, ...} with %u parts",
                                                head->tag->text, (unsigned)head->rest + 2));
}

AstNode *read_node(Reader *r)
{
    ReadHead head;
    SourceSpan here = {r->places.file, 0, 0};
    if (r->bad) {
        etf_skip(r->in);
        return ast_new(r->arena, AST_ERROR, here);
    }
    if (!read_head(r, &head)) {
        return ast_new(r->arena, AST_ERROR, here);
    }
    if (++r->depth > AST_MAX_DEPTH) {
        r->depth--;
        return read_bad(r, head.span, "it is nested too deeply");
    }
    AstNode *node = ast_finish(read_by_tag(r, &head));
    r->depth--;
    return node;
}
