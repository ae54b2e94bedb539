/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_search.c: module binary's searching: match, matches, split, replace, common prefixes
 * and suffixes. Of several patterns the one that begins first is found, of those the longest. A
 * compiled pattern is {bm, Binary} or {ac, Binaries}: opaque to programs. */
#include "vm/base/alloc.h"
#include "vm/bif/bif_util.h"
#include "vm/mem/offheap.h"

#include <string.h>

typedef struct {
    const unsigned char *bytes;
    size_t length;
} Pattern;

typedef struct {
    UtilText copies; /* all patterns' bytes, one behind the other */
    Pattern *patterns;
    size_t count;
    bool starts[256]; /* a pattern starts with that byte */
    /* what is searched: bytes[from..end) of subject */
    Term subject;
    UtilText subject_copy; /* if it does not start at a byte */
    const unsigned char *bytes;
    size_t size, from, end;
    /* options */
    bool global, trim, trim_all;
    Term insert; /* insert_replaced's positions, TERM_NONE */
} Search;

static UtilStatus add_pattern(Search *s, Term binary)
{
    size_t before = s->copies.length;
    UtilStatus status = util_text_of_binary(&s->copies, binary, false);
    if (status == UTIL_OK && s->copies.length == before) {
        return UTIL_BAD; /* an empty pattern */
    }
    s->patterns[s->count++].length = s->copies.length - before;
    return status;
}

/* What a pattern, or a list of them, compiles to: one is for bm, several are for ac. */
static const char *kind_of(Term t)
{
    return term_is_bitstring(t) || (term_is_cons(t) && term_is_nil(cons_tail(t))) ? "bm" : "ac";
}

/* Reads one pattern, a list of them, or a compiled pattern. */
static UtilStatus open_patterns(Search *s, Process *p, Term t)
{
    if (term_is_tuple_of(t, 2)) {
        Term kind = tuple_items(t)[0];
        t = tuple_items(t)[1];
        if (!util_atom_is(p, kind, kind_of(t))) {
            return UTIL_BAD;
        }
    }
    int64_t count = term_is_bitstring(t) ? 1 : util_list_length(t);
    if (count < 1) {
        return UTIL_BAD;
    }
    s->patterns = alloc_try_zero((size_t)count * sizeof *s->patterns);
    UtilStatus status = s->patterns == NULL ? UTIL_NO_MEMORY : UTIL_OK;
    if (term_is_bitstring(t)) {
        status = status == UTIL_OK ? add_pattern(s, t) : status;
    }
    for (; status == UTIL_OK && term_is_cons(t); t = cons_tail(t)) {
        status = add_pattern(s, cons_head(t));
    }
    const unsigned char *at = (const unsigned char *)util_text_string(&s->copies);
    for (size_t i = 0; status == UTIL_OK && i < s->count; i++) {
        s->patterns[i].bytes = at;
        s->starts[at[0]] = true;
        at += s->patterns[i].length;
    }
    return status;
}

static UtilStatus open_subject(Search *s, Term subject)
{
    if (!term_is_binary(subject)) {
        return UTIL_BAD;
    }
    s->subject = subject;
    if (!binary_bytes(subject, &s->bytes, &s->size)) {
        UtilStatus status = util_text_of_binary(&s->subject_copy, subject, false);
        if (status != UTIL_OK) {
            return status;
        }
        s->bytes = (const unsigned char *)util_text_string(&s->subject_copy);
        s->size = s->subject_copy.length;
    }
    s->end = s->size;
    return UTIL_OK;
}

/* One option; false if it is none of those allowed here. */
static bool read_option(Search *s, Term option, bool splits, bool replaces)
{
    size_t from, count;
    if (term_same(option, ATOM(global)) && (splits || replaces)) {
        return s->global = true;
    }
    if (term_same(option, ATOM(trim)) && splits) {
        return s->trim = true;
    }
    if (term_same(option, ATOM(trim_all)) && splits) {
        return s->trim_all = true;
    }
    if (!term_is_tuple_of(option, 2)) {
        return false;
    }
    const Term *pair = tuple_items(option);
    if (term_same(pair[0], ATOM(insert_replaced)) && replaces) {
        s->insert = pair[1];
        return true;
    }
    if (!term_same(pair[0], ATOM(scope)) || !term_is_tuple_of(pair[1], 2) ||
        !util_get_part(tuple_items(pair[1])[0], tuple_items(pair[1])[1], s->size, &from, &count)) {
        return false;
    }
    s->from = from;
    s->end = from + count;
    return true;
}

typedef enum { FOR_MATCH, FOR_SPLIT, FOR_REPLACE } Purpose;

