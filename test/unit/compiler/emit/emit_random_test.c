/* SPDX-License-Identifier: Apache-2.0 */
/* test/unit/compiler/emit/emit_random_test.c: random SSA means the same before and after the passes
 * and as bytecode.
 *
 * Values are 64-bit hashes of how they were made, so any value in a wrong place changes the answer.
 * A call's result is the hash of its arguments and may be an exception; a division (which no pass
 * computes) too. The little bytecode machine below spoils each register that a site or a call does
 * not promise to keep. */
#include "compiler/emit/emit.h"
#include "compiler/emit/emit_check.h"
#include "compiler/ssa/ssa_pass.h"
#include "test/unit/compiler/ssa/ssa_sample.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

enum { MOST_AVAIL = 400, SPOILED = 0xDEAD };

static uint64_t mix(uint64_t a, uint64_t b)
{
    a = (a ^ b) * 0x9E3779B97F4A7C15u;
    return a ^ a >> 29;
}

static uint64_t konst_value(const Konst *k)
{
    return k->kind == KONST_INT ? (uint64_t)k->integer : mix(konst_hash(k), 1);
}

static bool call_raises(uint64_t result)
{
    return result % 4 == 0;
}

static bool add_raises(uint64_t result)
{
    return result % 8 == 0;
}

/* ---- random functions ---- */

typedef struct {
    Sample s;
    uint64_t seed;
    uint32_t budget; /* blocks */
} Gen;

typedef struct {
    SsaArg items[MOST_AVAIL];
    uint32_t count;
} Avail;

static uint32_t pick(Gen *g, uint32_t below)
{
    g->seed = g->seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(g->seed >> 33) % below;
}

static SsaArg any(Gen *g, const Avail *avail)
{
    if (pick(g, 6) == 0) {
        return sample_int(&g->s, pick(g, 5));
    }
    uint32_t recent = pick(g, 3) == 0 ? ACT_MIN(avail->count, 6u) : avail->count;
    return avail->items[avail->count - 1 - pick(g, recent)];
}

static void add(Avail *avail, SsaArg value)
{
    if (avail->count < MOST_AVAIL) {
        avail->items[avail->count++] = value;
    }
}

static void gen_instr(Gen *g, SsaBlock *block, Avail *avail)
{
    SsaArg args[12];
    uint32_t count = 1 + pick(g, pick(g, 8) == 0 ? 12 : 4);
    for (uint32_t i = 0; i < count; i++) {
        args[i] = any(g, avail);
    }
    switch (pick(g, 7)) {
    case 0:
    case 1:
        add(avail, sample_call_ext(&g->s, block, "f", count, args));
        break;
    case 2:
        add(avail, sample_op(&g->s, block, SSA_cons, ARGS(args[0], any(g, avail))));
        break;
    case 3:
        add(avail, sample_op(&g->s, block, SSA_tuple, count, args));
        break;
    case 4:
        add(avail, sample_op(&g->s, block, SSA_call_fun, count, args));
        break;
    default:
        add(avail, sample_op(&g->s, block, SSA_fdiv, ARGS(args[0], any(g, avail))));
        break;
    }
}

static void gen_block(Gen *g, SsaBlock *block, Avail avail, SsaBlock *join);

static void gen_end(Gen *g, SsaBlock *block, const Avail *avail, SsaBlock *join)
{
    SsaArg args[12];
    for (uint32_t i = 0; i < 12; i++) {
        args[i] = any(g, avail);
    }
    if (join && pick(g, 5) != 0) {
        sample_jump(&g->s, block, join, join->param_count, args);
    } else if (pick(g, 4) == 0) {
        SsaTerm *term = ssa_terminate(g->s.module, block, SSA_T_FAIL, args, 1, NULL, 0);
        term->imm = BC_FAIL_BADMATCH;
    } else if (pick(g, 2) == 0 && block->handler == 0) {
        SsaTerm *term =
            ssa_terminate(g->s.module, block, SSA_T_TAIL_CALL, args, 1 + pick(g, 5), NULL, 0);
        term->op = pick(g, 2) ? SSA_call_ext : SSA_call_fun;
        term->import = (BcImport){sample_atom(&g->s, "x").konst, sample_atom(&g->s, "f").konst,
                                  term->arg_count};
    } else {
        sample_return(&g->s, block, args[0]);
    }
}

static SsaEdge edge_to(Gen *g, const SsaBlock *target, const Avail *avail)
{
    SsaArg args[12];
    for (uint32_t i = 0; i < target->param_count; i++) {
        args[i] = any(g, avail);
    }
    return ssa_edge(g->s.module, target->id, args, target->param_count);
}

