/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_numbers.c: numbers to text and back. */
#include "vm/base/alloc.h"
#include "vm/bif/bif_util.h"
#include "vm/sched/away.h"
#include "vm/term/binary.h"
#include "vm/term/float_text.h"

typedef Term (*MakeText)(Process *p, const void *bytes, size_t length);

static Term make_list(Process *p, const void *bytes, size_t length)
{
    return util_bytes_list(p, bytes, length, TERM_NIL);
}

/* ---- integers ---- */

static Term integer_text(Process *p, Term integer, Term base_term, MakeText make)
{
    int64_t base;
    if (!term_is_integer(integer) || !util_get_range(base_term, 2, 36, &base)) {
        return raise_badarg(p);
    }
    char small[80];
    size_t room = big_text_room(integer, (unsigned)base);
    char *out = room <= sizeof small ? small : alloc_try(room);
    size_t length = out == NULL ? 0 : big_text(integer, (unsigned)base, out);
    Term text = length == 0 ? raise_no_memory(p) : make(p, out, length);
    if (out != small) {
        alloc_free(out);
    }
    if (length > 1000) {
        util_spend_steps(p, length * 4);
    }
    return text;
}

Term bif_erlang_integer_to_list_1(Process *p, const Term *a)
{
    return integer_text(p, a[0], small_make(10), make_list);
}

Term bif_erlang_integer_to_list_2(Process *p, const Term *a)
{
    return integer_text(p, a[0], a[1], make_list);
}

Term bif_erlang_integer_to_binary_1(Process *p, const Term *a)
{
    return integer_text(p, a[0], small_make(10), util_binary);
}

Term bif_erlang_integer_to_binary_2(Process *p, const Term *a)
{
    return integer_text(p, a[0], a[1], util_binary);
}

/* The integer that text (read with that status) writes, sign allowed; frees the text. */
static Term parse_integer(Process *p, UtilText *text, UtilStatus status, Term base_term)
{
    int64_t base;
    if (status == UTIL_OK && !util_get_range(base_term, 2, 36, &base)) {
        status = UTIL_BAD;
    }
    if (status != UTIL_OK) {
        util_text_free(text);
        return util_raise(p, status);
    }
    const char *digits = util_text_string(text);
    size_t length = text->length;
    bool negative = length > 0 && digits[0] == '-';
    if (length > 0 && (digits[0] == '-' || digits[0] == '+')) {
        digits++;
        length--;
    }
    NumberError error = NUMBER_BADARITH;
    TermRoom room = heap_room(&p->heap);
    Term value = length == 0 ? TERM_NONE
                             : big_parse(&room, digits, length, (unsigned)base, negative, &error);
    util_text_free(text);
    if (term_same(value, TERM_NONE) && error == NUMBER_BADARITH) {
        return raise_badarg(p);
    }
    return util_number(p, value, error);
}

static Term integer_of_list(Process *p, Term list, Term base)
{
    UtilText text = {0};
    UtilStatus status = util_text_of_bytes(&text, list);
    return parse_integer(p, &text, status, base);
}

static Term integer_of_binary(Process *p, Term binary, Term base)
{
    UtilText text = {0};
    UtilStatus status = util_text_of_binary(&text, binary, false);
    return parse_integer(p, &text, status, base);
}

Term bif_erlang_list_to_integer_1(Process *p, const Term *a)
{
    return integer_of_list(p, a[0], small_make(10));
}

Term bif_erlang_list_to_integer_2(Process *p, const Term *a)
{
    return integer_of_list(p, a[0], a[1]);
}

/* As many steps as there are digits: the work grows faster than the text. */
static bool long_text(const Process *p, Term binary)
{
    return term_is_binary(binary) && away_wanted(p, binary_bits(binary) / 8);
}

Term bif_erlang_binary_to_integer_1(Process *p, const Term *a)
{
    if (long_text(p, a[0])) {
        return away_ask(p, bif_erlang_binary_to_integer_1, a, 1);
    }
    return integer_of_binary(p, a[0], small_make(10));
}

