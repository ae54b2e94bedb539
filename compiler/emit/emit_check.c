/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/emit/emit_check.c: abstract interpretation of emitted code, one function at a time. What
 * is known at a label is the meet of all ways to it; ways are followed until nothing changes. */
#include "compiler/emit/emit_check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    bool reached;
    uint64_t x[4]; /* registers that hold something */
    uint32_t y;    /* slots below 32 that do */
    uint32_t frame;
    uint32_t room; /* heap words made sure of */
} Known;

typedef struct {
    const BcModule *module;
    const BcFunction *function;
    Arena arena;
    size_t *at;   /* by label: index of its code, or SIZE_MAX */
    Known *known; /* by label */
    VEC(uint32_t) work;
    Known now;
    size_t here;
    bool ended;
    char *error;
    size_t size;
    bool failed;
} Checker;

ACT_PRINTF(2, 3) static void breach(Checker *c, const char *format, ...)
{
    if (c->failed) {
        return;
    }
    c->failed = true;
    Arena scratch = {0};
    uint32_t op = c->here < c->function->code.count ? c->function->code.items[c->here] : BC__count;
    int used =
        snprintf(c->error, c->size, "%s/%u at %zu (%s): ", konst_text(&scratch, c->function->name),
                 c->function->arity, c->here, op < BC__count ? bc_op_info[op].name : "?");
    arena_free(&scratch);
    va_list args;
    va_start(args, format);
    if (used >= 0 && (size_t)used < c->size) {
        vsnprintf(c->error + used, c->size - (size_t)used, format, args);
    }
    va_end(args);
}

static bool has_x(const Known *known, uint32_t reg)
{
    return known->x[reg >> 6] >> (reg & 63) & 1;
}

static void read_operand(Checker *c, uint32_t arg, bool konst_allowed)
{
    uint32_t index = BC_ARG_INDEX(arg);
    switch (BC_ARG_KIND(arg)) {
    case BC_X:
        if (index > BC_MAX_X || !has_x(&c->now, index)) {
            breach(c, "X%u holds nothing", index);
        }
        break;
    case BC_Y:
        if (index >= c->now.frame || (index < 32 && !(c->now.y >> index & 1))) {
            breach(c, "Y%u holds nothing", index);
        }
        break;
    default:
        if (!konst_allowed || BC_ARG_KIND(arg) != BC_K || index >= c->module->konsts.count) {
            breach(c, "operand %u", arg);
        }
    }
}

static void write_operand(Checker *c, uint32_t arg)
{
    uint32_t index = BC_ARG_INDEX(arg);
    if (BC_ARG_KIND(arg) == BC_X && index <= BC_MAX_X) {
        c->now.x[index >> 6] |= (uint64_t)1 << (index & 63);
    } else if (BC_ARG_KIND(arg) == BC_Y && index < c->now.frame) {
        c->now.y |= index < 32 ? (uint32_t)1 << index : 0;
    } else {
        breach(c, "destination %u", arg);
    }
}

/* Joins known into what is known at the label. */
static void flow_known(Checker *c, uint32_t label, Known from)
{
    if (label == 0 || label > c->function->labels || c->at[label] == SIZE_MAX) {
        breach(c, "label %u does not stand anywhere", label);
        return;
    }
    Known *to = &c->known[label];
    Known before = *to;
    if (!to->reached) {
        *to = from;
        to->reached = true;
    } else {
        if (to->frame != from.frame) {
            breach(c, "label %u has frames of %u and %u", label, to->frame, from.frame);
        }
        for (int i = 0; i < 4; i++) {
            to->x[i] &= from.x[i];
        }
        to->y &= from.y;
        to->room = ACT_MIN(to->room, from.room);
    }
    if (memcmp(&before, to, sizeof before) != 0) {
        vec_push(&c->work, label);
    }
}

static const BcSite *site_at(Checker *c, uint32_t index)
{
    static const BcSite none;
    if (index >= c->module->sites.count) {
        breach(c, "site %u", index);
        return &none;
    }
    return &c->module->sites.items[index];
}

static void check_site(Checker *c, const BcSite *site, unsigned flags)
{
    if (site->frame != c->now.frame) {
        breach(c, "site says a frame of %u, it is %u", site->frame, c->now.frame);
    }
    if (site->live_count <= 64) {
        for (uint32_t reg = 0; reg < 64; reg++) {
            if ((site->live_x >> reg & 1) && !has_x(&c->now, reg)) {
                breach(c, "site says X%u lives, it holds nothing", reg);
            }
        }
    }
    if (site->live_y & ~c->now.y) {
        breach(c, "site says slots %x live, only %x hold something", site->live_y, c->now.y);
    }
    if (site->file >= ACT_MAX(c->module->files.count, (size_t)1)) {
        breach(c, "site says file %u", site->file);
    }
    if (site->handler && (flags & OPF_RAISE)) {
        Known handler = {.x = {7}, .y = site->live_y, .frame = c->now.frame};
        flow_known(c, site->handler, handler);
    }
}

