/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/ssa/ssa_check.c: proves ssa.h's invariants; debug builds run it after every pass. */
#include "compiler/ssa/ssa_graph.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    SsaBlockId block;
    SsaPoint point;
    uint32_t index; /* of the instruction that defines it, for SSA_AT_END */
} Definition;

typedef struct {
    const SsaModule *module;
    const SsaFunction *function;
    SsaGraph graph;
    Definition *definitions; /* by value */
    char *error;
    size_t size;
    bool failed;
} Checker;

ACT_PRINTF(3, 4) static void breach(Checker *c, SsaBlockId block, const char *format, ...)
{
    if (c->failed) {
        return;
    }
    c->failed = true;
    Arena scratch = {0};
    int used =
        snprintf(c->error, c->size, "%s/%u, block %u: ", konst_text(&scratch, c->function->name),
                 c->function->arity, block);
    arena_free(&scratch);
    va_list args;
    va_start(args, format);
    if (used >= 0 && (size_t)used < c->size) {
        vsnprintf(c->error + used, c->size - (size_t)used, format, args);
    }
    va_end(args);
}

static void define(Checker *c, SsaValue value, Definition definition)
{
    if (value == 0 || value > c->function->value_count) {
        breach(c, definition.block, "value v%u is out of range", value);
    } else if (c->definitions[value].block != 0) {
        breach(c, definition.block, "v%u is defined twice", value);
    } else {
        c->definitions[value] = definition;
    }
}

static void define_all(Checker *c)
{
    for (uint32_t i = 0; i < c->graph.order_count; i++) {
        const SsaBlock *block = ssa_block_at(c->function, c->graph.order[i]);
        for (uint32_t p = 0; p < block->param_count; p++) {
            define(c, block->params[p], (Definition){block->id, SSA_AT_START, 0});
        }
        for (size_t n = 0; n < block->instrs.count; n++) {
            if (block->instrs.items[n].result) {
                define(c, block->instrs.items[n].result,
                       (Definition){block->id, SSA_AT_END, (uint32_t)n});
            }
        }
        if (block->term.result) {
            if (!ssa_term_has_result(&block->term)) {
                breach(c, block->id, "this terminator has no result");
            }
            define(c, block->term.result, (Definition){block->id, SSA_ON_EDGE, 0});
        }
    }
}

/* A use by instruction number index of the block (or its terminator: index = count). */
static void check_use(Checker *c, const SsaBlock *block, SsaPoint point, size_t index, SsaArg arg)
{
    if (arg.konst) {
        return;
    }
    if (arg.value == 0 || arg.value > c->function->value_count ||
        c->definitions[arg.value].block == 0) {
        breach(c, block->id, "v%u is used but not defined", arg.value);
        return;
    }
    Definition d = c->definitions[arg.value];
    bool fine = d.block == block->id && d.point == SSA_AT_END
                    ? d.index < index
                    : ssa_graph_dominates(&c->graph, d.block, d.point, block->id, point);
    if (!fine) {
        breach(c, block->id, "v%u is used where its definition (block %u) does not dominate",
               arg.value, d.block);
    }
}

static void check_instr(Checker *c, const SsaBlock *block, size_t index)
{
    const SsaInstr *instr = &block->instrs.items[index];
    if ((unsigned)instr->op >= SSA__count) {
        breach(c, block->id, "unknown op");
        return;
    }
    const SsaOpInfo *info = &ssa_op_info[instr->op];
    if (info->args >= 0 && instr->arg_count != (uint32_t)info->args) {
        breach(c, block->id, "%s has %u arguments", info->name, instr->arg_count);
    }
    if (instr->result && !info->results) {
        breach(c, block->id, "%s has no result", info->name);
    }
    if ((instr->op == SSA_call || instr->op == SSA_make_fun) &&
        instr->callee >= c->module->functions.count) {
        breach(c, block->id, "%s of no function", info->name);
    }
    if (instr->op == SSA_call &&
        instr->arg_count != c->module->functions.items[instr->callee]->arity) {
        breach(c, block->id, "call with %u arguments", instr->arg_count);
    }
    for (uint32_t a = 0; a < instr->arg_count; a++) {
        check_use(c, block, SSA_AT_END, index, instr->args[a]);
    }
}

typedef struct {
    int args;  /* -1: any */
    int edges; /* -1: one more than keys */
} TermShape;

static const TermShape term_shapes[SSA_T__count] = {
    [SSA_T_NONE] = {0, 0},
    [SSA_T_RETURN] = {1, 0},
    [SSA_T_JUMP] = {0, 1},
    [SSA_T_TEST] = {-1, 2},
    [SSA_T_GUARD] = {-1, 2},
    [SSA_T_SWITCH] = {1, -1},
    [SSA_T_SWITCH_ARITY] = {1, -1},
    [SSA_T_TAIL_CALL] = {-1, 0},
    [SSA_T_FAIL] = {-1, 0},
    [SSA_T_FUNCTION_CLAUSE] = {-1, 0},
    [SSA_T_RAISE] = {3, 0},
    [SSA_T_RECV_PEEK] = {0, 2},
    [SSA_T_RECV_NEXT] = {0, 1},
    [SSA_T_RECV_WAIT] = {0, 1},
    [SSA_T_RECV_WAIT_UNTIL] = {1, 2},
};

