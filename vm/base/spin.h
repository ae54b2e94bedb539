/* SPDX-License-Identifier: Apache-2.0 */
/* vm/base/spin.h: a lock for a few instructions. Never held over a call that may block, and never
 * two at once but in the order of the table in docs/design/CONCURRENCY.md. All zeros is unlocked.
 */
#ifndef ACT_BASE_SPIN_H
#define ACT_BASE_SPIN_H

#include "vm/base/attr.h"

#include <stdatomic.h>

typedef struct {
    _Atomic(bool) held;
} SpinLock;

/* Waits for a lock that is held: yields the core now and then, for there may be few of them. */
void spin_wait(SpinLock *lock);

ACT_INLINE void spin_lock(SpinLock *lock)
{
    /* acquire: pairs with the release in spin_unlock */
    if (ACT_UNLIKELY(atomic_exchange_explicit(&lock->held, true, memory_order_acquire))) {
        spin_wait(lock);
    }
}

ACT_INLINE void spin_unlock(SpinLock *lock)
{
    /* release: pairs with the acquire in spin_lock */
    atomic_store_explicit(&lock->held, false, memory_order_release);
}

#endif
