/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/core/core.h: a small functional language, the form between the tree and SSA.
 *
 * Built by desugar.c; what it has over the tree: no records, macros, imports, comprehensions or
 * funs with bodies (they are functions of their own that take free values as further parameters),
 * names resolved to variables with unique numbers. What it still has over SSA: nested patterns,
 * guards, expressions.
 *
 * Invariants (core_check proves them):
 *  - a variable is defined once in its function, before all its uses in the order of evaluation;
 *  - what a clause, a handler, the right of andalso/orelse or a maybe defines is not seen after it,
 *    but for `exports`: each export of a CASE, RECEIVE or MAYBE is a new variable, and each clause
 *    lists, in the same order, what it gives it;
 *  - guards, map keys and segment sizes in patterns hold only nodes that guards may hold.
 *
 * All memory is the arena's. One thread at a time. Walkers recurse as deep as the tree was deep;
 * lists, blocks and clauses are arrays. */
#ifndef ACT_CORE_CORE_H
#define ACT_CORE_CORE_H

#include "vm/base/arena.h"
#include "vm/base/vec.h"
#include "vm/bytecode/bytecode.h"

typedef enum {
#define CORE(KIND, shape, meaning) CORE_##KIND,
#include "compiler/core/core.def"
#undef CORE
    CORE__COUNT
} CoreKind;

typedef enum {
#define PATTERN(KIND, shape, meaning) CORE_P_##KIND,
#include "compiler/core/core_pattern.def"
#undef PATTERN
    CORE_P__COUNT
} CorePatternKind;

/* In the order of BC_compare's number. */
typedef enum {
    CORE_LT,
    CORE_LE,
    CORE_GT,
    CORE_GE,
    CORE_EQ,
    CORE_NE,
    CORE_EXACT_EQ,
    CORE_EXACT_NE,
} CoreCompare;

typedef uint32_t CoreVar; /* 1.. in its function; 0: none */

typedef struct {
    uint32_t line; /* 0: unknown */
    uint32_t file; /* index into CoreModule.files */
} CoreLine;

typedef struct CoreNode CoreNode;
typedef struct CorePattern CorePattern;

typedef struct {
    CoreNode **items;
    uint32_t count;
} CoreList;

typedef struct {
    CoreVar *items;
    uint32_t count;
} CoreVars;

typedef struct {
    CoreNode *value;      /* construction */
    CorePattern *pattern; /* matching */
    CoreNode *size;       /* NULL: default, or none */
    uint32_t spec;        /* BC_SEG_… */
    uint32_t unit;        /* bits that size counts */
    uint32_t number;      /* building: what errors call it; elements count from 1 */
} CoreSegment;

typedef struct {
    CoreSegment *items;
    uint32_t count;
} CoreSegments;

struct CorePattern {
    CorePatternKind kind;
    union {
        CoreVar var;
        const Konst *konst;
        struct {
            CorePattern **items;
            uint32_t count;
            CorePattern *tail;
        } list; /* TUPLE and ALL too: `items` */
        struct {
            CoreNode **keys;
            CorePattern **values;
            uint32_t count;
        } map;
        CoreSegments binary;
    };
};

/* guards[i] are alternatives, each a list of tests that must all hold; none at all: always. */
typedef struct {
    CorePattern **patterns; /* one per subject */
    CoreList tests;         /* that must hold before the guards are tried: repeated variables */
    CoreList *guards;
    uint32_t guard_count;
    CoreNode *body;
    CoreVar *exports; /* as many as the choice has */
    CoreLine line;
} CoreClause;

typedef struct {
    CoreClause *items;
    uint32_t count;
} CoreClauses;

/* What a CASE does when no clause fits. */
typedef enum {
    CORE_ELSE_FAIL,            /* FAIL `fail` with the first subject */
    CORE_ELSE_FUNCTION_CLAUSE, /* function_clause with the function's parameters */
    CORE_ELSE_RAISE,           /* subjects are class, reason; raise them again with `raw` */
} CoreElse;

