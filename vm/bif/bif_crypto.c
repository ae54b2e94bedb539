/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_crypto.c: cryptography for module crypto, by io/crypto_lib.h.
 *
 * A state is a magic reference (term/ref.h) to a block that owns a CryptoState and frees it with
 * the last reference. Any process may use it; a lock lets one at a time. Arguments are binaries:
 * the library has checked them. */
#include "vm/base/alloc.h"
#include "vm/base/spin.h"
#include "vm/bif/bif_shared.h"
#include "vm/bif/bif_util.h"
#include "vm/io/crypto_lib.h"
#include "vm/mem/offheap.h"
#include "vm/sched/scheduler.h"
#include "vm/term/ref.h"
#include "vm/vm_parts.h"

#include <string.h>

enum { CRYPTO_MAGIC = 0x63727970, NAME_MAX = 64, TAG_MAX = 16, STEPS_PER_BYTE = 4 };

typedef struct {
    uint32_t magic;
    SpinLock lock;
    CryptoState *state; /* lock */
} Crypto;

/* The library; NULL, raised, without one. */
static CryptoLib *lib_of(Process *p)
{
    CryptoLib *lib = vm_bifs(p->vm)->crypto;
    if (!crypto_lib_ready(lib, vm_host(p->vm))) {
        raise_error(p, util_atom(p, "notsup"));
        return NULL;
    }
    return lib;
}

static bool bytes_of(Process *p, Term t, CryptoBytes *bytes)
{
    return binary_bytes(util_aligned(p, t), &bytes->bytes, &bytes->length);
}

static bool name_of(Process *p, Term t, char name[NAME_MAX])
{
    CryptoBytes bytes;
    if (!bytes_of(p, t, &bytes) || bytes.length >= NAME_MAX) {
        return false;
    }
    memcpy(name, bytes.bytes, bytes.length);
    name[bytes.length] = '\0';
    return true;
}

static void drop(OffHeap *block)
{
    crypto_state_free(((Crypto *)block->bytes)->state);
}

/* A reference that owns state; false if state is NULL. */
static Term reference(Process *p, CryptoState *state)
{
    if (!state) {
        return ATOM(false);
    }
    OffHeap *block = offheap_new(sizeof(Crypto));
    if (!block) {
        crypto_state_free(state);
        return raise_no_memory(p);
    }
    *(Crypto *)block->bytes = (Crypto){.magic = CRYPTO_MAGIC, .state = state};
    block->drop = drop;
    Term ref = offheap_magic(&p->heap, block, scheduler_new_id(p->scheduler), 0);
    return term_same(ref, TERM_NONE) ? raise_no_memory(p) : ref;
}

/* The state of a reference; NULL, raised, if it is none or (not) a cipher's. */
static Crypto *crypto_of(Process *p, Term t, bool cipher)
{
    Crypto *crypto = NULL;
    if (term_is_ref(t) && ref_is_magic(t)) {
        crypto = (Crypto *)refc_off_heap(boxed_words(t))->bytes;
    }
    if (!crypto || crypto->magic != CRYPTO_MAGIC ||
        crypto_state_is_cipher(crypto->state) != cipher) {
        raise_badarg(p);
        return NULL;
    }
    return crypto;
}

Term bif_act_crypto_version_0(Process *p, const Term *a)
{
    (void)a;
    CryptoLib *lib = vm_bifs(p->vm)->crypto;
    if (!crypto_lib_ready(lib, vm_host(p->vm))) {
        return ATOM(false);
    }
    unsigned long number;
    const char *text = crypto_lib_version(lib, &number);
    Term binary = util_binary(p, text, strlen(text));
    return term_same(binary, TERM_NONE) ? binary
                                        : UTIL_TUPLE(p, small_make((int64_t)number), binary);
}

Term bif_act_crypto_digest_1(Process *p, const Term *a)
{
    CryptoLib *lib = lib_of(p);
    CryptoDigestInfo info;
    char name[NAME_MAX];
    if (!lib || !name_of(p, a[0], name)) {
        return lib ? raise_badarg(p) : TERM_NONE;
    }
    if (!crypto_lib_digest(lib, name, &info)) {
        return ATOM(false);
    }
    return UTIL_TUPLE(p, small_make(info.size), small_make(info.block), small_make(info.type));
}

Term bif_act_crypto_cipher_1(Process *p, const Term *a)
{
    CryptoLib *lib = lib_of(p);
    CryptoCipherInfo info;
    char name[NAME_MAX];
    if (!lib || !name_of(p, a[0], name)) {
        return lib ? raise_badarg(p) : TERM_NONE;
    }
    if (!crypto_lib_cipher(lib, name, &info)) {
        return ATOM(false);
    }
    return UTIL_TUPLE(p, small_make(info.key), small_make(info.iv), small_make(info.block),
                      small_make(info.type));
}

/* A binary of length bytes to be filled through *room; TERM_NONE, raised, without memory. */
static Term new_binary(Process *p, size_t length, unsigned char **room)
{
    Term binary = binary_new_room(&p->heap, length, room);
    return term_same(binary, TERM_NONE) ? raise_no_memory(p) : binary;
}

