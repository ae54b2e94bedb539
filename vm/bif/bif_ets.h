/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_ets.h: what the built-ins of module ets have in common: who may do what, and the
 * errors, which carry OTP's `cause`. */
#ifndef ACT_BIF_BIF_ETS_H
#define ACT_BIF_BIF_ETS_H

#include "vm/bif/bif_util.h"
#include "vm/ets/ets_tables.h"

typedef enum { TABLE_ANY, TABLE_READ, TABLE_WRITE } TableRight;

/* The table, if p may do that to it; NULL, raised, if not. Good until the turn ends. */
EtsTable *bif_ets_table(Process *p, Term id, TableRight right);
/* badarg with error_info's cause. */
Term bif_ets_badarg(Process *p, Term cause);
/* What a write to a table that was deleted meanwhile raises (unless p->pending is set already). */
Term bif_ets_gone(Process *p);
/* Puts a row in as insert does: in the place of its key's, or beside them. False, raised. */
bool bif_ets_put(EtsSpot *spot, Process *p, EtsRow *row);
/* The first row of the spot's key that lives, and the spot stands on it; NULL if there is none (of
 * a set, the spot may then stand on a deleted row that is kept). */
EtsRow *bif_ets_living(EtsSpot *spot);
/* [{Address, Bytes, References}] of the large binaries that t's rows refer to. Suspends. */
Term bif_ets_binaries(Process *p, EtsTable *t);
/* The reference of t on p's heap. */
Term bif_ets_reference(Process *p, const EtsTable *t);

#endif
