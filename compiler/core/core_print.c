/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/core/core_print.c: Core as text, for --dump=core. Variables are v1, v2, ...; what a
 * clause exports stands after its body as `=> v7 := v3`. */
#include "compiler/core/core.h"
#include "compiler/ssa/ssa.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    const CoreModule *module;
    CoreText *out;
    Arena scratch;
    int indent;
} Printer;

static const char *const compare_names[] = {"<", "=<", ">", ">=", "==", "/=", "=:=", "=/="};
static const char *const fail_names[BC_FAIL__count] = {
    [BC_FAIL_BADMATCH] = "badmatch",
    [BC_FAIL_CASE_CLAUSE] = "case_clause",
    [BC_FAIL_TRY_CLAUSE] = "try_clause",
    [BC_FAIL_ELSE_CLAUSE] = "else_clause",
    [BC_FAIL_IF_CLAUSE] = "if_clause",
    [BC_FAIL_BADRECORD] = "badrecord",
    [BC_FAIL_BADMAP] = "badmap",
    [BC_FAIL_BADKEY] = "badkey",
    [BC_FAIL_BADARG] = "badarg",
    [BC_FAIL_BAD_FILTER] = "bad_filter",
    [BC_FAIL_BAD_GENERATOR] = "bad_generator",
    [BC_FAIL_SYSTEM_LIMIT] = "system_limit",
    [BC_FAIL_BADARITH] = "badarith",
};

ACT_PRINTF(2, 3) static void put(Printer *p, const char *format, ...)
{
    char text[256];
    va_list args;
    va_start(args, format);
    int length = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    length = ACT_MIN(length, (int)sizeof text - 1);
    vec_reserve(p->out, (size_t)length);
    memcpy(p->out->items + p->out->count, text, (size_t)length);
    p->out->count += (size_t)length;
}

static void put_text(Printer *p, const char *text)
{
    size_t length = strlen(text);
    vec_reserve(p->out, length + 1);
    memcpy(p->out->items + p->out->count, text, length);
    p->out->count += length;
}

static void put_konst(Printer *p, const Konst *konst)
{
    put_text(p, konst_text(&p->scratch, konst));
}

static void new_line(Printer *p)
{
    put(p, "\n%*s", p->indent * 2, "");
}

static void put_node(Printer *p, const CoreNode *node);
static void put_pattern(Printer *p, const CorePattern *pattern);

static void put_nodes(Printer *p, CoreList list)
{
    for (uint32_t i = 0; i < list.count; i++) {
        put_text(p, i > 0 ? ", " : "");
        put_node(p, list.items[i]);
    }
}

static void put_patterns(Printer *p, CorePattern **items, uint32_t count, const char *between)
{
    for (uint32_t i = 0; i < count; i++) {
        put_text(p, i > 0 ? between : "");
        put_pattern(p, items[i]);
    }
}

static void put_segments(Printer *p, CoreSegments segments)
{
    put_text(p, "<<");
    for (uint32_t i = 0; i < segments.count; i++) {
        const CoreSegment *segment = &segments.items[i];
        put_text(p, i > 0 ? ", " : "");
        if (segment->pattern != NULL) {
            put_pattern(p, segment->pattern);
        } else {
            put_node(p, segment->value);
        }
        if (segment->size != NULL) {
            put_text(p, ":");
            put_node(p, segment->size);
        }
        put(p, "/%u*%u", segment->spec, segment->unit);
    }
    put_text(p, ">>");
}

static void put_map_pattern(Printer *p, const CorePattern *pattern)
{
    put_text(p, "#{");
    for (uint32_t i = 0; i < pattern->map.count; i++) {
        put_text(p, i > 0 ? ", " : "");
        put_node(p, pattern->map.keys[i]);
        put_text(p, " := ");
        put_pattern(p, pattern->map.values[i]);
    }
    put_text(p, "}");
}

