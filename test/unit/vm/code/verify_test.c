/* SPDX-License-Identifier: Apache-2.0 */
/* test/unit/vm/code/verify_test.c: honest code passes, each kind of harm is refused by its name. */
#include "test/unit/vm/code/code_sample.h"

#include "vm/bytecode/small_range.h"

#include <criterion/criterion.h>
#include <math.h>

static void accept(BcModule *m)
{
    char error[300] = "";
    bool ok = code_verify(m, error, sizeof error);
    bc_free(m);
    cr_assert(ok, "%s", error);
}

static void refuse(BcModule *m, const char *why)
{
    char error[300] = "";
    bool ok = code_verify(m, error, sizeof error);
    bc_free(m);
    cr_assert(!ok, "accepted; wanted: %s", why);
    cr_assert(strstr(error, why), "says '%s', wanted '%s'", error, why);
}

#define REFUSE(why, arity, labels, ...) \
    do { \
        BcModule *m_ = sample_module(); \
        SAMPLE_FUNCTION(m_, "f", arity, labels, __VA_ARGS__); \
        refuse(m_, why); \
    } while (0)
#define ACCEPT(arity, labels, ...) \
    do { \
        BcModule *m_ = sample_module(); \
        SAMPLE_FUNCTION(m_, "f", arity, labels, __VA_ARGS__); \
        accept(m_); \
    } while (0)

Test(verify, smallest)
{
    ACCEPT(1, 0, BC_return, 0);
}

Test(verify, code_has_an_end)
{
    REFUSE("runs out", 1, 0, BC_move, X(1), X(0));
    REFUSE("runs out", 1, 1, BC_return, 0, BC_label, 1);
    REFUSE("cut off", 1, 0, BC_move, X(1));
    REFUSE("cut off", 1, 0, BC__count);
    REFUSE("cut off", 1, 0, BC_tuple, X(0), 5, X(0));
    REFUSE("cut off", 1, 0, BC_tuple, X(0), UINT32_MAX, X(0));
    BcModule *m = sample_module();
    sample_words(m, "f", 0, 0, NULL, 0);
    refuse(m, "runs out");
}

Test(verify, labels)
{
    REFUSE("does not exist", 1, 1, BC_jump, 2);
    REFUSE("does not exist", 1, 1, BC_jump, 0);
    REFUSE("stands nowhere", 1, 1, BC_jump, 1);
    REFUSE("stands twice", 1, 1, BC_label, 1, BC_label, 1, BC_return, 0);
    REFUSE("out of bounds", 1, 1, BC_label, 2, BC_return, 0);
    REFUSE("more labels", 1, UINT32_MAX, BC_return, 0);
}

Test(verify, operands)
{
    REFUSE("x255 does not exist", 1, 0, BC_move, X(255), X(0), BC_return, 0);
    REFUSE("constant 0 does not exist", 0, 0, BC_move, X(0), K(0), BC_return, 0);
    REFUSE("a constant where a register", 1, 0, BC_move, K(0), X(0), BC_return, 0);
    REFUSE("no kind", 1, 0, BC_move, X(0), 3, BC_return, 0);
    REFUSE("site 1 does not exist", 1, 0, BC_call, 0, 1, BC_return, 0);
    REFUSE("function 1 does not exist", 1, 0, BC_call, 1, 0, BC_return, 0);
    REFUSE("import 0 does not exist", 1, 0, BC_call_ext, 0, 0, BC_return, 0);
    REFUSE("lambda 0 does not exist", 1, 0, BC_make_fun, X(0), 0, 0, BC_return, 0);
    REFUSE("is more than", 1, 0, BC_fail, BC_FAIL__count, X(0), 0);
    REFUSE("is more than", 1, 0, BC_compare, X(0), 8, X(0), X(0), BC_return, 0);
    REFUSE("no test", 1, 0, BC_type_test, X(0), BC_is_eq, X(0), BC_return, 0);
    REFUSE("no test", 1, 0, BC_type_test, X(0), BC_move, X(0), BC_return, 0);
    REFUSE("y0 is not in the frame", 1, 0, BC_move, Y(0), X(0), BC_return, 0);
}

