/* SPDX-License-Identifier: Apache-2.0 */
/* vm/io/re_pattern.h: a compiled pattern, for the two files that know PCRE2: re_cache.c and
 * re_run.c. */
#ifndef ACT_IO_RE_PATTERN_H
#define ACT_IO_RE_PATTERN_H

#include "vm/io/re_cache.h"

#include <stdatomic.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

/* What a search works in. */
typedef struct {
    pcre2_match_context *context;
    pcre2_match_data *data;
} ReRoom;

/* PCRE2's tables of what bytes are. A pattern reads those that it was compiled with, also when a
 * helper outlives the machine. */
typedef struct {
    /* any thread; who gives the last one frees: acq_rel, with the other givers */
    _Atomic size_t references;
    uint8_t *bytes;
} ReTables;

struct RePattern {
    pcre2_code *code;
    ReTables *tables; /* one reference */
    uint32_t flags;
    bool restarts; /* a search may end anywhere and begin again behind that place */
    /* any thread: of the search before, for the next; who takes it puts NULL. Release in room_give,
     * acquire in room_take. */
    _Atomic(ReRoom *) room;
    size_t length;
    /* any thread; the cache's own counts. New ones are taken with the cache's lock; who gives the
     * last one frees: acq_rel, with the other givers. */
    _Atomic size_t references;
    uint64_t used;        /* cache's lock: when, for choosing whom to drop */
    unsigned char text[]; /* the pattern */
};

/* re_run.c. NULL is fine. */
void re_room_free(ReRoom *room);

/* re_tables.c: one with a reference for the caller, NULL without memory; NULL is fine to put. */
ReTables *re_tables_new(void);
ReTables *re_tables_share(ReTables *tables);
void re_tables_put(ReTables *tables);

#endif
