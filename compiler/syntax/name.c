/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/syntax/name.c: the table of names: open addressing, at most half full. */
#include "compiler/syntax/name.h"
#include "vm/base/alloc.h"
#include <string.h>

static uint32_t hash_bytes(const char *text, size_t length)
{
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (size_t i = 0; i < length; i++) {
        hash = (hash ^ (unsigned char)text[i]) * 16777619u;
    }
    return hash ^ (hash >> 15);
}

static Name **find_slot(Name **slots, uint32_t room, uint32_t hash, const char *text, size_t length)
{
    for (uint32_t i = hash & (room - 1);; i = (i + 1) & (room - 1)) {
        Name *name = slots[i];
        if (name == NULL || (name->hash == hash && name->length == length &&
                             memcmp(name->text, text, length) == 0)) {
            return &slots[i];
        }
    }
}

static void grow(NameTable *names)
{
    uint32_t room = names->room == 0 ? 256 : names->room * 2;
    Name **slots = alloc_must_zero(room * sizeof(*slots));
    for (uint32_t i = 0; i < names->room; i++) {
        Name *name = names->slots[i];
        if (name != NULL) {
            *find_slot(slots, room, name->hash, name->text, name->length) = name;
        }
    }
    alloc_free(names->slots);
    names->slots = slots;
    names->room = room;
}

const Name *name_intern(NameTable *names, const char *text, size_t length)
{
    if (names->count * 2 >= names->room) {
        grow(names);
    }
    uint32_t hash = hash_bytes(text, length);
    Name **slot = find_slot(names->slots, names->room, hash, text, length);
    if (*slot == NULL) {
        Name *name = arena_alloc(&names->arena, sizeof(Name) + length + 1);
        char *copy = (char *)(name + 1);
        memcpy(copy, text, length);
        copy[length] = '\0';
        name->length = (uint32_t)length;
        name->hash = hash;
        name->index = names->count++;
        name->characters = 0;
        name->keyword = 0;
        for (size_t i = 0; i < length; i++) {
            name->characters += ((unsigned char)text[i] & 0xC0) != 0x80;
        }
        *slot = name;
    }
    return *slot;
}

const Name *name_intern_text(NameTable *names, const char *text)
{
    return name_intern(names, text, strlen(text));
}

const Name *name_find(const NameTable *names, const char *text, size_t length)
{
    if (names->room == 0) {
        return NULL;
    }
    return *find_slot(names->slots, names->room, hash_bytes(text, length), text, length);
}

bool name_is(const Name *name, const char *text)
{
    return strcmp(name->text, text) == 0 && strlen(text) == name->length;
}

void name_table_free(NameTable *names)
{
    alloc_free(names->slots);
    arena_free(&names->arena);
    names->slots = NULL;
    names->count = names->room = 0;
}