Test(verify, registers_are_written_before_read)
{
    REFUSE("x0 does not surely hold", 0, 0, BC_return, 0);
    REFUSE("x1 does not surely hold", 1, 0, BC_move, X(0), X(1), BC_return, 0);
    /* one way in writes x1, the other does not */
    REFUSE("x1 does not surely hold", 1, 1, BC_is_atom, 1, X(0), BC_move, X(1), X(0), BC_label, 1,
           BC_move, X(0), X(1), BC_return, 0);
    ACCEPT(1, 2, BC_is_atom, 1, X(0), BC_move, X(1), X(0), BC_jump, 2, BC_label, 1, BC_move, X(1),
           X(0), BC_label, 2, BC_move, X(0), X(1), BC_return, 0);
}

Test(verify, registers_are_lost_over_calls)
{
    BcModule *m = sample_module();
    uint32_t site = sample_site(m, (BcSite){.frame = 1});
    SAMPLE_FUNCTION(m, "f", 2, 0, BC_frame, 1, 0, 1, BC_call, 0, site, BC_move, X(0), X(1),
                    BC_return, 1);
    m->sites.items[1].frame = 1;
    sample_site(m, (BcSite){.live_x = 3, .live_count = 2});
    m->functions.items[0].code.items[3] = 2;
    refuse(m, "x1 does not surely hold");
}

static BcModule *framed(uint32_t live_y)
{
    BcModule *m = sample_module();
    uint32_t before = sample_site(m, (BcSite){.live_x = 3, .live_count = 2});
    uint32_t call = sample_site(m, (BcSite){.frame = 1, .live_y = live_y});
    SAMPLE_FUNCTION(m, "f", 2, 0, BC_frame, 1, 0, before, BC_move, Y(0), X(1), BC_call, 0, call,
                    BC_move, X(0), Y(0), BC_return, 1);
    return m;
}

Test(verify, slots_live_over_calls_only_if_the_site_says_so)
{
    /* call needs two arguments: x1 is still there */
    accept(framed(1));
    refuse(framed(0), "y0 does not surely hold");
    refuse(framed(2), "y1 is live at the site");
}

Test(verify, frames)
{
    REFUSE("the frame has 0 slots, not 1", 1, 0, BC_return, 1);
    REFUSE("the frame has 0 slots, not 1", 1, 0, BC_unframe, 1, BC_return, 0);
    BcModule *m = sample_module();
    uint32_t site = sample_site(m, (BcSite){.live_x = 1, .live_count = 1});
    SAMPLE_FUNCTION(m, "f", 1, 0, BC_frame, 2, 0, site, BC_return, 1);
    refuse(m, "the frame has 2 slots, not 1");
    m = sample_module();
    site = sample_site(m, (BcSite){.live_x = 1, .live_count = 1});
    SAMPLE_FUNCTION(m, "f", 1, 0, BC_frame, 2, 0, site, BC_frame, 2, 0, site, BC_return, 2);
    refuse(m, "a frame already");
    m = sample_module();
    site = sample_site(m, (BcSite){.live_x = 1, .live_count = 1});
    SAMPLE_FUNCTION(m, "f", 1, 1, BC_is_atom, 1, X(0), BC_frame, 2, 0, site, BC_label, 1, BC_return,
                    0);
    refuse(m, "frames of");
}

Test(verify, sites_agree_with_the_state)
{
    BcModule *m = sample_module();
    uint32_t site = sample_site(m, (BcSite){.frame = 3});
    SAMPLE_FUNCTION(m, "f", 1, 0, BC_add, X(0), 0, X(0), X(0), site, BC_return, 0);
    refuse(m, "a frame of 3 slots");
    m = sample_module();
    site = sample_site(m, (BcSite){.live_x = 2, .live_count = 2});
    SAMPLE_FUNCTION(m, "f", 1, 0, BC_add, X(0), 0, X(0), X(0), site, BC_return, 0);
    refuse(m, "x1 is live at the site");
    m = sample_module();
    site = sample_site(m, (BcSite){.live_count = 70});
    SAMPLE_FUNCTION(m, "f", 69, 0, BC_heap, 1, site, BC_return, 0);
    refuse(m, "x69 is live at the site");
    m = sample_module();
    sample_site(m, (BcSite){.file = 1});
    refuse(m, "site 1 is out of bounds");
}

