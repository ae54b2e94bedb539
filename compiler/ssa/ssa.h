/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/ssa/ssa.h: functions as graphs of blocks over values, each assigned once.
 *
 * Built by ssa/build (from Core, with patterns compiled to decision trees), rewritten by the
 * passes, read by ssa/regalloc and emit. Blocks take parameters instead of phis: a jump passes
 * arguments.
 *
 * Invariants (ssa_check proves them):
 *  - a value is defined once, in a block that dominates all its uses;
 *  - a block ends with exactly one terminator; the entry block has no predecessors and its
 *    parameters are the function's arguments (for a lambda: arguments, then free values);
 *  - an edge passes exactly as many arguments as its target has parameters;
 *  - `handler` of a block, if any, is a block with three parameters: class, reason, raw stack
 *    trace. Every instruction (or terminator) of the block that may raise goes there. Values used
 *    in a handler block are defined before the protected region. Handlers are entered only so;
 *  - tail calls stand only in blocks without handler;
 *  - between recv_peek's got-edge and recv_accept or the jump back there is no call;
 *  - SSA_T_GUARD and tests never raise: failure is an edge.
 */
#ifndef ACT_SSA_SSA_H
#define ACT_SSA_SSA_H

#include "vm/base/arena.h"
#include "vm/base/vec.h"
#include "vm/bytecode/bytecode.h"

enum { SSAF_RAISE = 1, SSAF_ALLOC = 2, SSAF_CALL = 4 | SSAF_RAISE, SSAF_PURE = 8 };

typedef enum {
#define SSA_OP(name, results, args, flags, meaning) SSA_##name,
#include "compiler/ssa/ssa_ops.def"
#undef SSA_OP
    SSA__count
} SsaOp;

typedef uint32_t SsaValue;   /* 1.. within a function; 0: none */
typedef uint32_t SsaBlockId; /* 1..; 0: none; 1 is the entry */

/* A use: a value or a constant. konst non-NULL means constant. */
typedef struct {
    SsaValue value;
    const Konst *konst;
} SsaArg;

/* Where in the source: for stack traces. line 0: unknown; file: index into SsaModule.files. */
typedef struct {
    uint32_t line;
    uint32_t file;
} SsaLine;

typedef struct {
    SsaOp op;
    SsaValue result; /* 0 if the op has none, or nobody needs it */
    uint32_t imm;
    uint32_t callee; /* call, make_fun: index of the function in the module */
    BcImport import; /* call_ext, bif */
    SsaArg *args;    /* arena */
    uint32_t arg_count;
    SsaLine line;
} SsaInstr;

typedef struct {
    SsaBlockId block;
    SsaArg *args; /* one per parameter of the target */
    uint32_t arg_count;
} SsaEdge;

typedef enum {
    SSA_T_NONE,   /* not finished yet */
    SSA_T_RETURN, /* args[0] */
    SSA_T_JUMP,   /* edges[0] */
    SSA_T_TEST,   /* test: a BC_is_ opcode (is_arity: imm; is_tuple_of: imm; is_tagged: imm, args[1]
                     constant atom), args; edges[0] if true, edges[1] if not. Also BC_map_has,
                     BC_bs_at_end, BC_bs_bits_left (imm) */
    SSA_T_GUARD, /* op (arith, bif, map_put …) with args, imm, import; result on success: edges[0];
                    on failure edges[1]. Never raises. Also: map get (test BC_map_get),
                    BC_bs_start, BC_bs_get, BC_bs_skip (spec, unit in imm: spec | unit << 16) by
                    `test` */
    SSA_T_SWITCH,          /* args[0] against keys[i] (small integers and atoms): edges[i]; else
                              edges[key_count] */
    SSA_T_SWITCH_ARITY,    /* args[0] is a tuple; keys[i] are KONST_INT arities; edges as SWITCH */
    SSA_T_TAIL_CALL,       /* op is call, call_ext, call_fun or apply, with callee/import/args */
    SSA_T_FAIL,            /* imm: BcFail; args[0] the value (nil if none) */
    SSA_T_FUNCTION_CLAUSE, /* args: the function's arguments */
    SSA_T_RAISE,           /* args: class, reason, raw stack trace */
    SSA_T_RECV_PEEK,       /* result: the message, edges[0]; none left: edges[1] */
    SSA_T_RECV_NEXT,       /* leave the message; edges[0] leads to the recv_peek block */
    SSA_T_RECV_WAIT,       /* edges[0]: the recv_peek block */
    SSA_T_RECV_WAIT_UNTIL, /* args[0]: milliseconds or infinity; edges[0]: recv_peek block;
                              edges[1]: time is up */
    SSA_T__count
} SsaTermKind;

