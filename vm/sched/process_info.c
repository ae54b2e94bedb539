/* SPDX-License-Identifier: Apache-2.0 */
/* vm/sched/process_info.c: what process_info/1,2 tell, built on the process's own heap. */
#include "vm/sched/request.h"
#include "vm/sched/standing.h"

#include "vm/base/alloc.h"
#include "vm/code/code.h"
#include "vm/mem/heap_sizes.h"
#include "vm/mem/offheap.h"
#include "vm/proc/dictionary.h"
#include "vm/proc/max_heap.h"
#include "vm/proc/relations.h"
#include "vm/proc/table.h"
#include "vm/term/atom.h"

#include <stdio.h>

static Term pair(Process *p, Term item, Term value)
{
    Term *words = term_same(value, TERM_NONE) ? NULL : process_alloc(p, 3);
    return words ? build_tuple2(&words, item, value) : TERM_NONE;
}

static Term links(Process *p)
{
    Term list = TERM_NIL;
    for (uint32_t i = p->relations ? p->relations->used : 0; i-- > 0;) {
        const Relation *r = &p->relations->items[i];
        if (r->kind == RELATION_LINK && r->active) {
            Term *words = process_alloc(p, 2);
            if (!words) {
                return TERM_NONE;
            }
            list = build_cons(&words, r->pid, list);
        }
    }
    return list;
}

static Term monitors(Process *p, RelationKind kind)
{
    Term list = TERM_NIL;
    for (uint32_t i = p->relations ? p->relations->used : 0; i-- > 0;) {
        const Relation *r = &p->relations->items[i];
        if (r->kind != kind) {
            continue;
        }
        Term *words = process_alloc(p, 8);
        if (!words) {
            return TERM_NONE;
        }
        Term what = r->pid;
        if (kind == RELATION_WATCHES) {
            if (term_is_atom(r->name)) {
                what = build_tuple2(&words, r->name, ATOM(nonode_nohost));
            }
            what = build_tuple2(&words, ATOM(process), what);
        }
        list = build_cons(&words, what, list);
    }
    return list;
}

/* [{Pid, Times, 0}] of the living: what is asked for is not told apart from what is reached. */
static Term suspending(Process *p)
{
    Term list = TERM_NIL;
    for (uint32_t i = p->relations ? p->relations->used : 0; i-- > 0;) {
        const Relation *r = &p->relations->items[i];
        if (r->kind != RELATION_SUSPENDS || !process_table_find(p->vm->processes, r->pid)) {
            continue;
        }
        Term *words = process_alloc(p, 4 + 2);
        if (!words) {
            return TERM_NONE;
        }
        Term *tuple = words;
        tuple[0].w = header_make(BOXED_TUPLE, 3);
        tuple[1] = r->pid;
        tuple[2] = small_make(r->mode);
        tuple[3] = small_make(0);
        words += 4;
        list = build_cons(&words, boxed_term(tuple), list);
    }
    return list;
}

static Term messages(Process *p)
{
    size_t count = p->mailbox.length;
    Term *words = count ? process_alloc(p, 2 * count) : NULL;
    if (!words) {
        return count ? TERM_NONE : TERM_NIL;
    }
    /* The list refers into messages that may leave the mailbox: the answer is copied before p runs
     * on (request.c, and bif_process.c for a process that asks about itself). */
    Term *at = words;
    for (const Signal *s = p->mailbox.inner; s; s = s->next) {
        at[0] = s->term;
        at[1] = s->next ? cons_term(at + 2) : TERM_NIL;
        at += 2;
    }
    return cons_term(words);
}

static Term dictionary(Process *p)
{
    uint32_t count = p->dictionary ? p->dictionary->count : 0;
    Term list = TERM_NIL;
    for (uint32_t i = count; i-- > 0;) {
        Term *words = process_alloc(p, 5);
        if (!words) {
            return TERM_NONE;
        }
        Term entry =
            build_tuple2(&words, p->dictionary->pairs[2 * i], p->dictionary->pairs[2 * i + 1]);
        list = build_cons(&words, entry, list);
    }
    return list;
}

static Term mfa(Process *p, Term module, Term name, uint32_t arity)
{
    Term *words = process_alloc(p, 4);
    return words ? build_tuple3(&words, module, name, small_make(arity)) : TERM_NONE;
}

