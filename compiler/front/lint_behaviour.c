/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/front/lint_behaviour.c: what the behaviours of a module ask for. Those of the library
 * stand in behaviours.def; others are looked for as NAME.act or NAME.erl beside the source and in
 * the code directories, and read for their -callback attributes or their behaviour_info/1. */
#include "compiler/front/lint_state.h"
#include "compiler/front/parse_source.h"
#include "vm/base/alloc.h"
#include <string.h>

typedef struct {
    const char *name;
    uint32_t arity;
    bool optional;
} Callback;

typedef enum {
    BEHAVIOUR_KNOWN,
    BEHAVIOUR_SILENT,       /* nothing can be said */
    BEHAVIOUR_NOT_FOUND,    /* no such module, or it is no behaviour */
    BEHAVIOUR_UNDEFINED,    /* behaviour_info(callbacks) is undefined */
    BEHAVIOUR_BAD,          /* it is no list of name and arity */
    BEHAVIOUR_BAD_OPTIONAL, /* so is the one of the optional ones */
} BehaviourState;

typedef struct {
    const AstNode *form;
    const char *module;
    BehaviourState state;
    VEC(Callback) callbacks;
} Behaviour;

typedef VEC(Behaviour) Behaviours;

typedef struct {
    const char *module, *name;
    uint32_t arity;
    bool optional;
} CallbackRow;

static const CallbackRow callback_rows[] = {
#define CALLBACK(module, name, arity, optional) {module, name, arity, optional},
#include "compiler/front/behaviours.def"
#undef CALLBACK
};

static void add_callback(Behaviour *behaviour, Callback callback)
{
    for (size_t i = 0; i < behaviour->callbacks.count; i++) {
        Callback *known = &behaviour->callbacks.items[i];
        if (known->arity == callback.arity && strcmp(known->name, callback.name) == 0) {
            known->optional = known->optional || callback.optional;
            return;
        }
    }
    vec_push(&behaviour->callbacks, callback);
}

static bool in_library(Behaviour *behaviour)
{
    for (size_t i = 0; i < ACT_COUNT(callback_rows); i++) {
        const CallbackRow *row = &callback_rows[i];
        if (strcmp(row->module, behaviour->module) == 0) {
            add_callback(behaviour, (Callback){row->name, row->arity, row->optional});
        }
    }
    return behaviour->callbacks.count > 0;
}

/* Adds the names of a list of F/A or {F, A}; false when it is something else. */
static bool add_list(Lint *l, Behaviour *behaviour, const AstNode *list, bool optional)
{
    if (list->kind != AST_LIST || list->list.tail != NULL) {
        return false;
    }
    for (uint32_t i = 0; i < list->list.items.count; i++) {
        const Name *name = NULL;
        uint32_t arity = 0;
        if (!lint_name_arity(list->list.items.items[i], &name, &arity)) {
            return false;
        }
        const char *text = arena_printf(&l->arena, "%s", name->text);
        if (!optional) {
            add_callback(behaviour, (Callback){text, arity, false});
            continue;
        }
        for (size_t k = 0; k < behaviour->callbacks.count; k++) {
            Callback *callback = &behaviour->callbacks.items[k];
            callback->optional = callback->optional ||
                                 (callback->arity == arity && strcmp(callback->name, text) == 0);
        }
    }
    return true;
}

/* The term that behaviour_info(which) gives as it is written; NULL when no clause fits. */
static const AstNode *info_term(const AstNode *function, const char *which)
{
    for (uint32_t i = 0; i < function->function.clauses.count; i++) {
        const AstNode *clause = function->function.clauses.items[i];
        const AstNode *pattern = clause->clause.patterns.items[0];
        if (pattern->kind == AST_VAR ||
            (pattern->kind == AST_ATOM && name_is(pattern->name, which))) {
            AstList body = clause->clause.body;
            return body.items[body.count - 1];
        }
    }
    return NULL;
}

static bool is_undefined(const AstNode *term)
{
    return term->kind == AST_ATOM && name_is(term->name, "undefined");
}

