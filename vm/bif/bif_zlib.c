/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_zlib.c: compression for module zlib, by io/zstream.h.
 *
 * A stream is a magic reference (term/ref.h) to a block that owns a ZStream and ends it with the
 * last reference. Only its owner, a process, works with it; the owner alone gives it away. A step
 * takes and makes a bounded amount, so the library's loop gives turns back. */
#include "vm/bif/bif_util.h"
#include "vm/io/zstream.h"
#include "vm/mem/offheap.h"
#include "vm/sched/scheduler.h"
#include "vm/term/ref.h"
#include "vm/vm_parts.h"

#include <stdatomic.h>

enum {
    ZLIB_MAGIC = 0x7a6c6962,
    STEP_IN = 64 << 10,
    STEP_OUT = 64 << 10,
    WINDOW = 32 << 10,
    FLUSH_NONE = 0,
    FLUSH_FINISH = 4,
};

typedef struct {
    uint32_t magic;
    /* any thread, atomic: a pid's bits. The owner stores with release when it gives the stream
     * away, the new one acquires. */
    _Atomic(uintptr_t) owner;
    ZStream *stream; /* owner; NULL when closed */
    Term at_end;     /* owner: an atom: what the user does at the end of expanded data */
} Zlib;

static void drop(OffHeap *block)
{
    zstream_free(((Zlib *)block->bytes)->stream);
}

Term bif_act_zlib_open_0(Process *p, const Term *a)
{
    (void)a;
    OffHeap *block = offheap_new(sizeof(Zlib));
    ZStream *stream = block ? zstream_new() : NULL;
    if (!stream) {
        if (block) {
            offheap_release(block);
        }
        return raise_no_memory(p);
    }
    Zlib *zlib = (Zlib *)block->bytes;
    zlib->magic = ZLIB_MAGIC;
    atomic_init(&zlib->owner, p->pid.w);
    zlib->stream = stream;
    zlib->at_end = ATOM(undefined);
    block->drop = drop;
    Term ref = offheap_magic(&p->heap, block, scheduler_new_id(p->scheduler), 0);
    return term_same(ref, TERM_NONE) ? raise_no_memory(p) : ref;
}

/* The stream of a reference; NULL, raised, if it is none or another process's. */
static Zlib *zlib_of(Process *p, Term t)
{
    Zlib *zlib = NULL;
    if (term_is_ref(t) && ref_is_magic(t)) {
        zlib = (Zlib *)refc_off_heap(boxed_words(t))->bytes;
    }
    if (!zlib || zlib->magic != ZLIB_MAGIC) {
        raise_badarg(p);
        return NULL;
    }
    if (atomic_load_explicit(&zlib->owner, memory_order_acquire) != p->pid.w) {
        raise_error(p, util_atom(p, "not_on_controlling_process"));
        return NULL;
    }
    return zlib;
}

/* As zlib_of, of a stream in that mode; Z_NONE: in any. */
static ZStream *stream_in(Process *p, Term t, ZMode mode)
{
    Zlib *zlib = zlib_of(p, t);
    if (!zlib) {
        return NULL;
    }
    ZMode is = zlib->stream ? zstream_mode(zlib->stream) : Z_NONE;
    if (is == Z_NONE || (mode != Z_NONE && is != mode)) {
        raise_error(p, util_atom(p, "not_initialized"));
        return NULL;
    }
    return zlib->stream;
}

static ZMode mode_of(Process *p, Term t)
{
    return term_same(t, util_atom(p, "deflate")) ? Z_DEFLATE : Z_INFLATE;
}

static Term answer(Process *p, ZStatus status)
{
    switch (status) {
    case Z_GOES_ON:
    case Z_ENDED:
        return ATOM(ok);
    case Z_BAD_DATA:
    case Z_NEEDS:
        return raise_error(p, util_atom(p, "data_error"));
    case Z_MEMORY:
        return raise_no_memory(p);
    default:
        return raise_error(p, util_atom(p, "stream_error"));
    }
}