/* The function whose code an address lies in, or NULL. */
static const FunctionInfo *function_at(Vm *vm, const Code *address)
{
    const Module *module = code_first_module(vm);
    while (module && (address < module->code || address >= module->code + module->code_words)) {
        module = code_next_module(module);
    }
    const FunctionInfo *found = NULL;
    for (uint32_t i = 0; module && i < module->function_count; i++) {
        const FunctionInfo *f = &vm->code->functions[module->first_function + i];
        if (f->entry <= address && (!found || f->entry > found->entry)) {
            found = f;
        }
    }
    return found;
}

static Term current_function(Process *p)
{
    if (p->hibernating) {
        return mfa(p, ATOM(erlang), ATOM(hibernate), 3);
    }
    const Site *site = standing_site(p);
    /* has not begun: stands at a function's entry, which may be a receive */
    if (!p->answering_waiting && p->reductions_done == 0 &&
        (!site || *p->pc == (Code)p->vm->code->op_words[XOP_recv_peek])) {
        return mfa(p, p->initial_call[0], p->initial_call[1], p->initial_arity);
    }
    const FunctionInfo *f =
        site ? code_site_function(p->vm->code, site) : function_at(p->vm, p->pc);
    return f ? mfa(p, f->module, f->name, f->arity)
             : mfa(p, p->initial_call[0], p->initial_call[1], p->initial_arity);
}

/* {M, F, A, [{file, F}, {line, L}]} */
static Term place(Process *p, const FunctionInfo *f, const Site *site)
{
    Term *words = process_alloc(p, 5 + 3 + 3 + 4);
    if (!words) {
        return TERM_NONE;
    }
    Term location = TERM_NIL;
    uint32_t number = site ? site->line : f->line;
    if (number > 0) {
        Term line = build_tuple2(&words, ATOM(line), small_make(number));
        Term name = site ? code_site_file(p->vm->code, site) : f->owner->files[0];
        Term file = build_tuple2(&words, ATOM(file), name);
        location = build_cons(&words, line, TERM_NIL);
        location = build_cons(&words, file, location);
    }
    words[0].w = header_make(BOXED_TUPLE, 4);
    words[1] = f->module;
    words[2] = f->name;
    words[3] = small_make(f->arity);
    words[4] = location;
    return boxed_term(words);
}

static Term current_location(Process *p)
{
    const Site *site = standing_site(p);
    const FunctionInfo *f =
        site ? code_site_function(p->vm->code, site) : function_at(p->vm, p->pc);
    if (f && site && *p->pc == (Code)p->vm->code->op_words[XOP_recv_peek]) {
        site = NULL; /* as Erlang, whose wait instruction has no line: the function's */
    }
    return f ? place(p, f, site) : current_function(p);
}

enum { STACK_DEPTH = 8 };

static Term current_stacktrace(Process *p)
{
    const CodeTables *code = p->vm->code;
    Term entries[STACK_DEPTH];
    size_t count = 0;
    const Term *stack = p->heap.stack;
    const Site *site = standing_site(p);
    entries[count++] = current_location(p);
    if (site) {
        stack += site->frame;
    }
    site = &code->sites[((const Code *)(stack++)->w)[-1]];
    for (; count < STACK_DEPTH && !(site->flags & SITE_BOTTOM); count++) {
        entries[count] = place(p, code_site_function(code, site), site);
        stack += site->frame;
        site = &code->sites[((const Code *)(stack++)->w)[-1]];
    }
    Term list = TERM_NIL;
    while (count-- > 0) {
        Term *words = process_alloc(p, 2);
        if (!words || term_same(entries[count], TERM_NONE)) {
            return TERM_NONE;
        }
        list = build_cons(&words, entries[count], list);
    }
    return list;
}

static Term priority_name(Process *p)
{
    static const Term names[] = {ATOM(low), ATOM(normal), ATOM(high), ATOM(max_line)};
    return names[p->priority];
}

static Term number(size_t value)
{
    return small_make((int64_t)value);
}

