/* SPDX-License-Identifier: Apache-2.0 */
/* test/tools/verify_stdlib.c: proves each module linked into the binary, since the machine does not
 * do it again when it loads them. With a number, does it so many times and tells how fast. */
#include "cli/stdlib_modules.h"

#include "vm/code/code.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double seconds(void)
{
    struct timespec now;
    timespec_get(&now, TIME_UTC);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static size_t code_bytes(const BcModule *file)
{
    size_t words = 0;
    for (size_t i = 0; i < file->functions.count; i++) {
        words += file->functions.items[i].code.count;
    }
    return words * sizeof(uint32_t);
}

int main(int count, char **words)
{
    int rounds = count > 1 ? atoi(words[1]) : 1;
    int failed = 0;
    size_t bytes = 0;
    double spent = 0;
    for (size_t i = 0; i < stdlib_module_count; i++) {
        char error[400];
        BcModule *file =
            bc_read(stdlib_modules[i].bytes, stdlib_modules[i].size, error, sizeof error);
        double start = seconds();
        bool ok = file != NULL;
        for (int round = 0; round < rounds && ok; round++) {
            ok = code_verify(file, error, sizeof error);
        }
        spent += seconds() - start;
        if (!ok) {
            failed++;
            printf("%s: %s\n", stdlib_modules[i].name, error);
        } else {
            bytes += code_bytes(file);
        }
        bc_free(file);
    }
    printf("%zu bytes of code, %.0f MB/s\n", bytes, (double)bytes * rounds / spent / 1e6);
    printf("%zu passed, %d failed\n", stdlib_module_count - (size_t)failed, failed);
    return failed != 0 || stdlib_module_count == 0;
}
