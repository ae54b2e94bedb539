/* SPDX-License-Identifier: Apache-2.0 */
/* vm/host/host_os_errors.c: the operating system's error numbers by the names that Erlang's atoms
 * have. */
#include "vm/base/attr.h"
#include "vm/host/host.h"

#include <errno.h>

typedef struct {
    int number;
    const char *name;
} ErrorName;

static const ErrorName error_names[] = {
    {E2BIG, "e2big"},
    {EACCES, "eacces"},
    {EADDRINUSE, "eaddrinuse"},
    {EADDRNOTAVAIL, "eaddrnotavail"},
    {EAGAIN, "eagain"},
    {EALREADY, "ealready"},
    {EBADF, "ebadf"},
    {EBUSY, "ebusy"},
    {ECANCELED, "ecanceled"},
    {ECHILD, "echild"},
    {ECONNABORTED, "econnaborted"},
    {ECONNREFUSED, "econnrefused"},
    {ECONNRESET, "econnreset"},
    {EDEADLK, "edeadlk"},
    {EDOM, "edom"},
    {EDQUOT, "edquot"},
    {EEXIST, "eexist"},
    {EFAULT, "efault"},
    {EFBIG, "efbig"},
    {EHOSTUNREACH, "ehostunreach"},
    {EINPROGRESS, "einprogress"},
    {EINTR, "eintr"},
    {EINVAL, "einval"},
    {EIO, "eio"},
    {EISCONN, "eisconn"},
    {EISDIR, "eisdir"},
    {ELOOP, "eloop"},
    {EMFILE, "emfile"},
    {EMLINK, "emlink"},
    {EMSGSIZE, "emsgsize"},
    {ENAMETOOLONG, "enametoolong"},
    {ENETUNREACH, "enetunreach"},
    {ENFILE, "enfile"},
    {ENODEV, "enodev"},
    {ENOENT, "enoent"},
    {ENOEXEC, "enoexec"},
    {ENOLCK, "enolck"},
    {ENOMEM, "enomem"},
    {ENOSPC, "enospc"},
    {ENOSYS, "enosys"},
    {ENOTCONN, "enotconn"},
    {ENOTDIR, "enotdir"},
    {ENOTEMPTY, "enotempty"},
    {ENOTSUP, "enotsup"},
    {ENOTTY, "enotty"},
    {ENXIO, "enxio"},
    {EOVERFLOW, "eoverflow"},
    {EPERM, "eperm"},
    {EPIPE, "epipe"},
    {ERANGE, "erange"},
    {EROFS, "erofs"},
    {ESPIPE, "espipe"},
    {ESRCH, "esrch"},
    {ESTALE, "estale"},
    {ETIMEDOUT, "etimedout"},
    {ETXTBSY, "etxtbsy"},
    {EXDEV, "exdev"},
};

const char *host_error_name(int error)
{
    for (size_t i = 0; i < ACT_COUNT(error_names); i++) {
        if (error_names[i].number == error) {
            return error_names[i].name;
        }
    }
    return "unknown";
}
