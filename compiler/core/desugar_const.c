/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/core/desugar_const.c: arithmetic on constants, for patterns (where it must be constant)
 * and expressions (where it may be). Integers of any size go through GMP; results beyond MAX_BITS
 * are left for run time. */
#include "compiler/core/desugar.h"
#include "vm/base/bug.h"
#include <gmp.h>
#include <math.h>
#include <string.h>

enum { MAX_BITS = 1 << 16 };

_Static_assert(sizeof(mp_limb_t) == 8, "limbs are 64 bits");

static bool is_integer(const Konst *a)
{
    return a->kind == KONST_INT || a->kind == KONST_BIG;
}

static void to_mpz(mpz_t z, const Konst *a)
{
    if (a->kind == KONST_INT) {
        mpz_set_si(z, (long)a->integer);
        return;
    }
    mpz_import(z, a->count, -1, sizeof(uint64_t), 0, 0, a->big.limbs);
    if (a->big.negative) {
        mpz_neg(z, z);
    }
}

static const Konst *from_mpz(Arena *arena, const mpz_t z)
{
    if (mpz_fits_slong_p(z)) {
        return konst_int(arena, mpz_get_si(z));
    }
    size_t count = mpz_size(z);
    uint64_t *limbs = ARENA_ARRAY(arena, uint64_t, count);
    mpz_export(limbs, &count, -1, sizeof(uint64_t), 0, 0, z);
    return konst_big(arena, mpz_sgn(z) < 0, limbs, (uint32_t)count);
}

const Konst *desugar_integer(Desugar *b, const AstNode *node)
{
    if (node->integer.digits == NULL) {
        return konst_int(b->arena, node->integer.small);
    }
    mpz_t z;
    mpz_init_set_str(z, node->integer.digits, (int)node->integer.base);
    const Konst *konst = from_mpz(b->arena, z);
    mpz_clear(z);
    return konst;
}

static const Konst *boolean(Desugar *b, bool value)
{
    return desugar_atom_text(b, value ? "true" : "false");
}

static int boolean_of(const Konst *a)
{
    if (a->kind != KONST_ATOM) {
        return -1;
    }
    return strcmp(a->text, "true") == 0 ? 1 : strcmp(a->text, "false") == 0 ? 0 : -1;
}

const Konst *desugar_const_unary(Desugar *b, AstOp op, const Konst *a)
{
    if (op == AST_OP_NOT) {
        int value = boolean_of(a);
        return value < 0 ? NULL : boolean(b, !value);
    }
    if (a->kind == KONST_FLOAT) {
        return op == AST_OP_MINUS ? konst_float(b->arena, -a->real) : op == AST_OP_PLUS ? a : NULL;
    }
    if (!is_integer(a)) {
        return NULL;
    }
    mpz_t z;
    mpz_init(z);
    to_mpz(z, a);
    if (op == AST_OP_MINUS) {
        mpz_neg(z, z);
    } else if (op == AST_OP_BNOT) {
        mpz_com(z, z);
    }
    const Konst *konst = from_mpz(b->arena, z);
    mpz_clear(z);
    return konst;
}

static bool shift(mpz_t r, const mpz_t x, const mpz_t by, bool left)
{
    if (!mpz_fits_sint_p(by)) {
        return false;
    }
    long n = mpz_get_si(by);
    n = left ? n : -n;
    if (n > MAX_BITS) {
        return false;
    }
    if (n >= 0) {
        mpz_mul_2exp(r, x, (mp_bitcnt_t)n);
    } else {
        mpz_fdiv_q_2exp(r, x, (mp_bitcnt_t)-n);
    }
    return true;
}

