/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/match_spec.h: match specifications as small programs.
 *
 * A clause {Head, Guards, Body} becomes three runs of instructions. Matching goes from place to
 * place: a place is a word of a compound that a register holds. Guards and body work on a stack of
 * terms. Terms of the row are not copied while guards run; a body's value is copied to the heap of
 * the process where it can refer to the row.
 *
 * The instructions' constants are the specification's own terms: a program is good as long as they
 * stay where they are, which within a built-in they do. */
#ifndef ACT_BIF_MATCH_SPEC_H
#define ACT_BIF_MATCH_SPEC_H

#include "vm/base/vec.h"
#include "vm/bif/bif.h"
#include "vm/ets/ets_row.h"

typedef enum {
    /* matching: place (reg, at) must be …; dst: register for its parts, or the variable's index */
    MS_TUPLE, /* a tuple of `value` (small) elements */
    MS_CONS,
    MS_MAP,   /* a map */
    MS_VALUE, /* a map, and the value of its key `value` goes to register dst, at 0 */
    MS_WORD,  /* the same word as value */
    MS_EQUAL, /* =:= value */
    MS_BIND,
    MS_SAME, /* =:= variable dst */
    /* guards and bodies; copied: a copy on the heap, for a value that leaves */
    MS_PUSH,     /* value */
    MS_PUSH_VAR, /* variable dst */
    MS_PUSH_ALL, /* list of all variables, by number */
    MS_PUSH_ROW,
    MS_COPY,       /* the top of the stack becomes a copy */
    MS_CALL,       /* bif(at arguments) */
    MS_MAKE_TUPLE, /* of `at` elements */
    MS_MAKE_CONS,
    MS_MAKE_MAP, /* of `at` pairs */
    MS_AND,      /* at booleans */
    MS_OR,
    MS_AND_ALSO, /* top false: to instruction at; true: dropped; else the guard fails */
    MS_OR_ELSE,
    MS_MUST, /* the top must be true, and goes */
    MS_TEST, /* bif(variable dst, value) must be true; at: MsTest, how small integers compare */
    MS_DROP,
} MsCode;

typedef enum {
    MS_TEST_LESS = 1,
    MS_TEST_EQUAL = 2,
    MS_TEST_GREATER = 4,
} MsTest; /* together: which of them will do */

typedef struct {
    uint8_t code; /* MsCode */
    bool copied;
    uint32_t reg;
    uint32_t at;
    uint32_t dst;
    Term value;
    BifFunction bif;
} MsOp;

typedef struct {
    size_t head, guards, body, end; /* indices of instructions */
    Term key;                       /* pattern of the head's key; TERM_NONE: any, or no tuple */
    uint32_t first_variable;        /* in MsProgram.numbers */
    uint32_t variables;             /* of this clause */
    bool never;                     /* no row can match */
} MsClause;

typedef struct {
    VEC(MsOp) ops;
    VEC(MsClause) clauses;
    VEC(uint32_t) numbers; /* of the variables, clause by clause: 1 of '$1' */
    uint32_t registers;    /* needed at most */
    uint32_t variables;
    uint32_t stack;
    /* room for running: registers, variables and stack */
    const Term **places;
    Term *cells; /* values of map keys, one a register */
    Term *bound;
    Term *stacked;
} MsProgram;

typedef enum { MS_OK, MS_BADARG, MS_NO_MEMORY } MsStatus;

/* Compiles a specification (a list of clauses); the key's position in a row, 0 for none. On MS_OK
 * give it back with match_spec_free. */
MsStatus match_spec_compile(MsProgram *ms, const AtomTable *atoms, Term spec,
                            uint32_t key_position);
void match_spec_free(MsProgram *ms);

typedef enum { MS_NO_MATCH, MS_MATCH, MS_RAISED } MsResult;
/* Runs the clauses on a term outside the heap or on it (row: the row whose term it is, or NULL);
 * *value: what the first clause that matches says, built on p's heap. MS_RAISED: without memory
 * (p->pending is set). */
MsResult match_spec_run(const MsProgram *ms, Process *p, Term subject, const EtsRow *row,
                        Term *value);

/* True if t is a variable ('$1') and its number. */
bool match_spec_variable(const AtomTable *atoms, Term t, uint32_t *number);
/* True if the pattern holds no variable and no '_'. */
bool match_spec_is_ground(const AtomTable *atoms, Term pattern);
/* Where a key stands to those that the pattern can match, as far as the pattern is known before its
 * first variable: <0 before them, 0 perhaps among them, >0 behind. */
int match_spec_range(const AtomTable *atoms, Term pattern, Term key);

#endif
