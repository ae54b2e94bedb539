/* SPDX-License-Identifier: Apache-2.0 */
/* vm/exec/build.c: maps and lists out of operands. */
#include "vm/exec/exec_slow.h"

#include "vm/base/alloc.h"
#include "vm/term/map.h"
#include "vm/vm_parts.h"

enum { PAIRS_ON_STACK = 32 };

static Term operand(const Operands *from, uint32_t i)
{
    Code word = from->operands[i];
    return *(const Term *)(from->bases[word & 3] + word);
}

/* Reads the pairs into room for PAIRS_ON_STACK of them, or a block; NULL: no memory, raised. */
static Term *read_pairs(Process *p, const Operands *pairs, Term *room)
{
    size_t words = 2 * (size_t)pairs->count;
    Term *items = pairs->count <= PAIRS_ON_STACK ? room : alloc_try(words * sizeof(Term));
    if (!items) {
        raise_no_memory(p);
        return NULL;
    }
    for (uint32_t i = 0; i < words; i++) {
        items[i] = operand(pairs, i);
    }
    return items;
}

static void drop_pairs(Term *items, const Term *room)
{
    if (items != room) {
        alloc_free(items);
    }
}

Term exec_map_new(Process *p, const Operands *pairs)
{
    Term room[2 * PAIRS_ON_STACK];
    Term *items = read_pairs(p, pairs, room);
    if (!items) {
        return TERM_NONE;
    }
    TermRoom heap = heap_room(&p->heap);
    Term map = map_from_pairs(p->vm->atoms, &heap, items, pairs->count);
    drop_pairs(items, room);
    return term_same(map, TERM_NONE) ? raise_no_memory(p) : map;
}

Term exec_map_put(Process *p, Term map, const Operands *pairs)
{
    if (!term_is_map(map)) {
        return raise_tagged(p, ATOM(badmap), map);
    }
    Term room[2 * PAIRS_ON_STACK];
    Term *items = read_pairs(p, pairs, room);
    if (!items) {
        return TERM_NONE;
    }
    TermRoom heap = heap_room(&p->heap);
    map = map_put_pairs(p->vm->atoms, &heap, map, items, pairs->count);
    drop_pairs(items, room);
    return term_same(map, TERM_NONE) ? raise_no_memory(p) : map;
}

Term exec_map_update(Process *p, Term map, const Operands *pairs)
{
    if (!term_is_map(map)) {
        return raise_tagged(p, ATOM(badmap), map);
    }
    TermRoom heap = heap_room(&p->heap);
    for (uint32_t i = 0; i < pairs->count; i++) {
        bool found = true;
        Term key = operand(pairs, 2 * i);
        map = map_update(&heap, map, key, operand(pairs, 2 * i + 1), &found);
        if (!found) {
            return raise_tagged(p, ATOM(badkey), key);
        }
        if (term_same(map, TERM_NONE)) {
            return raise_no_memory(p);
        }
    }
    return map;
}

Term exec_list_of(Process *p, const Operands *items)
{
    if (items->count == 0) {
        return TERM_NIL;
    }
    Term *words = process_alloc(p, 2 * (size_t)items->count);
    Term list = TERM_NIL;
    for (uint32_t i = items->count; words && i-- > 0;) {
        list = build_cons(&words, operand(items, i), list);
    }
    return list;
}