static bool integer_op(mpz_t r, AstOp op, const mpz_t x, const mpz_t y)
{
    switch (op) {
    case AST_OP_PLUS:
        mpz_add(r, x, y);
        return true;
    case AST_OP_MINUS:
        mpz_sub(r, x, y);
        return true;
    case AST_OP_TIMES:
        mpz_mul(r, x, y);
        return true;
    case AST_OP_DIV:
    case AST_OP_REM:
        if (mpz_sgn(y) == 0) {
            return false;
        }
        if (op == AST_OP_DIV) {
            mpz_tdiv_q(r, x, y);
        } else {
            mpz_tdiv_r(r, x, y);
        }
        return true;
    case AST_OP_BAND:
        mpz_and(r, x, y);
        return true;
    case AST_OP_BOR:
        mpz_ior(r, x, y);
        return true;
    case AST_OP_BXOR:
        mpz_xor(r, x, y);
        return true;
    case AST_OP_BSL:
    case AST_OP_BSR:
        return shift(r, x, y, op == AST_OP_BSL);
    default:
        return false;
    }
}

static const Konst *integers(Desugar *b, AstOp op, const Konst *a, const Konst *c)
{
    mpz_t x, y, r;
    mpz_inits(x, y, r, NULL);
    to_mpz(x, a);
    to_mpz(y, c);
    bool done = mpz_sizeinbase(x, 2) + mpz_sizeinbase(y, 2) <= MAX_BITS &&
                integer_op(r, op, x, y) && mpz_sizeinbase(r, 2) <= MAX_BITS;
    const Konst *konst = done ? from_mpz(b->arena, r) : NULL;
    mpz_clears(x, y, r, NULL);
    return konst;
}

static bool to_double(const Konst *a, double *out)
{
    if (a->kind == KONST_FLOAT) {
        *out = a->real;
        return true;
    }
    /* larger ones are left for run time, which rounds as Erlang does */
    if (a->kind == KONST_INT && a->integer <= 1LL << 53 && a->integer >= -(1LL << 53)) {
        *out = (double)a->integer;
        return true;
    }
    return false;
}

static const Konst *floats(Desugar *b, AstOp op, const Konst *a, const Konst *c)
{
    double x, y, r;
    if (!to_double(a, &x) || !to_double(c, &y)) {
        return NULL;
    }
    switch (op) {
    case AST_OP_PLUS:
        r = x + y;
        break;
    case AST_OP_MINUS:
        r = x - y;
        break;
    case AST_OP_TIMES:
        r = x * y;
        break;
    case AST_OP_DIVIDE:
        if (y == 0) {
            return NULL;
        }
        r = x / y;
        break;
    default:
        return NULL;
    }
    return isfinite(r) ? konst_float(b->arena, r) : NULL;
}

static const Konst *booleans(Desugar *b, AstOp op, int x, int y)
{
    switch (op) {
    case AST_OP_AND:
        return boolean(b, x && y);
    case AST_OP_OR:
        return boolean(b, x || y);
    case AST_OP_XOR:
        return boolean(b, x != y);
    default:
        return NULL;
    }
}

static uint32_t points_of(const Konst *a, uint32_t *out)
{
    if (a->kind == KONST_NIL) {
        return 0;
    }
    memcpy(out, a->points, a->count * sizeof *out);
    return a->count;
}

/* "abc" ++ "def" */
static const Konst *append(Desugar *b, const Konst *a, const Konst *c)
{
    if (a->kind == KONST_NIL) {
        return c;
    }
    if (a->kind != KONST_STRING || (c->kind != KONST_STRING && c->kind != KONST_NIL)) {
        return NULL;
    }
    uint32_t *points = ARENA_ARRAY(b->arena, uint32_t, (size_t)a->count + c->count + 1);
    uint32_t count = points_of(a, points);
    count += points_of(c, points + count);
    return konst_string(b->arena, points, count);
}

const Konst *desugar_const_binary(Desugar *b, AstOp op, const Konst *a, const Konst *c)
{
    if (op == AST_OP_APPEND) {
        return append(b, a, c);
    }
    if (is_integer(a) && is_integer(c) && op != AST_OP_DIVIDE) {
        return integers(b, op, a, c);
    }
    if (boolean_of(a) >= 0 && boolean_of(c) >= 0) {
        return booleans(b, op, boolean_of(a), boolean_of(c));
    }
    return floats(b, op, a, c);
}
