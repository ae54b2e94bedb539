/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/layout/layout_measure.c: how wide nodes are.
 *
 * A node is WIDE (never on one line) when a comment or a string over several lines lies in it, or
 * when the author broke the line at a place where the layout may: that is a wish, and kept. */
#include "compiler/layout/layout_node.h"
#include <string.h>

static int add(int a, int b)
{
    return ACT_MIN(a + b, LAYOUT_WIDE);
}

bool layout_breaks(const LayoutScan *scan, uint32_t piece)
{
    return scan->pieces.items[piece].newline;
}

static bool is_sign(char c)
{
    return c != '\0' && strchr("<>=:|-+/!*&", c) != NULL;
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '@' || (c & 0x80) != 0;
}

int layout_gap(const LayoutScan *scan, uint32_t left, uint32_t right, bool space)
{
    uint16_t before = scan->pieces.items[left].kind, behind = scan->pieces.items[right].kind;
    if ((before == T_LBIN && behind == T_RBIN) || (before == T_QUESTION && behind == T_QUESTION)) {
        return space;
    }
    char a = scan->text[scan->pieces.items[left].end - 1];
    char b = scan->text[scan->pieces.items[right].start];
    return space || (is_sign(a) && is_sign(b)) || (is_word(a) && is_word(b)) ||
           (a == '.' && b == '.');
}

static int width(const LayoutScan *scan, uint32_t piece)
{
    return (int)scan->pieces.items[piece].width;
}

static void measure_ends(LayoutNode *node)
{
    switch (node->kind) {
    case NODE_LEAF:
        node->first = node->last = node->token;
        break;
    case NODE_BRACKET:
        node->first = node->token;
        node->last = node->close;
        break;
    case NODE_CLAUSE:
        node->first = node->head != NULL ? node->head->first : node->arrow;
        node->last = node->body != NULL ? node->body->last : node->head->last;
        break;
    case NODE_SECTION:
        node->first = node->token;
        node->last = node->last_child != NULL      ? node->last_child->last
                     : node->body != NULL          ? node->body->last
                     : node->second != LAYOUT_NONE ? node->second
                                                   : node->token;
        break;
    case NODE_BLOCK:
        node->first = node->children->first;
        node->last = node->close;
        break;
    default:
        node->first = node->children->first;
        node->last = node->last_child->separator != LAYOUT_NONE ? node->last_child->separator
                                                                : node->last_child->last;
        break;
    }
}

/* Children with separators: `a, b`, or operators with blanks around. */
static void measure_row(const LayoutScan *scan, LayoutNode *node)
{
    bool infix = node->kind == NODE_INFIX;
    for (LayoutNode *c = node->children; c != NULL; c = c->next) {
        uint32_t s = c->separator;
        node->flat = add(node->flat, c->flat);
        int more = s == LAYOUT_NONE ? 0 : width(scan, s);
        bool bars = s != LAYOUT_NONE && scan->pieces.items[s].kind == T_BARS;
        node->least = ACT_MAX(node->least, c->least + more + (infix || bars));
        if (c->next == NULL) {
            node->flat = add(node->flat, more);
            break;
        }
        if (node->tight) {
            node->flat =
                add(node->flat, s == LAYOUT_NONE ? layout_gap(scan, c->last, c->next->first, false)
                                                 : more + layout_gap(scan, c->last, s, false) +
                                                       layout_gap(scan, s, c->next->first, false));
            continue;
        }
        node->flat = add(node->flat, more + 1 + (s != LAYOUT_NONE && (infix || bars)));
        if (layout_breaks(scan, c->next->first) || (s != LAYOUT_NONE && layout_breaks(scan, s))) {
            node->flat = LAYOUT_WIDE;
        }
    }
}

static void measure_bracket(const LayoutScan *scan, LayoutNode *node)
{
    int ends = width(scan, node->token) + width(scan, node->close);
    if (node->children == NULL) {
        node->flat = node->least = ends; /* `<<>>` too */
        return;
    }
    measure_row(scan, node);
    ends += layout_gap(scan, node->token, node->children->first, false);
    uint32_t last = node->last_child->separator;
    ends +=
        layout_gap(scan, last != LAYOUT_NONE ? last : node->last_child->last, node->close, false);
    node->flat = add(node->flat, ends);
    node->least += ends;
    if (layout_breaks(scan, node->children->first)) {
        node->flat = LAYOUT_WIDE;
    }
}

