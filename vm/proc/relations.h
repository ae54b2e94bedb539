/* SPDX-License-Identifier: Apache-2.0 */
/* vm/proc/relations.h: a process's links and monitors.
 *
 * A link is known at both ends by the other's pid; a monitor by its reference's id, as WATCHES at
 * the watcher and WATCHED at the other; an alias by its reference's id, at the process it stands
 * for; a process that it suspends by that one's pid. Kept in the order of making, which is the
 * order in which exit signals go out. Owner: the process. */
#ifndef ACT_PROC_RELATIONS_H
#define ACT_PROC_RELATIONS_H

#include "vm/proc/process.h"

typedef enum {
    RELATION_NONE,
    RELATION_LINK,
    RELATION_WATCHES,
    RELATION_WATCHED,
    RELATION_ALIAS,
    RELATION_SUSPENDS
} RelationKind;

/* When an alias ends, beside unalias/1. */
typedef enum {
    ALIAS_EXPLICIT,
    ALIAS_REPLY,           /* with the first message that comes through it */
    ALIAS_DEMONITOR,       /* with the monitor of the same reference */
    ALIAS_REPLY_DEMONITOR, /* with either, and the monitor with it */
} AliasMode;

typedef struct {
    RelationKind kind;
    uint32_t mode; /* ALIAS: AliasMode; SUSPENDS: how many times */
    uint32_t
        unlinks;  /* LINK: UNLINKs sent and not yet acknowledged; exits seen meanwhile are old */
    bool active;  /* LINK: false: only waits for acknowledgements */
    uint64_t key; /* LINK, SUSPENDS: the pid's word; else the reference's id */
    Term pid;     /* the other process */
    Term name;    /* monitor by name: the name; else nil */
    Signal *tag;  /* WATCHES: what stands for 'DOWN' in the message; owned; NULL: 'DOWN' */
} Relation;

typedef struct Relations {
    Relation *items; /* RELATION_NONE: removed */
    uint32_t used;   /* items in use, removed ones included */
    uint32_t live;
    uint32_t room;
    uint32_t *index; /* open addressing by key: item number + 1; NULL while few */
    uint32_t index_size;
} Relations;

/* The relation, or NULL. Valid until the next relations_add. */
Relation *relations_find(const Process *p, RelationKind kind, uint64_t key);
/* A new relation (there must be none of that kind and key); NULL without memory. */
Relation *relations_add(Process *p, RelationKind kind, uint64_t key, Term pid);
void relations_remove(Process *p, Relation *relation);
void relations_free(Process *p);

#endif
