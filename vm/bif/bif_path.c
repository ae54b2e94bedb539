/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_path.c: module act_file, names in the file system. Paths are binaries without NUL. */
#include "vm/bif/bif_util.h"
#include "vm/host/host.h"
#include "vm/vm_parts.h"

#include <string.h>

enum { PATH_ROOM = 4096 };

static Term ok_or_error(Process *p, HostResult result)
{
    return result < 0 ? util_posix_error(p, result) : ATOM(ok);
}

/* {ok, Binary}, or {error, Posix} if length is negative */
static Term ok_binary(Process *p, const char *bytes, HostResult length)
{
    if (length < 0) {
        return util_posix_error(p, length);
    }
    Term binary = util_binary(p, bytes, (size_t)length);
    return term_same(binary, TERM_NONE) ? binary : UTIL_TUPLE(p, ATOM(ok), binary);
}

typedef HostResult (*PathFunction)(Host *host, const char *path);
typedef HostResult (*TwoPathFunction)(Host *host, const char *first, const char *second);

static Term with_path(Process *p, Term path_term, PathFunction function)
{
    UtilText path = {0};
    UtilStatus status = util_text_of_binary(&path, path_term, true);
    HostResult result = status == UTIL_OK ? function(vm_host(p->vm), util_text_string(&path)) : 0;
    util_text_free(&path);
    return status == UTIL_OK ? ok_or_error(p, result) : util_raise(p, status);
}

static Term with_paths(Process *p, const Term *a, TwoPathFunction function)
{
    UtilText first = {0}, second = {0};
    UtilStatus status = util_text_of_binary(&first, a[0], true);
    HostResult result = 0;
    if (status == UTIL_OK) {
        status = util_text_of_binary(&second, a[1], true);
    }
    if (status == UTIL_OK) {
        result = function(vm_host(p->vm), util_text_string(&first), util_text_string(&second));
    }
    util_text_free(&first);
    util_text_free(&second);
    return status == UTIL_OK ? ok_or_error(p, result) : util_raise(p, status);
}

#define PATH_1(name, row) \
    Term bif_act_file_##name##_1(Process *p, const Term *a) \
    { \
        return with_path(p, a[0], vm_host(p->vm)->row); \
    }
#define PATH_2(name, row) \
    Term bif_act_file_##name##_2(Process *p, const Term *a) \
    { \
        return with_paths(p, a, vm_host(p->vm)->row); \
    }

PATH_1(delete, file_delete)
PATH_1(make_dir, dir_make)
PATH_1(del_dir, dir_delete)
PATH_1(set_cwd, cwd_set)
PATH_2(rename, file_rename)
PATH_2(make_link, link_make)
PATH_2(make_symlink, symlink_make)

Term bif_act_file_get_cwd_0(Process *p, const Term *a)
{
    char path[PATH_ROOM];
    return ok_binary(p, path, vm_host(p->vm)->cwd_get(vm_host(p->vm), path, sizeof path));
}

Term bif_act_file_read_link_1(Process *p, const Term *a)
{
    UtilText path = {0};
    char target[PATH_ROOM];
    UtilStatus status = util_text_of_binary(&path, a[0], true);
    Host *host = vm_host(p->vm);
    HostResult length =
        status == UTIL_OK ? host->symlink_read(host, util_text_string(&path), target, sizeof target)
                          : 0;
    util_text_free(&path);
    return status == UTIL_OK ? ok_binary(p, target, length) : util_raise(p, status);
}

static void add_name(void *context, const char *name)
{
    util_text_put(context, name, strlen(name) + 1);
}

/* The names, each with a NUL behind it, as a list of binaries. */
static Term name_list(Process *p, const UtilText *names)
{
    UtilList list;
    util_list_open(&list, p);
    for (size_t at = 0; at < names->length;) {
        size_t length = strlen(names->bytes + at);
        Term name = util_binary(p, names->bytes + at, length);
        if (term_same(name, TERM_NONE) || !util_list_add(&list, name)) {
            return TERM_NONE;
        }
        at += length + 1;
    }
    return util_list_close(&list, TERM_NIL);
}

