/* SPDX-License-Identifier: Apache-2.0 */
/* vm/exec/bits.h: the bs_ instructions: match contexts, reading and writing segments, building.
 *
 * A match context (BOXED_MATCH, term/binary.h) is a place in a bitstring that moves on as segments
 * are taken. It is changed where it stands: its words that change are small integers, so the
 * collector need not know. What it gives are views on its bitstring, not copies.
 *
 * All run on the process's own thread with the heap pointers stored in p->heap. None moves a term.
 */
#ifndef ACT_EXEC_BITS_H
#define ACT_EXEC_BITS_H

#include "vm/bytecode/bytecode.h"
#include "vm/exec/exec_slow.h"
#include "vm/term/big.h"
#include "vm/term/binary.h"

enum {
    BITS_START_WORDS = 16, /* a context, and something for what will be taken */
    BITS_GET_WORDS = 8,    /* most values need less; the others go to a fragment */
    BITS_BUILD_WORDS = 16,
    BITS_COLLECT_WORDS = 160, /* to make free when there is not enough: more will be wanted soon */
};

ACT_INLINE size_t bits_position(const Term *match)
{
    return (size_t)small_value(match[MATCH_POSITION]);
}

ACT_INLINE size_t bits_left(const Term *match)
{
    return (match[MATCH_END].w - match[MATCH_POSITION].w) / 2;
}

ACT_INLINE void bits_move(Term *match, size_t bits)
{
    match[MATCH_POSITION].w += bits * 2;
}

/* The first byte of the bitstring that a context's position counts from. */
ACT_INLINE const unsigned char *bits_bytes(const Term *match)
{
    const Term *box = boxed_words(match[MATCH_BASE]);
    return header_kind(box[0].w) == BOXED_BINARY ? (const unsigned char *)(box + 2)
                                                 : refc_off_heap(box)->bytes;
}

/* count bits (at most 64) from bit `at`, the first one the highest. Reads no byte without any. */
ACT_INLINE uint64_t bits_read(const unsigned char *bytes, size_t at, unsigned count)
{
    unsigned shift = at % 8;
    unsigned end = shift + count;
    uint64_t value = 0;
    bytes += at / 8;
    if (count == 0) {
        return 0;
    }
    for (unsigned i = 0; i < ACT_MIN((end + 7) / 8, 8); i++) {
        value = value << 8 | bytes[i];
    }
    if (ACT_LIKELY(end <= 64)) {
        value >>= (64 - end) % 8;
    } else {
        value = (value << shift | (uint64_t)bytes[8] >> (8 - shift)) >> (64 - count);
    }
    return count == 64 ? value : value & (((uint64_t)1 << count) - 1);
}
/* spec is BC_SEG_ bits. */
ACT_INLINE bool bits_is_little(uint32_t spec)
{
    return (spec & BC_SEG_LITTLE) != 0 ||
           ((spec & BC_SEG_NATIVE) != 0 && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);
}
/* The next count bits (at most 56, and they are there) as an integer; the context moves on.
 * Little-endian ones are of whole bytes. */
ACT_INLINE Term bits_take(Term *match, unsigned count, uint32_t spec)
{
    size_t position = bits_position(match);
    const unsigned char *bytes = bits_bytes(match);
    bits_move(match, count);
    if (ACT_LIKELY(count == 8 && position % 8 == 0 && (spec & BC_SEG_SIGNED) == 0)) {
        return small_make(bytes[position / 8]);
    }
    uint64_t value = bits_read(bytes, position, count);
    if (count > 8 && bits_is_little(spec)) {
        value = __builtin_bswap64(value) >> (64 - count);
    }
    if ((spec & BC_SEG_SIGNED) != 0 && count > 0) {
        return small_make((int64_t)(value << (64 - count)) >> (64 - count));
    }
    return small_make((int64_t)value);
}
/* What is left is a multiple of unit bits. */
ACT_INLINE bool bits_left_are(const Term *match, uint32_t unit)
{
    size_t left = bits_left(match);
    return unit == 8 ? left % 8 == 0 : left % unit == 0;
}
/* Writes the low count bits (at most 64) of value; other bits stay. */
void bits_write(unsigned char *bytes, size_t at, uint64_t value, unsigned count);

/* bits_number.c */
/* The integer in count bits. TERM_NONE with *error. */
Term bits_read_integer(const TermRoom *room, const unsigned char *bytes, size_t at, size_t count,
                       uint32_t spec, NumberError *error);
