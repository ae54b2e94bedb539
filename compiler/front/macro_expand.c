/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/front/macro_expand.c: uses of macros.
 *
 * Tokens are read from a stack of streams. A use pushes the macro's body (arguments put in) as a
 * new stream, so that it is read again together with what follows, and nothing is ever copied
 * twice. */
#include "compiler/front/pp.h"
#include "compiler/syntax/parser.h"
#include "compiler/syntax/term_text.h"
#include "vm/base/utf8.h"
#include <stdio.h>
#include <string.h>

enum { MOST_MACROS_DEEP = 2000 };

typedef struct {
    size_t start; /* in the vector that holds all arguments' tokens */
    size_t count;
} Arg;

typedef struct {
    TokenVec tokens;
    VEC(Arg) args;
    bool present; /* there was a '(' */
    SourceSpan end;
} Args;

static bool peek(Preprocessor *pp, Token *token)
{
    while (pp->streams.count > 0) {
        const PpStream *top = &vec_last(&pp->streams);
        if (top->next < top->count) {
            *token = top->tokens[top->next];
            return true;
        }
        pp->streams.count--;
    }
    return false;
}

static bool take(Preprocessor *pp, Token *token)
{
    if (!peek(pp, token)) {
        return false;
    }
    vec_last(&pp->streams).next++;
    return true;
}

static void push_stream(Preprocessor *pp, const Token *tokens, size_t count)
{
    PpStream stream = {tokens, count, 0};
    vec_push(&pp->streams, stream);
}

static int opens(const Token *token)
{
    switch (token->kind) {
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
    case T_FUN:
    case T_MAYBE:
        return T_END;
    default:
        return 0;
    }
}

/* `fun f/1` and `fun m:f/1` have no end. next: what stands behind `fun`. */
static bool fun_with_end(const Token *next, size_t left)
{
    return left >= 2 &&
           (next[0].kind == T_LPAREN || (next[0].kind == T_VAR && next[1].kind == T_LPAREN));
}

/* A walk over the tokens behind a macro's `(`. */
typedef struct {
    VEC(int) closers;
} ArgWalk;

typedef enum { ARG_TOKEN, ARG_COMMA, ARG_CLOSE } ArgStep;

/* What token is to the macro's arguments; next: what stands behind it. */
static ArgStep arg_step(ArgWalk *walk, const Token *token, const Token *next, size_t left)
{
    bool top = walk->closers.count == 0;
    if (top && (token->kind == T_RPAREN || token->kind == T_COMMA)) {
        return token->kind == T_COMMA ? ARG_COMMA : ARG_CLOSE;
    }
    int closer = opens(token);
    if (closer != 0 && (token->kind != T_FUN || fun_with_end(next, left))) {
        vec_push(&walk->closers, closer);
    } else if (!top && token->kind == vec_last(&walk->closers)) {
        walk->closers.count--;
    }
    return ARG_TOKEN;
}

/* Reads the arguments behind a macro's name, if a '(' is there. False: the form ended inside. */
static bool collect_args(Preprocessor *pp, Args *args)
{
    Token token;
    args->present = peek(pp, &token) && token.kind == T_LPAREN;
    if (!args->present) {
        return true;
    }
    take(pp, &token);
    ArgWalk walk = {0};
    size_t start = 0;
    bool whole = false;
    while (!whole && take(pp, &token) && token.kind != T_DOT) {
        const PpStream *in = &vec_last(&pp->streams);
        ArgStep step = arg_step(&walk, &token, in->tokens + in->next, in->count - in->next);
        if (step == ARG_TOKEN) {
            vec_push(&args->tokens, token);
            continue;
        }
        if (step == ARG_COMMA || args->tokens.count > start || args->args.count > 0) {
            Arg arg = {start, args->tokens.count - start};
            vec_push(&args->args, arg);
            start = args->tokens.count;
        }
        args->end = token.span;
        whole = step == ARG_CLOSE;
    }
    vec_free(&walk.closers);
    return whole;
}

