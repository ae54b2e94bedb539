/* SPDX-License-Identifier: Apache-2.0 */
/* vm/code/code_finder.c: looks for modules and brings them in. */
#include "vm/code/code_finder.h"

#include "vm/base/alloc.h"
#include "vm/base/md5.h"
#include "vm/bytecode/bc_file.h"
#include "vm/code/code_tables.h"
#include "vm/host/host.h"
#include "vm/term/atom.h"
#include "vm/vm_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { ERROR_SIZE = 512 };

/* Tells the person at the machine why a module is not loaded. */
ACT_PRINTF(2, 3) static void complain(Vm *vm, const char *format, ...)
{
    char line[ERROR_SIZE * 2];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line - 1, format, arguments);
    va_end(arguments);
    strcat(line, "\n");
    Host *host = vm_host(vm);
    host->file_write(host, 2, line, strlen(line));
}

static char *copy_text(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = alloc_try(size);
    if (copy) {
        memcpy(copy, text, size);
    }
    return copy;
}

void code_path_free(char **path)
{
    for (char **p = path; p && *p; p++) {
        alloc_free(*p);
    }
    alloc_free(path);
}

bool code_set_path(Vm *vm, const char *const *directories, size_t count)
{
    char **path = alloc_try_zero((count + 1) * sizeof *path);
    for (size_t i = 0; path && i < count; i++) {
        path[i] = copy_text(directories[i]);
        if (!path[i]) {
            code_path_free(path);
            path = NULL;
        }
    }
    if (!path) {
        return false;
    }
    code_lock(vm);
    char **before = vm_code(vm)->index->path;
    vm_code(vm)->index->path = path;
    code_unlock(vm);
    code_path_free(before);
    return true;
}

void code_each_path(Vm *vm, void (*each)(void *context, const char *directory), void *context)
{
    code_lock(vm);
    char **path = vm_code(vm)->index->path;
    for (char **p = path; p && *p; p++) {
        each(context, *p);
    }
    code_unlock(vm);
    for (size_t i = 0; !path && i < vm->options.load_path_count; i++) {
        each(context, vm->options.load_path[i]);
    }
}

static int by_name(const void *name, const void *module)
{
    return strcmp(name, ((const EmbeddedModule *)module)->name);
}

/* NULL if it is not linked in. */
static const EmbeddedModule *embedded(Vm *vm, const char *name)
{
    const VmOptions *o = &vm->options;
    return o->module_count > 0
               ? bsearch(name, o->modules, o->module_count, sizeof *o->modules, by_name)
               : NULL;
}

static void digest(const unsigned char *bytes, size_t size, unsigned char md5[MD5_SIZE])
{
    Md5 state;
    md5_start(&state);
    md5_add(&state, bytes, size);
    md5_end(&state, md5);
}

void code_digest(Vm *vm, const Module *m, unsigned char md5[MD5_SIZE])
{
    size_t length;
    const EmbeddedModule *file =
        m->path ? NULL : embedded(vm, atom_text(vm_atoms(vm), m->name, &length));
    if (file) {
        digest(file->bytes, file->size, md5);
    } else {
        memcpy(md5, m->md5, MD5_SIZE);
    }
}

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text);
    size_t end_length = strlen(end);
    return length >= end_length && strcmp(text + length - end_length, end) == 0;
}

/* Programs that know of no other machine (Elixir's compiler) call our module files NAME.beam. */
static bool is_module_file(Host *host, const char *path)
{
    unsigned char start[sizeof BC_FILE_MAGIC - 1];
    HostResult file = host->file_open(host, path, HOST_READ);
    if (file < 0) {
        return false;
    }
    bool is = host->file_read(host, file, start, sizeof start) == (HostResult)sizeof start &&
              memcmp(start, BC_FILE_MAGIC, sizeof start) == 0;
    host->file_close(host, file);
    return is;
}

typedef struct {
    Vm *vm;
    const char *name;
    char *found;
} Search;

