/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_unicode.c: deep lists of code points and binaries to strings and to binaries.
 *
 * One walk over the data, level by level, for all encodings. What the walk could not take is given
 * back as OTP does: the rest of each level around the place, from the inside out. A character may
 * be cut in two by a binary's end; the first part then waits in `held` for the next binary. */
#include "vm/base/utf8.h"
#include "vm/bif/bif_util.h"
#include "vm/bif/encoding.h"
#include "vm/mem/offheap.h"
#include "vm/sched/away.h"

#include <string.h>

typedef struct {
    Process *p;
    Encoding in;
    bool to_list;
    Encoding out;   /* of a binary */
    bool boxed_bad; /* a bad integer is given back in a list of its own (OTP's way when it
                       converts by way of another encoding) */
    bool large_bad; /* the integer last taken was large: is_large */
    UtilList list;
    UtilText bytes;
    UtilStack levels; /* tails of the lists around the place */
    unsigned char held[8];
    size_t held_count;
    size_t missing; /* boxed_bad: bytes that the held ones want */
    size_t steps;
} Conversion;

typedef enum { STEP_OK, STEP_BAD /* error, rest below */, STEP_BADARG, STEP_NO_MEMORY } Step;

static Step put_char(Conversion *v, uint32_t c)
{
    v->steps++;
    if (v->to_list) {
        return util_list_add(&v->list, small_make(c)) ? STEP_OK : STEP_NO_MEMORY;
    }
    unsigned char bytes[4];
    size_t length = encoding_encode(v->out, c, bytes);
    if (length == 0) {
        return STEP_BAD;
    }
    return util_text_put(&v->bytes, bytes, length) ? STEP_OK : STEP_NO_MEMORY;
}

/* ---- runs of ASCII ---- */

/* True if such bytes come out as they go in. */
static bool ascii_stays(const Conversion *v)
{
    return v->held_count == 0 && v->in <= ENC_UTF8 && (v->to_list || v->out <= ENC_UTF8);
}

/* How many bytes are ASCII before the first that is not. */
static size_t ascii_run(const unsigned char *bytes, size_t length)
{
    const uint64_t high_bits = 0x8080808080808080u;
    size_t at = 0;
    uint64_t eight;
    for (; length - at >= sizeof eight; at += sizeof eight) {
        memcpy(&eight, bytes + at, sizeof eight);
        if (eight & high_bits) {
            break;
        }
    }
    while (at < length && bytes[at] < 0x80) {
        at++;
    }
    return at;
}

static Step put_ascii(Conversion *v, const unsigned char *bytes, size_t count)
{
    v->steps += count;
    bool put = v->to_list ? util_list_add_bytes(&v->list, bytes, count)
                          : util_text_put(&v->bytes, bytes, count);
    return put ? STEP_OK : STEP_NO_MEMORY;
}

static bool is_ascii(Term t)
{
    return term_is_small(t) && (uint64_t)small_value(t) < 0x80;
}

/* Takes the ASCII characters at the front of a list, so many at most; *t is what is left. */
static Step take_ascii(Conversion *v, Term *t)
{
    unsigned char run[256];
    size_t count = 0;
    while (count < sizeof run && term_is_cons(*t) && is_ascii(cons_head(*t))) {
        run[count++] = (unsigned char)small_value(cons_head(*t));
        *t = cons_tail(*t);
    }
    return put_ascii(v, run, count);
}

/* ---- the walk ---- */

/* Takes a binary's characters; on STEP_BAD *rest is how many of its bytes were taken. */
static Step take_bytes(Conversion *v, const unsigned char *bytes, size_t length, size_t *taken)
{
    size_t at = 0;
    uint32_t c = 0;
    unsigned char joined[8];
    if (v->held_count > 0 && length > 0) { /* finish the character that was cut */
        size_t fresh = ACT_MIN(length, sizeof joined - v->held_count);
        memcpy(joined, v->held, v->held_count);
        memcpy(joined + v->held_count, bytes, fresh);
        int used = encoding_decode(v->in, joined, v->held_count + fresh, &c);
        *taken = 0;
        if (used == CHAR_CUT) {
            memcpy(v->held + v->held_count, bytes, length);
            v->held_count += length;
            return STEP_OK;
        }
        Step step = used == CHAR_BAD ? STEP_BAD : put_char(v, c);
        if (step != STEP_OK) {
            return step;
        }
        at = (size_t)used - v->held_count;
        v->held_count = 0;
    }
    while (at < length) {
        if (ascii_stays(v) && bytes[at] < 0x80) {
            size_t run = ascii_run(bytes + at, length - at);
            if (put_ascii(v, bytes + at, run) != STEP_OK) {
                return STEP_NO_MEMORY;
            }
            at += run;
            continue;
        }
        int used = encoding_decode(v->in, bytes + at, length - at, &c);
        if (used == CHAR_CUT) {
            memcpy(v->held, bytes + at, length - at);
            v->held_count = length - at;
            return STEP_OK;
        }
        Step step = used == CHAR_BAD ? STEP_BAD : put_char(v, c);
        if (step != STEP_OK) {
            *taken = at;
            return step;
        }
        at += (size_t)used;
    }
    return STEP_OK;
}

