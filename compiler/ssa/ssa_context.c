/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/ssa/ssa_context.c: `f(<<X, Rest/binary>>) -> f(Rest)` without a binary for Rest: the
 * match context itself is passed, and goes on where it stands.
 *
 * A parameter that its function matches as a bitstring may come as a context (bit in
 * SsaFunction.contexts) if some call of the module would pass what is left of one. The callee's
 * bs_start then takes the context over: it "starts where it stands". What a context started with
 * can always be had again (bs_term, bs_rewind) as long as nobody else has taken it over. So the
 * rules:
 *  - a call passes a context instead of its rest when nothing has moved it since the rest was
 * taken, and neither it nor what it was started from is used afterwards (in a tail call: never);
 *  - in the function, each use of the parameter as a term goes through bs_term, which also says
 *    what the parameter was when a clause fails, however far the context has moved.
 * Terms come as before: from other modules, through funs, from calls that have only a term. */
#include "compiler/ssa/ssa_context.h"

#include <string.h>

enum { BUDGET_A_BLOCK = 64, MOST_PARAMS = 64 };

SsaValue context_started(const SsaTerm *term)
{
    bool starts = term->kind == SSA_T_GUARD && term->op == SSA_copy && term->test == BC_bs_start;
    return starts && !term->args[0].konst ? term->args[0].value : 0;
}

uint32_t context_count(const Contexts *c, const SsaArg *args, uint32_t count, SsaValue family)
{
    uint32_t found = 0;
    for (uint32_t i = 0; i < count; i++) {
        found +=
            !args[i].konst && args[i].value < c->family_count && c->family[args[i].value] == family;
    }
    return found;
}

static bool is_used_in(const Contexts *c, const SsaBlock *block, size_t from, SsaValue family)
{
    for (size_t n = from; n < block->instrs.count; n++) {
        const SsaInstr *instr = &block->instrs.items[n];
        if (context_count(c, instr->args, instr->arg_count, family) > 0) {
            return true;
        }
    }
    return context_count(c, block->term.args, block->term.arg_count, family) > 0;
}

static bool passes_on(const Contexts *c, const SsaBlock *block, SsaValue family)
{
    for (uint32_t e = 0; e < block->term.edge_count; e++) {
        const SsaEdge *edge = &block->term.edges[e];
        if (context_count(c, edge->args, edge->arg_count, family) > 0) {
            return true;
        }
    }
    return false;
}

static void follow(Contexts *c, uint32_t *depth, SsaBlockId id)
{
    if (id != 0 && c->seen[id] != c->search) {
        c->seen[id] = c->search;
        c->stack[(*depth)++] = id;
    }
}

static void follow_all(Contexts *c, uint32_t *depth, const SsaBlock *block)
{
    follow(c, depth, block->handler);
    for (uint32_t e = 0; e < block->term.edge_count; e++) {
        follow(c, depth, block->term.edges[e].block);
    }
}

bool context_used_after(Contexts *c, SsaPlace place, SsaValue family)
{
    const SsaBlock *block = ssa_block_at(c->function, place.block);
    if (place.index >= block->instrs.count && block->term.kind == SSA_T_TAIL_CALL) {
        return false;
    }
    if (is_used_in(c, block, place.index + 1, family) || passes_on(c, block, family)) {
        return true;
    }
    uint32_t depth = 0;
    c->search++;
    follow_all(c, &depth, block);
    while (depth > 0) {
        block = ssa_block_at(c->function, c->stack[--depth]);
        if (c->budget == 0 || is_used_in(c, block, 0, family) || passes_on(c, block, family)) {
            return true;
        }
        c->budget--;
        follow_all(c, &depth, block);
    }
    return false;
}

/* True if the block's instructions from..to, or its terminator when to is behind them, move the
 * context. */
static bool moves(const SsaBlock *block, size_t from, size_t to, SsaValue context)
{
    for (size_t n = from; n < block->instrs.count && n < to; n++) {
        const SsaInstr *instr = &block->instrs.items[n];
        if (instr->op == SSA_bs_rewind && instr->args[0].value == context) {
            return true;
        }
    }
    const SsaTerm *term = &block->term;
    return to > block->instrs.count && term->kind == SSA_T_GUARD && term->op == SSA_copy &&
           term->arg_count > 0 && !term->args[0].konst && term->args[0].value == context;
}

