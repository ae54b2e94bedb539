/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/match/match_switch.c: one look at a column: which constructor is it?
 *
 * Rows from the top are sorted into groups, one for each constructor they demand; rows that demand
 * none go into every group, as long as the budget lasts. Then tests are emitted, class by class. */
#include "compiler/match/match_tree.h"
#include "vm/base/bug.h"
#include <string.h>

/* Classes of constructors: each is told apart from the others by one test. */
typedef enum { CONS, NIL, TUPLE, SIMPLE, OTHER, CLASSES } Class;

typedef VEC(MatchRow *) Rows;

typedef struct {
    Class class;
    const Konst *konst; /* SIMPLE, OTHER */
    uint32_t arity;     /* TUPLE */
    Rows rows;
    uint32_t next; /* in its class; index + 1 */
} Group;

typedef struct {
    Matcher *m;
    MatchTask task;
    uint32_t column;
    VEC(Group) groups;
    uint32_t first[CLASSES], last[CLASSES]; /* index + 1 */
    Class order[CLASSES];
    uint32_t class_count;
    uint32_t *slots; /* hash of constants: index + 1 */
    uint32_t slot_count;
    Rows otherwise;
} Switch;

static bool is_small(const Konst *konst)
{
    return konst->kind == KONST_INT && konst->integer >= -(1LL << 62) && konst->integer < 1LL << 62;
}

static Class class_of(const CorePattern *pattern)
{
    switch (pattern->kind) {
    case CORE_P_LIST:
        return CONS;
    case CORE_P_TUPLE:
        return TUPLE;
    default:
        if (pattern->konst->kind == KONST_NIL) {
            return NIL;
        }
        return pattern->konst->kind == KONST_ATOM || is_small(pattern->konst) ? SIMPLE : OTHER;
    }
}

static uint32_t group_new(Switch *s, Class class, const CorePattern *pattern)
{
    Group group = {.class = class};
    if (class == TUPLE) {
        group.arity = pattern->list.count;
    } else if (class == SIMPLE || class == OTHER) {
        group.konst = pattern->konst;
    }
    /* rows above that demand nothing of the column come first */
    for (size_t i = 0; i < s->otherwise.count; i++) {
        vec_push(&group.rows, s->otherwise.items[i]);
    }
    s->m->copies_left -= (int64_t)s->otherwise.count;
    vec_push(&s->groups, group);
    uint32_t number = (uint32_t)s->groups.count;
    if (s->first[class] == 0) {
        s->first[class] = number;
        s->order[s->class_count++] = class;
    } else {
        s->groups.items[s->last[class] - 1].next = number;
    }
    s->last[class] = number;
    return number;
}

static bool same_constant(const Konst *a, const Konst *b)
{
    if (a->kind == KONST_FLOAT && b->kind == KONST_FLOAT) {
        return a->real == b->real; /* 0.0 matches -0.0 */
    }
    return konst_same(a, b);
}

static uint64_t hash_constant(const Konst *a)
{
    return a->kind == KONST_FLOAT && a->real == 0 ? 0 : konst_hash(a);
}

static void grow_slots(Switch *s)
{
    uint32_t count = s->slot_count == 0 ? 16 : s->slot_count * 2;
    s->slots = ARENA_ARRAY(s->m->l->scratch, uint32_t, count);
    s->slot_count = count;
    for (uint32_t i = 0; i < s->groups.count; i++) {
        const Konst *konst = s->groups.items[i].konst;
        if (konst == NULL) {
            continue;
        }
        uint32_t at = (uint32_t)hash_constant(konst) & (count - 1);
        while (s->slots[at] != 0) {
            at = (at + 1) & (count - 1);
        }
        s->slots[at] = i + 1;
    }
}

static uint32_t constant_group(Switch *s, Class class, const CorePattern *pattern)
{
    if (s->groups.count * 2 >= s->slot_count) {
        grow_slots(s);
    }
    uint32_t at = (uint32_t)hash_constant(pattern->konst) & (s->slot_count - 1);
    while (s->slots[at] != 0) {
        if (same_constant(s->groups.items[s->slots[at] - 1].konst, pattern->konst)) {
            return s->slots[at];
        }
        at = (at + 1) & (s->slot_count - 1);
    }
    return s->slots[at] = group_new(s, class, pattern);
}