static void put_pattern(Printer *p, const CorePattern *pattern)
{
    switch (pattern->kind) {
    case CORE_P_ANY:
        put_text(p, "_");
        break;
    case CORE_P_VAR:
        put(p, "v%u", pattern->var);
        break;
    case CORE_P_LITERAL:
        put_konst(p, pattern->konst);
        break;
    case CORE_P_LIST:
        put_text(p, "[");
        put_patterns(p, pattern->list.items, pattern->list.count, ", ");
        put_text(p, " | ");
        put_pattern(p, pattern->list.tail);
        put_text(p, "]");
        break;
    case CORE_P_TUPLE:
        put_text(p, "{");
        put_patterns(p, pattern->list.items, pattern->list.count, ", ");
        put_text(p, "}");
        break;
    case CORE_P_MAP:
        put_map_pattern(p, pattern);
        break;
    case CORE_P_BINARY:
        put_segments(p, pattern->binary);
        break;
    case CORE_P_ALL:
        put_patterns(p, pattern->list.items, pattern->list.count, " = ");
        break;
    case CORE_P__COUNT:
        break;
    }
}

static void put_clause(Printer *p, const CoreClause *clause, uint32_t subjects, CoreVars exports)
{
    new_line(p);
    put_text(p, "(");
    put_patterns(p, clause->patterns, subjects, ", ");
    put_text(p, ")");
    if (clause->tests.count > 0) {
        put_text(p, " if ");
        put_nodes(p, clause->tests);
    }
    for (uint32_t i = 0; i < clause->guard_count; i++) {
        put_text(p, i == 0 ? " when " : "; ");
        put_nodes(p, clause->guards[i]);
        put_text(p, clause->guards[i].count == 0 ? "true" : "");
    }
    put_text(p, " ->");
    p->indent++;
    new_line(p);
    put_node(p, clause->body);
    for (uint32_t i = 0; i < exports.count; i++) {
        put(p, "%s v%u := v%u", i == 0 ? " =>" : ",", exports.items[i], clause->exports[i]);
    }
    p->indent--;
}

static void put_clauses(Printer *p, CoreClauses clauses, uint32_t subjects, CoreVars exports)
{
    p->indent++;
    for (uint32_t i = 0; i < clauses.count; i++) {
        put_clause(p, &clauses.items[i], subjects, exports);
    }
    p->indent--;
}

static void put_map(Printer *p, const CoreNode *node)
{
    if (node->map.base != NULL) {
        put_node(p, node->map.base);
    }
    put_text(p, "#{");
    for (uint32_t i = 0; i < node->map.count; i++) {
        put_text(p, i > 0 ? ", " : "");
        put_node(p, node->map.pairs[2 * i]);
        put_text(p, node->kind == CORE_MAP_UPDATE ? " := " : " => ");
        put_node(p, node->map.pairs[2 * i + 1]);
    }
    put_text(p, "}");
}

static void put_import(Printer *p, BcImport import)
{
    put_konst(p, import.module);
    put_text(p, ":");
    put_konst(p, import.name);
    put(p, "/%u", import.arity);
}

static void put_callee(Printer *p, uint32_t callee)
{
    const CoreFunction *function = p->module->functions.items[callee];
    put_konst(p, function->name);
    put(p, "/%u", function->arity);
}

static void put_call(Printer *p, const CoreNode *node)
{
    switch (node->kind) {
    case CORE_CALL:
        put_text(p, "call ");
        put_callee(p, node->call.callee);
        break;
    case CORE_CALL_FUN:
        put_text(p, "call_fun ");
        break;
    case CORE_APPLY:
        put_text(p, "apply ");
        break;
    default:
        put_text(p, node->kind == CORE_BIF ? "bif " : "call ");
        put_import(p, node->call.import);
        break;
    }
    put_text(p, "(");
    put_nodes(p, node->call.args);
    put_text(p, ")");
}

