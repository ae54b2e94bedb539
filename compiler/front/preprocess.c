/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/front/preprocess.c: the loop over forms, and the directives; see preprocess.h, pp.h. */
#include "compiler/front/preprocess.h"
#include "compiler/front/pp.h"
#include "compiler/syntax/parse.h"
#include "compiler/syntax/parser.h"
#include "compiler/syntax/term_text.h"
#include "vm/base/alloc.h"
#include "vm/base/utf8.h"
#include <string.h>

typedef void Directive(Preprocessor *pp, const Token *tokens, size_t count);

Preprocessor *preprocess_new(SyntaxContext *cx, const SourceReader *reader,
                             const SourceOptions *options, uint32_t file)
{
    static const SourceOptions no_options = {0};
    Preprocessor *pp = alloc_must_zero(sizeof(*pp));
    pp->cx = cx;
    pp->reader = reader;
    pp->options = options == NULL ? &no_options : options;
    pp->generation = 1;
    macro_predefine(pp, file);
    pp_push_file(pp, file);
    return pp;
}

void preprocess_free(Preprocessor *pp)
{
    while (pp->files.count > 0) {
        lexer_free(vec_pop(&pp->files).lexer);
    }
    vec_free(&pp->files);
    vec_free(&pp->macros);
    vec_free(&pp->conditions);
    vec_free(&pp->raw);
    vec_free(&pp->out);
    vec_free(&pp->streams);
    alloc_free(pp);
}

void pp_badly_formed(Preprocessor *pp, const Token *tokens, size_t count, const char *help)
{
    SourceSpan span = source_span_join(tokens[0].span, tokens[count - 1].span);
    Diag *diag = diag_report(&pp->cx->diags, DIAG_E0207, span, tokens[1].name->text);
    diag_help(&pp->cx->diags, diag, SOURCE_NOWHERE, "%s", help);
}

void pp_reserve_words(Preprocessor *pp, Token *tokens, size_t count)
{
    if (!pp->maybe_enabled) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        if (tokens[i].kind == T_ATOM && !(tokens[i].flags & TOKEN_QUOTED)) {
            if (name_is(tokens[i].name, "maybe")) {
                tokens[i].kind = T_MAYBE;
            } else if (name_is(tokens[i].name, "else")) {
                tokens[i].kind = T_ELSE;
            }
        }
    }
}

static bool skipping(const Preprocessor *pp)
{
    return pp->conditions.count > 0 && !vec_last(&pp->conditions).active;
}

static void open_condition(Preprocessor *pp, const Token *tokens, const char *directive,
                           bool active)
{
    bool dead = skipping(pp);
    PpCondition condition = {directive, tokens[1].span, active && !dead, active || dead, false};
    vec_push(&pp->conditions, condition);
}

/* The macro's name in -ifdef(NAME). and its like; NULL (reported) when badly formed. */
static const Name *condition_name(Preprocessor *pp, const Token *tokens, size_t count)
{
    const Name *name = count == 6 && tokens[2].kind == T_LPAREN && tokens[4].kind == T_RPAREN
                           ? macro_name(&tokens[3])
                           : NULL;
    if (name == NULL && !skipping(pp)) {
        pp_badly_formed(pp, tokens, count, "it takes the name of one macro");
    }
    return name;
}

static void ifdef_directive(Preprocessor *pp, const Token *tokens, size_t count)
{
    const Name *name = condition_name(pp, tokens, count);
    open_condition(pp, tokens, "ifdef", name != NULL && macro_find(pp, name) != NULL);
}

static void ifndef_directive(Preprocessor *pp, const Token *tokens, size_t count)
{
    const Name *name = condition_name(pp, tokens, count);
    open_condition(pp, tokens, "ifndef", name != NULL && macro_find(pp, name) == NULL);
}

static bool evaluate(Preprocessor *pp, const Token *tokens, size_t count)
{
    macro_expand(pp, tokens, count);
    return pp_condition(pp, pp->out.items, pp->out.count);
}

static void if_directive(Preprocessor *pp, const Token *tokens, size_t count)
{
    open_condition(pp, tokens, "if", !skipping(pp) && evaluate(pp, tokens, count));
}

