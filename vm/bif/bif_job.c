/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_job.c: see bif_job.h. */
#include "vm/bif/bif_job.h"

#include "vm/base/alloc.h"
#include "vm/mem/offheap.h"
#include "vm/term/binary.h"
#include "vm/vm_parts.h"

#include <string.h>

static Term finish(Process *p, const Term *a, const JobKind *kind)
{
    Term answer = kind->end(p->job, p, a);
    helpers_drop(p);
    return answer;
}

static Term begin(Process *p, const Term *a, const JobKind *kind)
{
    HelperJob *job = alloc_try_zero(kind->size);
    if (!job) {
        return raise_no_memory(p);
    }
    job->kind = &kind->helper;
    Term answer = TERM_NONE;
    switch (kind->begin(job, p, a, &answer)) {
    case JOB_GO:
        return helpers_run(p, job) ? finish(p, a, kind) : TERM_NONE;
    case JOB_IN_LINE:
        job->kind->work(job, vm_host(p->vm));
        answer = kind->end(job, p, a);
        break;
    case JOB_ANSWERED:
        break;
    }
    job->kind->discard(job, p->vm);
    return answer;
}

Term job_bif(Process *p, const Term *a, const JobKind *kind)
{
    if (!p->job) {
        return begin(p, a, kind);
    }
    return helpers_done(p) ? finish(p, a, kind) : TERM_NONE;
}

unsigned char *job_bytes_room(JobBytes *bytes, size_t more)
{
    size_t room = bytes->block ? bytes->block->room : 0;
    if (bytes->no_memory || room - bytes->length >= more) {
        return bytes->no_memory ? NULL : bytes->block->bytes + bytes->length;
    }
    OffHeap *grown = offheap_resize(bytes->block, ACT_MAX(bytes->length + more, room * 2));
    if (!grown) {
        bytes->no_memory = true;
        return NULL;
    }
    bytes->block = grown;
    return grown->bytes + bytes->length;
}

void job_bytes_free(JobBytes *bytes)
{
    if (bytes->block) {
        offheap_release(bytes->block);
        bytes->block = NULL;
    }
}

Term job_bytes_binary(Process *p, JobBytes *bytes)
{
    if (bytes->no_memory) {
        return raise_no_memory(p);
    }
    if (bytes->length <= BINARY_HEAP_MAX) {
        return util_binary(p, bytes->block ? bytes->block->bytes : NULL, bytes->length);
    }
    OffHeap *fitting = offheap_resize(bytes->block, bytes->length);
    OffHeap *block = fitting ? fitting : bytes->block;
    bytes->block = NULL;
    Term binary = offheap_box(&p->heap, block, bytes->length);
    return term_same(binary, TERM_NONE) ? raise_no_memory(p) : binary;
}

/* The block outside the heaps that a binary's bytes are in, or NULL. */
static OffHeap *block_of(Term binary)
{
    const Term *words = boxed_words(binary);
    if (header_kind(words[0].w) == BOXED_SUB_BINARY) {
        words = boxed_words(words[SUB_BASE]);
    }
    return header_kind(words[0].w) == BOXED_REFC ? refc_off_heap(words) : NULL;
}

UtilStatus job_text_of_iodata(JobText *text, Term iodata)
{
    if (binary_bytes(iodata, &text->bytes, &text->length)) {
        text->held = block_of(iodata);
        if (text->held) {
            offheap_retain(text->held);
            return UTIL_OK;
        }
    }
    UtilStatus status = util_text_of_iodata(&text->copy, iodata);
    text->bytes = (const unsigned char *)util_text_string(&text->copy);
    text->length = text->copy.length;
    return status;
}

void job_text_free(JobText *text)
{
    if (text->held) {
        offheap_release(text->held);
        text->held = NULL;
    }
    util_text_free(&text->copy);
}
