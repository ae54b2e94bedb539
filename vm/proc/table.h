/* SPDX-License-Identifier: Apache-2.0 */
/* vm/proc/table.h: from a pid to its process.
 *
 * Slots are handed out first in, first out, and each use of a slot has a new generation, so a stale
 * pid finds nobody. A found process stays readable until the finder's scheduler passes a quiet
 * point (sched/epoch.h), even if it ends meanwhile; its mailbox then says so. */
#ifndef ACT_PROC_TABLE_H
#define ACT_PROC_TABLE_H

#include "vm/proc/process.h"
#include "vm/vm_parts.h"

/* Room for up to limit processes at once; address space is reserved, memory used as needed. */
ProcessTable *process_table_new(Host *host, uint32_t limit);
void process_table_free(ProcessTable *table, Host *host);

/* Gives p a slot and sets p->pid. False when the table is full. Any thread. */
bool process_table_add(ProcessTable *table, Process *p);
/* Takes p out: no look-up finds it from now on. Any thread. */
void process_table_remove(ProcessTable *table, Process *p);
/* The process of that pid, or NULL. Any scheduler thread. */
Process *process_table_find(const ProcessTable *table, Term pid);

/* How many there are; the limit; and, for iteration, the slots ever used and what is in one. */
uint32_t process_table_count(const ProcessTable *table);
uint32_t process_table_limit(const ProcessTable *table);
uint32_t process_table_slots(const ProcessTable *table);
/* Bytes of the slots ever used. */
size_t process_table_bytes(const ProcessTable *table);
Process *process_table_at(const ProcessTable *table, uint32_t slot);
/* The pid that has slot number `slot` and generation `generation` as printed; for list_to_pid. */

#endif
