/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/ssa/ssa_type.c: what is known of a value at a block: by what made it, and by the tests
 * that every way to the block has passed.
 *
 * The loader's verifier learns that a register holds a cons, tuple or map from tests and from the
 * instructions that build them, not by elimination. So a test for one of these counts as known to
 * be true only when such a test came before ("taught"). */
#include "compiler/ssa/ssa_pass.h"

enum { FURTHEST = 64 }; /* dominators looked at; more would cost more than it brings */

static const SsaFact nothing = {SSA_K_ANY, 0, UINT32_MAX, NULL};

static unsigned test_kinds(BcOpcode test)
{
    switch (test) {
    case BC_is_atom:
        return SSA_K_TRUE | SSA_K_FALSE | SSA_K_ATOM;
    case BC_is_boolean:
        return SSA_K_BOOL;
    case BC_is_integer:
        return SSA_K_INT;
    case BC_is_float:
        return SSA_K_FLOAT;
    case BC_is_number:
        return SSA_K_INT | SSA_K_FLOAT;
    case BC_is_list:
        return SSA_K_NIL | SSA_K_CONS;
    case BC_is_nil:
        return SSA_K_NIL;
    case BC_is_cons:
        return SSA_K_CONS;
    case BC_is_tuple:
        return SSA_K_TUPLE;
    case BC_is_map:
        return SSA_K_MAP;
    case BC_is_bitstring:
        return SSA_K_BITS;
    case BC_is_true:
        return SSA_K_TRUE;
    default:
        return 0; /* says more than the kind */
    }
}

/* Kinds that the test can be true for, when it says more than the kind. */
static unsigned test_within(BcOpcode test)
{
    switch (test) {
    case BC_is_arity:
    case BC_is_tuple_of:
    case BC_is_tagged:
        return SSA_K_TUPLE;
    case BC_is_binary:
        return SSA_K_BITS;
    case BC_is_pid:
    case BC_is_port:
    case BC_is_reference:
    case BC_is_function:
    case BC_is_function_of:
        return SSA_K_OTHER;
    default:
        return SSA_K_ANY;
    }
}

static SsaFact konst_fact(const Konst *k)
{
    static const unsigned kinds[KONST__count] = {
        [KONST_INT] = SSA_K_INT,     [KONST_BIG] = SSA_K_INT,   [KONST_FLOAT] = SSA_K_FLOAT,
        [KONST_NIL] = SSA_K_NIL,     [KONST_LIST] = SSA_K_CONS, [KONST_STRING] = SSA_K_CONS,
        [KONST_TUPLE] = SSA_K_TUPLE, [KONST_MAP] = SSA_K_MAP,   [KONST_BINARY] = SSA_K_BITS,
        [KONST_FUN] = SSA_K_OTHER,   [KONST_ATOM] = SSA_K_ATOM,
    };
    SsaFact fact = {kinds[k->kind], 0, UINT32_MAX, NULL};
    fact.taught = fact.kinds & (SSA_K_CONS | SSA_K_TUPLE | SSA_K_MAP);
    if (konst_is_atom(k, "true")) {
        fact.kinds = SSA_K_TRUE;
    } else if (konst_is_atom(k, "false")) {
        fact.kinds = SSA_K_FALSE;
    }
    if (k->kind == KONST_INT || k->kind == KONST_ATOM || k->kind == KONST_NIL) {
        fact.konst = k;
    } else if (k->kind == KONST_TUPLE) {
        fact.arity = k->count;
    }
    return fact;
}

