/* SPDX-License-Identifier: Apache-2.0 */
/* vm/base/utf8.c: RFC 3629, strictly. */
#include "vm/base/utf8.h"

bool utf8_is_code_point(uint64_t value)
{
    return value <= UTF8_MAX_CODE_POINT && (value < 0xD800 || value > 0xDFFF);
}

unsigned utf8_decode(const unsigned char *text, size_t length, uint32_t *code_point)
{
    if (length == 0) {
        return 0;
    }
    unsigned char first = text[0];
    if (first < 0x80) {
        *code_point = first;
        return 1;
    }
    unsigned bytes = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (first < 0xC2 || first > 0xF4 || length < bytes) {
        return 0;
    }
    uint32_t value = first & (0x7Fu >> bytes);
    for (unsigned i = 1; i < bytes; i++) {
        if ((text[i] & 0xC0) != 0x80) {
            return 0;
        }
        value = value << 6 | (text[i] & 0x3Fu);
    }
    if (value < least[bytes] || !utf8_is_code_point(value)) {
        return 0;
    }
    *code_point = value;
    return bytes;
}

unsigned utf8_encode(uint32_t code_point, unsigned char *out)
{
    if (!utf8_is_code_point(code_point)) {
        return 0;
    }
    if (code_point < 0x80) {
        out[0] = (unsigned char)code_point;
        return 1;
    }
    unsigned bytes = code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
    for (unsigned i = bytes - 1; i > 0; i--) {
        out[i] = (unsigned char)(0x80 | (code_point & 0x3F));
        code_point >>= 6;
    }
    static const unsigned char lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
    out[0] = (unsigned char)(lead[bytes] | code_point);
    return bytes;
}