Term bif_act_zlib_close_1(Process *p, const Term *a)
{
    Zlib *zlib = zlib_of(p, a[0]);
    if (!zlib) {
        return TERM_NONE;
    }
    if (!zlib->stream) {
        return raise_error(p, util_atom(p, "not_initialized"));
    }
    zstream_free(zlib->stream);
    zlib->stream = NULL;
    return ATOM(ok);
}

Term bif_act_zlib_give_2(Process *p, const Term *a)
{
    Zlib *zlib = zlib_of(p, a[0]);
    if (!zlib || !term_is_pid(a[1])) {
        return zlib ? raise_badarg(p) : TERM_NONE;
    }
    atomic_store_explicit(&zlib->owner, a[1].w, memory_order_release);
    return ATOM(ok);
}

/* start(Z, {deflate, Level, Bits, Memory, Strategy} | {inflate, Bits, AtEnd}). */
Term bif_act_zlib_start_2(Process *p, const Term *a)
{
    Zlib *zlib = zlib_of(p, a[0]);
    if (!zlib) {
        return TERM_NONE;
    }
    if (!zlib->stream || zstream_mode(zlib->stream) != Z_NONE) {
        return raise_error(p, util_atom(p, "already_initialized"));
    }
    int64_t n[4] = {0};
    bool deflate = term_is_tuple_of(a[1], 5);
    if (!deflate && !term_is_tuple_of(a[1], 3)) {
        return raise_badarg(p);
    }
    for (unsigned i = 0; i < (deflate ? 4 : 1); i++) {
        if (!util_get_range(tuple_items(a[1])[i + 1], -64, 64, &n[i])) {
            return raise_badarg(p);
        }
    }
    if (!deflate) {
        zlib->at_end = tuple_items(a[1])[2];
        if (!term_is_atom(zlib->at_end)) {
            return raise_badarg(p);
        }
        return answer(p, zstream_inflate(zlib->stream, (int)n[0]));
    }
    return answer(p, zstream_deflate(zlib->stream, (int)n[0], (int)n[1], (int)n[2], (int)n[3]));
}

Term bif_act_zlib_stop_2(Process *p, const Term *a)
{
    ZStream *z = stream_in(p, a[0], mode_of(p, a[1]));
    return z ? answer(p, zstream_stop(z)) : TERM_NONE;
}

Term bif_act_zlib_reset_2(Process *p, const Term *a)
{
    ZStream *z = stream_in(p, a[0], mode_of(p, a[1]));
    return z ? answer(p, zstream_reset(z)) : TERM_NONE;
}

Term bif_act_zlib_params_3(Process *p, const Term *a)
{
    ZStream *z = stream_in(p, a[0], Z_DEFLATE);
    int64_t level, strategy;
    if (!z || !util_get_range(a[1], -1, 9, &level) || !util_get_range(a[2], 0, 4, &strategy)) {
        return z ? raise_badarg(p) : TERM_NONE;
    }
    unsigned char out[STEP_OUT / 16];
    size_t written = 0;
    Term ok = answer(p, zstream_params(z, (int)level, (int)strategy, out, sizeof out, &written));
    return term_same(ok, TERM_NONE) ? ok : util_binary(p, out, written);
}

Term bif_act_zlib_dictionary_3(Process *p, const Term *a)
{
    ZStream *z = stream_in(p, a[0], mode_of(p, a[1]));
    const unsigned char *bytes;
    size_t length;
    if (!z || !binary_bytes(a[2], &bytes, &length)) {
        return z ? raise_badarg(p) : TERM_NONE;
    }
    Term ok = answer(p, zstream_set_dictionary(z, bytes, length));
    return term_same(ok, TERM_NONE) ? ok : small_make(zstream_adler(z));
}

