/* SPDX-License-Identifier: Apache-2.0 */
/* vm/code/verify_flow.c: what each instruction needs and what it leaves.
 *
 * Walks the code in its order; at each label the states of all ways in are joined, and a label that
 * came to know less is walked again. Needs are checked before anything is changed. An instruction
 * without a row in `step` is plain: it takes any terms and leaves any term. */
#include "vm/code/verify.h"

#define X(n) BC_ARG(BC_X, n)

/* instructions by group; a: operands */

static void have_room(VerifyState *s, uint32_t frame)
{
    if (frame > s->y_room) {
        s->y_room = ACT_MAX(frame, 2 * s->y_room);
        s->y = alloc_must_resize(s->y, s->y_room * sizeof *s->y);
        s->y_copy = alloc_must_resize(s->y_copy, s->y_room * sizeof *s->y_copy);
    }
}

static bool step_frame(Verify *v, const uint32_t *a)
{
    VerifyState *s = v->state;
    if (s->frame != 0) {
        return verify_fail(v, "there is a frame already");
    }
    if (!verify_pass_collect(v, a[2], false) || !verify_spend(v, a[0])) {
        return false;
    }
    have_room(s, a[0]);
    s->framed = true;
    s->frame = a[0];
    s->heap = a[1];
    for (uint32_t i = 0; i < s->frame; i++) {
        s->y[i] = i < VERIFY_LIVE_Y ? VTYPE_NONE : VTYPE_ANY;
        s->y_copy[i] = VERIFY_NO_COPY;
    }
    return true;
}

static bool step_control(Verify *v, uint32_t op, const uint32_t *a)
{
    VerifyState *s = v->state;
    const BcModule *file = v->file;
    switch (op) {
    case BC_jump:
        return verify_edge(v, a[0]);
    case BC_frame:
        return step_frame(v, a);
    case BC_unframe:
        if (!verify_need_frame(v, a[0])) {
            return false;
        }
        s->frame = 0;
        return true;
    case BC_return:
        return verify_need_frame(v, a[0]) && verify_need_message(v, false) &&
               verify_need_any(v, X(0));
    case BC_call:
        return verify_pass_call(v, a[1], file->functions.items[a[0]].arity,
                                &file->functions.items[a[0]]);
    case BC_call_ext:
        return verify_pass_call(v, a[1], file->imports.items[a[0]].arity, NULL);
    case BC_call_fun:
        return verify_need_any(v, a[0]) && verify_pass_call(v, a[2], a[1], NULL);
    case BC_apply:
        return verify_need_anys(v, a, 2) && verify_pass_call(v, a[3], a[2], NULL);
    case BC_tail:
        return verify_pass_tail(v, a[0], a[2], file->functions.items[a[1]].arity,
                                &file->functions.items[a[1]]);
    case BC_tail_ext:
        return verify_pass_tail(v, a[0], a[2], file->imports.items[a[1]].arity, NULL);
    case BC_tail_fun:
        return verify_need_any(v, a[1]) && verify_pass_tail(v, a[0], a[3], a[2], NULL);
    default: /* tail_apply */
        return verify_need_anys(v, a + 1, 2) && verify_pass_tail(v, a[0], a[4], a[3], NULL);
    }
}

static bool step_swap(Verify *v, const uint32_t *a)
{
    VType first = verify_type(v, a[0]);
    VType second = verify_type(v, a[1]);
    return (first != VTYPE_NONE || verify_lacks(v, a[0], "a value")) &&
           (second != VTYPE_NONE || verify_lacks(v, a[1], "a value")) &&
           verify_set(v, a[0], second) && verify_set(v, a[1], first);
}

static bool step_set_tail(Verify *v, const uint32_t *a)
{
    VType fresh = VTYPE(VTYPE_FRESH, v->state->stamp);
    return (verify_type(v, a[0]) == fresh || verify_lacks(v, a[0], "the cons built last")) &&
           verify_need_any(v, a[1]) &&
           (verify_type(v, a[1]) != fresh || verify_fail(v, "a cons becomes its own tail"));
}

