/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_file.c: module act_file, open files: reading, writing, positions. All answer
 * {error, Posix} when the operating system refuses. What may block is done by helpers (bif_job.h),
 * which hold the file open meanwhile; only asking where a file stands is done in line. */
#include "vm/base/alloc.h"
#include "vm/bif/bif_job.h"
#include "vm/bif/bif_shared.h"
#include "vm/host/host.h"
#include "vm/vm_parts.h"

enum { READ_STEP = 65536 };

typedef struct {
    HelperJob base;
    UtilText path;
    JobText put;
    JobBytes got;
    HostResult result;
    Term handle;     /* it is held while the job lives; TERM_NIL: none is */
    int64_t file;    /* the host's */
    bool opened;     /* file is open and nobody's yet */
    int64_t offset;  /* -1: where the file stands */
    uint64_t size;   /* to read at most */
    int mode;        /* open: HOST_…; sync: whether only the data */
    bool whole_file; /* read: its end is no reason to say eof */
    bool at_end;     /* read: there is no more */
    int64_t length;  /* allocate */
    HostFileInfo info;
} FileJob;

/* ok, or {error, Posix} */
static Term ok_or_error(Process *p, HostResult result)
{
    return result < 0 ? util_posix_error(p, result) : ATOM(ok);
}

static Term not_open(Process *p)
{
    return UTIL_TUPLE(p, ATOM(error), ATOM(einval));
}

/* A held file of the host, or -1 if the handle is none or closed. */
static int64_t hold(Process *p, Term handle)
{
    return term_is_small(handle) ? open_files_hold(vm_bifs(p->vm)->files, small_value(handle)) : -1;
}

static void release(Vm *vm, Term handle)
{
    open_files_release(vm_bifs(vm)->files, vm_host(vm), small_value(handle));
}

static void file_discard(HelperJob *base, Vm *vm)
{
    FileJob *job = (FileJob *)base;
    if (vm && term_is_small(job->handle)) {
        release(vm, job->handle);
    }
    if (vm && job->opened) {
        vm_host(vm)->file_close(vm_host(vm), job->file);
    }
    util_text_free(&job->path);
    job_text_free(&job->put);
    job_bytes_free(&job->got);
    alloc_free(job);
}

static JobBegin answered(Term *answer, Term value)
{
    *answer = value;
    return JOB_ANSWERED;
}

/* The path that a[0] is; else what to answer. */
static JobBegin begin_path(FileJob *job, Process *p, Term path, Term *answer)
{
    job->handle = TERM_NIL;
    UtilStatus status = util_text_of_binary(&job->path, path, true);
    return status == UTIL_OK ? JOB_GO : answered(answer, util_raise(p, status));
}

/* The open file that handle is; else what to answer. */
static JobBegin begin_handle(FileJob *job, Process *p, Term handle, Term *answer)
{
    job->file = hold(p, handle);
    job->handle = job->file < 0 ? TERM_NIL : handle;
    return job->file < 0 ? answered(answer, not_open(p)) : JOB_GO;
}

static Term end_ok(HelperJob *base, Process *p, const Term *a)
{
    return ok_or_error(p, ((FileJob *)base)->result);
}

#define FILE_KIND(name, do_work, do_begin, do_end) \
    static const JobKind name = {.helper = {.work = do_work, .discard = file_discard}, \
                                 .size = sizeof(FileJob), \
                                 .begin = do_begin, \
                                 .end = do_end};

/* ---- open, close ---- */

/* The mode bits of a list of words; false if one is unknown. */
static bool read_modes(Term list, int *mode)
{
    static const struct {
        Term word;
        int bit;
    } words[] = {{ATOM(read), HOST_READ},           {ATOM(write), HOST_WRITE},
                 {ATOM(append), HOST_APPEND},       {ATOM(exclusive), HOST_EXCLUSIVE},
                 {ATOM(directory), HOST_DIRECTORY}, {ATOM(sync), HOST_SYNC}};
    *mode = 0;
    for (; term_is_cons(list); list = cons_tail(list)) {
        size_t i = 0;
        while (i < ACT_COUNT(words) && !term_same(words[i].word, cons_head(list))) {
            i++;
        }
        if (i == ACT_COUNT(words)) {
            return false;
        }
        *mode |= words[i].bit;
    }
    if (*mode & (HOST_WRITE | HOST_APPEND | HOST_EXCLUSIVE)) {
        *mode |= HOST_CREATE;
    }
    if (*mode & HOST_EXCLUSIVE && !(*mode & HOST_APPEND)) {
        *mode |= HOST_WRITE;
    }
    if (*mode & HOST_WRITE && !(*mode & (HOST_READ | HOST_APPEND))) {
        *mode |= HOST_TRUNCATE;
    }
    return term_is_nil(list);
}

