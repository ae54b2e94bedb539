/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/ssa/ssa_edit.c: the small changes all passes are made of. */
#include "compiler/ssa/ssa_pass.h"

#include <string.h>

SsaArg ssa_resolve(const SsaArg *replace, SsaArg arg)
{
    while (!arg.konst && arg.value && (replace[arg.value].konst || replace[arg.value].value)) {
        arg = replace[arg.value];
    }
    return arg;
}

static void resolve_arg(void *context, SsaArg *arg)
{
    *arg = ssa_resolve(context, *arg);
}

void ssa_substitute(SsaFunction *function, const SsaArg *replace)
{
    for (size_t i = 0; i < function->blocks.count; i++) {
        ssa_block_each_arg(function->blocks.items[i], resolve_arg, (void *)replace);
    }
}

static void count_arg(void *context, SsaArg *arg)
{
    uint32_t *uses = context;
    if (!arg->konst) {
        uses[arg->value]++;
    }
}

void ssa_recount_uses(SsaFunction *function, uint32_t *uses)
{
    memset(uses, 0, (function->value_count + 1) * sizeof *uses);
    for (size_t i = 0; i < function->blocks.count; i++) {
        ssa_block_each_arg(function->blocks.items[i], count_arg, uses);
    }
}

uint32_t *ssa_count_uses(SsaFunction *function, Arena *arena)
{
    uint32_t *uses = ARENA_ARRAY(arena, uint32_t, function->value_count + 1);
    ssa_recount_uses(function, uses);
    return uses;
}

void ssa_wipe(SsaBlock *block)
{
    block->instrs.count = 0;
    block->param_count = 0;
    block->handler = 0;
    memset(&block->term, 0, sizeof block->term);
}

void ssa_make_jump(SsaModule *module, SsaBlock *block, SsaEdge edge)
{
    SsaLine line = block->term.line;
    ssa_terminate(module, block, SSA_T_JUMP, NULL, 0, &edge, 1)->line = line;
}

SsaEdge ssa_edge_through(SsaModule *module, const SsaEdge *edge, const SsaBlock *through,
                         const SsaEdge *onward)
{
    SsaEdge result = ssa_edge(module, onward->block, onward->args, onward->arg_count);
    for (uint32_t a = 0; a < result.arg_count; a++) {
        for (uint32_t p = 0; p < through->param_count && !result.args[a].konst; p++) {
            if (onward->args[a].value == through->params[p]) {
                result.args[a] = edge->args[p];
                break;
            }
        }
    }
    return result;
}

bool ssa_params_stay(const SsaBlock *block, const uint32_t *uses)
{
    const SsaTerm *term = &block->term;
    for (uint32_t p = 0; p < block->param_count; p++) {
        uint32_t inside = 0;
        for (uint32_t a = 0; a < term->arg_count; a++) {
            inside += !term->args[a].konst && term->args[a].value == block->params[p];
        }
        for (uint32_t e = 0; e < term->edge_count; e++) {
            for (uint32_t a = 0; a < term->edges[e].arg_count; a++) {
                SsaArg arg = term->edges[e].args[a];
                inside += !arg.konst && arg.value == block->params[p];
            }
        }
        if (inside != uses[block->params[p]]) {
            return false;
        }
    }
    return true;
}

bool ssa_is_handler(const SsaGraph *graph, SsaBlockId block)
{
    uint32_t pred = graph->pred_start[block];
    return pred < graph->pred_start[block + 1] && graph->preds[pred].edge == SSA_HANDLER_EDGE;
}

bool ssa_same_arg(SsaArg a, SsaArg b)
{
    if (a.konst || b.konst) {
        return a.konst && b.konst && konst_same(a.konst, b.konst);
    }
    return a.value == b.value;
}

bool ssa_same_edge(const SsaEdge *a, const SsaEdge *b)
{
    if (a->block != b->block || a->arg_count != b->arg_count) {
        return false;
    }
    for (uint32_t i = 0; i < a->arg_count; i++) {
        if (!ssa_same_arg(a->args[i], b->args[i])) {
            return false;
        }
    }
    return true;
}

bool ssa_is_atom(SsaArg arg, const char *text)
{
    return arg.konst && konst_is_atom(arg.konst, text);
}
