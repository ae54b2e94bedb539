/* SPDX-License-Identifier: Apache-2.0 */
/* test/unit/compiler/ssa/ssa_sample.c: functions in SSA to test with. */
#include "test/unit/compiler/ssa/ssa_sample.h"

#include <string.h>

void sample_start(Sample *s)
{
    *s = (Sample){0};
    s->module = ssa_module_new(&s->arena, konst_atom(&s->arena, "m", 1));
    vec_push(&s->module->files, "m.act");
}

void sample_end(Sample *s)
{
    ssa_module_free(s->module);
    arena_free(&s->arena);
}

SsaBlock *sample_function(Sample *s, const char *name, uint32_t arity)
{
    s->function = ssa_function_new(s->module, konst_atom(&s->arena, name, strlen(name)), arity);
    s->function->exported = true;
    return ssa_block_new(s->module, s->function, arity);
}

SsaBlock *sample_block(Sample *s, uint32_t params)
{
    return ssa_block_new(s->module, s->function, params);
}

SsaArg sample_int(Sample *s, int64_t value)
{
    return ssa_konst(konst_int(&s->arena, value));
}

SsaArg sample_atom(Sample *s, const char *text)
{
    return ssa_konst(konst_atom(&s->arena, text, strlen(text)));
}

SsaArg sample_op(Sample *s, SsaBlock *block, SsaOp op, uint32_t count, const SsaArg *args)
{
    return ssa_use(ssa_append(s->module, s->function, block, op, args, count)->result);
}

SsaArg sample_call(Sample *s, SsaBlock *block, uint32_t callee, uint32_t count, const SsaArg *args)
{
    SsaInstr *instr = ssa_append(s->module, s->function, block, SSA_call, args, count);
    instr->callee = callee;
    instr->line.line = 7;
    return ssa_use(instr->result);
}

SsaArg sample_call_ext(Sample *s, SsaBlock *block, const char *name, uint32_t count,
                       const SsaArg *args)
{
    SsaInstr *instr = ssa_append(s->module, s->function, block, SSA_call_ext, args, count);
    instr->import = (BcImport){sample_atom(s, "x").konst, sample_atom(s, name).konst, count};
    return ssa_use(instr->result);
}

void sample_return(Sample *s, SsaBlock *block, SsaArg value)
{
    ssa_terminate(s->module, block, SSA_T_RETURN, &value, 1, NULL, 0);
}

void sample_jump(Sample *s, SsaBlock *block, SsaBlock *target, uint32_t count, const SsaArg *args)
{
    SsaEdge edge = ssa_edge(s->module, target->id, args, count);
    ssa_terminate(s->module, block, SSA_T_JUMP, NULL, 0, &edge, 1);
}

SsaTerm *sample_test(Sample *s, SsaBlock *block, BcOpcode test, uint32_t count, const SsaArg *args,
                     SsaBlock *yes, SsaBlock *no)
{
    SsaEdge edges[] = {{.block = yes->id}, {.block = no->id}};
    SsaTerm *term = ssa_terminate(s->module, block, SSA_T_TEST, args, count, edges, 2);
    term->test = test;
    return term;
}

void sample_tail_call(Sample *s, SsaBlock *block, uint32_t callee, uint32_t count,
                      const SsaArg *args)
{
    SsaTerm *term = ssa_terminate(s->module, block, SSA_T_TAIL_CALL, args, count, NULL, 0);
    term->op = SSA_call;
    term->callee = callee;
}

void sample_function_clause(Sample *s, SsaBlock *block)
{
    SsaBlock *entry = ssa_block_at(s->function, 1);
    SsaArg args[255];
    for (uint32_t i = 0; i < entry->param_count; i++) {
        args[i] = PARAM(entry, i);
    }
    ssa_terminate(s->module, block, SSA_T_FUNCTION_CLAUSE, args, entry->param_count, NULL, 0);
    block->likely_failure = true;
}

void sample_fib(Sample *s)
{
    SsaBlock *b1 = sample_function(s, "fib", 1);
    SsaBlock *base = sample_block(s, 0), *step = sample_block(s, 0);
    SsaArg n = PARAM(b1, 0);
    sample_test(s, b1, BC_is_lt, ARGS(n, sample_int(s, 2)), base, step);
    sample_return(s, base, n);
    SsaArg a = sample_op(s, step, SSA_sub, ARGS(n, sample_int(s, 1)));
    SsaArg fa = sample_call(s, step, 0, ARGS(a));
    SsaArg b = sample_op(s, step, SSA_sub, ARGS(n, sample_int(s, 2)));
    SsaArg fb = sample_call(s, step, 0, ARGS(b));
    sample_return(s, step, sample_op(s, step, SSA_add, ARGS(fa, fb)));
}

