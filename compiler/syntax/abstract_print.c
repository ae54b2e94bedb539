/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/syntax/abstract_print.c: see abstract_print.h. The one place besides the erl_parse
 * bridge that knows the shapes of Erlang's abstract format; one case a kind, so the printing
 * functions are long. */
#include "compiler/syntax/abstract_print.h"
#include "compiler/syntax/term_text.h"
#include "compiler/syntax/type_names.h"
#include "vm/base/alloc.h"
#include "vm/base/utf8.h"
#include <inttypes.h>
#include <string.h>

typedef struct {
    FILE *out;
    const SourceSet *sources;
    Arena arena;
} Out;

static void node(Out *o, const AstNode *n);

static unsigned line(const Out *o, SourceSpan span)
{
    return source_logical_place(o->sources, span).line;
}

static unsigned end_line(const Out *o, SourceSpan span)
{
    SourceSpan last = {span.file, span.end > 0 ? span.end - 1 : 0, span.end};
    return line(o, last);
}

static void put(Out *o, const char *text)
{
    fputs(text, o->out);
}

static void atom(Out *o, const Name *name)
{
    put(o, term_text_atom(&o->arena, name));
}

/* {tag,Line */
static void open(Out *o, const char *tag, const AstNode *n)
{
    fprintf(o->out, "{%s,%u", tag, line(o, n->span));
}

static void separated(Out *o, AstList list)
{
    for (uint32_t i = 0; i < list.count; i++) {
        put(o, i == 0 ? "" : ",");
        node(o, list.items[i]);
    }
}

static void list(Out *o, AstList items)
{
    put(o, "[");
    separated(o, items);
    put(o, "]");
}

static void tagged_list(Out *o, const char *tag, const AstNode *n, AstList items)
{
    open(o, tag, n);
    put(o, ",");
    list(o, items);
    put(o, "}");
}

static void tagged_pair(Out *o, const char *tag, const AstNode *n)
{
    SourceSpan at = n->pair.op_span.file != 0 ? n->pair.op_span : n->span;
    fprintf(o->out, "{%s,%u", tag, line(o, at));
    put(o, ",");
    node(o, n->pair.left);
    put(o, ",");
    node(o, n->pair.right);
    put(o, "}");
}

static void points(Out *o, const uint32_t *text, uint32_t count)
{
    put(o, "[");
    for (uint32_t i = 0; i < count; i++) {
        fprintf(o->out, "%s%u", i == 0 ? "" : ",", text[i]);
    }
    put(o, "]");
}

/* Decimal digits of a number in another base, by long multiplication. */
static void decimal(Out *o, const char *digits, uint32_t base)
{
    size_t room = strlen(digits) * 2 + 2;
    unsigned char *value = alloc_must_zero(room); /* least digit first */
    size_t used = 1;
    for (const char *at = digits; *at != '\0'; at++) {
        uint32_t carry = (uint32_t)(*at <= '9' ? *at - '0' : *at - 'a' + 10);
        for (size_t i = 0; i < used || carry > 0; i++) {
            carry += (uint32_t)value[i] * base;
            value[i] = (unsigned char)(carry % 10);
            carry /= 10;
            used = ACT_MAX(used, i + 1);
        }
    }
    while (used-- > 0) {
        fputc('0' + value[used], o->out);
    }
    alloc_free(value);
}

static void integer_value(Out *o, const AstNode *n)
{
    if (n->integer.digits == NULL) {
        fprintf(o->out, "%" PRId64, n->integer.small);
    } else if (n->integer.base == 10) {
        const char *digits = n->integer.digits;
        put(o, digits + strspn(digits, "0"));
    } else {
        decimal(o, n->integer.digits, n->integer.base);
    }
}

static void cons(Out *o, const AstNode *n)
{
    AstList items = n->list.items;
    for (uint32_t i = 0; i < items.count; i++) {
        fprintf(o->out, "{cons,%u,", line(o, i == 0 ? n->span : items.items[i]->span));
        node(o, items.items[i]);
        put(o, ",");
    }
    if (n->list.tail != NULL) {
        node(o, n->list.tail);
    } else {
        fprintf(o->out, "{nil,%u}", items.count == 0 ? line(o, n->span) : end_line(o, n->span));
    }
    for (uint32_t i = 0; i < items.count; i++) {
        put(o, "}");
    }
}

