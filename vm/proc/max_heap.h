/* SPDX-License-Identifier: Apache-2.0 */
/* vm/proc/max_heap.h: how large a process may become, as max_heap_size says: reading the option,
 * showing it, and the report about a process that became larger.
 *
 * A limit is one word, so that the machine's default is one atomic: words * 4 + report * 2 + kill.
 * What counts is what is in use when a collection begins, garbage and all: heap, stack, old
 * generation, fragments and the words asked for (OTP counts the blocks that hold it, so it may end
 * a process a little earlier). */
#ifndef ACT_PROC_MAX_HEAP_H
#define ACT_PROC_MAX_HEAP_H

#include "vm/proc/process.h"

enum { MAX_HEAP_KILL = 1, MAX_HEAP_REPORT = 2, MAX_HEAP_FLAGS = 2, MAX_HEAP_LEAST = 233 };
#define MAX_HEAP_DEFAULT ((uint64_t)(MAX_HEAP_KILL | MAX_HEAP_REPORT))

/* The limit in words; 0: none. */
ACT_INLINE size_t max_heap_words(uint64_t limit)
{
    return (size_t)(limit >> MAX_HEAP_FLAGS);
}

/* The limit that a number of words, or a map with `size` and perhaps `kill` and `error_logger`,
 * means; what it does not say is as in *limit before. False if it is none. */
bool max_heap_read(Term value, uint64_t *limit);
/* #{error_logger => _, kill => _, size => _} on p's heap. TERM_NONE, raised, without memory. */
Term max_heap_term(Process *p, uint64_t limit);
/* The numbers that act_report:log_max_heap/1 prints about p, which asked for need more words: an
 * improper use of no heap, the list lies in words. */
enum { MAX_HEAP_REPORT_ITEMS = 14, MAX_HEAP_REPORT_WORDS = 2 * MAX_HEAP_REPORT_ITEMS };
Term max_heap_report(const Process *p, size_t need, Term words[MAX_HEAP_REPORT_WORDS]);

#endif
