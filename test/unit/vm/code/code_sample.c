/* SPDX-License-Identifier: Apache-2.0 */
#include "test/unit/vm/code/code_sample.h"

#include "vm/base/alloc.h"
#include "vm/code/code_image.h"
#include "vm/host/host.h"
#include "vm/term/atom.h"
#include "vm/vm_parts.h"

const uint32_t *sample_op_words(void)
{
    static uint32_t op_words[XOP__count];
    for (uint32_t i = 0; i < XOP__count; i++) {
        op_words[i] = 1000 + i;
    }
    return op_words;
}

static Vm *new_vm(void)
{
    Vm *vm = alloc_must_zero(sizeof *vm);
    vm->host = host_os_new();
    return vm;
}

static Vm *fill(Vm *vm, CodeSpace *space)
{
    vm->space = space;
    if (!space) {
        sample_vm_free(vm);
        return NULL;
    }
    vm->atoms = atom_table_new(&space->area);
    vm->code = area_must_zero(&space->area, sizeof *vm->code);
    VM_CHECK(code_init(vm, sample_op_words()));
    return vm;
}

Vm *sample_vm(void)
{
    Vm *vm = new_vm();
    return fill(vm, code_space_new(vm->host, NULL));
}

Vm *sample_vm_for_image(void)
{
    Vm *vm = new_vm();
    return fill(vm, code_image_space(vm->host));
}

Vm *sample_vm_of_image(const VmImage *image)
{
    Vm *vm = new_vm();
    if (!code_image_attach(vm, image, sample_op_words())) {
        sample_vm_free(vm);
        return NULL;
    }
    return vm;
}

void sample_vm_free(Vm *vm)
{
    if (vm->space && !vm->space->area.next) {
        code_free(vm);
        area_free(&vm->space->area, vm->code);
        atom_table_free(vm->atoms);
    }
    code_space_free(vm->space, vm->host);
    host_free(vm->host);
    alloc_free(vm);
}

const Konst *sample_atom(BcModule *m, const char *text)
{
    return konst_atom(&m->arena, text, strlen(text));
}

BcModule *sample_module(void)
{
    BcModule *m = bc_new();
    m->name = sample_atom(m, "m");
    vec_push(&m->files, arena_strndup(&m->arena, "m.act", 5));
    sample_site(m, (BcSite){.line = 1});
    return m;
}

uint32_t sample_konst(BcModule *m, const Konst *k)
{
    vec_push(&m->konsts, k);
    return (uint32_t)m->konsts.count - 1;
}

uint32_t sample_import(BcModule *m, const char *module, const char *name, uint32_t arity)
{
    BcImport import = {sample_atom(m, module), sample_atom(m, name), arity};
    vec_push(&m->imports, import);
    return (uint32_t)m->imports.count - 1;
}

uint32_t sample_site(BcModule *m, BcSite site)
{
    vec_push(&m->sites, site);
    return (uint32_t)m->sites.count - 1;
}

uint32_t sample_words(BcModule *m, const char *name, uint32_t arity, uint32_t labels,
                      const uint32_t *words, size_t count)
{
    BcFunction f = {.name = sample_atom(m, name),
                    .arity = arity,
                    .labels = labels,
                    .line = 1,
                    .exported = true};
    for (size_t i = 0; i < count; i++) {
        vec_push(&f.code, words[i]);
    }
    vec_push(&m->functions, f);
    return (uint32_t)m->functions.count - 1;
}
