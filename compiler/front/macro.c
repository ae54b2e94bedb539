/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/front/macro.c: the table of macros and the directives that change it. */
#include "compiler/front/pp.h"
#include "compiler/syntax/parser.h"
#include "vm/base/utf8.h"
#include <string.h>

Macro *macro_find(const Preprocessor *pp, const Name *name)
{
    return name->index < pp->macros.count ? pp->macros.items[name->index] : NULL;
}

const Name *macro_name(const Token *token)
{
    switch (token->kind) {
    case T_ATOM:
    case T_VAR:
        return token->name;
    default:
        return NULL;
    }
}

static void add(Preprocessor *pp, Macro *macro)
{
    while (pp->macros.count <= macro->name->index) {
        vec_push(&pp->macros, NULL);
    }
    macro->next = pp->macros.items[macro->name->index];
    pp->macros.items[macro->name->index] = macro;
    pp->generation++;
}

static Macro *add_predefined(Preprocessor *pp, const char *name, MacroKind kind, int arity)
{
    Macro *macro = ARENA_NEW(&pp->cx->arena, Macro);
    macro->name = name_intern_text(&pp->cx->names, name);
    macro->arity = arity;
    macro->kind = kind;
    macro->predefined = true;
    add(pp, macro);
    return macro;
}

static void set_body(Preprocessor *pp, Macro *macro, const Token *tokens, size_t count)
{
    macro->count = count;
    macro->body = ARENA_ARRAY(&pp->cx->arena, Token, count);
    if (count > 0) {
        memcpy(macro->body, tokens, count * sizeof(Token));
    }
}

void macro_set(Preprocessor *pp, const char *name, Token token)
{
    Macro *macro = macro_find(pp, name_intern_text(&pp->cx->names, name));
    if (macro == NULL) {
        macro = add_predefined(pp, name, MACRO_PLAIN, MACRO_NO_ARGS);
    }
    set_body(pp, macro, &token, 1);
}

static Token atom_token(Preprocessor *pp, const char *text)
{
    Token token = {.kind = T_ATOM, .op = AST_OP__COUNT};
    token.name = name_intern_text(&pp->cx->names, text);
    return token;
}

/* -D NAME=VALUE from outside: VALUE is scanned as if it were a file of its own. */
static void define_outside(Preprocessor *pp, const SourceDefine *define)
{
    SyntaxContext *cx = pp->cx;
    const char *text = arena_printf(&cx->arena, "%s.\n", define->value ? define->value : "true");
    uint32_t file = source_add(&cx->sources, arena_printf(&cx->arena, "-D %s", define->name), text,
                               strlen(text), SOURCE_NOWHERE);
    Lexer *lexer = lexer_new(cx, file);
    TokenVec tokens = {0};
    lexer_read_form(lexer, &tokens);
    lexer_free(lexer);
    Macro *macro = ARENA_NEW(&cx->arena, Macro);
    macro->name = name_intern_text(&cx->names, define->name);
    macro->arity = MACRO_NO_ARGS;
    set_body(pp, macro, tokens.items, tokens.count > 0 ? tokens.count - 1 : 0);
    vec_free(&tokens);
    add(pp, macro);
}

void macro_predefine(Preprocessor *pp, uint32_t main_file)
{
    (void)main_file;
    add_predefined(pp, "LINE", MACRO_LINE, MACRO_NO_ARGS);
    add_predefined(pp, "FILE", MACRO_FILE, MACRO_NO_ARGS);
    add_predefined(pp, "FUNCTION_NAME", MACRO_FUNCTION_NAME, MACRO_NO_ARGS);
    add_predefined(pp, "FUNCTION_ARITY", MACRO_FUNCTION_ARITY, MACRO_NO_ARGS);
    add_predefined(pp, "FEATURE_AVAILABLE", MACRO_FEATURE_AVAILABLE, 1);
    add_predefined(pp, "FEATURE_ENABLED", MACRO_FEATURE_ENABLED, 1);
    macro_set(pp, "MACHINE", atom_token(pp, "BEAM"));
    macro_set(pp, "BEAM", atom_token(pp, "true"));
    Token release = {.kind = T_INTEGER, .op = AST_OP__COUNT, .integer = {25, NULL, 10}};
    macro_set(pp, "OTP_RELEASE", release);
    for (size_t i = 0; i < pp->options->define_count; i++) {
        define_outside(pp, &pp->options->defines[i]);
    }
}

