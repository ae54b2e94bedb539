/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_disasm.c: act disasm. */
#include "cli/command.h"
#include "cli/machine.h"
#include "cli/sources.h"
#include "cli/stdlib_modules.h"

#include "compiler/emit/disasm.h"
#include "vm/base/alloc.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The first module file in a folder; the files and the folder go. */
static unsigned char *take_module_file(const char *folder, size_t *size)
{
    struct dirent **entries;
    unsigned char *bytes = NULL;
    int count = scandir(folder, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        char path[512];
        char *problem = NULL;
        snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        if (bytes == NULL && entries[i]->d_name[0] != '.') {
            bytes = (unsigned char *)sources_read_file(path, size, &problem);
            alloc_free(problem);
        }
        unlink(path);
        free(entries[i]);
    }
    if (count >= 0) {
        free(entries);
    }
    rmdir(folder);
    return bytes;
}

/* A source with parse transforms, compiled by a machine. */
static unsigned char *compile_in_process(const Sources *sources, const char *path, size_t *size)
{
    char folder[] = "/tmp/act-disasm-XXXXXX";
    if (mkdtemp(folder) == NULL) {
        perror("act: /tmp");
        return NULL;
    }
    const char *words[] = {"compile", folder, path};
    char *beside = sources_directory_of(path);
    const char *const load_path[] = {beside};
    VmOptions vm = {.load_path = load_path, .load_path_count = ACT_COUNT(load_path)};
    machine_options(&vm, sources);
    machine_run(&vm, "act_build", words, ACT_COUNT(words));
    alloc_free(beside);
    return take_module_file(folder, size);
}

static unsigned char *read_bytes(const Sources *sources, const char *path, size_t *size)
{
    char *problem = NULL;
    const char *suffix = strrchr(path, '.');
    unsigned char *bytes;
    if (suffix && strcmp(suffix, ".actb") == 0) {
        bytes = (unsigned char *)sources_read_file(path, size, &problem);
    } else {
        bytes = sources_compile(sources, path, size);
        if (!bytes && *size == VM_COMPILE_IN_PROCESS) {
            bytes = compile_in_process(sources, path, size);
        }
    }
    if (problem) {
        fprintf(stderr, "act: %s\n", problem);
        alloc_free(problem);
    }
    return bytes;
}

/* The module in a module file or of a source; NULL: said why. */
static BcModule *read_module(const Sources *sources, const char *path)
{
    size_t size;
    char error[256];
    unsigned char *bytes = read_bytes(sources, path, &size);
    BcModule *module = bytes ? bc_read(bytes, size, error, sizeof error) : NULL;
    if (bytes && !module) {
        fprintf(stderr, "act: %s: %s\n", path, error);
    }
    alloc_free(bytes);
    return module;
}

static int disassemble(const Sources *sources, const char *path)
{
    BcModule *module = read_module(sources, path);
    if (!module) {
        return STATUS_FAILED;
    }
    DisasmText text = {0};
    disasm_module(module, &text);
    fwrite(text.items, 1, text.count, stdout);
    vec_free(&text);
    bc_free(module);
    return STATUS_OK;
}

int cmd_disasm(int count, char **words)
{
    Sources sources = {0};
    VEC(const char *) files = {0};
    int status = 0;
    for (int at = 1; at < count && status == 0;) {
        int taken = sources_take_option(&sources, count, words, at);
        if (taken < 0 || (taken == 0 && words[at][0] == '-')) {
            status = command_usage("disasm", "`%s` is not understood here", words[at]);
        } else if (taken == 0) {
            vec_push(&files, words[at]);
        }
        at += taken > 0 ? taken : 1;
    }
    if (status == 0 && files.count == 0) {
        status = command_usage("disasm", "which file?");
    }
    sources.headers = stdlib_headers;
    sources.header_count = stdlib_header_count;
    sources_ready(&sources);
    bool usable = status == 0;
    for (size_t i = 0; usable && i < files.count; i++) {
        status |= disassemble(&sources, files.items[i]);
    }
    vec_free(&files);
    sources_free(&sources);
    return status;
}
