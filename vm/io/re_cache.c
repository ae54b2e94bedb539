/* SPDX-License-Identifier: Apache-2.0 */
/* vm/io/re_cache.c: patterns and what they are, by PCRE2; see re_cache.h. */
#include "vm/io/re_cache.h"

#include "vm/base/alloc.h"
#include "vm/io/re_pattern.h"

#include <string.h>

/* \K inside of what looks ahead: PCRE2 refuses it since it has an option for it. */
#ifdef PCRE2_EXTRA_ALLOW_LOOKAROUND_BSK
#define EXTRA PCRE2_EXTRA_ALLOW_LOOKAROUND_BSK
#else
#define EXTRA 0
#endif

enum {
    CACHE_SIZE = 64,
    NEST_LIMIT = 798, /* parentheses, as many as OTP's PCRE has room for */
    LONGEST_MENDED = 1 << 16,
};

struct ReCache {
    Host *host;
    HostMutex *lock;
    ReTables *tables;
    /* lock */
    uint64_t clock;
    RePattern *items[CACHE_SIZE];
};

ReCache *re_cache_new(Host *host)
{
    ReCache *cache = alloc_try_zero(sizeof *cache);
    if (!cache) {
        return NULL;
    }
    cache->host = host;
    cache->lock = host->mutex_new(host);
    if (!cache->lock) {
        alloc_free(cache);
        return NULL;
    }
    cache->tables = re_tables_new();
    if (!cache->tables) {
        re_cache_free(cache);
        return NULL;
    }
    return cache;
}

void re_pattern_put(RePattern *pattern)
{
    if (pattern && atomic_fetch_sub_explicit(&pattern->references, 1, memory_order_acq_rel) == 1) {
        re_room_free(atomic_load_explicit(&pattern->room, memory_order_relaxed));
        pcre2_code_free(pattern->code);
        re_tables_put(pattern->tables);
        alloc_free(pattern);
    }
}

void re_cache_free(ReCache *cache)
{
    if (!cache) {
        return;
    }
    for (size_t i = 0; i < CACHE_SIZE; i++) {
        re_pattern_put(cache->items[i]);
    }
    re_tables_put(cache->tables);
    cache->host->mutex_free(cache->host, cache->lock);
    alloc_free(cache);
}

static uint32_t newline_of(uint32_t flags)
{
    static const uint32_t kinds[] = {PCRE2_NEWLINE_LF,   PCRE2_NEWLINE_CR,  PCRE2_NEWLINE_LF,
                                     PCRE2_NEWLINE_CRLF, PCRE2_NEWLINE_ANY, PCRE2_NEWLINE_ANYCRLF};
    uint32_t kind = flags >> RE_NEWLINE_SHIFT & 7;
    return kinds[kind < sizeof kinds / sizeof *kinds ? kind : 0];
}

static uint32_t options_of(uint32_t flags)
{
    static const struct {
        uint32_t ours, pcre;
    } rows[] = {{RE_UNICODE, PCRE2_UTF},
                {RE_ANCHORED, PCRE2_ANCHORED},
                {RE_CASELESS, PCRE2_CASELESS},
                {RE_DOLLAR_ENDONLY, PCRE2_DOLLAR_ENDONLY},
                {RE_DOTALL, PCRE2_DOTALL},
                {RE_EXTENDED, PCRE2_EXTENDED},
                {RE_FIRSTLINE, PCRE2_FIRSTLINE},
                {RE_MULTILINE, PCRE2_MULTILINE},
                {RE_NO_AUTO_CAPTURE, PCRE2_NO_AUTO_CAPTURE},
                {RE_DUPNAMES, PCRE2_DUPNAMES},
                {RE_UNGREEDY, PCRE2_UNGREEDY},
                {RE_NO_START_OPTIMIZE, PCRE2_NO_START_OPTIMIZE},
                {RE_UCP, PCRE2_UCP},
                {RE_NEVER_UTF, PCRE2_NEVER_UTF}};
    uint32_t options = PCRE2_USE_OFFSET_LIMIT;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        options |= flags & rows[i].ours ? rows[i].pcre : 0;
    }
    return options;
}

