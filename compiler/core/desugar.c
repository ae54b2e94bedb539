/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/core/desugar.c: a module's forms, one by one. */
#include "compiler/core/desugar.h"
#include "vm/base/bug.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* The line without its column, which would cost the length of the line each time. */
static uint32_t line_number(const Source *source, uint32_t offset)
{
    size_t low = 0;
    size_t high = source->lines.count;
    while (high - low > 1) {
        size_t mid = (low + high) / 2;
        if (source->lines.items[mid] <= offset) {
            low = mid;
        } else {
            high = mid;
        }
    }
    return (uint32_t)low + 1;
}

static uint32_t file_index(Desugar *b, const char *name)
{
    if (name == b->last_file) {
        return b->last_file_index;
    }
    uint32_t i = 0;
    while (i < b->module->files.count && strcmp(b->module->files.items[i], name) != 0) {
        i++;
    }
    if (i == b->module->files.count) {
        vec_push(&b->module->files, arena_strndup(b->arena, name, strlen(name)));
    }
    b->last_file = name;
    b->last_file_index = i;
    return i;
}

CoreLine desugar_line(Desugar *b, SourceSpan span)
{
    CoreLine line = {0, 0};
    const Source *source = source_of(b->sources, span);
    if (source == NULL || b->no_lines) {
        return line;
    }
    if (source->remaps.count == 0 && source->places.count == 0) {
        line.line = line_number(source, span.start);
        line.file = file_index(b, source->name);
        return line;
    }
    SourcePlace place = source_logical_place(b->sources, span);
    line.line = place.line;
    line.file = file_index(b, place.name);
    return line;
}

CoreLine desugar_node_line(Desugar *b, const AstNode *node)
{
    switch ((AstKind)node->kind) {
    case AST_BINARY:
        return desugar_line(b, node->binary.op_span);
    case AST_RECORD:
        if (node->record.base != NULL) {
            return desugar_line(b, node->record.name->span);
        }
        break;
    case AST_RECORD_FIELD:
        return desugar_line(b, node->record_field.name->span);
    default:
        break;
    }
    return desugar_line(b, node->span);
}

const Konst *desugar_atom(Desugar *b, const Name *name)
{
    if (name->index >= b->atom_room) {
        uint32_t room = ACT_MAX(b->names->count + 64, name->index * 2 + 64);
        b->atoms = alloc_must_resize(b->atoms, room * sizeof(*b->atoms));
        memset(b->atoms + b->atom_room, 0, (room - b->atom_room) * sizeof(*b->atoms));
        b->atom_room = room;
    }
    if (b->atoms[name->index] == NULL) {
        b->atoms[name->index] = konst_atom(b->arena, name->text, name->length);
    }
    return b->atoms[name->index];
}

const Konst *desugar_atom_text(Desugar *b, const char *text)
{
    return desugar_atom(b, name_intern_text(b->names, text));
}

CoreNode *desugar_error(Desugar *b, SourceSpan span, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    diag_report(b->diags, DIAG_E0001, span, text);
    b->errors++;
    return core_literal(b->arena, desugar_line(b, span), desugar_atom_text(b, "error"));
}

static Known *known_slot(Desugar *b, const Name *name, uint32_t arity)
{
    uint32_t mask = b->known_room - 1;
    uint32_t at = (name->hash * 31 + arity) & mask;
    while (b->known[at].name != NULL &&
           (b->known[at].name != name || b->known[at].arity != arity)) {
        at = (at + 1) & mask;
    }
    return &b->known[at];
}

static void known_grow(Desugar *b)
{
    Known *old = b->known;
    uint32_t old_room = b->known_room;
    b->known_room = old_room == 0 ? 64 : old_room * 2;
    b->known = alloc_must_zero(b->known_room * sizeof(Known));
    for (uint32_t i = 0; i < old_room; i++) {
        if (old[i].name != NULL) {
            *known_slot(b, old[i].name, old[i].arity) = old[i];
        }
    }
    alloc_free(old);
}

