/* SPDX-License-Identifier: Apache-2.0 */
/* vm/base/alloc.c: allocation over mimalloc or malloc, chosen by meson (ACT_MIMALLOC). */
#include "vm/base/alloc.h"

#include "vm/base/stress.h"

#include <stdio.h>
#include <stdlib.h>

#ifdef ACT_MIMALLOC
#include <mimalloc.h>
#define RAW_MALLOC mi_malloc
#define RAW_ZALLOC(n) mi_zalloc(n)
#define RAW_REALLOC mi_realloc
#define RAW_FREE mi_free
#else
#define RAW_MALLOC malloc
#define RAW_ZALLOC(n) calloc(1, n)
#define RAW_REALLOC realloc
#define RAW_FREE free
#endif

static void out_of_memory(size_t size)
{
    fprintf(stderr, "act: out of memory (asked for %zu bytes)\n", size);
    exit(1);
}

void *alloc_try(size_t size)
{
    return stress_alloc_fails() ? NULL : RAW_MALLOC(size);
}

void *alloc_try_zero(size_t size)
{
    return stress_alloc_fails() ? NULL : RAW_ZALLOC(size);
}

void *alloc_try_resize(void *block, size_t size)
{
    return stress_alloc_fails() ? NULL : RAW_REALLOC(block, size);
}

void *alloc_must(size_t size)
{
    void *block = RAW_MALLOC(size ? size : 1);
    if (!block) {
        out_of_memory(size);
    }
    return block;
}

void *alloc_must_zero(size_t size)
{
    void *block = RAW_ZALLOC(size ? size : 1);
    if (!block) {
        out_of_memory(size);
    }
    return block;
}

void *alloc_must_resize(void *block, size_t size)
{
    void *grown = RAW_REALLOC(block, size ? size : 1);
    if (!grown) {
        out_of_memory(size);
    }
    return grown;
}

void alloc_free(void *block)
{
    RAW_FREE(block);
}
