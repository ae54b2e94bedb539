/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_load.c: modules come and go: the natives under stdlib/act_code.act. Reading, compiling
 * and loading is done by helpers (bif_job.h). */
#include "vm/base/alloc.h"
#include "vm/bif/bif_job.h"
#include "vm/code/code.h"
#include "vm/code/code_finder.h"
#include "vm/host/host.h"
#include "vm/sched/epoch.h"
#include "vm/sched/request.h"
#include "vm/term/atom.h"
#include "vm/term/binary.h"
#include "vm/term/fun.h"
#include "vm/vm_parts.h"

/* ---- loading ---- */

typedef struct {
    HelperJob base;
    Vm *vm;
    Term name;
    UtilText path;
    JobText bytes;
    CodeResult result;
} LoadJob;

static void load_discard(HelperJob *base, Vm *vm)
{
    LoadJob *job = (LoadJob *)base;
    util_text_free(&job->path);
    job_text_free(&job->bytes);
    alloc_free(job);
}

static JobBegin answered(Term *answer, Term value)
{
    *answer = value;
    return JOB_ANSWERED;
}

static JobBegin load_begin(HelperJob *base, Process *p, const Term *a, Term *answer)
{
    LoadJob *job = (LoadJob *)base;
    job->vm = p->vm;
    job->name = a[0];
    return term_is_atom(a[0]) ? JOB_GO : answered(answer, raise_badarg(p));
}

/* {on_load, Fun}: p shall run it; {wait, Pid}: somebody does; TERM_NIL: neither. */
static Term on_load_answer(Process *p, Term name)
{
    uint32_t fun;
    uintptr_t runner;
    Term *words;
    switch (code_on_load_claim(p->vm, name, p->pid.w, &fun, &runner)) {
    case ON_LOAD_YOURS:
        words = process_alloc(p, FUN_FREE);
        if (!words) {
            return TERM_NONE;
        }
        words[0].w = header_make(BOXED_FUN, FUN_FREE - 1);
        words[FUN_ENTRY].w = (uintptr_t)&p->vm->code->funs[fun];
        return UTIL_TUPLE(p, ATOM(on_load), boxed_term(words));
    case ON_LOAD_OTHER:
        return UTIL_TUPLE(p, ATOM(wait), TERM_RAW(runner));
    case ON_LOAD_OWN:
    case ON_LOAD_NONE:
        break;
    }
    return TERM_NIL;
}

static Term load_end(HelperJob *base, Process *p, const Term *a)
{
    LoadJob *job = (LoadJob *)base;
    Term pending = TERM_NIL;
    switch (job->result) {
    case CODE_LOADED:
        pending = on_load_answer(p, a[0]);
        return term_is_nil(pending) ? UTIL_TUPLE(p, ATOM(module), a[0]) : pending;
    case CODE_OLD_IN_THE_WAY:
        pending = on_load_answer(p, a[0]);
        return term_is_nil(pending) ? UTIL_TUPLE(p, ATOM(error), ATOM(not_purged)) : pending;
    case CODE_NO_FILE:
        return UTIL_TUPLE(p, ATOM(error), ATOM(nofile));
    case CODE_IN_PROCESS:
        return UTIL_TUPLE(p, ATOM(error), ATOM(parse_transform));
    case CODE_BAD_FILE:
        break;
    }
    return UTIL_TUPLE(p, ATOM(error), ATOM(badfile));
}

static void load_work(HelperJob *base, Host *host)
{
    LoadJob *job = (LoadJob *)base;
    job->result = code_load_name(job->vm, job->name);
}

/* Under the lock: of several callers one loads, the others find it loaded. */
static void ensure_work(HelperJob *base, Host *host)
{
    LoadJob *job = (LoadJob *)base;
    host->mutex_lock(host, job->vm->load_lock);
    job->result = code_find_module(job->vm, job->name) || code_is_pending(job->vm, job->name)
                      ? CODE_LOADED
                      : code_load_name(job->vm, job->name);
    host->mutex_unlock(host, job->vm->load_lock);
}

