/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/front/lint_names.c: tables of name/arity, built-in names, compile options. */
#include "compiler/front/lint_state.h"
#include "vm/base/alloc.h"
#include <string.h>

static uint32_t *find_slot(const LintTable *table, uint32_t *slots, uint32_t room, const Name *name,
                           uint32_t arity)
{
    for (uint32_t i = (name->hash + arity * 31) & (room - 1);; i = (i + 1) & (room - 1)) {
        if (slots[i] == 0) {
            return &slots[i];
        }
        const LintEntry *entry = &table->entries.items[slots[i] - 1];
        if (entry->name == name && entry->arity == arity) {
            return &slots[i];
        }
    }
}

LintEntry *lint_find(const LintTable *table, const Name *name, uint32_t arity)
{
    if (table->room == 0) {
        return NULL;
    }
    uint32_t slot = *find_slot(table, table->slots, table->room, name, arity);
    return slot == 0 ? NULL : &table->entries.items[slot - 1];
}

static void grow(LintTable *table)
{
    uint32_t room = table->room == 0 ? 32 : table->room * 2;
    uint32_t *slots = alloc_must_zero(room * sizeof(*slots));
    for (uint32_t i = 0; i < table->entries.count; i++) {
        const LintEntry *entry = &table->entries.items[i];
        *find_slot(table, slots, room, entry->name, entry->arity) = i + 1;
    }
    alloc_free(table->slots);
    table->slots = slots;
    table->room = room;
}

LintEntry *lint_add(LintTable *table, const Name *name, uint32_t arity, SourceSpan span,
                    const void *value)
{
    if (table->entries.count * 2 >= table->room) {
        grow(table);
    }
    uint32_t *slot = find_slot(table, table->slots, table->room, name, arity);
    if (*slot != 0) {
        return &table->entries.items[*slot - 1];
    }
    LintEntry entry = {name, arity, span, value, false};
    vec_push(&table->entries, entry);
    *slot = (uint32_t)table->entries.count;
    return NULL;
}

void lint_table_free(LintTable *table)
{
    vec_free(&table->entries);
    alloc_free(table->slots);
    table->slots = NULL;
    table->room = 0;
}

typedef struct {
    const char *name;
    uint32_t arity;
    unsigned flags;
} BifRow;

static const BifRow bifs[] = {
#define BIF_NAME(name, arity, flags) {name, arity, flags},
#include "compiler/front/bif_names.def"
#undef BIF_NAME
};

