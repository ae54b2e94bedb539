/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bytecode/bc_read.c: a module of a file's bytes. The bytes are not trusted: every count is
 * compared with the bytes that are left before room is made for it, so memory stays in proportion
 * to the file, and constants nest only so deep. After a failure the reader gives only zeros. */
#include "vm/bytecode/bc_file.h"
#include "vm/bytecode/small_range.h"

#include "vm/base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { ATOM_CHARACTERS = 255 };

typedef struct {
    const unsigned char *start, *at, *end;
    const char *chunk; /* the one being read, for messages */
    BcModule *module;
    const Konst **atoms;
    uint32_t atom_count;
    char *error;
    size_t error_size;
    bool failed;
    bool proven; /* see bc_read_proven */
} Reader;

ACT_PRINTF(2, 3) static void fail(Reader *r, const char *format, ...)
{
    if (r->failed) {
        return;
    }
    r->failed = true;
    size_t offset = (size_t)(r->at - r->start);
    va_list args;
    va_start(args, format);
    int used = vsnprintf(r->error, r->error_size, format, args);
    va_end(args);
    r->at = r->end; /* nothing more is read */
    if (r->chunk && used >= 0 && (size_t)used < r->error_size) {
        snprintf(r->error + used, r->error_size - (size_t)used, " (chunk %s, byte %zu)", r->chunk,
                 offset);
    }
}

static size_t left(const Reader *r)
{
    return (size_t)(r->end - r->at);
}

static unsigned get_byte(Reader *r)
{
    if (r->failed || left(r) == 0) {
        fail(r, "truncated");
        return 0;
    }
    return *r->at++;
}

static uint64_t get_long_number(Reader *r)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        unsigned byte = get_byte(r);
        uint64_t part = byte & 0x7f;
        if (shift == 63 && part > 1) {
            break;
        }
        value |= part << shift;
        if (byte < 0x80) {
            return r->failed ? 0 : value;
        }
    }
    fail(r, "number of more than 64 bits");
    return 0;
}

/* Most numbers are a byte or two. After a failure at == end. */
ACT_INLINE uint64_t get_number(Reader *r)
{
    const unsigned char *at = r->at;
    if (r->end - at >= 2) {
        if (at[0] < 0x80) {
            r->at = at + 1;
            return at[0];
        }
        if (at[1] < 0x80) {
            r->at = at + 2;
            return (at[0] & 0x7fu) | (uint64_t)at[1] << 7;
        }
    }
    return get_long_number(r);
}

static uint32_t get_number32(Reader *r)
{
    uint64_t value = get_number(r);
    if (value > UINT32_MAX) {
        fail(r, "number %llu is out of range", (unsigned long long)value);
        return 0;
    }
    return (uint32_t)value;
}

/* A count of things of at least bytes_each bytes. */
static uint32_t get_count(Reader *r, size_t bytes_each)
{
    uint64_t count = get_number(r);
    if (count > left(r) / bytes_each) {
        fail(r, "count %llu is more than the chunk can hold", (unsigned long long)count);
        return 0;
    }
    return (uint32_t)count;
}

static bool get_flag(Reader *r)
{
    unsigned byte = get_byte(r);
    if (byte > 1) {
        fail(r, "flag %u", byte);
    }
    return byte == 1;
}

static uint64_t get_word64(Reader *r)
{
    uint64_t word = 0;
    for (int i = 0; i < 8; i++) {
        word |= (uint64_t)get_byte(r) << (8 * i);
    }
    return word;
}

static uint32_t word32(const unsigned char *from)
{
    return (uint32_t)from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 |
           (uint32_t)from[3] << 24;
}

static const Konst *get_atom(Reader *r)
{
    uint32_t number = get_number32(r);
    if (number >= r->atom_count) {
        fail(r, "atom %u of %u", number, r->atom_count);
        return NULL;
    }
    return r->atoms[number];
}

static const Konst *get_konst(Reader *r, unsigned depth);

static const Konst **get_items(Reader *r, uint32_t count, unsigned depth)
{
    const Konst **items = ARENA_ARRAY(&r->module->arena, const Konst *, count);
    for (uint32_t i = 0; i < count && !r->failed; i++) {
        items[i] = get_konst(r, depth - 1);
    }
    return items;
}

static const Konst *get_big(Reader *r)
{
    bool negative = get_flag(r);
    uint32_t count = get_count(r, 8);
    uint64_t *limbs = ARENA_ARRAY(&r->module->arena, uint64_t, count);
    for (uint32_t i = 0; i < count; i++) {
        limbs[i] = get_word64(r);
    }
    return konst_big(&r->module->arena, negative, limbs, count);
}

