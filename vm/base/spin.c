/* SPDX-License-Identifier: Apache-2.0 */
/* vm/base/spin.c: the slow way into a spin lock. */
#include "vm/base/spin.h"

#include <threads.h>

enum { SPINS_BEFORE_YIELD = 64 };

void spin_wait(SpinLock *lock)
{
    unsigned spins = 0;
    do {
        while (atomic_load_explicit(&lock->held, memory_order_relaxed)) {
            if (++spins % SPINS_BEFORE_YIELD == 0) {
                thrd_yield();
            }
        }
        /* acquire: pairs with the release in spin_unlock */
    } while (atomic_exchange_explicit(&lock->held, true, memory_order_acquire));
}