Test(verify, collecting_keeps_what_lives)
{
    REFUSE("x0 does not surely hold", 1, 0, BC_heap, 2, 0, BC_return, 0);
    BcModule *m = sample_module();
    uint32_t site = sample_site(m, (BcSite){.live_x = 1, .live_count = 1});
    SAMPLE_FUNCTION(m, "f", 1, 0, BC_heap, 2, site, BC_cons, X(0), X(0), X(0), BC_return, 0);
    accept(m);
}

Test(verify, heap_words)
{
    REFUSE("heap words needed", 1, 0, BC_cons, X(0), X(0), X(0), BC_return, 0);
    BcModule *m = sample_module();
    uint32_t site = sample_site(m, (BcSite){.live_x = 1, .live_count = 1});
    SAMPLE_FUNCTION(m, "f", 1, 0, BC_heap, 3, site, BC_cons, X(0), X(0), X(0), BC_cons, X(0), X(0),
                    X(0), BC_return, 0);
    refuse(m, "2 heap words needed, 1 made sure of");
    m = sample_module();
    site = sample_site(m, (BcSite){.live_x = 1, .live_count = 1});
    SAMPLE_FUNCTION(m, "f", 1, 0, BC_heap, 9, site, BC_add, X(0), 0, X(0), X(0), site, BC_tuple,
                    X(0), 2, X(0), X(0), BC_return, 0);
    refuse(m, "3 heap words needed, 0 made sure of");
    REFUSE("an empty tuple", 1, 0, BC_tuple, X(0), 0, BC_return, 0);
}

Test(verify, taking_apart_needs_the_kind)
{
    REFUSE("a cons", 1, 0, BC_head, X(0), X(0), BC_return, 0);
    REFUSE("tuple", 1, 0, BC_element, X(0), X(0), 0, BC_return, 0);
    REFUSE("tuple", 1, 1, BC_is_tuple_of, 1, X(0), 2, BC_element, X(0), X(0), 2, BC_label, 1,
           BC_return, 0);
    ACCEPT(1, 1, BC_is_tuple_of, 1, X(0), 2, BC_element, X(0), X(0), 1, BC_label, 1, BC_return, 0);
    /* on the way of failure nothing is known */
    REFUSE("a cons", 1, 1, BC_is_cons, 1, X(0), BC_return, 0, BC_label, 1, BC_head, X(0), X(0),
           BC_return, 0);
    ACCEPT(1, 1, BC_is_cons, 1, X(0), BC_head_tail, X(0), X(1), X(0), BC_label, 1, BC_return, 0);
    REFUSE("one register", 1, 1, BC_is_cons, 1, X(0), BC_head_tail, X(1), X(1), X(0), BC_label, 1,
           BC_return, 0);
    /* what is overwritten is not known any more */
    REFUSE("a cons", 2, 1, BC_is_cons, 1, X(0), BC_move, X(0), X(1), BC_head, X(0), X(0), BC_label,
           1, BC_return, 0);
    /* the test of one copy tells of the other */
    ACCEPT(1, 1, BC_move, X(1), X(0), BC_is_cons, 1, X(0), BC_head, X(0), X(1), BC_label, 1,
           BC_return, 0);
    REFUSE("a cons", 2, 1, BC_move, X(2), X(0), BC_move, X(0), X(1), BC_is_cons, 1, X(0), BC_head,
           X(0), X(2), BC_label, 1, BC_return, 0);
    REFUSE("a map", 1, 1, BC_map_has, 1, X(0), X(0), BC_label, 1, BC_return, 0);
    REFUSE("match context", 1, 1, BC_bs_at_end, 1, X(0), BC_label, 1, BC_return, 0);
    REFUSE("raw stack trace", 3, 0, BC_raise, X(0), X(1), X(2), 0);
    REFUSE("tuple", 1, 1, BC_switch_arity, X(0), 1, 0, BC_label, 1, BC_return, 0);
}

Test(verify, switch_arity_teaches)
{
    ACCEPT(1, 3, BC_is_tuple, 1, X(0), BC_switch_arity, X(0), 1, 2, 2, 2, 3, 3, BC_label, 2,
           BC_element, X(0), X(0), 1, BC_return, 0, BC_label, 3, BC_element, X(0), X(0), 2,
           BC_label, 1, BC_return, 0);
    REFUSE("tuple", 1, 2, BC_is_tuple, 1, X(0), BC_switch_arity, X(0), 1, 2, 2, 2, 3, 2, BC_label,
           2, BC_element, X(0), X(0), 2, BC_label, 1, BC_return, 0);
}

