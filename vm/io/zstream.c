/* SPDX-License-Identifier: Apache-2.0 */
/* vm/io/zstream.c: the only file that knows zlib. */
#include "vm/io/zstream.h"

#include "vm/base/alloc.h"

#include <string.h>
#include <zlib.h>

struct ZStream {
    z_stream stream;
    ZMode mode;
    bool ended; /* the data came to its end */
    uint32_t crc;
    unsigned char *kept; /* NULL: nothing */
    size_t kept_length;
};

static void *allocate(void *opaque, unsigned count, unsigned size)
{
    (void)opaque;
    return alloc_try_zero((size_t)count * size);
}

static void release(void *opaque, void *address)
{
    (void)opaque;
    alloc_free(address);
}

static ZStatus status_of(int result)
{
    switch (result) {
    case Z_OK:
    case Z_BUF_ERROR:
        return Z_GOES_ON;
    case Z_STREAM_END:
        return Z_ENDED;
    case Z_NEED_DICT:
        return Z_NEEDS;
    case Z_MEM_ERROR:
        return Z_MEMORY;
    case Z_DATA_ERROR:
        return Z_BAD_DATA;
    default:
        return Z_BAD_CALL;
    }
}

ZStream *zstream_new(void)
{
    return alloc_try_zero(sizeof(ZStream));
}

void zstream_free(ZStream *z)
{
    if (z) {
        zstream_stop(z);
        alloc_free(z->kept);
        alloc_free(z);
    }
}

ZMode zstream_mode(const ZStream *z)
{
    return z->mode;
}

static ZStatus begin(ZStream *z, ZMode mode, int result)
{
    if (result == Z_OK) {
        z->mode = mode;
        z->ended = false;
        z->crc = 0;
    }
    return status_of(result);
}

ZStatus zstream_deflate(ZStream *z, int level, int bits, int memory, int strategy)
{
    z->stream = (z_stream){.zalloc = allocate, .zfree = release};
    return begin(z, Z_DEFLATE, deflateInit2(&z->stream, level, Z_DEFLATED, bits, memory, strategy));
}

ZStatus zstream_inflate(ZStream *z, int bits)
{
    z->stream = (z_stream){.zalloc = allocate, .zfree = release};
    return begin(z, Z_INFLATE, inflateInit2(&z->stream, bits));
}

ZStatus zstream_stop(ZStream *z)
{
    int result = Z_OK;
    if (z->mode == Z_DEFLATE) {
        result = deflateEnd(&z->stream);
    } else if (z->mode == Z_INFLATE) {
        inflateEnd(&z->stream);
        result = z->ended && z->kept_length == 0 ? Z_OK : Z_DATA_ERROR;
    }
    z->mode = Z_NONE;
    zstream_keep(z, NULL, 0);
    return status_of(result);
}

ZStatus zstream_reset(ZStream *z)
{
    return begin(z, z->mode,
                 z->mode == Z_DEFLATE ? deflateReset(&z->stream) : inflateReset(&z->stream));
}

ZStatus zstream_params(ZStream *z, int level, int strategy, unsigned char *out, size_t room,
                       size_t *written)
{
    z->stream.next_in = NULL;
    z->stream.avail_in = 0;
    z->stream.next_out = out;
    z->stream.avail_out = (unsigned)room;
    int result = deflateParams(&z->stream, level, strategy);
    *written = room - z->stream.avail_out;
    return status_of(result);
}

ZStatus zstream_set_dictionary(ZStream *z, const unsigned char *bytes, size_t length)
{
    unsigned count = (unsigned)length;
    return status_of(z->mode == Z_DEFLATE ? deflateSetDictionary(&z->stream, bytes, count)
                                          : inflateSetDictionary(&z->stream, bytes, count));
}

ZStatus zstream_get_dictionary(ZStream *z, unsigned char *out, size_t *length)
{
    unsigned count = 0;
    int result = inflateGetDictionary(&z->stream, out, &count);
    *length = count;
    return status_of(result);
}

uint32_t zstream_adler(const ZStream *z)
{
    return (uint32_t)z->stream.adler;
}

uint32_t zstream_crc(const ZStream *z)
{
    return z->crc;
}

ZStatus zstream_step(ZStream *z, ZStep *step)
{
    z_stream *s = &z->stream;
    s->next_in = (unsigned char *)step->in;
    s->avail_in = (unsigned)step->in_left;
    s->next_out = step->out;
    s->avail_out = (unsigned)step->out_left;
    int result = z->mode == Z_DEFLATE ? deflate(s, step->flush) : inflate(s, step->flush);
    size_t taken = step->in_left - s->avail_in, given = step->out_left - s->avail_out;
    z->crc = (uint32_t)(z->mode == Z_DEFLATE ? crc32(z->crc, step->in, (unsigned)taken)
                                             : crc32(z->crc, step->out, (unsigned)given));
    step->in += taken;
    step->in_left -= taken;
    step->out += given;
    step->out_left -= given;
    z->ended |= result == Z_STREAM_END;
    return status_of(result);
}

bool zstream_keep(ZStream *z, const unsigned char *bytes, size_t length)
{
    unsigned char *copy = length > 0 ? alloc_try(length) : NULL;
    if (length > 0 && !copy) {
        return false;
    }
    if (copy) {
        memcpy(copy, bytes, length);
    }
    alloc_free(z->kept);
    z->kept = copy;
    z->kept_length = length;
    return true;
}

const unsigned char *zstream_kept(const ZStream *z, size_t *length)
{
    *length = z->kept_length;
    return z->kept;
}

size_t z_bound(size_t length)
{
    return compressBound(length);
}

bool z_compress(unsigned char *out, size_t *size, const unsigned char *in, size_t length, int level)
{
    unsigned long used = *size;
    bool done = compress2(out, &used, in, length, level) == Z_OK;
    *size = used;
    return done;
}

size_t z_expand(unsigned char *out, size_t size, const unsigned char *in, size_t length)
{
    unsigned long made = size, taken = length;
    return uncompress2(out, &made, in, &taken) == Z_OK && made == size ? taken : 0;
}

uint32_t z_crc32(uint32_t before, const unsigned char *bytes, size_t length)
{
    return (uint32_t)crc32_z(before, bytes, length);
}

uint32_t z_adler32(uint32_t before, const unsigned char *bytes, size_t length)
{
    return (uint32_t)adler32_z(before, bytes, length);
}
