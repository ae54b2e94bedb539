/* SPDX-License-Identifier: Apache-2.0 */
/* vm/exec/exec_arith.c: operators off the loop's fast paths, comparison as a value, type tests. */
#include "vm/exec/exec_slow.h"

#include "vm/sched/away.h"
#include "vm/term/arith.h"
#include "vm/term/binary.h"
#include "vm/term/compare.h"
#include "vm/vm_parts.h"

static Term operator_name(ExecOp op)
{
    switch (op) {
#define NAME(xop, atom) \
    case XOP_##xop: \
        return ATOM(atom);
        NAME(add, plus)
        NAME(sub, minus)
        NAME(mul, times)
        NAME(fdiv, divide)
        NAME(div, div)
        NAME(rem, rem)
        NAME(neg, minus)
        NAME(plus, plus)
        NAME(band, band)
        NAME(bor, bor)
        NAME(bxor, bxor)
        NAME(bsl, bsl)
        NAME(bsr, bsr)
        NAME(bnot, bnot)
        NAME(not, not )
        NAME(and, and)
        NAME(or, or)
        NAME(xor, xor)
#undef NAME
    default:
        VM_BUG("opcode %d is no operator", op);
    }
}

/* Raises with the operator's name and arguments kept for the trace. */
static Term fail(Process *p, ExecOp op, Term a, Term b, Term reason)
{
    bool two = !term_same(b, TERM_NONE);
    Term *words = process_alloc(p, two ? 4 : 2);
    if (!words) {
        return TERM_NONE;
    }
    Term args = TERM_NIL;
    if (two) {
        args = build_cons(&words, b, args);
    }
    args = build_cons(&words, a, args);
    raise_error(p, reason);
    p->raise_args = args;
    p->trap_args[0] = operator_name(op);
    p->trap_count = 1;
    return TERM_NONE;
}

static bool turns(ExecOp op)
{
    return op == XOP_add || op == XOP_mul || op == XOP_band || op == XOP_bor || op == XOP_bxor ||
           op == XOP_and || op == XOP_or || op == XOP_xor;
}

/* As Erlang's compiler has them: a constant is the second operand where the order is the same to
 * the result, and what is done on floats tells no operator. */
TraceTop exec_arith_top(Process *p, ExecOp op, bool constant_a, bool constant_b)
{
    Term *first = cons_cell(p->raise_args);
    bool two = !term_is_nil(first[1]);
    bool constant = constant_a && (!two || constant_b);
    bool on_float = (constant_a && term_is_float(first[0])) ||
                    (two && constant_b && term_is_float(cons_head(first[1])));
    if (!constant &&
        (op == XOP_fdiv || (on_float && (op == XOP_add || op == XOP_sub || op == XOP_mul)))) {
        return (TraceTop){.module = TERM_NONE, .name = TERM_NONE, .args = TERM_NONE};
    }
    if (turns(op) && constant_a && !constant_b) {
        Term *second = cons_cell(first[1]), a = first[0];
        first[0] = second[0];
        second[0] = a;
    }
    return (TraceTop){
        .module = ATOM(erlang), .name = p->trap_args[0], .args = p->raise_args, .native = true};
}

static Term boolean(Process *p, ExecOp op, Term a, Term b)
{
    if (!term_is_bool(a) || (op != XOP_not && !term_is_bool(b))) {
        return fail(p, op, a, b, ATOM(badarg));
    }
    bool left = term_same(a, ATOM(true)), right = term_same(b, ATOM(true));
    switch (op) {
    case XOP_not:
        return term_bool(!left);
    case XOP_and:
        return term_bool(left && right);
    case XOP_or:
        return term_bool(left || right);
    default:
        return term_bool(left != right);
    }
}

static Term number(const TermRoom *room, ExecOp op, Term a, Term b, NumberError *error)
{
    switch (op) {
    case XOP_add:
        return arith_add(room, a, b, error);
    case XOP_sub:
        return arith_sub(room, a, b, error);
    case XOP_mul:
        return arith_mul(room, a, b, error);
    case XOP_fdiv:
        return arith_fdiv(room, a, b, error);
    case XOP_div:
        return arith_div(room, a, b, error);
    case XOP_rem:
        return arith_rem(room, a, b, error);
    case XOP_neg:
        return arith_neg(room, a, error);
    case XOP_plus:
        return arith_plus(room, a, error);
    case XOP_band:
        return arith_band(room, a, b, error);
    case XOP_bor:
        return arith_bor(room, a, b, error);
    case XOP_bxor:
        return arith_bxor(room, a, b, error);
    case XOP_bnot:
        return arith_bnot(room, a, error);
    case XOP_bsl:
        return arith_bsl(room, a, b, error);
    default:
        return arith_bsr(room, a, b, error);
    }
}

static size_t words_of(Term t)
{
    return term_is_big(t) ? header_words(boxed_header(t)) : 1;
}

/* How long an operation on integers takes, in steps (sched/away.h). */
static size_t steps_of(ExecOp op, Term a, Term b)
{
    enum { PRODUCTS_PER_STEP = 256, WORDS_PER_STEP = 64, WORD_BITS = 64 };
    size_t x = words_of(a), y = term_same(b, TERM_NONE) ? 1 : words_of(b);
    switch (op) {
    case XOP_mul:
    case XOP_div:
    case XOP_rem:
        return x * y / PRODUCTS_PER_STEP;
    case XOP_bsl:
        y = term_is_small(b) && small_value(b) > 0 ? (size_t)small_value(b) / WORD_BITS : 1;
        return (x + y) / WORDS_PER_STEP;
    default:
        return (x + y) / WORDS_PER_STEP;
    }
}

