/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/syntax/ast_print_form.c: types, attributes and functions as text. */
#include "compiler/syntax/ast_print_state.h"
#include <string.h>

static void wrapped(Print *p, const char *open, AstList list, const char *close)
{
    print_text(p, open);
    print_list(p, list, ", ");
    print_text(p, close);
}

static void pair(Print *p, const AstNode *node, const char *between)
{
    print_node(p, node->pair.left);
    print_text(p, between);
    print_node(p, node->pair.right);
}

static void type_named(Print *p, const AstNode *node)
{
    const char *name = node->type_named.name->name->text;
    AstList args = node->type_named.args;
    if (strcmp(name, "nil") == 0 && args.count == 0) {
        print_text(p, "[]");
        return;
    }
    print_node(p, node->type_named.name);
    wrapped(p, "(", args, ")");
}

static void type_union(Print *p, AstList items)
{
    for (uint32_t i = 0; i < items.count; i++) {
        bool parens = items.items[i]->kind == AST_TYPE_ANN;
        print_text(p, i == 0 ? "" : " | ");
        print_text(p, parens ? "(" : "");
        print_node(p, items.items[i]);
        print_text(p, parens ? ")" : "");
    }
}

static void type_binary(Print *p, const AstNode *node)
{
    const AstNode *base = node->pair.left;
    const AstNode *unit = node->pair.right;
    bool no_base = base->kind == AST_INTEGER && base->integer.small == 0;
    bool no_unit = unit->kind == AST_INTEGER && unit->integer.small == 0;
    print_text(p, "<<");
    if (!no_base) {
        print_text(p, "_:");
        print_node(p, base);
    }
    if (!no_unit) {
        print_text(p, no_base ? "_:_*" : ", _:_*");
        print_node(p, unit);
    }
    print_text(p, ">>");
}

/* (args) -> result */
static void arrow(Print *p, const AstNode *node)
{
    if (node->type_fun.any_args) {
        print_text(p, "(...)");
    } else {
        wrapped(p, "(", node->type_fun.args, ")");
    }
    print_text(p, " -> ");
    print_node(p, node->type_fun.result);
}

static void type_fun(Print *p, const AstNode *node)
{
    print_text(p, "fun(");
    if (!node->type_fun.any) {
        arrow(p, node);
    }
    print_text(p, ")");
}

static void signature(Print *p, const AstNode *node)
{
    if (node->kind != AST_TYPE_BOUNDED) {
        arrow(p, node);
        return;
    }
    arrow(p, node->type_bounded.fun);
    print_text(p, " when ");
    print_list(p, node->type_bounded.constraints, ", ");
}

static void type_items(Print *p, const AstNode *node, const char *any, const char *open)
{
    if (node->type_items.any) {
        print_text(p, any);
    } else {
        wrapped(p, open, node->type_items.items, "}");
    }
}

static void print_type(Print *p, const AstNode *node)
{
    switch (node->kind) {
    case AST_TYPE_NAMED:
        type_named(p, node);
        break;
    case AST_TYPE_REMOTE:
        print_node(p, node->type_remote.module);
        print_text(p, ":");
        print_node(p, node->type_remote.name);
        wrapped(p, "(", node->type_remote.args, ")");
        break;
    case AST_TYPE_ANN:
    case AST_TYPE_FIELD:
    case AST_TYPE_CONSTRAINT:
        pair(p, node, " :: ");
        break;
    case AST_TYPE_UNION:
        type_union(p, node->items);
        break;
    case AST_TYPE_RANGE:
        pair(p, node, "..");
        break;
    case AST_TYPE_TUPLE:
        type_items(p, node, "tuple()", "{");
        break;
    case AST_TYPE_MAP:
        type_items(p, node, "map()", "#{");
        break;
    case AST_TYPE_MAP_ASSOC:
        pair(p, node, " => ");
        break;
    case AST_TYPE_MAP_EXACT:
        pair(p, node, " := ");
        break;
    case AST_TYPE_RECORD:
        print_text(p, "#");
        print_node(p, node->type_record.name);
        wrapped(p, "{", node->type_record.fields, "}");
        break;
    case AST_TYPE_BINARY:
        type_binary(p, node);
        break;
    case AST_TYPE_FUN:
        type_fun(p, node);
        break;
    case AST_TYPE_BOUNDED:
        signature(p, node);
        break;
    default:
        print_text(p, "<error>");
        break;
    }
}

