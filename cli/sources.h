/* SPDX-License-Identifier: Apache-2.0 */
/* cli/sources.h: what the commands that compile share: options, reading files, printing messages.
 */
#ifndef ACT_CLI_SOURCES_H
#define ACT_CLI_SOURCES_H

#include "compiler/compile.h"
#include "vm/base/vec.h"
#include "vm/vm_parts.h"

typedef VEC(const char *) SourcePath;

typedef struct {
    VEC(SourceDefine) defines;
    VEC(const char *) include_dirs;
    SourcePath code_dirs; /* those of -pa; the last one given is the first, as in Erlang */
    VEC(const char *) compile_options;
    const EmbeddedModule *headers; /* for -include_lib, by base name; NULL: none */
    size_t header_count;
    CompileOptions options; /* complete after sources_ready */
} Sources;

/* If words[at] is -pa, +OPTION, -Werror, -Wall or -W0, takes it; results as sources_take_option. */
int sources_take_warning_option(Sources *sources, int count, char **words, int at);
/* If words[at] is -I or -D, takes it with its argument. The number of words taken, 0 if it is
 * something else, -1 if its argument is missing. */
int sources_take_option(Sources *sources, int count, char **words, int at);
/* Takes the value of -pa. */
void sources_add_code_dir(Sources *sources, const char *directory);
/* Adds to path where modules are looked for: the directories of -pa, then the program's own. */
void sources_load_path(const Sources *sources, const char *own, SourcePath *path);
/* Fills in options; sources must stay where it is from now on. */
void sources_ready(Sources *sources);
void sources_free(Sources *sources);

/* Prints the messages of a compilation to standard error, in colour on a terminal. */
void sources_print_messages(Compilation *compilation);

/* Where the file lies; "." for a file without a directory. To be freed with alloc_free. */
char *sources_directory_of(const char *file);

/* The whole file; NULL with a message in *error (to be freed with alloc_free) on failure. */
char *sources_read_file(const char *path, size_t *size, char **error);

/* Compiles path to the bytes of a module file. On errors NULL; the messages were printed. NULL and
 * *size VM_COMPILE_IN_PROCESS, nothing printed: a machine must do it (stdlib/act_build.act). */
unsigned char *sources_compile(const Sources *sources, const char *path, size_t *size);

#endif
