/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/front/lint_vars.c: which variables are bound, on which ways, and used.
 *
 * The present state of every variable is in one array; each change is written to a journal, so that
 * a way through an expression can be taken back (lint_collect) and merged with the others. */
#include "compiler/front/lint_state.h"

VarInfo *lint_var(Lint *l, const Name *name)
{
    return &l->vars[name->index];
}

size_t lint_mark(const Lint *l)
{
    return l->journal.count;
}

void lint_var_set(Lint *l, const Name *name, VarInfo info)
{
    VarChange change = {name->index, l->vars[name->index]};
    vec_push(&l->journal, change);
    l->vars[name->index] = info;
}

const LintIn *lint_in(Lint *l, const char *what, SourceSpan span)
{
    LintIn *in = ARENA_NEW(&l->arena, LintIn);
    in->what = what;
    in->span = span;
    return in;
}

static const Name **names_by_index(Lint *l)
{
    return (const Name **)(void *)(l->stamps + 2 * (size_t)l->name_count);
}

/* Each variable that changed since mark, once, in order of its first change. */
static void changes_since(Lint *l, size_t mark, VarDeltas *out)
{
    out->count = 0;
    uint32_t stamp = ++l->stamp;
    for (size_t i = mark; i < l->journal.count; i++) {
        const VarChange *change = &l->journal.items[i];
        if (l->stamps[change->var] != stamp) {
            l->stamps[change->var] = stamp;
            VarDelta delta = {names_by_index(l)[change->var], change->old, l->vars[change->var]};
            vec_push(out, delta);
        }
    }
}

void lint_collect(Lint *l, size_t mark, VarDeltas *out)
{
    changes_since(l, mark, out);
    while (l->journal.count > mark) {
        VarChange change = vec_pop(&l->journal);
        l->vars[change.var] = change.old;
    }
}

void lint_apply(Lint *l, const VarDeltas *deltas)
{
    for (size_t i = 0; i < deltas->count; i++) {
        lint_var_set(l, deltas->items[i].name, deltas->items[i].now);
    }
}

void lint_make_unsafe(Lint *l, size_t mark, const LintIn *in)
{
    if (l->journal.count == mark) {
        return;
    }
    VarDeltas deltas = {0};
    changes_since(l, mark, &deltas);
    for (size_t i = 0; i < deltas.count; i++) {
        VarDelta *delta = &deltas.items[i];
        if (delta->old.state == VAR_FREE && delta->now.state != VAR_FREE) {
            delta->now.state = VAR_UNSAFE;
            delta->now.in = in;
            lint_var_set(l, delta->name, delta->now);
        }
    }
    vec_free(&deltas);
}

static VarPlace *join_places(Lint *l, VarPlace *a, VarPlace *b)
{
    for (; b != NULL; b = b->next) {
        bool there = false;
        for (const VarPlace *p = a; p != NULL && !there; p = p->next) {
            there = p->span.start == b->span.start && p->span.file == b->span.file;
        }
        if (!there) {
            VarPlace *copy = ARENA_NEW(&l->arena, VarPlace);
            copy->span = b->span;
            copy->next = a;
            a = copy;
        }
    }
    return a;
}

/* One variable over all ways: counts[...] of them bind it. */
typedef struct {
    VarInfo info;
    uint32_t count;
    uint32_t unsafe_count;
    const LintIn *unsafe_in; /* where the last of them that is unsafe became so */
    bool unused;
} Merge;

static void merge_new(Lint *l, Merge *m, const VarInfo *now)
{
    m->count++;
    if (now->state == VAR_UNSAFE) {
        m->unsafe_count++;
        m->unsafe_in = now->in;
    }
    if (!now->used) {
        m->unused = true;
        m->info.places = join_places(l, m->info.places, now->places);
    }
}

static void merge_old(Merge *m, const VarInfo *old, const VarInfo *now)
{
    bool stays_export = old->state == VAR_EXPORT && now->state == VAR_EXPORT &&
                        (m->count == 0 || m->info.state == VAR_EXPORT);
    m->info = *now;
    m->info.used = true;
    m->info.state = stays_export ? VAR_EXPORT : VAR_BOUND;
    m->count++;
}

