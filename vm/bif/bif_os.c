/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_os.c: module act_os: environment, commands, and what operating system this is. Names
 * and values are binaries without NUL. */
#include "vm/base/alloc.h"
#include "vm/bif/bif_job.h"
#include "vm/host/host.h"
#include "vm/sched/os_signal.h"
#include "vm/vm_parts.h"

#include <string.h>

Term bif_act_os_getenv_1(Process *p, const Term *a)
{
    UtilText name = {0};
    Host *host = vm_host(p->vm);
    UtilStatus status = util_text_of_binary(&name, a[0], true);
    HostResult length = -1;
    char first[1024];
    if (status == UTIL_OK) {
        length = host->env_get(host, util_text_string(&name), first, sizeof first);
    }
    Term result = length < 0 ? ATOM(false) : TERM_NONE;
    if (length >= (HostResult)sizeof first) {
        char *whole = alloc_try((size_t)length + 1);
        if (whole != NULL) { /* if it has changed since: as much as there was before */
            host->env_get(host, util_text_string(&name), whole, (size_t)length + 1);
            result = util_binary(p, whole, (size_t)length);
        }
        alloc_free(whole);
    } else if (length >= 0) {
        result = util_binary(p, first, (size_t)length);
    }
    util_text_free(&name);
    return status == UTIL_OK ? result : util_raise(p, status);
}

static bool set_variable(Process *p, Term name_term, Term value_term, bool unset)
{
    UtilText name = {0}, value = {0};
    Host *host = vm_host(p->vm);
    UtilStatus status = util_text_of_binary(&name, name_term, true);
    if (status == UTIL_OK && !unset) {
        status = util_text_of_binary(&value, value_term, true);
    }
    if (status == UTIL_OK &&
        host->env_set(host, util_text_string(&name), unset ? NULL : util_text_string(&value)) < 0) {
        status = UTIL_BAD;
    }
    util_text_free(&name);
    util_text_free(&value);
    if (status != UTIL_OK) {
        util_raise(p, status);
    }
    return status == UTIL_OK;
}

Term bif_act_os_putenv_2(Process *p, const Term *a)
{
    return set_variable(p, a[0], a[1], false) ? ATOM(true) : TERM_NONE;
}

Term bif_act_os_unsetenv_1(Process *p, const Term *a)
{
    return set_variable(p, a[0], TERM_NIL, true) ? ATOM(true) : TERM_NONE;
}

static void add_variable(void *context, const char *entry)
{
    UtilText *all = context;
    util_text_put(all, entry, strlen(entry) + 1);
}

Term bif_act_os_env_0(Process *p, const Term *a)
{
    UtilText all = {0};
    Host *host = vm_host(p->vm);
    host->env_list(host, add_variable, &all);
    UtilList list;
    util_list_open(&list, p);
    for (size_t at = 0; at < all.length && !all.no_memory;) {
        size_t length = strlen(all.bytes + at);
        Term entry = util_binary(p, all.bytes + at, length);
        if (term_same(entry, TERM_NONE) || !util_list_add(&list, entry)) {
            util_text_free(&all);
            return TERM_NONE;
        }
        at += length + 1;
    }
    bool no_memory = all.no_memory;
    util_text_free(&all);
    return no_memory ? raise_no_memory(p) : util_list_close(&list, TERM_NIL);
}

Term bif_act_os_getpid_0(Process *p, const Term *a)
{
    return util_int64(p, vm_host(p->vm)->os_pid(vm_host(p->vm)));
}

Term bif_act_os_set_signal_2(Process *p, const Term *a)
{
    unsigned signal = 0;
    while (signal < HOST_SIGNAL_COUNT && !term_same(a[0], os_signal_name((HostSignal)signal))) {
        signal++;
    }
    if (signal == HOST_SIGNAL_COUNT) {
        return raise_badarg(p);
    }
    if (term_same(a[1], ATOM(handle))) {
        os_signals_take(p->vm->os_signals, (HostSignal)signal);
    } else if (term_same(a[1], ATOM(ignore))) {
        os_signals_ignore(p->vm->os_signals, (HostSignal)signal);
    } else {
        os_signals_default(p->vm->os_signals, (HostSignal)signal);
    }
    return ATOM(ok);
}

Term bif_act_os_type_0(Process *p, const Term *a)
{
    return UTIL_TUPLE(p, ATOM(unix), ATOM(linux));
}

Term bif_act_os_version_0(Process *p, const Term *a)
{
    unsigned version[3];
    vm_host(p->vm)->system_version(vm_host(p->vm), version);
    return UTIL_TUPLE(p, small_make(version[0]), small_make(version[1]), small_make(version[2]));
}

/* ---- commands: done by helpers ---- */

typedef struct {
    HelperJob base;
    UtilText line;
    JobBytes output;
    size_t most; /* bytes of output */
} CommandJob;

enum { COMMAND_END = 4 }; /* the byte (^D) behind which no output counts */

static JobBegin command_begin(HelperJob *base, Process *p, const Term *a, Term *answer)
{
    CommandJob *job = (CommandJob *)base;
    job->most =
        term_is_small(a[1]) && small_value(a[1]) >= 0 ? (size_t)small_value(a[1]) : SIZE_MAX;
    UtilStatus status = util_text_of_binary(&job->line, a[0], true);
    *answer = status == UTIL_OK ? TERM_NONE : util_raise(p, status);
    return status == UTIL_OK ? JOB_GO : JOB_ANSWERED;
}

static bool add_output(void *context, const void *bytes, size_t size)
{
    CommandJob *job = context;
    const unsigned char *end = memchr(bytes, COMMAND_END, size);
    size_t take = end ? (size_t)(end - (const unsigned char *)bytes) : size;
    size_t left = job->most - job->output.length;
    take = take < left ? take : left;
    unsigned char *room = take > 0 ? job_bytes_room(&job->output, take) : NULL;
    if (room) {
        memcpy(room, bytes, take);
        job->output.length += take;
    }
    return !end && take < left;
}

static void command_work(HelperJob *base, Host *host)
{
    CommandJob *job = (CommandJob *)base;
    host->command_run(host, util_text_string(&job->line), add_output, job);
}

static Term command_end(HelperJob *base, Process *p, const Term *a)
{
    return job_bytes_binary(p, &((CommandJob *)base)->output);
}

static void command_discard(HelperJob *base, Vm *vm)
{
    CommandJob *job = (CommandJob *)base;
    util_text_free(&job->line);
    job_bytes_free(&job->output);
    alloc_free(job);
}

static const JobKind command_kind = {.helper = {.work = command_work, .discard = command_discard},
                                     .size = sizeof(CommandJob),
                                     .begin = command_begin,
                                     .end = command_end};

Term bif_act_os_cmd_2(Process *p, const Term *a)
{
    return job_bif(p, a, &command_kind);
}
