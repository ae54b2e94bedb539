/* SPDX-License-Identifier: Apache-2.0 */
/* vm/io/re_cache.h: regular expressions, compiled once and kept: PCRE2 behind a small interface
 * (re_cache.c, re_run.c).
 *
 * A cache belongs to a VM; any thread may use it. It holds the patterns used last; one that is in
 * use lives on when it falls out. */
#ifndef ACT_IO_RE_CACHE_H
#define ACT_IO_RE_CACHE_H

#include "vm/host/host.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How a pattern is compiled: the bits that re.act puts together. The newline kind (RE_NEWLINE) is a
 * number from 1: cr, lf, crlf, any, anycrlf; 0 is lf. */
enum {
    RE_UNICODE = 1 << 0,
    RE_ANCHORED = 1 << 1,
    RE_CASELESS = 1 << 2,
    RE_DOLLAR_ENDONLY = 1 << 3,
    RE_DOTALL = 1 << 4,
    RE_EXTENDED = 1 << 5,
    RE_FIRSTLINE = 1 << 6,
    RE_MULTILINE = 1 << 7,
    RE_NO_AUTO_CAPTURE = 1 << 8,
    RE_DUPNAMES = 1 << 9,
    RE_UNGREEDY = 1 << 10,
    RE_BSR_ANYCRLF = 1 << 11,
    RE_BSR_UNICODE = 1 << 12,
    RE_NO_START_OPTIMIZE = 1 << 13,
    RE_UCP = 1 << 14,
    RE_NEVER_UTF = 1 << 15,
    RE_NEWLINE_SHIFT = 16,
};

#define RE_DEFAULT_LIMIT UINT32_C(10000000) /* steps of a match, as OTP's PCRE has them */
#define RE_UNSET SIZE_MAX

typedef struct ReCache ReCache;
typedef struct RePattern RePattern;

typedef struct {
    int code;        /* PCRE2's */
    size_t position; /* byte of the pattern */
} ReError;

/* An empty cache, NULL without memory. */
ReCache *re_cache_new(Host *host);
/* Gives it back; no thread uses it or its patterns. NULL is fine. */
void re_cache_free(ReCache *cache);
/* The pattern, compiled now or before, with a reference for the caller (re_pattern_put); NULL and
 * *error if it is none. */
RePattern *re_cache_get(ReCache *cache, const unsigned char *bytes, size_t length, uint32_t flags,
                        ReError *error);
/* Gives a reference back. NULL is fine. Any thread. */
void re_pattern_put(RePattern *pattern);

/* How many groups there are, how many of them have names; the i-th name in order of names. */
uint32_t re_pattern_groups(const RePattern *pattern);
uint32_t re_pattern_names(const RePattern *pattern);
const char *re_pattern_name(const RePattern *pattern, uint32_t i, uint32_t *group);
/* What is wrong, in the words that OTP's PCRE has for it where there are some. */
void re_error_text(const ReError *error, char *text, size_t size);
void re_version(char *text, size_t size);

typedef enum {
    RE_MATCHED,
    RE_NOMATCH,
    RE_MATCH_LIMIT,
    RE_DEPTH_LIMIT,
    RE_BAD, /* no UTF-8 */
    RE_NO_MEMORY,
} ReStatus;

/* One search. The caller sets the first fields, all zeros the others. */
typedef struct {
    size_t offset;
    bool anchored, notbol, noteol, notempty, notempty_atstart;
    bool checked; /* the subject is good UTF-8 for sure */
    uint32_t match_limit, depth_limit;

    ReStatus status;
    uint32_t pairs;     /* up to the last group that took part */
    const size_t *ends; /* start and end of each; until re_run_free */
    void *room;         /* re_run.c's */
    bool grown;         /* room may have become large */
    size_t passed;      /* by re_run_soon: bytes of the subject */
} ReRun;
/* Searches, however long it takes. Any thread; the caller holds a reference of the pattern until
 * re_run_free. */
void re_run(RePattern *pattern, const unsigned char *subject, size_t length, ReRun *run);
/* The same, but false, with nothing to free, if it is not over within some milliseconds, whatever
 * the pattern. */
bool re_run_soon(RePattern *pattern, const unsigned char *subject, size_t length, ReRun *run);
void re_run_free(RePattern *pattern, ReRun *run);

#endif