static bool contains(const unsigned char *bytes, size_t length, char first, char second)
{
    for (size_t i = 0; i + 1 < length; i++) {
        if (bytes[i] == first && bytes[i + 1] == second) {
            return true;
        }
    }
    return false;
}

/* A first line, \G and verbs as (*COMMIT) ask where the search began, or end it. */
static bool can_restart(const unsigned char *bytes, size_t length, uint32_t flags)
{
    return !(flags & RE_FIRSTLINE) && !contains(bytes, length, '\\', 'G') &&
           !contains(bytes, length, '(', '*');
}

/* PCRE2 10.42 forgets, when it notes what bytes a match of UTF-8 may begin with, which of the upper
 * half of Latin-1 are of \\w. */
static uint32_t start_option(const unsigned char *bytes, size_t length, uint32_t flags)
{
    bool utf = flags & RE_UNICODE || contains(bytes, length, '(', '*');
    return utf && !(flags & RE_UCP) && contains(bytes, length, '\\', 'w') ? PCRE2_NO_START_OPTIMIZE
                                                                          : 0;
}

/* Makes of text that PCRE2 refuses for `error` what it takes and OTP's PCRE means: the hyphen of
 * [\d-z] stands for itself, and the letter of [\C], and the digit of \8 and \9 where there are
 * not so many groups. False if there is nothing to change. Text has room for one byte more. */
static bool mend(unsigned char *text, size_t *length, const ReError *error)
{
    size_t at = error->position;
    if (error->code == PCRE2_ERROR_CLASS_INVALID_RANGE && at < *length && text[at] == '-') {
        memmove(text + at + 1, text + at, *length - at);
        text[at] = '\\';
        ++*length;
        return true;
    }
    bool digit = error->code == PCRE2_ERROR_BAD_SUBPATTERN_REFERENCE;
    if ((!digit && error->code != PCRE2_ERROR_ESCAPE_INVALID_IN_CLASS) || at < 1 || at >= *length ||
        text[at - 1] != '\\' || (digit && text[at] != '8' && text[at] != '9')) {
        return false;
    }
    memmove(text + at - 1, text + at, *length - at);
    --*length;
    return true;
}

static pcre2_code *compile_mended(const unsigned char *bytes, size_t length, uint32_t options,
                                  ReError *error, pcre2_compile_context *context)
{
    unsigned char *text = length < LONGEST_MENDED ? alloc_try(2 * length + 1) : NULL;
    if (!text) {
        return NULL;
    }
    memcpy(text, bytes, length);
    pcre2_code *code = NULL;
    size_t now = length;
    while (!code && now <= 2 * length && mend(text, &now, error)) {
        code = pcre2_compile(text, now, options, &error->code, &error->position, context);
    }
    if (now > length) { /* where it is in what the program wrote */
        error->position -= ACT_MIN(now - length, error->position);
    } else {
        error->position += length - now;
    }
    alloc_free(text);
    return code;
}

static pcre2_code *compile_text(const unsigned char *bytes, size_t length, uint32_t flags,
                                ReError *error, pcre2_compile_context *context)
{
    uint32_t options = options_of(flags) | start_option(bytes, length, flags);
    pcre2_code *code =
        pcre2_compile(bytes, length, options, &error->code, &error->position, context);
    if (!code && error->code == PCRE2_ERROR_UNKNOWN_ESCAPE) {
        /* as the PCRE of OTP 25: an unknown escape stands for its letter */
        pcre2_set_compile_extra_options(context, EXTRA | PCRE2_EXTRA_BAD_ESCAPE_IS_LITERAL);
        code = pcre2_compile(bytes, length, options, &error->code, &error->position, context);
    }
    if (!code && length > 0) {
        code = compile_mended(bytes, length, options, error, context);
    }
    return code;
}

