/* SPDX-License-Identifier: Apache-2.0 */
/* test/fuzz/module_fuzz.c: any bytes as a module file (libFuzzer, or test/fuzz/drive.c): they are
 * read, verified and, when the verifier lets them through, run on a machine of their own for some
 * milliseconds, with the simulated host, where nothing outside is touched. Nothing may crash.
 *
 * The mutator damages instructions of a module that can be read, more often than bytes. */
#include "cli/stdlib_modules.h"

#include "test/fuzz/damage.h"
#include "vm/base/alloc.h"
#include "vm/bytecode/bc_file.h"
#include "vm/code/code.h"
#include "vm/run/act.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room, unsigned seed);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t room);

/* A module may ask for more memory than there is, and must not get it. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}

enum { RUN_MICROSECONDS = 5000 };

/* For the signal's handler, which has no argument. */
static Vm *volatile running;

static void stop_running(int signal_number)
{
    (void)signal_number;
    Vm *vm = running;
    if (vm) {
        atomic_store(&vm->halting, true);
    }
}

static void set_alarm(long microseconds)
{
    /* again and again: one that comes before the machine has started is lost. Of processor time,
     * and not SIGALRM, by which libFuzzer finds what hangs. */
    struct itimerval timer = {{0, microseconds}, {0, microseconds}};
    setitimer(ITIMER_VIRTUAL, &timer, NULL);
}

/* What programs print is not wanted. */
static int silence(void)
{
    fflush(stdout);
    int out = dup(1), null = open("/dev/null", O_WRONLY);
    dup2(null, 1);
    close(null);
    return out;
}

static void run(const BcModule *m)
{
    int out = silence();
    VmOptions options = {.modules = stdlib_modules,
                         .module_count = stdlib_module_count,
                         .schedulers = 1,
                         .seeded = true,
                         .seed = 1};
    Vm *vm = act_vm_new(&options);
    char error[200];
    char *name = alloc_must_zero(m->name->count + 1);
    memcpy(name, m->name->text, m->name->count);
    CodeOrigin origin = {.proven = false};
    if (vm && code_load(vm, m, &origin, error, sizeof error)) {
        signal(SIGVTALRM, stop_running);
        running = vm;
        set_alarm(RUN_MICROSECONDS);
        act_vm_run(vm, name, NULL, 0);
        set_alarm(0);
        running = NULL;
    }
    act_vm_free(vm);
    alloc_free(name);
    dup2(out, 1);
    close(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char error[400];
    BcModule *m = bc_read(data, size, error, sizeof error);
    if (m) {
        if (code_verify(m, error, sizeof error)) {
            run(m);
        }
        bc_free(m);
    }
    return 0;
}

static void put_word(uint8_t *to, size_t word)
{
    for (int i = 0; i < 4; i++) {
        to[i] = (uint8_t)(word >> (8 * i));
    }
}

/* Else any change of bytes would end at the checksum. */
static void set_checksum(uint8_t *data, size_t size)
{
    if (size > BC_FILE_HEADER) {
        put_word(data + 16, size - BC_FILE_HEADER);
        put_word(data + 12, bc_checksum(data + BC_FILE_HEADER, size - BC_FILE_HEADER));
    }
}

static size_t mutate_bytes(uint8_t *data, size_t size, size_t room)
{
    size = LLVMFuzzerMutate(data, size, room);
    set_checksum(data, size);
    return size;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room, unsigned number)
{
    uint64_t seed = ((uint64_t)number + 1) * 0x9E3779B97F4A7C15u;
    char error[400];
    BcModule *m = damage_draw(&seed, 8) == 0 ? NULL : bc_read(data, size, error, sizeof error);
    if (!m) {
        return mutate_bytes(data, size, room);
    }
    damage_module(m, &seed);
    size_t written = 0;
    unsigned char *bytes = bc_write(m, &written);
    bc_free(m);
    bool fits = written <= room;
    if (fits) {
        memcpy(data, bytes, written);
    }
    alloc_free(bytes);
    return fits ? written : mutate_bytes(data, size, room);
}
