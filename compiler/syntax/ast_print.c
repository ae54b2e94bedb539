/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/syntax/ast_print.c: expressions, patterns and clauses; see ast_print.h. Types and forms
 * are in ast_print_form.c. Parentheses are written where the grammar needs them, by levels as
 * parser.y has them. */
#include "compiler/syntax/ast_print.h"
#include "compiler/syntax/ast_print_state.h"
#include <inttypes.h>
#include <string.h>

enum {
    LEVEL_CATCH = 0,
    LEVEL_MATCH = 100,
    LEVEL_ORELSE = 150,
    LEVEL_ANDALSO = 160,
    LEVEL_COMPARE = 200,
    LEVEL_LIST_OP = 300,
    LEVEL_ADD = 400,
    LEVEL_MULTIPLY = 500,
    LEVEL_PREFIX = 600,
    LEVEL_RECORD = 700, /* maps and records with a base, calls */
    LEVEL_MAX = 800,
};

static int op_level(AstOp op)
{
    switch (op) {
    case AST_OP_SEND:
        return LEVEL_MATCH;
    case AST_OP_ORELSE:
        return LEVEL_ORELSE;
    case AST_OP_ANDALSO:
        return LEVEL_ANDALSO;
    case AST_OP_APPEND:
    case AST_OP_SUBTRACT:
        return LEVEL_LIST_OP;
    case AST_OP_TIMES:
    case AST_OP_DIVIDE:
    case AST_OP_DIV:
    case AST_OP_REM:
    case AST_OP_BAND:
    case AST_OP_AND:
        return LEVEL_MULTIPLY;
    default:
        return op >= AST_OP_EQ && op <= AST_OP_EXACT_NE ? LEVEL_COMPARE : LEVEL_ADD;
    }
}

static int node_level(const AstNode *node)
{
    switch (node->kind) {
    case AST_CATCH:
        return LEVEL_CATCH;
    case AST_MATCH:
    case AST_MAYBE_MATCH:
        return LEVEL_MATCH;
    case AST_BINARY:
        return op_level(node->binary.op);
    case AST_UNARY:
        return LEVEL_PREFIX;
    case AST_REMOTE:
    case AST_CALL:
    case AST_MAP:
    case AST_RECORD:
    case AST_RECORD_FIELD:
    case AST_RECORD_INDEX:
        return LEVEL_RECORD;
    default:
        return LEVEL_MAX;
    }
}

void print_text(Print *p, const char *text)
{
    size_t length = strlen(text);
    vec_reserve(p->out, length);
    memcpy(p->out->items + p->out->count, text, length);
    p->out->count += length;
}

void print_line(Print *p)
{
    if (p->one_line) {
        print_text(p, " ");
        return;
    }
    print_text(p, "\n");
    for (int i = 0; i < p->indent; i++) {
        print_text(p, "    ");
    }
}

static void at_level(Print *p, const AstNode *node, int level)
{
    bool parens = node_level(node) < level;
    print_text(p, parens ? "(" : "");
    print_node(p, node);
    print_text(p, parens ? ")" : "");
}

void print_list(Print *p, AstList list, const char *separator)
{
    for (uint32_t i = 0; i < list.count; i++) {
        print_text(p, i == 0 ? "" : separator);
        print_node(p, list.items[i]);
    }
}

static void enclosed(Print *p, const char *open, AstList list, const char *close)
{
    print_text(p, open);
    print_list(p, list, ", ");
    print_text(p, close);
}

static void pair(Print *p, const AstNode *node, const char *between)
{
    print_node(p, node->pair.left);
    print_text(p, between);
    print_node(p, node->pair.right);
}

static void body(Print *p, AstList list)
{
    p->indent++;
    for (uint32_t i = 0; i < list.count; i++) {
        print_text(p, i == 0 ? "" : ",");
        print_line(p);
        print_node(p, list.items[i]);
    }
    p->indent--;
}

static void guards(Print *p, AstList list)
{
    for (uint32_t i = 0; i < list.count; i++) {
        print_text(p, i == 0 ? "" : "; ");
        print_list(p, list.items[i]->items, ", ");
    }
}

static void guards_and_body(Print *p, const AstNode *clause)
{
    if (clause->clause.guards.count > 0) {
        print_text(p, " when ");
        guards(p, clause->clause.guards);
    }
    print_text(p, " ->");
    body(p, clause->clause.body);
}

