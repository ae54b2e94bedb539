/* SPDX-License-Identifier: Apache-2.0 */
/* vm/term/fun.h: what a fun term refers to: entries made and kept by code/ (code/code.h).
 *
 * Here, and not in code/, because comparing, hashing and printing funs need the names. Layouts:
 *   BOXED_FUN     [FunEntry *] [free values …]
 *   BOXED_EXPORT  [Export *] */
#ifndef ACT_TERM_FUN_H
#define ACT_TERM_FUN_H

#include "vm/term/term.h"
#include "vm/types.h"

#include <stdatomic.h>

/* Loaded code is a stream of these. */
typedef uint32_t Code;

struct Export {
    /* any thread, atomic. release: pairs with the acquire in the interpreter's calls; publishes the
     * code. Never NULL: leads to the built-in's stub, or to the undefined-function stub, which
     * calls error_handler:undefined_function/3. */
    _Atomic(const Code *) entry;
    Term module;
    Term name;
    uint32_t arity;
    int32_t bif;  /* BifIndex, or -1 */
    Code stub[4]; /* code that entry leads to while there is no other */
};

struct FunEntry {
    /* as Export's; leads to its own stub while its code is being purged, and when it is no more */
    _Atomic(const Code *) entry;
    Term module;
    uint32_t index; /* in the module */
    uint32_t arity; /* as called */
    uint32_t free;
    uint32_t uniq;
    uint64_t version; /* of the module's code: funs of two versions are never the same */
    /* any thread, atomic, relaxed, changed under the loader's lock: FunctionInfo index; 0: its code
     * is not loaded */
    _Atomic(uint32_t) function;
    Code stub[3];
};

enum { FUN_ENTRY = 1, FUN_FREE = 2, EXPORT_WORDS = 2 };

ACT_INLINE const FunEntry *fun_entry(Term fun) /* a BOXED_FUN */
{
    return (const FunEntry *)boxed_words(fun)[FUN_ENTRY].w;
}
ACT_INLINE size_t fun_free_count(Term fun)
{
    return header_words(boxed_header(fun)) - 1;
}
ACT_INLINE Term *fun_free_values(Term fun)
{
    return boxed_words(fun) + FUN_FREE;
}
ACT_INLINE const Export *fun_export(Term fun) /* a BOXED_EXPORT */
{
    return (const Export *)boxed_words(fun)[FUN_ENTRY].w;
}
/* Of either kind. */
ACT_INLINE uint32_t fun_arity(Term fun)
{
    return header_kind(boxed_header(fun)) == BOXED_FUN ? fun_entry(fun)->arity
                                                       : fun_export(fun)->arity;
}

#endif
