/* SPDX-License-Identifier: Apache-2.0 */
/* vm/base/arena.h: memory that is given back all at once. The compiler's trees live in one.
 * One thread at a time. Without memory the OS process ends with a message. */
#ifndef ACT_BASE_ARENA_H
#define ACT_BASE_ARENA_H

#include "vm/base/attr.h"

typedef struct ArenaChunk ArenaChunk;

typedef struct {
    ArenaChunk *chunks;
    char *next;
    char *end;
    size_t total; /* bytes handed out so far */
} Arena;

/* An empty arena is all zeros: `Arena a = {0};`. */

/* Makes sure that size bytes lie together before the first of them is asked for. */
void arena_reserve(Arena *arena, size_t size);
/* size bytes, 8-aligned, not cleared; they live until arena_free. */
void *arena_alloc(Arena *arena, size_t size);
/* As arena_alloc, filled with zeros. */
void *arena_zero(Arena *arena, size_t size);
/* A copy of length bytes with a NUL byte after them. */
char *arena_strndup(Arena *arena, const char *text, size_t length);
/* printf into the arena. */
ACT_PRINTF(2, 3) char *arena_printf(Arena *arena, const char *format, ...);
/* Gives all memory back; the arena is empty and usable again. */
void arena_free(Arena *arena);

#define ARENA_NEW(arena, Type) ((Type *)arena_zero(arena, sizeof(Type)))
#define ARENA_ARRAY(arena, Type, count) ((Type *)arena_zero(arena, sizeof(Type) * (size_t)(count)))

#endif
