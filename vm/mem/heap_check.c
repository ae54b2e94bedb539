/* SPDX-License-Identifier: Apache-2.0 */
/* vm/mem/heap_check.c: proves that a heap keeps the rules of heap.h. For tests and debugging only:
 * slow, and memory for it is taken as needed. */
#include "vm/base/alloc.h"
#include "vm/base/vec.h"
#include "vm/mem/heap.h"
#include "vm/mem/offheap.h"
#include "vm/term/map.h"

/* Where a pointer leads. */
typedef enum { AREA_NONE, AREA_YOUNG, AREA_OLD, AREA_FRAGMENT, AREA_LITERAL } Area;

typedef struct {
    const Heap *heap;
    VEC(Term) todo;
    /* addresses seen, open addressing; 0 is free */
    uintptr_t *seen;
    size_t seen_count;
    size_t seen_room;
} Check;

static Area area_of(const Heap *heap, const Term *at, const Term **end)
{
    if (at >= heap->start && at < heap->top) {
        *end = heap->top;
        return AREA_YOUNG;
    }
    if (heap->old_start && at >= heap->old_start && at < heap->old_top) {
        *end = heap->old_top;
        return AREA_OLD;
    }
    if (heap->literals && at >= heap->literals && at < heap->literals_end) {
        *end = heap->literals_end;
        return AREA_LITERAL;
    }
    for (const Fragment *f = heap->fragments; f; f = f->next) {
        if (at >= f->words && at < f->words + f->used) {
            *end = f->words + f->used;
            return AREA_FRAGMENT;
        }
    }
    return AREA_NONE;
}

static void insert_seen(Check *c, uintptr_t address)
{
    size_t i = (address >> 3) * 0x9E3779B97F4A7C15u & (c->seen_room - 1);
    while (c->seen[i] != 0) {
        i = (i + 1) & (c->seen_room - 1);
    }
    c->seen[i] = address;
}

/* True the first time it is asked about an address. */
static bool first_visit(Check *c, uintptr_t address)
{
    if (c->seen_count * 2 >= c->seen_room) {
        uintptr_t *old = c->seen;
        size_t old_room = c->seen_room;
        c->seen_room = ACT_MAX(old_room * 2, 1024);
        c->seen = alloc_must_zero(c->seen_room * sizeof *c->seen);
        for (size_t i = 0; i < old_room; i++) {
            if (old[i] != 0) {
                insert_seen(c, old[i]);
            }
        }
        alloc_free(old);
    }
    for (size_t i = (address >> 3) * 0x9E3779B97F4A7C15u & (c->seen_room - 1); c->seen[i] != 0;
         i = (i + 1) & (c->seen_room - 1)) {
        if (c->seen[i] == address) {
            return false;
        }
    }
    insert_seen(c, address);
    c->seen_count++;
    return true;
}

static bool in_list(const Term *list, const Term *box)
{
    while (list && list != box) {
        list = (const Term *)list[REFC_NEXT].w;
    }
    return list != NULL;
}

static void check_refc(const Check *c, const Term *box)
{
    bool found = in_list(c->heap->off_heap, box) || in_list(c->heap->old_off_heap, box);
    for (const Fragment *f = c->heap->fragments; f && !found; f = f->next) {
        found = in_list(f->off_heap, box);
    }
    VM_CHECK(found);
    VM_CHECK(box[REFC_SIZE].w <= refc_off_heap(box)->room);
    VM_CHECK(atomic_load(&refc_off_heap(box)->references) > 0);
}

/* One word of the heap or of a root: a term that leads to a good place. */
static void check_word(Check *c, Term t, Area from)
{
    uintptr_t tag = t.w & TAG_MASK;
    if (tag == TAG_IMMEDIATE) {
        VM_CHECK((t.w & IMMEDIATE_MASK) <= IMMEDIATE_NIL);
        return;
    }
    if (tag != TAG_CONS && tag != TAG_BOXED) {
        return;
    }
    const Term *end;
    const Term *at = (const Term *)(t.w - tag);
    Area area = area_of(c->heap, at, &end);
    VM_CHECK(area != AREA_NONE);
    VM_CHECK(from != AREA_OLD || area == AREA_OLD || area == AREA_LITERAL);
    if (area == AREA_LITERAL) {
        return;
    }
    VM_CHECK((size_t)(end - at) >= (tag == TAG_CONS ? 2 : header_words(at[0].w) + 1));
    VM_CHECK(tag == TAG_CONS || header_is(at[0].w));
    if (first_visit(c, t.w)) {
        vec_push(&c->todo, t);
    }
}

