/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/match/lower_call.c: calls, and which of them are tail calls. */
#include "compiler/match/lower.h"

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

/* A call as it will stand in the code. */
typedef struct {
    SsaOp op;
    BcImport import;
    SsaArg *args;
    uint32_t count;
} Call;

/* A fun M:F/A that is known here and called with A arguments is the call of M:F. Only what this
 * function itself tells counts, as in Erlang: inlining finds more, but the trace would show it. */
static void call_by_name(Call *call)
{
    const Konst *fun = call->op == SSA_call_fun ? call->args[0].konst : NULL;
    if (fun && fun->kind == KONST_FUN && fun->fun.arity == call->count - 1) {
        call->op = SSA_call_ext;
        call->import = (BcImport){fun->fun.module, fun->fun.name, fun->fun.arity};
        call->args++;
        call->count--;
    }
}

static SsaArg plain_call(Lower *l, const CoreNode *node, const Call *call)
{
    SsaInstr *instr = lower_instr(l, call->op, call->args, call->count, node->line);
    instr->callee = node->call.callee;
    instr->import = call->import;
    return ssa_use(instr->result);
}

SsaArg lower_call(Lower *l, const CoreNode *node, LowerMode mode)
{
    uint32_t count = node->call.args.count;
    Call call = {op_of(node), node->call.import, lower_args(l, count), count};
    for (uint32_t i = 0; i < count; i++) {
        call.args[i] = lower_value(l, node->call.args.items[i]);
    }
    if (l->block == NULL) {
        return lower_nil(l);
    }
    call_by_name(&call);
    if (ssa_only_raises(call.op, &call.import)) {
        /* called, not tail-called, so that the caller stands in the stack trace */
        SsaArg result = plain_call(l, node, &call);
        l->block->likely_failure = true;
        lower_end(l, SSA_T_RETURN, &result, 1, NULL, 0, node->line);
        return lower_nil(l);
    }
    if (mode == LOWER_TAIL && l->handler == 0) {
        SsaTerm *term = lower_end(l, SSA_T_TAIL_CALL, call.args, call.count, NULL, 0, node->line);
        term->op = call.op;
        term->callee = node->call.callee;
        term->import = call.import;
        return lower_nil(l);
    }
    return lower_result(l, plain_call(l, node, &call), mode);
}
