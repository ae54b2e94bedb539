/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_signal.c: sending, linking, monitoring, exit signals, names. */
#include "vm/bif/bif_monitor.h"
#include "vm/bif/bif_util.h"
#include "vm/proc/names.h"
#include "vm/proc/registry.h"
#include "vm/proc/relations.h"
#include "vm/proc/table.h"
#include "vm/sched/deliver.h"
#include "vm/term/atom.h"
#include "vm/term/ref.h"

/* The pid or name that `to` means: a pid, a name, {Name, Node} of this node, an alias. TERM_NONE:
 * none of these. */
static Term destination(Term to)
{
    if (term_is_pid(to) || term_is_atom(to)) {
        return to;
    }
    if (term_is_tuple_of(to, 2) && term_is_atom(tuple_items(to)[0]) &&
        term_same(tuple_items(to)[1], ATOM(nonode_nohost))) {
        return tuple_items(to)[0];
    }
    return TERM_NONE;
}

/* A reference that is no alias (any more) takes the message and loses it. */
static Term send_to_alias(Process *p, Term ref, Term message)
{
    Term pid = TERM_RAW(ref_extra(ref));
    if (!term_is_pid(pid)) {
        return message;
    }
    Signal *signal = signal_new_copy(SIGNAL_ALIAS, p->pid, message, &p->heap);
    if (!signal) {
        return raise_no_memory(p);
    }
    signal->extra = small_make((int64_t)ref_id(ref));
    deliver_to(p->scheduler, pid, signal);
    return message;
}

static Term send(Process *p, Term to, Term message)
{
    Term pid = destination(to);
    if (term_is_tuple_of(to, 2) && term_same(pid, TERM_NONE) && term_is_atom(tuple_items(to)[0]) &&
        term_is_atom(tuple_items(to)[1])) {
        return message; /* another node: not connected, the message is lost */
    }
    if (term_is_ref(to)) {
        return send_to_alias(p, to, message);
    }
    if (term_is_port(to)) {
        return message;
    }
    if (term_is_atom(to)) {
        pid = registry_find(p->vm->registry, to);
    }
    if (term_same(pid, TERM_NONE)) {
        return raise_badarg(p);
    }
    return deliver_message(p, pid, message) ? message : TERM_NONE;
}

Term bif_erlang_send_op_2(Process *p, const Term *a)
{
    return send(p, a[0], a[1]);
}

Term bif_erlang_send_2(Process *p, const Term *a)
{
    return send(p, a[0], a[1]);
}

Term bif_erlang_send_nosuspend_2(Process *p, const Term *a)
{
    return term_same(send(p, a[0], a[1]), TERM_NONE) ? TERM_NONE : ATOM(true);
}

Term bif_erlang_send_nosuspend_3(Process *p, const Term *a)
{
    return util_list_length(a[2]) < 0 ? raise_badarg(p) : bif_erlang_send_nosuspend_2(p, a);
}

Term bif_erlang_send_3(Process *p, const Term *a)
{
    Term list = a[2];
    for (; term_is_cons(list); list = cons_tail(list)) {
        if (!term_same(cons_head(list), ATOM(nosuspend)) &&
            !term_same(cons_head(list), ATOM(noconnect))) {
            return raise_badarg(p);
        }
    }
    if (!term_is_nil(list)) {
        return raise_badarg(p);
    }
    return term_same(send(p, a[0], a[1]), TERM_NONE) ? TERM_NONE : ATOM(ok);
}

/* Sends a signal of kind without a body; false, raised, without memory. */
static bool send_plain(Process *p, SignalKind kind, Term to, uint64_t extra, Term term)
{
    Signal *signal = signal_new(kind, p->pid, 0);
    if (!signal) {
        raise_no_memory(p);
        return false;
    }
    signal->extra = small_make((int64_t)extra);
    signal->term = term;
    deliver_to(p->scheduler, to, signal);
    return true;
}

static bool is_alive(Process *p, Term pid)
{
    return process_table_find(p->vm->processes, pid) != NULL;
}