static JobBegin open_begin(HelperJob *base, Process *p, const Term *a, Term *answer)
{
    FileJob *job = (FileJob *)base;
    job->handle = TERM_NIL;
    return read_modes(a[1], &job->mode) ? begin_path(job, p, a[0], answer)
                                        : answered(answer, raise_badarg(p));
}

static void open_work(HelperJob *base, Host *host)
{
    FileJob *job = (FileJob *)base;
    job->result = job->file = host->file_open(host, util_text_string(&job->path), job->mode);
    job->opened = job->file >= 0;
}

static Term open_end(HelperJob *base, Process *p, const Term *a)
{
    FileJob *job = (FileJob *)base;
    if (!job->opened) {
        return util_posix_error(p, job->result);
    }
    int64_t handle = open_files_add(vm_bifs(p->vm)->files, job->file, p->pid);
    job->opened = handle < 0;
    return handle < 0 ? UTIL_TUPLE(p, ATOM(error), ATOM(enomem))
                      : UTIL_TUPLE(p, ATOM(ok), small_make(handle));
}

FILE_KIND(open_kind, open_work, open_begin, open_end)

Term bif_act_file_open_2(Process *p, const Term *a)
{
    return job_bif(p, a, &open_kind);
}

static JobBegin close_begin(HelperJob *base, Process *p, const Term *a, Term *answer)
{
    FileJob *job = (FileJob *)base;
    job->handle = TERM_NIL;
    bool ours = term_is_small(a[0]) &&
                open_files_take(vm_bifs(p->vm)->files, small_value(a[0]), &job->file);
    if (!ours) {
        return answered(answer, not_open(p));
    }
    job->opened = job->file >= 0;
    return job->opened ? JOB_GO : answered(answer, ATOM(ok)); /* the last who holds it closes it */
}

static void close_work(HelperJob *base, Host *host)
{
    FileJob *job = (FileJob *)base;
    job->opened = false;
    job->result = host->file_close(host, job->file);
}

FILE_KIND(close_kind, close_work, close_begin, end_ok)

Term bif_act_file_close_1(Process *p, const Term *a)
{
    return job_bif(p, a, &close_kind);
}

/* ---- reading ---- */

/* Reads up to job->size bytes until there are no more. */
static void read_work(HelperJob *base, Host *host)
{
    FileJob *job = (FileJob *)base;
    JobBytes *got = &job->got;
    HostResult more = 1;
    while (more > 0 && !job->at_end && got->length < job->size) {
        size_t step = (size_t)ACT_MIN(job->size - got->length, ACT_MAX(got->length, READ_STEP));
        unsigned char *room = job_bytes_room(got, step);
        if (!room) {
            return;
        }
        more = job->offset < 0 ? host->file_read(host, job->file, room, step)
                               : host->file_read_at(host, job->file, room, step,
                                                    job->offset + (int64_t)got->length);
        got->length += more > 0 ? (size_t)more : 0;
    }
    job->result = more < 0 && got->length == 0 ? more : 0;
}

static Term read_end(HelperJob *base, Process *p, const Term *a)
{
    FileJob *job = (FileJob *)base;
    if (job->result < 0) {
        return util_posix_error(p, job->result);
    }
    if (job->got.no_memory) {
        return UTIL_TUPLE(p, ATOM(error), ATOM(enomem));
    }
    size_t length = job->got.length;
    if (length == 0 && !job->whole_file && job->size > 0) {
        return ATOM(eof);
    }
    Term bytes = job_bytes_binary(p, &job->got);
    atomic_fetch_add_explicit(&vm_bifs(p->vm)->bytes_in, (int64_t)length, memory_order_relaxed);
    return term_same(bytes, TERM_NONE) ? bytes : UTIL_TUPLE(p, ATOM(ok), bytes);
}

/* A little that lies in memory is read here and now: handing it over takes twenty times as long.
 * True if that was all. */
