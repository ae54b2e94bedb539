/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/core/desugar_expr.c: expressions of every kind; the larger ones have files of their own.
 */
#include "compiler/core/desugar.h"
#include "compiler/ssa/ssa.h"
#include <string.h>

CoreNode *desugar_literal(Desugar *b, const AstNode *node)
{
    const Konst *konst = NULL;
    switch ((AstKind)node->kind) {
    case AST_ATOM:
        konst = desugar_atom(b, node->name);
        break;
    case AST_INTEGER:
        konst = desugar_integer(b, node);
        break;
    case AST_FLOAT:
        konst = konst_float(b->arena, node->number);
        break;
    case AST_CHAR:
        konst = konst_int(b->arena, node->character);
        break;
    case AST_STRING:
        konst = node->string.count == 0
                    ? konst_nil(b->arena)
                    : konst_string(b->arena, node->string.points, node->string.count);
        break;
    default:
        return NULL;
    }
    return core_literal(b->arena, desugar_line(b, node->span), konst);
}

static bool all_literals(CoreList items)
{
    for (uint32_t i = 0; i < items.count; i++) {
        if (items.items[i]->kind != CORE_LITERAL) {
            return false;
        }
    }
    return true;
}

static const Konst **konsts_of(Desugar *b, CoreList items)
{
    const Konst **konsts = ARENA_ARRAY(b->arena, const Konst *, items.count + 1);
    for (uint32_t i = 0; i < items.count; i++) {
        konsts[i] = items.items[i]->konst;
    }
    return konsts;
}

CoreNode *desugar_cons(Desugar *b, CoreLine line, CoreList items, CoreNode *tail)
{
    if (items.count == 0) {
        return tail;
    }
    if (all_literals(items) && tail->kind == CORE_LITERAL) {
        const Konst *end = tail->konst->kind == KONST_NIL ? NULL : tail->konst;
        return core_literal(b->arena, line,
                            konst_list(b->arena, konsts_of(b, items), items.count, end));
    }
    CoreNode *node = core_new(b->arena, CORE_LIST, line);
    node->list.items = items;
    node->list.tail = tail;
    return node;
}

CoreNode *desugar_tuple(Desugar *b, CoreLine line, CoreList items)
{
    if (all_literals(items)) {
        return core_literal(b->arena, line,
                            konst_tuple(b->arena, konsts_of(b, items), items.count));
    }
    CoreNode *node = core_new(b->arena, CORE_TUPLE, line);
    node->items = items;
    return node;
}

CoreList desugar_exprs(Desugar *b, AstList list)
{
    CoreList out = core_list_new(b->arena, list.count);
    for (uint32_t i = 0; i < list.count; i++) {
        out.items[i] = desugar_expr(b, list.items[i]);
    }
    return out;
}

/* The last expression of a body, whose value is that of the expression around it. */
static CoreNode *last(Desugar *b, const AstNode *node)
{
    size_t around = b->operands.count;
    return around > 0 && b->operands.items[around - 1].effect ? desugar_effect(b, node)
                                                              : desugar_expr(b, node);
}

CoreNode *desugar_body(Desugar *b, AstList body)
{
    if (body.count == 1) {
        return last(b, body.items[0]);
    }
    CoreNode *block = core_new(b->arena, CORE_BLOCK, desugar_line(b, body.items[0]->span));
    CoreList items = core_list_new(b->arena, body.count);
    items.count = 0;
    for (uint32_t i = 0; i < body.count; i++) {
        if (desugar_fun_hides(b, body, i)) {
            continue;
        }
        items.items[items.count++] =
            i + 1 < body.count ? desugar_effect(b, body.items[i]) : last(b, body.items[i]);
    }
    block->items = items;
    return block;
}

CoreNode *desugar_call_erlang(Desugar *b, CoreLine line, const char *name, CoreList args)
{
    CoreNode *call = core_new(b->arena, CORE_CALL_EXT, line);
    call->call.import.module = desugar_atom_text(b, "erlang");
    call->call.import.name = desugar_atom_text(b, name);
    call->call.import.arity = args.count;
    call->call.args = args;
    return call;
}

