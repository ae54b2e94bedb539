/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_fmt.c: act fmt. */
#include "cli/command.h"
#include "cli/sources.h"
#include "cli/text_diff.h"

#include "compiler/layout/layout.h"
#include "vm/base/alloc.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
    bool check, diff;
    unsigned changed;
    int status;
} FmtCommand;

/* The bytes into path, as a whole or not at all. */
static bool write_whole(const char *path, const char *bytes, size_t length)
{
    char *real = realpath(path, NULL);
    if (real == NULL) {
        return false;
    }
    struct stat info;
    char temporary[4096];
    snprintf(temporary, sizeof temporary, "%s.XXXXXX", real);
    int file = stat(real, &info) == 0 ? mkstemp(temporary) : -1;
    FILE *out = file >= 0 ? fdopen(file, "wb") : NULL;
    bool done = out && fwrite(bytes, 1, length, out) == length && fflush(out) == 0 &&
                fchmod(file, info.st_mode & 07777) == 0;
    done = (!out || fclose(out) == 0) && done && rename(temporary, real) == 0;
    if (file >= 0 && !done) {
        int problem = errno;
        unlink(temporary);
        errno = problem;
    }
    free(real);
    return done;
}

static void complain(FmtCommand *command, const char *path, const char *why)
{
    fprintf(stderr, "act fmt: %s: %s\n", path, why);
    command->status = STATUS_FAILED;
}

static void put_result(FmtCommand *command, const char *path, bool input, DiffText old,
                       const LayoutResult *result)
{
    DiffText new = {result->text.items, result->text.count};
    bool same = new.length == old.length &&memcmp(new.text, old.text, old.length) == 0;
    command->changed += !same;
    if (command->diff) {
        text_diff_print(path, old, new, isatty(STDOUT_FILENO) && !getenv("NO_COLOR"));
    } else if (command->check && !same) {
        printf("%s\n", path);
    } else if (input && !command->check) {
        fwrite(new.text, 1, new.length, stdout);
    } else if (!same && !command->check && !write_whole(path, new.text, new.length)) {
        complain(command, path, strerror(errno));
    }
    if (result->kept > 0) {
        fprintf(stderr, "%s:%u: not understood, left as it is%s\n", path, result->first_kept,
                result->kept > 1 ? " (and others)" : "");
    }
}

static char *read_input(size_t *size)
{
    VEC(char) bytes = {0};
    size_t got;
    do {
        vec_reserve(&bytes, 65536);
        got = fread(bytes.items + bytes.count, 1, 65536, stdin);
        bytes.count += got;
    } while (got > 0);
    *size = bytes.count;
    return bytes.items;
}

static void format_file(FmtCommand *command, const char *path)
{
    size_t size;
    char *error = NULL;
    bool input = strcmp(path, "-") == 0;
    char *bytes = input ? read_input(&size) : sources_read_file(path, &size, &error);
    if (bytes == NULL) {
        fprintf(stderr, "act fmt: %s\n", error);
        alloc_free(error);
        command->status = STATUS_FAILED;
        return;
    }
    LayoutResult result;
    if (layout_source(bytes, size, &result)) {
        put_result(command, input ? "standard input" : path, input, (DiffText){bytes, size},
                   &result);
        layout_free(&result);
    } else {
        if (input && !command->check && !command->diff) {
            fwrite(bytes, 1, size, stdout);
        }
        complain(command, path, "is no UTF-8 text without signs that no source has; left as it is");
    }
    alloc_free(bytes);
}

static bool is_source(const char *name)
{
    const char *suffix = strrchr(name, '.');
    return suffix && (strcmp(suffix, ".act") == 0 || strcmp(suffix, ".erl") == 0 ||
                      strcmp(suffix, ".hrl") == 0);
}

/* Files, and the sources in and below folders. */
static void format_path(FmtCommand *command, const char *path)
{
    struct dirent **entries;
    struct stat info;
    int count = stat(path, &info) == 0 && S_ISDIR(info.st_mode)
                    ? scandir(path, &entries, NULL, alphasort)
                    : -1;
    if (count < 0) {
        format_file(command, path);
        return;
    }
    for (int i = 0; i < count; i++) {
        char below[4096];
        snprintf(below, sizeof below, "%s/%s", path, entries[i]->d_name);
        bool folder = lstat(below, &info) == 0 && S_ISDIR(info.st_mode);
        if (entries[i]->d_name[0] != '.' && (folder || is_source(below))) {
            format_path(command, below);
        }
        free(entries[i]);
    }
    free(entries);
}

int cmd_fmt(int count, char **words)
{
    FmtCommand command = {0};
    int files = 0;
    for (int at = 1; at < count; at++) {
        if (strcmp(words[at], "--check") == 0) {
            command.check = true;
        } else if (strcmp(words[at], "--diff") == 0) {
            command.diff = true;
        } else if (words[at][0] == '-' && words[at][1] != '\0') {
            return command_usage("fmt", "`%s` is not understood", words[at]);
        } else {
            words[++files] = words[at];
        }
    }
    if (files == 0) {
        return command_usage("fmt", "which file?");
    }
    for (int i = 1; i <= files; i++) {
        format_path(&command, words[i]);
    }
    return command.check && command.changed > 0 ? STATUS_FAILED : command.status;
}
