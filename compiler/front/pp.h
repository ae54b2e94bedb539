/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/front/pp.h: what the files of the preprocessor share. Included by them alone.
 *
 *   preprocess.c   forms, directives, conditions        macro.c         the table; -define, -undef
 *   pp_include.c   the stack of files                   macro_expand.c  uses
 *   const_eval.c   the value of an -if */
#ifndef ACT_FRONT_PP_H
#define ACT_FRONT_PP_H

#include "compiler/front/preprocess.h"
#include "compiler/syntax/lexer.h"

enum {
    PP_MOST_INCLUDES = 64,
    PP_MOST_TOKENS = 1000000, /* of one form */
    MACRO_NO_ARGS = -1,
};

/* Macros whose body is made at the use. */
typedef enum {
    MACRO_PLAIN,
    MACRO_LINE,
    MACRO_FILE,
    MACRO_FUNCTION_NAME,
    MACRO_FUNCTION_ARITY,
    MACRO_FEATURE_AVAILABLE,
    MACRO_FEATURE_ENABLED,
} MacroKind;

/* One definition; those with the same name and other arities follow in next. */
typedef struct Macro {
    struct Macro *next;
    const Name *name;
    int arity; /* MACRO_NO_ARGS: used without parentheses */
    const Name **params;
    Token *body;
    size_t count;
    SourceSpan span;
    MacroKind kind;
    bool predefined;  /* may not be defined again */
    uint8_t visit;    /* for the search for cycles: 0 new, 1 under way, 2 done */
    uint32_t checked; /* pp->generation when it was last found free of cycles */
} Macro;

typedef struct {
    Lexer *lexer;
    uint32_t file;
    size_t conditions; /* how many were open when it began */
    const char *dir;   /* "" or with a slash at its end */
} PpFile;

typedef struct {
    const char *directive; /* that opened it */
    SourceSpan span;
    bool active; /* the text here counts */
    bool taken;  /* one branch was already active, or the whole condition is dead */
    bool seen_else;
} PpCondition;

/* Tokens still to be read while expanding: a body, or what is left of the form. */
typedef struct {
    const Token *tokens;
    size_t count;
    size_t next;
} PpStream;

struct Preprocessor {
    SyntaxContext *cx;
    const SourceReader *reader;
    const SourceOptions *options;
    VEC(Macro *) macros; /* by Name.index: the first definition, or NULL */
    uint32_t generation; /* goes up with every -define and -undef */
    VEC(PpFile) files;
    VEC(PpCondition) conditions;
    TokenVec raw; /* the form as scanned */
    TokenVec out; /* the form expanded */
    VEC(PpStream) streams;
    const char *main_dir;
    bool maybe_enabled;
    bool past_prefix; /* a form that is no -module, -feature or -file was seen */
    size_t made;      /* tokens that macros have made in this form */
    bool too_long;    /* reported for this form */
};

/* macro.c */
void macro_predefine(Preprocessor *pp, uint32_t main_file);
/* -define and -undef: tokens are the whole form, raw. */
void macro_define(Preprocessor *pp, const Token *tokens, size_t count);
void macro_undef(Preprocessor *pp, const Token *tokens, size_t count);
/* Sets NAME to one token, predefined. */
void macro_set(Preprocessor *pp, const char *name, Token token);
/* The first definition with this name, or NULL. */
Macro *macro_find(const Preprocessor *pp, const Name *name);
/* The name of a macro that token can be, or NULL. */
const Name *macro_name(const Token *token);
/* A name of a macro near to wanted, or NULL. */
const char *macro_nearest(const Preprocessor *pp, const char *wanted);

/* macro_expand.c: expands tokens into pp->out. */
void macro_expand(Preprocessor *pp, const Token *tokens, size_t count);

/* pp_include.c */
void pp_push_file(Preprocessor *pp, uint32_t file);
void pp_pop_file(Preprocessor *pp);
/* -include or -include_lib; tokens are raw. */
void pp_include(Preprocessor *pp, const Token *tokens, size_t count, bool lib);

/* const_eval.c: the value of -if(...) or -elif(...); tokens are the expanded form. */
bool pp_condition(Preprocessor *pp, Token *tokens, size_t count);

/* preprocess.c: reports "badly formed -directive". */
void pp_badly_formed(Preprocessor *pp, const Token *tokens, size_t count, const char *help);
/* `maybe` and `else` become reserved words where the feature is on. */
void pp_reserve_words(Preprocessor *pp, Token *tokens, size_t count);

#endif
