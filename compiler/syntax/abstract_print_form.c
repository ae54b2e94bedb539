/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/syntax/abstract_print_form.c: the part of abstract_print.c for types, attributes and
 * functions. */
#include "compiler/syntax/abstract_print_state.h"
#include "compiler/syntax/term_text.h"
#include "compiler/syntax/type_names.h"

/* {type,Line,name,[...]} */
static void type(AbstractPrint *o, const char *name, const AstNode *n, AstList args)
{
    fprintf(o->out, "{type,%u,%s,", abstract_line(o, n->span), name);
    abstract_list(o, args);
    abstract_text(o, "}");
}

static void type_pair(AbstractPrint *o, const char *name, const AstNode *n)
{
    AstNode *parts[2] = {n->pair.left, n->pair.right};
    type(o, name, n, (AstList){parts, 2});
}

static void type_named(AbstractPrint *o, const AstNode *n)
{
    const Name *name = n->type_named.name->name;
    bool builtin = type_is_builtin(name->text, n->type_named.args.count);
    abstract_open(o, builtin ? "type" : "user_type", n);
    abstract_text(o, ",");
    abstract_atom(o, name);
    abstract_text(o, ",");
    abstract_list(o, n->type_named.args);
    abstract_text(o, "}");
}

static void type_fun(AbstractPrint *o, const AstNode *n)
{
    unsigned at = abstract_line(o, n->span);
    fprintf(o->out, "{type,%u,'fun',[", at);
    if (!n->type_fun.any) {
        /* Of fun((...)), the position of the argument part. */
        if (n->type_fun.any_args) {
            fprintf(o->out, "{type,%u,any},", at);
        } else {
            fprintf(o->out, "{type,%u,product,", at);
            abstract_list(o, n->type_fun.args);
            abstract_text(o, "},");
        }
        abstract_node(o, n->type_fun.result);
    }
    abstract_text(o, "]}");
}

static void type_bounded(AbstractPrint *o, const AstNode *n)
{
    fprintf(o->out, "{type,%u,bounded_fun,[", abstract_line(o, n->span));
    abstract_node(o, n->type_bounded.fun);
    abstract_text(o, ",");
    abstract_list(o, n->type_bounded.constraints);
    abstract_text(o, "]}");
}

static void type_constraint(AbstractPrint *o, const AstNode *n)
{
    unsigned at = abstract_line(o, n->span);
    fprintf(o->out, "{type,%u,constraint,[{atom,%u,is_subtype},[", at, at);
    abstract_node(o, n->pair.left);
    abstract_text(o, ",");
    abstract_node(o, n->pair.right);
    abstract_text(o, "]]}");
}

static void type_items(AbstractPrint *o, const char *name, const AstNode *n)
{
    if (n->type_items.any) {
        fprintf(o->out, "{type,%u,%s,any}", abstract_line(o, n->span), name);
    } else {
        type(o, name, n, n->type_items.items);
    }
}

static void type_record(AbstractPrint *o, const AstNode *n)
{
    fprintf(o->out, "{type,%u,record,[", abstract_line(o, n->span));
    abstract_node(o, n->type_record.name);
    abstract_text(o, n->type_record.fields.count > 0 ? "," : "");
    abstract_separated(o, n->type_record.fields);
    abstract_text(o, "]}");
}

static void type_remote(AbstractPrint *o, const AstNode *n)
{
    abstract_open(o, "remote_type", n);
    abstract_text(o, ",[");
    abstract_node(o, n->type_remote.module);
    abstract_text(o, ",");
    abstract_node(o, n->type_remote.name);
    abstract_text(o, ",");
    abstract_list(o, n->type_remote.args);
    abstract_text(o, "]}");
}

static void attribute(AbstractPrint *o, const char *name, const AstNode *n)
{
    fprintf(o->out, "{attribute,%u,%s,", abstract_line(o, n->span), name);
}

static void names(AbstractPrint *o, AstList list_of_names)
{
    abstract_text(o, "[");
    for (uint32_t i = 0; i < list_of_names.count; i++) {
        const AstNode *n = list_of_names.items[i];
        abstract_text(o, i == 0 ? "{" : ",{");
        abstract_atom(o, n->name_arity.name->name);
        fprintf(o->out, ",%u}", n->name_arity.arity);
    }
    abstract_text(o, "]");
}

static void record_def(AbstractPrint *o, const AstNode *n)
{
    abstract_text(o, n->record_def.type != NULL ? "{typed_record_field," : "");
    abstract_open(o, "record_field", n);
    abstract_text(o, ",");
    abstract_node(o, n->record_def.name);
    if (n->record_def.value != NULL) {
        abstract_text(o, ",");
        abstract_node(o, n->record_def.value);
    }
    abstract_text(o, "}");
    if (n->record_def.type != NULL) {
        abstract_text(o, ",");
        abstract_node(o, n->record_def.type);
        abstract_text(o, "}");
    }
}

static void attr_spec(AbstractPrint *o, const AstNode *n)
{
    attribute(o, n->attr_spec.callback ? "callback" : "spec", n);
    abstract_text(o, "{{");
    if (n->attr_spec.module != NULL) {
        abstract_atom(o, n->attr_spec.module->name);
        abstract_text(o, ",");
    }
    abstract_atom(o, n->attr_spec.name->name);
    fprintf(o->out, ",%u},", n->attr_spec.arity);
    abstract_list(o, n->attr_spec.signatures);
    abstract_text(o, "}}");
}