/* Two or more ways on, and perhaps a join behind them. */
static void gen_branch(Gen *g, SsaBlock *block, Avail avail, SsaBlock *join)
{
    SsaBlock *after = pick(g, 3) ? sample_block(&g->s, pick(g, 4)) : NULL;
    SsaBlock *ways[4];
    SsaEdge edges[4];
    uint32_t count = pick(g, 4) == 0 ? 4 : 2;
    for (uint32_t i = 0; i < count; i++) {
        bool direct = after && pick(g, 4) == 0;
        ways[i] = direct ? NULL : sample_block(&g->s, pick(g, 5) == 0);
        if (ways[i]) {
            ways[i]->handler = block->handler;
        }
        edges[i] = edge_to(g, direct ? after : ways[i], &avail);
    }
    SsaArg args[] = {any(g, &avail), any(g, &avail)};
    SsaValue result = 0;
    SsaTerm *term;
    if (count == 4) {
        term = ssa_terminate(g->s.module, block, SSA_T_SWITCH, args, 1, edges, 4);
        term->keys = ARENA_ARRAY(&g->s.arena, const Konst *, 3);
        for (uint32_t i = 0; i < 3; i++) {
            term->keys[i] = konst_int(&g->s.arena, i);
        }
        term->key_count = 3;
    } else if (pick(g, 3) == 0) {
        term = ssa_terminate(g->s.module, block, SSA_T_GUARD, args, 2, edges, 2);
        term->op = SSA_fdiv;
        result = term->result = ssa_value_new(g->s.function);
    } else {
        term = ssa_terminate(g->s.module, block, SSA_T_TEST, args, 2, edges, 2);
        term->test = pick(g, 2) ? BC_is_lt : BC_is_eq_exact;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (ways[i]) {
            Avail own = avail;
            for (uint32_t p = 0; p < ways[i]->param_count; p++) {
                add(&own, PARAM(ways[i], p));
            }
            if (i == 0 && result) {
                add(&own, ssa_use(result));
            }
            gen_block(g, ways[i], own, after ? after : join);
        }
    }
    if (after) {
        after->handler = block->handler;
        for (uint32_t p = 0; p < after->param_count; p++) {
            add(&avail, PARAM(after, p));
        }
        gen_block(g, after, avail, join);
    }
}

static void gen_try(Gen *g, SsaBlock *block, Avail avail, SsaBlock *join)
{
    SsaBlock *body = sample_block(&g->s, 0), *handler = sample_block(&g->s, 3);
    SsaBlock *after = sample_block(&g->s, 1 + pick(g, 3));
    handler->handler = after->handler = block->handler;
    body->handler = handler->id;
    sample_jump(&g->s, block, body, 0, NULL);
    gen_block(g, body, avail, after);
    Avail caught = avail;
    for (uint32_t p = 0; p < 3; p++) {
        add(&caught, PARAM(handler, p));
    }
    gen_block(g, handler, caught, after);
    for (uint32_t p = 0; p < after->param_count; p++) {
        add(&avail, PARAM(after, p));
    }
    gen_block(g, after, avail, join);
}

static void gen_block(Gen *g, SsaBlock *block, Avail avail, SsaBlock *join)
{
    /* A join may belong to the region around: its handler is set by whoever made it. */
    uint32_t instrs = pick(g, 20) == 0 ? 60 : pick(g, 5);
    for (uint32_t i = 0; i < instrs; i++) {
        gen_instr(g, block, &avail);
    }
    if (g->budget == 0) {
        gen_end(g, block, &avail, join);
        return;
    }
    g->budget--;
    uint32_t choice = pick(g, 8);
    if (choice < 4) {
        gen_branch(g, block, avail, join);
    } else if (choice == 4) {
        gen_try(g, block, avail, join);
    } else {
        gen_end(g, block, &avail, join);
    }
}

static void generate(Gen *g, uint64_t seed)
{
    g->seed = seed * 2654435761u + 17;
    g->budget = pick(g, 25);
    sample_start(&g->s);
    uint32_t arity = pick(g, 12) == 0 ? pick(g, 100) : pick(g, 5);
    SsaBlock *entry = sample_function(&g->s, "r", arity);
    Avail avail = {0};
    add(&avail, sample_int(&g->s, 3));
    for (uint32_t i = 0; i < arity; i++) {
        add(&avail, PARAM(entry, i));
    }
    gen_block(g, entry, avail, NULL);
}

/* ---- what SSA means ---- */

typedef struct {
    bool raised;
    uint64_t value;
    uint64_t trace; /* hash of all calls made */
} Outcome;

