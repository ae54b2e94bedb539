/* SPDX-License-Identifier: Apache-2.0 */
/* vm/code/code_tables.h: what the files of code/ share about the tables; nobody else includes it.
 */
#ifndef ACT_CODE_CODE_TABLES_H
#define ACT_CODE_CODE_TABLES_H

#include "vm/base/vec.h"
#include "vm/code/code.h"
#include "vm/code/code_hash.h"
#include "vm/code/fuse.h"
#include "vm/term/room.h"

/* A module's name, once loaded for ever: the version that runs and the one before. */
typedef struct ModuleSlot ModuleSlot;
struct ModuleSlot {
    Term name;
    /* any thread, atomic. release: pairs with the acquire in code_find_module; publishes the
     * Module. */
    _Atomic(Module *) current;
    /* loader's lock */
    Module *old;
    Module *pending;  /* its on_load function has not ended yet */
    uintptr_t runner; /* word of the pid that runs it; 0: nobody yet */
    Module *victim;   /* being purged: old, or pending, or neither any more */
    uintptr_t purger; /* word of the pid that does so */
};

/* Indices that are free again, oldest first: what still speaks of them by mistake (an old stack
 * trace) has time to be forgotten. */
typedef struct {
    VEC(uint32_t) items;
    size_t taken;
} FreeSites;
typedef struct {
    uint32_t first, count;
} FreeRange;

struct CodeIndex {
    CodeHash exports;   /* values: index of the Export */
    CodeHash constants; /* values: index of the constant */
    CodeHash modules;   /* values: ModuleSlot * */
    CodeHash funs;      /* values: index of the FunEntry */
    FreeSites free_sites;
    VEC(FreeRange) free_functions;
    /* slots with a purger or a runner; relaxed: a hint, but exact for a process's own */
    _Atomic(uint32_t) busy;
    /* any thread, atomic. release: pairs with the acquire in code_first_module. */
    _Atomic(Module *) newest;
    FuseTable fuse;
    char **path; /* loader's lock; NULL at its end; NULL itself: that of the options */
};

/* code_tables.c. The loader's lock. */
void code_lock(Vm *vm);
void code_unlock(Vm *vm);
/* The first of n new entries of a table, or 0 when it is full. Loader's lock. */
uint32_t code_new_constants(CodeTables *tables, uint32_t n);
uint32_t code_new_site(CodeTables *tables);
uint32_t code_new_exports(CodeTables *tables, uint32_t n);
uint32_t code_new_funs(CodeTables *tables, uint32_t n);
uint32_t code_new_functions(CodeTables *tables, uint32_t n);
/* They are nobody's now. Loader's lock. */
void code_give_back(CodeTables *tables, const Module *module);
/* Room in the literal area. */
TermRoom code_literal_room(CodeTables *tables);

/* code_finder.c */
void code_path_free(char **path);

/* code_export.c. As code_export, under the loader's lock; the index, or 0 without memory. */
uint32_t code_export_index(Vm *vm, Term module, Term name, uint32_t arity);
/* An export for each row of bifs.def. False without memory. */
bool code_export_natives(Vm *vm);

/* code_literal.c, under the loader's lock. TERM_NONE without memory. */
Term code_build_literal(Vm *vm, const Konst *konst);
/* Index into the constants of an equal constant, made if new; 0 without memory. */
uint32_t code_constant(Vm *vm, const Konst *konst);
/* The atom of a KONST_ATOM; TERM_NONE if it cannot be. */
Term code_atom(Vm *vm, const Konst *konst);

/* code_module.c, under the loader's lock. The slot of that name, made if new; NULL without memory.
 */
ModuleSlot *code_module_slot(Vm *vm, Term name);
/* The same, NULL if there is none. */
ModuleSlot *code_module_find_slot(Vm *vm, Term name);
/* Gives back all modules and slots. */
void code_modules_free(Vm *vm);
/* Gives a module back that nobody can see (any more); NULL is fine. */
void code_module_free(const CodeTables *tables, Module *module);
/* code_load.c, under the loader's lock: all may see the module from now on; a version before is
 * old.
 */
void code_publish(Vm *vm, Module *module);
/* Lets the module's funs lead to its code, for those who have them already. */
void code_publish_funs(CodeTables *tables, const Module *module);
/* The FunEntry of that lambda of that version, made if new (without code); 0 without memory. */
uint32_t code_fun_index(Vm *vm, const FunEntry *wanted);

/* Leads the exports of `from` that are not among those of `to` (NULL: none) to nobody. */
void code_retire_exports(CodeTables *tables, const Module *from, const Module *to);

#endif
