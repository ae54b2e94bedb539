/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/match/match_tree.h: rows of patterns, and what match_tree.c and its parts share.
 *
 * After Maranget, "Compiling Pattern Matching to Good Decision Trees" (2008). A column is a value
 * that can be looked at: a subject, a part of one, or the value of a key in a map. A row is a
 * clause with what it still demands of columns; what matches anything is no demand. A row without
 * demands is a leaf: its guard is tried, and if it fails the rows below it are.
 *
 * Trees may grow exponentially where rows that do not look at the chosen column are copied below
 * each of its cases. Copies come out of a budget; when it is spent the rows are cut in two, and the
 * lower half is tried when the upper one fails (as Wadler's compilation does, which may look at a
 * value again but is linear). Work goes through a stack of tasks, not recursion: patterns may be
 * long lists. */
#ifndef ACT_MATCH_MATCH_TREE_H
#define ACT_MATCH_MATCH_TREE_H

#include "compiler/match/lower.h"

typedef struct {
    uint32_t column;
    bool key; /* the column is a map's key: it must be there, whatever the pattern says */
    const CorePattern *pattern;
} MatchItem;

typedef struct MatchBound MatchBound;
struct MatchBound {
    CoreVar var;
    SsaArg value;
    MatchBound *next;
};

typedef struct {
    uint32_t clause;
    MatchItem *items;
    uint32_t count;
    MatchBound *bound;
} MatchRow;

typedef struct {
    SsaArg value;  /* of a key column: the map */
    SsaArg key;    /* of a key column */
    uint32_t keys; /* of a map: number of its set of key columns, 0: none yet; of a key
                      column: of the set it is in */
    /* of a bitstring whose context is open wherever rows look at this column */
    bool opened;
    SsaArg context;
} MatchColumn;

typedef struct {
    SsaBlock *block;
    MatchRow **rows;
    uint32_t count;
    SsaBlockId fail;
} MatchTask;

typedef struct {
    Lower *l;
    const CoreClause *clauses;
    MatchBody *bodies;
    VEC(MatchColumn) columns; /* [0] is none */
    VEC(MatchTask) tasks;
    uint32_t *key_slots; /* key columns by map and key; open addressing */
    uint32_t key_room, key_count, key_sets;
    int64_t copies_left;
} Matcher;

/* A new column; its number. */
uint32_t match_column(Matcher *m, SsaArg value);
/* A copy of row without its items on the column, with room for more. */
MatchRow *match_row_without(Matcher *m, const MatchRow *row, uint32_t column, uint32_t more);
/* Demands the pattern of the column: binds, or adds items (row has room: match_room). */
void match_demand(Matcher *m, MatchRow *row, uint32_t column, const CorePattern *pattern);
/* How many items match_demand may add. */
uint32_t match_room(const CorePattern *pattern);
/* Is the pattern's value of no interest? */
bool match_ignores(const Matcher *m, const CorePattern *pattern);
void match_push_task(Matcher *m, SsaBlock *block, MatchRow **rows, uint32_t count, SsaBlockId fail);
/* Makes what the row binds known to the expressions that are lowered next. */
void match_publish(Matcher *m, const MatchRow *row);

/* match_switch.c: tests the column by the constructors that rows demand. */
void match_switch(Matcher *m, MatchTask task, uint32_t column);
/* match_map.c */
void match_map(Matcher *m, MatchTask task, uint32_t column);
void match_key(Matcher *m, MatchTask task, uint32_t column);
/* match_binary.c: takes the first row's binary pattern apart. */
void match_binary(Matcher *m, MatchTask task, uint32_t column);

#endif