Term bif_erlang_link_1(Process *p, const Term *a)
{
    if (!term_is_pid(a[0])) {
        return term_is_port(a[0]) ? ATOM(true) : raise_badarg(p);
    }
    if (term_same(a[0], p->pid)) {
        return ATOM(true);
    }
    Relation *link = relations_find(p, RELATION_LINK, a[0].w);
    if (link && link->active) {
        return ATOM(true);
    }
    if (!is_alive(p, a[0]) && !p->trap_exit) {
        return raise_error(p, ATOM(noproc));
    }
    if (link) {
        link->active = true;
    } else if (!relations_add(p, RELATION_LINK, a[0].w, a[0])) {
        return raise_no_memory(p);
    }
    return send_plain(p, SIGNAL_LINK, a[0], 0, TERM_NIL) ? ATOM(true) : TERM_NONE;
}

Term bif_erlang_unlink_1(Process *p, const Term *a)
{
    if (!term_is_pid(a[0])) {
        return term_is_port(a[0]) ? ATOM(true) : raise_badarg(p);
    }
    Relation *link = relations_find(p, RELATION_LINK, a[0].w);
    if (!link || !link->active) {
        return ATOM(true);
    }
    link->active = false;
    link->unlinks++;
    return send_plain(p, SIGNAL_UNLINK, a[0], 0, TERM_NIL) ? ATOM(true) : TERM_NONE;
}

/* {'DOWN', Ref, Kind, Object, noproc} to p itself: there was nobody to monitor. */
static void down_at_once(Process *p, Term kind, Term object, uint64_t id)
{
    Term ref_words[REF_WORDS];
    Term items[5] = {ATOM(DOWN), ref_build(ref_words, id, 0, 0), kind, object, ATOM(noproc)};
    Signal *down = signal_new_tuple(SIGNAL_DOWN, p->pid, items, 5, &p->heap);
    if (down) {
        down->extra = small_make((int64_t)id);
        deliver_to(p->scheduler, p->pid, down);
    }
}

/* kind is process, or port: no port has a name, so that of a port finds nobody. */
static Term monitor_object(Process *p, Term kind, Term what, uint64_t extra)
{
    Term to = destination(what);
    bool port = term_same(kind, ATOM(port));
    if (port ? !term_is_atom(to) : !term_same(kind, ATOM(process)) || term_same(to, TERM_NONE)) {
        return raise_badarg(p);
    }
    Term *words = process_alloc(p, REF_WORDS);
    if (!words) {
        return TERM_NONE;
    }
    uint64_t id = scheduler_new_id(p->scheduler);
    Term ref = ref_build(words, id, extra, 0);
    mailbox_mark(&p->mailbox, id);
    if (term_same(to, p->pid)) {
        return ref; /* never comes */
    }
    Term name = term_is_atom(to) ? to : TERM_NIL;
    Term pid = port ? TERM_NONE : term_is_atom(to) ? registry_find(p->vm->registry, to) : to;
    Relation *watch = relations_add(p, RELATION_WATCHES, id, pid);
    if (!watch) {
        return raise_no_memory(p);
    }
    watch->name = name;
    if (!term_is_pid(pid)) {
        Term *tuple = process_alloc(p, 3);
        if (tuple) {
            down_at_once(p, kind, build_tuple2(&tuple, name, ATOM(nonode_nohost)), id);
        }
        return tuple ? ref : TERM_NONE;
    }
    return send_plain(p, SIGNAL_MONITOR, pid, id, name) ? ref : TERM_NONE;
}

Term bif_erlang_monitor_2(Process *p, const Term *a)
{
    if (term_same(a[0], ATOM(time_offset)) && term_same(a[1], ATOM(clock_service))) {
        Term *words = process_alloc(p, REF_WORDS);
        return words ? ref_build(words, scheduler_new_id(p->scheduler), 0, 0) : TERM_NONE;
    }
    return monitor_object(p, a[0], a[1], 0);
}

/* An alias under that id. */
static bool add_alias(Process *p, uint64_t id, AliasMode mode)
{
    Relation *alias = relations_add(p, RELATION_ALIAS, id, p->pid);
    if (!alias) {
        raise_no_memory(p);
        return false;
    }
    alias->mode = mode;
    return true;
}

