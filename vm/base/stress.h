/* SPDX-License-Identifier: Apache-2.0 */
/* vm/base/stress.h: the switches that make rare things happen always.
 *
 * Set once from the environment variable ACT_STRESS before the first thread starts (a comma list:
 * gc, turn, fragment, alloc=N), read-only afterwards but for the allocation countdown. Compiled
 * into every build as an expression, so no switch can rot; the release build folds them away with
 * -Dstress=false.
 *   gc        collect at every safepoint that may collect
 *   turn      one reduction a turn
 *   fragment  every allocation of a built-in goes to a heap fragment
 *   alloc=N   the N-th allocation that may fail fails, and each N-th after it */
#ifndef ACT_BASE_STRESS_H
#define ACT_BASE_STRESS_H

#include "vm/base/attr.h"

/* The builds that look for trouble have the switches; the others leave out what only a checker
 * wants to see. */
#ifdef ACT_STRESS
enum { STRESS_BUILD = 1 };
typedef struct {
    bool gc;
    bool turn;
    bool fragment;
} StressSwitches;

/* The one process-wide table: test switches of the whole OS process, not of a VM. */
extern StressSwitches stress_on;
#define STRESS(name) (stress_on.name)
/* Counts one allocation; true if it is to fail. Any thread. */
bool stress_alloc_fails(void);
#else
enum { STRESS_BUILD = 0 };
#define STRESS(name) (false)
#define stress_alloc_fails() (false)
#endif

/* Reads ACT_STRESS's value (NULL is fine). False, with nothing set, if a word in it is unknown or
 * this build has no stress switches. Call before threads start. */
bool stress_configure(const char *words);

#endif
