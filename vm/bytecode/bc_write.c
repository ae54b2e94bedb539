/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bytecode/bc_write.c: the bytes of a module file. The same module gives the same bytes. */
#include "vm/bytecode/bc_file.h"

#include <string.h>

typedef VEC(unsigned char) Bytes;

/* Atoms get their numbers as they are met; the chunk of atoms is put in front at the end. */
typedef struct {
    Bytes out;
    VEC(const Konst *) atoms;
    uint32_t *slots; /* open addressing: atom number + 1 */
    uint32_t room;
} Writer;

static void put_byte(Writer *w, unsigned byte)
{
    vec_push(&w->out, (unsigned char)byte);
}

static void put_number(Writer *w, uint64_t value)
{
    while (value >= 0x80) {
        put_byte(w, (unsigned)(value & 0x7f) | 0x80);
        value >>= 7;
    }
    put_byte(w, (unsigned)value);
}

static void put_bytes(Writer *w, const void *bytes, size_t count)
{
    vec_reserve(&w->out, count);
    if (count > 0) {
        memcpy(w->out.items + w->out.count, bytes, count);
    }
    w->out.count += count;
}

static void put_word64(Writer *w, uint64_t word)
{
    for (int i = 0; i < 8; i++) {
        put_byte(w, (unsigned)(word >> (8 * i)) & 0xff);
    }
}

static void grow_atoms(Writer *w)
{
    alloc_free(w->slots);
    w->room = w->room ? w->room * 2 : 64;
    w->slots = alloc_must_zero(w->room * sizeof(uint32_t));
    for (size_t i = 0; i < w->atoms.count; i++) {
        uint32_t at = (uint32_t)konst_hash(w->atoms.items[i]) & (w->room - 1);
        while (w->slots[at]) {
            at = (at + 1) & (w->room - 1);
        }
        w->slots[at] = (uint32_t)i + 1;
    }
}

static void put_atom(Writer *w, const Konst *atom)
{
    if (w->atoms.count * 2 >= w->room) {
        grow_atoms(w);
    }
    uint32_t at = (uint32_t)konst_hash(atom) & (w->room - 1);
    while (w->slots[at] && !konst_same(w->atoms.items[w->slots[at] - 1], atom)) {
        at = (at + 1) & (w->room - 1);
    }
    if (w->slots[at] == 0) {
        vec_push(&w->atoms, atom);
        w->slots[at] = (uint32_t)w->atoms.count;
    }
    put_number(w, w->slots[at] - 1);
}

static void put_konst(Writer *w, const Konst *k);

static void put_items(Writer *w, const Konst *k)
{
    for (uint32_t i = 0; i < k->count; i++) {
        put_konst(w, k->list.items[i]);
    }
}

static void put_big(Writer *w, const Konst *k)
{
    put_byte(w, k->big.negative);
    put_number(w, k->count);
    for (uint32_t i = 0; i < k->count; i++) {
        put_word64(w, k->big.limbs[i]);
    }
}

static void put_list(Writer *w, const Konst *k)
{
    put_byte(w, k->list.tail != NULL);
    put_number(w, k->count);
    put_items(w, k);
    if (k->list.tail) {
        put_konst(w, k->list.tail);
    }
}

static void put_string(Writer *w, const Konst *k)
{
    put_number(w, k->count);
    for (uint32_t i = 0; i < k->count; i++) {
        put_number(w, k->points[i]);
    }
}

static uint64_t zigzag(int64_t value)
{
    return (uint64_t)value << 1 ^ (value < 0 ? UINT64_MAX : 0);
}

static void put_konst(Writer *w, const Konst *k)
{
    uint64_t bits;
    put_byte(w, k->kind);
    switch (k->kind) {
    case KONST_INT:
        put_number(w, zigzag(k->integer));
        break;
    case KONST_BIG:
        put_big(w, k);
        break;
    case KONST_FLOAT:
        memcpy(&bits, &k->real, sizeof bits);
        put_word64(w, bits);
        break;
    case KONST_ATOM:
        put_atom(w, k);
        break;
    case KONST_LIST:
        put_list(w, k);
        break;
    case KONST_STRING:
        put_string(w, k);
        break;
    case KONST_TUPLE:
    case KONST_MAP:
        put_number(w, k->count);
        put_items(w, k);
        break;
    case KONST_BINARY:
        put_number(w, k->binary.bits);
        put_bytes(w, k->binary.bytes, (k->binary.bits + 7) / 8);
        break;
    case KONST_FUN:
        put_atom(w, k->fun.module);
        put_atom(w, k->fun.name);
        put_number(w, k->fun.arity);
        break;
    default:
        break;
    }
}

static void put_konsts(Writer *w, const BcModule *m)
{
    put_number(w, m->konsts.count);
    for (size_t i = 0; i < m->konsts.count; i++) {
        put_konst(w, m->konsts.items[i]);
    }
}

static void put_imports(Writer *w, const BcModule *m)
{
    put_number(w, m->imports.count);
    for (size_t i = 0; i < m->imports.count; i++) {
        put_atom(w, m->imports.items[i].module);
        put_atom(w, m->imports.items[i].name);
        put_number(w, m->imports.items[i].arity);
    }
}

