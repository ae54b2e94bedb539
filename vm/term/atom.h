/* SPDX-License-Identifier: Apache-2.0 */
/* vm/term/atom.h: atoms and their texts, one table a VM.
 *
 * An atom is never forgotten, so its index and its text stay where they are for ever: texts are
 * read without a lock. Adding takes a lock made of one atomic word; finding takes none.
 * Every table starts with the rows of atoms.def, in order. */
#ifndef ACT_TERM_ATOM_H
#define ACT_TERM_ATOM_H

#include "vm/base/area.h"
#include "vm/term/term.h"
#include "vm/types.h"

enum { ATOM_MAX_COUNT = 1048576, ATOM_MAX_POINTS = 255, ATOM_MAX_BYTES = ATOM_MAX_POINTS * 4 };
/* A program that has used up all atoms must still be able to load the library's modules: they have
 * rows that atom_intern does not give. ATOM_CAPACITY bounds the index of every atom. */
enum { ATOM_CODE_COUNT = 65536, ATOM_CAPACITY = ATOM_MAX_COUNT + ATOM_CODE_COUNT };

/* A table with atoms.def's atoms, in that area (NULL: none); NULL without memory. Given back by
 * atom_table_free. */
AtomTable *atom_table_new(Area *area);
/* A table that was mapped with its area, from where it is now and in times to come. */
void atom_table_set_area(AtomTable *table, Area *area);
/* No thread may use the table any more. */
void atom_table_free(AtomTable *table);

/* The atom of this UTF-8 text, made if new. TERM_NONE when the text is longer than
 * ATOM_MAX_POINTS code points or no UTF-8, the table is full, or without memory. Any thread. */
Term atom_intern(AtomTable *table, const char *utf8, size_t length);
/* As atom_intern, for the atoms that code is made of: may go on to ATOM_CAPACITY. Any thread. */
Term atom_intern_code(AtomTable *table, const char *utf8, size_t length);
/* As atom_intern_code, for a C string: a name that the machine knows. */
Term atom_intern_text(AtomTable *table, const char *text);
/* The atom of this text if there is one, else TERM_NONE. Any thread; takes no lock. */
Term atom_find(const AtomTable *table, const char *utf8, size_t length);

/* The atom's UTF-8 text, with a NUL byte after it; it lives as long as the table. Any thread. */
const char *atom_text(const AtomTable *table, Term atom, size_t *length);
/* How many atoms there are. Any thread. */
uint32_t atom_count(const AtomTable *table);
/* Bytes of its blocks; through *used those that atoms fill. Any thread. */
uint64_t atom_bytes(AtomTable *table, uint64_t *used);
/* Order of the texts by code point: <0, 0, >0. Any thread. */
int atom_compare(const AtomTable *table, Term a, Term b);
/* OTP's hash of the text, as phash2 wants it. Any thread. */
uint32_t atom_hash(const AtomTable *table, Term atom);

/* True if utf8 is well formed and at most ATOM_MAX_POINTS long: tells `badarg` from system_limit.
 */
bool atom_text_fits(const char *utf8, size_t length);

#endif
