/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/source/diag.c: collecting messages; diag_print.c shows them. */
#include "compiler/source/diag.h"
#include "vm/base/alloc.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    const char *code;
    DiagSeverity severity;
    const char *text;
} DiagRow;

static const DiagRow rows[DIAG__COUNT] = {
#define ERROR DIAG_ERROR
#define WARNING DIAG_WARNING
#define DIAG(CODE, severity, text) {#CODE, severity, text},
#include "compiler/source/diag.def"
#undef DIAG
#undef ERROR
#undef WARNING
};

void diag_init(Diags *diags, SourceSet *sources)
{
    memset(diags, 0, sizeof(*diags));
    diags->sources = sources;
}

void diag_free(Diags *diags)
{
    for (size_t i = 0; i < diags->list.count; i++) {
        vec_free(&diags->list.items[i]->notes);
    }
    vec_free(&diags->list);
    vec_free(&diags->scratch.notes);
    arena_free(&diags->arena);
}

__attribute__((nonnull)) static const char *format_text(Arena *arena, const char *format,
                                                        va_list args)
{
    va_list again;
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    char *text = arena_alloc(arena, (size_t)length + 1);
    vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}

/* Keeps the arguments one by one, for those who put them into other words. */
static void keep_args(Diags *diags, Diag *diag, const char *format, va_list args)
{
    for (const char *at = strchr(format, '%'); at != NULL; at = strchr(at + 1, '%')) {
        at += 1 + strspn(at + 1, "0123456789.*");
        if (*at == '%' || diag->arg_count == DIAG_MOST_ARGS) {
            continue;
        }
        const char *text = NULL;
        if (*at == 's') {
            text = va_arg(args, const char *);
            text = arena_strndup(&diags->arena, text, strlen(text));
        } else {
            text = arena_printf(&diags->arena, "%u", va_arg(args, unsigned));
        }
        diag->args[diag->arg_count++] = text;
    }
}

/* True when the same thing was said of the same place: an included or expanded text can repeat. */
static bool repeats(const Diags *diags, DiagCode code, SourceSpan span, const char *text)
{
    if (diags->list.count == 0) {
        return false;
    }
    const Diag *last = vec_last(&diags->list);
    return last->code == code && last->span.file == span.file && last->span.start == span.start &&
           last->span.end == span.end && strcmp(last->text, text) == 0;
}

/* Says which macro the place is an expansion of, so that an invisible token is understood. */
static void note_macro(Diags *diags, Diag *diag)
{
    const SourceMacroUse *use = source_find_macro_use(diags->sources, diag->span);
    if (use != NULL) {
        diag_note(diags, diag, use->definition, "in the expansion of the macro '%s'", use->name);
    }
}

Diag *diag_report(Diags *diags, DiagCode code, SourceSpan span, ...)
{
    const DiagRow *row = &rows[code];
    bool warning = row->severity == DIAG_WARNING;
    va_list args;
    va_start(args, span);
    const char *text = format_text(&diags->arena, row->text, args);
    va_end(args);
    bool full = !warning && diags->error_limit != 0 && diags->errors >= diags->error_limit;
    if (full || (warning && diags->no_warnings) || repeats(diags, code, span, text)) {
        diags->hidden += full;
        diags->scratch.notes.count = 0;
        return &diags->scratch;
    }
    diags->errors += !warning;
    diags->warnings += warning;
    Diag *diag = ARENA_NEW(&diags->arena, Diag);
    diag->code = code;
    diag->severity = row->severity;
    diag->span = span;
    diag->text = text;
    diag->order = (uint32_t)diags->list.count;
    va_start(args, span);
    keep_args(diags, diag, row->text, args);
    va_end(args);
    vec_push(&diags->list, diag);
    note_macro(diags, diag);
    return diag;
}

void diag_label(Diags *diags, Diag *diag, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    diag->label = format_text(&diags->arena, format, args);
    va_end(args);
}

static void add_note(Diags *diags, Diag *diag, DiagNoteKind kind, SourceSpan span, const char *text)
{
    (void)diags;
    DiagNote note = {kind, span, text};
    vec_push(&diag->notes, note);
}

void diag_note(Diags *diags, Diag *diag, SourceSpan span, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add_note(diags, diag, DIAG_NOTE, span, format_text(&diags->arena, format, args));
    va_end(args);
}

void diag_help(Diags *diags, Diag *diag, SourceSpan span, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add_note(diags, diag, DIAG_HELP, span, format_text(&diags->arena, format, args));
    va_end(args);
}

uint32_t diag_errors(const Diags *diags)
{
    return diags->errors + diags->hidden + (diags->warnings_as_errors ? diags->warnings : 0);
}

const char *diag_code_text(DiagCode code)
{
    return rows[code].code;
}

enum { NEAREST_MAX_LENGTH = 63 };

/* Edits (insert, delete, replace, swap of neighbours) from a to b; both at most 63 bytes. */
static unsigned edit_distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
    unsigned previous2[NEAREST_MAX_LENGTH + 1] = {0};
    unsigned previous[NEAREST_MAX_LENGTH + 1];
    unsigned current[NEAREST_MAX_LENGTH + 1];
    for (size_t j = 0; j <= b_length; j++) {
        previous[j] = (unsigned)j;
    }
    for (size_t i = 1; i <= a_length; i++) {
        current[0] = (unsigned)i;
        for (size_t j = 1; j <= b_length; j++) {
            unsigned replace = previous[j - 1] + (a[i - 1] != b[j - 1]);
            unsigned best = ACT_MIN(ACT_MIN(previous[j], current[j - 1]) + 1, replace);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                best = ACT_MIN(best, previous2[j - 2] + 1);
            }
            current[j] = best;
        }
        memcpy(previous2, previous, sizeof(previous));
        memcpy(previous, current, sizeof(previous));
    }
    return previous[b_length];
}

void diag_nearest_offer(DiagNearest *nearest, const char *candidate)
{
    size_t a = strlen(nearest->wanted);
    size_t b = strlen(candidate);
    if (a == 0 || b == 0 || a > NEAREST_MAX_LENGTH || b > NEAREST_MAX_LENGTH ||
        strcmp(nearest->wanted, candidate) == 0) {
        return;
    }
    unsigned distance = edit_distance(nearest->wanted, a, candidate, b);
    /* One edit for up to five letters, two for up to eight, a third of the letters beyond. */
    unsigned allowed = a <= 2 ? a != b && a == 2 : a <= 5 ? 1 : a <= 8 ? 2 : (unsigned)(a / 3);
    if (distance <= allowed && (nearest->best == NULL || distance < nearest->distance)) {
        nearest->best = candidate;
        nearest->distance = distance;
    }
}
