/* SPDX-License-Identifier: Apache-2.0 */
/* vm/base/vec.h: growing arrays. `VEC(int) v = {0}; vec_push(&v, 7); v.items[0]; vec_free(&v);`
 * One thread at a time. Without memory the OS process ends with a message (compiler, loader). */
#ifndef ACT_BASE_VEC_H
#define ACT_BASE_VEC_H

#include "vm/base/alloc.h"

#define VEC(Type) \
    struct { \
        Type *items; \
        size_t count; \
        size_t room; \
    }

#define vec_reserve(v, more) \
    do { \
        if ((v)->count + (more) > (v)->room) { \
            (v)->room = ACT_MAX((v)->count + (more), (v)->room * 2 + 8); \
            (v)->items = alloc_must_resize((v)->items, (v)->room * sizeof(*(v)->items)); \
        } \
    } while (0)

#define vec_push(v, item) \
    do { \
        vec_reserve(v, 1); \
        (v)->items[(v)->count++] = (item); \
    } while (0)

#define vec_pop(v) ((v)->items[--(v)->count])
#define vec_last(v) ((v)->items[(v)->count - 1])

#define vec_free(v) \
    do { \
        alloc_free((v)->items); \
        (v)->items = NULL; \
        (v)->count = (v)->room = 0; \
    } while (0)

#endif