static bool step_update_element(Verify *v, const uint32_t *a)
{
    uint32_t n = a[2];
    if (!verify_need_tuple(v, a[1], n, true) || !verify_need_heap(v, 1 + (uint64_t)n)) {
        return false;
    }
    for (uint32_t i = 0; i < a[3]; i++) {
        if (a[4 + 2 * i] >= n) {
            return verify_fail(v, "element %u of %u", a[4 + 2 * i], n);
        }
        if (!verify_need_any(v, a[5 + 2 * i])) {
            return false;
        }
    }
    return verify_set(v, a[0], VTYPE(VTYPE_TUPLE, n));
}

static bool step_build(Verify *v, uint32_t op, const uint32_t *a)
{
    switch (op) {
    case BC_move:
        return (verify_type(v, a[1]) != VTYPE_NONE || verify_lacks(v, a[1], "a value")) &&
               verify_move(v, a[0], a[1]);
    case BC_swap:
        return step_swap(v, a);
    case BC_heap:
        if (!verify_pass_collect(v, a[1], false)) {
            return false;
        }
        v->state->heap = a[0];
        return true;
    case BC_cons:
        return verify_need_anys(v, a + 1, 2) && verify_need_heap(v, 2) &&
               verify_set(v, a[0], VTYPE(VTYPE_FRESH, v->state->stamp));
    case BC_tuple:
        return verify_need_anys(v, a + 2, a[1]) && verify_need_heap(v, 1 + (uint64_t)a[1]) &&
               verify_set(v, a[0], VTYPE(VTYPE_TUPLE, a[1]));
    case BC_make_fun:
        return verify_need_anys(v, a + 3, a[2]) && verify_need_heap(v, 2 + (uint64_t)a[2]) &&
               verify_set(v, a[0], VTYPE_ANY);
    case BC_set_tail:
        return step_set_tail(v, a);
    default:
        return step_update_element(v, a);
    }
}

static bool step_take(Verify *v, uint32_t op, const uint32_t *a)
{
    switch (op) {
    case BC_head:
    case BC_tail_of:
        return verify_need_kind(v, a[1], VTYPE_CONS) && verify_set(v, a[0], VTYPE_ANY);
    case BC_head_tail:
        return verify_need_kind(v, a[2], VTYPE_CONS) && verify_set(v, a[0], VTYPE_ANY) &&
               verify_set(v, a[1], VTYPE_ANY);
    default: /* element */
        return verify_need_tuple(v, a[1], a[2] + 1, false) && verify_set(v, a[0], VTYPE_ANY);
    }
}

/* The register's value has passed a test for that type. What cannot pass it never goes on here: the
 * compiler may know less of what a value is than of its range. */
static void learn(Verify *v, uint32_t argument, VType type)
{
    VType known = verify_type(v, argument);
    v->never = !verify_can_be(known, type);
    bool knows_more = VTYPE_KIND(known) == VTYPE_FRESH ||
                      (VTYPE_KIND(type) == VTYPE_AT_LEAST &&
                       (VTYPE_KIND(known) == VTYPE_TUPLE || VTYPE_KIND(known) == VTYPE_AT_LEAST));
    if (!v->never && !knows_more) {
        verify_learn(v, argument, type);
    }
}

static bool step_switch_arity(Verify *v, const uint32_t *a)
{
    VType known = verify_type(v, a[0]);
    if (!verify_need_tuple(v, a[0], 0, false) || !verify_edge(v, a[1])) {
        return false;
    }
    for (uint32_t i = 0; i < a[2]; i++) {
        VType type = VTYPE(VTYPE_TUPLE, a[3 + 2 * i]);
        if (!verify_can_be(known, type)) {
            continue;
        }
        verify_learn(v, a[0], type);
        if (!verify_edge(v, a[4 + 2 * i])) {
            return false;
        }
        verify_learn(v, a[0], known);
    }
    return true;
}

