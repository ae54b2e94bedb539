/* SPDX-License-Identifier: Apache-2.0 */
/* vm/code/fuse.c: fuse.def as a table to look things up in. */
#include "vm/code/fuse.h"

#include "vm/base/bug.h"
#include "vm/code/code.h"

_Static_assert((int)XOP__count < (int)FUSE_MAX_OPS, "fuse.h's table is too small");

typedef struct {
    uint16_t base;
    const char *kinds;
    uint16_t xop;
} SpecialRow;

typedef struct {
    uint16_t first;
    uint16_t second;
    uint16_t xop;
} FuseRow;

#define FUSE(first, second, xop)
static const SpecialRow special_rows[] = {
#define SPECIAL(base, kinds, xop) {XOP_##base, kinds, XOP_##xop},
#include "vm/code/fuse.def"
#undef SPECIAL
    {XOP__count, "", 0},
};
#undef FUSE

#define SPECIAL(base, kinds, xop)
static const FuseRow fuse_rows[] = {
#define FUSE(first, second, xop) {XOP_##first, XOP_##second, XOP_##xop},
#include "vm/code/fuse.def"
#undef FUSE
    {XOP__count, 0, 0},
};
#undef SPECIAL

_Static_assert(ACT_COUNT(special_rows) <= FUSE_MAX_ROWS, "fuse.h's table is too small");
_Static_assert(ACT_COUNT(fuse_rows) <= FUSE_MAX_ROWS, "fuse.h's table is too small");

static uint32_t pack(const char *kinds)
{
    uint32_t packed = FUSE_KINDS_NONE;
    for (const char *k = kinds; *k; k++) {
        VM_CHECK(*k == 'x' || *k == 'y' || *k == 'k');
        packed = fuse_add_kind(packed, *k == 'x' ? BC_X : *k == 'y' ? BC_Y : BC_K);
    }
    return packed;
}

/* Turns counts by instruction, one place too far up, into first rows. */
static void sum(uint16_t *from)
{
    for (uint32_t op = 0; op < FUSE_MAX_OPS; op++) {
        from[op + 1] = (uint16_t)(from[op + 1] + from[op]);
    }
}

void fuse_init(FuseTable *table)
{
    uint16_t used[FUSE_MAX_OPS] = {0};
    *table = (FuseTable){0};
    for (const SpecialRow *row = special_rows; row->base != XOP__count; row++) {
        table->special_from[row->base + 1]++;
    }
    for (const FuseRow *row = fuse_rows; row->first != XOP__count; row++) {
        table->pair_from[row->first + 1]++;
    }
    sum(table->special_from);
    sum(table->pair_from);
    for (const SpecialRow *row = special_rows; row->base != XOP__count; row++) {
        size_t at = (size_t)table->special_from[row->base] + used[row->base]++;
        table->specials[at].kinds = pack(row->kinds);
        table->specials[at].xop = row->xop;
    }
    memset(used, 0, sizeof used);
    for (const FuseRow *row = fuse_rows; row->first != XOP__count; row++) {
        size_t at = (size_t)table->pair_from[row->first] + used[row->first]++;
        table->pairs[at].second = row->second;
        table->pairs[at].xop = row->xop;
    }
}

uint32_t fuse_special(const FuseTable *table, uint32_t op, uint32_t kinds)
{
    for (uint32_t i = table->special_from[op]; i < table->special_from[op + 1]; i++) {
        if (table->specials[i].kinds == kinds) {
            return table->specials[i].xop;
        }
    }
    return op;
}

uint32_t fuse_pair(const FuseTable *table, uint32_t first, uint32_t second)
{
    for (uint32_t i = table->pair_from[first]; i < table->pair_from[first + 1]; i++) {
        if (table->pairs[i].second == second) {
            return table->pairs[i].xop;
        }
    }
    return 0;
}
