/* SPDX-License-Identifier: Apache-2.0 */
/* vm/base/early.c: see early.h. In front of each block stands its size. */
#include "vm/base/early.h"

enum { EARLY_ALIGN = 16 };

EarlyRoom early_room;

void *early_take(size_t size)
{
    if (size > EARLY_LARGEST || early_is_over()) {
        return NULL;
    }
    size_t whole = EARLY_ALIGN + ((size + EARLY_ALIGN - 1) & ~(size_t)(EARLY_ALIGN - 1));
    size_t at = atomic_fetch_add_explicit(&early_room.used, whole, memory_order_relaxed);
    if (at > EARLY_ROOM - whole) {
        return NULL; /* what was left is lost */
    }
    size_t last = (at + whole - 1) / EARLY_STEP;
    if (at == 0 || last != (at - 1) / EARLY_STEP) {
        early_fill(last);
    }
    size_t *head = (size_t *)(early_room.bytes + at);
    *head = size;
    return (char *)head + EARLY_ALIGN;
}

size_t early_size(const void *block)
{
    return *(const size_t *)((const char *)block - EARLY_ALIGN);
}
