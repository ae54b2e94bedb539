/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/ssa/ssa_range.c: finding the ranges of small integers. */
#include "compiler/ssa/ssa_range.h"

/* A parameter that was raised so often goes up to the next multiple of so many bits. */
enum { RAISES = 3, STEP_BITS = 8 };

SmallRange ranges_of(const Ranges *ranges, uint32_t f, SsaArg arg)
{
    if (!arg.konst) {
        return ranges->values[f][arg.value];
    }
    return arg.konst->kind == KONST_INT ? small_range_of(arg.konst->integer) : SMALL_RANGE_ANY;
}

BcOpcode ranges_typed(SsaOp op)
{
    switch (op) {
    case SSA_add:
        return BC_add_small;
    case SSA_sub:
        return BC_sub_small;
    case SSA_mul:
        return BC_mul_small;
    case SSA_band:
        return BC_band_small;
    case SSA_bor:
        return BC_bor_small;
    case SSA_bxor:
        return BC_bxor_small;
    case SSA_bsl:
        return BC_bsl_small;
    case SSA_bsr:
        return BC_bsr_small;
    case SSA_div:
        return BC_div_small;
    case SSA_rem:
        return BC_rem_small;
    default:
        return BC__count;
    }
}

bool ranges_constant(const SsaArg *args, uint32_t arg_count, int64_t *by)
{
    const Konst *k = arg_count == 2 ? args[1].konst : NULL;
    *by = k && k->kind == KONST_INT ? k->integer : 0;
    return k && k->kind == KONST_INT;
}

static bool needs_constant(SsaOp op)
{
    return op == SSA_bsl || op == SSA_bsr || op == SSA_div || op == SSA_rem;
}

/* Where the untyped operation gives a small integer all the same. */
static SmallRange untyped(SsaOp op, SmallRange a, const SsaArg *args)
{
    int64_t by;
    const SsaArg turned[2] = {args[1], args[0]};
    if (op == SSA_rem && ranges_constant(args, 2, &by)) {
        return small_range_rem(a, by);
    }
    if (op == SSA_band && (ranges_constant(args, 2, &by) || ranges_constant(turned, 2, &by))) {
        return small_range_band(by);
    }
    return SMALL_RANGE_ANY;
}

SmallRange ranges_operation(const Ranges *ranges, uint32_t f, SsaOp op, const SsaArg *args,
                            uint32_t arg_count)
{
    BcOpcode typed = ranges_typed(op);
    int64_t by;
    if (typed == BC__count || (needs_constant(op) && !ranges_constant(args, arg_count, &by))) {
        return SMALL_RANGE_ANY;
    }
    SmallRange a = ranges_of(ranges, f, args[0]), b = ranges_of(ranges, f, args[1]);
    if (a == SMALL_RANGE_NONE || b == SMALL_RANGE_NONE) {
        return SMALL_RANGE_NONE;
    }
    ranges_constant(args, arg_count, &by);
    SmallRange range = small_range_result(typed, a, b, by);
    return range != SMALL_RANGE_ANY ? range : untyped(op, a, args);
}

/* True if the value knows less than before. */
static bool raise(Ranges *r, uint32_t f, SsaValue value, SmallRange range)
{
    SmallRange *known = &r->values[f][value];
    SmallRange joined = small_range_join(*known, range);
    bool less = joined != *known;
    *known = joined;
    return less;
}

/* The same for a parameter, where what goes round a loop comes by. */
static bool raise_param(Ranges *r, uint32_t f, SsaValue param, SmallRange range)
{
    bool less = raise(r, f, param, range);
    SmallRange *known = &r->values[f][param];
    if (less && small_range_is_small(*known) && ++r->raised[f][param] > RAISES) {
        unsigned bits = (small_range_bits(*known) / STEP_BITS + 1) * STEP_BITS;
        *known =
            small_range(ACT_MIN(bits, (unsigned)SMALL_RANGE_BITS), small_range_negative(*known));
    }
    return less;
}

static void enqueue(Ranges *r, uint32_t f)
{
    if (!r->queued[f]) {
        r->queued[f] = true;
        vec_push(&r->queue, f);
    }
}

/* The arguments of a call flow into the function. */
static void flow_call(Ranges *r, uint32_t f, uint32_t callee, const SsaArg *args, uint32_t count)
{
    if (r->open[callee]) {
        return;
    }
    const SsaBlock *entry = ssa_block_at(r->module->functions.items[callee], 1);
    bool less = false;
    for (uint32_t i = 0; i < count; i++) {
        less |= raise_param(r, callee, entry->params[i], ranges_of(r, f, args[i]));
    }
    if (less) {
        enqueue(r, callee);
    }
}

static bool flow_instr(Ranges *r, uint32_t f, const SsaInstr *instr)
{
    if (instr->op == SSA_call) {
        flow_call(r, f, instr->callee, instr->args, instr->arg_count);
    }
    if (instr->result == 0) {
        return false;
    }
    SmallRange range = instr->op == SSA_bif
                           ? small_range_bif(&instr->import)
                           : ranges_operation(r, f, instr->op, instr->args, instr->arg_count);
    return raise(r, f, instr->result, range);
}

