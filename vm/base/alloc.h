/* SPDX-License-Identifier: Apache-2.0 */
/* vm/base/alloc.h: the one place memory comes from (mimalloc, or plain malloc under sanitizers).
 *
 * An allocation can be told to fail (stress.h), so every caller that serves a program checks for
 * NULL; alloc_must is for start-up and for the compiler, where running out ends the OS process with
 * a message. Blocks may be freed on another thread than allocated them. */
#ifndef ACT_BASE_ALLOC_H
#define ACT_BASE_ALLOC_H

#include "vm/base/attr.h"

/* Memory of at least size bytes, 16-aligned, or NULL. The caller owns it. Any thread. */
void *alloc_try(size_t size);
/* As alloc_try, filled with zeros. */
void *alloc_try_zero(size_t size);
/* Grows or shrinks block (which may be NULL); on NULL the old block is unchanged. */
void *alloc_try_resize(void *block, size_t size);
/* As the above, but never NULL: without memory the OS process ends with a message. */
void *alloc_must(size_t size);
void *alloc_must_zero(size_t size);
void *alloc_must_resize(void *block, size_t size);
/* Gives block back; NULL is fine. Any thread. */
void alloc_free(void *block);

#endif
