/* SPDX-License-Identifier: Apache-2.0 */
/* vm/code/translate.h: one module on its way from file to loaded code; private to code/.
 *
 * code_load.c fills the maps from file indices to table indices, translate.c writes the code. All
 * under the loader's lock. */
#ifndef ACT_CODE_TRANSLATE_H
#define ACT_CODE_TRANSLATE_H

#include "vm/base/vec.h"
#include "vm/code/code_tables.h"

/* A word that waits for a place to be known. */
typedef struct {
    uint32_t at;     /* the word */
    uint32_t start;  /* of its instruction: distances count from there */
    uint32_t target; /* label, or function of the file */
} Fixup;

typedef struct {
    uint32_t site;  /* in the table */
    uint32_t label; /* of its handler */
} HandlerFixup;

typedef struct {
    Vm *vm;
    CodeTables *tables;
    const BcModule *file;
    Module *module;

    /* by index in the file */
    uint32_t *constants; /* in tables->constants */
    uint32_t *imports;   /* in tables->exports */
    uint32_t *lambdas;   /* in tables->funs */
    int32_t *natives;    /* of each function: the built-in that takes its place, or -1 */
    uint32_t *entries;   /* of each function: where its code begins, in words */
    uint32_t *sites;     /* in tables->sites, for the function named beside it */
    uint32_t *site_owners;
    VEC(uint32_t) made_sites; /* in tables->sites: all of the module's */

    /* the code written so far */
    Code *code;
    uint32_t top;
    uint32_t previous; /* instruction written last, a candidate for fusing; NOTHING: none */
    uint32_t previous_xop;
    bool full; /* a table had no room */

    /* of the function at work */
    uint32_t function;
    VEC(uint32_t) labels; /* label to word */
    VEC(Fixup) jumps;
    VEC(HandlerFixup) handlers;
    /* of the module */
    VEC(Fixup) calls;
} Loading;

/* Words that the file's functions can take at most once loaded. */
size_t translate_bound(const BcModule *file);
/* Writes the code of function `index` of the file. Sets l->full when sites run out. */
void translate_function(Loading *l, uint32_t index);
/* After all functions: lets calls lead to them. */
void translate_finish(Loading *l);

#endif
