/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/ssa/ssa_optimise.c: the passes in their order. */
#include "compiler/ssa/ssa_pass.h"

typedef struct {
    const char *name;
    void (*run)(SsaModule *module, SsaFunction *function);
    void (*run_whole)(SsaModule *module); /* instead: all functions at once */
} Pass;

static size_t reached(const SsaFunction *function)
{
    size_t count = 0;
    for (size_t i = 0; i < function->blocks.count; i++) {
        count += function->blocks.items[i]->term.kind != SSA_T_NONE;
    }
    return count;
}

/* A branch that is gone can make a parameter a constant, which can decide another branch. No test
 * of a constant may be left: the verifier does not learn from it. */
static void settle(SsaModule *module, SsaFunction *function)
{
    size_t before;
    do {
        before = reached(function);
        ssa_fold(module, function);
        ssa_clean(module, function);
    } while (reached(function) < before);
}

/* clean after each pass that leaves dead code behind, so that the next one sees what is there. */
static const Pass passes[] = {
    {"clean", ssa_clean, NULL},       {"never", NULL, ssa_never},   {"inline", ssa_inline, NULL},
    {"fold", ssa_fold, NULL},         {"thread", ssa_thread, NULL}, {"clean", ssa_clean, NULL},
    {"fuse", ssa_fuse, NULL},         {"cse", ssa_cse, NULL},       {"settle", settle, NULL},
    {"contexts", NULL, ssa_contexts}, {"small", NULL, ssa_small},   {"receive", ssa_receive, NULL},
};
/* From fold to settle a pass looks at its function only. */
enum { FIRST_ALONE = 3, END_ALONE = 9 };

static void run_pass(const Pass *pass, SsaModule *module)
{
    if (pass->run_whole) {
        pass->run_whole(module);
        return;
    }
    for (size_t f = 0; f < module->functions.count; f++) {
        pass->run(module, module->functions.items[f]);
    }
}

/* The passes from..to, none of which looks at other functions: one function after the other, which
 * stays in the processor's caches. */
static void run_together(size_t from, size_t to, SsaModule *module)
{
    for (size_t f = 0; f < module->functions.count; f++) {
        for (size_t p = from; p < to; p++) {
            passes[p].run(module, module->functions.items[f]);
        }
    }
}

void ssa_optimise(SsaModule *module, SsaAfterPass after, void *context)
{
    for (size_t p = 0; p < ACT_COUNT(passes); p++) {
        if (p == FIRST_ALONE && !after) {
            run_together(FIRST_ALONE, END_ALONE, module);
            p = END_ALONE;
        }
        run_pass(&passes[p], module);
        if (after) {
            after(context, module, passes[p].name);
        }
    }
}