static void bin_element(Out *o, const AstNode *n)
{
    open(o, "bin_element", n);
    put(o, ",");
    node(o, n->bin_element.value);
    put(o, ",");
    if (n->bin_element.size == NULL) {
        put(o, "default");
    } else {
        node(o, n->bin_element.size);
    }
    put(o, n->bin_element.type_count == 0 ? ",default}" : ",[");
    for (uint32_t i = 0; i < n->bin_element.type_count; i++) {
        const AstBinType *type = &n->bin_element.types[i];
        put(o, i == 0 ? "" : ",");
        put(o, type->value != NULL ? "{" : "");
        atom(o, type->name);
        if (type->value != NULL) {
            put(o, ",");
            integer_value(o, type->value);
            put(o, "}");
        }
    }
    put(o, n->bin_element.type_count == 0 ? "" : "]}");
}

static void with_base(Out *o, const char *tag, const AstNode *n, const AstNode *base)
{
    open(o, tag, n);
    put(o, ",");
    if (base != NULL) {
        node(o, base);
        put(o, ",");
    }
}

static void record_field(Out *o, const AstNode *n)
{
    bool index = n->kind == AST_RECORD_INDEX;
    with_base(o, index ? "record_index" : "record_field", n, n->record_field.base);
    atom(o, n->record_field.name->name);
    put(o, ",");
    node(o, n->record_field.field);
    put(o, "}");
}

static void op(Out *o, AstOp which, SourceSpan span)
{
    fprintf(o->out, "{op,%u,", line(o, span));
    const char *text = ast_op_text(which);
    bool quotes = text[0] < 'a' || which == AST_OP_AND || which == AST_OP_ANDALSO ||
                  which == AST_OP_OR || which == AST_OP_ORELSE || which == AST_OP_NOT ||
                  which == AST_OP_BNOT || text[0] == 'b' || text[0] == 'x' || text[0] == 'd' ||
                  text[0] == 'r';
    fprintf(o->out, quotes ? "'%s'," : "%s,", text);
}

static void guards(Out *o, AstList list_of_guards)
{
    put(o, "[");
    for (uint32_t i = 0; i < list_of_guards.count; i++) {
        put(o, i == 0 ? "" : ",");
        list(o, list_of_guards.items[i]->items);
    }
    put(o, "]");
}

static void clause(Out *o, const AstNode *n, bool catches)
{
    open(o, "clause", n);
    put(o, ",");
    if (catches) {
        fprintf(o->out, "[{tuple,%u,", line(o, n->span));
        list(o, n->clause.patterns);
        put(o, "}]");
    } else {
        list(o, n->clause.patterns);
    }
    put(o, ",");
    guards(o, n->clause.guards);
    put(o, ",");
    list(o, n->clause.body);
    put(o, "}");
}

static void try_node(Out *o, const AstNode *n)
{
    open(o, "'try'", n);
    put(o, ",");
    list(o, n->try_.body);
    put(o, ",");
    list(o, n->try_.clauses);
    put(o, ",[");
    for (uint32_t i = 0; i < n->try_.catches.count; i++) {
        put(o, i == 0 ? "" : ",");
        clause(o, n->try_.catches.items[i], true);
    }
    put(o, "],");
    list(o, n->try_.after_body);
    put(o, "}");
}

static void receive(Out *o, const AstNode *n)
{
    open(o, "'receive'", n);
    put(o, ",");
    list(o, n->receive.clauses);
    if (n->receive.timeout != NULL) {
        put(o, ",");
        node(o, n->receive.timeout);
        put(o, ",");
        list(o, n->receive.after_body);
    }
    put(o, "}");
}

static void fun_node(Out *o, const AstNode *n)
{
    if (n->fun.var != NULL) {
        open(o, "named_fun", n);
        put(o, ",");
        atom(o, n->fun.var->name);
        put(o, ",");
        list(o, n->fun.clauses);
        put(o, "}");
        return;
    }
    open(o, "'fun'", n);
    put(o, ",{clauses,");
    list(o, n->fun.clauses);
    put(o, "}}");
}

static void maybe(Out *o, const AstNode *n)
{
    open(o, "'maybe'", n);
    put(o, ",");
    list(o, n->maybe.body);
    if (n->maybe.else_clauses.count > 0) {
        fprintf(o->out, ",{'else',%u,", line(o, n->maybe.else_span));
        list(o, n->maybe.else_clauses);
        put(o, "}");
    }
    put(o, "}");
}

static void comprehension(Out *o, const char *tag, const AstNode *n)
{
    open(o, tag, n);
    put(o, ",");
    node(o, n->comprehension.element);
    put(o, ",");
    list(o, n->comprehension.qualifiers);
    put(o, "}");
}

