/* SPDX-License-Identifier: Apache-2.0 */
/* vm/code/code_image.c: see code_image.h. An image begins with its head: the first block of the
 * space's area. */
#include "vm/code/code_image.h"

#include "vm/base/alloc.h"
#include "vm/code/code_tables.h"
#include "vm/host/host.h"
#include "vm/term/atom.h"

enum { IMAGE_PAGE = 4096 };

typedef struct {
    uint64_t parts; /* hash of what the image relies on */
    char *start;    /* of the space */
    size_t bytes[SPACE__count];
    CodeTables *code;
    AtomTable *atoms;
} ImageHead;

/* The addresses that are tried: far from where Linux puts programs, stacks and mappings, and from
 * what allocators ask for; the second suits ThreadSanitizer. */
static const uintptr_t addresses[] = {(uintptr_t)0x3f0000000000, (uintptr_t)0x4000000000};

CodeSpace *code_image_space(Host *host)
{
    CodeSpace *space = NULL;
    for (size_t i = 0; !space && i < ACT_COUNT(addresses); i++) {
        space = code_space_new(host, (void *)addresses[i]);
    }
    if (space) {
        space->area = (Area){.start = space->part[SPACE_AREA],
                             .end = space->part[SPACE_AREA + 1],
                             .next = space->part[SPACE_AREA]};
        (void)area_zero(&space->area, sizeof(ImageHead));
    }
    return space;
}

static uint64_t hash_parts(const uint32_t *op_words)
{
    uint64_t hash = sizeof(ImageHead) + sizeof(CodeTables) + sizeof(Module) + sizeof(Site);
    for (unsigned i = 0; i < XOP__count; i++) {
        hash = code_hash_mix(hash, op_words[i]);
    }
    return hash;
}

/* What the machine that uses it has of its own. */
static void set_own(CodeTables *t, AtomTable *atoms, Area *area, void *lock)
{
    t->lock = lock;
    t->area = area;
    t->index->exports.area = t->index->constants.area = area;
    t->index->modules.area = t->index->funs.area = area;
    atom_table_set_area(atoms, area);
}

static size_t used(const Vm *vm, CodeSpacePart part)
{
    const CodeTables *t = vm->code;
    switch (part) {
    case SPACE_AREA:
        return (size_t)(vm->space->area.next - vm->space->area.start);
    case SPACE_ROWS:
        return (size_t)(t->rows_next - vm->space->part[SPACE_ROWS]);
    case SPACE_LITERALS:
        return (size_t)((char *)t->literals_top - (char *)t->literals);
    case SPACE__count:
        break;
    }
    return 0;
}

bool code_image_close(Vm *vm, const uint32_t *op_words)
{
    CodeTables *t = vm->code;
    ImageHead *head = (ImageHead *)vm->space->part[SPACE_AREA];
    head->parts = hash_parts(op_words);
    head->start = vm->space->part[0];
    head->code = t;
    head->atoms = vm->atoms;
    for (int i = 0; i < SPACE__count; i++) {
        head->bytes[i] = (used(vm, i) + IMAGE_PAGE - 1) & ~(size_t)(IMAGE_PAGE - 1);
    }
    vm->host->mutex_free(vm->host, t->lock);
    set_own(t, vm->atoms, NULL, NULL);
    t->op_words = NULL;
    return t->literal_off_heap == NULL;
}

size_t code_image_part(const Vm *vm, CodeSpacePart part, const void **bytes)
{
    const ImageHead *head = (const ImageHead *)vm->space->part[SPACE_AREA];
    *bytes = vm->space->part[part];
    return head->bytes[part];
}

static bool map(CodeSpace *space, Host *host, const VmImage *image, const ImageHead *head)
{
    const unsigned char *from = image->bytes;
    for (int i = 0; i < SPACE__count; i++) {
        if (!host->move_pages(host, space->part[i], from, head->bytes[i])) {
            return false;
        }
        from += head->bytes[i];
    }
    return true;
}

bool code_image_attach(Vm *vm, const VmImage *image, const uint32_t *op_words)
{
    if (image->size < sizeof(ImageHead)) {
        return false;
    }
    ImageHead head;
    memcpy(&head, image->bytes, sizeof head);
    CodeSpace *space =
        head.parts == hash_parts(op_words) ? code_space_new(vm->host, head.start) : NULL;
    void *lock = space ? vm->host->mutex_new(vm->host) : NULL;
    if (!lock || !map(space, vm->host, image, &head)) {
        if (lock) {
            vm->host->mutex_free(vm->host, lock);
        }
        code_space_free(space, vm->host);
        return false;
    }
    space->area.start = space->part[SPACE_AREA];
    space->area.end = space->part[SPACE_AREA + 1];
    vm->space = space;
    vm->code = head.code;
    vm->atoms = head.atoms;
    vm->code->op_words = op_words;
    set_own(vm->code, vm->atoms, &space->area, lock);
    return true;
}
