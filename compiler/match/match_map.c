/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/match/match_map.c: maps: one type test, then a column for each key that rows ask for. */
#include "compiler/match/match_tree.h"

static bool same_arg(SsaArg a, SsaArg b)
{
    return a.konst != NULL ? b.konst != NULL && konst_same(a.konst, b.konst) : a.value == b.value;
}

static uint32_t key_hash(uint32_t keys, SsaArg key)
{
    uint64_t hash = key.konst != NULL ? konst_hash(key.konst) : key.value;
    hash = (hash ^ (uint64_t)keys << 32) * 0x9E3779B97F4A7C15u;
    return (uint32_t)(hash >> 32);
}

/* The slot of the key's column, or the free one where it belongs. */
static uint32_t *find_key(const Matcher *m, uint32_t keys, SsaArg key)
{
    uint32_t mask = m->key_room - 1;
    for (uint32_t at = key_hash(keys, key) & mask;; at = (at + 1) & mask) {
        uint32_t column = m->key_slots[at];
        if (column == 0 || (m->columns.items[column].keys == keys &&
                            same_arg(m->columns.items[column].key, key))) {
            return &m->key_slots[at];
        }
    }
}

static void grow_keys(Matcher *m)
{
    enum { FIRST_ROOM = 16 };
    const uint32_t *old = m->key_slots;
    uint32_t old_room = m->key_room;
    m->key_room = old_room > 0 ? old_room * 2 : FIRST_ROOM;
    m->key_slots = ARENA_ARRAY(m->l->scratch, uint32_t, m->key_room);
    for (uint32_t i = 0; i < old_room; i++) {
        if (old[i] != 0) {
            const MatchColumn *column = &m->columns.items[old[i]];
            *find_key(m, column->keys, column->key) = old[i];
        }
    }
}

/* The column of the key of the map, made when new. */
static uint32_t key_column(Matcher *m, uint32_t map, SsaArg key)
{
    if (m->key_count * 2 >= m->key_room) {
        grow_keys(m);
    }
    if (m->columns.items[map].keys == 0) {
        m->columns.items[map].keys = ++m->key_sets;
    }
    uint32_t keys = m->columns.items[map].keys;
    uint32_t *slot = find_key(m, keys, key);
    if (*slot == 0) {
        *slot = match_column(m, m->columns.items[map].value);
        m->columns.items[*slot].key = key;
        m->columns.items[*slot].keys = keys;
        m->key_count++;
    }
    return *slot;
}

/* Demands the keys of the map patterns on the column. False if the row wants no map there. */
static bool demand_keys(Matcher *m, MatchRow **row, uint32_t column, SsaBlockId fail)
{
    uint32_t more = 0;
    for (uint32_t i = 0; i < (*row)->count; i++) {
        const MatchItem *item = &(*row)->items[i];
        if (item->column == column) {
            if (item->pattern->kind != CORE_P_MAP) {
                return false;
            }
            more += item->pattern->map.count;
        }
    }
    const MatchRow *old = *row;
    *row = match_row_without(m, old, column, more);
    for (uint32_t i = 0; i < old->count; i++) {
        const CorePattern *pattern = old->items[i].pattern;
        for (uint32_t k = 0; old->items[i].column == column && k < pattern->map.count; k++) {
            SsaBlockId outer = m->l->fail;
            m->l->fail = fail;
            SsaArg key = lower_value(m->l, pattern->map.keys[k]);
            m->l->fail = outer;
            MatchItem item = {key_column(m, column, key), true, pattern->map.values[k]};
            (*row)->items[(*row)->count++] = item;
        }
    }
    return true;
}

/* What a row says of a column: nothing, a map only, something else only, or both (never matches).
 */
typedef enum { SAYS_NOTHING, SAYS_MAP, SAYS_OTHER, SAYS_BOTH } Says;

static Says what_it_says(const MatchRow *row, uint32_t column)
{
    Says says = SAYS_NOTHING;
    for (uint32_t i = 0; i < row->count; i++) {
        if (row->items[i].column == column) {
            says |= row->items[i].pattern->kind == CORE_P_MAP ? SAYS_MAP : SAYS_OTHER;
        }
    }
    return says;
}

/* Does the row ask the column for a key whose evaluation may fail? */
static bool may_fail(const MatchRow *row, uint32_t column)
{
    for (uint32_t i = 0; i < row->count; i++) {
        const CorePattern *pattern = row->items[i].pattern;
        bool asks = row->items[i].column == column && pattern->kind == CORE_P_MAP;
        for (uint32_t k = 0; asks && k < pattern->map.count; k++) {
            if (pattern->map.keys[k]->kind != CORE_LITERAL &&
                pattern->map.keys[k]->kind != CORE_VAR) {
                return true;
            }
        }
    }
    return false;
}

