/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_external_write.c: terms to the external format, without recursion: what is still to
 * write stands on a list. Bytes are OTP's, but for the digest of a fun's module.
 *
 * A fun says how long it is before its free values, which are put off; under them on the list stand
 * the place of that number, and TERM_NONE, on which it is filled in. */
#include "vm/base/alloc.h"
#include "vm/base/utf8.h"
#include "vm/bif/bif_external.h"
#include "vm/bif/bif_util.h"
#include "vm/io/zstream.h"
#include "vm/mem/offheap.h"
#include "vm/term/atom.h"
#include "vm/term/float_text.h"
#include "vm/term/fun.h"
#include "vm/term/map.h"
#include "vm/term/ref.h"
#include "vm/vm_parts.h"

#include <string.h>

/* What is written: on the C stack at first, then in a block that becomes the binary. */
typedef struct {
    unsigned char *start, *to, *end;
    OffHeap *block; /* NULL: in small */
    unsigned char small[256];
} Out;

typedef struct {
    Process *p;
    Out out;
    UtilStack later;
    int minor_version;
} Writer;

static void out_init(Out *out)
{
    out->block = NULL;
    out->start = out->to = out->small;
    out->end = out->small + sizeof out->small;
}

static void out_free(Out *out)
{
    if (out->block) {
        offheap_release(out->block);
    }
}

static size_t out_length(const Out *out)
{
    return (size_t)(out->to - out->start);
}

/* In large steps when it is large: what is not used is not touched, but what is there is copied. */
static ACT_NOINLINE bool out_grow(Out *out, size_t more)
{
    enum { LARGE = 64 << 10 };
    size_t length = out_length(out), room = (size_t)(out->end - out->start);
    size_t wish = room < LARGE ? room * 2 : room * 4;
    OffHeap *grown = offheap_resize(out->block, ACT_MAX(length + more, wish));
    if (!grown) {
        return false;
    }
    if (!out->block) {
        memcpy(grown->bytes, out->small, length);
    }
    out->block = grown;
    out->start = grown->bytes;
    out->to = out->start + length;
    out->end = out->start + grown->room;
    return true;
}

/* Where the next bytes go, so many at most; the caller moves out->to. NULL without memory. */
ACT_INLINE unsigned char *out_room(Out *out, size_t length)
{
    bool fits = (size_t)(out->end - out->to) >= length;
    return ACT_UNLIKELY(!fits) && !out_grow(out, length) ? NULL : out->to;
}

static bool put(Writer *w, const void *bytes, size_t length)
{
    unsigned char *room = out_room(&w->out, length);
    if (room && length > 0) {
        memcpy(room, bytes, length);
        w->out.to += length;
    }
    return room != NULL;
}

/* A number of so many bytes (1 to 8), the highest first. */
ACT_INLINE bool put_number(Writer *w, uint64_t value, unsigned size)
{
    unsigned char *room = out_room(&w->out, sizeof value);
    if (room == NULL) {
        return false;
    }
    value = __builtin_bswap64(value << (64 - 8 * size));
    memcpy(room, &value, sizeof value); /* what is too much will be written over */
    w->out.to += size;
    return true;
}

ACT_INLINE bool put_tag(Writer *w, unsigned tag)
{
    return put_number(w, tag, 1);
}

/* A tag and a number of so many bytes (1 to 4). */
ACT_INLINE bool put_tagged(Writer *w, unsigned tag, uint64_t value, unsigned size)
{
    uint64_t mask = ((uint64_t)1 << 8 * size) - 1;
    return put_number(w, (uint64_t)tag << 8 * size | (value & mask), 1 + size);
}

/* Copies text, which is short; true if it is ASCII. */
ACT_INLINE bool copy_ascii(unsigned char *to, const char *text, size_t length)
{
    unsigned char all = 0;
    for (size_t i = 0; i < length; i++) {
        to[i] = (unsigned char)text[i];
        all |= to[i];
    }
    return all < 0x80;
}

static bool put_wide_atom(Writer *w, const char *text, size_t length)
{
    char latin1[ATOM_MAX_POINTS];
    size_t count = 0;
    bool wide = w->minor_version == 2;
    for (size_t at = 0; at < length && !wide;) {
        uint32_t c = 0;
        at += utf8_decode((const unsigned char *)text + at, length - at, &c);
        latin1[count++] = (char)c;
        wide = c > 255;
    }
    if (!wide) {
        return put_tagged(w, EXT_ATOM, count, 2) && put(w, latin1, count);
    }
    if (length <= 255) {
        return put_tagged(w, EXT_SMALL_ATOM_UTF8, length, 1) && put(w, text, length);
    }
    return put_tagged(w, EXT_ATOM_UTF8, length, 2) && put(w, text, length);
}

