/* SPDX-License-Identifier: Apache-2.0 */
/* vm/base/backing.h: the allocator behind alloc.c: mimalloc, loaded when the early room is given
 * out, so that programs that soon end do without; the C library's where there is no mimalloc.
 * Found by host/host_backing.c. */
#ifndef ACT_BASE_BACKING_H
#define ACT_BASE_BACKING_H

#include "vm/base/attr.h"

#include <stdatomic.h>

typedef struct {
    void *(*malloc)(size_t size);
    void *(*zalloc)(size_t size);
    void *(*realloc)(void *block, size_t size);
    void (*free)(void *block);
    size_t (*usable_size)(void *block);
    void (*collect)(bool all); /* gives back to the operating system what the thread has freed */
} Backing;

/* One for the OS process. Any thread, atomic. release: pairs with the acquire in backing. */
extern _Atomic(const Backing *) backing_found;

/* Finds it; it is the same ever after. Any thread. */
const Backing *backing_find(void);

/* Asks the operating system for large pages behind a block of many megabytes that will be walked
 * all over: it may do so or not. Any thread. */
void backing_large(void *block, size_t size);

ACT_INLINE const Backing *backing(void)
{
    const Backing *found = atomic_load_explicit(&backing_found, memory_order_acquire);
    return ACT_LIKELY(found != NULL) ? found : backing_find();
}

#endif
