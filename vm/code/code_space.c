/* SPDX-License-Identifier: Apache-2.0 */
/* vm/code/code_space.c: see code_space.h. */
#include "vm/code/code_space.h"

#include "vm/base/alloc.h"
#include "vm/code/code.h"
#include "vm/host/host.h"

enum { MEGA = 1 << 20, SMALLEST_SHIFT = 6 };

/* How large the parts may become. */
static const size_t part_sizes[SPACE__count] = {
    [SPACE_AREA] = (size_t)64 * MEGA,
    [SPACE_CONSTANTS] = (size_t)32 * MEGA * sizeof(Term),
    [SPACE_SITES] = (size_t)8 * MEGA * sizeof(Site),
    [SPACE_EXPORTS] = (size_t)2 * MEGA * sizeof(Export),
    [SPACE_FUNS] = (size_t)2 * MEGA * sizeof(FunEntry),
    [SPACE_FUNCTIONS] = (size_t)4 * MEGA * sizeof(FunctionInfo),
    [SPACE_LITERALS] = (size_t)256 * MEGA * sizeof(Term),
};

static bool reserve(CodeSpace *space, Host *host, void *address, unsigned shift)
{
    size_t size = 0;
    for (int i = 0; i < SPACE__count; i++) {
        size += part_sizes[i] >> shift;
    }
    char *at = address ? host->reserve_at(host, address, size) : host->reserve(host, size);
    for (int i = 0; at && i < SPACE__count; i++) {
        space->part[i] = at;
        at += part_sizes[i] >> shift;
    }
    space->part[SPACE__count] = at;
    return at != NULL;
}

CodeSpace *code_space_new(Host *host, void *address)
{
    CodeSpace *space = alloc_try_zero(sizeof *space);
    bool done = space && reserve(space, host, address, 0);
    for (unsigned shift = 1; space && !done && !address && shift <= SMALLEST_SHIFT; shift++) {
        done = reserve(space, host, NULL, shift);
    }
    if (!done) {
        alloc_free(space);
        return NULL;
    }
    return space;
}

void code_space_free(CodeSpace *space, Host *host)
{
    if (space) {
        host->release(host, space->part[0], (size_t)(space->part[SPACE__count] - space->part[0]));
        alloc_free(space);
    }
}

uint32_t code_space_room(const CodeSpace *space, CodeSpacePart part, size_t item)
{
    return (uint32_t)((size_t)(space->part[part + 1] - space->part[part]) / item);
}
