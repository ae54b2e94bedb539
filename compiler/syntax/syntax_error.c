/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/syntax/syntax_error.c: see syntax_error.h. The kinds of mistake are tried one after the
 * other, the surest first; the last says only what was found and expected. */
#include "compiler/syntax/syntax_error.h"
#include "compiler/syntax/brackets.h"
#include "compiler/syntax/parser.h"
#include "compiler/syntax/term_text.h"
#include <stdio.h>
#include <string.h>

typedef struct {
    Parser *ps;
    Diags *diags;
    const SyntaxExpected *expected;
    const Token *found;
    const Token *before; /* the token before found, or NULL */
    Brackets brackets;
} Mistake;

void syntax_error_expect(SyntaxExpected *expected, const char *name)
{
    if (expected->count < SYNTAX_EXPECTED_MOST) {
        expected->names[expected->count++] = name;
    }
}

static bool expects(const Mistake *m, const char *name)
{
    for (unsigned i = 0; i < m->expected->count; i++) {
        if (strcmp(m->expected->names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static bool expects_expression(const Mistake *m)
{
    return expects(m, "a variable") && (expects(m, "a number") || expects(m, "["));
}

/* "expected ',' or ')'": the signs and words that end or go on with something, in reading order. */
static const char *expectation(const Mistake *m)
{
    static const char *const order[] = {
        "->",    "of",      "when",       "end",      "after",
        "catch", "else",    "<-",         "=>",       ":=",
        "::",    "=",       ",",          ";",        ")",
        "]",     "}",       ">>",         "(",        "{",
        "/",     "an atom", "a variable", "a number", "the end of the form",
    };
    Arena *arena = m->ps->arena;
    const char *parts[8];
    unsigned count = 0;
    bool expression = expects_expression(m);
    if (expression) {
        parts[count++] = "an expression";
    }
    for (size_t i = 0; i < ACT_COUNT(order) && count < 7; i++) {
        bool inside = expression && (strcmp(order[i], "(") == 0 || strcmp(order[i], "{") == 0 ||
                                     strcmp(order[i], "catch") == 0 || order[i][1] == 'n' ||
                                     strncmp(order[i], "a ", 2) == 0);
        bool noise = strchr("=({/", order[i][0]) != NULL && order[i][1] == '\0' &&
                     (expects(m, ",") || expects(m, "->"));
        if (inside || noise || !expects(m, order[i])) {
            continue;
        }
        bool words = strchr(order[i], ' ') != NULL;
        parts[count++] = strcmp(order[i], "the end of the form") == 0
                             ? "'.'"
                             : (words ? order[i] : arena_printf(arena, "'%s'", order[i]));
    }
    if (count == 0 || count > 5) {
        return NULL;
    }
    const char *text = parts[0];
    for (unsigned i = 1; i < count; i++) {
        text = arena_printf(arena, "%s%s%s", text, i + 1 == count ? " or " : ", ", parts[i]);
    }
    return text;
}

static const char *found_text(const Mistake *m)
{
    return token_describe(m->ps->arena, m->found);
}

/* Where a sign that is missing should stand: just behind the token before. */
static SourceSpan gap_before(const Mistake *m)
{
    SourceSpan span = m->before->span;
    return (SourceSpan){span.file, span.end > span.start ? span.end - 1 : span.end, span.end};
}

/* The text of signs and words; "" for tokens with a value. */
static const char *sign(const Token *token)
{
    switch (token == NULL ? T_ATOM : token->kind) {
    case T_ATOM:
    case T_VAR:
    case T_INTEGER:
    case T_FLOAT:
    case T_CHAR:
    case T_STRING:
        return "";
    default:
        return token->name == NULL ? "" : token->name->text;
    }
}

static bool touches(const Token *a, const Token *b)
{
    return a->span.file == b->span.file && a->span.end == b->span.start;
}

typedef struct {
    const char *first;  /* the token before found, NULL: any */
    const char *second; /* the found token */
    const char *wrong;
    const char *help;
} Lookalike;

static const Lookalike lookalikes[] = {
    {NULL, "<=", "<=", "'less or equal' is written '=<'"},
    {NULL, "=>", "=>", "'greater or equal' is written '>='"},
    {"!", "=", "!=", "'not equal' is written '/=', or '=/=' to tell 1 from 1.0"},
    {"==", "=", "===", "'exactly equal' is written '=:='"},
    {NULL, "||", "||", "'or' is written 'orelse' ('||' is for comprehensions)"},
    {"+", "=", "+=", "variables are bound once: give the new value a new name, X1 = X + 1"},
    {"-", "=", "-=", "variables are bound once: give the new value a new name, X1 = X - 1"},
    {NULL, ":=", ":=", "a match is written '=' (':=' is for maps)"},
};

static bool is_lookalike(const Mistake *m)
{
    for (size_t i = 0; i < ACT_COUNT(lookalikes); i++) {
        const Lookalike *row = &lookalikes[i];
        bool pair = row->first != NULL;
        if (strcmp(sign(m->found), row->second) != 0 ||
            (pair && (strcmp(sign(m->before), row->first) != 0 || !touches(m->before, m->found)))) {
            continue;
        }
        SourceSpan span = pair ? source_span_join(m->before->span, m->found->span) : m->found->span;
        Diag *diag = diag_report(m->diags, DIAG_E0024, span, row->wrong);
        diag_help(m->diags, diag, SOURCE_NOWHERE, "%s", row->help);
        return true;
    }
    return false;
}

/* `X=<<1>>` is read as X =< <1>>. */
static bool is_glued_binary(const Mistake *m)
{
    bool glued = m->before != NULL && m->before->op == AST_OP_LE && m->found->op == AST_OP_LT &&
                 touches(m->before, m->found);
    if (glued) {
        SourceSpan span = source_span_join(m->before->span, m->found->span);
        Diag *diag = diag_report(m->diags, DIAG_E0024, span, "=<<");
        diag_help(m->diags, diag, SOURCE_NOWHERE,
                  "this is read as '=<' and '<': put a space between '=' and '<<'");
    }
    return glued;
}

/* A form seems to begin at found although the one before has no dot. */
static bool is_missing_dot(const Mistake *m)
{
    if (!(m->found->flags & TOKEN_FIRST_IN_LINE) || m->before == NULL ||
        (m->found->kind != T_ATOM && m->found->kind != T_MINUS) || !token_ends_expr(m->before) ||
        m->brackets.open != NULL) {
        return false;
    }
    Diag *diag = diag_report(m->diags, DIAG_E0034, gap_before(m));
    diag_label(m->diags, diag, "expected '.' behind this");
    diag_note(m->diags, diag, m->found->span, "the next form begins here");
    return true;
}

static void note_open(const Mistake *m, Diag *diag)
{
    if (m->brackets.open != NULL) {
        diag_note(m->diags, diag, m->brackets.open->span, "%s is opened here",
                  token_describe(m->ps->arena, m->brackets.open));
    }
}

/* The form ends, or another bracket closes, while something is open. */
static bool is_unclosed(const Mistake *m)
{
    bool starts_form = (m->found->flags & TOKEN_FIRST_IN_LINE) &&
                       (m->found->kind == T_ATOM || m->found->kind == T_MINUS);
    bool ends = m->found->kind == T_DOT || starts_form;
    if (m->brackets.open == NULL ||
        !(ends || (brackets_is_closer(m->found) && !brackets_closes(m->brackets.open, m->found)))) {
        return false;
    }
    Diag *diag = diag_report(m->diags, DIAG_E0022, m->found->span,
                             token_describe(m->ps->arena, m->brackets.open), m->brackets.closer,
                             found_text(m));
    note_open(m, diag);
    return true;
}

static bool is_stray_closer(const Mistake *m)
{
    if (!brackets_is_closer(m->found) || m->brackets.open != NULL) {
        return false;
    }
    diag_report(m->diags, DIAG_E0025, m->found->span, found_text(m));
    return true;
}

/* A separator with nothing behind it: `a, end`, `X -> 1; end`, `foo() -> 1;.` */
static bool is_trailing_separator(const Mistake *m)
{
    if (m->before == NULL || (m->before->kind != T_COMMA && m->before->kind != T_SEMICOLON)) {
        return false;
    }
    if (!brackets_is_closer(m->found) && m->found->kind != T_DOT && m->found->kind != T_SEMICOLON &&
        m->found->kind != T_COMMA && m->found->kind != T_AFTER && m->found->kind != T_CATCH) {
        return false;
    }
    Diag *diag = diag_report(m->diags, DIAG_E0032, m->before->span,
                             token_describe(m->ps->arena, m->before), found_text(m));
    bool double_sign = m->found->kind == T_SEMICOLON || m->found->kind == T_COMMA;
    diag_help(m->diags, diag, SOURCE_NOWHERE,
              double_sign ? "remove one of the two" : "remove the '%s'", m->before->name->text);
    return true;
}

static bool runs_over_lines(const Mistake *m)
{
    const Source *source = source_of(m->diags->sources, m->before->span);
    const SourceSpan *span = &m->before->span;
    return source != NULL && memchr(source->text + span->start, '\n', span->end - span->start);
}

static const char *advice(const Mistake *m)
{
    const Token *found = m->found;
    const char *text = found->kind == T_ATOM ? found->name->text : "";
    if (found->kind == T_ATOM &&
        (strcmp(text, "else") == 0 || strcmp(text, "elif") == 0 || strcmp(text, "elseif") == 0)) {
        return "'if' has no else: write `; true -> ...` as its last clause";
    }
    const Token *before = m->before;
    if (before != NULL && before->kind == T_ATOM && !(before->flags & TOKEN_QUOTED) &&
        name_is(before->name, "maybe")) {
        return "'maybe' is reserved only after -feature(maybe_expr, enable).";
    }
    if (found->kind == T_COND || found->kind == T_LET) {
        return "this word is reserved and has no meaning yet: quote it to use it as an atom";
    }
    if (found->kind == T_MATCH && m->before != NULL && m->before->op == AST_OP_GT) {
        return "'greater or equal' is written '>='";
    }
    if (found->kind == T_LPAREN && m->before != NULL && m->before->kind == T_RPAREN) {
        return "to call what a call returns, put it in parentheses: (f(X))(Y)";
    }
    if (found->kind == T_ARROW && m->brackets.open != NULL && m->brackets.open->kind != T_CASE) {
        return "is a ';' missing before this clause, or an 'of' or 'end' before it?";
    }
    if (found->kind == T_ARROW) {
        return "is a ';' missing between this clause and the one before?";
    }
    return NULL;
}

/* Two expressions side by side where a list of them is being written. */
static bool is_missing_comma(const Mistake *m)
{
    if (m->before == NULL || !expects(m, ",") || !token_begins_expr(m->found) ||
        !token_ends_expr(m->before) || advice(m) != NULL) {
        return false;
    }
    Diag *diag = diag_report(m->diags, DIAG_E0023, gap_before(m), found_text(m));
    diag_label(m->diags, diag, "expected ',' behind this");
    if (m->before->kind == T_STRING && runs_over_lines(m)) {
        diag_note(m->diags, diag, m->before->span,
                  "this string runs over several lines: is its closing quote missing?");
    }
    return true;
}

static void report_plainly(const Mistake *m)
{
    Diag *diag = diag_report(m->diags, DIAG_E0020, m->found->span, found_text(m));
    const char *wanted = expectation(m);
    if (wanted != NULL) {
        diag_label(m->diags, diag, "expected %s", wanted);
    }
    const char *help = advice(m);
    if (help != NULL) {
        diag_help(m->diags, diag, SOURCE_NOWHERE, "%s", help);
    }
    if (m->brackets.open != NULL && expects(m, m->brackets.closer)) {
        note_open(m, diag);
    }
}

void syntax_error_report(Parser *ps, const SyntaxExpected *expected)
{
    Mistake m = {ps, &ps->cx->diags, expected, &ps->tokens[ps->error_at], NULL, {0}};
    m.before = ps->error_at > 0 ? m.found - 1 : NULL;
    m.brackets = brackets_before(ps->tokens, ps->count, ps->error_at);
    bool damaged =
        (m.before != NULL && (m.before->flags & TOKEN_DAMAGED)) || (m.found->flags & TOKEN_DAMAGED);
    if (damaged && (m.found->kind != T_DOT || m.brackets.open == NULL)) {
        return; /* the scanner has already said why */
    }
    if (is_trailing_separator(&m) || is_glued_binary(&m) || is_missing_dot(&m) || is_unclosed(&m) ||
        is_stray_closer(&m) || is_lookalike(&m) || is_missing_comma(&m)) {
        return;
    }
    report_plainly(&m);
}
