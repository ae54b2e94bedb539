/* SPDX-License-Identifier: Apache-2.0 */
/* vm/host/host_sim.c: a world that repeats itself. Time stands still but for a small step at each
 * reading of a clock (so that a program that waits by looking at the clock gets on) and for jumps
 * to the next timer when nothing else is to do; random bytes come from the seed; there is one core
 * and no time zone. Files, environment and terminal are the operating system's. */
#include "vm/base/alloc.h"
#include "vm/host/host.h"

#include <stdatomic.h>

enum { STEP = 1000 }; /* nanoseconds a reading takes */

/* 1 January 2025, 00:00:00 UTC: when every simulated run starts. */
static const int64_t sim_epoch = 1735689600 * INT64_C(1000000000);

typedef struct {
    _Atomic(int64_t) now;     /* any thread; relaxed: a number, publishes nothing */
    _Atomic(uint64_t) random; /* the same */
    bool (*os_event_wait)(Host *host, HostEvent *event, int64_t until);
} SimState;

static SimState *state_of(Host *host)
{
    return host->state;
}

static int64_t sim_monotonic(Host *host)
{
    return atomic_fetch_add_explicit(&state_of(host)->now, STEP, memory_order_relaxed) + STEP;
}

static int64_t sim_wall(Host *host)
{
    return sim_epoch + sim_monotonic(host);
}

static int64_t sim_utc_offset(Host *host, int64_t wall_seconds)
{
    return 0;
}

/* One word of the sequence that the seed starts (a counter, mixed as in SplitMix64). */
static uint64_t next_random(SimState *state)
{
    uint64_t z =
        atomic_fetch_add_explicit(&state->random, 0x9E3779B97F4A7C15, memory_order_relaxed);
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
    z = (z ^ z >> 27) * 0x94D049BB133111EB;
    return z ^ z >> 31;
}

static void sim_random(Host *host, void *bytes, size_t size)
{
    unsigned char *out = bytes;
    for (size_t done = 0; done < size;) {
        uint64_t word = next_random(state_of(host));
        for (unsigned i = 0; i < sizeof word && done < size; i++) {
            out[done++] = (unsigned char)(word >> 8 * i);
        }
    }
}

static unsigned sim_cores(Host *host)
{
    return 1;
}

static bool sim_event_wait(Host *host, HostEvent *event, int64_t until)
{
    SimState *state = state_of(host);
    if (until == INT64_MAX) { /* only another OS thread can end this */
        return state->os_event_wait(host, event, until);
    }
    if (state->os_event_wait(host, event, 0)) { /* 0 is past: looks, does not sleep */
        return true;
    }
    int64_t now = atomic_load_explicit(&state->now, memory_order_relaxed);
    while (now < until &&
           !atomic_compare_exchange_weak_explicit(&state->now, &now, until, memory_order_relaxed,
                                                  memory_order_relaxed)) {
    }
    return false;
}

Host *host_sim_new(uint64_t seed)
{
    Host *host = host_os_new();
    SimState *state = alloc_must_zero(sizeof *state);
    atomic_init(&state->now, 0);
    atomic_init(&state->random, seed + 0x9E3779B97F4A7C15);
    state->os_event_wait = host->event_wait;
    host->state = state;
    host->simulated = true;
    host->monotonic = sim_monotonic;
    host->wall = sim_wall;
    host->cpu_time = sim_monotonic;
    host->thread_time = sim_monotonic;
    host->utc_offset = sim_utc_offset;
    host->random = sim_random;
    host->cores = sim_cores;
    host->event_wait = sim_event_wait;
    return host;
}