/* Takes x0 apart by op as often as there are messages to leave. */
static BcModule *loop(BcOpcode op)
{
    BcModule *m = sample_module();
    uint32_t site = sample_site(m, (BcSite){.live_x = 1, .live_count = 1});
    SAMPLE_FUNCTION(m, "f", 1, 3, BC_label, 2, BC_is_cons, 1, X(0), BC_label, 3, op, X(0), X(0),
                    BC_recv_peek, 1, X(1), site, BC_recv_next, op == BC_head ? 3 : 2, BC_label, 1,
                    BC_return, 0);
    return m;
}

Test(verify, loops_find_their_rest)
{
    /* x0 is a cons on entry to the loop, but any term when it comes round */
    refuse(loop(BC_head), "a cons");
    accept(loop(BC_tail_of));
}

Test(verify, keys)
{
    BcModule *m = sample_module();
    uint32_t key = sample_konst(m, konst_float(&m->arena, 1.0));
    SAMPLE_FUNCTION(m, "f", 1, 1, BC_switch_value, X(0), 1, 1, key, 1, BC_label, 1, BC_return, 0);
    refuse(m, "a key that is no atom");
    m = sample_module();
    key = sample_konst(m, konst_int(&m->arena, INT64_MAX));
    SAMPLE_FUNCTION(m, "f", 1, 1, BC_switch_value, X(0), 1, 1, key, 1, BC_label, 1, BC_return, 0);
    refuse(m, "a key that is no atom");
    m = sample_module();
    key = sample_konst(m, konst_nil(&m->arena));
    SAMPLE_FUNCTION(m, "f", 1, 1, BC_is_tagged, 1, X(0), 1, key, BC_label, 1, BC_return, 0);
    refuse(m, "a tag that is no atom");
}

Test(verify, lambdas)
{
    BcModule *m = sample_module();
    SAMPLE_FUNCTION(m, "f", 2, 0, BC_return, 0);
    vec_push(&m->lambdas, ((BcLambda){.function = 0, .arity = 1, .free = 2}));
    refuse(m, "does not fit its function");
    m = sample_module();
    uint32_t site = sample_site(m, (BcSite){.live_x = 3, .live_count = 2});
    SAMPLE_FUNCTION(m, "f", 2, 0, BC_heap, 9, site, BC_make_fun, X(0), 0, 2, X(0), X(1), BC_return,
                    0);
    vec_push(&m->lambdas, ((BcLambda){.function = 0, .arity = 1, .free = 1}));
    refuse(m, "2 free values");
}

Test(verify, guard_built_ins)
{
    BcModule *m = sample_module();
    uint32_t import = sample_import(m, "m", "no_such", 1);
    SAMPLE_FUNCTION(m, "f", 1, 0, BC_bif1, X(0), 0, import, X(0), 0, BC_return, 0);
    refuse(m, "no built-in of 1 arguments");
    m = sample_module();
    import = sample_import(m, "erlang", "is_function", 2);
    SAMPLE_FUNCTION(m, "f", 1, 0, BC_bif1, X(0), 0, import, X(0), 0, BC_return, 0);
    refuse(m, "no built-in of 1 arguments");
    m = sample_module();
    import = sample_import(m, "erlang", "is_function", 1);
    SAMPLE_FUNCTION(m, "f", 1, 0, BC_bif1, X(0), 0, import, X(0), 0, BC_return, 0);
    accept(m);
    m = sample_module();
    import = sample_import(m, "erlang", "loaded", 0);
    SAMPLE_FUNCTION(m, "f", 1, 0, BC_bif0, X(0), 0, import, 0, BC_return, 0);
    refuse(m, "no built-in of 0 arguments");
}

