/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/source/diag_print.c: messages as people read them, and as JSON lines.
 *
 *     prog.act:3:5: error[E0107]: variable 'Y' is unbound
 *        3 |     X + Y.
 *          |         ^
 *          = help: did you mean 'X'?
 */
#include "compiler/source/diag.h"
#include "vm/base/utf8.h"
#include <stdlib.h>
#include <string.h>

enum { MAX_SHOWN_COLUMNS = 160 };

typedef struct {
    Diags *diags;
    FILE *out;
    bool colour;
} Printer;

static const char *paint(const Printer *p, const char *code)
{
    return p->colour ? code : "";
}

#define RED "\033[1;31m"
#define YELLOW "\033[1;33m"
#define BLUE "\033[1;34m"
#define GREEN "\033[1;32m"
#define BOLD "\033[1m"
#define PLAIN "\033[0m"

static bool is_error(const Printer *p, const Diag *diag)
{
    return diag->severity == DIAG_ERROR || p->diags->warnings_as_errors;
}

/* Writes bytes of a source line; tabs and control bytes as one blank, so columns stay true. */
static void put_source(FILE *out, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        fputc(c < 0x20 || c == 0x7F ? ' ' : c, out);
    }
}

/* Bytes that hold at most columns code points. */
static size_t clip(const char *text, size_t length, size_t columns)
{
    size_t at = 0;
    while (at < length && columns > 0) {
        at++;
        while (at < length && ((unsigned char)text[at] & 0xC0) == 0x80) {
            at++;
        }
        columns--;
    }
    return at;
}

static uint32_t columns_between(const SourceSet *set, SourceSpan span, SourcePlace from)
{
    SourcePlace to = source_place_at(set, span.file, span.end);
    return to.line == from.line && to.column > from.column ? to.column - from.column : 1;
}

/* The line of span and its underline. mark is '^' for the message's own place, '~' for others. */
static void print_excerpt(const Printer *p, SourceSpan span, char mark, const char *colour,
                          const char *label)
{
    const Source *source = source_of(p->diags->sources, span);
    SourcePlace from = source_place(p->diags->sources, span);
    size_t length = 0;
    const char *text = source == NULL ? NULL : source_line_text(source, from.line, &length);
    if (text == NULL) {
        return;
    }
    SourcePlace to = source_place_at(p->diags->sources, span.file, span.end);
    uint32_t width = columns_between(p->diags->sources, span, from);
    bool open = to.line > from.line; /* goes on below: underline to the end of the line */
    uint32_t line_columns = 0;
    for (size_t i = 0; i < length; i++) {
        line_columns += ((unsigned char)text[i] & 0xC0) != 0x80;
    }
    if (open) {
        width = line_columns >= from.column ? line_columns - from.column + 1 : 1;
    }
    /* A long line is shown from near the place on. */
    uint32_t skip = from.column > MAX_SHOWN_COLUMNS - 40 ? from.column - 40 : 0;
    size_t skipped = clip(text, length, skip);
    size_t shown = clip(text + skipped, length - skipped, MAX_SHOWN_COLUMNS);
    fprintf(p->out, "%s%5u |%s ", paint(p, BLUE), from.line, paint(p, PLAIN));
    put_source(p->out, text + skipped, shown);
    fprintf(p->out, "\n%s      |%s ", paint(p, BLUE), paint(p, PLAIN));
    uint32_t indent = from.column - 1 - skip;
    width = ACT_MIN(width, MAX_SHOWN_COLUMNS - ACT_MIN(indent, MAX_SHOWN_COLUMNS - 1));
    for (uint32_t i = 0; i < indent; i++) {
        fputc(' ', p->out);
    }
    fputs(paint(p, colour), p->out);
    for (uint32_t i = 0; i < width; i++) {
        fputc(mark, p->out);
    }
    fprintf(p->out, "%s%s%s\n", label == NULL ? "" : " ", label == NULL ? "" : label,
            paint(p, PLAIN));
}

static void print_note(const Printer *p, const Diag *diag, const DiagNote *note)
{
    const char *word = note->kind == DIAG_HELP ? "help" : "note";
    const char *colour = note->kind == DIAG_HELP ? GREEN : BLUE;
    SourcePlace place = source_place(p->diags->sources, note->span);
    if (place.line == 0) {
        fprintf(p->out, "%s      =%s %s%s:%s %s\n", paint(p, BLUE), paint(p, PLAIN),
                paint(p, colour), word, paint(p, PLAIN), note->text);
        return;
    }
    (void)diag;
    fprintf(p->out, "%s:%u:%u: %s%s:%s %s\n", place.name, place.line, place.column,
            paint(p, colour), word, paint(p, PLAIN), note->text);
    print_excerpt(p, note->span, '~', colour, NULL);
}

/* "in file included from ..." for places in included files, outermost last. */
static void print_inclusions(const Printer *p, SourceSpan span)
{
    const Source *source = source_of(p->diags->sources, span);
    for (int guard = 0; source != NULL && source->included_from.file != 0 && guard < 8; guard++) {
        SourcePlace place = source_place(p->diags->sources, source->included_from);
        fprintf(p->out, "      = note: included from %s:%u\n", place.name, place.line);
        source = source_of(p->diags->sources, source->included_from);
    }
}

