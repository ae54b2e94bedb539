/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/match/match_binary.c: a binary pattern, segment by segment. What does not fit sends the
 * task to the rows below. */
#include "compiler/match/match_tree.h"

typedef struct {
    Matcher *m;
    MatchRow *row;
    SsaArg context;
    SsaBlockId below;
} Segments;

static SsaTerm *guard(Segments *s, BcOpcode test, const SsaArg *args, uint32_t count, uint32_t imm,
                      bool result)
{
    Lower *l = s->m->l;
    SsaBlock *next = lower_block(l, 0);
    SsaEdge edges[2] = {ssa_edge(l->ssa, next->id, NULL, 0), ssa_edge(l->ssa, s->below, NULL, 0)};
    SsaTerm *term = lower_end(l, SSA_T_GUARD, args, count, edges, 2, (CoreLine){0, 0});
    term->op = SSA_copy;
    term->test = test;
    term->imm = imm;
    term->result = result ? ssa_value_new(l->f) : 0;
    l->block = next;
    return term;
}

static void test(Segments *s, BcOpcode op, uint32_t imm, const SsaArg *args, uint32_t count)
{
    SsaBlock *next = lower_block(s->m->l, 0);
    lower_test(s->m->l, op, imm, args, count, next->id, s->below);
    s->m->l->block = next;
}

static void take(Segments *s, const CorePattern *pattern, SsaArg value)
{
    if (pattern->kind == CORE_P_LITERAL) {
        SsaArg args[2] = {value, ssa_konst(pattern->konst)};
        test(s, BC_is_eq_exact, 0, args, 2);
        return;
    }
    uint32_t column = match_column(s->m, value);
    match_demand(s->m, s->row, column, pattern);
    match_publish(s->m, s->row);
}

static void take_rest(Segments *s, const CoreSegment *segment)
{
    Lower *l = s->m->l;
    if (segment->unit > 1) {
        test(s, BC_bs_bits_left, segment->unit, &s->context, 1);
    }
    if (!match_ignores(s->m, segment->pattern)) {
        SsaInstr *rest = lower_instr(l, SSA_bs_rest, &s->context, 1, (CoreLine){0, 0});
        take(s, segment->pattern, ssa_use(rest->result));
    }
}

/* Bits of an integer of known size, if it is surely a small one; else 0. */
static uint32_t small_bits(const CoreSegment *segment, SsaArg size)
{
    enum { MOST = 56, FLAGS = BC_SEG_SIGNED | BC_SEG_LITTLE | BC_SEG_NATIVE };
    if ((segment->spec & ~(uint32_t)FLAGS) != BC_SEG_INTEGER || size.konst == NULL ||
        size.konst->kind != KONST_INT || size.konst->integer <= 0 || size.konst->integer > MOST ||
        segment->unit > MOST) {
        return 0;
    }
    uint32_t bits = (uint32_t)size.konst->integer * segment->unit;
    bool ordered = bits % 8 == 0 || (segment->spec & (BC_SEG_LITTLE | BC_SEG_NATIVE)) == 0;
    return bits <= MOST && ordered ? bits : 0;
}

static void take_segment(Segments *s, const CoreSegment *segment)
{
    Lower *l = s->m->l;
    SsaArg args[2] = {s->context, lower_nil(l)};
    if (segment->size != NULL) {
        SsaBlockId outer = l->fail;
        l->fail = s->below;
        args[1] = lower_value(l, segment->size);
        l->fail = outer;
    }
    uint32_t imm = segment->spec | segment->unit << 16;
    if (match_ignores(s->m, segment->pattern)) {
        guard(s, BC_bs_skip, args, 2, imm, false);
        return;
    }
    uint32_t bits = small_bits(segment, args[1]);
    SsaTerm *term = bits > 0 ? guard(s, BC_bs_take, args, 1, bits | segment->spec << 16, true)
                             : guard(s, BC_bs_get, args, 2, imm, true);
    take(s, segment->pattern, ssa_use(term->result));
}

static void take_segments(Segments *s, const CorePattern *pattern)
{
    uint32_t count = pattern->binary.count;
    for (uint32_t i = 0; i < count; i++) {
        const CoreSegment *segment = &pattern->binary.items[i];
        if (segment->spec & BC_SEG_ALL) {
            take_rest(s, segment);
            return;
        }
        take_segment(s, segment);
    }
    test(s, BC_bs_at_end, 0, &s->context, 1);
}

