/* SPDX-License-Identifier: Apache-2.0 */
/* vm/base/bug.h: what to do when our own invariant is broken, and only then. Nothing a program or
 * a file does may end here. */
#ifndef ACT_BASE_BUG_H
#define ACT_BASE_BUG_H

#include "vm/base/attr.h"

/* Prints the message to standard error and aborts the OS process. Any thread. */
ACT_NORETURN ACT_PRINTF(3, 4) void vm_bug(const char *file, int line, const char *format, ...);

#define VM_BUG(...) vm_bug(__FILE__, __LINE__, __VA_ARGS__)

/* Checked in every build: costs one predictable branch. */
#define VM_CHECK(condition) \
    (ACT_LIKELY(condition) ? (void)0 : vm_bug(__FILE__, __LINE__, "%s does not hold", #condition))

/* Checked in debug builds only; the expression is compiled always, so it cannot rot. */
#ifdef NDEBUG
#define VM_ASSERT(condition) ((void)sizeof(condition))
#else
#define VM_ASSERT(condition) VM_CHECK(condition)
#endif

#endif
