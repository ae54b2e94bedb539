/* SPDX-License-Identifier: Apache-2.0 */
/* vm/sched/spawn.c: a new process with its first call in its registers. */
#include "vm/sched/spawn.h"

#include "vm/base/alloc.h"
#include "vm/code/code.h"
#include "vm/proc/max_heap.h"
#include "vm/proc/relations.h"
#include "vm/proc/table.h"
#include "vm/sched/away.h"
#include "vm/sched/deliver.h"
#include "vm/sched/epoch.h"
#include "vm/term/copy.h"
#include "vm/term/ref.h"

typedef struct {
    Term items[BC_MAX_X]; /* what the registers hold: arguments, then free values */
    uint32_t count;
    const Code *pc;
    Term initial[2];
    uint32_t initial_arity;
} FirstCall;

/* The length of a proper list, of which items get the first BC_MAX_ARITY. */
static uint32_t list_into(Term list, Term *items)
{
    uint32_t count = 0;
    for (; term_is_cons(list); list = cons_tail(list)) {
        if (count < BC_MAX_ARITY) {
            items[count] = cons_head(list);
        }
        count++;
    }
    return count;
}

static bool call_export(Vm *vm, FirstCall *call, Term module, Term name, uint32_t arity)
{
    Export *export = code_export(vm, module, name, arity);
    if (!export) {
        return false;
    }
    call->pc = atomic_load_explicit(&export->entry, memory_order_acquire);
    call->count = arity;
    return true;
}

static bool prepare(Vm *vm, FirstCall *call, Term module, Term name, Term args)
{
    if (!term_same(name, TERM_NONE)) {
        uint32_t arity = list_into(args, call->items);
        call->initial[0] = module;
        call->initial[1] = name;
        call->initial_arity = arity;
        if (arity > BC_MAX_ARITY) { /* no function has so many: apply will tell */
            call->items[0] = module;
            call->items[1] = name;
            call->items[2] = args;
            return call_export(vm, call, ATOM(erlang), ATOM(apply), 3);
        }
        return call_export(vm, call, module, name, arity);
    }
    call->initial[0] = ATOM(erlang);
    call->initial[1] = ATOM(apply);
    call->initial_arity = 2;
    if (term_is_kind(module, BOXED_FUN) && fun_arity(module) == 0) {
        const FunEntry *entry = fun_entry(module);
        call->count = (uint32_t)fun_free_count(module);
        memcpy(call->items, fun_free_values(module), call->count * sizeof(Term));
        call->pc = atomic_load_explicit(&entry->entry, memory_order_acquire);
        return true;
    }
    call->items[0] = module;
    call->items[1] = TERM_NIL;
    return call_export(vm, call, ATOM(erlang), ATOM(apply), 2);
}

static void unmake(void *made)
{
    process_free_inside(made);
    process_free(made);
}

/* Copies the registers' terms to the new process's heap. They are copied as one tuple, so that what
 * they share stays shared. */
static Process *make(Vm *vm, const FirstCall *call, const SpawnOptions *options)
{
    Term block[BC_MAX_X + 1];
    block[0].w = header_make(BOXED_TUPLE, call->count);
    memcpy(block + 1, call->items, call->count * sizeof(Term));
    CopyPlan plan;
    CodeTables *code = vm->code;
    if (!copy_plan(&plan, boxed_term(block), code->literals, code->literals_end)) {
        return NULL;
    }
    size_t words = plan.words + 16 > HEAP_FIRST_WORDS ? plan.words + 32 : HEAP_FIRST_WORDS;
    Process *p =
        process_new(vm, ACT_MAX(words, options->min_words), code->literals, code->literals_end);
    if (!p) {
        copy_drop(&plan);
        return NULL;
    }
    Term *at = heap_alloc(&p->heap, plan.words);
    Term copy = at ? copy_run(&plan, at, &p->heap.off_heap) : TERM_NONE;
    if (!at || !process_save_x(p, tuple_items(copy), call->count)) {
        unmake(p);
        return NULL;
    }
    return p;
}

