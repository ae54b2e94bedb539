/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_path.c: module act_file, names in the file system. Paths are binaries without NUL. All
 * but the current directory's name is asked and done by helpers (bif_job.h). */
#include "vm/base/alloc.h"
#include "vm/bif/bif_job.h"
#include "vm/host/host.h"
#include "vm/vm_parts.h"

#include <string.h>

enum { PATH_ROOM = 4096 };

typedef struct PathJob PathJob;
struct PathJob {
    HelperJob base;
    UtilText path, second;
    HostResult result;
    int64_t x, y; /* numbers to set */
    bool follow;
    HostFileInfo info;
    UtilText names; /* each with a NUL behind it; or what a link names */
};

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

static void path_discard(HelperJob *base, Vm *vm)
{
    PathJob *job = (PathJob *)base;
    util_text_free(&job->path);
    util_text_free(&job->second);
    util_text_free(&job->names);
    alloc_free(job);
}

static const char *path_of(HelperJob *base)
{
    return util_text_string(&((PathJob *)base)->path);
}

static JobBegin refused(Term *answer, Term raised)
{
    *answer = raised;
    return JOB_ANSWERED;
}

static JobBegin path_begin(HelperJob *base, Process *p, const Term *a, Term *answer)
{
    UtilStatus status = util_text_of_binary(&((PathJob *)base)->path, a[0], true);
    return status == UTIL_OK ? JOB_GO : refused(answer, util_raise(p, status));
}

static JobBegin paths_begin(HelperJob *base, Process *p, const Term *a, Term *answer)
{
    UtilStatus status = util_text_of_binary(&((PathJob *)base)->path, a[0], true);
    if (status == UTIL_OK) {
        status = util_text_of_binary(&((PathJob *)base)->second, a[1], true);
    }
    return status == UTIL_OK ? JOB_GO : refused(answer, util_raise(p, status));
}

static Term path_end(HelperJob *base, Process *p, const Term *a)
{
    return ok_or_error(p, ((PathJob *)base)->result);
}

/* A built-in over work, and its kind. */
#define PATH_BIF(name, arity, do_begin, do_end) \
    static const JobKind name##_kind = {.helper = {.work = name##_work, .discard = path_discard}, \
                                        .size = sizeof(PathJob), \
                                        .begin = do_begin, \
                                        .end = do_end}; \
    Term bif_act_file_##name##_##arity(Process *p, const Term *a) \
    { \
        return job_bif(p, a, &name##_kind); \
    }
#define PATH_1(name, row) \
    static void name##_work(HelperJob *base, Host *host) \
    { \
        ((PathJob *)base)->result = host->row(host, path_of(base)); \
    } \
    PATH_BIF(name, 1, path_begin, path_end)
#define PATH_2(name, row) \
    static void name##_work(HelperJob *base, Host *host) \
    { \
        const char *second = util_text_string(&((PathJob *)base)->second); \
        ((PathJob *)base)->result = host->row(host, path_of(base), second); \
    } \
    PATH_BIF(name, 2, paths_begin, path_end)

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

/* ---- what is there ---- */

static void read_link_work(HelperJob *base, Host *host)
{
    PathJob *job = (PathJob *)base;
    char target[PATH_ROOM];
    job->result = host->symlink_read(host, path_of(base), target, sizeof target);
    if (job->result > 0) {
        util_text_put(&job->names, target, (size_t)ACT_MIN(job->result, PATH_ROOM));
    }
}

static Term read_link_end(HelperJob *base, Process *p, const Term *a)
{
    PathJob *job = (PathJob *)base;
    HostResult length = job->result < 0 ? job->result : (HostResult)job->names.length;
    return ok_binary(p, util_text_string(&job->names), length);
}

PATH_BIF(read_link, 1, path_begin, read_link_end)

static void add_name(void *context, const char *name)
{
    util_text_put(context, name, strlen(name) + 1);
}

/* The names as a list of binaries. */
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

static void list_dir_work(HelperJob *base, Host *host)
{
    PathJob *job = (PathJob *)base;
    job->result = host->dir_list(host, path_of(base), add_name, &job->names);
}

static Term list_dir_end(HelperJob *base, Process *p, const Term *a)
{
    PathJob *job = (PathJob *)base;
    if (job->names.no_memory) {
        return raise_no_memory(p);
    }
    if (job->result < 0) {
        return util_posix_error(p, job->result);
    }
    Term list = name_list(p, &job->names);
    return term_same(list, TERM_NONE) ? list : UTIL_TUPLE(p, ATOM(ok), list);
}

PATH_BIF(list_dir, 1, path_begin, list_dir_end)

Term util_file_info(Process *p, const HostFileInfo *info)
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

static JobBegin info_begin(HelperJob *base, Process *p, const Term *a, Term *answer)
{
    ((PathJob *)base)->follow = term_same(a[1], ATOM(true));
    return term_is_bool(a[1]) ? path_begin(base, p, a, answer) : refused(answer, raise_badarg(p));
}

static void info_work(HelperJob *base, Host *host)
{
    PathJob *job = (PathJob *)base;
    job->result = host->file_info(host, path_of(base), job->follow, &job->info);
}

static Term info_end(HelperJob *base, Process *p, const Term *a)
{
    PathJob *job = (PathJob *)base;
    return job->result < 0 ? util_posix_error(p, job->result) : util_file_info(p, &job->info);
}

PATH_BIF(info, 2, info_begin, info_end)

/* ---- changing what is known about a file ---- */

static JobBegin chmod_begin(HelperJob *base, Process *p, const Term *a, Term *answer)
{
    return util_get_range(a[1], 0, UINT32_MAX, &((PathJob *)base)->x)
               ? path_begin(base, p, a, answer)
               : refused(answer, raise_badarg(p));
}

static void chmod_work(HelperJob *base, Host *host)
{
    PathJob *job = (PathJob *)base;
    job->result = host->file_mode_set(host, path_of(base), (uint32_t)job->x);
}

PATH_BIF(chmod, 2, chmod_begin, path_end)

static JobBegin numbers_begin(HelperJob *base, Process *p, const Term *a, int64_t least,
                              int64_t most, Term *answer)
{
    PathJob *job = (PathJob *)base;
    return util_get_range(a[1], least, most, &job->x) && util_get_range(a[2], least, most, &job->y)
               ? path_begin(base, p, a, answer)
               : refused(answer, raise_badarg(p));
}

static JobBegin chown_begin(HelperJob *base, Process *p, const Term *a, Term *answer)
{
    return numbers_begin(base, p, a, -1, UINT32_MAX, answer);
}

static void chown_work(HelperJob *base, Host *host)
{
    PathJob *job = (PathJob *)base;
    job->result = host->file_owner_set(host, path_of(base), job->x, job->y);
}

PATH_BIF(chown, 3, chown_begin, path_end)

static JobBegin utime_begin(HelperJob *base, Process *p, const Term *a, Term *answer)
{
    return numbers_begin(base, p, a, SMALL_MIN, SMALL_MAX, answer);
}

static void utime_work(HelperJob *base, Host *host)
{
    PathJob *job = (PathJob *)base;
    job->result = host->file_times_set(host, path_of(base), job->x, job->y);
}

PATH_BIF(utime, 3, utime_begin, path_end)
