/* SPDX-License-Identifier: Apache-2.0 */
/* vm/io/zstream.h: streams that compress or expand (zlib). One thread at a time works with a
 * stream; who that is, is its user's business. */
#ifndef ACT_IO_ZSTREAM_H
#define ACT_IO_ZSTREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct ZStream ZStream;

typedef enum { Z_NONE, Z_DEFLATE, Z_INFLATE } ZMode;
typedef enum {
    Z_GOES_ON,  /* all well; more input or more room for output is wanted */
    Z_ENDED,    /* the end of the data was written or met */
    Z_NEEDS,    /* a dictionary: zstream_adler tells which */
    Z_BAD_DATA, /* cannot be expanded */
    Z_BAD_CALL, /* not at this time, or arguments out of range */
    Z_MEMORY,   /* there is none left */
} ZStatus;

/* A stream in no mode; NULL without memory. */
ZStream *zstream_new(void);
/* Ends and frees it; NULL is fine. */
void zstream_free(ZStream *z);
ZMode zstream_mode(const ZStream *z);

/* Into a mode, from Z_NONE; the numbers are zlib's. */
ZStatus zstream_deflate(ZStream *z, int level, int bits, int memory, int strategy);
ZStatus zstream_inflate(ZStream *z, int bits);
/* Back to Z_NONE. Z_BAD_DATA if the data had not come to its end. */
ZStatus zstream_stop(ZStream *z);
ZStatus zstream_reset(ZStream *z);
ZStatus zstream_params(ZStream *z, int level, int strategy, unsigned char *out, size_t room,
                       size_t *written);
ZStatus zstream_set_dictionary(ZStream *z, const unsigned char *bytes, size_t length);
/* Copies the window's bytes to out, which has room for 32768; *length says how many. */
ZStatus zstream_get_dictionary(ZStream *z, unsigned char *out, size_t *length);
uint32_t zstream_adler(const ZStream *z);
/* The CRC of what went in (deflate) or came out (inflate). */
uint32_t zstream_crc(const ZStream *z);

typedef struct {
    const unsigned char *in;
    size_t in_left;
    unsigned char *out;
    size_t out_left;
    int flush; /* zlib's */
} ZStep;
/* Goes on with step's input and room, both counted down. */
ZStatus zstream_step(ZStream *z, ZStep *step);

/* What a user wants kept with the stream: a copy of bytes replaces what there was. False without
 * memory. */
bool zstream_keep(ZStream *z, const unsigned char *bytes, size_t length);
const unsigned char *zstream_kept(const ZStream *z, size_t *length);

/* Whole blocks at once, in zlib's own format. The bytes that `length` may need at most. */
size_t z_bound(size_t length);
/* *size: the room, then what was used. False if it did not fit or there was no memory. */
bool z_compress(unsigned char *out, size_t *size, const unsigned char *in, size_t length,
                int level);
/* Expands to exactly size bytes; the input bytes that took, 0 if it is not that. */
size_t z_expand(unsigned char *out, size_t size, const unsigned char *in, size_t length);

/* The checksum of what came before and these. */
uint32_t z_crc32(uint32_t before, const unsigned char *bytes, size_t length);
uint32_t z_adler32(uint32_t before, const unsigned char *bytes, size_t length);

#endif