static uint64_t call_hash(Outcome *out, uint64_t first, const uint64_t *args, uint32_t count)
{
    uint64_t result = mix(first, count);
    for (uint32_t i = 0; i < count; i++) {
        result = mix(result, args[i]);
    }
    out->trace = mix(out->trace, result);
    return result;
}

static uint64_t read_arg(const uint64_t *values, SsaArg arg)
{
    return arg.konst ? konst_value(arg.konst) : values[arg.value];
}

/* Computes one operation; false: it raised result. */
static bool compute(SsaOp op, const uint64_t *args, uint32_t count, Outcome *out, uint64_t *result)
{
    switch (op) {
    case SSA_copy:
        *result = args[0];
        return true;
    case SSA_fdiv:
        *result = mix(mix(77, args[0]), args[1]);
        return !add_raises(*result);
    case SSA_call_ext:
        *result = call_hash(out, 5, args, count);
        return !call_raises(*result);
    case SSA_call_fun:
        *result = call_hash(out, mix(6, args[0]), args + 1, count - 1);
        return !call_raises(*result);
    default:
        *result = op;
        for (uint32_t i = 0; i < count; i++) {
            *result = mix(*result, args[i]);
        }
        return true;
    }
}

static bool test_holds(BcOpcode test, uint64_t a, uint64_t b)
{
    switch (test) {
    case BC_is_lt:
        return a < b;
    case BC_is_ge:
        return a >= b;
    case BC_is_eq_exact:
        return a == b;
    case BC_is_ne_exact:
        return a != b;
    default:
        cr_assert_fail("test %s", bc_op_info[test].name);
        return false;
    }
}

static void read_all(const uint64_t *values, const SsaArg *args, uint32_t count, uint64_t *out)
{
    for (uint32_t i = 0; i < count; i++) {
        out[i] = read_arg(values, args[i]);
    }
}

/* Sets block to where the exception leads, or ends with it. */
static bool raise(const SsaFunction *f, const SsaBlock **block, uint64_t *values, uint64_t reason,
                  Outcome *out)
{
    if ((*block)->handler == 0) {
        out->raised = true;
        out->value = reason;
        return false;
    }
    *block = ssa_block_at(f, (*block)->handler);
    for (uint32_t p = 0; p < 3; p++) {
        values[(*block)->params[p]] = mix(reason, p);
    }
    return true;
}

static Outcome run_ssa(const SsaFunction *f, const uint64_t *arguments)
{
    Outcome out = {0};
    uint64_t *values = alloc_must_zero((f->value_count + 1) * sizeof(uint64_t));
    const SsaBlock *block = ssa_block_at(f, 1);
    for (uint32_t p = 0; p < block->param_count; p++) {
        values[block->params[p]] = arguments[p];
    }
    for (bool running = true; running;) {
        uint64_t args[128], result = 0;
        bool raised = false;
        for (size_t n = 0; n < block->instrs.count && !raised; n++) {
            const SsaInstr *instr = &block->instrs.items[n];
            read_all(values, instr->args, instr->arg_count, args);
            raised = !compute(instr->op, args, instr->arg_count, &out, &result);
            if (!raised && instr->result) {
                values[instr->result] = result;
            }
        }
        const SsaTerm *term = &block->term;
        const SsaEdge *edge = NULL;
        if (!raised) {
            read_all(values, term->args, term->arg_count, args);
            switch (term->kind) {
            case SSA_T_RETURN:
                out.value = args[0];
                running = false;
                break;
            case SSA_T_TAIL_CALL:
                out.raised = !compute(term->op, args, term->arg_count, &out, &out.value);
                running = false;
                break;
            case SSA_T_FAIL:
                result = mix(args[0], 99);
                raised = true;
                break;
            case SSA_T_JUMP:
                edge = &term->edges[0];
                break;
            case SSA_T_TEST:
                edge = &term->edges[!test_holds(term->test, args[0], args[1])];
                break;
            case SSA_T_GUARD:
                edge = &term->edges[!compute(term->op, args, 2, &out, &result)];
                if (edge == term->edges) {
                    values[term->result] = result;
                }
                break;
            case SSA_T_SWITCH:
                edge = &term->edges[term->key_count];
                for (uint32_t k = term->key_count; k-- > 0;) {
                    if (konst_value(term->keys[k]) == args[0]) {
                        edge = &term->edges[k];
                    }
                }
                break;
            default:
                cr_assert_fail("terminator %d", (int)term->kind);
            }
        }
        if (raised) {
            running = raise(f, &block, values, result, &out);
        } else if (edge) {
            const SsaBlock *target = ssa_block_at(f, edge->block);
            read_all(values, edge->args, edge->arg_count, args);
            for (uint32_t p = 0; p < target->param_count; p++) {
                values[target->params[p]] = args[p];
            }
            block = target;
        }
    }
    alloc_free(values);
    return out;
}

