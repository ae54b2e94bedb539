/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_job.h: built-ins that a helper thread does (sched/helpers.h), in three steps: begin
 * reads the arguments into a job, work does it, end makes the result.
 *
 * A job that cannot wait anyway may say so in begin; it is then done in line. */
#ifndef ACT_BIF_BIF_JOB_H
#define ACT_BIF_BIF_JOB_H

#include "vm/bif/bif_util.h"
#include "vm/host/host.h"
#include "vm/sched/helpers.h"

typedef enum {
    JOB_GO,       /* to a helper */
    JOB_IN_LINE,  /* will not block: here and now */
    JOB_ANSWERED, /* *answer is the result; TERM_NONE if it was raised */
} JobBegin;

typedef struct {
    HelperKind helper; /* work and discard, which also frees */
    size_t size;       /* of the job's struct, which begins with a HelperJob; zeros at first */
    JobBegin (*begin)(HelperJob *job, Process *p, const Term *a, Term *answer);
    Term (*end)(HelperJob *job, Process *p, const Term *a);
} JobKind;

/* What a built-in of that kind returns. */
Term job_bif(Process *p, const Term *a, const JobKind *kind);

/* {ok, {Size, Type, Access, ...}} as act_file tells of a file; in bif_path.c. */
Term util_file_info(Process *p, const HostFileInfo *info);

/* Bytes that a helper gathers and that become a binary without being copied, if they are many.
 * All zeros: none yet. */
typedef struct {
    OffHeap *block;
    size_t length;
    bool no_memory;
} JobBytes;
/* Room for at least `more` bytes behind those there are; NULL without memory. The caller adds what
 * it has written to length. */
unsigned char *job_bytes_room(JobBytes *bytes, size_t more);
void job_bytes_free(JobBytes *bytes);
/* The binary of the bytes, which are taken over. TERM_NONE, raised, without memory. */
Term job_bytes_binary(Process *p, JobBytes *bytes);

/* Bytes to be written by a helper: those of a large binary stay where they are. */
typedef struct {
    const unsigned char *bytes;
    size_t length;
    OffHeap *held; /* they are in it; NULL: in copy */
    UtilText copy;
} JobText;
UtilStatus job_text_of_iodata(JobText *text, Term iodata);
void job_text_free(JobText *text);

#endif