static bool read_alias_mode(Term name, AliasMode *mode)
{
    if (term_same(name, ATOM(explicit_unalias))) {
        *mode = ALIAS_EXPLICIT;
    } else if (term_same(name, ATOM(demonitor))) {
        *mode = ALIAS_DEMONITOR;
    } else if (term_same(name, ATOM(reply_demonitor))) {
        *mode = ALIAS_REPLY_DEMONITOR;
    } else {
        return false;
    }
    return true;
}

bool monitor_read_options(Term list, MonitorOptions *options)
{
    for (; term_is_cons(list); list = cons_tail(list)) {
        Term item = cons_head(list);
        if (!term_is_tuple_of(item, 2)) {
            return false;
        }
        if (term_same(tuple_items(item)[0], ATOM(tag))) {
            options->tag = &tuple_items(item)[1];
        } else if (term_same(tuple_items(item)[0], ATOM(alias)) &&
                   read_alias_mode(tuple_items(item)[1], &options->mode)) {
            options->alias = true;
        } else {
            return false;
        }
    }
    return term_is_nil(list);
}

/* The monitor of ref sends tag instead of 'DOWN'. */
static bool set_tag(Process *p, Term ref, Term tag)
{
    Relation *watch = relations_find(p, RELATION_WATCHES, ref_id(ref));
    if (!watch) {
        return true; /* of itself: never comes */
    }
    watch->tag = signal_new_copy(SIGNAL_MESSAGE, p->pid, tag, &p->heap);
    if (!watch->tag) {
        raise_no_memory(p);
    }
    return watch->tag != NULL;
}

uint64_t monitor_ref_extra(const Process *p, const MonitorOptions *options)
{
    return options->alias ? p->pid.w : 0;
}

bool monitor_apply_options(Process *p, Term ref, const MonitorOptions *options)
{
    return (!options->tag || set_tag(p, ref, *options->tag)) &&
           (!options->alias || add_alias(p, ref_id(ref), options->mode));
}

Term bif_erlang_monitor_3(Process *p, const Term *a)
{
    MonitorOptions options = {0};
    if (!monitor_read_options(a[2], &options)) {
        return raise_badarg(p);
    }
    if (term_same(a[0], ATOM(time_offset))) {
        return bif_erlang_monitor_2(p, a);
    }
    Term ref = monitor_object(p, a[0], a[1], monitor_ref_extra(p, &options));
    if (term_same(ref, TERM_NONE) || !monitor_apply_options(p, ref, &options)) {
        return TERM_NONE;
    }
    return ref;
}

static Term new_alias(Process *p, AliasMode mode)
{
    Term *words = process_alloc(p, REF_WORDS);
    uint64_t id = scheduler_new_id(p->scheduler);
    if (!words || !add_alias(p, id, mode)) {
        return TERM_NONE;
    }
    mailbox_mark(&p->mailbox, id);
    return ref_build(words, id, p->pid.w, 0);
}

Term bif_erlang_alias_0(Process *p, const Term *a)
{
    return new_alias(p, ALIAS_EXPLICIT);
}

Term bif_erlang_alias_1(Process *p, const Term *a)
{
    AliasMode mode = ALIAS_EXPLICIT;
    Term list = a[0];
    for (; term_is_cons(list); list = cons_tail(list)) {
        if (term_same(cons_head(list), ATOM(reply))) {
            mode = ALIAS_REPLY;
        } else if (!term_same(cons_head(list), ATOM(explicit_unalias))) {
            return raise_badarg(p);
        }
    }
    return term_is_nil(list) ? new_alias(p, mode) : raise_badarg(p);
}

Term bif_erlang_unalias_1(Process *p, const Term *a)
{
    if (!term_is_ref(a[0])) {
        return raise_badarg(p);
    }
    Relation *alias = relations_find(p, RELATION_ALIAS, ref_id(a[0]));
    if (!alias) {
        return ATOM(false);
    }
    relations_remove(p, alias);
    return ATOM(true);
}