Term bif_act_file_list_dir_1(Process *p, const Term *a)
{
    UtilText path = {0}, names = {0};
    Host *host = vm_host(p->vm);
    UtilStatus status = util_text_of_binary(&path, a[0], true);
    HostResult result = 0;
    Term answer = TERM_NONE;
    if (status == UTIL_OK) {
        result = host->dir_list(host, util_text_string(&path), add_name, &names);
        status = names.no_memory ? UTIL_NO_MEMORY : UTIL_OK;
    }
    if (status != UTIL_OK) {
        util_raise(p, status);
    } else if (result < 0) {
        answer = util_posix_error(p, result);
    } else {
        Term list = name_list(p, &names);
        answer = term_same(list, TERM_NONE) ? list : UTIL_TUPLE(p, ATOM(ok), list);
    }
    util_text_free(&path);
    util_text_free(&names);
    return answer;
}

static Term info_term(Process *p, const HostFileInfo *info)
{
    static const Term kinds[] = {ATOM(regular), ATOM(directory), ATOM(device), ATOM(symlink),
                                 ATOM(other)};
    static const Term accesses[] = {ATOM(none), ATOM(read), ATOM(write), ATOM(read_write)};
    Term size = util_uint64(p, info->size), inode = util_uint64(p, info->inode);
    if (term_same(size, TERM_NONE) || term_same(inode, TERM_NONE)) {
        return TERM_NONE;
    }
    Term fields =
        UTIL_TUPLE(p, size, kinds[info->kind], accesses[info->access], small_make(info->atime),
                   small_make(info->mtime), small_make(info->ctime), small_make(info->mode),
                   small_make(info->links), small_make(info->major), small_make(info->minor), inode,
                   small_make(info->uid), small_make(info->gid));
    return term_same(fields, TERM_NONE) ? fields : UTIL_TUPLE(p, ATOM(ok), fields);
}

Term bif_act_file_info_2(Process *p, const Term *a)
{
    UtilText path = {0};
    HostFileInfo info;
    Host *host = vm_host(p->vm);
    UtilStatus status = term_is_bool(a[1]) ? util_text_of_binary(&path, a[0], true) : UTIL_BAD;
    HostResult result = 0;
    if (status == UTIL_OK) {
        result = host->file_info(host, util_text_string(&path), term_same(a[1], ATOM(true)), &info);
    }
    util_text_free(&path);
    if (status != UTIL_OK) {
        return util_raise(p, status);
    }
    return result < 0 ? util_posix_error(p, result) : info_term(p, &info);
}

/* ---- changing what is known about a file ---- */

typedef enum { CHANGE_MODE, CHANGE_OWNER, CHANGE_TIMES } Change;

static Term change(Process *p, Term path_term, Change what, int64_t x, int64_t y)
{
    UtilText path = {0};
    Host *host = vm_host(p->vm);
    UtilStatus status = util_text_of_binary(&path, path_term, true);
    HostResult result = 0;
    const char *name = util_text_string(&path);
    if (status == UTIL_OK && what == CHANGE_MODE) {
        result = host->file_mode_set(host, name, (uint32_t)x);
    } else if (status == UTIL_OK && what == CHANGE_OWNER) {
        result = host->file_owner_set(host, name, x, y);
    } else if (status == UTIL_OK) {
        result = host->file_times_set(host, name, x, y);
    }
    util_text_free(&path);
    return status == UTIL_OK ? ok_or_error(p, result) : util_raise(p, status);
}

Term bif_act_file_chmod_2(Process *p, const Term *a)
{
    int64_t mode;
    return util_get_range(a[1], 0, UINT32_MAX, &mode) ? change(p, a[0], CHANGE_MODE, mode, 0)
                                                      : raise_badarg(p);
}

Term bif_act_file_chown_3(Process *p, const Term *a)
{
    int64_t uid, gid;
    if (!util_get_range(a[1], -1, UINT32_MAX, &uid) ||
        !util_get_range(a[2], -1, UINT32_MAX, &gid)) {
        return raise_badarg(p);
    }
    return change(p, a[0], CHANGE_OWNER, uid, gid);
}

Term bif_act_file_utime_3(Process *p, const Term *a)
{
    int64_t atime, mtime;
    if (!util_get_range(a[1], SMALL_MIN, SMALL_MAX, &atime) ||
        !util_get_range(a[2], SMALL_MIN, SMALL_MAX, &mtime)) {
        return raise_badarg(p);
    }
    return change(p, a[0], CHANGE_TIMES, atime, mtime);
}
