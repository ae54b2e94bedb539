/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/front/lint_bits.c: segments of binaries: types that agree, sizes that make sense. */
#include "compiler/front/lint_state.h"
#include <string.h>

typedef enum {
    BIT_INTEGER,
    BIT_FLOAT,
    BIT_BINARY,
    BIT_UTF,
} BitKind;

/* What a segment's type list says; NULL or 0 where it says nothing. */
typedef struct {
    const char *type, *sign, *endian;
    int64_t unit;
    BitKind kind;
    bool wrong;
} BitType;

static const char *full_type(const char *name)
{
    bool binary =
        strcmp(name, "bytes") == 0 || strcmp(name, "bits") == 0 || strcmp(name, "bitstring") == 0;
    return binary ? "binary" : name;
}

/* bytes and bitstring mean a binary of this unit, 0 for the other types. */
static int64_t own_unit(const char *name)
{
    return strcmp(name, "bytes") == 0 ? 8 : name[0] == 'b' && full_type(name) != name ? 1 : 0;
}

static bool one_of(const char *name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static void set_part(Lint *l, BitType *type, const char **part, const char *value, const char *what,
                     SourceSpan span)
{
    if (*part != NULL && strcmp(*part, value) != 0) {
        diag_report(l->diags, DIAG_E0131, span, what, *part, value);
        type->wrong = true;
    }
    *part = value;
}

static void set_unit(Lint *l, BitType *type, int64_t unit, SourceSpan span)
{
    if (type->wrong) {
        return;
    }
    if (unit < 1 || unit > 256) {
        diag_report(l->diags, DIAG_E0130, span, arena_printf(&l->arena, "unit:%d", (int)unit));
        type->wrong = true;
    } else if (type->unit != 0 && type->unit != unit) {
        diag_report(l->diags, DIAG_E0131, span, "unit",
                    arena_printf(&l->arena, "%d", (int)type->unit),
                    arena_printf(&l->arena, "%d", (int)unit));
        type->wrong = true;
    }
    type->unit = unit;
}

static BitType read_type(Lint *l, const AstNode *element)
{
    static const char *const types[] = {"integer", "float", "binary", "bytes", "bitstring",
                                        "bits",    "utf8",  "utf16",  "utf32"};
    static const char *const signs[] = {"signed", "unsigned"};
    static const char *const endians[] = {"big", "little", "native"};
    BitType type = {NULL, NULL, NULL, 0, BIT_INTEGER, false};
    for (uint32_t i = 0; i < element->bin_element.type_count && !type.wrong; i++) {
        const AstBinType *row = &element->bin_element.types[i];
        const char *name = row->name->text;
        if (row->value != NULL && strcmp(name, "unit") == 0) {
            set_unit(l, &type, row->value->integer.small, row->span);
        } else if (row->value == NULL && one_of(name, types, ACT_COUNT(types))) {
            set_part(l, &type, &type.type, full_type(name), "type", row->span);
            if (own_unit(name) != 0) {
                set_unit(l, &type, own_unit(name), row->span);
            }
        } else if (row->value == NULL && one_of(name, signs, ACT_COUNT(signs))) {
            set_part(l, &type, &type.sign, name, "sign", row->span);
        } else if (row->value == NULL && one_of(name, endians, ACT_COUNT(endians))) {
            set_part(l, &type, &type.endian, name, "endianness", row->span);
        } else {
            diag_report(l->diags, DIAG_E0130, row->span, name);
            type.wrong = true;
        }
    }
    const char *name = type.type == NULL ? "integer" : type.type;
    type.kind = name[0] == 'i'   ? BIT_INTEGER
                : name[0] == 'f' ? BIT_FLOAT
                : name[0] == 'u' ? BIT_UTF
                                 : BIT_BINARY;
    return type;
}

/* A size that is a whole number as it is written. */
static bool constant_size(const AstNode *size, int64_t *bits)
{
    return size != NULL && size->kind != AST_CHAR && lint_constant_integer(size, bits);
}

/* Size and unit against the type. */
static void check_size(Lint *l, const AstNode *element, const BitType *type)
{
    const AstNode *size = element->bin_element.size;
    int64_t bits = 0;
    if (type->wrong) {
        return;
    }
    if (type->kind == BIT_UTF) {
        if (size != NULL || type->unit != 0) {
            diag_report(l->diags, DIAG_E0136, element->span);
        }
        return;
    }
    if (type->unit != 0 && size == NULL && type->kind != BIT_BINARY) {
        diag_report(l->diags, DIAG_E0132, element->span);
        return;
    }
    if (type->kind == BIT_FLOAT && constant_size(size, &bits)) {
        bits *= type->unit == 0 ? 1 : type->unit;
        if (bits != 16 && bits != 32 && bits != 64) {
            diag_report(l->diags, DIAG_W0039, size->span, "float");
        }
    }
}

/* A string as a segment's value in a pattern may only have one of the types utf8, utf16, utf32. */
static bool is_typed_string(const AstNode *element)
{
    if (element->bin_element.value->kind != AST_STRING) {
        return false;
    }
    bool good = element->bin_element.type_count == 0;
    for (uint32_t i = 0; i < element->bin_element.type_count; i++) {
        const AstBinType *row = &element->bin_element.types[i];
        good = good || (row->value == NULL && strncmp(row->name->text, "utf", 3) == 0);
    }
    return !good || element->bin_element.size != NULL;
}

static void expr_size(Lint *l, const AstNode *element, const BitType *type)
{
    const AstNode *size = element->bin_element.size;
    int64_t bits = 0;
    if (size->kind == AST_ATOM && name_is(size->name, "all")) {
        if (type->kind != BIT_BINARY && !type->wrong) {
            diag_report(l->diags, DIAG_E0133, size->span);
        }
    } else if (constant_size(size, &bits)) {
        return;
    } else if (l->in_guard) {
        lint_guard_expr(l, size);
    } else {
        lint_expr(l, size);
    }
}

void lint_bin_expr(Lint *l, const AstNode *bin)
{
    VarDeltas hidden = {0};
    for (uint32_t i = 0; i < bin->items.count; i++) {
        const AstNode *element = bin->items.items[i];
        if (element->kind == AST_ERROR) {
            continue;
        }
        size_t mark = lint_mark(l);
        if (l->in_guard) {
            lint_guard_expr(l, element->bin_element.value);
        } else {
            lint_expr(l, element->bin_element.value);
        }
        lint_hide_new(l, mark, &hidden);
        mark = lint_mark(l);
        BitType type = read_type(l, element);
        if (element->bin_element.size != NULL) {
            expr_size(l, element, &type);
            lint_hide_new(l, mark, &hidden);
        }
        check_size(l, element, &type);
    }
    lint_show_hidden(l, &hidden);
}

/* The size of a segment in a pattern: an expression as in a guard over what is bound already, in
 * the same binary too. */
static void pattern_size(Lint *l, const AstNode *size)
{
    int64_t bits = 0;
    if (constant_size(size, &bits)) {
        return;
    }
    bool guard = l->in_guard;
    l->in_guard = l->in_size = true;
    lint_guard_expr(l, size);
    l->in_guard = guard;
    l->in_size = false;
    if (size->kind == AST_ATOM || size->kind == AST_FLOAT || size->kind == AST_BIN ||
        size->kind == AST_MAP || size->kind == AST_TUPLE || size->kind == AST_LIST) {
        diag_report(l->diags, DIAG_W0027, size->span);
    }
}

static bool legal_value(const AstNode *value)
{
    switch (value->kind) {
    case AST_VAR:
    case AST_INTEGER:
    case AST_FLOAT:
    case AST_CHAR:
    case AST_STRING:
    case AST_ATOM:
        return true;
    default:
        return lint_is_constant(value);
    }
}

void lint_bin_pattern(Lint *l, const AstNode *bin, bool generator)
{
    lint_constant_bin_pattern(l, bin);
    size_t before = l->in_pattern.count;
    for (uint32_t i = 0; i < bin->items.count; i++) {
        const AstNode *element = bin->items.items[i];
        if (element->kind == AST_ERROR) {
            continue;
        }
        const AstNode *value = element->bin_element.value;
        const AstNode *size = element->bin_element.size;
        if (is_typed_string(element)) {
            diag_report(l->diags, DIAG_E0135, element->span);
            continue;
        }
        if (size != NULL) {
            l->unseen = before;
            pattern_size(l, size);
            l->unseen = 0;
        }
        BitType type = read_type(l, element);
        check_size(l, element, &type);
        bool unsized = type.kind == BIT_BINARY && size == NULL;
        if (unsized && generator) {
            diag_report(l->diags, DIAG_E0138, element->span);
        } else if (unsized && i + 1 < bin->items.count) {
            Diag *diag = diag_report(l->diags, DIAG_E0134, element->span);
            diag_help(l->diags, diag, SOURCE_NOWHERE, "give it a size: Name:Size/binary");
        }
        if (legal_value(value)) {
            lint_pattern(l, value);
        } else {
            diag_report(l->diags, DIAG_E0109, value->span);
        }
    }
}
