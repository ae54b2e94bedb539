/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/syntax/ast.h: the tree of a module, form by form.
 *
 * It says what Erlang's abstract format says, node for node (ast.def names each one's tag there),
 * so that forms can go to Erlang terms and back. Differences in shape only: a list is one LIST node
 * instead of a chain of conses; `catch` clauses carry their three parts as three patterns; fun
 * names and record names are nodes with spans of their own. Parentheses leave no trace.
 *
 * What the children mean, by union member (ast.def says which kind uses which):
 *   name          the atom or variable itself; `_` is a VAR named "_"
 *   integer       small when digits is NULL; else too big for int64: digits in base, lower case
 *   string        code points
 *   list          items, then tail or NULL: [] has neither; [a] has no tail; [a|T] has one
 *   items         just a list of nodes
 *   pair          left and right of whatever stands between them
 *   bin_element   value; size or NULL (default); types, each a name and, for unit:N, an INTEGER
 *   map           base is NULL for construction and patterns
 *   record        base is NULL for construction and patterns; name is an ATOM
 *   record_field  base is NULL for RECORD_INDEX; name and field are ATOMs
 *   choice        subject and clauses
 *   receive       clauses; timeout is NULL without `after` (then after_body is empty)
 *   try_          body; clauses after `of`; catches: each CLAUSE has exactly three patterns:
 *                 class (ATOM or VAR; ATOM throw when not written), reason, stack (VAR, `_` when
 * not written); after_body maybe         body; else_clauses (may be none) call          target is
 * ATOM, REMOTE or any expression fun           var is NULL for unnamed ones, else a VAR clause
 * patterns (arguments of functions and funs; one for case, receive, of and else; none for if; three
 * for catch); guards: GUARD nodes, one of which must hold (none at all: always); body, never empty
 *   function      name is an ATOM; all clauses have arity patterns
 *   type_*        see ast.def; name and module are ATOMs
 *   type_fun      any: fun(); any_args: fun((...) -> result)
 *   attr_*        see ast.def
 *
 * depth is the height of the tree below and with the node, at most AST_MAX_DEPTH: whoever builds
 * nodes keeps it (ast_finish), whoever walks may therefore recurse. All memory is the arena's. */
#ifndef ACT_SYNTAX_AST_H
#define ACT_SYNTAX_AST_H

#include "compiler/source/source.h"
#include "compiler/syntax/name.h"

typedef enum {
#define AST(KIND, shape, erlang, grammar) AST_##KIND,
#include "compiler/syntax/ast.def"
#undef AST
    AST__COUNT
} AstKind;

typedef enum {
#define OP(NAME, text, arities) AST_OP_##NAME,
#include "compiler/syntax/ops.def"
#undef OP
    AST_OP__COUNT
} AstOp;

/* Deeper trees are refused by the parser (E0030): walkers may recurse this deep. */
enum { AST_MAX_DEPTH = 5000 };

enum {
    AST_GENERATED = 1, /* made by a parse transform or by us: no warnings about it */
};

typedef struct AstNode AstNode;

typedef struct {
    AstNode **items;
    uint32_t count;
} AstList;

typedef struct {
    const Name *name;
    AstNode *value; /* INTEGER or NULL */
    SourceSpan span;
} AstBinType;

