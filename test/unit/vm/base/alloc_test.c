/* SPDX-License-Identifier: Apache-2.0 */
/* Counting of blocks: all kinds, across threads, and threads that end. */
#include "vm/base/alloc.h"

#include <criterion/criterion.h>
#include <pthread.h>

enum { BLOCK = 100000 };

Test(alloc, a_block_counts_for_its_kind_until_it_goes)
{
    size_t processes = alloc_used(ALLOC_PROCESS), system = alloc_used(ALLOC_SYSTEM);
    void *known = alloc_try_for(ALLOC_PROCESS, BLOCK);
    cr_assert_eq(alloc_used(ALLOC_PROCESS), processes + BLOCK);
    known = alloc_try_resize_for(ALLOC_PROCESS, known, BLOCK, 2 * BLOCK);
    cr_assert_eq(alloc_used(ALLOC_PROCESS), processes + 2 * BLOCK);
    alloc_free_for(ALLOC_PROCESS, known, 2 * BLOCK);
    cr_assert_eq(alloc_used(ALLOC_PROCESS), processes);

    void *measured = alloc_try_zero(BLOCK);
    cr_assert_geq(alloc_used(ALLOC_SYSTEM), system + BLOCK);
    measured = alloc_must_resize(measured, 3 * BLOCK);
    cr_assert_geq(alloc_used(ALLOC_SYSTEM), system + 3 * BLOCK);
    alloc_free(measured);
    cr_assert_eq(alloc_used(ALLOC_SYSTEM), system);
}

static void *make(void *size)
{
    return alloc_try_for(ALLOC_BINARY, *(const size_t *)size);
}

static void *give_back(void *block)
{
    alloc_free_for(ALLOC_BINARY, block, BLOCK);
    return NULL;
}

static void *in_thread(void *(*work)(void *), void *argument)
{
    pthread_t thread;
    void *result;
    cr_assert_eq(pthread_create(&thread, NULL, work, argument), 0);
    cr_assert_eq(pthread_join(thread, &result), 0);
    return result;
}

Test(alloc, what_one_thread_makes_another_may_give_back)
{
    size_t before = alloc_used(ALLOC_BINARY), size = BLOCK;
    void *first = in_thread(make, &size);
    void *second = in_thread(make, &size);
    cr_assert_eq(alloc_used(ALLOC_BINARY), before + 2 * BLOCK, "threads that ended still count");
    in_thread(give_back, first);
    alloc_free_for(ALLOC_BINARY, second, BLOCK);
    cr_assert_eq(alloc_used(ALLOC_BINARY), before);
}
