/* SPDX-License-Identifier: Apache-2.0 */
/* cli/machine.c: see machine.h. */
#include "cli/machine.h"
#include "cli/command.h"
#include "cli/stdlib_modules.h"
#include "compiler/service.h"
#include "vm/base/stress.h"
#include "vm/run/act.h"

#include <stdio.h>

/* Modules that the program calls are compiled when they are first called. */
static unsigned char *compile_module(void *context, const char *path, size_t *size, char **error)
{
    const Sources *sources = context;
    *error = NULL;
    return sources_compile(sources, path, size);
}

static unsigned char *ask_compiler(void *context, const unsigned char *request, size_t size,
                                   size_t *answer_size)
{
    const Sources *sources = context;
    return service_answer(&sources->options, request, size, answer_size);
}

void machine_options(VmOptions *options, const Sources *sources)
{
    options->modules = stdlib_modules;
    options->module_count = stdlib_module_count;
    /* to one machine only; a second one (another file with a parse transform) loads modules */
    static bool image_given;
    if (!image_given) {
        options->image = (VmImage){.bytes = library_image_start,
                                   .size = (size_t)(library_image_end - library_image_start)};
        image_given = true;
    }
    options->compile = compile_module;
    options->ask_compiler = ask_compiler;
    options->ask_is_quick = service_is_quick;
    options->compile_context = (void *)sources;
    options->os_signals = true;
}

void machine_end(Vm *vm)
{
    if (STRESS_BUILD) {
        act_vm_free(vm);
    } else {
        act_vm_leave(vm);
    }
}

int machine_run(const VmOptions *options, const char *module, const char *const *words,
                size_t count)
{
    Vm *vm = act_vm_new(options);
    if (!vm) {
        fputs("act: the machine could not be started: no memory\n", stderr);
        return STATUS_FAILED;
    }
    int status = act_vm_run(vm, module, words, count);
    machine_end(vm);
    return status;
}
