/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/front/const_eval.c: the expression of -if and -elif: a guard over constants, and
 * defined(NAME). As in Erlang, what fails to evaluate (unbound variables and unknown functions,
 * too) is false without a word; what no guard may have is an error. */
#include "compiler/front/bif_names.h"
#include "compiler/front/const_value.h"
#include "compiler/front/pp.h"
#include "compiler/syntax/parse.h"
#include "compiler/syntax/parser.h"
#include <string.h>

typedef struct {
    Preprocessor *pp; /* NULL: no -if, nothing is defined */
    ConstWorld *world;
    const AstNode *illegal; /* the first part that no guard may have */
    const char *why;
} Eval;

static ConstValue eval(Eval *e, const AstNode *node);

static void refuse(Eval *e, const AstNode *node, const char *why)
{
    if (e->illegal == NULL) {
        e->illegal = node;
        e->why = why;
    }
}

static bool is_guard_op(AstOp op)
{
    return op != AST_OP_SEND && op != AST_OP_APPEND && op != AST_OP_SUBTRACT;
}

/* The function's name if it is called as erlang:name(...) or name(...), else NULL. */
static const Name *called_name(const AstNode *call, bool *remote)
{
    const AstNode *target = call->call.target;
    *remote = target->kind == AST_REMOTE;
    if (*remote) {
        bool erlang =
            target->pair.left->kind == AST_ATOM && name_is(target->pair.left->name, "erlang");
        target = erlang ? target->pair.right : target;
    }
    return target->kind == AST_ATOM ? target->name : NULL;
}

static bool is_operator_name(const Name *name, uint32_t arity)
{
    AstOp op = arity == 1 || arity == 2 ? ast_op_find(name->text, arity) : AST_OP__COUNT;
    return op != AST_OP__COUNT && is_guard_op(op) && op != AST_OP_ANDALSO && op != AST_OP_ORELSE;
}

static void check(AstNode *node, void *context);

static void check_call(Eval *e, const AstNode *node)
{
    bool remote = false;
    const Name *name = called_name(node, &remote);
    uint32_t arity = node->call.args.count;
    if (name != NULL && !remote && name_is(name, "defined") && arity == 1) {
        AstKind kind = node->call.args.items[0]->kind;
        if (kind != AST_ATOM && kind != AST_VAR) {
            refuse(e, node, "defined takes the name of one macro");
        }
        return;
    }
    unsigned flags = name != NULL ? lint_bif(name, arity) : 0;
    bool legal = remote ? (flags & BIF_GUARD) || (name != NULL && is_operator_name(name, arity))
                        : name != NULL && ((flags & BIF_GUARD) || !(flags & BIF_AUTO));
    if (!legal) {
        refuse(e, node, "this function is not allowed in a guard");
    }
    for (uint32_t i = 0; i < arity; i++) {
        check(node->call.args.items[i], e);
    }
}

/* Refuses what no guard may have. */
static void check(AstNode *node, void *context)
{
    Eval *e = context;
    switch (node->kind) {
    case AST_CALL:
        check_call(e, node);
        return;
    case AST_UNARY:
    case AST_BINARY:
        if (node->kind == AST_BINARY && !is_guard_op(node->binary.op)) {
            refuse(e, node, "this operator is not allowed here");
        }
        break;
    case AST_RECORD:
        if (node->record.base != NULL) {
            refuse(e, node, "this is not allowed in a guard");
        }
        break;
    case AST_ATOM:
    case AST_VAR:
    case AST_INTEGER:
    case AST_FLOAT:
    case AST_CHAR:
    case AST_STRING:
    case AST_TUPLE:
    case AST_LIST:
    case AST_MAP:
    case AST_MAP_ASSOC:
    case AST_MAP_EXACT:
    case AST_BIN:
    case AST_BIN_ELEMENT:
    case AST_RECORD_ASSIGN:
    case AST_RECORD_INDEX:
    case AST_RECORD_FIELD:
        break;
    default:
        refuse(e, node, "this is not allowed in a guard");
        return;
    }
    ast_each_child(node, check, context);
}

static ConstValue eval_integer(Eval *e, const AstNode *node)
{
    if (node->integer.digits == NULL) {
        return const_small(e->world, node->integer.small);
    }
    ConstValue value = const_integer(e->world);
    bool read = mpz_set_str(value.integer, node->integer.digits, (int)node->integer.base) == 0;
    return read ? value : const_fail;
}

static ConstValue *new_items(Eval *e, size_t count)
{
    return ARENA_ARRAY(e->world->arena, ConstValue, count + 1);
}

static ConstValue eval_items(Eval *e, ConstKind kind, AstList list)
{
    ConstValue *items = new_items(e, list.count);
    for (uint32_t i = 0; i < list.count; i++) {
        items[i] = eval(e, list.items[i]);
        if (items[i].kind == CONST_FAIL) {
            return const_fail;
        }
    }
    return (ConstValue){.kind = kind, .count = list.count, .items = items};
}

static ConstValue eval_list(Eval *e, const AstNode *node)
{
    ConstValue list = eval_items(e, CONST_LIST, node->list.items);
    if (node->list.tail == NULL || list.kind == CONST_FAIL) {
        return list;
    }
    ConstValue tail = eval(e, node->list.tail);
    if (tail.kind == CONST_FAIL) {
        return const_fail;
    }
    uint32_t more = tail.kind == CONST_LIST ? tail.count : 0;
    ConstValue *items = new_items(e, (size_t)list.count + more + 1);
    memcpy(items, list.items, list.count * sizeof *items);
    if (tail.kind != CONST_LIST) {
        items[list.count] = tail;
        return (ConstValue){
            .kind = CONST_LIST, .count = list.count, .items = items, .tail = &items[list.count]};
    }
    for (uint32_t i = 0; i < more; i++) {
        items[list.count + i] = tail.items[i];
    }
    return (ConstValue){
        .kind = CONST_LIST, .count = list.count + more, .items = items, .tail = tail.tail};
}

