/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/syntax/name.h: atoms and variable names, each stored once per compilation, so that equal
 * names are equal pointers. The table owns them; they live until name_table_free. */
#ifndef ACT_SYNTAX_NAME_H
#define ACT_SYNTAX_NAME_H

#include "vm/base/arena.h"

typedef struct Name {
    uint32_t length;     /* bytes */
    uint32_t characters; /* code points; an atom has at most NAME_MAX_CHARACTERS */
    uint32_t hash;
    uint32_t index;    /* 0, 1, 2, ... in order of first appearance: for side tables */
    uint32_t keyword;  /* the lexer's: token kind if the word is reserved, else 0 */
    const char text[]; /* UTF-8, with a NUL byte after it */
} Name;

enum { NAME_MAX_CHARACTERS = 255 };

typedef struct {
    Arena arena;
    Name **slots;
    uint32_t count;
    uint32_t room;
} NameTable;

/* An empty table is all zeros. The one Name with these bytes; made when new. */
const Name *name_intern(NameTable *names, const char *text, size_t length);
const Name *name_intern_text(NameTable *names, const char *text);
/* The Name if it was interned before, else NULL. */
const Name *name_find(const NameTable *names, const char *text, size_t length);
/* True if the name's text is exactly text. */
bool name_is(const Name *name, const char *text);
void name_table_free(NameTable *names);

#endif
