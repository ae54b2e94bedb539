/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/forms/etf.h: terms as bytes (Erlang's external format), read and written one after the
 * other without a tree: the only shape in which terms pass between a running program and the
 * compiler. What term_to_binary writes can be read, but for pids, references and closures; what is
 * written here binary_to_term reads. Neither side recurses. */
#ifndef ACT_FORMS_ETF_H
#define ACT_FORMS_ETF_H

#include "vm/base/arena.h"
#include "vm/base/vec.h"

/* ---- writing: a compound's head, then its parts in order; nothing closes it ---- */

typedef VEC(unsigned char) EtfOut;

/* The version byte that a whole term begins with. */
void etf_begin(EtfOut *out);
void etf_tuple(EtfOut *out, uint32_t arity);
/* The head of a list; count items and the tail (etf_nil) must follow, the tail always. */
void etf_list(EtfOut *out, uint32_t count);
void etf_nil(EtfOut *out);
void etf_map(EtfOut *out, uint32_t pairs);
/* UTF-8 of at most 255 code points. */
void etf_atom(EtfOut *out, const char *text);
void etf_atom_bytes(EtfOut *out, const char *text, size_t length);
void etf_int(EtfOut *out, int64_t value);
/* A non-negative number of any size from its digits, lower case, in base 2..36. */
void etf_digits(EtfOut *out, const char *digits, uint32_t base);
void etf_float(EtfOut *out, double value);
void etf_binary(EtfOut *out, const void *bytes, size_t length);
/* A list of code points. */
void etf_points(EtfOut *out, const uint32_t *points, uint32_t count);
/* The code points of UTF-8 text as a list. */
void etf_text(EtfOut *out, const char *text);
/* Bytes that are a term already. */
void etf_raw(EtfOut *out, const unsigned char *bytes, size_t length);

/* ---- reading ---- */

typedef struct {
    const unsigned char *bytes;
    size_t size;
    size_t at;
    bool bad; /* damaged, or something that cannot be read: stays so, all further items are END */
} EtfIn;

typedef enum {
    ETF_END, /* nothing more, or damage */
    ETF_INT, /* integer */
    ETF_BIG, /* bytes, least first; negative */
    ETF_FLOAT,
    ETF_ATOM,   /* bytes as written; latin1 tells how */
    ETF_TUPLE,  /* count parts follow */
    ETF_NIL,    /* [] */
    ETF_LIST,   /* count items and a tail follow */
    ETF_STRING, /* a list of length bytes */
    ETF_BINARY, /* bytes */
    ETF_BITS,   /* bytes; tail_bits are used of the last */
    ETF_MAP,    /* count pairs follow */
    ETF_EXPORT, /* three terms follow: module, function, arity */
} EtfKind;

typedef struct {
    EtfKind kind;
    uint32_t count;
    int64_t integer;
    double real;
    const unsigned char *bytes;
    size_t length;
    unsigned tail_bits;
    bool negative, latin1;
} EtfItem;

/* Starts to read a whole term, its version byte first. */
EtfIn etf_open(const unsigned char *bytes, size_t size);
/* Reads the head of the next term, or a term without parts. */
EtfItem etf_read(EtfIn *in);
/* The kind of the next term, which stays where it is. */
EtfItem etf_peek(const EtfIn *in);
/* Reads over the next term with all its parts; its bytes are in->bytes[return value .. in->at). */
size_t etf_skip(EtfIn *in);
/* An atom's text as UTF-8. In arena. */
const char *etf_atom_text(Arena *arena, const EtfItem *item, size_t *length);
bool etf_is_atom(const EtfItem *item, const char *text);
/* Begins a proper list (of items that are no bytes): false if the next term is none. Read count
 * items, then etf_list_end. */
bool etf_list_begin(EtfIn *in, uint32_t *count);
bool etf_list_end(EtfIn *in, uint32_t count);
/* A string: a list of code points or bytes, or a binary of UTF-8, as UTF-8 text; NULL if it is
 * none. In arena. */
char *etf_read_text(EtfIn *in, Arena *arena);
/* A list of code points. False if the next term is none. In arena. */
bool etf_read_points(EtfIn *in, Arena *arena, const uint32_t **points, uint32_t *count);
/* The digits of a BIG in base 16, lower case. In arena. */
const char *etf_big_digits(Arena *arena, const EtfItem *item);

#endif
