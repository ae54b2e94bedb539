/* SPDX-License-Identifier: Apache-2.0 */
/* vm/host/host_os_path.c: names in the operating system's file system. */
#include "vm/host/host_os.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static HostResult result(int status)
{
    return status >= 0 ? status : -errno;
}

static int kind_of(mode_t mode)
{
    if (S_ISREG(mode)) {
        return 0;
    }
    if (S_ISDIR(mode)) {
        return 1;
    }
    if (S_ISCHR(mode) || S_ISBLK(mode)) {
        return 2;
    }
    return S_ISLNK(mode) ? 3 : 4;
}

static HostFileInfo info_of(const struct stat *s, int access)
{
    return (HostFileInfo){
        .size = (uint64_t)s->st_size,
        .kind = kind_of(s->st_mode),
        .access = access,
        .atime = s->st_atime,
        .mtime = s->st_mtime,
        .ctime = s->st_ctime,
        .mode = s->st_mode,
        .links = (uint32_t)s->st_nlink,
        .major = (uint32_t)s->st_dev,
        .minor = (uint32_t)s->st_rdev,
        .uid = s->st_uid,
        .gid = s->st_gid,
        .inode = s->st_ino,
    };
}

static HostResult os_file_info(Host *host, const char *path, bool follow, HostFileInfo *info)
{
    struct stat s;
    if ((follow ? stat(path, &s) : lstat(path, &s)) != 0) {
        return -errno;
    }
    *info = info_of(&s, (access(path, R_OK) == 0 ? 1 : 0) | (access(path, W_OK) == 0 ? 2 : 0));
    return 0;
}

/* A file that is open has no name to ask by: what its owner may do. */
static HostResult os_file_info_open(Host *host, int64_t file, HostFileInfo *info)
{
    struct stat s;
    if (fstat((int)file, &s) != 0) {
        return -errno;
    }
    *info = info_of(&s, (s.st_mode & S_IRUSR ? 1 : 0) | (s.st_mode & S_IWUSR ? 2 : 0));
    return 0;
}

static HostResult os_file_delete(Host *host, const char *path)
{
    struct stat s;
    if (lstat(path, &s) == 0 && S_ISDIR(s.st_mode)) {
        return -EPERM; /* Linux says EISDIR; POSIX, and Erlang, EPERM */
    }
    return result(unlink(path));
}

static HostResult os_file_rename(Host *host, const char *from, const char *to)
{
    return result(rename(from, to));
}

static HostResult os_link_make(Host *host, const char *to, const char *path)
{
    return result(link(to, path));
}

static HostResult os_symlink_make(Host *host, const char *to, const char *path)
{
    return result(symlink(to, path));
}

static HostResult os_symlink_read(Host *host, const char *path, char *out, size_t size)
{
    ssize_t got = readlink(path, out, size);
    return got < 0 ? -errno : got;
}

static HostResult os_file_mode_set(Host *host, const char *path, uint32_t mode)
{
    return result(chmod(path, mode & 07777));
}

static HostResult os_file_owner_set(Host *host, const char *path, int64_t uid, int64_t gid)
{
    return result(chown(path, (uid_t)uid, (gid_t)gid));
}

static HostResult os_file_times_set(Host *host, const char *path, int64_t atime, int64_t mtime)
{
    struct timespec times[2] = {{.tv_sec = atime}, {.tv_sec = mtime}};
    return result(utimensat(AT_FDCWD, path, times, 0));
}

static HostResult os_dir_make(Host *host, const char *path)
{
    return result(mkdir(path, 0777));
}

static HostResult os_dir_delete(Host *host, const char *path)
{
    HostResult status = result(rmdir(path));
    return status == -ENOTEMPTY ? -EEXIST : status; /* Erlang's word for it */
}

static HostResult os_dir_list(Host *host, const char *path,
                              void (*each)(void *context, const char *name), void *context)
{
    DIR *directory = opendir(path);
    if (directory == NULL) {
        return -errno;
    }
    struct dirent *entry;
    errno = 0;
    while ((entry = readdir(directory)) != NULL) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            each(context, entry->d_name);
        }
        errno = 0;
    }
    int status = errno;
    closedir(directory);
    return -status;
}

static HostResult os_cwd_get(Host *host, char *out, size_t size)
{
    return getcwd(out, size) == NULL ? -errno : (HostResult)strlen(out);
}

static HostResult os_cwd_set(Host *host, const char *path)
{
    return result(chdir(path));
}

void host_os_path_fill(Host *host)
{
    host->file_info = os_file_info;
    host->file_info_open = os_file_info_open;
    host->file_delete = os_file_delete;
    host->file_rename = os_file_rename;
    host->link_make = os_link_make;
    host->symlink_make = os_symlink_make;
    host->symlink_read = os_symlink_read;
    host->file_mode_set = os_file_mode_set;
    host->file_owner_set = os_file_owner_set;
    host->file_times_set = os_file_times_set;
    host->dir_make = os_dir_make;
    host->dir_delete = os_dir_delete;
    host->dir_list = os_dir_list;
    host->cwd_get = os_cwd_get;
    host->cwd_set = os_cwd_set;
}
