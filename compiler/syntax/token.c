/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/syntax/token.c: tokens in words and as text. */
#include "compiler/syntax/token.h"
#include "compiler/syntax/parser.h"
#include "compiler/syntax/term_text.h"
#include <string.h>

const char *token_text(Arena *arena, const Token *token)
{
    switch (token->kind) {
    case T_ATOM:
        return term_text_atom(arena, token->name);
    case T_INTEGER:
        return term_text_integer(arena, token->integer.small, token->integer.digits,
                                 token->integer.base);
    case T_FLOAT:
        return term_text_float(arena, token->number);
    case T_CHAR:
        return term_text_char(arena, token->character);
    case T_STRING:
        return term_text_string(arena, token->string.points, token->string.count);
    case T_DOT:
        return ".";
    default:
        return token->name == NULL ? "" : token->name->text;
    }
}

const char *token_describe(Arena *arena, const Token *token)
{
    switch (token->kind) {
    case T_ATOM:
        return arena_printf(arena, "atom %s%s%s", token->flags & TOKEN_QUOTED ? "" : "'",
                            token_text(arena, token), token->flags & TOKEN_QUOTED ? "" : "'");
    case T_VAR:
        return arena_printf(arena, "variable '%s'", token->name->text);
    case T_INTEGER:
    case T_FLOAT:
        return arena_printf(arena, "number %s", token_text(arena, token));
    case T_CHAR:
        return arena_printf(arena, "character %s", token_text(arena, token));
    case T_STRING:
        return token->string.count > 20
                   ? "a string"
                   : arena_printf(arena, "string %s", token_text(arena, token));
    case T_DOT:
        return "'.' (the end of the form)";
    default:
        return arena_printf(arena, "'%s'", token_text(arena, token));
    }
}

bool token_begins_expr(const Token *token)
{
    switch (token->kind) {
    case T_ATOM:
    case T_VAR:
    case T_INTEGER:
    case T_FLOAT:
    case T_CHAR:
    case T_STRING:
    case T_LPAREN:
    case T_LBRACKET:
    case T_LBRACE:
    case T_LBIN:
    case T_HASH:
    case T_BEGIN:
    case T_CASE:
    case T_IF:
    case T_RECEIVE:
    case T_TRY:
    case T_MAYBE:
    case T_FUN:
    case T_CATCH:
    case T_PREFIX_OP:
        return true;
    default:
        return false;
    }
}

bool token_ends_expr(const Token *token)
{
    switch (token->kind) {
    case T_ATOM:
    case T_VAR:
    case T_INTEGER:
    case T_FLOAT:
    case T_CHAR:
    case T_STRING:
    case T_RPAREN:
    case T_RBRACKET:
    case T_RBRACE:
    case T_RBIN:
    case T_END:
        return true;
    default:
        return false;
    }
}