/* What a collection leaves: live registers only. */
static void keep_live(Checker *c, const BcSite *site, bool calls)
{
    c->now.y &= site->live_y;
    if (calls) {
        memset(c->now.x, 0, sizeof c->now.x);
    } else if (site->live_count <= 64) {
        c->now.x[0] &= site->live_x;
        c->now.x[1] = c->now.x[2] = c->now.x[3] = 0;
    }
    c->now.room = 0;
}

static void take_room(Checker *c, uint32_t words)
{
    if (words > c->now.room) {
        breach(c, "needs %u heap words, %u are sure", words, c->now.room);
        return;
    }
    c->now.room -= words;
}

static void read_args(Checker *c, uint32_t arity)
{
    for (uint32_t reg = 0; reg < arity; reg++) {
        if (!has_x(&c->now, reg)) {
            breach(c, "argument X%u holds nothing", reg);
        }
    }
}

/* First letter-driven walk: reads, sites, tables. Labels and destinations come after. */
static void check_operand(Checker *c, char letter, uint32_t word)
{
    const BcModule *m = c->module;
    switch (letter) {
    case 's':
        read_operand(c, word, true);
        break;
    case 'r':
        read_operand(c, word, false);
        break;
    case 'F':
        if (word >= m->functions.count) {
            breach(c, "function %u", word);
        }
        break;
    case 'E':
        if (word >= m->imports.count) {
            breach(c, "import %u", word);
        }
        break;
    case 'L':
        if (word >= m->lambdas.count) {
            breach(c, "lambda %u", word);
        }
        break;
    case 'c':
        if (word >= m->konsts.count) {
            breach(c, "constant %u", word);
        }
        break;
    default:
        break;
    }
}

typedef void (*EachOperand)(Checker *c, char letter, uint32_t word);

static void each_operand(Checker *c, const uint32_t *code, EachOperand visit)
{
    const char *letters = bc_op_info[code[0]].operands;
    size_t at = 1;
    for (; *letters && *letters != '*'; letters++) {
        visit(c, *letters, code[at++]);
    }
    if (*letters == '*') {
        uint32_t group = (uint32_t)strlen(letters + 1);
        uint32_t words = code[at++] * group;
        for (uint32_t i = 0; i < words; i++) {
            visit(c, letters[1 + i % group], code[at++]);
        }
    }
}

static void flow_label(Checker *c, char letter, uint32_t word)
{
    if (letter == 'l' || (letter == 'f' && word != 0)) {
        flow_known(c, word, c->now);
    }
}

static void write_letter(Checker *c, char letter, uint32_t word)
{
    if (letter == 'd') {
        write_operand(c, word);
    }
}

static void check_arity(Checker *c, const uint32_t *code)
{
    const BcModule *m = c->module;
    switch (code[0]) {
    case BC_call:
        read_args(c, m->functions.items[code[1]].arity);
        break;
    case BC_tail:
        read_args(c, m->functions.items[code[2]].arity);
        break;
    case BC_call_ext:
        read_args(c, m->imports.items[code[1]].arity);
        break;
    case BC_tail_ext:
        read_args(c, m->imports.items[code[2]].arity);
        break;
    case BC_call_fun:
        read_args(c, code[2]);
        break;
    case BC_tail_fun:
    case BC_apply:
        read_args(c, code[3]);
        break;
    case BC_tail_apply:
        read_args(c, code[4]);
        break;
    default:
        break;
    }
}

static void check_room(Checker *c, const uint32_t *code)
{
    switch (code[0]) {
    case BC_cons:
        take_room(c, 2);
        break;
    case BC_tuple:
        take_room(c, 1 + code[2]);
        break;
    case BC_make_fun:
        take_room(c, 2 + code[3]);
        break;
    case BC_update_element:
        take_room(c, 1 + code[3]);
        break;
    default:
        break;
    }
}