/* The number of the pattern's group, made when new. */
static uint32_t group_of(Switch *s, const CorePattern *pattern)
{
    Class class = class_of(pattern);
    if (class == SIMPLE || class == OTHER) {
        return constant_group(s, class, pattern);
    }
    for (uint32_t g = s->first[class]; g != 0; g = s->groups.items[g - 1].next) {
        if (class != TUPLE || s->groups.items[g - 1].arity == pattern->list.count) {
            return g;
        }
    }
    return group_new(s, class, pattern);
}

static const CorePattern *first_on(const MatchRow *row, uint32_t column)
{
    for (uint32_t i = 0; i < row->count; i++) {
        if (row->items[i].column == column) {
            return row->items[i].pattern;
        }
    }
    return NULL;
}

static bool is_string(const CorePattern *pattern)
{
    return pattern->kind == CORE_P_LITERAL && pattern->konst->kind == KONST_STRING;
}

/* "abc" as [$a | "bc"] */
static const CorePattern *unroll(Matcher *m, const CorePattern *pattern)
{
    Arena *arena = m->l->scratch;
    CorePattern *list = core_pattern_new(arena, CORE_P_LIST);
    list->list.items = ARENA_ARRAY(arena, CorePattern *, 1);
    list->list.count = 1;
    list->list.items[0] = core_pattern_new(arena, CORE_P_LITERAL);
    list->list.items[0]->konst = konst_int(m->l->arena, pattern->konst->points[0]);
    list->list.tail = core_pattern_new(arena, CORE_P_LITERAL);
    list->list.tail->konst =
        pattern->konst->count == 1
            ? konst_nil(m->l->arena)
            : konst_string(m->l->arena, pattern->konst->points + 1, pattern->konst->count - 1);
    return list;
}

/* Strings are compared whole, unless some row takes the list apart: then all are. */
static void unroll_strings(Switch *s)
{
    bool lists = false;
    for (uint32_t i = 0; i < s->task.count && !lists; i++) {
        for (uint32_t k = 0; k < s->task.rows[i]->count; k++) {
            const MatchItem *item = &s->task.rows[i]->items[k];
            lists = lists || (item->column == s->column && item->pattern->kind == CORE_P_LIST);
        }
    }
    for (uint32_t i = 0; i < s->task.count && lists; i++) {
        MatchRow *row = s->task.rows[i];
        bool copied = false;
        for (uint32_t k = 0; k < row->count; k++) {
            if (row->items[k].column != s->column || !is_string(row->items[k].pattern)) {
                continue;
            }
            if (!copied) {
                MatchRow *copy = match_row_without(s->m, row, 0, 0);
                copied = true;
                row = s->task.rows[i] = copy;
            }
            row->items[k].pattern = unroll(s->m, row->items[k].pattern);
        }
    }
}

static bool budget_allows(const Switch *s, uint64_t copies)
{
    return copies == 0 || s->m->copies_left >= (int64_t)copies;
}

/* Sorts rows into groups; answers how many were sorted: the rest is for when all fail. */
static uint32_t sort_rows(Switch *s)
{
    for (uint32_t i = 0; i < s->task.count; i++) {
        MatchRow *row = s->task.rows[i];
        const CorePattern *pattern = first_on(row, s->column);
        if (pattern != NULL && (pattern->kind == CORE_P_MAP || pattern->kind == CORE_P_BINARY)) {
            return i;
        }
        if (pattern == NULL) {
            if (!budget_allows(s, s->groups.count)) {
                return i;
            }
            s->m->copies_left -= (int64_t)s->groups.count;
            for (size_t g = 0; g < s->groups.count; g++) {
                vec_push(&s->groups.items[g].rows, row);
            }
            vec_push(&s->otherwise, row);
            continue;
        }
        if (s->otherwise.count > 0 && !budget_allows(s, s->otherwise.count)) {
            return i;
        }
        uint32_t group = group_of(s, pattern);
        vec_push(&s->groups.items[group - 1].rows, row);
    }
    return s->task.count;
}

/* The part of a cons or tuple pattern. */
static const CorePattern *list_tail(Matcher *m, const CorePattern *pattern)
{
    if (pattern->list.count == 1) {
        return pattern->list.tail;
    }
    CorePattern *tail = core_pattern_new(m->l->scratch, CORE_P_LIST);
    tail->list.items = pattern->list.items + 1;
    tail->list.count = pattern->list.count - 1;
    tail->list.tail = pattern->list.tail;
    return tail;
}

