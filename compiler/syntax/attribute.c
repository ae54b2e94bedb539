/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/syntax/attribute.c: attributes of a module: which shape each must have. */
#include "compiler/syntax/build.h"
#include "compiler/syntax/parser.h"
#include "compiler/syntax/term_text.h"
#include "vm/base/utf8.h"
#include <string.h>

static AstNode *bad(Parser *ps, SourceSpan span, const AstNode *name, const char *why)
{
    diag_report(&ps->cx->diags, DIAG_E0027, span, term_text_atom(ps->arena, name->name), why);
    ps->failed = true;
    return ast_new(ps->arena, AST_ERROR, span);
}

/* name/arity, or with tuples {name, arity}, as a node of its own; NULL when expr is something else.
 */
static AstNode *name_arity(Parser *ps, AstNode *expr, bool tuples)
{
    AstNode *left = NULL;
    AstNode *right = NULL;
    if (expr->kind == AST_BINARY && expr->binary.op == AST_OP_DIVIDE) {
        left = expr->binary.left;
        right = expr->binary.right;
    } else if (tuples && expr->kind == AST_TUPLE && expr->items.count == 2) {
        left = expr->items.items[0];
        right = expr->items.items[1];
    }
    if (left == NULL || left->kind != AST_ATOM || right->kind != AST_INTEGER ||
        right->integer.digits != NULL || right->integer.small > 255) {
        return NULL;
    }
    AstNode *node = ast_new(ps->arena, AST_NAME_ARITY, expr->span);
    node->name_arity.name = left;
    node->name_arity.arity = (uint32_t)right->integer.small;
    return build_done(ps, node);
}

/* [name/arity, ...]; reports what is none. */
static AstList name_list(Parser *ps, const AstNode *name, AstNode *list, bool tuples)
{
    if (list->kind != AST_LIST || list->list.tail != NULL) {
        bad(ps, list->span, name, "expected a list of Name/Arity");
        return (AstList){NULL, 0};
    }
    AstNode **items = ARENA_ARRAY(ps->arena, AstNode *, list->list.items.count);
    uint32_t count = 0;
    for (uint32_t i = 0; i < list->list.items.count; i++) {
        AstNode *item = name_arity(ps, list->list.items.items[i], tuples);
        if (item == NULL) {
            bad(ps, list->list.items.items[i]->span, name, "expected Name/Arity");
        } else {
            items[count++] = item;
        }
    }
    return (AstList){items, count};
}

static AstNode *build_names(Parser *ps, AstKind kind, SourceSpan span, AstNode *name, AstList args)
{
    if (args.count != 1) {
        return bad(ps, span, name, "expected one list of Name/Arity");
    }
    /* Erlang's parser reads the lists of -export and -import, but any term in -export_type */
    bool tuples = kind == AST_ATTR_EXPORT_TYPE;
    return build_items(ps, kind, span, name_list(ps, name, args.items[0], tuples));
}

static AstNode *build_module(Parser *ps, SourceSpan span, AstNode *name, AstList args)
{
    if (args.count != 1 || args.items[0]->kind != AST_ATOM) {
        return bad(ps, span, name, "expected the module's name, an atom");
    }
    return build_one(ps, AST_ATTR_MODULE, span, args.items[0]);
}

static AstNode *build_import(Parser *ps, SourceSpan span, AstNode *name, AstList args)
{
    if (args.count != 2 || args.items[0]->kind != AST_ATOM) {
        return bad(ps, span, name, "expected a module and a list of Name/Arity");
    }
    AstNode *node = ast_new(ps->arena, AST_ATTR_IMPORT, span);
    node->attr_import.module = args.items[0];
    node->attr_import.names = name_list(ps, name, args.items[1], false);
    return build_done(ps, node);
}

static AstNode *build_file(Parser *ps, SourceSpan span, AstNode *name, AstList args)
{
    if (args.count != 2 || args.items[0]->kind != AST_STRING ||
        args.items[1]->kind != AST_INTEGER || args.items[1]->integer.digits != NULL) {
        return bad(ps, span, name, "expected a file name and a line number");
    }
    const AstNode *file = args.items[0];
    AstNode *node = ast_new(ps->arena, AST_ATTR_FILE, span);
    unsigned char *text = arena_alloc(ps->arena, file->string.count * (size_t)UTF8_MAX_BYTES + 1);
    size_t at = 0;
    for (uint32_t i = 0; i < file->string.count; i++) {
        at += utf8_encode(file->string.points[i], text + at);
    }
    text[at] = '\0';
    node->attr_file.name = (char *)text;
    node->attr_file.line = (uint32_t)args.items[1]->integer.small;
    return build_done(ps, node);
}

