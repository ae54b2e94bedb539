/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/syntax/brackets.c: see brackets.h. */
#include "compiler/syntax/brackets.h"
#include "compiler/syntax/parser.h"
#include "vm/base/vec.h"

/* The token kind that closes tokens[i], 0 when it opens nothing. */
static int closer_of(const Token *tokens, size_t count, size_t i)
{
    switch (tokens[i].kind) {
    case T_LPAREN:
        return T_RPAREN;
    case T_LBRACKET:
        return T_RBRACKET;
    case T_LBRACE:
        return T_RBRACE;
    case T_LBIN:
        return T_RBIN;
    case T_BEGIN:
    case T_CASE:
    case T_IF:
    case T_RECEIVE:
    case T_TRY:
    case T_MAYBE:
        return T_END;
    case T_FUN:
        /* `fun(` and `fun Name(` go up to `end`; `fun f/1` and types in attributes do not. */
        if (tokens[0].kind == T_MINUS || i + 2 >= count) {
            return 0;
        }
        return tokens[i + 1].kind == T_LPAREN ||
                       (tokens[i + 1].kind == T_VAR && tokens[i + 2].kind == T_LPAREN)
                   ? T_END
                   : 0;
    default:
        return 0;
    }
}

static const char *closer_text(int kind)
{
    switch (kind) {
    case T_RPAREN:
        return ")";
    case T_RBRACKET:
        return "]";
    case T_RBRACE:
        return "}";
    case T_RBIN:
        return ">>";
    default:
        return "end";
    }
}

bool brackets_is_closer(const Token *token)
{
    return token->kind == T_RPAREN || token->kind == T_RBRACKET || token->kind == T_RBRACE ||
           token->kind == T_RBIN || token->kind == T_END;
}

bool brackets_closes(const Token *open, const Token *closer)
{
    Token fun[3] = {*open, *open, *open};
    fun[1].kind = fun[2].kind = T_LPAREN;
    return closer_of(fun, 3, 0) == closer->kind;
}

Brackets brackets_before(const Token *tokens, size_t count, size_t at)
{
    VEC(size_t) stack = {0};
    Brackets result = {NULL, NULL, NULL};
    for (size_t i = 0; i < at; i++) {
        if (closer_of(tokens, count, i) != 0) {
            vec_push(&stack, i);
        } else if (brackets_is_closer(&tokens[i])) {
            size_t top = stack.count == 0 ? 0 : vec_last(&stack);
            if (stack.count == 0 || closer_of(tokens, count, top) != tokens[i].kind) {
                result.stray = &tokens[i];
                break;
            }
            stack.count--;
        }
    }
    if (stack.count > 0) {
        size_t top = vec_last(&stack);
        result.open = &tokens[top];
        result.closer = closer_text(closer_of(tokens, count, top));
    }
    vec_free(&stack);
    return result;
}
