/* SPDX-License-Identifier: Apache-2.0 */
/* vm/code/code_space.h: the address space that the tables of code lie in, one piece a VM, so that
 * an image of all of it (code/code_image.h) can be mapped where it was made. */
#ifndef ACT_CODE_CODE_SPACE_H
#define ACT_CODE_CODE_SPACE_H

#include "vm/base/area.h"
#include "vm/types.h"

/* In this order in the space. */
typedef enum {
    SPACE_AREA,     /* modules, atoms, hash tables: only in an image */
    SPACE_ROWS,     /* constants, sites, exports, funs, functions: code_tables.c */
    SPACE_LITERALS, /* terms that never move */
    SPACE__count
} CodeSpacePart;

struct CodeSpace {
    char *part[SPACE__count + 1]; /* where each begins; the last: the end */
    Area area;                    /* open: an image is being made; closed and not empty: mapped */
};

/* Address space only, until used: at that address, or (NULL) where the host likes, and then less
 * if it refuses so much. NULL if it refuses. Given back with code_space_free. */
CodeSpace *code_space_new(Host *host, void *address);
void code_space_free(CodeSpace *space, Host *host); /* NULL is fine */

#endif