static bool put_atom(Writer *w, Term atom)
{
    size_t length;
    const char *text = atom_text(vm_atoms(w->p->vm), atom, &length);
    unsigned char *room = out_room(&w->out, 3 + length);
    if (room == NULL) {
        return false;
    }
    if (w->minor_version == 2 || !copy_ascii(room + 3, text, length)) {
        return put_wide_atom(w, text, length);
    }
    room[0] = EXT_ATOM;
    room[1] = (unsigned char)(length >> 8);
    room[2] = (unsigned char)length;
    w->out.to += 3 + length;
    return true;
}

static bool put_large_integer(Writer *w, Term t)
{
    BigView view;
    big_open(&view, t);
    size_t length = view.count * 8 - (size_t)__builtin_clzll(view.limbs[view.count - 1]) / 8;
    bool ok = length <= 255 ? put_tagged(w, EXT_SMALL_BIG, length, 1)
                            : put_tagged(w, EXT_LARGE_BIG, length, 4);
    return ok && put_number(w, view.negative, 1) && put(w, view.limbs, length);
}

ACT_INLINE bool put_integer(Writer *w, Term t)
{
    int64_t value = term_is_small(t) ? small_value(t) : INT64_MAX;
    if (value != (int32_t)value) {
        return put_large_integer(w, t);
    }
    return value >= 0 && value <= 255 ? put_tagged(w, EXT_SMALL_INTEGER, (uint64_t)value, 1)
                                      : put_tagged(w, EXT_INTEGER, (uint64_t)value, 4);
}

static bool put_float(Writer *w, double value)
{
    if (w->minor_version == 0) {
        char text[FLOAT_TEXT_SCIENTIFIC_MAX] = {0};
        size_t length = float_text_scientific(value, 20, text);
        memset(text + length, 0, sizeof text - length);
        return put_tag(w, EXT_FLOAT) && put(w, text, EXT_FLOAT_TEXT);
    }
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return put_tag(w, EXT_NEW_FLOAT) && put_number(w, bits, 8);
}

enum { FEW_BYTES = 16 };

/* So few that a call of memcpy would take longer. */
ACT_PLAIN_LOOPS static bool put_few(Writer *w, const unsigned char *bytes, size_t length)
{
    unsigned char *room = out_room(&w->out, length);
    for (size_t i = 0; room && i < length; i++) {
        room[i] = bytes[i];
    }
    w->out.to += room ? length : 0;
    return room != NULL;
}

static bool put_bits(Writer *w, Term t)
{
    BinaryView view;
    VM_CHECK(binary_view(t, &view));
    size_t length = (view.bits + 7) / 8;
    bool ok = view.bits % 8 == 0
                  ? put_tagged(w, EXT_BINARY, length, 4)
                  : put_tagged(w, EXT_BIT_BINARY, length, 4) && put_number(w, view.bits % 8, 1);
    if (!ok || length == 0) {
        return ok;
    }
    if (view.offset == 0 && view.bits % 8 == 0) {
        return length <= FEW_BYTES ? put_few(w, view.bytes, length) : put(w, view.bytes, length);
    }
    for (size_t i = 0; ok && i < length; i++) {
        unsigned char byte = 0;
        binary_copy_bits(view.bytes, view.offset + 8 * i, &byte, 0, ACT_MIN(8, view.bits - 8 * i));
        ok = put(w, &byte, 1);
    }
    return ok;
}

/* Room for count more terms to write, the first to be written last; NULL without memory. */
static Term *later_room(Writer *w, size_t count)
{
    if (!util_stack_reserve(&w->later, count)) {
        return NULL;
    }
    w->later.count += count;
    return w->later.items + w->later.count - count;
}

/* True if it is a proper list of at most 65535 bytes. */
static bool is_string(Term list, size_t *length)
{
    size_t count = 0;
    for (; term_is_cons(list) && count <= 65535; list = cons_tail(list)) {
        if (cons_head(list).w > small_make(255).w || !term_is_small(cons_head(list))) {
            return false;
        }
        count++;
    }
    *length = count;
    return term_is_nil(list) && count <= 65535;
}

static bool put_string(Writer *w, Term list, size_t length)
{
    unsigned char *room = put_tagged(w, EXT_STRING, length, 2) ? out_room(&w->out, length) : NULL;
    if (room == NULL) {
        return false;
    }
    for (; term_is_cons(list); list = cons_tail(list)) {
        *room++ = (unsigned char)small_value(cons_head(list));
    }
    w->out.to = room;
    return true;
}

