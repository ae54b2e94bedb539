/* SPDX-License-Identifier: Apache-2.0 */
/* vm/host/host_os_file.c: open files, by file descriptor. An interrupted call is taken up again; a
 * descriptor that somebody set non-blocking (a shared terminal or pipe) is waited for. */
#include "vm/host/host_os.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

/* After a call failed with errno: true if it is worth another try, perhaps after waiting. */
static bool retry(int file, short events)
{
    if (errno == EINTR) {
        return true;
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK) {
        struct pollfd wait = {.fd = file, .events = events};
        return poll(&wait, 1, -1) >= 0 || errno == EINTR;
    }
    return false;
}

static HostResult os_file_open(Host *host, const char *path, int mode)
{
    bool reads = mode & HOST_READ;
    bool writes = mode & (HOST_WRITE | HOST_APPEND);
    int flags = O_CLOEXEC | O_NOCTTY;
    flags |= reads && writes ? O_RDWR : writes ? O_WRONLY : O_RDONLY;
    flags |= mode & HOST_APPEND ? O_APPEND : 0;
    flags |= mode & HOST_CREATE ? O_CREAT : 0;
    flags |= mode & HOST_TRUNCATE ? O_TRUNC : 0;
    flags |= mode & HOST_EXCLUSIVE ? O_EXCL : 0;
    flags |= mode & HOST_SYNC ? O_SYNC : 0;
    int file;
    do {
        file = open(path, flags, 0666);
    } while (file < 0 && errno == EINTR);
    if (file < 0) {
        return -errno;
    }
    struct stat info;
    if (!(mode & HOST_DIRECTORY) && fstat(file, &info) == 0 && S_ISDIR(info.st_mode)) {
        close(file);
        return -EISDIR;
    }
    return file;
}

static HostResult os_file_close(Host *host, int64_t file)
{
    return close((int)file) == 0 || errno == EINTR ? 0 : -errno;
}

static HostResult os_file_read(Host *host, int64_t file, void *bytes, size_t size)
{
    ssize_t got;
    do {
        got = read((int)file, bytes, size);
    } while (got < 0 && retry((int)file, POLLIN));
    return got < 0 ? -errno : got;
}

static HostResult os_file_write(Host *host, int64_t file, const void *bytes, size_t size)
{
    const char *next = bytes;
    size_t left = size;
    while (left > 0) {
        ssize_t put = write((int)file, next, left);
        if (put < 0) {
            if (retry((int)file, POLLOUT)) {
                continue;
            }
            return -errno;
        }
        next += put;
        left -= (size_t)put;
    }
    return (HostResult)size;
}

static HostResult os_file_read_at(Host *host, int64_t file, void *bytes, size_t size,
                                  int64_t offset)
{
    ssize_t got;
    do {
        got = pread((int)file, bytes, size, offset);
    } while (got < 0 && errno == EINTR);
    return got < 0 ? -errno : got;
}

static HostResult os_file_read_now(Host *host, int64_t file, void *bytes, size_t size,
                                   int64_t offset)
{
    struct iovec room = {.iov_base = bytes, .iov_len = size};
    ssize_t got = preadv2((int)file, &room, 1, offset, RWF_NOWAIT);
    return got < 0 ? -EAGAIN : got;
}

static HostResult os_file_write_at(Host *host, int64_t file, const void *bytes, size_t size,
                                   int64_t offset)
{
    const char *next = bytes;
    size_t left = size;
    while (left > 0) {
        ssize_t put = pwrite((int)file, next, left, offset);
        if (put < 0) {
            if (errno == EINTR) {
                continue;
            }
            return -errno;
        }
        next += put;
        offset += put;
        left -= (size_t)put;
    }
    return (HostResult)size;
}

static bool os_file_ready(Host *host, int64_t file, bool write)
{
    struct pollfd look = {.fd = (int)file, .events = write ? POLLOUT : POLLIN};
    return poll(&look, 1, 0) > 0;
}

static HostResult os_file_seek(Host *host, int64_t file, int64_t offset, int whence)
{
    static const int whences[] = {SEEK_SET, SEEK_CUR, SEEK_END};
    off_t at = lseek((int)file, offset, whences[whence]);
    return at < 0 ? -errno : at;
}

static HostResult os_file_truncate(Host *host, int64_t file)
{
    off_t at = lseek((int)file, 0, SEEK_CUR);
    if (at < 0 || ftruncate((int)file, at) != 0) {
        return -errno;
    }
    return 0;
}

static HostResult os_file_allocate(Host *host, int64_t file, int64_t offset, int64_t length)
{
    return fallocate((int)file, 0, offset, length) == 0 ? 0 : -errno;
}

static HostResult os_file_sync(Host *host, int64_t file, bool data_only)
{
    int status = data_only ? fdatasync((int)file) : fsync((int)file);
    return status == 0 ? 0 : -errno;
}

void host_os_file_fill(Host *host)
{
    host->file_open = os_file_open;
    host->file_close = os_file_close;
    host->file_read = os_file_read;
    host->file_write = os_file_write;
    host->file_read_at = os_file_read_at;
    host->file_read_now = os_file_read_now;
    host->file_write_at = os_file_write_at;
    host->file_ready = os_file_ready;
    host->file_seek = os_file_seek;
    host->file_truncate = os_file_truncate;
    host->file_allocate = os_file_allocate;
    host->file_sync = os_file_sync;
}
