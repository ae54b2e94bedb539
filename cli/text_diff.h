/* SPDX-License-Identifier: Apache-2.0 */
/* cli/text_diff.h: what differs between two texts, in the form of diff -u. */
#ifndef ACT_CLI_TEXT_DIFF_H
#define ACT_CLI_TEXT_DIFF_H

#include <stdbool.h>
#include <stddef.h>

typedef struct {
    const char *text;
    size_t length;
} DiffText;

/* Prints the differences to standard output, in colour or not; nothing if there are none. */
void text_diff_print(const char *name, DiffText from, DiffText to, bool colour);

#endif
