/* SPDX-License-Identifier: Apache-2.0 */
/* vm/ets/ets_tree_node.h: what a node of a tree is. For ets_tree*.c alone. */
#ifndef ACT_ETS_ETS_TREE_NODE_H
#define ACT_ETS_ETS_TREE_NODE_H

#include "vm/ets/ets_tree.h"

enum { TREE_LEAF_MAX = 24, TREE_INNER_MAX = 32, TREE_FIRST_ROOM = 4 };

/* Entries in order. Of a leaf: a row each, and its key if that is one word, else TERM_NONE. Of an
 * inner node: a child each, and where it begins: a word, or (TERM_NONE) the key of a row. Where the
 * first child begins is what the node above says: its first entry's word and row mean nothing. */
struct TreeNode {
    bool is_leaf;
    uint32_t room;
    /* a leaf's grows by release when a row is put behind the last; acquire by readers */
    _Atomic(uint32_t) count;
    Term slots[]; /* words, rows, children: room of each */
};

/* acquire, in these: pairs with the release that published what is read */
ACT_INLINE TreeNode *tree_root(const Tree *tree)
{
    return atomic_load_explicit(&tree->root, memory_order_acquire);
}
ACT_INLINE uint32_t node_count(const TreeNode *node)
{
    return atomic_load_explicit(&node->count, memory_order_acquire);
}
ACT_INLINE Term node_word(const TreeNode *node, uint32_t at)
{
    return node->slots[at];
}
ACT_INLINE EtsRow *node_row(const TreeNode *node, uint32_t at)
{
    return (EtsRow *)__atomic_load_n(&node->slots[node->room + at].w, __ATOMIC_ACQUIRE);
}
ACT_INLINE TreeNode *node_child(const TreeNode *node, uint32_t at)
{
    return (TreeNode *)__atomic_load_n(&node->slots[2 * node->room + at].w, __ATOMIC_ACQUIRE);
}

/* A node without entries, counted; NULL without memory. The writer. */
TreeNode *tree_node_new(Tree *tree, bool is_leaf, uint32_t room);
/* It is no more counted. */
void tree_node_forget(Tree *tree, const TreeNode *node);

#endif
