/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_re.c: regular expressions for module re, by PCRE2.
 *
 * Programs hold a pattern as its text and flags (re.act); compiled ones are kept in the VM's cache
 * (io/re_cache.h). A match runs in line as long as it takes few steps; one that takes more starts
 * again on a helper thread, up to PCRE2's own limit or the program's. */
#include "vm/base/alloc.h"
#include "vm/bif/bif_job.h"
#include "vm/bif/bif_shared.h"
#include "vm/io/re_cache.h"
#include "vm/mem/offheap.h"
#include "vm/vm_parts.h"

enum {
    LINE_STEPS = 20000,     /* matching steps a scheduler may take: about a millisecond */
    LINE_BYTES = 256 << 10, /* and how long a subject it looks through */
    ERROR_TEXT = 256,
};

/* The flags of re.act. */
enum {
    RUN_ANCHORED = 1,
    RUN_NOTBOL = 2,
    RUN_NOTEOL = 4,
    RUN_NOTEMPTY = 8,
    RUN_NOTEMPTY_ATSTART = 16,
    RUN_CHECKED = 32, /* the subject is known to be good UTF-8 */
};

/* compile(Pattern, Flags) -> {ok, Groups} | {error, {Text, Position}}. */
Term bif_act_re_compile_2(Process *p, const Term *a)
{
    const unsigned char *bytes;
    size_t length;
    int64_t flags;
    if (!binary_bytes(a[0], &bytes, &length) || !util_get_range(a[1], 0, INT32_MAX, &flags)) {
        return raise_badarg(p);
    }
    ReError error;
    RePattern *pattern =
        re_cache_get(vm_bifs(p->vm)->patterns, bytes, length, (uint32_t)flags, &error);
    if (pattern) {
        Term groups = small_make(re_pattern_groups(pattern));
        re_cache_put(vm_bifs(p->vm)->patterns, pattern);
        return UTIL_TUPLE(p, ATOM(ok), groups);
    }
    char text[ERROR_TEXT];
    re_error_text(&error, text, sizeof text);
    Term words = util_utf8_list(p, text, strlen(text));
    if (term_same(words, TERM_NONE)) {
        return words;
    }
    Term pair = UTIL_TUPLE(p, words, small_make((int64_t)error.position));
    return term_same(pair, TERM_NONE) ? pair : UTIL_TUPLE(p, ATOM(error), pair);
}

/* names(Pattern, Flags) -> [{Name, Group}], by name. The pattern compiles. */
Term bif_act_re_names_2(Process *p, const Term *a)
{
    const unsigned char *bytes;
    size_t length;
    int64_t flags;
    ReError error;
    if (!binary_bytes(a[0], &bytes, &length) || !util_get_range(a[1], 0, INT32_MAX, &flags)) {
        return raise_badarg(p);
    }
    RePattern *pattern =
        re_cache_get(vm_bifs(p->vm)->patterns, bytes, length, (uint32_t)flags, &error);
    if (!pattern) {
        return raise_badarg(p);
    }
    Term list = TERM_NIL;
    for (uint32_t i = re_pattern_names(pattern); i-- > 0 && !term_same(list, TERM_NONE);) {
        uint32_t group;
        const char *name = re_pattern_name(pattern, i, &group);
        Term text = util_binary(p, name, strlen(name));
        Term pair = term_same(text, TERM_NONE) ? text : UTIL_TUPLE(p, text, small_make(group));
        list = term_same(pair, TERM_NONE) ? pair : util_cons(p, pair, list);
    }
    re_cache_put(vm_bifs(p->vm)->patterns, pattern);
    return list;
}

typedef struct {
    HelperJob base;
    ReCache *cache;
    RePattern *pattern; /* one reference */
    JobText subject;
    ReRun run;
} ReJob;

static void run_discard(HelperJob *base, Vm *vm)
{
    ReJob *job = (ReJob *)base;
    if (job->pattern && vm) {
        re_cache_put(job->cache, job->pattern);
    }
    re_run_free(&job->run);
    job_text_free(&job->subject);
    alloc_free(job);
}

static void run_work(HelperJob *base, Host *host)
{
    (void)host;
    ReJob *job = (ReJob *)base;
    re_run(job->pattern, job->subject.bytes, job->subject.length, &job->run);
}

/* {match, {Start, Length, Start, Length, ...}} | nomatch | {error, match_limit | ...}; a group that
 * took no part has -1 and 0. */
