/* SPDX-License-Identifier: Apache-2.0 */
/* vm/base/arena.c: a bump allocator over chunks that double up to a limit. */
#include "vm/base/arena.h"

#include "vm/base/alloc.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { FIRST_CHUNK = 4096, LARGEST_CHUNK = 1 << 20 };

struct ArenaChunk {
    ArenaChunk *older;
    size_t size;
};

static void add_chunk(Arena *arena, size_t at_least)
{
    size_t size = arena->chunks ? arena->chunks->size * 2 : FIRST_CHUNK;
    size = ACT_MIN(size, (size_t)LARGEST_CHUNK);
    size = ACT_MAX(size, at_least + sizeof(ArenaChunk));
    ArenaChunk *chunk = alloc_must(size);
    chunk->older = arena->chunks;
    chunk->size = size;
    arena->chunks = chunk;
    arena->next = (char *)(chunk + 1);
    arena->end = (char *)chunk + size;
}

void arena_reserve(Arena *arena, size_t size)
{
    if ((size_t)(arena->end - arena->next) < size || !arena->chunks) {
        add_chunk(arena, size);
    }
}

void *arena_alloc(Arena *arena, size_t size)
{
    size = (size + 7) & ~(size_t)7;
    if ((size_t)(arena->end - arena->next) < size || !arena->chunks) {
        add_chunk(arena, size);
    }
    char *block = arena->next;
    arena->next += size;
    arena->total += size;
    return block;
}

void *arena_zero(Arena *arena, size_t size)
{
    return memset(arena_alloc(arena, size), 0, size);
}

char *arena_strndup(Arena *arena, const char *text, size_t length)
{
    char *copy = arena_alloc(arena, length + 1);
    if (length > 0) {
        memcpy(copy, text, length);
    }
    copy[length] = '\0';
    return copy;
}

char *arena_printf(Arena *arena, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *text = arena_alloc(arena, (size_t)length + 1);
    vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}

void arena_free(Arena *arena)
{
    while (arena->chunks) {
        ArenaChunk *older = arena->chunks->older;
        alloc_free(arena->chunks);
        arena->chunks = older;
    }
    *arena = (Arena){0};
}
