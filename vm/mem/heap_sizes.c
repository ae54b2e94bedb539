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
