/* SPDX-License-Identifier: Apache-2.0 */
/* test/unit/vm/code/load_test.c: what loaded code looks like, and who sees which version. */
#include "test/unit/vm/code/code_sample.h"
#include "vm/term/atom.h"
#include "vm/term/map.h"
#include "vm/vm_parts.h"

#include <criterion/criterion.h>

#define OPWORD(name) (1000u + XOP_##name)

static Term atom(Vm *vm, const char *text)
{
    return atom_intern_text(vm->atoms, text);
}

static Module *load(Vm *vm, BcModule *file)
{
    char error[300] = "";
    if (code_purge_begin(vm, atom(vm, "m"), PURGE_OLD, 1) == PURGE_BEGUN) {
        code_purge_unlink(vm, atom(vm, "m"));
        code_purge_free(vm, atom(vm, "m"));
    }
    Module *m = code_load(vm, file, NULL, error, sizeof error);
    cr_assert(m, "%s", error);
    bc_free(file);
    return m;
}

static const Code *entry(Vm *vm, const char *name, uint32_t arity)
{
    const Export *e = code_find_export(vm, atom(vm, "m"), atom(vm, name), arity);
    cr_assert(e);
    return atomic_load(&e->entry);
}

Test(load, jumps_count_from_their_instruction)
{
    Vm *vm = sample_vm();
    BcModule *file = sample_module();
    uint32_t k = sample_konst(file, konst_int(&file->arena, 42));
    SAMPLE_FUNCTION(file, "f", 1, 2, BC_label, 2, BC_move, X(0), K(k), BC_is_atom, 1, X(0),
                    BC_label, 1, BC_recv_wait, 2, 0);
    load(vm, file);
    const Code *f = entry(vm, "f", 1);
    cr_assert_eq(f[0], OPWORD(move_xk));
    cr_assert_eq(f[2] % 8, BC_K);
    cr_assert(term_same(vm->code->constants[f[2] / 8], small_make(42)));
    cr_assert_eq(f[3], OPWORD(is_atom));
    cr_assert_eq(f[4], 3);
    cr_assert_eq(f[5], 0);
    cr_assert_eq(f[6], OPWORD(recv_wait));
    cr_assert_eq((int32_t)f[7], -6);
    const FunctionInfo *info = &vm->code->functions[f[-1]];
    cr_assert(term_same(info->name, atom(vm, "f")));
    cr_assert_eq(info->entry, f);
    sample_vm_free(vm);
}

/* fuse.def: the kinds of operands choose; what has no row stays as it is. */
Test(load, operands_of_known_kinds)
{
    Vm *vm = sample_vm();
    BcModule *file = sample_module();
    uint32_t k = sample_konst(file, konst_int(&file->arena, 1));
    uint32_t in_frame = sample_site(file, (BcSite){.frame = 1});
    SAMPLE_FUNCTION(file, "f", 0, 0, BC_frame, 1, 0, 0, BC_move, X(0), K(k), BC_move, Y(0), X(0),
                    BC_move, X(1), Y(0), BC_move, Y(0), K(k), BC_add, X(0), 0, X(0), K(k), in_frame,
                    BC_return, 1);
    load(vm, file);
    const Code *f = entry(vm, "f", 0);
    cr_assert_eq(f[4], OPWORD(move_xk));
    cr_assert_eq(f[7], OPWORD(move_yx));
    cr_assert_eq(f[10], OPWORD(move_xy));
    cr_assert_eq(f[13], OPWORD(move));
    cr_assert_eq(f[16], OPWORD(add_xxk));
    sample_vm_free(vm);
}

