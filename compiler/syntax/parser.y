/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/syntax/parser.y: Erlang's grammar: OTP 25's, with `maybe` and map comprehensions.
 *
 * It reads the token array of one form (Parser.tokens). Actions only build nodes (build.h). There are
 * no error productions: parse.c cuts the tokens behind an error and parses the rest anew, so a clause
 * with an error never hides the next. Recursion to the left wherever a list can be long. */
%code requires {
#include "compiler/syntax/build.h"
}
%code {
#include "compiler/syntax/syntax_error.h"
#include "vm/base/alloc.h"

#define YYMALLOC alloc_must
#define YYFREE alloc_free
#define YYMAXDEPTH 10000000
#define YYLLOC_DEFAULT(Current, Rhs, N) \
    ((Current) = (N) != 0 ? source_span_join(YYRHSLOC(Rhs, 1), YYRHSLOC(Rhs, N)) \
                          : (SourceSpan){YYRHSLOC(Rhs, 0).file, YYRHSLOC(Rhs, 0).end, YYRHSLOC(Rhs, 0).end})
#define NO_LIST ((AstBuilder){NULL, 0})
#define NO_ITEMS ((AstList){NULL, 0})
#define LIST(builder) build_list(ps, builder)

static int act_parser_lex(YYSTYPE *value, YYLTYPE *span, Parser *ps);
static void act_parser_error(SourceSpan *span, Parser *ps, const char *message);
}

%define api.pure full
%define api.prefix {act_parser_}
%define api.token.prefix {}
%define api.location.type {SourceSpan}
%define parse.error custom
%define parse.lac full
%locations
%expect 0
%param {Parser *ps}

%union {
    Token *token;
    AstNode *node;
    AstBuilder list;
    NamedClause named;
    NamedClauses clauses;
}

%token <token>
    T_ATOM "an atom" T_VAR "a variable" T_INTEGER "a number" T_FLOAT "a float" T_CHAR "a character" T_STRING "a string"
    T_AFTER "after" T_BEGIN "begin" T_CASE "case" T_CATCH "catch" T_COND "cond" T_ELSE "else" T_END "end" T_FUN "fun"
    T_IF "if" T_LET "let" T_MAYBE "maybe" T_OF "of" T_RECEIVE "receive" T_TRY "try" T_WHEN "when"
    T_ANDALSO "andalso" T_ORELSE "orelse"
    T_LPAREN "(" T_RPAREN ")" T_LBRACKET "[" T_RBRACKET "]" T_LBRACE "{" T_RBRACE "}" T_LBIN "<<" T_RBIN ">>"
    T_COMMA "," T_SEMICOLON ";" T_ARROW "->" T_GENERATE "<-" T_BIN_GENERATE "<=" T_ASSOC "=>" T_EXACT ":="
    T_COLONS "::" T_COLON ":" T_BARS "||" T_BAR "|" T_HASH "#" T_MAYBE_MATCH "?=" T_QUESTION "?" T_MATCH "="
    T_SEND "!" T_PLUS "+" T_MINUS "-" T_TIMES "*" T_SLASH "/" T_LIST_OP "++" T_COMP_OP "==" T_ADD_OP "bor"
    T_MULT_OP "div" T_PREFIX_OP "not" T_ELLIPSIS "..." T_RANGE ".." T_PERIOD "." T_DOT "the end of the form"
    T_SPEC_ATTR "spec" T_TYPE_ATTR "type" T_RECORD_ATTR "record"
%token T_START_FORM T_START_EXPRS

/* Lowest first, as in the reference manual. ".." is for types. */
%precedence "catch"
%right "=" "!"
%right "orelse"
%right "andalso"
%nonassoc ".."
%nonassoc "=="
%right "++"
%left "+" "-" "bor"
%left "*" "/" "div"
%precedence UNARY

%type <node> form attribute expr expr_max expr_remote map_expr record_expr call tuple list binary fun_expr try_expr
    try_catch try_clause clause if_clause pat pat_max map_pat record_pat bin_element bit_expr bit_type lc_expr
    map_field record_field maybe_item atomic atom var integer
    top_type type fun_type signature constraint map_type field_type bin_type record_def spec typedef
%type <list> exprs exprs_opt body guard_opt guards clauses if_clauses try_clauses pats pats_opt strings bin_elements
    bit_types bit_types_opt lc_exprs map_fields map_fields_opt record_fields record_fields_opt maybe_items
    top_types top_types_opt signatures constraints map_types map_types_opt field_types field_types_opt record_defs vars
    record_defs_opt vars_opt attr_args
