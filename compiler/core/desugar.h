/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/core/desugar.h: from the tree to Core; what the desugar_ files share.
 *
 * The tree has passed lint: names are bound, records known. What is still wrong here (it should not
 * be) is reported as an error and answered with a harmless node, never a crash.
 *
 * A Scope is a Core function under construction. Names are resolved while walking in the order of
 * evaluation: `bindings` is a stack with the newest last, `heads` finds a name's newest binding at
 * once. A name bound in an outer scope is captured: it becomes a parameter of the inner function.
 */
#ifndef ACT_CORE_DESUGAR_H
#define ACT_CORE_DESUGAR_H

#include "compiler/core/core.h"
#include "compiler/source/diag.h"
#include "compiler/syntax/ast.h"

typedef struct {
    Arena *arena; /* gets the Core */
    SourceSet *sources;
    Diags *diags;
    NameTable *names;
} CoreContext;

/* Builds the module; NULL when errors were reported. */
CoreModule *core_build(AstList forms, const CoreContext *context);

typedef struct Scope Scope;
typedef struct Desugar Desugar;

typedef struct {
    const Name *name;
    CoreVar var;
    Scope *scope;
    uint32_t shadowed; /* binding index + 1 that was the name's newest before; 0: none */
} Binding;

typedef struct {
    CoreVar outer, inner;
} Capture;

/* The exports of one choice, kept for dropping the unused ones when the function is finished. */
typedef struct {
    CoreVars *exports;
    CoreClauses *clauses;
    CoreVar **more; /* of the body after a timeout, the otherwise of a maybe; NULL: none */
} ExportGroup;

/* A call of a comprehension's function, whose free values are not known yet. */
typedef struct {
    CoreNode *call;
    Scope *from, *to;
} PendingCall;

struct Scope {
    Scope *outer;
    CoreFunction *function;
    uint32_t index; /* of the function in the module */
    SourceSpan span;
    VEC(Capture) captures;
    VEC(uint32_t) uses; /* by variable */
    VEC(ExportGroup) groups;
};

typedef struct {
    const Name *name;
    AstList fields; /* RECORD_DEF */
} Record;

typedef struct {
    const Name *name;
    uint32_t arity;
    uint32_t function;  /* index, when module is NULL */
    const Name *module; /* of an import */
} Known;

typedef struct {
    const AstNode *node;
    uint32_t number;
    bool taken; /* some function has the name already */
} Numbered;

/* How a name is used in the function in work: to find funs that are called once, where they are. */
typedef struct {
    uint32_t generation; /* of the function; older ones count as empty */
    uint32_t count;
    const AstNode *bound_in, *called_in; /* innermost fun or comprehension; NULL: the function */
    uint32_t calls, args;
    const AstNode *fun; /* that stands for the name's call */
    uint32_t mark;      /* where the bindings ended when it was met */
} NameUse;

/* An expression in work. Of one whose parts are evaluated side by side, what the parts before the
 * one in work have bound lies in [mark, start). */
typedef struct {
    bool side_by_side;
    bool effect; /* nobody wants its value */
    uint32_t mark, start;
} Operands;

/* What desugar_closure_leave needs. */
typedef struct {
    uint32_t operands_base;
    size_t hidden;
} Closure;

struct Desugar {
    Arena *arena;
    SourceSet *sources;
    Diags *diags;
    NameTable *names;
    CoreModule *module;
    /* by name index */
    const Konst **atoms;
    uint32_t atom_room;
    uint32_t *heads;
    uint32_t head_room;
    VEC(Binding) bindings;
    VEC(Record) records;
    /* functions and imports: open addressing by name and arity */
    Known *known;
    uint32_t known_room, known_count;
    const char *last_file; /* file name of the last line asked for, and its index */
    uint32_t last_file_index;
    /* of the form in work */
    Scope *scope;
    const Name *function_name;
    uint32_t function_arity;
    uint32_t lifted;   /* comprehensions and named funs lifted so far: part of their names */
    Numbered *numbers; /* open addressing by node */
    uint32_t number_room, number_count, number_next;
    NameUse *name_uses; /* by name index */
    uint32_t name_use_room;
    uint32_t generation;
    VEC(PendingCall) pending;
    VEC(Operands) operands; /* the expressions around the one in work */
    uint32_t operands_base; /* those from here on stand in the closure in work */
    VEC(uint32_t) hidden;   /* bindings that the closures in work do not see */
    VEC(CoreNode *) tests;  /* of the pattern in work */
    bool guard;             /* inside a guard */
    bool effect;            /* nobody wants the value of the expression that comes next */
    bool no_lines;          /* option no_line_info */
    uint32_t errors;
};

