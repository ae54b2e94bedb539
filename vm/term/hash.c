/* SPDX-License-Identifier: Apache-2.0 */
/* vm/term/hash.c: the machine's own hash. A walk in a fixed order folds each word into the state;
 * of large maps, which =:= does not order, the pairs' hashes are added up. */
#include "vm/term/hash.h"

#include "vm/base/alloc.h"
#include "vm/term/binary.h"
#include "vm/term/fun.h"
#include "vm/term/map.h"
#include "vm/term/ref.h"

#define SEED_LIST 0xA0761D6478BD642Fu
#define SEED_TUPLE 0xE7037ED1A0B428DBu
#define SEED_MAP 0x8EBC6AF09C88C6E3u
#define SEED_FUN 0x589965CC75374CC3u
#define SEED_BITS 0x1D8E4E27C47D124Fu
#define SEED_REF 0xEB44ACCAB455D165u

/* What is being hashed: ranges of terms that fold into `state`, and large maps, where each pair
 * starts anew and is added to `sum`. */
typedef struct {
    const Term *next;
    size_t count;
    bool map;       /* a large map: it holds where we are */
    uint64_t state; /* map: state to go on with afterwards */
    uint64_t sum;
    MapIter *it;
    Term pair[2];
} HashFrame;

enum { FRAMES_FIRST = 12 };
typedef struct {
    HashFrame *frames;
    size_t count;
    size_t room;
    HashFrame first[FRAMES_FIRST];
    uint64_t state;
} HashWalk;

static HashFrame *push(HashWalk *w)
{
    if (w->count == w->room) {
        HashFrame *frames = alloc_must(w->room * 2 * sizeof *frames);
        memcpy(frames, w->frames, w->count * sizeof *frames);
        if (w->frames != w->first) {
            alloc_free(w->frames);
        }
        w->frames = frames;
        w->room *= 2;
    }
    return &w->frames[w->count++];
}

static void push_range(HashWalk *w, const Term *next, size_t count)
{
    if (count > 0) {
        HashFrame *f = push(w);
        f->next = next;
        f->count = count;
        f->map = false;
    }
}

static uint64_t hash_bytes(uint64_t h, const BinaryView *view)
{
    unsigned char word[8];
    for (size_t at = 0; at < view->bits; at += 64) {
        size_t bits = ACT_MIN(view->bits - at, 64);
        memset(word, 0, sizeof word);
        binary_copy_bits(view->bytes, view->offset + at, word, 0, bits);
        uint64_t value;
        memcpy(&value, word, sizeof value);
        h = hash_fold(h, value);
    }
    return hash_fold(h, view->bits);
}

static void hash_fun(HashWalk *w, Term t)
{
    if (term_is_kind(t, BOXED_EXPORT)) {
        const Export *e = fun_export(t);
        w->state =
            hash_fold(hash_fold(hash_fold(w->state ^ SEED_FUN, e->module.w), e->name.w), e->arity);
        return;
    }
    const FunEntry *f = fun_entry(t);
    w->state =
        hash_fold(hash_fold(w->state ^ SEED_FUN, f->module.w), (uint64_t)f->uniq << 32 | f->index);
    push_range(w, fun_free_values(t), fun_free_count(t));
}

static void hash_map(HashWalk *w, Term t)
{
    w->state = hash_fold(w->state ^ SEED_MAP, map_size(t));
    if (map_is_flat(t)) {
        push_range(w, map_flat_values(t), map_size(t));
        push_range(w, tuple_items(map_flat_keys(t)), map_size(t));
        return;
    }
    HashFrame *f = push(w);
    f->map = true;
    f->state = w->state;
    f->sum = 0;
    f->count = 0; /* of the pair: how many of the two are still to come */
    f->it = alloc_must(sizeof *f->it);
    map_iter(f->it, t);
    w->state = 0;
}

static void hash_boxed(HashWalk *w, Term t)
{
    const Term *words = boxed_words(t);
    BinaryView view;
    switch (header_kind(words[0].w)) {
    case BOXED_TUPLE:
        w->state = hash_fold(w->state ^ SEED_TUPLE, header_words(words[0].w));
        push_range(w, words + 1, header_words(words[0].w));
        break;
    case BOXED_MAP:
    case BOXED_HAMT:
        hash_map(w, t);
        break;
    case BOXED_FUN:
    case BOXED_EXPORT:
        hash_fun(w, t);
        break;
    case BOXED_REF:
    case BOXED_MAGIC:
        w->state = hash_fold(hash_fold(w->state ^ SEED_REF, ref_id(t)), ref_creation(t));
        break;
    case BOXED_BIG:
    case BOXED_BIG_NEGATIVE:
    case BOXED_FLOAT:
        for (size_t i = 0; i <= header_words(words[0].w); i++) {
            w->state = hash_fold(w->state, words[i].w);
        }
        break;
    default:
        VM_CHECK(binary_view(t, &view));
        w->state = hash_bytes(w->state ^ SEED_BITS, &view);
    }
}

static void hash_term(HashWalk *w, Term t)
{
    if (term_is_cons(t)) {
        w->state = hash_fold(w->state, SEED_LIST);
        push_range(w, cons_cell(t), 2);
    } else if (term_is_boxed(t)) {
        hash_boxed(w, t);
    } else {
        /* -0.0 is =:= 0.0 */
        bool minus_zero = t.w == float_immediate(-0.0).w;
        w->state = hash_fold(w->state, minus_zero ? float_immediate(0.0).w : t.w);
    }
}

/* The next term to hash; false at the end. */
static bool next_term(HashWalk *w, Term *t)
{
    while (w->count > 0) {
        HashFrame *f = &w->frames[w->count - 1];
        if (!f->map) {
            *t = *f->next++;
            w->count -= --f->count == 0;
            return true;
        }
        if (f->count == 1) {
            f->count = 2;
            *t = f->pair[1];
            return true;
        }
        f->sum += w->state; /* 0 before the first pair */
        if (map_iter_next(f->it, &f->pair[0], &f->pair[1])) {
            f->count = 1;
            w->state = SEED_MAP;
            *t = f->pair[0];
            return true;
        }
        w->state = hash_fold(f->state, f->sum);
        alloc_free(f->it);
        w->count--;
    }
    return false;
}

uint64_t term_hash_slow(Term t)
{
    HashWalk w;
    w.frames = w.first;
    w.count = 0;
    w.room = FRAMES_FIRST;
    w.state = 0;
    hash_term(&w, t);
    while (next_term(&w, &t)) {
        hash_term(&w, t);
    }
    if (w.frames != w.first) {
        alloc_free(w.frames);
    }
    return w.state;
}
