/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/forms/abstract_write_form.c: functions and attributes; see abstract_write.h. */
#include "compiler/forms/abstract_writer.h"
#include <string.h>

/* Attributes stand where their name stands, behind the `-`. */
static SourceSpan name_place(const AbstractWriter *w, SourceSpan span)
{
    if (w->places != NULL && span.file == w->places->file) {
        span.start += w->places->tokens;
        return span;
    }
    const Source *source = source_of(w->sources, span);
    if (source != NULL && span.start < source->length && source->text[span.start] == '-') {
        span.start++;
        span.start += (uint32_t)strspn(source->text + span.start, " \t\r\n");
    }
    return span;
}

static void attribute(AbstractWriter *w, const char *name, const AstNode *node)
{
    write_head(w, 4, "attribute", name_place(w, node->span));
    etf_atom(w->out, name);
}

static void write_names(AbstractWriter *w, AstList names)
{
    etf_list(w->out, names.count);
    for (uint32_t i = 0; i < names.count; i++) {
        etf_tuple(w->out, 2);
        write_name(w, names.items[i]->name_arity.name->name);
        etf_int(w->out, names.items[i]->name_arity.arity);
    }
    etf_nil(w->out);
}

static void write_record_def(AbstractWriter *w, const AstNode *node)
{
    if (node->record_def.type != NULL) {
        etf_tuple(w->out, 3);
        etf_atom(w->out, "typed_record_field");
    }
    write_head(w, node->record_def.value != NULL ? 4 : 3, "record_field",
               node->record_def.name->span);
    abstract_write(w, node->record_def.name);
    if (node->record_def.value != NULL) {
        abstract_write(w, node->record_def.value);
    }
    if (node->record_def.type != NULL) {
        abstract_write(w, node->record_def.type);
    }
}

static void write_attr_spec(AbstractWriter *w, const AstNode *node)
{
    attribute(w, node->attr_spec.callback ? "callback" : "spec", node);
    etf_tuple(w->out, 2);
    etf_tuple(w->out, node->attr_spec.module != NULL ? 3 : 2);
    if (node->attr_spec.module != NULL) {
        write_name(w, node->attr_spec.module->name);
    }
    write_name(w, node->attr_spec.name->name);
    etf_int(w->out, node->attr_spec.arity);
    abstract_write_list(w, node->attr_spec.signatures);
}

static void write_term(AbstractWriter *w, const AstNode *node);

/* Bytes and strings; what else may stand in a binary is no constant in an attribute. */
static void write_binary_term(AbstractWriter *w, const AstNode *node)
{
    EtfOut bytes = {0};
    for (uint32_t i = 0; i < node->items.count; i++) {
        const AstNode *value = node->items.items[i]->bin_element.value;
        if (value->kind == AST_STRING) {
            for (uint32_t k = 0; k < value->string.count; k++) {
                vec_push(&bytes, (unsigned char)value->string.points[k]);
            }
        } else {
            int64_t byte = value->kind == AST_CHAR ? value->character : value->integer.small;
            vec_push(&bytes, (unsigned char)byte);
        }
    }
    etf_binary(w->out, bytes.items, bytes.count);
    vec_free(&bytes);
}

static void write_list_term(AbstractWriter *w, const AstNode *node)
{
    etf_list(w->out, node->list.items.count);
    for (uint32_t i = 0; i < node->list.items.count; i++) {
        write_term(w, node->list.items.items[i]);
    }
    if (node->list.tail != NULL) {
        write_term(w, node->list.tail);
    } else {
        etf_nil(w->out);
    }
}

static void write_number_term(AbstractWriter *w, const AstNode *node, bool negative)
{
    if (node->kind == AST_FLOAT) {
        etf_float(w->out, negative ? -node->number : node->number);
    } else if (node->kind == AST_CHAR) {
        etf_int(w->out, negative ? -(int64_t)node->character : (int64_t)node->character);
    } else if (node->integer.digits == NULL) {
        etf_int(w->out, negative ? -node->integer.small : node->integer.small);
    } else {
        size_t start = w->out->count;
        write_integer(w, node);
        /* a big number's sign stands behind its length */
        w->out->items[start + (w->out->items[start] == 110 ? 2 : 5)] = negative;
    }
}

