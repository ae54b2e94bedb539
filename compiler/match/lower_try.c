/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/match/lower_try.c: protected regions. No code enters one: its blocks name the handler.
 */
#include "compiler/match/lower.h"

/* Goes on in a new block that handler protects (0: none of this function's). */
static void enter_region(Lower *l, SsaBlockId handler)
{
    l->handler = handler;
    if (l->block != NULL) {
        SsaBlock *block = lower_block(l, 0);
        lower_jump(l, block->id);
        l->block = block;
    }
}

SsaArg lower_try(Lower *l, const CoreNode *node, LowerMode mode)
{
    SsaBlockId outer = l->handler;
    SsaBlock *handler = lower_block(l, 3);
    enter_region(l, handler->id);
    SsaArg value = lower_value(l, node->try_.body);
    enter_region(l, outer);
    LowerJoin join = lower_join_new(mode, 0);
    l->env[node->try_.var] = value;
    value = lower_expr(l, node->try_.ok, mode);
    lower_finish(l, &join, mode, value, NULL, 0);
    l->block = handler;
    l->env[node->try_.class] = ssa_use(handler->params[0]);
    l->env[node->try_.reason] = ssa_use(handler->params[1]);
    l->env[node->try_.raw] = ssa_use(handler->params[2]);
    value = lower_expr(l, node->try_.handler, mode);
    lower_finish(l, &join, mode, value, NULL, 0);
    return lower_continue(l, &join, mode, (CoreVars){0});
}

/* One copy of the after part: it is told whether there was an exception by its class, or []. */
SsaArg lower_after(Lower *l, const CoreNode *node, LowerMode mode)
{
    SsaBlockId outer = l->handler;
    SsaBlock *handler = lower_block(l, 3);
    SsaBlock *after = lower_block(l, 4);
    enter_region(l, handler->id);
    SsaArg value = lower_value(l, node->after.body);
    enter_region(l, outer);
    if (l->block != NULL) {
        SsaArg args[4] = {value, lower_nil(l), lower_nil(l), lower_nil(l)};
        lower_jump_with(l, l->block, after, args);
    }
    SsaArg args[4] = {lower_nil(l), ssa_use(handler->params[0]), ssa_use(handler->params[1]),
                      ssa_use(handler->params[2])};
    lower_jump_with(l, handler, after, args);
    l->block = after;
    lower_expr(l, node->after.after, LOWER_EFFECT);
    if (l->block == NULL) {
        return lower_nil(l);
    }
    SsaBlock *well = lower_block(l, 0);
    SsaBlock *again = lower_block(l, 0);
    SsaArg class = ssa_use(after->params[1]);
    lower_test(l, BC_is_nil, 0, &class, 1, well->id, again->id);
    l->block = again;
    SsaArg raise[3] = {class, ssa_use(after->params[2]), ssa_use(after->params[3])};
    lower_end(l, SSA_T_RAISE, raise, 3, NULL, 0, node->line);
    l->block = well;
    return lower_result(l, ssa_use(after->params[0]), mode);
}