static void check_edge(Checker *c, const SsaBlock *block, uint32_t number)
{
    const SsaEdge *edge = &block->term.edges[number];
    if (edge->block == 0 || edge->block > c->function->blocks.count) {
        breach(c, block->id, "edge %u leads nowhere", number);
        return;
    }
    const SsaBlock *target = ssa_block_at(c->function, edge->block);
    if (edge->block == 1) {
        breach(c, block->id, "edge to the entry block");
    }
    if (edge->arg_count != target->param_count) {
        breach(c, block->id, "edge to block %u passes %u arguments for %u parameters", edge->block,
               edge->arg_count, target->param_count);
    }
    bool on_result = number == 0 && ssa_term_has_result(&block->term);
    for (uint32_t a = 0; a < edge->arg_count; a++) {
        check_use(c, block, on_result ? SSA_ON_EDGE : SSA_AT_END, block->instrs.count,
                  edge->args[a]);
    }
}

static void check_term(Checker *c, const SsaBlock *block)
{
    const SsaTerm *term = &block->term;
    if (term->kind == SSA_T_NONE || (unsigned)term->kind >= SSA_T__count) {
        breach(c, block->id, "has no terminator");
        return;
    }
    TermShape shape = term_shapes[term->kind];
    uint32_t edges = shape.edges < 0 ? term->key_count + 1 : (uint32_t)shape.edges;
    if (term->edge_count != edges || (shape.args >= 0 && term->arg_count != (uint32_t)shape.args)) {
        breach(c, block->id, "terminator %d has %u arguments and %u edges", (int)term->kind,
               term->arg_count, term->edge_count);
        return;
    }
    if (term->kind == SSA_T_TAIL_CALL && block->handler) {
        breach(c, block->id, "tail call in a block with a handler");
    }
    if (term->kind == SSA_T_TAIL_CALL && term->op == SSA_call &&
        (term->callee >= c->module->functions.count ||
         term->arg_count != c->module->functions.items[term->callee]->arity)) {
        breach(c, block->id, "tail call of no function, or with %u arguments", term->arg_count);
    }
    for (uint32_t a = 0; a < term->arg_count; a++) {
        check_use(c, block, SSA_AT_END, block->instrs.count, term->args[a]);
    }
    for (uint32_t e = 0; e < term->edge_count; e++) {
        check_edge(c, block, e);
    }
}

static void check_handler(Checker *c, const SsaBlock *block)
{
    if (block->handler == 0) {
        return;
    }
    if (block->handler > c->function->blocks.count) {
        breach(c, block->id, "handler out of range");
    } else if (ssa_block_at(c->function, block->handler)->param_count != 3) {
        breach(c, block->id, "handler %u does not take three parameters", block->handler);
    }
}

/* A handler is entered by exceptions only. */
static void check_handler_entry(Checker *c, const SsaBlock *block)
{
    bool by_edge = false, by_raise = false;
    for (uint32_t p = c->graph.pred_start[block->id]; p < c->graph.pred_start[block->id + 1]; p++) {
        *(c->graph.preds[p].edge == SSA_HANDLER_EDGE ? &by_raise : &by_edge) = true;
    }
    if (by_edge && by_raise) {
        breach(c, block->id, "is a handler and entered by an edge too");
    }
}

/* Edges must be sound before the graph is made of them. */
static void check_ids(Checker *c)
{
    for (size_t i = 0; i < c->function->blocks.count; i++) {
        const SsaBlock *block = c->function->blocks.items[i];
        if (block->id != i + 1) {
            breach(c, block->id, "stands in place %zu", i + 1);
        }
        for (uint32_t e = 0; e < block->term.edge_count; e++) {
            SsaBlockId target = block->term.edges[e].block;
            if (target == 0 || target > c->function->blocks.count) {
                breach(c, block->id, "edge %u leads nowhere", e);
            }
        }
        check_handler(c, block);
    }
    if (c->function->blocks.count == 0) {
        breach(c, 0, "no entry block");
    } else if (ssa_block_at(c->function, 1)->param_count != c->function->arity) {
        breach(c, 1, "entry parameters and arity differ");
    }
}

static void check_function(Checker *c)
{
    check_ids(c);
    if (c->failed) {
        return;
    }
    ssa_graph_make(&c->graph, c->function);
    ssa_graph_dominance(&c->graph);
    c->definitions = ARENA_ARRAY(&c->graph.arena, Definition, c->function->value_count + 1);
    define_all(c);
    for (uint32_t i = 0; i < c->graph.order_count && !c->failed; i++) {
        const SsaBlock *block = ssa_block_at(c->function, c->graph.order[i]);
        for (size_t n = 0; n < block->instrs.count; n++) {
            check_instr(c, block, n);
        }
        check_term(c, block);
        check_handler_entry(c, block);
    }
    ssa_graph_free(&c->graph);
}

bool ssa_check(const SsaModule *module, char *error, size_t size)
{
    Checker c = {.module = module, .error = error, .size = size};
    for (size_t f = 0; f < module->functions.count && !c.failed; f++) {
        c.function = module->functions.items[f];
        check_function(&c);
    }
    return !c.failed;
}