/* True if the context may have moved between the two places; the first dominates the second. */
static bool moved_between(Contexts *c, SsaPlace first, SsaPlace second, SsaValue context)
{
    const SsaBlock *block = ssa_block_at(c->function, second.block);
    if (first.block == second.block) {
        return moves(block, first.index + 1, second.index, context);
    }
    if (moves(block, 0, second.index, context)) {
        return true;
    }
    uint32_t depth = 0;
    c->search++;
    c->stack[depth++] = second.block;
    while (depth > 0) {
        SsaBlockId at = c->stack[--depth];
        for (uint32_t p = c->graph.pred_start[at]; p < c->graph.pred_start[at + 1]; p++) {
            block = ssa_block_at(c->function, c->graph.preds[p].block);
            bool is_first = block->id == first.block;
            if (c->seen[block->id] == c->search) {
                continue;
            }
            c->seen[block->id] = c->search;
            if (c->budget == 0 || moves(block, is_first ? first.index + 1 : 0, SIZE_MAX, context)) {
                return true;
            }
            c->budget--;
            if (!is_first) {
                c->stack[depth++] = block->id;
            }
        }
    }
    return false;
}

/* A call's argument that is what is left of a context. */
typedef struct {
    uint32_t function;
    SsaPlace place;
    uint32_t callee, argument;
    SsaValue context;
} Site;

typedef struct {
    Contexts c;
    uint64_t *candidates; /* by function: parameters that it matches as bitstrings */
    VEC(Site) sites;
    SsaPlace *rests; /* by value: where bs_rest made it; block 0: something else made it */
} Module;

static uint32_t find_param(const SsaFunction *function, SsaValue value)
{
    const SsaBlock *entry = ssa_block_at(function, 1);
    uint32_t n = 0;
    while (n < entry->param_count && entry->params[n] != value) {
        n++;
    }
    return n < entry->param_count && n < MOST_PARAMS ? n : MOST_PARAMS;
}

static uint64_t find_candidates(const SsaFunction *function)
{
    uint64_t found = 0;
    for (size_t b = 0; b < function->blocks.count; b++) {
        SsaValue value = context_started(&function->blocks.items[b]->term);
        uint32_t n = value != 0 ? find_param(function, value) : MOST_PARAMS;
        if (n < MOST_PARAMS) {
            found |= (uint64_t)1 << n;
        }
    }
    return found;
}

/* Who shares a place with whom: a parameter, the contexts started from it, their rests. */
static void find_families(Module *m)
{
    Contexts *c = &m->c;
    const SsaBlock *entry = ssa_block_at(c->function, 1);
    for (uint32_t n = 0; n < entry->param_count; n++) {
        c->family[entry->params[n]] = entry->params[n];
    }
    for (uint32_t i = 0; i < c->graph.order_count; i++) {
        const SsaBlock *block = ssa_block_at(c->function, c->graph.order[i]);
        for (size_t n = 0; n < block->instrs.count; n++) {
            const SsaInstr *instr = &block->instrs.items[n];
            if (instr->op == SSA_bs_rest) {
                c->family[instr->result] = c->family[instr->args[0].value];
                m->rests[instr->result] = (SsaPlace){block->id, n};
            }
        }
        SsaValue from = context_started(&block->term);
        if (from != 0 || (block->term.kind == SSA_T_GUARD && block->term.op == SSA_copy &&
                          block->term.test == BC_bs_start)) {
            bool is_param = from != 0 && find_param(c->function, from) < MOST_PARAMS;
            c->family[block->term.result] = is_param ? from : block->term.result;
        }
    }
}

static void look_at_call(Module *m, uint32_t f, SsaPlace place, uint32_t callee, const SsaArg *args,
                         uint32_t count)
{
    Contexts *c = &m->c;
    for (uint32_t a = 0; a < count && a < MOST_PARAMS; a++) {
        if ((m->candidates[callee] >> a & 1) == 0 || args[a].konst ||
            m->rests[args[a].value].block == 0) {
            continue;
        }
        SsaPlace rest = m->rests[args[a].value];
        const SsaBlock *block = ssa_block_at(c->function, rest.block);
        SsaValue context = block->instrs.items[rest.index].args[0].value;
        SsaValue family = c->family[context];
        if (context_count(c, args, count, family) == 1 && !moved_between(c, rest, place, context) &&
            !context_used_after(c, place, family)) {
            vec_push(&m->sites, ((Site){f, place, callee, a, context}));
        }
    }
}

static void look_at_calls(Module *m, uint32_t f)
{
    const Contexts *c = &m->c;
    for (uint32_t i = 0; i < c->graph.order_count; i++) {
        const SsaBlock *block = ssa_block_at(c->function, c->graph.order[i]);
        for (size_t n = 0; n < block->instrs.count; n++) {
            const SsaInstr *instr = &block->instrs.items[n];
            if (instr->op == SSA_call && m->candidates[instr->callee] != 0) {
                look_at_call(m, f, (SsaPlace){block->id, n}, instr->callee, instr->args,
                             instr->arg_count);
            }
        }
        const SsaTerm *term = &block->term;
        if (term->kind == SSA_T_TAIL_CALL && term->op == SSA_call &&
            m->candidates[term->callee] != 0) {
            look_at_call(m, f, (SsaPlace){block->id, block->instrs.count}, term->callee, term->args,
                         term->arg_count);
        }
    }
}

