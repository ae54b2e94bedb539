/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/ssa/ssa_receive.c: a receive that can only take messages that hold a certain value says
 * which before its first look (recv_from). If that is a reference the process has made, the machine
 * knows which messages are too old to hold it and leaves them out.
 *
 * Expects the receive loop as match/ builds it: a block that only peeks. Every way from there to
 * recv_accept must pass a =:= or == between a part of the message and the value, or something built
 * around it. Where the value comes from does not matter: the machine asks when it gets there. */
#include "compiler/ssa/ssa_pass.h"

enum { MOST_CANDIDATES = 4, DEEPEST = 8 };

typedef struct {
    SsaModule *module;
    SsaFunction *function;
    SsaGraph graph;
    SsaFacts facts;
    const SsaBlock *peek;
    uint32_t *seen; /* by block: the last search that came by */
    uint32_t search;
    SsaBlockId *stack;
    VEC(SsaValue) candidates;
    uint32_t *defined_in; /* by value: block; results of terminators are not among them */
    struct Start {
        SsaBlockId peek;
        SsaValue value;
    } * starts; /* what was found; put in at the end, as it moves the instructions */
    uint32_t start_count;
} Receive;

static const SsaInstr *definition(const Receive *r, SsaArg arg)
{
    return arg.konst ? NULL : r->facts.definition[arg.value];
}

/* True if arg is the message or a part of it. */
static bool is_of_message(const Receive *r, SsaArg arg)
{
    for (const SsaInstr *made = definition(r, arg); made; made = definition(r, arg)) {
        if (made->op != SSA_head && made->op != SSA_tail_of && made->op != SSA_element &&
            made->op != SSA_copy) {
            return false;
        }
        arg = made->args[0];
    }
    return !arg.konst && arg.value == r->peek->term.result;
}

/* True if arg is the value or built around it. */
static bool holds(const Receive *r, SsaArg arg, SsaValue value, int depth)
{
    if (!arg.konst && arg.value == value) {
        return true;
    }
    const SsaInstr *made = definition(r, arg);
    if (!made || depth == DEEPEST ||
        (made->op != SSA_cons && made->op != SSA_tuple && made->op != SSA_copy)) {
        return false;
    }
    for (uint32_t i = 0; i < made->arg_count; i++) {
        if (holds(r, made->args[i], value, depth + 1)) {
            return true;
        }
    }
    return false;
}

/* The edge of a =:= or == on which a part of the message equals something else; that in *with.
 * -1: no. For references, which alone matter, the two are the same. */
static int equal_edge(const Receive *r, const SsaTerm *term, SsaArg *with)
{
    bool unequal = term->test == BC_is_ne_exact || term->test == BC_is_ne;
    if (term->kind != SSA_T_TEST ||
        (!unequal && term->test != BC_is_eq_exact && term->test != BC_is_eq)) {
        return -1;
    }
    for (int side = 0; side < 2; side++) {
        if (!term->args[1 - side].konst && is_of_message(r, term->args[side]) &&
            !is_of_message(r, term->args[1 - side])) {
            *with = term->args[1 - side];
            return unequal;
        }
    }
    return -1;
}

static bool accepts(const SsaBlock *block)
{
    for (size_t n = 0; n < block->instrs.count; n++) {
        if (block->instrs.items[n].op == SSA_recv_accept) {
            return true;
        }
    }
    return false;
}

static void add_candidate(Receive *r, SsaArg arg, int depth)
{
    for (size_t i = 0; i < r->candidates.count; i++) {
        if (r->candidates.items[i] == arg.value) {
            return;
        }
    }
    if (arg.konst || r->candidates.count == MOST_CANDIDATES) {
        return;
    }
    vec_push(&r->candidates, arg.value);
    const SsaInstr *made = definition(r, arg);
    if (made && depth < DEEPEST && (made->op == SSA_cons || made->op == SSA_tuple)) {
        for (uint32_t i = 0; i < made->arg_count; i++) {
            add_candidate(r, made->args[i], depth + 1);
        }
    }
}

/* Walks from the message to where it is taken. value 0: gathers what it is compared with. Else true
 * if every way to a recv_accept passes a comparison with something that holds the value. */
static bool walk(Receive *r, SsaValue value)
{
    uint32_t depth = 0;
    r->search++;
    r->seen[r->peek->id] = r->search;
    r->stack[depth++] = r->peek->term.edges[0].block;
    while (depth > 0) {
        const SsaBlock *block = ssa_block_at(r->function, r->stack[--depth]);
        if (r->seen[block->id] == r->search) {
            continue;
        }
        r->seen[block->id] = r->search;
        if (accepts(block)) {
            if (value != 0) {
                return false;
            }
            continue;
        }
        SsaArg with = {0};
        int equal = equal_edge(r, &block->term, &with);
        if (equal >= 0 && value == 0) {
            add_candidate(r, with, 0);
        }
        bool proves = equal >= 0 && value != 0 && holds(r, with, value, 0);
        for (uint32_t e = 0; e < block->term.edge_count; e++) {
            if (!proves || (int)e != equal) {
                if (r->seen[block->term.edges[e].block] != r->search) {
                    r->stack[depth++] = block->term.edges[e].block;
                }
            }
        }
    }
    return true;
}

