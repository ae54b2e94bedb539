/* SPDX-License-Identifier: Apache-2.0 */
/* vm/ets/ets_tree_change.c: see ets_tree.h: changes. All new nodes are made before one is
 * published. */
#include "vm/ets/ets.h"
#include "vm/ets/ets_tree_node.h"

#include "vm/base/alloc.h"
#include "vm/term/compare.h"

enum {
    FEW_PARTS = 4,     /* a node with less than this part of its most entries looks for company, */
    FULL_QUARTERS = 3, /* of not more than so many quarters together */
};

static uint32_t most_of(const TreeNode *node)
{
    return node->is_leaf ? TREE_LEAF_MAX : TREE_INNER_MAX;
}

/* ---- filling a node that is not published ---- */

static void add_entry(TreeNode *to, Term word, EtsRow *row, TreeNode *child)
{
    uint32_t at = atomic_load_explicit(&to->count, memory_order_relaxed);
    to->slots[at] = word;
    to->slots[to->room + at].w = (uintptr_t)row;
    if (!to->is_leaf) {
        to->slots[2 * to->room + at].w = (uintptr_t)child;
    }
    atomic_store_explicit(&to->count, at + 1, memory_order_relaxed);
}

static void add_from(TreeNode *to, const TreeNode *from, uint32_t first, uint32_t end)
{
    for (uint32_t i = first; i < end; i++) {
        add_entry(to, node_word(from, i), node_row(from, i),
                  from->is_leaf ? NULL : node_child(from, i));
    }
}

static void add_row(const Tree *tree, TreeNode *leaf, EtsRow *row)
{
    Term key = row->term[tree->key_position];
    add_entry(leaf, term_is_word(key) ? key : TERM_NONE, row, NULL);
}

/* ---- publishing ---- */

static void publish(Tree *tree, const TreePath *path, uint32_t level, TreeNode *node)
{
    if (level == 0) {
        atomic_store_explicit(&tree->root, node, memory_order_release);
    } else {
        TreeNode *above = path->nodes[level - 1];
        __atomic_store_n(&above->slots[2 * above->room + path->at[level - 1]].w, (uintptr_t)node,
                         __ATOMIC_RELEASE);
    }
}

static void retire(Tree *tree, Scheduler *s, TreeNode *node)
{
    tree_node_forget(tree, node);
    ets_retire_block(s, node);
}

static void drop(Tree *tree, TreeNode *node)
{
    if (node) {
        tree_node_forget(tree, node);
        alloc_free(node);
    }
}

/* ---- inserting ---- */

static bool put_two(Tree *tree, const TreePath *path, uint32_t level, TreeNode *left,
                    TreeNode *right, Scheduler *s);

static bool new_root(Tree *tree, const TreePath *path, TreeNode *left, TreeNode *right)
{
    TreeNode *root =
        path->height < TREE_HEIGHT_MAX ? tree_node_new(tree, false, TREE_INNER_MAX) : NULL;
    if (!root) {
        return false;
    }
    add_entry(root, TERM_NONE, NULL, left);
    add_entry(root, node_word(right, 0), node_row(right, 0), right);
    publish(tree, path, 0, root);
    return true;
}

/* The entries [first, end) of node with child `at` being left, and right behind it. */
static TreeNode *with_two(Tree *tree, const TreeNode *node, uint32_t first, uint32_t end,
                          uint32_t at, TreeNode *left, TreeNode *right)
{
    TreeNode *fresh = tree_node_new(tree, false, TREE_INNER_MAX);
    for (uint32_t i = first; fresh && i < end; i++) {
        add_entry(fresh, node_word(node, i), node_row(node, i),
                  i == at ? left : node_child(node, i));
        if (i == at) {
            add_entry(fresh, node_word(right, 0), node_row(right, 0), right);
        }
    }
    return fresh;
}

/* The inner node at level is full. */
static bool split_inner(Tree *tree, const TreePath *path, uint32_t level, TreeNode *left,
                        TreeNode *right, Scheduler *s)
{
    TreeNode *full = path->nodes[level];
    uint32_t at = path->at[level], count = node_count(full);
    /* who always puts behind all leaves full nodes behind */
    uint32_t half = at + 1 == count ? count - 1 : count / 2;
    TreeNode *low = with_two(tree, full, 0, half, at, left, right);
    TreeNode *high = with_two(tree, full, half, count, at, left, right);
    if (!low || !high || !put_two(tree, path, level, low, high, s)) {
        drop(tree, low);
        drop(tree, high);
        return false;
    }
    return true;
}

/* Two nodes in the place of the one at level, which is retired. False without memory. */
static bool put_two(Tree *tree, const TreePath *path, uint32_t level, TreeNode *left,
                    TreeNode *right, Scheduler *s)
{
    bool put;
    if (level == 0) {
        put = new_root(tree, path, left, right);
    } else if (node_count(path->nodes[level - 1]) == TREE_INNER_MAX) {
        put = split_inner(tree, path, level - 1, left, right, s);
    } else {
        TreeNode *above = path->nodes[level - 1];
        TreeNode *fresh =
            with_two(tree, above, 0, node_count(above), path->at[level - 1], left, right);
        put = fresh != NULL;
        if (put) {
            publish(tree, path, level - 1, fresh);
            retire(tree, s, above);
        }
    }
    if (put) {
        retire(tree, s, path->nodes[level]);
    }
    return put;
}