/* Opens a search; false with the exception raised. Closed in any case by close_search. */
static bool open_search(Process *p, Search *s, Term subject, Term pattern, Term options,
                        Purpose purpose)
{
    memset(s, 0, sizeof *s);
    s->insert = TERM_NONE;
    UtilStatus status = open_subject(s, subject);
    bool none = !term_is_cons(options);
    for (; status == UTIL_OK && term_is_cons(options); options = cons_tail(options)) {
        if (!read_option(s, cons_head(options), purpose == FOR_SPLIT, purpose == FOR_REPLACE)) {
            status = UTIL_BAD;
        }
    }
    if (status == UTIL_OK && !term_is_nil(options) && (none || purpose == FOR_REPLACE)) {
        status = UTIL_BAD; /* a search forgives the tail of an improper list, as OTP does */
    }
    if (status == UTIL_OK && s->from < s->end) { /* with nothing to search any pattern will do */
        status = open_patterns(s, p, pattern);
    }
    if (status != UTIL_OK) {
        util_raise(p, status);
    }
    return status == UTIL_OK;
}

static void close_search(Process *p, Search *s)
{
    util_spend_steps(p, s->size / 4);
    util_text_free(&s->copies);
    util_text_free(&s->subject_copy);
    alloc_free(s->patterns);
}

/* The first place of a pattern, NULL if there is none. The C library looks for one byte many times
 * faster than for several; where it finds it in vain too often, memmem is the better. */
static const unsigned char *find_only(const unsigned char *at, const unsigned char *end,
                                      const Pattern *only)
{
    enum { BYTES_A_HIT = 16, HITS_FIRST = 8 };
    const unsigned char *first = at;
    size_t hits = 0;
    while ((size_t)(end - at) >= only->length) {
        if (hits > HITS_FIRST + (size_t)(at - first) / BYTES_A_HIT) {
            return memmem(at, (size_t)(end - at), only->bytes, only->length);
        }
        at = memchr(at, only->bytes[0], (size_t)(end - at) - only->length + 1);
        if (!at || memcmp(at, only->bytes, only->length) == 0) {
            return at;
        }
        at++;
        hits++;
    }
    return NULL;
}

/* The next match from s->from on, which then stands behind it. */
static bool find_next(Search *s, size_t *at, size_t *length)
{
    if (s->count == 1) {
        const Pattern *only = &s->patterns[0];
        const unsigned char *found = find_only(s->bytes + s->from, s->bytes + s->end, only);
        if (found == NULL) {
            return false;
        }
        *at = (size_t)(found - s->bytes);
        *length = only->length;
        s->from = *at + *length;
        return true;
    }
    for (size_t i = s->from; i < s->end; i++) {
        size_t best = 0;
        for (size_t k = 0; s->starts[s->bytes[i]] && k < s->count; k++) {
            const Pattern *pattern = &s->patterns[k];
            if (pattern->length > best && pattern->length <= s->end - i &&
                memcmp(s->bytes + i, pattern->bytes, pattern->length) == 0) {
                best = pattern->length;
            }
        }
        if (best > 0) {
            *at = i;
            *length = best;
            s->from = i + best;
            return true;
        }
    }
    return false;
}

static Term place(Process *p, size_t at, size_t length)
{
    return UTIL_TUPLE(p, small_make((int64_t)at), small_make((int64_t)length));
}

static Term match(Process *p, Term subject, Term pattern, Term options)
{
    Search s;
    size_t at, length;
    Term result = TERM_NONE;
    if (open_search(p, &s, subject, pattern, options, FOR_MATCH)) {
        result = find_next(&s, &at, &length) ? place(p, at, length) : ATOM(nomatch);
    }
    close_search(p, &s);
    return result;
}

static Term matches(Process *p, Term subject, Term pattern, Term options)
{
    Search s;
    size_t at, length;
    Term result = TERM_NONE;
    if (open_search(p, &s, subject, pattern, options, FOR_MATCH)) {
        UtilList list;
        util_list_open(&list, p);
        while (!list.failed && find_next(&s, &at, &length)) {
            Term where = place(p, at, length);
            list.failed = term_same(where, TERM_NONE);
            util_list_add(&list, where);
        }
        result = util_list_close(&list, TERM_NIL);
    }
    close_search(p, &s);
    return result;
}

Term bif_binary_match_2(Process *p, const Term *a)
{
    return match(p, a[0], a[1], TERM_NIL);
}

Term bif_binary_match_3(Process *p, const Term *a)
{
    return match(p, a[0], a[1], a[2]);
}

Term bif_binary_matches_2(Process *p, const Term *a)
{
    return matches(p, a[0], a[1], TERM_NIL);
}

Term bif_binary_matches_3(Process *p, const Term *a)
{
    return matches(p, a[0], a[1], a[2]);
}