/* {type,Line,name,[...]} */
static void type(Out *o, const char *name, const AstNode *n, AstList args)
{
    fprintf(o->out, "{type,%u,%s,", line(o, n->span), name);
    list(o, args);
    put(o, "}");
}

static void type_pair(Out *o, const char *name, const AstNode *n)
{
    AstNode *parts[2] = {n->pair.left, n->pair.right};
    type(o, name, n, (AstList){parts, 2});
}

static void type_named(Out *o, const AstNode *n)
{
    const Name *name = n->type_named.name->name;
    bool builtin = type_is_builtin(name->text, n->type_named.args.count);
    open(o, builtin ? "type" : "user_type", n);
    put(o, ",");
    atom(o, name);
    put(o, ",");
    list(o, n->type_named.args);
    put(o, "}");
}

static void type_fun(Out *o, const AstNode *n)
{
    unsigned at = line(o, n->span);
    fprintf(o->out, "{type,%u,'fun',[", at);
    if (!n->type_fun.any) {
        /* Of fun((...)), the position of the argument part. */
        if (n->type_fun.any_args) {
            fprintf(o->out, "{type,%u,any},", at);
        } else {
            fprintf(o->out, "{type,%u,product,", at);
            list(o, n->type_fun.args);
            put(o, "},");
        }
        node(o, n->type_fun.result);
    }
    put(o, "]}");
}

static void type_bounded(Out *o, const AstNode *n)
{
    fprintf(o->out, "{type,%u,bounded_fun,[", line(o, n->span));
    node(o, n->type_bounded.fun);
    put(o, ",");
    list(o, n->type_bounded.constraints);
    put(o, "]}");
}

static void type_constraint(Out *o, const AstNode *n)
{
    unsigned at = line(o, n->span);
    fprintf(o->out, "{type,%u,constraint,[{atom,%u,is_subtype},[", at, at);
    node(o, n->pair.left);
    put(o, ",");
    node(o, n->pair.right);
    put(o, "]]}");
}

static void type_items(Out *o, const char *name, const AstNode *n)
{
    if (n->type_items.any) {
        fprintf(o->out, "{type,%u,%s,any}", line(o, n->span), name);
    } else {
        type(o, name, n, n->type_items.items);
    }
}

static void type_record(Out *o, const AstNode *n)
{
    fprintf(o->out, "{type,%u,record,[", line(o, n->span));
    node(o, n->type_record.name);
    put(o, n->type_record.fields.count > 0 ? "," : "");
    separated(o, n->type_record.fields);
    put(o, "]}");
}

static void type_remote(Out *o, const AstNode *n)
{
    open(o, "remote_type", n);
    put(o, ",[");
    node(o, n->type_remote.module);
    put(o, ",");
    node(o, n->type_remote.name);
    put(o, ",");
    list(o, n->type_remote.args);
    put(o, "]}");
}

static void attribute(Out *o, const char *name, const AstNode *n)
{
    fprintf(o->out, "{attribute,%u,%s,", line(o, n->span), name);
}

static void names(Out *o, AstList list_of_names)
{
    put(o, "[");
    for (uint32_t i = 0; i < list_of_names.count; i++) {
        const AstNode *n = list_of_names.items[i];
        put(o, i == 0 ? "{" : ",{");
        atom(o, n->name_arity.name->name);
        fprintf(o->out, ",%u}", n->name_arity.arity);
    }
    put(o, "]");
}

static void record_def(Out *o, const AstNode *n)
{
    put(o, n->record_def.type != NULL ? "{typed_record_field," : "");
    open(o, "record_field", n);
    put(o, ",");
    node(o, n->record_def.name);
    if (n->record_def.value != NULL) {
        put(o, ",");
        node(o, n->record_def.value);
    }
    put(o, "}");
    if (n->record_def.type != NULL) {
        put(o, ",");
        node(o, n->record_def.type);
        put(o, "}");
    }
}

static void attr_spec(Out *o, const AstNode *n)
{
    attribute(o, n->attr_spec.callback ? "callback" : "spec", n);
    put(o, "{{");
    if (n->attr_spec.module != NULL) {
        atom(o, n->attr_spec.module->name);
        put(o, ",");
    }
    atom(o, n->attr_spec.name->name);
    fprintf(o->out, ",%u},", n->attr_spec.arity);
    list(o, n->attr_spec.signatures);
    put(o, "}}");
}

