/* SPDX-License-Identifier: Apache-2.0 */
/* vm/host/host_os_thread.c: threads, mutexes and events over libuv's.
 *
 * An event is a flag, and a mutex and condition for the one thread that sleeps on it. Raising a
 * raised flag is one atomic exchange, so those who wake a busy scheduler pay no lock. */
#include "vm/host/host_os.h"

#include "vm/base/alloc.h"
#include "vm/base/bug.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/prctl.h>
#include <uv.h>

struct HostThread {
    uv_thread_t id;
    void (*body)(void *);
    void *argument;
    char name[16];
};

struct HostMutex {
    uv_mutex_t mutex;
};

struct HostEvent {
    /* any thread, atomic; exchanges are acq_rel: what was done before a raise is seen after the
     * wait that it ended, also when the flag was up already */
    _Atomic(bool) raised;
    uv_mutex_t mutex; /* no field is guarded: orders raise against falling asleep */
    uv_cond_t condition;
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
    atomic_init(&event->raised, false);
    VM_CHECK(uv_mutex_init(&event->mutex) == 0);
    VM_CHECK(uv_cond_init(&event->condition) == 0);
    return event;
}

static void os_event_free(Host *host, HostEvent *event)
{
    if (event != NULL) {
        uv_cond_destroy(&event->condition);
        uv_mutex_destroy(&event->mutex);
        alloc_free(event);
    }
}

static void os_event_raise(Host *host, HostEvent *event)
{
    if (atomic_exchange_explicit(&event->raised, true, memory_order_acq_rel)) {
        return; /* whoever raised it wakes the sleeper */
    }
    uv_mutex_lock(&event->mutex);
    uv_cond_signal(&event->condition);
    uv_mutex_unlock(&event->mutex);
}

static bool lower(HostEvent *event)
{
    return atomic_exchange_explicit(&event->raised, false, memory_order_acq_rel);
}

static bool os_event_wait(Host *host, HostEvent *event, int64_t until)
{
    if (lower(event)) {
        return true;
    }
    bool raised;
    uv_mutex_lock(&event->mutex);
    while (!(raised = lower(event))) {
        if (until == INT64_MAX) {
            uv_cond_wait(&event->condition, &event->mutex);
            continue;
        }
        int64_t left = until - host->monotonic(host);
        if (left <= 0) {
            break;
        }
        uv_cond_timedwait(&event->condition, &event->mutex, (uint64_t)left);
    }
    uv_mutex_unlock(&event->mutex);
    return raised;
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
