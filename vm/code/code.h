/* SPDX-License-Identifier: Apache-2.0 */
/* vm/code/code.h: the tables that loaded code refers to, one set a VM.
 *
 * Each table is an array in address space reserved once (host->reserve), so an index is good for
 * ever and a base pointer never moves: the interpreter keeps them in locals. Entries are added
 * under the loader's lock by one thread at a time and published by the release store that makes
 * the code using them reachable (an export's entry); they are never changed or reused while code
 * that names them can run.
 *
 * Loaded code is a stream of 32-bit words: instruction = op word, operands.
 *   op word   base-relative address of the instruction's body (exec/: table given to code_init)
 *   d r s c   byte offset * into X, the frame or the constants: index * 8 + kind (BC_X 0, BC_Y 1,
 *             BC_K 2); the interpreter adds it to one of three bases, which have the kind
 * subtracted u         as it is l f       distance in words from the instruction's op word to the
 * label; f: 0 is none F         distance in words from the instruction's op word to the function's
 * entry E         index of the Export (call_ext, tail_ext) or BifIndex (bif0..3, and call_ext and
 *             tail_ext to a built-in, which become call_native and tail_native)
 *   L         index of the FunEntry
 *   S         index of the Site
 *   *         count, then the items
 * `label` leaves no code. entry[-1] of a function is the index of its FunctionInfo, also in a stub
 * (0 when nobody defined it).
 *
 * Switches: switch_value and switch_arity with at most CODE_SWITCH_LINEAR pairs keep the file's
 * order and form, to be tried one after the other. Larger ones become switch_sorted and
 * switch_arity_sorted, pairs rising by the constant's word (unsigned) or the arity, for binary
 * search; a switch over small integers with few gaps becomes switch_dense (exec_ops.def). */
#ifndef ACT_CODE_CODE_H
#define ACT_CODE_CODE_H

#include "vm/base/area.h"
#include "vm/base/md5.h"
#include "vm/bytecode/bytecode.h"
#include "vm/mem/site.h"
#include "vm/term/fun.h"
#include "vm/term/term.h"
#include "vm/types.h"

#include <stdatomic.h>

/* Instructions as executed: all of opcodes.def, then those only the loader makes (exec_ops.def). */
typedef enum {
#define OP(name, operands, flags, meaning) XOP_##name,
#include "vm/bytecode/opcodes.def"
#undef OP
#define XOP(name, operands, meaning) XOP_##name,
#include "vm/code/exec_ops.def"
#undef XOP
    XOP__count
} ExecOp;

/* Export and FunEntry: term/fun.h. */

typedef struct {
    Term module;
    Term name;
    uint32_t arity;
    uint32_t line;
    const Code *entry;
    Module *owner;
} FunctionInfo;

struct Module {
    Term name;
    /* all modules, newest first; any thread, atomic: as CodeIndex.newest */
    _Atomic(Module *) next;
    Code *code; /* all functions, one after the other */
    size_t code_words;
    uint32_t first_function; /* range of FunctionInfo indices */
    uint32_t function_count;
    uint32_t *sites; /* indices of its Sites */
    uint32_t site_count;
    uint32_t file_count;
    Term *files;                     /* source file names, as literal strings (lists) */
    Term attributes, compile, heads; /* literals; heads is [] without them */
    uint32_t *exports;               /* indices of its Exports */
    uint32_t *export_functions;      /* of the FunctionInfo of each */
    uint32_t export_count;
    uint32_t *funs;          /* indices of its FunEntries */
    uint32_t *fun_functions; /* of the FunctionInfo of each */
    uint32_t fun_count;
    uint32_t on_load; /* index of the FunEntry of its on_load function; 0: none */
    uint32_t on_load_function;
    struct ModuleSlot *slot;     /* code/code_module.c: current and old version of this name */
    unsigned char md5[MD5_SIZE]; /* of the module file */
    char *path;                  /* it was loaded from; NULL for built in */
    /* any thread, atomic, relaxed: superseded by a newer version of the same name, or deleted */
    _Atomic(bool) old;
};

struct CodeTables {
    Term *constants; /* operand kind K; index 0 is unused */
    Site *sites;     /* index 0 is the bottom site of every stack */
    Export *exports;
    FunEntry *funs;
    FunctionInfo *functions;
    /* Entry 0 of exports and funs is unused too; functions[0] may be read. All five lie in the same
     * piece of memory, so indices have gaps: code_tables.c. */
    char *rows_next, *rows_end;
    uint32_t first_native; /* exports[first_native + i]: of the i-th row of bifs.def */
    Term *literals, *literals_top, *literals_end; /* the literal area: terms that never move */
    Term *literal_off_heap; /* boxes of code_literal_copy in it; their references end with the VM */
    const uint32_t *op_words; /* XOP__count op words, from exec/ */
    Code bottom[4]; /* where the first frame returns to: [1] is its site (0), [2] op process_end */
    struct CodeIndex *index; /* hash tables: exports by name, constants by value, modules by name */
    void *lock;              /* a host mutex: one loader at a time, and lookups that may add */
    Area *area;              /* of the VM's space: where modules come from and go to */
};

enum { CODE_SWITCH_LINEAR = 8 };

/* The return address at the bottom of a stack; its [-1] is site 0, with SITE_BOTTOM. */
#define CODE_BOTTOM(tables) ((tables)->bottom + 2)

/* Makes the tables of vm->code in vm->space, with an Export (and stub) for each built-in. False
 * without memory. */
bool code_init(Vm *vm, const uint32_t *op_words);
/* Gives back all but the space. vm->code NULL is fine. */
void code_free(Vm *vm);

