/* SPDX-License-Identifier: Apache-2.0 */
/* vm/types.h: the machine's structs by name only; each one's fields stand in its own file. */
#ifndef ACT_VM_TYPES_H
#define ACT_VM_TYPES_H

typedef struct Vm Vm;                 /* run/vm.h: a whole machine */
typedef struct Scheduler Scheduler;   /* sched/scheduler.h: one thread's share of it */
typedef struct Process Process;       /* proc/process.h */
typedef struct Heap Heap;             /* mem/heap.h */
typedef struct Site Site;             /* mem/site.h */
typedef struct Signal Signal;         /* proc/signal.h */
typedef struct Export Export;         /* term/fun.h */
typedef struct FunEntry FunEntry;     /* term/fun.h */
typedef struct Module Module;         /* code/module.h */
typedef struct CodeTables CodeTables; /* code/code.h: all modules, exports, constants, sites */
typedef struct CodeSpace CodeSpace;   /* code/code_space.h */
typedef struct AtomTable AtomTable;   /* term/atom.h */
typedef struct Host Host;             /* host/host.h */
typedef struct OffHeap OffHeap;       /* term/binary.h, mem/offheap.h */
typedef struct BifShared BifShared;   /* bif/bif_shared.h */

#endif
