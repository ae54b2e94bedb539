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

/* Children are the machine's own (os:cmd), and whoever has begun one waits for it: that one has
 * ended (CLD_*, above 0) is no news for programs, which know of no child. */
static bool is_own_child(int number, const siginfo_t *info)
{
    return number == SIGCHLD && info->si_code > 0;
}

static void caught(int number, siginfo_t *info, void *where)
{
    if (is_own_child(number, info)) {
        return;
    }
    int problem = errno;
    for (unsigned i = 0; i < HOST_SIGNAL_COUNT; i++) {
        HostSignalCame *came = atomic_load_explicit(&told[i].came, memory_order_acquire);
        if (numbers[i] == number && came != NULL) {
            came(told[i].context, (HostSignal)i);
        }
    }
    errno = problem;
}

static void set(HostSignal signal, struct sigaction action)
{
    sigemptyset(&action.sa_mask);
    (void)sigaction(numbers[signal], &action, NULL); /* SIGSTOP stays what it is */
}

static void set_plain(HostSignal signal, void (*handler)(int))
{
    set(signal, (struct sigaction){.sa_handler = handler});
}

static void os_signal_take(Host *host, HostSignal signal, HostSignalCame *came, void *context)
{
    if (came == NULL) {
        set_plain(signal, SIG_DFL);
        return;
    }
    told[signal].context = context;
    atomic_store_explicit(&told[signal].came, came, memory_order_release);
    set(signal, (struct sigaction){.sa_sigaction = caught, .sa_flags = SA_SIGINFO | SA_RESTART});
}

static void os_signal_ignore(Host *host, HostSignal signal)
{
    /* that a child has ended does nothing by default, and whoever waits for it must still see it */
    set_plain(signal, signal == HOST_SIGCHLD ? SIG_DFL : SIG_IGN);
}

void host_os_signal_fill(Host *host)
{
    host->signal_take = os_signal_take;
    host->signal_ignore = os_signal_ignore;
}