static Known *known_add(Desugar *b, const Name *name, uint32_t arity)
{
    if (b->known_count * 2 >= b->known_room) {
        known_grow(b);
    }
    Known *known = known_slot(b, name, arity);
    if (known->name == NULL) {
        b->known_count++;
        known->name = name;
        known->arity = arity;
    }
    return known;
}

const Known *desugar_find(Desugar *b, const Name *name, uint32_t arity)
{
    if (b->known_room == 0) {
        return NULL;
    }
    const Known *known = known_slot(b, name, arity);
    return known->name == NULL ? NULL : known;
}

static CoreFunction *declare_function(Desugar *b, const Konst *name, uint32_t arity, CoreLine line)
{
    CoreFunction *function = ARENA_NEW(b->arena, CoreFunction);
    function->name = name;
    function->arity = function->lambda_arity = arity;
    function->line = line;
    vec_push(&b->module->functions, function);
    return function;
}

static void declare_import(Desugar *b, const AstNode *form)
{
    for (uint32_t i = 0; i < form->attr_import.names.count; i++) {
        const AstNode *item = form->attr_import.names.items[i];
        Known *known = known_add(b, item->name_arity.name->name, item->name_arity.arity);
        known->module = form->attr_import.module->name;
    }
}

static void declare_form(Desugar *b, const AstNode *form)
{
    const Name *name = form->function.name->name;
    CoreLine line = desugar_line(b, form->span);
    Known *known = known_add(b, name, form->function.arity);
    known->module = NULL;
    known->function = (uint32_t)b->module->functions.count;
    declare_function(b, desugar_atom(b, name), form->function.arity, line);
}

/* First walk: what names mean. */
static void declare(Desugar *b, AstList forms)
{
    for (uint32_t i = 0; i < forms.count; i++) {
        AstNode *form = forms.items[i];
        if (form->kind == AST_ATTR_MODULE && form->one->kind == AST_ATOM) {
            b->module->name = desugar_atom(b, form->one->name);
        } else if (form->kind == AST_FUNCTION) {
            declare_form(b, form);
        } else if (form->kind == AST_ATTR_RECORD) {
            Record record = {form->attr_record.name->name, form->attr_record.fields};
            vec_push(&b->records, record);
        } else if (form->kind == AST_ATTR_IMPORT) {
            declare_import(b, form);
        }
    }
}

static void mark_export(Desugar *b, const Name *name, uint32_t arity)
{
    const Known *known = desugar_find(b, name, arity);
    if (known != NULL && known->module == NULL) {
        b->module->functions.items[known->function]->exported = true;
    }
}

static bool term_has_atom(const AstNode *value, const char *text)
{
    if (value->kind == AST_ATOM) {
        return name_is(value->name, text);
    }
    if (value->kind == AST_LIST) {
        for (uint32_t i = 0; i < value->list.items.count; i++) {
            if (term_has_atom(value->list.items.items[i], text)) {
                return true;
            }
        }
    }
    return false;
}

static bool compiled_with(AstList forms, const char *option)
{
    for (uint32_t i = 0; i < forms.count; i++) {
        const AstNode *form = forms.items[i];
        if (form->kind == AST_ATTR_WILD && name_is(form->attr_wild.name->name, "compile") &&
            term_has_atom(form->attr_wild.value, option)) {
            return true;
        }
    }
    return false;
}

static void export_all(Desugar *b)
{
    for (size_t i = 0; i < b->module->functions.count; i++) {
        b->module->functions.items[i]->exported = true;
    }
}

