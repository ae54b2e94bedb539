/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/syntax/ast.c: making nodes, and one walk over the children of any node. */
#include "compiler/syntax/ast.h"
#include <string.h>

typedef enum {
    SHAPE_none,
    SHAPE_name,
    SHAPE_integer,
    SHAPE_number,
    SHAPE_character,
    SHAPE_string,
    SHAPE_list,
    SHAPE_items,
    SHAPE_bin_element,
    SHAPE_map,
    SHAPE_pair,
    SHAPE_record,
    SHAPE_record_field,
    SHAPE_unary,
    SHAPE_binary,
    SHAPE_one,
    SHAPE_choice,
    SHAPE_receive,
    SHAPE_try_,
    SHAPE_maybe,
    SHAPE_call,
    SHAPE_name_arity,
    SHAPE_fun_remote,
    SHAPE_fun,
    SHAPE_comprehension,
    SHAPE_clause,
    SHAPE_type_named,
    SHAPE_type_remote,
    SHAPE_type_items,
    SHAPE_type_record,
    SHAPE_type_fun,
    SHAPE_type_bounded,
    SHAPE_function,
    SHAPE_attr_import,
    SHAPE_attr_file,
    SHAPE_attr_record,
    SHAPE_record_def,
    SHAPE_attr_type,
    SHAPE_attr_spec,
    SHAPE_attr_wild,
} Shape;

static const uint8_t shapes[AST__COUNT] = {
#define AST(KIND, shape, erlang, grammar) SHAPE_##shape,
#include "compiler/syntax/ast.def"
#undef AST
};

static const char *const kind_names[AST__COUNT] = {
#define AST(KIND, shape, erlang, grammar) #KIND,
#include "compiler/syntax/ast.def"
#undef AST
};

/* What a node of each kind takes: the common part and its own member. */
static const uint8_t sizes[AST__COUNT] = {
#define AST(KIND, shape, erlang, grammar) \
    (uint8_t)(offsetof(AstNode, shape) + sizeof(((AstNode *)0)->shape)),
#include "compiler/syntax/ast.def"
#undef AST
};

typedef struct {
    const char *text;
    unsigned arities;
} OpRow;

static const OpRow ops[AST_OP__COUNT] = {
#define OP(NAME, text, arities) {text, arities},
#include "compiler/syntax/ops.def"
#undef OP
};

AstNode *ast_new(Arena *arena, AstKind kind, SourceSpan span)
{
    AstNode *node = arena_zero(arena, sizes[kind]);
    node->kind = (uint16_t)kind;
    node->span = span;
    node->depth = 1;
    return node;
}

typedef struct {
    AstVisit *visit;
    void *context;
} Walk;

static void one(const Walk *walk, AstNode *node)
{
    if (node != NULL) {
        walk->visit(node, walk->context);
    }
}

static void all(const Walk *walk, AstList list)
{
    for (uint32_t i = 0; i < list.count; i++) {
        one(walk, list.items[i]);
    }
}

static void walk_types(const Walk *walk, const AstNode *node)
{
    switch (shapes[node->kind]) {
    case SHAPE_type_named:
        one(walk, node->type_named.name);
        all(walk, node->type_named.args);
        break;
    case SHAPE_type_remote:
        one(walk, node->type_remote.module);
        one(walk, node->type_remote.name);
        all(walk, node->type_remote.args);
        break;
    case SHAPE_type_items:
        all(walk, node->type_items.items);
        break;
    case SHAPE_type_record:
        one(walk, node->type_record.name);
        all(walk, node->type_record.fields);
        break;
    case SHAPE_type_fun:
        all(walk, node->type_fun.args);
        one(walk, node->type_fun.result);
        break;
    case SHAPE_type_bounded:
        one(walk, node->type_bounded.fun);
        all(walk, node->type_bounded.constraints);
        break;
    default:
        break;
    }
}

static void walk_forms(const Walk *walk, const AstNode *node)
{
    switch (shapes[node->kind]) {
    case SHAPE_function:
        one(walk, node->function.name);
        all(walk, node->function.clauses);
        break;
    case SHAPE_attr_import:
        one(walk, node->attr_import.module);
        all(walk, node->attr_import.names);
        break;
    case SHAPE_attr_record:
        one(walk, node->attr_record.name);
        all(walk, node->attr_record.fields);
        break;
    case SHAPE_record_def:
        one(walk, node->record_def.name);
        one(walk, node->record_def.value);
        one(walk, node->record_def.type);
        break;
    case SHAPE_attr_type:
        one(walk, node->attr_type.name);
        all(walk, node->attr_type.params);
        one(walk, node->attr_type.type);
        break;
    case SHAPE_attr_spec:
        one(walk, node->attr_spec.module);
        one(walk, node->attr_spec.name);
        all(walk, node->attr_spec.signatures);
        break;
    case SHAPE_attr_wild:
        one(walk, node->attr_wild.name);
        one(walk, node->attr_wild.value);
        break;
    default:
        walk_types(walk, node);
        break;
    }
}