Term bif_act_zlib_dictionary_1(Process *p, const Term *a)
{
    ZStream *z = stream_in(p, a[0], Z_INFLATE);
    unsigned char window[WINDOW];
    size_t length = 0;
    Term ok = z ? answer(p, zstream_get_dictionary(z, window, &length)) : TERM_NONE;
    return term_same(ok, TERM_NONE) ? ok : util_binary(p, window, length);
}

/* What a step came to: more (call again with the rest), done (all taken), {'end', AtEnd} (of
 * the data), {need_dictionary, Adler}. */
static Term step_status(Process *p, const Zlib *zlib, ZStatus status, bool more)
{
    if (status == Z_ENDED) {
        return UTIL_TUPLE(p, util_atom(p, "end"), zlib->at_end);
    }
    if (status == Z_NEEDS) {
        return UTIL_TUPLE(p, util_atom(p, "need_dictionary"),
                          small_make(zstream_adler(zlib->stream)));
    }
    return util_atom(p, more ? "more" : "done");
}

/* step(Z, Binary, From, Flush, Most) -> {From1, Status, Output}. */
Term bif_act_zlib_step_5(Process *p, const Term *a)
{
    ZStream *z = stream_in(p, a[0], Z_NONE);
    const unsigned char *bytes;
    size_t length;
    int64_t from, flush, most;
    if (!z) {
        return TERM_NONE;
    }
    if (!binary_bytes(a[1], &bytes, &length) || !util_get_range(a[2], 0, INT64_MAX >> 2, &from) ||
        (size_t)from > length || !util_get_range(a[3], FLUSH_NONE, FLUSH_FINISH, &flush) ||
        !util_get_range(a[4], 1, STEP_OUT, &most)) {
        return raise_badarg(p);
    }
    unsigned char out[STEP_OUT];
    size_t in = ACT_MIN(length - (size_t)from, (size_t)STEP_IN);
    bool last = (size_t)from + in == length;
    ZStep step = {.in = bytes + from,
                  .in_left = in,
                  .out = out,
                  .out_left = (size_t)most,
                  .flush = last ? (int)flush : FLUSH_NONE};
    ZStatus status = zstream_step(z, &step);
    if (status >= Z_BAD_DATA) {
        return answer(p, status);
    }
    size_t taken = in - step.in_left, made = (size_t)most - step.out_left;
    bool more = step.out_left == 0 || (taken > 0 && step.in_left > 0) || (!last && in > 0);
    util_spend_steps(p, (taken + made) * 4);
    Term output = util_binary(p, out, made);
    Term word =
        term_same(output, TERM_NONE) ? output : step_status(p, zlib_of(p, a[0]), status, more);
    return term_same(word, TERM_NONE)
               ? word
               : UTIL_TUPLE(p, small_make(from + (int64_t)taken), word, output);
}

Term bif_act_zlib_keep_2(Process *p, const Term *a)
{
    ZStream *z = stream_in(p, a[0], Z_NONE);
    const unsigned char *bytes;
    size_t length;
    if (!z || !binary_bytes(a[1], &bytes, &length)) {
        return z ? raise_badarg(p) : TERM_NONE;
    }
    return zstream_keep(z, bytes, length) ? ATOM(ok) : raise_no_memory(p);
}

Term bif_act_zlib_aligned_1(Process *p, const Term *a)
{
    return util_aligned(p, a[0]);
}

Term bif_act_zlib_kept_2(Process *p, const Term *a)
{
    ZStream *z = stream_in(p, a[0], mode_of(p, a[1]));
    if (!z) {
        return TERM_NONE;
    }
    size_t length;
    const unsigned char *bytes = zstream_kept(z, &length);
    return util_binary(p, length > 0 ? bytes : (const unsigned char *)"", length);
}

Term bif_act_zlib_crc32_1(Process *p, const Term *a)
{
    ZStream *z = stream_in(p, a[0], Z_NONE);
    return z ? small_make(zstream_crc(z)) : TERM_NONE;
}