/* The value of an attribute as a constant; NULL when it is none. */
static const Konst *attribute_value(Desugar *b, const AstNode *value)
{
    if (value->kind == AST_BINARY && value->binary.op == AST_OP_DIVIDE &&
        value->binary.left->kind == AST_ATOM && value->binary.right->kind == AST_INTEGER) {
        const Konst **items = ARENA_ARRAY(b->arena, const Konst *, 2);
        items[0] = desugar_atom(b, value->binary.left->name);
        items[1] = desugar_integer(b, value->binary.right);
        return konst_tuple(b->arena, items, 2);
    }
    if (value->kind == AST_LIST || value->kind == AST_TUPLE) {
        AstList list = value->kind == AST_LIST ? value->list.items : value->items;
        const Konst **items = ARENA_ARRAY(b->arena, const Konst *, list.count + 1);
        for (uint32_t i = 0; i < list.count; i++) {
            items[i] = attribute_value(b, list.items[i]);
            if (items[i] == NULL) {
                return NULL;
            }
        }
        if (value->kind == AST_TUPLE) {
            return konst_tuple(b->arena, items, list.count);
        }
        const Konst *tail = value->list.tail == NULL ? NULL : attribute_value(b, value->list.tail);
        if (list.count == 0) {
            return konst_nil(b->arena);
        }
        return konst_list(b->arena, items, list.count, tail);
    }
    CoreNode *node = desugar_expr(b, value);
    return node->kind == CORE_LITERAL ? node->konst : NULL;
}

typedef VEC(const Konst *) Konsts;

/* Adds {Name, [Value...]} */
static void add_attribute(Desugar *b, Konsts *list, const Name *name, const Konst *value)
{
    const Konst **items = ARENA_ARRAY(b->arena, const Konst *, 2);
    const Konst **one = ARENA_ARRAY(b->arena, const Konst *, 1);
    one[0] = value;
    items[0] = desugar_atom(b, name);
    bool is_list =
        value->kind == KONST_LIST || value->kind == KONST_NIL || value->kind == KONST_STRING;
    items[1] = is_list ? value : konst_list(b->arena, one, 1, NULL);
    vec_push(list, konst_tuple(b->arena, items, 2));
}

static void desugar_wild(Desugar *b, const AstNode *form, Konsts *attributes)
{
    const Name *name = form->attr_wild.name->name;
    const AstNode *value = form->attr_wild.value;
    if (name_is(name, "compile") || name_is(name, "optional_callbacks")) {
        return; /* options are asked for one by one; behaviour_info/1 tells of the callbacks */
    }
    if (name_is(name, "on_load")) {
        const AstNode *function = value->kind == AST_BINARY ? value->binary.left : value;
        if (function->kind == AST_ATOM) {
            b->module->on_load = desugar_atom(b, function->name);
        }
        return;
    }
    const Konst *konst = attribute_value(b, value);
    if (konst != NULL) {
        add_attribute(b, attributes, name, konst);
    }
}

static const Konst *list_of(Desugar *b, Konsts *list)
{
    if (list->count == 0) {
        return konst_nil(b->arena);
    }
    const Konst **items = ARENA_ARRAY(b->arena, const Konst *, list->count);
    memcpy(items, list->items, list->count * sizeof(*items));
    return konst_list(b->arena, items, (uint32_t)list->count, NULL);
}

static void desugar_attributes(Desugar *b, AstList forms)
{
    Konsts attributes = {0};
    if (compiled_with(forms, "export_all")) {
        export_all(b);
    }
    for (uint32_t i = 0; i < forms.count; i++) {
        const AstNode *form = forms.items[i];
        if (form->kind == AST_ATTR_EXPORT) {
            for (uint32_t k = 0; k < form->items.count; k++) {
                const AstNode *item = form->items.items[k];
                mark_export(b, item->name_arity.name->name, item->name_arity.arity);
            }
        } else if (form->kind == AST_ATTR_WILD) {
            desugar_wild(b, form, &attributes);
        }
    }
    b->module->attributes = list_of(b, &attributes);
    b->module->compile = konst_nil(b->arena);
    vec_free(&attributes);
}

/* Makes the function that is at index in the module the one in work. */
static void open_function(Desugar *b, uint32_t index)
{
    CoreFunction *function = b->module->functions.items[index];
    Scope *scope = ARENA_NEW(b->arena, Scope);
    scope->function = function;
    scope->index = index;
    vec_push(&scope->uses, 0);
    b->scope = scope;
    b->lifted = 0;
    b->number_count = 0;
    if (b->number_room > 0) {
        memset(b->numbers, 0, b->number_room * sizeof(Numbered));
    }
    function->params = ARENA_ARRAY(b->arena, CoreVar, function->arity);
    for (uint32_t i = 0; i < function->arity; i++) {
        function->params[i] = desugar_var_new(b);
    }
}