%type <node> bit_size_opt
%type <named> function_clause fun_clause
%type <clauses> function_clauses fun_clauses
%type <token> prefix_op add_op mult_op

%%

start:
    T_START_FORM form T_DOT                 { ps->form = $2; }
  | T_START_EXPRS exprs T_DOT               { ps->exprs = LIST($2); }
  ;

form:
    attribute
  | function_clauses                        { $$ = build_function(ps, @$, $1); }
  ;

/* Attributes */
attribute:
    "-" atom attr_args                      { $$ = attribute_build(ps, @$, $2, LIST($3)); }
  | "-" "record" "(" atom "," "{" record_defs_opt "}" ")" { $$ = attribute_record(ps, @$, $4, LIST($7)); }
  | "-" "record" atom "," "{" record_defs_opt "}" { $$ = attribute_record(ps, @$, $3, LIST($6)); }
  | "-" "type" typedef                      { $$ = $3; $$->span = @$; $$->attr_type.opaque = name_is($2->name, "opaque"); }
  | "-" "type" "(" typedef ")"              { $$ = $4; $$->span = @$; $$->attr_type.opaque = name_is($2->name, "opaque"); }
  | "-" "spec" spec                         { $$ = $3; $$->span = @$; $$->attr_spec.callback = name_is($2->name, "callback"); }
  | "-" "spec" "(" spec ")"                 { $$ = $4; $$->span = @$; $$->attr_spec.callback = name_is($2->name, "callback"); }
  ;

attr_args:
    expr                                    { $$ = build_first(ps, $1); }
  | expr "," exprs                          { $$ = build_prepend(ps, $1, $3); }
  | "(" expr "," exprs ")"                  { $$ = build_prepend(ps, $2, $4); }
  ;

record_defs_opt:
    %empty                                  { $$ = NO_LIST; }
  | record_defs
  ;

record_defs:
    record_def                              { $$ = build_first(ps, $1); }
  | record_defs "," record_def              { $$ = build_more(ps, $1, $3); }
  ;

record_def:
    expr                                    { $$ = attribute_record_def(ps, @$, $1, NULL); }
  | expr "::" top_type                      { $$ = attribute_record_def(ps, @$, $1, $3); }
  ;

typedef:
    atom "(" vars_opt ")" "::" top_type     { $$ = attribute_type(ps, @$, $1, LIST($3), $6); }
  ;

vars_opt:
    %empty                                  { $$ = NO_LIST; }
  | vars
  ;

vars:
    var                                     { $$ = build_first(ps, $1); }
  | vars "," var                            { $$ = build_more(ps, $1, $3); }
  ;

spec:
    atom signatures                         { $$ = attribute_spec(ps, @$, NULL, $1, LIST($2)); }
  | atom ":" atom signatures                { $$ = attribute_spec(ps, @$, $1, $3, LIST($4)); }
  ;

signatures:
    signature                               { $$ = build_first(ps, $1); }
  | signatures ";" signature                { $$ = build_more(ps, $1, $3); }
  ;

signature:
    fun_type
  | fun_type "when" constraints             { $$ = build_type_bounded(ps, @$, $1, LIST($3)); }
  ;

constraints:
    constraint                              { $$ = build_first(ps, $1); }
  | constraints "," constraint              { $$ = build_more(ps, $1, $3); }
  ;

constraint:
    atom "(" top_types ")"                  { $$ = build_type_is_subtype(ps, @$, $1, LIST($3)); }
  | var "::" top_type                       { $$ = build_pair(ps, AST_TYPE_CONSTRAINT, @$, $1, $3); }
  ;

/* Types */
top_types_opt:
    %empty                                  { $$ = NO_LIST; }
  | top_types
  ;

top_types:
    top_type                                { $$ = build_first(ps, $1); }
  | top_types "," top_type                  { $$ = build_more(ps, $1, $3); }
  ;

top_type:
    var "::" top_type                       { $$ = build_pair(ps, AST_TYPE_ANN, @$, $1, $3); }
  | type "|" top_type                       { $$ = build_type_union(ps, @$, $1, $3); }
  | type
  ;