static const Konst *get_list(Reader *r, unsigned depth)
{
    bool has_tail = get_flag(r);
    uint32_t count = get_count(r, 1);
    const Konst **items = get_items(r, count, depth);
    const Konst *tail = has_tail ? get_konst(r, depth - 1) : NULL;
    return konst_list(&r->module->arena, items, count, tail);
}

static const Konst *get_string(Reader *r)
{
    uint32_t count = get_count(r, 1);
    uint32_t *points = ARENA_ARRAY(&r->module->arena, uint32_t, count);
    for (uint32_t i = 0; i < count; i++) {
        points[i] = get_number32(r);
    }
    return konst_string(&r->module->arena, points, count);
}

static const Konst *get_map(Reader *r, unsigned depth)
{
    uint32_t count = get_count(r, 1);
    if (count % 2 != 0) {
        fail(r, "map with a key without value");
    }
    return konst_map(&r->module->arena, get_items(r, count, depth), count);
}

static const Konst *get_binary(Reader *r)
{
    uint64_t bits = get_number(r);
    uint64_t bytes = bits / 8 + (bits % 8 != 0);
    if (bytes > left(r)) {
        fail(r, "binary of %llu bits runs past the end", (unsigned long long)bits);
        return NULL;
    }
    unsigned char *copy = arena_alloc(&r->module->arena, bytes);
    if (bytes > 0) {
        memcpy(copy, r->at, bytes);
        if (bits % 8 != 0) {
            copy[bytes - 1] &= (unsigned char)(0xff << (8 - bits % 8));
        }
    }
    r->at += bytes;
    return konst_binary(&r->module->arena, copy, bits);
}

static const Konst *get_float(Reader *r)
{
    uint64_t bits = get_word64(r);
    double value;
    memcpy(&value, &bits, sizeof value);
    if ((bits >> 52 & 0x7ff) == 0x7ff) {
        fail(r, "float that is not a number");
    }
    return konst_float(&r->module->arena, value);
}

static const Konst *get_fun(Reader *r)
{
    const Konst *module = get_atom(r), *name = get_atom(r);
    uint32_t arity = get_number32(r);
    if (arity > BC_MAX_ARITY) {
        fail(r, "fun of arity %u", arity);
    }
    return konst_fun(&r->module->arena, module, name, arity);
}

static const Konst *get_konst(Reader *r, unsigned depth)
{
    Arena *arena = &r->module->arena;
    if (depth == 0) {
        fail(r, "constant nested deeper than %d", KONST_MAX_DEPTH);
        return NULL;
    }
    unsigned kind = get_byte(r);
    uint64_t number;
    uint32_t count;
    if (r->failed) {
        return NULL;
    }
    switch (kind) {
    case KONST_INT:
        number = get_number(r);
        return konst_int(arena, (int64_t)(number >> 1 ^ (0 - (number & 1))));
    case KONST_BIG:
        return get_big(r);
    case KONST_FLOAT:
        return get_float(r);
    case KONST_ATOM:
        return get_atom(r);
    case KONST_NIL:
        return konst_nil(arena);
    case KONST_LIST:
        return get_list(r, depth);
    case KONST_STRING:
        return get_string(r);
    case KONST_TUPLE:
        count = get_count(r, 1);
        return konst_tuple(arena, get_items(r, count, depth), count);
    case KONST_MAP:
        return get_map(r, depth);
    case KONST_BINARY:
        return get_binary(r);
    case KONST_FUN:
        return get_fun(r);
    default:
        fail(r, "constant of unknown kind %u", kind);
        return NULL;
    }
}

static void get_atom_text(Reader *r, uint32_t number)
{
    uint32_t length = get_count(r, 1);
    uint32_t characters = 0;
    for (uint32_t at = r->proven ? length : 0; at < length && !r->failed; characters++) {
        uint32_t point;
        unsigned used = utf8_decode(r->at + at, length - at, &point);
        if (used == 0 || characters == ATOM_CHARACTERS) {
            fail(r, used == 0 ? "atom %u is not UTF-8" : "atom %u is too long", number);
        }
        at += used;
    }
    if (!r->failed) {
        r->atoms[number] = konst_atom(&r->module->arena, (const char *)r->at, length);
        r->at += length;
    }
}

static void get_atoms(Reader *r)
{
    r->atom_count = get_count(r, 1);
    r->atoms = ARENA_ARRAY(&r->module->arena, const Konst *, r->atom_count);
    for (uint32_t i = 0; i < r->atom_count && !r->failed; i++) {
        get_atom_text(r, i);
    }
}

