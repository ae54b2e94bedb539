/* SPDX-License-Identifier: Apache-2.0 */
/* vm/io/open_files.c: see open_files.h. A slot is free, open, or closing (taken out, but held). */
#include "vm/io/open_files.h"

#include "vm/base/alloc.h"
#include "vm/base/spin.h"

#include <stdatomic.h>

enum { SLOT_BITS = 20, SLOT_MASK = (1 << SLOT_BITS) - 1 };

typedef enum { SLOT_FREE, SLOT_OPEN, SLOT_CLOSING } SlotState;

typedef struct {
    int64_t file;
    Term owner;
    uint32_t generation;
    uint32_t holds;
    SlotState state;
} Slot;

struct OpenFiles {
    SpinLock lock;
    /* under lock */
    Slot *slots;
    size_t count, room;
    /* any thread, atomic, relaxed: a hint for open_files_close_owned; the owner itself opened its
     * files, so it sees its own additions */
    _Atomic(size_t) open;
};

OpenFiles *open_files_new(void)
{
    return alloc_try_zero(sizeof(OpenFiles));
}

void open_files_free(OpenFiles *files, Host *host)
{
    if (files == NULL) {
        return;
    }
    for (size_t i = 0; i < files->count; i++) {
        if (files->slots[i].state != SLOT_FREE) {
            host->file_close(host, files->slots[i].file);
        }
    }
    alloc_free(files->slots);
    alloc_free(files);
}

/* A free slot, or NULL. Under lock. */
static Slot *free_slot(OpenFiles *files)
{
    for (size_t i = 0; i < files->count; i++) {
        if (files->slots[i].state == SLOT_FREE) {
            return &files->slots[i];
        }
    }
    if (files->count == files->room) {
        size_t room = files->room * 2 + 16;
        Slot *grown =
            room > SLOT_MASK ? NULL : alloc_try_resize(files->slots, room * sizeof *grown);
        if (grown == NULL) {
            return NULL;
        }
        files->slots = grown;
        files->room = room;
    }
    files->slots[files->count] = (Slot){.state = SLOT_FREE};
    return &files->slots[files->count++];
}

/* The open slot of that handle, or NULL. Under lock. */
static Slot *slot_of(OpenFiles *files, int64_t handle, SlotState state)
{
    size_t index = (size_t)(handle & SLOT_MASK);
    if (handle < 0 || index >= files->count) {
        return NULL;
    }
    Slot *slot = &files->slots[index];
    bool same = slot->generation == (uint32_t)(handle >> SLOT_BITS) && slot->state == state;
    return same ? slot : NULL;
}

/* Takes an open slot out; the host's file to close now, -1 if somebody still holds it. Under lock.
 */
static int64_t take_out(OpenFiles *files, Slot *slot)
{
    atomic_fetch_sub_explicit(&files->open, 1, memory_order_relaxed);
    slot->state = slot->holds > 0 ? SLOT_CLOSING : SLOT_FREE;
    if (slot->state == SLOT_CLOSING) {
        return -1;
    }
    slot->generation++;
    return slot->file;
}

int64_t open_files_add(OpenFiles *files, int64_t file, Term owner)
{
    int64_t handle = -1;
    spin_lock(&files->lock);
    Slot *slot = free_slot(files);
    if (slot != NULL) {
        slot->file = file;
        slot->owner = owner;
        slot->state = SLOT_OPEN;
        slot->holds = 0;
        handle = (int64_t)slot->generation << SLOT_BITS | (slot - files->slots);
        atomic_fetch_add_explicit(&files->open, 1, memory_order_relaxed);
    }
    spin_unlock(&files->lock);
    return handle;
}

int64_t open_files_hold(OpenFiles *files, int64_t handle)
{
    spin_lock(&files->lock);
    Slot *slot = slot_of(files, handle, SLOT_OPEN);
    int64_t file = slot == NULL ? -1 : slot->file;
    if (slot != NULL) {
        slot->holds++;
    }
    spin_unlock(&files->lock);
    return file;
}

void open_files_release(OpenFiles *files, Host *host, int64_t handle)
{
    int64_t close_now = -1;
    spin_lock(&files->lock);
    Slot *open = slot_of(files, handle, SLOT_OPEN);
    Slot *closing = slot_of(files, handle, SLOT_CLOSING);
    if (open != NULL) {
        open->holds--;
    } else if (closing != NULL && --closing->holds == 0) {
        close_now = closing->file;
        closing->state = SLOT_FREE;
        closing->generation++;
    }
    spin_unlock(&files->lock);
    if (close_now >= 0) {
        host->file_close(host, close_now);
    }
}

bool open_files_take(OpenFiles *files, int64_t handle, int64_t *file)
{
    spin_lock(&files->lock);
    Slot *slot = slot_of(files, handle, SLOT_OPEN);
    *file = slot == NULL ? -1 : take_out(files, slot);
    spin_unlock(&files->lock);
    return slot != NULL;
}

void open_files_close_owned(OpenFiles *files, Host *host, Term owner)
{
    if (atomic_load_explicit(&files->open, memory_order_relaxed) == 0) {
        return;
    }
    for (size_t i = 0;; i++) {
        int64_t file = -1;
        spin_lock(&files->lock);
        bool more = i < files->count;
        if (more && files->slots[i].state == SLOT_OPEN && term_same(files->slots[i].owner, owner)) {
            file = take_out(files, &files->slots[i]);
        }
        spin_unlock(&files->lock);
        if (file >= 0) {
            host->file_close(host, file);
        }
        if (!more) {
            return;
        }
    }
}
