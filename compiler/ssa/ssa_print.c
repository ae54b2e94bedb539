/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/ssa/ssa_print.c: SSA as text, for --dump=ssa and for tests. */
#include "compiler/ssa/ssa.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    SsaText *out;
    const SsaModule *module;
    Arena scratch;
} Printer;

ACT_PRINTF(2, 3) static void put(Printer *p, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    size_t length = (size_t)vsnprintf(NULL, 0, format, args);
    va_end(args);
    vec_reserve(p->out, length + 1);
    vsnprintf(p->out->items + p->out->count, length + 1, format, again);
    va_end(again);
    p->out->count += length;
}

static void put_konst(Printer *p, const Konst *konst)
{
    put(p, "%s", konst ? konst_text(&p->scratch, konst) : "?");
}

static void put_args(Printer *p, const SsaArg *args, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        put(p, "%s", i == 0 ? " " : ", ");
        if (args[i].konst) {
            put_konst(p, args[i].konst);
        } else {
            put(p, "v%u", args[i].value);
        }
    }
}

static void put_import(Printer *p, const BcImport *import)
{
    if (import->name) {
        put(p, " ");
        put_konst(p, import->module);
        put(p, ":");
        put_konst(p, import->name);
        put(p, "/%u", import->arity);
    }
}

static void put_callee(Printer *p, SsaOp op, uint32_t callee)
{
    if ((op == SSA_call || op == SSA_make_fun) && callee < p->module->functions.count) {
        const SsaFunction *function = p->module->functions.items[callee];
        put(p, " ");
        put_konst(p, function->name);
        put(p, "/%u", function->arity);
    }
}

static const char *const compare_names[] = {"<", "=<", ">", ">=", "==", "/=", "=:=", "=/="};

static void put_imm(Printer *p, SsaOp op, uint32_t imm)
{
    if (op == SSA_compare && imm < ACT_COUNT(compare_names)) {
        put(p, " %s", compare_names[imm]);
    } else if (op == SSA_type_test && imm < BC__count) {
        put(p, " %s", bc_op_info[imm].name);
    } else if (imm != 0 || op == SSA_element) {
        put(p, " #%u", imm);
    }
}

static void put_instr(Printer *p, const SsaInstr *instr)
{
    put(p, "    ");
    if (instr->result) {
        put(p, "v%u = ", instr->result);
    }
    put(p, "%s", ssa_op_info[instr->op].name);
    put_imm(p, instr->op, instr->imm);
    put_callee(p, instr->op, instr->callee);
    put_import(p, &instr->import);
    put_args(p, instr->args, instr->arg_count);
    put(p, instr->line.line ? "   ; line %u\n" : "\n", instr->line.line);
}

static void put_edge(Printer *p, const SsaEdge *edge)
{
    put(p, "b%u", edge->block);
    if (edge->arg_count > 0) {
        put(p, "(");
        put_args(p, edge->args, edge->arg_count);
        put(p, ")");
    }
}

static const char *const term_names[SSA_T__count] = {
    "none",   "return",       "jump",      "test",      "guard",
    "switch", "switch_arity", "tail_call", "fail",      "function_clause",
    "raise",  "recv_peek",    "recv_next", "recv_wait", "recv_wait_until",
};

static void put_term_head(Printer *p, const SsaTerm *term)
{
    put(p, "    ");
    if (term->result) {
        put(p, "v%u = ", term->result);
    }
    put(p, "%s", term_names[term->kind]);
    if (term->kind == SSA_T_TEST || (term->kind == SSA_T_GUARD && term->op == SSA_copy)) {
        put(p, " %s", bc_op_info[term->test].name);
        if (term->imm) {
            put(p, " #%u", term->imm);
        }
    } else if (term->kind == SSA_T_GUARD || term->kind == SSA_T_TAIL_CALL) {
        put(p, " %s", ssa_op_info[term->op].name);
        put_imm(p, term->op, term->imm);
        put_callee(p, term->op, term->callee);
        put_import(p, &term->import);
    } else if (term->kind == SSA_T_FAIL) {
        put(p, " #%u", term->imm);
    }
    put_args(p, term->args, term->arg_count);
}

static void put_term(Printer *p, const SsaTerm *term)
{
    put_term_head(p, term);
    for (uint32_t i = 0; i < term->edge_count; i++) {
        bool is_switch = term->kind == SSA_T_SWITCH || term->kind == SSA_T_SWITCH_ARITY;
        put(p, "%s", is_switch ? "\n        " : i == 0 ? " -> " : " else ");
        if (is_switch && i < term->key_count) {
            put_konst(p, term->keys[i]);
            put(p, " -> ");
        } else if (is_switch) {
            put(p, "else -> ");
        }
        put_edge(p, &term->edges[i]);
    }
    put(p, term->line.line ? "   ; line %u\n" : "\n", term->line.line);
}

static void put_block(Printer *p, const SsaBlock *block)
{
    if (block->term.kind == SSA_T_NONE && block->instrs.count == 0) {
        return;
    }
    put(p, "  b%u(", block->id);
    for (uint32_t i = 0; i < block->param_count; i++) {
        put(p, "%sv%u", i > 0 ? ", " : "", block->params[i]);
    }
    put(p, "):%s", block->likely_failure ? " failure" : "");
    if (block->handler) {
        put(p, " handler b%u", block->handler);
    }
    put(p, "\n");
    for (size_t i = 0; i < block->instrs.count; i++) {
        put_instr(p, &block->instrs.items[i]);
    }
    put_term(p, &block->term);
}

void ssa_print(const SsaModule *module, SsaText *out)
{
    Printer p = {.out = out, .module = module};
    for (size_t f = 0; f < module->functions.count; f++) {
        const SsaFunction *function = module->functions.items[f];
        put(&p, "%sfunction ", f > 0 ? "\n" : "");
        put_konst(&p, function->name);
        put(&p, "/%u%s", function->arity, function->exported ? " exported" : "");
        if (function->is_lambda) {
            put(&p, " lambda/%u", function->lambda_arity);
        }
        put(&p, "\n");
        for (size_t b = 0; b < function->blocks.count; b++) {
            put_block(&p, function->blocks.items[b]);
        }
        arena_free(&p.scratch);
    }
}