typedef enum {
    CLAUSE_ONE,   /* pattern */
    CLAUSE_ARGS,  /* (patterns) */
    CLAUSE_IF,    /* guards */
    CLAUSE_CATCH, /* class:reason:stack */
} ClauseStyle;

static void clause(Print *p, const AstNode *node, ClauseStyle style)
{
    AstList patterns = node->clause.patterns;
    switch (style) {
    case CLAUSE_ARGS:
        enclosed(p, "(", patterns, ")");
        break;
    case CLAUSE_CATCH:
        print_node(p, patterns.items[0]);
        print_text(p, ":");
        at_level(p, patterns.items[1], LEVEL_MATCH);
        if (!ast_is_underscore(patterns.items[2])) {
            print_text(p, ":");
            print_node(p, patterns.items[2]);
        }
        break;
    case CLAUSE_IF:
        guards(p, node->clause.guards);
        print_text(p, " ->");
        body(p, node->clause.body);
        return;
    default:
        print_list(p, patterns, ", ");
        break;
    }
    guards_and_body(p, node);
}

static void clauses(Print *p, AstList list, ClauseStyle style)
{
    p->indent++;
    for (uint32_t i = 0; i < list.count; i++) {
        print_text(p, i == 0 ? "" : ";");
        print_line(p);
        clause(p, list.items[i], style);
    }
    p->indent--;
}

void print_function_clauses(Print *p, const AstNode *name, AstList list)
{
    for (uint32_t i = 0; i < list.count; i++) {
        if (i > 0) {
            print_text(p, ";");
            print_line(p);
        }
        print_node(p, name);
        clause(p, list.items[i], CLAUSE_ARGS);
    }
}

static void end(Print *p)
{
    print_line(p);
    print_text(p, "end");
}

static void bin_element(Print *p, const AstNode *node)
{
    const AstNode *value = node->bin_element.value;
    bool prefix = value->kind == AST_UNARY;
    if (prefix) {
        print_text(p, ast_op_text(value->unary.op));
        print_text(p, " ");
        value = value->unary.operand;
    }
    at_level(p, value, LEVEL_MAX);
    if (node->bin_element.size != NULL) {
        print_text(p, ":");
        at_level(p, node->bin_element.size, LEVEL_MAX);
    }
    for (uint32_t i = 0; i < node->bin_element.type_count; i++) {
        const AstBinType *type = &node->bin_element.types[i];
        print_text(p, i == 0 ? "/" : "-");
        print_text(p, term_text_atom(p->arena, type->name));
        if (type->value != NULL) {
            print_text(p, ":");
            print_node(p, type->value);
        }
    }
}

static void list_node(Print *p, const AstNode *node)
{
    print_text(p, "[");
    print_list(p, node->list.items, ", ");
    if (node->list.tail != NULL) {
        print_text(p, " | ");
        print_node(p, node->list.tail);
    }
    print_text(p, "]");
}

static void base(Print *p, const AstNode *node, AstKind chained)
{
    if (node == NULL) {
        return;
    }
    bool chain = node->kind == chained ||
                 (chained == AST_RECORD &&
                  (node->kind == AST_RECORD_FIELD || node->kind == AST_RECORD_INDEX));
    bool number = node->kind == AST_INTEGER; /* 1#r{} would be one in base 1 */
    at_level(p, node, number ? LEVEL_MAX + 1 : chain ? LEVEL_RECORD : LEVEL_MAX);
}

static void record(Print *p, const AstNode *node)
{
    base(p, node->record.base, AST_RECORD);
    print_text(p, "#");
    print_node(p, node->record.name);
    enclosed(p, "{", node->record.fields, "}");
}

static void record_field(Print *p, const AstNode *node)
{
    base(p, node->record_field.base, AST_RECORD);
    print_text(p, "#");
    print_node(p, node->record_field.name);
    print_text(p, ".");
    print_node(p, node->record_field.field);
}

static void unary(Print *p, const AstNode *node)
{
    const char *op = ast_op_text(node->unary.op);
    print_text(p, op);
    print_text(p, " ");
    at_level(p, node->unary.operand, LEVEL_PREFIX);
}

