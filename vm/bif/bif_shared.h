/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_shared.h: what the built-ins of one VM keep between calls: clocks' starts and the
 * numbers that must be unique. Made at boot (vm_bifs in vm/vm_parts.h), before the first thread. */
#ifndef ACT_BIF_BIF_SHARED_H
#define ACT_BIF_BIF_SHARED_H

#include "vm/bif/bif_persistent.h"
#include "vm/bif/math_lib.h"
#include "vm/io/crypto_lib.h"
#include "vm/io/open_files.h"
#include "vm/io/re_cache.h"
#include "vm/types.h"

#include <stdatomic.h>

/* Erlang's monotonic time at boot and at its end, nanoseconds: it begins below zero, so that a
 * program that takes it for the time of day is found out at once. */
#define BIF_MONOTONIC_START (-576460752 * INT64_C(1000000000))
#define BIF_MONOTONIC_END (INT64_MAX - (INT64_C(1) << 59))

struct BifShared {
    /* never change */
    int64_t start_monotonic; /* host's monotonic time at boot */
    int64_t time_offset;     /* erlang:time_offset(): system time less monotonic time, native */
    OpenFiles *files;        /* io/open_files.h */
    PersistentTerms *persistent;
    ReCache *patterns;
    CryptoLib *crypto;
    MathLib math; /* any thread */
    /* any thread, atomic, relaxed: each a number for itself that publishes nothing */
    _Atomic(int64_t) last_now;      /* microseconds that erlang:now/0 gave last */
    _Atomic(int64_t) unique;        /* unique_integer/0,1 gave so many */
    _Atomic(int64_t) unique_rising; /* unique_integer([monotonic]) so many */
    _Atomic(int64_t) last_runtime;  /* statistics/1 told last, for its "since last" halves */
    _Atomic(int64_t) last_wall_clock;
    _Atomic(int64_t) last_reductions;
    _Atomic(int64_t) bytes_in;
    _Atomic(int64_t) bytes_out;
    _Atomic(int64_t) backtrace_depth; /* system_flag(backtrace_depth, N) */
    _Atomic(int64_t) fullsweep_after;
    _Atomic(int64_t) min_heap_size;
    /* told by system_info as they were set, without effect; 0: as many as there are */
    _Atomic(int64_t) schedulers_online, dirty_schedulers_online;
    _Atomic(int64_t) trace_control_word, outstanding_requests;
    _Atomic(uintptr_t) system_logger; /* a Term: a pid or an atom; 0: logger */
};

/* NULL without memory; given back with bif_shared_free. */
BifShared *bif_shared_new(Host *host);
void bif_shared_free(BifShared *shared, Host *host);
/* A process has ended: what it had open is closed. Any scheduler's thread; cheap if nothing is. */
void bif_shared_process_ended(BifShared *shared, Host *host, Term pid);

/* Erlang's monotonic time in nanoseconds; starts far below zero, as OTP's does. */
int64_t bif_shared_monotonic(const BifShared *shared, Host *host);

#endif