static Term run_result(Process *p, ReJob *job)
{
    const ReRun *run = &job->run;
    switch (run->status) {
    case RE_NOMATCH:
        return ATOM(nomatch);
    case RE_MATCH_LIMIT:
        return UTIL_TUPLE(p, ATOM(error), ATOM(match_limit));
    case RE_DEPTH_LIMIT:
        return UTIL_TUPLE(p, ATOM(error), ATOM(match_limit_recursion));
    case RE_BAD:
        return raise_badarg(p);
    case RE_NO_MEMORY:
        return raise_no_memory(p);
    case RE_MATCHED:
        break;
    default:
        return raise_badarg(p);
    }
    Term *words = process_alloc(p, (size_t)run->pairs * 2 + 1);
    if (!words) {
        return TERM_NONE;
    }
    words[0].w = header_make(BOXED_TUPLE, (size_t)run->pairs * 2);
    for (uint32_t i = 0; i < run->pairs; i++) {
        size_t start = run->ends[2 * i], end = run->ends[2 * i + 1];
        bool set = start != RE_UNSET;
        words[1 + 2 * i] = small_make(set ? (int64_t)start : -1);
        words[2 + 2 * i] = small_make(set && end > start ? (int64_t)(end - start) : 0);
    }
    return UTIL_TUPLE(p, ATOM(match), boxed_term(words));
}

static Term run_end(HelperJob *base, Process *p, const Term *a)
{
    (void)a;
    return run_result(p, (ReJob *)base);
}

static JobBegin answered(Term *answer, Term result)
{
    *answer = result;
    return JOB_ANSWERED;
}

/* The first try, with few steps. */
static bool run_in_line(ReJob *job, uint32_t limit, const unsigned char *bytes, size_t length)
{
    if (length > LINE_BYTES) {
        return false;
    }
    job->run.match_limit = limit < LINE_STEPS ? limit : LINE_STEPS;
    re_run(job->pattern, bytes, length, &job->run);
    if (job->run.status == RE_MATCH_LIMIT && limit > LINE_STEPS) {
        re_run_free(&job->run);
        return false;
    }
    return true;
}

static uint32_t limit_of(Term t)
{
    int64_t limit;
    return util_get_range(t, 0, UINT32_MAX, &limit) ? (uint32_t)limit : RE_DEFAULT_LIMIT;
}

/* run(Subject, Offset, Pattern, {CompileFlags, RunFlags, MatchLimit, DepthLimit}). */
static JobBegin run_begin(HelperJob *base, Process *p, const Term *a, Term *answer)
{
    ReJob *job = (ReJob *)base;
    const unsigned char *bytes, *pattern;
    size_t length, pattern_length;
    int64_t offset, compile_flags, run_flags;
    if (!term_is_tuple_of(a[3], 4) || !binary_bytes(a[0], &bytes, &length) ||
        !util_get_range(a[1], 0, INT64_MAX >> 2, &offset) || (uint64_t)offset > length ||
        !binary_bytes(a[2], &pattern, &pattern_length)) {
        return answered(answer, raise_badarg(p));
    }
    const Term *options = tuple_items(a[3]);
    if (!util_get_range(options[0], 0, INT32_MAX, &compile_flags) ||
        !util_get_range(options[1], 0, INT32_MAX, &run_flags)) {
        return answered(answer, raise_badarg(p));
    }
    ReError error;
    job->cache = vm_bifs(p->vm)->patterns;
    job->pattern =
        re_cache_get(job->cache, pattern, pattern_length, (uint32_t)compile_flags, &error);
    if (!job->pattern) {
        return answered(answer, raise_badarg(p));
    }
    uint32_t limit = limit_of(options[2]);
    job->run = (ReRun){.offset = (size_t)offset,
                       .anchored = run_flags & RUN_ANCHORED,
                       .notbol = run_flags & RUN_NOTBOL,
                       .noteol = run_flags & RUN_NOTEOL,
                       .notempty = run_flags & RUN_NOTEMPTY,
                       .notempty_atstart = run_flags & RUN_NOTEMPTY_ATSTART,
                       .checked = run_flags & RUN_CHECKED,
                       .depth_limit = limit_of(options[3])};
    if (run_in_line(job, limit, bytes, length)) {
        return answered(answer, run_result(p, job));
    }
    job->run.match_limit = limit;
    if (job_text_of_iodata(&job->subject, a[0]) != UTIL_OK) {
        return answered(answer, raise_no_memory(p));
    }
    return JOB_GO;
}

Term bif_act_re_run_4(Process *p, const Term *a)
{
    static const JobKind kind = {.helper = {.work = run_work, .discard = run_discard},
                                 .size = sizeof(ReJob),
                                 .begin = run_begin,
                                 .end = run_end};
    return job_bif(p, a, &kind);
}

/* version() -> binary(). */
Term bif_act_re_version_0(Process *p, const Term *a)
{
    (void)a;
    char text[64];
    re_version(text, sizeof text);
    return util_binary(p, text, strlen(text));
}
