/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/layout/layout_put.c: nodes to text.
 *
 * `tail` is how many characters have to follow a node on its last line. A node that fits is written
 * on one line (put->flat counts how deep in one we are: nothing breaks there). */
#include "compiler/layout/layout_node.h"

static const LayoutPiece *piece_at(const LayoutPut *put, uint32_t piece)
{
    return &put->scan->pieces.items[piece];
}

static void put_bytes(LayoutPut *put, const char *text, size_t length)
{
    vec_reserve(&put->out->text, length);
    for (size_t i = 0; i < length; i++) {
        put->out->text.items[put->out->text.count++] = text[i];
    }
}

static void put_blanks(LayoutPut *put, int count)
{
    for (int i = 0; i < count; i++) {
        put_bytes(put, " ", 1);
    }
}

void layout_newline(LayoutPut *put, int indent)
{
    if (!put->fresh) {
        put_bytes(put, "\n", 1);
    }
    put->fresh = true;
    put->must_break = false;
    put->indent = put->column = indent;
}

/* Writes the indentation, if this is the first thing on its line. */
static void begin_text(LayoutPut *put)
{
    if (put->fresh) {
        put_blanks(put, put->indent);
        put->fresh = false;
    }
}

static void put_comment(LayoutPut *put, const LayoutComment *comment)
{
    begin_text(put);
    put_bytes(put, put->scan->text + comment->start, comment->end - comment->start);
    put->must_break = true;
}

void layout_put_comments(LayoutPut *put, uint32_t piece, int indent)
{
    const LayoutPiece *x = piece_at(put, piece);
    if (put->told == piece) {
        return;
    }
    put->told = piece;
    for (uint32_t i = 0; i < x->comment_count; i++) {
        const LayoutComment *comment = &put->scan->comments.items[x->first_comment + i];
        layout_newline(put, indent);
        if (i > 0 && comment->blank) {
            put_bytes(put, "\n", 1);
        }
        put_comment(put, comment);
    }
}

void layout_newline_for(LayoutPut *put, uint32_t piece, int indent)
{
    const LayoutPiece *x = piece_at(put, piece);
    bool blank = x->comment_count > 0 && put->told != piece
                     ? put->scan->comments.items[x->first_comment].blank
                     : x->blank;
    layout_newline(put, indent);
    if (blank && put->out->text.count > 0) {
        put_bytes(put, "\n", 1);
    }
}

/* The comment behind a piece: where the author had it, if there is room. */
static void put_behind(LayoutPut *put, const LayoutPiece *x)
{
    const LayoutComment *comment = &put->scan->comments.items[x->behind];
    int column = put->column + 1;
    put_blanks(put, ACT_MAX(1, ACT_MIN((int)comment->column, LAYOUT_WIDTH) - column + 1));
    put_comment(put, comment);
}

void layout_put_piece(LayoutPut *put, uint32_t piece, bool space)
{
    const LayoutPiece *x = piece_at(put, piece);
    int indent = put->fresh ? put->indent : put->base + LAYOUT_STEP;
    if (x->comment_count > 0 && put->told != piece) {
        layout_put_comments(put, piece, indent);
        layout_newline(put, indent);
        if (x->blank) {
            put_bytes(put, "\n", 1);
        }
    } else if (put->must_break) {
        layout_newline(put, indent);
    }
    if (!put->fresh && put->previous != LAYOUT_NONE &&
        layout_gap(put->scan, put->previous, piece, space)) {
        put_blanks(put, 1);
        put->column++;
    }
    begin_text(put);
    put_bytes(put, put->scan->text + x->start, x->end - x->start);
    put->column = x->lines ? (int)x->width : put->column + (int)x->width;
    put->previous = piece;
    if (x->behind != LAYOUT_NONE) {
        put_behind(put, x);
    }
}

bool layout_fits(const LayoutPut *put, const LayoutNode *node, int more)
{
    return put->flat > 0 || put->column + node->flat + more <= LAYOUT_WIDTH;
}

static uint32_t piece_behind(const LayoutNode *node)
{
    return node->separator != LAYOUT_NONE ? node->separator : node->next->first;
}

