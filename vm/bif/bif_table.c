/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_table.c: bifs.def as data. The long ones are called through bif_long. */
#include "vm/bif/bif_long.h"

#define DIRECT(module, id, arity)
#define THROUGH_BIF_LONG(module, id, arity) \
    static Term long_##module##_##id##_##arity(Process *p, const Term *a) \
    { \
        return bif_long(p, a, bif_##module##_##id##_##arity, arity); \
    }
#define WRAP_BIF_GUARD DIRECT
#define WRAP_BIF_PLAIN DIRECT
#define WRAP_BIF_TRAPS DIRECT
#define WRAP_BIF_LONG THROUGH_BIF_LONG
#define WRAP_BIF_GUARD_LONG THROUGH_BIF_LONG
#define BIF(module, id, arity, text, kind, doc) WRAP_##kind(module, id, arity)
#include "vm/bytecode/bifs.def"
#undef BIF

#define NAME_BIF_GUARD bif
#define NAME_BIF_PLAIN bif
#define NAME_BIF_TRAPS bif
#define NAME_BIF_LONG long
#define NAME_BIF_GUARD_LONG long
#define JOIN(prefix, module, id, arity) prefix##_##module##_##id##_##arity
#define FUNCTION(prefix, module, id, arity) JOIN(prefix, module, id, arity)

const BifInfo bif_table[BIF__count] = {
#define BIF(module, id, arity, text, kind, doc) \
    {#module, text, arity, kind, FUNCTION(NAME_##kind, module, id, arity), doc},
#include "vm/bytecode/bifs.def"
#undef BIF
};