static SmallRange guard_result(const Ranges *r, uint32_t f, const SsaTerm *term)
{
    if (term->op == SSA_bif) {
        return small_range_bif(&term->import);
    }
    if (term->op != SSA_copy) {
        return ranges_operation(r, f, term->op, term->args, term->arg_count);
    }
    if (term->test == BC_bs_take) {
        return small_range_segment(term->imm >> 16, term->imm & 0xffff);
    }
    if (term->test >= BC_below && term->test <= BC_at_least) {
        return small_range_limit(term->test, ranges_of(r, f, term->args[0]),
                                 ranges_of(r, f, term->args[1]));
    }
    return SMALL_RANGE_ANY;
}

static bool flow_term(Ranges *r, uint32_t f, const SsaTerm *term)
{
    bool less = false;
    if (term->kind == SSA_T_TAIL_CALL && term->op == SSA_call) {
        flow_call(r, f, term->callee, term->args, term->arg_count);
    }
    if (term->result) {
        less = raise(r, f, term->result,
                     term->kind == SSA_T_GUARD ? guard_result(r, f, term) : SMALL_RANGE_ANY);
    }
    const SsaFunction *function = r->module->functions.items[f];
    for (uint32_t e = 0; e < term->edge_count; e++) {
        const SsaEdge *edge = &term->edges[e];
        const SsaBlock *target = ssa_block_at(function, edge->block);
        for (uint32_t i = 0; i < edge->arg_count; i++) {
            less |= raise_param(r, f, target->params[i], ranges_of(r, f, edge->args[i]));
        }
    }
    return less;
}

/* Nobody passes what a handler's parameters get. */
static void open_handlers(Ranges *r, uint32_t f)
{
    const SsaFunction *function = r->module->functions.items[f];
    for (size_t i = 0; i < function->blocks.count; i++) {
        SsaBlockId handler = function->blocks.items[i]->handler;
        const SsaBlock *block = handler ? ssa_block_at(function, handler) : NULL;
        for (uint32_t p = 0; block && p < block->param_count; p++) {
            r->values[f][block->params[p]] = SMALL_RANGE_ANY;
        }
    }
}

static void flow_function(Ranges *r, uint32_t f)
{
    SsaGraph graph;
    const SsaFunction *function = r->module->functions.items[f];
    ssa_graph_make(&graph, function);
    open_handlers(r, f);
    bool less;
    do {
        less = false;
        for (uint32_t i = 0; i < graph.order_count; i++) {
            const SsaBlock *block = ssa_block_at(function, graph.order[i]);
            for (size_t n = 0; n < block->instrs.count; n++) {
                less |= flow_instr(r, f, &block->instrs.items[n]);
            }
            less |= flow_term(r, f, &block->term);
        }
    } while (less);
    ssa_graph_free(&graph);
}

/* Functions that a fun or another module can call. */
static void find_open(Ranges *r)
{
    for (uint32_t f = 0; f < r->module->functions.count; f++) {
        const SsaFunction *function = r->module->functions.items[f];
        r->open[f] |= function->exported || function->is_lambda;
        for (size_t i = 0; i < function->blocks.count; i++) {
            const SsaBlock *block = function->blocks.items[i];
            for (size_t n = 0; n < block->instrs.count; n++) {
                if (block->instrs.items[n].op == SSA_make_fun) {
                    r->open[block->instrs.items[n].callee] = true;
                }
            }
        }
    }
}

static void start(Ranges *r, uint32_t f)
{
    const SsaFunction *function = r->module->functions.items[f];
    r->values[f] = ARENA_ARRAY(&r->arena, SmallRange, function->value_count + 1);
    r->raised[f] = ARENA_ARRAY(&r->arena, uint8_t, function->value_count + 1);
    const SsaBlock *entry = ssa_block_at(function, 1);
    for (uint32_t p = 0; r->open[f] && p < entry->param_count; p++) {
        r->values[f][entry->params[p]] = SMALL_RANGE_ANY;
    }
    if (r->open[f] || entry->param_count == 0) {
        enqueue(r, f);
    }
}

static void drain(Ranges *r)
{
    while (r->queue.count > 0) {
        uint32_t f = vec_pop(&r->queue);
        r->queued[f] = false;
        flow_function(r, f);
    }
}

/* What nobody calls is proven by the verifier all the same, with what it passes on. */
static void open_uncalled(Ranges *r)
{
    for (uint32_t f = 0; f < r->module->functions.count; f++) {
        const SsaBlock *entry = ssa_block_at(r->module->functions.items[f], 1);
        bool uncalled = false;
        for (uint32_t p = 0; p < entry->param_count; p++) {
            uncalled |= r->values[f][entry->params[p]] == SMALL_RANGE_NONE;
        }
        if (uncalled) {
            r->open[f] = true;
            for (uint32_t p = 0; p < entry->param_count; p++) {
                r->values[f][entry->params[p]] = SMALL_RANGE_ANY;
            }
            enqueue(r, f);
            drain(r);
        }
    }
}

void ranges_make(Ranges *r, SsaModule *module)
{
    size_t count = module->functions.count;
    *r = (Ranges){.module = module};
    r->values = ARENA_ARRAY(&r->arena, SmallRange *, count);
    r->raised = ARENA_ARRAY(&r->arena, uint8_t *, count);
    r->open = ARENA_ARRAY(&r->arena, bool, count);
    r->queued = ARENA_ARRAY(&r->arena, bool, count);
    find_open(r);
    for (uint32_t f = 0; f < count; f++) {
        start(r, f);
    }
    drain(r);
    open_uncalled(r);
}

void ranges_free(Ranges *r)
{
    vec_free(&r->queue);
    arena_free(&r->arena);
}
