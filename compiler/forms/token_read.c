/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/forms/token_read.c: see token_read.h. */
#include "compiler/forms/token_read.h"
#include "compiler/syntax/parser.h"
#include <string.h>

typedef struct {
    const char *text;
    int kind;
} Sign;

static const Sign signs[] = {
    {"(", T_LPAREN},        {")", T_RPAREN},     {"[", T_LBRACKET},     {"]", T_RBRACKET},
    {"{", T_LBRACE},        {"}", T_RBRACE},     {"<<", T_LBIN},        {">>", T_RBIN},
    {",", T_COMMA},         {";", T_SEMICOLON},  {"->", T_ARROW},       {"<-", T_GENERATE},
    {"<=", T_BIN_GENERATE}, {"=>", T_ASSOC},     {":=", T_EXACT},       {"::", T_COLONS},
    {":", T_COLON},         {"||", T_BARS},      {"|", T_BAR},          {"#", T_HASH},
    {"?=", T_MAYBE_MATCH},  {"=", T_MATCH},      {"!", T_SEND},         {"+", T_PLUS},
    {"-", T_MINUS},         {"*", T_TIMES},      {"/", T_SLASH},        {"++", T_LIST_OP},
    {"--", T_LIST_OP},      {"==", T_COMP_OP},   {"/=", T_COMP_OP},     {"=<", T_COMP_OP},
    {"<", T_COMP_OP},       {">=", T_COMP_OP},   {">", T_COMP_OP},      {"=:=", T_COMP_OP},
    {"=/=", T_COMP_OP},     {"...", T_ELLIPSIS}, {"..", T_RANGE},       {".", T_PERIOD},
    {"dot", T_DOT},         {"after", T_AFTER},  {"and", T_MULT_OP},    {"andalso", T_ANDALSO},
    {"band", T_MULT_OP},    {"begin", T_BEGIN},  {"bnot", T_PREFIX_OP}, {"bor", T_ADD_OP},
    {"bsl", T_ADD_OP},      {"bsr", T_ADD_OP},   {"bxor", T_ADD_OP},    {"case", T_CASE},
    {"catch", T_CATCH},     {"cond", T_COND},    {"div", T_MULT_OP},    {"end", T_END},
    {"fun", T_FUN},         {"if", T_IF},        {"let", T_LET},        {"not", T_PREFIX_OP},
    {"of", T_OF},           {"or", T_ADD_OP},    {"orelse", T_ORELSE},  {"receive", T_RECEIVE},
    {"rem", T_MULT_OP},     {"try", T_TRY},      {"when", T_WHEN},      {"xor", T_ADD_OP},
    {"maybe", T_MAYBE},     {"else", T_ELSE},
};

static int sign_kind(const Name *name)
{
    for (size_t i = 0; i < ACT_COUNT(signs); i++) {
        if (name_is(name, signs[i].text)) {
            return signs[i].kind;
        }
    }
    return T_QUESTION; /* the grammar never asks for it */
}

static const Name *read_name(SyntaxContext *cx, EtfIn *in)
{
    EtfItem item = etf_read(in);
    if (item.kind != ETF_ATOM) {
        return NULL;
    }
    size_t length;
    const char *text = etf_atom_text(&cx->arena, &item, &length);
    return name_intern(&cx->names, text, length);
}

static bool read_integer(SyntaxContext *cx, EtfIn *in, Token *token)
{
    EtfItem item = etf_read(in);
    token->kind = T_INTEGER;
    token->integer.base = 10;
    if (item.kind == ETF_BIG && !item.negative) {
        token->integer.digits = etf_big_digits(&cx->arena, &item);
        token->integer.base = 16;
        return true;
    }
    token->integer.small = item.integer;
    return item.kind == ETF_INT;
}

/* The value of a token that has one. */
static bool read_value(SyntaxContext *cx, EtfIn *in, Token *token, const Name *category)
{
    if (name_is(category, "atom") || name_is(category, "var")) {
        token->kind = category->text[0] == 'a' ? T_ATOM : T_VAR;
        token->name = read_name(cx, in);
        return token->name != NULL;
    }
    if (name_is(category, "integer")) {
        return read_integer(cx, in, token);
    }
    if (name_is(category, "float")) {
        EtfItem item = etf_read(in);
        token->kind = T_FLOAT;
        token->number = item.real;
        return item.kind == ETF_FLOAT;
    }
    if (name_is(category, "char")) {
        EtfItem item = etf_read(in);
        token->kind = T_CHAR;
        token->character = (uint32_t)item.integer;
        return item.kind == ETF_INT && item.integer >= 0 && item.integer <= 0x10FFFF;
    }
    token->kind = T_STRING;
    return name_is(category, "string") &&
           etf_read_points(in, &cx->arena, &token->string.points, &token->string.count);
}

static bool read_token(SyntaxContext *cx, EtfIn *in, Places *places, Token *token)
{
    EtfItem tuple = etf_read(in);
    const Name *category = tuple.kind == ETF_TUPLE && tuple.count >= 2 ? read_name(cx, in) : NULL;
    if (category == NULL) {
        return false;
    }
    bool generated = false;
    *token = (Token){.span = places_read(places, in, &cx->arena, &generated)};
    token->op = AST_OP__COUNT;
    if (tuple.count == 2) {
        token->name = category;
        token->kind = (uint16_t)sign_kind(category);
        token->op = (uint8_t)ast_op_find(category->text, 3);
        return true;
    }
    EtfIn start = *in;
    if (!read_value(cx, in, token, category)) {
        token->kind = T_QUESTION;
        token->name = category;
    }
    *in = start;
    for (uint32_t i = 2; i < tuple.count; i++) {
        etf_skip(in);
    }
    return true;
}

bool token_read_list(SyntaxContext *cx, EtfIn *in, Places *places, TokenVec *out)
{
    uint32_t count;
    if (!etf_list_begin(in, &count)) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        Token token;
        if (!read_token(cx, in, places, &token)) {
            return false;
        }
        vec_push(out, token);
    }
    return etf_list_end(in, count);
}
