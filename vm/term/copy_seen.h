/* SPDX-License-Identifier: Apache-2.0 */
/* vm/term/copy_seen.h: which parts of a term occur twice; copy.c's notebook.
 *
 * Two bits for each word of the pages (32 KB of address space) that the term touches: met, and met
 * again. Then a table of the few that were met again, with their copies. */
#ifndef ACT_TERM_COPY_SEEN_H
#define ACT_TERM_COPY_SEEN_H

#include "vm/term/term.h"

typedef struct CopySeen CopySeen;

/* NULL without memory. */
CopySeen *seen_new(void);
/* NULL is fine. */
void seen_free(CopySeen *seen);
/* Meets what lies at address: 1 the first time, 0 later, -1 without memory. */
int seen_visit(CopySeen *seen, uintptr_t address);
/* Ends the meeting; makes the table of shared parts. False without memory. */
bool seen_prepare(CopySeen *seen);
bool seen_any_shared(const CopySeen *seen);
/* Where the copy of a shared part is kept (TERM_NONE until there is one); NULL if it is not shared.
 */
Term *seen_copy_of(CopySeen *seen, uintptr_t address);

#endif