static void with_function(Module *m, uint32_t f, void (*step)(Module *m, uint32_t f))
{
    Contexts *c = &m->c;
    c->function = m->c.module->functions.items[f];
    ssa_graph_make(&c->graph, c->function);
    ssa_graph_dominance(&c->graph);
    Arena *arena = &c->graph.arena;
    uint32_t values = c->function->value_count + 1;
    c->family = ARENA_ARRAY(arena, SsaValue, values);
    c->family_count = values;
    m->rests = ARENA_ARRAY(arena, SsaPlace, values);
    c->stack = ARENA_ARRAY(arena, SsaBlockId, c->graph.count + 1);
    c->seen = ARENA_ARRAY(arena, uint32_t, c->graph.count + 1);
    c->search = 0;
    c->budget = (uint64_t)c->graph.count * BUDGET_A_BLOCK;
    find_families(m);
    step(m, f);
    ssa_graph_free(&c->graph);
}

/* The argument becomes value; the array may be another's too. */
static SsaArg *with_argument(SsaModule *module, const SsaArg *args, uint32_t count, uint32_t n,
                             SsaValue value)
{
    SsaArg *copy = ARENA_ARRAY(module->arena, SsaArg, count);
    memcpy(copy, args, count * sizeof *copy);
    copy[n] = ssa_use(value);
    return copy;
}

static void pass_contexts(Module *m)
{
    SsaModule *module = m->c.module;
    for (size_t i = 0; i < m->sites.count; i++) {
        const Site *s = &m->sites.items[i];
        SsaBlock *block = ssa_block_at(module->functions.items[s->function], s->place.block);
        if (s->place.index < block->instrs.count) {
            SsaInstr *call = &block->instrs.items[s->place.index];
            call->args =
                with_argument(module, call->args, call->arg_count, s->argument, s->context);
        } else {
            SsaTerm *call = &block->term;
            call->args =
                with_argument(module, call->args, call->arg_count, s->argument, s->context);
        }
        m->c.accepts[s->callee] |= (uint64_t)1 << s->argument;
    }
}

/* Rests that nobody wants any more. */
static void drop_rests(Module *m, uint32_t f)
{
    SsaFunction *function = m->c.module->functions.items[f];
    Arena scratch = {0};
    const uint32_t *uses = ssa_count_uses(function, &scratch);
    for (size_t b = 0; b < function->blocks.count; b++) {
        SsaBlock *block = function->blocks.items[b];
        size_t kept = 0;
        for (size_t n = 0; n < block->instrs.count; n++) {
            const SsaInstr *instr = &block->instrs.items[n];
            if (instr->op != SSA_bs_rest || uses[instr->result] > 0) {
                block->instrs.items[kept++] = *instr;
            }
        }
        block->instrs.count = kept;
    }
    arena_free(&scratch);
}

static void rewrite_params(Module *m, uint32_t f)
{
    uint64_t params = m->c.accepts[f];
    m->c.function->contexts = params;
    for (uint32_t n = 0; params != 0; n++, params >>= 1) {
        if (params & 1) {
            context_rewrite(&m->c, n);
        }
    }
}

void ssa_contexts(SsaModule *module)
{
    uint32_t count = (uint32_t)module->functions.count;
    Arena arena = {0};
    Module m = {.c = {.module = module}};
    m.candidates = ARENA_ARRAY(&arena, uint64_t, count + 1);
    m.c.accepts = ARENA_ARRAY(&arena, uint64_t, count + 1);
    bool any = false;
    for (uint32_t f = 0; f < count; f++) {
        m.candidates[f] = find_candidates(module->functions.items[f]);
        any |= m.candidates[f] != 0;
    }
    for (uint32_t f = 0; f < count && any; f++) {
        with_function(&m, f, look_at_calls);
    }
    pass_contexts(&m);
    uint32_t last = UINT32_MAX;
    for (size_t i = 0; i < m.sites.count; i++) {
        if (m.sites.items[i].function != last) {
            last = m.sites.items[i].function;
            drop_rests(&m, last);
        }
    }
    for (uint32_t f = 0; f < count; f++) {
        if (m.c.accepts[f] != 0) {
            with_function(&m, f, rewrite_params);
        }
    }
    vec_free(&m.sites);
    arena_free(&arena);
}