Test(load, calls)
{
    Vm *vm = sample_vm();
    BcModule *file = sample_module();
    uint32_t other = sample_import(file, "other", "g", 1);
    uint32_t native = sample_import(file, "erlang", "module_loaded", 1);
    uint32_t site = sample_site(file, (BcSite){.line = 7});
    uint32_t live = sample_site(file, (BcSite){.live_x = 1, .live_count = 1});
    SAMPLE_FUNCTION(file, "f", 1, 0, BC_frame, 0, 0, live, BC_call, 1, 0, BC_call_ext, other, 0,
                    BC_call_ext, native, site, BC_tail_ext, 0, native, 0);
    SAMPLE_FUNCTION(file, "g", 1, 0, BC_tail, 0, 0, 0);
    load(vm, file);
    const Code *start = entry(vm, "f", 1), *f = start + 4;
    const Code *g = entry(vm, "g", 1);
    cr_assert_eq(f[0], OPWORD(call));
    cr_assert_eq(f + (int32_t)f[1], g);
    cr_assert_eq(f[3], OPWORD(call_ext));
    const Export *e = &vm->code->exports[f[4]];
    cr_assert(term_same(e->module, atom(vm, "other")));
    cr_assert_eq(atomic_load(&e->entry), e->stub + 1);
    cr_assert_eq(e->stub[1], OPWORD(undefined_stub));
    cr_assert_not(code_export_defined(vm, e));
    cr_assert_eq(f[6], OPWORD(call_native));
    cr_assert_eq((int32_t)f[7], code_native_find("erlang", "module_loaded", 1));
    cr_assert_eq(vm->code->sites[f[8]].line, 7);
    cr_assert_eq(code_site_function(vm->code, &vm->code->sites[f[8]])->entry, start);
    cr_assert_eq(f[9], OPWORD(tail_native));
    cr_assert_eq(f[10], 0);
    cr_assert_eq(f[11], f[7]);
    cr_assert_eq(g[0], OPWORD(tail));
    cr_assert_eq(g + (int32_t)g[2], start);
    sample_vm_free(vm);
}

Test(load, built_ins_take_the_place_of_functions)
{
    Vm *vm = sample_vm();
    BcModule *file = sample_module();
    file->name = sample_atom(file, "erlang");
    SAMPLE_FUNCTION(file, "module_loaded", 1, 0, BC_return, 0);
    uint32_t live = sample_site(file, (BcSite){.live_x = 1, .live_count = 1});
    SAMPLE_FUNCTION(file, "f", 1, 0, BC_frame, 0, 0, live, BC_call, 0, 0, BC_tail, 0, 0, 0);
    load(vm, file);
    uint32_t native = (uint32_t)code_native_find("erlang", "module_loaded", 1);
    const Export *e = code_find_export(vm, atom(vm, "erlang"), atom(vm, "module_loaded"), 1);
    cr_assert_eq(atomic_load(&e->entry), e->stub + 1);
    cr_assert_eq(e->stub[1], OPWORD(native_stub));
    cr_assert_eq(e->stub[2], native);
    cr_assert(code_export_defined(vm, e));
    const Export *f = code_find_export(vm, atom(vm, "erlang"), atom(vm, "f"), 1);
    const Code *code = atomic_load(&f->entry) + 4;
    cr_assert_eq(code[0], OPWORD(call_native));
    cr_assert_eq(code[1], native);
    cr_assert_eq(code[3], OPWORD(tail_native));
    sample_vm_free(vm);
}

Test(load, handlers_are_addresses)
{
    Vm *vm = sample_vm();
    BcModule *file = sample_module();
    uint32_t site = sample_site(file, (BcSite){.frame = 1, .handler = 1, .line = 3});
    SAMPLE_FUNCTION(file, "f", 0, 1, BC_frame, 1, 0, 0, BC_call, 0, site, BC_return, 1, BC_label, 1,
                    BC_return, 1);
    load(vm, file);
    const Code *f = entry(vm, "f", 0);
    cr_assert_eq(vm->code->sites[f[6]].handler, f + 9);
    cr_assert_eq(vm->code->sites[f[6]].frame, 1);
    cr_assert_eq(vm->code->sites[f[3]].handler, NULL);
    sample_vm_free(vm);
}

/* One site used by two functions becomes two: each knows its function. */
Test(load, sites_are_of_one_function)
{
    Vm *vm = sample_vm();
    BcModule *file = sample_module();
    SAMPLE_FUNCTION(file, "f", 0, 0, BC_tail, 0, 0, 0);
    SAMPLE_FUNCTION(file, "g", 0, 0, BC_tail, 0, 0, 0);
    load(vm, file);
    const Code *f = entry(vm, "f", 0);
    const Code *g = entry(vm, "g", 0);
    cr_assert_neq(f[3], g[3]);
    cr_assert_eq(code_site_function(vm->code, &vm->code->sites[g[3]])->entry, g);
    sample_vm_free(vm);
}

static BcModule *switching(const int64_t *keys, uint32_t count)
{
    BcModule *file = sample_module();
    VEC(uint32_t) code = {0};
    vec_push(&code, BC_switch_value);
    vec_push(&code, X(0));
    vec_push(&code, count + 1);
    vec_push(&code, count);
    for (uint32_t i = 0; i < count; i++) {
        vec_push(&code, sample_konst(file, konst_int(&file->arena, keys[i])));
        vec_push(&code, i + 1);
    }
    for (uint32_t i = 1; i <= count + 1; i++) {
        vec_push(&code, BC_label);
        vec_push(&code, i);
        vec_push(&code, BC_return);
        vec_push(&code, 0);
    }
    sample_words(file, "f", 1, count + 1, code.items, code.count);
    vec_free(&code);
    return file;
}