enum { AWAY_MODULE, AWAY_NAME, AWAY_CALL_ARGS, AWAY_COUNT };

static Term make_away(Process *parent, const Term *a)
{
    FirstCall call;
    SpawnOptions options = SPAWN_DEFAULTS;
    Vm *vm = parent->vm;
    Process *p = prepare(vm, &call, a[AWAY_MODULE], a[AWAY_NAME], a[AWAY_CALL_ARGS])
                     ? make(vm, &call, &options)
                     : NULL;
    away_keep(parent, p, unmake);
    return ATOM(ok);
}

bool spawn_goes_away(Process *parent, Term module, Term name, Term args)
{
    if (parent->away == AWAY_BACK || !(away_heavy(parent, module) || away_heavy(parent, args))) {
        return false;
    }
    Term a[AWAY_COUNT] = {[AWAY_MODULE] = module, [AWAY_NAME] = name, [AWAY_CALL_ARGS] = args};
    away_ask(parent, make_away, a, AWAY_COUNT);
    return true;
}

/* The new process, with its first call's terms on its heap, made here or away. */
static Process *made(Vm *vm, Process *parent, const FirstCall *call, const SpawnOptions *options)
{
    return options->from_away ? away_take_made(parent) : make(vm, call, options);
}

static bool relate(Process *parent, Process *p, const SpawnOptions *options)
{
    if (options->link) {
        Relation *here = relations_find(parent, RELATION_LINK, p->pid.w);
        if (!here && !relations_add(parent, RELATION_LINK, p->pid.w, p->pid)) {
            return false;
        }
        if (!relations_add(p, RELATION_LINK, parent->pid.w, parent->pid)) {
            return false;
        }
    }
    if (options->monitor) {
        uint64_t id = ref_id(options->monitor_ref);
        if (!relations_add(parent, RELATION_WATCHES, id, p->pid) ||
            !relations_add(p, RELATION_WATCHED, id, parent->pid)) {
            return false;
        }
    }
    return true;
}

static Term failed(Process *parent, bool full)
{
    if (parent) {
        return full ? raise_system_limit(parent) : raise_no_memory(parent);
    }
    return TERM_NONE;
}

Term spawn_process(Scheduler *s, Process *parent, Term module, Term name, Term args,
                   const SpawnOptions *options)
{
    FirstCall call;
    Vm *vm = s->vm;
    Process *p = prepare(vm, &call, module, name, args) ? made(vm, parent, &call, options) : NULL;
    if (!p) {
        return failed(parent, false);
    }
    *--p->heap.stack = TERM_RAW(CODE_BOTTOM(vm->code));
    p->pc = call.pc;
    p->scheduler = s;
    p->priority = options->priority;
    p->off_heap = options->off_heap;
    p->initial_call[0] = call.initial[0];
    p->initial_call[1] = call.initial[1];
    p->initial_arity = call.initial_arity;
    p->heap.full_every = options->full_every;
    p->heap.min_words = ACT_MAX(p->heap.min_words, options->min_words);
    p->max_heap = options->max_heap == SPAWN_MAX_HEAP_DEFAULT
                      ? atomic_load_explicit(&vm->max_heap, memory_order_relaxed)
                      : options->max_heap;
    p->heap.max_words = max_heap_words(p->max_heap);
    if (parent) {
        p->group_leader = parent->group_leader;
        p->parent = parent->pid;
    }
    bool listed = process_table_add(vm->processes, p);
    if (!listed || (parent && !relate(parent, p, options))) {
        process_free_inside(p);
        if (listed) {
            process_table_remove(vm->processes, p);
            epoch_retire(s, p);
        } else {
            process_free(p);
        }
        return failed(parent, !listed);
    }
    Term pid = p->pid;
    scheduler_queue(s, p);
    return pid;
}