type:
    type ".." type                          { $$ = build_pair(ps, AST_TYPE_RANGE, @$, $1, $3); }
  | type add_op type %prec "+"              { $$ = build_binary(ps, @$, $1, $2, $3); }
  | type mult_op type %prec "*"             { $$ = build_binary(ps, @$, $1, $2, $3); }
  | prefix_op type %prec UNARY              { $$ = build_unary(ps, @$, $1, $2); }
  | "(" top_type ")"                        { $$ = $2; }
  | var
  | atom
  | atom "(" top_types_opt ")"              { $$ = build_type_named(ps, @$, $1, LIST($3)); }
  | atom ":" atom "(" top_types_opt ")"     { $$ = build_type_remote(ps, @$, $1, $3, LIST($5)); }
  | "[" "]"                                 { $$ = build_type_call(ps, @$, "nil", NO_ITEMS); }
  | "[" top_type "]"                        { $$ = build_type_call(ps, @$, "list", build_list_1(ps, $2)); }
  | "[" top_type "," "..." "]"              { $$ = build_type_call(ps, @$, "nonempty_list", build_list_1(ps, $2)); }
  | "#" "{" map_types_opt "}"               { $$ = build_type_items(ps, AST_TYPE_MAP, @$, LIST($3)); }
  | "{" top_types_opt "}"                   { $$ = build_type_items(ps, AST_TYPE_TUPLE, @$, LIST($2)); }
  | "#" atom "{" field_types_opt "}"        { $$ = build_type_record(ps, @$, $2, LIST($4)); }
  | "<<" ">>"                               { $$ = build_type_binary(ps, @$, NULL, NULL); }
  | "<<" bin_type ">>"                      { $$ = build_type_binary(ps, @$, $2, NULL); }
  | "<<" bin_type "," bin_type ">>"         { $$ = build_type_binary(ps, @$, $2, $4); }
  | integer
  | T_CHAR                                  { $$ = build_leaf(ps, $1); }
  | "fun" "(" ")"                           { $$ = build_type_fun(ps, @$, true, false, NO_ITEMS, NULL); }
  | "fun" "(" fun_type ")"                  { $$ = $3; }
  | "fun" "(" "(" "..." ")" "->" top_type ")" { $$ = build_type_fun(ps, source_span_join(@3, @7), false, true, NO_ITEMS, $7); }
  ;

fun_type:
    "(" top_types_opt ")" "->" top_type     { $$ = build_type_fun(ps, @$, false, false, LIST($2), $5); }
  ;

bin_type:
    var ":" type                            { $$ = build_pair(ps, AST_TYPE_ANN, @$, $1, $3); }
  ;

map_types_opt:
    %empty                                  { $$ = NO_LIST; }
  | map_types
  ;

map_types:
    map_type                                { $$ = build_first(ps, $1); }
  | map_types "," map_type                  { $$ = build_more(ps, $1, $3); }
  ;

map_type:
    top_type "=>" top_type                  { $$ = build_pair_at(ps, AST_TYPE_MAP_ASSOC, @$, $1, @2, $3); }
  | top_type ":=" top_type                  { $$ = build_pair_at(ps, AST_TYPE_MAP_EXACT, @$, $1, @2, $3); }
  ;

field_types_opt:
    %empty                                  { $$ = NO_LIST; }
  | field_types
  ;

field_types:
    field_type                              { $$ = build_first(ps, $1); }
  | field_types "," field_type              { $$ = build_more(ps, $1, $3); }
  ;

field_type:
    atom "::" top_type                      { $$ = build_pair(ps, AST_TYPE_FIELD, @$, $1, $3); }
  ;

/* Functions */
function_clauses:
    function_clause                         { $$ = build_named_first(ps, $1); }
  | function_clauses ";" function_clause    { $$ = build_named_more(ps, $1, $3, false); }
  ;

function_clause:
    atom "(" pats_opt ")" guard_opt body    { $$ = (NamedClause){$1, build_clause(ps, @$, LIST($3), LIST($5), LIST($6))}; }
  ;

body:
    "->" exprs                              { $$ = $2; }
  ;

guard_opt:
    %empty                                  { $$ = NO_LIST; }
  | "when" guards                           { $$ = $2; }
  ;

guards:
    exprs                                   { $$ = build_first(ps, build_items(ps, AST_GUARD, @$, LIST($1))); }
  | guards ";" exprs                        { $$ = build_more(ps, $1, build_items(ps, AST_GUARD, @3, LIST($3))); }
  ;