/* Writes the low count bits of an integer's two's complement. */
void bits_write_integer(unsigned char *bytes, size_t at, size_t count, uint32_t spec, Term value);
/* The float in 16, 32 or 64 bits; false if it is none (or count is another). */
bool bits_read_float(const unsigned char *bytes, size_t at, size_t count, uint32_t spec,
                     double *value);
void bits_write_float(unsigned char *bytes, size_t at, size_t count, uint32_t spec, double value);

/* bits_text.c: characters as utf8, utf16, utf32, by the type in spec. */
/* The character at bit `at`, of which `left` bits are there; the bits it takes, 0 if there is none.
 */
size_t bits_read_char(const unsigned char *bytes, size_t at, size_t left, uint32_t spec,
                      uint32_t *code_point);
/* Bits that a character takes; 0 if t is none. */
size_t bits_char_size(uint32_t spec, Term t);
void bits_write_char(unsigned char *bytes, size_t at, uint32_t spec, uint32_t code_point);

/* A context at the start of the bitstring t, in MATCH_WORDS words. */
ACT_INLINE Term bits_start(Term *words, Term t)
{
    const Term *box = boxed_words(t);
    words[0].w = header_make(BOXED_MATCH, MATCH_WORDS - 1);
    if (header_kind(box[0].w) == BOXED_SUB_BINARY) {
        words[MATCH_POSITION] = words[MATCH_START] = box[SUB_OFFSET];
        words[MATCH_END].w = box[SUB_OFFSET].w + box[SUB_LENGTH].w;
        words[MATCH_BASE] = box[SUB_BASE];
    } else {
        words[MATCH_POSITION] = words[MATCH_START] = small_make(0);
        words[MATCH_END] = small_make((int64_t)(box[1].w * 8));
        words[MATCH_BASE] = t;
    }
    return boxed_term(words);
}
/* What is left, as a view in SUB_BINARY_WORDS words. */
ACT_INLINE Term bits_rest(Term *words, const Term *match)
{
    words[0].w = header_make(BOXED_SUB_BINARY, SUB_BINARY_WORDS - 1);
    words[SUB_OFFSET] = match[MATCH_POSITION];
    words[SUB_LENGTH].w = match[MATCH_END].w - match[MATCH_POSITION].w;
    words[SUB_BASE] = match[MATCH_BASE];
    return boxed_term(words);
}

/* From where the context starts, as a view in SUB_BINARY_WORDS words. */
ACT_INLINE Term bits_whole(Term *words, const Term *match)
{
    words[0].w = header_make(BOXED_SUB_BINARY, SUB_BINARY_WORDS - 1);
    words[SUB_OFFSET] = match[MATCH_START];
    words[SUB_LENGTH].w = match[MATCH_END].w - match[MATCH_START].w;
    words[SUB_BASE] = match[MATCH_BASE];
    return boxed_term(words);
}
ACT_INLINE bool bits_is_context(Term t)
{
    return term_is_kind(t, BOXED_MATCH);
}
/* It starts where it stands. */
ACT_INLINE void bits_enter(Term *match)
{
    match[MATCH_START] = match[MATCH_POSITION];
}
/* It stands where it starts. */
ACT_INLINE void bits_rewind(Term *match)
{
    match[MATCH_POSITION] = match[MATCH_START];
}

/* bits_match.c */
typedef enum { BITS_NO, BITS_TAKEN, BITS_RAISED } BitsEnd;
/* Takes the next segment; its value goes to *result. BITS_NO: the context stays where it is. */
BitsEnd bits_get(Process *p, Term context, uint32_t spec, uint32_t unit, Term size, Term *result);
bool bits_skip(Term context, uint32_t spec, uint32_t unit, Term size);
/* Back to a position that bs_position gave; anything else is taken for the end. */
void bits_goto(Term context, Term position);

/* bits_build.c */
/* The bitstring of count segments (spec, value, size or nil, unit). TERM_NONE: raised; if quiet
 * (in a guard) without a word about why. */
Term bits_build(Process *p, const Operands *segments, bool quiet);
/* bits_append.c: the same, if the first is a binary that can grow by the others in place and it is
 * an easy case; else TERM_NONE, and nothing has happened. */
Term bits_append_bytes(Process *p, const Operands *segments);

#endif
