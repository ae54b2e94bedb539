/* SPDX-License-Identifier: Apache-2.0 */
/* vm/exec/bits_build.c: building bitstrings.
 *
 * Two walks over the segments: the first learns how long the result is, the second writes. Erlang
 * finds errors in the same order.
 *
 * Appending, << Old/binary, … >>: a block made for that has room left (`room`), a box of it
 * speaks of all that room, and every bitstring in it is a view with a length. Whoever moves the
 * block's `used` from Old's end to the end of the new bitstring owns the bits between and writes
 * them in place; who comes too late copies. Bits of a byte that others may be reading are written
 * only while no other box knows of the block. */
#include "vm/exec/bits.h"

#include "vm/mem/offheap.h"
#include "vm/term/map.h"
#include "vm/vm_parts.h"

enum {
    APPEND_LEAST = 256, /* bytes of a block that is to grow */
    SEGMENT_WORDS = 4,
};
/* More than any machine has. */
#define BITS_MAX ((uint64_t)1 << 43)

typedef struct {
    uint32_t spec;
    uint32_t unit;
    uint32_t number;
    Term value;
    Term size;
} Segment;

typedef struct {
    Process *p;
    const Operands *operands;
    bool quiet;
    unsigned char *bytes; /* where the result's bits are written */
    size_t at;            /* the next bit of bytes */
} Build;

static Segment segment_at(const Build *b, uint32_t i)
{
    const Code *words = b->operands->operands + SEGMENT_WORDS * (size_t)i;
    const uintptr_t *bases = b->operands->bases;
    return (Segment){
        .spec = words[0],
        .number = words[0] >> BC_SEG_NUMBER_SHIFT ? (words[0] >> BC_SEG_NUMBER_SHIFT) - 1 : i + 1,
        .value = *(const Term *)(bases[words[1] & 3] + words[1]),
        .size = *(const Term *)(bases[words[2] & 3] + words[2]),
        .unit = words[3],
    };
}

static uint32_t type_of(const Segment *s)
{
    return s->spec & BC_SEG_TYPE;
}

static bool is_all(const Segment *s)
{
    return type_of(s) == BC_SEG_BINARY && (s->spec & BC_SEG_ALL);
}

/* errors */

static Term type_atom(const Segment *s)
{
    switch (type_of(s)) {
    case BC_SEG_INTEGER:
        return ATOM(integer);
    case BC_SEG_FLOAT:
        return ATOM(float);
    case BC_SEG_BINARY:
        return ATOM(binary);
    case BC_SEG_UTF8:
        return ATOM(utf8);
    case BC_SEG_UTF16:
        return ATOM(utf16);
    default:
        return ATOM(utf32);
    }
}

/* Raises reason; the trace will tell the segment, what is wrong with it, and the value. */
static bool fail(const Build *b, const Segment *s, Term reason, Term what, Term value)
{
    Process *p = b->p;
    raise_error(p, reason);
    if (b->quiet) {
        return false;
    }
    Term *words = process_alloc(p, 5);
    if (!words) {
        return false;
    }
    words[0].w = header_make(BOXED_TUPLE, 4);
    words[1] = small_make(s->number);
    words[2] = type_atom(s);
    words[3] = what;
    words[4] = value;
    Term pairs[6] = {ATOM(cause),          boxed_term(words), ATOM(function),
                     ATOM(format_bs_fail), ATOM(module),      ATOM(erl_erts_errors)};
    TermRoom room = heap_room(&p->heap);
    Term info = map_from_pairs(p->vm->atoms, &room, pairs, 3);
    if (term_same(info, TERM_NONE)) {
        raise_no_memory(p);
        return false;
    }
    p->raise_info = info;
    return false;
}

static bool badarg(const Build *b, const Segment *s, Term what, Term value)
{
    return fail(b, s, ATOM(badarg), what, value);
}

/* first walk */

static bool add_bits(const Build *b, const Segment *s, uint64_t more, uint64_t *total)
{
    *total += more;
    return *total <= BITS_MAX || fail(b, s, ATOM(system_limit), ATOM(size), s->size);
}

/* size * unit */
static bool sized_bits(const Build *b, const Segment *s, uint64_t *bits)
{
    Term size = s->size;
    bool negative = term_is_small(size) ? small_value(size) < 0
                                        : !term_is_big(size) ||
                                              header_kind(boxed_header(size)) == BOXED_BIG_NEGATIVE;
    if (negative) {
        return badarg(b, s, ATOM(size), size);
    }
    if (!term_is_small(size) || (uint64_t)small_value(size) > BITS_MAX / s->unit) {
        return fail(b, s, ATOM(system_limit), ATOM(size), size);
    }
    *bits = (uint64_t)small_value(size) * s->unit;
    return true;
}

