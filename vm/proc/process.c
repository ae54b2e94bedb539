/* SPDX-License-Identifier: Apache-2.0 */
/* vm/proc/process.c: making, raising in and suspending a process. */
#include "vm/proc/process.h"

#include "vm/base/alloc.h"
#include "vm/bytecode/bytecode.h"
#include "vm/proc/dictionary.h"
#include "vm/proc/relations.h"

#include <stdarg.h>

Process *process_new(Vm *vm, size_t heap_words, const Term *literals, const Term *literals_end)
{
    Process *p = alloc_try_zero_for(ALLOC_PROCESS, sizeof(Process));
    if (!p) {
        return NULL;
    }
    if (!heap_init(&p->heap, heap_words, literals, literals_end)) {
        process_free(p);
        return NULL;
    }
    p->vm = vm;
    p->priority = PRIORITY_NORMAL;
    p->raise_reason = p->raise_trace = p->raise_args = p->raise_info = TERM_NONE;
    p->bif_state = p->exit_reason = TERM_NONE;
    p->group_leader = p->parent = TERM_NIL;
    p->error_handler = ATOM(error_handler);
    p->saved_x = p->saved_inline;
    p->saved_room = PROCESS_SAVED_X;
    mailbox_init(&p->mailbox);
    atomic_init(&p->state, PROCESS_ACTIVE);
    atomic_init(&p->name, TERM_NONE.w);
    atomic_init(&p->timed, false);
    return p;
}

void process_free_inside(Process *p)
{
    if (p->away_made) {
        p->away_unmake(p->away_made);
        p->away_made = NULL;
    }
    mailbox_clear(&p->mailbox);
    heap_free(&p->heap);
    dictionary_free(p);
    relations_free(p);
    alloc_free(p->tables);
    p->tables = NULL;
    if (p->saved_x != p->saved_inline) {
        alloc_free_for(ALLOC_PROCESS, p->saved_x, BC_MAX_X * sizeof(Term));
        p->saved_x = p->saved_inline;
        p->saved_room = PROCESS_SAVED_X;
    }
}

void process_free(Process *p)
{
    alloc_free_for(ALLOC_PROCESS, p, sizeof(Process));
}

bool process_save_x(Process *p, const Term *x, uint32_t count)
{
    if (count > p->saved_room) {
        Term *grown = alloc_try_for(ALLOC_PROCESS, BC_MAX_X * sizeof(Term));
        if (!grown) {
            return false;
        }
        p->saved_x = grown;
        p->saved_room = BC_MAX_X;
    }
    memcpy(p->saved_x, x, count * sizeof(Term));
    p->saved_count = count;
    return true;
}

Term raise_class(Process *p, Term class, Term reason)
{
    p->pending = PENDING_RAISE;
    p->raise_class = class;
    p->raise_reason = reason;
    p->raise_trace = TERM_NONE;
    p->raise_args = TERM_NONE;
    p->raise_info = TERM_NONE;
    p->raise_program = false;
    return TERM_NONE;
}

Term raise_error(Process *p, Term reason)
{
    return raise_class(p, ATOM(error), reason);
}

Term raise_badarg(Process *p)
{
    return raise_error(p, ATOM(badarg));
}

Term raise_badarith(Process *p)
{
    return raise_error(p, ATOM(badarith));
}

Term raise_system_limit(Process *p)
{
    return raise_error(p, ATOM(system_limit));
}

Term raise_no_memory(Process *p)
{
    p->pending = PENDING_EXIT;
    p->exit_reason = ATOM(killed);
    return TERM_NONE;
}

Term raise_tagged(Process *p, Term tag, Term value)
{
    Term *words = process_alloc(p, 3);
    if (!words) {
        return TERM_NONE;
    }
    words[0] = TERM_RAW(header_make(BOXED_TUPLE, 2));
    words[1] = tag;
    words[2] = value;
    return raise_error(p, boxed_term(words));
}

Term *process_alloc(Process *p, size_t words)
{
    Term *block = heap_alloc(&p->heap, words);
    if (ACT_UNLIKELY(!block)) {
        raise_no_memory(p);
    }
    return block;
}

Term bif_again(Process *p, Term state)
{
    p->bif_state = state;
    p->pending = PENDING_AGAIN;
    return TERM_NONE;
}

Term bif_trap(Process *p, const Export *to, uint32_t count, ...)
{
    va_list args;
    va_start(args, count);
    VM_CHECK(count <= PROCESS_TRAP_ARGS);
    for (uint32_t i = 0; i < count; i++) {
        p->trap_args[i] = va_arg(args, Term);
    }
    va_end(args);
    p->trap_to = to;
    p->trap_count = count;
    p->pending = PENDING_TRAP;
    return TERM_NONE;
}
