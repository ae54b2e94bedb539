/* SPDX-License-Identifier: Apache-2.0 */
/* vm/io/open_files.h: the files that processes have open, by handle. A handle is a small integer:
 * slot and generation, so a handle that was closed finds nothing. A file belongs to the process
 * that opened it and is closed when that ends. Any thread; a spin lock guards the table, never held
 * over a call to the host. */
#ifndef ACT_IO_OPEN_FILES_H
#define ACT_IO_OPEN_FILES_H

#include "vm/host/host.h"
#include "vm/term/term.h"

typedef struct OpenFiles OpenFiles;

/* An empty table; NULL without memory. */
OpenFiles *open_files_new(void);
/* Closes all that is open. */
void open_files_free(OpenFiles *files, Host *host);

/* Takes over the host's file; a handle >= 0, or -1 without memory (the file is then the caller's).
 */
int64_t open_files_add(OpenFiles *files, int64_t file, Term owner);
/* The host's file, or -1. It stays open until open_files_release: each found one must be released.
 */
int64_t open_files_hold(OpenFiles *files, int64_t handle);
/* Ends a hold; closes the file if it was taken out meanwhile. */
void open_files_release(OpenFiles *files, Host *host, int64_t handle);
/* Takes the handle out. False if there is none; else *file is the host's file, the caller's to
 * close now, or -1 if somebody still holds it, who then closes it. */
bool open_files_take(OpenFiles *files, int64_t handle, int64_t *file);
/* Closes what belongs to a process that ends. Cheap when no file is open at all. */
void open_files_close_owned(OpenFiles *files, Host *host, Term owner);

#endif