/* Where OTP's PCRE says that the error is: behind a name that is none, at the end for a number. */
static size_t told_position(const unsigned char *bytes, size_t length, const ReError *error)
{
    size_t at = error->position;
    switch (error->code) {
    case PCRE2_ERROR_UNKNOWN_UNICODE_PROPERTY:
    case PCRE2_ERROR_CLASS_INVALID_RANGE:
        return at - (at > 0);
    case PCRE2_ERROR_BAD_SUBPATTERN_REFERENCE:
        if (at < length && ((bytes[at] >= '0' && bytes[at] <= '9') || bytes[at] == '}')) {
            return length;
        }
        while (at < length && (bytes[at] == '_' || (unsigned)(bytes[at] | 32) - 'a' < 26U)) {
            at++;
        }
        return at;
    default:
        return at;
    }
}

static RePattern *compile(const ReCache *cache, const unsigned char *bytes, size_t length,
                          uint32_t flags, ReError *error)
{
    RePattern *pattern = alloc_try(sizeof *pattern + length);
    pcre2_compile_context *context = pattern ? pcre2_compile_context_create(NULL) : NULL;
    if (!context) {
        alloc_free(pattern);
        *error = (ReError){PCRE2_ERROR_HEAP_FAILED, 0};
        return NULL;
    }
    pcre2_set_character_tables(context, cache->tables->bytes);
    pcre2_set_newline(context, newline_of(flags));
    if (flags & (RE_BSR_ANYCRLF | RE_BSR_UNICODE)) {
        pcre2_set_bsr(context, flags & RE_BSR_ANYCRLF ? PCRE2_BSR_ANYCRLF : PCRE2_BSR_UNICODE);
    }
    pcre2_set_parens_nest_limit(context, NEST_LIMIT);
    pcre2_set_compile_extra_options(context, EXTRA);
    pattern->code = compile_text(bytes, length, flags, error, context);
    pcre2_compile_context_free(context);
    if (!pattern->code) {
        error->position = told_position(bytes, length, error);
        alloc_free(pattern);
        return NULL;
    }
    pattern->tables = re_tables_share(cache->tables);
    pattern->flags = flags;
    pattern->restarts = can_restart(bytes, length, flags);
    atomic_init(&pattern->room, NULL);
    pattern->length = length;
    atomic_init(&pattern->references, 1);
    if (length > 0) {
        memcpy(pattern->text, bytes, length);
    }
    return pattern;
}

/* With lock: the pattern with one more reference, or NULL. */
static RePattern *find(ReCache *cache, const unsigned char *bytes, size_t length, uint32_t flags)
{
    for (size_t i = 0; i < CACHE_SIZE; i++) {
        RePattern *pattern = cache->items[i];
        if (pattern && pattern->flags == flags && pattern->length == length &&
            (length == 0 || memcmp(pattern->text, bytes, length) == 0)) {
            atomic_fetch_add_explicit(&pattern->references, 1, memory_order_relaxed);
            pattern->used = ++cache->clock;
            return pattern;
        }
    }
    return NULL;
}

/* With lock: into the place used longest ago. */
static void keep(ReCache *cache, RePattern *pattern)
{
    size_t place = 0;
    for (size_t i = 0; i < CACHE_SIZE && cache->items[place]; i++) {
        if (!cache->items[i] || cache->items[i]->used < cache->items[place]->used) {
            place = i;
        }
    }
    re_pattern_put(cache->items[place]);
    cache->items[place] = pattern;
    atomic_fetch_add_explicit(&pattern->references, 1, memory_order_relaxed);
    pattern->used = ++cache->clock;
}

