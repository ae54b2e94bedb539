/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/front/lint_old.c: calls and types of other modules that are going or gone, and calls
 * that need something else to work (qlc's header, NIFs that are not inlined). */
#include "compiler/front/lint_state.h"
#include <string.h>

typedef struct {
    const char *module, *name; /* name NULL: the whole module */
    int arity;                 /* -1: any */
    bool removed;
    const char *advice;
} OldRow;

static const OldRow old_functions[] = {
#define OLD_FUNCTION(module, name, arity, removed, advice) {module, name, arity, removed, advice},
#define OLD_TYPE(module, name, arity, removed, advice)
#include "compiler/front/old_functions.def"
#undef OLD_FUNCTION
#undef OLD_TYPE
};

static const OldRow old_types[] = {
#define OLD_FUNCTION(module, name, arity, removed, advice)
#define OLD_TYPE(module, name, arity, removed, advice) {module, name, arity, removed, advice},
#include "compiler/front/old_functions.def"
#undef OLD_FUNCTION
#undef OLD_TYPE
};

static const OldRow *find(const OldRow *rows, size_t count, const char *module, const char *name,
                          uint32_t arity)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(rows[i].module, module) == 0 &&
            (rows[i].name == NULL || strcmp(rows[i].name, name) == 0) &&
            (rows[i].arity < 0 || (uint32_t)rows[i].arity == arity)) {
            return &rows[i];
        }
    }
    return NULL;
}

const char *lint_old_advice(bool is_type, const char *module, const char *name, uint32_t arity,
                            bool *removed)
{
    const OldRow *row = is_type
                            ? find(old_types, ACT_COUNT(old_types), module, name, arity)
                            : find(old_functions, ACT_COUNT(old_functions), module, name, arity);
    *removed = row != NULL && row->removed;
    return row != NULL ? row->advice : NULL;
}

typedef struct {
    const char *module;
    const Name *name;
    uint32_t arity;
} Function;

/* Whether the term is {M, F, A}, or a list that has it, or (with whole) M alone. */
static bool names(const AstNode *term, Function function, bool whole)
{
    if (term->kind == AST_LIST) {
        for (uint32_t i = 0; i < term->list.items.count; i++) {
            if (names(term->list.items.items[i], function, whole)) {
                return true;
            }
        }
        return false;
    }
    if (term->kind == AST_ATOM) {
        return whole && name_is(term->name, function.module);
    }
    if (term->kind != AST_TUPLE || term->items.count != 3) {
        return false;
    }
    AstNode *const *parts = term->items.items;
    return parts[0]->kind == AST_ATOM && name_is(parts[0]->name, function.module) &&
           parts[1]->kind == AST_ATOM && parts[1]->name == function.name &&
           parts[2]->kind == AST_INTEGER && parts[2]->integer.small == function.arity;
}

static bool is_excepted(const Lint *l, const OldRow *row, Function function)
{
    const LintTerms *terms = row->removed ? &l->not_removed : &l->not_deprecated;
    for (size_t i = 0; i < terms->count; i++) {
        if (names(terms->items[i], function, row->removed)) {
            return true;
        }
    }
    return false;
}

void lint_old_function(Lint *l, const char *module, const Name *name, const AstNode *call)
{
    uint32_t arity = call->call.args.count;
    const OldRow *row = find(old_functions, ACT_COUNT(old_functions), module, name->text, arity);
    if (row == NULL || !(row->removed ? l->options.removed : l->options.deprecated) ||
        is_excepted(l, row, (Function){module, name, arity})) {
        return;
    }
    diag_report(l->diags, row->removed ? DIAG_W0021 : DIAG_W0020, call->span,
                arena_printf(&l->arena, "%s:%s/%u", module, lint_atom(l, name), arity),
                row->advice);
}

void lint_old_type(Lint *l, const AstNode *type)
{
    const char *module = type->type_remote.module->name->text;
    const Name *name = type->type_remote.name->name;
    uint32_t arity = type->type_remote.args.count;
    const OldRow *row = find(old_types, ACT_COUNT(old_types), module, name->text, arity);
    if (row != NULL) {
        diag_report(l->diags, DIAG_W0038, type->span,
                    arena_printf(&l->arena, "%s:%s/%u", module, lint_atom(l, name), arity),
                    row->advice);
    }
}

/* Whether the file includes qlc.hrl, which brings qlc's parse transform. */
static bool has_qlc_header(const Lint *l)
{
    for (size_t i = 0; i < l->cx->sources.sources.count; i++) {
        const char *name = l->cx->sources.sources.items[i]->name;
        const char *slash = strrchr(name, '/');
        if (strcmp(slash == NULL ? name : slash + 1, "qlc.hrl") == 0) {
            return true;
        }
    }
    return false;
}

void lint_special_call(Lint *l, const char *module, const Name *name, const AstNode *call)
{
    AstList args = call->call.args;
    if (strcmp(module, "qlc") == 0 && name_is(name, "q") && args.count > 0 && args.count < 3 &&
        args.items[0]->kind == AST_LIST_COMP && !has_qlc_header(l)) {
        diag_report(l->diags, DIAG_W0033, call->span, args.count);
    }
    if (strcmp(module, "erlang") == 0 && name_is(name, "load_nif") && args.count == 2) {
        l->load_nif = true;
        if (l->options.nif_inline && l->options.any_inline) {
            diag_report(l->diags, DIAG_W0035, call->span);
        }
    }
}
