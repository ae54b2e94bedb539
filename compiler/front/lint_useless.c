/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/front/lint_useless.c: what compiles and yet cannot be meant: clauses behind one that
 * always matches, values that nobody takes, operations on literals that must fail. Erlang finds
 * these in later passes, after inlining; here only what the text itself shows is reported. */
#include "compiler/front/lint_state.h"
#include <string.h>

enum { MOST_CLAUSES_COMPARED = 200 };

/* Variables of the covering pattern met so far: a second meeting is a comparison. */
typedef struct {
    Lint *l;
    bool fresh; /* the patterns see no variables from outside */
    const Name *seen[64];
    unsigned count;
} Cover;

static bool is_free(Cover *cover, const AstNode *var)
{
    if (ast_is_underscore(var)) {
        return true;
    }
    if (!cover->fresh && lint_var(cover->l, var->name)->state != VAR_FREE) {
        return false;
    }
    for (unsigned i = 0; i < cover->count; i++) {
        if (cover->seen[i] == var->name) {
            return false;
        }
    }
    if (cover->count == ACT_COUNT(cover->seen)) {
        return false;
    }
    cover->seen[cover->count++] = var->name;
    return true;
}

static bool same_literal(const AstNode *a, const AstNode *b)
{
    if (a->kind != b->kind) {
        return false;
    }
    switch (a->kind) {
    case AST_ATOM:
        return a->name == b->name;
    case AST_INTEGER:
        return a->integer.digits == NULL && b->integer.digits == NULL &&
               a->integer.small == b->integer.small;
    case AST_CHAR:
        return a->character == b->character;
    case AST_STRING:
        return a->string.count == b->string.count &&
               (a->string.count == 0 || memcmp(a->string.points, b->string.points,
                                               a->string.count * sizeof(uint32_t)) == 0);
    default:
        return false;
    }
}

static bool covers(Cover *cover, const AstNode *a, const AstNode *b);

static bool covers_all(Cover *cover, AstList a, AstList b)
{
    if (a.count != b.count) {
        return false;
    }
    for (uint32_t i = 0; i < a.count; i++) {
        if (!covers(cover, a.items[i], b.items[i])) {
            return false;
        }
    }
    return true;
}

static bool covers_list(Cover *cover, const AstNode *a, const AstNode *b)
{
    if (a->list.items.count == 0 || b->list.items.count == 0) {
        return a->list.items.count == b->list.items.count;
    }
    if (a->list.tail != NULL && a->list.tail->kind == AST_VAR && a->list.items.count == 1) {
        return covers(cover, a->list.items.items[0], b->list.items.items[0]) &&
               is_free(cover, a->list.tail);
    }
    bool tails = (a->list.tail == NULL) == (b->list.tail == NULL);
    return tails && covers_all(cover, a->list.items, b->list.items) &&
           (a->list.tail == NULL || covers(cover, a->list.tail, b->list.tail));
}

/* True if whatever matches b has matched a. Says false when in doubt. */
static bool covers(Cover *cover, const AstNode *a, const AstNode *b)
{
    if (b != NULL && b->kind == AST_MATCH) {
        return covers(cover, a, b->pair.left) || covers(cover, a, b->pair.right);
    }
    switch (a->kind) {
    case AST_VAR:
        return is_free(cover, a);
    case AST_MATCH:
        return covers(cover, a->pair.left, b) && covers(cover, a->pair.right, b);
    case AST_TUPLE:
        return b != NULL && b->kind == AST_TUPLE && covers_all(cover, a->items, b->items);
    case AST_LIST:
        return b != NULL && b->kind == AST_LIST && covers_list(cover, a, b);
    default:
        return b != NULL && same_literal(a, b);
    }
}

static bool is_true(const AstNode *node)
{
    return node->kind == AST_ATOM && name_is(node->name, "true");
}

/* A guard that a look shows to hold, or to fail. */
static bool guard_holds(AstList guards)
{
    if (guards.count == 0) {
        return true;
    }
    bool all = guards.count == 1;
    for (uint32_t k = 0; all && k < guards.items[0]->items.count; k++) {
        all = is_true(guards.items[0]->items.items[k]);
    }
    return all;
}

static bool test_fails(const AstNode *test)
{
    switch (test->kind) {
    case AST_ATOM:
        return !is_true(test);
    case AST_INTEGER:
    case AST_FLOAT:
    case AST_CHAR:
    case AST_STRING:
    case AST_TUPLE:
        return true;
    default:
        return false;
    }
}