static void print_text(const Printer *p, const Diag *diag)
{
    SourcePlace place = source_place(p->diags->sources, diag->span);
    const char *colour = is_error(p, diag) ? RED : YELLOW;
    fputs(paint(p, BOLD), p->out);
    if (place.line != 0) {
        fprintf(p->out, "%s:%u:%u: ", place.name, place.line, place.column);
    }
    fprintf(p->out, "%s%s[%s]:%s %s%s%s\n", paint(p, colour),
            is_error(p, diag) ? "error" : "warning", diag_code_text(diag->code), paint(p, PLAIN),
            paint(p, BOLD), diag->text, paint(p, PLAIN));
    print_excerpt(p, diag->span, '^', colour, diag->label);
    print_inclusions(p, diag->span);
    for (size_t i = 0; i < diag->notes.count; i++) {
        print_note(p, diag, &diag->notes.items[i]);
    }
}

static void json_string(FILE *out, const char *text)
{
    fputc('"', out);
    for (const unsigned char *at = (const unsigned char *)text; *at != 0; at++) {
        if (*at == '"' || *at == '\\') {
            fprintf(out, "\\%c", *at);
        } else if (*at < 0x20 || *at == 0x7F) {
            fprintf(out, "\\u%04x", *at);
        } else {
            fputc(*at, out);
        }
    }
    fputc('"', out);
}

static void json_place(const Printer *p, SourceSpan span)
{
    SourcePlace from = source_place(p->diags->sources, span);
    if (from.line == 0) {
        return;
    }
    SourcePlace to = source_place_at(p->diags->sources, span.file, span.end);
    fputs(",\"file\":", p->out);
    json_string(p->out, from.name);
    fprintf(p->out, ",\"line\":%u,\"column\":%u,\"end\":{\"line\":%u,\"column\":%u}", from.line,
            from.column, to.line, to.column);
}

static void json_notes(const Printer *p, const Diag *diag, DiagNoteKind kind, const char *key)
{
    fprintf(p->out, ",\"%s\":[", key);
    bool first = true;
    for (size_t i = 0; i < diag->notes.count; i++) {
        const DiagNote *note = &diag->notes.items[i];
        if (note->kind == kind) {
            fputs(first ? "{\"message\":" : ",{\"message\":", p->out);
            json_string(p->out, note->text);
            json_place(p, note->span);
            fputc('}', p->out);
            first = false;
        }
    }
    fputc(']', p->out);
}

/* The keys are promised in `act help check`. */
static void print_json(const Printer *p, const Diag *diag)
{
    fprintf(p->out, "{\"severity\":\"%s\",\"code\":\"%s\"", is_error(p, diag) ? "error" : "warning",
            diag_code_text(diag->code));
    json_place(p, diag->span);
    fputs(",\"message\":", p->out);
    json_string(p->out, diag->text);
    json_notes(p, diag, DIAG_HELP, "hints");
    json_notes(p, diag, DIAG_NOTE, "notes");
    fputs("}\n", p->out);
}

static int compare(const void *left, const void *right)
{
    const Diag *a = *(Diag *const *)left;
    const Diag *b = *(Diag *const *)right;
    if (a->span.file != b->span.file) {
        return a->span.file < b->span.file ? -1 : 1;
    }
    if (a->span.start != b->span.start) {
        return a->span.start < b->span.start ? -1 : 1;
    }
    return a->order < b->order ? -1 : 1;
}

static void print_summary(const Printer *p)
{
    uint32_t errors = diag_errors(p->diags);
    uint32_t warnings = p->diags->warnings_as_errors ? 0 : p->diags->warnings;
    if (p->diags->hidden > 0) {
        fprintf(p->out, "%u more error%s not shown\n", p->diags->hidden,
                p->diags->hidden == 1 ? "" : "s");
    }
    if (errors == 0 && warnings == 0) {
        return;
    }
    if (errors > 0) {
        fprintf(p->out, "%u error%s", errors, errors == 1 ? "" : "s");
    }
    if (warnings > 0) {
        fprintf(p->out, "%s%u warning%s", errors > 0 ? ", " : "", warnings,
                warnings == 1 ? "" : "s");
    }
    fputc('\n', p->out);
}

void diag_print(Diags *diags, FILE *out, DiagStyle style)
{
    Printer p = {diags, out, style == DIAG_STYLE_COLOUR};
    if (diags->list.count > 1) {
        qsort(diags->list.items, diags->list.count, sizeof(Diag *), compare);
    }
    for (size_t i = 0; i < diags->list.count; i++) {
        if (style == DIAG_STYLE_JSON) {
            print_json(&p, diags->list.items[i]);
        } else {
            print_text(&p, diags->list.items[i]);
        }
    }
    if (style != DIAG_STYLE_JSON) {
        print_summary(&p);
    }
}

char *diag_to_text(Diags *diags, DiagStyle style, size_t *length)
{
    char *text = NULL;
    *length = 0;
    FILE *out = open_memstream(&text, length);
    if (out == NULL) {
        return NULL;
    }
    diag_print(diags, out, style);
    fclose(out);
    return text;
}