/* Whether the node goes on behind what is written, and not on a line of its own at indent. */
static bool stays(const LayoutPut *put, const LayoutNode *node, int before, int tail, int indent)
{
    if (layout_fits(put, node, before + tail)) {
        return true;
    }
    if (indent + node->flat + tail <= LAYOUT_WIDTH) {
        return false;
    }
    bool hugged = node->flat == LAYOUT_WIDE || node->kind == NODE_BLOCK;
    return (hugged && put->column + before + node->least <= LAYOUT_WIDTH) || put->column <= indent;
}

/* Whether the elements from node on, which a `||` begins, go on behind what is written: all of
 * them, or the author broke the line among them. */
static bool rest_stays(const LayoutPut *put, const LayoutNode *node, int before, int tail)
{
    int width = 0;
    for (const LayoutNode *c = node; c != NULL; c = c->next) {
        width += c->flat + (c->separator != LAYOUT_NONE ? 2 : 0);
        if (c->flat == LAYOUT_WIDE || (c != node && layout_breaks(put->scan, c->first))) {
            return put->column + before + node->least <= LAYOUT_WIDTH;
        }
    }
    return put->flat > 0 || put->column + before + width + tail <= LAYOUT_WIDTH;
}

/* Between two elements: the separator, and a line break or a blank. */
static void put_between(LayoutPut *put, const LayoutNode *left, LayoutNode *right, int indent,
                        int tail, int last_tail)
{
    uint32_t sep = left->separator;
    bool bars = piece_at(put, sep)->kind == T_BARS;
    bool before = put->flat == 0 && layout_breaks(put->scan, sep);
    bool after = put->flat == 0 && layout_breaks(put->scan, right->first);
    if (bars) {
        bool room = rest_stays(put, right, 4, last_tail);
        if (before || put->must_break || (!room && !after)) {
            layout_newline_for(put, sep, indent);
            after = false;
        }
        layout_put_piece(put, sep, true);
    } else {
        layout_put_piece(put, sep, false);
        after = after || before || !stays(put, right, 1, tail, indent);
    }
    if (after || put->must_break) {
        layout_newline_for(put, right->first, indent);
    }
}

static void put_elements(LayoutPut *put, LayoutNode *node, int indent, int tail)
{
    for (LayoutNode *c = node->children; c != NULL; c = c->next) {
        layout_put(put, c, c->separator != LAYOUT_NONE ? 1 : tail);
        if (c->next == NULL) {
            if (c->separator != LAYOUT_NONE) {
                layout_put_piece(put, c->separator, false);
            }
        } else {
            put_between(put, c, c->next, indent, c->next->separator != LAYOUT_NONE ? 1 : tail,
                        tail);
            if (!put->fresh && put->previous == c->separator) {
                put_blanks(put, 1);
                put->column++;
                put->previous = LAYOUT_NONE;
            }
            if (piece_at(put, c->separator)->kind == T_BARS && put->column < LAYOUT_WIDTH / 2) {
                indent = put->column; /* what makes the elements stands one below the other */
            }
        }
    }
}

static void put_bracket(LayoutPut *put, LayoutNode *node, int tail)
{
    int line = put->indent;
    int base = put->base;
    layout_put_piece(put, node->token, false);
    if (node->children != NULL) {
        LayoutNode *first = node->children;
        int gap = layout_gap(put->scan, node->token, first->first, false);
        bool apart =
            put->flat == 0 &&
            (layout_breaks(put->scan, first->first) ||
             (put->column + node->least > LAYOUT_WIDTH && line + LAYOUT_STEP < put->column));
        int indent = apart ? line + LAYOUT_STEP : put->column + gap;
        if (apart) {
            layout_newline_for(put, first->first, indent);
        }
        put->base = indent - LAYOUT_STEP;
        put_elements(put, node, indent, apart ? 0 : 1 + tail);
        put->base = indent - LAYOUT_STEP;
        layout_put_comments(put, node->close, indent);
        if (apart || put->must_break) {
            layout_newline(put, line);
        }
    }
    layout_put_piece(put, node->close, false);
    put->base = base;
}

static void put_glue(LayoutPut *put, LayoutNode *node, int tail)
{
    for (LayoutNode *c = node->children; c != NULL; c = c->next) {
        if (c != node->children && c->space && !put->fresh && !put->must_break) {
            put_blanks(put, 1);
            put->column++;
            put->previous = LAYOUT_NONE;
        }
        layout_put(put, c, c->next == NULL ? tail : 1);
    }
}

