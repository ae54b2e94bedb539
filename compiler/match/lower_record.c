/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/match/lower_record.c: reading and replacing fields. */
#include "compiler/match/lower.h"

/* Goes on where value is such a record; else badrecord, or in a guard to fail. */
static void require_record(Lower *l, const CoreNode *node, SsaArg value)
{
    SsaBlock *is = lower_block(l, 0);
    SsaBlock *bad = l->fail != 0 ? NULL : lower_block(l, 0);
    SsaArg args[2] = {value, ssa_konst(node->record.tag)};
    lower_test(l, BC_is_tagged, node->record.size, args, 2, is->id,
               bad == NULL ? l->fail : bad->id);
    if (bad != NULL) {
        l->block = bad;
        lower_fail(l, BC_FAIL_BADRECORD, value, node->line);
    }
    l->block = is;
}

static SsaArg record_get(Lower *l, const CoreNode *node)
{
    SsaArg value = lower_value(l, node->record.base);
    if (l->block == NULL) {
        return value;
    }
    value = lower_register(l, value);
    require_record(l, node, value);
    SsaInstr *instr = lower_instr(l, SSA_element, &value, 1, node->line);
    instr->imm = node->record.index;
    return ssa_use(instr->result);
}

static SsaArg record_put(Lower *l, const CoreNode *node)
{
    uint32_t count = node->record.count;
    SsaArg *args = lower_args(l, count * 2 + 1);
    for (uint32_t i = 0; i < count; i++) {
        args[2 * i + 1] = lower_konst_int(l, node->record.indices[i]);
        args[2 * i + 2] = lower_value(l, node->record.values[i]);
    }
    args[0] = lower_value(l, node->record.base);
    if (l->block == NULL) {
        return lower_nil(l);
    }
    args[0] = lower_register(l, args[0]);
    require_record(l, node, args[0]);
    if (count == 0) {
        return args[0];
    }
    SsaInstr *instr = lower_instr(l, SSA_update_element, args, count * 2 + 1, node->line);
    instr->imm = node->record.size;
    return ssa_use(instr->result);
}

SsaArg lower_record(Lower *l, const CoreNode *node)
{
    return node->kind == CORE_RECORD_GET ? record_get(l, node) : record_put(l, node);
}
