/* SPDX-License-Identifier: Apache-2.0 */
/* vm/code/code_space.c: see code_space.h. */
#include "vm/code/code_space.h"

#include "vm/base/alloc.h"
#include "vm/host/host.h"

enum { MEGA = 1 << 20, SMALLEST_SHIFT = 6 };

/* How large the parts may become. The area has the size of what the library's first modules need,
 * so that with the first rows it lies in one region of 2 MB: each more that is touched costs a page
 * table. */
static const size_t part_sizes[SPACE__count] = {
    [SPACE_AREA] = (size_t)1 * MEGA,
    [SPACE_ROWS] = (size_t)1023 * MEGA, /* a constant's offset is an operand: below 4 GB */
    [SPACE_LITERALS] = (size_t)2048 * MEGA,
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
