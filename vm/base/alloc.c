/* SPDX-License-Identifier: Apache-2.0 */
/* vm/base/alloc.c: allocation over mimalloc or malloc, chosen by meson (ACT_MIMALLOC), and
 * counting.
 *
 * The counters are the one thing here that is global, as the heap of the C library is: blocks are
 * made and freed where no Vm is at hand. */
#include "vm/base/alloc.h"

#include "vm/base/stress.h"

#include <stdio.h>
#include <stdlib.h>
#include <threads.h>

#ifdef ACT_MIMALLOC
#include "vm/base/backing.h"
#include "vm/base/early.h"

#include <string.h>

static void *raw_malloc(size_t size)
{
    void *early = early_take(size);
    return early ? early : backing()->malloc(size);
}

static void *raw_zalloc(size_t size)
{
    void *early = early_take(size);
    return early ? early : backing()->zalloc(size);
}

static void *raw_realloc(void *block, size_t size)
{
    if (block && !early_has(block)) {
        return backing()->realloc(block, size);
    }
    void *grown = raw_malloc(size);
    if (block && grown) {
        memcpy(grown, block, ACT_MIN(early_size(block), size));
    }
    return grown;
}

static void raw_free(void *block)
{
    if (block && !early_has(block)) {
        backing()->free(block);
    }
}

static size_t raw_size(void *block)
{
    return early_has(block) ? early_size(block) : backing()->usable_size(block);
}

static void raw_tidy(void)
{
    if (early_is_over()) {
        backing()->collect(true);
    }
}
#else
#include <malloc.h>
#define raw_malloc malloc
#define raw_zalloc(n) calloc(1, n)
#define raw_realloc realloc
#define raw_free free
#define raw_size malloc_usable_size
#define raw_tidy() ((void)0)
#define backing_large(block, size) ((void)(block), (void)(size))
#endif

void alloc_walked(void *block, size_t size)
{
    enum { LARGE = 4 << 20 };
    if (block && size >= LARGE) {
        backing_large(block, size);
    }
}

/* ---- counting ---- */

/* All that ever were: a thread's counts stay when it ends.
 * any thread, atomic. release in add_counter: pairs with the acquires of those who walk the list */
static AllocCounter first_counter; /* of the first thread */
static _Atomic(AllocCounter *) counters = &first_counter;
ACT_THREAD_LOCAL AllocCounter *alloc_counter;
static tss_t at_thread_end;
static once_flag key_once = ONCE_FLAG_INIT;

static void give_back(void *counter)
{
    alloc_counter = NULL;
    atomic_store_explicit(&((AllocCounter *)counter)->taken, false, memory_order_release);
}

static void make_key(void)
{
    if (tss_create(&at_thread_end, give_back) != thrd_success) {
        abort();
    }
}

/* A counter of a thread that has ended; NULL if there is none. */
static AllocCounter *take_idle(void)
{
    AllocCounter *c = atomic_load_explicit(&counters, memory_order_acquire);
    for (; c; c = c->next) {
        bool taken = false;
        if (atomic_compare_exchange_strong_explicit(&c->taken, &taken, true, memory_order_acquire,
                                                    memory_order_relaxed)) {
            return c;
        }
    }
    return NULL;
}

static AllocCounter *add_counter(void)
{
    AllocCounter *c = aligned_alloc(alignof(AllocCounter), sizeof *c);
    if (!c) {
        fputs("act: no memory for a thread\n", stderr);
        exit(1);
    }
    for (int kind = 0; kind < ALLOC_KINDS; kind++) {
        atomic_init(&c->bytes[kind], 0);
    }
    atomic_init(&c->taken, true);
    c->next = atomic_load_explicit(&counters, memory_order_acquire);
    while (!atomic_compare_exchange_weak_explicit(&counters, &c->next, c, memory_order_release,
                                                  memory_order_acquire)) {
    }
    return c;
}

/* This thread's counter, its own until it ends. */
AllocCounter *alloc_take_counter(void)
{
    call_once(&key_once, make_key);
    AllocCounter *c = take_idle();
    alloc_counter = c ? c : add_counter();
    tss_set(at_thread_end, alloc_counter);
    return alloc_counter;
}

size_t alloc_used(AllocKind kind)
{
    int64_t sum = 0;
    const AllocCounter *c = atomic_load_explicit(&counters, memory_order_acquire);
    for (; c; c = c->next) {
        sum += atomic_load_explicit(&c->bytes[kind], memory_order_relaxed);
    }
    return (size_t)ACT_MAX(sum, 0);
}

/* A new block of no kind, counted by the size that the allocator made it. */
static void *counted(void *block)
{
    if (block) {
        alloc_count(ALLOC_SYSTEM, (int64_t)raw_size(block));
    }
    return block;
}

/* ---- blocks ---- */

static void out_of_memory(size_t size)
{
    fprintf(stderr, "act: out of memory (asked for %zu bytes)\n", size);
    exit(1);
}

void *alloc_try(size_t size)
{
    return stress_alloc_fails() ? NULL : counted(raw_malloc(size));
}

void *alloc_try_zero(size_t size)
{
    return stress_alloc_fails() ? NULL : counted(raw_zalloc(size));
}

static void *resized(void *block, size_t size)
{
    size_t before = block ? raw_size(block) : 0;
    void *grown = raw_realloc(block, size);
    if (grown) {
        alloc_count(ALLOC_SYSTEM, (int64_t)raw_size(grown) - (int64_t)before);
    }
    return grown;
}

void *alloc_try_resize(void *block, size_t size)
{
    return stress_alloc_fails() ? NULL : resized(block, size);
}

void *alloc_must(size_t size)
{
    void *block = counted(raw_malloc(size ? size : 1));
    if (!block) {
        out_of_memory(size);
    }
    return block;
}

void *alloc_must_zero(size_t size)
{
    void *block = counted(raw_zalloc(size ? size : 1));
    if (!block) {
        out_of_memory(size);
    }
    return block;
}

void *alloc_must_resize(void *block, size_t size)
{
    void *grown = resized(block, size ? size : 1);
    if (!grown) {
        out_of_memory(size);
    }
    return grown;
}

void alloc_free(void *block)
{
    if (block) {
        alloc_count(ALLOC_SYSTEM, -(int64_t)raw_size(block));
        raw_free(block);
    }
}

void alloc_tidy(void)
{
    raw_tidy();
}

/* ---- blocks whose owner knows their size ---- */

void *alloc_raw(size_t size)
{
    return stress_alloc_fails() ? NULL : raw_malloc(size);
}

void alloc_raw_free(void *block)
{
    raw_free(block);
}

void *alloc_try_zero_for(AllocKind kind, size_t size)
{
    void *block = stress_alloc_fails() ? NULL : raw_zalloc(size);
    if (block) {
        alloc_count(kind, (int64_t)size);
    }
    return block;
}

void *alloc_try_resize_for(AllocKind kind, void *block, size_t old_size, size_t size)
{
    void *grown = stress_alloc_fails() ? NULL : raw_realloc(block, size);
    if (grown) {
        alloc_count(kind, (int64_t)size - (int64_t)old_size);
    }
    return grown;
}
