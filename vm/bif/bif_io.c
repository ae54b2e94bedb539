/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_io.c: module act_io: the standard files 0, 1 and 2, unbuffered: what was written is
 * with the operating system when the built-in returns. */
#include "vm/base/alloc.h"
#include "vm/bif/bif_job.h"
#include "vm/bif/bif_shared.h"
#include "vm/host/host.h"
#include "vm/vm_parts.h"

enum {
    READ_MAX = 1 << 20,
    WRITE_READY = 4096, /* so much goes into a pipe that says it is ready (POSIX: PIPE_BUF) */
};

typedef struct {
    HelperJob base;
    int64_t file;
    size_t size; /* to read at most */
    HostResult result;
    JobText put;
    JobBytes got;
} ConsoleJob;

static void console_discard(HelperJob *base, Vm *vm)
{
    ConsoleJob *job = (ConsoleJob *)base;
    job_text_free(&job->put);
    job_bytes_free(&job->got);
    alloc_free(job);
}

static JobBegin refused(Term *answer, Term raised)
{
    *answer = raised;
    return JOB_ANSWERED;
}

/* ---- act_io:write(1 | 2, Iodata) ---- */

/* A little output to somebody who takes it is written here and now: it costs less than handing it
 * over, and cannot block. */
static JobBegin write_begin(HelperJob *base, Process *p, const Term *a, Term *answer)
{
    ConsoleJob *job = (ConsoleJob *)base;
    Host *host = vm_host(p->vm);
    if (!util_get_range(a[0], 1, 2, &job->file)) {
        return refused(answer, raise_badarg(p));
    }
    UtilStatus status = job_text_of_iodata(&job->put, a[1]);
    if (status != UTIL_OK) {
        return refused(answer, util_raise(p, status));
    }
    if (job->put.length == 0) {
        return refused(answer, ATOM(ok));
    }
    bool ready = job->put.length <= WRITE_READY && host->file_ready(host, job->file, true);
    return ready ? JOB_IN_LINE : JOB_GO;
}

static void write_work(HelperJob *base, Host *host)
{
    ConsoleJob *job = (ConsoleJob *)base;
    job->result = host->file_write(host, job->file, job->put.bytes, job->put.length);
}

static Term write_end(HelperJob *base, Process *p, const Term *a)
{
    ConsoleJob *job = (ConsoleJob *)base;
    atomic_fetch_add_explicit(&vm_bifs(p->vm)->bytes_out, (int64_t)job->put.length,
                              memory_order_relaxed);
    util_spend_steps(p, job->put.length);
    return job->result < 0 ? util_posix_error(p, job->result) : ATOM(ok);
}

static const JobKind write_kind = {.helper = {.work = write_work, .discard = console_discard},
                                   .size = sizeof(ConsoleJob),
                                   .begin = write_begin,
                                   .end = write_end};

Term bif_act_io_write_2(Process *p, const Term *a)
{
    return job_bif(p, a, &write_kind);
}

/* ---- act_io:read(0, N) ---- */

static JobBegin read_begin(HelperJob *base, Process *p, const Term *a, Term *answer)
{
    ConsoleJob *job = (ConsoleJob *)base;
    int64_t size;
    if (!util_get_range(a[0], 0, 0, &job->file) || !util_get_range(a[1], 1, SMALL_MAX, &size)) {
        return refused(answer, raise_badarg(p));
    }
    job->size = (size_t)ACT_MIN(size, READ_MAX);
    return JOB_GO;
}

static void read_work(HelperJob *base, Host *host)
{
    ConsoleJob *job = (ConsoleJob *)base;
    unsigned char *room = job_bytes_room(&job->got, job->size);
    if (room) {
        job->result = host->file_read(host, job->file, room, job->size);
        job->got.length = job->result > 0 ? (size_t)job->result : 0;
    }
}

static Term read_end(HelperJob *base, Process *p, const Term *a)
{
    ConsoleJob *job = (ConsoleJob *)base;
    if (job->result > 0) {
        atomic_fetch_add_explicit(&vm_bifs(p->vm)->bytes_in, job->result, memory_order_relaxed);
    } else if (!job->got.no_memory) {
        return job->result == 0 ? ATOM(eof) : util_posix_error(p, job->result);
    }
    return job_bytes_binary(p, &job->got);
}

static const JobKind read_kind = {.helper = {.work = read_work, .discard = console_discard},
                                  .size = sizeof(ConsoleJob),
                                  .begin = read_begin,
                                  .end = read_end};

Term bif_act_io_read_2(Process *p, const Term *a)
{
    return job_bif(p, a, &read_kind);
}

Term bif_act_io_is_tty_1(Process *p, const Term *a)
{
    int64_t file;
    if (!util_get_range(a[0], 0, 2, &file)) {
        return raise_badarg(p);
    }
    return term_bool(vm_host(p->vm)->is_terminal(vm_host(p->vm), file));
}

Term bif_act_io_geometry_1(Process *p, const Term *a)
{
    Host *host = vm_host(p->vm);
    int64_t file;
    int columns, rows;
    if (!util_get_range(a[0], 0, 2, &file)) {
        return raise_badarg(p);
    }
    if (!host->is_terminal(host, file) || !host->terminal_size(host, &columns, &rows)) {
        return UTIL_TUPLE(p, ATOM(error), ATOM(enotsup));
    }
    return UTIL_TUPLE(p, small_make(columns), small_make(rows));
}