/* The rows are sorted by name. */
unsigned lint_bif(const Name *name, uint32_t arity)
{
    size_t low = 0;
    size_t high = ACT_COUNT(bifs);
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(bifs[middle].name, name->text);
        if (order == 0) {
            order = (bifs[middle].arity > arity) - (bifs[middle].arity < arity);
        }
        if (order == 0) {
            return bifs[middle].flags;
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return 0;
}

const char *lint_nearest_bif(const char *wanted)
{
    DiagNearest nearest = {wanted, NULL, 0};
    for (size_t i = 0; i < ACT_COUNT(bifs); i++) {
        if (bifs[i].flags & BIF_AUTO) {
            diag_nearest_offer(&nearest, bifs[i].name);
        }
    }
    return nearest.best;
}

bool lint_is_type_test(const Name *name, uint32_t arity)
{
    if (strncmp(name->text, "is_", 3) != 0 || name_is(name, "is_alive") ||
        name_is(name, "is_process_alive") || name_is(name, "is_map_key")) {
        return false;
    }
    return (lint_bif(name, arity) & BIF_GUARD) != 0;
}

bool lint_is_old_type_test(const Name *name, uint32_t arity)
{
    static const char *const names[] = {"integer", "float",  "number",   "atom",
                                        "list",    "tuple",  "pid",      "reference",
                                        "port",    "binary", "function", "record"};
    for (size_t i = 0; i < ACT_COUNT(names); i++) {
        if (name_is(name, names[i])) {
            return arity == 1 || (arity == 2 && strcmp(names[i], "record") == 0);
        }
    }
    return false;
}

bool lint_is_auto_import_off(const Lint *l, const Name *name, uint32_t arity)
{
    return l->options.no_auto_import_all || lint_find(&l->no_auto_import, name, arity) != NULL;
}

bool lint_is_local(const Lint *l, const Name *name, uint32_t arity)
{
    return lint_find(&l->functions, name, arity) != NULL;
}

const char *lint_atom(Lint *l, const Name *name)
{
    return term_text_atom(&l->arena, name);
}

void lint_default_options(LintOptions *o)
{
    memset(o, 0, sizeof(*o));
    o->unused_vars = o->unused_function = o->unused_record = o->unused_type = true;
    o->shadow_vars = o->export_all_warning = o->obsolete_guard = o->format = true;
    o->behaviours = o->bif_clash = o->match_underscore = o->deprecated = o->opaque = true;
    o->useless = true;
}

typedef struct {
    const char *name;
    size_t offset;
} OptionRow;

static const OptionRow option_rows[] = {
    {"unused_vars", offsetof(LintOptions, unused_vars)},
    {"unused_function", offsetof(LintOptions, unused_function)},
    {"unused_record", offsetof(LintOptions, unused_record)},
    {"unused_import", offsetof(LintOptions, unused_import)},
    {"unused_type", offsetof(LintOptions, unused_type)},
    {"shadow_vars", offsetof(LintOptions, shadow_vars)},
    {"export_vars", offsetof(LintOptions, export_vars)},
    {"export_all", offsetof(LintOptions, export_all_warning)},
    {"obsolete_guard", offsetof(LintOptions, obsolete_guard)},
    {"format", offsetof(LintOptions, format)},
    {"missing_spec", offsetof(LintOptions, missing_spec)},
    {"missing_spec_all", offsetof(LintOptions, missing_spec_all)},
    {"untyped_record", offsetof(LintOptions, untyped_record)},
    {"underscore_match", offsetof(LintOptions, match_underscore)},
    {"deprecated_function", offsetof(LintOptions, deprecated)},
    {"opportunistic", offsetof(LintOptions, useless)},
};

static bool *find_option(LintOptions *options, const char *name)
{
    for (size_t i = 0; i < ACT_COUNT(option_rows); i++) {
        if (strcmp(option_rows[i].name, name) == 0) {
            return (bool *)((char *)options + option_rows[i].offset);
        }
    }
    return NULL;
}

static void atom_option(Lint *l, const Name *name)
{
    const char *text = name->text;
    bool no = strncmp(text, "nowarn_", 7) == 0;
    bool *option = no                               ? find_option(&l->options, text + 7)
                   : strncmp(text, "warn_", 5) == 0 ? find_option(&l->options, text + 5)
                                                    : NULL;
    if (option != NULL) {
        *option = !no;
    }
    if (strcmp(text, "export_all") == 0) {
        l->options.export_all = true;
    } else if (strcmp(text, "no_auto_import") == 0) {
        l->options.no_auto_import_all = true;
    } else if (strcmp(text, "warnings_as_errors") == 0) {
        l->diags->warnings_as_errors = true;
    }
}

bool lint_name_arity(const AstNode *value, const Name **name, uint32_t *arity)
{
    const AstNode *left = NULL;
    const AstNode *right = NULL;
    if (value->kind == AST_BINARY) {
        left = value->binary.left;
        right = value->binary.right;
    } else if (value->kind == AST_TUPLE && value->items.count == 2) {
        left = value->items.items[0];
        right = value->items.items[1];
    }
    if (left == NULL || left->kind != AST_ATOM || right->kind != AST_INTEGER) {
        return false;
    }
    *name = left->name;
    *arity = (uint32_t)right->integer.small;
    return true;
}

/* Adds what {Option, F/A}, {Option, {F, A}} or a list of these names. */
static void add_names(LintTable *table, const AstNode *value)
{
    if (value->kind == AST_LIST) {
        for (uint32_t i = 0; i < value->list.items.count; i++) {
            add_names(table, value->list.items.items[i]);
        }
        return;
    }
    const Name *name = NULL;
    uint32_t arity = 0;
    if (lint_name_arity(value, &name, &arity)) {
        lint_add(table, name, arity, value->span, NULL);
    }
}

void lint_read_compile_options(Lint *l, const AstNode *value)
{
    if (value->kind == AST_LIST) {
        for (uint32_t i = 0; i < value->list.items.count; i++) {
            lint_read_compile_options(l, value->list.items.items[i]);
        }
    } else if (value->kind == AST_ATOM) {
        atom_option(l, value->name);
    } else if (value->kind == AST_TUPLE && value->items.count == 2 &&
               value->items.items[0]->kind == AST_ATOM) {
        const Name *name = value->items.items[0]->name;
        const AstNode *names = value->items.items[1];
        if (name_is(name, "no_auto_import")) {
            add_names(&l->no_auto_import, names);
        } else if (name_is(name, "nowarn_unused_function")) {
            add_names(&l->nowarn_unused_function, names);
        } else if (name_is(name, "inline")) {
            add_names(&l->inlined, names);
        }
    }
}
