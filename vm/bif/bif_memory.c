/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_memory.c: erlang:memory/0,1: bytes in use, counted where they are allocated
 * (base/alloc.h) and where the machine has mapped tables of its own. What the allocator keeps for
 * later is not in use: the operating system may see more.
 *
 * total = processes + system; atom, binary, code and ets are parts of system. */
#include "vm/base/alloc.h"
#include "vm/bif/bif_util.h"
#include "vm/code/code.h"
#include "vm/ets/ets_tables.h"
#include "vm/proc/table.h"
#include "vm/term/atom.h"
#include "vm/vm_parts.h"

/* In the order of memory/0. */
typedef enum {
    MEMORY_TOTAL,
    MEMORY_PROCESSES,
    MEMORY_PROCESSES_USED, /* all of it: room that a heap has left is not told apart */
    MEMORY_SYSTEM,
    MEMORY_ATOM,
    MEMORY_ATOM_USED,
    MEMORY_BINARY,
    MEMORY_CODE,
    MEMORY_ETS,
    MEMORY_KINDS
} MemoryKind;

static const char *const names[MEMORY_KINDS] = {
    "total", "processes", "processes_used", "system", "atom", "atom_used", "binary", "code", "ets"};

/* All kinds as they are at one moment, so that their sums hold. */
typedef struct {
    uint64_t bytes[MEMORY_KINDS];
} Memory;

static void measure(Process *p, Memory *m)
{
    Vm *vm = p->vm;
    size_t mapped = 0; /* of the code's bytes, those that are no blocks of the allocator */
    m->bytes[MEMORY_PROCESSES] = alloc_used(ALLOC_PROCESS);
    m->bytes[MEMORY_BINARY] = alloc_used(ALLOC_BINARY);
    m->bytes[MEMORY_CODE] = code_memory(vm, &mapped);
    m->bytes[MEMORY_ETS] = ets_tables_bytes(vm);
    m->bytes[MEMORY_ATOM] = atom_bytes(vm_atoms(vm), &m->bytes[MEMORY_ATOM_USED]);
    m->bytes[MEMORY_PROCESSES_USED] = m->bytes[MEMORY_PROCESSES];
    m->bytes[MEMORY_SYSTEM] = alloc_used(ALLOC_SYSTEM) + m->bytes[MEMORY_BINARY] + mapped +
                              process_table_bytes(vm->processes);
    m->bytes[MEMORY_TOTAL] = m->bytes[MEMORY_PROCESSES] + m->bytes[MEMORY_SYSTEM];
}

/* Adds {Kind, Bytes}; false, raised, without memory. */
static bool add_pair(Process *p, UtilList *list, const Memory *m, size_t kind)
{
    Term name = util_atom(p, names[kind]);
    Term pair = term_same(name, TERM_NONE)
                    ? TERM_NONE
                    : UTIL_TUPLE(p, name, small_make((int64_t)m->bytes[kind]));
    return !term_same(pair, TERM_NONE) && util_list_add(list, pair);
}

/* The kind of that name; MEMORY_KINDS if it is none. */
static size_t kind_of(Process *p, Term name)
{
    size_t kind = 0;
    while (kind < MEMORY_KINDS && !util_atom_is(p, name, names[kind])) {
        kind++;
    }
    return kind;
}

Term bif_erlang_memory_0(Process *p, const Term *a)
{
    Memory m;
    measure(p, &m);
    UtilList list;
    util_list_open(&list, p);
    for (size_t kind = 0; kind < MEMORY_KINDS; kind++) {
        if (!add_pair(p, &list, &m, kind)) {
            return TERM_NONE;
        }
    }
    return util_list_close(&list, TERM_NIL);
}

Term bif_erlang_memory_1(Process *p, const Term *a)
{
    Memory m;
    measure(p, &m);
    size_t kind = kind_of(p, a[0]);
    if (kind < MEMORY_KINDS) {
        return small_make((int64_t)m.bytes[kind]);
    }
    UtilList list;
    util_list_open(&list, p);
    Term wanted = a[0];
    for (; term_is_cons(wanted); wanted = cons_tail(wanted)) {
        kind = kind_of(p, cons_head(wanted));
        if (kind == MEMORY_KINDS) {
            return raise_badarg(p);
        }
        if (!add_pair(p, &list, &m, kind)) {
            return TERM_NONE;
        }
    }
    return term_is_nil(wanted) ? util_list_close(&list, TERM_NIL) : raise_badarg(p);
}
