/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/source/source.c: texts, their line tables, and places; see source.h. */
#include "compiler/source/source.h"
#include "vm/base/alloc.h"
#include <string.h>

/* Offsets of the bytes after each line end; \r\n and \n both end a line. */
static void index_lines(Source *source)
{
    vec_push(&source->lines, 0);
    const char *end = source->text + source->length;
    for (const char *at = source->text; at < end;) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        if (newline == NULL) {
            break;
        }
        at = newline + 1;
        vec_push(&source->lines, (uint32_t)(at - source->text));
    }
}

uint32_t source_add(SourceSet *set, const char *name, const char *text, size_t length,
                    SourceSpan included_from)
{
    if (length >= UINT32_MAX - 2) {
        return 0;
    }
    Source *source = ARENA_NEW(&set->arena, Source);
    source->name = arena_strndup(&set->arena, name, strlen(name));
    /* Two NUL bytes: flex scans this very buffer. */
    char *copy = arena_alloc(&set->arena, length + 2);
    if (length > 0) {
        memcpy(copy, text, length);
    }
    copy[length] = copy[length + 1] = '\0';
    source->text = copy;
    source->length = (uint32_t)length;
    source->included_from = included_from;
    index_lines(source);
    vec_push(&set->sources, source);
    return (uint32_t)set->sources.count;
}

Source *source_of(const SourceSet *set, SourceSpan span)
{
    return span.file == 0 || span.file > set->sources.count ? NULL
                                                            : set->sources.items[span.file - 1];
}

/* The index of the last line that starts at or before offset. */
static uint32_t line_index(const Source *source, uint32_t offset)
{
    uint32_t low = 0;
    uint32_t high = (uint32_t)source->lines.count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (source->lines.items[middle] <= offset) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

static uint32_t count_code_points(const char *text, size_t length)
{
    uint32_t count = 0;
    for (size_t i = 0; i < length; i++) {
        count += ((unsigned char)text[i] & 0xC0) != 0x80;
    }
    return count;
}

SourcePlace source_place_at(const SourceSet *set, uint32_t file, uint32_t offset)
{
    Source *source = source_of(set, (SourceSpan){file, offset, offset});
    if (source == NULL) {
        return (SourcePlace){"", 0, 0};
    }
    if (source->places.count > 0) {
        return source->places.items[ACT_MIN(offset, source->places.count - 1)];
    }
    uint32_t at = ACT_MIN(offset, source->length);
    uint32_t line = line_index(source, at);
    uint32_t start = source->lines.items[line];
    return (SourcePlace){source->name, line + 1,
                         count_code_points(source->text + start, at - start) + 1};
}

SourcePlace source_place(const SourceSet *set, SourceSpan span)
{
    return source_place_at(set, span.file, span.start);
}

SourcePlace source_logical_place(const SourceSet *set, SourceSpan span)
{
    SourcePlace place = source_place(set, span);
    Source *source = source_of(set, span);
    if (source == NULL) {
        return place;
    }
    for (size_t i = source->remaps.count; i-- > 0;) {
        const SourceRemap *remap = &source->remaps.items[i];
        if (remap->offset <= span.start) {
            uint32_t base = line_index(source, remap->offset) + 1;
            place.name = remap->name;
            place.line = remap->line + (place.line - base);
            break;
        }
    }
    return place;
}

const char *source_line_text(const Source *source, uint32_t line, size_t *length)
{
    if (line == 0 || source->places.count > 0 || line > source->lines.count) {
        return NULL;
    }
    uint32_t start = source->lines.items[line - 1];
    uint32_t end = line < source->lines.count ? source->lines.items[line] : source->length;
    while (end > start && (source->text[end - 1] == '\n' || source->text[end - 1] == '\r')) {
        end--;
    }
    *length = end - start;
    return source->text + start;
}

void source_remap(SourceSet *set, uint32_t file, uint32_t offset, const char *name, uint32_t line)
{
    Source *source = source_of(set, (SourceSpan){file, 0, 0});
    if (source != NULL) {
        SourceRemap remap = {offset, arena_strndup(&set->arena, name, strlen(name)), line};
        vec_push(&source->remaps, remap);
    }
}

void source_macro_use(SourceSet *set, SourceSpan use, SourceSpan definition, const char *name)
{
    Source *source = source_of(set, use);
    if (source == NULL) {
        return;
    }
    SourceMacroUse entry = {use, definition, arena_strndup(&set->arena, name, strlen(name))};
    vec_push(&source->macro_uses, entry);
    /* Nearly always in order already: the preprocessor goes forward. */
    size_t i = source->macro_uses.count - 1;
    while (i > 0 && source->macro_uses.items[i - 1].use.start > use.start) {
        source->macro_uses.items[i] = source->macro_uses.items[i - 1];
        i--;
    }
    source->macro_uses.items[i] = entry;
}

const SourceMacroUse *source_find_macro_use(const SourceSet *set, SourceSpan span)
{
    Source *source = source_of(set, span);
    if (source == NULL) {
        return NULL;
    }
    size_t low = 0;
    size_t high = source->macro_uses.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const SourceMacroUse *use = &source->macro_uses.items[middle];
        if (use->use.start == span.start && use->use.end == span.end) {
            return use;
        }
        if (use->use.start < span.start) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

SourceSpan source_span_join(SourceSpan first, SourceSpan last)
{
    if (first.file == 0) {
        return last;
    }
    if (first.file != last.file || last.end < first.start) {
        return first;
    }
    return (SourceSpan){first.file, first.start, ACT_MAX(first.end, last.end)};
}

void source_set_free(SourceSet *set)
{
    for (size_t i = 0; i < set->sources.count; i++) {
        vec_free(&set->sources.items[i]->lines);
        vec_free(&set->sources.items[i]->remaps);
        vec_free(&set->sources.items[i]->macro_uses);
        vec_free(&set->sources.items[i]->places);
    }
    vec_free(&set->sources);
    arena_free(&set->arena);
}
