/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_external_read.c: the external format to terms, without recursion. The bytes are not
 * trusted: no more room is taken than there are bytes left to fill it, and anything that is not a
 * term is badarg. */
#include "vm/base/alloc.h"
#include "vm/base/utf8.h"
#include "vm/bif/bif_external.h"
#include "vm/bif/bif_util.h"
#include "vm/code/code.h"
#include "vm/io/zstream.h"
#include "vm/mem/offheap.h"
#include "vm/term/atom.h"
#include "vm/term/float_text.h"
#include "vm/term/fun.h"
#include "vm/term/map.h"
#include "vm/term/ref.h"
#include "vm/vm_parts.h"

#include <math.h>
#include <string.h>

/* Places still to fill: left of them, step words apart. A map's places are an array of its own,
 * from which the map is made when they are full. */
typedef struct {
    Term *next;
    size_t left;
    unsigned step;
    Term *pairs; /* NULL: no map */
    size_t count;
    Term *map; /* where the map goes */
} Frame;

typedef struct {
    Process *p;
    const unsigned char *bytes;
    size_t left;
    bool safe;
    UtilStatus status;
    Frame *frames;
    size_t depth, room;
} Reader;

static Term fail(Reader *r, UtilStatus status)
{
    if (r->status == UTIL_OK) {
        r->status = status;
    }
    return TERM_NIL;
}

/* The next size bytes, or NULL and failure. */
static const unsigned char *take(Reader *r, size_t size)
{
    if (size > r->left) {
        fail(r, UTIL_BAD);
        return NULL;
    }
    const unsigned char *bytes = r->bytes;
    r->bytes += size;
    r->left -= size;
    return bytes;
}

static uint64_t take_number(Reader *r, unsigned size)
{
    const unsigned char *bytes = take(r, size);
    uint64_t value = 0;
    for (unsigned i = 0; bytes != NULL && i < size; i++) {
        value = value << 8 | bytes[i];
    }
    return value;
}

/* Words on the heap that are terms from the start. */
static Term *words(Reader *r, size_t count)
{
    Term *room = process_alloc(r->p, count);
    for (size_t i = 0; room != NULL && i < count; i++) {
        room[i] = TERM_NIL;
    }
    if (room == NULL) {
        fail(r, UTIL_NO_MEMORY);
    }
    return room;
}

static Term built(Reader *r, Term t)
{
    return term_same(t, TERM_NONE) ? fail(r, UTIL_NO_MEMORY) : t;
}

/* ---- simple terms ---- */

static Term take_atom(Reader *r, size_t length, bool latin1)
{
    const unsigned char *bytes = take(r, length);
    char text[ATOM_MAX_BYTES];
    size_t size = 0;
    if (bytes == NULL || length > (latin1 ? ATOM_MAX_POINTS : ATOM_MAX_BYTES)) {
        return fail(r, UTIL_BAD);
    }
    for (size_t i = 0; i < length; i++) {
        if (latin1) {
            size += utf8_encode(bytes[i], (unsigned char *)text + size);
        } else {
            text[size++] = (char)bytes[i];
        }
    }
    AtomTable *atoms = vm_atoms(r->p->vm);
    Term atom = r->safe ? atom_find(atoms, text, size) : atom_intern(atoms, text, size);
    return term_same(atom, TERM_NONE) ? fail(r, UTIL_BAD) : atom;
}

static Term take_atom_term(Reader *r)
{
    switch (take_number(r, 1)) {
    case EXT_ATOM:
        return take_atom(r, take_number(r, 2), true);
    case EXT_SMALL_ATOM:
        return take_atom(r, take_number(r, 1), true);
    case EXT_ATOM_UTF8:
        return take_atom(r, take_number(r, 2), false);
    case EXT_SMALL_ATOM_UTF8:
        return take_atom(r, take_number(r, 1), false);
    default:
        return fail(r, UTIL_BAD);
    }
}

