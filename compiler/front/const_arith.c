/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/front/const_arith.c: operators on constant terms; see const_value.h. */
#include "compiler/front/const_value.h"

/* Of an integer; above that it is Erlang's system_limit (vm/term/big.h has the same). */
enum { MOST_BITS = 524287 * 64 };

static ConstValue shift(ConstWorld *world, ConstValue a, ConstValue by, bool left)
{
    ConstValue result = const_integer(world);
    int64_t count = 0;
    if (!const_to_int64(by, &count)) {
        left = left == (mpz_sgn(by.integer) > 0);
        count = INT64_MAX;
    } else if (count < 0) {
        left = !left;
        count = -(count + 1) + (count != INT64_MIN);
    }
    if (left && (count > MOST_BITS ||
                 mpz_sizeinbase(a.integer, 2) + (uint64_t)count > (uint64_t)MOST_BITS)) {
        return mpz_sgn(a.integer) == 0 ? result : const_fail;
    }
    if (left) {
        mpz_mul_2exp(result.integer, a.integer, (mp_bitcnt_t)count);
    } else {
        mpz_fdiv_q_2exp(result.integer, a.integer, (mp_bitcnt_t)count);
    }
    return result;
}

static ConstValue integers(ConstWorld *world, AstOp op, ConstValue a, ConstValue b)
{
    ConstValue result = const_integer(world);
    mpz_ptr out = result.integer;
    switch (op) {
    case AST_OP_PLUS:
        mpz_add(out, a.integer, b.integer);
        return result;
    case AST_OP_MINUS:
        mpz_sub(out, a.integer, b.integer);
        return result;
    case AST_OP_TIMES:
        if (mpz_sizeinbase(a.integer, 2) + mpz_sizeinbase(b.integer, 2) > MOST_BITS + 1) {
            return const_fail;
        }
        mpz_mul(out, a.integer, b.integer);
        return result;
    case AST_OP_BAND:
        mpz_and(out, a.integer, b.integer);
        return result;
    case AST_OP_BOR:
        mpz_ior(out, a.integer, b.integer);
        return result;
    case AST_OP_BXOR:
        mpz_xor(out, a.integer, b.integer);
        return result;
    case AST_OP_BSL:
    case AST_OP_BSR:
        return shift(world, a, b, op == AST_OP_BSL);
    case AST_OP_DIV:
    case AST_OP_REM:
        if (mpz_sgn(b.integer) == 0) {
            return const_fail;
        }
        (op == AST_OP_DIV ? mpz_tdiv_q : mpz_tdiv_r)(out, a.integer, b.integer);
        return result;
    default:
        return const_fail;
    }
}

static ConstValue floats(AstOp op, ConstValue left, ConstValue right)
{
    double a = 0;
    double b = 0;
    if (!const_to_double(left, &a) || !const_to_double(right, &b)) {
        return const_fail;
    }
    switch (op) {
    case AST_OP_PLUS:
        return const_float(a + b);
    case AST_OP_MINUS:
        return const_float(a - b);
    case AST_OP_TIMES:
        return const_float(a * b);
    case AST_OP_DIVIDE:
        return b == 0 ? const_fail : const_float(a / b);
    default:
        return const_fail;
    }
}

static bool is_boolean(ConstValue value)
{
    return const_is_atom(value, "true") || const_is_atom(value, "false");
}

static ConstValue logic(ConstWorld *world, AstOp op, ConstValue a, ConstValue b)
{
    if (!is_boolean(a) || !is_boolean(b)) {
        return const_fail;
    }
    bool x = const_is_atom(a, "true");
    bool y = const_is_atom(b, "true");
    return const_boolean(world, op == AST_OP_AND ? x && y : op == AST_OP_OR ? x || y : x != y);
}

ConstValue const_binary(ConstWorld *world, AstOp op, ConstValue a, ConstValue b)
{
    if (a.kind == CONST_FAIL || b.kind == CONST_FAIL) {
        return const_fail;
    }
    switch (op) {
    case AST_OP_EQ:
        return const_boolean(world, const_compare(a, b, false) == 0);
    case AST_OP_NE:
        return const_boolean(world, const_compare(a, b, false) != 0);
    case AST_OP_LE:
        return const_boolean(world, const_compare(a, b, false) <= 0);
    case AST_OP_LT:
        return const_boolean(world, const_compare(a, b, false) < 0);
    case AST_OP_GE:
        return const_boolean(world, const_compare(a, b, false) >= 0);
    case AST_OP_GT:
        return const_boolean(world, const_compare(a, b, false) > 0);
    case AST_OP_EXACT_EQ:
        return const_boolean(world, const_compare(a, b, true) == 0);
    case AST_OP_EXACT_NE:
        return const_boolean(world, const_compare(a, b, true) != 0);
    case AST_OP_AND:
    case AST_OP_OR:
    case AST_OP_XOR:
        return logic(world, op, a, b);
    default:
        break;
    }
    if (!const_is_number(a) || !const_is_number(b)) {
        return const_fail;
    }
    bool whole = a.kind == CONST_INTEGER && b.kind == CONST_INTEGER && op != AST_OP_DIVIDE;
    return whole ? integers(world, op, a, b) : floats(op, a, b);
}

ConstValue const_unary(ConstWorld *world, AstOp op, ConstValue a)
{
    if (op == AST_OP_NOT) {
        return is_boolean(a) ? const_boolean(world, const_is_atom(a, "false")) : const_fail;
    }
    if (op == AST_OP_BNOT && a.kind == CONST_INTEGER) {
        ConstValue result = const_integer(world);
        mpz_com(result.integer, a.integer);
        return result;
    }
    if (!const_is_number(a) || op == AST_OP_BNOT) {
        return const_fail;
    }
    if (op == AST_OP_PLUS) {
        return a;
    }
    if (a.kind == CONST_FLOAT) {
        return const_float(-a.number);
    }
    ConstValue result = const_integer(world);
    mpz_neg(result.integer, a.integer);
    return result;
}
