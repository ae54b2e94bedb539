/* SPDX-License-Identifier: Apache-2.0 */
/* Events between threads, files, and a simulated world that repeats itself. */
#include "vm/host/host.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

enum { ROUNDS = 20000 };

typedef struct {
    Host *host;
    HostEvent *ping, *pong;
    int ball; /* belongs to whoever was raised last */
} Table;

static void answer(void *context)
{
    Table *table = context;
    for (int i = 0; i < ROUNDS; i++) {
        cr_assert(table->host->event_wait(table->host, table->ping, INT64_MAX));
        table->ball++;
        table->host->event_raise(table->host, table->pong);
    }
}

Test(host, two_threads_play_with_events)
{
    Host *host = host_os_new();
    Table table = {.host = host, .ping = host->event_new(host), .pong = host->event_new(host)};
    HostThread *thread = host->thread_start(host, answer, &table, "answer");
    cr_assert_not_null(thread);
    for (int i = 0; i < ROUNDS; i++) {
        table.ball++;
        host->event_raise(host, table.ping);
        cr_assert(host->event_wait(host, table.pong, INT64_MAX));
    }
    host->thread_join(host, thread);
    cr_assert_eq(table.ball, 2 * ROUNDS);
    host->event_free(host, table.ping);
    host->event_free(host, table.pong);
    host_free(host);
}

Test(host, a_wait_ends_in_time)
{
    Host *host = host_os_new();
    HostEvent *event = host->event_new(host);
    int64_t start = host->monotonic(host);
    cr_assert_not(host->event_wait(host, event, start + 20000000));
    int64_t slept = host->monotonic(host) - start;
    cr_assert(slept >= 20000000, "%lld", (long long)slept);
    host->event_raise(host, event);
    cr_assert(host->event_wait(host, event, INT64_MAX));
    cr_assert_not(host->event_wait(host, event, 0)); /* waiting lowers it */
    host->event_free(host, event);
    host_free(host);
}

Test(host, files_and_their_errors)
{
    Host *host = host_os_new();
    char path[64], text[16] = {0};
    snprintf(path, sizeof path, "/tmp/act_host_test.%ld", host->os_pid(host));
    cr_assert_eq(host->file_open(host, path, HOST_READ), -ENOENT);
    HostResult file = host->file_open(host, path, HOST_READ | HOST_WRITE | HOST_CREATE);
    cr_assert_geq(file, 0);
    cr_assert_eq(host->file_write(host, file, "hello world", 11), 11);
    cr_assert_eq(host->file_write_at(host, file, "W", 1, 6), 1);
    cr_assert_eq(host->file_seek(host, file, -5, 2), 6);
    cr_assert_eq(host->file_read(host, file, text, sizeof text), 5);
    cr_assert_str_eq(text, "World");
    cr_assert_eq(host->file_close(host, file), 0);
    HostFileInfo info;
    cr_assert_eq(host->file_info(host, path, true, &info), 0);
    cr_assert_eq(info.size, 11);
    cr_assert_eq(host->file_open(host, path, HOST_WRITE | HOST_CREATE | HOST_EXCLUSIVE), -EEXIST);
    cr_assert_eq(host->file_open(host, "/tmp", HOST_READ), -EISDIR);
    cr_assert_eq(host->file_delete(host, "/tmp"), -EPERM);
    cr_assert_eq(host->file_delete(host, path), 0);
    cr_assert_str_eq(host_error_name(ENOENT), "enoent");
    host_free(host);
}

static bool add_output(void *context, const void *bytes, size_t size)
{
    strncat(context, bytes, size);
    return true;
}

static bool add_enough(void *context, const void *bytes, size_t size)
{
    *(size_t *)context += size;
    return false;
}

Test(host, a_command_and_both_its_outputs)
{
    Host *host = host_os_new();
    char output[256] = "";
    HostResult status =
        host->command_run(host, "echo one; echo two >&2; exit 3", add_output, output);
    cr_assert_eq(status, 3);
    cr_assert_str_eq(output, "one\ntwo\n");
    size_t length = 0;
    cr_assert_eq(host->command_run(host, "yes", add_enough, &length), 0);
    cr_assert_gt(length, 0u);
    cr_assert_geq(host->cores(host), 1u);
    host_free(host);
}

Test(host, the_same_seed_the_same_world)
{
    for (uint64_t seed = 0; seed < 3; seed++) {
        Host *one = host_sim_new(seed), *two = host_sim_new(seed), *other = host_sim_new(seed + 1);
        uint64_t a[4], b[4], c[4];
        one->random(one, a, sizeof a);
        two->random(two, b, sizeof b);
        other->random(other, c, sizeof c);
        cr_assert_arr_eq(a, b, sizeof a);
        cr_assert_neq(a[0], c[0]);
        cr_assert_eq(one->wall(one), two->wall(two));
        host_free(one);
        host_free(two);
        host_free(other);
    }
}

Test(host, simulated_time_jumps_instead_of_passing)
{
    Host *host = host_sim_new(1);
    HostEvent *event = host->event_new(host);
    int64_t hour = INT64_C(3600) * 1000000000;
    int64_t start = host->monotonic(host);
    cr_assert_not(host->event_wait(host, event, start + hour));
    int64_t now = host->monotonic(host);
    cr_assert(now >= start + hour && now < start + hour + 1000000);
    host->event_raise(host, event);
    cr_assert(host->event_wait(host, event, now + hour));
    cr_assert_lt(host->monotonic(host), now + hour); /* raised: no time passed */
    host->event_free(host, event);
    host_free(host);
}
