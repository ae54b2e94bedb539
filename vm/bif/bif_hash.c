/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_hash.c: numbers and digests of data: phash2, md5, crc32, adler32. The states of the
 * digests that go on are binaries (md5: ours, opaque, as the manual says). */
#include "vm/base/md5.h"
#include "vm/bif/bif_util.h"
#include "vm/io/zstream.h"
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

/* ---- MD5 ---- */

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
    util_spend_steps(p, text.length / 4);
    util_text_free(&text);
    return status == UTIL_OK ? small_make(sum) : util_raise(p, status);
}

Term bif_erlang_crc32_1(Process *p, const Term *a)
{
    return checksum(p, small_make(0), a[0], z_crc32);
}

Term bif_erlang_crc32_2(Process *p, const Term *a)
{
    return checksum(p, a[0], a[1], z_crc32);
}

Term bif_erlang_adler32_1(Process *p, const Term *a)
{
    return checksum(p, small_make(1), a[0], z_adler32);
}

Term bif_erlang_adler32_2(Process *p, const Term *a)
{
    return checksum(p, a[0], a[1], z_adler32);
}