static void get_konsts(Reader *r)
{
    uint32_t count = get_count(r, 1);
    vec_reserve(&r->module->konsts, count);
    for (uint32_t i = 0; i < count && !r->failed; i++) {
        vec_push(&r->module->konsts, get_konst(r, KONST_MAX_DEPTH));
    }
}

static uint32_t get_arity(Reader *r)
{
    uint32_t arity = get_number32(r);
    if (arity > BC_MAX_ARITY) {
        fail(r, "arity %u", arity);
    }
    return arity;
}

static void get_imports(Reader *r)
{
    uint32_t count = get_count(r, 3);
    vec_reserve(&r->module->imports, count);
    for (uint32_t i = 0; i < count && !r->failed; i++) {
        BcImport import = {.module = get_atom(r), .name = get_atom(r), .arity = 0};
        import.arity = get_arity(r);
        vec_push(&r->module->imports, import);
    }
}

/* count numbers, most of which are a byte or two. */
static void get_words(Reader *r, uint32_t *words, uint32_t count)
{
    uint32_t i = 0;
    while (i < count && !r->failed) {
        const unsigned char *at = r->at;
        for (; i < count && r->end - at >= 2; i++) {
            uint32_t low = at[0], high = at[1];
            if (low < 0x80) {
                words[i] = low;
                at += 1;
            } else if (high < 0x80) {
                words[i] = (low & 0x7f) | high << 7;
                at += 2;
            } else {
                break;
            }
        }
        r->at = at;
        if (i < count) {
            words[i++] = get_number32(r);
        }
    }
}

/* The code must at least consist of whole instructions. */
static void get_code(Reader *r, BcFunction *f)
{
    uint32_t count = get_count(r, 1);
    uint32_t *words = arena_alloc(&r->module->arena, (size_t)count * sizeof *words);
    get_words(r, words, count);
    f->code.items = words;
    f->code.count = r->failed ? 0 : count;
    for (size_t at = r->proven ? count : 0; at < f->code.count && !r->failed;) {
        size_t length = bc_op_length(f->code.items, at, f->code.count);
        if (length == 0) {
            fail(r, "no whole instruction at word %zu", at);
        }
        at += length;
    }
}

static const uint8_t *get_smalls(Reader *r, uint32_t arity)
{
    if (!get_flag(r)) {
        return NULL;
    }
    uint8_t *smalls = arena_alloc(&r->module->arena, ACT_MAX(arity, 1));
    for (uint32_t i = 0; i < arity; i++) {
        smalls[i] = get_byte(r);
        if (smalls[i] != SMALL_RANGE_ANY && !small_range_is_small(smalls[i])) {
            fail(r, "%u is no range", smalls[i]);
        }
    }
    return smalls;
}

static void get_functions(Reader *r)
{
    uint32_t count = get_count(r, 8);
    vec_reserve(&r->module->functions, count);
    for (uint32_t i = 0; i < count && !r->failed; i++) {
        BcFunction f = {.name = get_atom(r), .arity = 0};
        f.arity = get_arity(r);
        f.line = get_number32(r);
        f.labels = get_number32(r);
        f.exported = get_flag(r);
        f.contexts = get_number(r);
        f.smalls = get_smalls(r, f.arity);
        get_code(r, &f);
        if (f.labels > f.code.count) {
            fail(r, "%u labels in %zu words", f.labels, f.code.count);
        }
        vec_push(&r->module->functions, f);
    }
}

static void get_lambdas(Reader *r)
{
    uint32_t count = get_count(r, 4);
    for (uint32_t i = 0; i < count && !r->failed; i++) {
        BcLambda lambda = {.function = get_number32(r)};
        lambda.arity = get_arity(r);
        lambda.free = get_arity(r);
        lambda.uniq = get_number32(r);
        vec_push(&r->module->lambdas, lambda);
    }
}

static void get_sites(Reader *r)
{
    uint32_t count = get_count(r, 7);
    vec_reserve(&r->module->sites, count);
    for (uint32_t i = 0; i < count && !r->failed; i++) {
        BcSite site = {.frame = get_number32(r)};
        site.live_x = get_number(r);
        site.live_count = get_number32(r);
        site.live_y = get_number32(r);
        site.handler = get_number32(r);
        site.line = get_number32(r);
        site.file = get_number32(r);
        vec_push(&r->module->sites, site);
    }
}

