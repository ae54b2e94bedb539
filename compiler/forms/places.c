/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/forms/places.c: see places.h. */
#include "compiler/forms/places.h"
#include <string.h>

SourceSpan places_of_macro(const SourceSet *sources, SourceSpan span)
{
    const Source *source = source_of(sources, span);
    if (source != NULL && span.start < source->length && source->text[span.start] == '?' &&
        source->text[span.start + 1] != '=') {
        span.start++;
        span.start += (uint32_t)strspn(source->text + span.start, " \t\r\n");
    }
    return span;
}

void places_init(Places *places, SourceSet *sources, const unsigned char *bytes, const char *name,
                 bool tokens)
{
    memset(places, 0, sizeof *places);
    places->sources = sources;
    places->bytes = bytes;
    places->tokens = tokens;
    places_set_file(places, name);
}

void places_free(Places *places)
{
    vec_free(&places->annos);
}

void places_set_file(Places *places, const char *name)
{
    SourceSet *set = places->sources;
    for (uint32_t i = 0; i < set->sources.count; i++) {
        if (strcmp(set->sources.items[i]->name, name) == 0) {
            places->file = i + 1;
            return;
        }
    }
    places->file = source_add(set, name, "", 0, SOURCE_NOWHERE);
    SourcePlace nowhere = {source_of(set, (SourceSpan){places->file, 0, 0})->name, 0, 0};
    if (!places->tokens) {
        vec_push(&source_of(set, (SourceSpan){places->file, 0, 0})->places, nowhere);
    }
}

static uint32_t small(EtfItem item)
{
    return item.kind == ETF_INT && item.integer >= 0 && item.integer < UINT32_MAX
               ? (uint32_t)item.integer
               : 0;
}

static void read_location(EtfIn *in, SourcePlace *place)
{
    EtfItem item = etf_peek(in);
    if (item.kind == ETF_TUPLE && item.count == 2) {
        etf_read(in);
        place->line = small(etf_peek(in));
        etf_skip(in);
        place->column = small(etf_peek(in));
        etf_skip(in);
        return;
    }
    place->line = small(item);
    place->column = 0;
    etf_skip(in);
}

/* One of {location, L}, {generated, true}, {file, F}, {record, true}, {text, T}. */
static void read_property(EtfIn *in, Arena *arena, SourcePlace *place, bool *generated)
{
    EtfIn start = *in;
    EtfItem item = etf_read(in);
    EtfItem key = item.kind == ETF_TUPLE && item.count == 2 ? etf_read(in) : item;
    if (item.kind == ETF_STRING || (item.kind == ETF_TUPLE && key.kind == ETF_ATOM)) {
        if (etf_is_atom(&key, "location")) {
            read_location(in, place);
            return;
        }
        if (etf_is_atom(&key, "generated")) {
            EtfItem value = etf_peek(in);
            *generated = etf_is_atom(&value, "true");
        }
        if (etf_is_atom(&key, "file")) {
            EtfIn copy = *in;
            const char *name = etf_read_text(&copy, arena);
            place->name = name ? name : place->name;
        }
    }
    *in = start;
    etf_skip(in);
}

static void read_anno(EtfIn *in, Arena *arena, SourcePlace *place, bool *generated)
{
    EtfIn start = *in;
    EtfItem item = etf_peek(in);
    uint32_t count = 0;
    if (item.kind != ETF_LIST) {
        read_location(in, place);
    } else if (etf_list_begin(in, &count)) {
        for (uint32_t i = 0; i < count; i++) {
            read_property(in, arena, place, generated);
        }
    }
    *in = start;
    etf_skip(in);
}

SourceSpan places_read(Places *places, EtfIn *in, Arena *arena, bool *generated)
{
    Source *source = source_of(places->sources, (SourceSpan){places->file, 0, 0});
    SourcePlace place = {source->name, 0, 0};
    size_t start = in->at;
    read_anno(in, arena, &place, generated);
    uint32_t index = (uint32_t)source->places.count;
    vec_push(&source->places, place);
    if (places->tokens) {
        PlaceBytes bytes = {start, in->at - start};
        vec_push(&places->annos, bytes);
    }
    return (SourceSpan){places->file, index, index + 1};
}