static Term take_big(Reader *r, size_t length)
{
    uint64_t sign = take_number(r, 1);
    const unsigned char *bytes = take(r, length);
    size_t count = (length + 7) / 8;
    uint64_t *limbs = bytes == NULL ? NULL : alloc_try_zero((count + 1) * sizeof *limbs);
    if (limbs == NULL) {
        return fail(r, bytes == NULL ? UTIL_BAD : UTIL_NO_MEMORY);
    }
    memcpy(limbs, bytes, length);
    TermRoom room = heap_room(&r->p->heap);
    NumberError error = NUMBER_OK;
    Term value = big_from_limbs(&room, sign != 0, limbs, count, &error);
    alloc_free(limbs);
    if (term_same(value, TERM_NONE) && error != NUMBER_NO_MEMORY) {
        return fail(r, UTIL_BAD);
    }
    return built(r, value);
}

static Term float_term(Reader *r, double value)
{
    TermRoom room = heap_room(&r->p->heap);
    return isfinite(value) ? built(r, float_make(&room, value)) : fail(r, UTIL_BAD);
}

static Term take_float_text(Reader *r)
{
    const char *text = (const char *)take(r, EXT_FLOAT_TEXT);
    double value;
    if (text == NULL || !float_text_parse(text, strnlen(text, EXT_FLOAT_TEXT), &value)) {
        return fail(r, UTIL_BAD);
    }
    return float_term(r, value);
}

static Term take_new_float(Reader *r)
{
    uint64_t bits = take_number(r, 8);
    double value;
    memcpy(&value, &bits, sizeof value);
    return float_term(r, value);
}

static Term take_binary(Reader *r, bool has_bits)
{
    size_t length = take_number(r, 4);
    uint64_t last = has_bits ? take_number(r, 1) : 8;
    const unsigned char *bytes = take(r, length);
    bool is = length > 0 ? last >= 1 && last <= 8 : last == (has_bits ? 0 : 8);
    if (bytes == NULL || !is) {
        return fail(r, UTIL_BAD);
    }
    if (last == 8 || length == 0) {
        return built(r, util_binary(r->p, bytes, length));
    }
    return built(r, binary_new_bits(&r->p->heap, bytes, length * 8 - (8 - last)));
}

static Term take_string(Reader *r)
{
    size_t length = take_number(r, 2);
    const unsigned char *bytes = take(r, length);
    return bytes == NULL ? TERM_NIL : built(r, util_bytes_list(r->p, bytes, length, TERM_NIL));
}

static Term take_pid(Reader *r, bool new)
{
    Term node = take_atom_term(r);
    uint64_t slot = take_number(r, 4), generation = take_number(r, 4);
    take_number(r, new ? 4 : 1);
    if (!term_same(node, ATOM(nonode_nohost)) || slot >> PID_SLOT_BITS != 0 ||
        generation >> PID_GENERATION_BITS != 0) {
        return fail(r, UTIL_BAD);
    }
    return pid_make((uint32_t)slot, (uint32_t)generation);
}

/* A number that a fun has in it. */
static uint32_t take_integer(Reader *r)
{
    switch (take_number(r, 1)) {
    case EXT_SMALL_INTEGER:
        return (uint32_t)take_number(r, 1);
    case EXT_INTEGER:
        return (uint32_t)take_number(r, 4);
    default:
        fail(r, UTIL_BAD);
        return 0;
    }
}

/* The creation has so many bytes. */
static Term take_reference(Reader *r, size_t count, unsigned creation_size)
{
    uint32_t number[EXT_REFERENCE_WORDS] = {0};
    Term node = take_atom_term(r);
    uint64_t creation = take_number(r, creation_size);
    if (count < 1 || count > EXT_REFERENCE_WORDS || !term_same(node, ATOM(nonode_nohost)) ||
        (creation_size == 1 && creation >> 2 != 0)) {
        return fail(r, UTIL_BAD);
    }
    for (size_t i = 0; i < count; i++) {
        number[i] = (uint32_t)take_number(r, 4);
    }
    if (number[0] >> REF_FIRST_BITS != 0) {
        return fail(r, UTIL_BAD);
    }
    Term *room = words(r, REF_WORDS);
    return room == NULL
               ? TERM_NIL
               : ref_of_numbers(room, number, (uint64_t)number[3] << 32 | number[4], creation);
}

