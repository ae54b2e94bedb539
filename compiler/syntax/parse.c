/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/syntax/parse.c: runs the grammar over the tokens of a form, and again behind each error.
 */
#include "compiler/syntax/parse.h"
#include "compiler/syntax/build.h"
#include "compiler/syntax/parser.h"

enum { MOST_ERRORS_IN_FORM = 50 };

/* -spec, -callback, -type, -opaque and -record have a grammar of their own: their names are made
 * words of it, here, where it is sure that a form begins. */
static void mark_attribute(Token *tokens, size_t count)
{
    if (count < 2 || tokens[0].kind != T_MINUS || tokens[1].kind != T_ATOM) {
        return;
    }
    const Name *name = tokens[1].name;
    if (name_is(name, "spec") || name_is(name, "callback")) {
        tokens[1].kind = T_SPEC_ATTR;
    } else if (name_is(name, "type") || name_is(name, "opaque")) {
        tokens[1].kind = T_TYPE_ATTR;
    } else if (name_is(name, "record")) {
        tokens[1].kind = T_RECORD_ATTR;
    }
}

static bool begins_form(const Token *tokens, size_t count, size_t at)
{
    if (at + 1 >= count || !(tokens[at].flags & TOKEN_FIRST_IN_LINE)) {
        return false;
    }
    return (tokens[at].kind == T_ATOM && tokens[at + 1].kind == T_LPAREN) ||
           (tokens[at].kind == T_MINUS && tokens[at + 1].kind == T_ATOM);
}

/* Another clause of the function that the form began with: `; name(`. */
static bool begins_clause(const Token *tokens, size_t count, size_t at)
{
    return at > 0 && at + 1 < count && tokens[0].kind == T_ATOM && tokens[at].kind == T_ATOM &&
           tokens[at].name == tokens[0].name && tokens[at - 1].kind == T_SEMICOLON &&
           tokens[at + 1].kind == T_LPAREN;
}

/* The token behind an error where it makes sense to parse on; count when there is none. */
static size_t find_restart(const Parser *ps)
{
    size_t at = ps->error_at > 0 ? ps->error_at : 1;
    while (at < ps->count && !begins_form(ps->tokens, ps->count, at) &&
           !begins_clause(ps->tokens, ps->count, at)) {
        at++;
    }
    return at;
}

static void run(Parser *ps, int start)
{
    ps->start = start;
    ps->next = 0;
    ps->form = NULL;
    act_parser_parse(ps);
}

AstNode *parse_form(SyntaxContext *cx, Token *tokens, size_t count)
{
    Parser ps = {.cx = cx, .arena = &cx->arena, .tokens = tokens, .count = count};
    bool failed = false;
    AstNode *form = NULL;
    size_t first = cx->diags.list.count;
    for (int errors = 0; ps.count > 0 && errors < MOST_ERRORS_IN_FORM; errors++) {
        mark_attribute(ps.tokens, ps.count);
        ps.failed = ps.too_deep = false;
        ps.error_at = 0;
        run(&ps, T_START_FORM);
        if (!ps.failed) {
            form = ps.form;
            break;
        }
        failed = true;
        if (ps.form != NULL) {
            break; /* the whole form was read: the error is one of meaning */
        }
        size_t restart = find_restart(&ps);
        ps.tokens += restart;
        ps.count -= restart;
    }
    for (size_t i = first + 1; failed && i < cx->diags.list.count; i++) {
        cx->diags.list.items[i]->follows = true;
    }
    return failed ? NULL : form;
}

AstList parse_exprs(SyntaxContext *cx, Token *tokens, size_t count)
{
    Parser ps = {.cx = cx, .arena = &cx->arena, .tokens = tokens, .count = count};
    run(&ps, T_START_EXPRS);
    return ps.failed ? (AstList){NULL, 0} : ps.exprs;
}

bool parse_given(SyntaxContext *cx, Token *tokens, size_t count, bool exprs, AstList *out,
                 ParseFault *fault)
{
    Parser ps = {.cx = cx, .arena = &cx->arena, .tokens = tokens, .count = count, .silent = true};
    ps.error_at = SIZE_MAX;
    if (!exprs) {
        mark_attribute(tokens, count);
    }
    run(&ps, exprs ? T_START_EXPRS : T_START_FORM);
    *fault = (ParseFault){ps.error_at != SIZE_MAX, ps.error_at};
    *out = exprs || ps.failed ? ps.exprs : build_list_1(&ps, ps.form);
    return !ps.failed;
}
