/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/front/const_eval.c: the expression of -if and -elif: a guard over literals, and
 * defined(NAME). As in Erlang, what fails to evaluate is false without a word; what is no guard is
 * an error. Whole numbers are 64 bits here: beyond, the condition is refused. */
#include "compiler/front/pp.h"
#include "compiler/syntax/parse.h"
#include "compiler/syntax/parser.h"
#include <math.h>
#include <string.h>

typedef enum {
    CONST_FAIL, /* an exception: the condition is false */
    CONST_INTEGER,
    CONST_FLOAT,
    CONST_ATOM,
    CONST_TUPLE,
    CONST_LIST, /* proper, also a string */
} ConstKind;

typedef struct ConstValue ConstValue;
struct ConstValue {
    ConstKind kind;
    int64_t integer;
    double number;
    const Name *atom;
    ConstValue *items;
    uint32_t count;
};

typedef struct {
    Preprocessor *pp;
    const AstNode *illegal; /* the first part that no guard may have */
    const char *why;
} Eval;

static const ConstValue fail = {CONST_FAIL, 0, 0, NULL, NULL, 0};

static ConstValue eval(Eval *e, const AstNode *node);

static ConstValue integer(int64_t value)
{
    return (ConstValue){.kind = CONST_INTEGER, .integer = value};
}

static ConstValue number(double value)
{
    return isfinite(value) ? (ConstValue){.kind = CONST_FLOAT, .number = value} : fail;
}

static ConstValue boolean(Eval *e, bool value)
{
    const Name *name = name_intern_text(&e->pp->cx->names, value ? "true" : "false");
    return (ConstValue){.kind = CONST_ATOM, .atom = name};
}

static ConstValue refuse(Eval *e, const AstNode *node, const char *why)
{
    if (e->illegal == NULL) {
        e->illegal = node;
        e->why = why;
    }
    return fail;
}

static bool is_atom(ConstValue value, const char *text)
{
    return value.kind == CONST_ATOM && name_is(value.atom, text);
}

static bool is_number(ConstValue value)
{
    return value.kind == CONST_INTEGER || value.kind == CONST_FLOAT;
}

static double as_double(ConstValue value)
{
    return value.kind == CONST_INTEGER ? (double)value.integer : value.number;
}

/* number < atom < tuple < list */
static int rank(ConstValue value)
{
    return value.kind == CONST_FLOAT ? CONST_INTEGER : (int)value.kind;
}

static int compare(ConstValue a, ConstValue b)
{
    if (rank(a) != rank(b)) {
        return rank(a) < rank(b) ? -1 : 1;
    }
    if (a.kind == CONST_INTEGER && b.kind == CONST_INTEGER) {
        return (a.integer > b.integer) - (a.integer < b.integer);
    }
    if (is_number(a)) {
        return (as_double(a) > as_double(b)) - (as_double(a) < as_double(b));
    }
    if (a.kind == CONST_ATOM) {
        return strcmp(a.atom->text, b.atom->text);
    }
    if (a.kind == CONST_TUPLE && a.count != b.count) {
        return a.count < b.count ? -1 : 1;
    }
    for (uint32_t i = 0; i < a.count && i < b.count; i++) {
        int order = compare(a.items[i], b.items[i]);
        if (order != 0) {
            return order;
        }
    }
    return (a.count > b.count) - (a.count < b.count);
}

static bool same(ConstValue a, ConstValue b)
{
    if (a.kind != b.kind || a.count != b.count) {
        return false;
    }
    for (uint32_t i = 0; i < a.count; i++) {
        if (!same(a.items[i], b.items[i])) {
            return false;
        }
    }
    return a.count > 0 || compare(a, b) == 0;
}