/* f() -> try g() catch … with the handler at label 1, which runs `rest` */
static BcModule *handling(const uint32_t *rest, size_t count)
{
    BcModule *m = sample_module();
    uint32_t site = sample_site(m, (BcSite){.frame = 1, .handler = 1});
    uint32_t plain = sample_site(m, (BcSite){.frame = 1});
    uint32_t head[] = {BC_frame, 1, 0, 0, BC_call, 0, site, BC_return, 1, BC_label, 1};
    uint32_t f = sample_words(m, "f", 0, 1, head, ACT_COUNT(head));
    for (size_t i = 0; i < count; i++) {
        vec_push(&m->functions.items[f].code, rest[i]);
    }
    cr_assert_eq(plain, 2);
    return m;
}
#define HANDLING(...) \
    handling((const uint32_t[]){__VA_ARGS__}, \
             sizeof((const uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t))

Test(verify, handlers)
{
    accept(HANDLING(BC_raise, X(0), X(1), X(2), 2));
    accept(HANDLING(BC_stacktrace, X(2), X(2), 2, BC_move, X(0), X(2), BC_return, 1));
    refuse(HANDLING(BC_move, X(0), X(2), BC_return, 1), "x0 does not surely hold a term");
    refuse(HANDLING(BC_move, X(0), X(3), BC_return, 1), "x3 does not surely hold");
    refuse(HANDLING(BC_move, X(0), Y(0), BC_return, 1), "y0 does not surely hold");
    refuse(HANDLING(BC_return, 0), "the frame has 1 slots, not 0");
    BcModule *m = HANDLING(BC_return, 1);
    m->sites.items[1].handler = 7;
    refuse(m, "handler is no label");
    /* where a failure goes to a label no exception can come, but the loader resolves it all the
     * same */
    m = sample_module();
    uint32_t site = sample_site(m, (BcSite){.live_x = 1, .handler = 7});
    SAMPLE_FUNCTION(m, "f", 1, 1, BC_add, X(0), 1, X(0), X(0), site, BC_return, 0, BC_label, 1,
                    BC_return, 0);
    refuse(m, "handler is no label");
}

Test(verify, tail_calls)
{
    BcModule *m = sample_module();
    SAMPLE_FUNCTION(m, "f", 2, 0, BC_tail, 0, 1, 0);
    SAMPLE_FUNCTION(m, "g", 3, 0, BC_return, 0);
    refuse(m, "x2 does not surely hold");
    m = sample_module();
    uint32_t site = sample_site(m, (BcSite){.handler = 1});
    SAMPLE_FUNCTION(m, "f", 2, 1, BC_tail, 0, 0, site, BC_label, 1, BC_return, 0);
    refuse(m, "a tail call has a handler");
    REFUSE("the frame has 0 slots", 0, 0, BC_tail, 4, 0, 0);
}

Test(verify, mailbox)
{
    REFUSE("no message", 0, 0, BC_recv_accept, BC_tail, 0, 0, 0);
    REFUSE("no message", 0, 1, BC_label, 1, BC_recv_next, 1);
    REFUSE("still under examination", 0, 1, BC_recv_peek, 1, X(0), 0, BC_return, 0, BC_label, 1,
           BC_recv_wait, 1, 0);
    REFUSE("still under examination", 0, 1, BC_recv_peek, 1, X(0), 0, BC_recv_from, X(0), BC_return,
           0, BC_label, 1, BC_recv_wait, 1, 0);
    REFUSE("with and without", 0, 1, BC_recv_peek, 1, X(0), 0, BC_label, 1, BC_recv_wait, 1, 0);
    ACCEPT(0, 3, BC_label, 1, BC_recv_peek, 2, X(0), 0, BC_is_atom, 3, X(0), BC_recv_accept,
           BC_return, 0, BC_label, 3, BC_recv_next, 1, BC_label, 2, BC_recv_wait, 1, 0);
}

Test(verify, fresh_conses)
{
    BcModule *m = sample_module();
    uint32_t site = sample_site(m, (BcSite){.live_x = 1, .live_count = 1});
    SAMPLE_FUNCTION(m, "f", 1, 0, BC_heap, 4, site, BC_cons, X(1), X(0), X(0), BC_set_tail, X(1),
                    X(0), BC_move, X(0), X(1), BC_return, 0);
    accept(m);
    m = sample_module();
    site = sample_site(m, (BcSite){.live_x = 1, .live_count = 1});
    SAMPLE_FUNCTION(m, "f", 1, 0, BC_heap, 4, site, BC_cons, X(1), X(0), X(0), BC_move, X(2), X(1),
                    BC_set_tail, X(1), X(2), BC_return, 0);
    refuse(m, "its own tail");
    m = sample_module();
    site = sample_site(m, (BcSite){.live_x = 1, .live_count = 1});
    SAMPLE_FUNCTION(m, "f", 1, 0, BC_heap, 4, site, BC_cons, X(1), X(0), X(0), BC_cons, X(2), X(1),
                    X(0), BC_set_tail, X(1), X(2), BC_return, 0);
    refuse(m, "the cons built last");
    REFUSE("the cons built last", 1, 1, BC_is_cons, 1, X(0), BC_set_tail, X(0), X(0), BC_label, 1,
           BC_return, 0);
}

Test(verify, names_and_constants)
{
    BcModule *m = sample_module();
    SAMPLE_FUNCTION(m, "f", 1, 0, BC_return, 0);
    SAMPLE_FUNCTION(m, "f", 1, 0, BC_return, 0);
    refuse(m, "f/1 is there twice");
    m = sample_module();
    SAMPLE_FUNCTION(m, "f", 256, 0, BC_return, 0);
    refuse(m, "no proper name");
    m = sample_module();
    sample_konst(m, konst_float(&m->arena, NAN));
    refuse(m, "a float is no number");
    m = sample_module();
    static const uint64_t one[] = {1};
    static const Konst small_big = {.kind = KONST_BIG, .count = 1, .big = {false, one}};
    sample_konst(m, &small_big);
    refuse(m, "normal form");
    m = sample_module();
    const Konst *deep = konst_nil(&m->arena);
    for (int i = 0; i < 200000; i++) {
        const Konst **item = ARENA_ARRAY(&m->arena, const Konst *, 1);
        item[0] = deep;
        deep = konst_tuple(&m->arena, item, 1);
    }
    sample_konst(m, deep);
    refuse(m, "nests too deep");
}

/* A loop in which each of n labels sinks once a walk: the budget ends it, soon. */
Test(verify, hostile_loops_end, .timeout = 20)
{
    enum { LABELS = 3000, REGISTERS = 200 };
    BcModule *m = sample_module();
    VEC(uint32_t) code = {0};
    for (uint32_t i = 0; i < REGISTERS; i++) {
        uint32_t words[] = {BC_move, X(i + 1), X(i)};
        for (size_t k = 0; k < ACT_COUNT(words); k++) {
            vec_push(&code, words[k]);
        }
    }
    for (uint32_t i = 1; i <= LABELS; i++) {
        uint32_t words[] = {BC_label, i, BC_is_tuple_of, LABELS + 1 - i, X(i % REGISTERS), i};
        for (size_t k = 0; k < ACT_COUNT(words); k++) {
            vec_push(&code, words[k]);
        }
    }
    vec_push(&code, BC_jump);
    vec_push(&code, 1);
    sample_words(m, "f", 1, LABELS, code.items, code.count);
    vec_free(&code);
    char error[300];
    code_verify(m, error, sizeof error); /* either answer is fine */
    bc_free(m);
}

/* A function whose first argument may be a context. */
static BcModule *either_module(const uint32_t *words, size_t count, uint32_t labels)
{
    BcModule *m = sample_module();
    sample_site(m, (BcSite){.live_x = 3, .live_count = 2}); /* 1 */
    sample_words(m, "f", 2, labels, words, count);
    m->functions.items[m->functions.count - 1].contexts = 1;
    return m;
}
#define EITHER(labels, ...) \
    either_module((const uint32_t[]){__VA_ARGS__}, \
                  sizeof((const uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t), labels)

Test(verify, contexts_as_arguments)
{
    refuse(EITHER(0, BC_return, 0), "x0 does not surely hold a term");
    accept(
        EITHER(0, BC_bs_enter, X(0), BC_bs_rewind, X(0), BC_bs_term, X(0), X(0), 1, BC_return, 0));
    refuse(
        EITHER(1, BC_bs_take, 1, X(1), X(0), 8, 0, BC_label, 1, BC_move, X(0), X(1), BC_return, 0),
        "a match context");
    REFUSE("a match context", 1, 1, BC_bs_take, 1, X(1), X(0), 8, 0, BC_label, 1, BC_return, 0);
    refuse(EITHER(0, BC_bs_enter, X(2), BC_return, 0), "a term or a match context");
}

/* bs_start of x0 with what is live; the way of failure knows that it was a term. */
Test(verify, what_is_no_bitstring_is_no_context)
{
    BcModule *m = sample_module();
    uint32_t site = sample_site(m, (BcSite){.live_x = 3, .live_count = 2});
    SAMPLE_FUNCTION(m, "f", 2, 1, BC_bs_start, 1, X(2), X(0), site, BC_move, X(0), X(2), BC_tail, 0,
                    0, site, BC_label, 1, BC_return, 0);
    m->functions.items[0].contexts = 1;
    accept(m);
    m = sample_module();
    site = sample_site(m, (BcSite){.live_x = 3, .live_count = 2});
    SAMPLE_FUNCTION(m, "f", 2, 1, BC_bs_start, 1, X(2), X(0), site, BC_move, X(1), X(2), BC_tail, 0,
                    0, site, BC_label, 1, BC_return, 0);
    m->functions.items[0].contexts = 1;
    refuse(m, "x1 does not surely hold a term");
    m = sample_module();
    site = sample_site(m, (BcSite){.live_x = 3, .live_count = 2});
    SAMPLE_FUNCTION(m, "f", 2, 1, BC_bs_start, 1, X(2), X(0), site, BC_move, X(0), X(2), BC_tail, 0,
                    0, site, BC_label, 1, BC_return, 0);
    refuse(m, "x0 does not surely hold a term");
}

Test(verify, taking_integers)
{
    refuse(EITHER(1, BC_bs_take, 1, X(1), X(0), 0, 0, BC_label, 1, BC_return, 0), "no bits");
    refuse(EITHER(1, BC_bs_take, 1, X(1), X(0), 57, 0, BC_label, 1, BC_return, 0), "57");
    refuse(EITHER(1, BC_bs_take, 1, X(1), X(0), 12, BC_SEG_LITTLE, BC_label, 1, BC_return, 0),
           "whole bytes");
    refuse(EITHER(1, BC_bs_take, 1, X(1), X(0), 8, BC_SEG_FLOAT, BC_label, 1, BC_return, 0),
           "no integer");
}

/* g/1, exported, gives a byte of x0 to f/1, which wants a small integer of so many bits. */
static BcModule *typed(unsigned bits, uint32_t mask, bool exported)
{
    BcModule *m = sample_module();
    uint32_t site = sample_site(m, (BcSite){.live_x = 1, .live_count = 1});
    vec_push(&m->konsts, konst_int(&m->arena, mask));
    uint32_t k = K(m->konsts.count - 1);
    SAMPLE_FUNCTION(m, "f", 1, 0, BC_mul_small, X(0), X(0), X(0), BC_return, 0);
    SAMPLE_FUNCTION(m, "g", 1, 0, BC_band, X(0), 0, X(0), k, site, BC_tail, 0, 0, site);
    uint8_t *smalls = arena_alloc(&m->arena, 1);
    smalls[0] = small_range(bits, false);
    m->functions.items[0].smalls = smalls;
    m->functions.items[0].exported = exported;
    return m;
}

Test(verify, typed_arithmetic_needs_small_integers)
{
    REFUSE("x0 does not surely hold a small integer", 1, 0, BC_add_small, X(0), X(0), X(0),
           BC_return, 0);
    REFUSE("x0 does not surely hold a small integer", 1, 1, BC_below, 1, X(0), X(0), X(0), BC_label,
           1, BC_return, 0);
    accept(typed(8, 255, false));
    accept(typed(31, 255, false));
    refuse(typed(32, 255, false), "mul_small may not give a small integer");
    refuse(typed(7, 255, false), "of the range that the function called wants");
    refuse(typed(8, 255, true), "takes not just any term");
}

/* A tuple of two elements is none of three, no map and no list. */
Test(verify, what_no_value_reaches_is_not_looked_at)
{
    ACCEPT(1, 1, BC_is_tuple_of, 1, X(0), 2, BC_is_tuple_of, 1, X(0), 3, BC_head, X(9), X(9),
           BC_label, 1, BC_return, 0);
    ACCEPT(1, 1, BC_is_tuple_of, 1, X(0), 2, BC_is_map, 1, X(0), BC_head, X(9), X(9), BC_label, 1,
           BC_return, 0);
    ACCEPT(1, 1, BC_is_cons, 1, X(0), BC_is_tuple, 1, X(0), BC_head, X(9), X(9), BC_label, 1,
           BC_return, 0);
    REFUSE("x9 does not surely hold", 1, 1, BC_is_tuple_of, 1, X(0), 2, BC_is_tuple_of, 1, X(0), 2,
           BC_head, X(9), X(9), BC_label, 1, BC_return, 0);
    REFUSE("x9 does not surely hold", 1, 1, BC_is_tuple, 1, X(0), BC_is_tuple_of, 1, X(0), 2,
           BC_head, X(9), X(9), BC_label, 1, BC_return, 0);
}

Test(verify, units_are_of_bits)
{
    for (uint32_t unit = 0; unit <= 257; unit += 257) {
        REFUSE("a unit of", 1, 1, BC_bs_start, 1, X(0), X(0), 0, BC_bs_bits_left, 1, X(0), unit,
               BC_label, 1, BC_return, 0);
    }
}

/* Else it could go deeper and deeper without anybody looking whether there is room. */
Test(verify, a_call_needs_a_frame)
{
    REFUSE("a call before any frame", 1, 0, BC_call, 0, 0, BC_return, 0);
    REFUSE("a call before any frame", 1, 1, BC_is_atom, 1, X(0), BC_frame, 0, 0, 0, BC_label, 1,
           BC_call, 0, 0, BC_return, 0);
    ACCEPT(1, 0, BC_frame, 0, 0, sample_site(m_, (BcSite){.live_x = 1, .live_count = 1}), BC_call,
           0, 0, BC_return, 0);
}

Test(verify, functions_of_lambdas_take_any_term)
{
    BcModule *m = typed(8, 255, false);
    vec_push(&m->lambdas, ((BcLambda){.function = 0, .arity = 1}));
    refuse(m, "takes not just any term");
}

Test(verify, no_loop_without_a_turns_end)
{
    REFUSE("reached from itself", 1, 1, BC_label, 1, BC_jump, 1);
    REFUSE("reached from itself", 1, 2, BC_label, 1, BC_is_atom, 2, X(0), BC_jump, 1, BC_label, 2,
           BC_return, 0);
    REFUSE("reached from itself", 1, 2, BC_label, 1, BC_is_atom, 2, X(0), BC_return, 0, BC_label, 2,
           BC_jump, 1);
    REFUSE("reached from itself", 1, 2, BC_return, 0, BC_label, 1, BC_label, 2, BC_jump, 1);
    ACCEPT(1, 3, BC_is_atom, 1, X(0), BC_jump, 2, BC_label, 3, BC_return, 0, BC_label, 1, BC_label,
           2, BC_jump, 3);
    /* a handler that fails again in its own region */
    BcModule *m = sample_module();
    uint32_t site = sample_site(m, (BcSite){.handler = 1});
    SAMPLE_FUNCTION(m, "f", 1, 1, BC_jump, 1, BC_label, 1, BC_fail, BC_FAIL_BADARG, X(0), site);
    refuse(m, "reached from itself");
}

/* bs_build of x0 and an integer, at a site where these X live on. */
static BcModule *building(uint64_t live_x)
{
    BcModule *m = sample_module();
    uint32_t nil = K(sample_konst(m, konst_nil(&m->arena)));
    uint32_t site = sample_site(m, (BcSite){.live_x = live_x, .live_count = 1});
    SAMPLE_FUNCTION(m, "f", 1, 0, BC_bs_build, X(0), 0, site, 1, BC_SEG_BINARY | BC_SEG_ALL, X(0),
                    nil, 8, BC_return, 0);
    return m;
}

Test(verify, what_is_read_after_a_collection_lives_on)
{
    accept(building(1));
    refuse(building(0), "x0 does not surely hold");
    BcModule *m = sample_module();
    SAMPLE_FUNCTION(m, "f", 1, 1, BC_bs_start, 1, X(0), X(0), 0, BC_label, 1, BC_return, 0);
    refuse(m, "x0 does not surely hold");
}
