/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_table.c: bifs.def as data. */
#include "vm/bif/bif.h"

const BifInfo bif_table[BIF__count] = {
#define BIF(module, id, arity, text, kind, doc) \
    {#module, text, arity, kind, bif_##module##_##id##_##arity, doc},
#include "vm/bytecode/bifs.def"
#undef BIF
};
