/* SPDX-License-Identifier: Apache-2.0 */
/* vm/sched/timer.c: seven levels of 64 slots; a level's slot spans all slots of the level below. */
#include "vm/sched/timer.h"

#include "vm/base/alloc.h"

enum { SLOT_BITS = 6, FIRST_BUCKETS = 64 };

bool wheel_init(TimerWheel *wheel, uint64_t now_tick)
{
    wheel->now = now_tick;
    wheel->bucket_count = FIRST_BUCKETS;
    wheel->buckets = alloc_try_zero(FIRST_BUCKETS * sizeof(Timer *));
    wheel->to_buckets = alloc_try_zero(FIRST_BUCKETS * sizeof(Timer *));
    return wheel->buckets && wheel->to_buckets;
}

static void free_timer(Timer *timer)
{
    signal_free(timer->signal);
    timer_free(timer);
}

void timer_free(Timer *timer)
{
    alloc_free_for(ALLOC_SYSTEM, timer, sizeof *timer);
}

void wheel_free(TimerWheel *wheel)
{
    for (uint32_t i = 0; i < wheel->bucket_count; i++) {
        while (wheel->buckets[i]) {
            Timer *timer = wheel->buckets[i];
            wheel->buckets[i] = timer->hash_next;
            free_timer(timer);
        }
    }
    alloc_free(wheel->buckets);
    alloc_free(wheel->to_buckets);
}

static uint32_t bucket_number(const TimerWheel *wheel, uint64_t key)
{
    return (key * 0x9E3779B97F4A7C15u) >> 40 & (wheel->bucket_count - 1);
}

static Timer **bucket_of(TimerWheel *wheel, uint64_t id)
{
    return &wheel->buckets[bucket_number(wheel, id)];
}

static void link_to(TimerWheel *wheel, Timer *timer)
{
    Timer **bucket = &wheel->to_buckets[bucket_number(wheel, timer->to.w)];
    timer->to_next = *bucket;
    timer->to_link = bucket;
    if (*bucket) {
        (*bucket)->to_link = &timer->to_next;
    }
    *bucket = timer;
}

static void unlink_to(Timer *timer)
{
    if (timer->to_link) {
        *timer->to_link = timer->to_next;
        if (timer->to_next) {
            timer->to_next->to_link = timer->to_link;
        }
    }
}

/* The level is that of the highest group of 6 bits in which tick differs from now. */
static void insert(TimerWheel *wheel, Timer *timer)
{
    uint64_t tick = ACT_MAX(timer->tick, wheel->now);
    uint64_t differs = tick ^ wheel->now;
    unsigned level = differs ? (63 - (unsigned)__builtin_clzll(differs)) / SLOT_BITS : 0;
    unsigned slot;
    if (level >= WHEEL_LEVELS) {
        level = WHEEL_LEVELS - 1;
        slot = ((wheel->now >> (SLOT_BITS * level)) - 1) & (WHEEL_SLOTS - 1);
    } else {
        slot = tick >> (SLOT_BITS * level) & (WHEEL_SLOTS - 1);
    }
    timer->level = (uint16_t)level;
    timer->slot = (uint16_t)slot;
    timer->next = NULL;
    timer->previous = wheel->slots[level][slot].last;
    if (timer->previous) {
        timer->previous->next = timer;
    } else {
        wheel->slots[level][slot].first = timer;
    }
    wheel->slots[level][slot].last = timer;
    wheel->occupied[level] |= (uint64_t)1 << slot;
}

static void take_out(TimerWheel *wheel, Timer *timer)
{
    unsigned level = timer->level, slot = timer->slot;
    if (timer->previous) {
        timer->previous->next = timer->next;
    } else {
        wheel->slots[level][slot].first = timer->next;
    }
    if (timer->next) {
        timer->next->previous = timer->previous;
    } else {
        wheel->slots[level][slot].last = timer->previous;
    }
    if (!wheel->slots[level][slot].first) {
        wheel->occupied[level] &= ~((uint64_t)1 << slot);
    }
}

