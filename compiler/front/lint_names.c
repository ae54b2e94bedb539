/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/front/lint_names.c: tables of name/arity, built-in names. */
#include "compiler/front/lint_state.h"
#include "vm/base/alloc.h"
#include "vm/base/utf8.h"
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

void lint_check_module_name(Lint *l, const Name *name, SourceSpan span)
{
    const unsigned char *text = (const unsigned char *)name->text;
    bool blank = true;
    bool control = false;
    bool wide = false;
    for (uint32_t at = 0; at < name->length;) {
        uint32_t c = 0;
        unsigned used = utf8_decode(text + at, name->length - at, &c);
        at += ACT_MAX(used, 1U);
        blank = blank && (c == ' ' || c == 0xA0 || c == 0xAD);
        control = control || c < 32 || (c >= 127 && c < 160);
        wide = wide || c > 255;
    }
    const char *wrong = name->length == 0 ? "not be empty"
                        : blank           ? "contain at least one visible character"
                        : wide            ? "contain only Latin-1 characters"
                        : control         ? "not contain control characters"
                                          : NULL;
    if (wrong != NULL) {
        diag_report(l->diags, DIAG_E0164, span, wrong);
    }
}

void lint_keyword(Lint *l, const AstNode *atom)
{
    if (!l->options.keywords || !(name_is(atom->name, "maybe") || name_is(atom->name, "else"))) {
        return;
    }
    const Source *source = source_of(&l->cx->sources, atom->span);
    if (source == NULL || source->text[atom->span.start] != '\'') {
        diag_report(l->diags, DIAG_W0036, atom->span, atom->name->text, "maybe_expr");
    }
}