struct AstNode {
    uint16_t kind; /* AstKind */
    uint16_t flags;
    uint32_t depth;
    SourceSpan span;
    /* Only the member of the kind's shape has memory: never copy a node as a whole. */
    union {
        uint32_t none;
        const Name *name;
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
        struct {
            AstList items;
            AstNode *tail;
            SourceSpan close; /* the bracket at its end */
        } list;
        AstList items;
        struct {
            AstNode *left, *right;
            SourceSpan op_span; /* the sign between them; NOWHERE where nobody asks for it */
        } pair;
        AstNode *one;
        struct {
            AstNode *value, *size;
            AstBinType *types;
            uint32_t type_count;
        } bin_element;
        struct {
            AstNode *base;
            AstList fields;
            SourceSpan hash; /* the `#`, here and below */
        } map;
        struct {
            AstNode *base, *name;
            AstList fields;
            SourceSpan hash;
        } record;
        struct {
            AstNode *base, *name, *field;
            SourceSpan hash;
        } record_field;
        struct {
            AstOp op;
            AstNode *operand;
        } unary;
        struct {
            AstOp op;
            AstNode *left, *right;
            SourceSpan op_span; /* the operator itself */
        } binary;
        struct {
            AstNode *subject;
            AstList clauses;
        } choice;
        struct {
            AstList clauses;
            AstNode *timeout;
            AstList after_body;
        } receive;
        struct {
            AstList body, clauses, catches, after_body;
        } try_;
        struct {
            AstList body, else_clauses;
            SourceSpan else_span;
        } maybe;
        struct {
            AstNode *target;
            AstList args;
        } call;
        struct {
            AstNode *name; /* ATOM */
            uint32_t arity;
        } name_arity;
        struct {
            AstNode *module, *function, *arity;
        } fun_remote;
        struct {
            AstNode *var;
            AstList clauses;
        } fun;
        struct {
            AstNode *element;
            AstList qualifiers;
        } comprehension;
        struct {
            AstList patterns, guards, body;
        } clause;
        struct {
            AstNode *name;
            uint32_t arity;
            AstList clauses;
        } function;
        struct {
            AstNode *name;
            AstList args;
        } type_named;
        struct {
            AstNode *module, *name;
            AstList args;
        } type_remote;
        struct {
            AstList items;
            bool any;
        } type_items;
        struct {
            AstNode *name;
            AstList fields;
        } type_record;
        struct {
            AstList args;
            AstNode *result; /* NULL when any */
            bool any, any_args;
        } type_fun;
        struct {
            AstNode *fun;
            AstList constraints;
        } type_bounded;
        struct {
            AstNode *module;
            AstList names;
        } attr_import;
        struct {
            const char *name; /* UTF-8 */
            uint32_t line;
        } attr_file;
        struct {
            AstNode *name;
            AstList fields;
        } attr_record;
        struct {
            AstNode *name, *value, *type;
        } record_def;
        struct {
            AstNode *name;
            AstList params;
            AstNode *type;
            bool opaque;
        } attr_type;
        struct {
            AstNode *module, *name; /* module is NULL unless written */
            uint32_t arity;
            AstList signatures;
            bool callback;
        } attr_spec;
        struct {
            AstNode *name;  /* ATOM */
            AstNode *value; /* a term written as an expression: literals, lists, tuples, maps, bins,
                               `- number`, `+ number`, and F/A as BINARY `/` */
        } attr_wild;
    };
};

/* A new node of a kind; the caller fills the children and then calls ast_finish. Arena-owned. */
AstNode *ast_new(Arena *arena, AstKind kind, SourceSpan span);
/* Computes depth from the children; returns node. */
AstNode *ast_finish(AstNode *node);
/* Calls visit for each child node, in source order, skipping NULLs. */
typedef void AstVisit(AstNode *child, void *context);
void ast_each_child(const AstNode *node, AstVisit *visit, void *context);

/* Leaves, ready made. */
AstNode *ast_atom(Arena *arena, SourceSpan span, const Name *name);
AstNode *ast_var(Arena *arena, SourceSpan span, const Name *name);
AstNode *ast_integer(Arena *arena, SourceSpan span, int64_t value);

/* "case", "fun", ...: the kind's name for dumps; the operator's text. */
const char *ast_kind_name(AstKind kind);
const char *ast_op_text(AstOp op);
/* The operator with this text and arity (1 or 2), or AST_OP__COUNT. */
AstOp ast_op_find(const char *text, unsigned arity);
/* True for the VAR `_`. */
bool ast_is_underscore(const AstNode *node);
/* How many arguments a signature of a spec (TYPE_FUN, TYPE_BOUNDED) takes. */
uint32_t ast_signature_arity(const AstNode *signature);

#endif