static void desugar_function(Desugar *b, const AstNode *form)
{
    const Known *known = desugar_find(b, form->function.name->name, form->function.arity);
    CoreFunction *function = b->module->functions.items[known->function];
    if (function->body != NULL) {
        desugar_error(b, form->span, "function %s/%u is defined twice",
                      form->function.name->name->text, form->function.arity);
        return;
    }
    b->function_name = form->function.name->name;
    b->function_arity = form->function.arity;
    open_function(b, known->function);
    b->scope->span = form->span;
    desugar_number(b, form->function.clauses);
    function->body = desugar_function_clauses(b, form->function.clauses, function->line);
    desugar_undo(b, 0);
    desugar_scope_leave(b);
}

/* A list of {Name, Arity} with room for more. */
static AstNode *names_list(Desugar *b, SourceSpan span, uint32_t room)
{
    AstNode *list = ast_new(b->arena, AST_LIST, span);
    list->list.items = (AstList){ARENA_ARRAY(b->arena, AstNode *, room + 1), 0};
    return list;
}

static void add_name(Desugar *b, AstNode *list, AstNode *name, uint32_t arity)
{
    AstNode *pair = ast_new(b->arena, AST_TUPLE, list->span);
    AstNode **items = ARENA_ARRAY(b->arena, AstNode *, 2);
    items[0] = name;
    items[1] = ast_integer(b->arena, list->span, arity);
    pair->items = (AstList){items, 2};
    list->list.items.items[list->list.items.count++] = ast_finish(pair);
}

static AstNode *callbacks_of(Desugar *b, AstList forms, SourceSpan span)
{
    AstNode *list = names_list(b, span, forms.count);
    for (uint32_t i = 0; i < forms.count; i++) {
        const AstNode *form = forms.items[i];
        if (form->kind == AST_ATTR_SPEC && form->attr_spec.callback) {
            add_name(b, list, form->attr_spec.name, form->attr_spec.arity);
        }
    }
    return ast_finish(list);
}

/* What the form names as optional; empty when it is another form. */
static AstList optional_names(const AstNode *form)
{
    bool fits = form->kind == AST_ATTR_WILD &&
                name_is(form->attr_wild.name->name, "optional_callbacks") &&
                form->attr_wild.value->kind == AST_LIST;
    return fits ? form->attr_wild.value->list.items : (AstList){NULL, 0};
}

static AstNode *optional_callbacks_of(Desugar *b, AstList forms, SourceSpan span)
{
    uint32_t room = 0;
    for (uint32_t i = 0; i < forms.count; i++) {
        room += optional_names(forms.items[i]).count;
    }
    AstNode *list = names_list(b, span, room);
    for (uint32_t i = 0; i < forms.count; i++) {
        AstList names = optional_names(forms.items[i]);
        for (uint32_t k = 0; k < names.count; k++) {
            const AstNode *item = names.items[k];
            bool pair = item->kind == AST_TUPLE && item->items.count == 2;
            AstNode *name = pair ? item->items.items[0] : NULL;
            AstNode *arity = pair ? item->items.items[1] : NULL;
            if (item->kind == AST_BINARY) {
                name = item->binary.left;
                arity = item->binary.right;
            }
            if (name != NULL && name->kind == AST_ATOM && arity->kind == AST_INTEGER) {
                add_name(b, list, name, (uint32_t)arity->integer.small);
            }
        }
    }
    return ast_finish(list);
}

