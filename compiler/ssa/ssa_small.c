/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/ssa/ssa_small.c: typed instructions, by the ranges that ssa_range.c infers.
 *
 * 1. A comparison whose operand is computed with afterwards gives that operand a new name where the
 *    comparison holds (`below`, `at_most`, `above`, `at_least`; the sigma nodes of Ananian's SSI
 * form, 1999), so that what the comparison says of it has a place: `f(I, N) when I < N -> f(I + 1,
 * N)`.
 * 2. Ranges are inferred.
 * 3. Arithmetic on small integers whose result is surely small becomes typed, which checks nothing
 * and cannot fail; so do comparisons. New names that say nothing go back to what they were.
 *
 * Expects the module as after ssa_contexts; leaves guards that cannot fail as plain instructions.
 */
#include "compiler/ssa/ssa_pass.h"
#include "compiler/ssa/ssa_range.h"

enum { MOST_COMPARED = 1 << 16 }; /* tests times operations of a function */

typedef struct {
    SsaBlockId block;
    SsaTerm before;
    SsaValue operand; /* that got the new name */
} Renamed;

typedef struct {
    SsaModule *module;
    uint32_t number; /* of the function at work */
    SsaFunction *function;
    SsaGraph graph;
    VEC(SsaBlockId) operations; /* blocks with arithmetic */
} Small;

static bool is_order(const SsaTerm *term)
{
    return term->kind == SSA_T_TEST && (term->test == BC_is_lt || term->test == BC_is_ge);
}

/* How often the function computes with value in what only the block leads to. */
static uint32_t computed_behind(const Small *s, SsaBlockId block, SsaArg value)
{
    uint32_t found = 0;
    for (size_t i = 0; i < s->operations.count; i++) {
        SsaBlockId at = s->operations.items[i];
        if (!ssa_graph_dominates(&s->graph, block, SSA_AT_START, at, SSA_AT_END)) {
            continue;
        }
        const SsaBlock *b = ssa_block_at(s->function, at);
        for (size_t n = 0; n < b->instrs.count; n++) {
            const SsaInstr *instr = &b->instrs.items[n];
            for (uint32_t a = 0; ranges_typed(instr->op) != BC__count && a < instr->arg_count;
                 a++) {
                found += ssa_same_arg(instr->args[a], value);
            }
        }
    }
    return found;
}

/* The instruction that says of operand `side` what edge e of the test says. */
static BcOpcode limit_of(BcOpcode test, uint32_t e, uint32_t side)
{
    bool less = (test == BC_is_lt) == (e == 0); /* args[0] < args[1], else args[0] >= args[1] */
    if (less) {
        return side == 0 ? BC_below : BC_above;
    }
    return side == 0 ? BC_at_least : BC_at_most;
}

typedef struct {
    SsaArg from;
    SsaValue to;
} Rename;

static void rename_arg(void *context, SsaArg *arg)
{
    const Rename *rename = context;
    if (ssa_same_arg(*arg, rename->from)) {
        *arg = ssa_use(rename->to);
    }
}

static void rename_behind(Small *s, SsaBlockId block, Rename rename)
{
    for (uint32_t i = 0; i < s->graph.order_count; i++) {
        SsaBlockId at = s->graph.order[i];
        if (ssa_graph_dominates(&s->graph, block, SSA_AT_START, at, SSA_AT_END)) {
            ssa_block_each_arg(ssa_block_at(s->function, at), rename_arg, &rename);
        }
    }
}

/* The test ends in a guard whose result is the operand's new name. */
static void rename_operand(Small *s, SsaBlock *block, uint32_t e, uint32_t side, Renamed *renamed)
{
    const SsaTerm before = block->term;
    const SsaArg args[] = {before.args[side], before.args[1 - side]};
    const SsaEdge edges[] = {before.edges[e], before.edges[1 - e]};
    *renamed = (Renamed){block->id, before, args[0].value};
    Rename rename = {args[0], ssa_value_new(s->function)};
    rename_behind(s, edges[0].block, rename);
    SsaTerm *term = ssa_terminate(s->module, block, SSA_T_GUARD, args, 2, edges, 2);
    term->op = SSA_copy;
    term->test = limit_of(before.test, e, side);
    term->result = rename.to;
    term->line = before.line;
    for (uint32_t a = 0; a < term->edges[0].arg_count; a++) {
        rename_arg(&rename, &term->edges[0].args[a]);
    }
}

