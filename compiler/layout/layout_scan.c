/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/layout/layout_scan.c: tokens with the comments and line breaks between them. The scanner
 * leaves them out; they are what lies between the spans of two tokens. */
#include "compiler/layout/layout_node.h"
#include "compiler/syntax/lexer.h"
#include <string.h>

/* What is being read between two tokens. */
typedef struct {
    LayoutScan *scan;
    uint32_t line_start; /* offset */
    unsigned newlines;   /* since the last token or comment */
    bool first_line;     /* nothing broke the line of the token before */
} Gap;

static uint32_t characters(const char *text, uint32_t start, uint32_t end)
{
    uint32_t count = 0;
    for (uint32_t i = start; i < end; i++) {
        count += ((unsigned char)text[i] & 0xC0) != 0x80;
    }
    return count;
}

/* Where a comment ends: trailing blanks are no part of it. */
static uint32_t comment_end(const LayoutScan *scan, uint32_t at, uint32_t end, uint32_t *next)
{
    const char *newline = memchr(scan->text + at, '\n', end - at);
    *next = newline == NULL ? end : (uint32_t)(newline - scan->text);
    uint32_t last = *next;
    while (last > at && (unsigned char)scan->text[last - 1] <= ' ') {
        last--;
    }
    return last;
}

/* Adds the comment to what comes (piece), or behind the piece before. */
static void add_comment(Gap *gap, LayoutPiece *piece, uint32_t start, uint32_t end)
{
    LayoutScan *scan = gap->scan;
    LayoutComment comment = {start, end, characters(scan->text, gap->line_start, start),
                             gap->newlines > 1};
    uint32_t number = (uint32_t)scan->comments.count;
    vec_push(&scan->comments, comment);
    if (gap->first_line && gap->newlines == 0 && scan->pieces.count > 0) {
        vec_last(&scan->pieces).behind = number;
        piece->first_comment = number + 1;
    } else {
        piece->comment_count++;
    }
    piece->breaks++;
}

/* Reads from..to, which lies before piece. False: something else than blanks and comments. */
static bool read_gap(Gap *gap, LayoutPiece *piece, uint32_t from, uint32_t to)
{
    const char *text = gap->scan->text;
    gap->newlines = 0;
    gap->first_line = true;
    piece->first_comment = (uint32_t)gap->scan->comments.count;
    for (uint32_t at = from; at < to;) {
        unsigned char c = (unsigned char)text[at];
        bool script = at == 0 && c == '#' && to > 1 && text[1] == '!';
        if (c == '%' || script) {
            uint32_t next;
            uint32_t end = comment_end(gap->scan, at, to, &next);
            add_comment(gap, piece, at, end);
            gap->newlines = 0;
            gap->first_line = false;
            at = next;
        } else if (c == '\n') {
            gap->newlines++;
            gap->line_start = ++at;
            piece->newline = true;
        } else if (c <= ' ' || c == 0xC2 || (c >= 0x80 && c <= 0xA0)) {
            at++;
        } else {
            return false;
        }
    }
    piece->blank = gap->newlines > 1;
    return true;
}

static void end_piece(Gap *gap, LayoutPiece *piece, uint32_t start, uint32_t end)
{
    LayoutScan *scan = gap->scan;
    piece->start = start;
    piece->end = end;
    piece->behind = LAYOUT_NONE;
    uint32_t from = start;
    for (uint32_t i = start; i < end; i++) {
        if (scan->text[i] == '\n') {
            piece->lines = true;
            from = gap->line_start = i + 1;
        }
    }
    piece->width = characters(scan->text, from, end);
    piece->breaks += (scan->pieces.count > 0 ? vec_last(&scan->pieces).breaks : 0) + piece->lines;
    vec_push(&scan->pieces, *piece);
}

static bool read_form(Gap *gap, const TokenVec *tokens, uint32_t *at, LayoutForm *form)
{
    form->first = (uint32_t)gap->scan->pieces.count;
    for (size_t i = 0; i < tokens->count; i++) {
        const Token *token = &tokens->items[i];
        LayoutPiece piece = {.kind = token->kind};
        form->damaged |= (token->flags & TOKEN_DAMAGED) != 0;
        if (!read_gap(gap, &piece, *at, token->span.start)) {
            form->damaged = true;
        }
        end_piece(gap, &piece, token->span.start, token->span.end);
        *at = token->span.end;
    }
    form->end = (uint32_t)gap->scan->pieces.count;
    return true;
}

bool layout_scan(LayoutScan *scan, SyntaxContext *cx, uint32_t file)
{
    const Source *source = cx->sources.sources.items[file - 1];
    *scan = (LayoutScan){.text = source->text, .length = source->length};
    Lexer *lexer = lexer_new(cx, file);
    TokenVec tokens = {0};
    Gap gap = {.scan = scan};
    uint32_t at = 0;
    uint32_t errors = cx->diags.errors;
    while (lexer_read_form(lexer, &tokens)) {
        LayoutForm form = {0};
        read_form(&gap, &tokens, &at, &form);
        form.damaged |= cx->diags.errors != errors;
        errors = cx->diags.errors;
        vec_push(&scan->forms, form);
        tokens.count = 0;
    }
    LayoutPiece last = {0};
    bool clean = read_gap(&gap, &last, at, source->length);
    end_piece(&gap, &last, source->length, source->length);
    vec_free(&tokens);
    lexer_free(lexer);
    return clean;
}

void layout_scan_free(LayoutScan *scan)
{
    vec_free(&scan->pieces);
    vec_free(&scan->comments);
    vec_free(&scan->forms);
}