typedef struct {
    const AstNode *wrong; /* the first part that is no constant term */
} TermCheck;

static void check_term(AstNode *node, void *context)
{
    TermCheck *check = context;
    if (check->wrong != NULL) {
        return;
    }
    switch (node->kind) {
    case AST_ATOM:
    case AST_INTEGER:
    case AST_FLOAT:
    case AST_CHAR:
    case AST_STRING:
        return;
    case AST_LIST:
    case AST_TUPLE:
    case AST_BIN:
    case AST_BIN_ELEMENT:
    case AST_MAP_ASSOC:
        break;
    case AST_MAP:
        if (node->map.base != NULL) {
            check->wrong = node;
        }
        break;
    case AST_UNARY:
        if ((node->unary.op != AST_OP_MINUS && node->unary.op != AST_OP_PLUS) ||
            node->unary.operand->depth > 1) {
            check->wrong = node;
        }
        break;
    case AST_BINARY:
        if (node->binary.op != AST_OP_DIVIDE || node->binary.left->kind != AST_ATOM ||
            node->binary.right->kind != AST_INTEGER) {
            check->wrong = node;
        }
        return;
    default:
        check->wrong = node;
        return;
    }
    ast_each_child(node, check_term, check);
}

static AstNode *build_wild(Parser *ps, SourceSpan span, AstNode *name, AstList args)
{
    if (args.count != 1) {
        return bad(ps, span, name, "it takes one term");
    }
    TermCheck check = {NULL};
    check_term(args.items[0], &check);
    if (check.wrong != NULL) {
        return bad(ps, check.wrong->span, name, "this is not a constant term");
    }
    AstNode *node = ast_new(ps->arena, AST_ATTR_WILD, span);
    node->attr_wild.name = name;
    node->attr_wild.value = args.items[0];
    return build_done(ps, node);
}

AstNode *attribute_build(Parser *ps, SourceSpan span, AstNode *name, AstList args)
{
    const char *which = name->name->text;
    if (strcmp(which, "module") == 0) {
        return build_module(ps, span, name, args);
    }
    if (strcmp(which, "export") == 0) {
        return build_names(ps, AST_ATTR_EXPORT, span, name, args);
    }
    if (strcmp(which, "export_type") == 0) {
        return build_names(ps, AST_ATTR_EXPORT_TYPE, span, name, args);
    }
    if (strcmp(which, "import") == 0) {
        return build_import(ps, span, name, args);
    }
    if (strcmp(which, "file") == 0) {
        return build_file(ps, span, name, args);
    }
    return build_wild(ps, span, name, args);
}

AstNode *attribute_record(Parser *ps, SourceSpan span, AstNode *name, AstList fields)
{
    AstNode *node = ast_new(ps->arena, AST_ATTR_RECORD, span);
    node->attr_record.name = name;
    node->attr_record.fields = fields;
    return build_done(ps, node);
}

AstNode *attribute_record_def(Parser *ps, SourceSpan span, AstNode *field, AstNode *type)
{
    AstNode *name = field->kind == AST_MATCH ? field->pair.left : field;
    if (name->kind != AST_ATOM) {
        if (field->kind != AST_ERROR) {
            diag_report(&ps->cx->diags, DIAG_E0031, name->span, "its name must be an atom");
        }
        ps->failed = true;
        return ast_new(ps->arena, AST_ERROR, span);
    }
    AstNode *node = ast_new(ps->arena, AST_RECORD_DEF, span);
    node->record_def.name = name;
    node->record_def.value = field->kind == AST_MATCH ? field->pair.right : NULL;
    node->record_def.type = type;
    return build_done(ps, node);
}

AstNode *attribute_type(Parser *ps, SourceSpan span, AstNode *name, AstList params, AstNode *type)
{
    for (uint32_t i = 0; i < params.count; i++) {
        if (params.items[i]->kind != AST_VAR || ast_is_underscore(params.items[i])) {
            diag_report(&ps->cx->diags, DIAG_E0029, params.items[i]->span,
                        "the parameters of a type must be variables");
            ps->failed = true;
        }
    }
    AstNode *node = ast_new(ps->arena, AST_ATTR_TYPE, span);
    node->attr_type.name = name;
    node->attr_type.params = params;
    node->attr_type.type = type;
    return build_done(ps, node);
}

AstNode *attribute_spec(Parser *ps, SourceSpan span, AstNode *module, AstNode *name,
                        AstList signatures)
{
    AstNode *node = ast_new(ps->arena, AST_ATTR_SPEC, span);
    node->attr_spec.module = module;
    node->attr_spec.name = name;
    node->attr_spec.signatures = signatures;
    node->attr_spec.arity = ast_signature_arity(signatures.items[0]);
    return build_done(ps, node);
}
