/* SPDX-License-Identifier: Apache-2.0 */
/* vm/host/host_os.c: the real world (libuv for threads, POSIX for the rest). Stateless: every row
 * works on the operating system's own objects, so all rows are good on any thread. */
#include "vm/host/host_os.h"

#include "vm/base/alloc.h"

Host *host_os_new(void)
{
    Host *host = alloc_must_zero(sizeof *host);
    atomic_init(&host->holds, 1);
    host->cores = host_os_cores;
    host_os_time_fill(host);
    host_os_thread_fill(host);
    host_os_file_fill(host);
    host_os_path_fill(host);
    host_os_system_fill(host);
    host_os_signal_fill(host);
    return host;
}

Host *host_share(Host *host)
{
    /* relaxed: whoever shares it has it */
    atomic_fetch_add_explicit(&host->holds, 1, memory_order_relaxed);
    return host;
}

void host_free(Host *host)
{
    /* acq_rel: the last one sees all of the others' uses finished */
    if (host == NULL || atomic_fetch_sub_explicit(&host->holds, 1, memory_order_acq_rel) > 1) {
        return;
    }
    alloc_free(host->state);
    alloc_free(host);
}
