/* SPDX-License-Identifier: Apache-2.0 */
/* test/fuzz/damage.c: small damage to a module, so that most of it still makes sense. */
#include "test/fuzz/damage.h"

#include "vm/bytecode/small_range.h"

#include <string.h>

uint64_t damage_draw(uint64_t *seed, uint64_t below)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return below == 0 ? 0 : (*seed >> 11) % below;
}

/* A random instruction of the function. */
static size_t pick(const BcFunction *f, uint64_t *seed)
{
    size_t places = 0;
    size_t chosen = 0;
    size_t length = 1;
    for (size_t at = 0; at < f->code.count && length > 0; at += length) {
        if (damage_draw(seed, ++places) == 0) {
            chosen = at;
        }
        length = bc_op_length(f->code.items, at, f->code.count); /* 0: no instruction any more */
    }
    return chosen;
}

static void erase(BcFunction *f, size_t at, size_t length)
{
    memmove(f->code.items + at, f->code.items + at + length,
            (f->code.count - at - length) * sizeof(uint32_t));
    f->code.count -= length;
}

/* Another opcode that takes the same operands. */
static uint32_t relative(uint32_t op, uint64_t *seed)
{
    for (int tries = 0; tries < 200; tries++) {
        uint32_t other = (uint32_t)damage_draw(seed, BC__count);
        if (other != BC_label && strcmp(bc_op_info[other].operands, bc_op_info[op].operands) == 0) {
            return other;
        }
    }
    return op;
}

static void damage_code(BcModule *m, uint64_t *seed)
{
    BcFunction *f = &m->functions.items[damage_draw(seed, m->functions.count)];
    if (f->code.count == 0) {
        return;
    }
    size_t at = pick(f, seed);
    size_t length = bc_op_length(f->code.items, at, f->code.count);
    if (length == 0) {
        return;
    }
    uint32_t *word = f->code.items + at + (length > 1 ? 1 + damage_draw(seed, length - 1) : 0);
    switch (damage_draw(seed, 7)) {
    case 0:
        erase(f, at, length);
        break;
    case 1:
        f->code.items[at] = relative(f->code.items[at], seed);
        break;
    case 2:
        *word = BC_ARG(damage_draw(seed, 3), damage_draw(seed, 6));
        break;
    case 3:
        *word += damage_draw(seed, 2) ? 1u : UINT32_MAX;
        break;
    case 4:
        *word += damage_draw(seed, 2) ? 4u : UINT32_MAX - 3;
        break;
    case 5:
        *word = (uint32_t)damage_draw(seed, 12);
        break;
    default:
        *word = f->code.items[damage_draw(seed, f->code.count)];
        break;
    }
}

static void damage_site(BcModule *m, uint64_t *seed)
{
    if (m->sites.count == 0) {
        return;
    }
    BcSite *s = &m->sites.items[damage_draw(seed, m->sites.count)];
    switch (damage_draw(seed, 5)) {
    case 0:
        s->live_x ^= (uint64_t)1 << damage_draw(seed, 8);
        break;
    case 1:
        s->live_y ^= (uint32_t)1 << damage_draw(seed, 8);
        break;
    case 2:
        s->frame = (uint32_t)damage_draw(seed, 6);
        break;
    case 3:
        s->handler = (uint32_t)damage_draw(seed, 6);
        break;
    default:
        s->live_count = (uint32_t)damage_draw(seed, 100);
        break;
    }
}

/* The function counts on another range of an argument, or on one at all. */
static void damage_smalls(BcModule *m, uint64_t *seed)
{
    BcFunction *f = &m->functions.items[damage_draw(seed, m->functions.count)];
    if (f->arity == 0) {
        return;
    }
    uint8_t *smalls = arena_alloc(&m->arena, f->arity);
    memset(smalls, SMALL_RANGE_ANY, f->arity);
    if (f->smalls) {
        memcpy(smalls, f->smalls, f->arity);
    }
    smalls[damage_draw(seed, f->arity)] = (uint8_t)(1 + damage_draw(seed, SMALL_RANGE_LAST));
    f->smalls = smalls;
}

void damage_module(BcModule *m, uint64_t *seed)
{
    if (m->functions.count == 0) {
        return;
    }
    for (uint64_t k = 1 + damage_draw(seed, 3); k > 0; k--) {
        if (damage_draw(seed, 5) == 0) {
            damage_site(m, seed);
        } else {
            damage_code(m, seed);
        }
    }
    if (damage_draw(seed, 8) == 0) {
        damage_smalls(m, seed);
    }
}