/* behaviour_info(Which) -> Value. */
static AstNode *info_clause(Desugar *b, const char *which, AstNode *value)
{
    AstNode *clause = ast_new(b->arena, AST_CLAUSE, value->span);
    AstNode **nodes = ARENA_ARRAY(b->arena, AstNode *, 2);
    nodes[0] = ast_atom(b->arena, value->span, name_intern_text(b->names, which));
    nodes[1] = value;
    clause->clause.patterns = (AstList){&nodes[0], 1};
    clause->clause.body = (AstList){&nodes[1], 1};
    return ast_finish(clause);
}

/* The function behaviour_info/1 that the callback attributes stand for; NULL when there are none.
 * The linter has seen that the module has none of its own. */
static AstNode *behaviour_info(Desugar *b, AstList forms)
{
    const AstNode *first = NULL;
    for (uint32_t i = 0; i < forms.count && first == NULL; i++) {
        if (forms.items[i]->kind == AST_ATTR_SPEC && forms.items[i]->attr_spec.callback) {
            first = forms.items[i];
        }
    }
    if (first == NULL) {
        return NULL;
    }
    AstNode **clauses = ARENA_ARRAY(b->arena, AstNode *, 2);
    clauses[0] = info_clause(b, "callbacks", callbacks_of(b, forms, first->span));
    clauses[1] = info_clause(b, "optional_callbacks", optional_callbacks_of(b, forms, first->span));
    AstNode *function = ast_new(b->arena, AST_FUNCTION, first->span);
    const Name *name = name_intern_text(b->names, "behaviour_info");
    function->function.name = ast_atom(b->arena, first->span, name);
    function->function.arity = 1;
    function->function.clauses = (AstList){clauses, 2};
    return ast_finish(function);
}

/* module_info/0 and /1 */
static void desugar_module_info(Desugar *b, uint32_t arity)
{
    const Name *name = name_intern_text(b->names, "module_info");
    if (desugar_find(b, name, arity) != NULL) {
        return;
    }
    uint32_t index = (uint32_t)b->module->functions.count;
    CoreLine nowhere = {0, 0};
    CoreFunction *function = declare_function(b, desugar_atom(b, name), arity, nowhere);
    function->exported = true;
    open_function(b, index);
    CoreList args = core_list_new(b->arena, arity + 1);
    args.items[0] = core_literal(b->arena, nowhere, b->module->name);
    if (arity == 1) {
        args.items[1] = desugar_use(b, nowhere, function->params[0]);
    }
    function->body = desugar_call_erlang(b, nowhere, "get_module_info", args);
    desugar_scope_leave(b);
}

static void free_all(Desugar *b)
{
    alloc_free(b->atoms);
    alloc_free(b->heads);
    alloc_free(b->known);
    alloc_free(b->numbers);
    alloc_free(b->name_uses);
    vec_free(&b->bindings);
    vec_free(&b->records);
    vec_free(&b->pending);
    vec_free(&b->operands);
    vec_free(&b->hidden);
    vec_free(&b->tests);
}

CoreModule *core_build(AstList forms, const CoreContext *context)
{
    Desugar desugar = {.arena = context->arena,
                       .sources = context->sources,
                       .diags = context->diags,
                       .names = context->names};
    Desugar *b = &desugar;
    b->module = ARENA_NEW(b->arena, CoreModule);
    b->module->arena = b->arena;
    b->no_lines = compiled_with(forms, "no_line_info");
    declare(b, forms);
    AstNode *info = behaviour_info(b, forms);
    if (info != NULL) {
        declare_form(b, info);
        mark_export(b, info->function.name->name, 1);
    }
    if (b->module->name == NULL) {
        b->module->name = desugar_atom_text(b, "no_module");
    }
    desugar_attributes(b, forms);
    for (uint32_t i = 0; i < forms.count; i++) {
        if (forms.items[i]->kind == AST_FUNCTION) {
            desugar_function(b, forms.items[i]);
        }
    }
    if (info != NULL) {
        desugar_function(b, info);
    }
    desugar_module_info(b, 0);
    desugar_module_info(b, 1);
    free_all(b);
    if (b->errors > 0) {
        core_module_free(b->module);
        return NULL;
    }
    return b->module;
}