static void check_raw(const Check *c, const Term *words)
{
    double value;
    switch (header_kind(words[0].w)) {
    case BOXED_BIG:
    case BOXED_BIG_NEGATIVE:
        VM_CHECK(header_words(words[0].w) > 0 && words[header_words(words[0].w)].w != 0);
        break;
    case BOXED_FLOAT:
        memcpy(&value, words + 1, sizeof value);
        VM_CHECK(header_words(words[0].w) == 1 && term_same(float_immediate(value), TERM_NONE));
        break;
    case BOXED_BINARY:
        VM_CHECK(words[1].w <= BINARY_HEAP_MAX);
        VM_CHECK(header_words(words[0].w) + 1 == binary_heap_words(words[1].w));
        break;
    case BOXED_REFC:
    case BOXED_MAGIC:
        check_refc(c, words);
        break;
    case BOXED_REF:
        VM_CHECK(header_words(words[0].w) == 3);
        break;
    default:
        VM_BUG("unknown kind of boxed term");
    }
}

static void check_inside(Check *c, Term t)
{
    const Term *end;
    if (term_is_cons(t)) {
        Area area = area_of(c->heap, cons_cell(t), &end);
        check_word(c, cons_head(t), area);
        check_word(c, cons_tail(t), area);
        return;
    }
    const Term *words = boxed_words(t);
    BoxedKind kind = header_kind(words[0].w);
    VM_CHECK(kind < BOXED__count);
    if (kind > BOXED_LAST_OF_TERMS) {
        check_raw(c, words);
        return;
    }
    if (kind == BOXED_MAP) {
        VM_CHECK(header_words(words[0].w) >= 1 && map_size(t) <= MAP_FLAT_MAX);
        VM_CHECK(term_is_tuple_of(map_flat_keys(t), map_size(t)));
    }
    if (kind == BOXED_SUB_BINARY) {
        VM_CHECK((size_t)small_value(words[SUB_OFFSET]) + (size_t)small_value(words[SUB_LENGTH]) <=
                 binary_bits(words[SUB_BASE]));
    }
    Area area = area_of(c->heap, words, &end);
    for (size_t i = 1; i <= header_words(words[0].w); i++) {
        check_word(c, words[i], area);
    }
}

static void check_range(Check *c, const Term *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!term_same(items[i], TERM_NONE)) { /* fields that are not set */
            check_word(c, items[i], AREA_NONE);
        }
    }
}

static void check_stack(Check *c, const Roots *roots)
{
    const Term *stack = c->heap->stack;
    const Site *site = roots->top_site;
    do {
        for (unsigned i = 0; i < site->frame; i++) {
            if (i >= 32 || site->live_y >> i & 1) {
                check_word(c, stack[i], AREA_NONE);
            }
        }
        stack += site->frame;
        VM_CHECK(stack < c->heap->end);
        const Code *return_address = (const Code *)stack->w;
        stack++;
        site = &roots->sites[return_address[-1]];
    } while (!(site->flags & SITE_BOTTOM));
}

void heap_check(const Heap *heap, const Roots *roots)
{
    Check c = {.heap = heap};
    VM_CHECK(heap->start <= heap->high_water && heap->high_water <= heap->top);
    VM_CHECK(heap->top <= heap->stack && heap->stack <= heap->end);
    VM_CHECK(heap->old_start <= heap->old_top && heap->old_top <= heap->old_end);
    for (size_t i = 0; i < roots->range_count; i++) {
        check_range(&c, roots->ranges[i].items, roots->ranges[i].count);
    }
    for (size_t i = 0; i < roots->more_count; i++) {
        check_range(&c, roots->more[i].items, roots->more[i].count);
    }
    if (roots->use_x && roots->top_site->live_count > 64) {
        check_range(&c, roots->x, roots->top_site->live_count);
    } else if (roots->use_x) {
        for (uint64_t live = roots->top_site->live_x; live; live &= live - 1) {
            check_word(&c, roots->x[__builtin_ctzll(live)], AREA_NONE);
        }
    }
    if (!roots->no_frame) {
        check_stack(&c, roots);
    }
    while (c.todo.count > 0) {
        Term t = vec_pop(&c.todo);
        check_inside(&c, t);
    }
    vec_free(&c.todo);
    alloc_free(c.seen);
}
