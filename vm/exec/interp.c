/* SPDX-License-Identifier: Apache-2.0 */
/* vm/exec/interp.c: the interpreter.
 *
 * Over our limit of lines for a function: it is one function, so that the compiler keeps pc, top,
 * sp and the reductions in machine registers. Direct threaded (Bell, "Threaded code", 1973): an op
 * word is the distance of the instruction's body from the first body. Operands that are registers
 * or constants are byte offsets from one of three bases (code/code.h), so reading one costs no
 * branch.
 *
 * Between instructions the heap's top and the stack pointer live in locals; SAVE writes them to
 * the process before anything outside this function looks at it, LOAD reads them back.
 *
 * What may collect, raise or leave has a site as its last operand. */
#include "vm/base/stress.h"
#include "vm/bif/bif.h"
#include "vm/exec/bits.h"
#include "vm/exec/exec_slow.h"
#include "vm/exec/fast_float.h"
#include "vm/mem/heap.h"
#include "vm/term/atom.h"
#include "vm/term/compare.h"
#include "vm/term/map.h"
#include "vm/term/ref.h"
#include "vm/vm_parts.h"

#define SLOT(operand) (*(Term *)(bases[(operand)&3] + (operand)))
/* Op words are distances, and may be negative: the C compiler lays the bodies out as it likes. */
/* An operand of known kind, for the instructions that the loader chose for it (code/fuse.def). */
#define IN_x(operand) (*(Term *)((uintptr_t)x + (operand)))
#define IN_y(operand) (*(Term *)((uintptr_t)sp - BC_Y + (operand)))
#define IN_k(operand) (*(Term *)(bases[BC_K] + (operand)))
#define GO() goto *((const char *)&&op_first + (int32_t)*pc)
#define NEXT(words) \
    do { \
        pc += (words); \
        GO(); \
    } while (0)
#define JUMP(operand) \
    do { \
        pc += (int32_t)(operand); \
        GO(); \
    } while (0)
/* A test instruction of n words whose label is its first operand. */
#define TEST(condition, words) \
    do { \
        if (condition) { \
            NEXT(words); \
        } \
        JUMP(pc[1]); \
    } while (0)
#define SAVE() (p->heap.top = top, p->heap.stack = sp, p->reductions = reds)
#define LOAD() (top = p->heap.top, reds = p->reductions)
#define SET_SP(value) (sp = (value), bases[BC_Y] = (uintptr_t)sp - BC_Y)
#define ENTRY(cell) atomic_load_explicit(&(cell)->entry, memory_order_acquire)
/* At a function's entry, after its registers are set: `count` of them are its arguments. */
#define ENTER(count) \
    do { \
        if (ACT_UNLIKELY(--reds <= 0)) { \
            live = (count); \
            goto turn_over; \
        } \
        GO(); \
    } while (0)
/* Makes sure of words, at a site that may collect, before anything is read. */
#define BITS_ROOM(words, site_index) \
    do { \
        if (ACT_UNLIKELY((size_t)(sp - top) < (size_t)(words) + HEAP_STACK_SLACK || \
                         p->heap.want_gc || STRESS(gc))) { \
            SAVE(); \
            if (exec_collect_away(p, &sites[site_index], BITS_COLLECT_WORDS)) { \
                goto away; \
            } \
            if (!exec_collect(p, &sites[site_index], x, NULL, BITS_COLLECT_WORDS)) { \
                goto exited; \
            } \
            LOAD(); \
            SET_SP(p->heap.stack); \
        } \
    } while (0)
/* What `frame` does; operands: slots, heap words, site. */
#define MAKE_FRAME() \
    do { \
        if (ACT_UNLIKELY((size_t)(sp - top) < (size_t)pc[1] + pc[2] + HEAP_STACK_SLACK || \
                         p->heap.want_gc || STRESS(gc))) { \
            SAVE(); \
            if (exec_collect_away(p, &sites[pc[3]], (size_t)pc[1] + pc[2])) { \
                goto away; \
            } \
            if (!exec_collect(p, &sites[pc[3]], x, NULL, (size_t)pc[1] + pc[2])) { \
                goto exited; \
            } \
            LOAD(); \
            sp = p->heap.stack; \
        } \
        SET_SP(sp - pc[1]); \
        for (uint32_t slot = 32; slot < pc[1]; slot++) { \
            sp[slot] = TERM_NIL; \
        } \
    } while (0)
/* What `heap` does. */
#define MAKE_ROOM() \
    do { \
        if (ACT_UNLIKELY((size_t)(sp - top) < (size_t)pc[1] + HEAP_STACK_SLACK || \
                         p->heap.want_gc || STRESS(gc))) { \
            SAVE(); \
            if (exec_collect_away(p, &sites[pc[2]], pc[1])) { \
                goto away; \
            } \
            if (!exec_collect(p, &sites[pc[2]], x, NULL, pc[1])) { \
                goto exited; \
            } \
            LOAD(); \
            SET_SP(p->heap.stack); \
        } \
    } while (0)
#define PUSH_RETURN(address) (*--sp = TERM_RAW(address))

#define IS_CONSTANT(operand) (((operand)&3) == BC_K)
/* The fast way of operator `op` on a and b, else the slow one. */
#define ARITH_FAST(op, code) \
    do { \
        Term a = SLOT(pc[3]), b = SLOT(pc[4]); \
        code; \
        live = XOP_##op; \
        goto arith_slow; \
    } while (0)