Test(load, switches)
{
    static const int64_t few[] = {30, 10, 20};
    static const int64_t dense[] = {14, 10, 11, 13, 15};
    static const int64_t sparse[] = {900, 100, -5, 300, 200, 500, 400, 700, 600, 100};
    Vm *vm = sample_vm();
    load(vm, switching(few, ACT_COUNT(few)));
    const Code *f = entry(vm, "f", 1);
    cr_assert_eq(f[0], OPWORD(switch_value));
    cr_assert_eq(f[3], 3);
    cr_assert(term_same(vm->code->constants[f[4] / 8], small_make(30)));

    load(vm, switching(dense, ACT_COUNT(dense)));
    f = entry(vm, "f", 1);
    cr_assert_eq(f[0], OPWORD(switch_dense));
    cr_assert(term_same(vm->code->constants[f[3] / 8], small_make(10)));
    cr_assert_eq(f[4], 6);
    /* targets: 10 is label 2, 12 is not there, 14 is label 1 */
    uint32_t end = 5 + 6;
    cr_assert_eq(f[5], end + 2);
    cr_assert_eq(f[5 + 2], f[2]);
    cr_assert_eq(f[5 + 4], end);

    load(vm, switching(sparse, ACT_COUNT(sparse)));
    f = entry(vm, "f", 1);
    cr_assert_eq(f[0], OPWORD(switch_sorted));
    cr_assert_eq(f[3], 9, "the second 100 is gone");
    for (uint32_t i = 1; i < f[3]; i++) {
        cr_assert_lt(vm->code->constants[f[2 + 2 * i] / 8].w,
                     vm->code->constants[f[4 + 2 * i] / 8].w);
    }
    sample_vm_free(vm);
}

Test(load, equal_constants_are_one)
{
    Vm *vm = sample_vm();
    BcModule *file = sample_module();
    Arena *a = &file->arena;
    const Konst *pair[] = {konst_float(a, 0.0), sample_atom(file, "x")};
    const Konst *same[] = {konst_float(a, 0.0), sample_atom(file, "x")};
    const Konst *other[] = {konst_float(a, -0.0), sample_atom(file, "x")};
    uint32_t k0 = sample_konst(file, konst_tuple(a, pair, 2));
    uint32_t k1 = sample_konst(file, konst_tuple(a, same, 2));
    uint32_t k2 = sample_konst(file, konst_tuple(a, other, 2));
    SAMPLE_FUNCTION(file, "f", 0, 0, BC_move, X(0), K(k0), BC_move, X(0), K(k1), BC_move, X(0),
                    K(k2), BC_return, 0);
    load(vm, file);
    const Code *f = entry(vm, "f", 0);
    cr_assert_eq(f[2], f[5]);
    cr_assert_neq(f[2], f[8]);
    sample_vm_free(vm);
}

Test(load, literals_of_all_kinds)
{
    Vm *vm = sample_vm();
    Arena a = {0};
    static const uint32_t points[] = {65, 0x1F600};
    static const uint64_t limbs[] = {1, 2};
    static const unsigned char bytes[100] = {7};
    Term t = code_literal(vm, konst_string(&a, points, 2));
    cr_assert(term_same(cons_head(cons_tail(t)), small_make(0x1F600)));
    cr_assert(t.w - TAG_CONS >= (uintptr_t)vm->code->literals);
    cr_assert(t.w < (uintptr_t)vm->code->literals_end);
    t = code_literal(vm, konst_big(&a, true, limbs, 2));
    cr_assert(term_is_kind(t, BOXED_BIG_NEGATIVE));
    t = code_literal(vm, konst_int(&a, INT64_MIN));
    cr_assert(term_is_kind(t, BOXED_BIG_NEGATIVE));
    cr_assert_eq(boxed_words(t)[1].w, (uintptr_t)1 << 63);
    t = code_literal(vm, konst_binary(&a, bytes, 8 * 100 - 3));
    cr_assert(term_is_kind(t, BOXED_SUB_BINARY));
    const Konst *items[80];
    for (int i = 0; i < 80; i++) {
        items[i] = konst_int(&a, i);
    }
    t = code_literal(vm, konst_map(&a, items, 80));
    cr_assert_eq(map_size(t), 40);
    Term value;
    cr_assert(map_get(t, small_make(78), &value));
    cr_assert(term_same(value, small_make(79)));
    t = code_literal(vm, konst_list(&a, items, 2, konst_atom(&a, "t", 1)));
    cr_assert(term_same(cons_tail(cons_tail(t)), atom(vm, "t")));
    t = code_literal(vm, konst_fun(&a, konst_atom(&a, "m", 1), konst_atom(&a, "f", 1), 3));
    cr_assert(term_is_kind(t, BOXED_EXPORT));
    cr_assert_eq(fun_arity(t), 3);
    arena_free(&a);
    sample_vm_free(vm);
}

