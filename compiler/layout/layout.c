/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/layout/layout.c: a file form by form; what comes out is compared with what went in. */
#include "compiler/layout/layout_node.h"
#include "compiler/source/source_text.h"
#include <string.h>

enum { MOST_ROUNDS = 6 };

static bool same_span(const LayoutScan *a, uint32_t start, uint32_t end, const LayoutScan *b,
                      uint32_t other, uint32_t other_end)
{
    return end - start == other_end - other &&
           memcmp(a->text + start, b->text + other, end - start) == 0;
}

/* Whether a form of a, alone in b, has the same tokens and comments, in the same order. */
static bool same_form(const LayoutScan *a, const LayoutForm *form, const LayoutScan *b)
{
    uint32_t count = form->end - form->first;
    if (b->forms.count != 1 || b->pieces.count != count + 1) {
        return false;
    }
    uint32_t from = a->pieces.items[form->first].first_comment;
    uint32_t to = a->pieces.items[form->end].first_comment;
    if (b->comments.count != to - from) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        const LayoutPiece *x = &a->pieces.items[form->first + i], *y = &b->pieces.items[i];
        if (x->kind != y->kind || !same_span(a, x->start, x->end, b, y->start, y->end)) {
            return false;
        }
    }
    for (uint32_t i = from; i < to; i++) {
        const LayoutComment *x = &a->comments.items[i], *y = &b->comments.items[i - from];
        if (!same_span(a, x->start, x->end, b, y->start, y->end)) {
            return false;
        }
    }
    return true;
}

static bool is_same(const LayoutScan *scan, const LayoutForm *form, const char *text, size_t length)
{
    SyntaxContext cx;
    syntax_context_init(&cx);
    uint32_t file = source_text_add(&cx.diags, "", text, length, SOURCE_NOWHERE);
    LayoutScan other = {0};
    bool same = file != 0 && layout_scan(&other, &cx, file) && same_form(scan, form, &other);
    layout_scan_free(&other);
    syntax_context_free(&cx);
    return same;
}

/* Writes the form; false: it is not understood, and nothing was written. */
static bool put_form(const LayoutScan *scan, const LayoutForm *form, LayoutResult *out)
{
    Arena arena = {0};
    size_t before = out->text.count;
    LayoutParser parser = {.scan = scan, .arena = &arena, .at = form->first, .end = form->end};
    LayoutNode *node = form->damaged ? NULL : layout_parse(&parser);
    if (node != NULL) {
        LayoutPut put = {.scan = scan, .out = out, .previous = LAYOUT_NONE, .fresh = true};
        put.told = LAYOUT_NONE;
        layout_put_comments(&put, form->first, 0);
        if (put.must_break) {
            layout_newline(&put, 0);
            if (scan->pieces.items[form->first].blank) {
                vec_push(&out->text, '\n');
            }
        }
        layout_put(&put, node, 1);
        layout_put_piece(&put, node->separator, false);
        vec_push(&out->text, '\n');
    }
    bool good =
        node != NULL && is_same(scan, form, out->text.items + before, out->text.count - before);
    arena_free(&arena);
    out->text.count = good ? out->text.count : before;
    return good;
}

static void put_bytes(LayoutResult *out, const char *text, size_t length)
{
    vec_reserve(&out->text, length);
    memcpy(out->text.items + out->text.count, text, length);
    out->text.count += length;
}

/* The form as it is, with the comments around it. */
static void keep_form(const LayoutScan *scan, const LayoutForm *form, LayoutResult *out)
{
    const LayoutPiece *first = &scan->pieces.items[form->first];
    const LayoutPiece *last = &scan->pieces.items[form->end - 1];
    uint32_t start = first->start;
    if (first->comment_count > 0) {
        start = scan->comments.items[first->first_comment].start;
    }
    uint32_t end = last->end;
    if (last->behind != LAYOUT_NONE) {
        end = scan->comments.items[last->behind].end;
    }
    put_bytes(out, scan->text + start, end - start);
    put_bytes(out, "\n", 1);
    if (out->kept++ == 0) {
        out->first_kept = 1;
        for (uint32_t i = 0; i < first->start; i++) {
            out->first_kept += scan->text[i] == '\n';
        }
    }
}

/* Empty lines in front of a form or a comment at the end: one, or two where there were more. */
static void put_empty_lines(const LayoutScan *scan, uint32_t piece, LayoutResult *out)
{
    const LayoutPiece *x = &scan->pieces.items[piece];
    uint32_t at = x->comment_count > 0 ? scan->comments.items[x->first_comment].start : x->start;
    unsigned lines = 0;
    while (at > 0 && (unsigned char)scan->text[at - 1] <= ' ') {
        lines += scan->text[--at] == '\n';
    }
    for (unsigned i = 1; i < ACT_MIN(lines, 3) && out->text.count > 0; i++) {
        put_bytes(out, "\n", 1);
    }
}

static void put_last_comments(const LayoutScan *scan, LayoutResult *out)
{
    const LayoutPiece *last = &vec_last(&scan->pieces);
    if (last->comment_count > 0) {
        LayoutPut put = {.scan = scan, .out = out, .previous = LAYOUT_NONE, .fresh = true};
        put.told = LAYOUT_NONE;
        put_empty_lines(scan, (uint32_t)scan->pieces.count - 1, out);
        layout_put_comments(&put, (uint32_t)scan->pieces.count - 1, 0);
        put_bytes(out, "\n", 1);
    }
}

/* One round over a text. False: it is not text as the compiler wants it. */
static bool lay_out(const char *bytes, size_t length, LayoutResult *out)
{
    SyntaxContext cx;
    syntax_context_init(&cx);
    uint32_t file = source_text_add(&cx.diags, "", bytes, length, SOURCE_NOWHERE);
    const Source *source = file != 0 ? cx.sources.sources.items[file - 1] : NULL;
    bool good = source != NULL && cx.diags.errors == 0 && source->length == length &&
                memcmp(source->text, bytes, length) == 0;
    LayoutScan scan = {0};
    good = good && layout_scan(&scan, &cx, file);
    for (size_t i = 0; good && i < scan.forms.count; i++) {
        const LayoutForm *form = &scan.forms.items[i];
        put_empty_lines(&scan, form->first, out);
        if (!put_form(&scan, form, out)) {
            keep_form(&scan, form, out);
        }
        out->forms++;
    }
    if (good) {
        put_last_comments(&scan, out);
    }
    layout_scan_free(&scan);
    syntax_context_free(&cx);
    return good;
}

bool layout_source(const char *bytes, size_t length, LayoutResult *result)
{
    *result = (LayoutResult){0};
    if (!lay_out(bytes, length, result)) {
        layout_free(result);
        return false;
    }
    /* What was broken because it was too long counts as the author's wish in the next round: go on
     * until that changes nothing. */
    for (int round = 1; round < MOST_ROUNDS; round++) {
        LayoutResult next = {0};
        lay_out(result->text.items, result->text.count, &next);
        bool same = next.text.count == result->text.count &&
                    memcmp(next.text.items, result->text.items, next.text.count) == 0;
        vec_free(&result->text);
        result->text.items = next.text.items;
        result->text.count = next.text.count;
        result->text.room = next.text.room;
        if (same) {
            break;
        }
    }
    return true;
}

void layout_free(LayoutResult *result)
{
    vec_free(&result->text);
}