static bool measure_all(const Build *b, const Segment *s, uint64_t *bits)
{
    if (!term_is_bitstring(s->value)) {
        return badarg(b, s, ATOM(type), s->value);
    }
    *bits = binary_bits(s->value);
    return *bits % s->unit == 0 || badarg(b, s, ATOM(unit), s->value);
}

static bool is_sized(const Segment *s)
{
    return type_of(s) < BC_SEG_UTF8 && !is_all(s);
}

/* A segment whose value tells how long it is. */
static bool measure_value(const Build *b, const Segment *s, uint64_t *bits)
{
    if (type_of(s) == BC_SEG_BINARY) {
        return measure_all(b, s, bits);
    }
    *bits = bits_char_size(s->spec, s->value); /* 0: the second walk complains */
    return *bits > 0 || type_of(s) != BC_SEG_UTF32 || badarg(b, s, ATOM(type), s->value);
}

/* Sizes first, then values, as Erlang. */
static bool measure_segments(const Build *b, uint64_t *total)
{
    bool by_value = false;
    *total = 0;
    for (uint32_t i = 0; i < b->operands->count; i++) {
        Segment s = segment_at(b, i);
        uint64_t bits = 0;
        if (!is_sized(&s)) {
            by_value = true;
        } else if (!sized_bits(b, &s, &bits) || !add_bits(b, &s, bits, total)) {
            return false;
        }
    }
    for (uint32_t i = 0; by_value && i < b->operands->count; i++) {
        Segment s = segment_at(b, i);
        uint64_t bits = 0;
        if (!is_sized(&s) && (!measure_value(b, &s, &bits) || !add_bits(b, &s, bits, total))) {
            return false;
        }
    }
    return true;
}

/* second walk */

static bool write_integer(Build *b, const Segment *s)
{
    if (!term_is_integer(s->value)) {
        return badarg(b, s, ATOM(type), s->value);
    }
    size_t bits = (size_t)small_value(s->size) * s->unit;
    if (bits == 8 && b->at % 8 == 0 && term_is_small(s->value)) {
        b->bytes[b->at / 8] = (unsigned char)small_value(s->value);
    } else {
        bits_write_integer(b->bytes, b->at, bits, s->spec, s->value);
    }
    b->at += bits;
    return true;
}

static bool write_float(Build *b, const Segment *s)
{
    size_t bits = (size_t)small_value(s->size) * s->unit;
    double value;
    if (bits != 16 && bits != 32 && bits != 64) {
        return badarg(b, s, ATOM(invalid), small_make((int64_t)bits));
    }
    if (term_is_float(s->value)) {
        value = float_value(s->value);
    } else if (!term_is_integer(s->value)) {
        return badarg(b, s, ATOM(type), s->value);
    } else if (!big_to_double(s->value, &value)) {
        return badarg(b, s, ATOM(no_float), s->value);
    }
    bits_write_float(b->bytes, b->at, bits, s->spec, value);
    b->at += bits;
    return true;
}

static bool write_binary(Build *b, const Segment *s)
{
    BinaryView view;
    if (!binary_view(s->value, &view)) {
        return badarg(b, s, ATOM(type), s->value);
    }
    size_t bits = is_all(s) ? view.bits : (size_t)small_value(s->size) * s->unit;
    if (bits > view.bits) {
        return badarg(b, s, ATOM(short), s->value);
    }
    binary_copy_bits(view.bytes, view.offset, b->bytes, b->at, bits);
    b->at += bits;
    return true;
}

static bool write_segment(Build *b, const Segment *s)
{
    switch (type_of(s)) {
    case BC_SEG_INTEGER:
        return write_integer(b, s);
    case BC_SEG_FLOAT:
        return write_float(b, s);
    case BC_SEG_BINARY:
        return write_binary(b, s);
    default: {
        size_t bits = bits_char_size(s->spec, s->value);
        if (bits == 0) {
            return badarg(b, s, ATOM(type), s->value);
        }
        bits_write_char(b->bytes, b->at, s->spec, (uint32_t)small_value(s->value));
        b->at += bits;
        return true;
    }
    }
}

static bool write_segments(Build *b, uint32_t from)
{
    for (uint32_t i = from; i < b->operands->count; i++) {
        Segment s = segment_at(b, i);
        if (!write_segment(b, &s)) {
            return false;
        }
    }
    return true;
}

/* where to write */

static Term no_room(const Build *b)
{
    raise_system_limit(b->p);
    return TERM_NONE;
}

