/* SPDX-License-Identifier: Apache-2.0 */
/* test/unit/compiler/match/match_sample.h: a text's way to SSA, for tests. */
#ifndef ACT_TEST_MATCH_SAMPLE_H
#define ACT_TEST_MATCH_SAMPLE_H

#include "compiler/front/parse_source.h"
#include "compiler/match/lower.h"

typedef struct {
    SyntaxContext syntax;
    CoreModule *core;
    SsaModule *ssa;
    char error[256]; /* of ssa_check; empty if it agreed */
} MatchSample;

/* Builds SSA of the forms in source (a -module line is put before them). */
void match_sample_start(MatchSample *s, const char *source);
void match_sample_end(MatchSample *s);

typedef struct {
    uint32_t blocks;   /* that are reached */
    uint32_t tests;    /* TEST terminators */
    uint32_t switches; /* SWITCH and SWITCH_ARITY */
    uint32_t guards;   /* GUARD terminators */
    uint32_t tail_calls, calls, failures;
    uint32_t of_test[BC__count]; /* TEST by opcode, GUARD of copies too */
    uint32_t of_op[SSA__count];  /* instructions by op */
} MatchCounts;

/* Counts what function number index consists of. */
MatchCounts match_sample_count(const MatchSample *s, uint32_t index);

#endif