static ConstValue eval_string(Eval *e, const AstNode *node)
{
    ConstValue *items = new_items(e, node->string.count);
    for (uint32_t i = 0; i < node->string.count; i++) {
        items[i] = const_small(e->world, node->string.points[i]);
    }
    return (ConstValue){.kind = CONST_LIST, .count = node->string.count, .items = items};
}

static ConstValue eval_map(Eval *e, const AstNode *node)
{
    ConstValue map = {.kind = CONST_MAP};
    if (node->map.base != NULL) {
        map = eval(e, node->map.base);
    }
    for (uint32_t i = 0; i < node->map.fields.count && map.kind == CONST_MAP; i++) {
        const AstNode *field = node->map.fields.items[i];
        ConstValue key = eval(e, field->pair.left);
        ConstValue value = eval(e, field->pair.right);
        if (key.kind == CONST_FAIL || value.kind == CONST_FAIL ||
            (field->kind == AST_MAP_EXACT && const_map_get(map, key) == NULL)) {
            return const_fail;
        }
        map = const_map_put(e->world, map, key, value);
    }
    return map.kind == CONST_MAP ? map : const_fail;
}

static ConstValue eval_bin(Eval *e, const AstNode *node)
{
    ConstBits bits = {.world = e->world};
    for (uint32_t i = 0; i < node->items.count; i++) {
        const AstNode *element = node->items.items[i];
        ConstValue value = eval(e, element->bin_element.value);
        ConstValue size = const_fail;
        if (element->bin_element.size != NULL) {
            size = eval(e, element->bin_element.size);
        }
        if (value.kind == CONST_FAIL ||
            !const_bits_add(&bits, element, value,
                            element->bin_element.size != NULL ? &size : NULL)) {
            vec_free(&bits.bytes);
            return const_fail;
        }
    }
    return const_bits_end(&bits);
}

static ConstValue eval_binary(Eval *e, const AstNode *node)
{
    AstOp op = node->binary.op;
    ConstValue a = eval(e, node->binary.left);
    if (op == AST_OP_ANDALSO || op == AST_OP_ORELSE) {
        bool decides = const_is_atom(a, op == AST_OP_ANDALSO ? "false" : "true");
        bool goes_on = const_is_atom(a, op == AST_OP_ANDALSO ? "true" : "false");
        return decides ? a : goes_on ? eval(e, node->binary.right) : const_fail;
    }
    return const_binary(e->world, op, a, eval(e, node->binary.right));
}

static ConstValue eval_call(Eval *e, const AstNode *node)
{
    bool remote = false;
    const Name *name = called_name(node, &remote);
    AstList args = node->call.args;
    if (!remote && e->pp != NULL && name_is(name, "defined") && args.count == 1) {
        return const_boolean(e->world, macro_find(e->pp, args.items[0]->name) != NULL);
    }
    ConstValue values = eval_items(e, CONST_TUPLE, args);
    if (values.kind == CONST_FAIL) {
        return const_fail;
    }
    if (remote && is_operator_name(name, args.count)) {
        AstOp op = ast_op_find(name->text, args.count);
        return args.count == 1 ? const_unary(e->world, op, values.items[0])
                               : const_binary(e->world, op, values.items[0], values.items[1]);
    }
    return const_bif(e->world, name->text, values.items, args.count);
}

static ConstValue eval(Eval *e, const AstNode *node)
{
    switch (node->kind) {
    case AST_ATOM:
        return (ConstValue){.kind = CONST_ATOM, .atom = node->name};
    case AST_INTEGER:
        return eval_integer(e, node);
    case AST_FLOAT:
        return const_float(node->number);
    case AST_CHAR:
        return const_small(e->world, node->character);
    case AST_STRING:
        return eval_string(e, node);
    case AST_TUPLE:
        return eval_items(e, CONST_TUPLE, node->items);
    case AST_LIST:
        return eval_list(e, node);
    case AST_MAP:
        return eval_map(e, node);
    case AST_BIN:
        return eval_bin(e, node);
    case AST_UNARY:
        return const_unary(e->world, node->unary.op, eval(e, node->unary.operand));
    case AST_BINARY:
        return eval_binary(e, node);
    case AST_CALL:
        return eval_call(e, node);
    default:
        return const_fail; /* variables are unbound, records undefined */
    }
}

ConstValue const_eval(ConstWorld *world, const AstNode *node)
{
    Eval e = {NULL, world, NULL, NULL};
    check((AstNode *)node, &e);
    return e.illegal == NULL ? eval(&e, node) : const_fail;
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
    ConstWorld world = {.arena = &pp->cx->arena, .names = &pp->cx->names};
    Eval e = {pp, &world, NULL, NULL};
    check(exprs.items[0], &e);
    if (exprs.count > 1) {
        refuse(&e, exprs.items[1], "it takes one expression");
    }
    if (e.illegal != NULL) {
        diag_report(&pp->cx->diags, DIAG_E0221, e.illegal->span, directive, e.why);
        return false;
    }
    bool truth = const_is_atom(eval(&e, exprs.items[0]), "true");
    const_world_end(&world);
    return truth;
}
