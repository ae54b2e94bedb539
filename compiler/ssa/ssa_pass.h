/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/ssa/ssa_pass.h: the passes and what they share. To add one: its file, its line here, its
 * place in ssa_optimise.c, a test. Each takes and leaves a function that ssa_check accepts. */
#ifndef ACT_SSA_SSA_PASS_H
#define ACT_SSA_SSA_PASS_H

#include "compiler/ssa/ssa_graph.h"

/* ssa_clean.c: drops what cannot be reached and what nobody uses; joins blocks; sends edges on
 * through empty blocks; returns where a jump led to a bare return. */
void ssa_clean(SsaModule *module, SsaFunction *function);
/* ssa_fold.c: copies, constants, tests whose outcome is known. */
void ssa_fold(SsaModule *module, SsaFunction *function);
/* ssa_thread.c: edges that bring a constant to a block that only tests it go where it leads. */
void ssa_thread(SsaModule *module, SsaFunction *function);
/* ssa_cse.c: pure operations done twice are done once; a tuple taken apart is not built again. */
void ssa_cse(SsaModule *module, SsaFunction *function);
/* ssa_fuse.c: tuple, arity and tag tests in a row become one. */
void ssa_fuse(SsaModule *module, SsaFunction *function);
/* ssa_inline.c: calls of small functions that cannot call, fail or wait. */
void ssa_inline(SsaModule *module, SsaFunction *function);
/* ssa_never.c: calls of functions of the module that never return are tail calls. The whole module
 * at once. */
void ssa_never(SsaModule *module);
/* ssa_receive.c: a receive whose clauses all ask for one value says so before it starts. */
void ssa_receive(SsaModule *module, SsaFunction *function);
/* ssa_context.c: match contexts are passed to functions of the module that go on with them. The
 * whole module at once. */
void ssa_contexts(SsaModule *module);
/* ssa_small.c: typed instructions where operands are surely small integers. The whole module at
 * once. */
void ssa_small(SsaModule *module);

/* ssa_edit.c */
/* What each value is to be replaced by, by value; none where neither value nor konst is set. */
SsaArg ssa_resolve(const SsaArg *replace, SsaArg arg);
/* Replaces all uses in the function. */
void ssa_substitute(SsaFunction *function, const SsaArg *replace);
/* Number of uses of each value in reachable blocks, in arena. */
uint32_t *ssa_count_uses(SsaFunction *function, Arena *arena);
/* The same, into an array that is there. */
void ssa_recount_uses(SsaFunction *function, uint32_t *uses);
/* Empties a block that is not reachable any more. */
void ssa_wipe(SsaBlock *block);
/* The terminator becomes a jump along the edge. */
void ssa_make_jump(SsaModule *module, SsaBlock *block, SsaEdge edge);
/* Edge `onward` of block `through`, for one who comes in by `edge`: parameters replaced. */
SsaEdge ssa_edge_through(SsaModule *module, const SsaEdge *edge, const SsaBlock *through,
                         const SsaEdge *onward);
/* True if all uses of the block's parameters are in its own terminator. */
bool ssa_params_stay(const SsaBlock *block, const uint32_t *uses);
bool ssa_is_handler(const SsaGraph *graph, SsaBlockId block);
bool ssa_same_arg(SsaArg a, SsaArg b);
bool ssa_same_edge(const SsaEdge *a, const SsaEdge *b);
bool ssa_is_atom(SsaArg arg, const char *text);

/* ssa_type.c: what is known of a value. */
enum {
    SSA_K_TRUE = 1,
    SSA_K_FALSE = 2,
    SSA_K_ATOM = 4, /* any other */
    SSA_K_INT = 8,
    SSA_K_FLOAT = 16,
    SSA_K_NIL = 32,
    SSA_K_CONS = 64,
    SSA_K_TUPLE = 128,
    SSA_K_MAP = 256,
    SSA_K_BITS = 512,
    SSA_K_OTHER = 1024, /* pid, port, reference, fun */
    SSA_K_ANY = 2047,
    SSA_K_BOOL = SSA_K_TRUE | SSA_K_FALSE,
};

typedef struct {
    unsigned kinds;     /* SSA_K_ bits that are possible */
    unsigned taught;    /* of CONS, TUPLE, MAP: shown by a test or made so; the verifier knows */
    uint32_t arity;     /* of the tuple; UINT32_MAX: not known */
    const Konst *konst; /* exactly this one (integer, atom, []); NULL: not known */
} SsaFact;

typedef struct {
    const SsaGraph *graph;       /* with dominance */
    const SsaInstr **definition; /* by value: its instruction, or NULL */
} SsaFacts;

void ssa_facts_make(SsaFacts *facts, SsaGraph *graph, Arena *arena);
/* What is known of arg in block, by its definition and the tests on the way to the block. */
SsaFact ssa_fact(const SsaFacts *facts, SsaArg arg, SsaBlockId block);
/* Outcome of a test on facts: 1 true, 0 false, -1 not known. */
int ssa_test_outcome(const SsaFacts *facts, const SsaTerm *term, SsaBlockId block);
int ssa_type_outcome(BcOpcode test, const SsaFact *fact);

/* ssa_eval.c: operations on constants; NULL if the outcome is no 64-bit integer or boolean, or an
 * exception. */
const Konst *ssa_eval(Arena *arena, SsaOp op, uint32_t imm, const SsaArg *args, uint32_t count);
/* 1, 0 or -1 (not known) for a comparison numbered as in SSA_compare. */
int ssa_eval_compare(uint32_t compare, const Konst *a, const Konst *b);

#endif
