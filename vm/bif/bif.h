/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif.h: how a built-in function looks.
 *
 * Term bif_MODULE_ID_ARITY(Process *p, const Term *a): arguments a[0..arity), which stay good until
 * it returns: a built-in never moves terms. It returns a term, or TERM_NONE after raise_*,
 * bif_again or bif_trap. It runs on the thread that runs p and touches only p's own state and what
 * is safe to share. Work over 4000 steps counts reductions (process_spend) and suspends. */
#ifndef ACT_BIF_BIF_H
#define ACT_BIF_BIF_H

#include "vm/proc/process.h"
#include "vm/term/term.h"

typedef Term (*BifFunction)(Process *p, const Term *a);

typedef enum {
    BIF_GUARD,      /* may stand in guards; never suspends, never traps; no side effects */
    BIF_PLAIN,      /* as GUARD, but not in guards; may have effects */
    BIF_TRAPS,      /* may suspend or trap */
    BIF_LONG,       /* as TRAPS; with huge arguments a helper thread calls it (bif/bif_long.h) */
    BIF_GUARD_LONG, /* as LONG, and may stand in guards */
} BifKind;

typedef struct {
    const char *module;
    const char *name;
    uint32_t arity;
    BifKind kind;
    BifFunction function;
    const char *doc;
} BifInfo;

#define BIF(module, id, arity, text, kind, doc) \
    Term bif_##module##_##id##_##arity(Process *p, const Term *a);
#include "vm/bytecode/bifs.def"
#undef BIF

typedef enum {
#define BIF(module, id, arity, text, kind, doc) BIF_##module##_##id##_##arity,
#include "vm/bytecode/bifs.def"
#undef BIF
    BIF__count
} BifIndex;

/* One row per built-in, in bifs.def's order. */
extern const BifInfo bif_table[BIF__count];

#endif
