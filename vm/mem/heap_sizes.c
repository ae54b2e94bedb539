/* SPDX-License-Identifier: Apache-2.0 */
/* vm/mem/heap_sizes.c: few sizes, so that freed blocks fit the next who asks. */
#include "vm/mem/heap_sizes.h"

size_t heap_size_for(size_t words)
{
    size_t before = 16;
    size_t size = 24; /* 24, 40, 64, 104, 168, … */
    while (size < words && size < 1000000) {
        size_t next = before + size;
        before = size;
        size = next;
    }
    while (size < words) {
        size += size / 5;
    }
    return size;
}

size_t heap_told_words(size_t words, size_t least)
{
    size_t before = 142;
    size_t size = 233; /* 376, 610, 987, … 833026, then a fifth more each */
    while (size < ACT_MAX(words, least)) {
        size_t next = size < 833026 ? before + size + 1 : size + size / 5;
        before = size;
        size = next;
    }
    return size;
}
