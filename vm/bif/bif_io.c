/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_io.c: module act_io: the standard files 0, 1 and 2, unbuffered: what was written is
 * with the operating system when the built-in returns. */
#include "vm/base/alloc.h"
#include "vm/bif/bif_shared.h"
#include "vm/bif/bif_util.h"
#include "vm/host/host.h"
#include "vm/vm_parts.h"

enum {
    READ_MAX = 1 << 20,
    READ_WAIT = 10, /* milliseconds a scheduler waits for input before it runs something else */
};

/* act_io:write(1 | 2, Iodata) */
Term bif_act_io_write_2(Process *p, const Term *a)
{
    Host *host = vm_host(p->vm);
    UtilText text = {0};
    int64_t file;
    if (!util_get_range(a[0], 1, 2, &file)) {
        return raise_badarg(p);
    }
    UtilStatus status = util_text_of_iodata(&text, a[1]);
    HostResult put = 0;
    if (status == UTIL_OK && text.length > 0) {
        put = host->file_write(host, file, text.bytes, text.length);
        atomic_fetch_add_explicit(&vm_bifs(p->vm)->bytes_out, (int64_t)text.length,
                                  memory_order_relaxed);
        util_spend_steps(p, text.length);
    }
    util_text_free(&text);
    if (status != UTIL_OK) {
        return util_raise(p, status);
    }
    return put < 0 ? util_posix_error(p, put) : ATOM(ok);
}

/* act_io:read(0, N): waits a little at a time, so that others run; in a seeded run nothing else may
 * happen meanwhile, or the run would depend on how fast somebody types. */
Term bif_act_io_read_2(Process *p, const Term *a)
{
    Host *host = vm_host(p->vm);
    int64_t file, size;
    p->bif_state = TERM_NONE;
    if (!util_get_range(a[0], 0, 0, &file) || !util_get_range(a[1], 1, SMALL_MAX, &size)) {
        return raise_badarg(p);
    }
    if (!host->simulated && !host->file_wait(host, file, READ_WAIT)) {
        return bif_again(p, ATOM(read));
    }
    char first[4096];
    size_t room = (size_t)ACT_MIN(size, READ_MAX);
    char *bytes = room <= sizeof first ? first : alloc_try(room);
    if (bytes == NULL) {
        return raise_no_memory(p);
    }
    HostResult got = host->file_read(host, file, bytes, room);
    Term result = got > 0    ? util_binary(p, bytes, (size_t)got)
                  : got == 0 ? ATOM(eof)
                             : util_posix_error(p, got);
    if (bytes != first) {
        alloc_free(bytes);
    }
    if (got > 0) {
        atomic_fetch_add_explicit(&vm_bifs(p->vm)->bytes_in, got, memory_order_relaxed);
    }
    return result;
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
