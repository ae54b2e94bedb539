/* SPDX-License-Identifier: Apache-2.0 */
/* vm/sched/deliver.c: sending, and taking in. */
#include "vm/sched/deliver.h"

#include "vm/base/alloc.h"
#include "vm/proc/registry.h"
#include "vm/proc/relations.h"
#include "vm/proc/table.h"
#include "vm/sched/away.h"
#include "vm/sched/exit.h"
#include "vm/sched/request.h"

bool deliver_to(Scheduler *s, Term to, Signal *signal)
{
    Term pid = term_is_atom(to) ? registry_find(s->vm->registry, to) : to;
    Process *p = term_is_pid(pid) ? process_table_find(s->vm->processes, pid) : NULL;
    PushResult pushed = p ? mailbox_push(&p->mailbox, signal) : PUSH_CLOSED;
    if (pushed == PUSH_CLOSED) {
        deliver_dead(s, to, signal);
        return false;
    }
    if (pushed == PUSH_WAKE) {
        scheduler_wake(s, p);
    }
    return true;
}

static void free_signal(void *signal)
{
    signal_free(signal);
}

/* The message as a signal: huge ones are copied away. */
static Term copy_away(Process *from, const Term *a)
{
    away_keep(from, signal_new_copy(SIGNAL_MESSAGE, from->pid, a[0], &from->heap), free_signal);
    return ATOM(ok);
}

bool deliver_message(Process *from, Term to, Term message)
{
    Signal *signal;
    if (from->away == AWAY_BACK) {
        signal = away_take_made(from);
    } else if (away_heavy(from, message)) {
        away_ask(from, copy_away, &message, 1);
        return false;
    } else {
        signal = signal_new_copy(SIGNAL_MESSAGE, from->pid, message, &from->heap);
    }
    if (!signal) {
        raise_no_memory(from);
        return false;
    }
    deliver_to(from->scheduler, to, signal);
    return true;
}

void deliver_dead(Scheduler *s, Term dead, Signal *signal)
{
    Term from = signal->from;
    switch (signal_kind(signal)) {
    case SIGNAL_MONITOR:
        exit_send_down(s, dead, from, (uint64_t)small_value(signal->extra), signal->term,
                       ATOM(noproc), NULL);
        break;
    case SIGNAL_LINK:
        exit_send_link_exit(s, dead, from, ATOM(noproc), NULL);
        break;
    case SIGNAL_UNLINK: {
        Signal *ack = signal_new(SIGNAL_UNLINK_ACK, dead, 0);
        if (ack) {
            deliver_to(s, from, ack);
        }
        break;
    }
    case SIGNAL_REQUEST:
        request_answer_dead(s, signal);
        break;
    case SIGNAL_TABLE:
        s->vm->table_lost(s, dead.w, signal);
        break;
    default:
        break;
    }
    signal_free(signal);
}

/* An exit signal whose effect is decided: reason ends p unless it traps or ignores it. The signal
 * carries the whole {'EXIT', From, Reason}. Returns true if the signal was kept. */
static bool take_exit(Process *p, Signal *signal, bool from_link)
{
    Term reason = tuple_items(signal->term)[2];
    bool kill = !from_link && term_same(reason, ATOM(kill));
    if (p->trap_exit && !kill) {
        signal->kind = small_make(SIGNAL_MESSAGE);
        mailbox_append(&p->mailbox, signal);
        return true;
    }
    bool self = term_same(signal->from, p->pid);
    if ((term_same(reason, ATOM(normal)) && (from_link || !self)) || p->pending == PENDING_EXIT) {
        return false;
    }
    p->pending = PENDING_EXIT;
    p->exit_reason = kill ? ATOM(killed) : reason;
    signal->chain = TERM_NIL;
    heap_add_fragment(&p->heap, (Fragment *)signal);
    return true;
}

static bool take_link_exit(Process *p, Signal *signal)
{
    Relation *link = relations_find(p, RELATION_LINK, signal->from.w);
    if (!link || link->unlinks > 0 || !link->active) {
        return false;
    }
    relations_remove(p, link);
    return take_exit(p, signal, true);
}

static void take_link(Process *p, Signal *signal)
{
    Relation *link = relations_find(p, RELATION_LINK, signal->from.w);
    if (link) {
        link->active = true;
    } else if (!relations_add(p, RELATION_LINK, signal->from.w, signal->from)) {
        raise_no_memory(p);
    }
}

static void take_unlink(Process *p, Signal *signal)
{
    Relation *link = relations_find(p, RELATION_LINK, signal->from.w);
    if (link) {
        if (link->unlinks > 0) {
            link->active = false;
        } else {
            relations_remove(p, link);
        }
    }
    Signal *ack = signal_new(SIGNAL_UNLINK_ACK, p->pid, 0);
    if (ack) {
        deliver_to(p->scheduler, signal->from, ack);
    }
}

static void take_unlink_ack(Process *p, Signal *signal)
{
    Relation *link = relations_find(p, RELATION_LINK, signal->from.w);
    if (link && link->unlinks > 0 && --link->unlinks == 0 && !link->active) {
        relations_remove(p, link);
    }
}