/* The entries [first, end) of a leaf with the row before entry `at`, if that is among them or the
 * end of all. */
static TreeNode *leaf_with(Tree *tree, const TreeNode *leaf, uint32_t first, uint32_t end,
                           uint32_t at, EtsRow *row, uint32_t room)
{
    TreeNode *fresh = tree_node_new(tree, true, room);
    if (fresh) {
        add_from(fresh, leaf, first, ACT_MIN(at, end));
        add_row(tree, fresh, row);
        add_from(fresh, leaf, ACT_MAX(at, first), end);
    }
    return fresh;
}

static TreeNode *leaf_part(Tree *tree, const TreeNode *leaf, uint32_t first, uint32_t end)
{
    TreeNode *fresh = tree_node_new(tree, true, end - first);
    if (fresh) {
        add_from(fresh, leaf, first, end);
    }
    return fresh;
}

static bool split_leaf(Tree *tree, const TreePath *path, EtsRow *row, Scheduler *s)
{
    uint32_t level = path->height - 1;
    const TreeNode *leaf = path->nodes[level];
    uint32_t at = path->at[level], count = node_count(leaf);
    uint32_t half = at == count ? count : count / 2;
    bool low = at < half;
    TreeNode *left =
        low ? leaf_with(tree, leaf, 0, half, at, row, half + 1) : leaf_part(tree, leaf, 0, half);
    TreeNode *right = low ? leaf_part(tree, leaf, half, count)
                          : leaf_with(tree, leaf, half, count, at, row,
                                      at == count ? TREE_LEAF_MAX : count - half + 1);
    if (!left || !right || !put_two(tree, path, level, left, right, s)) {
        drop(tree, left);
        drop(tree, right);
        return false;
    }
    return true;
}

/* The row behind the last of a leaf that has room. */
static void append(const Tree *tree, TreeNode *leaf, uint32_t count, EtsRow *row)
{
    Term key = row->term[tree->key_position];
    leaf->slots[count] = term_is_word(key) ? key : TERM_NONE;
    leaf->slots[leaf->room + count].w = (uintptr_t)row;
    /* release: who sees that it is one more sees it */
    atomic_store_explicit(&leaf->count, count + 1, memory_order_release);
}

bool tree_insert(Tree *tree, const TreePath *path, Scheduler *s, EtsRow *row)
{
    uint32_t level = path->height - 1;
    TreeNode *leaf = path->nodes[level];
    uint32_t at = path->at[level], count = node_count(leaf);
    if (at == count && count < leaf->room) {
        append(tree, leaf, count, row);
        return true;
    }
    if (count == TREE_LEAF_MAX) {
        return split_leaf(tree, path, row, s);
    }
    uint32_t room = at == count ? ACT_MIN(2 * count, (uint32_t)TREE_LEAF_MAX) : count + 1;
    TreeNode *fresh =
        leaf_with(tree, leaf, 0, count, at, row, ACT_MAX(room, (uint32_t)TREE_FIRST_ROOM));
    if (fresh) {
        publish(tree, path, level, fresh);
        retire(tree, s, leaf);
    }
    return fresh != NULL;
}

/* ---- rows that separate ---- */

static EtsRow *first_row(const TreeNode *node)
{
    while (!node->is_leaf) {
        node = node_child(node, 0);
    }
    return node_row(node, 0);
}

/* `old` goes: where it separates, `with` does, or (NULL) the first row there is
 * behind. Before it is retired. */
static void reseat(Tree *tree, const EtsRow *old, EtsRow *with)
{
    TreeProbe probe = {.key = old->term[tree->key_position]};
    TreePath path;
    tree_seek(tree, &probe, false, &path);
    for (uint32_t level = 0; level + 1 < path.height; level++) {
        TreeNode *node = path.nodes[level];
        uint32_t at = path.at[level];
        if (at > 0 && term_same(node_word(node, at), TERM_NONE) && node_row(node, at) == old) {
            EtsRow *row = with ? with : first_row(node_child(node, at));
            __atomic_store_n(&node->slots[node->room + at].w, (uintptr_t)row, __ATOMIC_RELEASE);
        }
    }
}

/* The key of the row here is where a node begins. */
static bool separates(const TreePath *path)
{
    uint32_t level = path->height - 1;
    if (path->at[level] > 0) {
        return false;
    }
    while (level > 0 && path->at[level - 1] == 0) {
        level--;
    }
    const TreeNode *above = level > 0 ? path->nodes[level - 1] : NULL;
    return above && term_same(node_word(above, path->at[level - 1]), TERM_NONE) &&
           node_row(above, path->at[level - 1]) == tree_here(path);
}