static uint32_t parts_of(const Group *group)
{
    return group->class == CONS ? 2 : group->class == TUPLE ? group->arity : 0;
}

static const CorePattern *part(Matcher *m, const Group *group, const CorePattern *pattern,
                               uint32_t at)
{
    if (group->class == CONS) {
        return at == 0 ? pattern->list.items[0] : list_tail(m, pattern);
    }
    return pattern->list.items[at];
}

static bool belongs(const Group *group, const CorePattern *pattern)
{
    if (pattern->kind == CORE_P_MAP || pattern->kind == CORE_P_BINARY ||
        class_of(pattern) != group->class) {
        return false;
    }
    return group->class == TUPLE  ? pattern->list.count == group->arity
           : group->konst != NULL ? same_constant(group->konst, pattern->konst)
                                  : true;
}

/* True if all the row demands of the column is of the group; counts the room its parts need. */
static bool fits(const Switch *s, const Group *group, const MatchRow *row, uint32_t *more)
{
    for (uint32_t i = 0; i < row->count; i++) {
        const CorePattern *pattern = row->items[i].pattern;
        if (row->items[i].column != s->column) {
            continue;
        }
        /* a constant binary says nothing about another pattern over the same binary */
        if (pattern->kind == CORE_P_BINARY && group->class == OTHER &&
            group->konst->kind == KONST_BINARY) {
            continue;
        }
        if (!belongs(group, pattern)) {
            return false;
        }
        if (group->class == TUPLE) {
            for (uint32_t k = 0; k < pattern->list.count; k++) {
                *more += match_room(pattern->list.items[k]);
            }
        } else if (group->class == CONS) {
            *more += match_room(pattern->list.items[0]) + 1 + match_room(pattern->list.tail);
        }
    }
    return true;
}

/* The instruction that reads a part, emitted at its first use in the group's block. */
static uint32_t part_column(Switch *s, const Group *group, SsaBlock *block, uint32_t *columns,
                            uint32_t at)
{
    if (columns[at] == 0) {
        Lower *l = s->m->l;
        SsaOp op = group->class == TUPLE ? SSA_element : at == 0 ? SSA_head : SSA_tail_of;
        SsaArg value = s->m->columns.items[s->column].value;
        l->block = block;
        SsaInstr *instr = lower_instr(l, op, &value, 1, (CoreLine){0, 0});
        instr->imm = group->class == TUPLE ? at : 0;
        columns[at] = match_column(s->m, ssa_use(instr->result));
    }
    return columns[at];
}

static MatchRow *refine(Switch *s, const Group *group, SsaBlock *block, uint32_t *columns,
                        const MatchRow *row, uint32_t more)
{
    MatchRow *copy = match_row_without(s->m, row, s->column, more + row->count);
    for (uint32_t i = 0; i < row->count; i++) {
        if (row->items[i].column != s->column) {
            continue;
        }
        const CorePattern *pattern = row->items[i].pattern;
        if (pattern->kind == CORE_P_BINARY) {
            copy->items[copy->count++] = row->items[i];
            continue;
        }
        for (uint32_t k = 0; k < parts_of(group); k++) {
            const CorePattern *p = part(s->m, group, pattern, k);
            if (!match_ignores(s->m, p)) {
                match_demand(s->m, copy, part_column(s, group, block, columns, k), p);
            }
        }
    }
    return copy;
}

/* The task of a group, in its block. */
static void push_group(Switch *s, Group *group, SsaBlock *block, SsaBlockId fail)
{
    Matcher *m = s->m;
    uint32_t *columns = ARENA_ARRAY(m->l->scratch, uint32_t, parts_of(group) + 1);
    MatchRow **rows = ARENA_ARRAY(m->l->scratch, MatchRow *, group->rows.count + 1);
    uint32_t count = 0;
    for (size_t i = 0; i < group->rows.count; i++) {
        MatchRow *row = group->rows.items[i];
        uint32_t more = 0;
        if (first_on(row, s->column) == NULL) {
            rows[count++] = row;
        } else if (fits(s, group, row, &more)) {
            rows[count++] = refine(s, group, block, columns, row, more);
        }
    }
    match_push_task(m, block, rows, count, fail);
}