static Term arith_away(Process *p, const Term *a)
{
    return exec_arith(p, (ExecOp)small_value(a[2]), a[0], a[1]);
}

Term exec_arith(Process *p, ExecOp op, Term a, Term b)
{
    if (ACT_UNLIKELY(p->away == AWAY_BACK)) {
        return away_take(p);
    }
    if (op == XOP_not || op == XOP_and || op == XOP_or || op == XOP_xor) {
        return boolean(p, op, a, b);
    }
    if (ACT_UNLIKELY(term_is_integer(a) && (term_same(b, TERM_NONE) || term_is_integer(b)) &&
                     away_wanted(p, steps_of(op, a, b)))) {
        const Term args[3] = {a, b, small_make(op)};
        return away_ask(p, arith_away, args, 3);
    }
    TermRoom room = heap_room(&p->heap);
    NumberError error = NUMBER_OK;
    Term result = number(&room, op, a, b, &error);
    if (ACT_LIKELY(!term_same(result, TERM_NONE))) {
        return result;
    }
    switch (error) {
    case NUMBER_NO_MEMORY:
        return raise_no_memory(p);
    case NUMBER_SYSTEM_LIMIT:
        return fail(p, op, a, b, ATOM(system_limit));
    default:
        return fail(p, op, a, b, ATOM(badarith));
    }
}

static bool compared(Compare which, int diff)
{
    switch (which) {
    case COMPARE_LESS:
        return diff < 0;
    case COMPARE_LESS_EQUAL:
        return diff <= 0;
    case COMPARE_GREATER:
        return diff > 0;
    case COMPARE_GREATER_EQUAL:
        return diff >= 0;
    case COMPARE_EQUAL:
    case COMPARE_EQUAL_EXACT:
        return diff == 0;
    default:
        return diff != 0;
    }
}

static Term compare_away(Process *p, const Term *a)
{
    Compare which = (Compare)small_value(a[2]);
    bool equality = which >= COMPARE_EQUAL;
    int diff = equality ? !term_equal_slow(a[0], a[1], which >= COMPARE_EQUAL_EXACT)
                        : term_compare_slow(p->vm->atoms, a[0], a[1], false);
    return term_bool(compared(which, diff));
}

/* There were too few steps. */
static ACT_NOINLINE int compare_long(Process *p, Compare which, Term a, Term b)
{
    const Term args[3] = {a, b, small_make(which)};
    if (away_wanted(p, AWAY_STEPS + 1)) {
        away_ask(p, compare_away, args, 3);
        return -1;
    }
    return term_same(compare_away(p, args), ATOM(true));
}

int exec_equal_slow(Process *p, Term a, Term b, bool exact)
{
    if (ACT_UNLIKELY(p->away == AWAY_BACK)) {
        return term_same(away_take(p), ATOM(true));
    }
    int64_t budget = AWAY_STEPS;
    bool equal = term_equal_within(a, b, exact, &budget);
    return ACT_LIKELY(budget > 0)
               ? equal
               : compare_long(p, exact ? COMPARE_EQUAL_EXACT : COMPARE_EQUAL, a, b);
}

int exec_order_slow(Process *p, Compare which, Term a, Term b)
{
    if (ACT_UNLIKELY(p->away == AWAY_BACK)) {
        return term_same(away_take(p), ATOM(true));
    }
    int64_t budget = AWAY_STEPS;
    int diff = term_compare_within(p->vm->atoms, a, b, false, &budget);
    return ACT_LIKELY(budget > 0) ? compared(which, diff) : compare_long(p, which, a, b);
}

static int negated(int is_so)
{
    return is_so < 0 ? is_so : !is_so;
}

int exec_compare(Process *p, Compare which, Term a, Term b)
{
    switch (which) {
    case COMPARE_EQUAL:
        return exec_equal(p, a, b);
    case COMPARE_UNEQUAL:
        return negated(exec_equal(p, a, b));
    case COMPARE_EQUAL_EXACT:
        return exec_equal_exact(p, a, b);
    case COMPARE_UNEQUAL_EXACT:
        return negated(exec_equal_exact(p, a, b));
    default:
        return term_same(a, b) || terms_are_small(a, b)
                   ? compared(which, term_compare(p->vm->atoms, a, b))
                   : exec_order_slow(p, which, a, b);
    }
}

static bool is_binary(Term t)
{
    if (!term_is_bitstring(t)) {
        return false;
    }
    return binary_bits(t) % 8 == 0;
}

bool exec_type_test(uint32_t opcode, Term t)
{
    switch (opcode) {
    case BC_is_atom:
        return term_is_atom(t);
    case BC_is_boolean:
        return term_is_bool(t);
    case BC_is_integer:
        return term_is_integer(t);
    case BC_is_float:
        return term_is_float(t);
    case BC_is_number:
        return term_is_number(t);
    case BC_is_list:
        return term_is_list(t);
    case BC_is_nil:
        return term_is_nil(t);
    case BC_is_cons:
        return term_is_cons(t);
    case BC_is_tuple:
        return term_is_tuple(t);
    case BC_is_map:
        return term_is_map(t);
    case BC_is_binary:
        return is_binary(t);
    case BC_is_bitstring:
        return term_is_bitstring(t);
    case BC_is_pid:
        return term_is_pid(t);
    case BC_is_port:
        return term_is_port(t);
    case BC_is_reference:
        return term_is_ref(t);
    case BC_is_function:
        return term_is_fun(t);
    case BC_is_true:
        return term_same(t, ATOM(true));
    default:
        return false;
    }
}

bool exec_is_function_of(Term t, Term arity)
{
    return term_is_fun(t) && term_is_small(arity) && small_value(arity) == fun_arity(t);
}