void tree_replace(Tree *tree, const TreePath *path, EtsRow *with)
{
    uint32_t level = path->height - 1;
    TreeNode *leaf = path->nodes[level];
    EtsRow *old = tree_here(path);
    bool separating = separates(path);
    /* release: publishes the row */
    __atomic_store_n(&leaf->slots[leaf->room + path->at[level]].w, (uintptr_t)with,
                     __ATOMIC_RELEASE);
    if (separating) {
        reseat(tree, old, with);
    }
}

/* ---- removing ---- */

static bool put_less(Tree *tree, const TreePath *path, uint32_t level, TreeNode *node,
                     Scheduler *s);

/* The entries of node but for the one at `at`; NULL without memory. */
static TreeNode *without(Tree *tree, const TreeNode *node, uint32_t at)
{
    uint32_t count = node_count(node);
    uint32_t room = node->is_leaf ? ACT_MAX(count - 1, (uint32_t)TREE_FIRST_ROOM) : TREE_INNER_MAX;
    TreeNode *fresh = tree_node_new(tree, node->is_leaf, room);
    if (fresh) {
        add_from(fresh, node, 0, at);
        add_from(fresh, node, at + 1, count);
    }
    return fresh;
}

/* Node has no entry: neither has its place. */
static bool put_none(Tree *tree, const TreePath *path, uint32_t level, TreeNode *node, Scheduler *s)
{
    TreeNode *above = path->nodes[level - 1];
    TreeNode *less = without(tree, above, path->at[level - 1]);
    if (!less || !put_less(tree, path, level - 1, less, s)) {
        drop(tree, less);
        return false;
    }
    retire(tree, s, path->nodes[level]);
    drop(tree, node);
    return true;
}

/* Node, which is to stand at level, and the one beside it as one; NULL if they are too many, or
 * without memory. *upper: which of the two places is to go. */
static TreeNode *joined(Tree *tree, const TreePath *path, uint32_t level, const TreeNode *node,
                        uint32_t *upper)
{
    const TreeNode *above = path->nodes[level - 1];
    uint32_t at = path->at[level - 1];
    if (node_count(above) == 1) {
        return NULL;
    }
    bool last = at + 1 == node_count(above);
    const TreeNode *low = last ? node_child(above, at - 1) : node;
    const TreeNode *high = last ? node : node_child(above, at + 1);
    *upper = last ? at : at + 1;
    uint32_t count = node_count(low) + node_count(high);
    TreeNode *fresh =
        count > most_of(node) / FEW_PARTS * FULL_QUARTERS
            ? NULL
            : tree_node_new(tree, node->is_leaf, node->is_leaf ? count : TREE_INNER_MAX);
    if (fresh) {
        add_from(fresh, low, 0, node_count(low));
        /* where an inner node's first child begins, the node above knows */
        uint32_t first = node->is_leaf ? 0 : 1;
        if (first) {
            add_entry(fresh, node_word(above, *upper), node_row(above, *upper),
                      node_child(high, 0));
        }
        add_from(fresh, high, first, node_count(high));
    }
    return fresh;
}

/* Node has few entries: it may go together with the one beside it. */
static bool put_joined(Tree *tree, const TreePath *path, uint32_t level, TreeNode *node,
                       Scheduler *s)
{
    uint32_t upper;
    TreeNode *above = path->nodes[level - 1];
    TreeNode *both = joined(tree, path, level, node, &upper);
    TreeNode *less = both ? without(tree, above, upper) : NULL;
    if (!less) {
        drop(tree, both);
        return false;
    }
    uint32_t at = path->at[level - 1];
    TreeNode *beside = node_child(above, upper == at ? at - 1 : upper);
    less->slots[2 * less->room + (upper - 1)].w = (uintptr_t)both;
    put_less(tree, path, level - 1, less, s); /* never false: less has an entry */
    retire(tree, s, path->nodes[level]);
    retire(tree, s, beside);
    drop(tree, node);
    return true;
}

/* Node in the place of the one at level, which had more entries and is retired. False without
 * memory, only if node has none. */
static bool put_less(Tree *tree, const TreePath *path, uint32_t level, TreeNode *node, Scheduler *s)
{
    uint32_t count = node_count(node);
    if (level > 0 && count == 0) {
        return put_none(tree, path, level, node, s);
    }
    if (level > 0 && count < most_of(node) / FEW_PARTS && put_joined(tree, path, level, node, s)) {
        return true;
    }
    TreeNode *old = path->nodes[level];
    if (level == 0 && !node->is_leaf && count <= 1) {
        TreeNode *only = count ? node_child(node, 0) : tree_node_new(tree, true, TREE_FIRST_ROOM);
        if (!only) {
            return false;
        }
        publish(tree, path, 0, only);
        drop(tree, node);
    } else {
        publish(tree, path, level, node);
    }
    retire(tree, s, old);
    return true;
}

bool tree_remove(Tree *tree, const TreePath *path, Scheduler *s)
{
    uint32_t level = path->height - 1;
    const EtsRow *row = tree_here(path);
    bool separating = separates(path);
    TreeNode *less = without(tree, path->nodes[level], path->at[level]);
    if (!less || !put_less(tree, path, level, less, s)) {
        drop(tree, less);
        return false;
    }
    if (separating) {
        reseat(tree, row, NULL);
    }
    return true;
}
