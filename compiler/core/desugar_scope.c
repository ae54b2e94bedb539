/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/core/desugar_scope.c: names to variables; captures; what choices export. */
#include "compiler/core/desugar.h"
#include "vm/base/bug.h"
#include <string.h>

static CoreVar var_new_in(Scope *scope)
{
    vec_push(&scope->uses, 0);
    return ++scope->function->var_count;
}

CoreVar desugar_var_new(Desugar *b)
{
    return var_new_in(b->scope);
}

CoreNode *desugar_use(Desugar *b, CoreLine line, CoreVar var)
{
    b->scope->uses.items[var]++;
    return core_var(b->arena, line, var);
}

static uint32_t *head_of(Desugar *b, const Name *name)
{
    if (name->index >= b->head_room) {
        uint32_t room = ACT_MAX(b->names->count + 64, name->index * 2 + 64);
        b->heads = alloc_must_resize(b->heads, room * sizeof(*b->heads));
        memset(b->heads + b->head_room, 0, (room - b->head_room) * sizeof(*b->heads));
        b->head_room = room;
    }
    return &b->heads[name->index];
}

void desugar_bind(Desugar *b, const Name *name, CoreVar var)
{
    uint32_t *head = head_of(b, name);
    Binding binding = {name, var, b->scope, *head};
    vec_push(&b->bindings, binding);
    *head = (uint32_t)b->bindings.count;
}

uint32_t desugar_bound(Desugar *b, const Name *name)
{
    return *head_of(b, name);
}

CoreVar desugar_capture(Desugar *b, Scope *scope, CoreVar outer)
{
    for (size_t i = 0; i < scope->captures.count; i++) {
        if (scope->captures.items[i].outer == outer) {
            return scope->captures.items[i].inner;
        }
    }
    Capture capture = {outer, var_new_in(scope)};
    vec_push(&scope->captures, capture);
    scope->outer->uses.items[outer]++;
    return capture.inner;
}

static CoreVar resolve_in(Desugar *b, Scope *scope, const Binding *binding)
{
    if (scope == binding->scope) {
        return binding->var;
    }
    return desugar_capture(b, scope, resolve_in(b, scope->outer, binding));
}

CoreVar desugar_resolve(Desugar *b, const Name *name)
{
    uint32_t at = desugar_bound(b, name);
    if (at == 0) {
        return 0;
    }
    Binding binding = b->bindings.items[at - 1];
    return resolve_in(b, b->scope, &binding);
}

uint32_t desugar_mark(const Desugar *b)
{
    return (uint32_t)b->bindings.count;
}

void desugar_undo(Desugar *b, uint32_t mark)
{
    while (b->bindings.count > mark) {
        Binding binding = vec_pop(&b->bindings);
        b->heads[binding.name->index] = binding.shadowed;
    }
}

void desugar_operand(Desugar *b)
{
    if (b->operands.count > 0) {
        Operands *around = &b->operands.items[b->operands.count - 1];
        around->start = around->side_by_side ? desugar_mark(b) : around->start;
    }
}

void desugar_operands_from_here(Desugar *b)
{
    b->operands.items[b->operands.count - 1].mark = desugar_mark(b);
}

bool desugar_is_beside(const Desugar *b, uint32_t bound)
{
    for (size_t i = b->operands.count; i-- > b->operands_base;) {
        const Operands *operands = &b->operands.items[i];
        if (operands->side_by_side && bound > operands->mark && bound <= operands->start) {
            return true;
        }
    }
    return false;
}

void desugar_show(Desugar *b, uint32_t from, uint32_t to, bool show)
{
    for (uint32_t i = from; i < to; i++) {
        const Binding *binding = &b->bindings.items[i];
        uint32_t *head = &b->heads[binding->name->index];
        if (show && *head < i + 1) {
            *head = i + 1;
        } else if (!show && *head == i + 1) {
            uint32_t older = binding->shadowed;
            while (older > from) {
                older = b->bindings.items[older - 1].shadowed;
            }
            *head = older;
        }
    }
}

/* Takes the bindings in [from, to) out of sight, newest first. */
static void hide(Desugar *b, uint32_t from, uint32_t to)
{
    for (uint32_t i = to; i > from; i--) {
        const Binding *binding = &b->bindings.items[i - 1];
        if (b->heads[binding->name->index] == i) {
            b->heads[binding->name->index] = binding->shadowed;
            vec_push(&b->hidden, i);
        }
    }
}

Closure desugar_closure_enter(Desugar *b, uint32_t since)
{
    Closure closure = {b->operands_base, b->hidden.count};
    hide(b, since, desugar_mark(b));
    for (size_t i = b->operands.count; i-- > b->operands_base;) {
        const Operands *operands = &b->operands.items[i];
        if (operands->side_by_side) {
            hide(b, operands->mark, operands->start);
        }
    }
    b->operands_base = (uint32_t)b->operands.count;
    return closure;
}

void desugar_closure_leave(Desugar *b, Closure closure)
{
    b->operands_base = closure.operands_base;
    while (b->hidden.count > closure.hidden) {
        uint32_t at = vec_pop(&b->hidden);
        b->heads[b->bindings.items[at - 1].name->index] = at;
    }
}

Scope *desugar_scope_enter(Desugar *b, const Konst *name, uint32_t arity, CoreLine line)
{
    Scope *scope = ARENA_NEW(b->arena, Scope);
    CoreFunction *function = ARENA_NEW(b->arena, CoreFunction);
    function->name = name;
    function->arity = function->lambda_arity = arity;
    function->line = line;
    scope->outer = b->scope;
    scope->function = function;
    scope->index = (uint32_t)b->module->functions.count;
    vec_push(&scope->uses, 0);
    vec_push(&b->module->functions, function);
    b->scope = scope;
    function->params = ARENA_ARRAY(b->arena, CoreVar, arity);
    for (uint32_t i = 0; i < arity; i++) {
        function->params[i] = desugar_var_new(b);
    }
    return scope;
}