static bool step_switch_value(Verify *v, const uint32_t *a)
{
    if (!verify_need_any(v, a[0]) || !verify_edge(v, a[1])) {
        return false;
    }
    for (uint32_t i = 0; i < a[2]; i++) {
        if (!verify_edge(v, a[4 + 2 * i])) {
            return false;
        }
    }
    return true;
}

/* Tests: l first; the ones with more than terms behind it have their own row. */
static bool step_test(Verify *v, uint32_t op, const uint32_t *a)
{
    bool two = bc_op_info[op].operands[2] == 's';
    if (op == BC_is_arity) {
        if (!verify_need_tuple(v, a[1], 0, false) || !verify_edge(v, a[0])) {
            return false;
        }
    } else if (!verify_need_anys(v, a + 1, two ? 2 : 1) || !verify_edge(v, a[0])) {
        return false;
    }
    switch (op) {
    case BC_is_cons:
        learn(v, a[1], VTYPE_CONS);
        break;
    case BC_is_map:
        learn(v, a[1], VTYPE_MAP);
        break;
    case BC_is_tuple:
        learn(v, a[1], VTYPE(VTYPE_AT_LEAST, 0));
        break;
    case BC_is_arity:
    case BC_is_tuple_of:
    case BC_is_tagged:
        learn(v, a[1], VTYPE(VTYPE_TUPLE, a[2]));
        break;
    default:
        break;
    }
    return true;
}

static bool step_map(Verify *v, uint32_t op, const uint32_t *a)
{
    switch (op) {
    case BC_map_new: /* dS*ss */
        return verify_need_anys(v, a + 3, 2 * a[2]) && verify_pass_site(v, a[1], 0) &&
               verify_set(v, a[0], VTYPE_MAP);
    case BC_map_put:
    case BC_map_update: /* dfsS*ss */
        return verify_need_any(v, a[2]) && verify_need_anys(v, a + 5, 2 * a[4]) &&
               verify_pass_site(v, a[3], a[1]) && verify_set(v, a[0], VTYPE_MAP);
    case BC_map_get: /* ldss */
        return verify_need_kind(v, a[2], VTYPE_MAP) && verify_need_any(v, a[3]) &&
               verify_edge(v, a[0]) && verify_set(v, a[1], VTYPE_ANY);
    default: /* map_has: lss */
        return verify_need_kind(v, a[1], VTYPE_MAP) && verify_need_any(v, a[2]) &&
               verify_edge(v, a[0]);
    }
}

static bool step_raise(Verify *v, uint32_t op, const uint32_t *a)
{
    switch (op) {
    case BC_fail:
        return verify_need_any(v, a[1]) && verify_pass_site(v, a[2], 0);
    case BC_function_clause:
        return verify_need_anys(v, a + 2, a[1]) && verify_pass_site(v, a[0], 0);
    case BC_raise:
        return verify_need_anys(v, a, 2) && verify_need_kind(v, a[2], VTYPE_TRACE) &&
               verify_pass_site(v, a[3], 0);
    default: /* stacktrace */
        return verify_need_kind(v, a[1], VTYPE_TRACE) && verify_pass_site(v, a[2], 0) &&
               verify_set(v, a[0], VTYPE_ANY);
    }
}

static bool step_peek(Verify *v, const uint32_t *a)
{
    if (!verify_need_message(v, false) || !verify_pass_collect(v, a[2], true) ||
        !verify_edge(v, a[0])) {
        return false;
    }
    v->state->message = true;
    return verify_set(v, a[1], VTYPE_ANY);
}