static SsaFact made_fact(const SsaInstr *instr)
{
    SsaFact fact = nothing;
    switch (instr->op) {
    case SSA_cons:
        fact.kinds = fact.taught = SSA_K_CONS;
        break;
    case SSA_tuple:
        fact.kinds = fact.taught = SSA_K_TUPLE;
        fact.arity = instr->arg_count;
        break;
    case SSA_make_fun:
        fact.kinds = SSA_K_OTHER;
        break;
    case SSA_compare:
    case SSA_type_test:
    case SSA_not:
    case SSA_and:
    case SSA_or:
    case SSA_xor:
        fact.kinds = SSA_K_BOOL;
        break;
    case SSA_map_new:
    case SSA_map_put:
    case SSA_map_update:
        fact.kinds = SSA_K_MAP;
        break;
    case SSA_add:
    case SSA_sub:
    case SSA_mul:
    case SSA_neg:
    case SSA_plus:
        fact.kinds = SSA_K_INT | SSA_K_FLOAT;
        break;
    case SSA_fdiv:
        fact.kinds = SSA_K_FLOAT;
        break;
    case SSA_div:
    case SSA_rem:
    case SSA_band:
    case SSA_bor:
    case SSA_bxor:
    case SSA_bsl:
    case SSA_bsr:
    case SSA_bnot:
        fact.kinds = SSA_K_INT;
        break;
    case SSA_bs_build:
        fact.kinds = SSA_K_BITS;
        break;
    default:
        break;
    }
    return fact;
}

static void learn_konst(SsaFact *fact, const Konst *k)
{
    SsaFact known = konst_fact(k);
    fact->kinds &= known.kinds;
    fact->konst = known.konst ? known.konst : fact->konst;
}

static void forget_konst(SsaFact *fact, const Konst *k)
{
    if (k->kind == KONST_NIL) {
        fact->kinds &= ~(unsigned)SSA_K_NIL;
    } else if (konst_is_atom(k, "true")) {
        fact->kinds &= ~(unsigned)SSA_K_TRUE;
    } else if (konst_is_atom(k, "false")) {
        fact->kinds &= ~(unsigned)SSA_K_FALSE;
    }
}

static void learn_true(SsaFact *fact, const SsaTerm *term)
{
    unsigned kinds = test_kinds(term->test);
    unsigned within = kinds ? kinds : test_within(term->test);
    fact->kinds &= within;
    if (within == SSA_K_CONS || within == SSA_K_TUPLE || within == SSA_K_MAP) {
        fact->taught |= within;
    }
    if (term->test == BC_is_arity || term->test == BC_is_tuple_of || term->test == BC_is_tagged) {
        fact->arity = term->imm;
    }
}

/* What taking edge number e of the test says about value. */
static void learn_test(SsaFact *fact, const SsaTerm *term, uint32_t e, SsaValue value)
{
    bool equal = term->test == BC_is_eq_exact || term->test == BC_is_ne_exact;
    if (equal) {
        bool holds = (term->test == BC_is_eq_exact) == (e == 0);
        for (uint32_t side = 0; side < 2; side++) {
            if (!term->args[side].konst && term->args[side].value == value &&
                term->args[1 - side].konst) {
                (holds ? learn_konst : forget_konst)(fact, term->args[1 - side].konst);
            }
        }
        return;
    }
    if (term->arg_count == 0 || term->args[0].konst || term->args[0].value != value) {
        return;
    }
    if (e == 1) {
        fact->kinds &= ~test_kinds(term->test);
    } else if (test_kinds(term->test) || test_within(term->test) != SSA_K_ANY) {
        learn_true(fact, term);
    }
}

static void learn_switch(SsaFact *fact, const SsaTerm *term, uint32_t e)
{
    if (term->kind == SSA_T_SWITCH_ARITY) {
        fact->kinds &= SSA_K_TUPLE;
        if (e < term->key_count) {
            fact->taught |= SSA_K_TUPLE;
            fact->arity = (uint32_t)term->keys[e]->integer;
        }
    } else if (e < term->key_count) {
        learn_konst(fact, term->keys[e]);
    } else {
        for (uint32_t k = 0; k < term->key_count; k++) {
            forget_konst(fact, term->keys[k]);
        }
    }
}

static void learn_edge(SsaFact *fact, const SsaTerm *term, uint32_t e, SsaValue value)
{
    if (term->kind == SSA_T_TEST) {
        learn_test(fact, term, e, value);
    } else if ((term->kind == SSA_T_SWITCH || term->kind == SSA_T_SWITCH_ARITY) &&
               !term->args[0].konst && term->args[0].value == value) {
        learn_switch(fact, term, e);
    }
}

