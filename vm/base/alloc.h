/* SPDX-License-Identifier: Apache-2.0 */
/* vm/base/alloc.h: the one place memory comes from (mimalloc, or plain malloc under sanitizers),
 * and how much of it is in use.
 *
 * An allocation can be told to fail (stress.h), so every caller that serves a program checks for
 * NULL; alloc_must is for start-up and for the compiler, where running out ends the OS process with
 * a message. Blocks may be freed on another thread than allocated them.
 *
 * All blocks are counted, by what they are for. Each thread counts for itself, so one thread's
 * count may be negative: only the sum of all means something. */
#ifndef ACT_BASE_ALLOC_H
#define ACT_BASE_ALLOC_H

#include "vm/base/attr.h"

#include <stdalign.h>
#include <stdatomic.h>

/* Memory of at least size bytes, 16-aligned, or NULL. The caller owns it. Any thread. */
void *alloc_try(size_t size);
/* As alloc_try, filled with zeros. */
void *alloc_try_zero(size_t size);
/* Grows or shrinks block (which may be NULL); on NULL the old block is unchanged. */
void *alloc_try_resize(void *block, size_t size);
/* As the above, but never NULL: without memory the OS process ends with a message. */
void *alloc_must(size_t size);
void *alloc_must_zero(size_t size);
void *alloc_must_resize(void *block, size_t size);
/* Gives block back; NULL is fine. Any thread. */
void alloc_free(void *block);

/* The block will be walked all over: if it has many megabytes, the operating system is asked for
 * large pages behind it. NULL is fine. */
void alloc_walked(void *block, size_t size);

/* Gives back to the operating system what the allocator keeps of this thread's freed blocks. Takes
 * milliseconds after much was freed: for a thread that has nothing to do. */
void alloc_tidy(void);

/* What a block is for. Those of the functions above are ALLOC_SYSTEM. */
typedef enum { ALLOC_SYSTEM, ALLOC_PROCESS, ALLOC_BINARY, ALLOC_KINDS } AllocKind;

/* As those above, for blocks whose owner knows their size: counting them costs no look into the
 * block. Such a block goes back by alloc_free_for of its kind, with the size it was made with. */
ACT_INLINE void *alloc_try_for(AllocKind kind, size_t size);
void *alloc_try_zero_for(AllocKind kind, size_t size);
void *alloc_try_resize_for(AllocKind kind, void *block, size_t old_size, size_t size);
ACT_INLINE void alloc_free_for(AllocKind kind, void *block, size_t size);

/* Bytes in use of that kind, in all threads: exact for what happened before the call, a little off
 * by what other threads do meanwhile; never negative. Any thread. */
size_t alloc_used(AllocKind kind);

/* ---- the two that are on the way of every message, in line ---- */

/* A thread's count. */
typedef struct AllocCounter AllocCounter;
struct AllocCounter {
    /* written by the thread that has it, read by any. relaxed: no data is published through it; who
     * was told of an allocation in another way (a message) sees it counted by that way's order */
    alignas(64) _Atomic(int64_t) bytes[ALLOC_KINDS];
    AllocCounter *next; /* constant once the counter is in alloc.c's list */
    /* any thread, atomic. release when a thread ends: pairs with the acquire of the thread that
     * takes it next, which goes on from where the former one stopped */
    _Atomic(bool) taken;
};
extern ACT_THREAD_LOCAL AllocCounter *alloc_counter; /* NULL until the thread's first allocation */
/* This thread's counter from now on. */
AllocCounter *alloc_take_counter(void);
/* A block that nobody has counted; and giving one back. */
void *alloc_raw(size_t size);
void alloc_raw_free(void *block);

ACT_INLINE void alloc_count(AllocKind kind, int64_t bytes)
{
    AllocCounter *c = ACT_LIKELY(alloc_counter != NULL) ? alloc_counter : alloc_take_counter();
    int64_t before = atomic_load_explicit(&c->bytes[kind], memory_order_relaxed);
    atomic_store_explicit(&c->bytes[kind], before + bytes, memory_order_relaxed);
}

ACT_INLINE void *alloc_try_for(AllocKind kind, size_t size)
{
    void *block = alloc_raw(size);
    if (ACT_LIKELY(block != NULL)) {
        alloc_count(kind, (int64_t)size);
    }
    return block;
}

ACT_INLINE void alloc_free_for(AllocKind kind, void *block, size_t size)
{
    if (block) {
        alloc_count(kind, -(int64_t)size);
        alloc_raw_free(block);
    }
}

#endif
