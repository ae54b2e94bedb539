/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_edit.c: act_edit, the terminal's line editor, if the embedding program has given one
 * (TerminalEditor, vm_parts.h). */
#include "vm/bif/bif_job.h"

#include "vm/base/alloc.h"
#include "vm/vm_parts.h"

#include <string.h>

Term bif_act_edit_available_0(Process *p, const Term *a)
{
    return term_bool(p->vm->options.editor != NULL);
}

Term bif_act_edit_tell_2(Process *p, const Term *a)
{
    const TerminalEditor *editor = p->vm->options.editor;
    int64_t kind;
    JobText text = {0};
    if (!editor || !util_get_range(a[0], 1, 127, &kind) ||
        job_text_of_iodata(&text, a[1]) != UTIL_OK) {
        return raise_badarg(p);
    }
    editor->tell(editor->context, (char)kind, text.bytes, text.length);
    job_text_free(&text);
    return ATOM(ok);
}

/* ---- act_edit:next() ---- */

typedef struct {
    HelperJob base;
    const TerminalEditor *editor;
    JobBytes got;
} NextJob;

static JobBegin next_begin(HelperJob *base, Process *p, const Term *a, Term *answer)
{
    NextJob *job = (NextJob *)base;
    job->editor = p->vm->options.editor;
    if (!job->editor) {
        *answer = raise_badarg(p);
        return JOB_ANSWERED;
    }
    return JOB_GO;
}

static void next_work(HelperJob *base, Host *host)
{
    NextJob *job = (NextJob *)base;
    size_t size = 0;
    unsigned char *event = job->editor->next(job->editor->context, &size);
    unsigned char *room = event ? job_bytes_room(&job->got, size) : NULL;
    if (room) {
        memcpy(room, event, size);
        job->got.length = size;
    }
    alloc_free(event);
}

static Term next_end(HelperJob *base, Process *p, const Term *a)
{
    NextJob *job = (NextJob *)base;
    return job->got.length || job->got.no_memory ? job_bytes_binary(p, &job->got) : ATOM(eof);
}

static void next_discard(HelperJob *base, Vm *vm)
{
    job_bytes_free(&((NextJob *)base)->got);
    alloc_free(base);
}

static const JobKind next_kind = {.helper = {.work = next_work, .discard = next_discard},
                                  .size = sizeof(NextJob),
                                  .begin = next_begin,
                                  .end = next_end};

Term bif_act_edit_next_0(Process *p, const Term *a)
{
    return job_bif(p, a, &next_kind);
}
