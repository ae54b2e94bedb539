/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/forms/messages.c: see messages.h. */
#include "compiler/forms/messages.h"
#include "compiler/forms/places.h"
#include <string.h>

static void write_text(EtfOut *out, const char *text)
{
    etf_binary(out, text, strlen(text));
}

void message_write(EtfOut *out, const Diags *diags, const Diag *diag)
{
    bool syntax = diag->found_text != NULL;
    SourceSpan span = places_of_macro(diags->sources, syntax ? diag->found : diag->span);
    SourcePlace place = source_logical_place(diags->sources, span);
    const char *const *args = syntax ? &diag->found_text : diag->args;
    uint32_t count = syntax ? 1 : diag->arg_count;
    etf_tuple(out, 7);
    etf_atom(out, diag->severity == DIAG_ERROR ? "error" : "warning");
    write_text(out, place.name != NULL ? place.name : "");
    etf_int(out, place.line);
    etf_int(out, place.column);
    etf_atom(out, syntax ? "syntax" : diag_code_text(diag->code));
    etf_list(out, count);
    for (uint32_t i = 0; i < count; i++) {
        write_text(out, args[i]);
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
