/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/ssa/ssa_fold.c: what can be known while compiling is not computed: copies, operations on
 * constants, parts of what was just built, tests that came before; and a test of a comparison's
 * outcome becomes the comparison. */
#include "compiler/ssa/ssa_pass.h"

#include <string.h>

typedef struct {
    SsaModule *module;
    SsaFunction *function;
    SsaGraph graph;
    SsaFacts facts;
    SsaArg *replace;
} Fold;

static SsaArg atom_arg(Fold *f, bool value)
{
    Arena *arena = f->module->arena;
    return ssa_konst(value ? konst_atom(arena, "true", 4) : konst_atom(arena, "false", 5));
}

static const Konst *konst_part(Fold *f, const SsaInstr *instr, const Konst *k)
{
    Arena *arena = f->module->arena;
    if (instr->op == SSA_element && k->kind == KONST_TUPLE && instr->imm < k->count) {
        return k->list.items[instr->imm];
    }
    if (k->kind == KONST_LIST && instr->op == SSA_head) {
        return k->list.items[0];
    }
    if (k->kind == KONST_LIST && instr->op == SSA_tail_of) {
        return konst_list(arena, k->list.items + 1, k->count - 1, k->list.tail);
    }
    if (k->kind == KONST_STRING && instr->op == SSA_head) {
        return konst_int(arena, k->points[0]);
    }
    if (k->kind == KONST_STRING && instr->op == SSA_tail_of) {
        return konst_string(arena, k->points + 1, k->count - 1);
    }
    return NULL;
}

/* Part of a constant or of what an instruction before built. */
static SsaArg part(Fold *f, const SsaInstr *instr)
{
    SsaArg whole = instr->args[0];
    if (whole.konst) {
        return ssa_konst(konst_part(f, instr, whole.konst));
    }
    const SsaInstr *made = f->facts.definition[whole.value];
    if (!made) {
        return (SsaArg){0};
    }
    if (instr->op == SSA_element && made->op == SSA_tuple && instr->imm < made->arg_count) {
        return made->args[instr->imm];
    }
    if (made->op == SSA_cons && instr->op != SSA_element) {
        return made->args[instr->op == SSA_tail_of];
    }
    return (SsaArg){0};
}

static SsaArg known_compare(Fold *f, const SsaInstr *instr)
{
    if (instr->imm >= 3 && !instr->args[0].konst && ssa_same_arg(instr->args[0], instr->args[1])) {
        return atom_arg(f, instr->imm == 3 || instr->imm == 4 || instr->imm == 6);
    }
    return ssa_konst(ssa_eval(f->module->arena, SSA_compare, instr->imm, instr->args, 2));
}

/* What the instruction's result is known to be; nothing set: not known. */
static SsaArg known_result(Fold *f, const SsaInstr *instr, SsaBlockId block)
{
    SsaFact fact;
    int outcome;
    switch (instr->op) {
    case SSA_copy:
        return instr->args[0];
    case SSA_head:
    case SSA_tail_of:
    case SSA_element:
        return part(f, instr);
    case SSA_compare:
        return known_compare(f, instr);
    case SSA_type_test:
        fact = ssa_fact(&f->facts, instr->args[0], block);
        outcome = ssa_type_outcome((BcOpcode)instr->imm, &fact);
        return outcome < 0 ? (SsaArg){0} : atom_arg(f, outcome);
    default:
        return ssa_konst(
            ssa_eval(f->module->arena, instr->op, instr->imm, instr->args, instr->arg_count));
    }
}

static void resolve_args(Fold *f, SsaArg *args, uint32_t count)
{
    for (uint32_t a = 0; a < count; a++) {
        args[a] = ssa_resolve(f->replace, args[a]);
    }
}

/* The make_fun of the fun that is called, if it is known here and takes so many arguments. */
static const SsaInstr *known_fun(const Fold *f, SsaOp op, const SsaArg *args, uint32_t count)
{
    if (op != SSA_call_fun || args[0].konst) {
        return NULL;
    }
    const SsaInstr *made = f->facts.definition[args[0].value];
    return made && made->op == SSA_make_fun && made->imm == count - 1 ? made : NULL;
}

/* The arguments of a call to made's function itself: those given, then the free values. */
static SsaArg *direct_args(Fold *f, const SsaInstr *made, const SsaArg *args, uint32_t *count)
{
    uint32_t given = *count - 1;
    SsaArg *all = ARENA_ARRAY(f->module->arena, SsaArg, given + made->arg_count);
    memcpy(all, args + 1, given * sizeof(SsaArg));
    for (uint32_t i = 0; i < made->arg_count; i++) {
        all[given + i] = made->args[i];
    }
    *count = given + made->arg_count;
    return all;
}