/* Patterns, where the grammar can tell them from expressions: heads of functions, funs and catches */
pats_opt:
    %empty                                  { $$ = NO_LIST; }
  | pats
  ;

pats:
    pat                                     { $$ = build_first(ps, $1); }
  | pats "," pat                            { $$ = build_more(ps, $1, $3); }
  ;

pat:
    pat "=" pat                             { $$ = build_pair_at(ps, AST_MATCH, @$, $1, @2, $3); }
  | pat "==" pat                            { $$ = build_binary(ps, @$, $1, $2, $3); }
  | pat "++" pat                            { $$ = build_binary(ps, @$, $1, $2, $3); }
  | pat add_op pat %prec "+"                { $$ = build_binary(ps, @$, $1, $2, $3); }
  | pat mult_op pat %prec "*"               { $$ = build_binary(ps, @$, $1, $2, $3); }
  | prefix_op pat %prec UNARY               { $$ = build_unary(ps, @$, $1, $2); }
  | map_pat
  | record_pat
  | pat_max
  ;

pat_max:
    var
  | atomic
  | list
  | binary
  | tuple
  | "(" pat ")"                             { $$ = $2; }
  ;

map_pat:
    "#" "{" map_fields_opt "}"              { $$ = build_map(ps, @$, NULL, LIST($3), @1); }
  | pat_max "#" "{" map_fields_opt "}"      { $$ = build_map(ps, @$, $1, LIST($4), @2); }
  | map_pat "#" "{" map_fields_opt "}"      { $$ = build_map(ps, @$, $1, LIST($4), @2); }
  ;

record_pat:
    "#" atom "." atom                       { $$ = build_record_field(ps, @$, NULL, $2, $4, @1); }
  | "#" atom "{" record_fields_opt "}"      { $$ = build_record(ps, @$, NULL, $2, LIST($4), @1); }
  ;

/* Expressions */
exprs_opt:
    %empty                                  { $$ = NO_LIST; }
  | exprs
  ;

exprs:
    expr                                    { $$ = build_first(ps, $1); }
  | exprs "," expr                          { $$ = build_more(ps, $1, $3); }
  ;

expr:
    "catch" expr                            { $$ = build_one(ps, AST_CATCH, @$, $2); }
  | expr "=" expr                           { $$ = build_pair_at(ps, AST_MATCH, @$, $1, @2, $3); }
  | expr "!" expr                           { $$ = build_binary(ps, @$, $1, $2, $3); }
  | expr "orelse" expr                      { $$ = build_binary(ps, @$, $1, $2, $3); }
  | expr "andalso" expr                     { $$ = build_binary(ps, @$, $1, $2, $3); }
  | expr "==" expr                          { $$ = build_binary(ps, @$, $1, $2, $3); }
  | expr "++" expr                          { $$ = build_binary(ps, @$, $1, $2, $3); }
  | expr add_op expr %prec "+"              { $$ = build_binary(ps, @$, $1, $2, $3); }
  | expr mult_op expr %prec "*"             { $$ = build_binary(ps, @$, $1, $2, $3); }
  | prefix_op expr %prec UNARY              { $$ = build_unary(ps, @$, $1, $2); }
  | map_expr
  | record_expr
  | call
  | expr_remote
  ;

add_op: "+" | "-" | "bor";
mult_op: "*" | "/" | "div";
prefix_op: "+" | "-" | "not";

expr_remote:
    expr_max
  | expr_max ":" expr_max                   { $$ = build_pair_at(ps, AST_REMOTE, @$, $1, @2, $3); }
  ;

call:
    expr_remote "(" exprs_opt ")"           { $$ = build_call(ps, @$, $1, LIST($3)); }
  ;

map_expr:
    "#" "{" map_fields_opt "}"              { $$ = build_map(ps, @$, NULL, LIST($3), @1); }
  | expr_max "#" "{" map_fields_opt "}"     { $$ = build_map(ps, @$, $1, LIST($4), @2); }
  | map_expr "#" "{" map_fields_opt "}"     { $$ = build_map(ps, @$, $1, LIST($4), @2); }
  ;

