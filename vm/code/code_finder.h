/* SPDX-License-Identifier: Apache-2.0 */
/* vm/code/code_finder.h: where modules come from: linked in, or files in the path, compiled if need
 * be.
 *
 * The machine knows no compiler: whoever makes the Vm hands it a function that compiles, the
 * modules linked in and the first path (VmOptions in vm_parts.h). Reading and compiling block; call
 * from a thread that may. */
#ifndef ACT_CODE_CODE_FINDER_H
#define ACT_CODE_CODE_FINDER_H

#include "vm/code/code.h"

/* Sets the path, directories in order of search, until then that of the options; texts are copied.
 * False without memory, the path is then unchanged. Any thread. */
bool code_set_path(Vm *vm, const char *const *directories, size_t count);
/* Calls each(context, directory) in order; under the loader's lock, so each must not load. */
void code_each_path(Vm *vm, void (*each)(void *context, const char *directory), void *context);

/* Where a module would be loaded from. */
typedef enum { CODE_NOWHERE, CODE_EMBEDDED, CODE_FILE } CodePlace;
/* For CODE_FILE *path is the file's name, given back with alloc_free; else NULL. Any thread. */
CodePlace code_find(Vm *vm, const char *name, char **path);

/* The digest of the file m was made from. Of a module linked in, which is loaded without, it is
 * reckoned now. */
void code_digest(Vm *vm, const Module *m, unsigned char md5[MD5_SIZE]);

typedef enum {
    CODE_LOADED,
    CODE_NO_FILE,        /* not found */
    CODE_BAD_FILE,       /* found, but no module can be made of it; why is on standard error */
    CODE_IN_PROCESS,     /* found, but a process must compile it (VM_COMPILE_IN_PROCESS) */
    CODE_OLD_IN_THE_WAY, /* an old version stands in the way, or one that is being loaded */
} CodeResult;

/* The file in the path that comes before the library's module of that name; NULL if there is none.
 * Given back with alloc_free. Any thread. */
char *code_own_file(Vm *vm, const char *name);

/* Finds and loads a module: linked in (unless a file comes first), then name.actb, name.act,
 * name.erl, name.beam (if it holds our bytecode) in each directory of the path. A file that holds a
 * module of another name is bad. */
CodeResult code_load_name(Vm *vm, Term name);
/* The same from this file, by its extension: .actb and .beam are bytecode, all others are source.
 * name TERM_NONE: whatever it is called. */
CodeResult code_load_file(Vm *vm, Term name, const char *path);
/* The same from bytes of bytecode; path (may be NULL) is what it is said to come from. */
CodeResult code_load_bytes(Vm *vm, Term name, const char *path, const unsigned char *bytes,
                           size_t size);

#endif
