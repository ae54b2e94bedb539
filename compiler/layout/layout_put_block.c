/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/layout/layout_put_block.c: bodies, clauses, and what ends with `end`, to text. */
#include "compiler/layout/layout_node.h"

static void put_space(LayoutPut *put)
{
    if (!put->fresh && !put->must_break) {
        vec_push(&put->out->text, ' ');
        put->column++;
        put->previous = LAYOUT_NONE;
    }
}

/* Expressions, each on a line. */
static void put_lines(LayoutPut *put, LayoutNode *body, int indent)
{
    int base = put->base;
    for (LayoutNode *c = body->children; c != NULL; c = c->next) {
        if (c == body->children) {
            layout_newline(put, indent);
        } else {
            layout_newline_for(put, c->first, indent);
        }
        put->base = indent;
        layout_put(put, c, 1);
        if (c->separator != LAYOUT_NONE) {
            put->base = indent;
            layout_put_piece(put, c->separator, false);
        }
    }
    put->base = base;
}

/* Behind an arrow or a word, if it fits there and the author wanted it there; else on lines. */
static bool put_body(LayoutPut *put, LayoutNode *body, int indent, int tail)
{
    bool beside =
        put->flat > 0 || (!put->must_break && !layout_breaks(put->scan, body->first) &&
                          body->children->next == NULL && layout_fits(put, body, 1 + tail));
    if (beside) {
        put_space(put);
        layout_put(put, body, tail);
    } else {
        put_lines(put, body, indent);
    }
    return beside;
}

void layout_put_clause(LayoutPut *put, LayoutNode *clause, int body_indent, int tail)
{
    int start = put->column;
    layout_put(put, clause->head, clause->guard == NULL && clause->body != NULL ? 3 : 0);
    if (clause->guard != NULL) {
        bool room = put->flat > 0 || put->column + 6 + clause->guard->flat + 3 <= LAYOUT_WIDTH;
        if (put->must_break || (put->flat == 0 && (layout_breaks(put->scan, clause->second) ||
                                                   (!room && put->column > start + 20)))) {
            layout_newline(put, start + 2);
        } else {
            put_space(put);
        }
        layout_put_piece(put, clause->second, false);
        put_space(put);
        layout_put(put, clause->guard, 3);
    }
    if (clause->body != NULL) {
        put_space(put);
        layout_put_piece(put, clause->arrow, false);
        put_body(put, clause->body, body_indent, tail);
    }
}

static void put_clauses(LayoutPut *put, LayoutNode *section, int indent, int tail)
{
    int base = put->base;
    for (LayoutNode *c = section->children; c != NULL; c = c->next) {
        if (put->flat > 0) {
            put_space(put);
        } else if (c == section->children) {
            layout_newline(put, indent);
        } else {
            layout_newline_for(put, c->first, indent);
        }
        put->base = indent;
        layout_put_clause(put, c, indent + LAYOUT_STEP, c->separator != LAYOUT_NONE ? 1 : tail);
        if (c->separator != LAYOUT_NONE) {
            put->base = indent;
            layout_put_piece(put, c->separator, false);
        }
    }
    put->base = base;
}

/* A fun's clauses begin behind the word, unless the author broke the line there. */
static void put_fun_clauses(LayoutPut *put, LayoutNode *section, int start, int tail)
{
    LayoutNode *first = section->children;
    if (put->flat == 0 && layout_breaks(put->scan, first->first)) {
        put_clauses(put, section, start + LAYOUT_STEP, tail);
        return;
    }
    int base = put->base;
    if (put->scan->pieces.items[first->first].kind == T_VAR) {
        put_space(put);
    }
    int indent = put->column;
    for (LayoutNode *c = first; c != NULL; c = c->next) {
        if (c != first && put->flat > 0) {
            put_space(put);
        } else if (c != first) {
            layout_newline_for(put, c->first, indent);
        }
        put->base = start;
        int body = first->next == NULL ? start : indent;
        layout_put_clause(put, c, body + LAYOUT_STEP, c->separator != LAYOUT_NONE ? 1 : tail);
        if (c->separator != LAYOUT_NONE) {
            layout_put_piece(put, c->separator, false);
        }
    }
    put->base = base;
}

/* True: what follows may go on behind it on the line. */
static bool put_section(LayoutPut *put, LayoutNode *section, int start, int tail)
{
    layout_put_piece(put, section->token, false);
    bool fun = put->scan->pieces.items[section->token].kind == T_FUN;
    if (section->head != NULL) {
        put_space(put);
        layout_put(put, section->head, section->second != LAYOUT_NONE ? 3 : 0);
        put_space(put);
        layout_put_piece(put, section->second, false);
    }
    if (section->body != NULL) {
        return put_body(put, section->body, start + LAYOUT_STEP, tail);
    }
    if (fun) {
        put_fun_clauses(put, section, start, tail);
    } else if (section->inline_clause) {
        put_space(put);
        layout_put_clause(put, section->children, start + LAYOUT_STEP, tail);
    } else {
        put_clauses(put, section, start + LAYOUT_STEP, tail);
    }
    return false;
}

void layout_put_block(LayoutPut *put, LayoutNode *block, int tail)
{
    int start = put->column;
    int base = put->base;
    bool beside = false;
    for (LayoutNode *c = block->children; c != NULL; c = c->next) {
        bool of = put->scan->pieces.items[c->token].kind == T_OF;
        put->base = start;
        if (c != block->children && put->flat == 0 && !(of && beside)) {
            layout_put_comments(put, c->token, start + LAYOUT_STEP);
            layout_newline(put, start);
        } else if (c != block->children) {
            put_space(put);
        }
        beside = put_section(put, c, start, c->next == NULL ? 4 + tail : 1);
    }
    put->base = start;
    if (put->flat == 0) {
        layout_put_comments(put, block->close, start + LAYOUT_STEP);
        layout_newline(put, start);
    } else {
        put_space(put);
    }
    layout_put_piece(put, block->close, false);
    put->base = base;
}

void layout_put_forms(LayoutPut *put, LayoutNode *forms)
{
    for (LayoutNode *c = forms->children; c != NULL; c = c->next) {
        if (c != forms->children) {
            layout_newline_for(put, c->first, 0);
        }
        put->base = 0;
        layout_put_clause(put, c, LAYOUT_STEP, 1);
        if (c->separator != LAYOUT_NONE) {
            put->base = 0;
            layout_put_piece(put, c->separator, false);
        }
    }
}