/* So many buckets from now on; without memory as many as before: slower, not wrong. Under lock. */
static void set_bucket_count(TimerWheel *wheel, uint32_t count)
{
    Timer **buckets = alloc_try_zero(count * sizeof(Timer *));
    Timer **to_buckets = alloc_try_zero(count * sizeof(Timer *));
    if (!buckets || !to_buckets) {
        alloc_free(buckets);
        alloc_free(to_buckets);
        return;
    }
    Timer **old = wheel->buckets;
    uint32_t old_count = wheel->bucket_count;
    alloc_free(wheel->to_buckets);
    wheel->buckets = buckets;
    wheel->to_buckets = to_buckets;
    wheel->bucket_count = count;
    for (uint32_t i = 0; i < old_count; i++) {
        while (old[i]) {
            Timer *timer = old[i];
            old[i] = timer->hash_next;
            Timer **bucket = bucket_of(wheel, timer->id);
            timer->hash_next = *bucket;
            *bucket = timer;
            if (timer->to_link) {
                link_to(wheel, timer);
            }
        }
    }
    alloc_free(old);
}

/* After timers were taken out. Under lock. */
static void shrink_buckets(TimerWheel *wheel)
{
    uint32_t count = wheel->bucket_count;
    while (count > FIRST_BUCKETS && wheel_count(wheel) < count / 16) {
        count /= 4;
    }
    if (count < wheel->bucket_count) {
        set_bucket_count(wheel, count);
    }
}

bool wheel_start(TimerWheel *wheel, uint64_t id, uint64_t tick, Term to, Signal *signal)
{
    Timer *timer = alloc_try_for(ALLOC_SYSTEM, sizeof *timer);
    if (!timer) {
        return false;
    }
    *timer = (Timer){.id = id, .tick = tick, .to = to, .signal = signal};
    spin_lock(&wheel->lock);
    if (wheel_count(wheel) >= wheel->bucket_count) {
        set_bucket_count(wheel, wheel->bucket_count * 4);
    }
    insert(wheel, timer);
    Timer **bucket = bucket_of(wheel, id);
    timer->hash_next = *bucket;
    *bucket = timer;
    if (term_is_pid(to) && signal_kind(signal) == SIGNAL_MESSAGE) {
        link_to(wheel, timer);
    }
    atomic_fetch_add_explicit(&wheel->count, 1, memory_order_relaxed);
    spin_unlock(&wheel->lock);
    return true;
}

static Timer *take_from_bucket(TimerWheel *wheel, uint64_t id)
{
    Timer **at = bucket_of(wheel, id);
    while (*at && (*at)->id != id) {
        at = &(*at)->hash_next;
    }
    Timer *timer = *at;
    if (timer) {
        *at = timer->hash_next;
        unlink_to(timer);
        atomic_fetch_sub_explicit(&wheel->count, 1, memory_order_relaxed);
    }
    return timer;
}

bool wheel_cancel(TimerWheel *wheel, uint64_t id, uint64_t *tick, Term *to)
{
    spin_lock(&wheel->lock);
    Timer *timer = take_from_bucket(wheel, id);
    if (timer) {
        take_out(wheel, timer);
        shrink_buckets(wheel);
    }
    spin_unlock(&wheel->lock);
    if (!timer) {
        return false;
    }
    if (tick) {
        *tick = timer->tick;
    }
    if (to) {
        *to = timer->to;
    }
    free_timer(timer);
    return true;
}

void wheel_cancel_to(TimerWheel *wheel, Term pid)
{
    spin_lock(&wheel->lock);
    Timer *ended = NULL;
    Timer *timer = wheel->to_buckets[bucket_number(wheel, pid.w)];
    for (Timer *next; timer; timer = next) {
        next = timer->to_next;
        if (term_same(timer->to, pid)) {
            take_from_bucket(wheel, timer->id);
            take_out(wheel, timer);
            timer->next = ended;
            ended = timer;
        }
    }
    shrink_buckets(wheel);
    spin_unlock(&wheel->lock);
    for (Timer *next; ended; ended = next) {
        next = ended->next;
        free_timer(ended);
    }
}