void desugar_scope_suspend(Desugar *b)
{
    b->scope = b->scope->outer;
}

/* Drops export number `at` of the group everywhere. */
static void drop_export(Scope *scope, ExportGroup *group, uint32_t at)
{
    CoreVars *exports = group->exports;
    uint32_t after = exports->count - at - 1;
    memmove(&exports->items[at], &exports->items[at + 1], after * sizeof(CoreVar));
    for (uint32_t k = 0; k < group->clauses->count; k++) {
        CoreVar *vars = group->clauses->items[k].exports;
        scope->uses.items[vars[at]]--;
        memmove(&vars[at], &vars[at + 1], after * sizeof(CoreVar));
    }
    if (group->more != NULL) {
        CoreVar *vars = *group->more;
        scope->uses.items[vars[at]]--;
        memmove(&vars[at], &vars[at + 1], after * sizeof(CoreVar));
    }
    exports->count--;
}

/* Uses of an export come later than the choice, so walking backwards needs one walk. */
static void drop_unused_exports(Scope *scope)
{
    for (size_t g = scope->groups.count; g-- > 0;) {
        ExportGroup *group = &scope->groups.items[g];
        for (uint32_t i = group->exports->count; i-- > 0;) {
            if (scope->uses.items[group->exports->items[i]] == 0) {
                drop_export(scope, group, i);
            }
        }
    }
}

void desugar_scope_close(Desugar *b, Scope *scope)
{
    CoreFunction *function = scope->function;
    uint32_t captured = (uint32_t)scope->captures.count;
    if (captured > 0) {
        CoreVar *params = ARENA_ARRAY(b->arena, CoreVar, function->arity + captured);
        memcpy(params, function->params, function->arity * sizeof(CoreVar));
        for (uint32_t i = 0; i < captured; i++) {
            params[function->arity + i] = scope->captures.items[i].inner;
        }
        function->params = params;
        function->arity += captured;
    }
    if (function->arity > BC_MAX_ARITY) {
        desugar_error(b, scope->span, "%u arguments and captured values are more than %d",
                      function->arity, BC_MAX_ARITY);
    }
    drop_unused_exports(scope);
    function->uses = ARENA_ARRAY(b->arena, uint32_t, function->var_count + 1);
    memcpy(function->uses, scope->uses.items, (function->var_count + 1) * sizeof(uint32_t));
    vec_free(&scope->uses);
    vec_free(&scope->groups);
}

void desugar_scope_leave(Desugar *b)
{
    Scope *scope = b->scope;
    desugar_scope_close(b, scope);
    b->scope = scope->outer;
    if (b->scope == NULL) {
        vec_free(&scope->captures);
    }
}

void desugar_exports_begin(Desugar *b, Exports *e, uint32_t clause_count)
{
    memset(e, 0, sizeof *e);
    e->mark = desugar_mark(b);
    e->clause_count = clause_count;
}

static void first_clause(Desugar *b, Exports *e)
{
    uint32_t room = desugar_mark(b) - e->mark;
    e->names = ARENA_ARRAY(b->arena, const Name *, room);
    e->vars = ARENA_ARRAY(b->arena, CoreVar *, room);
    for (uint32_t i = e->mark; i < desugar_mark(b); i++) {
        const Binding *binding = &b->bindings.items[i];
        if (desugar_bound(b, binding->name) != i + 1) {
            continue; /* shadowed by a later one of this clause */
        }
        e->names[e->count] = binding->name;
        e->vars[e->count] = ARENA_ARRAY(b->arena, CoreVar, e->clause_count);
        e->vars[e->count++][0] = binding->var;
    }
}

static void later_clause(Desugar *b, Exports *e)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < e->count; i++) {
        uint32_t at = desugar_bound(b, e->names[i]);
        if (at > e->mark) {
            e->vars[i][e->clause] = b->bindings.items[at - 1].var;
            e->names[kept] = e->names[i];
            e->vars[kept++] = e->vars[i];
        }
    }
    e->count = kept;
}

void desugar_exports_end_clause(Desugar *b, Exports *e)
{
    if (e->clause == 0) {
        first_clause(b, e);
    } else {
        later_clause(b, e);
    }
    e->clause++;
    desugar_undo(b, e->mark);
}

void desugar_exports_finish(Desugar *b, Exports *e, CoreVars *exports, CoreClauses *clauses,
                            CoreVar **more)
{
    exports->count = e->count;
    exports->items = ARENA_ARRAY(b->arena, CoreVar, e->count + 1);
    for (uint32_t k = 0; k < e->clause; k++) {
        CoreVar *vars = ARENA_ARRAY(b->arena, CoreVar, e->count + 1);
        for (uint32_t i = 0; i < e->count; i++) {
            vars[i] = e->vars[i][k];
            b->scope->uses.items[vars[i]]++;
        }
        if (k < clauses->count) {
            clauses->items[k].exports = vars;
        } else {
            *more = vars;
        }
    }
    for (uint32_t i = 0; i < e->count; i++) {
        exports->items[i] = desugar_var_new(b);
        desugar_bind(b, e->names[i], exports->items[i]);
    }
    if (e->count > 0) {
        ExportGroup group = {exports, clauses, more};
        vec_push(&b->scope->groups, group);
    }
}
