/* SPDX-License-Identifier: Apache-2.0 */
/* vm/host/host.h: the world outside, as a table of functions. Nothing else in vm/ includes an
 * operating system's header. host_os.c (libuv, POSIX) is the real world; host_sim.c has virtual
 * time and a seed. All may be called from any thread unless said otherwise. Times in nanoseconds.
 */
#ifndef ACT_HOST_HOST_H
#define ACT_HOST_HOST_H

#include "vm/base/attr.h"
#include "vm/types.h"

#include <stdatomic.h>

typedef struct HostThread HostThread;
typedef struct HostMutex HostMutex;
typedef struct HostEvent HostEvent; /* a flag one thread sleeps on and others raise */

/* Signals of the operating system that a program can ask for, as HOST_SIG##name and as the atom
 * sig##text. */
#define HOST_SIGNALS(S) \
    S(HUP, hup) \
    S(QUIT, quit) \
    S(ABRT, abrt) \
    S(ALRM, alrm) \
    S(TERM, term) \
    S(USR1, usr1) \
    S(USR2, usr2) \
    S(CHLD, chld) \
    S(STOP, stop) \
    S(TSTP, tstp)
#define HOST_SIGNAL_ROW(name, text) HOST_SIG##name,
typedef enum { HOST_SIGNALS(HOST_SIGNAL_ROW) HOST_SIGNAL_COUNT } HostSignal;
#undef HOST_SIGNAL_ROW
typedef void HostSignalCame(void *context, HostSignal signal);

/* Result of an operation that can fail: >= 0, or minus an errno value. */
typedef int64_t HostResult;

enum {
    HOST_READ = 1,
    HOST_WRITE = 2,
    HOST_APPEND = 4,
    HOST_CREATE = 8,
    HOST_TRUNCATE = 16,
    HOST_EXCLUSIVE = 32,
    HOST_DIRECTORY = 64, /* else opening a directory is EISDIR */
    HOST_SYNC = 128
};

typedef struct {
    uint64_t size;
    int kind;                    /* 0 regular, 1 directory, 2 device, 3 symlink, 4 other */
    int access;                  /* bit 0 readable, bit 1 writable, for us */
    int64_t atime, mtime, ctime; /* seconds since 1970 */
    uint32_t mode, links, major, minor, uid, gid;
    uint64_t inode;
} HostFileInfo;

struct Host {
    void *state;
    _Atomic(uint32_t) holds; /* how many host_free are still to come; any thread, acq_rel */
    bool simulated;          /* one scheduler, virtual time */

    /* time */
    int64_t (*monotonic)(Host *host);
    int64_t (*wall)(Host *host);        /* since 1970 */
    int64_t (*cpu_time)(Host *host);    /* used by the whole OS process */
    int64_t (*thread_time)(Host *host); /* processor time that the calling thread has used */
    /* seconds east of UTC at that wall time */
    int64_t (*utc_offset)(Host *host, int64_t wall_seconds);
    /* random: fills bytes */
    void (*random)(Host *host, void *bytes, size_t size);

    /* memory: address space that is zero and costs nothing until touched; NULL if refused */
    void *(*reserve)(Host *host, size_t bytes);
    void *(*reserve_at)(Host *host, void *address, size_t bytes); /* exactly there */
    void (*release)(Host *host, void *block, size_t bytes);
    /* whole pages change their address, into reserved space, and may be written there; false if
     * they cannot */
    bool (*move_pages)(Host *host, void *to, const void *from, size_t bytes);

    /* threads */
    unsigned (*cores)(Host *host); /* cgroup limits respected */
    HostThread *(*thread_start)(Host *host, void (*body)(void *), void *argument, const char *name);
    void (*thread_join)(Host *host, HostThread *thread);
    /* a thread that ends by itself and that nobody waits for; false if there can be none */
    bool (*thread_detached)(Host *host, void (*body)(void *), void *argument, const char *name);
    HostMutex *(*mutex_new)(Host *host);
    void (*mutex_free)(Host *host, HostMutex *mutex);
    void (*mutex_lock)(Host *host, HostMutex *mutex);
    void (*mutex_unlock)(Host *host, HostMutex *mutex);
    HostEvent *(*event_new)(Host *host);
    void (*event_free)(Host *host, HostEvent *event);
    /* also inside the operating system's signal handler */
    void (*event_raise)(Host *host, HostEvent *event);
    /* sleeps until raised (then lowers it) or until monotonic time `until` (INT64_MAX: for ever).
     * The simulated host moves its clock to `until` instead. True if raised. */
    bool (*event_wait)(Host *host, HostEvent *event, int64_t until);

