/* SPDX-License-Identifier: Apache-2.0 */
/* vm/host/host_os_cores.c: how many cores this OS process may use: its affinity, less what the
 * control groups it lives in grant (v2: cpu.max; v1: cpu.cfs_quota_us over cpu.cfs_period_us), each
 * level up to the root. A part of a core counts as one. */
#include "vm/host/host_os.h"

#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

enum { CGROUP_PATH_MAX = 1024 }; /* groups with longer names are not looked at */

static unsigned affinity_cores(void)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0) {
        return (unsigned)CPU_COUNT(&set);
    }
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 ? (unsigned)online : 1;
}

/* The decimal number that the text begins with; 0: none, as in "max" and "-1". */
static uint64_t number(const char *text)
{
    uint64_t value = 0;
    for (; *text >= '0' && *text <= '9' && value < UINT64_MAX / 100; text++) {
        value = value * 10 + (uint64_t)(*text - '0');
    }
    return value;
}

static unsigned quota_cores(uint64_t quota, uint64_t period)
{
    return quota == 0 || period == 0 ? 0 : (unsigned)((quota + period - 1) / period);
}

/* What a file of /proc or /sys says, cut at size, as a string; false if there is none. Not through
 * stdio: at start-up that would cost more than the reading. */
static bool read_text(const char *path, char *out, size_t size)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return false;
    }
    size_t length = 0;
    for (ssize_t got; (got = read(file, out + length, size - 1 - length)) > 0;) {
        length += (size_t)got;
    }
    close(file);
    out[length] = '\0';
    return length > 0;
}

/* The text of directory/name. */
static bool read_line(const char *directory, const char *name, char *out, size_t size)
{
    char path[CGROUP_PATH_MAX + 64];
    size_t length = strlen(directory);
    memcpy(path, directory, length);
    path[length] = '/';
    memcpy(path + length + 1, name, strlen(name) + 1);
    return read_text(path, out, size);
}

/* Cores that the group in this directory grants; 0: no limit here. */
static unsigned group_cores_v2(const char *directory)
{
    char line[128];
    if (!read_line(directory, "cpu.max", line, sizeof line)) {
        return 0;
    }
    const char *period = strchr(line, ' ');
    return period ? quota_cores(number(line), number(period + 1)) : 0;
}

static unsigned group_cores_v1(const char *directory)
{
    char quota[64], period[64];
    if (!read_line(directory, "cpu.cfs_quota_us", quota, sizeof quota) ||
        !read_line(directory, "cpu.cfs_period_us", period, sizeof period)) {
        return 0;
    }
    return quota_cores(number(quota), number(period));
}

/* The least of all groups from mount/group up to mount itself. */
static unsigned limit_upwards(const char *mount, const char *group,
                              unsigned (*group_cores)(const char *), unsigned cores)
{
    char directory[CGROUP_PATH_MAX];
    size_t root = strlen(mount);
    size_t length = strcmp(group, "/") == 0 ? 0 : strlen(group); /* the mount counts once */
    if (root + length + 1 > sizeof directory) {
        return cores;
    }
    memcpy(directory, mount, root);
    memcpy(directory + root, group, length);
    directory[root + length] = '\0';
    for (;;) {
        unsigned granted = group_cores(directory);
        if (granted > 0 && granted < cores) {
            cores = granted;
        }
        char *slash = strrchr(directory, '/');
        if (slash == NULL || (size_t)(slash - directory) < root) {
            return cores;
        }
        *slash = '\0';
    }
}

/* True if the comma list of controllers of a v1 line names "cpu". */
static bool names_cpu(const char *controllers)
{
    for (const char *word = controllers; word != NULL; word = strchr(word, ',')) {
        word += *word == ',';
        if (strncmp(word, "cpu", 3) == 0 && (word[3] == ',' || word[3] == '\0')) {
            return true;
        }
    }
    return false;
}

unsigned host_os_cores(Host *host)
{
    unsigned cores = affinity_cores();
    char text[2 * CGROUP_PATH_MAX];
    if (!read_text("/proc/self/cgroup", text, sizeof text)) {
        return cores;
    }
    for (char *line = text, *next; line; line = next) { /* number:controllers:/path */
        next = strchr(line, '\n');
        if (next) {
            *next++ = '\0';
        }
        char *controllers = strchr(line, ':');
        char *path = controllers == NULL ? NULL : strchr(controllers + 1, ':');
        if (path == NULL) {
            continue;
        }
        *controllers++ = '\0';
        *path++ = '\0';
        if (*controllers == '\0') {
            cores = limit_upwards("/sys/fs/cgroup", path, group_cores_v2, cores);
        } else if (names_cpu(controllers)) {
            cores = limit_upwards("/sys/fs/cgroup/cpu", path, group_cores_v1, cores);
        }
    }
    return cores;
}