void sample_map(Sample *s)
{
    SsaBlock *b1 = sample_function(s, "map", 2);
    SsaBlock *cons = sample_block(s, 0), *other = sample_block(s, 0), *nil = sample_block(s, 0),
             *none = sample_block(s, 0);
    SsaArg f = PARAM(b1, 0), list = PARAM(b1, 1);
    sample_test(s, b1, BC_is_cons, ARGS(list), cons, other);
    SsaArg h = sample_op(s, cons, SSA_head, ARGS(list));
    SsaArg t = sample_op(s, cons, SSA_tail_of, ARGS(list));
    SsaArg fh = sample_op(s, cons, SSA_call_fun, ARGS(f, h));
    SsaArg rest = sample_call(s, cons, 0, ARGS(f, t));
    sample_return(s, cons, sample_op(s, cons, SSA_cons, ARGS(fh, rest)));
    sample_test(s, other, BC_is_nil, ARGS(list), nil, none);
    sample_return(s, nil, ssa_konst(konst_nil(&s->arena)));
    sample_function_clause(s, none);
}

void sample_rev(Sample *s)
{
    SsaBlock *b1 = sample_function(s, "rev", 2);
    SsaBlock *cons = sample_block(s, 0), *nil = sample_block(s, 0);
    SsaArg list = PARAM(b1, 0), acc = PARAM(b1, 1);
    sample_test(s, b1, BC_is_cons, ARGS(list), cons, nil);
    SsaArg h = sample_op(s, cons, SSA_head, ARGS(list));
    SsaArg t = sample_op(s, cons, SSA_tail_of, ARGS(list));
    SsaArg next = sample_op(s, cons, SSA_cons, ARGS(h, acc));
    sample_tail_call(s, cons, 0, ARGS(t, next));
    sample_return(s, nil, acc);
}

void sample_try(Sample *s)
{
    SsaBlock *b1 = sample_function(s, "try", 2);
    SsaBlock *body = sample_block(s, 0), *handler = sample_block(s, 3), *after = sample_block(s, 1);
    SsaArg a = PARAM(b1, 0), b = PARAM(b1, 1);
    SsaArg pair = sample_op(s, b1, SSA_tuple, ARGS(a, b));
    sample_jump(s, b1, body, 0, NULL);
    body->handler = handler->id;
    SsaArg r = sample_call_ext(s, body, "f", ARGS(a, b, pair));
    SsaArg sum = sample_op(s, body, SSA_add, ARGS(r, b));
    sample_jump(s, body, after, ARGS(sum));
    SsaArg caught = sample_op(s, handler, SSA_tuple, ARGS(PARAM(handler, 0), PARAM(handler, 1), b));
    sample_jump(s, handler, after, ARGS(caught));
    SsaArg all = sample_op(s, after, SSA_tuple, ARGS(PARAM(after, 0), pair));
    sample_return(s, after, all);
}

void sample_receive(Sample *s)
{
    SsaBlock *b1 = sample_function(s, "recv", 2);
    SsaBlock *peek = sample_block(s, 0), *got = sample_block(s, 0), *match = sample_block(s, 0),
             *next = sample_block(s, 0), *none = sample_block(s, 0), *late = sample_block(s, 0);
    SsaArg key = PARAM(b1, 0), time = PARAM(b1, 1);
    sample_jump(s, b1, peek, 0, NULL);
    SsaEdge peeks[] = {{.block = got->id}, {.block = none->id}};
    SsaTerm *term = ssa_terminate(s->module, peek, SSA_T_RECV_PEEK, NULL, 0, peeks, 2);
    SsaArg message = ssa_use(term->result = ssa_value_new(s->function));
    sample_test(s, got, BC_is_eq_exact, ARGS(message, key), match, next);
    sample_op(s, match, SSA_recv_accept, 0, NULL);
    sample_return(s, match, sample_op(s, match, SSA_tuple, ARGS(message, time)));
    SsaEdge back = {.block = peek->id};
    ssa_terminate(s->module, next, SSA_T_RECV_NEXT, NULL, 0, &back, 1);
    SsaEdge waits[] = {{.block = peek->id}, {.block = late->id}};
    ssa_terminate(s->module, none, SSA_T_RECV_WAIT_UNTIL, &time, 1, waits, 2);
    sample_return(s, late, key);
}

void sample_pressure(Sample *s, uint32_t count)
{
    SsaBlock *b1 = sample_function(s, "pressure", 1);
    SsaArg *parts = ARENA_ARRAY(&s->arena, SsaArg, count);
    SsaArg tuple = PARAM(b1, 0);
    for (uint32_t i = 0; i < count; i++) {
        SsaInstr *instr = ssa_append(s->module, s->function, b1, SSA_element, &tuple, 1);
        instr->imm = i;
        parts[count - 1 - i] = ssa_use(instr->result);
    }
    sample_return(s, b1, sample_op(s, b1, SSA_tuple, count, parts));
}

void sample_turn(Sample *s, uint32_t count)
{
    SsaBlock *b1 = sample_function(s, "turn", count);
    SsaBlock *go = sample_block(s, 0), *none = sample_block(s, 0);
    SsaArg args[255];
    for (uint32_t i = 0; i < count; i++) {
        args[count - 1 - i] = PARAM(b1, i);
    }
    SsaArg first = PARAM(b1, 0);
    sample_test(s, b1, BC_is_atom, ARGS(first), go, none);
    sample_tail_call(s, go, 0, count, args);
    sample_function_clause(s, none);
}