/* Whether the term is written out: nothing in it has to be computed. */
static bool is_term(const AstNode *node)
{
    switch (node->kind) {
    case AST_LIST:
        for (uint32_t i = 0; i < node->list.items.count; i++) {
            if (!is_term(node->list.items.items[i])) {
                return false;
            }
        }
        return node->list.tail == NULL;
    case AST_TUPLE:
        for (uint32_t i = 0; i < node->items.count; i++) {
            if (!is_term(node->items.items[i])) {
                return false;
            }
        }
        return true;
    default:
        return node->kind == AST_ATOM || node->kind == AST_INTEGER || node->kind == AST_STRING;
    }
}

static void read_info(Lint *l, Behaviour *behaviour, const AstNode *function)
{
    const AstNode *term = info_term(function, "callbacks");
    const AstNode *optional = info_term(function, "optional_callbacks");
    if (term == NULL) {
        behaviour->state = BEHAVIOUR_NOT_FOUND;
    } else if (is_undefined(term)) {
        behaviour->state = BEHAVIOUR_UNDEFINED;
    } else if (!is_term(term)) {
        behaviour->state = BEHAVIOUR_SILENT;
    } else if (!add_list(l, behaviour, term, false)) {
        behaviour->state = BEHAVIOUR_BAD;
    } else if (optional != NULL && !is_undefined(optional) && is_term(optional) &&
               !add_list(l, behaviour, optional, true)) {
        behaviour->state = BEHAVIOUR_BAD_OPTIONAL;
    }
}

static bool is_optional_callbacks(const AstNode *form)
{
    return form->kind == AST_ATTR_WILD && name_is(form->attr_wild.name->name, "optional_callbacks");
}

static void read_forms(Lint *l, Behaviour *behaviour, AstList forms)
{
    const AstNode *info = NULL;
    for (uint32_t i = 0; i < forms.count; i++) {
        const AstNode *form = forms.items[i];
        if (form->kind == AST_ATTR_SPEC && form->attr_spec.callback) {
            const char *name = arena_printf(&l->arena, "%s", form->attr_spec.name->name->text);
            add_callback(behaviour, (Callback){name, form->attr_spec.arity, false});
        } else if (form->kind == AST_FUNCTION && form->function.arity == 1 &&
                   name_is(form->function.name->name, "behaviour_info")) {
            info = form;
        }
    }
    for (uint32_t i = 0; i < forms.count; i++) {
        if (is_optional_callbacks(forms.items[i])) {
            add_list(l, behaviour, forms.items[i]->attr_wild.value, true);
        }
    }
    if (info != NULL) {
        read_info(l, behaviour, info);
    } else if (behaviour->callbacks.count == 0) {
        behaviour->state = BEHAVIOUR_NOT_FOUND;
    }
}

/* Reads the behaviour from the file if there is one. */
static bool read_file(Lint *l, Behaviour *behaviour, const char *path)
{
    char *bytes = NULL;
    size_t length = 0;
    const SourceReader *reader = l->reader;
    if (!reader->read(reader->context, path, &bytes, &length)) {
        return false;
    }
    SyntaxContext *cx = alloc_must(sizeof *cx);
    syntax_context_init(cx);
    AstModule module = parse_source(cx, reader, l->source_options, path, bytes, length);
    read_forms(l, behaviour, module.forms);
    syntax_context_free(cx);
    alloc_free(cx);
    alloc_free(bytes);
    return true;
}

static bool look_in(Lint *l, Behaviour *behaviour, const char *directory, size_t length)
{
    static const char *const endings[] = {".act", ".erl"};
    for (size_t i = 0; i < ACT_COUNT(endings); i++) {
        const char *path = arena_printf(&l->arena, "%.*s%s%s", (int)length, directory,
                                        behaviour->module, endings[i]);
        if (read_file(l, behaviour, path)) {
            return true;
        }
    }
    const char *path =
        arena_printf(&l->arena, "%.*s%s.actb", (int)length, directory, behaviour->module);
    char *bytes = NULL;
    size_t size = 0;
    if (l->reader->read(l->reader->context, path, &bytes, &size)) {
        alloc_free(bytes); /* compiled, without its source: nothing is known of it */
        behaviour->state = BEHAVIOUR_SILENT;
        return true;
    }
    return false;
}

