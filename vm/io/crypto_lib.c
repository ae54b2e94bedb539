/* SPDX-License-Identifier: Apache-2.0 */
/* vm/io/crypto_lib.c: the only file that knows libcrypto. Its functions are found by name at run
 * time, so nothing of it is needed to build or to start; the prototypes are OpenSSL 3's. */
#include "vm/io/crypto_lib.h"

#include "vm/base/alloc.h"
#include "vm/host/host_library.h"

#include <limits.h>
#include <stdint.h>
#include <string.h>

typedef struct {
    const char *key;
    unsigned type;
    void *data;
    size_t size, returned;
} Param;

enum { PARAM_TEXT = 4, CTRL_IV_LENGTH = 0x9, CTRL_GET_TAG = 0x10, CTRL_SET_TAG = 0x11 };

/* result, our name, theirs, parameters */
#define FUNCTIONS(F) \
    F(const char *, version, "OpenSSL_version", (int what)) \
    F(unsigned long, version_num, "OpenSSL_version_num", (void)) \
    F(int, rand_bytes, "RAND_bytes", (unsigned char *out, int length)) \
    F(int, pbkdf2, "PKCS5_PBKDF2_HMAC", \
      (const char *pass, int pass_length, const unsigned char *salt, int salt_length, int rounds, \
       const void *md, int length, unsigned char *out)) \
    F(const void *, md_by_name, "EVP_get_digestbyname", (const char *name)) \
    F(int, md_size, "EVP_MD_get_size", (const void *md)) \
    F(int, md_block, "EVP_MD_get_block_size", (const void *md)) \
    F(int, md_type, "EVP_MD_get_type", (const void *md)) \
    F(void *, md_new, "EVP_MD_CTX_new", (void)) \
    F(void, md_free, "EVP_MD_CTX_free", (void *ctx)) \
    F(int, md_copy, "EVP_MD_CTX_copy_ex", (void *to, const void *from)) \
    F(int, md_init, "EVP_DigestInit_ex", (void *ctx, const void *md, void *engine)) \
    F(int, md_update, "EVP_DigestUpdate", (void *ctx, const void *data, size_t length)) \
    F(int, md_final, "EVP_DigestFinal_ex", (void *ctx, unsigned char *out, unsigned *length)) \
    F(void *, mac_fetch, "EVP_MAC_fetch", (void *lib, const char *name, const char *properties)) \
    F(void, mac_drop, "EVP_MAC_free", (void *mac)) \
    F(void *, mac_new, "EVP_MAC_CTX_new", (void *mac)) \
    F(void, mac_free, "EVP_MAC_CTX_free", (void *ctx)) \
    F(int, mac_init, "EVP_MAC_init", \
      (void *ctx, const unsigned char *key, size_t length, const Param *params)) \
    F(int, mac_update, "EVP_MAC_update", (void *ctx, const unsigned char *data, size_t length)) \
    F(int, mac_final, "EVP_MAC_final", \
      (void *ctx, unsigned char *out, size_t *length, size_t room)) \
    F(const void *, cipher_by_name, "EVP_get_cipherbyname", (const char *name)) \
    F(int, cipher_key, "EVP_CIPHER_get_key_length", (const void *cipher)) \
    F(int, cipher_iv, "EVP_CIPHER_get_iv_length", (const void *cipher)) \
    F(int, cipher_block, "EVP_CIPHER_get_block_size", (const void *cipher)) \
    F(int, cipher_type, "EVP_CIPHER_get_nid", (const void *cipher)) \
    F(void *, cipher_new, "EVP_CIPHER_CTX_new", (void)) \
    F(void, cipher_free, "EVP_CIPHER_CTX_free", (void *ctx)) \
    F(int, cipher_init, "EVP_CipherInit_ex", \
      (void *ctx, const void *cipher, void *engine, const unsigned char *key, \
       const unsigned char *iv, int encrypt)) \
    F(int, cipher_padding, "EVP_CIPHER_CTX_set_padding", (void *ctx, int padding)) \
    F(int, cipher_ctrl, "EVP_CIPHER_CTX_ctrl", (void *ctx, int what, int number, void *data)) \
    F(int, cipher_update, "EVP_CipherUpdate", \
      (void *ctx, unsigned char *out, int *length, const unsigned char *in, int in_length)) \
    F(int, cipher_final, "EVP_CipherFinal_ex", (void *ctx, unsigned char *out, int *length))