record_expr:
    "#" atom "." atom                       { $$ = build_record_field(ps, @$, NULL, $2, $4, @1); }
  | "#" atom "{" record_fields_opt "}"      { $$ = build_record(ps, @$, NULL, $2, LIST($4), @1); }
  | expr_max "#" atom "." atom              { $$ = build_record_field(ps, @$, $1, $3, $5, @2); }
  | expr_max "#" atom "{" record_fields_opt "}" { $$ = build_record(ps, @$, $1, $3, LIST($5), @2); }
  | record_expr "#" atom "." atom           { $$ = build_record_field(ps, @$, $1, $3, $5, @2); }
  | record_expr "#" atom "{" record_fields_opt "}" { $$ = build_record(ps, @$, $1, $3, LIST($5), @2); }
  ;

map_fields_opt:
    %empty                                  { $$ = NO_LIST; }
  | map_fields
  ;

map_fields:
    map_field                               { $$ = build_first(ps, $1); }
  | map_fields "," map_field                { $$ = build_more(ps, $1, $3); }
  ;

map_field:
    expr "=>" expr                          { $$ = build_pair_at(ps, AST_MAP_ASSOC, @$, $1, @2, $3); }
  | expr ":=" expr                          { $$ = build_pair_at(ps, AST_MAP_EXACT, @$, $1, @2, $3); }
  ;

record_fields_opt:
    %empty                                  { $$ = NO_LIST; }
  | record_fields
  ;

record_fields:
    record_field                            { $$ = build_first(ps, $1); }
  | record_fields "," record_field          { $$ = build_more(ps, $1, $3); }
  ;

record_field:
    var "=" expr                            { $$ = build_pair(ps, AST_RECORD_ASSIGN, @$, $1, $3); }
  | atom "=" expr                           { $$ = build_pair(ps, AST_RECORD_ASSIGN, @$, $1, $3); }
  ;

expr_max:
    var
  | atomic
  | list
  | binary
  | tuple
  | "[" expr "||" lc_exprs "]"              { $$ = build_comprehension(ps, AST_LIST_COMP, @$, $2, LIST($4)); }
  | "<<" expr_max "||" lc_exprs ">>"        { $$ = build_comprehension(ps, AST_BIN_COMP, @$, $2, LIST($4)); }
  | "#" "{" map_field "||" lc_exprs "}"     { $$ = build_comprehension(ps, AST_MAP_COMP, @$, $3, LIST($5)); }
  | "(" expr ")"                            { $$ = $2; }
  | "begin" exprs "end"                     { $$ = build_items(ps, AST_BLOCK, @$, LIST($2)); }
  | "if" if_clauses "end"                   { $$ = build_items(ps, AST_IF, @$, LIST($2)); }
  | "case" expr "of" clauses "end"          { $$ = build_case(ps, @$, $2, LIST($4)); }
  | "receive" clauses "end"                 { $$ = build_receive(ps, @$, LIST($2), NULL, NO_ITEMS); }
  | "receive" "after" expr body "end"       { $$ = build_receive(ps, @$, NO_ITEMS, $3, LIST($4)); }
  | "receive" clauses "after" expr body "end" { $$ = build_receive(ps, @$, LIST($2), $4, LIST($5)); }
  | "maybe" maybe_items "end"               { $$ = build_maybe(ps, @$, LIST($2), NO_ITEMS, SOURCE_NOWHERE); }
  | "maybe" maybe_items "else" clauses "end" { $$ = build_maybe(ps, @$, LIST($2), LIST($4), @3); }
  | fun_expr
  | try_expr
  ;

atomic:
    T_CHAR                                  { $$ = build_leaf(ps, $1); }
  | integer
  | T_FLOAT                                 { $$ = build_leaf(ps, $1); }
  | atom
  | strings                                 { $$ = build_strings(ps, @$, $1); }
  ;

strings:
    T_STRING                                { $$ = build_first(ps, build_leaf(ps, $1)); }
  | strings T_STRING                        { $$ = build_more(ps, $1, build_leaf(ps, $2)); }
  ;

atom: T_ATOM                                { $$ = build_leaf(ps, $1); };
var: T_VAR                                  { $$ = build_leaf(ps, $1); };
integer: T_INTEGER                          { $$ = build_leaf(ps, $1); };

tuple:
    "{" exprs_opt "}"                       { $$ = build_items(ps, AST_TUPLE, @$, LIST($2)); }
  ;

list:
    "[" "]"                                 { $$ = build_cons(ps, @$, NO_ITEMS, NULL, @1); }
  | "[" exprs "]"                           { $$ = build_cons(ps, @$, LIST($2), NULL, @3); }
  | "[" exprs "|" expr "]"                  { $$ = build_cons(ps, @$, LIST($2), $4, @5); }
  ;