static ConstValue integer_op(AstOp op, int64_t a, int64_t b)
{
    int64_t result = 0;
    switch (op) {
    case AST_OP_PLUS:
        return __builtin_add_overflow(a, b, &result) ? fail : integer(result);
    case AST_OP_MINUS:
        return __builtin_sub_overflow(a, b, &result) ? fail : integer(result);
    case AST_OP_TIMES:
        return __builtin_mul_overflow(a, b, &result) ? fail : integer(result);
    case AST_OP_DIV:
        return b == 0 || (a == INT64_MIN && b == -1) ? fail : integer(a / b);
    case AST_OP_REM:
        return b == 0 || b == -1 ? (b == 0 ? fail : integer(0)) : integer(a % b);
    case AST_OP_BAND:
        return integer(a & b);
    case AST_OP_BOR:
        return integer(a | b);
    case AST_OP_BXOR:
        return integer(a ^ b);
    case AST_OP_BSL:
        return b >= 0 && b < 62 && a >= 0 && a < ((int64_t)1 << (62 - b)) ? integer(a << b) : fail;
    case AST_OP_BSR:
        return b >= 0 ? integer(a >> ACT_MIN(b, 63)) : fail;
    default:
        return fail;
    }
}

static ConstValue arithmetic(AstOp op, ConstValue a, ConstValue b)
{
    if (!is_number(a) || !is_number(b)) {
        return fail;
    }
    if (op == AST_OP_DIVIDE) {
        return as_double(b) == 0 ? fail : number(as_double(a) / as_double(b));
    }
    if (a.kind == CONST_INTEGER && b.kind == CONST_INTEGER) {
        return integer_op(op, a.integer, b.integer);
    }
    switch (op) {
    case AST_OP_PLUS:
        return number(as_double(a) + as_double(b));
    case AST_OP_MINUS:
        return number(as_double(a) - as_double(b));
    case AST_OP_TIMES:
        return number(as_double(a) * as_double(b));
    default:
        return fail;
    }
}

static ConstValue logic(Eval *e, AstOp op, ConstValue a, ConstValue b)
{
    bool x = is_atom(a, "true");
    bool y = is_atom(b, "true");
    if (!(x || is_atom(a, "false")) || !(y || is_atom(b, "false"))) {
        return fail;
    }
    return boolean(e, op == AST_OP_AND ? x && y : op == AST_OP_OR ? x || y : x != y);
}

static ConstValue eval_binary(Eval *e, const AstNode *node)
{
    AstOp op = node->binary.op;
    ConstValue a = eval(e, node->binary.left);
    if (op == AST_OP_ANDALSO || op == AST_OP_ORELSE) {
        bool decides = is_atom(a, op == AST_OP_ANDALSO ? "false" : "true");
        bool goes_on = is_atom(a, op == AST_OP_ANDALSO ? "true" : "false");
        ConstValue b = eval(e, node->binary.right);
        return decides ? a : goes_on ? b : fail;
    }
    ConstValue b = eval(e, node->binary.right);
    if (op == AST_OP_SEND || op == AST_OP_APPEND || op == AST_OP_SUBTRACT) {
        return refuse(e, node, "this operator is not allowed here");
    }
    if (a.kind == CONST_FAIL || b.kind == CONST_FAIL) {
        return fail;
    }
    switch (op) {
    case AST_OP_EQ:
        return boolean(e, compare(a, b) == 0);
    case AST_OP_NE:
        return boolean(e, compare(a, b) != 0);
    case AST_OP_LE:
        return boolean(e, compare(a, b) <= 0);
    case AST_OP_LT:
        return boolean(e, compare(a, b) < 0);
    case AST_OP_GE:
        return boolean(e, compare(a, b) >= 0);
    case AST_OP_GT:
        return boolean(e, compare(a, b) > 0);
    case AST_OP_EXACT_EQ:
        return boolean(e, same(a, b));
    case AST_OP_EXACT_NE:
        return boolean(e, !same(a, b));
    case AST_OP_AND:
    case AST_OP_OR:
    case AST_OP_XOR:
        return logic(e, op, a, b);
    default:
        return arithmetic(op, a, b);
    }
}

