/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/match/lower.h: from Core to SSA; what the lower_ and match_ files share.
 *
 * core_to_ssa is the way in. One walk in the order of evaluation: `block` is where code goes now
 * (NULL: this place is never reached, and nothing is emitted), `env` says what each Core variable
 * is. Patterns go through match_tree.c. While a guard is lowered, `fail` is where a failing
 * operation goes; otherwise it is 0 and operations raise. */
#ifndef ACT_MATCH_LOWER_H
#define ACT_MATCH_LOWER_H

#include "compiler/core/core.h"
#include "compiler/ssa/ssa.h"

/* The module as SSA that ssa_check accepts, in arena. Ends with ssa_module_free. */
SsaModule *core_to_ssa(const CoreModule *core, Arena *arena);

typedef enum {
    LOWER_VALUE,  /* the value is wanted */
    LOWER_EFFECT, /* it is not */
    LOWER_TAIL,   /* it is the function's result: ends the block */
} LowerMode;

/* Blocks that go on at a place that does not exist yet. */
typedef struct {
    SsaBlock *block;
    SsaArg *args;
} LowerExit;

typedef struct {
    VEC(LowerExit) exits;
    uint32_t arg_count;
} LowerJoin;

typedef struct {
    SsaModule *ssa;
    const CoreModule *core;
    const CoreFunction *function;
    SsaFunction *f;
    Arena *arena;   /* of the SSA */
    Arena *scratch; /* given back after each function */
    SsaBlock *block;
    SsaBlockId handler;
    SsaBlockId fail;
    SsaArg *env; /* by Core variable */
    CoreLine
        last_line; /* of the last thing that could raise: a waiting process is there, says Erlang */
    LowerJoin *maybe; /* where the innermost maybe's failed matches go */
    const Konst *nil, *atom_true, *atom_false;
} Lower;

/* lower.c: blocks, instructions, joins */
SsaBlock *lower_block(Lower *l, uint32_t param_count);
SsaInstr *lower_instr(Lower *l, SsaOp op, const SsaArg *args, uint32_t count, CoreLine line);
/* An instruction's result, or in a guard that of a GUARD terminator. */
SsaArg lower_emit(Lower *l, SsaOp op, const SsaArg *args, uint32_t count, CoreLine line);
SsaArg lower_emit_bif(Lower *l, BcImport import, const SsaArg *args, uint32_t count, CoreLine line);
SsaTerm *lower_end(Lower *l, SsaTermKind kind, const SsaArg *args, uint32_t arg_count,
                   const SsaEdge *edges, uint32_t edge_count, CoreLine line);
void lower_jump(Lower *l, SsaBlockId target);
void lower_jump_with(Lower *l, SsaBlock *from, SsaBlock *target, const SsaArg *args);
/* Ends the block by a test. */
void lower_test(Lower *l, BcOpcode test, uint32_t imm, const SsaArg *args, uint32_t count,
                SsaBlockId yes, SsaBlockId no);
/* Raises in a block that ends so. value may be nil. */
void lower_fail(Lower *l, BcFail fail, SsaArg value, CoreLine line);
/* arg in a register: constants are copied. */
SsaArg lower_register(Lower *l, SsaArg arg);
void lower_atom_branch(Lower *l, SsaArg value, const Konst *konst, SsaBlockId yes, SsaBlockId no);
SsaArg lower_konst_int(Lower *l, int64_t value);
SsaArg lower_nil(const Lower *l);
SsaArg *lower_args(Lower *l, uint32_t count);

void lower_exit(Lower *l, LowerJoin *join, const SsaArg *args);
/* Goes on behind all exits; args gets what they brought. The block is NULL if there are none. */
void lower_join(Lower *l, LowerJoin *join, SsaArg *args);
/* Ends a way of a choice: the value (unless mode says otherwise) and exports go to the join. */
void lower_finish(Lower *l, LowerJoin *join, LowerMode mode, SsaArg value, const CoreVar *from,
                  uint32_t count);
/* Goes on behind a choice; binds its exports; answers its value. */
SsaArg lower_continue(Lower *l, LowerJoin *join, LowerMode mode, CoreVars exports);
LowerJoin lower_join_new(LowerMode mode, uint32_t exports);

/* lower_expr.c */
SsaArg lower_expr(Lower *l, const CoreNode *node, LowerMode mode);
SsaArg lower_value(Lower *l, const CoreNode *node);
/* Hands a value over as mode says. */
SsaArg lower_result(Lower *l, SsaArg value, LowerMode mode);

/* lower_call.c */
SsaArg lower_call(Lower *l, const CoreNode *node, LowerMode mode);

/* lower_cond.c */
/* True for nodes whose value is true or false, or which raise. */
bool lower_is_boolean(const CoreNode *node);
/* not E, where E may be no boolean. */
bool lower_is_negation(const CoreNode *node);
/* Goes to yes or no; in a guard, what is neither true nor false goes to fail. */
void lower_cond(Lower *l, const CoreNode *node, SsaBlockId yes, SsaBlockId no);
SsaArg lower_logical(Lower *l, const CoreNode *node, LowerMode mode);
/* A boolean node as true or false. */
SsaArg lower_boolean(Lower *l, const CoreNode *node);
/* Goes on in a new block if tests and guards hold, else to `otherwise`. */
void lower_guards(Lower *l, CoreList tests, const CoreList *guards, uint32_t guard_count,
                  SsaBlockId otherwise);

/* lower_record.c */
SsaArg lower_record(Lower *l, const CoreNode *node);

/* lower_choice.c */
SsaArg lower_case(Lower *l, const CoreNode *node, LowerMode mode);
SsaArg lower_match(Lower *l, const CoreNode *node);
SsaArg lower_receive(Lower *l, const CoreNode *node, LowerMode mode);
SsaArg lower_maybe(Lower *l, const CoreNode *node, LowerMode mode);

/* lower_try.c */
SsaArg lower_try(Lower *l, const CoreNode *node, LowerMode mode);
SsaArg lower_after(Lower *l, const CoreNode *node, LowerMode mode);

/* match_tree.c */
typedef struct MatchLeaf MatchLeaf;
struct MatchLeaf {
    SsaBlock *block;
    SsaArg *values; /* of the clause's variables */
    MatchLeaf *next;
};
typedef struct {
    MatchLeaf *leaves;
    CoreVar *vars; /* those its patterns bind and somebody uses */
    uint32_t count;
} MatchBody;
/* Compiles clauses over subjects from the current block; what no clause takes goes to fail.
 * Answers one MatchBody a clause. The current block is NULL afterwards. */
MatchBody *match_clauses(Lower *l, const SsaArg *subjects, uint32_t subject_count,
                         const CoreClause *clauses, uint32_t clause_count, SsaBlockId fail);
/* Goes on at the clause's body with its variables bound; the block is NULL if it is never reached.
 */
void match_enter(Lower *l, const MatchBody *body);

#endif
