/* SPDX-License-Identifier: Apache-2.0 */
/* vm/code/verify.h: what the files of the verifier share; docs/design/VERIFIER.md tells the rules.
 *
 * verify.c looks at the shape of the whole file, verify_flow.c follows the code of a function,
 * verify_state.c knows what a register may hold. One thread, one module at a time. */
#ifndef ACT_CODE_VERIFY_H
#define ACT_CODE_VERIFY_H

#include "vm/base/vec.h"
#include "vm/bytecode/small_range.h"
#include "vm/code/code.h"

/* What is known of a value: kind in the low four bits, a number above. */
typedef uint32_t VType;
enum {
    VTYPE_NONE,     /* nothing, or two kinds that do not go together */
    VTYPE_ANY,      /* a term; so are all up to VTYPE_TUPLE */
    VTYPE_NIL,      /* [], which is also a raw stack trace, of nothing */
    VTYPE_CONS,     /* */
    VTYPE_FRESH,    /* a cons; the newest thing built while the number is the state's stamp */
    VTYPE_MAP,      /* */
    VTYPE_SMALL,    /* a small integer of that range (small_range.h) */
    VTYPE_AT_LEAST, /* a tuple of at least so many elements */
    VTYPE_TUPLE,    /* a tuple of so many elements */
    VTYPE_CONTEXT,  /* a match context */
    VTYPE_EITHER,   /* a term or a match context */
    VTYPE_TRACE,    /* a raw stack trace */
    VTYPE_BITS = 4,
};
#define VTYPE(kind, n) ((VType)(n) << VTYPE_BITS | (VType)(kind))
#define VTYPE_KIND(type) ((type) & ((1u << VTYPE_BITS) - 1))
#define VTYPE_N(type) ((type) >> VTYPE_BITS)

enum {
    VERIFY_X = 256,
    VERIFY_NO_COPY = UINT32_MAX,
    VERIFY_MAX_TUPLE = (1 << 24) - 1,
    VERIFY_LIVE_Y = 32, /* slots a site's mask speaks of */
};

/* The machine before an instruction. X at and above x_count are VTYPE_NONE. A register's copy is
 * the register that holds the same value, if that one says so too: X by number, Y from VERIFY_X. */
typedef struct {
    uint32_t x_count;
    uint32_t frame;
    uint32_t heap;
    uint32_t stamp;
    bool message;
    bool framed; /* `frame` has been here: there is room for a return address */
    VType x[VERIFY_X];
    uint32_t x_copy[VERIFY_X];
    VType *
        y; /* room for the largest frame so far, as y_copy: numbers of slots given back stay good */
    uint32_t *y_copy;
    uint32_t y_room;
} VerifyState;

/* What is known at a label. */
typedef struct {
    uint32_t at;    /* in the code, the instruction `label`; VERIFY_NOWHERE: it does not stand */
    uint32_t order; /* among the labels, by place */
    bool used;
    bool reached;
    bool dirty; /* to be walked from */
    bool message, framed;
    uint32_t x_count, frame, heap;
    size_t data; /* in pool: types of X, of Y, copies of X, of Y */
} VerifyLabel;
enum { VERIFY_NOWHERE = UINT32_MAX };

typedef struct {
    const BcModule *file;
    char *error;
    size_t error_size;
    uint64_t budget; /* steps left */

    signed char *guards; /* of each import: 1 guard built-in, 0 not, -1 not asked yet */

    /* the function at work */
    const BcFunction *function;
    size_t at;
    VEC(VerifyLabel) labels; /* by number; [0] unused */
    VEC(uint32_t) by_place;  /* label numbers */
    VEC(uint32_t) pool;
    uint32_t low;    /* no label before this place is dirty */
    uint32_t stamps; /* last one given */
    VerifyState *state;
    bool never; /* the instruction just looked at never goes on */
} Verify;

/* Writes the error; returns false, for `return verify_fail(…)`. */
ACT_PRINTF(2, 3) bool verify_fail(Verify *v, const char *format, ...);
/* Takes steps off the budget; false, with the error written, when it is used up. */
bool verify_spend(Verify *v, uint64_t steps);

/* verify_site.c. Needs: false, with the error written, when the state does not meet them. */
bool verify_lacks(Verify *v, uint32_t argument, const char *what); /* always false */
bool verify_need_any(Verify *v, uint32_t argument);
bool verify_need_anys(Verify *v, const uint32_t *arguments, uint32_t count);
/* kind: of VType. */
bool verify_need_kind(Verify *v, uint32_t argument, unsigned kind);
/* A tuple of at least n elements; exactly n if exact. */
bool verify_need_tuple(Verify *v, uint32_t argument, uint32_t n, bool exact);
/* Takes words off those made sure of; something is built: no cons stays fresh. */
bool verify_need_heap(Verify *v, uint64_t words);
bool verify_need_frame(Verify *v, uint32_t frame);
bool verify_need_message(Verify *v, bool wanted);
/* The state may go on at the label. */
bool verify_edge(Verify *v, uint32_t label);
/* An instruction that may raise or allocate but moves nothing; f: its failure label, or 0. */
bool verify_pass_site(Verify *v, uint32_t site, uint32_t f);
/* One that may collect: only what is live stays. */
bool verify_pass_collect(Verify *v, uint32_t site, bool raises);
/* Waiting: as collecting, but no X stays. */
bool verify_pass_wait(Verify *v, uint32_t site);
/* A call with arity arguments, and one that ends the function; callee: the function of this module
 * that is called, whose contexts and smalls say more of the arguments; else NULL. */
bool verify_pass_call(Verify *v, uint32_t site, uint32_t arity, const BcFunction *callee);
bool verify_pass_tail(Verify *v, uint32_t frame, uint32_t site, uint32_t arity,
                      const BcFunction *callee);

/* verify_small.c: typed instructions, and the results of others that are small integers. */
bool verify_step_small(Verify *v, uint32_t op, const uint32_t *a);
VType verify_small_type(SmallRange range);
/* What is known of the result of an instruction with operands "d…" that may be a small integer. */
VType verify_result(const Verify *v, uint32_t op, const uint32_t *a);

/* verify_cycle.c. No loop of v->function, whose shape has been looked at, runs without end in one
 * turn. */
bool verify_cycles(Verify *v);

/* verify_flow.c. Follows v->function, whose shape has been looked at. */
bool verify_flow(Verify *v);

/* verify_state.c. Types of a register; VTYPE_NONE if it has none. */
VType verify_type(const Verify *v, uint32_t argument);
/* Any term may come out of it. */
bool verify_is_any(VType type);
/* A value of which the one is known may also be of the other. */
bool verify_can_be(VType known, VType type);
/* The register now holds a new value of this type. False (error written): no such slot. */
bool verify_set(Verify *v, uint32_t argument, VType type);
/* d now holds what s holds. */
bool verify_move(Verify *v, uint32_t to, uint32_t from);
/* The value in the register is known to be of this type. */
void verify_learn(Verify *v, uint32_t argument, VType type);
/* X from number `first` on hold nothing any more. */
void verify_drop_x(Verify *v, uint32_t first);
/* A FRESH cons is fresh no longer. */
void verify_nothing_fresh(Verify *v);
/* The state may go on at the label. False (error written): its other states forbid it. *changed:
 * the label knows less than before, or is reached for the first time. */
bool verify_join(Verify *v, uint32_t label, bool *changed);
/* The state is what the label knows. */
void verify_take(Verify *v, uint32_t label);

#endif
