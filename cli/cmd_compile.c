/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_compile.c: act compile and act check. */
#include "cli/command.h"
#include "cli/machine.h"
#include "cli/sources.h"
#include "cli/stdlib_modules.h"

#include "vm/base/alloc.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    const char *name;
    Sources sources;
    const char *directory;
    bool json, dumped;
    VEC(const char *) files;
} CompileCommand;

static int read_line(CompileCommand *command, int count, char **words)
{
    for (int at = 1; at < count;) {
        const char *word = words[at];
        int taken = sources_take_option(&command->sources, count, words, at);
        taken =
            taken == 0 ? sources_take_warning_option(&command->sources, count, words, at) : taken;
        if (taken < 0) {
            return command_usage(command->name, "%s wants a value", word);
        }
        if (taken == 0 && strcmp(word, "-o") == 0 && at + 1 < count) {
            command->directory = words[at + 1];
            taken = 2;
        } else if (taken == 0 && strcmp(word, "--json") == 0) {
            command->json = true;
            taken = 1;
        } else if (taken == 0 && strncmp(word, "--dump=", 7) == 0) {
            command->sources.options.dump = word + 7;
            taken = 1;
        } else if (taken == 0 && word[0] == '-') {
            return command_usage(command->name, "`%s` is not understood", word);
        } else if (taken == 0) {
            vec_push(&command->files, word);
            taken = 1;
        }
        at += taken;
    }
    return command->files.count == 0 ? command_usage(command->name, "which file?") : 0;
}

static void print_dump(void *context, const char *text, size_t length)
{
    CompileCommand *command = context;
    command->dumped = true;
    fwrite(text, 1, length, stdout);
}

static bool write_module(const CompileCommand *command, const BcModule *module)
{
    size_t size;
    unsigned char *bytes = bc_write(module, &size);
    char path[4096];
    snprintf(path, sizeof path, "%s/%s.actb", command->directory, module->name->text);
    FILE *out = fopen(path, "wb");
    bool written = out && fwrite(bytes, 1, size, out) == size;
    written = (!out || fclose(out) == 0) && written;
    if (!written) {
        fprintf(stderr, "act: %s: %s\n", path, strerror(errno));
    }
    alloc_free(bytes);
    return written;
}

/* A file with parse transforms, by a machine that finds them beside the file and in -pa. */
static bool compile_in_process(const CompileCommand *command, const char *path)
{
    bool check = command->sources.options.lint_only;
    const char *words[] = {check ? "check" : "compile", command->directory, path};
    char *beside = sources_directory_of(path);
    SourcePath load_path = {0};
    sources_load_path(&command->sources, beside, &load_path);
    vec_push(&load_path, command->directory);
    VmOptions vm = {.load_path = load_path.items, .load_path_count = load_path.count};
    machine_options(&vm, &command->sources);
    int status = machine_run(&vm, "act_build", words, ACT_COUNT(words));
    vec_free(&load_path);
    alloc_free(beside);
    return status == STATUS_OK;
}

static bool compile_one(const CompileCommand *command, const char *path)
{
    Compilation compilation;
    bool done = compile_file(&compilation, &command->sources.options, path);
    if (compilation.wants_transforms) {
        compile_free(&compilation);
        return compile_in_process(command, path);
    }
    if (command->json) {
        diag_print(&compilation.syntax.diags, stdout, DIAG_STYLE_JSON);
    } else {
        sources_print_messages(&compilation);
    }
    if (done && compilation.module && !command->sources.options.dump) {
        done = write_module(command, compilation.module);
    }
    compile_free(&compilation);
    return done;
}

/* What was asked for with --dump=STAGE, and no stage of that name came by. */
static int no_such_stage(const CompileCommand *command)
{
    return command_usage(command->name, "there is no stage `%s`", command->sources.options.dump);
}

static int run_command(CompileCommand *command, int count, char **words)
{
    int status = read_line(command, count, words);
    if (status == 0) {
        command->sources.headers = stdlib_headers;
        command->sources.header_count = stdlib_header_count;
        sources_ready(&command->sources);
        command->sources.options.dump_out = print_dump;
        command->sources.options.dump_context = command;
        for (size_t i = 0; i < command->files.count; i++) {
            status |= compile_one(command, command->files.items[i]) ? STATUS_OK : STATUS_FAILED;
        }
        if (status == STATUS_OK && command->sources.options.dump && !command->dumped) {
            status = no_such_stage(command);
        }
    }
    vec_free(&command->files);
    sources_free(&command->sources);
    return status;
}

int cmd_compile(int count, char **words)
{
    CompileCommand command = {.name = "compile", .directory = "."};
    return run_command(&command, count, words);
}

int cmd_check(int count, char **words)
{
    CompileCommand command = {.name = "check", .directory = "."};
    command.sources.options.lint_only = true;
    return run_command(&command, count, words);
}
