/* SPDX-License-Identifier: Apache-2.0 */
/* cli/include_lib.c: where the headers of other applications lie. An application is a folder with
 * its name, or its name, a dash and a version; of several versions the highest is taken. */
#include "cli/include_lib.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The last part of a path is one of the folders that applications are divided into. */
static bool is_part(const char *name)
{
    static const char *const names[] = {"ebin", "src", "include", "test"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* Cuts the last part off. The root stays as the empty text. */
static const char *cut(char *path)
{
    char *slash = strrchr(path, '/');
    if (slash == NULL) {
        return "";
    }
    *slash = '\0';
    return slash + 1;
}

/* Whether the folder is named APP-VERSION. */
static bool is_version_of(const char *folder, const char *app, size_t length)
{
    return strncmp(folder, app, length) == 0 && folder[length] == '-' &&
           folder[length + 1] >= '0' && folder[length + 1] <= '9';
}

/* Less, equal or greater, as numbers where both have one: 1.10 is after 1.9. */
static int compare_versions(const char *a, const char *b)
{
    while (*a != '\0' && *b != '\0') {
        char *after_a;
        char *after_b;
        unsigned long x = strtoul(a, &after_a, 10);
        unsigned long y = strtoul(b, &after_b, 10);
        bool numbers = *a >= '0' && *a <= '9' && *b >= '0' && *b <= '9';
        if (numbers && x != y) {
            return x < y ? -1 : 1;
        }
        if (!numbers && *a != *b) {
            return *a < *b ? -1 : 1;
        }
        a = numbers ? after_a : a + 1;
        b = numbers ? after_b : b + 1;
    }
    return (*a != '\0') - (*b != '\0');
}

/* The highest version of the application in the folder, or NULL. */
static const char *newest(Arena *arena, const char *folder, const char *app, size_t length)
{
    const char *best = NULL;
    DIR *open = opendir(folder);
    for (struct dirent *entry; open != NULL && (entry = readdir(open)) != NULL;) {
        if (is_version_of(entry->d_name, app, length) &&
            (best == NULL || compare_versions(entry->d_name + length + 1, best + length + 1) > 0)) {
            best = arena_printf(arena, "%s", entry->d_name);
        }
    }
    if (open != NULL) {
        closedir(open);
    }
    return best;
}

static const char *find_in(Arena *arena, const char *folder, const char *path)
{
    const char *rest = strchr(path, '/');
    if (rest == NULL || rest == path || strncmp(path, "..", 2) == 0) {
        return NULL;
    }
    const char *found = arena_printf(arena, "%s/%s", folder, path);
    if (access(found, R_OK) == 0) {
        return found;
    }
    const char *app = newest(arena, folder, path, (size_t)(rest - path));
    found = app == NULL ? NULL : arena_printf(arena, "%s/%s%s", folder, app, rest);
    return found != NULL && access(found, R_OK) == 0 ? found : NULL;
}

const char *include_lib_beside(Arena *arena, const char *dir, const char *path)
{
    char *whole = realpath(dir, NULL);
    if (whole == NULL) {
        return NULL;
    }
    if (is_part(cut(whole))) {
        cut(whole);
    }
    const char *found = find_in(arena, whole, path);
    free(whole);
    return found;
}

const char *include_lib_in(Arena *arena, const char *folders, const char *path)
{
    const char *found = NULL;
    while (folders != NULL && *folders != '\0' && found == NULL) {
        size_t length = strcspn(folders, ":");
        if (length > 0) {
            found = find_in(arena, arena_printf(arena, "%.*s", (int)length, folders), path);
        }
        folders += length + (folders[length] == ':');
    }
    return found;
}