static CoreNode *desugar_var(Desugar *b, const AstNode *node)
{
    CoreVar var = desugar_resolve(b, node->name);
    if (var == 0) {
        return desugar_error(b, node->span, "variable '%s' is unbound", node->name->text);
    }
    return desugar_use(b, desugar_line(b, node->span), var);
}

static CoreNode *desugar_list(Desugar *b, const AstNode *node)
{
    CoreLine line = desugar_line(b, node->span);
    CoreList items = desugar_exprs(b, node->list.items);
    CoreNode *tail = node->list.tail == NULL ? core_literal(b->arena, line, konst_nil(b->arena))
                                             : desugar_expr(b, node->list.tail);
    return desugar_cons(b, line, items, tail);
}

static CoreNode *op_node(Desugar *b, CoreKind kind, CoreLine line, uint32_t op, CoreNode *left,
                         CoreNode *right)
{
    CoreNode *node = core_new(b->arena, kind, line);
    node->op.op = op;
    node->op.args[0] = left;
    node->op.args[1] = right;
    node->op.count = right == NULL ? 1 : 2;
    return node;
}

static int ssa_op_of(AstOp op, bool unary)
{
    switch (op) {
    case AST_OP_PLUS:
        return unary ? SSA_plus : SSA_add;
    case AST_OP_MINUS:
        return unary ? SSA_neg : SSA_sub;
    case AST_OP_BNOT:
        return SSA_bnot;
    case AST_OP_NOT:
        return SSA_not;
    case AST_OP_TIMES:
        return SSA_mul;
    case AST_OP_DIVIDE:
        return SSA_fdiv;
    case AST_OP_DIV:
        return SSA_div;
    case AST_OP_REM:
        return SSA_rem;
    case AST_OP_BAND:
        return SSA_band;
    case AST_OP_AND:
        return SSA_and;
    case AST_OP_BOR:
        return SSA_bor;
    case AST_OP_BXOR:
        return SSA_bxor;
    case AST_OP_BSL:
        return SSA_bsl;
    case AST_OP_BSR:
        return SSA_bsr;
    case AST_OP_OR:
        return SSA_or;
    case AST_OP_XOR:
        return SSA_xor;
    default:
        return -1;
    }
}

static int compare_of(AstOp op)
{
    switch (op) {
    case AST_OP_LT:
        return CORE_LT;
    case AST_OP_LE:
        return CORE_LE;
    case AST_OP_GT:
        return CORE_GT;
    case AST_OP_GE:
        return CORE_GE;
    case AST_OP_EQ:
        return CORE_EQ;
    case AST_OP_NE:
        return CORE_NE;
    case AST_OP_EXACT_EQ:
        return CORE_EXACT_EQ;
    case AST_OP_EXACT_NE:
        return CORE_EXACT_NE;
    default:
        return -1;
    }
}

static CoreNode *two_args(Desugar *b, CoreLine line, const char *name, CoreNode *left,
                          CoreNode *right)
{
    CoreList args = core_list_new(b->arena, 2);
    args.items[0] = left;
    args.items[1] = right;
    return desugar_call_erlang(b, line, name, args);
}

static CoreNode *fold(Desugar *b, AstOp op, CoreLine line, CoreNode *left, CoreNode *right)
{
    if (left->kind != CORE_LITERAL || (right != NULL && right->kind != CORE_LITERAL)) {
        return NULL;
    }
    const Konst *konst = right == NULL ? desugar_const_unary(b, op, left->konst)
                                       : desugar_const_binary(b, op, left->konst, right->konst);
    return konst == NULL ? NULL : core_literal(b->arena, line, konst);
}

static bool is_number(const CoreNode *node)
{
    return node->kind == CORE_LITERAL &&
           (node->konst->kind == KONST_INT || node->konst->kind == KONST_FLOAT);
}

