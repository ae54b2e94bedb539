/* SPDX-License-Identifier: Apache-2.0 */
/* vm/base/attr.h: compiler attributes by name, and the few integer helpers everybody needs.
 * Included everywhere; includes nothing of ours. */
#ifndef ACT_BASE_ATTR_H
#define ACT_BASE_ATTR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ACT_LIKELY(x) __builtin_expect(!!(x), 1)
#define ACT_UNLIKELY(x) __builtin_expect(!!(x), 0)
#define ACT_NORETURN __attribute__((noreturn))
#define ACT_PRINTF(f, a) __attribute__((format(printf, f, a), nonnull(f)))
#define ACT_NOINLINE __attribute__((noinline))
/* One copy of the function, as written: it takes its own labels' addresses. */
#if __has_attribute(noipa)
#define ACT_ONE_COPY __attribute__((noinline, noipa))
#else
#define ACT_ONE_COPY __attribute__((noinline))
#endif
/* Its loops over a few words stay loops: they do not become calls of memcpy. */
#if __has_attribute(optimize)
#define ACT_PLAIN_LOOPS __attribute__((optimize("no-tree-loop-distribute-patterns")))
#else
#define ACT_PLAIN_LOOPS
#endif
#define ACT_INLINE static inline __attribute__((always_inline))
/* A thread's own variable, found without a call: the program is linked, not loaded by another. */
#define ACT_THREAD_LOCAL _Thread_local __attribute__((tls_model("initial-exec")))
#define ACT_UNUSED __attribute__((unused))
#define ACT_API __attribute__((visibility("default")))

#define ACT_COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define ACT_MIN(a, b) ((a) < (b) ? (a) : (b))
#define ACT_MAX(a, b) ((a) > (b) ? (a) : (b))

#endif
