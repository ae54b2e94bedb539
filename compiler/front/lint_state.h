/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/front/lint_state.h: what the files of the linter share. Included by them alone.
 *
 *   lint.c           forms in order, functions     lint_vars.c      variables and their states
 *   lint_expr.c      expressions                   lint_pattern.c   patterns
 *   lint_guard.c     guards                        lint_bits.c      segments of binaries
 *   lint_record.c    records                       lint_type.c      types and specs
 *   lint_format.c    arguments of io:format        lint_old.c       functions that are gone or
 * going lint_names.c     sets of name/arity            lint_options.c   -compile attributes
 *   lint_useless.c   clauses and terms without use
 * and after all forms:
 *   lint_module_checks.c  unused, undefined        lint_behaviour.c missing callbacks
 *   lint_attributes.c     -deprecated, -removed, -dialyzer, -nifs */
#ifndef ACT_FRONT_LINT_STATE_H
#define ACT_FRONT_LINT_STATE_H

#include "compiler/front/bif_names.h"
#include "compiler/front/lint.h"
#include "compiler/syntax/term_text.h"

/* A table from name/arity to one thing each. */
typedef struct {
    const Name *name;
    uint32_t arity;
    SourceSpan span;
    const void *value;
    bool used;
} LintEntry;

typedef struct {
    VEC(LintEntry) entries; /* in order of insertion */
    uint32_t *slots;        /* entry index + 1, open addressing */
    uint32_t room;
} LintTable;

/* Where a variable got its present state: `case` at a place. */
typedef struct {
    const char *what;
    SourceSpan span;
} LintIn;

typedef enum {
    VAR_FREE,
    VAR_BOUND,
    VAR_UNSAFE, /* bound on some ways through in */
    VAR_EXPORT, /* bound on all ways through in */
} VarState;

typedef struct VarPlace {
    SourceSpan span;
    struct VarPlace *next;
} VarPlace;

typedef struct {
    uint8_t state;
    bool used;
    bool stacktrace; /* bound as the third part of a catch clause's head: not for its guard */
    uint32_t scope;
    const LintIn *in;
    VarPlace *places; /* where it is bound and not used */
} VarInfo;

typedef struct {
    uint32_t var; /* Name.index */
    VarInfo old;
} VarChange;

typedef struct {
    const Name *name;
    bool outer; /* there is one of that name outside, which sizes and keys see */
} PatternVar;

/* What an expression did to one variable. */
typedef struct {
    const Name *name;
    VarInfo old, now;
} VarDelta;

typedef VEC(VarDelta) VarDeltas;

/* A call that is checked once all functions are known. */
typedef struct {
    const Name *name;
    uint32_t arity;
    SourceSpan span;
    uint32_t caller; /* index of the function in functions, UINT32_MAX outside */
} LintCall;

typedef struct LintRecord LintRecord;
struct LintRecord {
    const AstNode *form; /* ATTR_RECORD */
    bool used;
    bool main_file;
    VEC(LintCall) calls;       /* in default values: they count where the record is made */
    VEC(LintRecord *) records; /* used in default values */
};

typedef struct {
    bool unused_vars, unused_function, unused_record, unused_import, unused_type, shadow_vars;
    bool export_vars, export_all_warning, obsolete_guard, bif_clash, nif_inline, keywords;
    bool missing_spec, missing_spec_all, untyped_record, match_underscore;
    bool deprecated, deprecated_type, removed;
    bool ignored, nomatch, failed; /* of the passes behind Erlang's linter */
    bool export_all, no_auto_import_all, no_auto_import_types, any_inline;
    uint8_t format; /* 0: not checked, 1: what is wrong, 2: what cannot be checked, too */
} LintOptions;

typedef VEC(const AstNode *) LintTerms;

