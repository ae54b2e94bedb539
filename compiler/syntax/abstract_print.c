/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/syntax/abstract_print.c: see abstract_print.h. The one place besides the erl_parse
 * bridge that knows the shapes of Erlang's abstract format; one case a kind, so the printing
 * functions are long. */
#include "compiler/syntax/abstract_print_state.h"
#include "compiler/syntax/term_text.h"
#include "vm/base/alloc.h"
#include "vm/base/utf8.h"
#include <inttypes.h>
#include <string.h>

unsigned abstract_line(const AbstractPrint *o, SourceSpan span)
{
    return source_logical_place(o->sources, span).line;
}

static unsigned end_line(const AbstractPrint *o, SourceSpan span)
{
    SourceSpan last = {span.file, span.end > 0 ? span.end - 1 : 0, span.end};
    return abstract_line(o, last);
}

void abstract_text(AbstractPrint *o, const char *text)
{
    fputs(text, o->out);
}

void abstract_atom(AbstractPrint *o, const Name *name)
{
    abstract_text(o, term_text_atom(&o->arena, name));
}

/* {tag,Line */
void abstract_open(AbstractPrint *o, const char *tag, const AstNode *n)
{
    fprintf(o->out, "{%s,%u", tag, abstract_line(o, n->span));
}

void abstract_separated(AbstractPrint *o, AstList list)
{
    for (uint32_t i = 0; i < list.count; i++) {
        abstract_text(o, i == 0 ? "" : ",");
        abstract_node(o, list.items[i]);
    }
}

void abstract_list(AbstractPrint *o, AstList items)
{
    abstract_text(o, "[");
    abstract_separated(o, items);
    abstract_text(o, "]");
}

static void tagged_list(AbstractPrint *o, const char *tag, const AstNode *n, AstList items)
{
    abstract_open(o, tag, n);
    abstract_text(o, ",");
    abstract_list(o, items);
    abstract_text(o, "}");
}

static void tagged_pair(AbstractPrint *o, const char *tag, const AstNode *n)
{
    SourceSpan at = n->pair.op_span.file != 0 ? n->pair.op_span : n->span;
    fprintf(o->out, "{%s,%u", tag, abstract_line(o, at));
    abstract_text(o, ",");
    abstract_node(o, n->pair.left);
    abstract_text(o, ",");
    abstract_node(o, n->pair.right);
    abstract_text(o, "}");
}

static void points(AbstractPrint *o, const uint32_t *text, uint32_t count)
{
    abstract_text(o, "[");
    for (uint32_t i = 0; i < count; i++) {
        fprintf(o->out, "%s%u", i == 0 ? "" : ",", text[i]);
    }
    abstract_text(o, "]");
}

/* Decimal digits of a number in another base, by long multiplication. */
static void decimal(AbstractPrint *o, const char *digits, uint32_t base)
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

static void integer_value(AbstractPrint *o, const AstNode *n)
{
    if (n->integer.digits == NULL) {
        fprintf(o->out, "%" PRId64, n->integer.small);
    } else if (n->integer.base == 10) {
        const char *digits = n->integer.digits;
        abstract_text(o, digits + strspn(digits, "0"));
    } else {
        decimal(o, n->integer.digits, n->integer.base);
    }
}

static void cons(AbstractPrint *o, const AstNode *n)
{
    AstList items = n->list.items;
    for (uint32_t i = 0; i < items.count; i++) {
        fprintf(o->out, "{cons,%u,", abstract_line(o, i == 0 ? n->span : items.items[i]->span));
        abstract_node(o, items.items[i]);
        abstract_text(o, ",");
    }
    if (n->list.tail != NULL) {
        abstract_node(o, n->list.tail);
    } else {
        fprintf(o->out, "{nil,%u}",
                items.count == 0 ? abstract_line(o, n->span) : end_line(o, n->span));
    }
    for (uint32_t i = 0; i < items.count; i++) {
        abstract_text(o, "}");
    }
}

static void bin_element(AbstractPrint *o, const AstNode *n)
{
    abstract_open(o, "bin_element", n);
    abstract_text(o, ",");
    abstract_node(o, n->bin_element.value);
    abstract_text(o, ",");
    if (n->bin_element.size == NULL) {
        abstract_text(o, "default");
    } else {
        abstract_node(o, n->bin_element.size);
    }
    abstract_text(o, n->bin_element.type_count == 0 ? ",default}" : ",[");
    for (uint32_t i = 0; i < n->bin_element.type_count; i++) {
        const AstBinType *type = &n->bin_element.types[i];
        abstract_text(o, i == 0 ? "" : ",");
        abstract_text(o, type->value != NULL ? "{" : "");
        abstract_atom(o, type->name);
        if (type->value != NULL) {
            abstract_text(o, ",");
            integer_value(o, type->value);
            abstract_text(o, "}");
        }
    }
    abstract_text(o, n->bin_element.type_count == 0 ? "" : "]}");
}

