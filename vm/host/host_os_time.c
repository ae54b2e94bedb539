/* SPDX-License-Identifier: Apache-2.0 */
/* vm/host/host_os_time.c: clocks, random bytes and memory of the operating system.
 */
#include "vm/host/host_os.h"

#include "vm/base/bug.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <time.h>

static int64_t read_clock(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static int64_t os_monotonic(Host *host)
{
    return read_clock(CLOCK_MONOTONIC);
}

static int64_t os_wall(Host *host)
{
    return read_clock(CLOCK_REALTIME);
}

static int64_t os_cpu_time(Host *host)
{
    return read_clock(CLOCK_PROCESS_CPUTIME_ID);
}

static int64_t os_thread_time(Host *host)
{
    return read_clock(CLOCK_THREAD_CPUTIME_ID);
}

static int64_t os_utc_offset(Host *host, int64_t wall_seconds)
{
    time_t seconds = (time_t)wall_seconds;
    struct tm local;
    if (localtime_r(&seconds, &local) == NULL) {
        return 0;
    }
    return local.tm_gmtoff;
}

static void os_random(Host *host, void *bytes, size_t size)
{
    unsigned char *next = bytes;
    while (size > 0) {
        ssize_t got = getrandom(next, size, 0);
        if (got < 0) {
            VM_CHECK(errno == EINTR);
            continue;
        }
        next += got;
        size -= (size_t)got;
    }
}

static void *os_reserve(Host *host, size_t bytes)
{
    void *block = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return block == MAP_FAILED ? NULL : block;
}

static void *os_reserve_at(Host *host, void *address, size_t bytes)
{
    void *block = mmap(address, bytes, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
    if (block != MAP_FAILED && block != address) { /* Linux before 4.17 takes it as a hint */
        munmap(block, bytes);
        return NULL;
    }
    return block == MAP_FAILED ? NULL : block;
}

static bool os_move_pages(Host *host, void *to, const void *from, size_t bytes)
{
    return bytes == 0 ||
           (mremap((void *)from, bytes, bytes, MREMAP_MAYMOVE | MREMAP_FIXED, to) != MAP_FAILED &&
            mprotect(to, bytes, PROT_READ | PROT_WRITE) == 0);
}

static void os_release(Host *host, void *block, size_t bytes)
{
    if (block != NULL) {
        munmap(block, bytes);
    }
}

void host_os_time_fill(Host *host)
{
    host->monotonic = os_monotonic;
    host->wall = os_wall;
    host->cpu_time = os_cpu_time;
    host->thread_time = os_thread_time;
    host->utc_offset = os_utc_offset;
    host->random = os_random;
    host->reserve = os_reserve;
    host->reserve_at = os_reserve_at;
    host->release = os_release;
    host->move_pages = os_move_pages;
}
