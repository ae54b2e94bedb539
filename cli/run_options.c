/* SPDX-License-Identifier: Apache-2.0 */
/* cli/run_options.c: see run_options.h. */
#include "cli/run_options.h"

#include "cli/command.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool read_number(const char *word, uint64_t *number)
{
    char *end;
    errno = 0;
    *number = strtoull(word, &end, 0);
    return errno == 0 && end != word && *end == '\0' && word[0] != '-';
}

/* Takes -pa, --seed or --schedulers with its value; false if the word is none or its value bad. */
static bool take(RunOptions *options, const char *word, const char *value)
{
    uint64_t number;
    if (strcmp(word, "-pa") == 0) {
        sources_add_code_dir(&options->sources, value);
        return true;
    }
    if (strcmp(word, "--seed") == 0 && read_number(value, &number)) {
        options->vm.seeded = true;
        options->vm.seed = number;
        return true;
    }
    if (strcmp(word, "--schedulers") == 0 && read_number(value, &number) && number > 0 &&
        number <= 1024) {
        options->vm.schedulers = (unsigned)number;
        return true;
    }
    return false;
}

/* An expression may begin with a minus sign: `-1` and `-X` are none. */
static bool is_option(const char *word)
{
    return word[0] == '-' && (word[1] == '-' || strcmp(word, "-pa") == 0 ||
                              strncmp(word, "-I", 2) == 0 || strncmp(word, "-D", 2) == 0);
}

static bool has_value(const char *word)
{
    return strcmp(word, "-pa") == 0 || strcmp(word, "--seed") == 0 ||
           strcmp(word, "--schedulers") == 0 || strcmp(word, "-I") == 0 || strcmp(word, "-D") == 0;
}

void run_options_to_front(int count, char **words)
{
    int front = 1;
    for (int at = 1; at < count;) {
        if (!is_option(words[at])) {
            at++;
            continue;
        }
        int taken = has_value(words[at]) && at + 1 < count ? 2 : 1;
        char *option[2] = {words[at], taken == 2 ? words[at + 1] : NULL};
        memmove(words + front + taken, words + front, (size_t)(at - front) * sizeof *words);
        memcpy(words + front, option, (size_t)taken * sizeof *words);
        front += taken;
        at += taken;
    }
}

int run_options_read(RunOptions *options, const char *command, int count, char **words)
{
    int at = 1;
    for (int taken; at < count && is_option(words[at]); at += taken) {
        taken = sources_take_option(&options->sources, count, words, at);
        if (taken == 0 && at + 1 < count && take(options, words[at], words[at + 1])) {
            taken = 2;
        }
        if (taken <= 0) {
            const char *format =
                taken < 0 ? "%s wants a value" : "`%s` is not understood, or its value is not";
            command_usage(command, format, words[at]);
            return -1;
        }
    }
    sources_load_path(&options->sources, ".", &options->path);
    options->vm.load_path = options->path.items;
    options->vm.load_path_count = options->path.count;
    return at;
}

void run_options_free(RunOptions *options)
{
    vec_free(&options->path);
    sources_free(&options->sources);
}