static void with_base(AbstractPrint *o, const char *tag, const AstNode *n, const AstNode *base)
{
    abstract_open(o, tag, n);
    abstract_text(o, ",");
    if (base != NULL) {
        abstract_node(o, base);
        abstract_text(o, ",");
    }
}

static void record_field(AbstractPrint *o, const AstNode *n)
{
    bool index = n->kind == AST_RECORD_INDEX;
    with_base(o, index ? "record_index" : "record_field", n, n->record_field.base);
    abstract_atom(o, n->record_field.name->name);
    abstract_text(o, ",");
    abstract_node(o, n->record_field.field);
    abstract_text(o, "}");
}

static void op(AbstractPrint *o, AstOp which, SourceSpan span)
{
    fprintf(o->out, "{op,%u,", abstract_line(o, span));
    const char *text = ast_op_text(which);
    bool quotes = text[0] < 'a' || which == AST_OP_AND || which == AST_OP_ANDALSO ||
                  which == AST_OP_OR || which == AST_OP_ORELSE || which == AST_OP_NOT ||
                  which == AST_OP_BNOT || text[0] == 'b' || text[0] == 'x' || text[0] == 'd' ||
                  text[0] == 'r';
    fprintf(o->out, quotes ? "'%s'," : "%s,", text);
}

static void guards(AbstractPrint *o, AstList list_of_guards)
{
    abstract_text(o, "[");
    for (uint32_t i = 0; i < list_of_guards.count; i++) {
        abstract_text(o, i == 0 ? "" : ",");
        abstract_list(o, list_of_guards.items[i]->items);
    }
    abstract_text(o, "]");
}

static void clause(AbstractPrint *o, const AstNode *n, bool catches)
{
    abstract_open(o, "clause", n);
    abstract_text(o, ",");
    if (catches) {
        fprintf(o->out, "[{tuple,%u,", abstract_line(o, n->span));
        abstract_list(o, n->clause.patterns);
        abstract_text(o, "}]");
    } else {
        abstract_list(o, n->clause.patterns);
    }
    abstract_text(o, ",");
    guards(o, n->clause.guards);
    abstract_text(o, ",");
    abstract_list(o, n->clause.body);
    abstract_text(o, "}");
}

static void try_node(AbstractPrint *o, const AstNode *n)
{
    abstract_open(o, "'try'", n);
    abstract_text(o, ",");
    abstract_list(o, n->try_.body);
    abstract_text(o, ",");
    abstract_list(o, n->try_.clauses);
    abstract_text(o, ",[");
    for (uint32_t i = 0; i < n->try_.catches.count; i++) {
        abstract_text(o, i == 0 ? "" : ",");
        clause(o, n->try_.catches.items[i], true);
    }
    abstract_text(o, "],");
    abstract_list(o, n->try_.after_body);
    abstract_text(o, "}");
}

static void receive(AbstractPrint *o, const AstNode *n)
{
    abstract_open(o, "'receive'", n);
    abstract_text(o, ",");
    abstract_list(o, n->receive.clauses);
    if (n->receive.timeout != NULL) {
        abstract_text(o, ",");
        abstract_node(o, n->receive.timeout);
        abstract_text(o, ",");
        abstract_list(o, n->receive.after_body);
    }
    abstract_text(o, "}");
}

static void fun_node(AbstractPrint *o, const AstNode *n)
{
    if (n->fun.var != NULL) {
        abstract_open(o, "named_fun", n);
        abstract_text(o, ",");
        abstract_atom(o, n->fun.var->name);
        abstract_text(o, ",");
        abstract_list(o, n->fun.clauses);
        abstract_text(o, "}");
        return;
    }
    abstract_open(o, "'fun'", n);
    abstract_text(o, ",{clauses,");
    abstract_list(o, n->fun.clauses);
    abstract_text(o, "}}");
}

