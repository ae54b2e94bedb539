/* SPDX-License-Identifier: Apache-2.0 */
/* vm/proc/max_heap.c: see max_heap.h. */
#include "vm/proc/max_heap.h"

#include "vm/bytecode/bytecode.h"
#include "vm/term/map.h"
#include "vm/vm_parts.h"

static bool read_words(Term value, uint64_t *limit)
{
    if (!term_is_small(value)) {
        return false;
    }
    int64_t words = small_value(value);
    if (words != 0 && (words < MAX_HEAP_LEAST || words > SMALL_MAX >> MAX_HEAP_FLAGS)) {
        return false;
    }
    *limit = (uint64_t)words << MAX_HEAP_FLAGS | (*limit & MAX_HEAP_DEFAULT);
    return true;
}

/* The flag as the map says, if it does. False if what it says is no boolean. */
static bool read_flag(Term map, Term key, uint64_t flag, uint64_t *limit)
{
    Term value;
    if (!map_get(map, key, &value)) {
        return true;
    }
    *limit = term_same(value, ATOM(true)) ? *limit | flag : *limit & ~flag;
    return term_is_bool(value);
}

bool max_heap_read(Term value, uint64_t *limit)
{
    uint64_t read = *limit;
    Term size = value;
    if (term_is_map(value) && (!map_get(value, ATOM(size), &size) ||
                               !read_flag(value, ATOM(kill), MAX_HEAP_KILL, &read) ||
                               !read_flag(value, ATOM(error_logger), MAX_HEAP_REPORT, &read))) {
        return false;
    }
    if (!read_words(size, &read)) {
        return false;
    }
    *limit = read;
    return true;
}

Term max_heap_term(Process *p, uint64_t limit)
{
    const Term pairs[] = {ATOM(error_logger), term_bool(limit & MAX_HEAP_REPORT),
                          ATOM(kill),         term_bool(limit & MAX_HEAP_KILL),
                          ATOM(size),         small_make((int64_t)max_heap_words(limit))};
    TermRoom room = heap_room(&p->heap);
    Term map = map_from_pairs(p->vm->atoms, &room, pairs, ACT_COUNT(pairs) / 2);
    return term_same(map, TERM_NONE) ? raise_no_memory(p) : map;
}

static Term number(size_t value)
{
    return small_make((int64_t)value);
}

Term max_heap_report(const Process *p, size_t need, Term words[MAX_HEAP_REPORT_WORDS])
{
    const Heap *heap = &p->heap;
    size_t stack = (size_t)(heap->end - heap->stack);
    const Term items[MAX_HEAP_REPORT_ITEMS] = {
        p->pid,
        number(heap->max_words),
        number(heap_total(heap) + heap->fragment_words + need),
        term_bool(p->max_heap & MAX_HEAP_KILL),
        term_bool(p->max_heap & MAX_HEAP_REPORT),
        number(p->mailbox.length),
        number((size_t)(heap->old_end - heap->old_start)),
        number((size_t)(heap->end - heap->start)),
        number(heap->fragment_words),
        number((size_t)(heap->high_water - heap->start)),
        number(stack),
        number((size_t)(heap->old_top - heap->old_start)),
        number((size_t)(heap->top - heap->start)),
        number(heap->off_heap_bytes / sizeof(Term)),
    };
    Term list = TERM_NIL;
    for (size_t i = MAX_HEAP_REPORT_ITEMS; i-- > 0;) {
        words[2 * i] = items[i];
        words[2 * i + 1] = list;
        list = cons_term(&words[2 * i]);
    }
    return list;
}