static void take_monitor(Process *p, Signal *signal)
{
    Relation *watched =
        relations_add(p, RELATION_WATCHED, (uint64_t)small_value(signal->extra), signal->from);
    if (watched) {
        watched->name = signal->term;
    } else {
        raise_no_memory(p);
    }
}

/* The alias of the same reference as a monitor ends with it. */
static void end_alias_of_monitor(Process *p, uint64_t id)
{
    Relation *alias = relations_find(p, RELATION_ALIAS, id);
    if (alias && alias->mode >= ALIAS_DEMONITOR) {
        relations_remove(p, alias);
    }
}

bool deliver_drop_monitor(Process *p, uint64_t id)
{
    end_alias_of_monitor(p, id);
    Relation *watch = relations_find(p, RELATION_WATCHES, id);
    if (!watch) {
        return false;
    }
    Term pid = watch->pid;
    relations_remove(p, watch);
    Signal *demonitor = term_is_pid(pid) ? signal_new(SIGNAL_DEMONITOR, p->pid, 0) : NULL;
    if (demonitor) {
        demonitor->extra = small_make((int64_t)id);
        deliver_to(p->scheduler, pid, demonitor);
    }
    return true;
}

static bool take_alias(Process *p, Signal *signal)
{
    uint64_t id = (uint64_t)small_value(signal->extra);
    Relation *alias = relations_find(p, RELATION_ALIAS, id);
    if (!alias) {
        return false;
    }
    if (alias->mode == ALIAS_REPLY) {
        relations_remove(p, alias);
    } else if (alias->mode == ALIAS_REPLY_DEMONITOR) {
        deliver_drop_monitor(p, id);
    }
    signal->kind = small_make(SIGNAL_MESSAGE);
    mailbox_append(&p->mailbox, signal);
    return true;
}

/* The 'DOWN' message with the tag that the monitor was made with instead. */
static void append_tagged(Process *p, const Signal *signal, Term tag)
{
    Term items[5];
    memcpy(items, tuple_items(signal->term), sizeof items);
    items[0] = tag;
    Signal *tagged = signal_new_tuple(SIGNAL_MESSAGE, signal->from, items, 5, &p->heap);
    if (tagged) {
        mailbox_append(&p->mailbox, tagged);
    } else {
        raise_no_memory(p);
    }
}

static bool take_down(Process *p, Signal *signal)
{
    Relation *watch = relations_find(p, RELATION_WATCHES, (uint64_t)small_value(signal->extra));
    if (!watch) {
        return false;
    }
    bool tagged = watch->tag != NULL;
    if (tagged) {
        append_tagged(p, signal, watch->tag->term);
    }
    relations_remove(p, watch);
    end_alias_of_monitor(p, (uint64_t)small_value(signal->extra));
    if (tagged) {
        return false;
    }
    signal->kind = small_make(SIGNAL_MESSAGE);
    mailbox_append(&p->mailbox, signal);
    return true;
}

/* True if the signal was kept. */
static bool take_signal(Process *p, Signal *signal)
{
    Relation *relation;
    switch (signal_kind(signal)) {
    case SIGNAL_MESSAGE:
        mailbox_append(&p->mailbox, signal);
        return true;
    case SIGNAL_EXIT:
        return take_exit(p, signal, false);
    case SIGNAL_LINK_EXIT:
        return take_link_exit(p, signal);
    case SIGNAL_LINK:
        take_link(p, signal);
        return false;
    case SIGNAL_UNLINK:
        take_unlink(p, signal);
        return false;
    case SIGNAL_UNLINK_ACK:
        take_unlink_ack(p, signal);
        return false;
    case SIGNAL_MONITOR:
        take_monitor(p, signal);
        return false;
    case SIGNAL_DEMONITOR:
        relation = relations_find(p, RELATION_WATCHED, (uint64_t)small_value(signal->extra));
        if (relation) {
            relations_remove(p, relation);
        }
        return false;
    case SIGNAL_DOWN:
        return take_down(p, signal);
    case SIGNAL_ALIAS:
        return take_alias(p, signal);
    case SIGNAL_TIMEOUT:
        if (p->receive_timer_id == (uint64_t)small_value(signal->extra)) {
            p->receive_timer_id = 0;
            p->timed_out = true;
        }
        return false;
    case SIGNAL_REQUEST:
        return request_answer(p, signal);
    case SIGNAL_TABLE:
        p->vm->table_arrived(p, signal);
        signal->kind = small_make(SIGNAL_MESSAGE);
        mailbox_append(&p->mailbox, signal);
        return true;
    case SIGNAL_GROUP_LEADER:
        p->group_leader = signal->term;
        return false;
    case SIGNAL_WAKE:
        return false;
    }
    return false;
}

void deliver_take_in(Process *p)
{
    Signal *signal = mailbox_take(&p->mailbox);
    while (signal) {
        Signal *next = signal->next;
        if (p->pending == PENDING_EXIT) { /* signals keep their order: it came too late */
            mailbox_defer(&p->mailbox, signal);
        } else if (!take_signal(p, signal)) {
            signal_free(signal);
        }
        signal = next;
    }
}