static bool wants_binary(const MatchRow *row, uint32_t column)
{
    for (uint32_t i = 0; i < row->count; i++) {
        if (row->items[i].column == column && row->items[i].pattern->kind == CORE_P_BINARY) {
            return true;
        }
    }
    return false;
}

/* The row, looking at column `to` where it looked at `from`. */
static MatchRow *row_moved(Matcher *m, const MatchRow *row, uint32_t from, uint32_t to)
{
    MatchRow *copy = ARENA_NEW(m->l->scratch, MatchRow);
    *copy = *row;
    copy->items = ARENA_ARRAY(m->l->scratch, MatchItem, row->count);
    for (uint32_t i = 0; i < row->count; i++) {
        copy->items[i] = row->items[i];
        if (copy->items[i].column == from) {
            copy->items[i].column = to;
        }
    }
    return copy;
}

/* Opens the context of a column for all rows of the task that ask for a bitstring, if copying the
 * others is not too much; the column that they look at now. */
static uint32_t open_column(Matcher *m, MatchTask *task, uint32_t column)
{
    Lower *l = m->l;
    MatchRow **others = ARENA_ARRAY(l->scratch, MatchRow *, task->count);
    uint32_t other_count = 0;
    for (uint32_t i = 0; i < task->count; i++) {
        if (!wants_binary(task->rows[i], column)) {
            others[other_count++] = task->rows[i];
        }
    }
    if (task->count == 1 || other_count == task->count - 1 || m->copies_left < other_count) {
        return column; /* nobody to share it with, or too dear */
    }
    m->copies_left -= other_count;
    SsaBlock *no_bits = lower_block(l, 0);
    Segments s = {.m = m, .below = no_bits->id};
    SsaArg value = m->columns.items[column].value;
    SsaArg context = ssa_use(guard(&s, BC_bs_start, &value, 1, 0, true)->result);
    uint32_t opened = match_column(m, value);
    m->columns.items[opened].opened = true;
    m->columns.items[opened].context = context;
    MatchRow **rows = ARENA_ARRAY(l->scratch, MatchRow *, task->count);
    for (uint32_t i = 0; i < task->count; i++) {
        rows[i] = row_moved(m, task->rows[i], column, opened);
    }
    match_push_task(m, no_bits, others, other_count, task->fail);
    task->rows = rows;
    task->block = l->block;
    return opened;
}

/* A context at the start of the column's bitstring. */
static void enter_context(Segments *s, uint32_t column, bool fresh)
{
    Lower *l = s->m->l;
    const MatchColumn *c = &s->m->columns.items[column];
    if (!c->opened) {
        SsaArg value = c->value;
        s->context = ssa_use(guard(s, BC_bs_start, &value, 1, 0, true)->result);
        return;
    }
    s->context = c->context;
    if (!fresh) {
        lower_instr(l, SSA_bs_rewind, &s->context, 1, (CoreLine){0, 0});
    }
}

void match_binary(Matcher *m, MatchTask task, uint32_t column)
{
    Lower *l = m->l;
    bool fresh = false;
    if (!m->columns.items[column].opened) {
        column = open_column(m, &task, column);
        fresh = m->columns.items[column].opened;
    }
    const MatchRow *row = task.rows[0];
    SsaBlock *below = lower_block(l, 0);
    Segments s = {.m = m, .below = below->id};
    uint32_t room = 0;
    for (uint32_t i = 0; i < row->count; i++) {
        if (row->items[i].column == column && row->items[i].pattern->kind == CORE_P_BINARY) {
            room += row->items[i].pattern->binary.count;
        } else {
            room++;
        }
    }
    s.row = match_row_without(m, row, column, room);
    match_publish(m, s.row);
    for (uint32_t i = 0; i < row->count; i++) {
        const MatchItem *item = &row->items[i];
        if (item->column != column) {
            continue;
        }
        if (item->pattern->kind != CORE_P_BINARY) {
            s.row->items[s.row->count++] = *item; /* something else that must match too */
            continue;
        }
        enter_context(&s, column, fresh);
        fresh = false;
        take_segments(&s, item->pattern);
    }
    MatchRow **rows = ARENA_ARRAY(l->scratch, MatchRow *, 1);
    rows[0] = s.row;
    match_push_task(m, below, task.rows + 1, task.count - 1, task.fail);
    match_push_task(m, l->block, rows, 1, below->id);
}
