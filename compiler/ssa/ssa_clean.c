/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/ssa/ssa_clean.c: dead code, blocks that can be one, edges through empty blocks. */
#include "compiler/ssa/ssa_pass.h"

#include <string.h>

enum { MOST_ROUNDS = 8 };

typedef struct {
    SsaModule *module;
    SsaFunction *function;
    SsaGraph graph;
    uint32_t *uses;
    SsaArg *replace;
    bool changed, replaced;
    bool graph_holds, uses_hold;
} Clean;

static void wipe_unreachable(Clean *c)
{
    for (uint32_t b = 1; b <= c->graph.count; b++) {
        SsaBlock *block = ssa_block_at(c->function, b);
        if (!ssa_graph_reaches(&c->graph, b)) {
            c->uses_hold &= block->term.kind == SSA_T_NONE;
            ssa_wipe(block);
        } else if (block->handler && !ssa_block_may_raise(block)) {
            block->handler = 0;
        }
    }
}

/* A block without instructions that only jumps on. */
static bool is_forwarder(const Clean *c, const SsaBlock *block)
{
    return block->id != 1 && block->instrs.count == 0 && block->term.kind == SSA_T_JUMP &&
           block->term.edges[0].block != block->id && !ssa_is_handler(&c->graph, block->id) &&
           ssa_params_stay(block, c->uses);
}

static bool is_bare_end(const Clean *c, const SsaBlock *block, const SsaBlock *from)
{
    if (block->id == 1 || block->instrs.count > 0 || !ssa_params_stay(block, c->uses)) {
        return false;
    }
    return block->term.kind == SSA_T_RETURN ||
           (block->term.kind == SSA_T_TAIL_CALL && from->handler == 0);
}

/* The jump becomes a copy of the return (or tail call) that it leads to. */
static void copy_end(Clean *c, SsaBlock *from, const SsaBlock *end)
{
    SsaEdge edge = from->term.edges[0];
    SsaEdge args = {.args = end->term.args, .arg_count = end->term.arg_count};
    SsaEdge here = ssa_edge_through(c->module, &edge, end, &args);
    from->term = end->term;
    from->term.args = here.args;
    c->changed = true;
}

static void forward_edges(Clean *c)
{
    for (uint32_t i = 0; i < c->graph.order_count; i++) {
        SsaBlock *block = ssa_block_at(c->function, c->graph.order[i]);
        for (uint32_t e = 0; e < block->term.edge_count; e++) {
            SsaEdge *edge = &block->term.edges[e];
            const SsaBlock *target = ssa_block_at(c->function, edge->block);
            if (is_forwarder(c, target)) {
                *edge = ssa_edge_through(c->module, edge, target, &target->term.edges[0]);
                c->changed = true;
            }
        }
        if (block->term.kind == SSA_T_JUMP) {
            const SsaBlock *target = ssa_block_at(c->function, block->term.edges[0].block);
            if (is_bare_end(c, target, block)) {
                copy_end(c, block, target);
            }
        }
        if (block->term.kind == SSA_T_TEST &&
            ssa_same_edge(&block->term.edges[0], &block->term.edges[1])) {
            ssa_make_jump(c->module, block, block->term.edges[0]);
            c->changed = true;
        }
    }
}

static SsaEdge *pred_edge(Clean *c, uint32_t pred)
{
    SsaPred p = c->graph.preds[pred];
    return &ssa_block_at(c->function, p.block)->term.edges[p.edge];
}

static void drop_param(Clean *c, SsaBlock *block, uint32_t p)
{
    for (uint32_t n = c->graph.pred_start[block->id]; n < c->graph.pred_start[block->id + 1]; n++) {
        SsaEdge *edge = pred_edge(c, n);
        memmove(edge->args + p, edge->args + p + 1, (edge->arg_count - p - 1) * sizeof(SsaArg));
        edge->arg_count--;
    }
    memmove(block->params + p, block->params + p + 1,
            (block->param_count - p - 1) * sizeof(SsaValue));
    block->param_count--;
    c->changed = true;
}

/* The one thing that all edges pass for parameter p (itself aside); false if there are two. */
static bool single_argument(Clean *c, const SsaBlock *block, uint32_t p, SsaArg *only)
{
    *only = (SsaArg){0};
    for (uint32_t n = c->graph.pred_start[block->id]; n < c->graph.pred_start[block->id + 1]; n++) {
        SsaArg arg = ssa_resolve(c->replace, pred_edge(c, n)->args[p]);
        if (!arg.konst && arg.value == block->params[p]) {
            continue;
        }
        if ((only->konst || only->value) && !ssa_same_arg(*only, arg)) {
            return false;
        }
        *only = arg;
    }
    return only->konst || only->value;
}

static void drop_params(Clean *c)
{
    for (uint32_t i = 1; i < c->graph.order_count; i++) {
        SsaBlock *block = ssa_block_at(c->function, c->graph.order[i]);
        if (ssa_is_handler(&c->graph, block->id)) {
            continue;
        }
        for (uint32_t p = block->param_count; p-- > 0;) {
            SsaArg only;
            if (c->uses[block->params[p]] == 0) {
                drop_param(c, block, p);
            } else if (single_argument(c, block, p, &only)) {
                c->replace[block->params[p]] = only;
                c->replaced = true;
                drop_param(c, block, p);
            }
        }
    }
}

/* Values made in first must not be used by a handler that second's instructions can reach. */
static bool handlers_agree(const SsaBlock *first, const SsaBlock *second)
{
    if (!ssa_block_may_raise(second)) {
        return true;
    }
    if (first->handler != second->handler) {
        return first->instrs.count == 0;
    }
    return first->handler == 0 || first->instrs.count == 0 || ssa_block_may_raise(first);
}