static void test_one(Switch *s, Group *group, BcOpcode test, uint32_t imm, SsaBlockId no,
                     SsaBlockId fail)
{
    Lower *l = s->m->l;
    SsaBlock *yes = lower_block(l, 0);
    SsaArg args[2] = {s->m->columns.items[s->column].value};
    if (group->konst != NULL) {
        args[1] = ssa_konst(group->konst);
    }
    lower_test(l, test, imm, args, group->konst != NULL ? 2 : 1, yes->id, no);
    push_group(s, group, yes, fail);
}

/* The atom that every row of a tuple group has as its first element; NULL if they differ. */
static const Konst *common_tag(const Switch *s, const Group *group)
{
    const Konst *tag = NULL;
    for (size_t i = 0; i < group->rows.count && group->arity > 0; i++) {
        const CorePattern *pattern = first_on(group->rows.items[i], s->column);
        if (pattern == NULL || pattern->kind != CORE_P_TUPLE) {
            return NULL;
        }
        const CorePattern *first = pattern->list.items[0];
        if (first->kind != CORE_P_LITERAL || first->konst->kind != KONST_ATOM ||
            (tag != NULL && !konst_same(tag, first->konst))) {
            return NULL;
        }
        tag = first->konst;
    }
    return tag;
}

/* Drops the demand for the tag, which the test has seen to. */
static void drop_tag(Switch *s, Group *group)
{
    Arena *arena = s->m->l->scratch;
    for (size_t i = 0; i < group->rows.count; i++) {
        MatchRow *copy = match_row_without(s->m, group->rows.items[i], 0, 0);
        for (uint32_t k = 0; k < copy->count; k++) {
            MatchItem *item = &copy->items[k];
            if (item->column != s->column || item->pattern->kind != CORE_P_TUPLE ||
                item->pattern->list.count != group->arity ||
                item->pattern != first_on(group->rows.items[i], s->column)) {
                continue;
            }
            CorePattern *rest = core_pattern_new(arena, CORE_P_TUPLE);
            rest->list.count = group->arity;
            rest->list.items = ARENA_ARRAY(arena, CorePattern *, group->arity);
            memcpy(rest->list.items, item->pattern->list.items,
                   group->arity * sizeof(CorePattern *));
            rest->list.items[0] = core_pattern_new(arena, CORE_P_ANY);
            item->pattern = rest;
        }
        group->rows.items[i] = copy;
    }
}

static void test_tuples(Switch *s, SsaBlockId no, SsaBlockId fail)
{
    Lower *l = s->m->l;
    Group *group = &s->groups.items[s->first[TUPLE] - 1];
    SsaArg args[2] = {s->m->columns.items[s->column].value};
    if (group->next == 0) {
        const Konst *tag = common_tag(s, group);
        if (tag == NULL) {
            test_one(s, group, BC_is_tuple_of, group->arity, no, fail);
            return;
        }
        drop_tag(s, group);
        SsaBlock *yes = lower_block(l, 0);
        args[1] = ssa_konst(tag);
        lower_test(l, BC_is_tagged, group->arity, args, 2, yes->id, no);
        push_group(s, group, yes, fail);
        return;
    }
    SsaBlock *tuple = lower_block(l, 0);
    lower_test(l, BC_is_tuple, 0, args, 1, tuple->id, no);
    uint32_t count = 0;
    for (uint32_t g = s->first[TUPLE]; g != 0; g = s->groups.items[g - 1].next) {
        count++;
    }
    const Konst **keys = ARENA_ARRAY(l->arena, const Konst *, count);
    SsaEdge *edges = ARENA_ARRAY(l->arena, SsaEdge, count + 1);
    uint32_t at = 0;
    for (uint32_t g = s->first[TUPLE]; g != 0; g = s->groups.items[g - 1].next) {
        SsaBlock *block = lower_block(l, 0);
        keys[at] = konst_int(l->arena, s->groups.items[g - 1].arity);
        edges[at++] = ssa_edge(l->ssa, block->id, NULL, 0);
        push_group(s, &s->groups.items[g - 1], block, fail);
    }
    edges[at] = ssa_edge(l->ssa, no, NULL, 0);
    l->block = tuple;
    SsaTerm *term = lower_end(l, SSA_T_SWITCH_ARITY, args, 1, edges, count + 1, (CoreLine){0, 0});
    term->keys = keys;
    term->key_count = count;
}