/* True if the value is there before the receive starts. */
static bool is_before(const Receive *r, SsaValue value)
{
    SsaBlockId block = r->defined_in[value];
    return block != 0 &&
           ssa_graph_dominates(&r->graph, block, SSA_AT_END, r->peek->id, SSA_AT_START);
}

static bool goes_on(const SsaBlock *from)
{
    return from->term.kind == SSA_T_RECV_NEXT || from->term.kind == SSA_T_RECV_WAIT ||
           from->term.kind == SSA_T_RECV_WAIT_UNTIL;
}

/* Says so on each way into the receive. */
static void start_at(Receive *r, SsaBlockId peek, SsaValue value)
{
    const SsaGraph *graph = &r->graph;
    SsaArg arg = ssa_use(value);
    for (uint32_t p = graph->pred_start[peek]; p < graph->pred_start[peek + 1]; p++) {
        SsaBlock *from = ssa_block_at(r->function, graph->preds[p].block);
        if (goes_on(from)) {
            continue;
        }
        if (from->term.kind != SSA_T_JUMP) {
            SsaEdge *edge = &from->term.edges[graph->preds[p].edge];
            SsaBlock *between = ssa_block_new(r->module, r->function, 0);
            between->handler = ssa_block_at(r->function, peek)->handler;
            ssa_terminate(r->module, between, SSA_T_JUMP, NULL, 0, edge, 1);
            *edge = ssa_edge(r->module, between->id, NULL, 0);
            from = between;
        }
        ssa_append(r->module, r->function, from, SSA_recv_from, &arg, 1);
    }
}

static void look_at(Receive *r)
{
    if (r->peek->instrs.count > 0 || ssa_is_handler(&r->graph, r->peek->id)) {
        return;
    }
    r->candidates.count = 0;
    walk(r, 0);
    for (size_t i = 0; i < r->candidates.count; i++) {
        SsaValue value = r->candidates.items[i];
        if (is_before(r, value) && walk(r, value)) {
            r->starts[r->start_count++] = (struct Start){r->peek->id, value};
            return;
        }
    }
}

static void find_definitions(Receive *r)
{
    for (uint32_t i = 0; i < r->graph.order_count; i++) {
        const SsaBlock *block = ssa_block_at(r->function, r->graph.order[i]);
        for (uint32_t p = 0; p < block->param_count; p++) {
            r->defined_in[block->params[p]] = block->id;
        }
        for (size_t n = 0; n < block->instrs.count; n++) {
            r->defined_in[block->instrs.items[n].result] = block->id;
        }
    }
}

static bool receives(const SsaFunction *function)
{
    for (size_t i = 0; i < function->blocks.count; i++) {
        if (function->blocks.items[i]->term.kind == SSA_T_RECV_NEXT) {
            return true;
        }
    }
    return false;
}

void ssa_receive(SsaModule *module, SsaFunction *function)
{
    if (!receives(function)) {
        return;
    }
    Receive r = {.module = module, .function = function};
    ssa_graph_make(&r.graph, function);
    Arena *arena = &r.graph.arena;
    ssa_facts_make(&r.facts, &r.graph, arena);
    size_t edges = 0;
    for (uint32_t i = 0; i < r.graph.order_count; i++) {
        edges += ssa_block_at(function, r.graph.order[i])->term.edge_count;
    }
    r.seen = ARENA_ARRAY(arena, uint32_t, r.graph.count + 1);
    r.starts = ARENA_ARRAY(arena, struct Start, r.graph.count);
    r.stack = ARENA_ARRAY(arena, SsaBlockId, edges + 1);
    r.defined_in = ARENA_ARRAY(arena, uint32_t, function->value_count + 1);
    find_definitions(&r);
    for (uint32_t i = 0; i < r.graph.order_count; i++) {
        const SsaBlock *block = ssa_block_at(function, r.graph.order[i]);
        if (block->term.kind == SSA_T_RECV_PEEK && block->term.result != 0) {
            r.peek = block;
            look_at(&r);
        }
    }
    for (uint32_t i = 0; i < r.start_count; i++) {
        start_at(&r, r.starts[i].peek, r.starts[i].value);
    }
    vec_free(&r.candidates);
    ssa_graph_free(&r.graph);
}
