/* SPDX-License-Identifier: Apache-2.0 */
/* vm/base/md5.h: the digest MD5 (RFC 1321), piece by piece. */
#ifndef ACT_BASE_MD5_H
#define ACT_BASE_MD5_H

#include "vm/base/attr.h"

enum { MD5_SIZE = 16 };

typedef struct {
    uint32_t state[4];
    uint64_t length; /* bytes so far */
    unsigned char block[64];
} Md5;

void md5_start(Md5 *md5);
void md5_add(Md5 *md5, const unsigned char *bytes, size_t length);
void md5_end(Md5 *md5, unsigned char digest[MD5_SIZE]);

#endif
