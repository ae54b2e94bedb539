/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/core/predefined.c: behaviour_info/1, which a module with -callback attributes has
 * without writing it. It is made as a form, so that all that comes after takes it for any other
 * function. */
#include "compiler/core/desugar.h"

typedef VEC(AstNode *) Nodes;

static AstList list_of(Arena *arena, const Nodes *nodes)
{
    AstList list = {ARENA_ARRAY(arena, AstNode *, nodes->count + 1), (uint32_t)nodes->count};
    for (size_t i = 0; i < nodes->count; i++) {
        list.items[i] = nodes->items[i];
    }
    return list;
}

static AstList list_of_one(Arena *arena, AstNode *node)
{
    AstList list = {ARENA_ARRAY(arena, AstNode *, 1), 1};
    list.items[0] = node;
    return list;
}

/* {Name, Arity} */
static AstNode *name_arity(Arena *arena, const Name *name, int64_t arity)
{
    AstNode *tuple = ast_new(arena, AST_TUPLE, SOURCE_NOWHERE);
    tuple->items = (AstList){ARENA_ARRAY(arena, AstNode *, 2), 2};
    tuple->items.items[0] = ast_atom(arena, SOURCE_NOWHERE, name);
    tuple->items.items[1] = ast_integer(arena, SOURCE_NOWHERE, arity);
    return ast_finish(tuple);
}

/* behaviour_info(Which) -> Pairs; */
static AstNode *info_clause(const CoreContext *cx, const char *which, const Nodes *pairs)
{
    Arena *arena = cx->arena;
    AstNode *list = ast_new(arena, AST_LIST, SOURCE_NOWHERE);
    list->list.items = list_of(arena, pairs);
    list->list.tail = NULL;
    list->list.close = SOURCE_NOWHERE;
    AstNode *name = ast_atom(arena, SOURCE_NOWHERE, name_intern_text(cx->names, which));
    AstNode *clause = ast_new(arena, AST_CLAUSE, SOURCE_NOWHERE);
    clause->clause.patterns = list_of_one(arena, name);
    clause->clause.guards = (AstList){NULL, 0};
    clause->clause.body = list_of_one(arena, ast_finish(list));
    return ast_finish(clause);
}

/* -optional_callbacks([F/A, ...]) */
static void add_optional(Arena *arena, Nodes *pairs, const AstNode *value)
{
    for (uint32_t i = 0; value->kind == AST_LIST && i < value->list.items.count; i++) {
        const AstNode *item = value->list.items.items[i];
        if (item->kind == AST_BINARY && item->binary.op == AST_OP_DIVIDE &&
            item->binary.left->kind == AST_ATOM && item->binary.right->kind == AST_INTEGER) {
            vec_push(pairs,
                     name_arity(arena, item->binary.left->name, item->binary.right->integer.small));
        } else if (item->kind == AST_TUPLE && item->items.count == 2 &&
                   item->items.items[0]->kind == AST_ATOM &&
                   item->items.items[1]->kind == AST_INTEGER) {
            vec_push(pairs, name_arity(arena, item->items.items[0]->name,
                                       item->items.items[1]->integer.small));
        }
    }
}

static AstNode *info_function(const CoreContext *cx, const Name *name, const Nodes *callbacks,
                              const Nodes *optional)
{
    AstNode *function = ast_new(cx->arena, AST_FUNCTION, SOURCE_NOWHERE);
    function->function.name = ast_atom(cx->arena, SOURCE_NOWHERE, name);
    function->function.arity = 1;
    function->function.clauses = (AstList){ARENA_ARRAY(cx->arena, AstNode *, 2), 2};
    function->function.clauses.items[0] = info_clause(cx, "callbacks", callbacks);
    function->function.clauses.items[1] = info_clause(cx, "optional_callbacks", optional);
    function->flags |= AST_GENERATED;
    return ast_finish(function);
}

static AstNode *info_export(const CoreContext *cx, const Name *name)
{
    AstNode *item = ast_new(cx->arena, AST_NAME_ARITY, SOURCE_NOWHERE);
    item->name_arity.name = ast_atom(cx->arena, SOURCE_NOWHERE, name);
    item->name_arity.arity = 1;
    AstNode *export = ast_new(cx->arena, AST_ATTR_EXPORT, SOURCE_NOWHERE);
    export->items = list_of_one(cx->arena, ast_finish(item));
    return ast_finish(export);
}

AstList core_predefined(AstList forms, const CoreContext *cx)
{
    const Name *name = name_intern_text(cx->names, "behaviour_info");
    Nodes callbacks = {0}, optional = {0};
    bool defined = false;
    for (uint32_t i = 0; i < forms.count; i++) {
        const AstNode *form = forms.items[i];
        if (form->kind == AST_ATTR_SPEC && form->attr_spec.callback) {
            vec_push(&callbacks,
                     name_arity(cx->arena, form->attr_spec.name->name, form->attr_spec.arity));
        } else if (form->kind == AST_ATTR_WILD &&
                   name_is(form->attr_wild.name->name, "optional_callbacks")) {
            add_optional(cx->arena, &optional, form->attr_wild.value);
        } else if (form->kind == AST_FUNCTION) {
            defined = defined || (form->function.name->name == name && form->function.arity == 1);
        }
    }
    AstList all = forms;
    if (callbacks.count > 0 && !defined) {
        all = (AstList){ARENA_ARRAY(cx->arena, AstNode *, forms.count + 2), forms.count + 2};
        for (uint32_t i = 0; i < forms.count; i++) {
            all.items[i] = forms.items[i];
        }
        all.items[forms.count] = info_export(cx, name);
        all.items[forms.count + 1] = info_function(cx, name, &callbacks, &optional);
    }
    vec_free(&callbacks);
    vec_free(&optional);
    return all;
}
