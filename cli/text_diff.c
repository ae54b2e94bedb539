/* SPDX-License-Identifier: Apache-2.0 */
/* cli/text_diff.c: the shortest edit script between two lists of lines, by Myers' algorithm: for
 * each number of edits how far each diagonal gets; the way back through what was kept of each
 * round. Equal beginnings and ends are cut off first. */
#include "cli/text_diff.h"

#include "vm/base/vec.h"

#include <stdio.h>
#include <string.h>

enum { CONTEXT = 3, MOST_EDITS = 4000 };

typedef VEC(DiffText) Lines;
typedef struct {
    char mark; /* ' ', '-' or '+' */
    DiffText line;
} Edit;
typedef VEC(Edit) Edits;

static Lines split(DiffText text)
{
    Lines lines = {0};
    for (size_t at = 0; at < text.length;) {
        const char *newline = memchr(text.text + at, '\n', text.length - at);
        size_t end = newline ? (size_t)(newline - text.text) : text.length;
        DiffText line = {text.text + at, end - at};
        vec_push(&lines, line);
        at = end + 1;
    }
    return lines;
}

static bool same(DiffText a, DiffText b)
{
    return a.length == b.length && memcmp(a.text, b.text, a.length) == 0;
}

/* The lines between the equal beginning and the equal end. */
typedef struct {
    const DiffText *a, *b;
    int n, m;
} Middle;

static void push(Edits *edits, char mark, DiffText line)
{
    Edit edit = {mark, line};
    vec_push(edits, edit);
}

static void turn_round(Edit *edits, size_t count)
{
    for (size_t i = 0; i < count / 2; i++) {
        Edit edit = edits[i];
        edits[i] = edits[count - 1 - i];
        edits[count - 1 - i] = edit;
    }
}

/* How far diagonal k gets with d edits, from what d - 1 edits reached (v, by diagonal). */
static int furthest(const Middle *x, const int *v, int d, int k)
{
    bool down = k == -d || (k != d && v[k - 1] < v[k + 1]);
    int at = down ? v[k + 1] : v[k - 1] + 1;
    while (at < x->n && at - k < x->m && same(x->a[at], x->b[at - k])) {
        at++;
    }
    return at;
}

/* Goes back through the rounds, adding edits from the last to the first. */
static void way_back(const Middle *x, int *const *rounds, int edits, int room, Edits *out)
{
    int at = x->n, to = x->m;
    for (int d = edits; d > 0; d--) {
        const int *v = rounds[d - 1] + room;
        int k = at - to;
        bool down = k == -d || (k != d && v[k - 1] < v[k + 1]);
        int from = down ? v[k + 1] : v[k - 1];
        int behind = down ? from : from + 1; /* the edit itself; equal lines follow it */
        while (at > behind) {
            push(out, ' ', x->a[--at]);
            to--;
        }
        if (down) {
            push(out, '+', x->b[--to]);
        } else {
            push(out, '-', x->a[--at]);
        }
    }
    while (at > 0) {
        push(out, ' ', x->a[--at]);
    }
}

static void replace_all(const Middle *x, Edits *out)
{
    for (int i = 0; i < x->n; i++) {
        push(out, '-', x->a[i]);
    }
    for (int i = 0; i < x->m; i++) {
        push(out, '+', x->b[i]);
    }
}