static void find_behaviour(Lint *l, Behaviour *behaviour)
{
    if (in_library(behaviour)) {
        return;
    }
    if (l->reader == NULL) {
        behaviour->state = BEHAVIOUR_SILENT;
        return;
    }
    /* Forms without a file attribute come from no file: beside them is the working folder. */
    const char *name =
        l->main_file == 0 ? "" : l->cx->sources.sources.items[l->main_file - 1]->name;
    const char *slash = strrchr(name, '/');
    size_t length = slash == NULL ? 0 : (size_t)(slash - name) + 1;
    bool found = look_in(l, behaviour, name, length);
    for (size_t i = 0; !found && i < l->source_options->code_dir_count; i++) {
        const char *directory = arena_printf(&l->arena, "%s/", l->source_options->code_dirs[i]);
        found = look_in(l, behaviour, directory, strlen(directory));
    }
    behaviour->state = found ? behaviour->state : BEHAVIOUR_NOT_FOUND;
}

static bool has_name(const LintTable *table, const Callback *callback)
{
    for (size_t i = 0; i < table->entries.count; i++) {
        const LintEntry *entry = &table->entries.items[i];
        if (entry->arity == callback->arity && name_is(entry->name, callback->name)) {
            return true;
        }
    }
    return false;
}

static bool is_exported(const Lint *l, const Callback *callback)
{
    return has_name(&l->exports, callback) ||
           (l->options.export_all && has_name(&l->functions, callback));
}

static bool asks_for(const Lint *l, const Behaviour *behaviour, const Callback *callback)
{
    for (size_t i = 0; i < behaviour->callbacks.count; i++) {
        const Callback *other = &behaviour->callbacks.items[i];
        if (other->arity == callback->arity && strcmp(other->name, callback->name) == 0) {
            return !other->optional || is_exported(l, other);
        }
    }
    return false;
}

/* The first behaviour that asks for the callback too is the one that is named. */
static void check_conflict(Lint *l, const Behaviours *all, size_t which, const Callback *callback)
{
    const Behaviour *behaviour = &all->items[which];
    for (size_t i = 0; i < which && asks_for(l, behaviour, callback); i++) {
        const Behaviour *first = &all->items[i];
        if (asks_for(l, first, callback)) {
            Diag *diag = diag_report(l->diags, DIAG_W0013, behaviour->form->span, callback->name,
                                     callback->arity, behaviour->module, first->module);
            diag_note(l->diags, diag, first->form->span, "the other one is here");
            return;
        }
    }
}

static void report_state(Lint *l, const Behaviour *behaviour)
{
    static const struct {
        BehaviourState state;
        DiagCode code;
    } rows[] = {
        {BEHAVIOUR_NOT_FOUND, DIAG_W0029},
        {BEHAVIOUR_UNDEFINED, DIAG_W0030},
        {BEHAVIOUR_BAD, DIAG_W0031},
        {BEHAVIOUR_BAD_OPTIONAL, DIAG_W0032},
    };
    for (size_t i = 0; i < ACT_COUNT(rows); i++) {
        if (rows[i].state == behaviour->state) {
            diag_report(l->diags, rows[i].code, behaviour->form->span, behaviour->module);
        }
    }
    if (behaviour->state == BEHAVIOUR_NOT_FOUND) {
        const AstNode *value = behaviour->form->attr_wild.value;
        lint_check_module_name(l, value->name, value->span);
    }
}

void lint_check_behaviours(Lint *l)
{
    Behaviours all = {0};
    for (size_t i = 0; i < l->behaviours.count; i++) {
        const AstNode *form = l->behaviours.items[i];
        if (form->attr_wild.value->kind == AST_ATOM) {
            Behaviour behaviour = {.form = form, .module = form->attr_wild.value->name->text};
            find_behaviour(l, &behaviour);
            report_state(l, &behaviour);
            vec_push(&all, behaviour);
        }
    }
    for (size_t i = 0; i < all.count; i++) {
        const Behaviour *behaviour = &all.items[i];
        for (size_t k = 0; k < behaviour->callbacks.count; k++) {
            const Callback *callback = &behaviour->callbacks.items[k];
            check_conflict(l, &all, i, callback);
            if (!callback->optional && !is_exported(l, callback)) {
                diag_report(l->diags, DIAG_W0012, behaviour->form->span, callback->name,
                            callback->arity, behaviour->module);
            }
        }
    }
    for (size_t i = 0; i < all.count; i++) {
        vec_free(&all.items[i].callbacks);
    }
    vec_free(&all);
}
