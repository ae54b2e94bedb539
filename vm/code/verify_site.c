/* SPDX-License-Identifier: Apache-2.0 */
/* vm/code/verify_site.c: what instructions need in common, and what a site leaves. */
#include "vm/code/verify.h"

#include <string.h>

#define X(n) BC_ARG(BC_X, n)

static const char *kind_name(unsigned kind)
{
    static const char *const names[] = {
        [VTYPE_NONE] = "something",
        [VTYPE_ANY] = "a term",
        [VTYPE_NIL] = "[]",
        [VTYPE_CONS] = "a cons",
        [VTYPE_FRESH] = "a fresh cons",
        [VTYPE_MAP] = "a map",
        [VTYPE_SMALL] = "a small integer",
        [VTYPE_AT_LEAST] = "a tuple",
        [VTYPE_TUPLE] = "a tuple",
        [VTYPE_CONTEXT] = "a match context",
        [VTYPE_EITHER] = "a term or a match context",
        [VTYPE_TRACE] = "a raw stack trace",
    };
    return names[kind];
}

bool verify_lacks(Verify *v, uint32_t argument, const char *what)
{
    unsigned kind = BC_ARG_KIND(argument);
    return verify_fail(v, "%c%u does not surely hold %s",
                       kind == BC_X   ? 'x'
                       : kind == BC_Y ? 'y'
                                      : 'k',
                       BC_ARG_INDEX(argument), what);
}

bool verify_need_any(Verify *v, uint32_t argument)
{
    return BC_ARG_KIND(argument) == BC_K || verify_is_any(verify_type(v, argument)) ||
           verify_lacks(v, argument, "a term");
}

bool verify_need_kind(Verify *v, uint32_t argument, unsigned kind)
{
    unsigned has = VTYPE_KIND(verify_type(v, argument));
    return has == kind || (kind == VTYPE_CONS && has == VTYPE_FRESH) ||
           (kind == VTYPE_TRACE && has == VTYPE_NIL) ||
           (kind == VTYPE_EITHER && (has == VTYPE_CONTEXT || verify_is_any(has))) ||
           verify_lacks(v, argument, kind_name(kind));
}

/* A tuple of at least n elements; exactly n if exact. */
bool verify_need_tuple(Verify *v, uint32_t argument, uint32_t n, bool exact)
{
    VType type = verify_type(v, argument);
    bool fits = exact ? type == VTYPE(VTYPE_TUPLE, n)
                      : (VTYPE_KIND(type) == VTYPE_TUPLE || VTYPE_KIND(type) == VTYPE_AT_LEAST) &&
                            VTYPE_N(type) >= n;
    return fits || verify_lacks(v, argument, exact ? "a tuple of that size" : "so large a tuple");
}

bool verify_need_anys(Verify *v, const uint32_t *arguments, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (!verify_need_any(v, arguments[i])) {
            return false;
        }
    }
    return true;
}

static bool need_arg(Verify *v, uint32_t i, bool context, SmallRange range)
{
    if (context) {
        return verify_need_kind(v, X(i), VTYPE_EITHER);
    }
    if (range == SMALL_RANGE_ANY) {
        return verify_need_any(v, X(i));
    }
    VType type = verify_type(v, X(i));
    return (VTYPE_KIND(type) == VTYPE_SMALL &&
            small_range_join((SmallRange)VTYPE_N(type), range) == range) ||
           verify_lacks(v, X(i), "a small integer of the range that the function called wants");
}

static bool need_args(Verify *v, uint32_t arity, const BcFunction *callee)
{
    uint64_t contexts = callee ? callee->contexts : 0;
    const SmallRange *smalls = callee ? callee->smalls : NULL;
    for (uint32_t i = 0; i < arity; i++) {
        if (!need_arg(v, i, i < 64 && (contexts >> i & 1) != 0,
                      smalls ? smalls[i] : SMALL_RANGE_ANY)) {
            return false;
        }
    }
    return true;
}

bool verify_need_heap(Verify *v, uint64_t words)
{
    VerifyState *s = v->state;
    if (words > s->heap) {
        return verify_fail(v, "%llu heap words needed, %u made sure of", (unsigned long long)words,
                           s->heap);
    }
    s->heap -= (uint32_t)words;
    verify_nothing_fresh(v);
    return true;
}

bool verify_need_frame(Verify *v, uint32_t frame)
{
    return frame == v->state->frame ||
           verify_fail(v, "the frame has %u slots, not %u", v->state->frame, frame);
}

bool verify_need_message(Verify *v, bool wanted)
{
    return v->state->message == wanted ||
           verify_fail(v, wanted ? "no message is under examination"
                                 : "a message is still under examination");
}

/* The state may go on at a label. */
bool verify_edge(Verify *v, uint32_t label)
{
    bool changed;
    if (!verify_join(v, label, &changed)) {
        return false;
    }
    VerifyLabel *l = &v->labels.items[label];
    if (changed) {
        l->dirty = true;
        v->low = ACT_MIN(v->low, l->order);
    }
    return true;
}

/* sites */

static const BcSite *site_at(const Verify *v, uint32_t index)
{
    return &v->file->sites.items[index];
}

static bool check_live_y(Verify *v, const BcSite *site)
{
    for (uint32_t i = 0; i < VERIFY_LIVE_Y; i++) {
        if ((site->live_y >> i & 1) != 0 && verify_type(v, BC_ARG(BC_Y, i)) == VTYPE_NONE) {
            return verify_fail(v, "y%u is live at the site but holds nothing", i);
        }
    }
    return true;
}

static bool is_live_x(const BcSite *site, uint32_t i)
{
    return site->live_count > 64 ? i < site->live_count : i < 64 && (site->live_x >> i & 1) != 0;
}