static bool read_now(FileJob *job, Host *host)
{
    unsigned char *room = job->size > 0 && job->size <= READ_STEP
                              ? job_bytes_room(&job->got, (size_t)job->size)
                              : NULL;
    HostResult got =
        room ? host->file_read_now(host, job->file, room, (size_t)job->size, job->offset) : -1;
    job->got.length = got > 0 ? (size_t)got : 0;
    job->at_end = got == 0;
    return job->at_end || job->got.length == job->size;
}

static JobBegin begin_read(FileJob *job, Process *p, Term handle, Term size, int64_t offset,
                           Term *answer)
{
    int64_t most;
    job->handle = TERM_NIL;
    job->offset = offset;
    if (!util_get_range(size, 0, SMALL_MAX, &most)) {
        return answered(answer, raise_badarg(p));
    }
    job->size = (uint64_t)most;
    JobBegin begin = begin_handle(job, p, handle, answer);
    return begin == JOB_GO && read_now(job, vm_host(p->vm)) ? JOB_IN_LINE : begin;
}

static JobBegin read_begin(HelperJob *base, Process *p, const Term *a, Term *answer)
{
    return begin_read((FileJob *)base, p, a[0], a[1], -1, answer);
}

static JobBegin pread_begin(HelperJob *base, Process *p, const Term *a, Term *answer)
{
    int64_t offset;
    ((FileJob *)base)->handle = TERM_NIL;
    if (!term_is_integer(a[1])) {
        return answered(answer, raise_badarg(p));
    }
    return util_get_range(a[1], 0, INT64_MAX / 4, &offset)
               ? begin_read((FileJob *)base, p, a[0], a[2], offset, answer)
               : answered(answer, not_open(p));
}

static JobBegin read_file_begin(HelperJob *base, Process *p, const Term *a, Term *answer)
{
    FileJob *job = (FileJob *)base;
    job->offset = -1;
    job->size = UINT64_MAX / 2;
    job->whole_file = true;
    return begin_path(job, p, a[0], answer);
}

static void read_file_work(HelperJob *base, Host *host)
{
    FileJob *job = (FileJob *)base;
    job->mode = HOST_READ;
    open_work(base, host);
    if (job->opened) {
        read_work(base, host);
        job->opened = false;
        host->file_close(host, job->file);
    }
}

FILE_KIND(read_kind, read_work, read_begin, read_end)
FILE_KIND(pread_kind, read_work, pread_begin, read_end)
FILE_KIND(read_file_kind, read_file_work, read_file_begin, read_end)

Term bif_act_file_read_2(Process *p, const Term *a)
{
    return job_bif(p, a, &read_kind);
}

Term bif_act_file_pread_3(Process *p, const Term *a)
{
    return job_bif(p, a, &pread_kind);
}

Term bif_act_file_read_file_1(Process *p, const Term *a)
{
    return job_bif(p, a, &read_file_kind);
}

/* ---- writing ---- */

static JobBegin begin_write(FileJob *job, Process *p, Term handle, Term iodata, int64_t offset,
                            Term *answer)
{
    job->handle = TERM_NIL;
    job->offset = offset;
    UtilStatus status = job_text_of_iodata(&job->put, iodata);
    return status == UTIL_OK ? begin_handle(job, p, handle, answer)
                             : answered(answer, util_raise(p, status));
}

static JobBegin write_begin(HelperJob *base, Process *p, const Term *a, Term *answer)
{
    return begin_write((FileJob *)base, p, a[0], a[1], -1, answer);
}

static JobBegin pwrite_begin(HelperJob *base, Process *p, const Term *a, Term *answer)
{
    int64_t offset;
    ((FileJob *)base)->handle = TERM_NIL;
    if (!term_is_integer(a[1])) {
        return answered(answer, raise_badarg(p));
    }
    return util_get_range(a[1], 0, INT64_MAX / 4, &offset)
               ? begin_write((FileJob *)base, p, a[0], a[2], offset, answer)
               : answered(answer, not_open(p));
}

static void write_work(HelperJob *base, Host *host)
{
    FileJob *job = (FileJob *)base;
    const JobText *put = &job->put;
    job->result = job->offset < 0
                      ? host->file_write(host, job->file, put->bytes, put->length)
                      : host->file_write_at(host, job->file, put->bytes, put->length, job->offset);
}