/* The condition that an -else, -elif or -endif here belongs to; NULL (reported) if none. */
static PpCondition *open_here(Preprocessor *pp, const Token *tokens)
{
    if (pp->conditions.count <= vec_last(&pp->files).conditions) {
        diag_report(&pp->cx->diags, DIAG_E0210, tokens[1].span, tokens[1].name->text);
        return NULL;
    }
    return &vec_last(&pp->conditions);
}

static PpCondition *alternative(Preprocessor *pp, const Token *tokens)
{
    PpCondition *condition = open_here(pp, tokens);
    if (condition != NULL && condition->seen_else) {
        Diag *diag = diag_report(&pp->cx->diags, DIAG_E0211, tokens[1].span, tokens[1].name->text);
        diag_note(&pp->cx->diags, diag, condition->span, "the condition begins here");
    }
    return condition;
}

static void elif_directive(Preprocessor *pp, const Token *tokens, size_t count)
{
    PpCondition *condition = alternative(pp, tokens);
    if (condition == NULL) {
        return;
    }
    bool value = !condition->taken && evaluate(pp, tokens, count);
    condition->active = value;
    condition->taken = condition->taken || value;
}

static void else_directive(Preprocessor *pp, const Token *tokens, size_t count)
{
    (void)count;
    PpCondition *condition = alternative(pp, tokens);
    if (condition != NULL) {
        condition->active = !condition->taken;
        condition->taken = condition->seen_else = true;
    }
}

static void endif_directive(Preprocessor *pp, const Token *tokens, size_t count)
{
    (void)count;
    if (open_here(pp, tokens) != NULL) {
        pp->conditions.count--;
    }
}

static void include_directive(Preprocessor *pp, const Token *tokens, size_t count)
{
    pp_include(pp, tokens, count, false);
}

static void include_lib_directive(Preprocessor *pp, const Token *tokens, size_t count)
{
    pp_include(pp, tokens, count, true);
}

/* -error(Term). and -warning(Term). */
static void message(Preprocessor *pp, const Token *tokens, size_t count, DiagCode code)
{
    if (count < 6 || tokens[2].kind != T_LPAREN || tokens[count - 2].kind != T_RPAREN) {
        pp_badly_formed(pp, tokens, count, "it takes one term");
        return;
    }
    macro_expand(pp, tokens, count);
    uint32_t before = pp->cx->diags.errors;
    parse_form(pp->cx, pp->out.items, pp->out.count); /* reports what is no term */
    if (pp->cx->diags.errors != before) {
        return;
    }
    Arena *arena = &pp->cx->arena;
    const char *text = "";
    for (size_t i = 3; i + 2 < pp->out.count; i++) {
        text = arena_printf(arena, "%s%s%s", text,
                            i > 3 && (pp->out.items[i].flags & TOKEN_SPACE_BEFORE) ? " " : "",
                            token_text(arena, &pp->out.items[i]));
    }
    diag_report(&pp->cx->diags, code, source_span_join(tokens[0].span, tokens[count - 2].span),
                text);
}

static void error_directive(Preprocessor *pp, const Token *tokens, size_t count)
{
    message(pp, tokens, count, DIAG_E0213);
}

static void warning_directive(Preprocessor *pp, const Token *tokens, size_t count)
{
    message(pp, tokens, count, DIAG_W0200);
}

/* -feature(maybe_expr, enable). */
static void feature_directive(Preprocessor *pp, const Token *tokens, size_t count)
{
    if (count != 8 || tokens[3].kind != T_ATOM || tokens[4].kind != T_COMMA ||
        tokens[5].kind != T_ATOM ||
        !(name_is(tokens[5].name, "enable") || name_is(tokens[5].name, "disable"))) {
        pp_badly_formed(pp, tokens, count, "write -feature(name, enable).");
        return;
    }
    if (pp->past_prefix) {
        diag_report(&pp->cx->diags, DIAG_E0220, tokens[1].span);
    }
    bool all = name_is(tokens[3].name, "all");
    if (!all && !name_is(tokens[3].name, "maybe_expr")) {
        Diag *diag = diag_report(&pp->cx->diags, DIAG_E0217, tokens[3].span, tokens[3].name->text);
        diag_help(&pp->cx->diags, diag, SOURCE_NOWHERE, "the only feature is 'maybe_expr'");
        return;
    }
    pp->maybe_enabled = name_is(tokens[5].name, "enable");
}

typedef struct {
    const char *name;
    Directive *run;
    bool condition; /* runs where text is left out, too */
} DirectiveRow;

