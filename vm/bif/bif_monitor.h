/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_monitor.h: the options of monitor/3, which spawn_opt's {monitor, Options} has too. */
#ifndef ACT_BIF_BIF_MONITOR_H
#define ACT_BIF_BIF_MONITOR_H

#include "vm/proc/relations.h"

typedef struct {
    bool alias;
    AliasMode mode;
    const Term *tag; /* NULL: 'DOWN'; points into the options list */
} MonitorOptions;

/* Reads the list; false if it is none. options is all zeros before. */
bool monitor_read_options(Term list, MonitorOptions *options);
/* What the reference of a monitor with these options carries (ref_extra). */
uint64_t monitor_ref_extra(const Process *p, const MonitorOptions *options);
/* Gives the monitor of p under ref its tag and alias. False, raised, without memory. */
bool monitor_apply_options(Process *p, Term ref, const MonitorOptions *options);

#endif