static Term write_end(HelperJob *base, Process *p, const Term *a)
{
    FileJob *job = (FileJob *)base;
    atomic_fetch_add_explicit(&vm_bifs(p->vm)->bytes_out, (int64_t)job->put.length,
                              memory_order_relaxed);
    return ok_or_error(p, job->result);
}

FILE_KIND(write_kind, write_work, write_begin, write_end)
FILE_KIND(pwrite_kind, write_work, pwrite_begin, write_end)

Term bif_act_file_write_2(Process *p, const Term *a)
{
    return job_bif(p, a, &write_kind);
}

Term bif_act_file_pwrite_3(Process *p, const Term *a)
{
    return job_bif(p, a, &pwrite_kind);
}

/* ---- positions ---- */

Term bif_act_file_position_3(Process *p, const Term *a)
{
    int64_t offset;
    int whence = term_same(a[1], ATOM(bof)) ? 0 : term_same(a[1], ATOM(cur)) ? 1 : 2;
    if (!term_is_integer(a[2]) || (whence == 2 && !term_same(a[1], ATOM(eof)))) {
        return raise_badarg(p);
    }
    if (!util_get_range(a[2], INT64_MIN / 4, INT64_MAX / 4, &offset)) {
        return not_open(p);
    }
    int64_t file = hold(p, a[0]);
    if (file < 0) {
        return not_open(p);
    }
    HostResult at = vm_host(p->vm)->file_seek(vm_host(p->vm), file, offset, whence);
    release(p->vm, a[0]);
    return at < 0 ? util_posix_error(p, at) : UTIL_TUPLE(p, ATOM(ok), small_make(at));
}

static JobBegin handle_begin(HelperJob *base, Process *p, const Term *a, Term *answer)
{
    return begin_handle((FileJob *)base, p, a[0], answer);
}

static void truncate_work(HelperJob *base, Host *host)
{
    FileJob *job = (FileJob *)base;
    job->result = host->file_truncate(host, job->file);
}

static void sync_work(HelperJob *base, Host *host)
{
    FileJob *job = (FileJob *)base;
    job->result = host->file_sync(host, job->file, false);
}

static void datasync_work(HelperJob *base, Host *host)
{
    FileJob *job = (FileJob *)base;
    job->result = host->file_sync(host, job->file, true);
}

static JobBegin allocate_begin(HelperJob *base, Process *p, const Term *a, Term *answer)
{
    FileJob *job = (FileJob *)base;
    job->handle = TERM_NIL;
    return util_get_range(a[1], INT64_MIN, INT64_MAX, &job->offset) &&
                   util_get_range(a[2], INT64_MIN, INT64_MAX, &job->length)
               ? begin_handle(job, p, a[0], answer)
               : answered(answer, raise_badarg(p));
}

static void allocate_work(HelperJob *base, Host *host)
{
    FileJob *job = (FileJob *)base;
    job->result = host->file_allocate(host, job->file, job->offset, job->length);
}

static void info_work(HelperJob *base, Host *host)
{
    FileJob *job = (FileJob *)base;
    job->result = host->file_info_open(host, job->file, &job->info);
}

static Term info_end(HelperJob *base, Process *p, const Term *a)
{
    FileJob *job = (FileJob *)base;
    return job->result < 0 ? util_posix_error(p, job->result) : util_file_info(p, &job->info);
}

FILE_KIND(truncate_kind, truncate_work, handle_begin, end_ok)
FILE_KIND(allocate_kind, allocate_work, allocate_begin, end_ok)
FILE_KIND(info_kind, info_work, handle_begin, info_end)
FILE_KIND(sync_kind, sync_work, handle_begin, end_ok)
FILE_KIND(datasync_kind, datasync_work, handle_begin, end_ok)

Term bif_act_file_truncate_1(Process *p, const Term *a)
{
    return job_bif(p, a, &truncate_kind);
}

Term bif_act_file_allocate_3(Process *p, const Term *a)
{
    return job_bif(p, a, &allocate_kind);
}

Term bif_act_file_handle_info_1(Process *p, const Term *a)
{
    return job_bif(p, a, &info_kind);
}

Term bif_act_file_sync_1(Process *p, const Term *a)
{
    return job_bif(p, a, &sync_kind);
}

Term bif_act_file_datasync_1(Process *p, const Term *a)
{
    return job_bif(p, a, &datasync_kind);
}