/* The bytes of a binary; copy holds them if they do not start at a byte. */
static Step open_binary(Term binary, const unsigned char **bytes, size_t *size, UtilText *copy)
{
    if (!term_is_binary(binary)) {
        return STEP_BADARG;
    }
    if (binary_bytes(binary, bytes, size)) {
        return STEP_OK;
    }
    if (util_text_of_binary(copy, binary, false) != UTIL_OK) {
        return STEP_NO_MEMORY;
    }
    *bytes = (const unsigned char *)util_text_string(copy);
    *size = copy->length;
    return STEP_OK;
}

static Term part_of(Conversion *v, Term binary, size_t at, size_t size)
{
    return at == 0 && size * 8 == binary_bits(binary)
               ? binary
               : binary_sub(&v->p->heap, binary, at * 8, size * 8);
}

/* As take_bytes, for a term; on STEP_BAD *rest is the binary from the bad byte on. */
static Step take_binary(Conversion *v, Term binary, Term *rest)
{
    const unsigned char *bytes;
    size_t size, taken = 0;
    UtilText copy = {0};
    Step step = open_binary(binary, &bytes, &size, &copy);
    if (step == STEP_OK) {
        step = take_bytes(v, bytes, size, &taken);
    }
    util_text_free(&copy);
    if (step == STEP_BAD) {
        *rest = part_of(v, binary, taken, size - taken);
        return term_same(*rest, TERM_NONE) ? STEP_NO_MEMORY : step;
    }
    return step;
}

/* ---- binaries where OTP converts in Erlang (boxed_bad): it asks at once whether what was cut can
 * become a character, and what then completes it is a binary of its own ---- */

/* How many bytes these, less than a character, want more; 0: they can become none. */
static size_t missing(Encoding in, const unsigned char *bytes, size_t count)
{
    bool little = in == ENC_UTF16_LITTLE || in == ENC_UTF32_LITTLE;
    if (in == ENC_UTF8) {
        for (size_t i = 1; i < count; i++) {
            if ((bytes[i] & 0xC0) != 0x80) {
                return 0;
            }
        }
        return (bytes[0] < 0xE0 ? 2 : bytes[0] < 0xF0 ? 3 : 4) - count;
    }
    if (in == ENC_UTF16_BIG || in == ENC_UTF16_LITTLE) {
        if (count == 1) {
            return little || bytes[0] < 0xD8 || bytes[0] > 0xDF ? 1 : bytes[0] < 0xDC ? 3 : 0;
        }
        return count == 2 ? 2 : little || (bytes[2] & 0xFC) == 0xDC ? 1 : 0;
    }
    unsigned plane = little ? bytes[2] : bytes[1], row = little ? bytes[1] : bytes[2];
    if (count < 3) {
        return little || (bytes[0] == 0 && (count == 1 || plane <= 0x10)) ? 4 - count : 0;
    }
    bool surrogate = plane == 0 && row >= 0xD8 && row < 0xE0;
    bool last_two = little && plane == 0 && row == 0xFF && bytes[0] >= 0xFE; /* as OTP has it */
    return plane > 0x10 || surrogate || last_two || (!little && bytes[0] != 0) ? 0 : 1;
}

static Step take_characters(Conversion *v, const unsigned char *bytes, size_t size, size_t *taken)
{
    uint32_t c = 0;
    for (*taken = 0; *taken < size;) {
        size_t left = size - *taken;
        int used = encoding_decode(v->in, bytes + *taken, left, &c);
        if (used == CHAR_CUT && (v->missing = missing(v->in, bytes + *taken, left)) > 0) {
            memcpy(v->held, bytes + *taken, left);
            v->held_count = left;
            return STEP_OK;
        }
        Step step = used <= 0 ? STEP_BAD : put_char(v, c);
        if (step != STEP_OK) {
            return step;
        }
        *taken += (size_t)used;
    }
    return STEP_OK;
}