static bool guard_fails(AstList guards)
{
    for (uint32_t i = 0; i < guards.count; i++) {
        bool fails = false;
        for (uint32_t k = 0; k < guards.items[i]->items.count; k++) {
            fails = fails || test_fails(guards.items[i]->items.items[k]);
        }
        if (!fails) {
            return false;
        }
    }
    return guards.count > 0;
}

/* True if the value of the expression, as written, cannot match the pattern. */
static bool never_matches(const AstNode *pattern, const AstNode *value)
{
    bool literal = value->kind == AST_ATOM || value->kind == AST_INTEGER ||
                   value->kind == AST_CHAR || value->kind == AST_STRING;
    if (pattern->kind == AST_MATCH) {
        return never_matches(pattern->pair.left, value) ||
               never_matches(pattern->pair.right, value);
    }
    if (pattern->kind == AST_TUPLE && value->kind == AST_TUPLE) {
        bool never = pattern->items.count != value->items.count;
        for (uint32_t i = 0; !never && i < value->items.count; i++) {
            never = never_matches(pattern->items.items[i], value->items.items[i]);
        }
        return never;
    }
    bool number = value->kind == AST_INTEGER || value->kind == AST_CHAR;
    switch (pattern->kind) {
    case AST_ATOM:
        return (literal || value->kind == AST_TUPLE) && !same_literal(pattern, value);
    case AST_INTEGER:
        return value->kind == AST_ATOM || value->kind == AST_STRING || value->kind == AST_TUPLE ||
               (value->kind == AST_INTEGER && !same_literal(pattern, value));
    case AST_TUPLE:
        return literal;
    case AST_LIST:
        return value->kind == AST_ATOM || number || value->kind == AST_TUPLE;
    case AST_STRING:
        return value->kind == AST_ATOM || number ||
               (value->kind == AST_STRING && !same_literal(pattern, value));
    default:
        return false;
    }
}

static void report_covered(Lint *l, const AstNode *clause, const AstNode *by)
{
    SourceSpan span = clause->span;
    if (clause->clause.patterns.count > 0) {
        AstList patterns = clause->clause.patterns;
        span = source_span_join(span, patterns.items[patterns.count - 1]->span);
        span.end = ACT_MAX(patterns.items[patterns.count - 1]->span.end, span.start + 1);
    } else if (clause->clause.guards.count > 0) {
        span = clause->clause.guards.items[0]->span;
    }
    SourceSpan first = by->span;
    first.end = ACT_MIN(first.end, first.start + 1);
    Diag *diag = diag_report(l->diags, DIAG_W0101, span);
    diag_note(l->diags, diag, first, "this clause takes all that it could match");
}

/* The clause before i that takes all that i could, or NULL. */
static const AstNode *covering(Lint *l, AstList clauses, uint32_t i, bool fresh)
{
    const AstNode *clause = clauses.items[i];
    for (uint32_t k = 0; k < i; k++) {
        const AstNode *before = clauses.items[k];
        Cover cover = {l, fresh, {NULL}, 0};
        if (guard_holds(before->clause.guards) &&
            covers_all(&cover, before->clause.patterns, clause->clause.patterns)) {
            return before;
        }
    }
    return NULL;
}

static bool can_match(Lint *l, const AstNode *clause, const AstNode *subject)
{
    if (guard_fails(clause->clause.guards)) {
        SourceSpan span = clause->clause.guards.items[0]->span;
        diag_report(l->diags, DIAG_W0106, span);
        return false;
    }
    return subject == NULL || clause->clause.patterns.count != 1 ||
           !never_matches(clause->clause.patterns.items[0], subject);
}

void lint_useless_clauses(Lint *l, AstList clauses, const AstNode *subject, bool fresh,
                          SourceSpan span)
{
    if (!l->options.nomatch) {
        return;
    }
    uint32_t compared = ACT_MIN(clauses.count, (uint32_t)MOST_CLAUSES_COMPARED);
    uint32_t possible = 0;
    for (uint32_t i = 0; i < compared; i++) {
        const AstNode *by = covering(l, clauses, i, fresh);
        if (by != NULL) {
            report_covered(l, clauses.items[i], by);
        }
        possible += can_match(l, clauses.items[i], subject);
    }
    if (possible == 0 && compared == clauses.count && clauses.count > 0) {
        diag_report(l->diags, DIAG_W0105, span);
    }
}

void lint_useless_match(Lint *l, const AstNode *match)
{
    if (l->options.nomatch && never_matches(match->pair.left, match->pair.right)) {
        diag_report(l->diags, DIAG_W0105, match->span);
    }
}

static bool is_comparison(AstOp op)
{
    return op >= AST_OP_EQ && op <= AST_OP_EXACT_NE;
}

