/* SPDX-License-Identifier: Apache-2.0 */
/* vm/mem/site.h: what is known about one place in loaded code.
 *
 * Every instruction that may collect, raise or be left carries, as its last operand, the index of
 * its Site in the VM's site table; for a call the return address points just behind that operand.
 * So code[-1] at a return address finds the frame's size, its live slots, its handler and its line,
 * without any search and without code that runs to enter a `try`. Written by the loader, then
 * immutable. */
#ifndef ACT_MEM_SITE_H
#define ACT_MEM_SITE_H

#include "vm/term/fun.h" /* Code */
#include "vm/types.h"

struct Site {
    const Code *handler; /* NULL: none in this function */
    uint64_t live_x;     /* bit i: Xi is a root; unless live_count > 64: then X0..live_count-1 */
    uint32_t live_y;     /* bit i: Yi is a root; slots 32 and up always are */
    uint32_t line;
    uint32_t function; /* index of the FunctionInfo (code/code.h) */
    uint16_t frame;    /* Y slots of the frame */
    uint16_t live_count;
    uint16_t file; /* index into the module's files */
    uint16_t flags;
};

enum {
    SITE_BOTTOM = 1, /* the first return address of every stack: nothing below it */
};

#endif
