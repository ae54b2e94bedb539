/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_run.c: act run. */
#include "cli/command.h"
#include "cli/machine.h"
#include "cli/sources.h"
#include "cli/stdlib_modules.h"

#include "vm/base/alloc.h"
#include "vm/code/code.h"
#include "vm/run/act.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    Sources sources;
    VmOptions vm;
    const char *file;
    const char *const *arguments;
    size_t argument_count;
} RunCommand;

static bool read_number(const char *word, uint64_t *number)
{
    char *end;
    errno = 0;
    *number = strtoull(word, &end, 0);
    return errno == 0 && end != word && *end == '\0' && word[0] != '-';
}

/* Reads the options; 0 or a status. */
static int read_line(RunCommand *run, int count, char **words)
{
    int at = 1;
    while (at < count && words[at][0] == '-' && words[at][1] != '\0') {
        uint64_t number;
        const char *word = words[at];
        bool has_value = at + 1 < count;
        int taken = sources_take_option(&run->sources, count, words, at);
        if (taken < 0) {
            return command_usage("run", "%s wants a value", word);
        }
        if (taken == 0 && strcmp(word, "-pa") == 0 && has_value) {
            sources_add_code_dir(&run->sources, words[at + 1]);
            taken = 2;
        } else if (taken == 0 && strcmp(word, "--seed") == 0 && has_value &&
                   read_number(words[at + 1], &number)) {
            run->vm.seeded = true;
            run->vm.seed = number;
            taken = 2;
        } else if (taken == 0 && strcmp(word, "--schedulers") == 0 && has_value &&
                   read_number(words[at + 1], &number) && number > 0 && number <= 1024) {
            run->vm.schedulers = (unsigned)number;
            taken = 2;
        }
        if (taken == 0) {
            return command_usage("run", "`%s` is not understood, or its value is not", word);
        }
        at += taken;
    }
    if (at >= count) {
        return command_usage("run", "which file?");
    }
    run->file = words[at];
    run->arguments = (const char *const *)words + at + 1;
    run->argument_count = (size_t)(count - at - 1);
    return 0;
}

static bool has_suffix(const char *text, const char *suffix)
{
    size_t length = strlen(text), tail = strlen(suffix);
    return length >= tail && strcmp(text + length - tail, suffix) == 0;
}

/* The program's bytes, compiled or as they are; NULL: said why. */
static unsigned char *program_bytes(RunCommand *run, size_t *size)
{
    if (!has_suffix(run->file, ".actb")) {
        return sources_compile(&run->sources, run->file, size);
    }
    char *error = NULL;
    char *bytes = sources_read_file(run->file, size, &error);
    if (!bytes) {
        fprintf(stderr, "act: %s\n", error);
        alloc_free(error);
    }
    return (unsigned char *)bytes;
}

/* Loads the program and runs it; the status. */
static int run_program(RunCommand *run, const BcModule *module)
{
    Vm *vm = act_vm_new(&run->vm);
    char error[512];
    if (!vm) {
        fputs("act: the machine could not be started: no memory\n", stderr);
        return STATUS_FAILED;
    }
    CodeOrigin origin = {.path = run->file};
    int status = STATUS_FAILED;
    if (code_load(vm, module, &origin, error, sizeof error)) {
        status = act_vm_run(vm, module->name->text, run->arguments, run->argument_count);
    } else {
        fprintf(stderr, "act: %s: %s\n", run->file, error);
    }
    machine_end(vm);
    return status;
}

/* A program with parse transforms: the machine compiles it before it runs it. */
static int run_in_process(RunCommand *run)
{
    VEC(const char *) words = {0};
    vec_push(&words, "run");
    vec_push(&words, run->file);
    for (size_t i = 0; i < run->argument_count; i++) {
        vec_push(&words, run->arguments[i]);
    }
    int status = machine_run(&run->vm, "act_build", words.items, words.count);
    vec_free(&words);
    return status;
}

static int start(RunCommand *run)
{
    size_t size = 0;
    char error[256];
    unsigned char *bytes = program_bytes(run, &size);
    if (!bytes) {
        return size == VM_COMPILE_IN_PROCESS ? run_in_process(run) : STATUS_FAILED;
    }
    BcModule *module = bc_read(bytes, size, error, sizeof error);
    alloc_free(bytes);
    if (!module) {
        fprintf(stderr, "act: %s: %s\n", run->file, error);
        return STATUS_FAILED;
    }
    int status = run_program(run, module);
    bc_free(module);
    return status;
}

int cmd_run(int count, char **words)
{
    RunCommand run = {0};
    int status = read_line(&run, count, words);
    if (status == 0) {
        char *beside = sources_directory_of(run.file);
        SourcePath path = {0};
        sources_load_path(&run.sources, beside, &path);
        run.sources.headers = stdlib_headers;
        run.sources.header_count = stdlib_header_count;
        sources_ready(&run.sources);
        machine_options(&run.vm, &run.sources);
        run.vm.load_path = path.items;
        run.vm.load_path_count = path.count;
        run.vm.arguments = run.arguments;
        run.vm.argument_count = run.argument_count;
        status = start(&run);
        vec_free(&path);
        alloc_free(beside);
    }
    sources_free(&run.sources);
    return status;
}
