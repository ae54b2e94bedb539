/* SPDX-License-Identifier: Apache-2.0 */
/* vm/base/area.h: memory that stays as long as its owner, in one piece, so that it can be written
 * to a file whole and mapped again at the same address (code/code_image.h).
 *
 * An open area gives blocks of its own; a closed one (all zero, or mapped again) gives blocks of
 * alloc.h. Giving back a block that lies in the area does nothing. One thread at a time. */
#ifndef ACT_BASE_AREA_H
#define ACT_BASE_AREA_H

#include "vm/base/attr.h"

typedef struct {
    char *start, *end;
    char *next; /* open: where the next block begins; NULL: closed */
} Area;

/* A block of zeros. NULL without memory. area NULL: of alloc.h. */
void *area_zero(Area *area, size_t size);
/* The same, but without memory the OS process ends with a message. */
void *area_must_zero(Area *area, size_t size);
/* Of the newest block of an open area only `used` bytes are wanted. */
void area_trim(Area *area, void *block, size_t used);
/* area and block may be NULL. */
void area_free(const Area *area, void *block);

#endif
