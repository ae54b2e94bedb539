/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_test.c: act test; the work is done by the library's module act_test. */
#include "cli/command.h"
#include "cli/machine.h"
#include "cli/run_options.h"
#include "cli/stdlib_modules.h"

#include <string.h>

/* The module ends the machine with that when all tests have run and none has failed. */
enum { ALL_RAN = 120 };

/* Takes `name VALUE` out of the words in front of the files and gives it to the module; false: the
 * value is missing. */
static bool take_out(int *count, char **words, const char *name, const char **taken)
{
    for (int i = 1; i < *count; i++) {
        if (strcmp(words[i], name) != 0) {
            continue;
        }
        if (i + 1 >= *count) {
            command_usage("test", "%s wants a value", name);
            return false;
        }
        *taken = words[i + 1];
        memmove(words + i, words + i + 2, (size_t)(*count - i - 2) * sizeof *words);
        *count -= 2;
        return true;
    }
    return true;
}

/* Takes `--cover` or `--cover=FOLDER` out; the folder, NULL without it. */
static const char *take_cover(int *count, char **words)
{
    const char *folder = NULL;
    for (int i = 1; i < *count; i++) {
        bool plain = strcmp(words[i], "--cover") == 0;
        if (plain || strncmp(words[i], "--cover=", 8) == 0) {
            folder = plain ? "cover" : words[i] + 8;
            memmove(words + i, words + i + 1, (size_t)(*count - i - 1) * sizeof *words);
            *count -= 1;
            i--;
        }
    }
    return folder;
}

typedef struct {
    const char *filter, *junit, *cover;
} TestOptions;

/* Tests of a module often stand behind -ifdef(TEST). */
static void define_test(Sources *sources)
{
    for (size_t i = 0; i < sources->defines.count; i++) {
        const char *name = sources->defines.items[i].name;
        if (strcmp(name, "TEST") == 0 || strcmp(name, "NOTEST") == 0) {
            return;
        }
    }
    SourceDefine define = {"TEST", NULL};
    vec_push(&sources->defines, define);
}

static int run_tests(RunOptions *options, const TestOptions *test, int count, char **files)
{
    VEC(const char *) words = {0};
    const char *filter = test->filter, *junit = test->junit;
    if (test->cover) {
        vec_push(&words, "--cover");
        vec_push(&words, test->cover);
    }
    if (filter) {
        vec_push(&words, "--filter");
        vec_push(&words, filter);
    }
    if (junit) {
        vec_push(&words, "--junit");
        vec_push(&words, junit);
    }
    for (int i = 0; i < count; i++) {
        vec_push(&words, files[i]);
    }
    options->sources.headers = stdlib_headers;
    options->sources.header_count = stdlib_header_count;
    define_test(&options->sources);
    sources_ready(&options->sources);
    machine_options(&options->vm, &options->sources);
    int status = machine_run(&options->vm, "act_test", words.items, words.count);
    vec_free(&words);
    if (status == STATUS_OK) {
        fputs("act test: a test ended the program\n", stderr);
        return STATUS_FAILED;
    }
    return status == ALL_RAN ? STATUS_OK : status;
}

int cmd_test(int count, char **words)
{
    RunOptions options = {0};
    TestOptions test = {.cover = take_cover(&count, words)};
    int status = STATUS_USAGE;
    if (take_out(&count, words, "--filter", &test.filter) &&
        take_out(&count, words, "--junit", &test.junit)) {
        run_options_to_front(count, words);
        int at = run_options_read(&options, "test", count, words);
        if (at > 0) {
            status = run_tests(&options, &test, count - at, words + at);
        }
    }
    run_options_free(&options);
    return status;
}