static void name_arity(Print *p, const AstNode *node)
{
    print_node(p, node->name_arity.name);
    print_text(p, arena_printf(p->arena, "/%u", node->name_arity.arity));
}

static void record_def(Print *p, const AstNode *node)
{
    print_node(p, node->record_def.name);
    if (node->record_def.value != NULL) {
        print_text(p, " = ");
        print_node(p, node->record_def.value);
    }
    if (node->record_def.type != NULL) {
        print_text(p, " :: ");
        print_node(p, node->record_def.type);
    }
}

static void attr_spec(Print *p, const AstNode *node)
{
    print_text(p, node->attr_spec.callback ? "-callback " : "-spec ");
    if (node->attr_spec.module != NULL) {
        print_node(p, node->attr_spec.module);
        print_text(p, ":");
    }
    print_node(p, node->attr_spec.name);
    for (uint32_t i = 0; i < node->attr_spec.signatures.count; i++) {
        print_text(p, i == 0 ? "" : "; ");
        signature(p, node->attr_spec.signatures.items[i]);
    }
}

static void attr_type(Print *p, const AstNode *node)
{
    print_text(p, node->attr_type.opaque ? "-opaque " : "-type ");
    print_node(p, node->attr_type.name);
    wrapped(p, "(", node->attr_type.params, ") :: ");
    print_node(p, node->attr_type.type);
}

static void fun_remote(Print *p, const AstNode *node)
{
    print_text(p, "fun ");
    print_node(p, node->fun_remote.module);
    print_text(p, ":");
    print_node(p, node->fun_remote.function);
    print_text(p, "/");
    print_node(p, node->fun_remote.arity);
}

void print_type_or_form(Print *p, const AstNode *node)
{
    switch (node->kind) {
    case AST_FUNCTION:
        print_function_clauses(p, node->function.name, node->function.clauses);
        break;
    case AST_ATTR_MODULE:
        print_text(p, "-module(");
        print_node(p, node->one);
        print_text(p, ")");
        break;
    case AST_ATTR_EXPORT:
        wrapped(p, "-export([", node->items, "])");
        break;
    case AST_ATTR_EXPORT_TYPE:
        wrapped(p, "-export_type([", node->items, "])");
        break;
    case AST_ATTR_IMPORT:
        print_text(p, "-import(");
        print_node(p, node->attr_import.module);
        wrapped(p, ", [", node->attr_import.names, "])");
        break;
    case AST_ATTR_FILE:
        print_text(p, arena_printf(p->arena, "-file(\"%s\", %u)", node->attr_file.name,
                                   node->attr_file.line));
        break;
    case AST_ATTR_RECORD:
        print_text(p, "-record(");
        print_node(p, node->attr_record.name);
        wrapped(p, ", {", node->attr_record.fields, "})");
        break;
    case AST_RECORD_DEF:
        record_def(p, node);
        break;
    case AST_ATTR_TYPE:
        attr_type(p, node);
        break;
    case AST_ATTR_SPEC:
        attr_spec(p, node);
        break;
    case AST_ATTR_WILD:
        print_text(p, "-");
        print_node(p, node->attr_wild.name);
        print_text(p, "(");
        print_node(p, node->attr_wild.value);
        print_text(p, ")");
        break;
    case AST_NAME_ARITY:
        name_arity(p, node);
        break;
    case AST_FUN_LOCAL:
        print_text(p, "fun ");
        name_arity(p, node);
        break;
    case AST_FUN_REMOTE:
        fun_remote(p, node);
        break;
    default:
        print_type(p, node);
        break;
    }
}
