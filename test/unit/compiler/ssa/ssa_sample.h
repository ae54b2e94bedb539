/* SPDX-License-Identifier: Apache-2.0 */
/* test/unit/compiler/ssa/ssa_sample.h: functions in SSA to test with, built by hand. */
#ifndef ACT_TEST_SSA_SAMPLE_H
#define ACT_TEST_SSA_SAMPLE_H

#include "compiler/ssa/ssa_graph.h"

typedef struct {
    Arena arena;
    SsaModule *module;
    SsaFunction *function;
} Sample;

void sample_start(Sample *s);
void sample_end(Sample *s);
/* Starts function name/arity; block 1 is made with its parameters. */
SsaBlock *sample_function(Sample *s, const char *name, uint32_t arity);
SsaBlock *sample_block(Sample *s, uint32_t params);
SsaArg sample_int(Sample *s, int64_t value);
SsaArg sample_atom(Sample *s, const char *text);
/* Appends op with up to three arguments (fewer: pass count). Returns the result as a use. */
SsaArg sample_op(Sample *s, SsaBlock *block, SsaOp op, uint32_t count, const SsaArg *args);
SsaArg sample_call(Sample *s, SsaBlock *block, uint32_t callee, uint32_t count, const SsaArg *args);
SsaArg sample_call_ext(Sample *s, SsaBlock *block, const char *name, uint32_t count,
                       const SsaArg *args);
void sample_return(Sample *s, SsaBlock *block, SsaArg value);
void sample_jump(Sample *s, SsaBlock *block, SsaBlock *target, uint32_t count, const SsaArg *args);
SsaTerm *sample_test(Sample *s, SsaBlock *block, BcOpcode test, uint32_t count, const SsaArg *args,
                     SsaBlock *yes, SsaBlock *no);
void sample_tail_call(Sample *s, SsaBlock *block, uint32_t callee, uint32_t count,
                      const SsaArg *args);
void sample_function_clause(Sample *s, SsaBlock *block);

#define ARGS(...) \
    (sizeof((SsaArg[]){__VA_ARGS__}) / sizeof(SsaArg)), (SsaArg[]) \
    { \
        __VA_ARGS__ \
    }
#define PARAM(block, n) ssa_use((block)->params[n])

/* fib/1 */
void sample_fib(Sample *s);
/* map/2 over a fun */
void sample_map(Sample *s);
/* rev/2: [H | T], Acc -> rev(T, [H | Acc]) */
void sample_rev(Sample *s);
/* try/catch around a call, with values used in handler and after */
void sample_try(Sample *s);
/* receive loop with a guard, after a timeout */
void sample_receive(Sample *s);
/* many values alive at once: more than there are registers */
void sample_pressure(Sample *s, uint32_t count);
/* a function of count arguments that calls one with them turned round */
void sample_turn(Sample *s, uint32_t count);

#endif
