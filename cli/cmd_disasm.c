/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_disasm.c: act disasm. */
#include "cli/command.h"
#include "cli/sources.h"
#include "cli/stdlib_modules.h"

#include "compiler/emit/disasm.h"
#include "vm/base/alloc.h"

#include <stdio.h>
#include <string.h>

/* The module in a module file or of a source; NULL: said why. */
static BcModule *read_module(const Sources *sources, const char *path)
{
    size_t size;
    char *problem = NULL;
    char error[256];
    const char *suffix = strrchr(path, '.');
    bool is_module_file = suffix && strcmp(suffix, ".actb") == 0;
    unsigned char *bytes = is_module_file
                               ? (unsigned char *)sources_read_file(path, &size, &problem)
                               : sources_compile(sources, path, &size);
    if (problem) {
        fprintf(stderr, "act: %s\n", problem);
        alloc_free(problem);
    }
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
    const char *path = NULL;
    int status = 0;
    for (int at = 1; at < count && status == 0;) {
        int taken = sources_take_option(&sources, count, words, at);
        if (taken < 0 || (taken == 0 && (words[at][0] == '-' || path))) {
            status = command_usage("disasm", "`%s` is not understood here", words[at]);
        } else if (taken == 0) {
            path = words[at];
        }
        at += taken > 0 ? taken : 1;
    }
    if (status == 0) {
        sources.headers = stdlib_headers;
        sources.header_count = stdlib_header_count;
        sources_ready(&sources);
        status = path ? disassemble(&sources, path) : command_usage("disasm", "which file?");
    }
    sources_free(&sources);
    return status;
}
