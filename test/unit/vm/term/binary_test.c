/* SPDX-License-Identifier: Apache-2.0 */
/* Bits: copying and comparing against one bit at a time, at every alignment. */
#include "vm/mem/heap.h"
#include "vm/mem/offheap.h"
#include "vm/term/compare.h"
#include "vm/term/hash.h"

#include <criterion/criterion.h>

static bool bit(const unsigned char *bytes, size_t at)
{
    return bytes[at / 8] >> (7 - at % 8) & 1;
}

Test(binary, copy_bits_at_every_alignment)
{
    unsigned char from[16], to[16], before[16];
    for (int i = 0; i < 16; i++) {
        from[i] = (unsigned char)(i * 37 + 11);
        before[i] = (unsigned char)(i * 91 + 5);
    }
    for (size_t a = 0; a < 17; a++) {
        for (size_t b = 0; b < 17; b++) {
            for (size_t n = 0; n < 70; n++) {
                memcpy(to, before, sizeof to);
                binary_copy_bits(from, a, to, b, n);
                for (size_t i = 0; i < 128; i++) {
                    bool inside = i >= b && i < b + n;
                    cr_assert_eq(bit(to, i), inside ? bit(from, a + i - b) : bit(before, i));
                }
            }
        }
    }
}

Test(binary, views_are_equal_wherever_they_start)
{
    Heap heap;
    unsigned char bytes[100];
    memset(bytes, 0xA5, sizeof bytes); /* 8 bits repeat: a view from 8 on looks like one from 0 */
    cr_assert(heap_init(&heap, 10000, NULL, NULL));
    Term small = binary_new(&heap, bytes, 20);
    Term large = binary_new(&heap, bytes, 100);
    cr_assert(term_is_kind(small, BOXED_BINARY) && term_is_kind(large, BOXED_REFC));
    for (size_t bits = 0; bits < 70; bits++) {
        Term a = binary_sub(&heap, small, 8, bits);
        Term b = binary_sub(&heap, large, 48, bits);
        Term c = binary_sub(&heap, binary_sub(&heap, large, 13, 200), 3, bits);
        Term d = binary_sub(&heap, large, 1, bits);
        cr_assert(term_equal_exact(a, b) && term_equal_exact(b, c));
        cr_assert_eq(term_hash(a), term_hash(c));
        cr_assert_eq(term_equal_exact(a, d), bits == 0);
        cr_assert_eq(term_is_binary(a), bits % 8 == 0);
        cr_assert_lt(term_compare(NULL, a, binary_sub(&heap, large, 0, bits + 1)), 0);
    }
    heap_free(&heap);
}

Test(binary, bytes_need_whole_bytes)
{
    Heap heap;
    const unsigned char *bytes;
    size_t size;
    cr_assert(heap_init(&heap, 1000, NULL, NULL));
    Term t = binary_new(&heap, (const unsigned char *)"hello", 5);
    cr_assert(binary_bytes(t, &bytes, &size) && size == 5 && memcmp(bytes, "hello", 5) == 0);
    cr_assert(binary_bytes(binary_sub(&heap, t, 8, 16), &bytes, &size));
    cr_assert(size == 2 && memcmp(bytes, "el", 2) == 0);
    cr_assert_not(binary_bytes(binary_sub(&heap, t, 8, 15), &bytes, &size));
    cr_assert_not(binary_bytes(binary_sub(&heap, t, 4, 16), &bytes, &size));
    cr_assert_not(binary_bytes(ATOM(ok), &bytes, &size));
    heap_free(&heap);
}
