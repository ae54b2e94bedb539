/* SPDX-License-Identifier: Apache-2.0 */
/* vm/mem/heap_sizes.h: how large blocks are made. */
#ifndef ACT_MEM_HEAP_SIZES_H
#define ACT_MEM_HEAP_SIZES_H

#include "vm/base/attr.h"

/* The smallest block size of at least words words: Fibonacci's numbers times 8 up to a million
 * words, from there steps of a fifth. */
size_t heap_size_for(size_t words);

/* The size that Erlang would tell for a smallest heap of so many words, not under `least`: its
 * sizes are others than ours. */
size_t heap_told_words(size_t words, size_t least);

#endif
