/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/emit/emit_row.c: an instruction from its row in opcodes.def: operands are put in the
 * order of the row's letters, first what it reads (that may need code before it), then where it
 * writes. */
#include "compiler/emit/emit_function.h"

#include "vm/base/bug.h"

typedef VEC(uint32_t) Words;

static const Konst nil = {.kind = KONST_NIL};

static const BcOpcode opcodes[SSA__count] = {
    [SSA_copy] = BC_move,
    [SSA_cons] = BC_cons,
    [SSA_tuple] = BC_tuple,
    [SSA_make_fun] = BC_make_fun,
    [SSA_update_element] = BC_update_element,
    [SSA_head] = BC_head,
    [SSA_tail_of] = BC_tail_of,
    [SSA_element] = BC_element,
    [SSA_compare] = BC_compare,
    [SSA_type_test] = BC_type_test,
    [SSA_map_new] = BC_map_new,
    [SSA_stacktrace] = BC_stacktrace,
    [SSA_recv_accept] = BC_recv_accept,
    [SSA_recv_from] = BC_recv_from,
    [SSA_bs_rest] = BC_bs_rest,
    [SSA_bs_enter] = BC_bs_enter,
    [SSA_bs_rewind] = BC_bs_rewind,
    [SSA_bs_term] = BC_bs_term,
    [SSA_add] = BC_add,
    [SSA_sub] = BC_sub,
    [SSA_mul] = BC_mul,
    [SSA_fdiv] = BC_fdiv,
    [SSA_div] = BC_div,
    [SSA_rem] = BC_rem,
    [SSA_neg] = BC_neg,
    [SSA_plus] = BC_plus,
    [SSA_band] = BC_band,
    [SSA_bor] = BC_bor,
    [SSA_bxor] = BC_bxor,
    [SSA_bsl] = BC_bsl,
    [SSA_bsr] = BC_bsr,
    [SSA_bnot] = BC_bnot,
    [SSA_not] = BC_not,
    [SSA_and] = BC_and,
    [SSA_or] = BC_or,
    [SSA_xor] = BC_xor,
    [SSA_add_small] = BC_add_small,
    [SSA_sub_small] = BC_sub_small,
    [SSA_mul_small] = BC_mul_small,
    [SSA_band_small] = BC_band_small,
    [SSA_bor_small] = BC_bor_small,
    [SSA_bxor_small] = BC_bxor_small,
    [SSA_bsl_small] = BC_bsl_small,
    [SSA_bsr_small] = BC_bsr_small,
    [SSA_div_small] = BC_div_small,
    [SSA_rem_small] = BC_rem_small,
    [SSA_map_put] = BC_map_put,
    [SSA_map_update] = BC_map_update,
    [SSA_bs_build] = BC_bs_build,
};

BcOpcode emit_opcode(SsaOp op, uint32_t arg_count)
{
    if (op == SSA_bif) {
        VM_CHECK(arg_count <= 3);
        return (BcOpcode)(BC_bif0 + arg_count);
    }
    return opcodes[op];
}

typedef struct {
    Emit *e;
    const EmitRow *row;
    Words words;
    uint32_t next_arg, next_imm;
    size_t d_at;        /* where the destination goes, 0: none */
    uint64_t constants; /* X that hold a constant for this instruction alone */
} Encoder;

static SsaArg take_arg(Encoder *c)
{
    return c->next_arg < c->row->arg_count ? c->row->args[c->next_arg++] : ssa_konst(&nil);
}

static uint32_t register_of(Encoder *c, SsaArg arg)
{
    uint32_t operand = emit_operand_reg(c->e, arg);
    if (arg.konst) {
        c->constants |= (uint64_t)1 << BC_ARG_INDEX(operand);
    }
    return operand;
}

/* One operand of a fixed letter. */
static uint32_t operand_word(Encoder *c, char letter)
{
    Emit *e = c->e;
    switch (letter) {
    case 's':
        return emit_operand(e, take_arg(c));
    case 'r':
        return register_of(c, take_arg(c));
    case 'c':
        return emit_konst(e->tables, take_arg(c).konst);
    case 'u':
        return c->row->imms[c->next_imm++];
    case 'l':
    case 'f':
        return c->row->fail ? emit_edge_label(e, c->row->fail) : 0;
    case 'S':
        return emit_site_add(e, c->row->line, c->row->may_raise, c->constants);
    case 'E':
    case 'L':
        return c->row->table;
    default:
        VM_BUG("emit: operand letter %c", letter);
    }
}

static void put_rest(Encoder *c, const char *letters)
{
    uint32_t group = 0;
    while (letters[group]) {
        group++;
    }
    uint32_t count = (c->row->arg_count - c->next_arg) / group;
    vec_push(&c->words, count);
    for (uint32_t i = 0; i < count * group; i++) {
        char letter = letters[i % group];
        uint32_t word;
        if (letter == 'u') {
            word = (uint32_t)take_arg(c).konst->integer;
        } else {
            word = operand_word(c, letter);
        }
        vec_push(&c->words, word);
    }
}

void emit_row(Emit *e, const EmitRow *row)
{
    Encoder c = {.e = e, .row = row};
    vec_push(&c.words, (uint32_t)row->op);
    bool is_safepoint = false;
    for (const char *letter = bc_op_info[row->op].operands; *letter; letter++) {
        is_safepoint = is_safepoint || *letter == 'S';
        if (*letter == '*') {
            put_rest(&c, letter + 1);
            break;
        }
        uint32_t word = 0;
        if (*letter == 'd') {
            c.d_at = c.words.count;
        } else {
            word = operand_word(&c, *letter);
        }
        vec_push(&c.words, word);
    }
    emit_live_use(e, row->args, row->arg_count);
    if (c.d_at) {
        c.words.items[c.d_at] = emit_destination(e, row->result, 0);
    }
    for (size_t i = 0; i < c.words.count; i++) {
        emit_word(e, c.words.items[i]);
    }
    if (is_safepoint) {
        e->reserve = 0;
    }
    vec_free(&c.words);
}
