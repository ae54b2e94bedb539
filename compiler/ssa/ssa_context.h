/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/ssa/ssa_context.h: what the two files share that let a match context go on in the next
 * function; the rules stand at the head of ssa_context.c. */
#ifndef ACT_SSA_SSA_CONTEXT_H
#define ACT_SSA_SSA_CONTEXT_H

#include "compiler/ssa/ssa_pass.h"

typedef struct {
    SsaModule *module;
    SsaFunction *function;
    SsaGraph graph;    /* with dominance; blocks stay, instructions are added */
    uint64_t *accepts; /* by function: parameters that may be contexts */
    SsaValue *family;  /* by value: the parameter or context that it shares its place with, or 0 */
    uint32_t family_count; /* values made later have none */
    SsaBlockId *stack;     /* for searches */
    uint32_t *seen;        /* by block: the last search that came by */
    uint32_t search;
    uint64_t budget; /* blocks that searches may still look at */
} Contexts;

/* Where an instruction stands; index = count of instructions: the terminator. */
typedef struct {
    SsaBlockId block;
    size_t index;
} SsaPlace;

/* True if one of the family may be used behind the place. */
bool context_used_after(Contexts *c, SsaPlace place, SsaValue family);
/* The parameter that a bs_start of the terminator looks at, as a value; 0: it is none. */
SsaValue context_started(const SsaTerm *term);
/* How many of the arguments belong to the family. */
uint32_t context_count(const Contexts *c, const SsaArg *args, uint32_t count, SsaValue family);

/* ssa_context_param.c: parameter number n of the function comes as a term or as a context: its uses
 * are made fit for both. */
void context_rewrite(Contexts *c, uint32_t n);

#endif