/* ---- what bytecode means ---- */

typedef struct {
    const BcModule *m;
    const uint32_t *code;
    size_t at;
    uint64_t x[256], y[4096];
    uint32_t frame;
    size_t labels[4096];
    Outcome out;
    bool running;
} Machine;

static uint64_t *place(Machine *k, uint32_t arg)
{
    return BC_ARG_KIND(arg) == BC_X ? &k->x[BC_ARG_INDEX(arg)] : &k->y[BC_ARG_INDEX(arg)];
}

static uint64_t fetch(Machine *k, uint32_t arg)
{
    return BC_ARG_KIND(arg) == BC_K ? konst_value(k->m->konsts.items[BC_ARG_INDEX(arg)])
                                    : *place(k, arg);
}

static void spoil_x(Machine *k, uint64_t keep, uint32_t keep_count)
{
    for (uint32_t i = 0; i < 256; i++) {
        bool kept = keep_count > 64 ? i < keep_count : i < 64 && (keep >> i & 1);
        k->x[i] = kept ? k->x[i] : SPOILED;
    }
}

static void spoil_y(Machine *k, uint32_t keep)
{
    for (uint32_t i = 0; i < 32; i++) {
        k->y[i] = keep >> i & 1 ? k->y[i] : SPOILED;
    }
}

static void machine_raise(Machine *k, const BcSite *site, uint64_t reason)
{
    cr_assert_eq(site->frame, k->frame);
    spoil_y(k, site->live_y);
    spoil_x(k, 0, 0);
    if (site->handler == 0) {
        k->out.raised = true;
        k->out.value = reason;
        k->running = false;
        return;
    }
    for (uint32_t p = 0; p < 3; p++) {
        k->x[p] = mix(reason, p);
    }
    k->at = k->labels[site->handler];
}

static void machine_call(Machine *k, const uint32_t *c, uint32_t arity, const uint32_t *fun,
                         const BcSite *site, bool tail)
{
    uint64_t result = call_hash(&k->out, fun ? mix(6, fetch(k, *fun)) : 5, k->x, arity);
    if (tail) {
        k->out.value = result;
        k->out.raised = call_raises(result);
        k->running = false;
        cr_assert_eq(c[1], k->frame);
    } else if (call_raises(result)) {
        machine_raise(k, site, result);
    } else {
        spoil_x(k, 0, 0);
        spoil_y(k, site->live_y);
        k->x[0] = result;
    }
}

static void machine_build(Machine *k, SsaOp op, uint32_t to, const uint32_t *from, uint32_t count)
{
    uint64_t args[128], result;
    for (uint32_t i = 0; i < count; i++) {
        args[i] = fetch(k, from[i]);
    }
    compute(op, args, count, &k->out, &result);
    *place(k, to) = result;
}

static void machine_add(Machine *k, const uint32_t *c)
{
    uint64_t args[] = {fetch(k, c[3]), fetch(k, c[4])}, result;
    if (compute(SSA_fdiv, args, 2, &k->out, &result)) {
        *place(k, c[1]) = result;
    } else if (c[2]) {
        k->at = k->labels[c[2]];
    } else {
        machine_raise(k, &k->m->sites.items[c[5]], result);
    }
}

static void machine_switch(Machine *k, const uint32_t *c)
{
    uint64_t value = fetch(k, c[1]);
    k->at = k->labels[c[2]];
    for (uint32_t i = 0; i < c[3]; i++) {
        if (konst_value(k->m->konsts.items[c[4 + 2 * i]]) == value) {
            k->at = k->labels[c[5 + 2 * i]];
        }
    }
}

static void machine_frame(Machine *k, const uint32_t *c)
{
    const BcSite *site = &k->m->sites.items[c[3]];
    cr_assert_eq(k->frame, 0);
    k->frame = c[1];
    spoil_x(k, site->live_x, site->live_count);
    spoil_y(k, 0);
}

