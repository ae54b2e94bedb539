/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/forms/abstract_read_form.c: functions and attributes; see abstract_read.h. */
#include "compiler/forms/abstract_reader.h"
#include <string.h>

AstList read_names(Reader *r, SourceSpan span)
{
    uint32_t count;
    if (!etf_list_begin(r->in, &count)) {
        etf_skip(r->in);
        read_bad(r, span, "a list of names is missing");
        return (AstList){NULL, 0};
    }
    AstList list = {ARENA_ARRAY(r->arena, AstNode *, count + 1), count};
    for (uint32_t i = 0; i < count; i++) {
        EtfItem pair = etf_read(r->in);
        AstNode *node = ast_new(r->arena, AST_NAME_ARITY, span);
        node->name_arity.name = read_atom_node(r, span);
        node->name_arity.arity = read_arity(r, span);
        list.items[i] = ast_finish(node);
        if (pair.kind != ETF_TUPLE || pair.count != 2) {
            read_bad(r, span, "a name with its arity is missing");
        }
    }
    if (!etf_list_end(r->in, count)) {
        read_bad(r, span, "a list is not proper");
    }
    return list;
}

/* Reads the head of a tuple of so many parts. */
static bool tuple(Reader *r, uint32_t least, uint32_t most, uint32_t *count, SourceSpan span)
{
    EtfItem item = etf_read(r->in);
    *count = item.count;
    if (item.kind == ETF_TUPLE && item.count >= least && item.count <= most) {
        return true;
    }
    read_bad(r, span, "a tuple is missing");
    return false;
}

static AstNode *read_module(Reader *r, const ReadHead *head)
{
    AstNode *node = read_new(r, head, AST_ATTR_MODULE);
    node->one = read_atom_node(r, head->span);
    return node;
}

static AstNode *read_export(Reader *r, const ReadHead *head)
{
    AstNode *node = read_new(r, head, AST_ATTR_EXPORT);
    node->items = read_names(r, head->span);
    return node;
}

static AstNode *read_export_type(Reader *r, const ReadHead *head)
{
    AstNode *node = read_new(r, head, AST_ATTR_EXPORT_TYPE);
    node->items = read_names(r, head->span);
    return node;
}

static AstNode *read_import(Reader *r, const ReadHead *head)
{
    AstNode *node = read_new(r, head, AST_ATTR_IMPORT);
    uint32_t count;
    if (!tuple(r, 2, 2, &count, head->span)) {
        return node;
    }
    node->attr_import.module = read_atom_node(r, head->span);
    node->attr_import.names = read_names(r, head->span);
    return node;
}

static AstNode *read_file(Reader *r, const ReadHead *head)
{
    AstNode *node = read_new(r, head, AST_ATTR_FILE);
    uint32_t count;
    const char *name = tuple(r, 2, 2, &count, head->span) ? etf_read_text(r->in, r->arena) : NULL;
    EtfItem line = etf_read(r->in);
    if (name == NULL || line.kind != ETF_INT) {
        return read_bad(r, head->span, "a file's name and line are missing");
    }
    node->attr_file.name = name;
    node->attr_file.line = (uint32_t)line.integer;
    places_set_file(&r->places, name);
    return node;
}

/* {record_field, _, Name}, {record_field, _, Name, Value}, {typed_record_field, Field, Type} */
static AstNode *read_record_def(Reader *r, SourceSpan span)
{
    EtfIn before = *r->in;
    uint32_t count;
    bool typed = tuple(r, 3, 4, &count, span) && name_is(read_name(r, span), "typed_record_field");
    if (!typed) {
        *r->in = before;
    }
    ReadHead head;
    if (r->bad || !read_head(r, &head)) {
        return ast_new(r->arena, AST_ERROR, span);
    }
    AstNode *node = read_new(r, &head, AST_RECORD_DEF);
    node->record_def.name = read_node(r);
    node->record_def.value = head.rest == 2 ? read_node(r) : NULL;
    node->record_def.type = typed ? read_node(r) : NULL;
    bool fits = name_is(head.tag, "record_field") && (head.rest == 1 || head.rest == 2) &&
                node->record_def.name->kind == AST_ATOM;
    return fits ? ast_finish(node) : read_bad(r, span, "a record field is missing");
}

static AstNode *read_record_attr(Reader *r, const ReadHead *head)
{
    AstNode *node = read_new(r, head, AST_ATTR_RECORD);
    uint32_t count;
    if (!tuple(r, 2, 2, &count, head->span)) {
        return node;
    }
    node->attr_record.name = read_atom_node(r, head->span);
    if (!etf_list_begin(r->in, &count)) {
        return read_bad(r, head->span, "the fields of a record are missing");
    }
    AstList fields = {ARENA_ARRAY(r->arena, AstNode *, count + 1), count};
    for (uint32_t i = 0; i < count; i++) {
        fields.items[i] = read_record_def(r, head->span);
    }
    node->attr_record.fields = fields;
    return etf_list_end(r->in, count) ? node : read_bad(r, head->span, "a list is not proper");
}

static AstNode *read_type_attr(Reader *r, const ReadHead *head)
{
    AstNode *node = read_new(r, head, AST_ATTR_TYPE);
    uint32_t count;
    if (!tuple(r, 3, 3, &count, head->span)) {
        return node;
    }
    node->attr_type.name = read_atom_node(r, head->span);
    node->attr_type.type = read_node(r);
    node->attr_type.params = read_list(r, head->span);
    return node;
}

static AstNode *read_opaque_attr(Reader *r, const ReadHead *head)
{
    AstNode *node = read_type_attr(r, head);
    node->attr_type.opaque = true;
    return node;
}