/* Chooses the edge and the operand that most is computed with behind it. */
static bool rename_best(Small *s, SsaBlock *block, Renamed *renamed)
{
    const SsaTerm *term = &block->term;
    uint32_t most = 0, edge = 0, side = 0;
    for (uint32_t i = 0; i < 4; i++) {
        SsaBlockId target = term->edges[i / 2].block;
        if (term->args[i % 2].konst || ssa_graph_pred_count(&s->graph, target) != 1) {
            continue;
        }
        uint32_t found = computed_behind(s, target, term->args[i % 2]);
        if (found > most) {
            most = found;
            edge = i / 2;
            side = i % 2;
        }
    }
    if (most > 0) {
        rename_operand(s, block, edge, side, renamed);
    }
    return most > 0;
}

static uint32_t find_operations(Small *s)
{
    uint32_t orders = 0;
    s->operations.count = 0;
    for (uint32_t i = 0; i < s->graph.order_count; i++) {
        const SsaBlock *block = ssa_block_at(s->function, s->graph.order[i]);
        orders += is_order(&block->term);
        for (size_t n = 0; n < block->instrs.count; n++) {
            if (ranges_typed(block->instrs.items[n].op) != BC__count) {
                vec_push(&s->operations, block->id);
                break;
            }
        }
    }
    return orders;
}

typedef VEC(Renamed) RenamedVec;

static void rename_function(Small *s, RenamedVec *renamed)
{
    ssa_graph_make(&s->graph, s->function);
    uint32_t orders = find_operations(s);
    if (orders > 0 && s->operations.count > 0 && orders * s->operations.count < MOST_COMPARED) {
        ssa_graph_dominance(&s->graph);
        for (uint32_t i = 0; i < s->graph.order_count; i++) {
            SsaBlock *block = ssa_block_at(s->function, s->graph.order[i]);
            Renamed one;
            if (is_order(&block->term) && rename_best(s, block, &one)) {
                vec_push(renamed, one);
            }
        }
    }
    ssa_graph_free(&s->graph);
}

/* A new name that says nothing new is the old one again. */
static void settle_names(const Small *s, const Ranges *ranges, const RenamedVec *renamed)
{
    SsaArg *replace = ARENA_ARRAY(s->module->arena, SsaArg, s->function->value_count + 1);
    for (size_t i = 0; i < renamed->count; i++) {
        const Renamed *r = &renamed->items[i];
        SsaTerm *term = &ssa_block_at(s->function, r->block)->term;
        SmallRange with = ranges_of(ranges, s->number, term->args[1]);
        SmallRange old = ranges_of(ranges, s->number, term->args[0]);
        bool small = small_range_is_small(with) && small_range_is_small(old);
        if (small && old != ranges_of(ranges, s->number, ssa_use(term->result))) {
            continue;
        }
        replace[term->result] = term->args[0];
        bool same = term->edges[0].block == r->before.edges[0].block;
        const SsaEdge edges[] = {term->edges[!same], term->edges[same]};
        SsaTerm *test = ssa_terminate(s->module, ssa_block_at(s->function, r->block), SSA_T_TEST,
                                      r->before.args, 2, edges, 2);
        test->test = r->before.test;
        test->line = r->before.line;
    }
    ssa_substitute(s->function, replace);
}