/* A constant, as the term itself. */
static void write_term(AbstractWriter *w, const AstNode *node)
{
    switch (node->kind) {
    case AST_ATOM:
    case AST_VAR:
        write_name(w, node->name);
        break;
    case AST_INTEGER:
    case AST_FLOAT:
    case AST_CHAR:
        write_number_term(w, node, false);
        break;
    case AST_STRING:
        etf_points(w->out, node->string.points, node->string.count);
        break;
    case AST_LIST:
        write_list_term(w, node);
        break;
    case AST_TUPLE:
        etf_tuple(w->out, node->items.count);
        for (uint32_t i = 0; i < node->items.count; i++) {
            write_term(w, node->items.items[i]);
        }
        break;
    case AST_UNARY:
        write_number_term(w, node->unary.operand, node->unary.op == AST_OP_MINUS);
        break;
    case AST_BINARY:
        etf_tuple(w->out, 2);
        write_term(w, node->binary.left);
        write_term(w, node->binary.right);
        break;
    case AST_MAP:
        etf_map(w->out, node->map.fields.count);
        for (uint32_t i = 0; i < node->map.fields.count; i++) {
            write_term(w, node->map.fields.items[i]->pair.left);
            write_term(w, node->map.fields.items[i]->pair.right);
        }
        break;
    default:
        write_binary_term(w, node);
        break;
    }
}

/* Where `at` would be if the file attribute at span were not there. */
static SourcePlace place_before(const SourceSet *sources, SourceSpan span, SourceSpan at)
{
    SourcePlace place = source_place(sources, at);
    if (span.start > 0) {
        SourceSpan before = {span.file, span.start - 1, span.start};
        uint32_t physical = source_place(sources, before).line;
        place.line = source_logical_place(sources, before).line + place.line - physical;
    }
    return place;
}

/* It stands where it stood before it changed the names of places. */
static void write_file_attribute(AbstractWriter *w, const AstNode *node)
{
    SourceSpan at = name_place(w, node->span);
    const Source *source = source_of(w->sources, at);
    etf_tuple(w->out, 4);
    etf_atom(w->out, "attribute");
    if (source != NULL && source->places.count == 0) {
        SourcePlace place = place_before(w->sources, node->span, at);
        etf_list(w->out, 2);
        etf_tuple(w->out, 2);
        etf_atom(w->out, "generated");
        etf_atom(w->out, "true");
        etf_tuple(w->out, 2);
        etf_atom(w->out, "location");
        if (w->columns) {
            etf_tuple(w->out, 2);
        }
        etf_int(w->out, place.line);
        if (w->columns) {
            etf_int(w->out, place.column);
        }
        etf_nil(w->out);
    } else {
        abstract_write_anno(w, at);
    }
    etf_atom(w->out, "file");
    etf_tuple(w->out, 2);
    etf_text(w->out, node->attr_file.name);
    etf_int(w->out, node->attr_file.line);
}

static void write_attribute(AbstractWriter *w, const AstNode *node)
{
    switch (node->kind) {
    case AST_ATTR_MODULE:
        attribute(w, "module", node);
        write_name(w, node->one->name);
        break;
    case AST_ATTR_EXPORT:
    case AST_ATTR_EXPORT_TYPE:
        attribute(w, node->kind == AST_ATTR_EXPORT ? "export" : "export_type", node);
        write_names(w, node->items);
        break;
    case AST_ATTR_IMPORT:
        attribute(w, "import", node);
        etf_tuple(w->out, 2);
        write_name(w, node->attr_import.module->name);
        write_names(w, node->attr_import.names);
        break;
    case AST_ATTR_FILE:
        write_file_attribute(w, node);
        break;
    case AST_ATTR_RECORD:
        attribute(w, "record", node);
        etf_tuple(w->out, 2);
        write_name(w, node->attr_record.name->name);
        abstract_write_list(w, node->attr_record.fields);
        break;
    case AST_ATTR_TYPE:
        attribute(w, node->attr_type.opaque ? "opaque" : "type", node);
        etf_tuple(w->out, 3);
        write_name(w, node->attr_type.name->name);
        abstract_write(w, node->attr_type.type);
        abstract_write_list(w, node->attr_type.params);
        break;
    case AST_ATTR_SPEC:
        write_attr_spec(w, node);
        break;
    default:
        attribute(w, node->attr_wild.name->name->text, node);
        write_term(w, node->attr_wild.value);
        break;
    }
}

void write_form(AbstractWriter *w, const AstNode *node)
{
    switch (node->kind) {
    case AST_FUNCTION:
        write_head(w, 5, "function", node->span);
        write_name(w, node->function.name->name);
        etf_int(w->out, node->function.arity);
        write_clauses(w, node->function.clauses);
        break;
    case AST_RECORD_DEF:
        write_record_def(w, node);
        break;
    case AST_ERROR:
        write_head(w, 2, "error", node->span);
        break;
    default:
        write_attribute(w, node);
        break;
    }
}