static JobBegin abs_begin(HelperJob *base, Process *p, const Term *a, Term *answer)
{
    bool good = util_text_of_binary(&((LoadJob *)base)->path, a[1], true) == UTIL_OK;
    return good ? load_begin(base, p, a, answer) : answered(answer, raise_badarg(p));
}

static void abs_work(HelperJob *base, Host *host)
{
    LoadJob *job = (LoadJob *)base;
    job->result = code_load_file(job->vm, job->name, util_text_string(&job->path));
}

static JobBegin binary_begin(HelperJob *base, Process *p, const Term *a, Term *answer)
{
    bool good =
        term_is_binary(a[2]) && job_text_of_iodata(&((LoadJob *)base)->bytes, a[2]) == UTIL_OK;
    return good ? abs_begin(base, p, a, answer) : answered(answer, raise_badarg(p));
}

static void binary_work(HelperJob *base, Host *host)
{
    LoadJob *job = (LoadJob *)base;
    job->result = code_load_bytes(job->vm, job->name, util_text_string(&job->path),
                                  job->bytes.bytes, job->bytes.length);
}

#define LOAD_KIND(name, do_begin, do_work) \
    static const JobKind name = { \
        .helper = {.work = do_work, .discard = load_discard, .uses_vm = true}, \
        .size = sizeof(LoadJob), \
        .begin = do_begin, \
        .end = load_end};

LOAD_KIND(load_kind, load_begin, load_work)
LOAD_KIND(ensure_kind, load_begin, ensure_work)
LOAD_KIND(abs_kind, abs_begin, abs_work)
LOAD_KIND(binary_kind, binary_begin, binary_work)

Term bif_act_code_start_load_1(Process *p, const Term *a)
{
    return job_bif(p, a, &load_kind);
}

Term bif_act_code_start_abs_2(Process *p, const Term *a)
{
    return job_bif(p, a, &abs_kind);
}

Term bif_act_code_start_binary_3(Process *p, const Term *a)
{
    return job_bif(p, a, &binary_kind);
}

Term bif_act_code_start_ensure_1(Process *p, const Term *a)
{
    if (!p->job && term_is_atom(a[0]) &&
        (term_same(a[0], ATOM(erlang)) || p->vm->load_embedded(p->vm, a[0].w))) {
        return UTIL_TUPLE(p, ATOM(module), a[0]);
    }
    return job_bif(p, a, &ensure_kind);
}

/* ---- on_load ---- */

Term bif_act_code_pass_on_load_2(Process *p, const Term *a)
{
    return term_bool(code_on_load_pass(p->vm, a[0], p->pid.w, a[1].w));
}

Term bif_act_code_publish_1(Process *p, const Term *a)
{
    return term_bool(code_on_load_publish(p->vm, a[0]));
}

/* ---- purging ---- */

/* Waits until every scheduler has passed a quiet point since the mark in p->bif_state. True when
 * that is so. */
static bool all_passed(Process *p)
{
    if (epoch_passed(p->vm, (uint64_t)small_value(p->bif_state))) {
        p->bif_state = TERM_NONE;
        return true;
    }
    p->pending = PENDING_AGAIN;
    return false;
}

Term bif_act_code_purge_begin_2(Process *p, const Term *a)
{
    if (term_same(p->bif_state, TERM_NONE)) {
        CodePurge which = term_same(a[1], ATOM(on_load)) ? PURGE_FAILED : PURGE_OLD;
        switch (code_purge_begin(p->vm, a[0], which, p->pid.w)) {
        case PURGE_NOTHING:
            return ATOM(false);
        case PURGE_BUSY:
            p->pending = PENDING_AGAIN;
            return TERM_NONE;
        case PURGE_BEGUN:
            p->bif_state = small_make((int64_t)epoch_mark(p->vm));
        }
    }
    return all_passed(p) ? ATOM(true) : TERM_NONE;
}

Term bif_act_code_purge_abort_1(Process *p, const Term *a)
{
    code_purge_abort(p->vm, a[0]);
    return ATOM(ok);
}

