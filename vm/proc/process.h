/* SPDX-License-Identifier: Apache-2.0 */
/* vm/proc/process.h: a process.
 *
 * Owner of all fields without another word: the scheduler that runs it. Other threads touch only
 * the inbox (proc/mailbox.h), state and the identity, which never changes. */
#ifndef ACT_PROC_PROCESS_H
#define ACT_PROC_PROCESS_H

#include "vm/mem/heap.h"
#include "vm/proc/mailbox.h"

#include <stdatomic.h>

typedef enum {
    PENDING_NONE,
    PENDING_RAISE, /* raise_* was called: class, reason, trace below */
    PENDING_TRAP,  /* go to `trap_to` with trap_args in X0.. instead of returning */
    PENDING_AGAIN, /* the turn ends; the same built-in is called again with the same arguments */
    PENDING_WAIT,  /* as AGAIN, but only when a signal has come in */
    PENDING_EXIT,  /* the process ends with exit_reason, no handler runs (kill, exit signals) */
    PENDING_APPLY, /* go to X0:X1 with the list X2 as arguments instead of returning */
    PENDING_APPLY_FUN, /* go to the fun X0 with the list X1 as arguments instead of returning */
    PENDING_AWAY,      /* the turn ends; p->away_work is done, then the same again (sched/away.h) */
    PENDING_HIBERNATE, /* as APPLY, with the stack emptied first, and waits for a message */
} Pending;

typedef enum { PRIORITY_LOW, PRIORITY_NORMAL, PRIORITY_HIGH, PRIORITY_MAX } Priority;

enum { PROCESS_TRAP_ARGS = 6, PROCESS_SAVED_X = 6, PROCESS_AWAY_ARGS = 6 };

/* Process.away */
enum { AWAY_NO, AWAY_THERE, AWAY_BACK };

/* Process.state: who may run it. Changed with seq_cst: see mailbox_push. */
enum {
    PROCESS_ACTIVE,  /* running, or in a run queue */
    PROCESS_WAITING, /* whoever pushes a signal makes it ACTIVE and queues it */
    PROCESS_ENDED,
};

/* Process.flags */
enum {
    PROCESS_IS_SYSTEM = 1, /* no report when it crashes (act_boot tells itself) */
    PROCESS_TIMED_OUT = 2, /* the receive timer ran out since the last recv_wait_until */
};

struct Process {
    Heap heap;
    Scheduler *scheduler; /* that runs it now, or ran it last */
    Vm *vm;
    const Code *pc;       /* where to go on; NULL before the first turn */
    int32_t reductions;   /* left in this turn; built-ins that work long take from it */
    uint8_t pending;      /* Pending */
    uint8_t priority;     /* Priority */
    uint8_t away;         /* AWAY_NO … */
    uint8_t away_pending; /* Pending that the work has left */
    bool trap_exit;
    bool off_heap;  /* what the flag message_queue_data was set to */
    bool timed_out; /* the receive timer ran out */

    /* exceptions in flight */
    Term raise_class; /* ATOM(error), ATOM(exit), ATOM(throw) */
    Term raise_reason;
    Term raise_trace;       /* TERM_NONE: to be taken at the raise; else a raw trace or a list */
    Term raise_args;        /* arguments for the top entry of the trace (list), or TERM_NONE */
    Term raise_info;        /* error_info map or TERM_NONE */
    bool answering_waiting; /* it waits, and only answers a request in between */
    bool hibernating;       /* stopped in hibernate/3 */
    bool crashed;           /* an uncaught exception ended it */
    bool at_return;         /* pc follows a call: pc[-1] is its site */
    bool raise_program;     /* by error/1, exit/1 …: the built-in itself is not in the trace */

    /* traps */
    const Export *trap_to;
    Term trap_args[PROCESS_TRAP_ARGS];
    uint32_t trap_count;
    Term bif_state; /* what a suspended built-in keeps between turns; TERM_NONE at its start */

    /* registers while the process does not run */
    Term *saved_x; /* saved_inline, or a block of saved_room words */
    uint32_t saved_count;
    uint32_t saved_room;
    Term saved_inline[PROCESS_SAVED_X];