static void walk_control(const Walk *walk, const AstNode *node)
{
    switch (shapes[node->kind]) {
    case SHAPE_choice:
        one(walk, node->choice.subject);
        all(walk, node->choice.clauses);
        break;
    case SHAPE_receive:
        all(walk, node->receive.clauses);
        one(walk, node->receive.timeout);
        all(walk, node->receive.after_body);
        break;
    case SHAPE_try_:
        all(walk, node->try_.body);
        all(walk, node->try_.clauses);
        all(walk, node->try_.catches);
        all(walk, node->try_.after_body);
        break;
    case SHAPE_maybe:
        all(walk, node->maybe.body);
        all(walk, node->maybe.else_clauses);
        break;
    case SHAPE_fun:
        one(walk, node->fun.var);
        all(walk, node->fun.clauses);
        break;
    case SHAPE_comprehension:
        one(walk, node->comprehension.element);
        all(walk, node->comprehension.qualifiers);
        break;
    case SHAPE_clause:
        all(walk, node->clause.patterns);
        all(walk, node->clause.guards);
        all(walk, node->clause.body);
        break;
    default:
        walk_forms(walk, node);
        break;
    }
}

void ast_each_child(const AstNode *node, AstVisit *visit, void *context)
{
    Walk walk = {visit, context};
    switch (shapes[node->kind]) {
    case SHAPE_list:
        all(&walk, node->list.items);
        one(&walk, node->list.tail);
        break;
    case SHAPE_items:
        all(&walk, node->items);
        break;
    case SHAPE_bin_element:
        one(&walk, node->bin_element.value);
        one(&walk, node->bin_element.size);
        break;
    case SHAPE_map:
        one(&walk, node->map.base);
        all(&walk, node->map.fields);
        break;
    case SHAPE_pair:
        one(&walk, node->pair.left);
        one(&walk, node->pair.right);
        break;
    case SHAPE_record:
        one(&walk, node->record.base);
        one(&walk, node->record.name);
        all(&walk, node->record.fields);
        break;
    case SHAPE_record_field:
        one(&walk, node->record_field.base);
        one(&walk, node->record_field.name);
        one(&walk, node->record_field.field);
        break;
    case SHAPE_unary:
        one(&walk, node->unary.operand);
        break;
    case SHAPE_binary:
        one(&walk, node->binary.left);
        one(&walk, node->binary.right);
        break;
    case SHAPE_one:
        one(&walk, node->one);
        break;
    case SHAPE_call:
        one(&walk, node->call.target);
        all(&walk, node->call.args);
        break;
    case SHAPE_name_arity:
        one(&walk, node->name_arity.name);
        break;
    case SHAPE_fun_remote:
        one(&walk, node->fun_remote.module);
        one(&walk, node->fun_remote.function);
        one(&walk, node->fun_remote.arity);
        break;
    default:
        walk_control(&walk, node);
        break;
    }
}

static void take_depth(AstNode *child, void *context)
{
    uint32_t *deepest = context;
    *deepest = ACT_MAX(*deepest, child->depth);
}

AstNode *ast_finish(AstNode *node)
{
    uint32_t deepest = 0;
    ast_each_child(node, take_depth, &deepest);
    node->depth = deepest + 1;
    return node;
}

AstNode *ast_atom(Arena *arena, SourceSpan span, const Name *name)
{
    AstNode *node = ast_new(arena, AST_ATOM, span);
    node->name = name;
    return node;
}

AstNode *ast_var(Arena *arena, SourceSpan span, const Name *name)
{
    AstNode *node = ast_new(arena, AST_VAR, span);
    node->name = name;
    return node;
}

AstNode *ast_integer(Arena *arena, SourceSpan span, int64_t value)
{
    AstNode *node = ast_new(arena, AST_INTEGER, span);
    node->integer.small = value;
    node->integer.base = 10;
    return node;
}

const char *ast_kind_name(AstKind kind)
{
    return kind_names[kind];
}

const char *ast_op_text(AstOp op)
{
    return ops[op].text;
}

AstOp ast_op_find(const char *text, unsigned arity)
{
    for (unsigned op = 0; op < AST_OP__COUNT; op++) {
        if ((ops[op].arities & arity) != 0 && strcmp(ops[op].text, text) == 0) {
            return (AstOp)op;
        }
    }
    return AST_OP__COUNT;
}

bool ast_is_underscore(const AstNode *node)
{
    return node->kind == AST_VAR && node->name->length == 1 && node->name->text[0] == '_';
}

uint32_t ast_signature_arity(const AstNode *signature)
{
    if (signature->kind == AST_TYPE_BOUNDED) {
        signature = signature->type_bounded.fun;
    }
    return signature->kind == AST_TYPE_FUN ? signature->type_fun.args.count : 0;
}
