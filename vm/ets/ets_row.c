/* SPDX-License-Identifier: Apache-2.0 */
/* vm/ets/ets_row.c: making, copying and giving back rows. */
#include "vm/ets/ets_row.h"

#include "vm/base/alloc.h"
#include "vm/mem/offheap.h"
#include "vm/term/compare.h"
#include "vm/term/copy.h"

#include <threads.h>

/* A row that is not flat has its version behind all else. */
static size_t row_size(size_t words, uint32_t extra, bool version)
{
    return sizeof(EtsRow) + (words + extra + version) * sizeof(Term);
}

static _Atomic(uint64_t) *version_of(const EtsRow *row)
{
    EtsRow *at = (EtsRow *)row;
    return row->flat ? &at->flat_version
                     : (_Atomic(uint64_t) *)(void *)(at->term + row->words + row->extra);
}

/* Room for a row whose tuple has so many elements. */
static EtsRow *row_alloc(Process *p, size_t words, uint32_t extra, bool flat, size_t arity)
{
    bool version = !flat && arity > 2;
    EtsRow *row =
        words < UINT32_MAX ? alloc_try_for(ALLOC_SYSTEM, row_size(words, extra, version)) : NULL;
    if (ACT_UNLIKELY(!row)) {
        raise_no_memory(p);
        return NULL;
    }
    row->words = (uint32_t)words;
    row->extra = (uint8_t)extra;
    row->flat = flat;
    row->off_heap = NULL;
    for (uint32_t i = 0; i < extra + version; i++) {
        row->term[words + i].w = 0;
    }
    atomic_init(&row->ghost, false);
    atomic_init(&row->frozen, false);
    return row;
}

static bool in_literals(const Heap *heap, Term t)
{
    const Term *words = (const Term *)(t.w & ~(uintptr_t)TAG_MASK);
    return words >= heap->literals && words < heap->literals_end;
}

/* True if no element needs to be copied. */
static bool is_flat(const Heap *heap, Term tuple)
{
    if (in_literals(heap, tuple)) {
        return true;
    }
    size_t arity = tuple_arity(tuple);
    const Term *items = tuple_items(tuple);
    for (size_t i = 0; i < arity; i++) {
        if ((term_is_cons(items[i]) || term_is_boxed(items[i])) && !in_literals(heap, items[i])) {
            return false;
        }
    }
    return true;
}

static EtsRow *row_deep(Process *p, Term tuple, uint32_t extra)
{
    CopyPlan plan;
    if (!copy_plan(&plan, tuple, p->heap.literals, p->heap.literals_end)) {
        raise_no_memory(p);
        return NULL;
    }
    EtsRow *row = row_alloc(p, plan.words, extra, false, tuple_arity(tuple));
    if (!row) {
        copy_drop(&plan);
        return NULL;
    }
    copy_run(&plan, row->term, &row->off_heap);
    return row;
}

EtsRow *ets_row_new(Process *p, Term tuple, uint32_t extra)
{
    if (!is_flat(&p->heap, tuple)) {
        return row_deep(p, tuple, extra);
    }
    size_t words = tuple_arity(tuple) + 1;
    EtsRow *row = row_alloc(p, words, extra, true, words - 1);
    if (row) {
        memcpy(row->term, boxed_words(tuple), words * sizeof *row->term);
    }
    return row;
}

EtsRow *ets_row_change(Process *p, const EtsRow *from, const uint32_t *positions,
                       const Term *values, size_t count, uint32_t extra)
{
    size_t arity = tuple_arity(ets_row_term(from));
    Term *words = alloc_try((arity + 1) * sizeof *words);
    if (!words) {
        raise_no_memory(p);
        return NULL;
    }
    memcpy(words, from->term, (arity + 1) * sizeof *words);
    for (size_t i = 0; i < count; i++) {
        words[positions[i]] = values[i];
    }
    EtsRow *row = ets_row_new(p, boxed_term(words), extra);
    alloc_free(words);
    return row;
}

void ets_row_free(EtsRow *row)
{
    if (!row->flat) {
        offheap_release_list(row->off_heap);
    }
    bool version = !row->flat && ets_row_has_version(row);
    alloc_free_for(ALLOC_SYSTEM, row, row_size(row->words, row->extra, version));
}

/* ---- storing in place ---- */

enum { TRIES_BEFORE_FREEZING = 4, LOOKS_BEFORE_YIELD = 64 };

uint64_t ets_row_version(const EtsRow *row)
{
    /* relaxed: the loads before it were acquire */
    return atomic_load_explicit(version_of(row), memory_order_relaxed);
}

uint64_t ets_row_await(EtsRow *row, unsigned tries)
{
    if (tries == TRIES_BEFORE_FREEZING) {
        atomic_store_explicit(&row->frozen, true, memory_order_relaxed);
    }
    unsigned looks = 0;
    uint64_t version;
    /* acquire: pairs with the release in ets_row_store: what was stored is seen */
    while ((version = atomic_load_explicit(version_of(row), memory_order_acquire)) & 1) {
        if (++looks % LOOKS_BEFORE_YIELD == 0) {
            thrd_yield();
        }
    }
    return version;
}

