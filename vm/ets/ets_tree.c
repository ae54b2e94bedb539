/* SPDX-License-Identifier: Apache-2.0 */
/* vm/ets/ets_tree.c: see ets_tree.h: looking, and what a node is. Changes: ets_tree_change.c. */
#include "vm/ets/ets_tree_node.h"

#include "vm/base/alloc.h"
#include "vm/term/compare.h"

/* ---- nodes ---- */

static size_t node_words(bool is_leaf, uint32_t room)
{
    return sizeof(TreeNode) / sizeof(Term) + (size_t)room * (is_leaf ? 2 : 3);
}

static void words_add(Tree *tree, int64_t words)
{
    /* only the writer writes: no read-modify-write is needed */
    uint64_t sum = atomic_load_explicit(&tree->words, memory_order_relaxed);
    atomic_store_explicit(&tree->words, sum + (uint64_t)words, memory_order_relaxed);
}

TreeNode *tree_node_new(Tree *tree, bool is_leaf, uint32_t room)
{
    size_t words = node_words(is_leaf, room);
    TreeNode *node = alloc_try(words * sizeof(Term));
    if (node) {
        node->is_leaf = is_leaf;
        node->room = room;
        atomic_init(&node->count, 0);
        words_add(tree, (int64_t)words);
    }
    return node;
}

void tree_node_forget(Tree *tree, const TreeNode *node)
{
    words_add(tree, -(int64_t)node_words(node->is_leaf, node->room));
}

bool tree_init(Tree *tree, const AtomTable *atoms, uint32_t key_position)
{
    tree->atoms = atoms;
    tree->key_position = key_position;
    TreeNode *root = tree_node_new(tree, true, TREE_FIRST_ROOM);
    atomic_init(&tree->root, root);
    return root != NULL;
}

bool tree_free_some(Tree *tree, size_t *budget)
{
    TreeNode *root = tree_root(tree);
    while (root) {
        TreeNode *above = NULL, *node = root;
        while (!node->is_leaf && node_count(node) > 0) {
            above = node;
            node = node_child(node, node_count(node) - 1);
        }
        uint32_t count = node_count(node);
        for (; node->is_leaf && count > 0; --*budget) {
            if (*budget == 0) {
                atomic_store_explicit(&node->count, count, memory_order_relaxed);
                return false;
            }
            ets_row_free(node_row(node, --count));
        }
        alloc_free(node);
        if (!above) {
            root = NULL;
            atomic_store_explicit(&tree->root, NULL, memory_order_relaxed);
        } else {
            atomic_store_explicit(&above->count, node_count(above) - 1, memory_order_relaxed);
        }
    }
    return true;
}

/* ---- looking ---- */

/* <0: the entry comes before what is looked for. */
static int compare_at(const Tree *tree, const TreeNode *node, uint32_t at, const TreeProbe *probe)
{
    Term key = node_word(node, at);
    if (ACT_LIKELY(terms_are_small(key, probe->key))) {
        return ((intptr_t)key.w > (intptr_t)probe->key.w) -
               ((intptr_t)key.w < (intptr_t)probe->key.w);
    }
    if (term_same(key, TERM_NONE)) {
        key = node_row(node, at)->term[tree->key_position];
    }
    return probe->range ? probe->range(probe->context, key)
                        : term_compare(tree->atoms, key, probe->key);
}

/* The first entry from `low` on that is not before the probe (with after: that is behind it). */
static uint32_t first_not_before(const Tree *tree, const TreeNode *node, uint32_t low,
                                 const TreeProbe *probe, bool after)
{
    uint32_t high = node_count(node);
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (compare_at(tree, node, middle, probe) < after) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* The child in which the first row that is not before the probe is, or behind whose end. */
static uint32_t child_for(const Tree *tree, const TreeNode *node, const TreeProbe *probe,
                          bool after)
{
    /* rows of a range may lie before a separator that belongs to it, a key's do not */
    return first_not_before(tree, node, 1, probe, after || !probe->range) - 1;
}

EtsRow *tree_find(const Tree *tree, Term key)
{
    TreeProbe probe = {.key = key};
    const TreeNode *node = tree_root(tree);
    while (!node->is_leaf) {
        node = node_child(node, child_for(tree, node, &probe, false));
    }
    uint32_t at = first_not_before(tree, node, 0, &probe, false);
    return at < node_count(node) && compare_at(tree, node, at, &probe) == 0 ? node_row(node, at)
                                                                            : NULL;
}

static void enter(TreePath *path, TreeNode *node, uint32_t at)
{
    path->nodes[path->height] = node;
    path->at[path->height++] = at;
}

void tree_seek(const Tree *tree, const TreeProbe *probe, bool after, TreePath *path)
{
    TreeNode *node = tree_root(tree);
    path->height = 0;
    while (!node->is_leaf) {
        uint32_t at = child_for(tree, node, probe, after);
        enter(path, node, at);
        node = node_child(node, at);
    }
    enter(path, node, first_not_before(tree, node, 0, probe, after));
}

/* From the path's last node on down to a leaf: its beginning, or its end. */
static void go_down(TreePath *path, TreeNode *node, bool to_end)
{
    for (; !node->is_leaf; node = node_child(node, path->at[path->height - 1])) {
        enter(path, node, to_end ? node_count(node) - 1 : 0);
    }
    enter(path, node, to_end ? node_count(node) : 0);
}

void tree_seek_end(const Tree *tree, TreePath *path)
{
    path->height = 0;
    go_down(path, tree_root(tree), true);
}

EtsRow *tree_here(const TreePath *path)
{
    const TreeNode *leaf = path->nodes[path->height - 1];
    uint32_t at = path->at[path->height - 1];
    return at < node_count(leaf) ? node_row(leaf, at) : NULL;
}

bool tree_is_at(const Tree *tree, const TreePath *path, Term key)
{
    TreeProbe probe = {.key = key};
    const TreeNode *leaf = path->nodes[path->height - 1];
    uint32_t at = path->at[path->height - 1];
    return at < node_count(leaf) && compare_at(tree, leaf, at, &probe) == 0;
}

EtsRow *tree_forward(TreePath *path)
{
    EtsRow *row = tree_here(path);
    while (!row) {
        uint32_t level = path->height - 1;
        while (level > 0 && path->at[level - 1] + 1 == node_count(path->nodes[level - 1])) {
            level--;
        }
        if (level == 0) {
            return NULL;
        }
        path->height = level;
        go_down(path, node_child(path->nodes[level - 1], ++path->at[level - 1]), false);
        row = tree_here(path);
    }
    return row;
}

EtsRow *tree_back(TreePath *path)
{
    while (path->at[path->height - 1] == 0) {
        uint32_t level = path->height - 1;
        while (level > 0 && path->at[level - 1] == 0) {
            level--;
        }
        if (level == 0) {
            return NULL;
        }
        path->height = level;
        go_down(path, node_child(path->nodes[level - 1], --path->at[level - 1]), true);
    }
    path->at[path->height - 1]--;
    return tree_here(path);
}

EtsRow *tree_seek_index(const Tree *tree, uint64_t index, TreePath *path)
{
    path->height = 0;
    go_down(path, tree_root(tree), false);
    EtsRow *row = tree_forward(path);
    while (row) {
        uint32_t last = path->height - 1;
        uint32_t count = node_count(path->nodes[last]);
        if (index < count) {
            path->at[last] = (uint32_t)index;
            return tree_here(path);
        }
        index -= count;
        path->at[last] = count;
        row = tree_forward(path);
    }
    return NULL;
}