static Term gc_details(Process *p)
{
    Term max_heap = max_heap_term(p, p->max_heap);
    if (term_same(max_heap, TERM_NONE)) {
        return max_heap;
    }
    const Term items[5][2] = {
        {ATOM(max_heap_size), max_heap},
        {ATOM(min_bin_vheap_size), number(heap_told_words(p->heap.min_bin_words, 46422))},
        {ATOM(min_heap_size), number(heap_told_words(p->heap.min_words, 233))},
        {ATOM(fullsweep_after), small_make(p->heap.full_every)},
        {ATOM(minor_gcs), small_make(p->heap.minor_count)},
    };
    Term list = TERM_NIL;
    Term *words = process_alloc(p, 5 * 5);
    for (int i = 5; words && i-- > 0;) {
        Term entry = build_tuple2(&words, items[i][0], items[i][1]);
        list = build_cons(&words, entry, list);
    }
    return words ? list : TERM_NONE;
}

enum { BACKTRACE_LINE = 2 * (4 * 255 + 64) }; /* two atoms of 255 characters, and numbers */

/* "LEAD (Module:Function/Arity + 0)" behind what is in text; its new length. */
static size_t put_frame(Process *p, char *text, size_t at, const char *lead, Term frame)
{
    const Term *mfa = tuple_items(frame);
    const AtomTable *atoms = vm_atoms(p->vm);
    size_t length;
    const char *module = atom_text(atoms, mfa[0], &length);
    int module_length = (int)length;
    const char *name = atom_text(atoms, mfa[1], &length);
    return at + (size_t)snprintf(text + at, BACKTRACE_LINE, "%s (%.*s:%.*s/%d + 0)\n\n", lead,
                                 module_length, module, (int)length, name,
                                 (int)small_value(mfa[2]));
}

/* The places of current_stacktrace as a text; addresses and variables are not told. */
static Term backtrace(Process *p)
{
    Term list = current_stacktrace(p);
    char *text = term_same(list, TERM_NONE) ? NULL : alloc_try((STACK_DEPTH + 1) * BACKTRACE_LINE);
    if (!text) {
        return TERM_NONE;
    }
    size_t length = 0;
    for (; term_is_cons(list); list = cons_tail(list)) {
        const char *lead = length == 0 ? "Program counter: 0x0000000000000000"
                                       : "0x0000000000000000 Return addr 0x0000000000000000";
        length = put_frame(p, text, length, lead, cons_head(list));
    }
    length += (size_t)snprintf(text + length, BACKTRACE_LINE,
                               "0x0000000000000000 Return addr 0x0000000000000000 "
                               "(<terminate process normally>)\n");
    Term binary = binary_new(&p->heap, (const unsigned char *)text, length);
    alloc_free(text);
    return binary;
}

