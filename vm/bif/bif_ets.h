/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_ets.h: what the built-ins of module ets have in common: who may do what, and the
 * errors, which carry OTP's `cause`. */
#ifndef ACT_BIF_BIF_ETS_H
#define ACT_BIF_BIF_ETS_H

#include "vm/bif/bif_util.h"
#include "vm/ets/ets_tables.h"

typedef enum { TABLE_ANY, TABLE_READ, TABLE_WRITE } TableRight;

/* The table, if p may do that to it; NULL, raised, if not, or (p->pending says so) if p has to come
 * again because the table is busy: p->bif_state stays as it is then. Good until the turn ends. */
EtsTable *bif_ets_table(Process *p, Term id, TableRight right);
/* badarg with error_info's cause. */
Term bif_ets_badarg(Process *p, Term cause);
/* TERM_NONE, for a write that did not get at t: raised if t was deleted meanwhile; if it is busy, p
 * comes again. (Unless p->pending is set already.) */
Term bif_ets_missed(Process *p, EtsTable *t);
/* `value`, what p found nothing; TERM_NONE if ets_find told p to come again. */
ACT_INLINE Term bif_ets_none(const Process *p, Term value)
{
    return ACT_LIKELY(p->pending == PENDING_NONE) ? value : TERM_NONE;
}
/* [{Address, Bytes, References}] of the large binaries that t's rows refer to. Suspends. */
Term bif_ets_binaries(Process *p, EtsTable *t);
/* The reference of t on p's heap. */
Term bif_ets_reference(Process *p, const EtsTable *t);

#endif