/* Writes t if nothing of it would be put off; false if it is of another kind, or *ok is false:
 * without memory. */
ACT_INLINE bool put_leaf(Writer *w, Term t, bool *ok)
{
    if (term_is_integer(t)) {
        *ok = put_integer(w, t);
    } else if (term_is_atom(t)) {
        *ok = put_atom(w, t);
    } else if (term_is_nil(t)) {
        *ok = put_tag(w, EXT_NIL);
    } else if (term_is_float(t)) {
        *ok = put_float(w, float_value(t));
    } else if (term_is_bitstring(t)) {
        *ok = put_bits(w, t);
    } else {
        return false;
    }
    return *ok;
}

static bool put_list(Writer *w, Term list)
{
    size_t length = 0;
    if (is_string(list, &length)) {
        return put_string(w, list, length);
    }
    length = 0;
    for (Term t = list; term_is_cons(t); t = cons_tail(t)) {
        length++;
    }
    bool ok = put_tagged(w, EXT_LIST, length, 4);
    for (; ok && term_is_cons(list) && put_leaf(w, cons_head(list), &ok); list = cons_tail(list)) {
        length--;
    }
    if (ok && term_is_nil(list)) {
        return put_tag(w, EXT_NIL);
    }
    Term *room = ok ? later_room(w, length + 1) : NULL;
    for (size_t i = length; room != NULL && i > 0; i--, list = cons_tail(list)) {
        room[i] = cons_head(list);
    }
    if (room == NULL) {
        return false;
    }
    room[0] = list;
    return true;
}

static bool put_tuple(Writer *w, Term t)
{
    size_t arity = tuple_arity(t), at = 0;
    const Term *items = tuple_items(t);
    bool ok = arity <= 255 ? put_tagged(w, EXT_SMALL_TUPLE, arity, 1)
                           : put_tagged(w, EXT_LARGE_TUPLE, arity, 4);
    while (ok && at < arity && put_leaf(w, items[at], &ok)) {
        at++;
    }
    Term *room = ok && at < arity ? later_room(w, arity - at) : NULL;
    if (!ok || at == arity) {
        return ok;
    }
    for (size_t i = arity; room != NULL && i > at;) {
        *room++ = items[--i];
    }
    return room != NULL;
}

/* A flat map, if nothing of it would be put off; else how many words were written before. */
static size_t put_flat_leaves(Writer *w, Term t, bool *ok)
{
    const Term *keys = tuple_items(map_flat_keys(t)), *values = map_flat_values(t);
    size_t count = map_size(t), at = 0;
    while (at < 2 * count && put_leaf(w, at % 2 ? values[at / 2] : keys[at / 2], ok)) {
        at++;
    }
    return at;
}

/* The rest of a flat map from that word on is written later. */
static bool put_off_flat(Writer *w, Term t, size_t at)
{
    const Term *keys = tuple_items(map_flat_keys(t)), *values = map_flat_values(t);
    size_t left = 2 * map_size(t) - at;
    Term *room = left > 0 ? later_room(w, left) : NULL;
    for (; room != NULL && left > 0; at++) {
        room[--left] = at % 2 ? values[at / 2] : keys[at / 2];
    }
    return left == 0;
}

static bool put_map(Writer *w, Term t)
{
    size_t count = map_size(t), left = count * 2;
    Term key, value;
    MapIter it;
    bool ok = put_tagged(w, EXT_MAP, count, 4);
    if (ok && map_is_flat(t)) {
        size_t at = put_flat_leaves(w, t, &ok);
        return ok && put_off_flat(w, t, at);
    }
    map_iter(&it, t);
    bool more = map_iter_next(&it, &key, &value);
    for (; more && put_leaf(w, key, &ok); more = map_iter_next(&it, &key, &value)) {
        left--;
        if (!put_leaf(w, value, &ok)) {
            break;
        }
        left--;
    }
    Term *room = ok && left > 0 ? later_room(w, left) : NULL;
    while (room != NULL && left > 0) {
        if (left % 2 == 0) { /* else the key is written, the value is no leaf */
            room[--left] = key;
        }
        room[--left] = value;
        map_iter_next(&it, &key, &value);
    }
    return ok && left == 0;
}