static void get_files(Reader *r)
{
    uint32_t count = get_count(r, 1);
    for (uint32_t i = 0; i < count && !r->failed; i++) {
        uint32_t length = get_count(r, 1);
        if (memchr(r->at, '\0', length)) {
            fail(r, "file name with a NUL byte");
            return;
        }
        vec_push(&r->module->files, arena_strndup(&r->module->arena, (const char *)r->at, length));
        r->at += length;
    }
}

static const Konst *get_optional(Reader *r)
{
    return get_flag(r) ? get_konst(r, KONST_MAX_DEPTH) : NULL;
}

static void get_meta(Reader *r)
{
    BcModule *m = r->module;
    m->name = get_atom(r);
    m->attributes = get_optional(r);
    m->compile = get_optional(r);
    m->heads = get_optional(r);
    m->on_load = get_optional(r);
    if (m->on_load && m->on_load->kind != KONST_ATOM) {
        fail(r, "on_load is no atom");
    }
}

static void get_chunk(Reader *r, int chunk, void (*get)(Reader *))
{
    const unsigned char *file_end = r->end;
    r->chunk = bc_chunk_tags[chunk];
    if (r->failed) {
        return;
    }
    if (left(r) < BC_CHUNK_HEADER) {
        fail(r, "truncated");
        return;
    }
    if (memcmp(r->at, bc_chunk_tags[chunk], 4) != 0) {
        fail(r, "expected this chunk here");
        return;
    }
    uint32_t length = word32(r->at + 4);
    r->at += BC_CHUNK_HEADER;
    if (length > left(r)) {
        fail(r, "%u bytes long, %zu are left", length, left(r));
        return;
    }
    r->end = r->at + length;
    get(r);
    if (r->at != r->end) {
        fail(r, "%zu bytes too many", left(r));
    }
    r->end = file_end;
}

static void get_header(Reader *r)
{
    size_t size = left(r);
    if (size < 4 || memcmp(r->at, BC_FILE_MAGIC, 4) != 0) {
        fail(r, "not a module file: wrong magic number");
    } else if (size < BC_FILE_HEADER) {
        fail(r, "truncated: %zu bytes, the header alone has %d", size, BC_FILE_HEADER);
    } else if (word32(r->at + 4) != BC_FILE_VERSION) {
        fail(r, "module file of version %u, this is version %d", word32(r->at + 4),
             BC_FILE_VERSION);
    } else if (!r->proven && word32(r->at + 8) != bc_instruction_set()) {
        fail(r, "module file for another instruction set: compile it again");
    } else if (word32(r->at + 16) != size - BC_FILE_HEADER) {
        fail(r, "truncated or too long: %zu bytes after the header, not %u", size - BC_FILE_HEADER,
             word32(r->at + 16));
    } else if (!r->proven &&
               word32(r->at + 12) != bc_checksum(r->at + BC_FILE_HEADER, size - BC_FILE_HEADER)) {
        fail(r, "damaged: wrong checksum");
    } else {
        r->at += BC_FILE_HEADER;
    }
}

static BcModule *read_module(const unsigned char *bytes, size_t size, bool proven, char *error,
                             size_t error_size)
{
    Reader r = {.start = bytes,
                .proven = proven,
                .at = bytes,
                .end = bytes + size,
                .module = bc_new(),
                .error = error,
                .error_size = error_size};
    get_header(&r);
    if (!r.failed) {
        arena_reserve(&r.module->arena, ACT_MIN(size * 8, 1u << 20));
    }
    get_chunk(&r, BC_CHUNK_ATOMS, get_atoms);
    get_chunk(&r, BC_CHUNK_KONSTS, get_konsts);
    get_chunk(&r, BC_CHUNK_IMPORTS, get_imports);
    get_chunk(&r, BC_CHUNK_FUNCTIONS, get_functions);
    get_chunk(&r, BC_CHUNK_LAMBDAS, get_lambdas);
    get_chunk(&r, BC_CHUNK_SITES, get_sites);
    get_chunk(&r, BC_CHUNK_FILES, get_files);
    get_chunk(&r, BC_CHUNK_META, get_meta);
    if (!r.failed && r.at != r.end) {
        fail(&r, "bytes after the last chunk");
    }
    if (r.failed) {
        bc_free(r.module);
        return NULL;
    }
    return r.module;
}

BcModule *bc_read(const unsigned char *bytes, size_t size, char *error, size_t error_size)
{
    return read_module(bytes, size, false, error, error_size);
}

BcModule *bc_read_proven(const unsigned char *bytes, size_t size, char *error, size_t error_size)
{
    return read_module(bytes, size, true, error, error_size);
}