static int find_param(const Macro *macro, const Token *token)
{
    for (int i = 0; token->kind == T_VAR && i < macro->arity; i++) {
        if (macro->params[i] == token->name) {
            return i;
        }
    }
    return -1;
}

/* ??Arg: the argument's tokens as a string, one blank between them. */
static Token stringify(Preprocessor *pp, const Token *tokens, size_t count, SourceSpan span)
{
    Arena *arena = &pp->cx->arena;
    VEC(uint32_t) points = {0};
    for (size_t i = 0; i < count; i++) {
        const char *written = tokens[i].kind == T_ATOM
                                  ? term_text_atom_latin1(arena, tokens[i].name)
                                  : token_text(arena, &tokens[i]);
        const unsigned char *text = (const unsigned char *)written;
        size_t length = strlen((const char *)text);
        if (i > 0) {
            vec_push(&points, ' ');
        }
        for (size_t at = 0; at < length;) {
            uint32_t point = 0;
            unsigned used = utf8_decode(text + at, length - at, &point);
            at += used == 0 ? 1 : used;
            vec_push(&points, point);
        }
    }
    Token token = {.kind = T_STRING, .op = AST_OP__COUNT, .span = span, .flags = TOKEN_EXPANDED};
    uint32_t *copy = arena_alloc(arena, points.count * sizeof(uint32_t));
    if (points.count > 0) {
        memcpy(copy, points.items, points.count * sizeof(uint32_t));
    }
    token.string.points = copy;
    token.string.count = (uint32_t)points.count;
    vec_free(&points);
    return token;
}

/* Erlang counts the lines of a body's tokens on from the argument before them. */
static SourceSpan span_behind_arg(Preprocessor *pp, SourceSpan use, SourceSpan arg)
{
    SourcePlace a = source_place(&pp->cx->sources, use);
    SourcePlace b = source_place(&pp->cx->sources, arg);
    return use.file == arg.file && a.line != b.line ? arg : use;
}

/* The body with arguments in place, as a new stream. */
static void substitute(Preprocessor *pp, const Macro *macro, const Args *args, SourceSpan use)
{
    TokenVec out = {0};
    SourceSpan span = use;
    for (size_t i = 0; i < macro->count; i++) {
        Token token = macro->body[i];
        bool twice = token.kind == T_QUESTION && i + 2 < macro->count &&
                     macro->body[i + 1].kind == T_QUESTION;
        int quoted = twice ? find_param(macro, &macro->body[i + 2]) : -1;
        int param = quoted >= 0 ? quoted : find_param(macro, &token);
        const Token *arg = param < 0 ? NULL : args->tokens.items + args->args.items[param].start;
        size_t count = param < 0 ? 0 : args->args.items[param].count;
        if (quoted >= 0) {
            vec_push(&out, stringify(pp, arg, count, span));
            i += 2;
            continue;
        }
        if (param >= 0) {
            for (size_t k = 0; k < count; k++) {
                vec_push(&out, arg[k]);
                span = span_behind_arg(pp, use, arg[k].span);
            }
            continue;
        }
        token.span = span;
        token.flags = (uint8_t)((token.flags & ~TOKEN_FIRST_IN_LINE) | TOKEN_EXPANDED);
        vec_push(&out, token);
    }
    Token *copy = ARENA_ARRAY(&pp->cx->arena, Token, out.count);
    if (out.count > 0) {
        memcpy(copy, out.items, out.count * sizeof(Token));
    }
    push_stream(pp, copy, out.count);
    pp->made += out.count;
    vec_free(&out);
}

static void push_one(Preprocessor *pp, Token token)
{
    Token *copy = ARENA_NEW(&pp->cx->arena, Token);
    *copy = token;
    push_stream(pp, copy, 1);
}