/* desugar.c */
CoreLine desugar_line(Desugar *b, SourceSpan span);
CoreLine desugar_node_line(Desugar *b, const AstNode *node);
const Konst *desugar_atom(Desugar *b, const Name *name);
const Konst *desugar_atom_text(Desugar *b, const char *text);
const Known *desugar_find(Desugar *b, const Name *name, uint32_t arity);
ACT_PRINTF(3, 4) CoreNode *desugar_error(Desugar *b, SourceSpan span, const char *format, ...);

/* desugar_scope.c */
CoreVar desugar_var_new(Desugar *b);
/* A use of var, which is one of the current scope's. */
CoreNode *desugar_use(Desugar *b, CoreLine line, CoreVar var);
void desugar_bind(Desugar *b, const Name *name, CoreVar var);
/* The binding's index + 1, 0 when unbound. */
uint32_t desugar_bound(Desugar *b, const Name *name);
/* The name's variable in the current scope, captured if need be; 0 when unbound. */
CoreVar desugar_resolve(Desugar *b, const Name *name);
CoreVar desugar_capture(Desugar *b, Scope *scope, CoreVar outer);
uint32_t desugar_mark(const Desugar *b);
/* The next part of the expression in work begins. */
void desugar_operand(Desugar *b);
/* What the parts of the expression in work have bound so far is seen by the others. */
void desugar_operands_from_here(Desugar *b);
/* Takes the bindings in [from, to), those of a pattern, out of sight (names mean what they meant
 * before it), or shows them again. */
void desugar_show(Desugar *b, uint32_t from, uint32_t to, bool show);
/* Was the binding (its index + 1) made by a part beside the one in work? */
bool desugar_is_beside(const Desugar *b, uint32_t bound);
/* A fun or comprehension begins: until desugar_closure_leave nobody sees what the parts beside it
 * bind, nor the bindings from `since` on. */
Closure desugar_closure_enter(Desugar *b, uint32_t since);
void desugar_closure_leave(Desugar *b, Closure closure);
void desugar_undo(Desugar *b, uint32_t mark);
/* Starts a function inside the current scope; the new scope is the current one. */
Scope *desugar_scope_enter(Desugar *b, const Konst *name, uint32_t arity, CoreLine line);
/* (the caller sets the scope's span when it has one) */
/* Ends the current function: captured values become its last parameters, unused exports go. */
void desugar_scope_leave(Desugar *b);
/* As above, but leaves the function open: desugar_scope_close does the rest. */
void desugar_scope_suspend(Desugar *b);
void desugar_scope_close(Desugar *b, Scope *scope);

/* Collects what clauses export: begin, then end_clause after each, then finish. */
typedef struct {
    uint32_t mark;
    uint32_t clause;
    uint32_t clause_count;
    const Name **names;
    CoreVar **vars; /* [name][clause] */
    uint32_t count;
} Exports;
void desugar_exports_begin(Desugar *b, Exports *e, uint32_t clause_count);
void desugar_exports_end_clause(Desugar *b, Exports *e);
void desugar_exports_finish(Desugar *b, Exports *e, CoreVars *exports, CoreClauses *clauses,
                            CoreVar **more);

/* desugar_expr.c */
CoreNode *desugar_expr(Desugar *b, const AstNode *node);
CoreList desugar_exprs(Desugar *b, AstList list);
CoreNode *desugar_body(Desugar *b, AstList body);
CoreNode *desugar_literal(Desugar *b,
                          const AstNode *node); /* number, char, string, atom; else NULL */
CoreNode *desugar_cons(Desugar *b, CoreLine line, CoreList items, CoreNode *tail);
CoreNode *desugar_tuple(Desugar *b, CoreLine line, CoreList items);
CoreNode *desugar_op(Desugar *b, AstOp op, CoreLine line, CoreNode *left, CoreNode *right);
CoreNode *desugar_call_erlang(Desugar *b, CoreLine line, const char *name, CoreList args);

/* desugar_const.c: constants of constants; NULL if it fails or is not defined for these */
const Konst *desugar_const_unary(Desugar *b, AstOp op, const Konst *a);
const Konst *desugar_const_binary(Desugar *b, AstOp op, const Konst *a, const Konst *c);
const Konst *desugar_integer(Desugar *b, const AstNode *node);

/* key_order.c: below 0, 0 or above 0, as a stands before, at or behind b among the keys of a map.
 */