struct CryptoLib {
    HostMutex *lock;
    bool tried, loaded; /* lock */
/* written with lock before loaded, never after */
#define FIELD(result, name, text, parameters) result(*name) parameters;
    FUNCTIONS(FIELD)
#undef FIELD
};

typedef enum { STATE_HASH, STATE_MAC, STATE_CIPHER } StateKind;

struct CryptoState {
    const CryptoLib *lib;
    StateKind kind;
    void *context;
};

CryptoLib *crypto_lib_new(Host *host)
{
    CryptoLib *lib = alloc_try_zero(sizeof *lib);
    if (lib) {
        lib->lock = host->mutex_new(host);
    }
    if (lib && !lib->lock) {
        alloc_free(lib);
        lib = NULL;
    }
    return lib;
}

void crypto_lib_free(CryptoLib *lib, Host *host)
{
    if (lib) {
        host->mutex_free(host, lib->lock);
        alloc_free(lib);
    }
}

static bool load(CryptoLib *lib)
{
    void *library = host_library_open("libcrypto.so.3");
    bool all = library != NULL;
#define FIND(result, name, text, parameters) \
    HostSymbol name = all ? host_library_symbol(library, text) : NULL; \
    all = all && name != NULL; \
    memcpy(&lib->name, &name, sizeof name);
    FUNCTIONS(FIND)
#undef FIND
    return all;
}

bool crypto_lib_ready(CryptoLib *lib, Host *host)
{
    host->mutex_lock(host, lib->lock);
    if (!lib->tried) {
        lib->tried = true;
        lib->loaded = load(lib);
    }
    bool loaded = lib->loaded;
    host->mutex_unlock(host, lib->lock);
    return loaded;
}

const char *crypto_lib_version(CryptoLib *lib, unsigned long *number)
{
    *number = lib->version_num();
    return lib->version(0);
}

bool crypto_lib_random(CryptoLib *lib, unsigned char *out, size_t length)
{
    return length <= INT_MAX && lib->rand_bytes(out, (int)length) == 1;
}

bool crypto_lib_pbkdf2(CryptoLib *lib, const char *digest, CryptoBytes password, CryptoBytes salt,
                       int rounds, unsigned char *out, size_t length)
{
    const void *md = lib->md_by_name(digest);
    return md && lib->pbkdf2((const char *)password.bytes, (int)password.length, salt.bytes,
                             (int)salt.length, rounds, md, (int)length, out) == 1;
}

bool crypto_lib_digest(CryptoLib *lib, const char *name, CryptoDigestInfo *info)
{
    const void *md = lib->md_by_name(name);
    if (md) {
        *info = (CryptoDigestInfo){lib->md_size(md), lib->md_block(md), lib->md_type(md)};
    }
    return md != NULL;
}

bool crypto_lib_cipher(CryptoLib *lib, const char *name, CryptoCipherInfo *info)
{
    const void *cipher = lib->cipher_by_name(name);
    if (cipher) {
        *info = (CryptoCipherInfo){lib->cipher_key(cipher), lib->cipher_iv(cipher),
                                   lib->cipher_block(cipher), lib->cipher_type(cipher)};
    }
    return cipher != NULL;
}

/* ---- states ---- */

static CryptoState *state_new(const CryptoLib *lib, StateKind kind, void *context)
{
    CryptoState *state = alloc_try_zero(sizeof *state);
    if (state) {
        *state = (CryptoState){lib, kind, context};
    }
    if (!state || !context) {
        crypto_state_free(state);
        return NULL;
    }
    return state;
}

/* state if done, else NULL and state is freed. */
static CryptoState *if_done(CryptoState *state, bool done)
{
    if (!done) {
        crypto_state_free(state);
        return NULL;
    }
    return state;
}

void crypto_state_free(CryptoState *state)
{
    if (!state) {
        return;
    }
    if (state->kind == STATE_HASH) {
        state->lib->md_free(state->context);
    } else if (state->kind == STATE_MAC) {
        state->lib->mac_free(state->context);
    } else {
        state->lib->cipher_free(state->context);
    }
    alloc_free(state);
}

bool crypto_state_is_cipher(const CryptoState *state)
{
    return state->kind == STATE_CIPHER;
}

