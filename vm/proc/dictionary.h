/* SPDX-License-Identifier: Apache-2.0 */
/* vm/proc/dictionary.h: the process dictionary. Owner: the process. */
#ifndef ACT_PROC_DICTIONARY_H
#define ACT_PROC_DICTIONARY_H

#include "vm/proc/process.h"

/* Keys and values lie dense, pair after pair, as one root range; an index over them is kept when
 * there are many. The order is that of insertion, disturbed by removal. */
typedef struct PDict {
    Term *pairs;    /* key, value, key, value … */
    uint32_t count; /* pairs */
    uint32_t room;
    uint32_t *index; /* open addressing by hash of the key: pair number + 1; NULL while small */
    uint32_t index_size;
} PDict;

/* The value of key, or `undefined`. */
Term dictionary_get(const Process *p, Term key);
/* Sets it; returns the old value or `undefined`; TERM_NONE without memory. */
Term dictionary_put(Process *p, Term key, Term value);
/* Removes it; returns the old value or `undefined`. */
Term dictionary_erase(Process *p, Term key);
void dictionary_clear(Process *p);
void dictionary_free(Process *p);

#endif
