/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_long.c: see bif_long.h. */
#include "vm/bif/bif_long.h"

#include "vm/sched/away.h"

Term bif_long(Process *p, const Term *a, BifFunction function, unsigned arity)
{
    if (ACT_UNLIKELY(p->away == AWAY_BACK)) {
        return away_take(p);
    }
    if (term_same(p->bif_state, TERM_NONE)) { /* else it works in turns already */
        for (unsigned i = 0; i < arity; i++) {
            if (away_heavy(p, a[i])) {
                return away_ask(p, function, a, arity);
            }
        }
    }
    return function(p, a);
}
