/* SPDX-License-Identifier: Apache-2.0 */
/* vm/host/host_os.h: the parts that host_os_new (host_os.c) puts together, a file each. Private to
 * vm/host. Each fills its rows of the table. */
#ifndef ACT_HOST_HOST_OS_H
#define ACT_HOST_HOST_OS_H

#include "vm/host/host.h"

void host_os_time_fill(Host *host);   /* clocks, random bytes, reserved address space */
void host_os_thread_fill(Host *host); /* threads, mutexes, events */
void host_os_file_fill(Host *host);   /* open files */
void host_os_path_fill(Host *host);   /* names in the file system */
void host_os_system_fill(Host *host); /* environment, commands, terminal, exit */
void host_os_signal_fill(Host *host); /* the operating system's signals */
unsigned host_os_cores(Host *host);   /* host_os_cores.c: what this OS process may use */

#endif
