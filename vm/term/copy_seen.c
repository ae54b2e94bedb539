/* SPDX-License-Identifier: Apache-2.0 */
/* vm/term/copy_seen.c: pages in a table of open addressing, the last one used at hand. */
#include "vm/term/copy_seen.h"

#include "vm/base/alloc.h"

enum { PAGE_BITS = 15, PAGE_SLOTS = 1 << (PAGE_BITS - 3) };

typedef struct {
    uintptr_t number; /* address >> PAGE_BITS */
    uint64_t met[PAGE_SLOTS / 64];
    uint64_t again[PAGE_SLOTS / 64];
} SeenPage;

typedef struct {
    uintptr_t address; /* 0: free */
    Term copy;
} SeenShared;

struct CopySeen {
    SeenPage **pages;
    size_t page_count;
    size_t page_room; /* power of two */
    SeenPage *last;
    size_t shared_count;
    SeenShared *shared;
    size_t shared_mask;
};

static size_t mix(uintptr_t x)
{
    return (size_t)(x * 0x9E3779B97F4A7C15u >> 20);
}

CopySeen *seen_new(void)
{
    CopySeen *seen = alloc_try_zero(sizeof *seen);
    if (seen) {
        seen->page_room = 64;
        seen->pages = alloc_try_zero(seen->page_room * sizeof *seen->pages);
        if (!seen->pages) {
            alloc_free(seen);
            return NULL;
        }
    }
    return seen;
}

void seen_free(CopySeen *seen)
{
    if (!seen) {
        return;
    }
    for (size_t i = 0; i < seen->page_room; i++) {
        alloc_free(seen->pages[i]);
    }
    alloc_free(seen->pages);
    alloc_free(seen->shared);
    alloc_free(seen);
}

static SeenPage **find_page(SeenPage **pages, size_t room, uintptr_t number)
{
    size_t i = mix(number) & (room - 1);
    while (pages[i] && pages[i]->number != number) {
        i = (i + 1) & (room - 1);
    }
    return &pages[i];
}

static bool grow_pages(CopySeen *seen)
{
    size_t room = seen->page_room * 2;
    SeenPage **pages = alloc_try_zero(room * sizeof *pages);
    if (!pages) {
        return false;
    }
    for (size_t i = 0; i < seen->page_room; i++) {
        if (seen->pages[i]) {
            *find_page(pages, room, seen->pages[i]->number) = seen->pages[i];
        }
    }
    alloc_free(seen->pages);
    seen->pages = pages;
    seen->page_room = room;
    return true;
}

/* The page, made if new; NULL without memory. */
static SeenPage *page_of(CopySeen *seen, uintptr_t number)
{
    SeenPage **at = find_page(seen->pages, seen->page_room, number);
    if (!*at) {
        if (seen->page_count * 2 >= seen->page_room) {
            if (!grow_pages(seen)) {
                return NULL;
            }
            at = find_page(seen->pages, seen->page_room, number);
        }
        SeenPage *page = alloc_try_zero(sizeof *page);
        if (!page) {
            return NULL;
        }
        page->number = number;
        *at = page;
        seen->page_count++;
    }
    return seen->last = *at;
}

int seen_visit(CopySeen *seen, uintptr_t address)
{
    uintptr_t number = address >> PAGE_BITS;
    size_t slot = address >> 3 & (PAGE_SLOTS - 1);
    uint64_t bit = (uint64_t)1 << slot % 64;
    SeenPage *page = seen->last;
    if (!page || page->number != number) {
        page = page_of(seen, number);
        if (!page) {
            return -1;
        }
    }
    if (!(page->met[slot / 64] & bit)) {
        page->met[slot / 64] |= bit;
        return 1;
    }
    if (!(page->again[slot / 64] & bit)) {
        page->again[slot / 64] |= bit;
        seen->shared_count++;
    }
    return 0;
}

bool seen_any_shared(const CopySeen *seen)
{
    return seen->shared_count > 0;
}

bool seen_prepare(CopySeen *seen)
{
    size_t room = 16;
    if (seen->shared_count == 0) {
        return true;
    }
    while (room < seen->shared_count * 2) {
        room *= 2;
    }
    seen->shared = alloc_try_zero(room * sizeof *seen->shared);
    seen->shared_mask = room - 1;
    return seen->shared != NULL;
}

Term *seen_copy_of(CopySeen *seen, uintptr_t address)
{
    uintptr_t number = address >> PAGE_BITS;
    size_t slot = address >> 3 & (PAGE_SLOTS - 1);
    SeenPage *page = seen->last;
    if (!page || page->number != number) {
        page = *find_page(seen->pages, seen->page_room, number);
        if (!page) {
            return NULL;
        }
        seen->last = page;
    }
    if (!(page->again[slot / 64] >> slot % 64 & 1)) {
        return NULL;
    }
    size_t i = mix(address) & seen->shared_mask;
    while (seen->shared[i].address != address && seen->shared[i].address != 0) {
        i = (i + 1) & seen->shared_mask;
    }
    if (seen->shared[i].address == 0) {
        seen->shared[i] = (SeenShared){.address = address, .copy = TERM_NONE};
    }
    return &seen->shared[i].copy;
}