/* The same for floats. */
#define ARITH_FLOAT(op) \
    do { \
        Term number = fast_float_##op(a, b); \
        if (ACT_LIKELY(!term_same(number, TERM_NONE))) { \
            SLOT(pc[1]) = number; \
            NEXT(6); \
        } \
    } while (0)

ACT_ONE_COPY ExecEnd exec_run(Scheduler *s, Process *p)
{
    static const int32_t op_words[] = {
#define OP(name, operands, flags, meaning) &&op_##name - &&op_first,
#include "vm/bytecode/opcodes.def"
#undef OP
#define XOP(name, operands, meaning) &&op_##name - &&op_first,
#include "vm/code/exec_ops.def"
#undef XOP
    };
    if (ACT_UNLIKELY(!p)) {
        s->current = (Process *)op_words; /* exec_op_words asks */
        return EXEC_EXITED;
    }
    Term *const x = s->x;
    CodeTables *const code = p->vm->code;
    const Site *const sites = code->sites;
    const Code *pc = p->pc;
    Term *top = p->heap.top;
    Term *sp = p->heap.stack;
    int32_t reds = p->reductions;
    uintptr_t bases[3] = {(uintptr_t)x - BC_X, (uintptr_t)sp - BC_Y,
                          (uintptr_t)code->constants - BC_K};
    uint32_t live;
    const Site *site;
    TraceTop trace_top;
    Term result;

    memcpy(x, p->saved_x, p->saved_count * sizeof(Term));
    p->saved_count = 0;
    p->at_return = false;
    GO();

op_first:
op_label: /* leaves no code */
    VM_BUG("label was executed");

    /* control */
op_jump:
    JUMP(pc[1]);
op_frame:
    MAKE_FRAME();
    NEXT(4);
op_unframe:
    SET_SP(sp + pc[1]);
    NEXT(2);
op_return:
    sp += pc[1];
    pc = (const Code *)(sp++)->w;
    SET_SP(sp);
    GO();
op_call:
    PUSH_RETURN(pc + 3);
    pc += (int32_t)pc[1];
    ENTER(code->functions[pc[-1]].arity);
op_tail:
    sp += pc[1];
    pc += (int32_t)pc[2];
    ENTER(code->functions[pc[-1]].arity);
op_call_ext : {
    const Export *export = &code->exports[pc[1]];
    PUSH_RETURN(pc + 3);
    pc = ENTRY(export);
    ENTER(export->arity);
}
op_tail_ext : {
    const Export *export = &code->exports[pc[2]];
    sp += pc[1];
    pc = ENTRY(export);
    ENTER(export->arity);
}
op_call_fun : {
    Term fun = SLOT(pc[1]);
    if (ACT_LIKELY(term_is_kind(fun, BOXED_FUN))) {
        const FunEntry *entry = fun_entry(fun);
        if (ACT_LIKELY(entry->arity == pc[2])) {
            Term *to = x + pc[2];
            const Term *from = fun_free_values(fun);
            for (uint32_t i = 0; i < entry->free; i++) {
                to[i] = from[i];
            }
            PUSH_RETURN(pc + 4);
            pc = ENTRY(entry);
            ENTER(entry->arity + entry->free);
        }
    }
    SAVE();
    const Code *to = exec_fun(p, fun, pc[2], x, &live);
    if (!to) {
        site = &sites[pc[3]];
        goto raise_plain;
    }
    LOAD();
    PUSH_RETURN(pc + 4);
    pc = to;
    ENTER(live);
}
op_tail_fun : {
    SAVE();
    const Code *to = exec_fun(p, SLOT(pc[2]), pc[3], x, &live);
    if (!to) {
        site = &sites[pc[4]];
        goto raise_plain;
    }
    LOAD();
    sp += pc[1];
    pc = to;
    ENTER(live);
}
op_apply : {
    SAVE();
    const Export *export = exec_export(p, SLOT(pc[1]), SLOT(pc[2]), pc[3]);
    if (!export) {
        site = &sites[pc[4]];
        goto raise_apply;
    }
    LOAD();
    PUSH_RETURN(pc + 5);
    pc = ENTRY(export);
    ENTER(export->arity);
}
op_tail_apply : {
    SAVE();
    const Export *export = exec_export(p, SLOT(pc[2]), SLOT(pc[3]), pc[4]);
    site = &sites[pc[5]];
    if (!export) {
        goto raise_apply;
    }
    if (ACT_UNLIKELY(exec_only_raises(export, x, p))) {
        goto raise_program;
    }
    LOAD();
    sp += pc[1];
    pc = ENTRY(export);
    ENTER(export->arity);
}

    /* built-ins called as functions */
op_call_native:
    SAVE();
    p->pc = pc;
    result = bif_table[pc[1]].function(p, x);
    if (ACT_UNLIKELY(term_same(result, TERM_NONE))) {
        goto native_failed;
    }
    LOAD();
    x[0] = result;
    if (ACT_UNLIKELY(p->heap.want_gc) &&
        !exec_collect_away(p, &sites[pc[2]], 0)) { /* a large heap's: at the next allocation */
        if (!exec_collect(p, &sites[pc[2]], NULL, &x[0], 0)) {
            goto exited;
        }
        LOAD();
        SET_SP(p->heap.stack);
    }
    pc += 3;
    if (ACT_UNLIKELY(--reds <= 0)) {
        goto turn_over_at_return;
    }
    GO();
op_tail_native:
    SAVE();
    p->pc = pc;
    result = bif_table[pc[2]].function(p, x);
    if (ACT_UNLIKELY(term_same(result, TERM_NONE))) {
        goto native_failed;
    }
    LOAD();
    x[0] = result;
    sp += pc[1];
    pc = (const Code *)(sp++)->w;
    SET_SP(sp);
    if (ACT_UNLIKELY(--reds <= 0)) {
        goto turn_over_at_return;
    }
    GO();
op_native_stub:
    SAVE();
    p->pc = pc;
    result = bif_table[pc[1]].function(p, x);
    if (ACT_UNLIKELY(term_same(result, TERM_NONE))) {
        goto native_failed;
    }
    LOAD();
    x[0] = result;
    pc = (const Code *)(sp++)->w;
    SET_SP(sp);
    GO();
op_undefined_stub : {
    SAVE();
    const Code *to = exec_undefined(p, &code->exports[pc[1]], x, &live);
    if (!to) {
        if (p->pending == PENDING_EXIT) {
            goto exited;
        }
        const Export *export = &code->exports[pc[1]];
        trace_top = (TraceTop){export->module, export->name, p->raise_args, false};
        site = NULL;
        goto raise;
    }
    LOAD();
    pc = to;
    ENTER(live);
}
op_undefined_fun_stub : {
    SAVE();
    const Code *to = exec_undefined_fun(p, &code->funs[pc[1]], x, &live);
    if (to == pc) {
        goto turn_over;
    }
    if (!to) {
        site = NULL;
        goto raise_plain;
    }
    LOAD();
    pc = to;
    ENTER(live);
}
op_process_end:
    SAVE();
    p->exit_reason = ATOM(normal);
    return EXEC_EXITED;

    /* moving and building */
op_move:
    SLOT(pc[1]) = SLOT(pc[2]);
    NEXT(3);
op_swap : {
    Term a = SLOT(pc[1]);
    SLOT(pc[1]) = SLOT(pc[2]);
    SLOT(pc[2]) = a;
    NEXT(3);
}
op_heap:
    MAKE_ROOM();
    NEXT(3);
op_cons:
    top[0] = SLOT(pc[2]);
    top[1] = SLOT(pc[3]);
    SLOT(pc[1]) = cons_term(top);
    top += 2;
    NEXT(4);
op_tuple : {
    uint32_t count = pc[2];
    top[0].w = header_make(BOXED_TUPLE, count);
    for (uint32_t i = 1; i <= count; i++) {
        top[i] = SLOT(pc[2 + i]);
    }
    SLOT(pc[1]) = boxed_term(top);
    top += count + 1;
    NEXT(3 + count);
}
op_make_fun : {
    uint32_t count = pc[3];
    top[0].w = header_make(BOXED_FUN, count + 1);
    top[FUN_ENTRY] = TERM_RAW(&code->funs[pc[2]]);
    for (uint32_t i = 0; i < count; i++) {
        top[FUN_FREE + i] = SLOT(pc[4 + i]);
    }
    SLOT(pc[1]) = boxed_term(top);
    top += FUN_FREE + count;
    NEXT(4 + count);
}
op_set_tail:
    cons_cell(SLOT(pc[1]))[1] = SLOT(pc[2]);
    NEXT(3);
op_update_element : {
    const Term *from = boxed_words(SLOT(pc[2]));
    uint32_t size = pc[3], count = pc[4];
    memcpy(top, from, (size + 1) * sizeof(Term));
    for (uint32_t i = 0; i < count; i++) {
        top[1 + pc[5 + 2 * i]] = SLOT(pc[6 + 2 * i]);
    }
    SLOT(pc[1]) = boxed_term(top);
    top += size + 1;
    NEXT(5 + 2 * count);
}

    /* taking apart */
op_head:
    SLOT(pc[1]) = cons_head(SLOT(pc[2]));
    NEXT(3);
op_tail_of:
    SLOT(pc[1]) = cons_tail(SLOT(pc[2]));
    NEXT(3);
op_head_tail : {
    const Term *cell = cons_cell(SLOT(pc[3]));
    Term tail = cell[1];
    SLOT(pc[1]) = cell[0];
    SLOT(pc[2]) = tail;
    NEXT(4);
}
op_element:
    SLOT(pc[1]) = tuple_items(SLOT(pc[2]))[pc[3]];
    NEXT(4);

    /* tests */
op_is_atom:
    TEST(term_is_atom(SLOT(pc[2])), 3);
op_is_boolean:
    TEST(term_is_bool(SLOT(pc[2])), 3);
op_is_integer:
    TEST(term_is_integer(SLOT(pc[2])), 3);
op_is_float:
    TEST(term_is_float(SLOT(pc[2])), 3);
op_is_number:
    TEST(term_is_number(SLOT(pc[2])), 3);
op_is_list:
    TEST(term_is_list(SLOT(pc[2])), 3);
op_is_nil:
    TEST(term_is_nil(SLOT(pc[2])), 3);
op_is_cons:
    TEST(term_is_cons(SLOT(pc[2])), 3);
op_is_tuple:
    TEST(term_is_tuple(SLOT(pc[2])), 3);
op_is_arity:
    TEST(boxed_header(SLOT(pc[2])) == header_make(BOXED_TUPLE, pc[3]), 4);
op_is_tuple_of:
    TEST(term_is_tuple_of(SLOT(pc[2]), pc[3]), 4);
op_is_tagged : {
    Term t = SLOT(pc[2]);
    TEST(term_is_tuple_of(t, pc[3]) && term_same(tuple_items(t)[0], SLOT(pc[4])), 5);
}
op_is_map:
    TEST(term_is_map(SLOT(pc[2])), 3);
op_is_binary:
    TEST(exec_type_test(BC_is_binary, SLOT(pc[2])), 3);
op_is_bitstring:
    TEST(term_is_bitstring(SLOT(pc[2])), 3);
op_is_pid:
    TEST(term_is_pid(SLOT(pc[2])), 3);
op_is_port:
    TEST(term_is_port(SLOT(pc[2])), 3);
op_is_reference:
    TEST(term_is_ref(SLOT(pc[2])), 3);
op_is_function:
    TEST(term_is_fun(SLOT(pc[2])), 3);
op_is_function_of:
    TEST(exec_is_function_of(SLOT(pc[2]), SLOT(pc[3])), 4);
op_is_eq_exact:
    TEST(term_equal_exact(SLOT(pc[2]), SLOT(pc[3])), 4);
op_is_ne_exact:
    TEST(!term_equal_exact(SLOT(pc[2]), SLOT(pc[3])), 4);
op_is_eq:
    TEST(term_equal(SLOT(pc[2]), SLOT(pc[3])), 4);
op_is_ne:
    TEST(!term_equal(SLOT(pc[2]), SLOT(pc[3])), 4);
op_is_lt:
    TEST(term_less(p->vm->atoms, SLOT(pc[2]), SLOT(pc[3])), 4);
op_is_ge:
    TEST(!term_less(p->vm->atoms, SLOT(pc[2]), SLOT(pc[3])), 4);
op_is_true:
    TEST(term_same(SLOT(pc[2]), ATOM(true)), 3);
op_switch_value : {
    uintptr_t word = SLOT(pc[1]).w;
    uint32_t count = pc[3];
    for (uint32_t i = 0; i < count; i++) {
        if (SLOT(pc[4 + 2 * i]).w == word) {
            JUMP(pc[5 + 2 * i]);
        }
    }
    JUMP(pc[2]);
}
op_switch_sorted : {
    uintptr_t word = SLOT(pc[1]).w;
    uint32_t low = 0, high = pc[3];
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        uintptr_t here = SLOT(pc[4 + 2 * middle]).w;
        if (here == word) {
            JUMP(pc[5 + 2 * middle]);
        }
        if (here < word) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    JUMP(pc[2]);
}
op_switch_dense : {
    uintptr_t distance = SLOT(pc[1]).w - SLOT(pc[3]).w;
    if (term_is_small(SLOT(pc[1])) && distance / 2 < pc[4]) {
        JUMP(pc[5 + distance / 2]);
    }
    JUMP(pc[2]);
}
op_switch_arity : {
    size_t arity = tuple_arity(SLOT(pc[1]));
    uint32_t count = pc[3];
    for (uint32_t i = 0; i < count; i++) {
        if (pc[4 + 2 * i] == arity) {
            JUMP(pc[5 + 2 * i]);
        }
    }
    JUMP(pc[2]);
}
op_switch_arity_sorted : {
    size_t arity = tuple_arity(SLOT(pc[1]));
    uint32_t low = 0, high = pc[3];
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (pc[4 + 2 * middle] == arity) {
            JUMP(pc[5 + 2 * middle]);
        }
        if (pc[4 + 2 * middle] < arity) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    JUMP(pc[2]);
}

    /* arithmetic; a small integer is twice its value, so sums need no untagging */
op_add:
    ARITH_FAST(add, {
        intptr_t sum;
        if (terms_are_small(a, b) && !__builtin_add_overflow((intptr_t)a.w, (intptr_t)b.w, &sum)) {
            SLOT(pc[1]) = TERM_RAW(sum);
            NEXT(6);
        }
        ARITH_FLOAT(add);
    });
op_sub:
    ARITH_FAST(sub, {
        intptr_t difference;
        if (terms_are_small(a, b) &&
            !__builtin_sub_overflow((intptr_t)a.w, (intptr_t)b.w, &difference)) {
            SLOT(pc[1]) = TERM_RAW(difference);
            NEXT(6);
        }
        ARITH_FLOAT(sub);
    });
op_mul:
    ARITH_FAST(mul, {
        intptr_t product;
        if (terms_are_small(a, b) &&
            !__builtin_mul_overflow((intptr_t)a.w, (intptr_t)b.w >> 1, &product)) {
            SLOT(pc[1]) = TERM_RAW(product);
            NEXT(6);
        }
        ARITH_FLOAT(mul);
    });
op_div:
    ARITH_FAST(div, {
        if (terms_are_small(a, b) && b.w != 0 && (intptr_t)b.w != -2) {
            SLOT(pc[1]) = small_make(small_value(a) / small_value(b));
            NEXT(6);
        }
    });
op_rem:
    ARITH_FAST(rem, {
        if (terms_are_small(a, b) && b.w != 0 && (intptr_t)b.w != -2) {
            SLOT(pc[1]) = TERM_RAW((intptr_t)a.w % (intptr_t)b.w);
            NEXT(6);
        }
    });
op_band:
    ARITH_FAST(band, {
        if (terms_are_small(a, b)) {
            SLOT(pc[1]) = TERM_RAW(a.w & b.w);
            NEXT(6);
        }
    });
op_bor:
    ARITH_FAST(bor, {
        if (terms_are_small(a, b)) {
            SLOT(pc[1]) = TERM_RAW(a.w | b.w);
            NEXT(6);
        }
    });
op_bxor:
    ARITH_FAST(bxor, {
        if (terms_are_small(a, b)) {
            SLOT(pc[1]) = TERM_RAW(a.w ^ b.w);
            NEXT(6);
        }
    });
op_bsr:
    ARITH_FAST(bsr, {
        if (terms_are_small(a, b) && (intptr_t)b.w >= 0 && b.w < 126) {
            SLOT(pc[1]) = small_make(small_value(a) >> (b.w >> 1));
            NEXT(6);
        }
    });
op_fdiv:
    ARITH_FAST(fdiv, ARITH_FLOAT(fdiv));
op_bsl:
    live = XOP_bsl;
    goto arith_slow;
op_and:
    live = XOP_and;
    goto arith_slow;
op_or:
    live = XOP_or;
    goto arith_slow;
op_xor:
    live = XOP_xor;
arith_slow:
    SAVE();
    result = exec_arith(p, (ExecOp)live, SLOT(pc[3]), SLOT(pc[4]));
    if (ACT_UNLIKELY(term_same(result, TERM_NONE))) {
        site = &sites[pc[5]];
        goto operator_failed;
    }
    LOAD();
    SLOT(pc[1]) = result;
    NEXT(6);
op_neg:
    live = XOP_neg;
    goto arith_one;
op_plus:
    live = XOP_plus;
    goto arith_one;
op_bnot:
    live = XOP_bnot;
    goto arith_one;
op_not:
    live = XOP_not;
arith_one:
    SAVE();
    result = exec_arith(p, (ExecOp)live, SLOT(pc[3]), TERM_NONE);
    if (ACT_UNLIKELY(term_same(result, TERM_NONE))) {
        site = &sites[pc[4]];
        goto operator_failed;
    }
    LOAD();
    SLOT(pc[1]) = result;
    NEXT(5);
op_compare:
    SLOT(pc[1]) = term_bool(exec_compare(p, pc[2], SLOT(pc[3]), SLOT(pc[4])));
    NEXT(5);
op_type_test:
    SLOT(pc[1]) = term_bool(exec_type_test(pc[2], SLOT(pc[3])));
    NEXT(4);

    /* typed: a small integer is twice its value (term.h); the verifier knows that nothing overflows
     */
op_add_small:
    SLOT(pc[1]) = TERM_RAW(SLOT(pc[2]).w + SLOT(pc[3]).w);
    NEXT(4);
op_sub_small:
    SLOT(pc[1]) = TERM_RAW(SLOT(pc[2]).w - SLOT(pc[3]).w);
    NEXT(4);
op_mul_small:
    SLOT(pc[1]) = TERM_RAW(SLOT(pc[2]).w * (uintptr_t)small_value(SLOT(pc[3])));
    NEXT(4);
op_band_small:
    SLOT(pc[1]) = TERM_RAW(SLOT(pc[2]).w & SLOT(pc[3]).w);
    NEXT(4);
op_bor_small:
    SLOT(pc[1]) = TERM_RAW(SLOT(pc[2]).w | SLOT(pc[3]).w);
    NEXT(4);
op_bxor_small:
    SLOT(pc[1]) = TERM_RAW(SLOT(pc[2]).w ^ SLOT(pc[3]).w);
    NEXT(4);
op_bsl_small:
    SLOT(pc[1]) = TERM_RAW(SLOT(pc[2]).w << pc[3]);
    NEXT(4);
op_bsr_small:
    SLOT(pc[1]) = small_make(small_value(SLOT(pc[2])) >> pc[3]);
    NEXT(4);
op_div_small:
    SLOT(pc[1]) = small_make(small_value(SLOT(pc[2])) / small_value(SLOT(pc[3])));
    NEXT(4);
op_rem_small:
    SLOT(pc[1]) = TERM_RAW((intptr_t)SLOT(pc[2]).w % (intptr_t)SLOT(pc[3]).w);
    NEXT(4);
op_is_lt_small:
    TEST((intptr_t)SLOT(pc[2]).w < (intptr_t)SLOT(pc[3]).w, 4);
op_is_ge_small:
    TEST((intptr_t)SLOT(pc[2]).w >= (intptr_t)SLOT(pc[3]).w, 4);
#define LIMIT(name, order) \
    op_##name: \
    { \
        Term a = SLOT(pc[3]); \
        if ((intptr_t)a.w order(intptr_t) SLOT(pc[4]).w) { \
            SLOT(pc[2]) = a; \
            NEXT(5); \
        } \
        JUMP(pc[1]); \
    }
    LIMIT(below, <)
    LIMIT(at_most, <=)
    LIMIT(above, >)
    LIMIT(at_least, >=)
#undef LIMIT

    /* guard built-ins: their operands are any slots */
op_bif0:
    live = 0;
    goto bif;
op_bif1:
    live = 1;
    goto bif;
op_bif2:
    live = 2;
    goto bif;
op_bif3:
    live = 3;
bif : {
    Term args[3];
    for (uint32_t i = 0; i < live; i++) {
        args[i] = SLOT(pc[4 + i]);
    }
    SAVE();
    const BifInfo *info = &bif_table[pc[3]];
    result = info->function(p, args);
    if (ACT_LIKELY(!term_same(result, TERM_NONE))) {
        LOAD();
        SLOT(pc[1]) = result;
        NEXT(5 + live);
    }
    if (p->pending == PENDING_AWAY) {
        goto away;
    }
    if (p->pending == PENDING_EXIT) {
        goto exited;
    }
    if (pc[2]) {
        p->pending = PENDING_NONE;
        LOAD();
        JUMP(pc[2]);
    }
    site = &sites[pc[4 + live]];
    trace_top.module = atom_intern_text(p->vm->atoms, info->module);
    trace_top.name = atom_intern_text(p->vm->atoms, info->name);
    trace_top.native = true;
    uintptr_t stack_bases[3] = {(uintptr_t)args};
    static const Code arg_operands[3] = {BC_X, 8 + BC_X, 16 + BC_X};
    trace_top.args = exec_list_of(p, &(Operands){stack_bases, arg_operands, live});
    goto raise;
}

    /* maps */
op_map_new : {
    SAVE();
    result = exec_map_new(p, &(Operands){bases, pc + 4, pc[3]});
    site = &sites[pc[2]];
    if (term_same(result, TERM_NONE)) {
        goto raise_plain;
    }
    LOAD();
    SLOT(pc[1]) = result;
    NEXT(4 + 2 * pc[3]);
}
op_map_put:
    SAVE();
    result = exec_map_put(p, SLOT(pc[3]), &(Operands){bases, pc + 6, pc[5]});
    goto map_changed;
op_map_update:
    SAVE();
    result = exec_map_update(p, SLOT(pc[3]), &(Operands){bases, pc + 6, pc[5]});
map_changed:
    if (ACT_LIKELY(!term_same(result, TERM_NONE))) {
        LOAD();
        SLOT(pc[1]) = result;
        NEXT(6 + 2 * pc[5]);
    }
    if (p->pending == PENDING_EXIT) {
        goto exited;
    }
    if (pc[2]) {
        p->pending = PENDING_NONE;
        LOAD();
        JUMP(pc[2]);
    }
    site = &sites[pc[4]];
    goto raise_plain;
op_map_get : {
    Term value;
    if (map_get(SLOT(pc[3]), SLOT(pc[4]), &value)) {
        SLOT(pc[2]) = value;
        NEXT(5);
    }
    JUMP(pc[1]);
}
op_map_has : {
    Term value;
    TEST(map_get(SLOT(pc[2]), SLOT(pc[3]), &value), 4);
}

    /* exceptions */
op_fail:
    SAVE();
    exec_fail(p, pc[1], SLOT(pc[2]));
    site = &sites[pc[3]];
    goto raise_plain;
op_function_clause : {
    SAVE();
    Term args = exec_list_of(p, &(Operands){bases, pc + 3, pc[2]});
    raise_error(p, ATOM(function_clause));
    site = &sites[pc[1]];
    trace_top = (TraceTop){TERM_NONE, TERM_NONE, args, false};
    goto raise;
}
op_raise:
    SAVE();
    raise_class(p, SLOT(pc[1]), SLOT(pc[2]));
    p->raise_trace = SLOT(pc[3]);
    site = &sites[pc[4]];
    goto raise_plain;
op_stacktrace:
    SAVE();
    result = exec_stacktrace(p, SLOT(pc[2]));
    if (term_same(result, TERM_NONE)) {
        goto exited;
    }
    LOAD();
    SLOT(pc[1]) = result;
    NEXT(4);

    /* receive */
op_recv_peek : {
    Signal *next = *p->mailbox.save;
    if (ACT_LIKELY(next && p->mailbox.save != &p->mailbox.inner)) {
        /* in the midst of the queue: nothing to take in, nothing to move */
        p->mailbox.peeked = true;
        SLOT(pc[2]) = next->term;
        NEXT(4);
    }
    SAVE();
    const Signal *message = exec_peek(p);
    if (ACT_UNLIKELY(p->pending == PENDING_EXIT)) {
        goto exited;
    }
    LOAD();
    if (message) {
        SLOT(pc[2]) = message->term;
        NEXT(4);
    }
    JUMP(pc[1]);
}
op_recv_accept:
    SAVE();
    exec_accept(p);
    LOAD();
    NEXT(1);
op_recv_next:
    mailbox_skip(&p->mailbox);
    JUMP(pc[1]);
op_recv_wait:
    SAVE();
    p->pc = pc + (int32_t)pc[1];
    return EXEC_WAITING;
op_recv_wait_until : {
    SAVE();
    UntilEnd end = exec_wait_until(p, SLOT(pc[2]));
    if (end == UNTIL_WAIT) {
        p->pc = pc + (int32_t)pc[1];
        return EXEC_WAITING;
    }
    if (end == UNTIL_RAISED) {
        site = &sites[pc[3]];
        goto raise_plain;
    }
    LOAD();
    NEXT(4);
}
op_recv_from:
    if (term_is_ref(SLOT(pc[1]))) {
        mailbox_start_at(&p->mailbox, ref_id(SLOT(pc[1])));
    }
    NEXT(2);

    /* bit syntax */
op_bs_build : {
    BITS_ROOM(BITS_BUILD_WORDS, pc[3]);
    SAVE();
    Operands segments = {bases, pc + 5, pc[4]};
    result = pc[4] > 1 && (pc[5] & BC_SEG_ALL) ? bits_append_bytes(p, &segments) : TERM_NONE;
    if (term_same(result, TERM_NONE)) {
        result = bits_build(p, &segments, pc[2] != 0);
    }
    if (ACT_UNLIKELY(term_same(result, TERM_NONE))) {
        site = &sites[pc[3]];
        goto bits_failed;
    }
    LOAD();
    SLOT(pc[1]) = result;
    NEXT(5 + 4 * pc[4]);
}
op_bs_start:
    if (ACT_LIKELY(bits_is_context(SLOT(pc[3])))) {
        Term context = SLOT(pc[3]);
        bits_enter(boxed_words(context));
        SLOT(pc[2]) = context;
        NEXT(5);
    }
    BITS_ROOM(BITS_START_WORDS, pc[4]);
    if (ACT_UNLIKELY(!term_is_bitstring(SLOT(pc[3])))) {
        JUMP(pc[1]);
    }
    SLOT(pc[2]) = bits_start(top, SLOT(pc[3]));
    top += MATCH_WORDS;
    NEXT(5);
op_bs_get : {
    Term *match = boxed_words(SLOT(pc[3]));
    Term size = SLOT(pc[6]);
    if (ACT_LIKELY((pc[4] & BC_SEG_TYPE) == BC_SEG_INTEGER && term_is_small(size) &&
                   size.w <= 2 * 56)) {
        size_t bits = size.w / 2 * pc[5];
        if (bits > bits_left(match)) {
            JUMP(pc[1]);
        }
        if (ACT_LIKELY(bits <= 56 && (bits % 8 == 0 || !bits_is_little(pc[4])))) {
            SLOT(pc[2]) = bits_take(match, (unsigned)bits, pc[4]);
            NEXT(8);
        }
    }
    BITS_ROOM(BITS_GET_WORDS, pc[7]);
    SAVE();
    switch (bits_get(p, SLOT(pc[3]), pc[4], pc[5], SLOT(pc[6]), &result)) {
    case BITS_TAKEN:
        LOAD();
        SLOT(pc[2]) = result;
        NEXT(8);
    case BITS_NO:
        JUMP(pc[1]);
    default:
        site = &sites[pc[7]];
        goto raise_plain;
    }
}
op_bs_skip:
    TEST(bits_skip(SLOT(pc[2]), pc[3], pc[4], SLOT(pc[5])), 6);
op_bs_rest:
    BITS_ROOM(SUB_BINARY_WORDS, pc[3]);
    SLOT(pc[1]) = bits_rest(top, boxed_words(SLOT(pc[2])));
    top += SUB_BINARY_WORDS;
    NEXT(4);
op_bs_at_end:
    TEST(bits_left(boxed_words(SLOT(pc[2]))) == 0, 3);
op_bs_bits_left:
    TEST(bits_left_are(boxed_words(SLOT(pc[2])), pc[3]), 4);
op_bs_position:
    SLOT(pc[1]) = boxed_words(SLOT(pc[2]))[MATCH_POSITION];
    NEXT(3);
op_bs_goto:
    bits_goto(SLOT(pc[1]), SLOT(pc[2]));
    NEXT(3);
op_bs_enter:
    if (bits_is_context(SLOT(pc[1]))) {
        bits_enter(boxed_words(SLOT(pc[1])));
    }
    NEXT(2);
op_bs_rewind:
    if (ACT_LIKELY(bits_is_context(SLOT(pc[1])))) {
        bits_rewind(boxed_words(SLOT(pc[1])));
    }
    NEXT(2);
op_bs_term:
    BITS_ROOM(SUB_BINARY_WORDS, pc[3]);
    result = SLOT(pc[2]);
    if (bits_is_context(result)) {
        result = bits_whole(top, boxed_words(result));
        top += SUB_BINARY_WORDS;
    }
    SLOT(pc[1]) = result;
    NEXT(4);
op_bs_take : {
    Term *match = boxed_words(SLOT(pc[3]));
    if (ACT_UNLIKELY(pc[4] > bits_left(match))) {
        JUMP(pc[1]);
    }
    SLOT(pc[2]) = bits_take(match, pc[4], pc[5]);
    NEXT(6);
}
bits_failed:
    if (p->pending == PENDING_EXIT) {
        goto exited;
    }
    if (pc[2]) {
        p->pending = PENDING_NONE;
        LOAD();
        JUMP(pc[2]);
    }
    goto raise_plain;

#include "vm/exec/interp_special.h"

    /* ways out */
turn_over_at_return:
    p->at_return = true;
    live = 1;
turn_over:
    SAVE();
    p->pc = pc;
    if (!process_save_x(p, x, live)) {
        goto exited;
    }
    return EXEC_YIELDED;

operator_failed:; /* live: the operator */
    if (p->pending == PENDING_EXIT) {
        goto exited;
    }
    if (p->pending == PENDING_AWAY) {
        goto away;
    }
    if (pc[2]) {
        p->pending = PENDING_NONE;
        LOAD();
        JUMP(pc[2]);
    }
    trace_top = exec_arith_top(p, (ExecOp)live, IS_CONSTANT(pc[3]), IS_CONSTANT(pc[4]));
    goto raise;
raise_apply:
    if (p->pending == PENDING_EXIT) {
        goto exited;
    }
    trace_top = (TraceTop){ATOM(erlang), ATOM(apply), p->raise_args, true};
    goto raise;
raise_program: /* a tail call of what only raises: the caller stands in the trace */
    trace_top = (TraceTop){TERM_NONE, TERM_NONE, p->raise_args, true};
    goto raise;

native_failed:
    switch ((Pending)p->pending) {
    case PENDING_RAISE: {
        const Code native = *pc == (Code)op_words[XOP_tail_native] ? pc[2] : pc[1];
        const BifInfo *info = &bif_table[native];
        site = *pc == (Code)op_words[XOP_native_stub]   ? NULL
               : *pc == (Code)op_words[XOP_tail_native] ? &sites[pc[3]]
                                                        : &sites[pc[2]];
        trace_top = (TraceTop){TERM_NONE, TERM_NONE, p->raise_args, true};
        if (!p->raise_program) {
            static const Code arg_operands[8] = {0, 8, 16, 24, 32, 40, 48, 56};
            trace_top.module = atom_intern_text(p->vm->atoms, info->module);
            trace_top.name = atom_intern_text(p->vm->atoms, info->name);
            trace_top.args = exec_list_of(p, &(Operands){bases, arg_operands, info->arity});
        }
        goto raise;
    }
    case PENDING_TRAP:
        p->pending = PENDING_NONE;
        LOAD();
        live = p->trap_count;
        memcpy(x, p->trap_args, live * sizeof(Term));
        if (*pc == (Code)op_words[XOP_call_native]) {
            PUSH_RETURN(pc + 3);
        } else if (*pc == (Code)op_words[XOP_tail_native]) {
            sp += pc[1];
        }
        pc = ENTRY(p->trap_to);
        ENTER(live);
    case PENDING_APPLY:
    case PENDING_APPLY_FUN: {
        bool by_name = p->pending == PENDING_APPLY;
        p->pending = PENDING_NONE;
        Term list = by_name ? x[2] : x[1];
        Term callee[2] = {x[0], x[1]};
        int count = exec_spread(p, list, x);
        const Code *to = NULL;
        if (count >= 0 && by_name) {
            const Export *export = exec_export(p, callee[0], callee[1], (uint32_t)count);
            if (export && *pc == (Code)op_words[XOP_tail_native] &&
                exec_only_raises(export, x, p)) {
                site = &sites[pc[3]];
                goto raise_program;
            }
            to = export ? ENTRY(export) : NULL;
            live = (uint32_t)count;
        } else if (count >= 0) {
            to = exec_fun(p, callee[0], (uint32_t)count, x, &live);
        }
        if (!to) {
            site = *pc == (Code)op_words[XOP_native_stub]   ? NULL
                   : *pc == (Code)op_words[XOP_tail_native] ? &sites[pc[3]]
                                                            : &sites[pc[2]];
            if (count < 0) {
                exec_tell_apply(p, callee, by_name, list);
            }
            if (by_name || count < 0) {
                goto raise_apply;
            }
            goto raise_plain;
        }
        LOAD();
        if (*pc == (Code)op_words[XOP_call_native]) {
            PUSH_RETURN(pc + 3);
        } else if (*pc == (Code)op_words[XOP_tail_native]) {
            sp += pc[1];
        }
        pc = to;
        ENTER(live);
    }
    case PENDING_HIBERNATE: {
        p->pending = PENDING_NONE;
        Term name = x[1];
        Term module = x[0];
        int count = exec_spread(p, x[2], x);
        const Export *export = exec_export(p, module, name, (uint32_t)count);
        if (!export) {
            site = &exec_site_bare;
            goto raise_apply;
        }
        p->heap.stack = p->heap.end;
        *--p->heap.stack = TERM_RAW(CODE_BOTTOM(code));
        p->heap.want_full = true;
        if (!process_save_x(p, x, export->arity)) {
            goto exited;
        }
        p->pc = ENTRY(export);
        if (!exec_collect(p, &exec_site_bare, NULL, NULL, 0)) {
            goto exited;
        }
        mailbox_rewind(&p->mailbox);
        p->hibernating = p->mailbox.length == 0;
        return p->hibernating ? EXEC_WAITING : EXEC_YIELDED;
    }
    case PENDING_AWAY:
    case PENDING_AGAIN:
    case PENDING_WAIT: {
        ExecEnd end = p->pending == PENDING_WAIT   ? EXEC_WAITING
                      : p->pending == PENDING_AWAY ? EXEC_AWAY
                                                   : EXEC_YIELDED;
        const Code native = *pc == (Code)op_words[XOP_tail_native] ? pc[2] : pc[1];
        p->pending = PENDING_NONE;
        p->pc = pc;
        if (!process_save_x(p, x, bif_table[native].arity)) {
            goto exited;
        }
        return end;
    }
    case PENDING_NONE:
    case PENDING_EXIT:
        goto exited;
    }
    goto exited;

away: /* in the midst of an instruction that will be executed again */
    p->pending = PENDING_NONE;
    p->pc = pc;
    return process_save_x(p, x, BC_MAX_X) ? EXEC_AWAY : EXEC_EXITED;

raise_plain:
    if (p->pending == PENDING_EXIT) {
        goto exited;
    }
    trace_top = (TraceTop){TERM_NONE, TERM_NONE, p->raise_args, false};
raise : {
    if (p->pending == PENDING_EXIT) {
        goto exited;
    }
    const Code *handler = exec_raise(p, x, site, &trace_top);
    if (!handler) {
        goto exited;
    }
    LOAD();
    SET_SP(p->heap.stack);
    pc = handler;
    GO();
}
exited:
    return EXEC_EXITED;
}

const uint32_t *exec_op_words(void)
{
    Scheduler asking; /* exec_run only sets current */
    exec_run(&asking, NULL);
    return (const uint32_t *)asking.current;
}