/* A constant term as the term itself. */
static void term(Out *o, const AstNode *n)
{
    switch (n->kind) {
    case AST_ATOM:
        atom(o, n->name);
        break;
    case AST_INTEGER:
        integer_value(o, n);
        break;
    case AST_FLOAT:
        put(o, term_text_float(&o->arena, n->number));
        break;
    case AST_CHAR:
        fprintf(o->out, "%u", n->character);
        break;
    case AST_STRING:
        points(o, n->string.points, n->string.count);
        break;
    case AST_LIST:
        put(o, "[");
        for (uint32_t i = 0; i < n->list.items.count; i++) {
            put(o, i == 0 ? "" : ",");
            term(o, n->list.items.items[i]);
        }
        if (n->list.tail != NULL) {
            put(o, "|");
            term(o, n->list.tail);
        }
        put(o, "]");
        break;
    case AST_TUPLE:
        put(o, "{");
        for (uint32_t i = 0; i < n->items.count; i++) {
            put(o, i == 0 ? "" : ",");
            term(o, n->items.items[i]);
        }
        put(o, "}");
        break;
    case AST_UNARY:
        put(o, n->unary.op == AST_OP_MINUS ? "-" : "");
        term(o, n->unary.operand);
        break;
    case AST_BINARY:
        put(o, "{");
        term(o, n->binary.left);
        put(o, ",");
        term(o, n->binary.right);
        put(o, "}");
        break;
    case AST_MAP:
        put(o, "#{");
        for (uint32_t i = 0; i < n->map.fields.count; i++) {
            put(o, i == 0 ? "" : ",");
            term(o, n->map.fields.items[i]->pair.left);
            put(o, " => ");
            term(o, n->map.fields.items[i]->pair.right);
        }
        put(o, "}");
        break;
    default:
        put(o, "'?'");
        break;
    }
}

static void form(Out *o, const AstNode *n)
{
    switch (n->kind) {
    case AST_FUNCTION:
        open(o, "function", n);
        put(o, ",");
        atom(o, n->function.name->name);
        fprintf(o->out, ",%u,", n->function.arity);
        list(o, n->function.clauses);
        break;
    case AST_ATTR_MODULE:
        attribute(o, "module", n);
        atom(o, n->one->name);
        break;
    case AST_ATTR_EXPORT:
    case AST_ATTR_EXPORT_TYPE:
        attribute(o, n->kind == AST_ATTR_EXPORT ? "export" : "export_type", n);
        names(o, n->items);
        break;
    case AST_ATTR_IMPORT:
        attribute(o, "import", n);
        put(o, "{");
        atom(o, n->attr_import.module->name);
        put(o, ",");
        names(o, n->attr_import.names);
        put(o, "}");
        break;
    case AST_ATTR_FILE:
        attribute(o, "file", n);
        fprintf(o->out, "{\"%s\",%u}", n->attr_file.name, n->attr_file.line);
        break;
    case AST_ATTR_RECORD:
        attribute(o, "record", n);
        put(o, "{");
        atom(o, n->attr_record.name->name);
        put(o, ",");
        list(o, n->attr_record.fields);
        put(o, "}");
        break;
    case AST_ATTR_TYPE:
        attribute(o, n->attr_type.opaque ? "opaque" : "type", n);
        put(o, "{");
        atom(o, n->attr_type.name->name);
        put(o, ",");
        node(o, n->attr_type.type);
        put(o, ",");
        list(o, n->attr_type.params);
        put(o, "}");
        break;
    case AST_ATTR_WILD:
        attribute(o, term_text_atom(&o->arena, n->attr_wild.name->name), n);
        term(o, n->attr_wild.value);
        break;
    default:
        put(o, "{error");
        break;
    }
    put(o, "}");
}

