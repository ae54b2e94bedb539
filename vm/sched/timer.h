/* SPDX-License-Identifier: Apache-2.0 */
/* vm/sched/timer.h: a hierarchical timing wheel per scheduler (Varghese and Lauck, "Hashed and
 * hierarchical timing wheels", 1987), in steps of one millisecond.
 *
 * A timer is known by its id, whose low bits tell the scheduler whose wheel it stands in; any
 * thread may cancel or read it. It fires on its scheduler's thread, by sending its signal. Timers
 * of the same millisecond fire in the order in which they were started. Those that will send a
 * message to a pid are known by it, too, and end with its process. */
#ifndef ACT_SCHED_TIMER_H
#define ACT_SCHED_TIMER_H

#include "vm/base/spin.h"
#include "vm/proc/signal.h"

#include <stdalign.h>

enum { WHEEL_LEVELS = 7, WHEEL_SLOTS = 64, TIMER_SCHEDULER_BITS = 10 };

typedef struct Timer Timer;
struct Timer {
    Timer *next, *previous; /* in its slot */
    Timer *hash_next;
    Timer *to_next,
        **to_link; /* among those to one pid; to_link is NULL if it is not known by it */
    uint64_t id;
    uint64_t tick;  /* when it is due, in milliseconds of the monotonic clock */
    Term to;        /* pid, or the atom of a registered name */
    Signal *signal; /* owned */
    uint16_t level, slot;
};

typedef struct {
    alignas(64) SpinLock lock;
    /* under lock */
    uint64_t now; /* the tick up to which all has fired */
    uint64_t occupied[WHEEL_LEVELS];
    struct {
        Timer *first, *last;
    } slots[WHEEL_LEVELS][WHEEL_SLOTS];
    Timer **buckets;       /* by id */
    Timer **to_buckets;    /* by the pid they send to */
    uint32_t bucket_count; /* of both, a power of two */
    /* any thread, atomic; written under lock; relaxed: read outside only to see whether there is
     * anything to do, by the one thread that adds timers */
    _Atomic(uint32_t) count;
} TimerWheel;

/* How many timers stand in it. Any thread: a hint for all but the wheel's own. */
ACT_INLINE uint32_t wheel_count(const TimerWheel *wheel)
{
    return atomic_load_explicit(&wheel->count, memory_order_relaxed);
}

/* wheel is all zeros before. */
bool wheel_init(TimerWheel *wheel, uint64_t now_tick);
void wheel_free(TimerWheel *wheel);

/* Starts a timer; the wheel owns it and its signal if true. False without memory: signal is still
 * the caller's. Any thread. */
bool wheel_start(TimerWheel *wheel, uint64_t id, uint64_t tick, Term to, Signal *signal);
/* Stops timer id. Its tick and for whom it was through *tick and *to (which may be NULL), true;
 * false if it is not there (it has fired, or never was). Any thread. */
bool wheel_cancel(TimerWheel *wheel, uint64_t id, uint64_t *tick, Term *to);
/* Stops all that would send a message to pid. Any thread. */
void wheel_cancel_to(TimerWheel *wheel, Term pid);
/* As wheel_cancel, but only looks. */
bool wheel_read(TimerWheel *wheel, uint64_t id, uint64_t *tick, Term *to);
/* A timer that will send a message: whose, and to whom. */
typedef struct {
    uint64_t id, tick;
    Term from, to;
} TimerFact;
/* Writes down those that stand in the wheel, at most room; how many. Any thread. */
uint32_t wheel_list(TimerWheel *wheel, TimerFact *facts, uint32_t room);
/* Takes out all that is due at tick, in order, linked by next; the caller fires and frees them with
 * timer_free. The wheel's scheduler. */
Timer *wheel_advance(TimerWheel *wheel, uint64_t tick);
/* Frees a timer that is out of its wheel, not its signal. */
void timer_free(Timer *timer);
/* A tick not after the next one due; UINT64_MAX if there is none. Any thread. */
uint64_t wheel_next(TimerWheel *wheel);

#endif
