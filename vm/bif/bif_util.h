/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_util.h: what many built-ins do: read their arguments, walk deep data without
 * recursion, build results.
 *
 * All that build take room from the process's heap and answer TERM_NONE, with the exception
 * raised, if there is none. Owner: the thread that runs p. */
#ifndef ACT_BIF_BIF_UTIL_H
#define ACT_BIF_BIF_UTIL_H

#include "vm/bif/bif.h"
#include "vm/term/big.h"

#include <stddef.h>

/* OTP's largest small integer: beyond it some of its functions say badarg. */
#define UTIL_OTP_SMALL_MAX ((INT64_C(1) << 59) - 1)

/* How many simple steps (a list cell looked at) count as one reduction. */
enum { UTIL_STEPS_PER_REDUCTION = 16 };

/* Steps a suspendable built-in may do before it looks at the clock again: what is left of the turn.
 */
size_t util_step_budget(const Process *p);
/* Takes the reductions for that many steps; true if the turn is used up. */
bool util_spend_steps(Process *p, size_t steps);

/* ---- reading ---- */

/* True, and the value, if t is an integer that fits. */
bool util_get_int64(Term t, int64_t *value);
/* True, and the value, if t is a small integer in least..most. */
bool util_get_range(Term t, int64_t least, int64_t most, int64_t *value);
/* True if t, an integer of any size, is less than 0. */
bool util_is_negative(Term t);
/* The number of elements, or -1 if t is no proper list. */
int64_t util_list_length(Term t);

/* The part (start, length) of something of that size, a negative length reaching back: where it
 * begins and how long it is. False if it is none or reaches out. */
bool util_get_part(Term start, Term length, size_t size, size_t *from, size_t *count);

/* A growing C text that is freed with util_text_free; starts as all zeros. */
typedef struct {
    char *bytes; /* NULL until something was put in */
    size_t length;
    size_t room;
    bool no_memory;
    _Alignas(int64_t) char small[256]; /* callers keep code points in it too */
} UtilText;
bool util_text_put(UtilText *text, const void *bytes, size_t length);
void util_text_free(UtilText *text);
/* The bytes with a NUL behind them. */
const char *util_text_string(UtilText *text);

typedef enum {
    UTIL_OK,
    UTIL_BAD,      /* not of that form */
    UTIL_TOO_LONG, /* of that form, but over the limit */
    UTIL_NO_MEMORY,
} UtilStatus;
/* The code points of a list of code points as UTF-8. */
UtilStatus util_text_of_string(UtilText *text, Term list, size_t most_code_points);
/* The bytes of a list of bytes; any byte will do. */
UtilStatus util_text_of_bytes(UtilText *text, Term list);
/* Appends the whole bytes at the start of a bitstring (which it must be). */
UtilStatus util_text_of_bits(UtilText *text, Term bitstring);
/* The bytes of a binary, without NUL bytes among them if c_string. */
UtilStatus util_text_of_binary(UtilText *text, Term binary, bool c_string);

/* A list of terms still to visit. */
typedef struct {
    Term *items;
    size_t count;
    size_t room;
    Term first[32];
} UtilStack;
void util_stack_init(UtilStack *stack);
bool util_stack_reserve(UtilStack *stack,
                        size_t count);          /* for so many more; false without memory */
bool util_stack_push(UtilStack *stack, Term t); /* the same */
void util_stack_free(UtilStack *stack);

/* Walks deep data: lists of small integers and bitstrings, in order, without recursion. */
typedef enum { WALK_END, WALK_INTEGER, WALK_BITS, WALK_BAD, WALK_NO_MEMORY } WalkItem;
typedef struct {
    Term rest;  /* to look at next: a list or the tail of one */
    bool first; /* rest is the whole */
    UtilStack later;
} UtilWalk;
void util_walk_open(UtilWalk *walk, Term deep);
/* The next integer (any small one) or bitstring. After BAD, walk->rest is what did not fit. */
WalkItem util_walk_next(UtilWalk *walk, Term *item);
void util_walk_close(UtilWalk *walk);

/* The bits (bytes * 8 for iodata) of deep data; with whole, only whole bytes are fine. */
UtilStatus util_iodata_bits(Term iodata, bool whole, uint64_t *bits);
/* Copies iodata of that many bytes (as util_iodata_bits told, whole) to out. */
UtilStatus util_iodata_copy(Term iodata, unsigned char *out);
/* Appends iodata to text. */
UtilStatus util_text_of_iodata(UtilText *text, Term iodata);

/* Raises what a status other than UTIL_OK means: badarg, system_limit, no memory. */
Term util_raise(Process *p, UtilStatus status);

/* ---- building ---- */

Term util_int64(Process *p, int64_t value);
Term util_uint64(Process *p, uint64_t value);
/* value must be finite. */
Term util_float(Process *p, double value);
/* t, or the exception for error if t is TERM_NONE (badarith, system_limit, no memory). */
Term util_number(Process *p, Term t, NumberError error);
Term util_cons(Process *p, Term head, Term tail);
Term util_tuple(Process *p, const Term *items, size_t arity);
#define UTIL_TUPLE(p, ...) \
    util_tuple(p, (const Term[]){__VA_ARGS__}, sizeof((const Term[]){__VA_ARGS__}) / sizeof(Term))
/* The bytes as a list, in front of tail. */
Term util_bytes_list(Process *p, const void *bytes, size_t length, Term tail);
/* The code points of well-formed UTF-8 as a list. */
Term util_utf8_list(Process *p, const char *text, size_t length);
Term util_binary(Process *p, const void *bytes, size_t length);
/* A binary that starts at a byte: t, or a copy of it; t itself if it is no binary. TERM_NONE,
 * raised, without memory. */
Term util_aligned(Process *p, Term t);
/* An atom of UTF-8 text known to be short and well formed. */
Term util_atom(Process *p, const char *text);
/* True if t is the atom of that text. */
bool util_atom_is(Process *p, Term t, const char *text);
/* {error, eacces} for -EACCES and so on. */
Term util_posix_error(Process *p, int64_t result);
/* The atom of an errno value. */
Term util_posix_atom(Process *p, int error);

/* Makes a list from its first element to its last, the length unknown. Nothing else may shrink the
 * heap meanwhile; other things may be built. */
typedef struct {
    Process *p;
    Term list;   /* TERM_NIL, or the first cell */
    Term *last;  /* the last cell, NULL if none */
    Term *next;  /* unused cells */
    size_t left; /* how many */
    size_t chunk;
    bool failed;
} UtilList;
void util_list_open(UtilList *maker, Process *p);
/* False, raised, without memory; the list is then worth nothing. */
bool util_list_add(UtilList *maker, Term element);
bool util_list_add_bytes(UtilList *maker, const unsigned char *bytes, size_t count);
/* The list, in front of tail; TERM_NONE, raised, if an add failed. */
Term util_list_close(UtilList *maker, Term tail);

#endif
