/* SPDX-License-Identifier: Apache-2.0 */
/* vm/host/host_library.c: dlopen. */
#include "vm/host/host_library.h"

#include <dlfcn.h>
#include <string.h>

void *host_library_open(const char *name)
{
    return dlopen(name, RTLD_NOW | RTLD_LOCAL);
}

HostSymbol host_library_symbol(void *library, const char *name)
{
    void *found = dlsym(library, name);
    HostSymbol symbol;
    memcpy(&symbol, &found, sizeof symbol);
    return symbol;
}
