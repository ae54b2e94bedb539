/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/match/lower_call.c: calls, and which of them are tail calls. */
#include "compiler/match/lower.h"
#include <string.h>

static SsaOp op_of(const CoreNode *node)
{
    switch (node->kind) {
    case CORE_CALL:
        return SSA_call;
    case CORE_CALL_EXT:
        return SSA_call_ext;
    case CORE_CALL_FUN:
        return SSA_call_fun;
    default:
        return SSA_apply;
    }
}

/* Functions of module erlang that never return. They are called, not tail-called, so that the
 * caller stands in the stack trace; nothing after them is reached. */
static bool never_returns(const CoreNode *node)
{
    static const struct {
        const char *name;
        uint32_t arities; /* bit n: arity n */
    } exits[] = {
        {"error", 1 << 1 | 1 << 2 | 1 << 3},
        {"exit", 1 << 1},
        {"throw", 1 << 1},
        {"nif_error", 1 << 1 | 1 << 2},
    };
    if (node->kind != CORE_CALL_EXT || strcmp(node->call.import.module->text, "erlang") != 0) {
        return false;
    }
    for (size_t i = 0; i < ACT_COUNT(exits); i++) {
        if (strcmp(node->call.import.name->text, exits[i].name) == 0 &&
            (exits[i].arities >> node->call.import.arity & 1) != 0) {
            return true;
        }
    }
    return false;
}

static SsaArg plain_call(Lower *l, const CoreNode *node, const SsaArg *args)
{
    SsaInstr *instr = lower_instr(l, op_of(node), args, node->call.args.count, node->line);
    instr->callee = node->call.callee;
    instr->import = node->call.import;
    return ssa_use(instr->result);
}

SsaArg lower_call(Lower *l, const CoreNode *node, LowerMode mode)
{
    uint32_t count = node->call.args.count;
    SsaArg *args = lower_args(l, count);
    for (uint32_t i = 0; i < count; i++) {
        args[i] = lower_value(l, node->call.args.items[i]);
    }
    if (l->block == NULL) {
        return lower_nil(l);
    }
    if (never_returns(node)) {
        SsaArg result = plain_call(l, node, args);
        l->block->likely_failure = true;
        lower_end(l, SSA_T_RETURN, &result, 1, NULL, 0, node->line);
        return lower_nil(l);
    }
    if (mode == LOWER_TAIL && l->handler == 0) {
        SsaTerm *term = lower_end(l, SSA_T_TAIL_CALL, args, count, NULL, 0, node->line);
        term->op = op_of(node);
        term->callee = node->call.callee;
        term->import = node->call.import;
        return lower_nil(l);
    }
    return lower_result(l, plain_call(l, node, args), mode);
}
