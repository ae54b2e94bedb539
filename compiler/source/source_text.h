/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/source/source_text.h: bytes of a file to a text that the scanner can trust: UTF-8, no
 * NUL. */
#ifndef ACT_SOURCE_SOURCE_TEXT_H
#define ACT_SOURCE_SOURCE_TEXT_H

#include "compiler/source/diag.h"

/* Adds the file's bytes to diags->sources. A `coding: latin-1` comment in the first two lines makes
 * them be converted. What is no UTF-8, and NUL bytes, are reported and become spaces. Returns the
 * file number, 0 (reported) when the file is too large. bytes stay the caller's. */
uint32_t source_text_add(Diags *diags, const char *name, const char *bytes, size_t length,
                         SourceSpan included_from);

#endif