static void test_simple(Switch *s, SsaBlockId no, SsaBlockId fail)
{
    Lower *l = s->m->l;
    Group *first = &s->groups.items[s->first[SIMPLE] - 1];
    if (first->next == 0) {
        test_one(s, first, BC_is_eq_exact, 0, no, fail);
        return;
    }
    uint32_t count = 0;
    for (uint32_t g = s->first[SIMPLE]; g != 0; g = s->groups.items[g - 1].next) {
        count++;
    }
    const Konst **keys = ARENA_ARRAY(l->arena, const Konst *, count);
    SsaEdge *edges = ARENA_ARRAY(l->arena, SsaEdge, count + 1);
    SsaBlock *here = l->block;
    uint32_t at = 0;
    for (uint32_t g = s->first[SIMPLE]; g != 0; g = s->groups.items[g - 1].next) {
        SsaBlock *block = lower_block(l, 0);
        keys[at] = s->groups.items[g - 1].konst;
        edges[at++] = ssa_edge(l->ssa, block->id, NULL, 0);
        push_group(s, &s->groups.items[g - 1], block, fail);
    }
    edges[at] = ssa_edge(l->ssa, no, NULL, 0);
    SsaArg value = s->m->columns.items[s->column].value;
    l->block = here;
    SsaTerm *term = lower_end(l, SSA_T_SWITCH, &value, 1, edges, count + 1, (CoreLine){0, 0});
    term->keys = keys;
    term->key_count = count;
}

static void test_others(Switch *s, SsaBlockId no, SsaBlockId fail)
{
    Lower *l = s->m->l;
    for (uint32_t g = s->first[OTHER]; g != 0; g = s->groups.items[g - 1].next) {
        bool last = s->groups.items[g - 1].next == 0;
        SsaBlock *next = last ? NULL : lower_block(l, 0);
        test_one(s, &s->groups.items[g - 1], BC_is_eq_exact, 0, last ? no : next->id, fail);
        l->block = next;
    }
}

static void test_class(Switch *s, Class class, SsaBlockId no, SsaBlockId fail)
{
    Group *group = &s->groups.items[s->first[class] - 1];
    switch (class) {
    case CONS:
        test_one(s, group, BC_is_cons, 0, no, fail);
        break;
    case NIL:
        test_one(s, group, BC_is_nil, 0, no, fail);
        break;
    case TUPLE:
        test_tuples(s, no, fail);
        break;
    case SIMPLE:
        test_simple(s, no, fail);
        break;
    default:
        test_others(s, no, fail);
        break;
    }
}

static void free_switch(Switch *s)
{
    for (size_t g = 0; g < s->groups.count; g++) {
        vec_free(&s->groups.items[g].rows);
    }
    vec_free(&s->groups);
    vec_free(&s->otherwise);
}

void match_switch(Matcher *m, MatchTask task, uint32_t column)
{
    Lower *l = m->l;
    Switch s = {.m = m, .task = task, .column = column};
    SsaBlock *here = l->block;
    unroll_strings(&s);
    uint32_t sorted = sort_rows(&s);
    SsaBlockId fail = task.fail;
    if (sorted < task.count) {
        SsaBlock *below = lower_block(l, 0);
        fail = below->id;
        match_push_task(m, below, task.rows + sorted, task.count - sorted, task.fail);
    }
    SsaBlockId no = fail;
    if (s.otherwise.count > 0) {
        SsaBlock *block = lower_block(l, 0);
        MatchRow **rows = ARENA_ARRAY(l->scratch, MatchRow *, s.otherwise.count);
        memcpy(rows, s.otherwise.items, s.otherwise.count * sizeof(MatchRow *));
        match_push_task(m, block, rows, (uint32_t)s.otherwise.count, fail);
        no = block->id;
    }
    l->block = here;
    for (uint32_t i = 0; i < s.class_count; i++) {
        SsaBlock *next = i + 1 < s.class_count ? lower_block(l, 0) : NULL;
        test_class(&s, s.order[i], next != NULL ? next->id : no, fail);
        l->block = next;
    }
    free_switch(&s);
}
