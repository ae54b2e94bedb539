/* SPDX-License-Identifier: Apache-2.0 */
/* vm/io/re_run.c: a pattern is looked for in a subject, by PCRE2.
 *
 * PCRE2 counts the steps of each place where a match may begin, not those of all of them, and no
 * step for what a single repeated character passes over. So a search that must be over soon looks
 * at some places with many steps for each, then at more of them with fewer, sees of a long subject
 * only what is near (and asks to be told when more would be needed: PARTIAL), and gives up. */
#include "vm/base/alloc.h"
#include "vm/base/attr.h"
#include "vm/io/re_pattern.h"

/* What a search of a scheduler may take, about a millisecond each. */
enum {
    SOON_CHECKED = 256 << 10, /* a subject's bytes that may have to be checked to be UTF-8 */
    SOON_SEEN = 16 << 10,     /* of it are looked at */
    SOON_STEPS = 64000,       /* for the places of one window */
    SOON_PASSED = 4 << 20,    /* bytes, if all that follows a place is looked at from each */
    SOON_FEWEST = 16,         /* places of a window */
    SOON_MOST = 4096,
    SOON_GROWTH = 4,
};

static ReStatus status_of(int result)
{
    switch (result) {
    case PCRE2_ERROR_NOMATCH:
    case PCRE2_ERROR_PARTIAL:
        return RE_NOMATCH;
    case PCRE2_ERROR_MATCHLIMIT:
        return RE_MATCH_LIMIT;
    case PCRE2_ERROR_DEPTHLIMIT:
    case PCRE2_ERROR_HEAPLIMIT:
        return RE_DEPTH_LIMIT;
    case PCRE2_ERROR_NOMEMORY:
        return RE_NO_MEMORY;
    default:
        return result > 0 ? RE_MATCHED : RE_BAD;
    }
}

void re_room_free(ReRoom *room)
{
    if (room) {
        pcre2_match_data_free(room->data);
        pcre2_match_context_free(room->context);
        alloc_free(room);
    }
}

static ReRoom *room_new(const RePattern *pattern)
{
    ReRoom *room = alloc_try_zero(sizeof *room);
    if (!room) {
        return NULL;
    }
    room->context = pcre2_match_context_create(NULL);
    room->data = pcre2_match_data_create_from_pattern(pattern->code, NULL);
    if (!room->context || !room->data) {
        re_room_free(room);
        return NULL;
    }
    return room;
}

static ReRoom *room_take(RePattern *pattern)
{
    ReRoom *room = atomic_exchange_explicit(&pattern->room, NULL, memory_order_acquire);
    return room ? room : room_new(pattern);
}

static void room_give(RePattern *pattern, ReRoom *room)
{
    re_room_free(atomic_exchange_explicit(&pattern->room, room, memory_order_acq_rel));
}

static uint32_t options_of(const ReRun *run)
{
    return (run->anchored ? PCRE2_ANCHORED : 0) | (run->notbol ? PCRE2_NOTBOL : 0) |
           (run->noteol ? PCRE2_NOTEOL : 0) | (run->notempty ? PCRE2_NOTEMPTY : 0) |
           (run->notempty_atstart ? PCRE2_NOTEMPTY_ATSTART : 0) |
           (run->checked ? PCRE2_NO_UTF_CHECK : 0);
}

/* For a match that begins at `from` or behind it, not behind `last`, with so many steps for each
 * place. */
static int search(const RePattern *pattern, const unsigned char *subject, size_t length,
                  size_t from, size_t last, uint32_t steps, uint32_t options, ReRun *run)
{
    ReRoom *room = run->room;
    options |= options_of(run);
    if (from > run->offset) {
        options = (options & ~PCRE2_NOTEMPTY_ATSTART) | PCRE2_NO_UTF_CHECK;
    }
    pcre2_set_match_limit(room->context, steps);
    pcre2_set_depth_limit(room->context, run->depth_limit);
    pcre2_set_offset_limit(room->context, last);
    int result = pcre2_match(pattern->code, length > 0 ? subject : (PCRE2_SPTR) "", length, from,
                             options, room->data, room->context);
    run->pairs = result > 0 ? (uint32_t)result : 0;
    run->ends = pcre2_get_ovector_pointer(room->data);
    run->status = status_of(result);
    return result;
}

