/* SPDX-License-Identifier: Apache-2.0 */
/* vm/run/embedded.c: finds a module by name in the sorted table the build has linked in. */
#include "vm/run/embedded.h"

#include "vm/base/alloc.h"
#include "vm/code/code.h"
#include "vm/code/code_finder.h"
#include "vm/host/host.h"
#include "vm/term/atom.h"

#include <stdlib.h>

bool embedded_init(Vm *vm)
{
    vm->load_lock = vm->host->mutex_new(vm->host);
    return vm->load_lock != NULL;
}

void embedded_free(Vm *vm)
{
    if (vm->load_lock) {
        vm->host->mutex_free(vm->host, vm->load_lock);
    }
}

static int by_name(const void *name, const void *module)
{
    return strcmp(name, ((const EmbeddedModule *)module)->name);
}

static bool load(Vm *vm, const EmbeddedModule *module)
{
    char error[256];
    BcModule *file = bc_read_proven(module->bytes, module->size, error, sizeof error);
    if (!file) {
        VM_BUG("embedded module %s: %s", module->name, error);
    }
    CodeOrigin origin = {.proven = true};
    bool loaded = code_load(vm, file, &origin, error, sizeof error) != NULL; /* else no memory */
    bc_free(file);
    return loaded;
}

bool embedded_load(Vm *vm, uintptr_t name_word)
{
    Term name = TERM_RAW(name_word);
    if (code_find_module(vm, name)) {
        return true;
    }
    size_t length;
    const VmOptions *options = &vm->options;
    const EmbeddedModule *module = bsearch(atom_text(vm->atoms, name, &length), options->modules,
                                           options->module_count, sizeof *module, by_name);
    char *own = module ? code_own_file(vm, module->name) : NULL;
    if (own) {
        alloc_free(own);
        return false;
    }
    Host *host = vm->host;
    host->mutex_lock(host, vm->load_lock);
    bool loaded = code_find_module(vm, name) != NULL || (module && load(vm, module));
    host->mutex_unlock(host, vm->load_lock);
    return loaded;
}
