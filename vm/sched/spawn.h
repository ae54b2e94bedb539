/* SPDX-License-Identifier: Apache-2.0 */
/* vm/sched/spawn.h: new processes. */
#ifndef ACT_SCHED_SPAWN_H
#define ACT_SCHED_SPAWN_H

#include "vm/sched/scheduler.h"

typedef struct {
    bool link, monitor;
    bool off_heap;    /* message_queue_data */
    bool from_away;   /* the parent is back with it, after spawn_goes_away */
    Term monitor_ref; /* the parent's new reference if monitor */
    Priority priority;
    size_t min_words;    /* 0: default */
    uint64_t max_heap;   /* proc/max_heap.h; SPAWN_MAX_HEAP_DEFAULT: as the machine has it */
    uint32_t full_every; /* 65535: default */
} SpawnOptions;

#define SPAWN_MAX_HEAP_DEFAULT UINT64_MAX
#define SPAWN_DEFAULTS \
    ((SpawnOptions){ \
        .priority = PRIORITY_NORMAL, .full_every = 65535, .max_heap = SPAWN_MAX_HEAP_DEFAULT})

/* Huge closures and arguments are copied on a helper thread (sched/away.h): true if parent comes
 * again for that. */
bool spawn_goes_away(Process *parent, Term module, Term name, Term args);
/* A process that calls module:name(args...), args a proper list, or (name TERM_NONE) the fun
 * `module` without arguments. parent's heap holds them; NULL parent: the first process of vm, args
 * immediates or literals. The pid, or TERM_NONE with the raise done (parent) or not (no parent). */
Term spawn_process(Scheduler *s, Process *parent, Term module, Term name, Term args,
                   const SpawnOptions *options);

#endif