/* The oldest form has its one number before the creation. */
static Term take_old_reference(Reader *r)
{
    Term node = take_atom_term(r);
    uint32_t number[REF_NUMBERS] = {(uint32_t)take_number(r, 4)};
    uint64_t creation = take_number(r, 1);
    if (!term_same(node, ATOM(nonode_nohost)) || number[0] >> REF_FIRST_BITS != 0 ||
        creation >> 2 != 0) {
        return fail(r, UTIL_BAD);
    }
    Term *room = words(r, REF_WORDS);
    return room == NULL ? TERM_NIL : ref_of_numbers(room, number, 0, creation);
}

/* Arities of a byte and of an integer; a safe reader makes only functions that code names. */
static Term take_export(Reader *r)
{
    Term module = take_atom_term(r), name = take_atom_term(r);
    uint32_t arity = take_integer(r);
    if (r->status != UTIL_OK || arity > INT32_MAX) {
        return fail(r, UTIL_BAD);
    }
    const Export *export = r->safe ? code_find_export(r->p->vm, module, name, arity)
                                   : code_export(r->p->vm, module, name, arity);
    if (export == NULL && r->safe) {
        return fail(r, UTIL_BAD);
    }
    Term *room = export == NULL ? NULL : words(r, EXPORT_WORDS);
    if (room == NULL) {
        return fail(r, UTIL_NO_MEMORY);
    }
    room[0] = TERM_RAW(header_make(BOXED_EXPORT, EXPORT_WORDS - 1));
    room[FUN_ENTRY] = TERM_RAW((uintptr_t) export);
    return boxed_term(room);
}

/* ---- terms with places ---- */

/* New places to fill before those there are. */
static bool push(Reader *r, Frame frame)
{
    if (r->depth == r->room) {
        size_t room = r->room * 2 + 32;
        Frame *grown = alloc_try_resize(r->frames, room * sizeof *grown);
        if (grown == NULL) {
            fail(r, UTIL_NO_MEMORY);
            return false;
        }
        r->frames = grown;
        r->room = room;
    }
    r->frames[r->depth++] = frame;
    return true;
}

static Term take_tuple(Reader *r, size_t arity)
{
    if (arity > r->left) {
        return fail(r, UTIL_BAD);
    }
    Term *room = words(r, arity + 1);
    if (room == NULL) {
        return TERM_NIL;
    }
    room[0] = TERM_RAW(header_make(BOXED_TUPLE, arity));
    if (arity > 0) {
        push(r, (Frame){.next = room + 1, .left = arity, .step = 1});
    }
    return boxed_term(room);
}

static Term take_list(Reader *r, Term *place)
{
    size_t length = take_number(r, 4);
    if (length >= r->left) { /* a tail follows the elements */
        return fail(r, UTIL_BAD);
    }
    if (length == 0) {
        push(r, (Frame){.next = place, .left = 1, .step = 1});
        return TERM_NIL;
    }
    Term *cells = words(r, length * 2);
    if (cells == NULL) {
        return TERM_NIL;
    }
    for (size_t i = 0; i + 1 < length; i++) {
        cells[2 * i + 1] = cons_term(cells + 2 * i + 2);
    }
    if (push(r, (Frame){.next = cells + 2 * length - 1, .left = 1, .step = 1})) {
        push(r, (Frame){.next = cells, .left = length, .step = 2});
    }
    return cons_term(cells);
}

static Term take_map(Reader *r, Term *place)
{
    size_t count = take_number(r, 4);
    if (count > r->left / 2) {
        return fail(r, UTIL_BAD);
    }
    Term *pairs = alloc_try((count * 2 + 1) * sizeof *pairs);
    if (pairs == NULL) {
        return fail(r, UTIL_NO_MEMORY);
    }
    Frame frame = {
        .next = pairs, .left = count * 2, .step = 1, .pairs = pairs, .count = count, .map = place};
    if (!push(r, frame)) {
        alloc_free(pairs);
    }
    return TERM_NIL;
}