binary:
    "<<" ">>"                               { $$ = build_items(ps, AST_BIN, @$, NO_ITEMS); }
  | "<<" bin_elements ">>"                  { $$ = build_items(ps, AST_BIN, @$, LIST($2)); }
  ;

bin_elements:
    bin_element                             { $$ = build_first(ps, $1); }
  | bin_elements "," bin_element            { $$ = build_more(ps, $1, $3); }
  ;

bin_element:
    bit_expr bit_size_opt bit_types_opt     { $$ = build_bin_element(ps, @$, $1, $2, $3); }
  ;

bit_expr:
    prefix_op expr_max                      { $$ = build_unary(ps, @$, $1, $2); }
  | expr_max
  ;

bit_size_opt:
    %empty                                  { $$ = NULL; }
  | ":" expr_max                            { $$ = $2; }
  ;

bit_types_opt:
    %empty                                  { $$ = NO_LIST; }
  | "/" bit_types                           { $$ = $2; }
  ;

bit_types:
    bit_type                                { $$ = build_first(ps, $1); }
  | bit_types "-" bit_type                  { $$ = build_more(ps, $1, $3); }
  ;

bit_type:
    T_ATOM                                  { $$ = build_bin_type(ps, @$, $1, NULL); }
  | T_ATOM ":" T_INTEGER                    { $$ = build_bin_type(ps, @$, $1, $3); }
  ;

lc_exprs:
    lc_expr                                 { $$ = build_first(ps, $1); }
  | lc_exprs "," lc_expr                    { $$ = build_more(ps, $1, $3); }
  ;

lc_expr:
    expr
  | expr "<-" expr                          { $$ = build_generate(ps, AST_GENERATE, @$, $1, $2, $3); }
  | expr "<=" expr                          { $$ = build_generate(ps, AST_BIN_GENERATE, @$, $1, $2, $3); }
  | expr ":=" expr "<-" expr                { $$ = build_generate(ps, AST_MAP_GENERATE, @$,
                                                   build_pair_at(ps, AST_MAP_EXACT, source_span_join(@1, @3), $1, @2, $3), $4, $5); }
  ;

if_clauses:
    if_clause                               { $$ = build_first(ps, $1); }
  | if_clauses ";" if_clause                { $$ = build_more(ps, $1, $3); }
  ;

if_clause:
    guards body                             { $$ = build_clause(ps, @$, NO_ITEMS, LIST($1), LIST($2)); }
  ;

clauses:
    clause                                  { $$ = build_first(ps, $1); }
  | clauses ";" clause                      { $$ = build_more(ps, $1, $3); }
  ;

clause:
    expr guard_opt body                     { $$ = build_clause(ps, @$, build_list_1(ps, $1), LIST($2), LIST($3)); }
  ;

maybe_items:
    maybe_item                              { $$ = build_first(ps, $1); }
  | maybe_items "," maybe_item              { $$ = build_more(ps, $1, $3); }
  ;

maybe_item:
    expr
  | expr "?=" expr                          { $$ = build_pair_at(ps, AST_MAYBE_MATCH, @$, $1, @2, $3); }
  ;

fun_expr:
    "fun" atom "/" T_INTEGER                { $$ = build_name_arity(ps, AST_FUN_LOCAL, @$, $2, $4); }
  | "fun" atom ":" atom "/" integer         { $$ = build_fun_remote(ps, @$, $2, $4, $6); }
  | "fun" atom ":" atom "/" var             { $$ = build_fun_remote(ps, @$, $2, $4, $6); }
  | "fun" atom ":" var "/" integer          { $$ = build_fun_remote(ps, @$, $2, $4, $6); }
  | "fun" atom ":" var "/" var              { $$ = build_fun_remote(ps, @$, $2, $4, $6); }
  | "fun" var ":" atom "/" integer          { $$ = build_fun_remote(ps, @$, $2, $4, $6); }
  | "fun" var ":" atom "/" var              { $$ = build_fun_remote(ps, @$, $2, $4, $6); }
  | "fun" var ":" var "/" integer           { $$ = build_fun_remote(ps, @$, $2, $4, $6); }
  | "fun" var ":" var "/" var               { $$ = build_fun_remote(ps, @$, $2, $4, $6); }
  | "fun" fun_clauses "end"                 { $$ = build_fun(ps, @$, $2); }
  ;

