/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_long.h: built-ins of the kinds BIF_LONG and BIF_GUARD_LONG, which work over all of
 * their arguments: with huge ones they are called on a helper thread (sched/away.h). They touch
 * nothing but their process's heap and what is safe to share. */
#ifndef ACT_BIF_BIF_LONG_H
#define ACT_BIF_BIF_LONG_H

#include "vm/bif/bif.h"

/* function(p, a), here or away. */
Term bif_long(Process *p, const Term *a, BifFunction function, unsigned arity);

#endif