static bool put_pid(Writer *w, Term t)
{
    return put_tag(w, EXT_NEW_PID) && put_atom(w, ATOM(nonode_nohost)) &&
           put_number(w, pid_slot(t), 4) && put_number(w, pid_generation(t), 4) &&
           put_number(w, 0, 4);
}

static bool put_reference(Writer *w, Term t)
{
    uint32_t number[REF_NUMBERS];
    ref_numbers(t, number);
    uint64_t extra = ref_extra(t);
    bool ok = put_tag(w, EXT_NEWER_REFERENCE) &&
              put_number(w, extra == 0 ? REF_NUMBERS : EXT_REFERENCE_WORDS, 2) &&
              put_atom(w, ATOM(nonode_nohost)) &&
              put_number(w, ref_creation(t) >> REF_CREATION_SHIFT, 4);
    for (unsigned i = 0; i < REF_NUMBERS; i++) {
        ok = ok && put_number(w, number[i], 4);
    }
    return ok && (extra == 0 || put_number(w, extra, 8));
}

static bool put_export(Writer *w, const Export *export)
{
    return put_tag(w, EXT_EXPORT) && put_atom(w, export->module) && put_atom(w, export->name) &&
           put_integer(w, small_make(export->arity));
}

static bool put_fun(Writer *w, Term t)
{
    const FunEntry *e = fun_entry(t);
    size_t free = fun_free_count(t);
    Term *room = later_room(w, free + 2);
    if (room == NULL) {
        return false;
    }
    for (size_t i = 0; i < free; i++) {
        room[free + 1 - i] = fun_free_values(t)[i];
    }
    room[0] = small_make((int64_t)out_length(&w->out) + 1);
    room[1] = TERM_NONE;
    unsigned char digest[EXT_FUN_DIGEST] = {0};
    memcpy(digest, &e->version, sizeof e->version);
    return put_tagged(w, EXT_FUN, 0, 4) && put_number(w, e->arity, 1) &&
           put(w, digest, sizeof digest) && put_number(w, e->index, 4) && put_number(w, free, 4) &&
           put_atom(w, e->module) && put_integer(w, small_make(e->index)) &&
           put_integer(w, small_make(e->uniq)) && put_pid(w, w->p->pid);
}

/* A fun and all that is in it is written: from its number on. */
static void fill_size(Writer *w, size_t at)
{
    size_t size = out_length(&w->out) - at;
    for (unsigned i = 0; i < 4; i++) {
        w->out.start[at + i] = (unsigned char)(size >> 8 * (3 - i));
    }
}

/* Writes t but for what is put off; BAD if there is no way to. */
static UtilStatus put_term(Writer *w, Term t)
{
    bool ok = true;
    if (put_leaf(w, t, &ok) || !ok) {
        return ok ? UTIL_OK : UTIL_NO_MEMORY;
    }
    if (term_is_cons(t)) {
        ok = put_list(w, t);
    } else if (term_is_tuple(t)) {
        ok = put_tuple(w, t);
    } else if (term_is_map(t)) {
        ok = put_map(w, t);
    } else if (term_is_pid(t)) {
        ok = put_pid(w, t);
    } else if (term_is_ref(t)) {
        ok = put_reference(w, t);
    } else if (term_is_kind(t, BOXED_EXPORT)) {
        ok = put_export(w, fun_export(t));
    } else if (term_is_kind(t, BOXED_FUN)) {
        ok = put_fun(w, t);
    } else {
        return UTIL_BAD;
    }
    return ok ? UTIL_OK : UTIL_NO_MEMORY;
}

/* What is done with the bytes, whose block it may take. */
typedef Term (*Finish)(Process *p, Out *out);

static Term as_binary(Process *p, Out *out)
{
    size_t length = out_length(out);
    if (!out->block || length <= BINARY_HEAP_MAX) {
        return util_binary(p, out->start, length);
    }
    OffHeap *fitting = offheap_resize(out->block, length);
    OffHeap *block = fitting ? fitting : out->block;
    out->block = NULL;
    Term binary = offheap_box(&p->heap, block, length);
    return term_same(binary, TERM_NONE) ? raise_no_memory(p) : binary;
}

static Term as_list(Process *p, Out *out)
{
    Term binary = as_binary(p, out);
    return term_same(binary, TERM_NONE) ? binary : util_cons(p, binary, TERM_NIL);
}

static Term as_size(Process *p, Out *out)
{
    return util_uint64(p, out_length(out));
}

enum { DEFAULT_LEVEL = 6 };

/* The minor version that the options ask for, -1 if there is a wrong one among them; *level: of
 * compression. */
