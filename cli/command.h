/* SPDX-License-Identifier: Apache-2.0 */
/* cli/command.h: the subcommands of act. To add one: a row in commands.def, its cmd_NAME.c. */
#ifndef ACT_CLI_COMMAND_H
#define ACT_CLI_COMMAND_H

#include "vm/base/attr.h"

/* Exit statuses of act itself; a program's own come from halt/1. */
enum {
    STATUS_OK = 0,
    STATUS_FAILED = 1, /* the program, or the source, has an error */
    STATUS_USAGE = 2,  /* the command line has */
};

typedef struct {
    const char *name;
    int (*run)(int count, char **words); /* words[0] is the command's name; returns a status */
    const char *summary;
    const char *help;
} Command;

#define COMMAND(name, summary, help) int cmd_##name(int count, char **words);
#include "cli/commands.def"
#undef COMMAND

extern const Command command_table[];
extern const unsigned command_count;

/* Prints the command's help to standard output. */
void command_print_help(const char *name);
/* Says on standard error what is wrong with the command line; STATUS_USAGE. */
ACT_PRINTF(2, 3) int command_usage(const char *name, const char *format, ...);

#endif
