/* SPDX-License-Identifier: Apache-2.0 */
/* cli/run_options.h: the options of the commands that run what is no file: -pa, -I, -D, --seed,
 * --schedulers. */
#ifndef ACT_CLI_RUN_OPTIONS_H
#define ACT_CLI_RUN_OPTIONS_H

#include "cli/sources.h"

typedef struct {
    Sources sources;
    SourcePath path; /* what vm.load_path is */
    VmOptions vm;    /* load path, seed, schedulers */
} RunOptions;

/* Reads options from words[1] on; the index of the first word that is none, or -1: said on
 * standard error what is wrong with the command line of `command`. */
/* Brings the options that stand behind files to the front, with their values: for commands whose
 * other words are never options. */
void run_options_to_front(int count, char **words);
int run_options_read(RunOptions *options, const char *command, int count, char **words);
void run_options_free(RunOptions *options);

#endif
