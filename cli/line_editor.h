/* SPDX-License-Identifier: Apache-2.0 */
/* cli/line_editor.h: the terminal's line editor for `act shell`: libedit in a thread of its own.
 *
 * The machine gets it as a TerminalEditor (vm/vm_parts.h) and talks to it in short messages, so
 * that text which processes write while a line is typed appears above that line. The thread is the
 * only one that touches libedit. Another waits for SIGINT, which is blocked everywhere else. */
#ifndef ACT_CLI_LINE_EDITOR_H
#define ACT_CLI_LINE_EDITOR_H

#include "vm/vm_parts.h"

typedef struct LineEditor LineEditor;

/* Starts it on standard input and output; NULL if they are no terminal that can be edited on, or
 * without memory or threads. To be called before other threads are made. */
LineEditor *line_editor_new(void);
/* What the machine calls; stays good until line_editor_free. */
const TerminalEditor *line_editor_interface(LineEditor *editor);
/* Ends the threads and gives the terminal back as it was. Who still waits for an event is told that
 * none will come; the few bytes he looks at stay. NULL is allowed. */
void line_editor_free(LineEditor *editor);

#endif
