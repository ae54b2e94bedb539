/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/match/match_tree.c: clauses to decision trees: rows, columns, leaves, the choice of the
 * next column (see match_tree.h). */
#include "compiler/match/match_tree.h"
#include "vm/base/bug.h"
#include <string.h>

enum {
    COPIES_PER_ROW = 2, /* budget: how many copies of rows each row pays for */
    COPIES_FREE = 64,
    LOOK_AHEAD = 512, /* rows looked at when choosing a column */
};

uint32_t match_column(Matcher *m, SsaArg value)
{
    MatchColumn column = {.value = value};
    vec_push(&m->columns, column);
    return (uint32_t)m->columns.count - 1;
}

bool match_ignores(const Matcher *m, const CorePattern *pattern)
{
    return pattern->kind == CORE_P_ANY ||
           (pattern->kind == CORE_P_VAR && m->l->function->uses[pattern->var] == 0);
}

uint32_t match_room(const CorePattern *pattern)
{
    switch (pattern->kind) {
    case CORE_P_ANY:
    case CORE_P_VAR:
        return 0;
    case CORE_P_ALL: {
        uint32_t room = 0;
        for (uint32_t i = 0; i < pattern->list.count; i++) {
            room += match_room(pattern->list.items[i]);
        }
        return room;
    }
    default:
        return 1;
    }
}

static void bind(Matcher *m, MatchRow *row, CoreVar var, SsaArg value)
{
    MatchBound *bound = ARENA_NEW(m->l->scratch, MatchBound);
    bound->var = var;
    bound->value = value;
    bound->next = row->bound;
    row->bound = bound;
}

void match_demand(Matcher *m, MatchRow *row, uint32_t column, const CorePattern *pattern)
{
    if (match_ignores(m, pattern)) {
        return;
    }
    switch (pattern->kind) {
    case CORE_P_VAR:
        bind(m, row, pattern->var, m->columns.items[column].value);
        break;
    case CORE_P_ALL:
        for (uint32_t i = 0; i < pattern->list.count; i++) {
            match_demand(m, row, column, pattern->list.items[i]);
        }
        break;
    default:
        row->items[row->count++] = (MatchItem){column, false, pattern};
        break;
    }
}

MatchRow *match_row_without(Matcher *m, const MatchRow *row, uint32_t column, uint32_t more)
{
    MatchRow *copy = ARENA_NEW(m->l->scratch, MatchRow);
    copy->clause = row->clause;
    copy->bound = row->bound;
    copy->items = ARENA_ARRAY(m->l->scratch, MatchItem, row->count + more);
    for (uint32_t i = 0; i < row->count; i++) {
        if (row->items[i].column != column) {
            copy->items[copy->count++] = row->items[i];
        }
    }
    return copy;
}

void match_push_task(Matcher *m, SsaBlock *block, MatchRow **rows, uint32_t count, SsaBlockId fail)
{
    MatchTask task = {block, rows, count, fail};
    vec_push(&m->tasks, task);
}

void match_publish(Matcher *m, const MatchRow *row)
{
    for (const MatchBound *bound = row->bound; bound != NULL; bound = bound->next) {
        m->l->env[bound->var] = bound->value;
    }
}

/* The variables that a clause's patterns bind and that somebody uses. */
static void collect_vars(Matcher *m, const CorePattern *pattern, MatchBody *body, uint32_t *room)
{
    switch (pattern->kind) {
    case CORE_P_VAR:
        if (!match_ignores(m, pattern)) {
            if (body->count == *room) {
                uint32_t more = *room * 2 + 4;
                CoreVar *vars = ARENA_ARRAY(m->l->scratch, CoreVar, more);
                if (body->count > 0) {
                    memcpy(vars, body->vars, body->count * sizeof(CoreVar));
                }
                body->vars = vars;
                *room = more;
            }
            body->vars[body->count++] = pattern->var;
        }
        break;
    case CORE_P_LIST:
        for (uint32_t i = 0; i < pattern->list.count; i++) {
            collect_vars(m, pattern->list.items[i], body, room);
        }
        collect_vars(m, pattern->list.tail, body, room);
        break;
    case CORE_P_TUPLE:
    case CORE_P_ALL:
        for (uint32_t i = 0; i < pattern->list.count; i++) {
            collect_vars(m, pattern->list.items[i], body, room);
        }
        break;
    case CORE_P_MAP:
        for (uint32_t i = 0; i < pattern->map.count; i++) {
            collect_vars(m, pattern->map.values[i], body, room);
        }
        break;
    case CORE_P_BINARY:
        for (uint32_t i = 0; i < pattern->binary.count; i++) {
            collect_vars(m, pattern->binary.items[i].pattern, body, room);
        }
        break;
    default:
        break;
    }
}

/* The clause's body is reached from block. */
static void add_leaf(Matcher *m, const MatchRow *row, SsaBlock *block)
{
    MatchBody *body = &m->bodies[row->clause];
    MatchLeaf *leaf = ARENA_NEW(m->l->scratch, MatchLeaf);
    leaf->block = block;
    leaf->values = lower_args(m->l, body->count);
    for (uint32_t i = 0; i < body->count; i++) {
        leaf->values[i] = m->l->env[body->vars[i]];
    }
    leaf->next = body->leaves;
    body->leaves = leaf;
}

