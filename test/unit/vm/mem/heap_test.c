/* SPDX-License-Identifier: Apache-2.0 */
/* Handing out words: the block first, then fragments; giving back; the sizes of blocks. */
#include "vm/mem/heap.h"
#include "vm/mem/heap_sizes.h"
#include "vm/mem/offheap.h"

#include <criterion/criterion.h>

Test(heap, the_block_first_then_fragments)
{
    Heap h;
    cr_assert(heap_init(&h, 64, NULL, NULL));
    Term *in_block = heap_alloc(&h, 62);
    cr_assert_eq(in_block, h.start);
    cr_assert_null(h.fragments);
    Term *in_fragment = heap_alloc(&h, 1);
    cr_assert_not_null(h.fragments);
    cr_assert_eq(in_fragment, h.fragments->words);
    cr_assert_eq(heap_used(&h), 63);
    cr_assert_not(h.want_gc);
    cr_assert_not_null(heap_alloc(&h, 1000));
    cr_assert(h.want_gc);
    heap_free(&h);
}

Test(heap, unused_words_come_back)
{
    Heap h;
    cr_assert(heap_init(&h, 64, NULL, NULL));
    Term *words = heap_alloc(&h, 20);
    heap_shrink(&h, words + 20, 15);
    cr_assert_eq(h.top, words + 5);
    words = heap_alloc(&h, 100);
    heap_shrink(&h, words + 100, 90);
    cr_assert_eq(h.fragments->used, 10);
    heap_free(&h);
}

Test(heap, absurd_sizes_are_refused)
{
    Heap h;
    cr_assert(heap_init(&h, 64, NULL, NULL));
    cr_assert_null(heap_alloc(&h, SIZE_MAX / 4));
    cr_assert_null(heap_alloc(&h, SIZE_MAX));
    cr_assert_not(gc_collect(&h, &(Roots){.no_frame = true}, SIZE_MAX / 4, false));
    cr_assert_null(offheap_new(SIZE_MAX));
    heap_free(&h);
}

Test(heap, sizes_rise_and_hold_what_is_asked)
{
    size_t before = 0;
    for (size_t words = 1; words < 100000000; words += words / 7 + 1) {
        size_t size = heap_size_for(words);
        cr_assert_geq(size, words);
        cr_assert_geq(size, before);
        cr_assert_lt(size, words * 2 + 24);
        before = size;
    }
}

Test(heap, binaries_by_size)
{
    Heap h;
    cr_assert(heap_init(&h, 1000, NULL, NULL));
    cr_assert(term_is_kind(binary_new(&h, NULL, BINARY_HEAP_MAX), BOXED_BINARY));
    cr_assert(term_is_kind(binary_new(&h, NULL, BINARY_HEAP_MAX + 1), BOXED_REFC));
    cr_assert_eq(h.off_heap_bytes, BINARY_HEAP_MAX + 1);
    cr_assert_not(h.want_gc);
    binary_new(&h, NULL, 10000000);
    cr_assert(h.want_gc);
    heap_free(&h);
}
