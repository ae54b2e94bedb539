/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/ssa/ssa_context_param.c: a parameter that may be a match context, in its own function.
 *
 * Once a bs_start of it was tried, what it started with is known to the context, and bs_term and
 * bs_rewind may be used wherever that is certain; elsewhere bs_enter at the function's start makes
 * it so. Calls that may take a context get the parameter itself, rewound. */
#include "compiler/ssa/ssa_context.h"

#include <string.h>

enum { REMEMBERED = 8 };

typedef struct {
    Contexts *c;
    SsaValue param;
    VEC(SsaBlockId) starts; /* blocks that end in a bs_start of it */
    bool *reached;          /* by block: perhaps after a bs_start of it */
    bool enter;             /* the function has to start with bs_enter */
    struct {
        SsaBlockId block;
        SsaValue term;
    } made[REMEMBERED]; /* terms made of it */
    uint32_t made_count;
} Param;

static bool is_param(const Param *p, SsaArg arg)
{
    return !arg.konst && arg.value == p->param;
}

static void reach(Param *p, uint32_t *depth, const SsaBlock *block)
{
    for (uint32_t e = 0; e < block->term.edge_count; e++) {
        SsaBlockId next = block->term.edges[e].block;
        if (!p->reached[next]) {
            p->reached[next] = true;
            p->c->stack[(*depth)++] = next;
        }
    }
}

static void find_starts(Param *p)
{
    Contexts *c = p->c;
    uint32_t depth = 0;
    for (uint32_t i = 0; i < c->graph.order_count; i++) {
        const SsaBlock *block = ssa_block_at(c->function, c->graph.order[i]);
        if (context_started(&block->term) == p->param) {
            vec_push(&p->starts, block->id);
        }
    }
    for (size_t i = 0; i < p->starts.count; i++) {
        reach(p, &depth, ssa_block_at(c->function, p->starts.items[i]));
    }
    while (depth > 0) {
        const SsaBlock *block = ssa_block_at(c->function, c->stack[--depth]);
        reach(p, &depth, block);
        if (block->handler != 0 && !p->reached[block->handler]) {
            p->reached[block->handler] = true;
            c->stack[depth++] = block->handler;
        }
    }
}

/* True if a bs_start was tried on every way to the block. */
static bool is_behind_start(const Param *p, SsaBlockId block)
{
    for (size_t i = 0; i < p->starts.count; i++) {
        if (ssa_graph_dominates(&p->c->graph, p->starts.items[i], SSA_AT_END, block,
                                SSA_AT_START)) {
            return true;
        }
    }
    return false;
}

/* Puts op with the parameter as its argument before instruction `index`; its result. */
static SsaValue insert(Param *p, SsaBlock *block, size_t index, SsaOp op)
{
    SsaArg arg = ssa_use(p->param);
    ssa_append(p->c->module, p->c->function, block, op, &arg, 1);
    SsaInstr made = vec_last(&block->instrs);
    memmove(block->instrs.items + index + 1, block->instrs.items + index,
            (block->instrs.count - 1 - index) * sizeof made);
    block->instrs.items[index] = made;
    return made.result;
}

/* The parameter as a term, for a use in the block at *index, which moves if code is put there. */
static SsaValue as_term(Param *p, SsaBlock *block, size_t *index)
{
    for (uint32_t i = 0; i < p->made_count; i++) {
        SsaBlockId in = p->made[i].block;
        if (in == block->id ||
            ssa_graph_dominates(&p->c->graph, in, SSA_AT_END, block->id, SSA_AT_START)) {
            return p->made[i].term;
        }
    }
    p->enter |= !is_behind_start(p, block->id);
    SsaValue term = insert(p, block, (*index)++, SSA_bs_term);
    uint32_t at = p->made_count < REMEMBERED ? p->made_count++ : REMEMBERED - 1;
    p->made[at].block = block->id;
    p->made[at].term = term;
    return term;
}

static SsaArg *replace(Param *p, const SsaArg *args, uint32_t count, SsaValue term)
{
    SsaArg *copy = ARENA_ARRAY(p->c->module->arena, SsaArg, count);
    for (uint32_t i = 0; i < count; i++) {
        copy[i] = is_param(p, args[i]) ? ssa_use(term) : args[i];
    }
    return copy;
}