static void search_directory(void *context, const char *directory)
{
    static const char *const extensions[] = {".actb", ".act", ".erl", ".beam"};
    Search *s = context;
    Host *host = vm_host(s->vm);
    size_t room = strlen(directory) + strlen(s->name) + 8;
    for (size_t i = 0; i < ACT_COUNT(extensions) && !s->found; i++) {
        char *path = alloc_try(room);
        if (!path) {
            return;
        }
        bool here = directory[0] == '\0' || strcmp(directory, ".") == 0;
        snprintf(path, room, "%s%s%s%s", here ? "" : directory, here ? "" : "/", s->name,
                 extensions[i]);
        HostFileInfo info;
        bool there = host->file_info(host, path, true, &info) >= 0 && info.kind != 1;
        if (there && (!ends_with(path, ".beam") || is_module_file(host, path))) {
            s->found = path;
        } else {
            alloc_free(path);
        }
    }
}

/* Erlang has these loaded before a program begins, so that a program's own module of the name is
 * not seen. All others of the library come after the program's own, as its folder comes first in
 * the path. Sorted. */
static const char *const first[] = {
    "application",
    "application_controller",
    "application_master",
    "atomics",
    "binary",
    "c",
    "code",
    "counters",
    "erl_anno",
    "erl_eval",
    "erl_features",
    "erl_internal",
    "erl_lint",
    "erl_parse",
    "erl_prim_loader",
    "erl_scan",
    "erlang",
    "erpc",
    "error_handler",
    "error_logger",
    "erts_debug",
    "ets",
    "file",
    "filename",
    "gb_sets",
    "gb_trees",
    "gen",
    "gen_event",
    "gen_server",
    "global",
    "init",
    "io",
    "io_lib",
    "lists",
    "logger",
    "logger_filters",
    "logger_formatter",
    "logger_std_h",
    "maps",
    "math",
    "net_kernel",
    "orddict",
    "ordsets",
    "os",
    "persistent_term",
    "proc_lib",
    "proplists",
    "queue",
    "rand",
    "rpc",
    "string",
    "supervisor",
    "supervisor_bridge",
    "unicode",
    "unicode_util",
    "zlib",
};

static int by_text(const void *name, const void *entry)
{
    return strcmp(name, *(const char *const *)entry);
}

/* A folder with the library's own sources: they are not a program's. */
static void library_directory(void *context, const char *directory)
{
    Search *s = context;
    Search boot = {s->vm, "act_boot", NULL};
    search_directory(&boot, directory);
    if (boot.found) {
        alloc_free(boot.found);
    } else {
        search_directory(s, directory);
    }
}

char *code_own_file(Vm *vm, const char *name)
{
    if (strncmp(name, "act_", 4) == 0 || name[0] == '\0' || strchr(name, '/') ||
        bsearch(name, first, ACT_COUNT(first), sizeof *first, by_text)) {
        return NULL;
    }
    Search s = {vm, name, NULL};
    code_each_path(vm, library_directory, &s);
    return s.found;
}

CodePlace code_find(Vm *vm, const char *name, char **path)
{
    if (embedded(vm, name)) {
        *path = code_own_file(vm, name);
        return *path ? CODE_FILE : CODE_EMBEDDED;
    }
    *path = NULL;
    if (name[0] == '\0' || strchr(name, '/')) {
        return CODE_NOWHERE;
    }
    Search s = {vm, name, NULL};
    code_each_path(vm, search_directory, &s);
    *path = s.found;
    return s.found ? CODE_FILE : CODE_NOWHERE;
}

static const char *shown(const char *path)
{
    return path ? path : "(memory)";
}

