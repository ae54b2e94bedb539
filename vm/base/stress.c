/* SPDX-License-Identifier: Apache-2.0 */
/* vm/base/stress.c: parses the switches and keeps the allocation countdown. */
#include "vm/base/stress.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#ifdef ACT_STRESS

StressSwitches stress_on;

/* any thread, atomic; relaxed: only the count matters, no data is published through it */
static _Atomic(unsigned long) allocations;
static unsigned long fail_every; /* written before threads start */

bool stress_alloc_fails(void)
{
    if (ACT_LIKELY(fail_every == 0)) {
        return false;
    }
    unsigned long n = atomic_fetch_add_explicit(&allocations, 1, memory_order_relaxed) + 1;
    return n % fail_every == 0;
}

static bool configure_word(const char *word, size_t length)
{
    if (length == 2 && memcmp(word, "gc", 2) == 0) {
        stress_on.gc = true;
    } else if (length == 4 && memcmp(word, "turn", 4) == 0) {
        stress_on.turn = true;
    } else if (length == 8 && memcmp(word, "fragment", 8) == 0) {
        stress_on.fragment = true;
    } else if (length > 6 && memcmp(word, "alloc=", 6) == 0) {
        fail_every = strtoul(word + 6, NULL, 10);
    } else {
        return false;
    }
    return true;
}

bool stress_configure(const char *words)
{
    while (words && *words) {
        size_t length = strcspn(words, ",");
        if (length > 0 && !configure_word(words, length)) {
            return false;
        }
        words += length + (words[length] == ',');
    }
    return true;
}

#else

bool stress_configure(const char *words)
{
    return words == NULL || *words == '\0';
}

#endif