static void put_op(Printer *p, const CoreNode *node)
{
    const char *name = node->kind == CORE_OP        ? ssa_op_info[node->op.op].name
                       : node->kind == CORE_COMPARE ? compare_names[node->op.op]
                                                    : bc_op_info[node->op.op].name;
    put(p, "%s(", name);
    put_node(p, node->op.args[0]);
    if (node->op.count == 2) {
        put_text(p, ", ");
        put_node(p, node->op.args[1]);
    }
    put_text(p, ")");
}

static void put_record(Printer *p, const CoreNode *node)
{
    put_text(p, node->kind == CORE_RECORD_TEST  ? "is_record("
                : node->kind == CORE_RECORD_GET ? "record_get("
                                                : "record_put(");
    put_node(p, node->record.base);
    put_text(p, ", ");
    put_konst(p, node->record.tag);
    put(p, "/%u", node->record.size);
    if (node->kind == CORE_RECORD_GET) {
        put(p, ", %u", node->record.index);
    }
    for (uint32_t i = 0; i < node->record.count; i++) {
        put(p, ", %u := ", node->record.indices[i]);
        put_node(p, node->record.values[i]);
    }
    put_text(p, ")");
}

static void put_choice(Printer *p, const CoreNode *node)
{
    put_text(p, "case ");
    put_nodes(p, node->choice.subjects);
    put_text(p, " of");
    put_clauses(p, node->choice.clauses, node->choice.subjects.count, node->choice.exports);
    new_line(p);
    put(p, "else %s",
        node->choice.otherwise == CORE_ELSE_FAIL              ? fail_names[node->choice.fail]
        : node->choice.otherwise == CORE_ELSE_FUNCTION_CLAUSE ? "function_clause"
                                                              : "raise");
}

static void put_block(Printer *p, const CoreNode *node)
{
    for (uint32_t i = 0; i < node->items.count; i++) {
        if (i > 0) {
            put_text(p, ",");
            new_line(p);
        }
        put_node(p, node->items.items[i]);
    }
}

static void put_part(Printer *p, const char *title, const CoreNode *node)
{
    put_text(p, title);
    p->indent++;
    new_line(p);
    put_node(p, node);
    p->indent--;
    new_line(p);
}

static void put_receive(Printer *p, const CoreNode *node)
{
    put_text(p, "receive");
    put_clauses(p, node->receive.clauses, 1, node->receive.exports);
    new_line(p);
    if (node->receive.timeout != NULL) {
        put_text(p, "after ");
        put_node(p, node->receive.timeout);
        put_part(p, " ->", node->receive.body);
        for (uint32_t i = 0; i < node->receive.exports.count; i++) {
            put(p, "=> v%u := v%u ", node->receive.exports.items[i], node->receive.body_exports[i]);
        }
    }
    put_text(p, "end");
}

static void put_control(Printer *p, const CoreNode *node)
{
    switch (node->kind) {
    case CORE_TRY:
        put_part(p, "try", node->try_.body);
        put(p, "of v%u ->", node->try_.var);
        put_part(p, "", node->try_.ok);
        put(p, "catch v%u, v%u, v%u ->", node->try_.class, node->try_.reason, node->try_.raw);
        put_part(p, "", node->try_.handler);
        put_text(p, "end");
        break;
    case CORE_AFTER:
        put_part(p, "try", node->after.body);
        put_part(p, "after", node->after.after);
        put_text(p, "end");
        break;
    case CORE_MAYBE:
        put_part(p, "maybe", node->maybe.body);
        if (node->maybe.otherwise != NULL) {
            put(p, "else v%u ->", node->maybe.var);
            put_part(p, "", node->maybe.otherwise);
        }
        put_text(p, "end");
        break;
    case CORE_MATCH:
        put_pattern(p, node->match.pattern);
        put_text(p, node->match.maybe ? " ?= " : " = ");
        put_node(p, node->match.value);
        if (node->match.tests.count > 0) {
            put_text(p, " if ");
            put_nodes(p, node->match.tests);
        }
        break;
    default:
        break;
    }
}

