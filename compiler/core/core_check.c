/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/core/core_check.c: proves core.h's invariants: scopes, numbers of parts, what guards
 * hold. */
#include "compiler/core/core.h"
#include "compiler/ssa/ssa.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    const CoreModule *module;
    const CoreFunction *function;
    bool *seen;         /* by variable: is it defined anywhere */
    bool *visible;      /* by variable: is it defined here */
    VEC(CoreVar) trail; /* visible ones in order */
    char *error;
    size_t size;
    bool failed;
} Checker;

ACT_PRINTF(2, 3) static void breach(Checker *c, const char *format, ...)
{
    if (c->failed || c->size == 0) {
        c->failed = true;
        return;
    }
    c->failed = true;
    int length = snprintf(c->error, c->size,
                          "core: function %.*s/%u: ", (int)ACT_MIN(c->function->name->count, 80u),
                          c->function->name->text, c->function->arity);
    va_list args;
    va_start(args, format);
    if (length >= 0 && (size_t)length < c->size) {
        vsnprintf(c->error + length, c->size - (size_t)length, format, args);
    }
    va_end(args);
}

static void define(Checker *c, CoreVar var)
{
    if (var == 0 || var > c->function->var_count) {
        breach(c, "variable v%u does not exist", var);
        return;
    }
    if (c->seen[var]) {
        breach(c, "variable v%u is defined twice", var);
        return;
    }
    c->seen[var] = c->visible[var] = true;
    vec_push(&c->trail, var);
}

static void use(Checker *c, CoreVar var)
{
    if (var == 0 || var > c->function->var_count || !c->visible[var]) {
        breach(c, "variable v%u is used out of its scope", var);
    }
}

static void undo(Checker *c, size_t mark)
{
    while (c->trail.count > mark) {
        CoreVar var = vec_pop(&c->trail);
        c->visible[var] = false;
    }
}

static void check_node(Checker *c, const CoreNode *node, bool guard);
static void check_pattern(Checker *c, const CorePattern *pattern);

static void check_nodes(Checker *c, CoreList list, bool guard)
{
    for (uint32_t i = 0; i < list.count; i++) {
        check_node(c, list.items[i], guard);
    }
}

/* A part whose definitions are not seen after it. */
static void check_closed(Checker *c, const CoreNode *node, bool guard)
{
    size_t mark = c->trail.count;
    check_node(c, node, guard);
    undo(c, mark);
}

static void check_patterns(Checker *c, CorePattern **items, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        check_pattern(c, items[i]);
    }
}

static void check_segments(Checker *c, CoreSegments segments, bool pattern, bool guard)
{
    for (uint32_t i = 0; i < segments.count; i++) {
        const CoreSegment *segment = &segments.items[i];
        if (segment->size != NULL) {
            check_node(c, segment->size, guard || pattern);
        }
        if (pattern) {
            check_pattern(c, segment->pattern);
        } else {
            check_node(c, segment->value, guard);
        }
    }
}

static void check_pattern(Checker *c, const CorePattern *pattern)
{
    switch (pattern->kind) {
    case CORE_P_VAR:
        define(c, pattern->var);
        break;
    case CORE_P_LIST:
        check_patterns(c, pattern->list.items, pattern->list.count);
        check_pattern(c, pattern->list.tail);
        break;
    case CORE_P_TUPLE:
    case CORE_P_ALL:
        check_patterns(c, pattern->list.items, pattern->list.count);
        break;
    case CORE_P_MAP:
        for (uint32_t i = 0; i < pattern->map.count; i++) {
            check_node(c, pattern->map.keys[i], true);
        }
        check_patterns(c, pattern->map.values, pattern->map.count);
        break;
    case CORE_P_BINARY:
        check_segments(c, pattern->binary, true, true);
        break;
    default:
        break;
    }
}

static void check_clause(Checker *c, const CoreClause *clause, uint32_t subjects, CoreVars exports)
{
    size_t mark = c->trail.count;
    check_patterns(c, clause->patterns, subjects);
    check_nodes(c, clause->tests, true);
    for (uint32_t i = 0; i < clause->guard_count; i++) {
        check_nodes(c, clause->guards[i], true);
    }
    check_node(c, clause->body, false);
    for (uint32_t i = 0; i < exports.count; i++) {
        use(c, clause->exports[i]);
    }
    undo(c, mark);
}

static void check_clauses(Checker *c, CoreClauses clauses, uint32_t subjects, CoreVars exports)
{
    for (uint32_t i = 0; i < clauses.count; i++) {
        check_clause(c, &clauses.items[i], subjects, exports);
    }
}

static void define_all(Checker *c, CoreVars vars)
{
    for (uint32_t i = 0; i < vars.count; i++) {
        define(c, vars.items[i]);
    }
}

static void check_receive(Checker *c, const CoreNode *node)
{
    if (node->receive.timeout != NULL) {
        check_node(c, node->receive.timeout, false);
    }
    check_clauses(c, node->receive.clauses, 1, node->receive.exports);
    if (node->receive.timeout != NULL) {
        size_t mark = c->trail.count;
        check_node(c, node->receive.body, false);
        for (uint32_t i = 0; i < node->receive.exports.count; i++) {
            use(c, node->receive.body_exports[i]);
        }
        undo(c, mark);
    }
    define_all(c, node->receive.exports);
}

static void check_try(Checker *c, const CoreNode *node)
{
    size_t mark = c->trail.count;
    check_node(c, node->try_.body, false);
    define(c, node->try_.var);
    check_node(c, node->try_.ok, false);
    undo(c, mark);
    define(c, node->try_.class);
    define(c, node->try_.reason);
    define(c, node->try_.raw);
    check_node(c, node->try_.handler, false);
    undo(c, mark);
}

