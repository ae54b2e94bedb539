/* SPDX-License-Identifier: Apache-2.0 */
/* vm/ets/ets_tables.h: the tables of a machine: finding, adding, deleting them, and what happens to
 * them when a process ends.
 *
 * A table is found by its reference (slot and id) or by its name's atom, without a lock. What a
 * process owns and holds fixed stands in a list that only its own scheduler touches; a table that
 * changes hands travels as a signal (SIGNAL_TABLE), so whoever ends before it arrives is found to
 * have lost it. A deleted table's rows are given back some at a time by the schedulers between
 * turns and when they are idle. */
#ifndef ACT_ETS_ETS_TABLES_H
#define ACT_ETS_ETS_TABLES_H

#include "vm/ets/ets.h"
#include "vm/proc/signal.h"

/* Puts vm->tables and the hooks that deliver.c calls in place. False without memory. */
bool ets_tables_new(Vm *vm);
/* Frees all tables; no scheduler runs any more, nothing is deferred. */
void ets_tables_free(Vm *vm);

/* Whether it can name a table: an atom, or the reference of one that is or was. */
bool ets_tables_names(Term id);
/* The table of a name or a reference, NULL if there is none. Good until the turn ends. */
EtsTable *ets_tables_find(Vm *vm, Term id);
/* t as the process calls it: its name, or a reference built in words (REF_WORDS of them). */
Term ets_tables_id(const EtsTable *t, Term *words);
Term ets_tables_ref(const EtsTable *t, Term *words);

typedef enum { ETS_ADDED, ETS_NAME_TAKEN, ETS_TOO_MANY, ETS_NO_MEMORY } EtsAdded;
/* Gives a complete table (from alloc) to the machine, p its owner. On failure it is still the
 * caller's. */
EtsAdded ets_tables_add(Process *p, EtsTable *t);
/* Frees a table that was never added. */
void ets_tables_drop(EtsTable *t);
/* Deletes t; false if somebody else just did. */
bool ets_tables_delete(Scheduler *s, EtsTable *t);
/* Gives t a name in the place of its old one; false if that is taken. */
bool ets_tables_rename(EtsTable *t, Term name);
/* p's table t goes to the process `to`, which is told {'ETS-TRANSFER', t, p, data}. False without
 * memory. */
bool ets_tables_give(Process *p, EtsTable *t, Term to, Term data);
/* Sets the heir: a pid and its data, or the atom none. False without memory. */
bool ets_tables_set_heir(Process *p, EtsTable *t, Term heir, Term data);

/* p holds t fixed once more (false without memory); once less, if it did. */
bool ets_tables_fix(Process *p, EtsTable *t);
void ets_tables_unfix(Process *p, EtsTable *t);

/* p has ended: its tables go to their heirs or away, what it fixed is loosened. */
void ets_tables_process_ended(Scheduler *s, Process *p);

/* A body that nobody finds any more: given back when nobody looks at it. */
void ets_tables_retire_body(Scheduler *s, EtsBody *body);
/* Gives back up to so many rows of those, more if many bodies wait: those who delete must not be
 * faster; false if nothing is left. Any scheduler. */
bool ets_tables_reap(Scheduler *s, size_t rows);

/* The machine's own table of compiled match specifications (bif_ets_spec.c): a public set. */
EtsTable *ets_tables_specs(const Vm *vm);
/* Bytes of all tables. */
uint64_t ets_tables_bytes(Vm *vm);
/* How many tables there are; the one in slot i (from 0 to slots - 1), NULL if none. */
uint32_t ets_tables_count(const Vm *vm);
uint32_t ets_tables_slots(const Vm *vm);
EtsTable *ets_tables_at(const Vm *vm, uint32_t slot);

#endif
