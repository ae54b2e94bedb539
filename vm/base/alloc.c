/* SPDX-License-Identifier: Apache-2.0 */
/* vm/base/alloc.c: allocation over mimalloc or malloc, chosen by meson (ACT_MIMALLOC). */
#include "vm/base/alloc.h"

#include "vm/base/stress.h"

#include <stdio.h>
#include <stdlib.h>

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
#else
#define raw_malloc malloc
#define raw_zalloc(n) calloc(1, n)
#define raw_realloc realloc
#define raw_free free
#endif

static void out_of_memory(size_t size)
{
    fprintf(stderr, "act: out of memory (asked for %zu bytes)\n", size);
    exit(1);
}

void *alloc_try(size_t size)
{
    return stress_alloc_fails() ? NULL : raw_malloc(size);
}

void *alloc_try_zero(size_t size)
{
    return stress_alloc_fails() ? NULL : raw_zalloc(size);
}

void *alloc_try_resize(void *block, size_t size)
{
    return stress_alloc_fails() ? NULL : raw_realloc(block, size);
}

void *alloc_must(size_t size)
{
    void *block = raw_malloc(size ? size : 1);
    if (!block) {
        out_of_memory(size);
    }
    return block;
}

void *alloc_must_zero(size_t size)
{
    void *block = raw_zalloc(size ? size : 1);
    if (!block) {
        out_of_memory(size);
    }
    return block;
}

void *alloc_must_resize(void *block, size_t size)
{
    void *grown = raw_realloc(block, size ? size : 1);
    if (!grown) {
        out_of_memory(size);
    }
    return grown;
}

void alloc_free(void *block)
{
    raw_free(block);
}
