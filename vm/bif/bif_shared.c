/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_shared.c: see bif_shared.h. */
#include "vm/bif/bif_shared.h"

#include "vm/base/alloc.h"
#include "vm/host/host.h"

BifShared *bif_shared_new(Host *host)
{
    BifShared *shared = alloc_try_zero(sizeof *shared);
    if (shared == NULL) {
        return NULL;
    }
    shared->files = open_files_new();
    shared->persistent = bif_persistent_new(host);
    shared->patterns = re_cache_new(host);
    shared->crypto = crypto_lib_new(host);
    if (shared->files == NULL || shared->persistent == NULL || shared->patterns == NULL ||
        shared->crypto == NULL) {
        bif_shared_free(shared, host);
        return NULL;
    }
    shared->start_monotonic = host->monotonic(host);
    shared->time_offset = host->wall(host) - BIF_MONOTONIC_START;
    atomic_init(&shared->backtrace_depth, 8);
    atomic_init(&shared->fullsweep_after, 65535);
    atomic_init(&shared->min_heap_size, 233);
    atomic_init(&shared->schedulers_online, 0);
    atomic_init(&shared->dirty_schedulers_online, 0);
    atomic_init(&shared->trace_control_word, 0);
    atomic_init(&shared->outstanding_requests, 4);
    atomic_init(&shared->system_logger, 0);
    return shared;
}

void bif_shared_free(BifShared *shared, Host *host)
{
    if (shared != NULL) {
        if (shared->files != NULL) {
            open_files_free(shared->files, host);
        }
        bif_persistent_free(shared->persistent, host);
        re_cache_free(shared->patterns);
        crypto_lib_free(shared->crypto, host); /* terms that use it are gone by now */
        alloc_free(shared);
    }
}

void bif_shared_process_ended(BifShared *shared, Host *host, Term pid)
{
    open_files_close_owned(shared->files, host, pid);
}

int64_t bif_shared_monotonic(const BifShared *shared, Host *host)
{
    return host->monotonic(host) - shared->start_monotonic + BIF_MONOTONIC_START;
}