/* The export of module:name/arity, made (undefined) if there is none yet. Any thread. NULL only
 * without memory. */
Export *code_export(Vm *vm, Term module, Term name, uint32_t arity);
/* The entry of the fun that has module, index, arity, free, uniq and version of `wanted`, made if
 * there is none yet (calling it is badfun, until such code is loaded). Any thread. NULL only
 * without memory. */
const FunEntry *code_fun(Vm *vm, const FunEntry *wanted);
/* The same, but NULL if nobody has named it yet. Any thread, no lock taken for long. */
Export *code_find_export(Vm *vm, Term module, Term name, uint32_t arity);
/* True if calling it runs code (bytecode or built-in). Any thread. */
bool code_export_defined(Vm *vm, const Export *export);
/* The current module of that name, or NULL. Any thread. */
Module *code_find_module(Vm *vm, Term name);

/* The newest of all modules loaded, old versions included, and the one after; NULL at the end. Any
 * thread; good until the scheduler's next quiet point. */
Module *code_first_module(Vm *vm);
/* Bytes of modules and tables; through *mapped those in reserved address space and the image.
 * Waits for a loader. Any thread. */
uint64_t code_memory(Vm *vm, size_t *mapped);
ACT_INLINE Module *code_next_module(const Module *module)
{
    return atomic_load_explicit(&module->next, memory_order_acquire);
}

/* How code comes in: from whom, so that it can be told and reported. */
typedef struct {
    const char *path;            /* copied; NULL: built in */
    unsigned char md5[MD5_SIZE]; /* of the file's bytes */
    bool proven;                 /* by the build: the verifier is skipped */
} CodeOrigin;

/* Verifies and loads a module; the version before becomes old. On failure nothing that runs has
 * changed, NULL is returned and *error (error_size bytes) says why in words: CODE_NOT_PURGED if an
 * old version stands in the way. A module with an on_load function is seen by nobody until that
 * has ended well (code_on_load_claim). The module's functions that bifs.def names stay built in:
 * their entries lead to the built-ins. Any thread that may block. origin NULL: built in, not
 * proven. */
#define CODE_NOT_PURGED "not_purged"
Module *code_load(Vm *vm, const BcModule *file, const CodeOrigin *origin, char *error,
                  size_t error_size);
/* The current version becomes old, its exports undefined. False if there is none, or an old one
 * stands in the way. */
bool code_delete(Vm *vm, Term name);
bool code_has_old(Vm *vm, Term name);

/* code_purge.c: a module whose on_load function has not ended yet. pid: the word of a pid. */
typedef enum {
    ON_LOAD_NONE,  /* no such module */
    ON_LOAD_YOURS, /* pid shall run it: *fun is the index of its FunEntry */
    ON_LOAD_OWN,   /* pid does so already */
    ON_LOAD_OTHER, /* *runner does */
} CodeOnLoad;
CodeOnLoad code_on_load_claim(Vm *vm, Term name, uintptr_t pid, uint32_t *fun, uintptr_t *runner);
/* True if a module of that name waits for its on_load function. Any thread. */
bool code_is_pending(Vm *vm, Term name);
/* Another process runs it from now on. False if `from` does not. */
bool code_on_load_pass(Vm *vm, Term name, uintptr_t from, uintptr_t to);
/* It has ended well: the module is loaded. False if an old version stands in the way. */
bool code_on_load_publish(Vm *vm, Term name);

/* The same: a version goes. Begun by one process at a time for a module, which then makes sure
 * that no process runs the victim (whoever calls one of its funs meanwhile waits), and ends or
 * takes back what it began. */
typedef enum { PURGE_OLD, PURGE_FAILED } CodePurge; /* the old version; one whose on_load failed */
typedef enum { PURGE_NOTHING, PURGE_BUSY, PURGE_BEGUN } CodePurgeBegin;
CodePurgeBegin code_purge_begin(Vm *vm, Term name, CodePurge which, uintptr_t pid);
/* Its funs work again; the victim stays. */
void code_purge_abort(Vm *vm, Term name);
/* Nobody can come to the victim any more; but another thread may still be looking at it. */
void code_purge_unlink(Vm *vm, Term name);
/* All threads have passed a quiet point since: gives back its memory. */
void code_purge_free(Vm *vm, Term name);
/* pid ends: what it purges or loads is given up. Cheap when it does neither. */
void code_abandon(Vm *vm, uintptr_t pid);
/* The code of the version that is being purged, or else of the old one; false if there is none. */
bool code_old_range(Vm *vm, Term name, const Code **from, const Code **to);
/* True if calls of this fun must wait: its code is being purged. */
bool code_fun_waits(Vm *vm, const FunEntry *entry);

/* verify.c: proves that the module can do no harm (docs/design/VERIFIER.md). */
bool code_verify(const BcModule *file, char *error, size_t error_size);

/* A literal: deep copy of a constant into the literal area (or an immediate). */
Term code_literal(Vm *vm, const Konst *konst);
/* Copies a term into the literal area, for ever. TERM_NONE without memory. */
Term code_literal_copy(Vm *vm, Term term);

/* Where a code address is, by the site in front of it (return addresses) or given. */
const FunctionInfo *code_site_function(const CodeTables *tables, const Site *site);
/* The name of the source file that a site is in (a literal string), TERM_NIL if not known. */
Term code_site_file(const CodeTables *tables, const Site *site);

/* The built-in of that name as BifIndex, or -1; and whether it may stand in guards. */
uint32_t code_native_count(void);
int32_t code_native_find(const char *module, const char *name, uint32_t arity);
bool code_native_is_guard(int32_t native);

#endif
