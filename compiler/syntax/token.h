/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/syntax/token.h: what the lexer makes, the preprocessor rearranges and the parser reads.
 * kind is a token of parser.y (compiler/syntax/parser.h, generated). */
#ifndef ACT_SYNTAX_TOKEN_H
#define ACT_SYNTAX_TOKEN_H

#include "compiler/syntax/ast.h"

enum {
    TOKEN_FIRST_IN_LINE = 1, /* stands in column 1 */
    TOKEN_QUOTED = 2,        /* an atom in quotes */
    TOKEN_EXPANDED = 4,      /* comes from the body of a macro */
    TOKEN_SPACE_BEFORE = 8,
    TOKEN_DAMAGED = 16, /* the scanner reported an error in it */
};

typedef struct {
    uint16_t kind;
    uint8_t op;    /* AstOp of operators */
    uint8_t flags; /* TOKEN_... */
    SourceSpan span;
    union {
        const Name *name; /* atoms, variables, reserved words and signs: their text */
        struct {
            int64_t small;
            const char *digits; /* NULL when small holds the value */
            uint32_t base;
        } integer;
        double number;
        uint32_t character;
        struct {
            const uint32_t *points;
            uint32_t count;
        } string;
    };
} Token;

typedef VEC(Token) TokenVec;

/* How to speak of the token in a message: "atom 'foo'", "'->'", "the end of the form". In arena. */
const char *token_describe(Arena *arena, const Token *token);
/* The token as it could be written: for ??Arg, -error(...) and dumps. In arena. */
const char *token_text(Arena *arena, const Token *token);
/* True for a token that can begin an expression; that can end one. */
bool token_begins_expr(const Token *token);
bool token_ends_expr(const Token *token);

#endif