static bool room_ready(RePattern *pattern, ReRun *run)
{
    run->room = room_take(pattern);
    run->status = RE_NO_MEMORY;
    return run->room != NULL;
}

void re_run(RePattern *pattern, const unsigned char *subject, size_t length, ReRun *run)
{
    if (room_ready(pattern, run)) {
        search(pattern, subject, length, run->offset, PCRE2_UNSET, run->match_limit, 0, run);
        run->grown = true;
    }
}

/* `at`, or the end of the character that it is in the midst of. */
static size_t character_end(const RePattern *pattern, const unsigned char *subject, size_t length,
                            size_t at)
{
    while (pattern->flags & RE_UNICODE && at < length && (subject[at] & 0xc0) == 0x80) {
        at++;
    }
    return at;
}

/* The last of so many places, which does not part a CR from its LF. */
static size_t window_end(const unsigned char *subject, size_t length, size_t from, size_t places)
{
    if (length - from < places) {
        return length;
    }
    size_t last = from + places - 1;
    bool parts = subject[last] == '\r' && last + 1 < length && subject[last + 1] == '\n';
    return parts ? last + 1 : last;
}

/* What is known when no place from the offset up to `last` begins a match. */
static bool nowhere_else(const RePattern *pattern, const ReRun *run, size_t last, size_t length)
{
    return last >= length || run->anchored || pattern->flags & RE_ANCHORED;
}

/* Looks at some places from `from` to `last`; true if the answer is in run. */
static bool search_window(const RePattern *pattern, const unsigned char *subject, size_t length,
                          size_t from, size_t last, size_t places, ReRun *run)
{
    uint32_t steps = ACT_MIN(run->match_limit, (uint32_t)(SOON_STEPS / places));
    bool cut = length - from > SOON_SEEN;
    size_t seen = cut ? character_end(pattern, subject, length, from + SOON_SEEN) : length;
    int result =
        search(pattern, subject, seen, from, last, steps, cut ? PCRE2_PARTIAL_HARD : 0, run);
    size_t end = result > 0 && run->ends[1] > from ? run->ends[1] : ACT_MIN(last, length);
    run->passed += end - from;
    bool few_steps = result == PCRE2_ERROR_MATCHLIMIT && steps < run->match_limit;
    return !few_steps && result != PCRE2_ERROR_PARTIAL;
}

bool re_run_soon(RePattern *pattern, const unsigned char *subject, size_t length, ReRun *run)
{
    if (pattern->flags & RE_UNICODE && !run->checked && length > SOON_CHECKED) {
        return false;
    }
    if (!room_ready(pattern, run)) {
        return true;
    }
    const size_t fewest = SOON_FEWEST, seen = SOON_SEEN;
    size_t from = run->offset;
    size_t places = ACT_MIN(ACT_MAX(length - from + 1, fewest), fewest * SOON_GROWTH);
    do {
        size_t last = window_end(subject, length, from, places);
        if (!search_window(pattern, subject, length, from, last, places, run)) {
            break;
        }
        if (run->status != RE_NOMATCH || nowhere_else(pattern, run, last, length)) {
            return true;
        }
        from = character_end(pattern, subject, length, last + 1);
        places *= SOON_GROWTH;
    } while (pattern->restarts && places <= SOON_MOST &&
             places * ACT_MIN(length - from, seen) <= SOON_PASSED);
    re_run_free(pattern, run);
    return false;
}

void re_run_free(RePattern *pattern, ReRun *run)
{
    if (run->room && run->grown) {
        re_room_free(run->room);
    } else if (run->room) {
        room_give(pattern, run->room);
    }
    run->room = NULL;
}
