/* SPDX-License-Identifier: Apache-2.0 */
/* test/unit/vm/bytecode/bc_file_test.c: what is written can be read, what is damaged is refused. */
#include "vm/bytecode/bc_file.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

static const Konst *atom(BcModule *m, const char *text)
{
    return konst_atom(&m->arena, text, strlen(text));
}

static void add_konsts(BcModule *m)
{
    Arena *a = &m->arena;
    static const uint64_t limbs[] = {0, 0, 5};
    static const uint32_t points[] = {104, 228, 0x1F600};
    static const unsigned char bytes[] = {1, 0xE0};
    static const Konst *items[4];
    items[0] = konst_int(a, INT64_MIN);
    items[1] = konst_float(a, -0.0);
    items[2] = atom(m, "hällo");
    items[3] = konst_big(a, true, limbs, 3);
    vec_push(&m->konsts, konst_list(a, items, 4, atom(m, "tail")));
    vec_push(&m->konsts, konst_tuple(a, items, 3));
    vec_push(&m->konsts, konst_map(a, items, 4));
    vec_push(&m->konsts, konst_string(a, points, 3));
    vec_push(&m->konsts, konst_binary(a, bytes, 11));
    vec_push(&m->konsts, konst_fun(a, atom(m, "m"), atom(m, "f"), 3));
    vec_push(&m->konsts, konst_nil(a));
    vec_push(&m->konsts, konst_tuple(a, NULL, 0));
    vec_push(&m->konsts, konst_int(a, INT64_MAX));
}

static BcModule *sample(void)
{
    BcModule *m = bc_new();
    m->name = atom(m, "sample");
    m->on_load = atom(m, "init");
    add_konsts(m);
    vec_push(&m->imports, ((BcImport){atom(m, "lists"), atom(m, "map"), 2}));
    BcFunction f = {.name = atom(m, "f"), .arity = 1, .line = 12, .labels = 1, .exported = true};
    static const uint32_t code[] = {BC_is_cons, 1, BC_ARG(BC_X, 0), BC_return, 0,
                                    BC_label,   1, BC_return,       0};
    for (size_t i = 0; i < ACT_COUNT(code); i++) {
        vec_push(&f.code, code[i]);
    }
    vec_push(&m->functions, f);
    vec_push(&m->lambdas, ((BcLambda){0, 1, 0, 77}));
    vec_push(&m->sites, ((BcSite){3, UINT64_MAX, 64, 5, 1, 12, 0}));
    vec_push(&m->files, "dir/sample.act");
    return m;
}

Test(bc_file, round_trip_keeps_everything)
{
    BcModule *m = sample();
    size_t size, again_size;
    char error[200] = "";
    unsigned char *bytes = bc_write(m, &size);
    BcModule *back = bc_read(bytes, size, error, sizeof error);
    cr_assert_not_null(back, "%s", error);
    cr_assert_eq(back->konsts.count, m->konsts.count);
    for (size_t i = 0; i < m->konsts.count; i++) {
        cr_assert(konst_same(m->konsts.items[i], back->konsts.items[i]), "constant %zu", i);
    }
    cr_assert(konst_is_atom(back->name, "sample"));
    cr_assert(konst_is_atom(back->on_load, "init"));
    cr_assert_null(back->attributes);
    cr_assert_eq(back->sites.items[0].live_x, UINT64_MAX);
    cr_assert_str_eq(back->files.items[0], "dir/sample.act");
    cr_assert_eq(back->functions.items[0].code.count, 9u);
    unsigned char *again = bc_write(back, &again_size);
    cr_assert_eq(size, again_size);
    cr_assert(memcmp(bytes, again, size) == 0, "writing again gives the same bytes");
    alloc_free(again);
    alloc_free(bytes);
    bc_free(back);
    bc_free(m);
}

static void refuse(const unsigned char *bytes, size_t size, const char *word)
{
    char error[200] = "";
    BcModule *m = bc_read(bytes, size, error, sizeof error);
    cr_assert_null(m);
    cr_assert(strstr(error, word), "\"%s\" should speak of \"%s\"", error, word);
}

static void seal(unsigned char *bytes, size_t size)
{
    uint32_t sum = bc_checksum(bytes + BC_FILE_HEADER, size - BC_FILE_HEADER);
    for (int i = 0; i < 4; i++) {
        bytes[12 + i] = (unsigned char)(sum >> (8 * i));
    }
}

Test(bc_file, damage_is_named)
{
    BcModule *m = sample();
    size_t size;
    unsigned char *bytes = bc_write(m, &size);
    refuse(bytes, 0, "magic");
    refuse(bytes, 10, "truncated");
    refuse(bytes, size - 1, "truncated");
    bytes[size - 1] ^= 1;
    refuse(bytes, size, "checksum");
    bytes[size - 1] ^= 1;
    bytes[4] = 9;
    refuse(bytes, size, "version");
    bytes[4] = BC_FILE_VERSION;
    bytes[8] ^= 1;
    refuse(bytes, size, "instruction set");
    bytes[0] = 'X';
    refuse(bytes, size, "magic");
    alloc_free(bytes);
    bc_free(m);
}

/* Each byte wrong in turn, with a right checksum: never a crash; the sanitizers watch. */
Test(bc_file, wrong_bytes_never_harm)
{
    BcModule *m = sample();
    size_t size;
    unsigned char *bytes = bc_write(m, &size);
    for (size_t i = BC_FILE_HEADER; i < size; i++) {
        for (unsigned change = 1; change < 256; change += 7) {
            bytes[i] ^= (unsigned char)change;
            seal(bytes, size);
            char error[200];
            bc_free(bc_read(bytes, size, error, sizeof error));
            bytes[i] ^= (unsigned char)change;
        }
    }
    alloc_free(bytes);
    bc_free(m);
}

Test(bc_file, a_file_name_with_a_nul_byte_is_refused)
{
    BcModule *m = sample();
    size_t size, at = 0;
    unsigned char *bytes = bc_write(m, &size);
    while (memcmp(bytes + at, "dir/", 4) != 0) {
        at++;
    }
    bytes[at + 3] = 0;
    seal(bytes, size);
    refuse(bytes, size, "NUL");
    alloc_free(bytes);
    bc_free(m);
}

Test(bc_file, deep_constants_are_refused)
{
    BcModule *m = sample();
    const Konst *deep = konst_nil(&m->arena);
    for (int i = 0; i < 2 * KONST_MAX_DEPTH; i++) {
        const Konst **item = ARENA_ARRAY(&m->arena, const Konst *, 1);
        item[0] = deep;
        deep = konst_tuple(&m->arena, item, 1);
    }
    cr_assert(konst_is_deep(deep, KONST_MAX_DEPTH));
    vec_push(&m->konsts, deep);
    size_t size;
    unsigned char *bytes = bc_write(m, &size);
    refuse(bytes, size, "deeper");
    alloc_free(bytes);
    bc_free(m);
}
