/* SPDX-License-Identifier: Apache-2.0 */
/* vm/host/host_os_thread.c: threads and mutexes over libuv's, events over semaphores.
 *
 * An event is a word, and a semaphore for the one thread that sleeps on it. Raising it is one
 * atomic exchange, and a system call only when it is slept on; a handler of the operating
 * system's signals may do it, too. */
#include "vm/host/host_os.h"

#include "vm/base/alloc.h"
#include "vm/base/bug.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <uv.h>

enum { NS_PER_SECOND = 1000000000 };

struct HostThread {
    uv_thread_t id;
    void (*body)(void *);
    void *argument;
    char name[16];
};

struct HostMutex {
    uv_mutex_t mutex;
};

/* What an event is: down, up, or down with the one thread that may wait for it asleep. */
enum { EVENT_DOWN, EVENT_UP, EVENT_SLEPT_ON };

struct HostEvent {
    /* any thread, atomic; exchanges are acq_rel: what was done before a raise is seen after the
     * wait that it ended, also when the event was up already */
    _Atomic(int) is;
    sem_t wake; /* counts raises of a slept on event: none or one */
};

static void thread_main(void *argument)
{
    HostThread *thread = argument;
    prctl(PR_SET_NAME, thread->name);
    thread->body(thread->argument);
}

static void os_thread_join(Host *host, HostThread *thread)
{
    VM_CHECK(uv_thread_join(&thread->id) == 0);
    alloc_free(thread);
}

static void detached_main(void *argument)
{
    pthread_detach(pthread_self());
    thread_main(argument);
    alloc_free(argument);
}

static HostThread *new_thread(void (*body)(void *), void *argument, const char *name)
{
    HostThread *thread = alloc_try_zero(sizeof *thread);
    if (thread != NULL) {
        thread->body = body;
        thread->argument = argument;
        strncpy(thread->name, name == NULL ? "act" : name, sizeof thread->name - 1);
    }
    return thread;
}

/* Runs main on a thread of its own, given thread; false, and thread freed, if there can be none. */
static bool begin(HostThread *thread, void (*main)(void *), uv_thread_t *id)
{
    uv_thread_options_t options = {.flags = UV_THREAD_HAS_STACK_SIZE, .stack_size = 8 << 20};
    if (thread == NULL || uv_thread_create_ex(id, &options, main, thread) != 0) {
        alloc_free(thread);
        return false;
    }
    return true;
}

static HostThread *os_thread_start(Host *host, void (*body)(void *), void *argument,
                                   const char *name)
{
    HostThread *thread = new_thread(body, argument, name);
    return thread != NULL && begin(thread, thread_main, &thread->id) ? thread : NULL;
}

static bool os_thread_detached(Host *host, void (*body)(void *), void *argument, const char *name)
{
    uv_thread_t id; /* not in the thread's own struct, which it may have freed by then */
    return begin(new_thread(body, argument, name), detached_main, &id);
}

static HostMutex *os_mutex_new(Host *host)
{
    HostMutex *mutex = alloc_must_zero(sizeof *mutex);
    VM_CHECK(uv_mutex_init(&mutex->mutex) == 0);
    return mutex;
}

static void os_mutex_free(Host *host, HostMutex *mutex)
{
    if (mutex != NULL) {
        uv_mutex_destroy(&mutex->mutex);
        alloc_free(mutex);
    }
}

static void os_mutex_lock(Host *host, HostMutex *mutex)
{
    uv_mutex_lock(&mutex->mutex);
}

static void os_mutex_unlock(Host *host, HostMutex *mutex)
{
    uv_mutex_unlock(&mutex->mutex);
}

static HostEvent *os_event_new(Host *host)
{
    HostEvent *event = alloc_must_zero(sizeof *event);
    atomic_init(&event->is, EVENT_DOWN);
    VM_CHECK(sem_init(&event->wake, 0, 0) == 0);
    return event;
}

static void os_event_free(Host *host, HostEvent *event)
{
    if (event != NULL) {
        sem_destroy(&event->wake);
        alloc_free(event);
    }
}

static void os_event_raise(Host *host, HostEvent *event)
{
    if (atomic_exchange_explicit(&event->is, EVENT_UP, memory_order_acq_rel) == EVENT_SLEPT_ON) {
        sem_post(&event->wake);
    }
}

/* False if the time came first. */
static bool sleep_until(HostEvent *event, int64_t until)
{
    struct timespec time = {.tv_sec = until / NS_PER_SECOND, .tv_nsec = until % NS_PER_SECOND};
    int result;
    do {
        result = until == INT64_MAX ? sem_wait(&event->wake)
                                    : sem_clockwait(&event->wake, CLOCK_MONOTONIC, &time);
    } while (result != 0 && errno == EINTR);
    return result == 0;
}

static bool os_event_wait(Host *host, HostEvent *event, int64_t until)
{
    int is = EVENT_DOWN;
    if (until > 0 &&
        atomic_compare_exchange_strong_explicit(&event->is, &is, EVENT_SLEPT_ON,
                                                memory_order_acq_rel, memory_order_acquire) &&
        !sleep_until(event, until)) {
        is = EVENT_SLEPT_ON;
        if (!atomic_compare_exchange_strong_explicit(&event->is, &is, EVENT_DOWN,
                                                     memory_order_acq_rel, memory_order_acquire)) {
            sleep_until(event, INT64_MAX); /* raised in the last moment: the count must be taken */
        }
    }
    return atomic_exchange_explicit(&event->is, EVENT_DOWN, memory_order_acq_rel) == EVENT_UP;
}

void host_os_thread_fill(Host *host)
{
    host->thread_start = os_thread_start;
    host->thread_join = os_thread_join;
    host->thread_detached = os_thread_detached;
    host->mutex_new = os_mutex_new;
    host->mutex_free = os_mutex_free;
    host->mutex_lock = os_mutex_lock;
    host->mutex_unlock = os_mutex_unlock;
    host->event_new = os_event_new;
    host->event_free = os_event_free;
    host->event_raise = os_event_raise;
    host->event_wait = os_event_wait;
}
