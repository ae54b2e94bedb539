/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_unicode_text.c: characters, cases and normal forms for the modules string, unicode and
 * unicode_util, by io/unicode_data.h. A string here is a proper list of integers; one that is no
 * code point is a character that stays as it is. */
#include "vm/base/utf8.h"
#include "vm/base/vec.h"
#include "vm/bif/bif_util.h"
#include "vm/io/unicode_data.h"
#include "vm/mem/offheap.h"
#include "vm/vm_parts.h"

#include <string.h>

enum { NO_CODE_POINT = -1 };

static int64_t code_point(Term integer)
{
    return term_is_small(integer) ? small_value(integer) : NO_CODE_POINT;
}

/* Text from its start: a flat list or the bytes of a binary. */
typedef struct {
    bool is_list;
    Term list;
    const unsigned char *bytes;
    size_t length, at;
} Reader;

static bool reader_open(Reader *in, Term text)
{
    *in = (Reader){.is_list = term_is_list(text), .list = text};
    return in->is_list || binary_bytes(text, &in->bytes, &in->length);
}

typedef enum { READ_END, READ_CHAR, READ_ODD /* something else than a code point */ } Read;

/* The next code point, which stays until reader_skip; *used is its length in bytes. */
static Read reader_peek(const Reader *in, int64_t *c, size_t *used)
{
    uint32_t wide = 0;
    if (in->is_list) {
        if (!term_is_cons(in->list)) {
            return term_is_nil(in->list) ? READ_END : READ_ODD;
        }
        Term head = cons_head(in->list);
        *c = code_point(head);
        return term_is_integer(head) ? READ_CHAR : READ_ODD;
    }
    if (in->at == in->length) {
        return READ_END;
    }
    *used = utf8_decode(in->bytes + in->at, in->length - in->at, &wide);
    *c = wide;
    return *used > 0 ? READ_CHAR : READ_ODD;
}

static void reader_skip(Reader *in, size_t used)
{
    if (in->is_list) {
        in->list = cons_tail(in->list);
    } else {
        in->at += used;
    }
}

static Term reader_rest(Process *p, const Reader *in, Term text)
{
    if (in->is_list) {
        return in->list;
    }
    if (in->at == in->length) {
        return util_binary(p, "", 0);
    }
    Term rest = binary_sub(&p->heap, text, in->at * 8, (in->length - in->at) * 8);
    return term_same(rest, TERM_NONE) ? raise_no_memory(p) : rest;
}

/* cluster(Text) -> [Character | Rest], [] at the end, false if something that is no code point
 * comes before the character's end. */
Term bif_act_unicode_cluster_1(Process *p, const Term *a)
{
    Reader in;
    UnicodeClusters walk = {0};
    int64_t c = 0;
    size_t used = 0, count = 0;
    if (!reader_open(&in, a[0])) {
        return ATOM(false);
    }
    UtilList characters;
    util_list_open(&characters, p);
    Term first = TERM_NONE;
    Read read;
    while ((read = reader_peek(&in, &c, &used)) == READ_CHAR) {
        if (unicode_cluster_begins(&walk, c) && count > 0) {
            break;
        }
        Term head = in.is_list ? cons_head(in.list) : small_make(c);
        reader_skip(&in, used);
        if (count++ == 0) {
            first = head;
            continue;
        }
        if ((count == 2 && !util_list_add(&characters, first)) ||
            !util_list_add(&characters, head)) {
            return util_list_close(&characters, TERM_NIL);
        }
    }
    if (read == READ_ODD && (in.is_list || count == 0)) {
        return ATOM(false);
    }
    if (count == 0) {
        return TERM_NIL;
    }
    util_spend_steps(p, count);
    Term character = count == 1 ? first : util_list_close(&characters, TERM_NIL);
    Term rest = term_same(character, TERM_NONE) ? character : reader_rest(p, &in, a[0]);
    return term_same(rest, TERM_NONE) ? rest : util_cons(p, character, rest);
}

