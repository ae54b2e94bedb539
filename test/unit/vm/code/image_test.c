/* SPDX-License-Identifier: Apache-2.0 */
/* test/unit/vm/code/image_test.c: code mapped again is as good as code just loaded. */
#include "test/unit/vm/code/code_sample.h"
#include "vm/base/alloc.h"
#include "vm/code/code_image.h"
#include "vm/host/host.h"
#include "vm/term/atom.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static Term atom(Vm *vm, const char *text)
{
    return atom_intern_text(vm->atoms, text);
}

/* Module m with f/0, which calls other:g/0 and has {42, word} as a constant. */
static Module *load_sample(Vm *vm, int64_t number)
{
    char error[300] = "";
    BcModule *file = sample_module();
    const Konst *pair[2] = {konst_int(&file->arena, number), sample_atom(file, "word")};
    uint32_t k = sample_konst(file, konst_tuple(&file->arena, pair, 2));
    uint32_t import = sample_import(file, "other", "g", 0);
    SAMPLE_FUNCTION(file, "f", 0, 0, BC_move, X(0), K(k), BC_tail_ext, 0, import, 0);
    Module *m = code_load(vm, file, NULL, error, sizeof error);
    cr_assert(m, "%s", error);
    bc_free(file);
    return m;
}

/* The image of a machine that has loaded the sample, in pages of host; size 0: it cannot be. */
static VmImage make_image(Host *host)
{
    Vm *vm = sample_vm_for_image();
    if (!vm) {
        return (VmImage){.bytes = NULL};
    }
    load_sample(vm, 42);
    cr_assert(code_image_close(vm, sample_op_words()));
    const void *part;
    size_t size = 0;
    for (int i = 0; i < SPACE__count; i++) {
        size += code_image_part(vm, i, &part);
    }
    unsigned char *bytes = host->reserve(host, size);
    for (size_t i = 0, at = 0; i < SPACE__count; i++) {
        size_t length = code_image_part(vm, (CodeSpacePart)i, &part);
        memcpy(bytes + at, part, length);
        at += length;
    }
    sample_vm_free(vm);
    return (VmImage){.bytes = bytes, .size = size};
}

/* A machine of such an image; the test ends without result where there is none. */
static Vm *machine_of_image(Host *host)
{
    VmImage image = make_image(host);
    if (image.size == 0) {
        cr_skip_test("no address for an image");
    }
    Vm *vm = sample_vm_of_image(&image);
    cr_assert(vm);
    return vm;
}

static const Code *entry_of_f(Vm *vm)
{
    const Export *f = code_find_export(vm, atom(vm, "m"), atom(vm, "f"), 0);
    cr_assert(f);
    return atomic_load(&f->entry);
}

Test(image, code_is_there_as_if_loaded)
{
    Host *host = host_os_new();
    Vm *vm = machine_of_image(host);
    Module *m = code_find_module(vm, atom(vm, "m"));
    cr_assert(m);
    cr_assert_eq(code_first_module(vm), m);
    const Code *f = entry_of_f(vm);
    cr_assert(f >= m->code && f < m->code + m->code_words);
    Term pair = vm->code->constants[f[2] / 8];
    cr_assert(term_same(boxed_words(pair)[1], small_make(42)));
    cr_assert(term_same(boxed_words(pair)[2], atom(vm, "word")));
    cr_assert(term_same(vm->code->functions[f[-1]].name, atom(vm, "f")));
    cr_assert(!code_export_defined(vm, code_find_export(vm, atom(vm, "other"), atom(vm, "g"), 0)));
    sample_vm_free(vm);
    host_free(host);
}

Test(image, grows_and_gives_way)
{
    Host *host = host_os_new();
    Vm *vm = machine_of_image(host);
    Module *old = code_find_module(vm, atom(vm, "m"));
    for (int i = 0; i < 10000; i++) { /* tables of the image are replaced by larger ones */
        char name[16];
        snprintf(name, sizeof name, "name_%d", i);
        cr_assert(code_export(vm, atom(vm, name), atom(vm, "f"), 0));
    }
    Module *m = load_sample(vm, 43);
    cr_assert_neq(m, old);
    const Code *f = entry_of_f(vm);
    cr_assert(f >= m->code && f < m->code + m->code_words);
    cr_assert_eq(code_purge_begin(vm, atom(vm, "m"), PURGE_OLD, 1), PURGE_BEGUN);
    code_purge_unlink(vm, atom(vm, "m"));
    code_purge_free(vm, atom(vm, "m"));
    cr_assert_eq(code_first_module(vm), m);
    sample_vm_free(vm);
    host_free(host);
}

/* Its pages move: a second machine must not find half of it. And other op words, another image. */
Test(image, is_for_one_machine_of_the_same_build)
{
    Host *host = host_os_new();
    VmImage image = make_image(host);
    if (image.size == 0) {
        cr_skip_test("no address for an image");
    }
    uint32_t others[XOP__count] = {7};
    Vm *other = alloc_must_zero(sizeof *other);
    other->host = host;
    cr_assert(!code_image_attach(other, &image, others));
    cr_assert(!code_image_attach(other, &(VmImage){.bytes = image.bytes, .size = 8}, others));
    alloc_free(other);
    Vm *vm = sample_vm_of_image(&image);
    cr_assert(vm);
    sample_vm_free(vm);
    host_free(host);
}