static BcModule *version(int64_t answer, bool with_g)
{
    BcModule *file = sample_module();
    uint32_t k = sample_konst(file, konst_int(&file->arena, answer));
    SAMPLE_FUNCTION(file, "f", 0, 0, BC_move, X(0), K(k), BC_return, 0);
    SAMPLE_FUNCTION(file, "-f/0-fun-0-", 1, 0, BC_return, 0);
    file->functions.items[1].exported = false;
    vec_push(&file->lambdas, ((BcLambda){.function = 1, .arity = 1, .uniq = 99}));
    if (with_g) {
        SAMPLE_FUNCTION(file, "g", 0, 0, BC_move, X(0), K(k), BC_return, 0);
    }
    return file;
}

Test(load, a_new_version_takes_over)
{
    Vm *vm = sample_vm();
    Module *first = load(vm, version(1, true));
    const Code *before = entry(vm, "f", 0);
    cr_assert_eq(code_find_module(vm, atom(vm, "m")), first);
    Module *second = load(vm, version(2, false));
    cr_assert_eq(code_find_module(vm, atom(vm, "m")), second);
    cr_assert_eq(code_first_module(vm), second);
    cr_assert_eq(second->next, first);
    cr_assert(first->old);
    cr_assert_neq(entry(vm, "f", 0), before);
    const Export *g = code_find_export(vm, atom(vm, "m"), atom(vm, "g"), 0);
    cr_assert_not(code_export_defined(vm, g), "the new version has no g/0");
    cr_assert_eq(first->funs[0], second->funs[0], "the same fun runs the new code");
    const FunEntry *fun = &vm->code->funs[second->funs[0]];
    cr_assert(atomic_load(&fun->entry) >= second->code);
    cr_assert(atomic_load(&fun->entry) < second->code + second->code_words);
    cr_assert(code_has_old(vm, atom(vm, "m")));
    cr_assert_not(code_delete(vm, atom(vm, "m")), "an old version stands in the way");
    cr_assert_eq(code_purge_begin(vm, atom(vm, "m"), PURGE_OLD, 1), PURGE_BEGUN);
    cr_assert_eq(code_purge_begin(vm, atom(vm, "m"), PURGE_OLD, 2), PURGE_BUSY);
    code_purge_unlink(vm, atom(vm, "m"));
    code_purge_free(vm, atom(vm, "m"));
    cr_assert_eq(code_purge_begin(vm, atom(vm, "m"), PURGE_OLD, 1), PURGE_NOTHING);
    cr_assert(code_delete(vm, atom(vm, "m")));
    cr_assert_null(code_find_module(vm, atom(vm, "m")));
    const Export *f = code_find_export(vm, atom(vm, "m"), atom(vm, "f"), 0);
    cr_assert_not(code_export_defined(vm, f));
    sample_vm_free(vm);
}

Test(load, a_bad_module_changes_nothing)
{
    Vm *vm = sample_vm();
    BcModule *file = sample_module();
    SAMPLE_FUNCTION(file, "f", 0, 0, BC_return, 0);
    char error[300] = "";
    cr_assert_null(code_load(vm, file, NULL, error, sizeof error));
    cr_assert(strstr(error, "function f/0, word 0 (return)"), "%s", error);
    bc_free(file);
    cr_assert_null(code_find_module(vm, atom(vm, "m")));
    cr_assert_null(code_find_export(vm, atom(vm, "m"), atom(vm, "f"), 0));
    /* an atom that is too long passes the verifier and fails here */
    file = sample_module();
    char name[300];
    memset(name, 'a', sizeof name);
    file->name = konst_atom(&file->arena, name, sizeof name);
    cr_assert_null(code_load(vm, file, NULL, error, sizeof error));
    bc_free(file);
    sample_vm_free(vm);
}
