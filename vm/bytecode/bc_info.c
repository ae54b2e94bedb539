/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bytecode/bc_info.c: opcodes.def as a table, and what can be told of code by it alone. */
#include "vm/bytecode/bytecode.h"

const BcOpInfo bc_op_info[BC__count] = {
#define OP(name, operands, flags, meaning) \
    {#name, \
     operands, \
     flags, \
     meaning, \
     sizeof(operands) - 1, \
     __builtin_strchr(operands, '*') != NULL, \
     __builtin_strchr(operands, 'S') != NULL},
#include "vm/bytecode/opcodes.def"
#undef OP
};

size_t bc_op_length(const uint32_t *code, size_t at, size_t count)
{
    if (at >= count || code[at] >= BC__count) {
        return 0;
    }
    const BcOpInfo *info = &bc_op_info[code[at]];
    size_t length = 1;
    if (!info->list) {
        length += info->letters;
        return at + length <= count ? length : 0;
    }
    for (const char *letter = info->operands; *letter; letter++) {
        if (*letter != '*') {
            length++;
            continue;
        }
        size_t group = 0;
        while (letter[1]) {
            letter++;
            group++;
        }
        if (at + length >= count || code[at + length] > (count - at) / group) {
            return 0;
        }
        length += 1 + group * code[at + length];
    }
    return at + length <= count ? length : 0;
}

BcModule *bc_new(void)
{
    return alloc_must_zero(sizeof(BcModule));
}

void bc_free(BcModule *module)
{
    if (!module) {
        return;
    }
    for (size_t i = 0; i < module->functions.count; i++) {
        if (module->functions.items[i].code.room > 0) {
            vec_free(&module->functions.items[i].code);
        }
    }
    vec_free(&module->konsts);
    vec_free(&module->imports);
    vec_free(&module->functions);
    vec_free(&module->lambdas);
    vec_free(&module->sites);
    vec_free(&module->files);
    arena_free(&module->arena);
    alloc_free(module);
}