    /* identity; any thread, never changes */
    alignas(64) Term pid;
    /* any thread, atomic: PROCESS_ACTIVE … */
    _Atomic(uint32_t) state;
    /* any thread, atomic: word of the registered name, or TERM_NONE's. seq_cst: see proc/names.c */
    _Atomic(uintptr_t) name;
    /* any thread, atomic: some timer will send it a message. acq_rel exchanges, of who starts one
     * and of exit_process, pair with each other: see start_tied in bif/bif_timer.c */
    _Atomic(bool) timed;
    /* any thread, atomic, relaxed: Priority of the most urgent that waits for its answer, for its
     * next place in a run queue; its scheduler sets it back when it has a turn */
    _Atomic(uint8_t) lifted;
    Mailbox mailbox;

    Term group_leader;
    Term error_handler; /* an atom: the module that is called for functions that are not there */
    Term parent;
    Term initial_call[2]; /* module, function */
    uint32_t initial_arity;
    struct PDict *dictionary; /* proc/dictionary.h; NULL when empty */
    /* sched/away.h: touched by the helper thread while p is away, by p's scheduler else */
    void (*away_work)(struct Process *p);
    Term (*away_function)(struct Process *p, const Term *a);
    Term away_args[PROCESS_AWAY_ARGS];
    Term away_result;
    void *away_made; /* what the work has made outside p's heap, NULL when p has taken it */
    void (*away_unmake)(void *made);
    const Site *away_site;
    bool at_no_site; /* it compares: nothing can tell where it stands before it runs on */
    size_t away_need;

    struct Relations *relations; /* proc/relations.h: links and monitors; NULL when none */
    struct EtsOwned *tables;     /* ets/ets_tables.h: tables it owns or fixes; NULL when none */
    Term exit_reason;
    uint64_t max_heap;     /* proc/max_heap.h; heap.max_words holds its number */
    Signal *checks;        /* questions for when it stands still: sched/standing.h */
    uint32_t suspended;    /* processes that have suspended it; over 0: it gets no turns */
    struct HelperJob *job; /* sched/helpers.h: what it waits for, NULL if for no helper */
    uint64_t reductions_done;
    uint32_t flags;
    struct Timer *receive_timer;  /* sched/timer.h: the running `after`, or NULL */
    uint64_t receive_timer_id;    /* its number: a late SIGNAL_TIMEOUT has another */
    struct Process *retired_next; /* sched/epoch.h */
    uint64_t retired_epoch;
    struct Process
        *run_next; /* link of the run queue it stands in; owner: that queue's scheduler */
};

/* A process that nobody knows yet, with an empty heap of at least heap_words. NULL without memory.
 */
Process *process_new(Vm *vm, size_t heap_words, const Term *literals, const Term *literals_end);
/* Frees all it holds, but not the struct: other threads may still look at that. */
void process_free_inside(Process *p);
/* Frees the struct, of which nobody knows any more. */
void process_free(Process *p);
/* Keeps count registers for the next turn. False without memory. */
bool process_save_x(Process *p, const Term *x, uint32_t count);

/* The registered name, or TERM_NONE. Any thread. */
ACT_INLINE Term process_name(const Process *p)
{
    return TERM_RAW(atomic_load_explicit(&p->name, memory_order_seq_cst));
}

/* For built-ins. All return TERM_NONE, so that a built-in can say `return raise_badarg(p);` */
Term raise_error(Process *p, Term reason);
Term raise_class(Process *p, Term class, Term reason);
Term raise_badarg(Process *p);
Term raise_badarith(Process *p);
Term raise_system_limit(Process *p);
Term raise_no_memory(Process *p); /* ends the process as over max_heap_size, not the VM */
/* {Tag, value} as the reason: badmap, badkey, badfun, … */
Term raise_tagged(Process *p, Term tag, Term value);

/* Room for a term's words: heap_alloc on p's heap, or NULL with raise_no_memory done. */
Term *process_alloc(Process *p, size_t words);
/* Takes n reductions; true if the turn is used up and a long built-in should suspend. */
ACT_INLINE bool process_spend(Process *p, int32_t n)
{
    p->reductions -= n;
    return p->reductions <= 0;
}
/* Suspends a built-in: state (a term) is kept in p->bif_state; called again next turn. */
Term bif_again(Process *p, Term state);
/* Goes on in an Act function with these arguments instead of returning. */
Term bif_trap(Process *p, const Export *to, uint32_t count, ...);

#endif