/* head in front of rest; STEP_BAD, or STEP_NO_MEMORY. */
static Step bad_at(Conversion *v, Term head, Term *rest)
{
    Term cell = term_same(head, TERM_NONE) || term_same(*rest, TERM_NONE)
                    ? TERM_NONE
                    : util_cons(v->p, head, *rest);
    *rest = cell;
    return term_same(cell, TERM_NONE) ? STEP_NO_MEMORY : STEP_BAD;
}

/* The held character and as many bytes as it wants. On STEP_BAD *rest is it, then the bytes behind
 * it, then the tail. */
static Step finish_held(Conversion *v, Term binary, const unsigned char *bytes, size_t size,
                        size_t *at, Term tail, Term *rest)
{
    unsigned char joined[sizeof v->held];
    size_t count = v->held_count + v->missing, taken;
    memcpy(joined, v->held, v->held_count);
    memcpy(joined + v->held_count, bytes + *at, v->missing);
    *at += v->missing;
    v->held_count = 0;
    Step step = take_characters(v, joined, count, &taken);
    if (step != STEP_BAD) {
        return step;
    }
    *rest = tail;
    step = bad_at(v, part_of(v, binary, *at, size - *at), rest);
    return step == STEP_BAD ? bad_at(v, util_binary(v->p, joined + taken, count - taken), rest)
                            : step;
}

/* A binary with the rest of its list behind it; one that is the end of a list is taken for a list
 * only when it comes in pieces. On STEP_BAD *rest is what was not taken of both. */
static Step take_part(Conversion *v, Term binary, Term tail, bool in_list, Term *rest)
{
    enum { PIECE = 8192 };
    const unsigned char *bytes;
    size_t size, at = 0, taken;
    UtilText copy = {0};
    Step step = open_binary(binary, &bytes, &size, &copy);
    while (step == STEP_OK && at < size) {
        if (v->held_count > 0 && size - at < v->missing) {
            memcpy(v->held + v->held_count, bytes + at, size - at);
            v->held_count += size - at;
            v->missing -= size - at;
            break;
        }
        if (v->held_count > 0) {
            in_list = true;
            step = finish_held(v, binary, bytes, size, &at, tail, rest);
            continue;
        }
        size_t piece = ACT_MIN(size - at, (size_t)PIECE);
        step = take_characters(v, bytes + at, piece, &taken);
        if (step == STEP_BAD) {
            Term bad = part_of(v, binary, at + taken, piece - taken);
            bool pieces = at + piece < size;
            *rest = tail;
            if (pieces) {
                step = bad_at(v, part_of(v, binary, at + piece, size - at - piece), rest);
            }
            if (step == STEP_BAD && !in_list && !pieces) {
                *rest = bad;
                step = term_same(bad, TERM_NONE) ? STEP_NO_MEMORY : STEP_BAD;
            } else if (step == STEP_BAD) {
                step = bad_at(v, bad, rest);
            }
        }
        in_list = true;
        at += piece;
    }
    util_text_free(&copy);
    return step;
}

/* Larger than Erlang keeps in a word: then it does not look at what follows. */
static bool is_large(Term t)
{
    const int64_t limit = INT64_C(1) << 59;
    if (!term_is_integer(t)) {
        return false;
    }
    return !term_is_small(t) || small_value(t) < -limit || small_value(t) >= limit;
}

static Step take_integer(Conversion *v, Term t)
{
    uint64_t most = v->in == ENC_LATIN1 ? 255 : UTF8_MAX_CODE_POINT;
    v->large_bad = is_large(t);
    if (v->boxed_bad && v->out == ENC_LATIN1 && v->held_count == 0 && util_is_negative(t)) {
        return STEP_BADARG;
    }
    if (v->held_count > 0 || !term_is_small(t) || (uint64_t)small_value(t) > most ||
        !utf8_is_code_point((uint64_t)small_value(t))) {
        return STEP_BAD;
    }
    return put_char(v, (uint32_t)small_value(t));
}

/* The rest at a bad integer, the head of cell. */
static Term rest_at_integer(Conversion *v, Term cell)
{
    if (!v->boxed_bad || v->held_count > 0) {
        return cell;
    }
    Term alone = util_cons(v->p, cons_head(cell), TERM_NIL);
    return term_same(alone, TERM_NONE) ? alone : util_cons(v->p, alone, cons_tail(cell));
}