static void maybe(AbstractPrint *o, const AstNode *n)
{
    abstract_open(o, "'maybe'", n);
    abstract_text(o, ",");
    abstract_list(o, n->maybe.body);
    if (n->maybe.else_clauses.count > 0) {
        fprintf(o->out, ",{'else',%u,", abstract_line(o, n->maybe.else_span));
        abstract_list(o, n->maybe.else_clauses);
        abstract_text(o, "}");
    }
    abstract_text(o, "}");
}

static void comprehension(AbstractPrint *o, const char *tag, const AstNode *n)
{
    abstract_open(o, tag, n);
    abstract_text(o, ",");
    abstract_node(o, n->comprehension.element);
    abstract_text(o, ",");
    abstract_list(o, n->comprehension.qualifiers);
    abstract_text(o, "}");
}

void abstract_leaf(AbstractPrint *o, const AstNode *n)
{
    switch (n->kind) {
    case AST_ATOM:
    case AST_VAR:
        abstract_atom(o, n->name);
        break;
    case AST_INTEGER:
        integer_value(o, n);
        break;
    case AST_FLOAT:
        abstract_text(o, term_text_float(&o->arena, n->number));
        break;
    case AST_CHAR:
        fprintf(o->out, "%u", n->character);
        break;
    default:
        points(o, n->string.points, n->string.count);
        break;
    }
}

static void leaf(AbstractPrint *o, const AstNode *n)
{
    static const char *const tags[] = {"atom", "var", "integer", "float", "char", "string"};
    abstract_open(o, tags[n->kind], n);
    abstract_text(o, ",");
    abstract_leaf(o, n);
    abstract_text(o, "}");
}

static void control(AbstractPrint *o, const AstNode *n)
{
    switch (n->kind) {
    case AST_CATCH:
        abstract_open(o, "'catch'", n);
        abstract_text(o, ",");
        abstract_node(o, n->one);
        abstract_text(o, "}");
        break;
    case AST_BLOCK:
        tagged_list(o, "block", n, n->items);
        break;
    case AST_IF:
        tagged_list(o, "'if'", n, n->items);
        break;
    case AST_CASE:
        abstract_open(o, "'case'", n);
        abstract_text(o, ",");
        abstract_node(o, n->choice.subject);
        abstract_text(o, ",");
        abstract_list(o, n->choice.clauses);
        abstract_text(o, "}");
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
        abstract_open(o, "call", n);
        abstract_text(o, ",");
        abstract_node(o, n->call.target);
        abstract_text(o, ",");
        abstract_list(o, n->call.args);
        abstract_text(o, "}");
        break;
    case AST_FUN_LOCAL:
        abstract_open(o, "'fun'", n);
        abstract_text(o, ",{function,");
        abstract_atom(o, n->name_arity.name->name);
        fprintf(o->out, ",%u}}", n->name_arity.arity);
        break;
    case AST_FUN_REMOTE:
        abstract_open(o, "'fun'", n);
        abstract_text(o, ",{function,");
        abstract_node(o, n->fun_remote.module);
        abstract_text(o, ",");
        abstract_node(o, n->fun_remote.function);
        abstract_text(o, ",");
        abstract_node(o, n->fun_remote.arity);
        abstract_text(o, "}}");
        break;
    case AST_FUN:
        fun_node(o, n);
        break;
    case AST_CLAUSE:
        clause(o, n, false);
        break;
    default:
        abstract_type_or_form(o, n);
        break;
    }
}

void abstract_node(AbstractPrint *o, const AstNode *n)
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
        abstract_list(o, n->map.fields);
        abstract_text(o, "}");
        break;
    case AST_RECORD:
        with_base(o, "record", n, n->record.base);
        abstract_atom(o, n->record.name->name);
        abstract_text(o, ",");
        abstract_list(o, n->record.fields);
        abstract_text(o, "}");
        break;
    case AST_RECORD_INDEX:
    case AST_RECORD_FIELD:
        record_field(o, n);
        break;
    case AST_UNARY:
        op(o, n->unary.op, n->span);
        abstract_node(o, n->unary.operand);
        abstract_text(o, "}");
        break;
    case AST_BINARY:
        op(o, n->binary.op, n->binary.op_span);
        abstract_node(o, n->binary.left);
        abstract_text(o, ",");
        abstract_node(o, n->binary.right);
        abstract_text(o, "}");
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
    AbstractPrint o = {out, sources, {0}};
    for (uint32_t i = 0; i < forms.count; i++) {
        abstract_node(&o, forms.items[i]);
        fputs(".\n", out);
        arena_free(&o.arena);
    }
}