fun_clauses:
    fun_clause                              { $$ = build_named_first(ps, $1); }
  | fun_clauses ";" fun_clause              { $$ = build_named_more(ps, $1, $3, true); }
  ;

fun_clause:
    "(" pats_opt ")" guard_opt body         { $$ = (NamedClause){NULL, build_clause(ps, @$, LIST($2), LIST($4), LIST($5))}; }
  | var "(" pats_opt ")" guard_opt body     { $$ = (NamedClause){$1, build_clause(ps, @$, LIST($3), LIST($5), LIST($6))}; }
  ;

try_expr:
    "try" exprs "of" clauses try_catch      { $$ = build_try_finish(ps, @$, $5, LIST($2), LIST($4)); }
  | "try" exprs try_catch                   { $$ = build_try_finish(ps, @$, $3, LIST($2), NO_ITEMS); }
  ;

try_catch:
    "catch" try_clauses "end"               { $$ = build_try(ps, @$, LIST($2), NO_ITEMS); }
  | "catch" try_clauses "after" exprs "end" { $$ = build_try(ps, @$, LIST($2), LIST($4)); }
  | "after" exprs "end"                     { $$ = build_try(ps, @$, NO_ITEMS, LIST($2)); }
  ;

try_clauses:
    try_clause                              { $$ = build_first(ps, $1); }
  | try_clauses ";" try_clause              { $$ = build_more(ps, $1, $3); }
  ;

try_clause:
    pat guard_opt body                      { $$ = build_catch_clause(ps, @$, NULL, $1, NULL, LIST($2), LIST($3)); }
  | atom ":" pat guard_opt body             { $$ = build_catch_clause(ps, @$, $1, $3, NULL, LIST($4), LIST($5)); }
  | var ":" pat guard_opt body              { $$ = build_catch_clause(ps, @$, $1, $3, NULL, LIST($4), LIST($5)); }
  | atom ":" pat ":" var guard_opt body     { $$ = build_catch_clause(ps, @$, $1, $3, $5, LIST($6), LIST($7)); }
  | var ":" pat ":" var guard_opt body      { $$ = build_catch_clause(ps, @$, $1, $3, $5, LIST($6), LIST($7)); }
  ;

%%

static int act_parser_lex(YYSTYPE *value, YYLTYPE *span, Parser *ps)
{
    if (ps->start != 0) {
        int start = ps->start;
        ps->start = 0;
        *span = ps->count > 0 ? ps->tokens[0].span : SOURCE_NOWHERE;
        return start;
    }
    if (ps->next >= ps->count) {
        ps->next = ps->count + 1; /* only of tokens that a program gave: ours end with a dot */
        return 0;
    }
    value->token = &ps->tokens[ps->next++];
    *span = value->token->span;
    return value->token->kind;
}

/* Bison calls this only when it runs out of its stack. */
static void act_parser_error(SourceSpan *span, Parser *ps, const char *message)
{
    (void)message;
    ps->failed = true;
    diag_report(&ps->cx->diags, DIAG_E0030, *span, (unsigned)AST_MAX_DEPTH);
}

/* Keeps the token as Erlang would name it with the message that was just reported, if one was. */
static void note_found(Parser *ps, size_t before)
{
    Diags *diags = &ps->cx->diags;
    const Token *token = &ps->tokens[ps->error_at];
    if (diags->list.count > before) {
        Diag *diag = vec_last(&diags->list);
        bool sign = token->kind != T_ATOM && token->kind != T_VAR && token->kind != T_INTEGER &&
                    token->kind != T_FLOAT && token->kind != T_CHAR && token->kind != T_STRING;
        diag->found = token->span;
        diag->found_text = arena_printf(ps->arena, sign ? "'%s'" : "%s", token_text(ps->arena, token));
    }
}

static int yyreport_syntax_error(const yypcontext_t *context, Parser *ps)
{
    yysymbol_kind_t kinds[YYNTOKENS];
    int count = yypcontext_expected_tokens(context, kinds, YYNTOKENS);
    SyntaxExpected expected = {0};
    for (int i = 0; i < count; i++) {
        syntax_error_expect(&expected, yysymbol_name(kinds[i]));
    }
    ps->failed = true;
    ps->error_at = ps->next > 0 ? ps->next - 1 : 0;
    if (!ps->silent) {
        size_t before = ps->cx->diags.list.count;
        syntax_error_report(ps, &expected);
        note_found(ps, before);
    }
    return 0;
}