static void type_or_form(Out *o, const AstNode *n)
{
    switch (n->kind) {
    case AST_TYPE_NAMED:
        type_named(o, n);
        break;
    case AST_TYPE_REMOTE:
        type_remote(o, n);
        break;
    case AST_TYPE_ANN:
        open(o, "ann_type", n);
        put(o, ",[");
        node(o, n->pair.left);
        put(o, ",");
        node(o, n->pair.right);
        put(o, "]}");
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

static void leaf(Out *o, const AstNode *n)
{
    static const char *const tags[] = {"atom", "var", "integer", "float", "char", "string"};
    open(o, tags[n->kind], n);
    put(o, ",");
    switch (n->kind) {
    case AST_ATOM:
    case AST_VAR:
        atom(o, n->name);
        break;
    case AST_INTEGER:
        integer_value(o, n);
        break;
    case AST_FLOAT:
        put(o, term_text_float(&o->arena, n->number));
        break;
    case AST_CHAR:
        fprintf(o->out, "%u", n->character);
        break;
    default:
        points(o, n->string.points, n->string.count);
        break;
    }
    put(o, "}");
}

static void control(Out *o, const AstNode *n)
{
    switch (n->kind) {
    case AST_CATCH:
        open(o, "'catch'", n);
        put(o, ",");
        node(o, n->one);
        put(o, "}");
        break;
    case AST_BLOCK:
        tagged_list(o, "block", n, n->items);
        break;
    case AST_IF:
        tagged_list(o, "'if'", n, n->items);
        break;
    case AST_CASE:
        open(o, "'case'", n);
        put(o, ",");
        node(o, n->choice.subject);
        put(o, ",");
        list(o, n->choice.clauses);
        put(o, "}");
        break;
    case AST_RECEIVE:
        receive(o, n);
        break;
    case AST_TRY:
        try_node(o, n);
        break;
    case AST_MAYBE:
        maybe(o, n);
        break;
    case AST_MAYBE_MATCH:
        tagged_pair(o, "maybe_match", n);
        break;
    case AST_CALL:
        open(o, "call", n);
        put(o, ",");
        node(o, n->call.target);
        put(o, ",");
        list(o, n->call.args);
        put(o, "}");
        break;
    case AST_FUN_LOCAL:
        open(o, "'fun'", n);
        put(o, ",{function,");
        atom(o, n->name_arity.name->name);
        fprintf(o->out, ",%u}}", n->name_arity.arity);
        break;
    case AST_FUN_REMOTE:
        open(o, "'fun'", n);
        put(o, ",{function,");
        node(o, n->fun_remote.module);
        put(o, ",");
        node(o, n->fun_remote.function);
        put(o, ",");
        node(o, n->fun_remote.arity);
        put(o, "}}");
        break;
    case AST_FUN:
        fun_node(o, n);
        break;
    case AST_CLAUSE:
        clause(o, n, false);
        break;
    default:
        type_or_form(o, n);
        break;
    }
}

static void node(Out *o, const AstNode *n)
{
    switch (n->kind) {
    case AST_ATOM:
    case AST_VAR:
    case AST_INTEGER:
    case AST_FLOAT:
    case AST_CHAR:
    case AST_STRING:
        leaf(o, n);
        break;
    case AST_LIST:
        cons(o, n);
        break;
    case AST_TUPLE:
        tagged_list(o, "tuple", n, n->items);
        break;
    case AST_BIN:
        tagged_list(o, "bin", n, n->items);
        break;
    case AST_BIN_ELEMENT:
        bin_element(o, n);
        break;
    case AST_MAP:
        with_base(o, "map", n, n->map.base);
        list(o, n->map.fields);
        put(o, "}");
        break;
    case AST_RECORD:
        with_base(o, "record", n, n->record.base);
        atom(o, n->record.name->name);
        put(o, ",");
        list(o, n->record.fields);
        put(o, "}");
        break;
    case AST_RECORD_INDEX:
    case AST_RECORD_FIELD:
        record_field(o, n);
        break;
    case AST_UNARY:
        op(o, n->unary.op, n->span);
        node(o, n->unary.operand);
        put(o, "}");
        break;
    case AST_BINARY:
        op(o, n->binary.op, n->binary.op_span);
        node(o, n->binary.left);
        put(o, ",");
        node(o, n->binary.right);
        put(o, "}");
        break;
    case AST_MAP_ASSOC:
        tagged_pair(o, "map_field_assoc", n);
        break;
    case AST_MAP_EXACT:
        tagged_pair(o, "map_field_exact", n);
        break;
    case AST_RECORD_ASSIGN:
        tagged_pair(o, "record_field", n);
        break;
    case AST_MATCH:
        tagged_pair(o, "match", n);
        break;
    case AST_REMOTE:
        tagged_pair(o, "remote", n);
        break;
    case AST_LIST_COMP:
        comprehension(o, "lc", n);
        break;
    case AST_BIN_COMP:
        comprehension(o, "bc", n);
        break;
    case AST_MAP_COMP:
        comprehension(o, "mc", n);
        break;
    case AST_GENERATE:
        tagged_pair(o, "generate", n);
        break;
    case AST_BIN_GENERATE:
        tagged_pair(o, "b_generate", n);
        break;
    case AST_MAP_GENERATE:
        tagged_pair(o, "m_generate", n);
        break;
    default:
        control(o, n);
        break;
    }
}

void abstract_print(FILE *out, const SourceSet *sources, AstList forms)
{
    Out o = {out, sources, {0}};
    for (uint32_t i = 0; i < forms.count; i++) {
        node(&o, forms.items[i]);
        fputs(".\n", out);
        arena_free(&o.arena);
    }
}