static Token string_token(Preprocessor *pp, const char *text, SourceSpan span)
{
    Token token = {.kind = T_STRING, .op = AST_OP__COUNT, .span = span};
    size_t length = strlen(text);
    uint32_t *points = arena_alloc(&pp->cx->arena, length * sizeof(uint32_t));
    for (size_t at = 0; at < length;) {
        uint32_t point = 0;
        unsigned used = utf8_decode((const unsigned char *)text + at, length - at, &point);
        points[token.string.count++] = used == 0 ? (unsigned char)text[at] : point;
        at += used == 0 ? 1 : used;
    }
    token.string.points = points;
    return token;
}

/* A walk over the head of a function. */
typedef struct {
    int depth;
    unsigned arity;
    size_t seen; /* tokens behind the first parenthesis */
    bool done;
} HeadWalk;

static void walk_head(HeadWalk *walk, const Token *tokens, size_t count)
{
    for (size_t i = 0; i < count && !walk->done; i++) {
        const Token *token = &tokens[i];
        int closer = opens(token);
        if (closer != 0 && closer != T_END) {
            walk->depth++;
        } else if (token->kind == T_RPAREN || token->kind == T_RBRACKET ||
                   token->kind == T_RBRACE || token->kind == T_RBIN) {
            walk->done = --walk->depth == 0;
        } else if (token->kind == T_COMMA && walk->depth == 1) {
            walk->arity++;
        }
        walk->seen++;
    }
}

/* The head of the function that pp->out begins with: its name, and the number of its arguments.
 * What is still to be expanded counts as it is written: a macro in the head is one argument or part
 * of one. */
static bool current_function(Preprocessor *pp, const Token **name, unsigned *arity)
{
    const TokenVec *out = &pp->out;
    if (out->count < 2 || out->items[0].kind != T_ATOM || out->items[1].kind != T_LPAREN) {
        return false;
    }
    HeadWalk walk = {0};
    walk_head(&walk, out->items + 1, out->count - 1);
    walk.seen += out->count == 2; /* the macro itself, which is in neither */
    for (size_t i = pp->streams.count; i > 0; i--) {
        const PpStream *stream = &pp->streams.items[i - 1];
        walk_head(&walk, stream->tokens + stream->next, stream->count - stream->next);
    }
    *name = &out->items[0];
    *arity = walk.arity + (walk.seen > 2);
    return walk.done;
}

static void expand_function_macro(Preprocessor *pp, const Macro *macro, SourceSpan use)
{
    const Token *name = NULL;
    unsigned arity = 0;
    Token token = {.kind = T_ATOM, .op = AST_OP__COUNT, .span = use};
    if (!current_function(pp, &name, &arity)) {
        diag_report(&pp->cx->diags, DIAG_E0215, use, macro->name->text);
        token.name = macro->name;
    } else if (macro->kind == MACRO_FUNCTION_NAME) {
        token.name = name->name;
    } else {
        token.kind = T_INTEGER;
        token.integer.small = arity;
        token.integer.base = 10;
    }
    push_one(pp, token);
}

static void expand_feature(Preprocessor *pp, const Macro *macro, const Args *args, SourceSpan use)
{
    bool is_maybe = args->tokens.count == 1 && args->tokens.items[0].kind == T_ATOM &&
                    name_is(args->tokens.items[0].name, "maybe_expr");
    bool value = is_maybe && (macro->kind == MACRO_FEATURE_AVAILABLE || pp->maybe_enabled);
    Token token = {.kind = T_ATOM, .op = AST_OP__COUNT, .span = use};
    token.name = name_intern_text(&pp->cx->names, value ? "true" : "false");
    push_one(pp, token);
}

static void expand_found(Preprocessor *pp, const Macro *macro, const Args *args, SourceSpan use)
{
    Token token = {.kind = T_INTEGER, .op = AST_OP__COUNT, .span = use};
    switch (macro->kind) {
    case MACRO_PLAIN:
        substitute(pp, macro, args, use);
        break;
    case MACRO_LINE:
        token.integer.small = source_logical_place(&pp->cx->sources, use).line;
        token.integer.base = 10;
        push_one(pp, token);
        break;
    case MACRO_FILE:
        push_one(pp, string_token(pp, source_logical_place(&pp->cx->sources, use).name, use));
        break;
    case MACRO_FUNCTION_NAME:
    case MACRO_FUNCTION_ARITY:
        expand_function_macro(pp, macro, use);
        break;
    case MACRO_FEATURE_AVAILABLE:
    case MACRO_FEATURE_ENABLED:
        expand_feature(pp, macro, args, use);
        break;
    }
}