Term bif_act_code_purge_end_1(Process *p, const Term *a)
{
    if (term_same(p->bif_state, TERM_NONE)) {
        code_purge_unlink(p->vm, a[0]);
        p->bif_state = small_make((int64_t)epoch_mark(p->vm));
    }
    if (!all_passed(p)) {
        return TERM_NONE;
    }
    code_purge_free(p->vm, a[0]);
    return ATOM(ok);
}

Term bif_act_code_ask_runs_2(Process *p, const Term *a)
{
    return request_send(p, a[0], ATOM(check_process_code), a[1]);
}

static Term trap_to(Process *p, const char *name, uint32_t arity, const Term *a)
{
    Term atom = util_atom(p, name);
    const Export *to = code_export(p->vm, ATOM(act_code), atom, arity);
    return to ? bif_trap(p, to, arity, a[0], arity > 1 ? a[1] : TERM_NIL,
                         arity > 2 ? a[2] : TERM_NIL)
              : raise_no_memory(p);
}

Term bif_erlang_purge_module_1(Process *p, const Term *a)
{
    return term_is_atom(a[0]) && code_has_old(p->vm, a[0]) ? trap_to(p, "purge_module", 1, a)
                                                           : raise_badarg(p);
}

Term bif_erlang_check_process_code_2(Process *p, const Term *a)
{
    return term_is_pid(a[0]) && term_is_atom(a[1]) ? trap_to(p, "check_process", 2, a)
                                                   : raise_badarg(p);
}

/* {async, Id} and {allow_gc, Bool} are options. */
static bool good_options(const AtomTable *atoms, Term list)
{
    size_t length;
    for (; term_is_cons(list); list = cons_tail(list)) {
        Term option = cons_head(list);
        if (!term_is_tuple_of(option, 2) || !term_is_atom(tuple_items(option)[0])) {
            return false;
        }
        const char *name = atom_text(atoms, tuple_items(option)[0], &length);
        if (strcmp(name, "async") != 0 &&
            (strcmp(name, "allow_gc") != 0 || !term_is_bool(tuple_items(option)[1]))) {
            return false;
        }
    }
    return term_is_nil(list);
}

Term bif_erlang_check_process_code_3(Process *p, const Term *a)
{
    return term_is_pid(a[0]) && term_is_atom(a[1]) && good_options(vm_atoms(p->vm), a[2])
               ? trap_to(p, "check_process", 3, a)
               : raise_badarg(p);
}

/* ---- the compiler ---- */

typedef struct {
    HelperJob base;
    const VmOptions *options;
    JobText request;
    unsigned char *answer;
    size_t size;
} AskJob;

static JobBegin ask_begin(HelperJob *base, Process *p, const Term *a, Term *answer)
{
    AskJob *job = (AskJob *)base;
    job->options = &p->vm->options;
    const VmOptions *o = job->options;
    if (!o->ask_compiler || !term_is_binary(a[0]) ||
        job_text_of_iodata(&job->request, a[0]) != UTIL_OK) {
        return answered(answer, raise_badarg(p));
    }
    bool quick = o->ask_is_quick &&
                 o->ask_is_quick((const unsigned char *)job->request.bytes, job->request.length);
    return quick ? JOB_IN_LINE : JOB_GO;
}

static void ask_work(HelperJob *base, Host *host)
{
    AskJob *job = (AskJob *)base;
    const VmOptions *o = job->options;
    job->answer =
        o->ask_compiler(o->compile_context, job->request.bytes, job->request.length, &job->size);
}

static Term ask_end(HelperJob *base, Process *p, const Term *a)
{
    AskJob *job = (AskJob *)base;
    return job->answer ? util_binary(p, job->answer, job->size) : raise_badarg(p);
}

static void ask_discard(HelperJob *base, Vm *vm)
{
    AskJob *job = (AskJob *)base;
    job_text_free(&job->request);
    alloc_free(job->answer);
    alloc_free(job);
}

static const JobKind ask_kind = {
    .helper = {.work = ask_work, .discard = ask_discard, .uses_vm = true},
    .size = sizeof(AskJob),
    .begin = ask_begin,
    .end = ask_end};

Term bif_act_compiler_ask_1(Process *p, const Term *a)
{
    return job_bif(p, a, &ask_kind);
}
