/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/forms/messages.c: see messages.h. */
#include "compiler/forms/messages.h"
#include "compiler/forms/places.h"
#include <stdio.h>
#include <string.h>

static void write_text(EtfOut *out, const char *text)
{
    etf_binary(out, text, strlen(text));
}

/* Where Erlang would report it: an attribute at its name, an unknown record at its `#`. */
static SourceSpan erlang_place(const SourceSet *sources, const Diag *diag)
{
    SourceSpan span = places_of_macro(sources, diag->span);
    const Source *source = source_of(sources, span);
    if (source == NULL || span.start >= source->length) {
        return span;
    }
    const char *at = source->text + span.start;
    bool line_start = span.start == 0 || at[-1] == '\n';
    if (line_start && at[0] == '-' && at[1] >= 'a' && at[1] <= 'z') {
        span.start++;
    } else if (diag->code == DIAG_E0105 && span.start > 0 && at[-1] == '#') {
        span.start--;
    }
    return span;
}

/* The place that the first note shows, as two more arguments. */
static const DiagNote *note_with_place(const Diag *diag)
{
    bool wanted = diag->code == DIAG_E0102 || diag->code == DIAG_W0004 || diag->code == DIAG_W0013;
    const DiagNote *note = wanted && diag->notes.count > 0 ? &diag->notes.items[0] : NULL;
    return note != NULL && note->span.file != 0 ? note : NULL;
}

static void write_number_text(EtfOut *out, uint32_t number)
{
    char text[16];
    snprintf(text, sizeof text, "%u", number);
    write_text(out, text);
}

void message_write(EtfOut *out, const Diags *diags, const Diag *diag)
{
    bool syntax = diag->found_text != NULL;
    SourceSpan span = syntax ? diag->found : erlang_place(diags->sources, diag);
    SourcePlace place = source_logical_place(diags->sources, span);
    const char *const *args = syntax ? &diag->found_text : diag->args;
    uint32_t count = syntax ? 1 : diag->arg_count;
    etf_tuple(out, 7);
    etf_atom(out, diag->severity == DIAG_ERROR ? "error" : "warning");
    write_text(out, place.name != NULL ? place.name : "");
    etf_int(out, place.line);
    etf_int(out, place.column);
    etf_atom(out, syntax ? "syntax" : diag_code_text(diag->code));
    const DiagNote *note = note_with_place(diag);
    etf_list(out, count + (note != NULL ? 2 : 0));
    for (uint32_t i = 0; i < count; i++) {
        write_text(out, args[i]);
    }
    if (note != NULL) {
        SourcePlace other = source_logical_place(diags->sources, note->span);
        write_number_text(out, other.line);
        write_number_text(out, other.column);
    }
    etf_nil(out);
    write_text(out, diag->text);
}

void message_write_all(EtfOut *out, const Diags *diags)
{
    uint32_t count = 0;
    for (size_t i = 0; i < diags->list.count; i++) {
        count += !diags->list.items[i]->follows;
    }
    etf_list(out, count);
    for (size_t i = 0; i < diags->list.count; i++) {
        if (!diags->list.items[i]->follows) {
            message_write(out, diags, diags->list.items[i]);
        }
    }
    etf_nil(out);
}
