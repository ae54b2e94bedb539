/* SPDX-License-Identifier: Apache-2.0 */
/* vm/base/early.h: the first small blocks of a program, one behind the other in a little room of
 * their own. An allocator that keeps each size on pages of its own touches a page or two for each;
 * a program that soon ends pays for those and for little else. They are not used again. Part of
 * base/alloc.c. */
#ifndef ACT_BASE_EARLY_H
#define ACT_BASE_EARLY_H

#include "vm/base/attr.h"

#include <stdatomic.h>

/* EARLY_STEP: so much is got from the operating system at once. */
enum { EARLY_STEP = 64 << 10, EARLY_ROOM = 512 << 10, EARLY_LARGEST = 64 << 10 };

/* One for the OS process, as the allocator behind alloc.c is. */
typedef struct {
    _Alignas(4096) char bytes[EARLY_ROOM];
    /* any thread, atomic, relaxed: each who adds owns what it added */
    _Atomic(size_t) used;
} EarlyRoom;
extern EarlyRoom early_room;

/* A block from there, zero, 16-aligned; NULL: they are all given out, or it is large. */
void *early_take(size_t size);
/* Gets the pages of a step at once, which is cheaper than one by one, where that can be:
 * host/host_backing.c. */
void early_fill(size_t step);
/* The size that a block from there was taken with. */
size_t early_size(const void *block);

ACT_INLINE bool early_is_over(void)
{
    return atomic_load_explicit(&early_room.used, memory_order_relaxed) >= EARLY_ROOM;
}
ACT_INLINE bool early_has(const void *block)
{
    return (uintptr_t)block - (uintptr_t)early_room.bytes < EARLY_ROOM;
}

#endif
