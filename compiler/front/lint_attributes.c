/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/front/lint_attributes.c: attributes for other tools, which Erlang checks all the same:
 * -deprecated and -removed (for cross-reference tools), -dialyzer, -nifs. Called when all forms
 * have been seen. */
#include "compiler/front/lint_state.h"
#include <string.h>

static bool is_wild(const AstNode *form, const char *name)
{
    return form->kind == AST_ATTR_WILD && name_is(form->attr_wild.name->name, name);
}

/* A text: a string, or a list of whole numbers. */
static bool is_text(const AstNode *node)
{
    if (node->kind != AST_LIST || node->list.tail != NULL) {
        return node->kind == AST_STRING;
    }
    for (uint32_t i = 0; i < node->list.items.count; i++) {
        AstKind kind = node->list.items.items[i]->kind;
        if (kind != AST_INTEGER && kind != AST_CHAR) {
            return false;
        }
    }
    return true;
}

/* What -deprecated or -removed says of one thing: F/A, {F, A} or {F, A, Words}; `'_'` for all. */
typedef struct {
    const AstNode *function, *words;
    const Name *name; /* NULL: all functions */
    int64_t arity;    /* -1: all arities */
    bool whole;       /* the atom module */
} Mention;

static bool is_any(const AstNode *node)
{
    return node->kind == AST_ATOM && name_is(node->name, "_");
}

static bool read_mention(const AstNode *term, Mention *mention)
{
    const Name *name = NULL;
    uint32_t number = 0;
    *mention = (Mention){.arity = -1};
    if (term->kind == AST_ATOM && name_is(term->name, "module")) {
        mention->whole = true;
        return true;
    }
    if (term->kind == AST_BINARY && lint_name_arity(term, &name, &number)) {
        mention->name = name;
        mention->arity = number;
        return true;
    }
    if (term->kind != AST_TUPLE || term->items.count < 2 || term->items.count > 3) {
        return false;
    }
    const AstNode *function = term->items.items[0];
    const AstNode *arity = term->items.items[1];
    mention->words = term->items.count == 3 ? term->items.items[2] : NULL;
    if (function->kind != AST_ATOM || !(is_any(arity) || arity->kind == AST_INTEGER)) {
        return false;
    }
    mention->name = is_any(function) && is_any(arity) ? NULL : function->name;
    mention->arity = is_any(arity) ? -1 : arity->integer.small;
    return true;
}

static bool is_info(const LintEntry *entry)
{
    return (name_is(entry->name, "behaviour_info") && entry->arity == 1) ||
           (name_is(entry->name, "module_info") && entry->arity < 2);
}

/* Whether something that the mention means is exported. */
static bool is_exported(const Lint *l, const Mention *mention)
{
    const LintTable *table = l->options.export_all ? &l->functions : &l->exports;
    for (size_t i = 0; i < table->entries.count; i++) {
        const LintEntry *entry = &table->entries.items[i];
        if (!is_info(entry) && (mention->name == NULL || mention->name == entry->name) &&
            (mention->arity < 0 || mention->arity == entry->arity)) {
            return true;
        }
    }
    return false;
}

static const char *mention_text(Lint *l, const Mention *mention)
{
    const char *name = mention->name == NULL ? "'_'" : lint_atom(l, mention->name);
    return mention->arity < 0 ? arena_printf(&l->arena, "%s/'_'", name)
                              : arena_printf(&l->arena, "%s/%d", name, (int)mention->arity);
}

static bool is_deprecated_word(const AstNode *words)
{
    return is_text(words) ||
           (words->kind == AST_ATOM &&
            (name_is(words->name, "next_version") || name_is(words->name, "next_major_release") ||
             name_is(words->name, "eventually")));
}

static void check_deprecated(Lint *l, const AstNode *term)
{
    Mention mention;
    if (!read_mention(term, &mention) ||
        (mention.words != NULL && !is_deprecated_word(mention.words))) {
        diag_report(l->diags, DIAG_E0168, term->span, "deprecated");
        return;
    }
    bool all = mention.whole || (mention.name == NULL && mention.arity < 0);
    if (!all && !is_exported(l, &mention)) {
        diag_report(l->diags, DIAG_E0169, term->span, mention_text(l, &mention));
    }
}

static void check_removed(Lint *l, const AstNode *term)
{
    Mention mention;
    if (!read_mention(term, &mention) || (mention.words != NULL && !is_text(mention.words))) {
        diag_report(l->diags, DIAG_E0168, term->span, "removed");
    } else if (is_exported(l, &mention)) {
        diag_report(l->diags, DIAG_E0170, term->span, mention_text(l, &mention));
    }
}

