/* SPDX-License-Identifier: Apache-2.0 */
/* vm/sched/exit.c: taking a process down, in the order in which others may notice. */
#include "vm/sched/exit.h"

#include "vm/base/alloc.h"
#include "vm/host/host.h"
#include "vm/mem/offheap.h"
#include "vm/proc/names.h"
#include "vm/proc/relations.h"
#include "vm/proc/table.h"
#include "vm/sched/deliver.h"
#include "vm/sched/epoch.h"
#include "vm/sched/helpers.h"
#include "vm/sched/request.h"
#include "vm/term/ref.h"

/* Stands in for a heap when all parts are immediates. */
static const Heap no_heap;

void exit_send_down(Scheduler *s, Term dead, Term to, uint64_t id, Term name, Term reason,
                    const Heap *heap)
{
    Term ref_words[REF_WORDS], name_words[3];
    Term object = dead;
    if (term_is_atom(name)) {
        name_words[0].w = header_make(BOXED_TUPLE, 2);
        name_words[1] = name;
        name_words[2] = ATOM(nonode_nohost);
        object = boxed_term(name_words);
    }
    Term items[5] = {ATOM(DOWN), ref_build(ref_words, id, 0, 0), ATOM(process), object, reason};
    Signal *down = signal_new_tuple(SIGNAL_DOWN, dead, items, 5, heap ? heap : &no_heap);
    if (down) {
        down->extra = small_make((int64_t)id);
        deliver_to(s, to, down);
    }
}

void exit_send_link_exit(Scheduler *s, Term dead, Term to, Term reason, const Heap *heap)
{
    Term items[3] = {ATOM(EXIT), dead, reason};
    Signal *gone = signal_new_tuple(SIGNAL_LINK_EXIT, dead, items, 3, heap ? heap : &no_heap);
    if (gone) {
        deliver_to(s, to, gone);
    }
}

static void tell_relation(Scheduler *s, Process *p, const Relation *relation)
{
    Signal *demonitor;
    switch (relation->kind) {
    case RELATION_LINK:
        if (relation->active) {
            exit_send_link_exit(s, p->pid, relation->pid, p->exit_reason, &p->heap);
        }
        break;
    case RELATION_WATCHED:
        exit_send_down(s, p->pid, relation->pid, relation->key, relation->name, p->exit_reason,
                       &p->heap);
        break;
    case RELATION_WATCHES:
        demonitor = signal_new(SIGNAL_DEMONITOR, p->pid, 0);
        if (demonitor) {
            demonitor->extra = small_make((int64_t)relation->key);
            deliver_to(s, relation->pid, demonitor);
        }
        break;
    case RELATION_SUSPENDS:
        request_send_tagged(p, TERM_NIL, relation->pid, TERM_NIL, ATOM(resume), TERM_NIL);
        break;
    case RELATION_ALIAS:
    case RELATION_NONE:
        break;
    }
}

/* The timers that would send to p, whoever started them. p is out of the table. */
static void end_timers(Vm *vm, Process *p)
{
    if (atomic_exchange_explicit(&p->timed, false, memory_order_acq_rel)) {
        for (unsigned i = 0; i < vm->scheduler_count; i++) {
            wheel_cancel_to(&vm->schedulers[i]->wheel, p->pid);
        }
    }
}

/* ---- giving back what it held ---- */

/* Above this giving back takes longer than having a helper do it: words of its heap, bytes of
 * binaries, messages. */
enum {
    FREE_AWAY_WORDS = 1 << 19,
    FREE_AWAY_BYTES = 1 << 22,
    FREE_AWAY_BOXES = 10000,
    FREE_AWAY_MESSAGES = 10000,
};

typedef struct {
    HelperJob base;
    Process *p;
    bool emptied;
} FreeJob;

static void free_work(HelperJob *base, Host *host)
{
    FreeJob *job = (FreeJob *)base;
    process_free_inside(job->p);
    job->emptied = true;
}

/* The machine ends before p has come back: no other thread looks at it any more. */
static void free_discard(HelperJob *base, Vm *vm)
{
    FreeJob *job = (FreeJob *)base;
    if (!job->emptied) {
        process_free_inside(job->p);
    }
    process_free(job->p);
    alloc_free(job);
}

static void free_arrive(HelperJob *base, Scheduler *s)
{
    epoch_retire(s, ((FreeJob *)base)->p);
    alloc_free(base);
}

static const HelperKind free_kind = {
    .work = free_work, .discard = free_discard, .arrive = free_arrive, .uses_vm = true};

/* True if a helper will do it. */
static bool free_away(Scheduler *s, Process *p)
{
    const Heap *heap = &p->heap;
    bool large = heap_total(heap) > FREE_AWAY_WORDS || p->mailbox.length > FREE_AWAY_MESSAGES ||
                 offheap_list_is_large(heap->off_heap, FREE_AWAY_BYTES, FREE_AWAY_BOXES) ||
                 offheap_list_is_large(heap->old_off_heap, FREE_AWAY_BYTES, FREE_AWAY_BOXES);
    FreeJob *job = large && !s->vm->host->simulated ? alloc_try_zero(sizeof *job) : NULL;
    if (!job) {
        return false;
    }
    job->base.kind = &free_kind;
    job->p = p;
    bool given = helpers_give(s, &job->base);
    if (!given) {
        alloc_free(job);
    }
    return given;
}

void exit_process(Scheduler *s, Process *p)
{
    Vm *vm = s->vm;
    if (p->receive_timer_id) {
        wheel_cancel(scheduler_wheel_of(vm, p->receive_timer_id), p->receive_timer_id, NULL, NULL);
    }
    process_table_remove(vm->processes, p);
    end_timers(vm, p);
    names_drop(vm, p);
    Signal *late = mailbox_close(&p->mailbox);
    for (uint32_t i = 0; p->relations && i < p->relations->used; i++) {
        tell_relation(s, p, &p->relations->items[i]);
    }
    while (late) {
        Signal *next = late->next;
        deliver_dead(s, p->pid, late);
        late = next;
    }
    atomic_store_explicit(&p->state, PROCESS_ENDED, memory_order_release);
    if (!free_away(s, p)) {
        process_free_inside(p);
        epoch_retire(s, p);
    }
}
