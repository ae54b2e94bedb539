/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_maps.c: maps (the terms themselves: term/map.h). The order of keys, values, pairs and
 * iterators is one: that of map_iter. */
#include "vm/base/alloc.h"
#include "vm/bif/bif_util.h"
#include "vm/term/map.h"
#include "vm/vm_parts.h"

static Term badmap(Process *p, Term t)
{
    return raise_tagged(p, ATOM(badmap), t);
}

/* A map that was just built, or the exception. */
static Term built(Process *p, Term map)
{
    return term_same(map, TERM_NONE) ? raise_no_memory(p) : map;
}

Term bif_erlang_map_size_1(Process *p, const Term *a)
{
    return term_is_map(a[0]) ? small_make((int64_t)map_size(a[0])) : badmap(p, a[0]);
}

Term bif_erlang_is_map_key_2(Process *p, const Term *a)
{
    Term value;
    return term_is_map(a[1]) ? term_bool(map_get(a[1], a[0], &value)) : badmap(p, a[1]);
}

Term bif_erlang_map_get_2(Process *p, const Term *a)
{
    Term value;
    if (!term_is_map(a[1])) {
        return badmap(p, a[1]);
    }
    return map_get(a[1], a[0], &value) ? value : raise_tagged(p, ATOM(badkey), a[0]);
}

Term bif_maps_get_2(Process *p, const Term *a)
{
    return bif_erlang_map_get_2(p, a);
}

Term bif_maps_is_key_2(Process *p, const Term *a)
{
    return bif_erlang_is_map_key_2(p, a);
}

Term bif_maps_find_2(Process *p, const Term *a)
{
    Term value;
    if (!term_is_map(a[1])) {
        return badmap(p, a[1]);
    }
    return map_get(a[1], a[0], &value) ? UTIL_TUPLE(p, ATOM(ok), value) : ATOM(error);
}

Term bif_maps_put_3(Process *p, const Term *a)
{
    if (!term_is_map(a[2])) {
        return badmap(p, a[2]);
    }
    TermRoom room = heap_room(&p->heap);
    return built(p, map_put(vm_atoms(p->vm), &room, a[2], a[0], a[1]));
}

Term bif_maps_update_3(Process *p, const Term *a)
{
    if (!term_is_map(a[2])) {
        return badmap(p, a[2]);
    }
    TermRoom room = heap_room(&p->heap);
    bool found = true;
    Term map = map_update(&room, a[2], a[0], a[1], &found);
    return found ? built(p, map) : raise_tagged(p, ATOM(badkey), a[0]);
}

Term bif_maps_remove_2(Process *p, const Term *a)
{
    if (!term_is_map(a[1])) {
        return badmap(p, a[1]);
    }
    TermRoom room = heap_room(&p->heap);
    return built(p, map_remove(vm_atoms(p->vm), &room, a[1], a[0]));
}

Term bif_maps_take_2(Process *p, const Term *a)
{
    Term value;
    if (!term_is_map(a[1])) {
        return badmap(p, a[1]);
    }
    if (!map_get(a[1], a[0], &value)) {
        return ATOM(error);
    }
    Term rest = bif_maps_remove_2(p, a);
    return term_same(rest, TERM_NONE) ? rest : UTIL_TUPLE(p, value, rest);
}

Term bif_maps_merge_2(Process *p, const Term *a)
{
    if (!term_is_map(a[0]) || !term_is_map(a[1])) {
        return badmap(p, term_is_map(a[0]) ? a[1] : a[0]);
    }
    TermRoom room = heap_room(&p->heap);
    util_spend_steps(p, map_size(a[1]) * 4);
    return built(p, map_merge(vm_atoms(p->vm), &room, a[0], a[1]));
}

/* ---- whole maps as lists ---- */

typedef enum { EACH_KEY, EACH_VALUE, EACH_PAIR } Each;

static Term map_list(Process *p, Term map, Each each)
{
    if (!term_is_map(map)) {
        return badmap(p, map);
    }
    size_t count = map_size(map);
    if (count == 0) {
        return TERM_NIL;
    }
    size_t step = each == EACH_PAIR ? 5 : 2; /* a cell, and a tuple of two */
    Term *words = process_alloc(p, count * step);
    if (words == NULL) {
        return TERM_NONE;
    }
    Term whole = cons_term(words), key, value;
    MapIter it;
    map_iter(&it, map);
    for (size_t left = count; left > 0; left--, words += step) {
        VM_CHECK(map_iter_next(&it, &key, &value));
        words[1] = left > 1 ? cons_term(words + step) : TERM_NIL;
        if (each == EACH_PAIR) {
            Term *top = words + 2;
            words[0] = build_tuple2(&top, key, value);
        } else {
            words[0] = each == EACH_KEY ? key : value;
        }
    }
    util_spend_steps(p, count * 2);
    return whole;
}