void lint_merge_clauses(Lint *l, VarDeltas *ways, size_t count, const LintIn *in)
{
    VEC(Merge) merges = {0};
    VEC(const Name *) names = {0};
    uint32_t stamp = ++l->stamp;
    uint32_t *slot_of = l->stamps + l->name_count; /* second half: index into merges */
    for (size_t w = 0; w < count; w++) {
        for (size_t i = 0; i < ways[w].count; i++) {
            const VarDelta *delta = &ways[w].items[i];
            if (delta->now.state == VAR_FREE) {
                continue;
            }
            uint32_t index = delta->name->index;
            if (l->stamps[index] != stamp) {
                l->stamps[index] = stamp;
                slot_of[index] = (uint32_t)merges.count;
                Merge fresh = {delta->now, 0, 0, NULL, false};
                fresh.info.places = NULL;
                vec_push(&merges, fresh);
                vec_push(&names, delta->name);
            }
            Merge *m = &merges.items[slot_of[index]];
            if (delta->old.state == VAR_FREE) {
                merge_new(l, m, &delta->now);
            } else {
                merge_old(m, &delta->old, &delta->now);
            }
        }
    }
    for (size_t i = 0; i < merges.count; i++) {
        Merge *m = &merges.items[i];
        if (lint_var(l, names.items[i])->state == VAR_FREE) {
            bool all = m->count == count && m->unsafe_count == 0;
            m->info.state = all ? VAR_EXPORT : VAR_UNSAFE;
            /* as Erlang: what one way alone makes unsafe is unsafe since then */
            m->info.in = m->count == count && m->unsafe_count == 1 ? m->unsafe_in : in;
            m->info.used = !m->unused;
        }
        lint_var_set(l, names.items[i], m->info);
    }
    vec_free(&merges);
    vec_free(&names);
}

static void report_unsafe(Lint *l, const AstNode *var, const LintIn *in)
{
    Diag *diag = diag_report(l->diags, DIAG_E0102, var->span, var->name->text, in->what);
    SourceSpan start = in->span;
    start.end = ACT_MIN(start.end, start.start + 8);
    diag_note(l->diags, diag, start, "the '%s' begins here", in->what);
}

static void report_export(Lint *l, const AstNode *var, const LintIn *in)
{
    Diag *diag = diag_report(l->diags, DIAG_W0004, var->span, var->name->text, in->what);
    SourceSpan start = in->span;
    start.end = ACT_MIN(start.end, start.start + 8);
    diag_note(l->diags, diag, start, "the '%s' that binds it begins here", in->what);
}

/* The nearest name of a variable that is bound here. */
static const char *nearest_var(Lint *l, const char *wanted)
{
    DiagNearest nearest = {wanted, NULL, 0};
    for (size_t i = 0; i < l->journal.count; i++) {
        uint32_t index = l->journal.items[i].var;
        if (l->vars[index].state != VAR_FREE) {
            diag_nearest_offer(&nearest, names_by_index(l)[index]->text);
        }
    }
    return nearest.best;
}

static void report_unbound(Lint *l, const AstNode *var)
{
    Diag *diag = diag_report(l->diags, DIAG_E0101, var->span, var->name->text);
    const char *near = ast_is_underscore(var) ? NULL : nearest_var(l, var->name->text);
    if (near != NULL) {
        diag_help(l->diags, diag, SOURCE_NOWHERE, "did you mean '%s'?", near);
    } else if (ast_is_underscore(var)) {
        diag_help(l->diags, diag, SOURCE_NOWHERE, "'_' matches anything and has no value");
    }
}

/* True for what only the same pattern binds, and outside of the binary whose size it is to be. */
static bool is_unseen(const Lint *l, const Name *name)
{
    bool unseen = false;
    for (size_t i = 0; l->unseen > 0 && i < l->in_pattern.count; i++) {
        const PatternVar *var = &l->in_pattern.items[i];
        if (var->name == name) {
            if (i >= l->unseen || var->outer) {
                return false;
            }
            unseen = true;
        }
    }
    return unseen;
}

void lint_use_var(Lint *l, const AstNode *var)
{
    VarInfo info = *lint_var(l, var->name);
    if (ast_is_underscore(var)) {
        report_unbound(l, var);
        return;
    }
    if (is_unseen(l, var->name)) {
        report_unbound(l, var);
        return;
    }
    if (l->in_guard && info.stacktrace) {
        diag_report(l->diags, DIAG_E0128, var->span, var->name->text);
    }
    switch (info.state) {
    case VAR_FREE:
        report_unbound(l, var);
        info.state = VAR_BOUND;
        info.scope = l->scope;
        info.places = NULL;
        break;
    case VAR_UNSAFE:
        report_unsafe(l, var, info.in);
        info.state = VAR_BOUND;
        break;
    case VAR_EXPORT:
        if (l->options.export_vars) {
            report_export(l, var, info.in);
            info.state = VAR_BOUND;
        }
        break;
    default:
        if (info.used) {
            return; /* nothing changes: keep the journal short */
        }
        break;
    }
    info.used = true;
    lint_var_set(l, var->name, info);
}

static bool bound_in_pattern(const Lint *l, const Name *name)
{
    for (size_t i = l->in_pattern.count; i-- > 0;) {
        if (l->in_pattern.items[i].name == name) {
            return true;
        }
    }
    return false;
}

static void warn_unused(Lint *l, const Name *name, const VarInfo *info)
{
    if (info->state == VAR_FREE || info->used || name->text[0] == '_' || !l->options.unused_vars) {
        return;
    }
    for (const VarPlace *place = info->places; place != NULL; place = place->next) {
        Diag *diag = diag_report(l->diags, DIAG_W0001, place->span, name->text);
        diag_help(l->diags, diag, SOURCE_NOWHERE, "if this is intended, write '_%s'", name->text);
    }
}

