/* SPDX-License-Identifier: Apache-2.0 */
/* cli/include_lib.h: headers of other applications, for -include_lib("APP/include/NAME.hrl"). */
#ifndef ACT_CLI_INCLUDE_LIB_H
#define ACT_CLI_INCLUDE_LIB_H

#include "vm/base/arena.h"

/* The file that `path` ("APP/REST") means when the application APP, or APP-VERSION, lies beside
 * the one that `dir` belongs to: dir is APPLICATION, or its folder ebin, src, include or test.
 * NULL when there is none. The text is the arena's. Any thread. */
const char *include_lib_beside(Arena *arena, const char *dir, const char *path);

/* The same in each folder of `folders`, divided by colons, as ERL_LIBS tells them; NULL: none. */
const char *include_lib_in(Arena *arena, const char *folders, const char *path);

#endif
