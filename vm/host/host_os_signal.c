/* SPDX-License-Identifier: Apache-2.0 */
/* vm/host/host_os_signal.c: signals of the operating system. Which of them are caught is a matter
 * of the whole OS process, and so is the table of who is told. */
#include "vm/host/host_os.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>

#define NUMBER(name, text) [HOST_SIG##name] = SIG##name,
static const int numbers[HOST_SIGNAL_COUNT] = {HOST_SIGNALS(NUMBER)};
#undef NUMBER

/* Written before the handler is set (release: pairs with the acquire in it), and never freed. */
static struct {
    void *context;
    _Atomic(HostSignalCame *) came;
} told[HOST_SIGNAL_COUNT];

static void caught(int number)
{
    int problem = errno;
    for (unsigned i = 0; i < HOST_SIGNAL_COUNT; i++) {
        HostSignalCame *came = atomic_load_explicit(&told[i].came, memory_order_acquire);
        if (numbers[i] == number && came != NULL) {
            came(told[i].context, (HostSignal)i);
        }
    }
    errno = problem;
}

static void set(HostSignal signal, void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    (void)sigaction(numbers[signal], &action, NULL); /* SIGSTOP stays what it is */
}

static void os_signal_take(Host *host, HostSignal signal, HostSignalCame *came, void *context)
{
    if (came == NULL) {
        set(signal, SIG_DFL);
        return;
    }
    told[signal].context = context;
    atomic_store_explicit(&told[signal].came, came, memory_order_release);
    set(signal, caught);
}

static void os_signal_ignore(Host *host, HostSignal signal)
{
    /* that a child has ended does nothing by default, and whoever waits for it must still see it */
    set(signal, signal == HOST_SIGCHLD ? SIG_DFL : SIG_IGN);
}

void host_os_signal_fill(Host *host)
{
    host->signal_take = os_signal_take;
    host->signal_ignore = os_signal_ignore;
}
