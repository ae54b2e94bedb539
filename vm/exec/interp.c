/* SPDX-License-Identifier: Apache-2.0 */
/* vm/exec/interp.c: the interpreter; bodies of instructions of one kind stand in interp_KIND.h.
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
/* Whether a comparison, which may go away, says what is wanted. */
#define COMPARE_TEST(comparison, wanted) \
    do { \
        int is_so = (comparison); \
        if (ACT_UNLIKELY(is_so < 0)) { \
            goto compare_away; \
        } \
        TEST((is_so > 0) == (wanted), 4); \
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
            site = &sites[site_index]; \
            if (exec_collect_away(p, site, BITS_COLLECT_WORDS)) { \
                goto away; \
            } \
            if (!exec_collect(p, site, x, NULL, BITS_COLLECT_WORDS)) { \
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
            site = &sites[pc[3]]; \
            if (exec_collect_away(p, site, (size_t)pc[1] + pc[2])) { \
                goto away; \
            } \
            if (!exec_collect(p, site, x, NULL, (size_t)pc[1] + pc[2])) { \
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
            site = &sites[pc[2]]; \
            if (exec_collect_away(p, site, pc[1])) { \
                goto away; \
            } \
            if (!exec_collect(p, site, x, NULL, pc[1])) { \
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
    p->away_site = NULL;
    p->at_no_site = false;
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
        trace_top =
            (TraceTop){.module = export->module, .name = export->name, .args = p->raise_args};
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

#include "vm/exec/interp_number.h"
#include "vm/exec/interp_term.h"
#include "vm/exec/interp_test.h"
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
    site = &sites[pc[4 + live]];
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
    trace_top = (TraceTop){.module = atom_intern_text(p->vm->atoms, info->module),
                           .name = atom_intern_text(p->vm->atoms, info->name),
                           .native = true};
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
op_bif_map_get : { /* a map and a key of one word in it; all else as of any built-in */
    Term map = SLOT(pc[5]), key = SLOT(pc[4]);
    if (!term_is_word(key)) {
        goto op_bif2;
    }
    if (term_is_kind(map, BOXED_MAP)) {
        size_t size = map_size(map);
        size_t at = map_flat_find_word(tuple_items(map_flat_keys(map)), size, key);
        if (ACT_LIKELY(at < size)) {
            SLOT(pc[1]) = map_flat_values(map)[at];
            NEXT(7);
        }
    } else if (term_is_kind(map, BOXED_HAMT)) {
        const Term *value = map_large_find_word(map, key);
        if (ACT_LIKELY(value != NULL)) {
            SLOT(pc[1]) = *value;
            NEXT(7);
        }
    }
    goto op_bif2;
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
    trace_top = (TraceTop){.module = TERM_NONE, .name = TERM_NONE, .args = args};
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

#include "vm/exec/interp_bits.h"
#include "vm/exec/interp_receive.h"
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
    trace_top = (TraceTop){
        .module = ATOM(erlang), .name = ATOM(apply), .args = p->raise_args, .native = true};
    goto raise;
raise_program: /* a tail call of what only raises: the caller stands in the trace */
    trace_top =
        (TraceTop){.module = TERM_NONE, .name = TERM_NONE, .args = p->raise_args, .native = true};
    goto raise;

native_failed:
    switch ((Pending)p->pending) {
    case PENDING_RAISE: {
        const Code native = *pc == (Code)op_words[XOP_tail_native] ? pc[2] : pc[1];
        const BifInfo *info = &bif_table[native];
        site = *pc == (Code)op_words[XOP_native_stub]   ? NULL
               : *pc == (Code)op_words[XOP_tail_native] ? &sites[pc[3]]
                                                        : &sites[pc[2]];
        trace_top = (TraceTop){
            .module = TERM_NONE, .name = TERM_NONE, .args = p->raise_args, .native = true};
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
        if (count > BC_MAX_ARITY) {
            to = exec_apply_long(p, callee, by_name, list, count, x, &live);
        } else if (count >= 0 && by_name) {
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
            trace_top = (TraceTop){.module = TERM_NONE, .name = TERM_NONE, .args = p->raise_args};
            if (count < 0) {
                exec_tell_apply(p, callee, by_name, list);
            }
            if (by_name || !term_same(p->raise_args, TERM_NONE)) {
                trace_top = (TraceTop){.module = ATOM(erlang),
                                       .name = ATOM(apply),
                                       .args = p->raise_args,
                                       .native = true};
            }
            trace_top.in_apply = !site && !by_name;
            goto raise;
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

compare_away:
    SAVE();
    p->at_no_site = true;
    site = NULL;
away: /* in the midst of an instruction that will be executed again; its site is set */
    p->pending = PENDING_NONE;
    p->pc = pc;
    p->away_site = site;
    return process_save_x(p, x, BC_MAX_X) ? EXEC_AWAY : EXEC_EXITED;

raise_plain:
    trace_top = (TraceTop){.module = TERM_NONE, .name = TERM_NONE, .args = p->raise_args};
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
