/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/forms/etf_tags.h: the tags of Erlang's external term format that etf_read.c and
 * etf_write.c know. */
#ifndef ACT_FORMS_ETF_TAGS_H
#define ACT_FORMS_ETF_TAGS_H

enum {
    TAG_VERSION = 131,
    TAG_NEW_FLOAT = 70,
    TAG_BIT_BINARY = 77,
    TAG_SMALL_INTEGER = 97,
    TAG_INTEGER = 98,
    TAG_ATOM = 100, /* latin1 */
    TAG_SMALL_TUPLE = 104,
    TAG_LARGE_TUPLE = 105,
    TAG_NIL = 106,
    TAG_STRING = 107,
    TAG_LIST = 108,
    TAG_BINARY = 109,
    TAG_SMALL_BIG = 110,
    TAG_LARGE_BIG = 111,
    TAG_EXPORT = 113,
    TAG_SMALL_ATOM = 115, /* latin1 */
    TAG_MAP = 116,
    TAG_ATOM_UTF8 = 118,
    TAG_SMALL_ATOM_UTF8 = 119,
};

#endif
