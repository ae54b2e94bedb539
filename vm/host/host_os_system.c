/* SPDX-License-Identifier: Apache-2.0 */
/* vm/host/host_os_system.c: environment, commands, terminal, and the end. The environment belongs
 * to the OS process: one lock for all VMs in it guards it against our own threads. */
#include "vm/host/host_os.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

/* The lock of what exists once in an OS process; holds no state of a VM. */
static pthread_mutex_t environment_lock = PTHREAD_MUTEX_INITIALIZER;

static HostResult os_env_get(Host *host, const char *name, char *out, size_t size)
{
    pthread_mutex_lock(&environment_lock);
    const char *value = getenv(name);
    HostResult length = -ENOENT;
    if (value != NULL) {
        length = (HostResult)strlen(value);
        snprintf(out, size, "%s", value);
    }
    pthread_mutex_unlock(&environment_lock);
    return length;
}

static HostResult os_env_set(Host *host, const char *name, const char *value)
{
    pthread_mutex_lock(&environment_lock);
    int status = value == NULL ? unsetenv(name) : setenv(name, value, 1);
    HostResult result = status == 0 ? 0 : -errno;
    if (strcmp(name, "TZ") == 0) {
        tzset();
    }
    pthread_mutex_unlock(&environment_lock);
    return result;
}

static void os_env_list(Host *host, void (*each)(void *context, const char *entry), void *context)
{
    pthread_mutex_lock(&environment_lock);
    for (char **entry = environ; entry != NULL && *entry != NULL; entry++) {
        each(context, *entry);
    }
    pthread_mutex_unlock(&environment_lock);
}

/* Starts the shell with its outputs in `out`. An errno value, 0 if it runs. */
static int start_shell(const char *line, int out, pid_t *child)
{
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, out, 1);
    posix_spawn_file_actions_adddup2(&actions, out, 2);
    char *arguments[] = {"/bin/sh", "-c", (char *)line, NULL};
    pthread_mutex_lock(&environment_lock);
    int status = posix_spawn(child, "/bin/sh", &actions, NULL, arguments, environ);
    pthread_mutex_unlock(&environment_lock);
    posix_spawn_file_actions_destroy(&actions);
    return status;
}

static void *reap(void *child)
{
    while (waitpid((pid_t)(intptr_t)child, NULL, 0) < 0 && errno == EINTR) {
    }
    return NULL;
}

/* The command may go on for long, and must not stay behind as a zombie. */
static void reap_later(pid_t child)
{
    pthread_attr_t detached;
    pthread_t thread;
    pthread_attr_init(&detached);
    pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
    (void)pthread_create(&thread, &detached, reap, (void *)(intptr_t)child);
    pthread_attr_destroy(&detached);
}

static HostResult os_command_run(Host *host, const char *line,
                                 bool (*each)(void *context, const void *bytes, size_t size),
                                 void *context)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return -errno;
    }
    pid_t child;
    int status = start_shell(line, ends[1], &child);
    close(ends[1]);
    if (status != 0) {
        close(ends[0]);
        return -status;
    }
    char buffer[4096];
    HostResult got;
    bool more = true;
    while (more && (got = host->file_read(host, ends[0], buffer, sizeof buffer)) > 0) {
        more = each(context, buffer, (size_t)got);
    }
    close(ends[0]);
    if (!more) {
        reap_later(child);
        return 0;
    }
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void os_system_version(Host *host, unsigned version[3])
{
    struct utsname name;
    version[0] = version[1] = version[2] = 0;
    if (uname(&name) == 0) {
        sscanf(name.release, "%u.%u.%u", &version[0], &version[1], &version[2]);
    }
}

static void os_architecture(Host *host, char *out, size_t size)
{
    struct utsname name;
    const char *machine = uname(&name) == 0 ? name.machine : "unknown";
    bool pc = strcmp(machine, "x86_64") == 0;
    snprintf(out, size, "%.32s-%s-linux-gnu", machine, pc ? "pc" : "unknown");
}

static bool os_is_terminal(Host *host, int64_t file)
{
    return isatty((int)file);
}

static bool os_terminal_size(Host *host, int *columns, int *rows)
{
    for (int file = 0; file <= 2; file++) {
        struct winsize size;
        if (ioctl(file, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
            *columns = size.ws_col;
            *rows = size.ws_row;
            return true;
        }
    }
    return false;
}

static long os_os_pid(Host *host)
{
    return getpid();
}

static void os_exit(Host *host, int status)
{
    fflush(NULL);
    _exit(status);
}

void host_os_system_fill(Host *host)
{
    host->env_get = os_env_get;
    host->env_set = os_env_set;
    host->env_list = os_env_list;
    host->command_run = os_command_run;
    host->system_version = os_system_version;
    host->architecture = os_architecture;
    host->is_terminal = os_is_terminal;
    host->terminal_size = os_terminal_size;
    host->os_pid = os_os_pid;
    host->exit = os_exit;
}