typedef struct {
    SyntaxContext *cx;
    Diags *diags;
    Arena arena; /* of the linter alone */
    const AstModule *module;
    const SourceReader *reader; /* for behaviours; NULL: none is looked for */
    const SourceOptions *source_options;
    LintOptions options;

    LintTable functions; /* defined: value is the AstNode */
    LintTable exports, imports, types, type_exports, specs, callbacks, optional_callbacks;
    LintTable no_auto_import, nowarn_unused_function, nowarn_bif_clash;
    LintTerms not_deprecated, not_removed; /* what these nowarn options name */
    bool load_nif;                         /* erlang:load_nif/2 is called */
    LintRecord **records;                  /* by Name.index */
    VEC(LintRecord *) record_list;
    VEC(LintCall) calls;
    VEC(LintCall) type_calls; /* uses of types */
    VEC(const AstNode *) behaviours;
    VEC(const AstNode *) on_loads;
    bool in_functions; /* a function was seen: attributes come too late */
    bool behaviour_info;
    uint32_t main_file;
    const Name *module_name;

    /* variables: of the function that is being checked */
    VarInfo *vars; /* by Name.index */
    uint32_t name_count;
    VEC(VarChange) journal;
    uint32_t *stamps; /* by Name.index: for collecting */
    uint32_t stamp;
    uint32_t scope;
    uint32_t scopes;
    VEC(PatternVar) in_pattern; /* bound by the pattern that is being read */
    size_t unseen;              /* so many of them are not bound yet for a size or a key */
    bool fresh;                 /* the pattern sees no outer variables (funs, generators) */
    const char *shadowing;      /* what it would shadow in: "'fun'", "generate" */
    uint32_t caller;
    bool in_guard;
    bool in_size;         /* of a segment in a pattern */
    LintRecord *defining; /* calls of its defaults go there */
} Lint;

/* lint_names.c */
LintEntry *lint_find(const LintTable *table, const Name *name, uint32_t arity);
/* Adds; returns the entry that was there before, or NULL. */
LintEntry *lint_add(LintTable *table, const Name *name, uint32_t arity, SourceSpan span,
                    const void *value);
/* Reads F/A or {F, A}; false when value is neither. */
bool lint_name_arity(const AstNode *value, const Name **name, uint32_t *arity);
void lint_table_free(LintTable *table);
/* is_atom, is_record/2 and so on. */
bool lint_is_type_test(const Name *name, uint32_t arity);
/* atom, list, ...: the names of type tests before is_. */
bool lint_is_old_type_test(const Name *name, uint32_t arity);
const char *lint_nearest_bif(const char *wanted);
bool lint_is_auto_import_off(const Lint *l, const Name *name, uint32_t arity);
bool lint_is_local(const Lint *l, const Name *name, uint32_t arity);
/* Reports a name that no module may have. */
void lint_check_module_name(Lint *l, const Name *name, SourceSpan span);
/* The quoted text of an atom, for messages. */
const char *lint_atom(Lint *l, const Name *name);

typedef void LintVisit(Lint *l, const AstNode *node);

/* lint_options.c */
void lint_read_compile_options(Lint *l, const AstNode *value);
void lint_default_options(LintOptions *options);
/* Visits value, or what is in it if it is a list, and in lists in it. */
void lint_each_in_list(Lint *l, const AstNode *value, LintVisit *visit);
/* After all forms: the functions and records that options name. */
void lint_check_options(Lint *l);

/* lint_attributes.c: -deprecated, -removed, -dialyzer, -nifs */
void lint_check_attributes(Lint *l);

/* lint_old.c */
void lint_old_function(Lint *l, const char *module, const Name *name, const AstNode *call);
void lint_old_type(Lint *l, const AstNode *remote_type);
void lint_special_call(Lint *l, const char *module, const Name *name, const AstNode *call);

/* lint_behaviour.c */
void lint_check_behaviours(Lint *l);

