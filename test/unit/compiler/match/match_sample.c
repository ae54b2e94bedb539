/* SPDX-License-Identifier: Apache-2.0 */
/* test/unit/compiler/match/match_sample.c: see match_sample.h. */
#include "test/unit/compiler/match/match_sample.h"

#include "compiler/core/desugar.h"

#include <string.h>

static bool read_nothing(void *context, const char *path, char **bytes, size_t *length)
{
    (void)context, (void)path, (void)bytes, (void)length;
    return false;
}

void match_sample_start(MatchSample *s, const char *source)
{
    memset(s, 0, sizeof *s);
    syntax_context_init(&s->syntax);
    size_t length = strlen(source) + 16;
    char *text = alloc_must(length);
    snprintf(text, length, "-module(m).\n%s", source);
    SourceReader reader = {.read = read_nothing};
    SourceOptions options = {0};
    AstModule module = parse_source(&s->syntax, &reader, &options, "m.act", text, strlen(text));
    alloc_free(text);
    CoreContext context = {&s->syntax.arena, &s->syntax.sources, &s->syntax.diags,
                           &s->syntax.names};
    if (diag_errors(&s->syntax.diags) == 0) {
        s->core = core_build(module.forms, &context);
    }
    if (s->core != NULL) {
        s->ssa = core_to_ssa(s->core, &s->syntax.arena);
        ssa_check(s->ssa, s->error, sizeof s->error);
    }
}

void match_sample_end(MatchSample *s)
{
    if (s->core != NULL) {
        ssa_module_free(s->ssa);
        core_module_free(s->core);
    }
    syntax_context_free(&s->syntax);
}

static void count_block(MatchCounts *counts, const SsaBlock *block)
{
    const SsaTerm *term = &block->term;
    counts->blocks += term->kind != SSA_T_NONE;
    counts->tests += term->kind == SSA_T_TEST;
    counts->guards += term->kind == SSA_T_GUARD;
    counts->switches += term->kind == SSA_T_SWITCH || term->kind == SSA_T_SWITCH_ARITY;
    counts->tail_calls += term->kind == SSA_T_TAIL_CALL;
    counts->failures += term->kind == SSA_T_FAIL || term->kind == SSA_T_FUNCTION_CLAUSE;
    if (term->kind == SSA_T_TEST || (term->kind == SSA_T_GUARD && term->op == SSA_copy)) {
        counts->of_test[term->test]++;
    }
    for (size_t i = 0; i < block->instrs.count; i++) {
        SsaOp op = block->instrs.items[i].op;
        counts->of_op[op]++;
        counts->calls += op == SSA_call || op == SSA_call_ext || op == SSA_call_fun;
    }
}

MatchCounts match_sample_count(const MatchSample *s, uint32_t index)
{
    MatchCounts counts = {0};
    const SsaFunction *function = s->ssa->functions.items[index];
    for (size_t i = 0; i < function->blocks.count; i++) {
        count_block(&counts, function->blocks.items[i]);
    }
    return counts;
}