static bool is_zero(const CoreNode *node)
{
    return is_number(node) &&
           (node->konst->kind == KONST_INT ? node->konst->integer == 0 : node->konst->real == 0);
}

CoreNode *desugar_op(Desugar *b, AstOp op, CoreLine line, CoreNode *left, CoreNode *right)
{
    CoreNode *folded = fold(b, op, line, left, right);
    if (folded != NULL) {
        return folded;
    }
    if (op == AST_OP_DIVIDE && is_number(left) && is_zero(right) && !b->guard) {
        /* Erlang's compiler makes float arithmetic of it, which raises without a frame of its own
         */
        CoreNode *fail = core_new(b->arena, CORE_FAIL, line);
        fail->fail.fail = BC_FAIL_BADARITH;
        return fail;
    }
    int ssa = ssa_op_of(op, right == NULL);
    if (ssa >= 0) {
        return op_node(b, CORE_OP, line, (uint32_t)ssa, left, right);
    }
    int compare = compare_of(op);
    if (compare >= 0) {
        return op_node(b, CORE_COMPARE, line, (uint32_t)compare, left, right);
    }
    switch (op) {
    case AST_OP_APPEND:
        return two_args(b, line, "++", left, right);
    case AST_OP_SUBTRACT:
        return two_args(b, line, "--", left, right);
    default:
        return two_args(b, line, "send", left, right); /* so it stands in stack traces */
    }
}

static CoreNode *desugar_unary(Desugar *b, const AstNode *node)
{
    CoreNode *operand = desugar_expr(b, node->unary.operand);
    return desugar_op(b, node->unary.op, desugar_line(b, node->span), operand, NULL);
}

/* What the right side binds is not seen after it. */
static CoreNode *desugar_logical(Desugar *b, const AstNode *node)
{
    CoreLine line = desugar_node_line(b, node);
    bool is_and = node->binary.op == AST_OP_ANDALSO;
    CoreNode *pair = core_new(b->arena, is_and ? CORE_ANDALSO : CORE_ORELSE, line);
    pair->pair.left = desugar_expr(b, node->binary.left);
    uint32_t mark = desugar_mark(b);
    pair->pair.right = desugar_expr(b, node->binary.right);
    desugar_undo(b, mark);
    return pair;
}

/* `[E || Q] ++ Tail`: Erlang's compiler makes Tail the end of the comprehension, so Tail comes
 * first. */
static CoreNode *desugar_comprehension_append(Desugar *b, const AstNode *node)
{
    CoreLine line = desugar_node_line(b, node);
    CoreNode *let = core_new(b->arena, CORE_LET, line);
    let->let.value = desugar_expr(b, node->binary.right);
    let->let.var = desugar_var_new(b);
    CoreNode *left = desugar_expr(b, node->binary.left);
    CoreNode *block = core_new(b->arena, CORE_BLOCK, line);
    block->items = core_list_new(b->arena, 2);
    block->items.items[0] = let;
    block->items.items[1] =
        desugar_op(b, AST_OP_APPEND, line, left, desugar_use(b, line, let->let.var));
    return block;
}

static CoreNode *desugar_binary_op(Desugar *b, const AstNode *node)
{
    AstOp op = node->binary.op;
    if (op == AST_OP_ANDALSO || op == AST_OP_ORELSE) {
        return desugar_logical(b, node);
    }
    if (op == AST_OP_APPEND && node->binary.left->kind == AST_LIST_COMP) {
        return desugar_comprehension_append(b, node);
    }
    CoreNode *left = desugar_expr(b, node->binary.left);
    CoreNode *right = desugar_expr(b, node->binary.right);
    return desugar_op(b, op, desugar_node_line(b, node), left, right);
}