void ssa_facts_make(SsaFacts *facts, SsaGraph *graph, Arena *arena)
{
    ssa_graph_dominance(graph);
    facts->graph = graph;
    facts->definition = ARENA_ARRAY(arena, const SsaInstr *, graph->function->value_count + 1);
    for (uint32_t i = 0; i < graph->order_count; i++) {
        const SsaBlock *block = ssa_block_at(graph->function, graph->order[i]);
        for (size_t n = 0; n < block->instrs.count; n++) {
            facts->definition[block->instrs.items[n].result] = &block->instrs.items[n];
        }
    }
    facts->definition[0] = NULL;
}

SsaFact ssa_fact(const SsaFacts *facts, SsaArg arg, SsaBlockId block)
{
    if (arg.konst) {
        return konst_fact(arg.konst);
    }
    const SsaGraph *graph = facts->graph;
    const SsaInstr *made = facts->definition[arg.value];
    SsaFact fact = made ? made_fact(made) : nothing;
    for (int i = 0; i < FURTHEST && block != 1; i++) {
        uint32_t first = graph->pred_start[block];
        if (graph->pred_start[block + 1] - first == 1 &&
            graph->preds[first].edge != SSA_HANDLER_EDGE) {
            SsaPred pred = graph->preds[first];
            learn_edge(&fact, &ssa_block_at(graph->function, pred.block)->term, pred.edge,
                       arg.value);
        }
        block = graph->idom[block * 3] / 3;
    }
    return fact;
}

int ssa_type_outcome(BcOpcode test, const SsaFact *fact)
{
    unsigned kinds = test_kinds(test), within = kinds ? kinds : test_within(test);
    if ((fact->kinds & within) == 0) {
        return 0;
    }
    if (kinds == 0 || (fact->kinds & ~kinds) != 0) {
        return -1;
    }
    bool teaches = test == BC_is_cons || test == BC_is_tuple || test == BC_is_map;
    return teaches && !(fact->taught & kinds) ? -1 : 1;
}

static int arity_outcome(const SsaTerm *term, const SsaFact *fact)
{
    if (fact->arity == UINT32_MAX || !(fact->taught & SSA_K_TUPLE)) {
        return -1;
    }
    if (fact->arity != term->imm) {
        return 0;
    }
    if (term->test != BC_is_tagged) {
        return 1;
    }
    const Konst *whole = term->args[0].konst;
    return whole ? konst_same(whole->list.items[0], term->args[1].konst) : -1;
}

static int compare_number(BcOpcode test)
{
    switch (test) {
    case BC_is_lt:
        return 0;
    case BC_is_ge:
        return 3;
    case BC_is_eq:
        return 4;
    case BC_is_ne:
        return 5;
    case BC_is_eq_exact:
        return 6;
    case BC_is_ne_exact:
        return 7;
    default:
        return -1;
    }
}

int ssa_test_outcome(const SsaFacts *facts, const SsaTerm *term, SsaBlockId block)
{
    if (term->arg_count == 0) {
        return -1;
    }
    SsaFact a = ssa_fact(facts, term->args[0], block);
    int compare = compare_number(term->test);
    if (compare < 0) {
        if (term->test == BC_is_arity || term->test == BC_is_tuple_of ||
            term->test == BC_is_tagged) {
            int outcome = arity_outcome(term, &a);
            if (outcome >= 0) {
                return outcome;
            }
        }
        return ssa_type_outcome(term->test, &a);
    }
    SsaFact b = ssa_fact(facts, term->args[1], block);
    if (compare >= 3 && !term->args[0].konst && ssa_same_arg(term->args[0], term->args[1])) {
        return compare == 3 || compare == 4 || compare == 6;
    }
    if (compare >= 6 && (a.kinds & b.kinds) == 0) {
        return compare == 7;
    }
    return a.konst && b.konst ? ssa_eval_compare((uint32_t)compare, a.konst, b.konst) : -1;
}
