/* SPDX-License-Identifier: Apache-2.0 */
/* vm/ets/ets_row.c: making, copying and giving back rows. */
#include "vm/ets/ets_row.h"

#include "vm/base/alloc.h"
#include "vm/mem/offheap.h"
#include "vm/term/copy.h"

static size_t row_size(size_t words, uint32_t extra)
{
    return sizeof(EtsRow) + (words + extra) * sizeof(Term);
}

static EtsRow *row_alloc(Process *p, size_t words, uint32_t extra)
{
    EtsRow *row = words < UINT32_MAX ? alloc_try_for(ALLOC_SYSTEM, row_size(words, extra)) : NULL;
    if (ACT_UNLIKELY(!row)) {
        raise_no_memory(p);
        return NULL;
    }
    row->words = (uint32_t)words;
    row->extra = (uint16_t)extra;
    row->flat = true;
    row->off_heap = NULL;
    for (uint32_t i = 0; i < extra; i++) {
        row->term[words + i].w = 0;
    }
    atomic_init(&row->ghost, false);
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
    EtsRow *row = row_alloc(p, plan.words, extra);
    if (!row) {
        copy_drop(&plan);
        return NULL;
    }
    copy_run(&plan, row->term, &row->off_heap);
    row->flat = false;
    return row;
}

EtsRow *ets_row_new(Process *p, Term tuple, uint32_t extra)
{
    if (!is_flat(&p->heap, tuple)) {
        return row_deep(p, tuple, extra);
    }
    size_t words = tuple_arity(tuple) + 1;
    EtsRow *row = row_alloc(p, words, extra);
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
    offheap_release_list(row->off_heap);
    alloc_free_for(ALLOC_SYSTEM, row, row_size(row->words, row->extra));
}

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
        Term t = row->term[i];
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

Term ets_row_copy(Process *p, const EtsRow *row)
{
    Term *to = process_alloc(p, row->words);
    if (ACT_UNLIKELY(!to)) {
        return TERM_NONE;
    }
    if (row->flat) {
        for (size_t i = 0; i < row->words; i++) {
            to[i] = ets_row_element(row, i);
        }
    } else {
        copy_moved(&p->heap, row, to);
    }
    return boxed_term(to);
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