static bool has_param(const Param *p, const SsaArg *args, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (is_param(p, args[i])) {
            return true;
        }
    }
    return false;
}

/* True if the call may get the parameter as it is. */
static bool can_pass(Param *p, SsaPlace place, uint32_t callee, const SsaArg *args, uint32_t count)
{
    Contexts *c = p->c;
    for (uint32_t a = 0; a < count; a++) {
        if (is_param(p, args[a]) && (a >= 64 || (c->accepts[callee] >> a & 1) == 0)) {
            return false;
        }
    }
    return context_count(c, args, count, p->param) == 1 && !context_used_after(c, place, p->param);
}

/* The context goes back to where it started, before what stands at *index. */
static void rewind_before(Param *p, SsaBlock *block, size_t *index)
{
    if (p->reached[block->id]) {
        p->enter |= !is_behind_start(p, block->id);
        insert(p, block, (*index)++, SSA_bs_rewind);
    }
}

static void rewrite_instr(Param *p, SsaBlock *block, size_t *index)
{
    const SsaInstr *instr = &block->instrs.items[*index];
    if (!has_param(p, instr->args, instr->arg_count) || instr->op == SSA_bs_term ||
        instr->op == SSA_bs_rewind) {
        return;
    }
    if (instr->op == SSA_call &&
        can_pass(p, (SsaPlace){block->id, *index}, instr->callee, instr->args, instr->arg_count)) {
        rewind_before(p, block, index);
        return;
    }
    SsaValue term = as_term(p, block, index);
    SsaInstr *now = &block->instrs.items[*index];
    now->args = replace(p, now->args, now->arg_count, term);
}

/* Another bs_start of it may have been tried before: the context goes back if nobody else looks at
 * it any more. */
static void rewrite_start(Param *p, SsaBlock *block, size_t *index)
{
    if (!p->reached[block->id]) {
        return;
    }
    Contexts *c = p->c;
    for (size_t i = 0; i < p->starts.count; i++) {
        SsaValue context = ssa_block_at(c->function, p->starts.items[i])->term.result;
        if (p->starts.items[i] == block->id) {
            continue;
        }
        SsaValue family = c->family[context];
        c->family[context] = context;
        bool used = context_used_after(c, (SsaPlace){block->id, *index}, context);
        c->family[context] = family;
        if (used) {
            SsaValue term = as_term(p, block, index);
            block->term.args = replace(p, block->term.args, block->term.arg_count, term);
            return;
        }
    }
    rewind_before(p, block, index);
}

static void rewrite_term(Param *p, SsaBlock *block)
{
    SsaTerm *term = &block->term;
    size_t index = block->instrs.count;
    if (context_started(term) == p->param) {
        rewrite_start(p, block, &index);
    } else if (has_param(p, term->args, term->arg_count)) {
        if (term->kind == SSA_T_TAIL_CALL && term->op == SSA_call &&
            can_pass(p, (SsaPlace){block->id, index}, term->callee, term->args, term->arg_count)) {
            rewind_before(p, block, &index);
        } else {
            term->args = replace(p, term->args, term->arg_count, as_term(p, block, &index));
        }
    }
    for (uint32_t e = 0; e < term->edge_count; e++) {
        SsaEdge *edge = &term->edges[e];
        if (has_param(p, edge->args, edge->arg_count)) {
            edge->args = replace(p, edge->args, edge->arg_count, as_term(p, block, &index));
        }
    }
}

void context_rewrite(Contexts *c, uint32_t n)
{
    Param p = {.c = c, .param = ssa_block_at(c->function, 1)->params[n]};
    p.reached = ARENA_ARRAY(&c->graph.arena, bool, c->graph.count + 1);
    find_starts(&p);
    for (uint32_t i = 0; i < c->graph.order_count; i++) {
        SsaBlock *block = ssa_block_at(c->function, c->graph.order[i]);
        for (size_t index = 0; index < block->instrs.count; index++) {
            rewrite_instr(&p, block, &index);
        }
        rewrite_term(&p, block);
    }
    if (p.enter) {
        insert(&p, ssa_block_at(c->function, 1), 0, SSA_bs_enter);
    }
    vec_free(&p.starts);
}