static const DirectiveRow directives[] = {
    {"define", macro_define, false},
    {"undef", macro_undef, false},
    {"ifdef", ifdef_directive, true},
    {"ifndef", ifndef_directive, true},
    {"if", if_directive, true},
    {"elif", elif_directive, true},
    {"else", else_directive, true},
    {"endif", endif_directive, true},
    {"include", include_directive, false},
    {"include_lib", include_lib_directive, false},
    {"error", error_directive, false},
    {"warning", warning_directive, false},
    {"feature", feature_directive, false},
};

static const DirectiveRow *find_directive(const TokenVec *form)
{
    if (form->count < 3 || form->items[0].kind != T_MINUS ||
        (form->items[1].kind != T_ATOM && form->items[1].kind != T_IF)) {
        return NULL;
    }
    for (size_t i = 0; i < ACT_COUNT(directives); i++) {
        if (name_is(form->items[1].name, directives[i].name)) {
            return &directives[i];
        }
    }
    return NULL;
}

/* ?MODULE and ?MODULE_STRING begin with the attribute. */
static void see_module(Preprocessor *pp, const Token *name)
{
    Token token = *name;
    macro_set(pp, "MODULE", token);
    token.kind = T_STRING;
    uint32_t *points = ARENA_ARRAY(&pp->cx->arena, uint32_t, name->name->length + 1);
    uint32_t count = 0;
    for (uint32_t at = 0; at < name->name->length;) {
        at += utf8_decode((const unsigned char *)name->name->text + at, name->name->length - at,
                          &points[count++]);
    }
    token.string.points = points;
    token.string.count = count;
    macro_set(pp, "MODULE_STRING", token);
}

/* -file("name", Line): places count anew from here. */
static void see_file(Preprocessor *pp, const Token *tokens)
{
    char *name = arena_alloc(&pp->cx->arena, tokens[3].string.count * (size_t)UTF8_MAX_BYTES + 1);
    size_t at = 0;
    for (uint32_t i = 0; i < tokens[3].string.count; i++) {
        at += utf8_encode(tokens[3].string.points[i], (unsigned char *)name + at);
    }
    name[at] = '\0';
    source_remap(&pp->cx->sources, tokens[0].span.file, tokens[0].span.start, name,
                 (uint32_t)tokens[5].integer.small);
}

static void see_attribute(Preprocessor *pp)
{
    const Token *tokens = pp->out.items;
    size_t count = pp->out.count;
    bool attribute = count > 4 && tokens[0].kind == T_MINUS && tokens[1].kind == T_ATOM &&
                     tokens[2].kind == T_LPAREN;
    bool module = attribute && name_is(tokens[1].name, "module");
    bool file = attribute && name_is(tokens[1].name, "file");
    if (module && tokens[3].kind == T_ATOM) {
        see_module(pp, &tokens[3]);
    }
    if (file && count > 6 && tokens[3].kind == T_STRING && tokens[5].kind == T_INTEGER) {
        see_file(pp, tokens);
    }
    pp->past_prefix = pp->past_prefix || !(module || file);
}

/* Reads the next form into pp->raw; false when the last file has ended. */
static bool read_raw(Preprocessor *pp)
{
    while (pp->files.count > 0) {
        Lexer *lexer = vec_last(&pp->files).lexer;
        pp->raw.count = 0;
        lexer_set_quiet(lexer, skipping(pp));
        if (lexer_read_form(lexer, &pp->raw)) {
            return true;
        }
        pp_pop_file(pp);
    }
    return false;
}

bool preprocess_next(Preprocessor *pp, Token **tokens, size_t *count)
{
    while (read_raw(pp)) {
        const DirectiveRow *directive = find_directive(&pp->raw);
        if (directive != NULL && (directive->condition || !skipping(pp))) {
            directive->run(pp, pp->raw.items, pp->raw.count);
            continue;
        }
        if (skipping(pp)) {
            continue;
        }
        pp_reserve_words(pp, pp->raw.items, pp->raw.count);
        macro_expand(pp, pp->raw.items, pp->raw.count);
        pp_reserve_words(pp, pp->out.items, pp->out.count);
        see_attribute(pp);
        if (pp->too_long) {
            continue;
        }
        *tokens = pp->out.items;
        *count = pp->out.count;
        return true;
    }
    return false;
}