static bool step_receive(Verify *v, uint32_t op, const uint32_t *a)
{
    switch (op) {
    case BC_recv_peek:
        return step_peek(v, a);
    case BC_recv_accept:
        v->state->heap = 0;
        if (!verify_need_message(v, true)) {
            return false;
        }
        v->state->message = false;
        return true;
    case BC_recv_next:
        if (!verify_need_message(v, true)) {
            return false;
        }
        v->state->message = false;
        return verify_edge(v, a[0]);
    case BC_recv_wait:
        return verify_pass_wait(v, a[1]) && verify_edge(v, a[0]);
    case BC_recv_wait_until:
        return verify_need_any(v, a[1]) && verify_pass_wait(v, a[2]) && verify_edge(v, a[0]);
    default: /* recv_from */
        return verify_need_message(v, false) && verify_need_any(v, a[0]);
    }
}

/* The bs_ instructions that collect do so before they read: what they read must live on, so it is
 * looked at behind verify_pass_collect. */
static bool step_bs_build(Verify *v, const uint32_t *a)
{
    if (!verify_pass_collect(v, a[2], a[1] == 0)) {
        return false;
    }
    for (uint32_t i = 0; i < a[3]; i++) {
        if (!verify_need_anys(v, a + 4 + 4 * (size_t)i + 1, 2)) {
            return false;
        }
    }
    return (a[1] == 0 || verify_edge(v, a[1])) && verify_set(v, a[0], VTYPE_ANY);
}

/* What is no bitstring is no context either. */
static bool step_bs_start(Verify *v, const uint32_t *a)
{
    if (!verify_pass_collect(v, a[3], true) || !verify_need_kind(v, a[2], VTYPE_EITHER)) {
        return false;
    }
    VType type = verify_type(v, a[2]);
    if (type == VTYPE_EITHER) {
        verify_learn(v, a[2], VTYPE_ANY);
    }
    if (!verify_edge(v, a[0])) {
        return false;
    }
    if (type == VTYPE_EITHER) {
        verify_learn(v, a[2], type);
    }
    return verify_set(v, a[1], VTYPE_CONTEXT);
}

static bool step_bits(Verify *v, uint32_t op, const uint32_t *a)
{
    switch (op) {
    case BC_bs_build: /* dfS*ussu */
        return step_bs_build(v, a);
    case BC_bs_start: /* ldrS */
        return step_bs_start(v, a);
    case BC_bs_get: /* ldruusS */
        return verify_pass_collect(v, a[6], true) && verify_need_kind(v, a[2], VTYPE_CONTEXT) &&
               verify_need_any(v, a[5]) && verify_edge(v, a[0]) && verify_set(v, a[1], VTYPE_ANY);
    case BC_bs_skip: /* lruus */
        return verify_need_kind(v, a[1], VTYPE_CONTEXT) && verify_need_any(v, a[4]) &&
               verify_edge(v, a[0]);
    case BC_bs_rest: /* drS */
        return verify_pass_collect(v, a[2], true) && verify_need_kind(v, a[1], VTYPE_CONTEXT) &&
               verify_set(v, a[0], VTYPE_ANY);
    case BC_bs_at_end:
    case BC_bs_bits_left:
        return verify_need_kind(v, a[1], VTYPE_CONTEXT) && verify_edge(v, a[0]);
    case BC_bs_position:
        return verify_need_kind(v, a[1], VTYPE_CONTEXT) && verify_set(v, a[0], VTYPE_ANY);
    case BC_bs_goto:
        return verify_need_kind(v, a[0], VTYPE_CONTEXT) && verify_need_any(v, a[1]);
    case BC_bs_enter:
    case BC_bs_rewind:
        return verify_need_kind(v, a[0], VTYPE_EITHER);
    case BC_bs_term: /* drS */
        return verify_pass_collect(v, a[2], false) && verify_need_kind(v, a[1], VTYPE_EITHER) &&
               verify_set(v, a[0], VTYPE_ANY);
    default: /* bs_take: ldruu */
        return verify_need_kind(v, a[2], VTYPE_CONTEXT) && verify_edge(v, a[0]) &&
               verify_set(v, a[1], verify_small_type(small_range_segment(a[4], a[3])));
    }
}