static bool is_dialyzer_option(const Name *name)
{
    static const char *const known[] = {"no_return",         "no_unused",
                                        "no_improper_lists", "no_fun_app",
                                        "no_match",          "no_opaque",
                                        "no_fail_call",      "no_contracts",
                                        "no_behaviours",     "no_undefined_callbacks",
                                        "unmatched_returns", "error_handling",
                                        "race_conditions",   "no_missing_calls",
                                        "specdiffs",         "overspecs",
                                        "underspecs",        "unknown",
                                        "no_underspecs",     "extra_return",
                                        "no_extra_return",   "missing_return",
                                        "no_missing_return"};
    for (size_t i = 0; i < ACT_COUNT(known); i++) {
        if (name_is(name, known[i])) {
            return true;
        }
    }
    return false;
}

static void dialyzer_option(Lint *l, const AstNode *option, bool of_function)
{
    if (option->kind != AST_ATOM) {
        diag_report(l->diags, DIAG_E0163, option->span, "dialyzer");
    } else if (!is_dialyzer_option(option->name) &&
               !(of_function && name_is(option->name, "nowarn_function"))) {
        diag_report(l->diags, DIAG_E0171, option->span, lint_atom(l, option->name));
    }
}

/* Each of the functions (a list in lists) for one option. */
static void dialyzer_functions(Lint *l, const AstNode *option, const AstNode *functions)
{
    if (functions->kind == AST_LIST) {
        for (uint32_t i = 0; i < functions->list.items.count; i++) {
            dialyzer_functions(l, option, functions->list.items.items[i]);
        }
        return;
    }
    const Name *name = NULL;
    uint32_t arity = 0;
    if (option->kind != AST_ATOM || !lint_name_arity(functions, &name, &arity)) {
        diag_report(l->diags, DIAG_E0163, functions->span, "dialyzer");
        return;
    }
    bool known = is_dialyzer_option(option->name) || name_is(option->name, "nowarn_function");
    const LintEntry *entry = lint_find(&l->functions, name, arity);
    if (!known) {
        dialyzer_option(l, option, true);
    } else if (entry == NULL || entry->value == NULL) {
        lint_report_undefined(l, name, arity, functions->span);
    }
}

static void dialyzer_options(Lint *l, const AstNode *options, const AstNode *functions)
{
    if (options->kind != AST_LIST) {
        dialyzer_functions(l, options, functions);
        return;
    }
    for (uint32_t i = 0; i < options->list.items.count; i++) {
        dialyzer_options(l, options->list.items.items[i], functions);
    }
}

static void check_dialyzer(Lint *l, const AstNode *value)
{
    if (value->kind == AST_TUPLE && value->items.count == 2) {
        dialyzer_options(l, value->items.items[0], value->items.items[1]);
    } else {
        dialyzer_option(l, value, false);
    }
}

static void check_nif(Lint *l, const AstNode *item)
{
    const Name *name = NULL;
    uint32_t arity = 0;
    if (lint_name_arity(item, &name, &arity)) {
        const LintEntry *entry = lint_find(&l->functions, name, arity);
        if (entry == NULL || entry->value == NULL) {
            diag_report(l->diags, DIAG_E0148, item->span, lint_atom(l, name), arity);
        }
    }
}

void lint_check_attributes(Lint *l)
{
    const AstNode *nifs = NULL;
    for (uint32_t i = 0; i < l->module->forms.count; i++) {
        const AstNode *form = l->module->forms.items[i];
        if (is_wild(form, "deprecated")) {
            lint_each_in_list(l, form->attr_wild.value, check_deprecated);
        } else if (is_wild(form, "removed")) {
            lint_each_in_list(l, form->attr_wild.value, check_removed);
        } else if (is_wild(form, "dialyzer")) {
            lint_each_in_list(l, form->attr_wild.value, check_dialyzer);
        } else if (is_wild(form, "nifs") && form->attr_wild.value->kind == AST_LIST) {
            lint_each_in_list(l, form->attr_wild.value, check_nif);
            nifs = form->attr_wild.value->list.items.count > 0 && nifs == NULL ? form : nifs;
        }
    }
    if (nifs != NULL && !l->load_nif) {
        diag_report(l->diags, DIAG_W0034, nifs->span);
    }
}