/* An operator and its operand behind what is written. */
static void put_operand(LayoutPut *put, const LayoutNode *left, LayoutNode *right, int indent,
                        bool assign, int tail)
{
    uint32_t op = left->separator;
    bool bar = op != LAYOUT_NONE && piece_at(put, op)->kind == T_BAR;
    int width = op != LAYOUT_NONE ? (int)piece_at(put, op)->width + 1 : 0;
    bool before = put->flat == 0 && layout_breaks(put->scan, piece_behind(left));
    bool after = put->flat == 0 && op != LAYOUT_NONE && layout_breaks(put->scan, right->first);
    if (!before && !after && !layout_fits(put, right, 1 + width + tail)) {
        bool can_break = put->column + 1 + width + right->least <= LAYOUT_WIDTH;
        bool better = indent + width + right->flat + tail <= LAYOUT_WIDTH;
        bool breaks = assign && right->kind != NODE_LEAF ? !can_break : better || !can_break;
        breaks &= put->column + width > indent;
        before = breaks && (bar || op == LAYOUT_NONE);
        after = breaks && !before;
    }
    if (before || put->must_break) {
        layout_newline_for(put, piece_behind(left), bar ? put->bar : indent);
    }
    if (op != LAYOUT_NONE) {
        layout_put_piece(put, op, true);
    }
    if (after || put->must_break) {
        layout_newline_for(put, right->first, indent);
    } else if (!put->fresh) {
        put_blanks(put, 1);
        put->column++;
        put->previous = LAYOUT_NONE;
    }
    layout_put(put, right, tail);
}

static bool is_wide_assign(uint16_t kind)
{
    return kind == T_ARROW || kind == T_WHEN || kind == T_COLONS;
}

static void put_infix(LayoutPut *put, LayoutNode *node, int tail)
{
    int start = put->column;
    int line = put->indent;
    int indent = node->assign || start == line ? start + LAYOUT_STEP : start;
    uint32_t op = node->children->separator;
    int bar = put->bar;
    if (op != LAYOUT_NONE && is_wide_assign(piece_at(put, op)->kind)) {
        indent = line + LAYOUT_STEP;
    } else if (op != LAYOUT_NONE && piece_at(put, op)->kind == T_BAR) {
        indent = start;
    }
    layout_put(put, node->children, 2);
    for (LayoutNode *left = node->children; left->next != NULL; left = left->next) {
        put->bar = start == line ? start : start - 2;
        put_operand(put, left, left->next, indent, node->assign,
                    left->next->next == NULL ? tail : 2);
    }
    put->bar = bar;
}

static void put_tight(LayoutPut *put, LayoutNode *node, int tail)
{
    for (LayoutNode *c = node->children; c != NULL; c = c->next) {
        layout_put(put, c, c->next == NULL ? tail : 1);
        if (c->separator != LAYOUT_NONE) {
            layout_put_piece(put, c->separator, false);
        }
    }
}

static void put_body_inline(LayoutPut *put, LayoutNode *node, int tail)
{
    put_elements(put, node, put->base, tail);
}

void layout_put(LayoutPut *put, LayoutNode *node, int tail)
{
    bool fits = layout_fits(put, node, tail);
    put->flat += fits;
    switch (node->kind) {
    case NODE_LEAF:
        layout_put_piece(put, node->token, false);
        break;
    case NODE_GLUE:
        put_glue(put, node, tail);
        break;
    case NODE_INFIX:
        (node->tight ? put_tight : put_infix)(put, node, tail);
        break;
    case NODE_BRACKET:
        put_bracket(put, node, tail);
        break;
    case NODE_LIST:
        put_elements(put, node, put->column, tail);
        break;
    case NODE_BODY:
        put_body_inline(put, node, tail);
        break;
    case NODE_CLAUSE:
        layout_put_clause(put, node, put->column + LAYOUT_STEP, tail);
        break;
    case NODE_BLOCK:
        layout_put_block(put, node, tail);
        break;
    case NODE_SECTION:
    case NODE_FORMS:
        layout_put_forms(put, node);
        break;
    }
    put->flat -= fits;
}