static AstNode *read_spec(Reader *r, const ReadHead *head)
{
    AstNode *node = read_new(r, head, AST_ATTR_SPEC);
    uint32_t count;
    if (!tuple(r, 2, 2, &count, head->span) || !tuple(r, 2, 3, &count, head->span)) {
        return node;
    }
    node->attr_spec.module = count == 3 ? read_atom_node(r, head->span) : NULL;
    node->attr_spec.name = read_atom_node(r, head->span);
    node->attr_spec.arity = read_arity(r, head->span);
    node->attr_spec.signatures = read_list(r, head->span);
    for (uint32_t i = 0; i < node->attr_spec.signatures.count; i++) {
        AstKind kind = node->attr_spec.signatures.items[i]->kind;
        if (kind != AST_TYPE_FUN && kind != AST_TYPE_BOUNDED) {
            return read_bad(r, head->span, "a fun type is missing");
        }
    }
    return node->attr_spec.signatures.count > 0
               ? node
               : read_bad(r, head->span, "the types of a spec are missing");
}

static AstNode *read_callback(Reader *r, const ReadHead *head)
{
    AstNode *node = read_spec(r, head);
    if (node->kind == AST_ATTR_SPEC) {
        node->attr_spec.callback = true;
    }
    return node;
}

typedef struct {
    const char *name;
    AstNode *(*read)(Reader *r, const ReadHead *head);
} AttributeRow;

static const AttributeRow attributes[] = {
    {"module", read_module},           {"export", read_export},      {"import", read_import},
    {"export_type", read_export_type}, {"file", read_file},          {"record", read_record_attr},
    {"type", read_type_attr},          {"opaque", read_opaque_attr}, {"spec", read_spec},
    {"callback", read_callback},
};

/* {attribute, _, Name, Value} */
static AstNode *read_attribute(Reader *r, const ReadHead *head)
{
    const Name *name = read_name(r, head->span);
    for (size_t i = 0; i < ACT_COUNT(attributes); i++) {
        if (name_is(name, attributes[i].name)) {
            return attributes[i].read(r, head);
        }
    }
    AstNode *node = read_new(r, head, AST_ATTR_WILD);
    node->attr_wild.name = ast_atom(r->arena, head->span, name);
    node->attr_wild.value = read_term(r, head->span);
    return node;
}

/* {function, _, Name, Arity, Clauses} */
static AstNode *read_function(Reader *r, const ReadHead *head)
{
    AstNode *node = read_new(r, head, AST_FUNCTION);
    node->function.name = read_atom_node(r, head->span);
    node->function.arity = read_arity(r, head->span);
    node->function.clauses = read_list(r, head->span);
    for (uint32_t i = 0; i < node->function.clauses.count; i++) {
        const AstNode *clause = node->function.clauses.items[i];
        if (clause->kind != AST_CLAUSE || clause->clause.patterns.count != node->function.arity) {
            return read_bad(r, clause->span, "a clause has another number of arguments");
        }
    }
    return node->function.clauses.count > 0 ? node
                                            : read_bad(r, head->span, "a function has no clauses");
}

/* NULL for what is no form of its own. */
static AstNode *read_form(Reader *r)
{
    EtfIn behind = *r->in;
    etf_skip(&behind);
    AstNode *node = NULL;
    ReadHead head;
    r->bad = false;
    r->depth = 0;
    EtfIn copy = *r->in;
    EtfItem item = etf_read(&copy);
    EtfItem tag = item.kind == ETF_TUPLE ? etf_read(&copy) : item;
    bool passed =
        etf_is_atom(&tag, "eof") || etf_is_atom(&tag, "error") || etf_is_atom(&tag, "warning");
    if (!passed && read_head(r, &head)) {
        if (name_is(head.tag, "function") && head.rest == 3) {
            node = read_function(r, &head);
        } else if (name_is(head.tag, "attribute") && head.rest == 2) {
            node = read_attribute(r, &head);
        } else {
            read_bad(r, head.span,
                     arena_printf(r->arena, "{%s, _, ...} is no form", head.tag->text));
        }
    }
    *r->in = behind;
    return node == NULL || r->bad ? NULL : ast_finish(node);
}

AstModule abstract_read_module(SyntaxContext *cx, EtfIn *in, const char *file)
{
    Reader r = {.cx = cx, .arena = &cx->arena, .in = in};
    places_init(&r.places, &cx->sources, in->bytes, file, false);
    AstModule module = {.file = r.places.file, .end = {r.places.file, 0, 0}};
    uint32_t count;
    if (!etf_list_begin(in, &count)) {
        read_bad(&r, module.end, "a list of forms is missing");
        return module;
    }
    module.forms.items = ARENA_ARRAY(&cx->arena, AstNode *, count + 1);
    bool named = false;
    for (uint32_t i = 0; i < count; i++) {
        AstNode *form = read_form(&r);
        if (form == NULL) {
            continue;
        }
        if (form->kind == AST_ATTR_FILE && !named) {
            named = true;
            module.file = module.end.file = r.places.file;
        }
        if (form->kind == AST_ATTR_MODULE && module.name == NULL) {
            module.name = form;
        }
        module.forms.items[module.forms.count++] = form;
    }
    if (!etf_list_end(in, count)) {
        read_bad(&r, module.end, "the list of forms is not proper");
    }
    module.written = module.forms.count;
    module.file = named ? module.file : 0;
    places_free(&r.places);
    return module;
}

AstNode *abstract_read_term(SyntaxContext *cx, EtfIn *in, SourceSpan span)
{
    Reader r = {.cx = cx, .arena = &cx->arena, .in = in};
    AstNode *node = read_term(&r, span);
    return r.bad ? NULL : node;
}