bool wheel_read(TimerWheel *wheel, uint64_t id, uint64_t *tick, Term *to)
{
    spin_lock(&wheel->lock);
    Timer *timer = *bucket_of(wheel, id);
    while (timer && timer->id != id) {
        timer = timer->hash_next;
    }
    if (timer) {
        *tick = timer->tick;
        *to = timer->to;
    }
    spin_unlock(&wheel->lock);
    return timer != NULL;
}

uint32_t wheel_list(TimerWheel *wheel, TimerFact *facts, uint32_t room)
{
    uint32_t found = 0;
    spin_lock(&wheel->lock);
    for (uint32_t i = 0; i < wheel->bucket_count; i++) {
        for (const Timer *t = wheel->buckets[i]; t && found < room; t = t->hash_next) {
            if (signal_kind(t->signal) == SIGNAL_MESSAGE) {
                facts[found++] = (TimerFact){t->id, t->tick, t->signal->from, t->to};
            }
        }
    }
    spin_unlock(&wheel->lock);
    return found;
}

/* When the first slot in use of a level begins; level 0 slots begin when they are due. */
static uint64_t level_next(const TimerWheel *wheel, unsigned level)
{
    if (!wheel->occupied[level]) {
        return UINT64_MAX;
    }
    unsigned shift = SLOT_BITS * level;
    unsigned here = wheel->now >> shift & (WHEEL_SLOTS - 1);
    uint64_t turned = wheel->occupied[level] >> here |
                      (here ? wheel->occupied[level] << (WHEEL_SLOTS - here) : 0);
    unsigned ahead = (unsigned)__builtin_ctzll(turned);
    return ((wheel->now >> shift) + ahead) << shift;
}

static uint64_t next_event(const TimerWheel *wheel, unsigned *level)
{
    uint64_t next = UINT64_MAX;
    for (unsigned i = WHEEL_LEVELS; i-- > 0;) {
        uint64_t at = level_next(wheel, i);
        if (at != UINT64_MAX && ACT_MAX(at, wheel->now) < next) {
            next = ACT_MAX(at, wheel->now);
            *level = i;
        }
    }
    return next;
}

/* Takes the slot of `level` that begins now: due timers go to the end of *due, others to lower
 * levels. Higher levels come first at equal times (next_event), so order is kept. */
static Timer **empty_slot(TimerWheel *wheel, unsigned level, Timer **due)
{
    unsigned slot = wheel->now >> (SLOT_BITS * level) & (WHEEL_SLOTS - 1);
    Timer *timer = wheel->slots[level][slot].first;
    wheel->slots[level][slot].first = wheel->slots[level][slot].last = NULL;
    wheel->occupied[level] &= ~((uint64_t)1 << slot);
    while (timer) {
        Timer *next = timer->next;
        if (timer->tick <= wheel->now) {
            take_from_bucket(wheel, timer->id);
            timer->next = NULL;
            *due = timer;
            due = &timer->next;
        } else {
            insert(wheel, timer);
        }
        timer = next;
    }
    return due;
}

Timer *wheel_advance(TimerWheel *wheel, uint64_t tick)
{
    Timer *due = NULL;
    Timer **end = &due;
    spin_lock(&wheel->lock);
    unsigned level = 0;
    for (uint64_t at; (at = next_event(wheel, &level)) <= tick;) {
        wheel->now = at;
        end = empty_slot(wheel, level, end);
    }
    wheel->now = ACT_MAX(wheel->now, tick);
    shrink_buckets(wheel);
    spin_unlock(&wheel->lock);
    return due;
}

uint64_t wheel_next(TimerWheel *wheel)
{
    unsigned level;
    spin_lock(&wheel->lock);
    uint64_t next = next_event(wheel, &level);
    spin_unlock(&wheel->lock);
    return next;
}
