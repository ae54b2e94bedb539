/* SPDX-License-Identifier: Apache-2.0 */
/* vm/exec/exec_slow.h: the parts of instructions that are too long or too rare for the loop.
 *
 * All run with the process's heap pointers stored in p->heap (the loop's copies written back). */
#ifndef ACT_EXEC_EXEC_SLOW_H
#define ACT_EXEC_EXEC_SLOW_H

#include "vm/exec/exec.h"
#include "vm/term/compare.h"

/* collect.c: collects at a site, with room for need words; x: the registers that the site's masks
 * speak of, or NULL. one: one more root, or NULL. False: no memory, the process must end. */
bool exec_collect(Process *p, const Site *site, Term *x, Term *one, size_t need);
/* The same on a helper thread, if the heap is large: true, and the instruction, whose registers are
 * all kept, is executed again afterwards (sched/away.h). */
bool exec_collect_away(Process *p, const Site *site, size_t need);
/* Where a frame has no slots and nothing is live: for collections outside any site. */
extern const Site exec_site_bare;

/* exec_arith.c: the operator on any terms; TERM_NONE with the raise done (its arguments kept for
 * the trace). b is ignored by those of one operand. */
Term exec_arith(Process *p, ExecOp op, Term a, Term b);
/* The u operand of the opcode `compare`. */
typedef enum {
    COMPARE_LESS,
    COMPARE_LESS_EQUAL,
    COMPARE_GREATER,
    COMPARE_GREATER_EQUAL,
    COMPARE_EQUAL,
    COMPARE_UNEQUAL,
    COMPARE_EQUAL_EXACT,
    COMPARE_UNEQUAL_EXACT,
} Compare;
/* 1: it is so, 0: it is not; <0: the terms are huge, p goes away to compare them (sched/away.h). */
int exec_compare(Process *p, Compare which, Term a, Term b);
/* Of different words, for the tests below. */
int exec_equal_slow(Process *p, Term a, Term b, bool exact);
int exec_order_slow(Process *p, Compare which, Term a, Term b);
ACT_INLINE int exec_equal_exact(Process *p, Term a, Term b)
{
    if (term_same(a, b)) {
        return 1;
    }
    return term_is_word(a) || (a.w & TAG_MASK) != (b.w & TAG_MASK) ? 0
                                                                   : exec_equal_slow(p, a, b, true);
}
ACT_INLINE int exec_equal(Process *p, Term a, Term b)
{
    if (term_same(a, b)) {
        return 1;
    }
    return terms_are_small(a, b) ? 0 : exec_equal_slow(p, a, b, false);
}
ACT_INLINE int exec_less(Process *p, Term a, Term b)
{
    if (terms_are_small(a, b)) {
        return (int64_t)a.w < (int64_t)b.w;
    }
    if (terms_are_immediate_floats(a, b)) {
        return float_immediate_value(a) < float_immediate_value(b);
    }
    return term_same(a, b) ? 0 : exec_order_slow(p, COMPARE_LESS, a, b);
}
/* The test of one operand that opcode is_… makes. */
bool exec_type_test(uint32_t opcode, Term t);
bool exec_is_function_of(Term t, Term arity);

/* build.c: maps and tuples; pairs are operand words, read through slots. TERM_NONE: raised. */
typedef struct {
    const uintptr_t *bases;
    const Code *operands;
    uint32_t count;
} Operands;
Term exec_map_new(Process *p, const Operands *pairs);
Term exec_map_put(Process *p, Term map, const Operands *pairs);
Term exec_map_update(Process *p, Term map, const Operands *pairs);
Term exec_list_of(Process *p, const Operands *items);

/* raise.c */
/* What stands at the top of a new trace. */
typedef struct {
    Term module, name; /* TERM_NONE: nothing but the place itself */
    Term args;         /* list, or TERM_NONE; with module none: arguments of the place's function */
    bool native;       /* error_info is told */
    bool in_apply;     /* below it stands erlang:apply/2, the function, not the instruction */
} TraceTop;
/* exec_arith.c: what Erlang tells of an operator that exec_arith could not do. constant_a,
 * constant_b: the operand stands as a constant in the program (b is ignored by those of one
 * operand). */
TraceTop exec_arith_top(Process *p, ExecOp op, bool constant_a, bool constant_b);
/* Completes a pending raise: keeps or takes the trace, then unwinds p->heap.stack to the frame of a
 * handler and returns its code, with class, reason and trace in x[0..2]; NULL if nothing catches:
 * p->exit_reason is set. site: where it was raised, NULL if the stack's top is a return address. */
const Code *exec_raise(Process *p, Term *x, const Site *site, const TraceTop *top);
/* The list form of a raw trace. TERM_NONE: no memory. */
Term exec_stacktrace(Process *p, Term raw);
/* The reason of BcFail `kind` with its value; the raise is done. */
void exec_fail(Process *p, uint32_t kind, Term value);

/* call.c */
/* The code of module:name/arity for an export that has none: loads what can be loaded at once, or
 * sets x up for error_handler; NULL: raised (undef). Sets *live to the arguments of what it
 * returns. */
const Code *exec_undefined(Process *p, Export *export, Term *x, uint32_t *live);
/* The code of a fun whose entry leads to its stub, called with its arguments and free values in x:
 * the stub itself if the call must wait for a purge, that of error_handler:undefined_lambda/3 with
 * x set up for it if the module is not there; NULL: raised (badfun). */
const Code *exec_undefined_fun(Process *p, const FunEntry *entry, Term *x, uint32_t *live);
/* The code of a fun called with arity arguments in x, its free values put behind them; NULL: raised
 * (badfun, badarity). */
const Code *exec_fun(Process *p, Term fun, uint32_t arity, Term *x, uint32_t *live);
/* The export of module:name/arity, both any terms; NULL: raised (badarg). */
Export *exec_export(Process *p, Term module, Term name, uint32_t arity);
/* True if export is erlang:error, exit/1 or throw/1: then it has been done, and p raises. As
 * Erlang, whose apply in tail position keeps the caller's frame for these alone. */
bool exec_only_raises(const Export *export, const Term *x, Process *p);
/* Spreads a list into x; its length, of which x has the first BC_MAX_ARITY, or -1: raised (badarg).
 * Of a very long list the length is not counted to its end. */
int exec_spread(Process *p, Term list, Term *x);
/* A call with more arguments than any function has: what Erlang does with a call
 * that finds nothing. NULL: raised. */
const Code *exec_apply_long(Process *p, const Term *callee, bool by_name, Term list, int count,
                            Term *x, uint32_t *live);
/* After exec_spread failed: the stack trace shall show apply's own arguments. callee: module and
 * name, or a fun. */
void exec_tell_apply(Process *p, const Term *callee, bool by_name, Term list);

/* receive.c */
/* recv_peek: the message under examination, taking signals in if need be. NULL: none. */
Signal *exec_peek(Process *p);
void exec_accept(Process *p);
/* What recv_wait_until does with its time: */
typedef enum { UNTIL_WAIT, UNTIL_OVER, UNTIL_RAISED } UntilEnd;
UntilEnd exec_wait_until(Process *p, Term time);

#endif