static bool check_live_x(Verify *v, const BcSite *site)
{
    uint32_t end = site->live_count > 64 ? site->live_count : 64;
    for (uint32_t i = 0; i < end; i++) {
        if (is_live_x(site, i) && verify_type(v, X(i)) == VTYPE_NONE) {
            return verify_fail(v, "x%u is live at the site but holds nothing", i);
        }
    }
    return true;
}

/* Y slots that the site does not name hold nothing afterwards. */
static void keep_live_y(Verify *v, const BcSite *site)
{
    VerifyState *s = v->state;
    uint32_t end = ACT_MIN(s->frame, VERIFY_LIVE_Y);
    for (uint32_t i = 0; i < end; i++) {
        if ((site->live_y >> i & 1) == 0) {
            s->y[i] = VTYPE_NONE;
            s->y_copy[i] = VERIFY_NO_COPY;
        }
    }
}

static void keep_live_x(Verify *v, const BcSite *site)
{
    VerifyState *s = v->state;
    for (uint32_t i = 0; i < s->x_count; i++) {
        if (!is_live_x(site, i)) {
            s->x[i] = VTYPE_NONE;
            s->x_copy[i] = VERIFY_NO_COPY;
        }
    }
}

/* What an exception at the site finds at its handler. The state stays as it is. */
static bool edge_to_handler(Verify *v, const BcSite *site)
{
    if (site->handler == 0) {
        return true;
    }
    if (site->handler >= v->labels.count || v->labels.items[site->handler].at == VERIFY_NOWHERE) {
        return verify_fail(v, "the site's handler is no label here");
    }
    VerifyState *s = v->state;
    enum { KEPT = 3 };
    uint32_t x_count = s->x_count;
    uint32_t heap = s->heap;
    bool message = s->message;
    VType x[KEPT], y[VERIFY_LIVE_Y];
    uint32_t x_copy[KEPT], y_copy[VERIFY_LIVE_Y];
    uint32_t slots = ACT_MIN(s->frame, VERIFY_LIVE_Y);
    memcpy(x, s->x, sizeof x);
    memcpy(x_copy, s->x_copy, sizeof x_copy);
    memcpy(y, s->y, slots * sizeof *y);
    memcpy(y_copy, s->y_copy, slots * sizeof *y);

    verify_drop_x(v, 0);
    s->heap = 0;
    s->message = false;
    keep_live_y(v, site);
    bool ok = verify_set(v, X(0), VTYPE_ANY) && verify_set(v, X(1), VTYPE_ANY) &&
              verify_set(v, X(2), VTYPE_TRACE) && verify_edge(v, site->handler);

    memcpy(s->x, x, sizeof x);
    memcpy(s->x_copy, x_copy, sizeof x_copy);
    memcpy(s->y, y, slots * sizeof *y);
    memcpy(s->y_copy, y_copy, slots * sizeof *y);
    s->x_count = x_count;
    s->heap = heap;
    s->message = message;
    return ok;
}

/* The site of an instruction that is no call: agrees with the state. */
static bool check_site(Verify *v, const BcSite *site)
{
    return (site->frame == v->state->frame ||
            verify_fail(v, "the site speaks of a frame of %u slots, there are %u", site->frame,
                        v->state->frame)) &&
           check_live_y(v, site) && check_live_x(v, site);
}

/* An instruction that may raise or allocate but moves nothing; f: its failure label, or 0. */
bool verify_pass_site(Verify *v, uint32_t index, uint32_t f)
{
    const BcSite *site = site_at(v, index);
    if (!check_site(v, site) || !(f != 0 ? verify_edge(v, f) : edge_to_handler(v, site))) {
        return false;
    }
    v->state->heap = 0;
    verify_nothing_fresh(v);
    return true;
}

/* An instruction that may collect: only what is live stays. */
bool verify_pass_collect(Verify *v, uint32_t index, bool raises)
{
    const BcSite *site = site_at(v, index);
    if (!check_site(v, site) || (raises && !edge_to_handler(v, site))) {
        return false;
    }
    keep_live_x(v, site);
    keep_live_y(v, site);
    v->state->heap = 0;
    verify_nothing_fresh(v);
    return true;
}

/* Waiting: as collecting, but no X stays. */
bool verify_pass_wait(Verify *v, uint32_t index)
{
    if (!verify_need_message(v, false) || !verify_pass_collect(v, index, true)) {
        return false;
    }
    verify_drop_x(v, 0);
    return true;
}

bool verify_pass_call(Verify *v, uint32_t index, uint32_t arity, const BcFunction *callee)
{
    const BcSite *site = site_at(v, index);
    if (!verify_need_message(v, false) ||
        !(v->state->framed || verify_fail(v, "a call before any frame: there may be no room")) ||
        !need_args(v, arity, callee) ||
        !(site->frame == v->state->frame ||
          verify_fail(v, "the site speaks of a frame of %u slots, there are %u", site->frame,
                      v->state->frame)) ||
        !check_live_y(v, site) || !edge_to_handler(v, site)) {
        return false;
    }
    keep_live_y(v, site);
    v->state->heap = 0;
    verify_nothing_fresh(v);
    verify_drop_x(v, 0);
    return verify_set(v, X(0), VTYPE_ANY);
}

bool verify_pass_tail(Verify *v, uint32_t frame, uint32_t index, uint32_t arity,
                      const BcFunction *callee)
{
    const BcSite *site = site_at(v, index);
    return verify_need_frame(v, frame) && verify_need_message(v, false) &&
           need_args(v, arity, callee) &&
           (site->frame == frame || verify_fail(v, "the site's frame is not the one given back")) &&
           (site->handler == 0 || verify_fail(v, "a tail call has a handler")) &&
           check_live_y(v, site);
}