/* One element, the head of cell; if that is a list, *next becomes it. */
static Step take_element(Conversion *v, Term cell, Term *next, Term *rest)
{
    Term head = cons_head(cell);
    *next = cons_tail(cell);
    if (term_is_integer(head)) {
        Step step = take_integer(v, head);
        if (step == STEP_BAD) {
            *rest = rest_at_integer(v, cell);
        }
        return step;
    }
    if (term_is_bitstring(head) && v->boxed_bad) {
        return take_part(v, head, *next, true, rest);
    }
    if (term_is_bitstring(head)) {
        Step step = take_binary(v, head, rest);
        if (step == STEP_BAD) {
            *rest = util_cons(v->p, *rest, cons_tail(cell));
        }
        return step;
    }
    if (!term_is_list(head)) {
        return STEP_BADARG;
    }
    if (!util_stack_push(&v->levels, *next)) {
        return STEP_NO_MEMORY;
    }
    *next = head;
    return STEP_OK;
}

/* Walks over all; on STEP_BAD *rest is what was not taken, without what is held. */
static Step walk(Conversion *v, Term data, Term *rest)
{
    Term t = data;
    Step step = STEP_OK;
    for (;;) {
        if (term_is_cons(t) && is_ascii(cons_head(t)) && ascii_stays(v)) {
            step = take_ascii(v, &t);
        } else if (term_is_cons(t)) {
            step = take_element(v, t, &t, rest);
        } else if (term_is_bitstring(t)) {
            step = v->boxed_bad ? take_part(v, t, TERM_NIL, false, rest) : take_binary(v, t, rest);
            t = TERM_NIL;
        } else if (!term_is_nil(t)) {
            return STEP_BADARG;
        } else if (v->levels.count == 0) {
            return STEP_OK;
        } else {
            t = v->levels.items[--v->levels.count];
        }
        if (step != STEP_OK) {
            return step;
        }
    }
}

/* Builds around rest what is left of the levels, and puts what was held before it. */
static Term whole_rest(Conversion *v, Term rest)
{
    Term held = TERM_NONE;
    if (v->held_count > 0) {
        held = util_binary(v->p, v->held, v->held_count);
        if (v->boxed_bad && !term_same(held, TERM_NONE)) {
            rest = util_cons(v->p, held, rest);
        }
    }
    while (v->levels.count > 0 && !term_same(rest, TERM_NONE)) {
        rest = util_cons(v->p, rest, v->levels.items[--v->levels.count]);
    }
    if (v->held_count == 0 || v->boxed_bad || term_same(rest, TERM_NONE)) {
        return rest;
    }
    Term cell = util_cons(v->p, rest, TERM_NIL);
    return term_same(held, TERM_NONE) || term_same(cell, TERM_NONE) ? TERM_NONE
                                                                    : util_cons(v->p, held, cell);
}

/* What was made so far. */
static Term made(Conversion *v)
{
    return v->to_list ? util_list_close(&v->list, TERM_NIL)
                      : util_binary(v->p, util_text_string(&v->bytes), v->bytes.length);
}

/* True if the bytes held at the end can still become a character. */
static bool may_go_on(const Conversion *v)
{
    for (size_t i = 1; v->in == ENC_UTF8 && !v->boxed_bad && i < v->held_count; i++) {
        if ((v->held[i] & 0xC0) != 0x80) {
            return false;
        }
    }
    return true;
}

static bool is_text_binary(Term t)
{
    BinaryView view;
    return binary_view(t, &view) && view.bits % 8 == 0;
}

/* Looks through t from left to right: STEP_OK; STEP_BADARG at what is no text at all; STEP_BAD at a
 * large integer, where Erlang stops looking. */
static Step check_parts(Conversion *v, Term t)
{
    size_t base = v->levels.count;
    Step step = STEP_OK;
    for (;;) {
        for (; step == STEP_OK && term_is_cons(t); v->steps++) {
            Term head = cons_head(t);
            t = cons_tail(t);
            if (term_is_cons(head)) {
                step = util_stack_push(&v->levels, t) ? STEP_OK : STEP_NO_MEMORY;
                t = head;
            } else if (is_large(head)) {
                step = STEP_BAD;
            } else if (!term_is_integer(head) && !term_is_nil(head) && !is_text_binary(head)) {
                step = STEP_BADARG;
            }
        }
        if (step == STEP_OK && !term_is_nil(t) && !is_text_binary(t)) {
            step = STEP_BADARG;
        }
        if (step != STEP_OK || v->levels.count == base) {
            v->levels.count = base;
            return step;
        }
        t = v->levels.items[--v->levels.count];
    }
}

