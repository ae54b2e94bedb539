/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/ssa/ssa_cse.c: a pure operation that was done on every way to here is not done again; a
 * tuple put together of exactly the parts of one that was taken apart is that one. */
#include "compiler/ssa/ssa_pass.h"

typedef struct Known Known;
struct Known {
    const SsaInstr *instr;
    SsaBlockId block;
    Known *next; /* in its bucket */
};

typedef struct {
    SsaGraph graph;
    SsaFacts facts;
    SsaFunction *function;
    SsaArg *replace;
    Known **buckets;
    uint32_t mask;
} Cse;

static uint64_t arg_hash(SsaArg arg)
{
    return arg.konst ? konst_hash(arg.konst) : arg.value * 0x9E3779B97F4A7C15u;
}

static uint32_t instr_hash(const SsaInstr *instr)
{
    uint64_t hash = (uint64_t)instr->op << 32 ^ instr->imm ^ (uint64_t)instr->callee << 16;
    for (uint32_t a = 0; a < instr->arg_count; a++) {
        hash = (hash ^ arg_hash(instr->args[a])) * 0x9E3779B97F4A7C15u;
    }
    return (uint32_t)(hash >> 32);
}

static bool same_operation(const SsaInstr *a, const SsaInstr *b)
{
    if (a->op != b->op || a->imm != b->imm || a->callee != b->callee ||
        a->arg_count != b->arg_count) {
        return false;
    }
    for (uint32_t i = 0; i < a->arg_count; i++) {
        if (!ssa_same_arg(a->args[i], b->args[i])) {
            return false;
        }
    }
    return true;
}

static bool is_before(const Cse *c, SsaBlockId made_in, SsaBlockId block)
{
    return made_in == block ||
           ssa_graph_dominates(&c->graph, made_in, SSA_AT_END, block, SSA_AT_START);
}

static SsaValue find_same(Cse *c, const SsaInstr *instr, SsaBlockId block)
{
    Known **bucket = &c->buckets[instr_hash(instr) & c->mask];
    for (Known *known = *bucket; known; known = known->next) {
        if (same_operation(known->instr, instr) && is_before(c, known->block, block)) {
            return known->instr->result;
        }
    }
    Known *known = ARENA_NEW(&c->graph.arena, Known);
    *known = (Known){instr, block, *bucket};
    *bucket = known;
    return 0;
}

/* The tuple that element number i of the new one was taken from, at the same place; 0: none. */
static SsaValue taken_from(const Cse *c, SsaArg arg, uint32_t i)
{
    const SsaInstr *made = arg.konst ? NULL : c->facts.definition[arg.value];
    bool is = made && made->op == SSA_element && made->imm == i && !made->args[0].konst;
    return is ? made->args[0].value : 0;
}

/* True if the way to block passed is_tagged for whole with this atom, and so many elements. */
static bool is_tagged_so(const Cse *c, SsaValue whole, uint32_t arity, SsaArg tag, SsaBlockId block)
{
    const SsaGraph *graph = &c->graph;
    for (int i = 0; i < 64 && block != 1; i++) {
        uint32_t first = graph->pred_start[block];
        if (graph->pred_start[block + 1] - first == 1 && graph->preds[first].edge == 0) {
            const SsaTerm *term = &ssa_block_at(c->function, graph->preds[first].block)->term;
            if (term->kind == SSA_T_TEST && term->test == BC_is_tagged && term->imm == arity &&
                !term->args[0].konst && term->args[0].value == whole) {
                return ssa_same_arg(term->args[1], tag);
            }
        }
        block = graph->idom[block * 3] / 3;
    }
    return false;
}

/* The value of the tuple that instr would build again, or 0. */
static SsaValue find_whole(const Cse *c, const SsaInstr *instr, SsaBlockId block)
{
    SsaValue whole = 0;
    for (uint32_t i = 0; i < instr->arg_count; i++) {
        SsaValue from = taken_from(c, instr->args[i], i);
        if (from == 0 && i == 0 && instr->arg_count > 1 && instr->args[0].konst &&
            instr->args[0].konst->kind == KONST_ATOM) {
            continue; /* the tag: asked below */
        }
        if (from == 0 || (whole != 0 && whole != from)) {
            return 0;
        }
        whole = from;
    }
    if (whole == 0) {
        return 0;
    }
    SsaFact fact = ssa_fact(&c->facts, ssa_use(whole), block);
    if (fact.arity != instr->arg_count) {
        return 0;
    }
    bool tag = instr->args[0].konst != NULL;
    return !tag || is_tagged_so(c, whole, instr->arg_count, instr->args[0], block) ? whole : 0;
}

static void cse_block(Cse *c, SsaBlock *block)
{
    for (size_t n = 0; n < block->instrs.count; n++) {
        SsaInstr *instr = &block->instrs.items[n];
        for (uint32_t a = 0; a < instr->arg_count; a++) {
            instr->args[a] = ssa_resolve(c->replace, instr->args[a]);
        }
        if ((ssa_op_info[instr->op].flags & SSAF_PURE) == 0 || instr->result == 0 ||
            instr->op == SSA_make_fun) {
            continue;
        }
        SsaValue same = instr->op == SSA_tuple ? find_whole(c, instr, block->id) : 0;
        if (same == 0) {
            same = find_same(c, instr, block->id);
        }
        if (same != 0) {
            c->replace[instr->result] = ssa_use(same);
        }
    }
}

void ssa_cse(SsaModule *module, SsaFunction *function)
{
    (void)module;
    Cse c = {.function = function};
    ssa_graph_make(&c.graph, function);
    ssa_facts_make(&c.facts, &c.graph, &c.graph.arena);
    c.replace = ARENA_ARRAY(&c.graph.arena, SsaArg, function->value_count + 1);
    c.mask = 63;
    while (c.mask < function->value_count) {
        c.mask = c.mask * 2 + 1;
    }
    c.buckets = ARENA_ARRAY(&c.graph.arena, Known *, c.mask + 1);
    for (uint32_t i = 0; i < c.graph.order_count; i++) {
        cse_block(&c, ssa_block_at(function, c.graph.order[i]));
    }
    ssa_substitute(function, c.replace);
    ssa_graph_free(&c.graph);
}