static bool can_join(Clean *c, const SsaBlock *first, const SsaBlock *second)
{
    return second->id != 1 && second != first && ssa_graph_pred_count(&c->graph, second->id) == 1 &&
           !ssa_is_handler(&c->graph, second->id) && handlers_agree(first, second);
}

static void join(Clean *c, SsaBlock *first, SsaBlock *second)
{
    const SsaEdge *edge = &first->term.edges[0];
    for (uint32_t p = 0; p < second->param_count; p++) {
        c->replace[second->params[p]] = edge->args[p];
        c->replaced = true;
    }
    if (ssa_block_may_raise(second)) {
        first->handler = second->handler;
    }
    for (size_t i = 0; i < second->instrs.count; i++) {
        vec_push(&first->instrs, second->instrs.items[i]);
    }
    first->term = second->term;
    first->likely_failure = second->likely_failure;
    ssa_wipe(second);
    c->changed = true;
}

static void join_blocks(Clean *c)
{
    for (uint32_t i = 0; i < c->graph.order_count; i++) {
        SsaBlock *block = ssa_block_at(c->function, c->graph.order[i]);
        while (block->term.kind == SSA_T_JUMP) {
            SsaBlock *next = ssa_block_at(c->function, block->term.edges[0].block);
            if (!can_join(c, block, next)) {
                break;
            }
            join(c, block, next);
        }
    }
}

/* A call whose result is returned at once, as Erlang's compiler sees it too. Not so for the module
 * erlang: functions that raise are to leave their caller's frame in the trace. */
static bool is_last_call(const Clean *c, const SsaBlock *block)
{
    if (block->handler || block->term.kind != SSA_T_RETURN || block->instrs.count == 0 ||
        block->term.args[0].konst) {
        return false;
    }
    const SsaInstr *last = &vec_last(&block->instrs);
    if (last->result == 0 || last->result != block->term.args[0].value ||
        c->uses[last->result] != 1) {
        return false;
    }
    return last->op == SSA_call || last->op == SSA_call_fun ||
           (last->op == SSA_call_ext && !konst_is_atom(last->import.module, "erlang"));
}

static void make_tail_calls(Clean *c)
{
    for (uint32_t i = 0; i < c->graph.order_count; i++) {
        SsaBlock *block = ssa_block_at(c->function, c->graph.order[i]);
        if (is_last_call(c, block)) {
            SsaInstr call = vec_pop(&block->instrs);
            block->term = (SsaTerm){.kind = SSA_T_TAIL_CALL,
                                    .op = call.op,
                                    .imm = call.imm,
                                    .callee = call.callee,
                                    .import = call.import,
                                    .args = call.args,
                                    .arg_count = call.arg_count,
                                    .line = call.line};
            c->changed = true;
        }
    }
}

static void unuse(Clean *c, const SsaArg *args, uint32_t count)
{
    for (uint32_t a = 0; a < count; a++) {
        if (!args[a].konst) {
            c->uses[args[a].value]--;
        }
    }
}

static void drop_instrs(Clean *c)
{
    for (uint32_t i = c->graph.order_count; i-- > 0;) {
        SsaBlock *block = ssa_block_at(c->function, c->graph.order[i]);
        size_t kept = block->instrs.count;
        for (size_t n = block->instrs.count; n-- > 0;) {
            SsaInstr *instr = &block->instrs.items[n];
            if ((ssa_op_info[instr->op].flags & SSAF_PURE) && c->uses[instr->result] == 0) {
                unuse(c, instr->args, instr->arg_count);
                c->changed = true;
            } else {
                block->instrs.items[--kept] = *instr;
            }
        }
        size_t dropped = kept;
        block->instrs.count -= dropped;
        if (dropped > 0) {
            memmove(block->instrs.items, block->instrs.items + dropped,
                    block->instrs.count * sizeof(SsaInstr));
        }
    }
}

/* What a step needs to be true still; each tells what it leaves untrue. */
static void refresh(Clean *c)
{
    if (!c->graph_holds) {
        ssa_graph_free(&c->graph);
        ssa_graph_make(&c->graph, c->function);
        c->graph_holds = true;
        c->uses_hold = false;
        c->uses = NULL;
        c->replace = ARENA_ARRAY(&c->graph.arena, SsaArg, c->function->value_count + 1);
    }
    if (!c->uses_hold) {
        if (!c->uses) {
            c->uses = ARENA_ARRAY(&c->graph.arena, uint32_t, c->function->value_count + 1);
        }
        ssa_recount_uses(c->function, c->uses);
        c->uses_hold = true;
    }
}

/* shapes: what the step changes are blocks and edges, not only values. */
static void do_step(Clean *c, void (*step)(Clean *), bool shapes)
{
    bool before = c->changed;
    refresh(c);
    c->changed = false;
    c->replaced = false;
    step(c);
    if (c->replaced) {
        ssa_substitute(c->function, c->replace);
        memset(c->replace, 0, (c->function->value_count + 1) * sizeof *c->replace);
    }
    if (c->changed) {
        c->uses_hold = false;
        c->graph_holds = !shapes;
    }
    c->changed |= before;
}

void ssa_clean(SsaModule *module, SsaFunction *function)
{
    Clean c = {.module = module, .function = function, .changed = true};
    for (int round = 0; round < MOST_ROUNDS && c.changed; round++) {
        c.changed = false;
        do_step(&c, wipe_unreachable, false);
        do_step(&c, forward_edges, true);
        do_step(&c, wipe_unreachable, false);
        do_step(&c, drop_params, false);
        do_step(&c, join_blocks, true);
        do_step(&c, make_tail_calls, false);
        do_step(&c, drop_instrs, false);
    }
    ssa_graph_free(&c.graph);
}
