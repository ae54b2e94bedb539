/* SPDX-License-Identifier: Apache-2.0 */
/* vm/proc/registry.c: an array of pids by atom index. */
#include "vm/proc/registry.h"

#include "vm/base/alloc.h"
#include "vm/host/host.h"

struct Registry {
    /* any thread, atomic; 0: free. The pid itself is all that is published: relaxed would do, but
     * acq_rel keeps what a process did before it took a name visible to those who find it. */
    _Atomic(uintptr_t) *pids;
};

Registry *registry_new(Host *host)
{
    Registry *registry = alloc_try_zero(sizeof *registry);
    if (registry) {
        registry->pids = host->reserve(host, REGISTRY_NAMES * sizeof *registry->pids);
        if (!registry->pids) {
            alloc_free(registry);
            return NULL;
        }
    }
    return registry;
}

void registry_free(Registry *registry, Host *host)
{
    host->release(host, registry->pids, REGISTRY_NAMES * sizeof *registry->pids);
    alloc_free(registry);
}

bool registry_add(Registry *registry, Term name, Term pid)
{
    uintptr_t expected = 0;
    return atomic_compare_exchange_strong_explicit(&registry->pids[atom_index(name)], &expected,
                                                   pid.w, memory_order_acq_rel,
                                                   memory_order_relaxed);
}

bool registry_remove(Registry *registry, Term name, Term pid)
{
    uintptr_t expected = pid.w;
    return atomic_compare_exchange_strong_explicit(&registry->pids[atom_index(name)], &expected, 0,
                                                   memory_order_acq_rel, memory_order_relaxed);
}

Term registry_find(const Registry *registry, Term name)
{
    uintptr_t word = atomic_load_explicit(&registry->pids[atom_index(name)], memory_order_acquire);
    return word ? TERM_RAW(word) : TERM_NONE;
}
