/* SPDX-License-Identifier: Apache-2.0 */
/* vm/base/bug.c: the end of the OS process on a broken invariant. */
#include "vm/base/bug.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void vm_bug(const char *file, int line, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fprintf(stderr, "act: internal error at %s:%d: ", file, line);
    vfprintf(stderr, format, args);
    fprintf(stderr, "\nact: this is a bug in act itself; please report it with the program\n");
    va_end(args);
    abort();
}