static void call_directly(Fold *f, SsaInstr *instr)
{
    const SsaInstr *made = known_fun(f, instr->op, instr->args, instr->arg_count);
    if (made) {
        instr->args = direct_args(f, made, instr->args, &instr->arg_count);
        instr->op = SSA_call;
        instr->callee = made->callee;
    }
}

static void fold_instrs(Fold *f, SsaBlock *block)
{
    for (size_t n = 0; n < block->instrs.count; n++) {
        SsaInstr *instr = &block->instrs.items[n];
        resolve_args(f, instr->args, instr->arg_count);
        call_directly(f, instr);
        if (instr->result == 0) {
            continue;
        }
        SsaArg known = known_result(f, instr, block->id);
        if (known.konst || known.value) {
            f->replace[instr->result] = known;
            /* Computed without raising, so it can go like any unused copy. */
            SsaArg *arg = ARENA_ARRAY(f->module->arena, SsaArg, 1);
            *arg = known;
            *instr =
                (SsaInstr){.op = SSA_copy, .result = instr->result, .args = arg, .arg_count = 1};
        }
    }
}

/* compare number -> test and whether its arguments are swapped */
static BcOpcode compare_test(uint32_t compare, bool *swapped)
{
    static const BcOpcode tests[8] = {BC_is_lt, BC_is_ge, BC_is_lt,       BC_is_ge,
                                      BC_is_eq, BC_is_ne, BC_is_eq_exact, BC_is_ne_exact};
    *swapped = compare == 1 || compare == 2;
    return tests[compare];
}

/* block tests a boolean that made computes: it ends in that test itself, to yes or no. */
static void test_directly(Fold *f, SsaBlock *block, const SsaInstr *made, SsaEdge yes, SsaEdge no)
{
    SsaEdge edges[] = {yes, no};
    SsaLine line = block->term.line;
    BcOpcode test = (BcOpcode)made->imm;
    SsaArg args[2] = {made->args[0], made->args[made->arg_count - 1]};
    if (made->op == SSA_compare) {
        bool swapped;
        test = compare_test(made->imm, &swapped);
        if (swapped) {
            SsaArg first = args[0];
            args[0] = args[1];
            args[1] = first;
        }
    }
    SsaTerm *term = ssa_terminate(f->module, block, SSA_T_TEST, args, made->arg_count, edges, 2);
    term->test = test;
    term->line = line;
}

static const SsaInstr *boolean_maker(const Fold *f, SsaArg arg)
{
    const SsaInstr *made = arg.konst ? NULL : f->facts.definition[arg.value];
    return made && (made->op == SSA_compare || made->op == SSA_type_test) ? made : NULL;
}

/* `C =:= true` and the like, where C is a comparison. */
static bool fold_boolean_test(Fold *f, SsaBlock *block)
{
    SsaTerm *term = &block->term;
    const SsaInstr *made = boolean_maker(f, term->args[0]);
    if (!made) {
        return false;
    }
    bool positive =
        term->test == BC_is_true || term->test == BC_is_eq_exact || term->test == BC_is_eq;
    if (term->test != BC_is_true) {
        if (!positive && term->test != BC_is_ne_exact && term->test != BC_is_ne) {
            return false;
        }
        if (ssa_is_atom(term->args[1], "false")) {
            positive = !positive;
        } else if (!ssa_is_atom(term->args[1], "true")) {
            return false;
        }
    }
    test_directly(f, block, made, term->edges[!positive], term->edges[positive]);
    return true;
}

/* == with something that equals only itself is =:=, which is faster. */
static void strengthen(SsaTerm *term)
{
    for (uint32_t side = 0; side < 2; side++) {
        const Konst *k = term->args[side].konst;
        if (k && (k->kind == KONST_ATOM || k->kind == KONST_NIL)) {
            term->test = term->test == BC_is_eq ? BC_is_eq_exact : BC_is_ne_exact;
            return;
        }
    }
}

static void fold_test(Fold *f, SsaBlock *block)
{
    SsaTerm *term = &block->term;
    int outcome = ssa_test_outcome(&f->facts, term, block->id);
    if (outcome >= 0) {
        ssa_make_jump(f->module, block, term->edges[outcome == 0]);
        return;
    }
    if (term->arg_count > 0 && fold_boolean_test(f, block)) {
        return;
    }
    if (term->test == BC_is_eq || term->test == BC_is_ne) {
        strengthen(term);
    }
}

static int key_index(const SsaTerm *term, const Konst *k)
{
    for (uint32_t i = 0; i < term->key_count; i++) {
        if (konst_same(term->keys[i], k)) {
            return (int)i;
        }
    }
    return (int)term->key_count;
}