Term bif_act_crypto_random_1(Process *p, const Term *a)
{
    CryptoLib *lib = lib_of(p);
    int64_t length;
    if (!lib || !util_get_range(a[0], 0, INT32_MAX, &length)) {
        return lib ? raise_badarg(p) : TERM_NONE;
    }
    unsigned char *room;
    Term binary = new_binary(p, (size_t)length, &room);
    if (term_same(binary, TERM_NONE)) {
        return binary;
    }
    util_spend_steps(p, (size_t)length * STEPS_PER_BYTE);
    return crypto_lib_random(lib, room, (size_t)length)
               ? binary
               : raise_error(p, util_atom(p, "low_entropy"));
}

/* pbkdf2(Digest, Password, Salt, Rounds, Length). */
Term bif_act_crypto_pbkdf2_5(Process *p, const Term *a)
{
    CryptoLib *lib = lib_of(p);
    CryptoBytes password, salt;
    int64_t rounds, length;
    char name[NAME_MAX];
    if (!lib) {
        return TERM_NONE;
    }
    if (!name_of(p, a[0], name) || !bytes_of(p, a[1], &password) || !bytes_of(p, a[2], &salt) ||
        !util_get_range(a[3], 1, INT32_MAX, &rounds) ||
        !util_get_range(a[4], 1, INT32_MAX, &length)) {
        return raise_badarg(p);
    }
    unsigned char *room;
    Term binary = new_binary(p, (size_t)length, &room);
    if (term_same(binary, TERM_NONE)) {
        return binary;
    }
    util_spend_steps(p, (size_t)rounds * STEPS_PER_BYTE);
    bool done = crypto_lib_pbkdf2(lib, name, password, salt, (int)rounds, room, (size_t)length);
    return done ? binary : ATOM(false);
}

Term bif_act_crypto_hash_new_1(Process *p, const Term *a)
{
    CryptoLib *lib = lib_of(p);
    char name[NAME_MAX];
    if (!lib || !name_of(p, a[0], name)) {
        return lib ? raise_badarg(p) : TERM_NONE;
    }
    return reference(p, crypto_hash_new(lib, name));
}

/* hash(Digest, Data) -> Binary | false. */
Term bif_act_crypto_hash_2(Process *p, const Term *a)
{
    CryptoLib *lib = lib_of(p);
    char name[NAME_MAX];
    CryptoBytes data;
    if (!lib || !name_of(p, a[0], name) || !bytes_of(p, a[1], &data)) {
        return lib ? raise_badarg(p) : TERM_NONE;
    }
    unsigned char out[CRYPTO_RESULT_MAX];
    size_t length = 0;
    CryptoState *state = crypto_hash_new(lib, name);
    bool done = state && crypto_add(state, data) && crypto_result(state, out, &length);
    crypto_state_free(state);
    util_spend_steps(p, data.length * STEPS_PER_BYTE);
    return done ? util_binary(p, out, length) : ATOM(false);
}

/* mac_new(Kind, DigestOrCipher, Key). */
Term bif_act_crypto_mac_new_3(Process *p, const Term *a)
{
    CryptoLib *lib = lib_of(p);
    char kind[NAME_MAX], by[NAME_MAX];
    CryptoBytes key;
    if (!lib || !name_of(p, a[0], kind) || !name_of(p, a[1], by) || !bytes_of(p, a[2], &key)) {
        return lib ? raise_badarg(p) : TERM_NONE;
    }
    return reference(p, crypto_mac_new(lib, kind, by, key));
}

/* cipher_new(Name, Key, Iv, Encrypt, Padding). */
Term bif_act_crypto_cipher_new_5(Process *p, const Term *a)
{
    CryptoLib *lib = lib_of(p);
    char name[NAME_MAX];
    CryptoBytes key, iv;
    CryptoCipherInfo info;
    if (!lib || !name_of(p, a[0], name) || !bytes_of(p, a[1], &key) || !bytes_of(p, a[2], &iv)) {
        return lib ? raise_badarg(p) : TERM_NONE;
    }
    if (!crypto_lib_cipher(lib, name, &info) || key.length < (size_t)info.key ||
        iv.length < (size_t)info.iv) {
        return ATOM(false);
    }
    return reference(p, crypto_cipher_new(lib, name, key, iv, term_same(a[3], ATOM(true)),
                                          term_same(a[4], ATOM(true)), false));
}

/* add(Ref, Data) -> Ref: of a digest a new one, which has more; of a code the same. */
Term bif_act_crypto_add_2(Process *p, const Term *a)
{
    Crypto *crypto = crypto_of(p, a[0], false);
    CryptoBytes data;
    if (!crypto || !bytes_of(p, a[1], &data)) {
        return crypto ? raise_badarg(p) : TERM_NONE;
    }
    util_spend_steps(p, data.length * STEPS_PER_BYTE);
    if (crypto_state_is_hash(crypto->state)) {
        CryptoState *copy = crypto_state_copy(crypto->state);
        if (copy && !crypto_add(copy, data)) {
            crypto_state_free(copy);
            copy = NULL;
        }
        return reference(p, copy);
    }
    spin_lock(&crypto->lock);
    bool done = crypto_add(crypto->state, data);
    spin_unlock(&crypto->lock);
    return done ? a[0] : ATOM(false);
}