static void measure_glue(const LayoutScan *scan, LayoutNode *node)
{
    for (LayoutNode *c = node->children; c != NULL; c = c->next) {
        int gap = c == node->children ? 0 : layout_gap(scan, node->last, c->first, c->space);
        node->last = c->last;
        node->flat = add(node->flat, c->flat + gap);
        int before = node->least + gap;
        bool can_break = c->next == NULL && c->kind == NODE_BRACKET && c->children != NULL;
        /* the last bracket can have its elements on lines of their own */
        node->least = can_break ? ACT_MAX(before + width(scan, c->token), 0) : before + c->least;
    }
}

static void measure_clause(const LayoutScan *scan, LayoutNode *node)
{
    node->flat = node->head != NULL ? node->head->flat : 0;
    node->least = node->head != NULL ? node->head->least : 0;
    if (node->guard != NULL) {
        node->flat = add(node->flat, 6 + node->guard->flat);
        node->least = ACT_MAX(node->least, 7 + node->guard->least);
        if (layout_breaks(scan, node->second)) {
            node->flat = LAYOUT_WIDE;
        }
    }
    if (node->body != NULL) {
        node->flat = add(node->flat, 4 + node->body->flat);
        node->least = ACT_MAX(node->least + 3, LAYOUT_STEP + node->body->least);
        if (layout_breaks(scan, node->body->first)) {
            node->flat = LAYOUT_WIDE;
        }
    }
}

static void measure_section(const LayoutScan *scan, LayoutNode *node)
{
    node->flat = node->least = width(scan, node->token);
    if (node->head != NULL) {
        node->flat = add(node->flat, 1 + node->head->flat);
        node->least += 1 + node->head->least;
        if (node->second != LAYOUT_NONE) {
            node->flat = add(node->flat, 1 + width(scan, node->second));
        }
    }
    if (node->body != NULL) {
        node->flat = add(node->flat, 1 + node->body->flat);
        node->least = ACT_MAX(node->least, LAYOUT_STEP + node->body->least);
        if (layout_breaks(scan, node->body->first)) {
            node->flat = LAYOUT_WIDE;
        }
    }
    for (LayoutNode *c = node->children; c != NULL; c = c->next) {
        bool tight = c == node->children && scan->pieces.items[node->token].kind == T_FUN;
        node->flat =
            add(node->flat, c->flat + (c->separator != LAYOUT_NONE) +
                                (tight ? layout_gap(scan, node->token, c->first, false) : 1));
        node->least = ACT_MAX(node->least, LAYOUT_STEP + c->least);
        if (layout_breaks(scan, c->first)) {
            node->flat = LAYOUT_WIDE;
        }
    }
}

static void measure_block(const LayoutScan *scan, LayoutNode *node)
{
    for (LayoutNode *c = node->children; c != NULL; c = c->next) {
        node->flat = add(node->flat, c->flat + 1);
        node->least = ACT_MAX(node->least, c->least);
        if (c != node->children && layout_breaks(scan, c->token)) {
            node->flat = LAYOUT_WIDE;
        }
    }
    node->flat = add(node->flat, 3);
    if (layout_breaks(scan, node->close)) {
        node->flat = LAYOUT_WIDE;
    }
}

void layout_measure(const LayoutScan *scan, LayoutNode *node)
{
    measure_ends(node);
    switch (node->kind) {
    case NODE_LEAF:
        node->flat = node->least = width(scan, node->token);
        break;
    case NODE_GLUE:
        measure_glue(scan, node);
        break;
    case NODE_BRACKET:
        measure_bracket(scan, node);
        break;
    case NODE_CLAUSE:
        measure_clause(scan, node);
        break;
    case NODE_SECTION:
        measure_section(scan, node);
        break;
    case NODE_BLOCK:
        measure_block(scan, node);
        break;
    case NODE_BODY:
        measure_row(scan, node);
        node->flat = node->children->next != NULL ? LAYOUT_WIDE : node->flat;
        break;
    case NODE_FORMS:
        node->flat = LAYOUT_WIDE;
        break;
    default:
        measure_row(scan, node);
        break;
    }
    const LayoutPiece *first = &scan->pieces.items[node->first];
    const LayoutPiece *last = &scan->pieces.items[node->last];
    if (last->breaks > first->breaks || first->lines) {
        node->flat = LAYOUT_WIDE;
    }
}