static void check_control(Checker *c, const CoreNode *node)
{
    switch (node->kind) {
    case CORE_LET:
        check_node(c, node->let.value, false);
        define(c, node->let.var);
        break;
    case CORE_MATCH:
        check_node(c, node->match.value, false);
        check_pattern(c, node->match.pattern);
        check_nodes(c, node->match.tests, true);
        break;
    case CORE_CASE:
        check_nodes(c, node->choice.subjects, false);
        check_clauses(c, node->choice.clauses, node->choice.subjects.count, node->choice.exports);
        define_all(c, node->choice.exports);
        break;
    case CORE_RECEIVE:
        check_receive(c, node);
        break;
    case CORE_TRY:
        check_try(c, node);
        break;
    case CORE_AFTER:
        check_closed(c, node->after.body, false);
        check_closed(c, node->after.after, false);
        break;
    case CORE_MAYBE: {
        size_t mark = c->trail.count;
        check_node(c, node->maybe.body, false);
        undo(c, mark);
        define(c, node->maybe.var);
        if (node->maybe.otherwise != NULL) {
            check_node(c, node->maybe.otherwise, false);
        }
        undo(c, mark);
        break;
    }
    case CORE_FAIL:
        if (node->fail.value != NULL) {
            check_node(c, node->fail.value, false);
        }
        break;
    case CORE_STACKTRACE:
        check_node(c, node->one, false);
        break;
    default:
        check_nodes(c, node->items, false);
        break;
    }
}

static void check_call(Checker *c, const CoreNode *node, bool guard)
{
    check_nodes(c, node->call.args, guard);
    if (node->kind == CORE_CALL) {
        if (node->call.callee >= c->module->functions.count) {
            breach(c, "call of function number %u, which is none", node->call.callee);
        } else if (c->module->functions.items[node->call.callee]->arity != node->call.args.count) {
            breach(c, "call with %u arguments of a function of %u", node->call.args.count,
                   c->module->functions.items[node->call.callee]->arity);
        }
    }
    if (guard && node->kind != CORE_BIF) {
        breach(c, "a call in a guard (line %u)", node->line.line);
    }
}

static void check_map(Checker *c, const CoreNode *node, bool guard)
{
    if (node->map.base != NULL) {
        check_node(c, node->map.base, guard);
    }
    for (uint32_t i = 0; i < node->map.count * 2; i++) {
        check_node(c, node->map.pairs[i], guard);
    }
}

static void check_fun(Checker *c, const CoreNode *node)
{
    check_nodes(c, node->fun.free, false);
    if (node->fun.callee >= c->module->functions.count ||
        c->module->functions.items[node->fun.callee]->arity !=
            node->fun.arity + node->fun.free.count) {
        breach(c, "fun over a function of another arity");
    }
}

static void check_node(Checker *c, const CoreNode *node, bool guard)
{
    if (c->failed) {
        return;
    }
    switch (node->kind) {
    case CORE_LITERAL:
        break;
    case CORE_VAR:
        use(c, node->var);
        break;
    case CORE_LIST:
        check_nodes(c, node->list.items, guard);
        check_node(c, node->list.tail, guard);
        break;
    case CORE_TUPLE:
        check_nodes(c, node->items, guard);
        break;
    case CORE_MAP_NEW:
    case CORE_MAP_PUT:
    case CORE_MAP_UPDATE:
        check_map(c, node, guard);
        break;
    case CORE_BINARY:
        check_segments(c, node->binary, false, guard);
        break;
    case CORE_OP:
    case CORE_COMPARE:
    case CORE_TYPE_TEST:
        check_node(c, node->op.args[0], guard);
        if (node->op.count == 2) {
            check_node(c, node->op.args[1], guard);
        }
        break;
    case CORE_BIF:
    case CORE_CALL:
    case CORE_CALL_EXT:
    case CORE_CALL_FUN:
    case CORE_APPLY:
        check_call(c, node, guard);
        break;
    case CORE_ANDALSO:
    case CORE_ORELSE:
        check_node(c, node->pair.left, guard);
        check_closed(c, node->pair.right, guard);
        break;
    case CORE_RECORD_TEST:
    case CORE_RECORD_GET:
    case CORE_RECORD_PUT:
        for (uint32_t i = 0; i < node->record.count; i++) {
            check_node(c, node->record.values[i], guard);
        }
        check_node(c, node->record.base, guard);
        break;
    case CORE_MAKE_FUN:
        check_fun(c, node);
        break;
    default:
        if (guard) {
            breach(c, "kind %d in a guard (line %u)", (int)node->kind, node->line.line);
            return;
        }
        check_control(c, node);
        break;
    }
}

static void check_function(Checker *c, const CoreFunction *function)
{
    c->function = function;
    c->seen = alloc_must_zero((size_t)function->var_count + 1);
    c->visible = alloc_must_zero((size_t)function->var_count + 1);
    for (uint32_t i = 0; i < function->arity; i++) {
        define(c, function->params[i]);
    }
    if (function->body == NULL) {
        breach(c, "no body");
    } else {
        check_node(c, function->body, false);
    }
    c->trail.count = 0;
    alloc_free(c->seen);
    alloc_free(c->visible);
}

bool core_check(const CoreModule *module, char *error, size_t size)
{
    Checker checker = {.module = module, .error = error, .size = size};
    for (size_t i = 0; i < module->functions.count && !checker.failed; i++) {
        check_function(&checker, module->functions.items[i]);
    }
    vec_free(&checker.trail);
    return !checker.failed;
}