static void binary(Print *p, const AstNode *node)
{
    int level = op_level(node->binary.op);
    bool right = level == LEVEL_MATCH || level == LEVEL_LIST_OP || level == LEVEL_ORELSE ||
                 level == LEVEL_ANDALSO;
    bool left = level == LEVEL_ADD || level == LEVEL_MULTIPLY;
    at_level(p, node->binary.left, left ? level : level + 1);
    print_text(p, " ");
    print_text(p, ast_op_text(node->binary.op));
    print_text(p, " ");
    at_level(p, node->binary.right, right ? level : level + 1);
}

static void call(Print *p, const AstNode *node)
{
    const AstNode *target = node->call.target;
    if (target->kind == AST_REMOTE) {
        print_node(p, target);
    } else {
        at_level(p, target, LEVEL_MAX);
    }
    enclosed(p, "(", node->call.args, ")");
}

static void fun_node(Print *p, const AstNode *node)
{
    print_text(p, "fun");
    for (uint32_t i = 0; i < node->fun.clauses.count; i++) {
        print_text(p, i == 0 ? "" : ";");
        if (i > 0) {
            print_line(p);
        }
        print_text(p, node->fun.var != NULL ? " " : "");
        print_text(p, node->fun.var != NULL ? node->fun.var->name->text : "");
        clause(p, node->fun.clauses.items[i], CLAUSE_ARGS);
    }
    end(p);
}

static void try_node(Print *p, const AstNode *node)
{
    print_text(p, "try");
    body(p, node->try_.body);
    print_line(p);
    if (node->try_.clauses.count > 0) {
        print_text(p, "of");
        clauses(p, node->try_.clauses, CLAUSE_ONE);
        print_line(p);
    }
    if (node->try_.catches.count > 0) {
        print_text(p, "catch");
        clauses(p, node->try_.catches, CLAUSE_CATCH);
        print_line(p);
    }
    if (node->try_.after_body.count > 0) {
        print_text(p, "after");
        body(p, node->try_.after_body);
        print_line(p);
    }
    print_text(p, "end");
}

static void receive(Print *p, const AstNode *node)
{
    print_text(p, "receive");
    clauses(p, node->receive.clauses, CLAUSE_ONE);
    if (node->receive.timeout != NULL) {
        print_line(p);
        print_text(p, "after ");
        print_node(p, node->receive.timeout);
        print_text(p, " ->");
        body(p, node->receive.after_body);
    }
    end(p);
}

static void maybe(Print *p, const AstNode *node)
{
    print_text(p, "maybe");
    body(p, node->maybe.body);
    if (node->maybe.else_clauses.count > 0) {
        print_line(p);
        print_text(p, "else");
        clauses(p, node->maybe.else_clauses, CLAUSE_ONE);
    }
    end(p);
}

static void comprehension(Print *p, const AstNode *node, const char *open, const char *close)
{
    print_text(p, open);
    at_level(p, node->comprehension.element, open[0] == '<' ? LEVEL_MAX : LEVEL_CATCH);
    print_text(p, " || ");
    print_list(p, node->comprehension.qualifiers, ", ");
    print_text(p, close);
}

static void leaf(Print *p, const AstNode *node)
{
    switch (node->kind) {
    case AST_ATOM:
        print_text(p, term_text_atom(p->arena, node->name));
        break;
    case AST_VAR:
        print_text(p, node->name->text);
        break;
    case AST_INTEGER:
        print_text(p, term_text_integer(p->arena, node->integer.small, node->integer.digits,
                                        node->integer.base));
        break;
    case AST_FLOAT:
        print_text(p, term_text_float(p->arena, node->number));
        break;
    case AST_CHAR:
        print_text(p, term_text_char(p->arena, node->character));
        break;
    default:
        print_text(p, term_text_string(p->arena, node->string.points, node->string.count));
        break;
    }
}