static void bind(Lint *l, const AstNode *var)
{
    VarInfo old = *lint_var(l, var->name);
    if (old.state != VAR_FREE) { /* only where the pattern is fresh */
        if (old.scope == l->scope) {
            warn_unused(l, var->name, &old);
        }
        if (l->options.shadow_vars && old.state != VAR_UNSAFE) {
            diag_report(l->diags, DIAG_W0003, var->span, var->name->text, l->shadowing);
        }
    }
    VarPlace *place = ARENA_NEW(&l->arena, VarPlace);
    place->span = var->span;
    VarInfo info = {VAR_BOUND, false, false, l->scope, NULL, place};
    lint_var_set(l, var->name, info);
    vec_push(&l->in_pattern, ((PatternVar){var->name, old.state != VAR_FREE}));
}

static void warn_underscore(Lint *l, const AstNode *var, DiagCode code)
{
    if (var->name->text[0] == '_' && l->options.match_underscore) {
        Diag *diag = diag_report(l->diags, code, var->span, var->name->text);
        diag_help(l->diags, diag, SOURCE_NOWHERE,
                  "to ignore the value, use '_' or another name that begins with '_'");
    }
}

void lint_pattern_var(Lint *l, const AstNode *var)
{
    if (ast_is_underscore(var)) {
        return;
    }
    VarInfo info = *lint_var(l, var->name);
    /* a pattern may be long: searched only where the variable is known at all */
    bool again = info.state != VAR_FREE && bound_in_pattern(l, var->name);
    if (!again && (l->fresh || info.state == VAR_FREE)) {
        bind(l, var);
        return;
    }
    if (again) {
        vec_push(&l->in_pattern, ((PatternVar){var->name, false}));
        warn_underscore(l, var, DIAG_W0018);
    } else if (info.state == VAR_UNSAFE) {
        report_unsafe(l, var, info.in);
    } else {
        if (info.state ==
            VAR_EXPORT) { /* here Erlang always warns: the match is easily overlooked */
            report_export(l, var, info.in);
        }
        warn_underscore(l, var, DIAG_W0017);
    }
    info.state = VAR_BOUND;
    info.used = true;
    lint_var_set(l, var->name, info);
}

uint32_t lint_open_scope(Lint *l)
{
    uint32_t outer = l->scope;
    l->scope = ++l->scopes;
    return outer;
}

void lint_close_scope(Lint *l, uint32_t outer, size_t mark)
{
    VarDeltas deltas = {0};
    uint32_t *slot_of = l->stamps + l->name_count;
    uint32_t stamp = ++l->stamp;
    for (size_t i = mark; i < l->journal.count; i++) {
        const VarChange *change = &l->journal.items[i];
        if (l->stamps[change->var] != stamp) {
            l->stamps[change->var] = stamp;
            slot_of[change->var] = (uint32_t)deltas.count;
            VarDelta delta = {names_by_index(l)[change->var], change->old, l->vars[change->var]};
            vec_push(&deltas, delta);
        } else if (change->old.scope < l->scope || change->old.state == VAR_FREE) {
            /* What the variable outside was just before this scope shadowed it. */
            deltas.items[slot_of[change->var]].old = change->old;
        }
    }
    for (size_t i = 0; i < deltas.count; i++) {
        VarDelta *delta = &deltas.items[i];
        if (delta->now.scope == l->scope && delta->now.state != VAR_FREE) {
            warn_unused(l, delta->name, &delta->now);
            lint_var_set(l, delta->name, delta->old);
        }
    }
    vec_free(&deltas);
    l->scope = outer;
}

void lint_hide_new(Lint *l, size_t mark, VarDeltas *hidden)
{
    if (l->journal.count == mark) {
        return;
    }
    VarDeltas deltas = {0};
    changes_since(l, mark, &deltas);
    for (size_t i = 0; i < deltas.count; i++) {
        VarDelta *delta = &deltas.items[i];
        if (delta->old.state == VAR_FREE && delta->now.state != VAR_FREE) {
            vec_push(hidden, *delta);
            lint_var_set(l, delta->name, delta->old);
        }
    }
    vec_free(&deltas);
}

void lint_show_hidden(Lint *l, VarDeltas *hidden)
{
    for (size_t i = 0; i < hidden->count; i++) {
        VarInfo now = hidden->items[i].now;
        const VarInfo *before = lint_var(l, hidden->items[i].name);
        if (before->state != VAR_FREE) { /* two siblings bind it: they are compared */
            now.used = true;
            if (now.state < before->state) {
                now.state = before->state;
                now.in = before->in;
            }
        }
        lint_var_set(l, hidden->items[i].name, now);
    }
    vec_free(hidden);
}
