/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/front/clause_heads.c: a walk over the tree that copies the sources' text. */
#include "compiler/front/clause_heads.h"

#include "vm/base/attr.h"
#include "vm/base/vec.h"

#include <stdio.h>
#include <string.h>

enum { HEAD_MAX = 160, HEADS_MAX = 12 };

typedef struct {
    VEC(char) text;
    const SourceSet *sources;
    const char *main_file;
} Heads;

static void put(Heads *h, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        vec_push(&h->text, text[i]);
    }
}

static void put_text(Heads *h, const char *text)
{
    put(h, text, strlen(text));
}

/* Past the quoted text, character or single byte at `at`. */
static uint32_t token_end(const char *text, uint32_t at, uint32_t end)
{
    char quote = text[at];
    if (quote == '$') {
        return at + 1 < end && text[at + 1] == '\\' ? at + 3 : at + 2;
    }
    if (quote != '"' && quote != '\'') {
        return at + 1;
    }
    for (at++; at < end && text[at] != quote; at++) {
        at += text[at] == '\\';
    }
    return at + 1;
}

static bool is_space(char c)
{
    return (unsigned char)c <= ' ';
}

/* Copies text[start..end) as one line: comments out, each run of white space one space. */
static void put_line(Heads *h, const char *text, uint32_t start, uint32_t end)
{
    size_t limit = h->text.count + HEAD_MAX;
    bool space = false, first = true;
    for (uint32_t at = start; at < end;) {
        if (text[at] == '%') {
            while (at < end && text[at] != '\n') {
                at++;
            }
        } else if (is_space(text[at])) {
            at++;
            space = true;
        } else {
            uint32_t next = token_end(text, at, end);
            if (space && !first) {
                put(h, " ", 1);
            }
            space = first = false;
            for (; at < next && at < end; at++) {
                char c = text[at];
                put(h, is_space(c) ? " " : &c, 1);
            }
        }
        if (h->text.count > limit) {
            while (((unsigned char)h->text.items[h->text.count - 1] & 0xc0) == 0x80) {
                h->text.count--;
            }
            h->text.items[h->text.count - 1] = ' ';
            put_text(h, "…");
            return;
        }
    }
}

/* One head: from where the clause starts to where its body does, without the arrow. */
static void put_clause(Heads *h, const AstNode *clause, bool first_body)
{
    const Source *source = source_of(h->sources, clause->span);
    if (!source) {
        return;
    }
    uint32_t end = clause->span.end;
    if (first_body && clause->clause.body.count > 0) {
        SourceSpan body = clause->clause.body.items[0]->span;
        if (body.file == clause->span.file && body.start > clause->span.start) {
            end = body.start;
        }
    }
    put(h, "\t", 1);
    size_t before = h->text.count;
    put_line(h, source->text, clause->span.start, end);
    while (h->text.count > before && is_space(h->text.items[h->text.count - 1])) {
        h->text.count--;
    }
    if (h->text.count >= before + 2 && memcmp(&h->text.items[h->text.count - 2], "->", 2) == 0) {
        h->text.count -= 2;
        while (h->text.count > before && h->text.items[h->text.count - 1] == ' ') {
            h->text.count--;
        }
    }
}

static void put_start(Heads *h, char kind, SourceSpan span)
{
    SourcePlace place = source_logical_place(h->sources, span);
    bool main = place.name && strcmp(place.name, h->main_file) == 0;
    char text[32];
    snprintf(text, sizeof text, "%c\t%u\t", kind, place.line);
    put_text(h, text);
    put_text(h, main || !place.name ? "" : place.name);
}

/* False for what a program made: there is no text to show. */
static bool has_text(const Heads *h, SourceSpan span)
{
    const Source *source = source_of(h->sources, span);
    return source != NULL && source->places.count == 0;
}

static void put_clauses(Heads *h, char kind, SourceSpan span, AstList clauses)
{
    if (!has_text(h, span) || clauses.count == 0) {
        return;
    }
    put_start(h, kind, span);
    for (uint32_t i = 0; i < clauses.count && i < HEADS_MAX; i++) {
        put_clause(h, clauses.items[i], true);
    }
    if (clauses.count > HEADS_MAX) {
        char text[40];
        snprintf(text, sizeof text, "\t… and %u more", clauses.count - HEADS_MAX);
        put_text(h, text);
    }
    put(h, "\n", 1);
}

static void put_match(Heads *h, const AstNode *match)
{
    const AstNode *pattern = match->pair.left;
    if (pattern->kind == AST_VAR || !has_text(h, match->span)) {
        return;
    }
    put_start(h, 'm', match->span);
    put_clause(h, pattern, false);
    put(h, "\n", 1);
}

static void visit(AstNode *node, void *context)
{
    Heads *h = context;
    switch ((AstKind)node->kind) {
    case AST_FUNCTION:
        put_clauses(h, 'f', node->span, node->function.clauses);
        break;
    case AST_FUN:
        put_clauses(h, 'f', node->span, node->fun.clauses);
        break;
    case AST_CASE:
        put_clauses(h, 'c', node->span, node->choice.clauses);
        break;
    case AST_IF:
        put_clauses(h, 'i', node->span, node->items);
        break;
    case AST_TRY:
        put_clauses(h, 't', node->span, node->try_.clauses);
        break;
    case AST_MAYBE:
        put_clauses(h, 'e', node->span, node->maybe.else_clauses);
        break;
    case AST_MATCH:
        put_match(h, node);
        break;
    default:
        break;
    }
    ast_each_child(node, visit, h);
}

const Konst *clause_heads(Arena *arena, const SourceSet *sources, AstList forms)
{
    Heads h = {.sources = sources};
    h.main_file = sources->sources.count > 0 ? sources->sources.items[0]->name : "";
    for (uint32_t i = 0; i < forms.count; i++) {
        if (forms.items[i]->kind == AST_FUNCTION) {
            visit(forms.items[i], &h);
        }
    }
    unsigned char *bytes = ARENA_ARRAY(arena, unsigned char, h.text.count + 1);
    if (h.text.count > 0) {
        memcpy(bytes, h.text.items, h.text.count);
    }
    const Konst *binary = konst_binary(arena, bytes, (uint64_t)h.text.count * 8);
    vec_free(&h.text);
    return binary;
}