/* The map's pairs are all there. */
static void make_map(Reader *r, Frame *frame)
{
    TermRoom room = heap_room(&r->p->heap);
    Term map = map_from_pairs(vm_atoms(r->p->vm), &room, frame->pairs, frame->count);
    alloc_free(frame->pairs);
    if (!term_same(map, TERM_NONE) && map_size(map) != frame->count) {
        fail(r, UTIL_BAD); /* a key is there twice */
        return;
    }
    *frame->map = built(r, map);
}

static Term take_fun(Reader *r)
{
    size_t size = take_number(r, 4);
    if (size < 4 || size - 4 > r->left) {
        return fail(r, UTIL_BAD);
    }
    FunEntry wanted = {.arity = (uint32_t)take_number(r, 1)};
    const unsigned char *digest = take(r, EXT_FUN_DIGEST);
    if (digest != NULL) {
        memcpy(&wanted.version, digest, sizeof wanted.version);
    }
    wanted.index = (uint32_t)take_number(r, 4);
    wanted.free = (uint32_t)take_number(r, 4);
    wanted.module = take_atom_term(r);
    take_integer(r);
    wanted.uniq = take_integer(r);
    uint64_t tag = take_number(r, 1);
    if (tag != EXT_NEW_PID && tag != EXT_PID) {
        return fail(r, UTIL_BAD);
    }
    take_pid(r, tag == EXT_NEW_PID);
    if (r->status != UTIL_OK || wanted.free > r->left || wanted.index == UINT32_MAX) {
        return fail(r, UTIL_BAD); /* the last: an on_load function's */
    }
    const FunEntry *entry = code_fun(r->p->vm, &wanted);
    Term *room = entry == NULL ? NULL : words(r, FUN_FREE + wanted.free);
    if (room == NULL) {
        return fail(r, UTIL_NO_MEMORY);
    }
    room[0] = TERM_RAW(header_make(BOXED_FUN, FUN_FREE - 1 + wanted.free));
    room[FUN_ENTRY] = TERM_RAW((uintptr_t)entry);
    if (wanted.free > 0) {
        push(r, (Frame){.next = room + FUN_FREE, .left = wanted.free, .step = 1});
    }
    return boxed_term(room);
}

/* The term that begins here, to be put in place; its inner places are put off. */
static Term take_term(Reader *r, Term *place)
{
    uint64_t tag = take_number(r, 1);
    switch (tag) {
    case EXT_SMALL_INTEGER:
        return small_make((int64_t)take_number(r, 1));
    case EXT_INTEGER:
        return small_make((int32_t)take_number(r, 4));
    case EXT_ATOM:
    case EXT_SMALL_ATOM:
    case EXT_ATOM_UTF8:
    case EXT_SMALL_ATOM_UTF8:
        r->bytes--;
        r->left++;
        return take_atom_term(r);
    case EXT_FLOAT:
        return take_float_text(r);
    case EXT_NEW_FLOAT:
        return take_new_float(r);
    case EXT_SMALL_BIG:
        return take_big(r, take_number(r, 1));
    case EXT_LARGE_BIG:
        return take_big(r, take_number(r, 4));
    case EXT_NIL:
        return TERM_NIL;
    case EXT_STRING:
        return take_string(r);
    case EXT_LIST:
        return take_list(r, place);
    case EXT_SMALL_TUPLE:
        return take_tuple(r, take_number(r, 1));
    case EXT_LARGE_TUPLE:
        return take_tuple(r, take_number(r, 4));
    case EXT_MAP:
        return take_map(r, place);
    case EXT_BINARY:
        return take_binary(r, false);
    case EXT_BIT_BINARY:
        return take_binary(r, true);
    case EXT_NEW_PID:
        return take_pid(r, true);
    case EXT_PID:
        return take_pid(r, false);
    case EXT_NEWER_REFERENCE:
        return take_reference(r, take_number(r, 2), 4);
    case EXT_NEW_REFERENCE:
        return take_reference(r, take_number(r, 2), 1);
    case EXT_REFERENCE:
        return take_old_reference(r);
    case EXT_EXPORT:
        return take_export(r);
    case EXT_FUN:
        return take_fun(r);
    default:
        return fail(r, UTIL_BAD);
    }
}