/* How many arguments stand in the parentheses at tokens[0]; -1 when they are not closed. */
static int count_written_args(const Token *tokens, size_t count)
{
    ArgWalk walk = {0};
    int args = count > 1 && tokens[1].kind != T_RPAREN;
    ArgStep step = ARG_TOKEN;
    for (size_t i = 1; i < count && step != ARG_CLOSE; i++) {
        step = arg_step(&walk, &tokens[i], tokens + i + 1, count - i - 1);
        args += step == ARG_COMMA;
    }
    vec_free(&walk.closers);
    return step == ARG_CLOSE ? args : -1;
}

static bool is_circular(Preprocessor *pp, Macro *macro, unsigned depth);

/* True if the use of a macro at body[at] leads back to where the search began. */
static bool use_is_circular(Preprocessor *pp, const Macro *macro, size_t at, unsigned depth)
{
    const Name *name = macro_name(&macro->body[at + 1]);
    Macro *used = name == NULL ? NULL : macro_find(pp, name);
    if (used == NULL) {
        return false;
    }
    bool parens = at + 2 < macro->count && macro->body[at + 2].kind == T_LPAREN;
    bool only_plain = used->next == NULL && used->arity == MACRO_NO_ARGS;
    int args = parens && !only_plain
                   ? count_written_args(macro->body + at + 2, macro->count - at - 2)
                   : MACRO_NO_ARGS;
    bool unknown = parens && !only_plain && args < 0;
    for (; used != NULL; used = used->next) {
        if ((unknown || used->arity == args) && is_circular(pp, used, depth)) {
            return true;
        }
    }
    return false;
}

/* True if macro's body leads back to itself, by whatever way. Every macro is searched once. */
static bool is_circular(Preprocessor *pp, Macro *macro, unsigned depth)
{
    if (macro->checked == pp->generation && macro->visit == 2) {
        return false;
    }
    if (macro->visit == 1 || depth > MOST_MACROS_DEEP) {
        return true;
    }
    macro->visit = 1;
    bool circular = false;
    for (size_t i = 0; i + 1 < macro->count && !circular; i++) {
        circular = macro->body[i].kind == T_QUESTION && use_is_circular(pp, macro, i, depth + 1);
    }
    macro->visit = circular ? 0 : 2;
    macro->checked = pp->generation;
    return circular;
}

/* How many arguments stand behind the name that was taken last; -1: none, or they do not end. */
static int args_that_follow(const Preprocessor *pp)
{
    for (size_t i = pp->streams.count; i > 0; i--) {
        const PpStream *stream = &pp->streams.items[i - 1];
        if (stream->next < stream->count) {
            const Token *tokens = stream->tokens + stream->next;
            return tokens->kind == T_LPAREN
                       ? count_written_args(tokens, stream->count - stream->next)
                       : -1;
        }
    }
    return -1;
}

static void report_undefined(Preprocessor *pp, const Name *name, SourceSpan use)
{
    int args = args_that_follow(pp);
    char arity[16] = "";
    if (args >= 0) {
        snprintf(arity, sizeof arity, "/%d", args);
    }
    Diag *diag = diag_report(&pp->cx->diags, DIAG_E0201, use, name->text, arity);
    const char *near = macro_nearest(pp, name->text);
    if (near != NULL) {
        diag_help(&pp->cx->diags, diag, SOURCE_NOWHERE, "did you mean '?%s'?", near);
    } else if (name_is(name, "MODULE") || name_is(name, "MODULE_STRING")) {
        diag_help(&pp->cx->diags, diag, SOURCE_NOWHERE,
                  "it is defined by the -module attribute, which must come first");
    }
}