/* lint_vars.c */
VarInfo *lint_var(Lint *l, const Name *name);
size_t lint_mark(const Lint *l);
void lint_var_set(Lint *l, const Name *name, VarInfo info);
/* What has changed since mark; the variables are put back as they were then. */
void lint_collect(Lint *l, size_t mark, VarDeltas *out);
void lint_apply(Lint *l, const VarDeltas *deltas);
/* Variables bound since mark become unsafe in `in`. */
void lint_make_unsafe(Lint *l, size_t mark, const LintIn *in);
/* Merges the ways through a case: a variable bound in all is exported, in some is unsafe. */
void lint_merge_clauses(Lint *l, VarDeltas *ways, size_t count, const LintIn *in);
const LintIn *lint_in(Lint *l, const char *what, SourceSpan span);
/* A use in an expression; a binding or comparison in a pattern. */
void lint_use_var(Lint *l, const AstNode *var);
void lint_pattern_var(Lint *l, const AstNode *var);
/* Opens a scope whose new variables are not seen outside; closing it warns of unused ones. */
uint32_t lint_open_scope(Lint *l);
void lint_close_scope(Lint *l, uint32_t outer, size_t mark);
/* Hides what was bound since mark from the siblings of an expression; gives it back later. */
void lint_hide_new(Lint *l, size_t mark, VarDeltas *hidden);
void lint_show_hidden(Lint *l, VarDeltas *hidden);

/* lint_expr.c */
void lint_expr(Lint *l, const AstNode *node);
void lint_exprs(Lint *l, AstList body);    /* one after the other */
void lint_siblings(Lint *l, AstList list); /* none sees what another binds */
void lint_pair_siblings(Lint *l, const AstNode *left, const AstNode *right);
void lint_function(Lint *l, const AstNode *function);
void lint_call_local(Lint *l, const Name *name, uint32_t arity, SourceSpan span);

/* lint_pattern.c */
void lint_pattern(Lint *l, const AstNode *node);
/* Patterns of one head; fresh: they see no variables from outside, shadowing says where they are.
 */
void lint_head(Lint *l, AstList patterns, const char *fresh);
bool lint_is_constant(const AstNode *node);

/* lint_guard.c */
void lint_guards(Lint *l, AstList guards);
void lint_guard_expr(Lint *l, const AstNode *node);
/* A filter that is an obsolete test as a whole, `list(X)`: looks at it and says true. */
bool lint_filter_test(Lint *l, const AstNode *node);
bool lint_is_guard_test(Lint *l, const AstNode *node);

/* lint_bits.c */
void lint_bin_expr(Lint *l, const AstNode *bin);
void lint_bin_pattern(Lint *l, const AstNode *bin, bool generator);

/* Warns, if asked to, of an unquoted atom that is a keyword under a feature (lint_names.c). */
void lint_keyword(Lint *l, const AstNode *atom);

/* lint_record.c */
void lint_define_record(Lint *l, const AstNode *form);
void lint_record_fields(Lint *l, const AstNode *node, LintVisit *visit, bool pattern);
void lint_record_access(Lint *l, const AstNode *node);
LintRecord *lint_use_record(Lint *l, const AstNode *name);
void lint_record_info(Lint *l, const AstNode *call);

/* lint_type.c */
/* The value of a constant whole number, operators included; false if it is none. */
bool lint_constant_integer(const AstNode *node, int64_t *value);
void lint_type_form(Lint *l, const AstNode *form);
void lint_spec_form(Lint *l, const AstNode *form);
void lint_record_types(Lint *l, const AstNode *form);
void lint_check_types(Lint *l);

/* lint_format.c: a call whose function is known by name: format strings, old functions */
void lint_known_call(Lint *l, const AstNode *call);

/* lint_module_checks.c */
void lint_check_module(Lint *l);
void lint_report_undefined(Lint *l, const Name *name, uint32_t arity, SourceSpan span);

/* lint_useless.c: warnings that Erlang's compiler gives in later passes */
/* Before the clauses are linted, so that the variables are as the first pattern finds them. subject
 * may be NULL; span is the whole construct. */
void lint_useless_clauses(Lint *l, AstList clauses, const AstNode *subject, bool fresh,
                          SourceSpan span);
void lint_useless_match(Lint *l, const AstNode *match);
/* An expression whose value nobody takes. */
void lint_useless_value(Lint *l, const AstNode *node);
void lint_useless_operation(Lint *l, const AstNode *node);
void lint_useless_keys(Lint *l, const AstNode *map);
/* lint_constants.c has lint_useless_operation, and: */
void lint_constant_bin(Lint *l, const AstNode *bin);
void lint_constant_bin_pattern(Lint *l, const AstNode *bin);

#endif