static void control(Print *p, const AstNode *node)
{
    switch (node->kind) {
    case AST_CATCH:
        print_text(p, "catch ");
        print_node(p, node->one);
        break;
    case AST_BLOCK:
        print_text(p, "begin");
        body(p, node->items);
        end(p);
        break;
    case AST_IF:
        print_text(p, "if");
        clauses(p, node->items, CLAUSE_IF);
        end(p);
        break;
    case AST_CASE:
        print_text(p, "case ");
        print_node(p, node->choice.subject);
        print_text(p, " of");
        clauses(p, node->choice.clauses, CLAUSE_ONE);
        end(p);
        break;
    case AST_RECEIVE:
        receive(p, node);
        break;
    case AST_TRY:
        try_node(p, node);
        break;
    case AST_MAYBE:
        maybe(p, node);
        break;
    case AST_FUN:
        fun_node(p, node);
        break;
    case AST_LIST_COMP:
        comprehension(p, node, "[", "]");
        break;
    case AST_BIN_COMP:
        comprehension(p, node, "<< ", " >>");
        break;
    case AST_MAP_COMP:
        comprehension(p, node, "#{", "}");
        break;
    case AST_CLAUSE:
        clause(p, node, CLAUSE_ONE);
        break;
    case AST_GUARD:
        print_list(p, node->items, ", ");
        break;
    default:
        print_type_or_form(p, node);
        break;
    }
}

void print_node(Print *p, const AstNode *node)
{
    switch (node->kind) {
    case AST_ATOM:
    case AST_VAR:
    case AST_INTEGER:
    case AST_FLOAT:
    case AST_CHAR:
    case AST_STRING:
        leaf(p, node);
        break;
    case AST_LIST:
        list_node(p, node);
        break;
    case AST_TUPLE:
        enclosed(p, "{", node->items, "}");
        break;
    case AST_BIN:
        enclosed(p, "<<", node->items, ">>");
        break;
    case AST_BIN_ELEMENT:
        bin_element(p, node);
        break;
    case AST_MAP:
        base(p, node->map.base, AST_MAP);
        enclosed(p, "#{", node->map.fields, "}");
        break;
    case AST_MAP_ASSOC:
        pair(p, node, " => ");
        break;
    case AST_MAP_EXACT:
        pair(p, node, " := ");
        break;
    case AST_RECORD:
        record(p, node);
        break;
    case AST_RECORD_ASSIGN:
        pair(p, node, " = ");
        break;
    case AST_RECORD_INDEX:
    case AST_RECORD_FIELD:
        record_field(p, node);
        break;
    case AST_MATCH:
        at_level(p, node->pair.left, LEVEL_MATCH + 1);
        print_text(p, " = ");
        at_level(p, node->pair.right, LEVEL_CATCH);
        break;
    case AST_MAYBE_MATCH:
        pair(p, node, " ?= ");
        break;
    case AST_UNARY:
        unary(p, node);
        break;
    case AST_BINARY:
        binary(p, node);
        break;
    case AST_CALL:
        call(p, node);
        break;
    case AST_REMOTE:
        at_level(p, node->pair.left, LEVEL_MAX);
        print_text(p, ":");
        at_level(p, node->pair.right, LEVEL_MAX);
        break;
    case AST_GENERATE:
    case AST_MAP_GENERATE:
        pair(p, node, " <- ");
        break;
    case AST_BIN_GENERATE:
        pair(p, node, " <= ");
        break;
    default:
        control(p, node);
        break;
    }
}

void ast_print_node(AstText *text, const AstNode *node)
{
    Arena arena = {0};
    Print p = {text, &arena, 0, false};
    print_node(&p, node);
    arena_free(&arena);
}

void ast_print_forms(AstText *text, AstList forms)
{
    for (uint32_t i = 0; i < forms.count; i++) {
        Arena arena = {0};
        Print p = {text, &arena, 0, false};
        print_node(&p, forms.items[i]);
        print_text(&p, ".\n\n");
        arena_free(&arena);
    }
}

const char *ast_print_short(Arena *arena, const AstNode *node, size_t limit)
{
    AstText text = {0};
    Arena scratch = {0};
    Print p = {&text, &scratch, 0, true};
    print_node(&p, node);
    bool cut = text.count > limit;
    size_t length = cut ? limit - ACT_MIN(limit, (size_t)3) : text.count;
    while (cut && length > 0 && ((unsigned char)text.items[length] & 0xC0) == 0x80) {
        length--;
    }
    const char *result = arena_printf(arena, "%.*s%s", (int)length, text.items, cut ? "..." : "");
    vec_free(&text);
    arena_free(&scratch);
    return result;
}
