/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/ssa/ssa_never.c: functions of the module that never return (they raise, or go round for
 * ever), and calls of them.
 *
 * What follows such a call in its block is never reached, so it becomes the block's tail call: the
 * caller leaves no frame in the stack trace, as in Erlang. Where a handler waits the call stays.
 * The raising functions of module erlang are not tail-called: their caller's frame is to be seen.
 *
 * Expects no unreachable blocks (ssa_clean), and leaves none. Before ssa_inline, which would hide
 * calls from it. */
#include "compiler/ssa/ssa_pass.h"

#include <string.h>

typedef VEC(uint32_t) Numbers;

typedef struct {
    SsaModule *module;
    Arena arena;
    bool *returns;    /* by function: some way through it returns */
    Numbers *callers; /* by function: who is to be looked at again when it turns out to return */
    Numbers waiting;  /* functions to look at */
} Never;

bool ssa_only_raises(SsaOp op, const BcImport *import)
{
    static const struct {
        const char *name;
        uint32_t arities; /* bit n: arity n */
    } exits[] = {
        {"error", 1 << 1 | 1 << 2 | 1 << 3},
        {"exit", 1 << 1},
        {"throw", 1 << 1},
    };
    if (op != SSA_call_ext || strcmp(import->module->text, "erlang") != 0) {
        return false;
    }
    for (size_t i = 0; i < ACT_COUNT(exits); i++) {
        if (strcmp(import->name->text, exits[i].name) == 0 &&
            (exits[i].arities >> import->arity & 1) != 0) {
            return true;
        }
    }
    return false;
}

static bool comes_back(const Never *n, SsaOp op, uint32_t callee, const BcImport *import)
{
    return op == SSA_call ? n->returns[callee] : !ssa_only_raises(op, import);
}

/* Index of the block's first call that does not come back; the number of instructions if none. */
static size_t last_done(const Never *n, const SsaBlock *block)
{
    size_t i = 0;
    while (i < block->instrs.count &&
           comes_back(n, block->instrs.items[i].op, block->instrs.items[i].callee,
                      &block->instrs.items[i].import)) {
        i++;
    }
    return i;
}

static bool ends_in_return(const Never *n, const SsaTerm *term)
{
    return term->kind == SSA_T_RETURN ||
           (term->kind == SSA_T_TAIL_CALL && comes_back(n, term->op, term->callee, &term->import));
}

/* True if a return can be reached from the function's start, as far as callees are known now. */
static bool can_return(Never *n, const SsaFunction *function)
{
    bool *seen = ARENA_ARRAY(&n->arena, bool, function->blocks.count + 1);
    memset(seen, 0, (function->blocks.count + 1) * sizeof(bool));
    Numbers todo = {0};
    bool found = false;
    vec_push(&todo, 1);
    seen[0] = seen[1] = true;
    while (todo.count > 0 && !found) {
        const SsaBlock *block = function->blocks.items[vec_pop(&todo) - 1];
        bool cut = last_done(n, block) < block->instrs.count;
        found = !cut && ends_in_return(n, &block->term);
        uint32_t edges = cut ? 0 : block->term.edge_count;
        for (uint32_t e = 0; e <= edges; e++) {
            SsaBlockId to = e < edges ? block->term.edges[e].block : block->handler;
            if (!seen[to]) {
                seen[to] = true;
                vec_push(&todo, to);
            }
        }
    }
    vec_free(&todo);
    return found;
}

static void note_callers(Never *n, uint32_t caller)
{
    const SsaFunction *function = n->module->functions.items[caller];
    for (size_t b = 0; b < function->blocks.count; b++) {
        const SsaBlock *block = function->blocks.items[b];
        for (size_t i = 0; i < block->instrs.count; i++) {
            if (block->instrs.items[i].op == SSA_call) {
                vec_push(&n->callers[block->instrs.items[i].callee], caller);
            }
        }
        if (block->term.kind == SSA_T_TAIL_CALL && block->term.op == SSA_call) {
            vec_push(&n->callers[block->term.callee], caller);
        }
    }
}

/* None returns, until a way is found; who calls what turns out to return is looked at again. */
static void find_returns(Never *n)
{
    size_t count = n->module->functions.count;
    for (uint32_t f = 0; f < count; f++) {
        note_callers(n, f);
        vec_push(&n->waiting, f);
    }
    while (n->waiting.count > 0) {
        uint32_t f = vec_pop(&n->waiting);
        if (!n->returns[f] && can_return(n, n->module->functions.items[f])) {
            n->returns[f] = true;
            for (size_t c = 0; c < n->callers[f].count; c++) {
                vec_push(&n->waiting, n->callers[f].items[c]);
            }
        }
    }
}

static bool cut(const Never *n, SsaBlock *block)
{
    size_t at = last_done(n, block);
    if (at == block->instrs.count || block->handler || block->instrs.items[at].op != SSA_call) {
        return false;
    }
    const SsaInstr call = block->instrs.items[at];
    block->instrs.count = at;
    block->term = (SsaTerm){.kind = SSA_T_TAIL_CALL,
                            .op = call.op,
                            .callee = call.callee,
                            .args = call.args,
                            .arg_count = call.arg_count,
                            .line = call.line};
    return true;
}

static void cut_function(const Never *n, SsaFunction *function)
{
    bool changed = false;
    for (size_t b = 0; b < function->blocks.count; b++) {
        changed |= cut(n, function->blocks.items[b]);
    }
    if (changed) {
        ssa_clean(n->module, function);
    }
}

void ssa_never(SsaModule *module)
{
    size_t count = module->functions.count;
    Never n = {.module = module};
    n.returns = ARENA_ARRAY(&n.arena, bool, count + 1);
    n.callers = ARENA_ARRAY(&n.arena, Numbers, count + 1);
    memset(n.returns, 0, (count + 1) * sizeof(bool));
    memset(n.callers, 0, (count + 1) * sizeof(Numbers));
    find_returns(&n);
    for (size_t f = 0; f < count; f++) {
        cut_function(&n, module->functions.items[f]);
        vec_free(&n.callers[f]);
    }
    vec_free(&n.waiting);
    arena_free(&n.arena);
}