static void machine_step(Machine *k)
{
    const uint32_t *c = k->code + k->at;
    const BcSite *sites = k->m->sites.items;
    k->at += bc_op_length(k->code, k->at, SIZE_MAX);
    uint64_t old;
    switch (c[0]) {
    case BC_label:
        break;
    case BC_jump:
        k->at = k->labels[c[1]];
        break;
    case BC_move:
        *place(k, c[1]) = fetch(k, c[2]);
        break;
    case BC_swap:
        old = *place(k, c[1]);
        *place(k, c[1]) = *place(k, c[2]);
        *place(k, c[2]) = old;
        break;
    case BC_frame:
        machine_frame(k, c);
        break;
    case BC_unframe:
        cr_assert_eq(c[1], k->frame);
        k->frame = 0;
        break;
    case BC_heap:
        spoil_x(k, sites[c[2]].live_x, sites[c[2]].live_count);
        spoil_y(k, sites[c[2]].live_y);
        break;
    case BC_return:
        cr_assert_eq(c[1], k->frame);
        k->out.value = k->x[0];
        k->running = false;
        break;
    case BC_call_ext:
        machine_call(k, c, k->m->imports.items[c[1]].arity, NULL, &sites[c[2]], false);
        break;
    case BC_tail_ext:
        machine_call(k, c, k->m->imports.items[c[2]].arity, NULL, NULL, true);
        break;
    case BC_call_fun:
        machine_call(k, c, c[2], &c[1], &sites[c[3]], false);
        break;
    case BC_tail_fun:
        machine_call(k, c, c[3], &c[2], NULL, true);
        break;
    case BC_cons:
        machine_build(k, SSA_cons, c[1], c + 2, 2);
        break;
    case BC_tuple:
        machine_build(k, SSA_tuple, c[1], c + 3, c[2]);
        break;
    case BC_fdiv:
        machine_add(k, c);
        break;
    case BC_fail:
        machine_raise(k, &sites[c[3]], mix(fetch(k, c[2]), 99));
        break;
    case BC_switch_value:
        machine_switch(k, c);
        break;
    default:
        if (!test_holds((BcOpcode)c[0], fetch(k, c[2]), fetch(k, c[3]))) {
            k->at = k->labels[c[1]];
        }
        break;
    }
}

static Outcome run_code(const BcModule *m, const uint64_t *arguments)
{
    static Machine machine; /* one test process runs one at a time */
    Machine *k = &machine;
    const BcFunction *f = &m->functions.items[0];
    memset(k, 0, sizeof *k);
    k->m = m;
    k->code = f->code.items;
    k->running = true;
    cr_assert(f->labels < ACT_COUNT(k->labels));
    for (size_t at = 0; at < f->code.count; at += bc_op_length(f->code.items, at, f->code.count)) {
        if (f->code.items[at] == BC_label) {
            k->labels[f->code.items[at + 1]] = at;
        }
    }
    for (uint32_t i = 0; i < 256; i++) {
        k->x[i] = i < f->arity ? arguments[i] : SPOILED;
    }
    while (k->running) {
        machine_step(k);
    }
    return k->out;
}

/* ---- both ---- */

static void must_agree(Outcome a, Outcome b, uint64_t seed, const char *what)
{
    cr_assert(a.raised == b.raised && a.value == b.value && a.trace == b.trace,
              "seed %llu: %s differs", (unsigned long long)seed, what);
}

static void arguments_for(uint64_t round, uint64_t *arguments)
{
    for (uint32_t i = 0; i < 256; i++) {
        arguments[i] = round == 0 ? i % 4 : mix(i, round);
    }
}

static void must_pass(bool passed, uint64_t seed, const char *error)
{
    cr_assert(passed, "seed %llu: %s", (unsigned long long)seed, error);
}

static void try_seed(uint64_t seed)
{
    Gen g;
    char error[300];
    uint64_t arguments[256];
    Outcome before[6];
    generate(&g, seed);
    must_pass(ssa_check(g.s.module, error, sizeof error), seed, error);
    for (uint64_t round = 0; round < 6; round++) {
        arguments_for(round, arguments);
        before[round] = run_ssa(g.s.function, arguments);
    }
    for (int optimised = 0; optimised < 2; optimised++) {
        if (optimised) {
            ssa_optimise(g.s.module, NULL, NULL);
            must_pass(ssa_check(g.s.module, error, sizeof error), seed, error);
        }
        BcModule *m = emit_module(g.s.module, NULL);
        must_pass(emit_check(m, error, sizeof error), seed, error);
        for (uint64_t round = 0; round < 6; round++) {
            arguments_for(round, arguments);
            must_agree(before[round], run_ssa(g.s.function, arguments), seed, "optimised SSA");
            must_agree(before[round], run_code(m, arguments), seed, "code");
        }
        bc_free(m);
    }
    sample_end(&g.s);
}

Test(emit_random, ssa_and_code_agree)
{
    for (uint64_t seed = 1; seed <= 1500; seed++) {
        try_seed(seed);
    }
}