Term bif_erlang_binary_to_integer_2(Process *p, const Term *a)
{
    if (long_text(p, a[0])) {
        return away_ask(p, bif_erlang_binary_to_integer_2, a, 2);
    }
    return integer_of_binary(p, a[0], a[1]);
}

/* ---- floats ---- */

enum { OTP_FLOAT_TEXT = 255 }; /* longer texts are badarg in OTP */

typedef struct {
    enum { FORMAT_SCIENTIFIC, FORMAT_DECIMALS, FORMAT_SHORT } kind;
    unsigned digits;
    bool compact;
} FloatFormat;

enum { C_DECIMALS = 6 };

/* One option; false if it is none. */
static bool read_option(Term option, FloatFormat *format)
{
    int64_t digits;
    if (term_same(option, ATOM(compact))) {
        format->compact = true;
        return true;
    }
    if (term_same(option, ATOM(short))) {
        format->kind = FORMAT_SHORT;
        return true;
    }
    if (!term_is_tuple_of(option, 2)) {
        return false;
    }
    const Term *pair = tuple_items(option);
    if (term_same(pair[0], ATOM(decimals)) &&
        util_get_range(pair[1], 0, FLOAT_MAX_DECIMALS, &digits)) {
        format->kind = FORMAT_DECIMALS;
    } else if (term_same(pair[0], ATOM(scientific)) &&
               util_get_range(pair[1], INT64_MIN, FLOAT_MAX_SCIENTIFIC, &digits)) {
        format->kind = FORMAT_SCIENTIFIC;
        digits = digits < 0 ? C_DECIMALS : digits; /* Erlang hands it to C's printf */
    } else {
        return false;
    }
    format->digits = (unsigned)digits;
    return true;
}

static Term float_text(Process *p, Term t, Term options, MakeText make)
{
    FloatFormat format = {.kind = FORMAT_SCIENTIFIC, .digits = 20};
    for (; term_is_cons(options); options = cons_tail(options)) {
        if (!read_option(cons_head(options), &format)) {
            return raise_badarg(p);
        }
    }
    if (!term_is_nil(options) || !term_is_float(t)) {
        return raise_badarg(p);
    }
    char out[FLOAT_TEXT_DECIMALS_MAX + FLOAT_TEXT_SCIENTIFIC_MAX];
    double value = float_value(t);
    size_t length;
    switch (format.kind) {
    case FORMAT_SHORT:
        length = float_text_short(value, out);
        break;
    case FORMAT_DECIMALS:
        length = float_text_decimals(value, format.digits, false, out);
        break;
    default:
        length = float_text_scientific(value, format.digits, out);
    }
    if (length > OTP_FLOAT_TEXT) {
        return raise_badarg(p);
    }
    if (format.kind == FORMAT_DECIMALS && format.compact) {
        length = float_text_decimals(value, format.digits, true, out);
    }
    return make(p, out, length);
}

Term bif_erlang_float_to_list_1(Process *p, const Term *a)
{
    return float_text(p, a[0], TERM_NIL, make_list);
}

Term bif_erlang_float_to_list_2(Process *p, const Term *a)
{
    return float_text(p, a[0], a[1], make_list);
}

Term bif_erlang_float_to_binary_1(Process *p, const Term *a)
{
    return float_text(p, a[0], TERM_NIL, util_binary);
}

Term bif_erlang_float_to_binary_2(Process *p, const Term *a)
{
    return float_text(p, a[0], a[1], util_binary);
}

static Term parse_float(Process *p, UtilText *text, UtilStatus status)
{
    double value = 0;
    if (status == UTIL_OK && !float_text_parse(util_text_string(text), text->length, &value)) {
        status = UTIL_BAD;
    }
    util_text_free(text);
    return status == UTIL_OK ? util_float(p, value) : util_raise(p, status);
}

Term bif_erlang_list_to_float_1(Process *p, const Term *a)
{
    UtilText text = {0};
    UtilStatus status = util_text_of_bytes(&text, a[0]);
    return parse_float(p, &text, status);
}

Term bif_erlang_binary_to_float_1(Process *p, const Term *a)
{
    UtilText text = {0};
    UtilStatus status = util_text_of_binary(&text, a[0], false);
    return parse_float(p, &text, status);
}
