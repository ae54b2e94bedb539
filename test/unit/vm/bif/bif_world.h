/* SPDX-License-Identifier: Apache-2.0 */
/* A process with a heap and a machine with atoms and a simulated host: enough to call built-ins
 * that need no scheduler. */
#ifndef ACT_TEST_BIF_WORLD_H
#define ACT_TEST_BIF_WORLD_H

#include "vm/bif/bif.h"

extern Process *world;

void world_open(void);
void world_close(void);
/* Calls a built-in with these reductions in each turn until it does not ask to be called again;
 * world_turns tells how many turns that took. */
Term world_call(BifFunction function, int32_t reductions, const Term *a);
extern int world_turns;
/* TERM_NONE with this reason, or not. Clears it. */
bool world_raised(Term result, Term reason);
/* A list of small integers, -1 ends the arguments. */
Term world_list(const int *items, size_t count);
Term world_text(const char *text); /* list of its bytes */
Term world_binary(const char *text);
Term world_atom(const char *text);
/* True if t prints (~w) as text. */
bool world_is(Term t, const char *text);

#define CALL(function, ...) world_call(function, 4000, (const Term[]){__VA_ARGS__})

#endif