static int atom_key(const SsaTerm *term, const char *text)
{
    for (uint32_t i = 0; i < term->key_count; i++) {
        if (konst_is_atom(term->keys[i], text)) {
            return (int)i;
        }
    }
    return (int)term->key_count;
}

static void make_test(Fold *f, SsaBlock *block, BcOpcode test, uint32_t imm, const Konst *with,
                      SsaEdge yes, SsaEdge no)
{
    SsaLine line = block->term.line;
    SsaArg args[] = {block->term.args[0], ssa_konst(with)};
    SsaEdge edges[] = {yes, no};
    SsaTerm *term = ssa_terminate(f->module, block, SSA_T_TEST, args, with ? 2 : 1, edges, 2);
    term->test = test;
    term->imm = imm;
    term->line = line;
}

static void fold_switch(Fold *f, SsaBlock *block)
{
    SsaTerm *term = &block->term;
    SsaFact fact = ssa_fact(&f->facts, term->args[0], block->id);
    if (fact.konst || term->key_count == 0) {
        uint32_t edge = fact.konst ? (uint32_t)key_index(term, fact.konst) : 0;
        ssa_make_jump(f->module, block, term->edges[edge]);
        return;
    }
    const SsaInstr *made = boolean_maker(f, term->args[0]);
    SsaEdge yes = term->edges[atom_key(term, "true")], no = term->edges[atom_key(term, "false")];
    if (made) {
        test_directly(f, block, made, yes, no);
    } else if ((fact.kinds & ~(unsigned)SSA_K_BOOL) == 0) {
        make_test(f, block, BC_is_true, 0, NULL, yes, no);
    } else if (term->key_count == 1) {
        make_test(f, block, BC_is_eq_exact, 0, term->keys[0], term->edges[0], term->edges[1]);
    }
}

static void fold_switch_arity(Fold *f, SsaBlock *block)
{
    SsaTerm *term = &block->term;
    SsaFact fact = ssa_fact(&f->facts, term->args[0], block->id);
    if (fact.arity != UINT32_MAX && (fact.taught & SSA_K_TUPLE)) {
        uint32_t edge = 0;
        while (edge < term->key_count && term->keys[edge]->integer != fact.arity) {
            edge++;
        }
        ssa_make_jump(f->module, block, term->edges[edge]);
    } else if (term->key_count == 0) {
        ssa_make_jump(f->module, block, term->edges[0]);
    } else if (term->key_count == 1) {
        make_test(f, block, BC_is_arity, (uint32_t)term->keys[0]->integer, NULL, term->edges[0],
                  term->edges[1]);
    }
}

static void fold_guard(Fold *f, SsaBlock *block)
{
    SsaTerm *term = &block->term;
    if (term->op == SSA_copy || term->op == SSA_bif) {
        return;
    }
    const Konst *known =
        ssa_eval(f->module->arena, term->op, term->imm, term->args, term->arg_count);
    if (known) {
        f->replace[term->result] = ssa_konst(known);
        resolve_args(f, term->edges[0].args, term->edges[0].arg_count);
        ssa_make_jump(f->module, block, term->edges[0]);
    }
}

static void fold_tail_call(Fold *f, SsaTerm *term)
{
    const SsaInstr *made = known_fun(f, term->op, term->args, term->arg_count);
    if (made) {
        term->args = direct_args(f, made, term->args, &term->arg_count);
        term->op = SSA_call;
        term->callee = made->callee;
    }
}

static void fold_term(Fold *f, SsaBlock *block)
{
    SsaTerm *term = &block->term;
    resolve_args(f, term->args, term->arg_count);
    for (uint32_t e = 0; e < term->edge_count; e++) {
        resolve_args(f, term->edges[e].args, term->edges[e].arg_count);
    }
    switch (term->kind) {
    case SSA_T_TEST:
        fold_test(f, block);
        break;
    case SSA_T_SWITCH:
        fold_switch(f, block);
        break;
    case SSA_T_SWITCH_ARITY:
        fold_switch_arity(f, block);
        break;
    case SSA_T_GUARD:
        fold_guard(f, block);
        break;
    case SSA_T_TAIL_CALL:
        fold_tail_call(f, term);
        break;
    default:
        break;
    }
}

void ssa_fold(SsaModule *module, SsaFunction *function)
{
    Fold f = {.module = module, .function = function};
    ssa_graph_make(&f.graph, function);
    ssa_facts_make(&f.facts, &f.graph, &f.graph.arena);
    f.replace = ARENA_ARRAY(&f.graph.arena, SsaArg, function->value_count + 1);
    for (uint32_t i = 0; i < f.graph.order_count; i++) {
        SsaBlock *block = ssa_block_at(function, f.graph.order[i]);
        fold_instrs(&f, block);
        fold_term(&f, block);
    }
    ssa_substitute(function, f.replace);
    ssa_graph_free(&f.graph);
}