/* d first, then f, E, u, any terms and at the end S, each as the letters say. */
static bool step_plain(Verify *v, uint32_t op, const uint32_t *a)
{
    uint32_t f = 0;
    uint32_t i = 1;
    for (const char *letter = bc_op_info[op].operands + 1; *letter; letter++, i++) {
        if (*letter == 'f') {
            f = a[i];
        } else if (*letter == 's' && !verify_need_any(v, a[i])) {
            return false;
        } else if (*letter == 'S' && !verify_pass_site(v, a[i], f)) {
            return false;
        }
    }
    return verify_set(v, a[0], verify_result(v, op, a));
}

typedef bool (*Step)(Verify *v, uint32_t op, const uint32_t *a);

static Step step_of(uint32_t op)
{
    if (op <= BC_tail_apply) {
        return step_control;
    }
    if (op <= BC_update_element) {
        return step_build;
    }
    if (op <= BC_element) {
        return step_take;
    }
    if (op <= BC_is_true) {
        return step_test;
    }
    if (op >= BC_add_small && op <= BC_at_least) {
        return verify_step_small;
    }
    if (op >= BC_map_new && op <= BC_map_has) {
        return step_map;
    }
    if (op >= BC_fail && op <= BC_stacktrace) {
        return step_raise;
    }
    if (op >= BC_recv_peek && op <= BC_recv_from) {
        return step_receive;
    }
    return op >= BC_bs_build ? step_bits : step_plain;
}

static bool step(Verify *v, uint32_t op, const uint32_t *a)
{
    if (op == BC_switch_value) {
        return step_switch_value(v, a);
    }
    if (op == BC_switch_arity) {
        return step_switch_arity(v, a);
    }
    return step_of(op)(v, op, a);
}

/* Walks from the place to where control ends or nothing new is learnt. */
static bool walk(Verify *v, size_t at)
{
    const uint32_t *code = v->function->code.items;
    size_t count = v->function->code.count;
    for (;;) {
        uint32_t op = code[at];
        size_t length = bc_op_length(code, at, count);
        v->at = at;
        if (!verify_spend(v, length)) {
            return false;
        }
        if (op == BC_label) {
            VerifyLabel *l = &v->labels.items[code[at + 1]];
            bool changed;
            if (!verify_join(v, code[at + 1], &changed)) {
                return false;
            }
            if (!changed && !l->dirty) {
                return true;
            }
            l->dirty = false;
            verify_take(v, code[at + 1]);
        } else if (!step(v, op, code + at + 1)) {
            return false;
        } else if ((bc_op_info[op].flags & OPF_ENDS) || v->never) {
            v->never = false;
            return true;
        }
        at += length;
    }
}

/* The first label that is dirty, or NULL. */
static VerifyLabel *next_dirty(Verify *v)
{
    for (; v->low < v->by_place.count; v->low++) {
        VerifyLabel *l = &v->labels.items[v->by_place.items[v->low]];
        if (l->dirty) {
            return l;
        }
    }
    return NULL;
}

bool verify_flow(Verify *v)
{
    VerifyState *s = v->state;
    v->pool.count = 0;
    v->low = (uint32_t)v->by_place.count;
    s->x_count = s->frame = s->heap = 0;
    s->message = s->framed = false;
    for (uint32_t i = 0; i < v->function->arity; i++) {
        bool either = i < 64 && (v->function->contexts >> i & 1) != 0;
        SmallRange range = v->function->smalls ? v->function->smalls[i] : SMALL_RANGE_ANY;
        verify_set(v, X(i), either ? VTYPE_EITHER : verify_small_type(range));
    }
    if (!walk(v, 0)) {
        return false;
    }
    for (VerifyLabel *l = next_dirty(v); l; l = next_dirty(v)) {
        size_t behind = l->at + 2;
        l->dirty = false;
        verify_take(v, v->function->code.items[l->at + 1]);
        v->at = l->at;
        if (!walk(v, behind)) {
            return false;
        }
    }
    return true;
}
