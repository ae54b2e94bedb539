/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/layout/layout.h: lays a source out: line breaks, indentation, blanks; never a token.
 *
 * It works on the tokens before the preprocessor, so macros, conditions and their branches stay as
 * they are written; docs/design/LAYOUT.md tells the rules and why. What comes out is read again and
 * compared: a form whose tokens or comments would change, or that is not understood, stays as it
 * is. Pure; one thread. */
#ifndef ACT_LAYOUT_LAYOUT_H
#define ACT_LAYOUT_LAYOUT_H

#include "vm/base/vec.h"

typedef struct {
    VEC(char) text;
    unsigned forms;
    unsigned kept;       /* forms that stay as they are, */
    unsigned first_kept; /* and the line of the first of them */
} LayoutResult;

/* The text of a file, laid out; laying the result out changes nothing. False, and an empty text:
 * the file is no UTF-8 (or declares another coding) or too large. Given back by layout_free. */
bool layout_source(const char *bytes, size_t length, LayoutResult *result);
void layout_free(LayoutResult *result);

#endif
