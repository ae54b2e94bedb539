/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_external.h: the tags of Erlang's external term format, shared by the side that writes
 * and the side that reads. */
#ifndef ACT_BIF_BIF_EXTERNAL_H
#define ACT_BIF_BIF_EXTERNAL_H

enum {
    EXT_VERSION = 131,
    EXT_NEW_FLOAT = 70,
    EXT_BIT_BINARY = 77,
    EXT_COMPRESSED = 80, /* right behind the version: size, 4 bytes, then zlib's format */
    EXT_NEW_PID = 88,
    EXT_NEWER_REFERENCE = 90,
    EXT_SMALL_INTEGER = 97,
    EXT_INTEGER = 98,
    EXT_FLOAT = 99,      /* text, 31 bytes */
    EXT_ATOM = 100,      /* latin1 */
    EXT_REFERENCE = 101, /* one number, a creation of a byte */
    EXT_PID = 103,
    EXT_SMALL_TUPLE = 104,
    EXT_LARGE_TUPLE = 105,
    EXT_NIL = 106,
    EXT_STRING = 107,
    EXT_LIST = 108,
    EXT_BINARY = 109,
    EXT_SMALL_BIG = 110,
    EXT_LARGE_BIG = 111,
    EXT_FUN = 112, /* with its size, and a digest of its module's version: ours fills half of it */
    EXT_EXPORT = 113,
    EXT_NEW_REFERENCE = 114, /* a creation of a byte */
    EXT_SMALL_ATOM = 115,    /* latin1 */
    EXT_MAP = 116,
    EXT_ATOM_UTF8 = 118,
    EXT_SMALL_ATOM_UTF8 = 119,

    EXT_FLOAT_TEXT = 31,
    EXT_FUN_DIGEST = 16,
    EXT_REFERENCE_WORDS =
        5, /* at most: the three numbers; then ours, what it carries (ref_extra) */
};

#endif