/* release: who sees it sees that the version is odd */
static void store(EtsRow *row, uint32_t position, Term word)
{
    __atomic_store_n(&row->term[position].w, word.w, __ATOMIC_RELEASE);
}

bool ets_row_store(EtsRow *row, const uint32_t *positions, const Term *values, size_t count)
{
    if (atomic_load_explicit(&row->frozen, memory_order_relaxed)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (!term_is_word(values[i]) || !term_is_word(row->term[positions[i]])) {
            return false;
        }
    }
    if (count == 1 && !ets_row_has_version(row)) {
        store(row, positions[0], values[0]);
        return true;
    }
    if (!ets_row_has_version(row)) {
        return false;
    }
    _Atomic(uint64_t) *version = version_of(row);
    uint64_t even = atomic_load_explicit(version, memory_order_relaxed);
    atomic_store_explicit(version, even + 1, memory_order_relaxed);
    for (size_t i = 0; i < count; i++) {
        store(row, positions[i], values[i]);
    }
    /* release: pairs with the acquire in ets_row_await */
    atomic_store_explicit(version, even + 2, memory_order_release);
    return true;
}

/* ---- copies ---- */

/* A large binary's box was copied to `to`: it counts, and p's heap knows of it. */
static void adopt_box(Heap *heap, Term *to)
{
    offheap_retain(refc_off_heap(to));
    to[REFC_NEXT].w = (uintptr_t)heap->off_heap;
    heap->off_heap = to;
    heap->off_heap_bytes += to[REFC_SIZE].w;
    if (heap->off_heap_bytes > heap->off_heap_limit) {
        heap->want_gc = true;
    }
}

static void copy_moved(Heap *heap, const EtsRow *row, Term *to)
{
    uintptr_t first = (uintptr_t)row->term;
    uintptr_t size = row->words * sizeof(Term);
    uintptr_t distance = (uintptr_t)to - first;
    for (size_t i = 0; i < row->words;) {
        Term t = ets_row_element(row, i);
        if (header_is(t.w)) {
            BoxedKind kind = header_kind(t.w);
            size_t raw = kind > BOXED_LAST_OF_TERMS ? header_words(t.w) + 1 : 1;
            memcpy(to + i, row->term + i, raw * sizeof *to);
            if (kind_is_counted(kind)) {
                adopt_box(heap, to + i);
            }
            i += raw;
            continue;
        }
        bool inside = (term_is_cons(t) || term_is_boxed(t)) && t.w - first < size;
        to[i].w = inside ? t.w + distance : t.w;
        i++;
    }
}

ACT_INLINE void copy_once(Heap *heap, const EtsRow *row, Term *to)
{
    if (!row->flat) {
        copy_moved(heap, row, to);
        return;
    }
    for (size_t i = 0; i < row->words; i++) {
        to[i] = ets_row_element(row, i);
    }
}

/* The row's words and room behind them; NULL, raised, without memory. */
ACT_INLINE Term *copy_and(Process *p, const EtsRow *row, size_t more)
{
    unsigned tries = 0;
    uint64_t version;
    Term *to;
    do {
        version = ets_row_look(row, tries++);
        to = process_alloc(p, row->words + more);
        if (ACT_UNLIKELY(!to)) {
            return NULL;
        }
        copy_once(&p->heap, row, to);
    } while (ACT_UNLIKELY(!ets_row_seen(row, version)));
    return to;
}

Term ets_row_copy(Process *p, const EtsRow *row)
{
    Term *to = copy_and(p, row, 0);
    return to ? boxed_term(to) : TERM_NONE;
}

Term ets_row_list(Process *p, const EtsRow *row)
{
    Term *to = copy_and(p, row, 2);
    if (!to) {
        return TERM_NONE;
    }
    Term *cell = to + row->words;
    cell[0] = boxed_term(to);
    cell[1] = TERM_NIL;
    return cons_term(cell);
}

Term ets_part_copy(Process *p, Term t)
{
    if (!term_is_cons(t) && !term_is_boxed(t)) {
        return t;
    }
    Heap *heap = &p->heap;
    CopyPlan plan;
    if (!copy_plan(&plan, t, heap->literals, heap->literals_end)) {
        return raise_no_memory(p);
    }
    if (plan.words == 0) {
        return plan.term;
    }
    Term *to = process_alloc(p, plan.words);
    if (!to) {
        copy_drop(&plan);
        return TERM_NONE;
    }
    Term *boxes = NULL;
    Term copy = copy_run(&plan, to, &boxes);
    while (boxes) {
        Term *next = (Term *)boxes[REFC_NEXT].w;
        boxes[REFC_NEXT].w = (uintptr_t)heap->off_heap;
        heap->off_heap = boxes;
        heap->off_heap_bytes += boxes[REFC_SIZE].w;
        boxes = next;
    }
    if (heap->off_heap_bytes > heap->off_heap_limit) {
        heap->want_gc = true;
    }
    return copy;
}