RePattern *re_cache_get(ReCache *cache, const unsigned char *bytes, size_t length, uint32_t flags,
                        ReError *error)
{
    Host *host = cache->host;
    host->mutex_lock(host, cache->lock);
    RePattern *pattern = find(cache, bytes, length, flags);
    host->mutex_unlock(host, cache->lock);
    if (pattern) {
        return pattern;
    }
    pattern = compile(cache, bytes, length, flags, error);
    if (pattern) {
        host->mutex_lock(host, cache->lock);
        keep(cache, pattern);
        host->mutex_unlock(host, cache->lock);
    }
    return pattern;
}

static uint32_t info(const RePattern *pattern, uint32_t what)
{
    uint32_t value = 0;
    pcre2_pattern_info(pattern->code, what, &value);
    return value;
}

uint32_t re_pattern_groups(const RePattern *pattern)
{
    return info(pattern, PCRE2_INFO_CAPTURECOUNT);
}

uint32_t re_pattern_names(const RePattern *pattern)
{
    return info(pattern, PCRE2_INFO_NAMECOUNT);
}

const char *re_pattern_name(const RePattern *pattern, uint32_t i, uint32_t *group)
{
    PCRE2_SPTR table = NULL;
    pcre2_pattern_info(pattern->code, PCRE2_INFO_NAMETABLE, &table);
    PCRE2_SPTR row = table + (size_t)i * info(pattern, PCRE2_INFO_NAMEENTRYSIZE);
    *group = (uint32_t)row[0] << 8 | row[1];
    return (const char *)row + 2;
}

/* PCRE2's number less 100 is the number that the PCRE before it had; these are texts of that one
 * that programs know. */
static const char *const texts[] = {
    [1] = "\\ at end of pattern",
    [2] = "\\c at end of pattern",
    [4] = "numbers out of order in {} quantifier",
    [5] = "number too big in {} quantifier",
    [6] = "missing terminating ] for character class",
    [7] = "invalid escape sequence in character class",
    [8] = "range out of order in character class",
    [9] = "nothing to repeat",
    [11] = "unrecognized character after (? or (?-",
    [12] = "POSIX named classes are supported only within a class",
    [13] = "POSIX collating elements are not supported",
    [14] = "missing )",
    [15] = "reference to non-existent subpattern",
    [18] = "missing ) after comment",
    [19] = "regular expression is too complicated",
    [20] = "regular expression is too large",
    [22] = "unmatched parentheses",
    [24] = "malformed number or name after (?(",
    [25] = "lookbehind assertion is not fixed length",
    [27] = "conditional group contains more than two branches",
    [28] = "assertion expected after (?(",
    [30] = "unknown POSIX class name",
    [34] = "character value in \\x{} or \\o{} is too large",
    [36] = "\\C not allowed in lookbehind assertion",
    [41] = "unrecognized character after (?P",
    [42] = "syntax error in subpattern name (missing terminator)",
    [43] = "two named subpatterns have the same name",
    [46] = "malformed \\P or \\p sequence",
    [47] = "unknown property name after \\P or \\p",
    [48] = "subpattern name is too long (maximum 32 characters)",
    [51] = "octal value is greater than \\377 in 8-bit non-UTF-8 mode",
    [54] = "DEFINE group contains more than one branch",
    [60] = "(*VERB) not recognized or malformed",
    [61] = "number is too big",
    [62] = "subpattern name expected",
};

void re_error_text(const ReError *error, char *text, size_t size)
{
    int old = error->code - 100;
    if (old > 0 && (size_t)old < sizeof texts / sizeof *texts && texts[old]) {
        size_t length = strlen(texts[old]);
        length = length < size ? length : size - 1;
        memcpy(text, texts[old], length);
        text[length] = '\0';
    } else {
        pcre2_get_error_message(error->code, (PCRE2_UCHAR *)text, size);
    }
}

void re_version(char *text, size_t size)
{
    (void)size; /* PCRE2 says: at most 24 bytes */
    pcre2_config(PCRE2_CONFIG_VERSION, text);
}