/* length(Text) -> integer, or false if it is not all code points. */
Term bif_act_unicode_length_1(Process *p, const Term *a)
{
    Reader in;
    UnicodeClusters walk = {0};
    int64_t c = 0, count = 0;
    size_t used = 0, steps = 0;
    if (!reader_open(&in, a[0])) {
        return ATOM(false);
    }
    Read read;
    for (; (read = reader_peek(&in, &c, &used)) == READ_CHAR; steps++) {
        count += unicode_cluster_begins(&walk, c);
        reader_skip(&in, used);
    }
    util_spend_steps(p, steps);
    return read == READ_END ? small_make(count) : ATOM(false);
}

/* The cells from..to as a character: its one element or a new list. */
static Term character_of(Process *p, Term from, Term to)
{
    if (term_same(cons_tail(from), to)) {
        return cons_head(from);
    }
    UtilList list;
    util_list_open(&list, p);
    for (Term t = from; !term_same(t, to); t = cons_tail(t)) {
        if (!util_list_add(&list, cons_head(t))) {
            break;
        }
    }
    return util_list_close(&list, TERM_NIL);
}

/* True for a proper list of integers; *longer if a character may have several. */
static bool is_string(Term list, size_t *length, bool *longer)
{
    Term t = list;
    *length = 0;
    *longer = false;
    for (; term_is_cons(t) && term_is_integer(cons_head(t)); t = cons_tail(t)) {
        int64_t c = code_point(cons_head(t));
        *longer |= c == '\r' || c >= 0x300;
        ++*length;
    }
    return term_is_nil(t);
}

/* clusters(String) -> [Character]; String itself if each has one code point. */
Term bif_act_unicode_clusters_1(Process *p, const Term *a)
{
    size_t length;
    bool longer;
    if (!is_string(a[0], &length, &longer)) {
        return raise_badarg(p);
    }
    util_spend_steps(p, length);
    if (!longer) {
        return a[0];
    }
    UnicodeClusters walk = {0};
    UtilList list;
    util_list_open(&list, p);
    Term from = a[0];
    for (Term t = a[0];; t = cons_tail(t)) {
        bool ends = term_is_nil(t) || unicode_cluster_begins(&walk, code_point(cons_head(t)));
        if (ends && !term_same(t, from)) {
            Term character = character_of(p, from, t);
            if (term_same(character, TERM_NONE) || !util_list_add(&list, character)) {
                return TERM_NONE;
            }
            from = t;
        }
        if (term_is_nil(t)) {
            return util_list_close(&list, TERM_NIL);
        }
    }
}

/* map_case(String, upper | lower | title | fold) -> String; title: the first character alone. */
Term bif_act_unicode_map_case_2(Process *p, const Term *a)
{
    static const char *const names[] = {"upper", "lower", "title", "fold"};
    size_t length;
    bool longer;
    unsigned kind = 0;
    while (kind < 4 && !term_same(a[1], util_atom(p, names[kind]))) {
        kind++;
    }
    if (kind == 4 || !is_string(a[0], &length, &longer)) {
        return raise_badarg(p);
    }
    util_spend_steps(p, length);
    UtilList list;
    util_list_open(&list, p);
    int64_t out[UNICODE_CASE_MAX];
    for (Term t = a[0]; term_is_cons(t); t = cons_tail(t)) {
        int64_t c = code_point(cons_head(t));
        size_t count = unicode_case(c, (UnicodeCase)kind, out);
        for (size_t i = 0; i < count; i++) {
            if (!util_list_add(&list, c == NO_CODE_POINT ? cons_head(t) : small_make(out[i]))) {
                return TERM_NONE;
            }
        }
        if (kind == UNICODE_TITLE) {
            return util_list_close(&list, cons_tail(t));
        }
    }
    return util_list_close(&list, TERM_NIL);
}

/* ---- normal forms ---- */

static bool form_of(Process *p, Term t, UnicodeForm *form)
{
    static const char *const names[] = {"nfc", "nfd", "nfkc", "nfkd"};
    for (unsigned i = 0; i < 4; i++) {
        if (term_same(t, util_atom(p, names[i]))) {
            *form = (UnicodeForm)i;
            return true;
        }
    }
    return false;
}

