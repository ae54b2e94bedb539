/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/front/const_value.h: Erlang terms while compiling: what -if and -elif compute with.
 *
 * Whole numbers have any size (GMP); terms are values whose parts are the arena's. CONST_FAIL
 * stands for an exception of any kind: it has no parts, and whoever meets it passes it on. */
#ifndef ACT_FRONT_CONST_VALUE_H
#define ACT_FRONT_CONST_VALUE_H

#include "compiler/syntax/ast.h"
#include "vm/base/arena.h"
#include "vm/base/vec.h"
#include <gmp.h>

/* In the order of terms. */
typedef enum {
    CONST_FAIL,
    CONST_INTEGER,
    CONST_FLOAT,
    CONST_ATOM,
    CONST_PID, /* of the process that compiles: self() */
    CONST_TUPLE,
    CONST_MAP,
    CONST_LIST, /* [] has no items and no tail */
    CONST_BITS,
} ConstKind;

typedef struct ConstValue ConstValue;
struct ConstValue {
    ConstKind kind;
    uint32_t count; /* items of tuple and list, pairs of a map */
    union {
        mpz_ptr integer;
        double number;
        const Name *atom;
        struct {
            const ConstValue *items; /* of a map: key, value, key, value ..., sorted by key */
            const ConstValue *tail;  /* of a list that does not end with [], else NULL */
        };
        struct {
            const unsigned char *bytes;
            size_t bits;
        };
    };
};

typedef struct {
    Arena *arena;
    NameTable *names;
    VEC(mpz_ptr) integers; /* to be cleared at the end */
} ConstWorld;

extern const ConstValue const_fail;

void const_world_end(ConstWorld *world);

/* A fresh number, 0, for the caller to compute into. */
ConstValue const_integer(ConstWorld *world);
ConstValue const_small(ConstWorld *world, int64_t value);
/* Fails when it is no finite number. */
ConstValue const_float(double value);
ConstValue const_atom(ConstWorld *world, const char *text);
ConstValue const_boolean(ConstWorld *world, bool truth);
bool const_is_atom(ConstValue value, const char *text);
bool const_is_number(ConstValue value);
/* The number as a machine integer; false if it is none or does not fit. */
bool const_to_int64(ConstValue value, int64_t *out);
/* As a float, rounded to the nearest; fails beyond the range. */
bool const_to_double(ConstValue value, double *out);

/* Erlang's order of terms: < 0, 0, > 0. With exact, 1 and 1.0 differ (the integer comes first). */
int const_compare(ConstValue a, ConstValue b, bool exact);

/* The value of a map with one more pair; an old one of the same key goes. */
ConstValue const_map_put(ConstWorld *world, ConstValue map, ConstValue key, ConstValue value);
/* The value of the key, or NULL. */
const ConstValue *const_map_get(ConstValue map, ConstValue key);

/* const_eval.c: the value of an expression of constants; fails where a guard would. */
ConstValue const_eval(ConstWorld *world, const AstNode *node);

/* const_arith.c: X op Y and op X, of all but andalso and orelse. */
ConstValue const_binary(ConstWorld *world, AstOp op, ConstValue a, ConstValue b);
ConstValue const_unary(ConstWorld *world, AstOp op, ConstValue a);

/* const_bif.c: a guard function of the module erlang; fails for all others. */
ConstValue const_bif(ConstWorld *world, const char *name, const ConstValue *args, uint32_t count);

/* const_bits.c: a segment's bits behind those that are there. */
typedef struct {
    ConstWorld *world;
    VEC(unsigned char) bytes;
    size_t bits;
} ConstBits;

/* size: NULL for the type's own. False when construction fails. */
bool const_bits_add(ConstBits *bits, const AstNode *element, ConstValue value,
                    const ConstValue *size);
ConstValue const_bits_end(ConstBits *bits);

#endif