Term bif_binary_compile_pattern_1(Process *p, const Term *a)
{
    Search s;
    memset(&s, 0, sizeof s);
    UtilStatus status = term_is_tuple(a[0]) ? UTIL_BAD : open_patterns(&s, p, a[0]);
    close_search(p, &s);
    if (status != UTIL_OK) {
        return util_raise(p, status);
    }
    Term kind = util_atom(p, kind_of(a[0]));
    return term_same(kind, TERM_NONE) ? kind : UTIL_TUPLE(p, kind, a[0]);
}

/* ---- split ---- */

/* Adds the part from..end as a view, unless it is empty and those are left out. */
static void add_part(Search *s, UtilList *parts, size_t from, size_t end)
{
    if (s->trim_all && from == end) {
        return;
    }
    Term part = binary_sub(&parts->p->heap, s->subject, from * 8, (end - from) * 8);
    if (term_same(part, TERM_NONE)) {
        raise_no_memory(parts->p);
        parts->failed = true;
    }
    util_list_add(parts, part);
}

static Term split_parts(Process *p, Search *s)
{
    UtilList parts;
    util_list_open(&parts, p);
    size_t start = 0, at, length, empty = 0;
    bool more = true;
    while (!parts.failed && more && find_next(s, &at, &length)) {
        /* empty parts wait until one that is not follows, for trim */
        if (s->trim && at == start) {
            empty++;
        } else {
            for (; empty > 0; empty--) {
                add_part(s, &parts, 0, 0);
            }
            add_part(s, &parts, start, at);
        }
        start = at + length;
        more = s->global;
    }
    if (!s->trim || start < s->size) {
        for (; empty > 0; empty--) {
            add_part(s, &parts, 0, 0);
        }
        add_part(s, &parts, start, s->size);
    }
    return util_list_close(&parts, TERM_NIL);
}

static Term split(Process *p, Term subject, Term pattern, Term options)
{
    Search s;
    Term result = TERM_NONE;
    if (open_search(p, &s, subject, pattern, options, FOR_SPLIT)) {
        result = split_parts(p, &s);
    }
    close_search(p, &s);
    return result;
}

Term bif_binary_split_2(Process *p, const Term *a)
{
    return split(p, a[0], a[1], TERM_NIL);
}

Term bif_binary_split_3(Process *p, const Term *a)
{
    return split(p, a[0], a[1], a[2]);
}

/* ---- replace ---- */

/* Puts the replacement, with what was found put into it at each position of s->insert. */
static UtilStatus put_replacement(Search *s, UtilText *out, const UtilText *by, size_t at,
                                  size_t length)
{
    Term list = term_is_cons(s->insert) ? s->insert : TERM_NIL;
    Term one = term_is_small(s->insert) ? s->insert : TERM_NONE;
    const char *bytes = by->bytes == NULL ? "" : by->bytes;
    size_t done = 0;
    bool ok = true;
    while (ok && (term_is_cons(list) || !term_same(one, TERM_NONE))) {
        int64_t position;
        Term next = term_is_cons(list) ? cons_head(list) : one;
        if (!util_get_range(next, (int64_t)done, (int64_t)by->length, &position)) {
            return UTIL_BAD;
        }
        ok = util_text_put(out, bytes + done, (size_t)position - done) &&
             util_text_put(out, s->bytes + at, length);
        done = (size_t)position;
        list = term_is_cons(list) ? cons_tail(list) : list;
        one = TERM_NONE;
    }
    ok = ok && util_text_put(out, bytes + done, by->length - done);
    return ok ? UTIL_OK : UTIL_NO_MEMORY;
}

static UtilStatus replace_all(Search *s, const UtilText *by, UtilText *out)
{
    size_t start = 0, at, length;
    bool more = true;
    UtilStatus status = UTIL_OK;
    while (status == UTIL_OK && more && find_next(s, &at, &length)) {
        if (!util_text_put(out, s->bytes + start, at - start)) {
            return UTIL_NO_MEMORY;
        }
        status = put_replacement(s, out, by, at, length);
        start = at + length;
        more = s->global;
    }
    if (status == UTIL_OK && !util_text_put(out, s->bytes + start, s->size - start)) {
        return UTIL_NO_MEMORY;
    }
    return status;
}

static Term replace(Process *p, const Term *a, Term options)
{
    Search s;
    UtilText by = {0}, out = {0};
    Term result = TERM_NONE;
    if (open_search(p, &s, a[0], a[1], options, FOR_REPLACE)) {
        UtilStatus status = util_text_of_binary(&by, a[2], false);
        if (status == UTIL_OK) {
            status = replace_all(&s, &by, &out);
        }
        result = status == UTIL_OK ? util_binary(p, util_text_string(&out), out.length)
                                   : util_raise(p, status);
    }
    util_text_free(&by);
    util_text_free(&out);
    close_search(p, &s);
    return result;
}