Term bif_erlang_demonitor_1(Process *p, const Term *a)
{
    if (!term_is_ref(a[0])) {
        return raise_badarg(p);
    }
    deliver_drop_monitor(p, ref_id(a[0]));
    return ATOM(true);
}

/* Takes a 'DOWN' message of ref out of the received messages. */
static bool flush_down(Process *p, Term ref)
{
    deliver_take_in(p);
    for (Signal **at = mailbox_link_of(&p->mailbox, ref_id(ref)); *at; at = &(*at)->next) {
        Term message = (*at)->term;
        if (term_is_tuple_of(message, 5) && term_same(tuple_items(message)[0], ATOM(DOWN)) &&
            term_is_ref(tuple_items(message)[1]) && ref_equal(tuple_items(message)[1], ref)) {
            p->mailbox.save = at;
            mailbox_accept(&p->mailbox, &p->heap);
            return true;
        }
    }
    return false;
}

Term bif_erlang_demonitor_2(Process *p, const Term *a)
{
    bool flush = false, info = false;
    Term list = a[1];
    for (; term_is_cons(list); list = cons_tail(list)) {
        flush |= term_same(cons_head(list), ATOM(flush));
        info |= term_same(cons_head(list), ATOM(info));
        if (!term_same(cons_head(list), ATOM(flush)) && !term_same(cons_head(list), ATOM(info))) {
            return raise_badarg(p);
        }
    }
    if (!term_is_nil(list) || !term_is_ref(a[0])) {
        return raise_badarg(p);
    }
    bool there = deliver_drop_monitor(p, ref_id(a[0]));
    if (flush && !there) {
        flush_down(p, a[0]);
        if (p->pending == PENDING_EXIT) {
            return TERM_NONE;
        }
    }
    return term_bool(!info || there);
}

Term bif_erlang_exit_2(Process *p, const Term *a)
{
    if (!term_is_pid(a[0])) {
        return term_is_port(a[0]) ? ATOM(true) : raise_badarg(p);
    }
    Term items[3] = {ATOM(EXIT), p->pid, a[1]};
    Signal *signal = signal_new_tuple(SIGNAL_EXIT, p->pid, items, 3, &p->heap);
    if (!signal) {
        return raise_no_memory(p);
    }
    deliver_to(p->scheduler, a[0], signal);
    if (term_same(a[0], p->pid)) {
        deliver_take_in(p);
        return p->pending == PENDING_EXIT ? TERM_NONE : ATOM(true);
    }
    return ATOM(true);
}

Term bif_erlang_make_ref_0(Process *p, const Term *a)
{
    Term *words = process_alloc(p, REF_WORDS);
    if (!words) {
        return TERM_NONE;
    }
    uint64_t id = scheduler_new_id(p->scheduler);
    mailbox_mark(&p->mailbox, id);
    return ref_build(words, id, 0, 0);
}

/* names */

Term bif_erlang_register_2(Process *p, const Term *a)
{
    if (!term_is_atom(a[0]) || term_same(a[0], ATOM(undefined)) || !term_is_pid(a[1])) {
        return raise_badarg(p);
    }
    Process *other = process_table_find(p->vm->processes, a[1]);
    return other && names_give(p->vm, other, a[0]) ? ATOM(true) : raise_badarg(p);
}

Term bif_erlang_unregister_1(Process *p, const Term *a)
{
    return term_is_atom(a[0]) && names_take(p->vm, a[0]) ? ATOM(true) : raise_badarg(p);
}

Term bif_erlang_whereis_1(Process *p, const Term *a)
{
    if (!term_is_atom(a[0])) {
        return raise_badarg(p);
    }
    Term pid = registry_find(p->vm->registry, a[0]);
    return term_same(pid, TERM_NONE) ? ATOM(undefined) : pid;
}

Term bif_erlang_registered_0(Process *p, const Term *a)
{
    Term list = TERM_NIL;
    for (uint32_t i = atom_count(p->vm->atoms); i-- > 0;) {
        if (!term_same(registry_find(p->vm->registry, atom_make(i)), TERM_NONE)) {
            list = util_cons(p, atom_make(i), list);
            if (term_same(list, TERM_NONE)) {
                return TERM_NONE;
            }
        }
    }
    return list;
}