/* Loads what was read or compiled, if it is the module asked for; gives it back. */
static CodeResult bring_in(Vm *vm, Term name, BcModule *file, const CodeOrigin *origin)
{
    char error[ERROR_SIZE];
    size_t length;
    CodeResult result = CODE_BAD_FILE;
    const char *wanted = term_same(name, TERM_NONE) ? NULL : atom_text(vm_atoms(vm), name, &length);
    if (wanted && (file->name->count != length || memcmp(file->name->text, wanted, length) != 0)) {
        complain(vm, "%s: error: this file is module %.*s, but module %s was asked for",
                 shown(origin->path), (int)file->name->count, file->name->text, wanted);
    } else if (!code_load(vm, file, origin, error, sizeof error)) {
        if (strcmp(error, CODE_NOT_PURGED) == 0) {
            bc_free(file);
            return CODE_OLD_IN_THE_WAY;
        }
        complain(vm, "%s: error: not a module that can be loaded: %s", shown(origin->path), error);
    } else {
        result = CODE_LOADED;
    }
    bc_free(file);
    return result;
}

CodeResult code_load_bytes(Vm *vm, Term name, const char *path, const unsigned char *bytes,
                           size_t size)
{
    char error[ERROR_SIZE];
    BcModule *file = bc_read(bytes, size, error, sizeof error);
    if (!file) {
        complain(vm, "%s: error: not a module file: %s", shown(path), error);
        return CODE_BAD_FILE;
    }
    CodeOrigin origin = {.path = path};
    digest(bytes, size, origin.md5);
    return bring_in(vm, name, file, &origin);
}

/* All bytes of a file; NULL (and why, to the person) if that fails. Freed with alloc_free. */
static unsigned char *read_all(Vm *vm, const char *path, size_t *size)
{
    Host *host = vm_host(vm);
    HostResult file = host->file_open(host, path, HOST_READ);
    unsigned char *bytes = NULL;
    size_t room = 0;
    HostResult got = file;
    *size = 0;
    while (got >= 0) {
        if (*size == room) {
            room = room * 2 + 65536;
            unsigned char *more = alloc_try_resize(bytes, room);
            if (!more) {
                got = -1;
                break;
            }
            bytes = more;
        }
        got = host->file_read(host, file, bytes + *size, room - *size);
        if (got == 0) {
            break;
        }
        *size += got > 0 ? (size_t)got : 0;
    }
    if (file >= 0) {
        host->file_close(host, file);
    }
    if (got < 0) {
        complain(vm, "%s: error: cannot be read", path);
        alloc_free(bytes);
        return NULL;
    }
    return bytes;
}

/* The bytes of the module in a source file; NULL after the messages were written. */
static unsigned char *compile(Vm *vm, const char *path, size_t *size)
{
    const VmOptions *o = &vm->options;
    if (!o->compile) {
        complain(vm, "%s: error: this machine has no compiler", path);
        return NULL;
    }
    char *error = NULL;
    unsigned char *bytes = o->compile(o->compile_context, path, size, &error);
    if (!bytes && error) {
        complain(vm, "%s", error);
    }
    alloc_free(error);
    return bytes;
}

CodeResult code_load_file(Vm *vm, Term name, const char *path)
{
    HostFileInfo info;
    Host *host = vm_host(vm);
    if (host->file_info(host, path, true, &info) < 0) {
        return CODE_NO_FILE;
    }
    size_t size = 0;
    bool is_bytecode = ends_with(path, ".actb") || ends_with(path, ".beam");
    unsigned char *bytes = is_bytecode ? read_all(vm, path, &size) : compile(vm, path, &size);
    CodeResult result = bytes ? code_load_bytes(vm, name, path, bytes, size)
                        : size == VM_COMPILE_IN_PROCESS ? CODE_IN_PROCESS
                                                        : CODE_BAD_FILE;
    alloc_free(bytes);
    return result;
}

CodeResult code_load_name(Vm *vm, Term name)
{
    size_t length;
    const char *text = atom_text(vm_atoms(vm), name, &length);
    if (strlen(text) != length) {
        return CODE_NO_FILE;
    }
    char *path;
    switch (code_find(vm, text, &path)) {
    case CODE_NOWHERE:
        return CODE_NO_FILE;
    case CODE_EMBEDDED:
        return vm->load_embedded(vm, name.w) ? CODE_LOADED : CODE_BAD_FILE;
    case CODE_FILE:
        break;
    }
    CodeResult result = code_load_file(vm, name, path);
    alloc_free(path);
    return result;
}
