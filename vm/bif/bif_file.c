/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_file.c: module act_file, open files: reading, writing, positions. All answer
 * {error, Posix} when the operating system refuses. */
#include "vm/base/alloc.h"
#include "vm/bif/bif_shared.h"
#include "vm/bif/bif_util.h"
#include "vm/host/host.h"
#include "vm/vm_parts.h"

enum { READ_STEP = 65536 };

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

static void release(Process *p, Term handle)
{
    open_files_release(vm_bifs(p->vm)->files, vm_host(p->vm), small_value(handle));
}

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

Term bif_act_file_open_2(Process *p, const Term *a)
{
    Host *host = vm_host(p->vm);
    UtilText path = {0};
    int mode;
    UtilStatus status = read_modes(a[1], &mode) ? util_text_of_binary(&path, a[0], true) : UTIL_BAD;
    HostResult file = status == UTIL_OK ? host->file_open(host, util_text_string(&path), mode) : -1;
    util_text_free(&path);
    if (status != UTIL_OK) {
        return util_raise(p, status);
    }
    if (file < 0) {
        return util_posix_error(p, file);
    }
    int64_t handle = open_files_add(vm_bifs(p->vm)->files, file, p->pid);
    if (handle < 0) {
        host->file_close(host, file);
        return UTIL_TUPLE(p, ATOM(error), ATOM(enomem));
    }
    return UTIL_TUPLE(p, ATOM(ok), small_make(handle));
}

Term bif_act_file_close_1(Process *p, const Term *a)
{
    bool closed = term_is_small(a[0]) &&
                  open_files_close(vm_bifs(p->vm)->files, vm_host(p->vm), small_value(a[0]));
    return closed ? ATOM(ok) : not_open(p);
}

/* ---- reading ---- */

/* Reads up to size bytes from offset (-1: where the file is) until there are no more. */
static HostResult read_all(Host *host, int64_t file, uint64_t size, int64_t offset, UtilText *text)
{
    size_t step = (size_t)ACT_MIN(size, READ_STEP);
    char *bytes = alloc_try(step + 1);
    HostResult got = 1;
    while (bytes != NULL && got > 0 && text->length < size) {
        size_t more = (size_t)ACT_MIN(size - text->length, step);
        got = offset < 0
                  ? host->file_read(host, file, bytes, more)
                  : host->file_read_at(host, file, bytes, more, offset + (int64_t)text->length);
        if (got > 0 && !util_text_put(text, bytes, (size_t)got)) {
            break;
        }
    }
    text->no_memory = text->no_memory || bytes == NULL;
    alloc_free(bytes);
    return got < 0 && text->length == 0 ? got : 0;
}

/* {ok, Binary} of what was read; frees the text. */
static Term read_result(Process *p, HostResult result, UtilText *text, bool empty_is_eof)
{
    Term answer;
    if (result < 0) {
        answer = util_posix_error(p, result);
    } else if (text->no_memory) {
        answer = UTIL_TUPLE(p, ATOM(error), ATOM(enomem));
    } else if (text->length == 0 && empty_is_eof) {
        answer = ATOM(eof);
    } else {
        Term bytes = util_binary(p, util_text_string(text), text->length);
        answer = term_same(bytes, TERM_NONE) ? bytes : UTIL_TUPLE(p, ATOM(ok), bytes);
        atomic_fetch_add_explicit(&vm_bifs(p->vm)->bytes_in, (int64_t)text->length,
                                  memory_order_relaxed);
        util_spend_steps(p, text->length / 4);
    }
    util_text_free(text);
    return answer;
}

static Term read_at(Process *p, Term handle, Term size, int64_t offset)
{
    int64_t most;
    if (!util_get_range(size, 0, SMALL_MAX, &most)) {
        return raise_badarg(p);
    }
    int64_t file = hold(p, handle);
    if (file < 0) {
        return not_open(p);
    }
    UtilText text = {0};
    HostResult result = read_all(vm_host(p->vm), file, (uint64_t)most, offset, &text);
    release(p, handle);
    return read_result(p, result, &text, most > 0);
}

Term bif_act_file_read_2(Process *p, const Term *a)
{
    return read_at(p, a[0], a[1], -1);
}

Term bif_act_file_pread_3(Process *p, const Term *a)
{
    int64_t offset;
    if (!term_is_integer(a[1])) {
        return raise_badarg(p);
    }
    return util_get_range(a[1], 0, INT64_MAX / 4, &offset) ? read_at(p, a[0], a[2], offset)
                                                           : not_open(p);
}

Term bif_act_file_read_file_1(Process *p, const Term *a)
{
    Host *host = vm_host(p->vm);
    UtilText path = {0}, text = {0};
    UtilStatus status = util_text_of_binary(&path, a[0], true);
    HostResult file =
        status == UTIL_OK ? host->file_open(host, util_text_string(&path), HOST_READ) : -1;
    util_text_free(&path);
    if (status != UTIL_OK) {
        return util_raise(p, status);
    }
    HostResult result = file;
    if (file >= 0) {
        result = read_all(host, file, UINT64_MAX / 2, -1, &text);
        host->file_close(host, file);
    }
    return read_result(p, result, &text, false);
}

/* ---- writing ---- */

static Term write_at(Process *p, Term handle, Term iodata, int64_t offset)
{
    Host *host = vm_host(p->vm);
    UtilText text = {0};
    UtilStatus status = util_text_of_iodata(&text, iodata);
    if (status != UTIL_OK) {
        util_text_free(&text);
        return util_raise(p, status);
    }
    int64_t file = hold(p, handle);
    HostResult result = 0;
    if (file >= 0) {
        const char *bytes = util_text_string(&text);
        result = offset < 0 ? host->file_write(host, file, bytes, text.length)
                            : host->file_write_at(host, file, bytes, text.length, offset);
        release(p, handle);
        atomic_fetch_add_explicit(&vm_bifs(p->vm)->bytes_out, (int64_t)text.length,
                                  memory_order_relaxed);
        util_spend_steps(p, text.length / 4);
    }
    util_text_free(&text);
    return file < 0 ? not_open(p) : ok_or_error(p, result);
}

Term bif_act_file_write_2(Process *p, const Term *a)
{
    return write_at(p, a[0], a[1], -1);
}

Term bif_act_file_pwrite_3(Process *p, const Term *a)
{
    int64_t offset;
    if (!term_is_integer(a[1])) {
        return raise_badarg(p);
    }
    return util_get_range(a[1], 0, INT64_MAX / 4, &offset) ? write_at(p, a[0], a[2], offset)
                                                           : not_open(p);
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
    release(p, a[0]);
    return at < 0 ? util_posix_error(p, at) : UTIL_TUPLE(p, ATOM(ok), small_make(at));
}

typedef enum { DO_TRUNCATE, DO_SYNC, DO_DATASYNC } FileAction;

static Term file_action(Process *p, Term handle, FileAction action)
{
    Host *host = vm_host(p->vm);
    int64_t file = hold(p, handle);
    if (file < 0) {
        return not_open(p);
    }
    HostResult result = action == DO_TRUNCATE ? host->file_truncate(host, file)
                                              : host->file_sync(host, file, action == DO_DATASYNC);
    release(p, handle);
    return ok_or_error(p, result);
}

Term bif_act_file_truncate_1(Process *p, const Term *a)
{
    return file_action(p, a[0], DO_TRUNCATE);
}

Term bif_act_file_sync_1(Process *p, const Term *a)
{
    return file_action(p, a[0], DO_SYNC);
}

Term bif_act_file_datasync_1(Process *p, const Term *a)
{
    return file_action(p, a[0], DO_DATASYNC);
}
