/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/encoding.h: characters in the encodings that module unicode knows. Any thread. */
#ifndef ACT_BIF_ENCODING_H
#define ACT_BIF_ENCODING_H

#include "vm/term/term.h"

typedef enum {
    ENC_LATIN1,
    ENC_UTF8,
    ENC_UTF16_BIG,
    ENC_UTF16_LITTLE,
    ENC_UTF32_BIG,
    ENC_UTF32_LITTLE,
    ENC_NONE
} Encoding;

enum { CHAR_CUT = 0, CHAR_BAD = -1 };

/* What latin1, utf8, {utf16, little}, … name; ENC_NONE if t names none. */
Encoding encoding_named(Term t);
/* The character at the front of length (> 0) bytes: bytes used, CHAR_CUT if it goes on behind them,
 * or CHAR_BAD. */
int encoding_decode(Encoding in, const unsigned char *bytes, size_t length, uint32_t *c);
/* Bytes written, 0 if the encoding cannot say it. */
size_t encoding_encode(Encoding out, uint32_t c, unsigned char bytes[4]);

#endif
