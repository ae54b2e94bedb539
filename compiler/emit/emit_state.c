/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/emit/emit_state.c: what is in which register at the point of emission.
 *
 * A value may be in several X and in its home at once. A dead value's register counts as free, so
 * nobody has to clear it. */
#include "compiler/emit/emit_function.h"

#include "vm/base/bug.h"

void emit_state_put(Emit *e, SsaValue value, uint32_t reg)
{
    SsaValue old = e->reg[reg];
    if (old && reg < EMIT_X) {
        e->in_x[old] &= ~((uint64_t)1 << reg);
    }
    e->reg[reg] = value;
    e->reg_end = value ? ACT_MAX(e->reg_end, reg + 1) : e->reg_end;
    if (value && reg < EMIT_X) {
        e->in_x[value] |= (uint64_t)1 << reg;
    }
}

void emit_state_lose_x(Emit *e)
{
    for (uint32_t reg = 0; reg < e->reg_end; reg++) {
        if (e->reg[reg]) {
            emit_state_put(e, 0, reg);
        }
    }
    e->reg_end = 0;
}

void emit_state_clear(Emit *e)
{
    emit_state_lose_x(e);
    for (uint32_t i = 0; i < ACT_MIN(e->frame, 32u); i++) { /* what a site speaks of */
        e->slot[i] = 0;
    }
    e->reserve = 0;
    e->in_frame = false;
}

static bool is_at_home(const Emit *e, SsaValue value)
{
    return e->in_frame && e->has_home[value];
}

/* An X that holds the value, or EMIT_NONE. */
static uint32_t find_x(const Emit *e, SsaValue value)
{
    if (e->in_x[value]) {
        return (uint32_t)__builtin_ctzll(e->in_x[value]);
    }
    for (uint32_t reg = EMIT_X; reg < e->function->arity; reg++) {
        if (e->reg[reg] == value) {
            return reg;
        }
    }
    return EMIT_NONE;
}

uint32_t emit_operand(Emit *e, SsaArg arg)
{
    if (arg.konst) {
        return BC_ARG(BC_K, emit_konst(e->tables, arg.konst));
    }
    uint32_t reg = find_x(e, arg.value);
    if (reg != EMIT_NONE) {
        return BC_ARG(BC_X, reg);
    }
    if (!is_at_home(e, arg.value)) {
        VM_BUG("emit: value v%u is nowhere in block %u", arg.value, e->block->id);
    }
    return BC_ARG(BC_Y, e->home[arg.value]);
}

uint32_t emit_operand_reg(Emit *e, SsaArg arg)
{
    uint32_t operand = emit_operand(e, arg);
    if (BC_ARG_KIND(operand) != BC_K) {
        return operand;
    }
    uint32_t reg = BC_ARG(BC_X, emit_free_x(e, e->ahead, 0));
    emit_op(e, BC_move);
    emit_word(e, reg);
    emit_word(e, operand);
    return reg;
}

static bool is_free(const Emit *e, uint32_t reg)
{
    SsaValue value = e->reg[reg];
    return value == 0 || emit_is_dead(e, value);
}

/* Free, or the value is elsewhere too. */
static bool is_spare(const Emit *e, uint32_t reg)
{
    SsaValue value = e->reg[reg];
    return is_free(e, reg) || is_at_home(e, value) || (e->in_x[value] & (e->in_x[value] - 1)) != 0;
}

static uint32_t search(const Emit *e, uint32_t from, uint32_t end, uint64_t forbid, bool spare)
{
    for (uint32_t reg = from; reg < end; reg++) {
        if (!(forbid >> reg & 1) && (spare ? is_spare(e, reg) : is_free(e, reg))) {
            return reg;
        }
    }
    return EMIT_NONE;
}

uint32_t emit_free_x(Emit *e, uint32_t from, uint64_t forbid)
{
    uint32_t reg = search(e, from, EMIT_X, forbid, false);
    if (reg == EMIT_NONE) {
        reg = search(e, 0, EMIT_X, forbid, false);
    }
    if (reg == EMIT_NONE) {
        reg = search(e, 0, EMIT_X, forbid, true);
    }
    VM_CHECK(reg != EMIT_NONE);
    emit_state_put(e, 0, reg);
    return reg;
}

uint32_t emit_destination(Emit *e, SsaValue value, uint64_t forbid)
{
    if (value == 0 || e->uses[value] == 0) {
        return BC_ARG(BC_X, emit_free_x(e, e->ahead, forbid));
    }
    if (is_at_home(e, value)) {
        e->slot[e->home[value]] = value;
        return BC_ARG(BC_Y, e->home[value]);
    }
    int16_t wish = e->wish[value];
    uint32_t reg = wish >= 0 && !(forbid >> wish & 1) && is_spare(e, (uint32_t)wish)
                       ? (uint32_t)wish
                       : emit_free_x(e, e->ahead, forbid);
    emit_state_put(e, value, reg);
    return BC_ARG(BC_X, reg);
}

uint32_t emit_line(SsaLine line)
{
    return line.line < EMIT_LINE_MAX ? line.line : 0;
}

BcSite emit_site_here(const Emit *e, SsaLine line, bool may_raise)
{
    BcSite site = {.line = emit_line(line), .file = line.file};
    site.frame = e->in_frame ? e->frame : 0;
    for (uint32_t reg = 0; reg < e->reg_end; reg++) {
        if (!is_free(e, reg)) {
            site.live_count = reg + 1;
            site.live_x |= reg < EMIT_X ? (uint64_t)1 << reg : 0;
        }
    }
    for (uint32_t slot = 0; slot < ACT_MIN(site.frame, 32u); slot++) {
        SsaValue value = e->slot[slot];
        if (value && !emit_is_dead(e, value)) {
            site.live_y |= (uint32_t)1 << slot;
        }
    }
    if (may_raise && e->block->handler) {
        site.handler = e->label[e->block->handler];
    }
    return site;
}

uint32_t emit_site_add(Emit *e, SsaLine line, bool may_raise, uint64_t constants)
{
    if (may_raise && e->block->handler) {
        emit_block_label(e, e->block->handler);
    }
    BcSite site = emit_site_here(e, line, may_raise);
    if (constants) {
        site.live_x |= constants;
        site.live_count = ACT_MAX(site.live_count, 64 - (uint32_t)__builtin_clzll(constants));
    }
    e->last_line = line.line ? line : e->last_line;
    return emit_site(e->tables, &site);
}