/* A constant term as the term itself. */
static void term(AbstractPrint *o, const AstNode *n)
{
    switch (n->kind) {
    case AST_ATOM:
    case AST_INTEGER:
    case AST_FLOAT:
    case AST_CHAR:
    case AST_STRING:
        abstract_leaf(o, n);
        break;
    case AST_LIST:
        abstract_text(o, "[");
        for (uint32_t i = 0; i < n->list.items.count; i++) {
            abstract_text(o, i == 0 ? "" : ",");
            term(o, n->list.items.items[i]);
        }
        if (n->list.tail != NULL) {
            abstract_text(o, "|");
            term(o, n->list.tail);
        }
        abstract_text(o, "]");
        break;
    case AST_TUPLE:
        abstract_text(o, "{");
        for (uint32_t i = 0; i < n->items.count; i++) {
            abstract_text(o, i == 0 ? "" : ",");
            term(o, n->items.items[i]);
        }
        abstract_text(o, "}");
        break;
    case AST_UNARY:
        abstract_text(o, n->unary.op == AST_OP_MINUS ? "-" : "");
        term(o, n->unary.operand);
        break;
    case AST_BINARY:
        abstract_text(o, "{");
        term(o, n->binary.left);
        abstract_text(o, ",");
        term(o, n->binary.right);
        abstract_text(o, "}");
        break;
    case AST_MAP:
        abstract_text(o, "#{");
        for (uint32_t i = 0; i < n->map.fields.count; i++) {
            abstract_text(o, i == 0 ? "" : ",");
            term(o, n->map.fields.items[i]->pair.left);
            abstract_text(o, " => ");
            term(o, n->map.fields.items[i]->pair.right);
        }
        abstract_text(o, "}");
        break;
    default:
        abstract_text(o, "'?'");
        break;
    }
}

static void form(AbstractPrint *o, const AstNode *n)
{
    switch (n->kind) {
    case AST_FUNCTION:
        abstract_open(o, "function", n);
        abstract_text(o, ",");
        abstract_atom(o, n->function.name->name);
        fprintf(o->out, ",%u,", n->function.arity);
        abstract_list(o, n->function.clauses);
        break;
    case AST_ATTR_MODULE:
        attribute(o, "module", n);
        abstract_atom(o, n->one->name);
        break;
    case AST_ATTR_EXPORT:
    case AST_ATTR_EXPORT_TYPE:
        attribute(o, n->kind == AST_ATTR_EXPORT ? "export" : "export_type", n);
        names(o, n->items);
        break;
    case AST_ATTR_IMPORT:
        attribute(o, "import", n);
        abstract_text(o, "{");
        abstract_atom(o, n->attr_import.module->name);
        abstract_text(o, ",");
        names(o, n->attr_import.names);
        abstract_text(o, "}");
        break;
    case AST_ATTR_FILE:
        attribute(o, "file", n);
        fprintf(o->out, "{\"%s\",%u}", n->attr_file.name, n->attr_file.line);
        break;
    case AST_ATTR_RECORD:
        attribute(o, "record", n);
        abstract_text(o, "{");
        abstract_atom(o, n->attr_record.name->name);
        abstract_text(o, ",");
        abstract_list(o, n->attr_record.fields);
        abstract_text(o, "}");
        break;
    case AST_ATTR_TYPE:
        attribute(o, n->attr_type.opaque ? "opaque" : "type", n);
        abstract_text(o, "{");
        abstract_atom(o, n->attr_type.name->name);
        abstract_text(o, ",");
        abstract_node(o, n->attr_type.type);
        abstract_text(o, ",");
        abstract_list(o, n->attr_type.params);
        abstract_text(o, "}");
        break;
    case AST_ATTR_WILD:
        attribute(o, term_text_atom(&o->arena, n->attr_wild.name->name), n);
        term(o, n->attr_wild.value);
        break;
    default:
        abstract_text(o, "{error");
        break;
    }
    abstract_text(o, "}");
}

void abstract_type_or_form(AbstractPrint *o, const AstNode *n)
{
    switch (n->kind) {
    case AST_TYPE_NAMED:
        type_named(o, n);
        break;
    case AST_TYPE_REMOTE:
        type_remote(o, n);
        break;
    case AST_TYPE_ANN:
        abstract_open(o, "ann_type", n);
        abstract_text(o, ",[");
        abstract_node(o, n->pair.left);
        abstract_text(o, ",");
        abstract_node(o, n->pair.right);
        abstract_text(o, "]}");
        break;
    case AST_TYPE_UNION:
        type(o, "union", n, n->items);
        break;
    case AST_TYPE_RANGE:
        type_pair(o, "range", n);
        break;
    case AST_TYPE_TUPLE:
        type_items(o, "tuple", n);
        break;
    case AST_TYPE_MAP:
        type_items(o, "map", n);
        break;
    case AST_TYPE_MAP_ASSOC:
        type_pair(o, "map_field_assoc", n);
        break;
    case AST_TYPE_MAP_EXACT:
        type_pair(o, "map_field_exact", n);
        break;
    case AST_TYPE_RECORD:
        type_record(o, n);
        break;
    case AST_TYPE_FIELD:
        type_pair(o, "field_type", n);
        break;
    case AST_TYPE_BINARY:
        type_pair(o, "binary", n);
        break;
    case AST_TYPE_FUN:
        type_fun(o, n);
        break;
    case AST_TYPE_BOUNDED:
        type_bounded(o, n);
        break;
    case AST_TYPE_CONSTRAINT:
        type_constraint(o, n);
        break;
    case AST_ATTR_SPEC:
        attr_spec(o, n);
        break;
    case AST_RECORD_DEF:
        record_def(o, n);
        break;
    default:
        form(o, n);
        break;
    }
}
