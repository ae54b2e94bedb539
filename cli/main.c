/* SPDX-License-Identifier: Apache-2.0 */
/* cli/main.c: the act command: finds the subcommand. */
#include "cli/command.h"

#include "vm/base/stress.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const Command command_table[] = {
#define COMMAND(name, summary, help) {#name, cmd_##name, summary, help},
#include "cli/commands.def"
#undef COMMAND
};
const unsigned command_count = ACT_COUNT(command_table);

static const Command *find_command(const char *name)
{
    for (unsigned i = 0; i < command_count; i++) {
        if (strcmp(command_table[i].name, name) == 0) {
            return &command_table[i];
        }
    }
    return NULL;
}

static void print_overview(FILE *out)
{
    fputs(
        "Act runs concurrent programs written in Erlang's notation.\n\nusage: act COMMAND ...\n\n",
        out);
    for (unsigned i = 0; i < command_count; i++) {
        fprintf(out, "  %-10s %s\n", command_table[i].name, command_table[i].summary);
    }
    fputs("\n`act help COMMAND` tells more. `act FILE` is short for `act run FILE`.\n", out);
}

void command_print_help(const char *name)
{
    const Command *command = find_command(name);
    fputs(command ? command->help : "", stdout);
}

int command_usage(const char *name, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fprintf(stderr, "act %s: ", name);
    vfprintf(stderr, format, args);
    fprintf(stderr, "\ntry `act help %s`\n", name);
    va_end(args);
    return STATUS_USAGE;
}

int cmd_help(int count, char **words)
{
    if (count < 2) {
        print_overview(stdout);
        return STATUS_OK;
    }
    const Command *command = find_command(words[1]);
    if (!command) {
        fprintf(stderr, "act: there is no command `%s`; `act help` lists them\n", words[1]);
        return STATUS_USAGE;
    }
    fputs(command->help, stdout);
    return STATUS_OK;
}

int cmd_version(int count, char **words)
{
    puts("act " ACT_VERSION);
    return STATUS_OK;
}

static bool wants_help(int count, char **words)
{
    return count > 1 && (strcmp(words[1], "--help") == 0 || strcmp(words[1], "-h") == 0);
}

static int run(int count, char **words)
{
    if (!stress_configure(getenv("ACT_STRESS"))) {
        fputs("act: ACT_STRESS: unknown word, or a build without stress switches\n", stderr);
        return STATUS_USAGE;
    }
    if (count < 2) {
        print_overview(stderr);
        return STATUS_USAGE;
    }
    if (wants_help(count, words)) {
        print_overview(stdout);
        return STATUS_OK;
    }
    if (strcmp(words[1], "--version") == 0) {
        return cmd_version(0, NULL);
    }
    const Command *command = find_command(words[1]);
    if (command) {
        if (wants_help(count - 1, words + 1)) {
            fputs(command->help, stdout);
            return STATUS_OK;
        }
        return command->run(count - 1, words + 1);
    }
    if (strchr(words[1], '.') || strchr(words[1], '/')) {
        return cmd_run(count, words);
    }
    fprintf(stderr, "act: there is no command `%s`; `act help` lists them\n", words[1]);
    return STATUS_USAGE;
}

/* Without the work of the libraries that tidy up before the end. */
int main(int count, char **words)
{
    int status = run(count, words);
    bool lost = fflush(stdout) != 0;
    if ((lost || ferror(stdout)) && status == STATUS_OK) {
        perror("act: standard output");
        status = STATUS_FAILED;
    }
    if (!STRESS_BUILD) {
        fflush(NULL);
        _exit(status);
    }
    return status;
}