static const char *operator_text(Lint *l, AstOp op, unsigned arity)
{
    return arena_printf(&l->arena, "operator '%s'/%u", ast_op_text(op), arity);
}

static void ignored_call(Lint *l, const AstNode *call)
{
    const AstNode *name = call->call.target;
    uint32_t arity = call->call.args.count;
    const char *module = "";
    if (name->kind == AST_REMOTE) {
        const AstNode *left = name->pair.left;
        if (left->kind != AST_ATOM || name->pair.right->kind != AST_ATOM) {
            return;
        }
        if (name_is(left->name, "math")) {
            module = "math:";
        } else if (!name_is(left->name, "erlang")) {
            return;
        }
        name = name->pair.right;
    } else if (name->kind != AST_ATOM || lint_is_local(l, name->name, arity) ||
               lint_find(&l->imports, name->name, arity) != NULL ||
               !(lint_bif(name->name, arity) & BIF_AUTO)) {
        return;
    }
    unsigned flags = module[0] != '\0' ? BIF_PURE : lint_bif(name->name, arity);
    const char *text = arena_printf(&l->arena, "%s%s/%u", module, name->name->text, arity);
    if (flags & BIF_SAFE) {
        diag_report(l->diags, DIAG_W0104, call->span,
                    arena_printf(&l->arena, "the call to %s", text));
    } else if (flags & BIF_PURE) {
        Diag *diag = diag_report(l->diags, DIAG_W0103, call->span,
                                 arena_printf(&l->arena, "calling %s", text));
        diag_help(l->diags, diag, SOURCE_NOWHERE,
                  "if it is called for its exceptions, write `_ = ...`");
    }
}

static void ignored_clauses(Lint *l, AstList clauses)
{
    for (uint32_t i = 0; i < clauses.count; i++) {
        AstList body = clauses.items[i]->clause.body;
        if (body.count > 0) {
            lint_useless_value(l, body.items[body.count - 1]);
        }
    }
}

static void ignored_operator(Lint *l, const AstNode *node)
{
    bool unary = node->kind == AST_UNARY;
    AstOp op = unary ? node->unary.op : node->binary.op;
    if (op == AST_OP_SEND || op == AST_OP_ANDALSO || op == AST_OP_ORELSE) {
        return;
    }
    const char *text = operator_text(l, op, unary ? 1 : 2);
    if (is_comparison(op)) {
        diag_report(l->diags, DIAG_W0104, node->span, arena_printf(&l->arena, "use of %s", text));
    } else {
        diag_report(l->diags, DIAG_W0103, node->span,
                    arena_printf(&l->arena, "evaluating %s", text));
    }
}

void lint_useless_value(Lint *l, const AstNode *node)
{
    if (!l->options.ignored) {
        return;
    }
    switch (node->kind) {
    case AST_LIST:
        if (node->list.items.count == 0) {
            break;
        }
        diag_report(l->diags, DIAG_W0102, node->span);
        break;
    case AST_RECORD:
        if (node->record.base != NULL) {
            break;
        }
        diag_report(l->diags, DIAG_W0102, node->span);
        break;
    case AST_INTEGER:
    case AST_FLOAT:
    case AST_CHAR:
    case AST_STRING:
    case AST_TUPLE:
    case AST_MAP:
    case AST_BIN:
    case AST_FUN:
        diag_report(l->diags, DIAG_W0102, node->span);
        break;
    case AST_UNARY:
    case AST_BINARY:
        ignored_operator(l, node);
        break;
    case AST_CALL:
        ignored_call(l, node);
        break;
    case AST_BLOCK:
        lint_useless_value(l, node->items.items[node->items.count - 1]);
        break;
    case AST_CASE:
        ignored_clauses(l, node->choice.clauses);
        break;
    case AST_IF:
        ignored_clauses(l, node->items);
        break;
    case AST_RECEIVE:
        ignored_clauses(l, node->receive.clauses);
        break;
    default:
        break;
    }
}

void lint_useless_keys(Lint *l, const AstNode *map)
{
    AstList fields = map->map.fields;
    uint32_t count = ACT_MIN(fields.count, (uint32_t)MOST_CLAUSES_COMPARED);
    for (uint32_t i = 1; i < count; i++) {
        for (uint32_t k = 0; k < i; k++) {
            const AstNode *key = fields.items[k]->pair.left;
            if (same_literal(key, fields.items[i]->pair.left)) {
                const char *text = key->kind == AST_ATOM ? key->name->text : "";
                Diag *diag = diag_report(l->diags, DIAG_W0108, key->span,
                                         arena_printf(&l->arena, "'%s'", text));
                diag_note(l->diags, diag, fields.items[i]->pair.left->span, "by this one");
                break;
            }
        }
    }
}