/* The value, or TERM_NONE if the item is unknown or there is no memory. */
static Term value_of(Process *p, Term item)
{
    switch (atom_index(item)) {
    case ATOM_INDEX_registered_name:
        return term_same(process_name(p), TERM_NONE) ? TERM_NIL : process_name(p);
    case ATOM_INDEX_links:
        return links(p);
    case ATOM_INDEX_monitors:
        return monitors(p, RELATION_WATCHES);
    case ATOM_INDEX_monitored_by:
        return monitors(p, RELATION_WATCHED);
    case ATOM_INDEX_suspending:
        return suspending(p);
    case ATOM_INDEX_messages:
        return messages(p);
    case ATOM_INDEX_message_queue_len:
        return number(p->mailbox.length);
    case ATOM_INDEX_message_queue_data:
        return p->off_heap ? ATOM(off_heap) : ATOM(on_heap);
    case ATOM_INDEX_dictionary:
        return dictionary(p);
    case ATOM_INDEX_group_leader:
        return p->group_leader;
    case ATOM_INDEX_trap_exit:
        return term_bool(p->trap_exit);
    case ATOM_INDEX_priority:
        return priority_name(p);
    case ATOM_INDEX_status:
        return p->suspended > 0       ? ATOM(suspended)
               : p->answering_waiting ? ATOM(waiting)
                                      : ATOM(running);
    case ATOM_INDEX_initial_call:
        return mfa(p, p->initial_call[0], p->initial_call[1], p->initial_arity);
    case ATOM_INDEX_current_function:
        return current_function(p);
    case ATOM_INDEX_current_location:
        return current_location(p);
    case ATOM_INDEX_current_stacktrace:
        return current_stacktrace(p);
    case ATOM_INDEX_backtrace:
        return backtrace(p);
    case ATOM_INDEX_heap_size:
        return number((size_t)(p->heap.end - p->heap.start));
    case ATOM_INDEX_total_heap_size:
        return number(heap_total(&p->heap) + (p->off_heap ? 0 : mailbox_words(&p->mailbox)));
    case ATOM_INDEX_stack_size:
        return number((size_t)(p->heap.end - p->heap.stack));
    case ATOM_INDEX_memory:
        return number(sizeof *p +
                      (heap_total(&p->heap) + mailbox_words(&p->mailbox)) * sizeof(Term));
    case ATOM_INDEX_reductions:
        return number(p->reductions_done + (size_t)(TURN_REDUCTIONS - p->reductions));
    case ATOM_INDEX_garbage_collection:
        return gc_details(p);
    case ATOM_INDEX_max_heap_size:
        return max_heap_term(p, p->max_heap);
    case ATOM_INDEX_min_heap_size:
        return number(heap_told_words(p->heap.min_words, 233));
    case ATOM_INDEX_fullsweep_after:
        return number(p->heap.full_every);
    case ATOM_INDEX_error_handler:
        return p->error_handler;
    case ATOM_INDEX_min_bin_vheap_size:
        return number(heap_told_words(p->heap.min_bin_words, 46422));
    case ATOM_INDEX_catchlevel:
    case ATOM_INDEX_trace:
        return small_make(0);
    case ATOM_INDEX_last_calls:
        return ATOM(false);
    case ATOM_INDEX_sequential_trace_token:
    case ATOM_INDEX_binary:
    case ATOM_INDEX_magic_ref:
        return TERM_NIL;
    case ATOM_INDEX_parent:
        return term_is_pid(p->parent) ? p->parent : ATOM(undefined);
    default:
        return TERM_NONE;
    }
}

Term process_info_item(Process *p, Term item)
{
    if (!term_is_atom(item)) {
        return TERM_NONE;
    }
    return pair(p, item, value_of(p, item));
}

static Term info_list(Process *p, Term items)
{
    Term reversed = TERM_NIL;
    for (; term_is_cons(items); items = cons_tail(items)) {
        Term entry = process_info_item(p, cons_head(items));
        Term *words = term_same(entry, TERM_NONE) ? NULL : process_alloc(p, 2);
        if (!words) {
            return TERM_NONE;
        }
        reversed = build_cons(&words, entry, reversed);
    }
    if (!term_is_nil(items)) {
        return TERM_NONE;
    }
    Term list = TERM_NIL;
    for (; term_is_cons(reversed); reversed = cons_tail(reversed)) {
        Term *words = process_alloc(p, 2);
        if (!words) {
            return TERM_NONE;
        }
        list = build_cons(&words, cons_head(reversed), list);
    }
    return list;
}

static Term info_all(Process *p)
{
    const Term names[] = {
        ATOM(registered_name),   ATOM(current_function),
        ATOM(initial_call),      ATOM(status),
        ATOM(message_queue_len), ATOM(links),
        ATOM(dictionary),        ATOM(trap_exit),
        ATOM(error_handler),     ATOM(priority),
        ATOM(group_leader),      ATOM(total_heap_size),
        ATOM(heap_size),         ATOM(stack_size),
        ATOM(reductions),        ATOM(garbage_collection),
        ATOM(suspending),
    };
    size_t first = term_same(process_name(p), TERM_NONE) ? 1 : 0;
    Term list = TERM_NIL;
    for (size_t i = ACT_COUNT(names); i-- > first;) {
        Term entry = process_info_item(p, names[i]);
        Term *words = term_same(entry, TERM_NONE) ? NULL : process_alloc(p, 2);
        if (!words) {
            return TERM_NONE;
        }
        list = build_cons(&words, entry, list);
    }
    return list;
}

Term process_info_term(Process *p, Term items)
{
    if (term_same(items, ATOM(undefined))) {
        return info_all(p);
    }
    if (term_is_list(items)) {
        return info_list(p, items);
    }
    if (term_same(items, ATOM(registered_name)) && term_same(process_name(p), TERM_NONE)) {
        return TERM_NIL;
    }
    return process_info_item(p, items);
}
