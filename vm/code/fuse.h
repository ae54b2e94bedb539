/* SPDX-License-Identifier: Apache-2.0 */
/* vm/code/fuse.h: which faster instruction the loader takes for one or two of the file's.
 *
 * The rows stand in fuse.def. The compiler never hears of any of this: the table may change from
 * one version to the next. */
#ifndef ACT_CODE_FUSE_H
#define ACT_CODE_FUSE_H

#include "vm/bytecode/bytecode.h"

enum { FUSE_MAX_OPS = 512, FUSE_MAX_ROWS = 1024 };

/* fuse.def sorted by first instruction. Read-only after fuse_init; any thread. */
typedef struct {
    uint16_t special_from[FUSE_MAX_OPS + 1]; /* rows of instruction i: [from[i], from[i + 1]) */
    uint16_t pair_from[FUSE_MAX_OPS + 1];
    struct {
        uint32_t kinds;
        uint16_t xop;
    } specials[FUSE_MAX_ROWS];
    struct {
        uint16_t second;
        uint16_t xop;
    } pairs[FUSE_MAX_ROWS];
} FuseTable;

void fuse_init(FuseTable *table);

/* Operand kinds packed as the rows have them: start with FUSE_KINDS_NONE, add each d, r, s. */
enum { FUSE_KINDS_NONE = 1 };
ACT_INLINE uint32_t fuse_add_kind(uint32_t kinds, uint32_t argument)
{
    return kinds << 2 | BC_ARG_KIND(argument);
}

ACT_INLINE bool fuse_has_special(const FuseTable *table, uint32_t op)
{
    return table->special_from[op] != table->special_from[op + 1];
}

/* The instruction (ExecOp) for op with operands of these kinds: op itself if no row says better. */
uint32_t fuse_special(const FuseTable *table, uint32_t op, uint32_t kinds);
/* The instruction for `first` with `second` right behind it; 0 (no instruction) if there is none.
 */
uint32_t fuse_pair(const FuseTable *table, uint32_t first, uint32_t second);

#endif