    /* files; blocking: long ones are called from the helper pool. Paths are UTF-8. */
    HostResult (*file_open)(Host *host, const char *path, int mode);
    HostResult (*file_close)(Host *host, int64_t file);
    HostResult (*file_read)(Host *host, int64_t file, void *bytes, size_t size);
    HostResult (*file_write)(Host *host, int64_t file, const void *bytes, size_t size);
    /* true if a read, or a write, would not have to wait: bytes or room, the end, or an error */
    bool (*file_ready)(Host *host, int64_t file, bool write);
    HostResult (*file_seek)(Host *host, int64_t file, int64_t offset,
                            int whence); /* 0 bof 1 cur 2 eof */
    HostResult (*file_truncate)(Host *host, int64_t file);
    HostResult (*file_sync)(Host *host, int64_t file, bool data_only);
    /* at an offset from the start; the file's position stays */
    HostResult (*file_read_at)(Host *host, int64_t file, void *bytes, size_t size, int64_t offset);
    HostResult (*file_write_at)(Host *host, int64_t file, const void *bytes, size_t size,
                                int64_t offset);
    /* what can be read without waiting for a disk or anybody, perhaps less than there is; -1 as
     * offset: where the file stands. -EAGAIN if that is not known or nothing */
    HostResult (*file_read_now)(Host *host, int64_t file, void *bytes, size_t size, int64_t offset);
    /* room on the disk for those bytes of the file, which is as long as they ask for then */
    HostResult (*file_allocate)(Host *host, int64_t file, int64_t offset, int64_t length);
    HostResult (*file_info_open)(Host *host, int64_t file, HostFileInfo *info);
    HostResult (*file_info)(Host *host, const char *path, bool follow, HostFileInfo *info);
    HostResult (*file_delete)(Host *host, const char *path);
    HostResult (*file_rename)(Host *host, const char *from, const char *to);
    /* a second name (hard link), a symbolic link that names `to`; what such a link names: the
     * number of bytes it has (perhaps more than size) */
    HostResult (*link_make)(Host *host, const char *to, const char *path);
    HostResult (*symlink_make)(Host *host, const char *to, const char *path);
    HostResult (*symlink_read)(Host *host, const char *path, char *out, size_t size);
    HostResult (*file_mode_set)(Host *host, const char *path, uint32_t mode);
    HostResult (*file_owner_set)(Host *host, const char *path, int64_t uid,
                                 int64_t gid); /* -1: stays */
    HostResult (*file_times_set)(Host *host, const char *path, int64_t atime, int64_t mtime);
    HostResult (*dir_make)(Host *host, const char *path);
    HostResult (*dir_delete)(Host *host, const char *path);
    /* calls each(context, name) for every entry but . and .. */
    HostResult (*dir_list)(Host *host, const char *path,
                           void (*each)(void *context, const char *name), void *context);
    HostResult (*cwd_get)(Host *host, char *out, size_t size);
    HostResult (*cwd_set)(Host *host, const char *path);
    /* the value's length (perhaps size or more: then out is cut), -ENOENT if not set */
    HostResult (*env_get)(Host *host, const char *name, char *out, size_t size);
    HostResult (*env_set)(Host *host, const char *name, const char *value); /* NULL: unset */
    /* calls each(context, "NAME=value") for every variable */
    void (*env_list)(Host *host, void (*each)(void *context, const char *entry), void *context);

    /* operating system's processes */
    /* Runs `/bin/sh -c line` with no input; each(context, bytes, size) gets what it writes to both
     * outputs, in order. The exit status, or 128 + the signal. Blocks. When `each` wants no more
     * (false) the outputs are closed and the command is left to itself: the result is 0. */
    HostResult (*command_run)(Host *host, const char *line,
                              bool (*each)(void *context, const void *bytes, size_t size),
                              void *context);
    /* What happens when the signal comes to the OS process: what the system does by default (came
     * NULL), or came(context, signal), called in the middle of any thread: it may use atomics and
     * event_raise, nothing else. Signals belong to the OS process: the last machine to ask gets
     * them. */
    void (*signal_take)(Host *host, HostSignal signal, HostSignalCame *came, void *context);
    void (*signal_ignore)(Host *host, HostSignal signal);
    void (*system_version)(Host *host, unsigned version[3]); /* as uname tells */
    /* as configure scripts name it: x86_64-pc-linux-gnu */
    void (*architecture)(Host *host, char *out, size_t size);

    /* terminal: 0, 1, 2 are the standard files, also for file_read and file_write */
    bool (*is_terminal)(Host *host, int64_t file);
    bool (*terminal_size)(Host *host, int *columns, int *rows);
    long (*os_pid)(Host *host);
    void (*exit)(Host *host, int status);
};

/* The operating system. Freed with host_free. */
Host *host_os_new(void);
/* Virtual time from 0, random numbers from seed; files and terminal as the operating system's. */
Host *host_sim_new(uint64_t seed);
/* The same host, to be given back with one more host_free. Any thread that has it. */
Host *host_share(Host *host);
/* NULL is fine. The last one frees it. */
void host_free(Host *host);
/* Erlang's name of an errno value: "enoent"; "unknown" if it has none. */
const char *host_error_name(int error);

#endif
