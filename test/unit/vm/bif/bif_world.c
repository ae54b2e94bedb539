/* SPDX-License-Identifier: Apache-2.0 */
#include "bif_world.h"

#include "vm/base/alloc.h"
#include "vm/bif/bif_shared.h"
#include "vm/bif/bif_util.h"
#include "vm/host/host.h"
#include "vm/term/atom.h"
#include "vm/term/print.h"
#include "vm/vm_parts.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

Process *world;
int world_turns;

void world_open(void)
{
    Vm *vm = alloc_must_zero(sizeof *vm);
    vm->host = host_sim_new(1);
    vm->atoms = atom_table_new(NULL);
    vm->bifs = bif_shared_new(vm->host);
    world = alloc_must_zero(sizeof *world);
    world->vm = vm;
    world->reductions = 4000;
    world->bif_state = TERM_NONE;
    world->pid = pid_make(1, 1);
    cr_assert(heap_init(&world->heap, 1 << 12, NULL, NULL));
}

void world_close(void)
{
    Vm *vm = world->vm;
    heap_free(&world->heap);
    bif_shared_free(vm->bifs, vm->host);
    atom_table_free(vm->atoms);
    host_free(vm->host);
    alloc_free(vm);
    alloc_free(world);
}

Term world_call(BifFunction function, int32_t reductions, const Term *a)
{
    world->bif_state = TERM_NONE;
    for (world_turns = 1;; world_turns++) {
        world->reductions = reductions;
        world->pending = PENDING_NONE;
        Term result = function(world, a);
        if (!term_same(result, TERM_NONE) || world->pending != PENDING_AGAIN) {
            return result;
        }
    }
}

bool world_raised(Term result, Term reason)
{
    bool raised = term_same(result, TERM_NONE) && world->pending == PENDING_RAISE;
    world->pending = PENDING_NONE;
    return raised && term_same(world->raise_reason, reason);
}

Term world_list(const int *items, size_t count)
{
    Term list = TERM_NIL;
    while (count > 0) {
        list = util_cons(world, small_make(items[--count]), list);
    }
    return list;
}

Term world_text(const char *text)
{
    return util_bytes_list(world, text, strlen(text), TERM_NIL);
}

Term world_binary(const char *text)
{
    return util_binary(world, text, strlen(text));
}

Term world_atom(const char *text)
{
    return util_atom(world, text);
}

bool world_is(Term t, const char *text)
{
    TextBuffer out = {0};
    term_print(&out, world->vm->atoms, t, PRINT_W, 0);
    bool same = strcmp(text_string(&out), text) == 0;
    if (!same) {
        fprintf(stderr, "is:     %s\nshould: %s\n", out.bytes, text);
    }
    text_free(&out);
    return same;
}
