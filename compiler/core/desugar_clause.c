/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/core/desugar_clause.c: what has clauses: functions, case, if, receive. */
#include "compiler/core/desugar.h"
#include <string.h>

static bool is_true(const CoreNode *node)
{
    return node->kind == CORE_LITERAL && node->konst->kind == KONST_ATOM &&
           node->konst->count == 4 && node->konst->text[0] == 't' && node->konst->text[3] == 'e' &&
           node->konst->text[1] == 'r';
}

/* The tests of before R5: integer(X) as a whole guard test or filter is is_integer(X). */
static const char *old_type_test(Desugar *b, const AstNode *node)
{
    static const char *const tests[] = {"is_atom",    "is_binary", "is_float",     "is_function",
                                        "is_integer", "is_list",   "is_number",    "is_pid",
                                        "is_port",    "is_record", "is_reference", "is_tuple"};
    if (node->kind != AST_CALL || node->call.target->kind != AST_ATOM) {
        return NULL;
    }
    const Name *name = node->call.target->name;
    uint32_t arity = node->call.args.count;
    for (size_t i = 0; i < ACT_COUNT(tests); i++) {
        uint32_t wanted = strcmp(tests[i], "is_record") == 0 ? 2 : 1;
        if (arity == wanted && name_is(name, tests[i] + strlen("is_"))) {
            return desugar_find(b, name, arity) == NULL ? tests[i] : NULL;
        }
    }
    return NULL;
}

const AstNode *desugar_modern_test(Desugar *b, const AstNode *node)
{
    const char *test = old_type_test(b, node);
    if (test == NULL) {
        return node;
    }
    AstNode *target = ast_new(b->arena, AST_ATOM, node->call.target->span);
    target->name = name_intern_text(b->names, test);
    AstNode *call = ast_new(b->arena, AST_CALL, node->span);
    call->call = node->call;
    call->call.target = target;
    return call;
}

/* A GUARD node's tests, without those that always hold. */
static CoreList desugar_tests(Desugar *b, AstList tests)
{
    CoreList list = core_list_new(b->arena, tests.count);
    uint32_t count = 0;
    for (uint32_t i = 0; i < tests.count; i++) {
        CoreNode *test = desugar_expr(b, desugar_modern_test(b, tests.items[i]));
        if (!is_true(test)) {
            list.items[count++] = test;
        }
    }
    list.count = count;
    return list;
}

void desugar_guards(Desugar *b, CoreClause *clause, AstList guards)
{
    bool guard = b->guard;
    b->guard = true;
    clause->guards = ARENA_ARRAY(b->arena, CoreList, guards.count + 1);
    clause->guard_count = guards.count;
    for (uint32_t i = 0; i < guards.count; i++) {
        clause->guards[i] = desugar_tests(b, guards.items[i]->items);
        if (clause->guards[i].count == 0) {
            clause->guard_count = i == 0 ? 0 : i + 1; /* always true: the rest never counts */
            break;
        }
    }
    b->guard = guard;
}

static void desugar_clause(Desugar *b, CoreClause *clause, const AstNode *node, bool fresh)
{
    uint32_t mark = desugar_mark(b);
    AstList patterns = node->clause.patterns;
    clause->line = desugar_line(b, node->span);
    clause->patterns = ARENA_ARRAY(b->arena, CorePattern *, patterns.count + 1);
    for (uint32_t i = 0; i < patterns.count; i++) {
        clause->patterns[i] = desugar_pattern(b, patterns.items[i], fresh, mark);
    }
    clause->tests = desugar_take_tests(b);
    desugar_guards(b, clause, node->clause.guards);
    clause->body = desugar_body(b, node->clause.body);
}

static CoreClauses clauses_new(Desugar *b, uint32_t count)
{
    CoreClauses clauses = {ARENA_ARRAY(b->arena, CoreClause, count + 1), count};
    return clauses;
}

static void desugar_choice(Desugar *b, CoreNode *choice, AstList clauses)
{
    Exports exports;
    choice->choice.clauses = clauses_new(b, clauses.count);
    desugar_exports_begin(b, &exports, clauses.count);
    for (uint32_t i = 0; i < clauses.count; i++) {
        desugar_clause(b, &choice->choice.clauses.items[i], clauses.items[i], false);
        desugar_exports_end_clause(b, &exports);
    }
    desugar_exports_finish(b, &exports, &choice->choice.exports, &choice->choice.clauses, NULL);
}

CoreNode *desugar_case(Desugar *b, const AstNode *node)
{
    CoreNode *choice = core_new(b->arena, CORE_CASE, desugar_line(b, node->span));
    choice->choice.subjects = core_list_new(b->arena, 1);
    choice->choice.subjects.items[0] = desugar_expr(b, node->choice.subject);
    choice->choice.otherwise = CORE_ELSE_FAIL;
    choice->choice.fail = BC_FAIL_CASE_CLAUSE;
    desugar_choice(b, choice, node->choice.clauses);
    return choice;
}

CoreNode *desugar_if(Desugar *b, const AstNode *node)
{
    CoreNode *choice = core_new(b->arena, CORE_CASE, desugar_line(b, node->span));
    choice->choice.otherwise = CORE_ELSE_FAIL;
    choice->choice.fail = BC_FAIL_IF_CLAUSE;
    desugar_choice(b, choice, node->items);
    return choice;
}

CoreNode *desugar_receive(Desugar *b, const AstNode *node)
{
    CoreNode *receive = core_new(b->arena, CORE_RECEIVE, desugar_line(b, node->span));
    AstList clauses = node->receive.clauses;
    bool timed = node->receive.timeout != NULL;
    if (timed) {
        receive->receive.timeout = desugar_expr(b, node->receive.timeout);
    }
    Exports exports;
    receive->receive.clauses = clauses_new(b, clauses.count);
    desugar_exports_begin(b, &exports, clauses.count + timed);
    for (uint32_t i = 0; i < clauses.count; i++) {
        desugar_clause(b, &receive->receive.clauses.items[i], clauses.items[i], false);
        desugar_exports_end_clause(b, &exports);
    }
    if (timed) {
        receive->receive.body = desugar_body(b, node->receive.after_body);
        desugar_exports_end_clause(b, &exports);
    }
    desugar_exports_finish(b, &exports, &receive->receive.exports, &receive->receive.clauses,
                           timed ? &receive->receive.body_exports : NULL);
    return receive;
}

void desugar_fresh_clauses(Desugar *b, CoreNode *choice, AstList clauses)
{
    choice->choice.clauses = clauses_new(b, clauses.count);
    for (uint32_t i = 0; i < clauses.count; i++) {
        uint32_t mark = desugar_mark(b);
        desugar_clause(b, &choice->choice.clauses.items[i], clauses.items[i], true);
        desugar_undo(b, mark);
    }
}

CoreNode *desugar_function_clauses(Desugar *b, AstList clauses, CoreLine line)
{
    CoreFunction *function = b->scope->function;
    CoreNode *choice = core_new(b->arena, CORE_CASE, line);
    choice->choice.otherwise = CORE_ELSE_FUNCTION_CLAUSE;
    choice->choice.subjects = core_list_new(b->arena, function->arity);
    for (uint32_t i = 0; i < function->arity; i++) {
        choice->choice.subjects.items[i] = desugar_use(b, line, function->params[i]);
    }
    desugar_fresh_clauses(b, choice, clauses);
    return choice;
}
