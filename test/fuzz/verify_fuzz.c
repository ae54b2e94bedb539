/* SPDX-License-Identifier: Apache-2.0 */
/* test/fuzz/verify_fuzz.c: what the verifier lets through does no harm.
 *
 *   verify_fuzz FILE.actb FIRST_SEED COUNT [blind]
 *
 * Damages the module a little (by the seed), and if the verifier still accepts it, runs its main
 * in a child process. Any answer is fine, any exception, running for ever too; dying by a signal or
 * with a report of a sanitizer is not. Best in the asan and stress builds (ACT_STRESS=gc). The last
 * line is `N passed, N failed`. With blind the verifier is not asked: to see that harm is noticed.
 */
#include "cli/stdlib_modules.h"

#include "test/fuzz/damage.h"
#include "vm/base/alloc.h"
#include "vm/code/code.h"
#include "vm/run/act.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CPU_SECONDS = 2, WALL_SECONDS = 4, REPORT = 99 };

static void run(const BcModule *m)
{
    struct rlimit cpu = {CPU_SECONDS, CPU_SECONDS + 1};
    setrlimit(RLIMIT_CPU, &cpu);
    alarm(WALL_SECONDS);
    VmOptions options = {
        .modules = stdlib_modules, .module_count = stdlib_module_count, .schedulers = 1};
    Vm *vm = act_vm_new(&options);
    char error[200];
    char *name = alloc_must_zero(m->name->count + 1);
    memcpy(name, m->name->text, m->name->count);
    CodeOrigin origin = {.proven = true};
    if (vm && code_load(vm, m, &origin, error, sizeof error)) {
        act_vm_run(vm, name, NULL, 0);
    }
    _exit(0);
}

/* True if a child that ran it came to a bad end; its last words stay in the file log. */
static bool does_harm(const BcModule *m)
{
    pid_t child = fork();
    if (child == 0) {
        dup2(open("verify_fuzz.log", O_CREAT | O_TRUNC | O_WRONLY, 0600), 2);
        dup2(open("/dev/null", O_RDWR), 1);
        dup2(1, 0);
        run(m);
    }
    int status = 0;
    waitpid(child, &status, 0);
    if (WIFSIGNALED(status)) {
        int by = WTERMSIG(status);
        return by != SIGXCPU && by != SIGALRM && by != SIGKILL;
    }
    return WEXITSTATUS(status) == REPORT;
}

static unsigned char *read_all(const char *path, size_t *size)
{
    FILE *in = fopen(path, "rb");
    unsigned char *bytes = alloc_must(1 << 22);
    *size = in ? fread(bytes, 1, 1 << 22, in) : 0;
    if (in) {
        fclose(in);
    }
    return bytes;
}

int main(int count, char **words)
{
    bool blind = count == 5 && strcmp(words[4], "blind") == 0;
    if (count != 4 && !blind) {
        fputs("verify_fuzz FILE.actb FIRST_SEED COUNT [blind]\n", stderr);
        return 2;
    }
    size_t size;
    unsigned char *bytes = read_all(words[1], &size);
    uint64_t first = strtoull(words[2], NULL, 10);
    uint64_t many = strtoull(words[3], NULL, 10);
    uint64_t accepted = 0, failed = 0;
    for (uint64_t i = first; i < first + many; i++) {
        char error[400];
        uint64_t seed = (i + 1) * 0x9E3779B97F4A7C15u;
        BcModule *m = bc_read(bytes, size, error, sizeof error);
        if (!m) {
            fprintf(stderr, "%s: %s\n", words[1], error);
            return 2;
        }
        damage_module(m, &seed);
        if (blind || code_verify(m, error, sizeof error)) {
            accepted++;
            if (does_harm(m)) {
                failed++;
                printf("FAIL %s seed %llu: see verify_fuzz.log\n", words[1], (unsigned long long)i);
                rename("verify_fuzz.log", "verify_fuzz.fail.log");
                fflush(stdout);
            }
        }
        bc_free(m);
    }
    alloc_free(bytes);
    printf("%llu of %llu were accepted\n", (unsigned long long)accepted, (unsigned long long)many);
    printf("%llu passed, %llu failed\n", (unsigned long long)(many - failed),
           (unsigned long long)failed);
    return failed != 0;
}
