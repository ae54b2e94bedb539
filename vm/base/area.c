/* SPDX-License-Identifier: Apache-2.0 */
/* vm/base/area.c: see area.h. */
#include "vm/base/area.h"

#include "vm/base/alloc.h"

#include <string.h>

enum { AREA_ALIGN = 64 };

static size_t rounded(size_t size)
{
    return (size + AREA_ALIGN - 1) & ~(size_t)(AREA_ALIGN - 1);
}

static void *take(Area *area, size_t size)
{
    if (rounded(size) > (size_t)(area->end - area->next)) {
        return NULL;
    }
    void *block = area->next;
    area->next += rounded(size);
    return memset(block, 0, size); /* it may have been trimmed away from another */
}

void *area_zero(Area *area, size_t size)
{
    return area && area->next ? take(area, size) : alloc_try_zero(size);
}

void *area_must_zero(Area *area, size_t size)
{
    void *block = area && area->next ? take(area, size) : NULL;
    return block ? block : alloc_must_zero(size);
}

void area_trim(Area *area, void *block, size_t used)
{
    char *from = block;
    if (area->next && from >= area->start && from < area->next) {
        area->next = from + rounded(used);
    }
}

void area_free(const Area *area, void *block)
{
    char *at = block;
    if (!area || at < area->start || at >= area->end) {
        alloc_free(block);
    }
}
