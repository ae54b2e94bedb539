/* SPDX-License-Identifier: Apache-2.0 */
/* vm/exec/exec.h: running a process's code until its turn ends.
 *
 * The interpreter knows no threads: it returns, and run/ decides what happens next. */
#ifndef ACT_EXEC_EXEC_H
#define ACT_EXEC_EXEC_H

#include "vm/code/code.h"
#include "vm/proc/process.h"
#include "vm/sched/scheduler.h"

typedef enum {
    EXEC_YIELDED, /* the turn is used up; p wants to run on */
    EXEC_WAITING, /* p stops until a signal comes */
    EXEC_AWAY,    /* p->away_work is to be done elsewhere; then p runs on (sched/away.h) */
    EXEC_EXITED,  /* p ends with p->exit_reason */
} ExecEnd;

/* Runs p, whose scheduler s is, for at most p->reductions. Its whole state is in p afterwards. */
ExecEnd exec_run(Scheduler *s, Process *p);

/* The op words of the instructions, in ExecOp's order, for code_init. */
const uint32_t *exec_op_words(void);

#endif