typedef struct {
    SsaTermKind kind;
    SsaOp op;      /* GUARD, TAIL_CALL */
    BcOpcode test; /* TEST; GUARD where op is SSA_copy: BC_map_get, BC_bs_… */
    uint32_t imm;
    uint32_t callee;
    BcImport import;
    SsaValue result; /* GUARD, RECV_PEEK: defined on edges[0] only */
    SsaArg *args;
    uint32_t arg_count;
    const Konst **keys; /* SWITCH… */
    uint32_t key_count;
    SsaEdge *edges;
    uint32_t edge_count;
    SsaLine line;
} SsaTerm;

typedef struct {
    SsaBlockId id;
    SsaBlockId handler; /* 0: exceptions leave the function */
    SsaValue *params;
    uint32_t param_count;
    VEC(SsaInstr) instrs;
    SsaTerm term;
    bool likely_failure; /* ends in an error: laid out last */
} SsaBlock;

typedef struct {
    const Konst *name;     /* KONST_ATOM; lambdas: -NAME/ARITY-fun-N- as Erlang names them */
    uint32_t arity;        /* entry parameters */
    uint32_t lambda_arity; /* for a lambda: arguments as called; free values = arity - this */
    uint64_t contexts;     /* bit n: parameter n may be a match context (ssa_context.c) */
    const uint8_t *smalls; /* ranges of the parameters (ssa_range.c), or NULL: any terms; arena */
    bool is_lambda;
    bool exported;
    SsaLine line;
    uint32_t value_count; /* values are 1..value_count */
    VEC(SsaBlock *)
    blocks; /* blocks.items[id - 1]; unreachable ones may be present, marked by
               SSA_T_NONE and no instructions */
} SsaFunction;

typedef struct {
    Arena *arena; /* owns everything but the vectors' arrays */
    const Konst *name;
    VEC(SsaFunction *) functions;
    VEC(const char *) files;
    const Konst *attributes;
    const Konst *compile;
    const Konst *on_load;
} SsaModule;

typedef struct {
    const char *name;
    int results;
    int args;
    unsigned flags;
} SsaOpInfo;
extern const SsaOpInfo ssa_op_info[SSA__count];

/* Building. All in module->arena; one thread. */
SsaModule *ssa_module_new(Arena *arena, const Konst *name);
SsaFunction *ssa_function_new(SsaModule *module, const Konst *name, uint32_t arity);
SsaBlock *ssa_block_new(SsaModule *module, SsaFunction *function, uint32_t param_count);
SsaValue ssa_value_new(SsaFunction *function);
SsaArg ssa_use(SsaValue value);
SsaArg ssa_konst(const Konst *konst);
/* Appends; args are copied. Returns the instruction (valid until the next append) to set callee,
 * import, imm, line on. Its result is a new value if the op has one. */
SsaInstr *ssa_append(SsaModule *module, SsaFunction *function, SsaBlock *block, SsaOp op,
                     const SsaArg *args, uint32_t arg_count);
/* An edge to target with copied args. */
SsaEdge ssa_edge(SsaModule *module, SsaBlockId target, const SsaArg *args, uint32_t arg_count);
/* Sets block's terminator; args and edges are copied. Returns it for setting the rest. */
SsaTerm *ssa_terminate(SsaModule *module, SsaBlock *block, SsaTermKind kind, const SsaArg *args,
                       uint32_t arg_count, const SsaEdge *edges, uint32_t edge_count);
/* True for a call of a function of module erlang that does nothing but raise: error, exit/1… */
bool ssa_only_raises(SsaOp op, const BcImport *import);
/* Frees the vectors; the arena is the caller's. */
void ssa_module_free(SsaModule *module);

/* Proves the invariants above; prints the first breach to error (at most size bytes). */
bool ssa_check(const SsaModule *module, char *error, size_t size);

/* Text for --dump=ssa, appended to out. */
typedef VEC(char) SsaText;
void ssa_print(const SsaModule *module, SsaText *out);

/* The passes in their order, each leaving a module that ssa_check accepts. after, if not NULL, is
 * called after each pass with its name (dumps, checks in debug builds). */
typedef void (*SsaAfterPass)(void *context, const SsaModule *module, const char *pass);
void ssa_optimise(SsaModule *module, SsaAfterPass after, void *context);

#endif
