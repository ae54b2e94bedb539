/* SPDX-License-Identifier: Apache-2.0 */
/* vm/host/host_library.h: shared libraries loaded when they are first wanted. They stay. */
#ifndef ACT_HOST_HOST_LIBRARY_H
#define ACT_HOST_HOST_LIBRARY_H

/* The library of that file name, from where the system keeps them; NULL if there is none. Any
 * thread. */
void *host_library_open(const char *name);
/* A function of it by name; NULL if it has none. Any thread. */
typedef void (*HostSymbol)(void);
HostSymbol host_library_symbol(void *library, const char *name);

#endif