static void find_edits(const Middle *x, Edits *out)
{
    int most = ACT_MIN(x->n + x->m, MOST_EDITS);
    VEC(int *) rounds = {0};
    int room = most + 1;
    int *v = alloc_must_zero((size_t)(2 * room + 1) * sizeof *v);
    int found = -1;
    for (int d = 0; d <= most && found < 0; d++) {
        for (int k = -d; k <= d && found < 0; k += 2) {
            v[room + k] = furthest(x, v + room, d, k);
            if (v[room + k] >= x->n && v[room + k] - k >= x->m) {
                found = d;
            }
        }
        int *copy = alloc_must((size_t)(2 * room + 1) * sizeof *copy);
        memcpy(copy, v, (size_t)(2 * room + 1) * sizeof *copy);
        vec_push(&rounds, copy);
    }
    size_t first = out->count;
    if (found < 0) {
        replace_all(x, out);
    } else {
        way_back(x, rounds.items, found, room, out);
        turn_round(out->items + first, out->count - first);
    }
    for (size_t i = 0; i < rounds.count; i++) {
        alloc_free(rounds.items[i]);
    }
    vec_free(&rounds);
    alloc_free(v);
}

static Edits compare(const Lines *a, const Lines *b)
{
    Edits edits = {0};
    size_t head = 0, tail = 0;
    while (head < a->count && head < b->count && same(a->items[head], b->items[head])) {
        push(&edits, ' ', a->items[head++]);
    }
    while (head + tail < a->count && head + tail < b->count &&
           same(a->items[a->count - 1 - tail], b->items[b->count - 1 - tail])) {
        tail++;
    }
    Middle middle = {a->items + head, b->items + head, (int)(a->count - head - tail),
                     (int)(b->count - head - tail)};
    find_edits(&middle, &edits);
    for (size_t i = a->count - tail; i < a->count; i++) {
        push(&edits, ' ', a->items[i]);
    }
    return edits;
}

static void print_line(const Edit *edit, bool colour)
{
    const char *paint = !colour || edit->mark == ' ' ? ""
                        : edit->mark == '-'          ? "\033[31m"
                                                     : "\033[32m";
    printf("%s%c%.*s%s\n", paint, edit->mark, (int)edit->line.length, edit->line.text,
           *paint ? "\033[0m" : "");
}

/* The end of the hunk that begins at first: where more than 2 * CONTEXT lines are the same. */
static size_t hunk_end(const Edits *edits, size_t first)
{
    size_t last = first;
    for (size_t i = first; i < edits->count && i <= last + 2 * CONTEXT; i++) {
        last = edits->items[i].mark != ' ' ? i : last;
    }
    return ACT_MIN(last + CONTEXT + 1, edits->count);
}

static void print_hunk(const Edits *edits, size_t start, size_t end, size_t from, size_t to,
                       bool colour)
{
    size_t minus = 0, plus = 0;
    for (size_t i = start; i < end; i++) {
        minus += edits->items[i].mark != '+';
        plus += edits->items[i].mark != '-';
    }
    printf("%s@@ -%zu,%zu +%zu,%zu @@%s\n", colour ? "\033[36m" : "", from + (minus > 0), minus,
           to + (plus > 0), plus, colour ? "\033[0m" : "");
    for (size_t i = start; i < end; i++) {
        print_line(&edits->items[i], colour);
    }
}

void text_diff_print(const char *name, DiffText from, DiffText to, bool colour)
{
    Lines a = split(from), b = split(to);
    Edits edits = compare(&a, &b);
    size_t from_line = 0, to_line = 0, counted = 0;
    bool any = false;
    for (size_t i = 0; i < edits.count; i++) {
        if (edits.items[i].mark == ' ') {
            continue;
        }
        if (!any) {
            printf("--- %s\n+++ %s\n", name, name);
            any = true;
        }
        size_t start = i > CONTEXT + counted ? i - CONTEXT : counted;
        size_t end = hunk_end(&edits, i);
        for (; counted < start; counted++) {
            from_line += edits.items[counted].mark != '+';
            to_line += edits.items[counted].mark != '-';
        }
        print_hunk(&edits, start, end, from_line, to_line, colour);
        for (; counted < end; counted++) {
            from_line += edits.items[counted].mark != '+';
            to_line += edits.items[counted].mark != '-';
        }
        i = end - 1;
    }
    vec_free(&edits);
    vec_free(&a);
    vec_free(&b);
}