Term bif_binary_replace_3(Process *p, const Term *a)
{
    return replace(p, a, TERM_NIL);
}

Term bif_binary_replace_4(Process *p, const Term *a)
{
    return replace(p, a, a[3]);
}

/* ---- common ends ---- */

static Term common(Process *p, Term list, bool suffix)
{
    UtilText first = {0};
    if (util_list_length(list) < 1) {
        return raise_badarg(p);
    }
    UtilStatus status = util_text_of_binary(&first, cons_head(list), false);
    size_t length = first.length;
    for (list = cons_tail(list); status == UTIL_OK && term_is_cons(list); list = cons_tail(list)) {
        UtilText other = {0};
        status = util_text_of_binary(&other, cons_head(list), false);
        size_t most = ACT_MIN(length, other.length), same = 0;
        const char *x = util_text_string(&first), *y = util_text_string(&other);
        while (same < most && (suffix ? x[first.length - 1 - same] == y[other.length - 1 - same]
                                      : x[same] == y[same])) {
            same++;
        }
        length = same;
        util_text_free(&other);
    }
    util_text_free(&first);
    return status == UTIL_OK ? small_make((int64_t)length) : util_raise(p, status);
}

Term bif_binary_longest_common_prefix_1(Process *p, const Term *a)
{
    return common(p, a[0], false);
}

Term bif_binary_longest_common_suffix_1(Process *p, const Term *a)
{
    return common(p, a[0], true);
}

/* ---- hexadecimal ---- */

/* The bytes of a bitstring that are written. Of one that ends within a byte OTP takes as many at a
 * time, at most 8, as go evenly into the bytes that it begins, and leaves out the last group, which
 * is not whole; it refuses where that is one byte at a time. */
static UtilStatus hex_source(UtilText *text, Term bitstring)
{
    if (term_is_binary(bitstring) || !term_is_bitstring(bitstring)) {
        return util_text_of_binary(text, bitstring, false);
    }
    size_t bytes = binary_bits(bitstring) / 8 + 1, group = 8;
    while (bytes % group != 0) {
        group--;
    }
    UtilStatus status = group == 1 ? UTIL_BAD : util_text_of_bits(text, bitstring);
    if (status == UTIL_OK) {
        text->length = bytes - group;
    }
    return status;
}

static Term encode_hex(Process *p, Term binary, const char *digits)
{
    UtilText text = {0};
    unsigned char *out;
    UtilStatus status = hex_source(&text, binary);
    Term hex = TERM_NONE;
    if (status == UTIL_OK) {
        hex = binary_new_room(&p->heap, text.length * 2, &out);
        status = term_same(hex, TERM_NONE) ? UTIL_NO_MEMORY : UTIL_OK;
    }
    for (size_t i = 0; status == UTIL_OK && i < text.length; i++) {
        out[2 * i] = (unsigned char)digits[(unsigned char)text.bytes[i] >> 4];
        out[2 * i + 1] = (unsigned char)digits[text.bytes[i] & 15];
    }
    util_text_free(&text);
    return status == UTIL_OK ? hex : util_raise(p, status);
}

Term bif_binary_encode_hex_1(Process *p, const Term *a)
{
    return encode_hex(p, a[0], "0123456789ABCDEF");
}

Term bif_binary_encode_hex_2(Process *p, const Term *a)
{
    if (term_same(a[1], ATOM(lowercase))) {
        return encode_hex(p, a[0], "0123456789abcdef");
    }
    return term_same(a[1], ATOM(uppercase)) ? bif_binary_encode_hex_1(p, a) : raise_badarg(p);
}

static int digit_of(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

Term bif_binary_decode_hex_1(Process *p, const Term *a)
{
    UtilText text = {0};
    UtilStatus status = util_text_of_binary(&text, a[0], false);
    if (status == UTIL_OK && text.length % 2 != 0) {
        status = UTIL_BAD;
    }
    for (size_t i = 0; status == UTIL_OK && i < text.length; i += 2) {
        int high = digit_of(text.bytes[i]), low = digit_of(text.bytes[i + 1]);
        status = high < 0 || low < 0 ? UTIL_BAD : UTIL_OK;
        text.bytes[i / 2] = (char)(status == UTIL_OK ? high * 16 + low : 0);
    }
    Term bytes = status == UTIL_OK ? util_binary(p, util_text_string(&text), text.length / 2)
                                   : util_raise(p, status);
    util_text_free(&text);
    return bytes;
}