int key_order(const Konst *a, const Konst *b);

/* desugar_pattern.c. fresh: names bound before `fresh_mark` are shadowed instead of compared. */
CorePattern *desugar_pattern(Desugar *b, const AstNode *node, bool fresh, uint32_t fresh_mark);
/* The tests that the patterns since the last call need beside them. */
CoreList desugar_take_tests(Desugar *b);

/* desugar_clause.c */
CoreNode *desugar_case(Desugar *b, const AstNode *node);
CoreNode *desugar_if(Desugar *b, const AstNode *node);
CoreNode *desugar_receive(Desugar *b, const AstNode *node);
/* node, or is_TYPE(X) for a whole guard test or filter TYPE(X) in the manner of before R5. */
const AstNode *desugar_modern_test(Desugar *b, const AstNode *node);
void desugar_guards(Desugar *b, CoreClause *clause, AstList guards);
/* Clauses whose patterns shadow what is bound; there is room for one more behind them. */
void desugar_fresh_clauses(Desugar *b, CoreNode *choice, AstList clauses);
/* A function's or fun's clauses over its parameters, as its body. */
CoreNode *desugar_function_clauses(Desugar *b, AstList clauses, CoreLine line);

/* desugar_try.c */
CoreNode *desugar_try(Desugar *b, const AstNode *node);
CoreNode *desugar_catch(Desugar *b, const AstNode *node);
CoreNode *desugar_maybe(Desugar *b, const AstNode *node);
CoreNode *desugar_maybe_match(Desugar *b, const AstNode *node);

/* desugar_call.c */
CoreNode *desugar_call(Desugar *b, const AstNode *node);
/* What Erlang would call the function of that fun. */
const Konst *desugar_fun_name(Desugar *b, const AstNode *node, uint32_t arity);
CoreNode *desugar_fun_local(Desugar *b, const AstNode *node);
CoreNode *desugar_fun_remote(Desugar *b, const AstNode *node);
bool desugar_is_guard(Desugar *b, const AstNode *node);

/* desugar_fun.c */
CoreNode *desugar_fun(Desugar *b, const AstNode *node);
/* `fun name/arity` of this module's function at index. */
CoreNode *desugar_fun_of(Desugar *b, const AstNode *node, uint32_t index, uint32_t arity);
/* `F = fun ... end` as step `at` of a body, when all that F is for is one call further down in it
 * and in the same function: true, and the call will be the fun's body. */
bool desugar_fun_hides(Desugar *b, AstList body, uint32_t at);
/* The fun that a call's target stands for and that is nowhere else; NULL when there is none. */
const AstNode *desugar_fun_hidden(Desugar *b, const AstNode *target, uint32_t args);
/* The body of a fun in place of its call with these arguments. */
CoreNode *desugar_fun_inline(Desugar *b, const AstNode *target, const AstNode *fun, CoreLine line,
                             AstList args);
/* Gives every fun and comprehension of the function its number in Erlang's order. */
void desugar_number(Desugar *b, AstList clauses);
uint32_t desugar_number_of(Desugar *b, const AstNode *node);

/* desugar_comprehension.c */
CoreNode *desugar_comprehension(Desugar *b, const AstNode *node);
/* An expression whose value is not used. */
CoreNode *desugar_effect(Desugar *b, const AstNode *node);

/* desugar_record.c */
const Record *desugar_record_find(Desugar *b, const AstNode *name);
CoreNode *desugar_record(Desugar *b, const AstNode *node);
CoreNode *desugar_record_index(Desugar *b, const AstNode *node);
CoreNode *desugar_record_get(Desugar *b, const AstNode *node);
CorePattern *desugar_record_pattern(Desugar *b, const AstNode *node, bool fresh, uint32_t mark);
CoreNode *desugar_record_test(Desugar *b, CoreLine line, CoreNode *value, const Konst *tag,
                              uint32_t size);
CoreNode *desugar_record_info(Desugar *b, const AstNode *node);

/* desugar_map.c */
CoreNode *desugar_map(Desugar *b, const AstNode *node);

/* desugar_binary.c */
CoreNode *desugar_binary(Desugar *b, const AstNode *node);
/* The pattern's segments, then one that binds rest to what is left. Names are fresh. */
CorePattern *desugar_binary_prefix(Desugar *b, const AstNode *node, uint32_t mark, CoreVar rest);
CorePattern *desugar_binary_pattern(Desugar *b, const AstNode *node, bool fresh, uint32_t mark);

#endif