static void put_functions(Writer *w, const BcModule *m)
{
    put_number(w, m->functions.count);
    for (size_t i = 0; i < m->functions.count; i++) {
        const BcFunction *f = &m->functions.items[i];
        put_atom(w, f->name);
        put_number(w, f->arity);
        put_number(w, f->line);
        put_number(w, f->labels);
        put_byte(w, f->exported);
        put_number(w, f->contexts);
        put_byte(w, f->smalls != NULL);
        for (uint32_t n = 0; f->smalls && n < f->arity; n++) {
            put_byte(w, f->smalls[n]);
        }
        put_number(w, f->code.count);
        for (size_t n = 0; n < f->code.count; n++) {
            put_number(w, f->code.items[n]);
        }
    }
}

static void put_lambdas(Writer *w, const BcModule *m)
{
    put_number(w, m->lambdas.count);
    for (size_t i = 0; i < m->lambdas.count; i++) {
        put_number(w, m->lambdas.items[i].function);
        put_number(w, m->lambdas.items[i].arity);
        put_number(w, m->lambdas.items[i].free);
        put_number(w, m->lambdas.items[i].uniq);
    }
}

static void put_sites(Writer *w, const BcModule *m)
{
    put_number(w, m->sites.count);
    for (size_t i = 0; i < m->sites.count; i++) {
        const BcSite *site = &m->sites.items[i];
        put_number(w, site->frame);
        put_number(w, site->live_x);
        put_number(w, site->live_count);
        put_number(w, site->live_y);
        put_number(w, site->handler);
        put_number(w, site->line);
        put_number(w, site->file);
    }
}

static void put_files(Writer *w, const BcModule *m)
{
    put_number(w, m->files.count);
    for (size_t i = 0; i < m->files.count; i++) {
        size_t length = strlen(m->files.items[i]);
        put_number(w, length);
        put_bytes(w, m->files.items[i], length);
    }
}

static void put_optional(Writer *w, const Konst *konst)
{
    put_byte(w, konst != NULL);
    if (konst) {
        put_konst(w, konst);
    }
}

static void put_meta(Writer *w, const BcModule *m)
{
    put_atom(w, m->name);
    put_optional(w, m->attributes);
    put_optional(w, m->compile);
    put_optional(w, m->heads);
    put_optional(w, m->on_load);
}

static void put_atoms(Writer *w, const BcModule *m)
{
    (void)m;
    put_number(w, w->atoms.count);
    for (size_t i = 0; i < w->atoms.count; i++) {
        put_number(w, w->atoms.items[i]->count);
        put_bytes(w, w->atoms.items[i]->text, w->atoms.items[i]->count);
    }
}

static void set_word32(unsigned char *to, uint32_t word)
{
    for (int i = 0; i < 4; i++) {
        to[i] = (unsigned char)(word >> (8 * i));
    }
}

static void put_chunk(Writer *w, int chunk, void (*put)(Writer *, const BcModule *),
                      const BcModule *m)
{
    size_t start = w->out.count;
    put_bytes(w, bc_chunk_tags[chunk], 4);
    put_bytes(w, "\0\0\0\0", 4);
    put(w, m);
    set_word32(w->out.items + start + 4, (uint32_t)(w->out.count - start - BC_CHUNK_HEADER));
}

static void put_header(Writer *w, const unsigned char *body, size_t size)
{
    unsigned char header[BC_FILE_HEADER] = {0};
    memcpy(header, BC_FILE_MAGIC, 4);
    set_word32(header + 4, BC_FILE_VERSION);
    set_word32(header + 8, bc_instruction_set());
    set_word32(header + 12, bc_checksum(body, size));
    set_word32(header + 16, (uint32_t)size);
    put_bytes(w, header, sizeof header);
}

unsigned char *bc_write(const BcModule *module, size_t *size)
{
    Writer w = {0};
    put_chunk(&w, BC_CHUNK_KONSTS, put_konsts, module);
    put_chunk(&w, BC_CHUNK_IMPORTS, put_imports, module);
    put_chunk(&w, BC_CHUNK_FUNCTIONS, put_functions, module);
    put_chunk(&w, BC_CHUNK_LAMBDAS, put_lambdas, module);
    put_chunk(&w, BC_CHUNK_SITES, put_sites, module);
    put_chunk(&w, BC_CHUNK_FILES, put_files, module);
    put_chunk(&w, BC_CHUNK_META, put_meta, module);
    Bytes rest = w.out;
    w.out = (Bytes){0};
    put_chunk(&w, BC_CHUNK_ATOMS, put_atoms, module);
    put_bytes(&w, rest.items, rest.count);
    vec_free(&rest);
    Bytes body = w.out;
    w.out = (Bytes){0};
    put_header(&w, body.items, body.count);
    put_bytes(&w, body.items, body.count);
    vec_free(&body);
    vec_free(&w.atoms);
    alloc_free(w.slots);
    *size = w.out.count;
    return w.out.items;
}