static void put_simple(Printer *p, const CoreNode *node)
{
    switch (node->kind) {
    case CORE_LITERAL:
        put_konst(p, node->konst);
        break;
    case CORE_VAR:
        put(p, "v%u", node->var);
        break;
    case CORE_LIST:
        put_text(p, "[");
        put_nodes(p, node->list.items);
        put_text(p, " | ");
        put_node(p, node->list.tail);
        put_text(p, "]");
        break;
    case CORE_TUPLE:
        put_text(p, "{");
        put_nodes(p, node->items);
        put_text(p, "}");
        break;
    case CORE_MAKE_FUN:
        put_text(p, "fun ");
        put_callee(p, node->fun.callee);
        put(p, " as /%u (", node->fun.arity);
        put_nodes(p, node->fun.free);
        put_text(p, ")");
        break;
    case CORE_ANDALSO:
    case CORE_ORELSE:
        put_text(p, "(");
        put_node(p, node->pair.left);
        put_text(p, node->kind == CORE_ANDALSO ? " andalso " : " orelse ");
        put_node(p, node->pair.right);
        put_text(p, ")");
        break;
    case CORE_LET:
        put(p, "v%u := ", node->let.var);
        put_node(p, node->let.value);
        break;
    case CORE_FAIL:
        put(p, "fail %s ", fail_names[node->fail.fail]);
        if (node->fail.value != NULL) {
            put_node(p, node->fail.value);
        }
        break;
    case CORE_RAISE:
        put_text(p, "raise ");
        put_nodes(p, node->items);
        break;
    case CORE_STACKTRACE:
        put_text(p, "stacktrace ");
        put_node(p, node->one);
        break;
    default:
        break;
    }
}

static void put_node(Printer *p, const CoreNode *node)
{
    switch (node->kind) {
    case CORE_MAP_NEW:
    case CORE_MAP_PUT:
    case CORE_MAP_UPDATE:
        put_map(p, node);
        break;
    case CORE_BINARY:
        put_segments(p, node->binary);
        break;
    case CORE_OP:
    case CORE_COMPARE:
    case CORE_TYPE_TEST:
        put_op(p, node);
        break;
    case CORE_BIF:
    case CORE_CALL:
    case CORE_CALL_EXT:
    case CORE_CALL_FUN:
    case CORE_APPLY:
        put_call(p, node);
        break;
    case CORE_RECORD_TEST:
    case CORE_RECORD_GET:
    case CORE_RECORD_PUT:
        put_record(p, node);
        break;
    case CORE_BLOCK:
        put_block(p, node);
        break;
    case CORE_CASE:
        put_choice(p, node);
        break;
    case CORE_RECEIVE:
        put_receive(p, node);
        break;
    case CORE_TRY:
    case CORE_AFTER:
    case CORE_MAYBE:
    case CORE_MATCH:
        put_control(p, node);
        break;
    default:
        put_simple(p, node);
        break;
    }
}

void core_print(const CoreModule *module, CoreText *out)
{
    Printer printer = {.module = module, .out = out};
    Printer *p = &printer;
    put_text(p, "module ");
    put_konst(p, module->name);
    put_text(p, "\n");
    for (size_t i = 0; i < module->functions.count; i++) {
        const CoreFunction *function = module->functions.items[i];
        put(p, "\n%s", function->exported ? "export " : "");
        put_callee(p, (uint32_t)i);
        put_text(p, function->is_lambda ? " lambda (" : " (");
        for (uint32_t k = 0; k < function->arity; k++) {
            put(p, "%sv%u", k > 0 ? ", " : "", function->params[k]);
        }
        put(p, ") line %u:", function->line.line);
        p->indent = 1;
        new_line(p);
        put_node(p, function->body);
        put_text(p, "\n");
    }
    arena_free(&p->scratch);
}