const char *macro_nearest(const Preprocessor *pp, const char *wanted)
{
    DiagNearest nearest = {wanted, NULL, 0};
    for (size_t i = 0; i < pp->macros.count; i++) {
        if (pp->macros.items[i] != NULL) {
            diag_nearest_offer(&nearest, pp->macros.items[i]->name->text);
        }
    }
    return nearest.best;
}

/* Reads `(A, B)` behind the name at tokens[*at]. False when it is badly formed. */
static bool read_params(Preprocessor *pp, const Token *tokens, size_t count, size_t *at,
                        Macro *macro)
{
    size_t start = ++*at;
    size_t end = start;
    while (end < count && tokens[end].kind != T_RPAREN) {
        end++;
    }
    macro->params = ARENA_ARRAY(&pp->cx->arena, const Name *, end - start + 1);
    macro->arity = 0;
    for (size_t i = start; i < end; i++) {
        bool name_place = (i - start) % 2 == 0;
        if (tokens[i].kind != (name_place ? T_VAR : T_COMMA)) {
            return false;
        }
        for (int k = 0; name_place && k < macro->arity; k++) {
            if (macro->params[k] == tokens[i].name) {
                diag_report(&pp->cx->diags, DIAG_E0222, tokens[i].span, tokens[i].name->text);
            }
        }
        if (name_place) {
            macro->params[macro->arity++] = tokens[i].name;
        }
    }
    *at = end + 1;
    return end < count && (end == start || (end - start) % 2 == 1);
}

static bool may_define(Preprocessor *pp, const Macro *macro)
{
    for (Macro *old = macro_find(pp, macro->name); old != NULL; old = old->next) {
        if (old->predefined) {
            diag_report(&pp->cx->diags, DIAG_E0206, macro->span, macro->name->text);
            return false;
        }
        if (old->arity == macro->arity) {
            Diag *diag = diag_report(&pp->cx->diags, DIAG_E0205, macro->span, macro->name->text);
            diag_note(&pp->cx->diags, diag, old->span, "it was defined here");
            return false;
        }
    }
    return !(name_is(macro->name, "MODULE") || name_is(macro->name, "MODULE_STRING")) ||
           (diag_report(&pp->cx->diags, DIAG_E0206, macro->span, macro->name->text), false);
}

void macro_define(Preprocessor *pp, const Token *tokens, size_t count)
{
    /* - define ( NAME , body... ) . */
    static const char help[] = "write -define(NAME, tokens). or -define(NAME(A, B), tokens).";
    if (count < 6 || tokens[2].kind != T_LPAREN || macro_name(&tokens[3]) == NULL ||
        tokens[count - 2].kind != T_RPAREN) {
        pp_badly_formed(pp, tokens, count, help);
        return;
    }
    Macro *macro = ARENA_NEW(&pp->cx->arena, Macro);
    macro->name = macro_name(&tokens[3]);
    macro->arity = MACRO_NO_ARGS;
    macro->span = tokens[3].span;
    size_t at = 4;
    bool well = tokens[4].kind != T_LPAREN || read_params(pp, tokens, count, &at, macro);
    if (!well || at >= count - 2 || tokens[at].kind != T_COMMA) {
        pp_badly_formed(pp, tokens, count, help);
        return;
    }
    set_body(pp, macro, tokens + at + 1, count - 2 - (at + 1));
    if (may_define(pp, macro)) {
        add(pp, macro);
    }
}

void macro_undef(Preprocessor *pp, const Token *tokens, size_t count)
{
    if (count != 6 || tokens[2].kind != T_LPAREN || macro_name(&tokens[3]) == NULL ||
        tokens[4].kind != T_RPAREN) {
        pp_badly_formed(pp, tokens, count, "write -undef(NAME).");
        return;
    }
    const Name *name = macro_name(&tokens[3]);
    if (name->index < pp->macros.count) {
        pp->macros.items[name->index] = NULL;
        pp->generation++;
    }
}