/* Appends the list's code points, taken apart; false without memory. */
static bool decompose(UtilText *text, Term list, UnicodeForm form)
{
    int32_t parts[UNICODE_DECOMPOSED_MAX];
    for (Term t = list; term_is_cons(t); t = cons_tail(t)) {
        size_t count = unicode_decompose(small_value(cons_head(t)), form, parts);
        if (!util_text_put(text, parts, count * sizeof *parts)) {
            return false;
        }
    }
    return true;
}

/* normal(String, nfc | nfd | nfkc | nfkd) -> String. */
Term bif_act_unicode_normal_2(Process *p, const Term *a)
{
    UnicodeForm form;
    size_t length;
    bool longer;
    if (!form_of(p, a[1], &form) || !is_string(a[0], &length, &longer)) {
        return raise_badarg(p);
    }
    for (Term t = a[0]; term_is_cons(t); t = cons_tail(t)) {
        if (!utf8_is_code_point((uint64_t)code_point(cons_head(t)))) {
            return raise_badarg(p);
        }
    }
    UtilText text = {0};
    if (!decompose(&text, a[0], form)) {
        util_text_free(&text);
        return raise_no_memory(p);
    }
    size_t count = text.length / sizeof(int32_t);
    int32_t *points = count > 0 ? (int32_t *)(void *)text.bytes : NULL;
    count = count > 0 ? unicode_compose(points, count, form) : 0;
    UtilList list;
    util_list_open(&list, p);
    for (size_t i = 0; i < count && util_list_add(&list, small_make(points[i])); i++) {
    }
    util_text_free(&text);
    util_spend_steps(p, length * 4);
    return util_list_close(&list, TERM_NIL);
}

/* [{Class, C}] of c taken apart; [] if that is c itself. */
static Term parts_of(Process *p, int64_t c, UnicodeForm form)
{
    int32_t parts[UNICODE_DECOMPOSED_MAX];
    size_t count = unicode_decompose(c, form, parts);
    bool hangul = c >= 0xAC00 && c <= 0xD7A3;
    if (hangul || (count == 1 && parts[0] == c)) {
        return TERM_NIL;
    }
    Term list = TERM_NIL;
    while (count-- > 0 && !term_same(list, TERM_NONE)) {
        Term pair =
            UTIL_TUPLE(p, small_make(unicode_class(parts[count])), small_make(parts[count]));
        list = term_same(pair, TERM_NONE) ? pair : util_cons(p, pair, list);
    }
    return list;
}

/* lookup(C) -> {Class, [{Class, C}], none | {Kind, [{Class, C}]}}. */
Term bif_act_unicode_lookup_1(Process *p, const Term *a)
{
    int64_t c;
    if (!util_get_range(a[0], 0, UTF8_MAX_CODE_POINT, &c)) {
        return raise_badarg(p);
    }
    int32_t parts[2][UNICODE_DECOMPOSED_MAX];
    size_t count = unicode_decompose(c, UNICODE_NFD, parts[0]);
    bool same = unicode_decompose(c, UNICODE_NFKD, parts[1]) == count &&
                memcmp(parts[0], parts[1], count * sizeof parts[0][0]) == 0;
    Term canonical = parts_of(p, c, UNICODE_NFD);
    const char *kind = same ? NULL : unicode_compat(c) ? unicode_compat(c) : "compat";
    Term compat = ATOM(none);
    if (kind && !term_same(canonical, TERM_NONE)) {
        compat = parts_of(p, c, UNICODE_NFKD);
        compat = term_same(compat, TERM_NONE) ? compat : UTIL_TUPLE(p, util_atom(p, kind), compat);
    }
    if (term_same(canonical, TERM_NONE) || term_same(compat, TERM_NONE)) {
        return TERM_NONE;
    }
    return UTIL_TUPLE(p, small_make(unicode_class(c)), canonical, compat);
}
