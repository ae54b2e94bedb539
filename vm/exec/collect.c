/* SPDX-License-Identifier: Apache-2.0 */
/* vm/exec/collect.c: a collection at a safepoint: gathers the roots of a process as data. */
#include "vm/exec/exec_slow.h"

#include "vm/base/alloc.h"
#include "vm/base/stress.h"
#include "vm/host/host.h"
#include "vm/proc/dictionary.h"
#include "vm/proc/max_heap.h"
#include "vm/sched/spawn.h"

const Site exec_site_bare;

static void add_range(Roots *roots, Term *items, size_t count)
{
    if (count > 0) {
        roots->ranges[roots->range_count++] = (RootRange){items, count};
    }
}

/* Messages whose term lies on the heap, one range each. False without memory. */
static bool add_messages(Roots *roots, const Mailbox *mb)
{
    size_t count = 0;
    for (Signal *s = mb->on_heap; s; s = (Signal *)s->chain.w) {
        count++;
    }
    if (count == 0) {
        return true;
    }
    RootRange *more = alloc_try(count * sizeof *more);
    if (!more) {
        return false;
    }
    roots->more = more;
    for (Signal *s = mb->on_heap; s; s = (Signal *)s->chain.w) {
        more[roots->more_count++] = (RootRange){&s->term, 1};
    }
    return true;
}

/* More is in use than max_heap_size allows: tells so, and ends p, as its flags say. True if p ends.
 */
static bool too_large(Process *p, size_t need)
{
    if (p->max_heap & MAX_HEAP_REPORT) {
        Term words[MAX_HEAP_REPORT_WORDS + 2];
        Term *args = words + MAX_HEAP_REPORT_WORDS;
        args[0] = max_heap_report(p, need, words);
        args[1] = TERM_NIL;
        SpawnOptions options = SPAWN_DEFAULTS;
        options.priority = PRIORITY_HIGH;
        spawn_process(p->scheduler, NULL, ATOM(act_report), ATOM(log_max_heap), cons_term(args),
                      &options);
    }
    if (p->max_heap & MAX_HEAP_KILL) {
        p->pending = PENDING_EXIT;
        p->exit_reason = ATOM(killed);
        return true;
    }
    return false;
}

bool exec_collect(Process *p, const Site *site, Term *x, Term *one, size_t need)
{
    if (p->heap.max_words && heap_used(&p->heap) + need > p->heap.max_words && too_large(p, need)) {
        return false;
    }
    Roots roots = {.top_site = site, .sites = p->vm->code->sites, .x = x, .use_x = x != NULL};
    if (!mailbox_pin(&p->mailbox, &p->heap) || !add_messages(&roots, &p->mailbox)) {
        raise_no_memory(p);
        return false;
    }
    if (one) {
        add_range(&roots, one, 1);
    }
    add_range(&roots, p->saved_x, p->saved_count);
    add_range(&roots, &p->raise_class, 5);
    add_range(&roots, p->trap_args, p->trap_count);
    add_range(&roots, &p->bif_state, 1);
    add_range(&roots, &p->exit_reason, 1);
    if (p->dictionary) {
        add_range(&roots, p->dictionary->pairs, 2 * (size_t)p->dictionary->count);
    }
    gc_pace(&p->heap, p->reductions_done + (uint64_t)(TURN_REDUCTIONS - p->reductions));
    bool done = gc_collect(&p->heap, &roots, need, p->heap.want_full);
    alloc_free((void *)roots.more);
    if (!done) {
        raise_no_memory(p);
        return false;
    }
    p->heap.want_gc = false;
    p->heap.want_full = false;
    p->reductions -= (int32_t)gc_last_cost(&p->heap);
#ifndef NDEBUG
    if (STRESS(gc)) {
        roots.more = NULL;
        roots.more_count = 0;
        heap_check(&p->heap, &roots);
    }
#endif
    return true;
}

/* Words whose collection takes a millisecond or more, bytes that it takes so long to give back. */
enum { LARGE_HEAP = 1 << 18, LARGE_BINARIES = 1 << 22 };

static void collect_there(Process *p)
{
    uint32_t saved = p->saved_count;
    p->saved_count = 0; /* the site tells which of them are roots */
    exec_collect(p, p->away_site, p->saved_x, NULL, p->away_need);
    p->saved_count = saved;
}

bool exec_collect_away(Process *p, const Site *site, size_t need)
{
    const Heap *heap = &p->heap;
    size_t binaries = heap->off_heap_bytes + (heap->want_full ? heap->old_off_heap_bytes : 0);
    bool light = heap_used(heap) < LARGE_HEAP && binaries < LARGE_BINARIES;
    if (light || heap->max_words || p->vm->host->simulated || STRESS(gc)) {
        return false;
    }
    p->away_work = collect_there;
    p->away_need = need;
    return true;
}

_Static_assert(offsetof(Process, raise_info) == offsetof(Process, raise_class) + 4 * sizeof(Term),
               "the five raise terms are one range");