struct CoreNode {
    CoreKind kind;
    CoreLine line;
    union {
        const Konst *konst;
        CoreVar var;
        CoreNode *one;
        CoreList items;
        struct {
            CoreList items;
            CoreNode *tail;
        } list;
        struct {
            CoreNode *base;
            CoreNode **pairs; /* key, value, key, value … */
            uint32_t count;   /* of pairs */
        } map;
        CoreSegments binary;
        struct {
            uint32_t callee;
            uint32_t arity; /* as called */
            CoreList free;
        } fun;
        struct {
            uint32_t op; /* OP: SsaOp; COMPARE: CoreCompare; TYPE_TEST: BcOpcode */
            CoreNode *args[2];
            uint32_t count;
        } op;
        struct {
            uint32_t callee;
            BcImport import;
            CoreList args;
        } call;
        struct {
            CoreNode *left, *right;
        } pair;
        struct {
            CoreNode *base;
            const Konst *tag;
            uint32_t size;  /* of the tuple */
            uint32_t index; /* RECORD_GET: 0-based */
            uint32_t *indices;
            CoreNode **values; /* RECORD_PUT */
            uint32_t count;
        } record;
        struct {
            CoreVar var;
            CoreNode *value;
        } let;
        struct {
            CorePattern *pattern;
            CoreNode *value;
            CoreList tests; /* that must hold too */
            BcFail fail;
            bool maybe;
        } match;
        struct {
            CoreList subjects;
            CoreClauses clauses;
            CoreElse otherwise;
            BcFail fail;
            CoreVar raw;
            CoreVars exports;
        } choice;
        struct {
            CoreClauses clauses;
            CoreNode *timeout;
            CoreNode *body; /* after the time is up */
            CoreVar *body_exports;
            CoreVars exports;
        } receive;
        struct {
            CoreNode *body;
            CoreVar var;
            CoreNode *ok;
            CoreVar class, reason, raw;
            CoreNode *handler;
        } try_;
        struct {
            CoreNode *body, *after;
        } after;
        struct {
            CoreNode *body;
            CoreVar var;
            CoreNode *otherwise; /* NULL: the value that did not match is the value of all */
        } maybe;
        struct {
            BcFail fail;
            CoreNode *value;
        } fail;
    };
};

typedef struct {
    const Konst *name;
    uint32_t arity;        /* parameters, free values included */
    uint32_t lambda_arity; /* of a lambda, as called */
    bool is_lambda;
    bool exported;
    CoreVar *params;
    uint32_t var_count; /* variables are 1..var_count */
    uint32_t *uses;     /* how often each is used, by its number */
    CoreNode *body;
    CoreLine line; /* of the first clause */
} CoreFunction;

typedef struct {
    Arena *arena;
    const Konst *name;
    VEC(CoreFunction *) functions; /* calls name them by index */
    VEC(const char *) files;
    const Konst *attributes;
    const Konst *compile;
    const Konst *on_load;
} CoreModule;

typedef VEC(char) CoreText;

/* New nodes, parts unset. Arena-owned. */
CoreNode *core_new(Arena *arena, CoreKind kind, CoreLine line);
CorePattern *core_pattern_new(Arena *arena, CorePatternKind kind);
CoreNode *core_literal(Arena *arena, CoreLine line, const Konst *konst);
CoreNode *core_var(Arena *arena, CoreLine line, CoreVar var);
/* Room for count items. */
CoreList core_list_new(Arena *arena, uint32_t count);
/* True if node never fails, does nothing and may stand anywhere: a literal or a variable. */
bool core_is_simple(const CoreNode *node);
/* Frees the vectors; the arena is the caller's. */
void core_module_free(CoreModule *module);

/* Text for --dump=core, appended to out. */
void core_print(const CoreModule *module, CoreText *out);
/* Proves the invariants above; prints the first breach to error. */
bool core_check(const CoreModule *module, char *error, size_t size);

#endif