/* The first row demands nothing more. True if the task goes on with the rows below. */
static bool take_leaf(Matcher *m, MatchTask *task)
{
    Lower *l = m->l;
    const MatchRow *row = task->rows[0];
    const CoreClause *clause = &m->clauses[row->clause];
    match_publish(m, row);
    if (clause->tests.count == 0 && clause->guard_count == 0) {
        add_leaf(m, row, task->block);
        return false;
    }
    SsaBlock *below = task->count > 1 ? lower_block(l, 0) : NULL;
    l->block = task->block;
    lower_guards(l, clause->tests, clause->guards, clause->guard_count,
                 below != NULL ? below->id : task->fail);
    if (l->block != NULL) {
        add_leaf(m, row, l->block);
    }
    task->block = below;
    task->rows++;
    task->count--;
    return below != NULL;
}

static bool row_looks_at(const MatchRow *row, uint32_t column)
{
    for (uint32_t i = 0; i < row->count; i++) {
        if (row->items[i].column == column) {
            return true;
        }
    }
    return false;
}

static uint32_t run_length(const MatchTask *task, uint32_t column)
{
    uint32_t n = 1;
    while (n < task->count && n < LOOK_AHEAD && row_looks_at(task->rows[n], column)) {
        n++;
    }
    return n;
}

/* The first row's column that most rows from the top look at: those are decided without copies. */
static const MatchItem *choose(const MatchTask *task)
{
    const MatchRow *row = task->rows[0];
    const MatchItem *best = &row->items[0];
    uint32_t best_run = 0;
    if (task->count == 1 || row->count == 1) {
        return best;
    }
    for (uint32_t i = 0; i < row->count && i < 64; i++) {
        uint32_t run = run_length(task, row->items[i].column);
        if (run > best_run) {
            best = &row->items[i];
            best_run = run;
        }
    }
    return best;
}

static void run_task(Matcher *m, MatchTask task)
{
    while (task.count > 0 && task.rows[0]->count == 0) {
        if (!take_leaf(m, &task)) {
            return;
        }
    }
    m->l->block = task.block;
    if (task.count == 0) {
        lower_jump(m->l, task.fail);
        return;
    }
    const MatchItem *item = choose(&task);
    if (item->key) {
        match_key(m, task, item->column);
    } else if (item->pattern->kind == CORE_P_MAP) {
        match_map(m, task, item->column);
    } else if (item->pattern->kind == CORE_P_BINARY) {
        match_binary(m, task, item->column);
    } else {
        match_switch(m, task, item->column);
    }
}

static MatchRow *first_row(Matcher *m, uint32_t clause, uint32_t subject_count)
{
    MatchRow *row = ARENA_NEW(m->l->scratch, MatchRow);
    CorePattern **patterns = m->clauses[clause].patterns;
    uint32_t room = 0;
    row->clause = clause;
    for (uint32_t i = 0; i < subject_count; i++) {
        room += match_room(patterns[i]);
    }
    row->items = ARENA_ARRAY(m->l->scratch, MatchItem, room);
    for (uint32_t i = 0; i < subject_count; i++) {
        match_demand(m, row, i + 1, patterns[i]);
    }
    return row;
}

MatchBody *match_clauses(Lower *l, const SsaArg *subjects, uint32_t subject_count,
                         const CoreClause *clauses, uint32_t clause_count, SsaBlockId fail)
{
    Matcher matcher = {.l = l, .clauses = clauses};
    Matcher *m = &matcher;
    m->bodies = ARENA_ARRAY(l->scratch, MatchBody, clause_count + 1);
    m->copies_left = COPIES_FREE + (int64_t)clause_count * COPIES_PER_ROW;
    match_column(m, lower_nil(l));
    for (uint32_t i = 0; i < subject_count; i++) {
        match_column(m, subjects[i]);
    }
    MatchRow **rows = ARENA_ARRAY(l->scratch, MatchRow *, clause_count + 1);
    for (uint32_t i = 0; i < clause_count; i++) {
        uint32_t room = 0;
        for (uint32_t k = 0; k < subject_count; k++) {
            collect_vars(m, clauses[i].patterns[k], &m->bodies[i], &room);
        }
        rows[i] = first_row(m, i, subject_count);
    }
    if (clause_count == 0) {
        lower_jump(l, fail);
    } else {
        match_push_task(m, l->block, rows, clause_count, fail);
    }
    while (m->tasks.count > 0) {
        MatchTask task = vec_pop(&m->tasks);
        run_task(m, task);
    }
    vec_free(&m->columns);
    vec_free(&m->tasks);
    l->block = NULL;
    return m->bodies;
}

void match_enter(Lower *l, const MatchBody *body)
{
    l->block = NULL;
    if (body->leaves == NULL) {
        return;
    }
    if (body->leaves->next == NULL) {
        l->block = body->leaves->block;
        for (uint32_t i = 0; i < body->count; i++) {
            l->env[body->vars[i]] = body->leaves->values[i];
        }
        return;
    }
    SsaBlock *block = lower_block(l, body->count);
    for (const MatchLeaf *leaf = body->leaves; leaf != NULL; leaf = leaf->next) {
        lower_jump_with(l, leaf->block, block, leaf->values);
    }
    for (uint32_t i = 0; i < body->count; i++) {
        l->env[body->vars[i]] = ssa_use(block->params[i]);
    }
    l->block = block;
}