static int read_options(Term options, int *level)
{
    *level = 0;
    int minor_version = 1;
    int64_t number;
    for (; term_is_cons(options); options = cons_tail(options)) {
        Term option = cons_head(options);
        if (term_is_tuple_of(option, 2)) {
            const Term *pair = tuple_items(option);
            if (term_same(pair[0], ATOM(minor_version)) && util_get_range(pair[1], 0, 2, &number)) {
                minor_version = (int)number;
            } else if (term_same(pair[0], ATOM(compressed)) &&
                       util_get_range(pair[1], 0, 9, &number)) {
                *level = (int)number;
            } else {
                return -1;
            }
        } else if (term_same(option, ATOM(compressed))) {
            *level = DEFAULT_LEVEL;
        } else if (!term_same(option, ATOM(deterministic))) {
            return -1;
        }
    }
    return term_is_nil(options) ? minor_version : -1;
}

/* As in OTP: the whole, with its head, may come out as long as the term's own bytes. */
enum { LEFT_BY_COMPRESSION = 4 };

/* Compresses all that was written, if that makes it small enough. */
static UtilStatus compress(Writer *w, int level)
{
    size_t length = out_length(&w->out) - 1, size = z_bound(length);
    unsigned char head[] = {EXT_VERSION,
                            EXT_COMPRESSED,
                            (unsigned char)(length >> 24),
                            (unsigned char)(length >> 16),
                            (unsigned char)(length >> 8),
                            (unsigned char)length};
    unsigned char *bytes = length <= UINT32_MAX ? alloc_try(size) : NULL;
    if (!bytes) {
        return length <= UINT32_MAX ? UTIL_NO_MEMORY : UTIL_OK;
    }
    UtilStatus status = UTIL_OK;
    if (z_compress(bytes, &size, w->out.start + 1, length, level) &&
        size + LEFT_BY_COMPRESSION < length) {
        w->out.to = w->out.start;
        bool done = put(w, head, sizeof head) && put(w, bytes, size);
        status = done ? UTIL_OK : UTIL_NO_MEMORY;
    }
    alloc_free(bytes);
    return status;
}

static Term write_external(Process *p, Term t, Term options, Finish finish)
{
    int level;
    Writer w;
    w.p = p;
    w.minor_version = read_options(options, &level);
    if (w.minor_version < 0) {
        return raise_badarg(p);
    }
    out_init(&w.out);
    util_stack_init(&w.later);
    UtilStatus status = put_tag(&w, EXT_VERSION) ? put_term(&w, t) : UTIL_NO_MEMORY;
    while (status == UTIL_OK && w.later.count > 0) {
        Term next = w.later.items[--w.later.count];
        if (term_same(next, TERM_NONE)) {
            fill_size(&w, (size_t)small_value(w.later.items[--w.later.count]));
        } else {
            status = put_term(&w, next);
        }
    }
    if (status == UTIL_OK && level > 0) {
        status = compress(&w, level);
    }
    util_spend_steps(p, out_length(&w.out));
    Term result = status == UTIL_OK ? finish(p, &w.out) : util_raise(p, status);
    util_stack_free(&w.later);
    out_free(&w.out);
    return result;
}

Term bif_erlang_term_to_binary_1(Process *p, const Term *a)
{
    return write_external(p, a[0], TERM_NIL, as_binary);
}

Term bif_erlang_term_to_binary_2(Process *p, const Term *a)
{
    return write_external(p, a[0], a[1], as_binary);
}

Term bif_erlang_term_to_iovec_1(Process *p, const Term *a)
{
    return write_external(p, a[0], TERM_NIL, as_list);
}

Term bif_erlang_term_to_iovec_2(Process *p, const Term *a)
{
    return write_external(p, a[0], a[1], as_list);
}

Term bif_erlang_external_size_1(Process *p, const Term *a)
{
    return write_external(p, a[0], TERM_NIL, as_size);
}

/* Of the options only the older two minor versions, as in OTP. */
static bool only_older_versions(Term options)
{
    for (; term_is_cons(options); options = cons_tail(options)) {
        Term option = cons_head(options);
        int64_t number;
        if (!term_is_tuple_of(option, 2) ||
            !term_same(tuple_items(option)[0], ATOM(minor_version)) ||
            !util_get_range(tuple_items(option)[1], 0, 1, &number)) {
            return false;
        }
    }
    return term_is_nil(options);
}

Term bif_erlang_external_size_2(Process *p, const Term *a)
{
    if (!only_older_versions(a[1])) {
        return raise_badarg(p);
    }
    return write_external(p, a[0], a[1], as_size);
}
