/* SPDX-License-Identifier: Apache-2.0 */
/* cli/image_tool.c: `act-image OUT.S MODULE...`: writes the image of a machine that has loaded
 * these modules of the library (vm/code/code_image.h) as data for the assembler: OUT.bin, and OUT.S
 * that takes it in. Part of the build only. An image of no bytes where this computer does not let a
 * program choose an address: then the machine starts without. */
#include "cli/stdlib_modules.h"

#include "vm/base/alloc.h"
#include "vm/code/code_image.h"
#include "vm/exec/exec.h"
#include "vm/run/act.h"
#include "vm/term/atom.h"

#include <stdio.h>
#include <string.h>

static bool load_modules(Vm *vm, char **names, int count)
{
    for (int i = 0; i < count; i++) {
        Term name = atom_intern_text(vm_atoms(vm), names[i]);
        if (!vm->load_embedded(vm, name.w)) {
            fprintf(stderr, "act-image: there is no module %s\n", names[i]);
            return false;
        }
    }
    return true;
}

static bool write_image(Vm *vm, const char *path)
{
    FILE *out = fopen(path, "wb");
    if (!out) {
        perror(path);
        return false;
    }
    for (int i = 0; vm && i < SPACE__count; i++) {
        const void *bytes;
        size_t size = code_image_part(vm, i, &bytes);
        fwrite(bytes, 1, size, out);
    }
    return fclose(out) == 0;
}

static bool write_assembly(const char *path, const char *image)
{
    FILE *out = fopen(path, "w");
    if (!out) {
        perror(path);
        return false;
    }
    fprintf(out,
            "    .section .act_image, \"a\"\n"
            "    .balign 4096\n"
            "    .globl library_image_start, library_image_end\n"
            "library_image_start:\n"
            "    .incbin \"%s\"\n"
            "    .balign 4096\n"
            "library_image_end:\n"
            "    .section .note.GNU-stack, \"\"\n",
            image);
    return fclose(out) == 0;
}

int main(int count, char **words)
{
    size_t stem = count < 2 ? 0 : strlen(words[1]);
    if (stem < 3 || strcmp(words[1] + stem - 2, ".S") != 0) {
        fputs("usage: act-image OUT.S MODULE...\n", stderr);
        return 2;
    }
    char *image = alloc_must(stem + 4);
    snprintf(image, stem + 4, "%.*s.bin", (int)stem - 2, words[1]);
    VmOptions options = {.modules = stdlib_modules,
                         .module_count = stdlib_module_count,
                         .schedulers = 1,
                         .for_image = true};
    Vm *vm = act_vm_new(&options);
    if (!vm) {
        fputs("act-image: no address for an image: act will start without\n", stderr);
    }
    bool done = (!vm || (load_modules(vm, words + 2, count - 2) &&
                         code_image_close(vm, exec_op_words()))) &&
                write_image(vm, image) && write_assembly(words[1], image);
    if (vm) {
        act_vm_free(vm);
    }
    alloc_free(image);
    return done ? 0 : 1;
}
