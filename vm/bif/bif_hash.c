/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_hash.c: numbers and digests of data: phash2, md5, crc32, adler32. The states of the
 * digests that go on are binaries (md5: ours, opaque, as the manual says). */
#include "vm/bif/bif_util.h"
#include "vm/term/hash.h"
#include "vm/vm_parts.h"

#include <string.h>

Term bif_erlang_phash2_1(Process *p, const Term *a)
{
    return small_make(term_phash2(vm_atoms(p->vm), a[0]));
}

Term bif_erlang_phash2_2(Process *p, const Term *a)
{
    int64_t range;
    if (!util_get_range(a[1], 1, INT64_C(1) << 32, &range)) {
        return raise_badarg(p);
    }
    uint32_t hash = term_phash2_wide(vm_atoms(p->vm), a[0]);
    return small_make(range == INT64_C(1) << 32 ? hash : hash % range);
}

/* ---- MD5 (RFC 1321) ---- */

typedef struct {
    uint32_t state[4];
    uint64_t length; /* bytes so far */
    unsigned char block[64];
} Md5;

static void md5_start(Md5 *md5)
{
    *md5 = (Md5){.state = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476}};
}

static uint32_t turn_left(uint32_t x, unsigned by)
{
    return x << by | x >> (32 - by);
}

/* floor(2^32 * abs(sin(i + 1))) */
static const uint32_t md5_sines[64] = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391};

static void md5_block(uint32_t state[4], const unsigned char *bytes)
{
    static const uint8_t turns[4][4] = {
        {7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};
    uint32_t words[16];
    for (unsigned i = 0; i < 16; i++) {
        const unsigned char *at = bytes + 4 * i;
        words[i] = at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
    }
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
    for (unsigned i = 0; i < 64; i++) {
        uint32_t mix;
        unsigned word;
        switch (i / 16) {
        case 0:
            mix = (b & c) | (~b & d), word = i;
            break;
        case 1:
            mix = (d & b) | (~d & c), word = (5 * i + 1) % 16;
            break;
        case 2:
            mix = b ^ c ^ d, word = (3 * i + 5) % 16;
            break;
        default:
            mix = c ^ (b | ~d), word = 7 * i % 16;
        }
        uint32_t next = b + turn_left(a + mix + md5_sines[i] + words[word], turns[i / 16][i % 4]);
        a = d, d = c, c = b, b = next;
    }
    state[0] += a, state[1] += b, state[2] += c, state[3] += d;
}

static void md5_add(Md5 *md5, const unsigned char *bytes, size_t length)
{
    size_t held = md5->length % 64;
    md5->length += length;
    while (length > 0) {
        size_t take = ACT_MIN(64 - held, length);
        memcpy(md5->block + held, bytes, take);
        bytes += take;
        length -= take;
        held += take;
        if (held == 64) {
            md5_block(md5->state, md5->block);
            held = 0;
        }
    }
}

static void md5_end(Md5 *md5, unsigned char digest[16])
{
    static const unsigned char pad[64] = {0x80};
    unsigned char size[8];
    uint64_t bits = md5->length * 8;
    for (unsigned i = 0; i < 8; i++) {
        size[i] = (unsigned char)(bits >> 8 * i);
    }
    size_t held = md5->length % 64;
    md5_add(md5, pad, (held < 56 ? 56 : 120) - held);
    md5_add(md5, size, sizeof size);
    for (unsigned i = 0; i < 16; i++) {
        digest[i] = (unsigned char)(md5->state[i / 4] >> 8 * (i % 4));
    }
}

/* Adds iodata; false with the exception raised. */
static bool md5_add_iodata(Process *p, Md5 *md5, Term iodata)
{
    UtilText text = {0};
    UtilStatus status = util_text_of_iodata(&text, iodata);
    if (status == UTIL_OK) {
        md5_add(md5, (const unsigned char *)util_text_string(&text), text.length);
        util_spend_steps(p, text.length);
    }
    util_text_free(&text);
    if (status != UTIL_OK) {
        util_raise(p, status);
    }
    return status == UTIL_OK;
}

static Term md5_digest(Process *p, Md5 *md5)
{
    unsigned char digest[16];
    md5_end(md5, digest);
    return util_binary(p, digest, sizeof digest);
}

Term bif_erlang_md5_1(Process *p, const Term *a)
{
    Md5 md5;
    md5_start(&md5);
    return md5_add_iodata(p, &md5, a[0]) ? md5_digest(p, &md5) : TERM_NONE;
}

Term bif_erlang_md5_init_0(Process *p, const Term *a)
{
    Md5 md5;
    md5_start(&md5);
    return util_binary(p, &md5, sizeof md5);
}

/* True if t is such a state. */
static bool md5_of_term(Term t, Md5 *md5)
{
    UtilText text = {0};
    bool is = util_text_of_binary(&text, t, false) == UTIL_OK && text.length == sizeof *md5;
    if (is) {
        memcpy(md5, util_text_string(&text), sizeof *md5);
    }
    util_text_free(&text);
    return is;
}

Term bif_erlang_md5_update_2(Process *p, const Term *a)
{
    Md5 md5;
    if (!md5_of_term(a[0], &md5)) {
        return raise_badarg(p);
    }
    return md5_add_iodata(p, &md5, a[1]) ? util_binary(p, &md5, sizeof md5) : TERM_NONE;
}

Term bif_erlang_md5_final_1(Process *p, const Term *a)
{
    Md5 md5;
    return md5_of_term(a[0], &md5) ? md5_digest(p, &md5) : raise_badarg(p);
}

/* ---- checksums ---- */

static uint32_t crc32_of(uint32_t crc, const unsigned char *bytes, size_t length)
{
    crc = ~crc;
    for (size_t i = 0; i < length; i++) {
        crc ^= bytes[i];
        for (unsigned bit = 0; bit < 8; bit++) {
            crc = crc >> 1 ^ (0xEDB88320 & -(crc & 1));
        }
    }
    return ~crc;
}

static uint32_t adler32_of(uint32_t adler, const unsigned char *bytes, size_t length)
{
    uint32_t low = adler & 0xFFFF, high = adler >> 16;
    for (size_t i = 0; i < length; i++) {
        low = (low + bytes[i]) % 65521;
        high = (high + low) % 65521;
    }
    return high << 16 | low;
}

static Term checksum(Process *p, Term start, Term iodata,
                     uint32_t (*add)(uint32_t, const unsigned char *, size_t))
{
    int64_t from;
    if (!util_get_range(start, 0, UINT32_MAX, &from)) {
        return raise_badarg(p);
    }
    UtilText text = {0};
    UtilStatus status = util_text_of_iodata(&text, iodata);
    uint32_t sum = add((uint32_t)from, (const unsigned char *)util_text_string(&text), text.length);
    util_spend_steps(p, text.length * 2);
    util_text_free(&text);
    return status == UTIL_OK ? small_make(sum) : util_raise(p, status);
}

Term bif_erlang_crc32_1(Process *p, const Term *a)
{
    return checksum(p, small_make(0), a[0], crc32_of);
}

Term bif_erlang_crc32_2(Process *p, const Term *a)
{
    return checksum(p, a[0], a[1], crc32_of);
}

Term bif_erlang_adler32_1(Process *p, const Term *a)
{
    return checksum(p, small_make(1), a[0], adler32_of);
}

Term bif_erlang_adler32_2(Process *p, const Term *a)
{
    return checksum(p, a[0], a[1], adler32_of);
}