bool crypto_state_is_hash(const CryptoState *state)
{
    return state->kind == STATE_HASH;
}

CryptoState *crypto_hash_new(CryptoLib *lib, const char *digest)
{
    const void *md = lib->md_by_name(digest);
    CryptoState *state = md ? state_new(lib, STATE_HASH, lib->md_new()) : NULL;
    return state ? if_done(state, lib->md_init(state->context, md, NULL) == 1) : NULL;
}

CryptoState *crypto_state_copy(const CryptoState *state)
{
    const CryptoLib *lib = state->lib;
    CryptoState *copy = state_new(lib, STATE_HASH, lib->md_new());
    return copy ? if_done(copy, lib->md_copy(copy->context, state->context) == 1) : NULL;
}

CryptoState *crypto_mac_new(CryptoLib *lib, const char *kind, const char *by, CryptoBytes key)
{
    void *mac = lib->mac_fetch(NULL, kind, NULL);
    if (!mac) {
        return NULL;
    }
    CryptoState *state = state_new(lib, STATE_MAC, lib->mac_new(mac));
    lib->mac_drop(mac);
    bool cipher = strcmp(kind, "CMAC") == 0, none = strcmp(kind, "POLY1305") == 0;
    Param params[2] = {{0}};
    if (!none) {
        params[0] =
            (Param){cipher ? "cipher" : "digest", PARAM_TEXT, (void *)by, strlen(by), SIZE_MAX};
    }
    return state ? if_done(state, lib->mac_init(state->context, key.bytes, key.length, params) == 1)
                 : NULL;
}

CryptoState *crypto_cipher_new(CryptoLib *lib, const char *name, CryptoBytes key, CryptoBytes iv,
                               bool encrypt, bool padding, bool aead)
{
    const void *cipher = lib->cipher_by_name(name);
    CryptoState *state = cipher ? state_new(lib, STATE_CIPHER, lib->cipher_new()) : NULL;
    if (!state) {
        return NULL;
    }
    void *ctx = state->context;
    bool done = lib->cipher_init(ctx, cipher, NULL, NULL, NULL, encrypt) == 1;
    if (aead) {
        done = done && lib->cipher_ctrl(ctx, CTRL_IV_LENGTH, (int)iv.length, NULL) == 1;
    }
    done = done &&
           lib->cipher_init(ctx, NULL, NULL, key.bytes, iv.length > 0 ? iv.bytes : NULL, -1) == 1;
    return if_done(state, done && lib->cipher_padding(ctx, padding) == 1);
}

/* ---- using them ---- */

bool crypto_add(CryptoState *state, CryptoBytes data)
{
    const CryptoLib *lib = state->lib;
    return (state->kind == STATE_HASH
                ? lib->md_update(state->context, data.bytes, data.length)
                : lib->mac_update(state->context, data.bytes, data.length)) == 1;
}

bool crypto_result(CryptoState *state, unsigned char *out, size_t *length)
{
    const CryptoLib *lib = state->lib;
    if (state->kind == STATE_MAC) {
        return lib->mac_final(state->context, out, length, CRYPTO_RESULT_MAX) == 1;
    }
    unsigned size = 0;
    bool done = lib->md_final(state->context, out, &size) == 1;
    *length = size;
    return done;
}

bool crypto_update(CryptoState *state, CryptoBytes data, unsigned char *out, size_t *length)
{
    int made = 0;
    bool done =
        data.length <= INT_MAX - CRYPTO_BLOCK_MAX &&
        state->lib->cipher_update(state->context, out, &made, data.bytes, (int)data.length) == 1;
    *length = (size_t)made;
    return done;
}

bool crypto_final(CryptoState *state, unsigned char *out, size_t *length)
{
    int made = 0;
    bool done = state->lib->cipher_final(state->context, out, &made) == 1;
    *length = (size_t)made;
    return done;
}

bool crypto_get_tag(CryptoState *state, unsigned char *tag, size_t length)
{
    return state->lib->cipher_ctrl(state->context, CTRL_GET_TAG, (int)length, tag) == 1;
}

bool crypto_set_tag(CryptoState *state, CryptoBytes tag)
{
    return state->lib->cipher_ctrl(state->context, CTRL_SET_TAG, (int)tag.length,
                                   (void *)tag.bytes) == 1;
}