static CoreNode *desugar_match(Desugar *b, const AstNode *node)
{
    CoreLine line = desugar_line(b, node->span);
    const AstNode *left = node->pair.left;
    CoreNode *value = desugar_expr(b, node->pair.right);
    if (ast_is_underscore(left)) {
        return value;
    }
    if (left->kind == AST_VAR && desugar_bound(b, left->name) == 0) {
        CoreNode *let = core_new(b->arena, CORE_LET, line);
        let->let.value = value;
        let->let.var = desugar_var_new(b);
        desugar_bind(b, left->name, let->let.var);
        return let;
    }
    CoreNode *match = core_new(b->arena, CORE_MATCH, line);
    match->match.value = value;
    match->match.pattern = desugar_pattern(b, left, false, 0);
    match->match.tests = desugar_take_tests(b);
    match->match.fail = BC_FAIL_BADMATCH;
    return match;
}

static CoreNode *desugar_block(Desugar *b, const AstNode *node)
{
    return desugar_body(b, node->items);
}

static CoreNode *desugar_tuple_expr(Desugar *b, const AstNode *node)
{
    CoreLine line = desugar_line(b, node->span);
    CoreList items = desugar_exprs(b, node->items);
    return desugar_tuple(b, line, items);
}

/* Are its parts compiled without seeing each other's bindings? In Erlang, what becomes a list, a
 * tuple or a call by name; maps, bitstrings and calls of funs go from left to right. */
static bool is_side_by_side(const AstNode *node)
{
    switch ((AstKind)node->kind) {
    case AST_LIST:
    case AST_TUPLE:
    case AST_CALL:
        return true;
    case AST_RECORD:
        return node->record.base == NULL || node->record.fields.count == 1;
    case AST_BINARY:
        return node->binary.op != AST_OP_ANDALSO && node->binary.op != AST_OP_ORELSE;
    default:
        return false;
    }
}

CoreNode *desugar_expr(Desugar *b, const AstNode *node)
{
    static CoreNode *(*const how[AST__COUNT])(Desugar *, const AstNode *) = {
        [AST_ATOM] = desugar_literal,
        [AST_INTEGER] = desugar_literal,
        [AST_FLOAT] = desugar_literal,
        [AST_CHAR] = desugar_literal,
        [AST_STRING] = desugar_literal,
        [AST_VAR] = desugar_var,
        [AST_LIST] = desugar_list,
        [AST_TUPLE] = desugar_tuple_expr,
        [AST_BIN] = desugar_binary,
        [AST_MAP] = desugar_map,
        [AST_RECORD] = desugar_record,
        [AST_RECORD_INDEX] = desugar_record_index,
        [AST_RECORD_FIELD] = desugar_record_get,
        [AST_MATCH] = desugar_match,
        [AST_UNARY] = desugar_unary,
        [AST_BINARY] = desugar_binary_op,
        [AST_CATCH] = desugar_catch,
        [AST_BLOCK] = desugar_block,
        [AST_IF] = desugar_if,
        [AST_CASE] = desugar_case,
        [AST_RECEIVE] = desugar_receive,
        [AST_TRY] = desugar_try,
        [AST_MAYBE] = desugar_maybe,
        [AST_MAYBE_MATCH] = desugar_maybe_match,
        [AST_CALL] = desugar_call,
        [AST_FUN_LOCAL] = desugar_fun_local,
        [AST_FUN_REMOTE] = desugar_fun_remote,
        [AST_FUN] = desugar_fun,
        [AST_LIST_COMP] = desugar_comprehension,
        [AST_BIN_COMP] = desugar_comprehension,
        [AST_MAP_COMP] = desugar_comprehension,
    };
    if (how[node->kind] == NULL) {
        return desugar_error(b, node->span, "this cannot stand in an expression");
    }
    desugar_operand(b);
    Operands operands = {is_side_by_side(node), b->effect, desugar_mark(b), desugar_mark(b)};
    b->effect = false;
    vec_push(&b->operands, operands);
    CoreNode *built = how[node->kind](b, node);
    b->operands.count--;
    return built;
}