/* Behind a character that is none there may be anything but what is no text. */
static Step check_rest(Conversion *v, Term rest)
{
    Step step = check_parts(v, rest);
    for (size_t i = v->levels.count; step == STEP_OK && i > 0; i--) {
        step = check_parts(v, v->levels.items[i - 1]);
    }
    return step == STEP_OK ? STEP_BAD : step;
}

static Term outcome(Conversion *v, Step step, Term rest)
{
    if (step == STEP_BAD && !v->boxed_bad && !v->large_bad) {
        step = check_rest(v, rest);
    }
    if (step == STEP_NO_MEMORY) {
        return raise_no_memory(v->p);
    }
    if (step == STEP_BADARG) {
        return raise_badarg(v->p);
    }
    Term result = made(v), tag = ATOM(error);
    if (term_same(result, TERM_NONE)) {
        return result;
    }
    if (step == STEP_OK && v->held_count == 0) {
        return result;
    }
    if (step == STEP_OK) {
        tag = may_go_on(v) ? util_atom(v->p, "incomplete") : tag;
        rest = util_binary(v->p, v->held, v->held_count);
    } else {
        rest = whole_rest(v, rest);
    }
    return term_same(rest, TERM_NONE) ? rest : UTIL_TUPLE(v->p, tag, result, rest);
}

static Term convert(Conversion *v, Term data)
{
    if (v->in == ENC_NONE || v->out == ENC_NONE) {
        return raise_badarg(v->p);
    }
    Term rest = TERM_NONE;
    util_stack_init(&v->levels);
    util_list_open(&v->list, v->p);
    Step step = walk(v, data, &rest);
    Term result = outcome(v, step, rest);
    util_stack_free(&v->levels);
    util_text_free(&v->bytes);
    util_spend_steps(v->p, v->steps);
    return result;
}

Term bif_unicode_characters_to_list_2(Process *p, const Term *a)
{
    enum { CELLS_PER_STEP = 8 }; /* a cell a character: more work than the bytes alone */
    if (term_is_binary(a[0]) && away_wanted(p, binary_bits(a[0]) / 8 / CELLS_PER_STEP)) {
        return away_ask(p, bif_unicode_characters_to_list_2, a, 2);
    }
    Conversion v = {.p = p, .in = encoding_named(a[1]), .to_list = true, .out = ENC_UTF8};
    v.boxed_bad = v.in > ENC_UTF8;
    return convert(&v, a[0]);
}

Term bif_unicode_characters_to_binary_3(Process *p, const Term *a)
{
    Conversion v = {.p = p, .in = encoding_named(a[1]), .out = encoding_named(a[2])};
    v.boxed_bad = v.in > ENC_UTF8 || v.out != ENC_UTF8;
    BinaryView view;
    /* as Erlang, which tells the rest of the binary, in no list, when there is one binary alone */
    bool alone = !v.boxed_bad && term_is_cons(a[0]) && term_is_nil(cons_tail(a[0])) &&
                 binary_view(cons_head(a[0]), &view);
    return convert(&v, alone ? cons_head(a[0]) : a[0]);
}

Term bif_unicode_bin_is_7bit_1(Process *p, const Term *a)
{
    UtilText text = {0};
    UtilStatus status = util_text_of_binary(&text, a[0], false);
    bool ascii = status == UTIL_OK;
    for (size_t i = 0; ascii && i < text.length; i++) {
        ascii = (unsigned char)text.bytes[i] < 0x80;
    }
    util_text_free(&text);
    return status == UTIL_NO_MEMORY ? raise_no_memory(p) : term_bool(ascii);
}

/* act_io_lib:last_bits(Bitstring): the number in the bits that fill no byte. */
Term bif_act_io_lib_last_bits_1(Process *p, const Term *a)
{
    BinaryView view;
    if (!binary_view(a[0], &view)) {
        return raise_badarg(p);
    }
    unsigned char byte = 0;
    size_t left = view.bits % 8;
    binary_copy_bits(view.bytes, view.offset + (view.bits - left), &byte, 0, left);
    return small_make(byte >> (8 - left));
}