static ConstValue eval_unary(Eval *e, const AstNode *node)
{
    ConstValue a = eval(e, node->unary.operand);
    switch (node->unary.op) {
    case AST_OP_NOT:
        return is_atom(a, "true") || is_atom(a, "false") ? boolean(e, is_atom(a, "false")) : fail;
    case AST_OP_MINUS:
        return arithmetic(AST_OP_MINUS, integer(0), a);
    case AST_OP_PLUS:
        return is_number(a) ? a : fail;
    default:
        return a.kind == CONST_INTEGER ? integer(~a.integer) : fail;
    }
}

static ConstValue eval_items(Eval *e, ConstKind kind, AstList list)
{
    ConstValue value = {.kind = kind, .count = list.count};
    value.items = ARENA_ARRAY(&e->pp->cx->arena, ConstValue, list.count);
    for (uint32_t i = 0; i < list.count; i++) {
        value.items[i] = eval(e, list.items[i]);
        if (value.items[i].kind == CONST_FAIL) {
            return fail;
        }
    }
    return value;
}

static ConstValue eval_string(Eval *e, const AstNode *node)
{
    ConstValue value = {.kind = CONST_LIST, .count = node->string.count};
    value.items = ARENA_ARRAY(&e->pp->cx->arena, ConstValue, node->string.count);
    for (uint32_t i = 0; i < node->string.count; i++) {
        value.items[i] = integer(node->string.points[i]);
    }
    return value;
}

static ConstValue type_test(Eval *e, const char *name, ConstValue a)
{
    bool truth = is_atom(a, "true") || is_atom(a, "false");
    bool yes = strcmp(name, "is_atom") == 0      ? a.kind == CONST_ATOM
               : strcmp(name, "is_boolean") == 0 ? truth
               : strcmp(name, "is_integer") == 0 ? a.kind == CONST_INTEGER
               : strcmp(name, "is_float") == 0   ? a.kind == CONST_FLOAT
               : strcmp(name, "is_number") == 0  ? is_number(a)
               : strcmp(name, "is_list") == 0    ? a.kind == CONST_LIST
               : strcmp(name, "is_tuple") == 0   ? a.kind == CONST_TUPLE
                                                 : false;
    return boolean(e, yes);
}

static ConstValue one_arg(Eval *e, const AstNode *node, const char *name, ConstValue a)
{
    static const char *const tests[] = {"is_atom",     "is_boolean",  "is_integer",   "is_float",
                                        "is_number",   "is_list",     "is_tuple",     "is_binary",
                                        "is_map",      "is_pid",      "is_reference", "is_port",
                                        "is_function", "is_bitstring"};
    for (size_t i = 0; i < ACT_COUNT(tests); i++) {
        if (strcmp(tests[i], name) == 0) {
            return type_test(e, name, a);
        }
    }
    if (strcmp(name, "length") == 0) {
        return a.kind == CONST_LIST ? integer(a.count) : fail;
    }
    if (strcmp(name, "tuple_size") == 0 || strcmp(name, "size") == 0) {
        return a.kind == CONST_TUPLE ? integer(a.count) : fail;
    }
    if (strcmp(name, "hd") == 0) {
        return a.kind == CONST_LIST && a.count > 0 ? a.items[0] : fail;
    }
    if (strcmp(name, "tl") == 0) {
        ConstValue rest = a;
        rest.items = a.items + 1;
        rest.count = a.count - 1;
        return a.kind == CONST_LIST && a.count > 0 ? rest : fail;
    }
    if (strcmp(name, "abs") == 0) {
        bool negative = is_number(a) && as_double(a) < 0;
        return negative ? arithmetic(AST_OP_MINUS, integer(0), a) : is_number(a) ? a : fail;
    }
    if (strcmp(name, "float") == 0) {
        return is_number(a) ? number(as_double(a)) : fail;
    }
    bool rounding = strcmp(name, "round") == 0 || strcmp(name, "trunc") == 0;
    if (rounding || strcmp(name, "floor") == 0 || strcmp(name, "ceil") == 0) {
        if (!is_number(a) || fabs(as_double(a)) > 9e15) {
            return fail;
        }
        double d = as_double(a);
        return integer((int64_t)(name[0] == 'r'   ? round(d)
                                 : name[0] == 't' ? trunc(d)
                                 : name[0] == 'f' ? floor(d)
                                                  : ceil(d)));
    }
    return refuse(e, node, "this function is not allowed in a guard");
}