/* The box whose bits *end are the end of t and that may grow there, or TERM_NONE. */
static Term growing_box(const Process *p, Term t, size_t *end)
{
    const Term *view = boxed_words(t);
    if (header_kind(view[0].w) != BOXED_SUB_BINARY || !term_is_kind(view[SUB_BASE], BOXED_REFC)) {
        return TERM_NONE;
    }
    const Term *box = boxed_words(view[SUB_BASE]);
    OffHeap *block = refc_off_heap(box);
    *end = (size_t)small_value(view[SUB_OFFSET]) + (size_t)small_value(view[SUB_LENGTH]);
    bool literal = box >= p->heap.literals && box < p->heap.literals_end;
    /* acquire: pairs with the last release in offheap_release: those that knew the block are done
     */
    bool alone = atomic_load_explicit(&block->references, memory_order_acquire) == 1;
    return box[REFC_SIZE].w == block->room && !literal && (alone || *end % 8 == 0) ? view[SUB_BASE]
                                                                                   : TERM_NONE;
}

/* Appends in place if old is at the end of a block with room: TERM_NONE with nothing pending if
 * not. */
static Term append_in_place(Build *b, Term old, uint64_t total)
{
    size_t end;
    Term base = growing_box(b->p, old, &end);
    if (term_same(base, TERM_NONE)) {
        return TERM_NONE;
    }
    OffHeap *block = refc_off_heap(boxed_words(base));
    size_t old_bits = binary_bits(old);
    size_t new_end = end + (total - old_bits);
    size_t expected = end;
    /* relaxed: it only tells who may write; what is written reaches others with the messages */
    if (new_end > block->room * 8 ||
        !atomic_compare_exchange_strong_explicit(&block->used, &expected, new_end,
                                                 memory_order_relaxed, memory_order_relaxed)) {
        return TERM_NONE;
    }
    if (new_end > (end + 7) / 8 * 8) {
        block->bytes[(new_end - 1) / 8] = 0; /* it may not be filled: no stray bits */
    }
    b->bytes = block->bytes;
    b->at = end;
    if (!write_segments(b, 1)) {
        expected = new_end;
        atomic_compare_exchange_strong_explicit(&block->used, &expected, end, memory_order_relaxed,
                                                memory_order_relaxed);
        return TERM_NONE;
    }
    Term view = binary_sub(&b->p->heap, base, end - old_bits, total);
    return term_same(view, TERM_NONE) ? raise_no_memory(b->p) : view;
}

/* A block with room to grow, filled. */
static Term build_growing(Build *b, uint64_t total)
{
    size_t bytes = (total + 7) / 8;
    size_t room = ACT_MAX(bytes * 2, (size_t)APPEND_LEAST);
    OffHeap *block = offheap_new(room);
    if (!block) {
        return no_room(b);
    }
    atomic_store_explicit(&block->used, total, memory_order_relaxed);
    Term base = offheap_box(&b->p->heap, block, room);
    if (term_same(base, TERM_NONE)) {
        return raise_no_memory(b->p);
    }
    block->bytes[bytes - 1] = 0;
    b->bytes = block->bytes;
    if (!write_segments(b, 0)) {
        return TERM_NONE;
    }
    Term view = binary_sub(&b->p->heap, base, 0, total);
    return term_same(view, TERM_NONE) ? raise_no_memory(b->p) : view;
}

static Term build_fixed(Build *b, uint64_t total)
{
    size_t bytes = (total + 7) / 8;
    Term base = binary_new_room(&b->p->heap, bytes, &b->bytes);
    if (term_same(base, TERM_NONE)) {
        return no_room(b);
    }
    if (bytes > 0) {
        b->bytes[bytes - 1] = 0;
    }
    if (!write_segments(b, 0)) {
        return TERM_NONE;
    }
    if (total % 8 == 0) {
        return base;
    }
    Term view = binary_sub(&b->p->heap, base, 0, total);
    return term_same(view, TERM_NONE) ? raise_no_memory(b->p) : view;
}

Term bits_build(Process *p, const Operands *segments, bool quiet)
{
    Build b = {.p = p, .operands = segments, .quiet = quiet};
    uint64_t total;
    if (!measure_segments(&b, &total)) {
        return TERM_NONE;
    }
    if (segments->count == 0) {
        return build_fixed(&b, 0);
    }
    Segment first = segment_at(&b, 0);
    if (!is_all(&first)) {
        process_spend(p, (int32_t)ACT_MIN(total / 4096, 4000));
        return build_fixed(&b, total);
    }
    if (segments->count == 1) {
        return first.value;
    }
    Term result = append_in_place(&b, first.value, total);
    if (!term_same(result, TERM_NONE) || p->pending != PENDING_NONE) {
        return result;
    }
    b.at = 0;
    process_spend(p, (int32_t)ACT_MIN(total / 4096, 4000));
    const Term *box = boxed_words(first.value);
    bool literal = box >= p->heap.literals && box < p->heap.literals_end;
    return total > (uint64_t)BINARY_HEAP_MAX * 8 && !literal ? build_growing(&b, total)
                                                             : build_fixed(&b, total);
}
