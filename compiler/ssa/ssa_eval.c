/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/ssa/ssa_eval.c: operations on constants, as Erlang computes them. Where the outcome
 * would be a big integer, a float or an exception nothing is said: that is left to run time. */
#include "compiler/ssa/ssa_pass.h"

static const Konst *boolean(Arena *arena, bool value)
{
    return value ? konst_atom(arena, "true", 4) : konst_atom(arena, "false", 5);
}

static bool is_plain(const Konst *k)
{
    return k->kind == KONST_INT || k->kind == KONST_ATOM || k->kind == KONST_NIL;
}

int ssa_eval_compare(uint32_t compare, const Konst *a, const Konst *b)
{
    if (!is_plain(a) || !is_plain(b)) {
        return -1;
    }
    if (compare >= 4) {
        return konst_same(a, b) == (compare == 4 || compare == 6);
    }
    if (a->kind != KONST_INT || b->kind != KONST_INT) {
        return -1;
    }
    switch (compare) {
    case 0:
        return a->integer < b->integer;
    case 1:
        return a->integer <= b->integer;
    case 2:
        return a->integer > b->integer;
    default:
        return a->integer >= b->integer;
    }
}

static bool shift_left(int64_t a, int64_t by, int64_t *out)
{
    if (by < 0 || by > 62 || a > INT64_MAX >> by || a < INT64_MIN >> by) {
        return false;
    }
    *out = (int64_t)((uint64_t)a << by);
    return true;
}

static bool shift_right(int64_t a, int64_t by, int64_t *out)
{
    if (by < 0) {
        return by > -63 && shift_left(a, -by, out);
    }
    *out = a >> ACT_MIN(by, 63);
    return true;
}

static bool integers(SsaOp op, int64_t a, int64_t b, int64_t *out)
{
    switch (op) {
    case SSA_add:
        return !__builtin_add_overflow(a, b, out);
    case SSA_sub:
        return !__builtin_sub_overflow(a, b, out);
    case SSA_mul:
        return !__builtin_mul_overflow(a, b, out);
    case SSA_div:
    case SSA_rem:
        if (b == 0 || b == -1) {
            return b == -1 && op == SSA_rem ? (*out = 0, true) : false;
        }
        *out = op == SSA_div ? a / b : a % b;
        return true;
    case SSA_band:
        *out = a & b;
        return true;
    case SSA_bor:
        *out = a | b;
        return true;
    case SSA_bxor:
        *out = a ^ b;
        return true;
    case SSA_bsl:
        return b < 0 ? b > INT64_MIN && shift_right(a, -b, out) : shift_left(a, b, out);
    case SSA_bsr:
        return shift_right(a, b, out);
    default:
        return false;
    }
}

static int truth(const Konst *k)
{
    return konst_is_atom(k, "true") ? 1 : konst_is_atom(k, "false") ? 0 : -1;
}

static const Konst *booleans(Arena *arena, SsaOp op, int a, int b)
{
    if (a < 0 || b < 0) {
        return NULL;
    }
    switch (op) {
    case SSA_and:
        return boolean(arena, a && b);
    case SSA_or:
        return boolean(arena, a || b);
    case SSA_xor:
        return boolean(arena, a != b);
    default:
        return NULL;
    }
}

static const Konst *unary(Arena *arena, SsaOp op, const Konst *a)
{
    if (op == SSA_not) {
        return truth(a) < 0 ? NULL : boolean(arena, !truth(a));
    }
    if (a->kind != KONST_INT) {
        return NULL;
    }
    switch (op) {
    case SSA_neg:
        return a->integer == INT64_MIN ? NULL : konst_int(arena, -a->integer);
    case SSA_plus:
        return a;
    case SSA_bnot:
        return konst_int(arena, ~a->integer);
    default:
        return NULL;
    }
}

const Konst *ssa_eval(Arena *arena, SsaOp op, uint32_t imm, const SsaArg *args, uint32_t count)
{
    if (count == 0 || count > 2 || !args[0].konst || (count == 2 && !args[1].konst)) {
        return NULL;
    }
    const Konst *a = args[0].konst;
    if (count == 1) {
        return unary(arena, op, a);
    }
    const Konst *b = args[1].konst;
    if (op == SSA_compare) {
        int outcome = ssa_eval_compare(imm, a, b);
        return outcome < 0 ? NULL : boolean(arena, outcome);
    }
    int64_t out;
    if (a->kind == KONST_INT && b->kind == KONST_INT) {
        return integers(op, a->integer, b->integer, &out) ? konst_int(arena, out) : NULL;
    }
    return booleans(arena, op, truth(a), truth(b));
}