/* How many of the task's rows are decided now: until the budget for copies of those that say
 * nothing of the column is spent, or a row has a key that may fail. That row is decided alone: its
 * key is evaluated only when it is the first, and its failure leads to the rows below. */
static uint32_t decided(Matcher *m, const MatchTask *task, uint32_t column)
{
    for (uint32_t i = 0; i < task->count; i++) {
        if (may_fail(task->rows[i], column)) {
            return i == 0 ? 1 : i;
        }
        if (what_it_says(task->rows[i], column) == SAYS_NOTHING && m->copies_left-- <= 0) {
            return i;
        }
    }
    return task->count;
}

/* Leaves the task's rows from `from` on for when those above fail; answers where that is. */
static SsaBlockId cut(Matcher *m, const MatchTask *task, uint32_t from)
{
    if (from == task->count) {
        return task->fail;
    }
    SsaBlock *below = lower_block(m->l, 0);
    match_push_task(m, below, task->rows + from, task->count - from, task->fail);
    return below->id;
}

void match_map(Matcher *m, MatchTask task, uint32_t column)
{
    Lower *l = m->l;
    SsaBlock *is = lower_block(l, 0);
    SsaBlock *not = lower_block(l, 0);
    uint32_t count = decided(m, &task, column);
    MatchRow **is_rows = ARENA_ARRAY(l->scratch, MatchRow *, count);
    MatchRow **not_rows = ARENA_ARRAY(l->scratch, MatchRow *, count);
    uint32_t is_count = 0, not_count = 0;
    SsaArg value = m->columns.items[column].value;
    SsaBlockId fail = cut(m, &task, count);
    lower_test(l, BC_is_map, 0, &value, 1, is->id, not ->id);
    l->block = is;
    m->columns.items[column].keys = 0; /* key values that live here may not elsewhere */
    for (uint32_t i = 0; i < count; i++) {
        MatchRow *row = task.rows[i];
        Says says = what_it_says(row, column);
        if (says == SAYS_NOTHING || says == SAYS_OTHER) {
            not_rows[not_count++] = row;
        }
        if (says == SAYS_NOTHING || (says == SAYS_MAP && demand_keys(m, &row, column, fail))) {
            is_rows[is_count++] = row;
        }
    }
    match_push_task(m, not, not_rows, not_count, fail);
    match_push_task(m, l->block, is_rows, is_count, fail);
}

/* The row, knowing that the key is there with the value of that column. */
static MatchRow *with_value(Matcher *m, const MatchRow *row, uint32_t column, uint32_t value)
{
    uint32_t more = 0;
    for (uint32_t k = 0; k < row->count; k++) {
        more += row->items[k].column == column ? match_room(row->items[k].pattern) : 0;
    }
    MatchRow *copy = match_row_without(m, row, column, more);
    for (uint32_t k = 0; k < row->count; k++) {
        if (row->items[k].column == column) {
            match_demand(m, copy, value, row->items[k].pattern);
        }
    }
    return copy;
}

void match_key(Matcher *m, MatchTask task, uint32_t column)
{
    Lower *l = m->l;
    SsaBlock *has = lower_block(l, 0);
    SsaBlock *lacks = lower_block(l, 0);
    MatchColumn key = m->columns.items[column];
    SsaArg args[2] = {key.value, key.key};
    SsaEdge edges[2] = {ssa_edge(l->ssa, has->id, NULL, 0), ssa_edge(l->ssa, lacks->id, NULL, 0)};
    SsaTerm *term = lower_end(l, SSA_T_GUARD, args, 2, edges, 2, (CoreLine){0, 0});
    term->op = SSA_copy;
    term->test = BC_map_get;
    term->result = ssa_value_new(l->f);
    uint32_t value = match_column(m, ssa_use(term->result));
    uint32_t count = decided(m, &task, column);
    MatchRow **has_rows = ARENA_ARRAY(l->scratch, MatchRow *, count);
    MatchRow **lacks_rows = ARENA_ARRAY(l->scratch, MatchRow *, count);
    uint32_t has_count = 0, lacks_count = 0;
    for (uint32_t i = 0; i < count; i++) {
        MatchRow *row = task.rows[i];
        if (what_it_says(row, column) != SAYS_NOTHING) {
            row = with_value(m, row, column, value);
        } else {
            lacks_rows[lacks_count++] = row;
        }
        has_rows[has_count++] = row;
    }
    SsaBlockId fail = cut(m, &task, count);
    match_push_task(m, lacks, lacks_rows, lacks_count, fail);
    match_push_task(m, has, has_rows, has_count, fail);
}
