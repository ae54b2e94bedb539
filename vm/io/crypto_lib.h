/* SPDX-License-Identifier: Apache-2.0 */
/* vm/io/crypto_lib.h: digests, codes and ciphers of libcrypto 3, which is loaded when first wanted:
 * programs that do not use it start without it. Any thread. A CryptoState is used by one thread at
 * a time. Names are OpenSSL's, as "SHA256" and "AES-128-CBC". */
#ifndef ACT_IO_CRYPTO_LIB_H
#define ACT_IO_CRYPTO_LIB_H

#include "vm/host/host.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct CryptoLib CryptoLib;
typedef struct CryptoState CryptoState; /* a digest, code or cipher that goes on */

typedef struct {
    const unsigned char *bytes;
    size_t length;
} CryptoBytes;

enum { CRYPTO_RESULT_MAX = 64, CRYPTO_BLOCK_MAX = 32 };

/* A place for the library, not loaded; NULL without memory. */
CryptoLib *crypto_lib_new(Host *host);
void crypto_lib_free(CryptoLib *lib, Host *host);
/* Loads it if it was not; false if there is none. The rest may be called after that. */
bool crypto_lib_ready(CryptoLib *lib, Host *host);
const char *crypto_lib_version(CryptoLib *lib, unsigned long *number);
bool crypto_lib_random(CryptoLib *lib, unsigned char *out, size_t length);
/* False if there is no such digest. */
bool crypto_lib_pbkdf2(CryptoLib *lib, const char *digest, CryptoBytes password, CryptoBytes salt,
                       int rounds, unsigned char *out, size_t length);

typedef struct {
    int size, block, type;
} CryptoDigestInfo;
bool crypto_lib_digest(CryptoLib *lib, const char *name, CryptoDigestInfo *info);

typedef struct {
    int key, iv, block, type;
} CryptoCipherInfo;
bool crypto_lib_cipher(CryptoLib *lib, const char *name, CryptoCipherInfo *info);

/* A digest; NULL if there is none of that name or no memory. */
CryptoState *crypto_hash_new(CryptoLib *lib, const char *digest);
/* A code: kind "HMAC", "CMAC" or "POLY1305" by that digest or cipher. */
CryptoState *crypto_mac_new(CryptoLib *lib, const char *kind, const char *by, CryptoBytes key);
/* A cipher; iv may be longer than it wants only where `aead`. */
CryptoState *crypto_cipher_new(CryptoLib *lib, const char *name, CryptoBytes key, CryptoBytes iv,
                               bool encrypt, bool padding, bool aead);
/* Another one at the same point; digests only. */
CryptoState *crypto_state_copy(const CryptoState *state);
void crypto_state_free(CryptoState *state);
bool crypto_state_is_cipher(const CryptoState *state);
bool crypto_state_is_hash(const CryptoState *state);

/* Adds data to a digest or code. */
bool crypto_add(CryptoState *state, CryptoBytes data);
/* Its result, at most CRYPTO_RESULT_MAX bytes. */
bool crypto_result(CryptoState *state, unsigned char *out, size_t *length);
/* A cipher's next output; out has room for the data and CRYPTO_BLOCK_MAX bytes, NULL: the data is
 * authenticated only. */
bool crypto_update(CryptoState *state, CryptoBytes data, unsigned char *out, size_t *length);
bool crypto_final(CryptoState *state, unsigned char *out, size_t *length);
bool crypto_get_tag(CryptoState *state, unsigned char *tag, size_t length);
bool crypto_set_tag(CryptoState *state, CryptoBytes tag);

#endif
