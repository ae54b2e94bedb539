/* SPDX-License-Identifier: Apache-2.0 */
/* vm/host/host_backing.c: what base/alloc.c wants of the operating system; linked with base/, which
 * programs without a machine use too. */
#include "vm/base/backing.h"
#include "vm/base/early.h"

#include <dlfcn.h>
#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

_Atomic(const Backing *) backing_found;

static void *zalloc(size_t size)
{
    return calloc(1, size);
}

static void collect_nothing(bool all) {}

static const Backing c_library = {malloc,         zalloc, realloc, free, malloc_usable_size,
                                  collect_nothing};
static Backing mimalloc; /* written once, before it is published */
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* *function: a pointer to a function. False if the library has none of that name. */
static bool take(void *library, const char *name, void *function)
{
    void *found = dlsym(library, name);
    memcpy(function, &found, sizeof found);
    return found != NULL;
}

static void load(void)
{
    static const char *const names[] = {"libmimalloc.so.2", "libmimalloc.so.3", "libmimalloc.so"};
    void *library = NULL;
    for (size_t i = 0; !library && i < ACT_COUNT(names); i++) {
        library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    }
    bool all = library && take(library, "mi_malloc", &mimalloc.malloc) &&
               take(library, "mi_zalloc", &mimalloc.zalloc) &&
               take(library, "mi_realloc", &mimalloc.realloc) &&
               take(library, "mi_free", &mimalloc.free) &&
               take(library, "mi_usable_size", &mimalloc.usable_size) &&
               take(library, "mi_collect", &mimalloc.collect);
    atomic_store_explicit(&backing_found, all ? &mimalloc : &c_library, memory_order_release);
}

const Backing *backing_find(void)
{
    pthread_once(&once, load);
    return atomic_load_explicit(&backing_found, memory_order_acquire);
}

void backing_large(void *block, size_t size)
{
    enum { LARGE_PAGE = 2 << 20 };
    char *first = block;
    size_t before = -(uintptr_t)block % LARGE_PAGE;
    if (size >= before + LARGE_PAGE) {
        madvise(first + before, (size - before) / LARGE_PAGE * LARGE_PAGE, MADV_HUGEPAGE);
    }
}

void early_fill(size_t step)
{
    madvise(early_room.bytes + step * EARLY_STEP, EARLY_STEP, MADV_POPULATE_WRITE);
}