Term bif_act_crypto_result_1(Process *p, const Term *a)
{
    Crypto *crypto = crypto_of(p, a[0], false);
    unsigned char out[CRYPTO_RESULT_MAX];
    size_t length = 0;
    if (!crypto) {
        return TERM_NONE;
    }
    bool done;
    if (crypto_state_is_hash(crypto->state)) { /* of a copy: the state may go on */
        CryptoState *copy = crypto_state_copy(crypto->state);
        done = copy && crypto_result(copy, out, &length);
        crypto_state_free(copy);
    } else {
        spin_lock(&crypto->lock);
        done = crypto_result(crypto->state, out, &length);
        spin_unlock(&crypto->lock);
    }
    return done ? util_binary(p, out, length) : ATOM(false);
}

Term bif_act_crypto_update_2(Process *p, const Term *a)
{
    Crypto *crypto = crypto_of(p, a[0], true);
    CryptoBytes data;
    if (!crypto || !bytes_of(p, a[1], &data)) {
        return crypto ? raise_badarg(p) : TERM_NONE;
    }
    unsigned char *out = alloc_try(data.length + CRYPTO_BLOCK_MAX);
    if (!out) {
        return raise_no_memory(p);
    }
    size_t length = 0;
    util_spend_steps(p, data.length * STEPS_PER_BYTE);
    spin_lock(&crypto->lock);
    bool done = crypto_update(crypto->state, data, out, &length);
    spin_unlock(&crypto->lock);
    Term result = done ? util_binary(p, out, length) : ATOM(false);
    alloc_free(out);
    return result;
}

Term bif_act_crypto_final_1(Process *p, const Term *a)
{
    Crypto *crypto = crypto_of(p, a[0], true);
    unsigned char out[CRYPTO_BLOCK_MAX];
    size_t length = 0;
    if (!crypto) {
        return TERM_NONE;
    }
    spin_lock(&crypto->lock);
    bool done = crypto_final(crypto->state, out, &length);
    spin_unlock(&crypto->lock);
    return done ? util_binary(p, out, length) : ATOM(false);
}

/* All of an authenticated cipher; out has room for data and a block. tag is given or, where
 * tag_length > 0, made. */
static bool authenticate(CryptoState *state, CryptoBytes data, CryptoBytes aad, unsigned char *out,
                         size_t *length, CryptoBytes given, unsigned char *tag, size_t tag_length)
{
    size_t made = 0, last = 0;
    bool done = tag_length > 0 || crypto_set_tag(state, given);
    done = done && (aad.length == 0 || crypto_update(state, aad, NULL, &made));
    made = 0;
    done = done && crypto_update(state, data, out, &made);
    done = done && crypto_final(state, out + made, &last);
    *length = made + last;
    return done && (tag_length == 0 || crypto_get_tag(state, tag, tag_length));
}

/* aead(Name, Key, Iv, Data, Aad, TagLength | Tag) -> {Output, Tag} | Output | false. */
Term bif_act_crypto_aead_6(Process *p, const Term *a)
{
    CryptoLib *lib = lib_of(p);
    char name[NAME_MAX];
    CryptoBytes key, iv, data, aad, given = {0};
    int64_t tag_length = 0;
    if (!lib) {
        return TERM_NONE;
    }
    if (!name_of(p, a[0], name) || !bytes_of(p, a[1], &key) || !bytes_of(p, a[2], &iv) ||
        !bytes_of(p, a[3], &data) || !bytes_of(p, a[4], &aad) ||
        !(util_get_range(a[5], 1, TAG_MAX, &tag_length) || bytes_of(p, a[5], &given))) {
        return raise_badarg(p);
    }
    CryptoCipherInfo info;
    if (!crypto_lib_cipher(lib, name, &info) || key.length != (size_t)info.key) {
        return ATOM(false);
    }
    unsigned char *out = alloc_try(data.length + CRYPTO_BLOCK_MAX), tag[TAG_MAX];
    CryptoState *state =
        out ? crypto_cipher_new(lib, name, key, iv, tag_length > 0, false, true) : NULL;
    size_t length = 0;
    bool done =
        state && authenticate(state, data, aad, out, &length, given, tag, (size_t)tag_length);
    util_spend_steps(p, data.length * STEPS_PER_BYTE);
    Term result = done ? util_binary(p, out, length) : ATOM(false);
    if (done && tag_length > 0 && !term_same(result, TERM_NONE)) {
        Term made = util_binary(p, tag, (size_t)tag_length);
        result = term_same(made, TERM_NONE) ? made : UTIL_TUPLE(p, result, made);
    }
    crypto_state_free(state);
    alloc_free(out);
    return result;
}