static const Macro *with_arity(const Macro *macro, int arity)
{
    while (macro != NULL && macro->arity != arity) {
        macro = macro->next;
    }
    return macro;
}

static void report_arity(Preprocessor *pp, const Macro *first, const Args *args, SourceSpan use)
{
    unsigned count = (unsigned)args->args.count;
    Diag *diag = args->present ? diag_report(&pp->cx->diags, DIAG_E0202, use, first->name->text,
                                             count, count == 1 ? "" : "s")
                               : diag_report(&pp->cx->diags, DIAG_E0203, use, first->name->text);
    for (const Macro *macro = first; macro != NULL; macro = macro->next) {
        if (macro->arity != MACRO_NO_ARGS) {
            diag_note(&pp->cx->diags, diag, macro->span, "this definition has %d argument%s",
                      macro->arity, macro->arity == 1 ? "" : "s");
        }
    }
}

/* A use that failed leaves its name as an ordinary token, so that the parse can go on. */
static void leave_name(Preprocessor *pp, Token name)
{
    vec_push(&pp->out, name);
}

static void use_macro(Preprocessor *pp, Token name_token, SourceSpan use)
{
    const Name *name = macro_name(&name_token);
    Macro *first = macro_find(pp, name);
    if (first == NULL) {
        report_undefined(pp, name, use);
        leave_name(pp, name_token);
        return;
    }
    Args args = {0};
    const Macro *macro = first;
    if (first->next != NULL || first->arity != MACRO_NO_ARGS) {
        if (!collect_args(pp, &args)) {
            diag_report(&pp->cx->diags, DIAG_E0214, use, name->text);
            macro = NULL;
        } else {
            macro = with_arity(first, args.present ? (int)args.args.count : MACRO_NO_ARGS);
            if (macro == NULL) {
                report_arity(pp, first, &args, use);
            }
        }
    }
    if (macro == NULL) {
        leave_name(pp, name_token);
    } else if (is_circular(pp, (Macro *)macro, 0)) {
        diag_report(&pp->cx->diags, DIAG_E0204, use, name->text);
        leave_name(pp, name_token);
    } else {
        if (!(name_token.flags & TOKEN_EXPANDED)) {
            source_macro_use(&pp->cx->sources, use, macro->span, name->text);
        }
        expand_found(pp, macro, &args, use);
    }
    vec_free(&args.tokens);
    vec_free(&args.args);
}

static bool too_long(Preprocessor *pp, SourceSpan span)
{
    if (pp->made < PP_MOST_TOKENS && pp->streams.count < PP_MOST_TOKENS) {
        return false;
    }
    if (!pp->too_long) {
        diag_report(&pp->cx->diags, DIAG_E0216, span, (unsigned)PP_MOST_TOKENS);
    }
    pp->too_long = true;
    return true;
}

void macro_expand(Preprocessor *pp, const Token *tokens, size_t count)
{
    pp->out.count = 0;
    pp->streams.count = 0;
    pp->too_long = false;
    pp->made = 0;
    push_stream(pp, tokens, count);
    size_t uses = 0;
    Token token;
    while (take(pp, &token)) {
        if (token.kind != T_QUESTION) {
            vec_push(&pp->out, token);
            continue;
        }
        Token name = {0};
        if (!peek(pp, &name) || macro_name(&name) == NULL) {
            bool twice = name.kind == T_QUESTION;
            diag_report(&pp->cx->diags, twice ? DIAG_E0219 : DIAG_E0218, token.span);
            if (twice) {
                take(pp, &name);
            }
            continue;
        }
        take(pp, &name);
        SourceSpan use =
            name.flags & TOKEN_EXPANDED ? name.span : source_span_join(token.span, name.span);
        if (too_long(pp, use) || ++uses > PP_MOST_TOKENS) {
            pp->streams.count = 0;
            break;
        }
        use_macro(pp, name, use);
    }
    /* Whatever went wrong, the form ends with its dot. */
    if (pp->out.count == 0 || vec_last(&pp->out).kind != T_DOT) {
        vec_push(&pp->out, tokens[count - 1]);
    }
}