/* Fills places until all are full. */
static void fill(Reader *r)
{
    while (r->status == UTIL_OK && r->depth > 0) {
        Frame *frame = &r->frames[r->depth - 1];
        if (frame->left == 0) {
            r->depth--;
            if (frame->pairs != NULL) {
                make_map(r, frame);
            }
            continue;
        }
        Term *place = frame->next;
        frame->next += frame->step;
        frame->left--;
        *place = TERM_NIL;
        Term t = take_term(r, place); /* may move frames */
        *place = t;
    }
    for (; r->depth > 0; r->depth--) { /* after a failure */
        alloc_free(r->frames[r->depth - 1].pairs);
    }
    alloc_free(r->frames);
}

enum {
    EXPANDED_HEAD = 6,    /* version, tag, size */
    EXPANDED_MOST = 1040, /* bytes that one byte can become */
};

/* Expands what stands behind the tag; *taken input bytes make *size bytes, the caller's. NULL if
 * it is not that. */
static unsigned char *expand(const unsigned char *bytes, size_t length, size_t *size, size_t *taken)
{
    if (length < EXPANDED_HEAD) {
        return NULL;
    }
    *size = (size_t)bytes[2] << 24 | (size_t)bytes[3] << 16 | (size_t)bytes[4] << 8 | bytes[5];
    if (*size == 0 || *size / EXPANDED_MOST > length) {
        return NULL;
    }
    unsigned char *out = alloc_try(*size);
    *taken = out ? z_expand(out, *size, bytes + EXPANDED_HEAD, length - EXPANDED_HEAD) : 0;
    if (*taken == 0) {
        alloc_free(out);
        return NULL;
    }
    *taken += EXPANDED_HEAD;
    return out;
}

static Term read_external(Process *p, Term binary, bool safe, bool used)
{
    UtilText copy = {0};
    const unsigned char *bytes;
    size_t size;
    if (!term_is_binary(binary)) {
        return raise_badarg(p);
    }
    if (!binary_bytes(binary, &bytes, &size)) {
        util_text_of_binary(&copy, binary, false);
        bytes = (const unsigned char *)util_text_string(&copy);
        size = copy.length;
    }
    Reader r = {.p = p, .bytes = bytes, .left = size, .safe = safe};
    Term result = TERM_NIL;
    unsigned char *expanded = NULL;
    size_t expanded_size = 0, expanded_from = 0;
    bool whole = take_number(&r, 1) == EXT_VERSION;
    if (whole && r.left > 0 && r.bytes[0] == EXT_COMPRESSED) {
        expanded = expand(bytes, size, &expanded_size, &expanded_from);
        r.bytes = expanded;
        r.left = expanded_size;
    }
    if (!whole || !r.bytes) {
        fail(&r, UTIL_BAD);
    } else if (push(&r, (Frame){.next = &result, .left = 1, .step = 1})) {
        fill(&r);
    }
    size_t taken = expanded ? expanded_from : size - r.left;
    alloc_free(expanded);
    util_text_free(&copy);
    util_spend_steps(p, taken);
    if (r.status != UTIL_OK) {
        return util_raise(p, r.status);
    }
    return used ? UTIL_TUPLE(p, result, small_make((int64_t)taken)) : result;
}

Term bif_erlang_binary_to_term_1(Process *p, const Term *a)
{
    return read_external(p, a[0], false, false);
}

Term bif_erlang_binary_to_term_2(Process *p, const Term *a)
{
    bool safe = false, used = false;
    Term options = a[1];
    for (; term_is_cons(options); options = cons_tail(options)) {
        if (term_same(cons_head(options), ATOM(safe))) {
            safe = true;
        } else if (term_same(cons_head(options), ATOM(used))) {
            used = true;
        } else {
            return raise_badarg(p);
        }
    }
    return term_is_nil(options) ? read_external(p, a[0], safe, used) : raise_badarg(p);
}