static ConstValue eval_defined(Eval *e, const AstNode *node)
{
    const AstNode *arg = node->call.args.count == 1 ? node->call.args.items[0] : NULL;
    if (arg == NULL || (arg->kind != AST_ATOM && arg->kind != AST_VAR)) {
        return refuse(e, node, "defined takes the name of one macro");
    }
    return boolean(e, macro_find(e->pp, arg->name) != NULL);
}

static ConstValue eval_call(Eval *e, const AstNode *node)
{
    const AstNode *target = node->call.target;
    if (target->kind == AST_REMOTE && target->pair.left->kind == AST_ATOM &&
        name_is(target->pair.left->name, "erlang")) {
        target = target->pair.right;
    }
    if (target->kind != AST_ATOM) {
        return refuse(e, node, "this function is not allowed in a guard");
    }
    const char *name = target->name->text;
    if (strcmp(name, "defined") == 0) {
        return eval_defined(e, node);
    }
    AstList args = node->call.args;
    ConstValue a = args.count > 0 ? eval(e, args.items[0]) : fail;
    ConstValue b = args.count > 1 ? eval(e, args.items[1]) : fail;
    if (args.count == 2 && strcmp(name, "element") == 0) {
        bool inside = a.kind == CONST_INTEGER && b.kind == CONST_TUPLE && a.integer >= 1 &&
                      a.integer <= b.count;
        return inside ? b.items[a.integer - 1] : fail;
    }
    if (args.count == 2 && (strcmp(name, "max") == 0 || strcmp(name, "min") == 0)) {
        return (compare(a, b) >= 0) == (name[1] == 'a') ? a : b;
    }
    if (args.count != 1) {
        return refuse(e, node, "this function is not allowed in a guard");
    }
    ConstValue result = one_arg(e, node, name, a);
    return a.kind == CONST_FAIL ? fail : result;
}

static ConstValue eval(Eval *e, const AstNode *node)
{
    switch (node->kind) {
    case AST_ATOM:
        return (ConstValue){.kind = CONST_ATOM, .atom = node->name};
    case AST_INTEGER:
        return node->integer.digits != NULL ? refuse(e, node, "the number is too large")
                                            : integer(node->integer.small);
    case AST_FLOAT:
        return number(node->number);
    case AST_CHAR:
        return integer(node->character);
    case AST_STRING:
        return eval_string(e, node);
    case AST_VAR:
        return fail;
    case AST_TUPLE:
        return eval_items(e, CONST_TUPLE, node->items);
    case AST_LIST:
        return node->list.tail != NULL ? refuse(e, node, "this is too complex for a condition")
                                       : eval_items(e, CONST_LIST, node->list.items);
    case AST_UNARY:
        return eval_unary(e, node);
    case AST_BINARY:
        return eval_binary(e, node);
    case AST_CALL:
        return eval_call(e, node);
    default:
        return refuse(e, node, "this is not allowed in a guard");
    }
}

bool pp_condition(Preprocessor *pp, Token *tokens, size_t count)
{
    /* - if ( expr ) . */
    if (count < 6 || tokens[2].kind != T_LPAREN || tokens[count - 2].kind != T_RPAREN) {
        pp_badly_formed(pp, tokens, count, "it takes one expression in parentheses");
        return false;
    }
    const char *directive = tokens[1].name->text;
    tokens[count - 2] = tokens[count - 1];
    AstList exprs = parse_exprs(pp->cx, tokens + 3, count - 4);
    if (exprs.count == 0) {
        return false; /* reported */
    }
    Eval e = {pp, NULL, NULL};
    ConstValue value = eval(&e, exprs.items[0]);
    if (exprs.count > 1) {
        refuse(&e, exprs.items[1], "it takes one expression");
    }
    if (e.illegal != NULL) {
        diag_report(&pp->cx->diags, DIAG_E0221, e.illegal->span, directive, e.why);
        return false;
    }
    return is_atom(value, "true");
}