/* The typed form of op on the arguments: *imm and *arg_count are set. SSA__count: there is none. */
static SsaOp typed_op(const Small *s, const Ranges *ranges, SsaOp op, const SsaArg *args,
                      uint32_t *arg_count, uint32_t *imm)
{
    BcOpcode typed = ranges_typed(op);
    if (typed == BC__count) {
        return SSA__count;
    }
    int64_t by = 0;
    bool constant = ranges_constant(args, *arg_count, &by);
    bool shift = op == SSA_bsl || op == SSA_bsr;
    if (!constant && (shift || op == SSA_div || op == SSA_rem)) {
        return SSA__count;
    }
    SmallRange result = small_range_result(typed, ranges_of(ranges, s->number, args[0]),
                                           ranges_of(ranges, s->number, args[1]), by);
    if (!small_range_is_small(result)) {
        return SSA__count;
    }
    if (shift) {
        *imm = (uint32_t)by;
        *arg_count = 1;
    }
    return (SsaOp)(SSA_add_small + (typed - BC_add_small));
}

static void type_instr(const Small *s, const Ranges *ranges, SsaInstr *instr)
{
    SsaOp typed = instr->result == 0
                      ? SSA__count
                      : typed_op(s, ranges, instr->op, instr->args, &instr->arg_count, &instr->imm);
    if (typed != SSA__count) {
        instr->op = typed;
    }
}

static void type_guard(const Small *s, const Ranges *ranges, SsaBlock *block)
{
    const SsaTerm term = block->term;
    uint32_t count = term.arg_count, imm = 0;
    SsaOp typed =
        term.result == 0 ? SSA__count : typed_op(s, ranges, term.op, term.args, &count, &imm);
    if (typed != SSA__count) {
        SsaInstr instr = {.op = typed,
                          .result = term.result,
                          .imm = imm,
                          .args = term.args,
                          .arg_count = count,
                          .line = term.line};
        vec_push(&block->instrs, instr);
        ssa_make_jump(s->module, block, term.edges[0]);
    }
}

static void type_block(const Small *s, const Ranges *ranges, SsaBlock *block)
{
    for (size_t n = 0; n < block->instrs.count; n++) {
        type_instr(s, ranges, &block->instrs.items[n]);
    }
    SsaTerm *term = &block->term;
    if (term->kind == SSA_T_GUARD) {
        type_guard(s, ranges, block);
    } else if (is_order(term) &&
               small_range_is_small(ranges_of(ranges, s->number, term->args[0])) &&
               small_range_is_small(ranges_of(ranges, s->number, term->args[1]))) {
        term->test = term->test == BC_is_lt ? BC_is_lt_small : BC_is_ge_small;
    }
}

/* What calls pass is what the function may count on. */
static void declare(const Small *s, const Ranges *ranges)
{
    const SsaBlock *entry = ssa_block_at(s->function, 1);
    SmallRange *smalls = ARENA_ARRAY(s->module->arena, SmallRange, s->function->arity);
    bool any = false;
    for (uint32_t p = 0; p < s->function->arity; p++) {
        SmallRange range = ranges_of(ranges, s->number, ssa_use(entry->params[p]));
        bool small = small_range_is_small(range);
        smalls[p] = small ? range : SMALL_RANGE_ANY;
        any |= small;
    }
    s->function->smalls = any && !ranges->open[s->number] ? smalls : NULL;
}

void ssa_small(SsaModule *module)
{
    size_t count = module->functions.count;
    RenamedVec *renamed = alloc_must_zero((count + 1) * sizeof *renamed);
    Small s = {.module = module};
    for (s.number = 0; s.number < count; s.number++) {
        s.function = module->functions.items[s.number];
        rename_function(&s, &renamed[s.number]);
    }
    Ranges ranges;
    ranges_make(&ranges, module);
    for (s.number = 0; s.number < count; s.number++) {
        s.function = module->functions.items[s.number];
        if (renamed[s.number].count > 0) {
            settle_names(&s, &ranges, &renamed[s.number]);
        }
        for (size_t i = 0; i < s.function->blocks.count; i++) {
            type_block(&s, &ranges, s.function->blocks.items[i]);
        }
        declare(&s, &ranges);
        ssa_clean(module, s.function);
        vec_free(&renamed[s.number]);
    }
    ranges_free(&ranges);
    vec_free(&s.operations);
    alloc_free(renamed);
}