static void check_frame(Checker *c, const uint32_t *code)
{
    bool gives_back = code[0] == BC_return || code[0] == BC_unframe || code[0] == BC_tail ||
                      code[0] == BC_tail_ext || code[0] == BC_tail_fun || code[0] == BC_tail_apply;
    if (gives_back && code[1] != c->now.frame) {
        breach(c, "gives back %u slots of a frame of %u", code[1], c->now.frame);
    }
    if (code[0] == BC_unframe) {
        c->now.frame = 0;
        c->now.y = 0;
    } else if (code[0] == BC_frame) {
        if (c->now.frame != 0) {
            breach(c, "a second frame");
        }
        c->now.frame = code[1];
        c->now.y = 0;
        c->now.room = code[2];
    } else if (code[0] == BC_recv_accept) {
        c->now.room = 0;
    } else if (code[0] == BC_heap) {
        c->now.room = code[1];
    } else if (code[0] == BC_return && !has_x(&c->now, 0)) {
        breach(c, "X0 holds nothing");
    }
}

static const BcSite *find_site(Checker *c, const uint32_t *code)
{
    const char *letters = bc_op_info[code[0]].operands;
    const char *s = strchr(letters, 'S');
    return s ? site_at(c, code[1 + (s - letters)]) : NULL;
}

static void step(Checker *c, const uint32_t *code)
{
    unsigned flags = bc_op_info[code[0]].flags;
    each_operand(c, code, check_operand);
    if (c->failed) {
        return;
    }
    check_arity(c, code);
    check_room(c, code);
    const BcSite *site = find_site(c, code);
    bool calls = (flags & OPF_CALLS) == OPF_CALLS;
    bool waits = code[0] == BC_recv_wait || code[0] == BC_recv_wait_until;
    if (site) {
        bool to_label =
            code[0] != BC_call && strchr(bc_op_info[code[0]].operands, 'f') &&
            code[1 + (strchr(bc_op_info[code[0]].operands, 'f') - bc_op_info[code[0]].operands)] !=
                0;
        check_site(c, site, to_label ? 0 : flags);
        if (calls || waits || (flags & OPF_COLLECT)) {
            keep_live(c, site, calls || waits);
        }
        c->now.room = 0;
    }
    check_frame(c, code);
    each_operand(c, code, flow_label);
    each_operand(c, code, write_letter);
    if (calls) {
        c->now.x[0] |= 1;
    }
    c->ended = flags & OPF_ENDS;
}

static void follow(Checker *c, size_t at, Known known)
{
    const uint32_t *code = c->function->code.items;
    size_t count = c->function->code.count;
    c->now = known;
    c->ended = false;
    while (!c->ended && !c->failed) {
        c->here = at;
        size_t length = bc_op_length(code, at, count);
        if (length == 0) {
            breach(c, "runs past the end");
            return;
        }
        step(c, code + at);
        at += length;
        if (!c->ended && at < count && code[at] == BC_label) {
            flow_known(c, code[at + 1], c->now);
            return;
        }
    }
}

static void find_labels(Checker *c)
{
    size_t count = c->function->code.count;
    memset(c->at, 0xff, (c->function->labels + 1) * sizeof(size_t));
    for (size_t at = 0; at < count && !c->failed;) {
        c->here = at;
        const uint32_t *code = c->function->code.items + at;
        size_t length = bc_op_length(c->function->code.items, at, count);
        if (length == 0) {
            breach(c, "no whole instruction");
            return;
        }
        if (code[0] == BC_label) {
            if (code[1] == 0 || code[1] > c->function->labels || c->at[code[1]] != SIZE_MAX) {
                breach(c, "label %u", code[1]);
                return;
            }
            c->at[code[1]] = at;
        }
        at += length;
    }
}

static void check_function(Checker *c, const BcFunction *function)
{
    c->function = function;
    c->at = ARENA_ARRAY(&c->arena, size_t, function->labels + 1);
    c->known = ARENA_ARRAY(&c->arena, Known, function->labels + 1);
    find_labels(c);
    if (c->failed) {
        return;
    }
    Known start = {.reached = true};
    for (uint32_t reg = 0; reg < function->arity; reg++) {
        start.x[reg >> 6] |= (uint64_t)1 << (reg & 63);
    }
    follow(c, 0, start);
    while (c->work.count > 0 && !c->failed) {
        uint32_t label = vec_pop(&c->work);
        follow(c, c->at[label], c->known[label]);
    }
    c->work.count = 0;
    arena_free(&c->arena);
}

bool emit_check(const BcModule *module, char *error, size_t size)
{
    Checker c = {.module = module, .error = error, .size = size};
    for (size_t i = 0; i < module->functions.count && !c.failed; i++) {
        check_function(&c, &module->functions.items[i]);
    }
    arena_free(&c.arena);
    vec_free(&c.work);
    return !c.failed;
}
