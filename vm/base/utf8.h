/* SPDX-License-Identifier: Apache-2.0 */
/* vm/base/utf8.h: code points to bytes and back. Pure functions, any thread. */
#ifndef ACT_BASE_UTF8_H
#define ACT_BASE_UTF8_H

#include "vm/base/attr.h"

enum { UTF8_MAX_BYTES = 4, UTF8_MAX_CODE_POINT = 0x10FFFF };

/* Reads one code point from text[0..length). Returns the bytes used (1 to 4), or 0 if they are not
 * well-formed UTF-8 (overlong, surrogate, too large, cut off). */
unsigned utf8_decode(const unsigned char *text, size_t length, uint32_t *code_point);

/* Writes code_point to out (room for 4 bytes). Returns the bytes written, 0 if it is none. */
unsigned utf8_encode(uint32_t code_point, unsigned char *out);

/* True for 0..0xD7FF and 0xE000..0x10FFFF. */
bool utf8_is_code_point(uint64_t value);

#endif
