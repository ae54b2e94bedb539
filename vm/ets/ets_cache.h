/* SPDX-License-Identifier: Apache-2.0 */
/* vm/ets/ets_cache.h: tables whose rows leave by themselves: {ttl, Ms} by age, {max, Rows} by least
 * recent use. Act's own.
 *
 * Such a table's rows have links behind their words and stand in two lists: by age, and by last
 * use. The lists have a lock of their own, taken after the lock of a row's part. Who puts rows in
 * or takes them out (the kinds) tells; who works on the table first lets what is too old go, and
 * after an insert what is too many. */
#ifndef ACT_ETS_ETS_CACHE_H
#define ACT_ETS_ETS_CACHE_H

#include "vm/ets/ets.h"

typedef struct {
    EtsRow *before, *behind;
} EtsLinks;

/* Behind a row's words: term[words] … */
typedef struct {
    EtsLinks age, use;
    int64_t born;    /* host's monotonic time */
    uint64_t listed; /* the cache's generation, if it stands in the lists */
} EtsCached;

enum { ETS_CACHED_WORDS = sizeof(EtsCached) / sizeof(Term) };

typedef struct {
    EtsRow *oldest, *newest;
} EtsQueue;

struct EtsCache {
    /* never change; 0: no limit */
    int64_t ttl; /* nanoseconds */
    uint64_t max;
    SpinLock lock;
    /* under lock */
    EtsQueue by_age, by_use;
    uint64_t generation; /* from 1; a new one empties the lists */
    uint64_t count;
};

/* A row is in the table now, is not any more, or was looked up. Any thread. */
void ets_cache_enter(EtsTable *t, EtsRow *row);
void ets_cache_leave(EtsTable *t, EtsRow *row);
void ets_cache_touch(EtsTable *t, EtsRow *row);
/* All rows are gone. */
void ets_cache_clear(EtsTable *t);
/* Takes out what is too old or too many, for as long as p's turn goes; true if nothing is left of
 * it. The caller holds no lock of the table. */
bool ets_cache_sweep(EtsTable *t, Process *p);

#endif
