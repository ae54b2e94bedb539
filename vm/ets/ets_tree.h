/* SPDX-License-Identifier: Apache-2.0 */
/* vm/ets/ets_tree.h: rows in the order of their keys: a B+ tree (Bayer, McCreight 1972; Comer 1979)
 * with one writer at a time, whose readers take no lock.
 *
 * A node never changes but by single stores: a child takes the place of a child, a row that of a
 * row of the same key, a row comes behind the last of a leaf. For all else the writer makes new
 * nodes and puts them into the place of the old ones with one store, from the leaf up as far as
 * needed; the old ones stay good until the reader's turn ends (sched/epoch.h). So a reader's way
 * from the root is a tree of one moment.
 *
 * Keys that are == are the same key. A node remembers keys that are one word (an atom, a small
 * integer), to be compared without a look at the row. A separator that is no such word is the key
 * of a row that is in the tree: when that row goes, another takes its place there (reseat). */
#ifndef ACT_ETS_ETS_TREE_H
#define ACT_ETS_ETS_TREE_H

#include "vm/ets/ets_row.h"
#include "vm/vm_parts.h"

enum { TREE_HEIGHT_MAX = 16 };

typedef struct TreeNode TreeNode;

typedef struct {
    _Atomic(TreeNode *) root; /* release by the writer, acquire by readers */
    _Atomic(uint64_t) words;  /* of all nodes; written by the writer, relaxed */
    const AtomTable *atoms;
    uint32_t key_position;
} Tree;

/* What is looked for: a key, or a range of keys that lie together: <0: the key comes before them.
 */
typedef struct {
    Term key;                                    /* with a range: TERM_NIL */
    int (*range)(const void *context, Term key); /* NULL: the key */
    const void *context;
} TreeProbe;

/* A place in a leaf, and the way to it. */
typedef struct {
    uint32_t height; /* nodes on the way; the last is the leaf */
    TreeNode *nodes[TREE_HEIGHT_MAX];
    uint32_t at[TREE_HEIGHT_MAX]; /* the child that the way goes on with; the place in the leaf */
} TreePath;

/* False without memory. */
bool tree_init(Tree *tree, const AtomTable *atoms, uint32_t key_position);
/* Gives back up to *budget rows of a tree that nobody looks at, and counts it down; true when all
 * is gone. */
bool tree_free_some(Tree *tree, size_t *budget);

/* Readers, and the writer. */

/* The row of the key, NULL if there is none. */
EtsRow *tree_find(const Tree *tree, Term key);
/* To the first row that is not before the probe (with after: that is behind it): tree_here is NULL
 * if it would be the first of the next leaf, or there is none. */
void tree_seek(const Tree *tree, const TreeProbe *probe, bool after, TreePath *path);
void tree_seek_end(const Tree *tree, TreePath *path); /* behind all */
EtsRow *tree_here(const TreePath *path);
bool tree_is_at(const Tree *tree, const TreePath *path, Term key); /* the row there has the key */
/* To the row there, or the first of the next leaf; NULL if there is none. */
EtsRow *tree_forward(TreePath *path);
/* To the row before, NULL if there is none. */
EtsRow *tree_back(TreePath *path);
/* To row number index, NULL if there are no more than that. */
EtsRow *tree_seek_index(const Tree *tree, uint64_t index, TreePath *path);

/* The writer. The path comes from tree_seek for the row's key; it is good no longer after an insert
 * or a remove. */

/* A row for a key that has none. False without memory. */
bool tree_insert(Tree *tree, const TreePath *path, Scheduler *s, EtsRow *row);
/* A row in the place of the one here; that one is nobody's then. */
void tree_replace(Tree *tree, const TreePath *path, EtsRow *with);
/* The row here is taken out, and nobody's. False without memory: it is still there. */
bool tree_remove(Tree *tree, const TreePath *path, Scheduler *s);

#endif