Term bif_maps_keys_1(Process *p, const Term *a)
{
    return map_list(p, a[0], EACH_KEY);
}

Term bif_maps_values_1(Process *p, const Term *a)
{
    return map_list(p, a[0], EACH_VALUE);
}

Term bif_maps_to_list_1(Process *p, const Term *a)
{
    return map_list(p, a[0], EACH_PAIR);
}

/* The map of a proper list of that length: of pairs, or (value not TERM_NONE) of keys. */
static Term map_of_list(Process *p, Term list, size_t length, Term value)
{
    Term *pairs = alloc_try((length * 2 + 1) * sizeof *pairs);
    if (pairs == NULL) {
        return raise_no_memory(p);
    }
    size_t count = 0;
    for (; term_is_cons(list); list = cons_tail(list)) {
        Term item = cons_head(list);
        bool pair = term_same(value, TERM_NONE);
        if (pair && !term_is_tuple_of(item, 2)) {
            alloc_free(pairs);
            return raise_badarg(p);
        }
        pairs[count++] = pair ? tuple_items(item)[0] : item;
        pairs[count++] = pair ? tuple_items(item)[1] : value;
    }
    TermRoom room = heap_room(&p->heap);
    Term map = map_from_pairs(vm_atoms(p->vm), &room, pairs, length);
    alloc_free(pairs);
    util_spend_steps(p, length * 8);
    return built(p, map);
}

Term bif_maps_from_list_1(Process *p, const Term *a)
{
    int64_t length = util_list_length(a[0]);
    return length < 0 ? raise_badarg(p) : map_of_list(p, a[0], (size_t)length, TERM_NONE);
}

Term bif_maps_from_keys_2(Process *p, const Term *a)
{
    int64_t length = util_list_length(a[0]);
    return length < 0 ? raise_badarg(p) : map_of_list(p, a[0], (size_t)length, a[1]);
}

/* ---- iterators ---- */

enum { NEXT_PAIRS = 64 }; /* pairs that one call hands out */

/* The pairs from the first one, or those behind the key in *after; how many. */
static size_t collect_pairs(Term map, const Term *after, Term *pairs)
{
    size_t count = 0;
    MapIter it;
    if (after) {
        map_iter_after(&it, map, *after);
    } else {
        map_iter(&it, map);
    }
    while (count < NEXT_PAIRS && map_iter_next(&it, &pairs[2 * count], &pairs[2 * count + 1])) {
        count++;
    }
    return count;
}

/* act_maps:next(Position, Map): a position is 0, or [Key] behind that key. */
Term bif_act_maps_next_2(Process *p, const Term *a)
{
    Term value;
    bool start = term_same(a[0], small_make(0));
    if (!term_is_map(a[1]) ||
        (!start && (!term_is_cons(a[0]) || !map_get(a[1], cons_head(a[0]), &value)))) {
        return raise_badarg(p);
    }
    Term pairs[2 * NEXT_PAIRS];
    Term behind = start ? TERM_NIL : cons_head(a[0]);
    size_t count = collect_pairs(a[1], start ? NULL : &behind, pairs);
    Term chain = ATOM(none);
    if (count == NEXT_PAIRS) { /* perhaps more: [[Key] | Map] */
        Term *cells = process_alloc(p, 4);
        if (cells == NULL) {
            return TERM_NONE;
        }
        Term position = build_cons(&cells, pairs[2 * count - 2], TERM_NIL);
        chain = build_cons(&cells, position, a[1]);
    }
    Term *words = count == 0 ? NULL : process_alloc(p, count * 4);
    if (count > 0 && words == NULL) {
        return TERM_NONE;
    }
    for (size_t i = count; i > 0; i--) {
        chain = build_tuple3(&words, pairs[2 * i - 2], pairs[2 * i - 1], chain);
    }
    util_spend_steps(p, count * 4);
    return chain;
}
