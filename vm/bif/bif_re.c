/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_re.c: regular expressions for module re, by PCRE2.
 *
 * Programs hold a pattern as its text and flags (re.act); compiled ones are kept in the VM's cache
 * (io/re_cache.h). A search runs in line if it is over soon (io/re_run.c); one that takes longer
 * starts again on a helper thread, up to PCRE2's own limit or the program's. */
#include "vm/base/alloc.h"
#include "vm/bif/bif_job.h"
#include "vm/bif/bif_shared.h"
#include "vm/io/re_cache.h"
#include "vm/mem/offheap.h"
#include "vm/vm_parts.h"

enum {
    ERROR_TEXT = 256,
    FLAG_BYTES = 4,
    SEARCH_STEPS = 160, /* of a search that is over at once, and for each byte it passes */
    STEPS_PER_BYTE = 4,
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

/* And what it wants to know of a match. */
enum {
    WANT_PLACES, /* {Start, Length, ...} of the whole and all groups */
    WANT_NOTHING,
    WANT_FIRST, /* from here on a list of {Start, Length} */
    WANT_ALL,
    WANT_GROUPS,
    WANT_BINARIES = 8, /* added: of binaries instead */
};

/* The pattern that a program holds as <<Flags:32, Text/binary>>: false if code is none of that
 * kind; NULL and *error if it does not compile. */
static bool get_pattern(Process *p, Term code, RePattern **pattern, ReError *error)
{
    const unsigned char *bytes;
    size_t length;
    if (!binary_bytes(code, &bytes, &length) || length < FLAG_BYTES) {
        return false;
    }
    uint32_t flags = 0;
    for (size_t i = 0; i < FLAG_BYTES; i++) {
        flags = flags << 8 | bytes[i];
    }
    *pattern = re_cache_get(vm_bifs(p->vm)->patterns, bytes + FLAG_BYTES, length - FLAG_BYTES,
                            flags, error);
    return true;
}

/* compile(Code) -> {ok, Groups} | {error, {Text, Position}}. */
Term bif_act_re_compile_1(Process *p, const Term *a)
{
    ReError error;
    RePattern *pattern;
    if (!get_pattern(p, a[0], &pattern, &error)) {
        return raise_badarg(p);
    }
    if (pattern) {
        Term groups = small_make(re_pattern_groups(pattern));
        re_pattern_put(pattern);
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

/* names(Code) -> [{Name, Group}], by name. The pattern compiles. */
Term bif_act_re_names_1(Process *p, const Term *a)
{
    ReError error;
    RePattern *pattern;
    if (!get_pattern(p, a[0], &pattern, &error) || !pattern) {
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
    re_pattern_put(pattern);
    return list;
}

typedef struct {
    HelperJob base;
    RePattern *pattern; /* one reference */
    JobText subject;
    ReRun run;
    int64_t want;
} ReJob;

static void run_discard(HelperJob *base, Vm *vm)
{
    (void)vm;
    ReJob *job = (ReJob *)base;
    if (job->pattern) {
        re_run_free(job->pattern, &job->run);
    }
    re_pattern_put(job->pattern);
    job_text_free(&job->subject);
    alloc_free(job);
}

static void run_work(HelperJob *base, Host *host)
{
    (void)host;
    ReJob *job = (ReJob *)base;
    re_run(job->pattern, job->subject.bytes, job->subject.length, &job->run);
}

typedef struct {
    int64_t start, length; /* -1 and 0 of a group that took no part */
} Place;

static Place place(const ReRun *run, uint32_t group)
{
    size_t start = run->ends[2 * group], end = run->ends[2 * group + 1];
    if (start == RE_UNSET) {
        return (Place){-1, 0};
    }
    return (Place){(int64_t)start, end > start ? (int64_t)(end - start) : 0};
}

/* {Start, Length, Start, Length, ...}. */
static Term places(Process *p, const ReRun *run)
{
    Term *words = process_alloc(p, (size_t)run->pairs * 2 + 1);
    if (!words) {
        return TERM_NONE;
    }
    words[0].w = header_make(BOXED_TUPLE, (size_t)run->pairs * 2);
    for (uint32_t i = 0; i < run->pairs; i++) {
        Place at = place(run, i);
        words[1 + 2 * i] = small_make(at.start);
        words[2 + 2 * i] = small_make(at.length);
    }
    return boxed_term(words);
}

static Term part(Process *p, Term subject, Place at, bool binary)
{
    if (!binary) {
        return UTIL_TUPLE(p, small_make(at.start), small_make(at.length));
    }
    size_t from = at.start < 0 ? 0 : (size_t)at.start;
    Term view = binary_sub(&p->heap, subject, from * 8, (size_t)at.length * 8);
    return term_same(view, TERM_NONE) ? raise_no_memory(p) : view;
}

/* The parts of the subject that are wanted, as a list. */
static Term parts(Process *p, const ReJob *job, Term subject)
{
    int64_t which = job->want & ~WANT_BINARIES;
    uint32_t first = which == WANT_GROUPS ? 1 : 0;
    uint32_t behind = which == WANT_FIRST ? 1 : job->run.pairs;
    Term list = TERM_NIL;
    for (uint32_t i = behind; i-- > first && !term_same(list, TERM_NONE);) {
        Term one = part(p, subject, place(&job->run, i), job->want & WANT_BINARIES);
        list = term_same(one, TERM_NONE) ? one : util_cons(p, one, list);
    }
    return list;
}

/* {match, Start, End, What}, What as wanted | nomatch | {error, match_limit | ...}. */
static Term run_result(Process *p, const ReJob *job, Term subject)
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
    Term what = job->want == WANT_PLACES    ? places(p, run)
                : job->want == WANT_NOTHING ? ATOM(none)
                                            : parts(p, job, subject);
    if (term_same(what, TERM_NONE)) {
        return what;
    }
    Place whole = place(run, 0);
    return UTIL_TUPLE(p, ATOM(match), small_make(whole.start),
                      small_make(whole.start + whole.length), what);
}

static Term run_end(HelperJob *base, Process *p, const Term *a)
{
    return run_result(p, (const ReJob *)base, a[0]);
}

static uint32_t limit_of(Term t)
{
    int64_t limit;
    return util_get_range(t, 0, UINT32_MAX, &limit) ? (uint32_t)limit : RE_DEFAULT_LIMIT;
}

/* The bytes of a binary, copied if it does not begin with a byte. */
static bool subject_of(ReJob *job, Term subject, const unsigned char **bytes, size_t *length)
{
    if (binary_bytes(subject, bytes, length)) {
        return true;
    }
    if (!term_is_bitstring(subject) || job_text_of_iodata(&job->subject, subject) != UTIL_OK) {
        return false;
    }
    *bytes = job->subject.bytes;
    *length = job->subject.length;
    return true;
}

/* run(Subject, Offset, Code, {Flags, Want, MatchLimit, DepthLimit}): what the arguments ask for,
 * and the subject; false if they are wrong. */
static bool read_search(ReJob *job, Process *p, const Term *a, const unsigned char **bytes,
                        size_t *length)
{
    int64_t offset, run_flags;
    if (!term_is_tuple_of(a[3], 4) || !subject_of(job, a[0], bytes, length) ||
        !util_get_range(a[1], 0, INT64_MAX >> 2, &offset) || (uint64_t)offset > *length) {
        return false;
    }
    const Term *options = tuple_items(a[3]);
    ReError error;
    if (!util_get_range(options[0], 0, INT32_MAX, &run_flags) ||
        !util_get_range(options[1], 0, INT32_MAX, &job->want) ||
        !get_pattern(p, a[2], &job->pattern, &error)) {
        return false;
    }
    job->run = (ReRun){.offset = (size_t)offset,
                       .anchored = run_flags & RUN_ANCHORED,
                       .notbol = run_flags & RUN_NOTBOL,
                       .noteol = run_flags & RUN_NOTEOL,
                       .notempty = run_flags & RUN_NOTEMPTY,
                       .notempty_atstart = run_flags & RUN_NOTEMPTY_ATSTART,
                       .checked = run_flags & RUN_CHECKED,
                       .match_limit = limit_of(options[2]),
                       .depth_limit = limit_of(options[3])};
    return job->pattern != NULL;
}

static JobBegin run_begin(HelperJob *base, Process *p, const Term *a, Term *answer)
{
    ReJob *job = (ReJob *)base;
    const unsigned char *bytes;
    size_t length;
    if (!read_search(job, p, a, &bytes, &length)) {
        *answer = raise_badarg(p);
        return JOB_ANSWERED;
    }
    if (!job->subject.bytes && job_text_of_iodata(&job->subject, a[0]) != UTIL_OK) {
        *answer = raise_no_memory(p);
        return JOB_ANSWERED;
    }
    return JOB_GO;
}

/* Here and now, if it does not take long. */
static bool run_in_line(Process *p, const Term *a, Term *answer)
{
    ReJob job = {0};
    const unsigned char *bytes;
    size_t length;
    if (!read_search(&job, p, a, &bytes, &length)) {
        job_text_free(&job.subject);
        *answer = raise_badarg(p);
        return true;
    }
    bool over = re_run_soon(job.pattern, bytes, length, &job.run);
    util_spend_steps(p, SEARCH_STEPS + STEPS_PER_BYTE * job.run.passed);
    if (over) {
        *answer = run_result(p, &job, a[0]);
        re_run_free(job.pattern, &job.run);
    }
    re_pattern_put(job.pattern);
    job_text_free(&job.subject);
    return over;
}

Term bif_act_re_run_4(Process *p, const Term *a)
{
    static const JobKind kind = {.helper = {.work = run_work, .discard = run_discard},
                                 .size = sizeof(ReJob),
                                 .begin = run_begin,
                                 .end = run_end};
    Term answer;
    if (!p->job && run_in_line(p, a, &answer)) {
        return answer;
    }
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
