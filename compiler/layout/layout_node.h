/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/layout/layout_node.h: what the files of the layout share. Included by them alone.
 *
 *   layout_scan.c     a text to pieces (tokens with the comments around them) and forms
 *   layout_parse.c    pieces of a form to nodes: expressions, forms
 *   layout_block.c    the same for what stands between reserved words: case, fun, try ...
 *   layout_measure.c  how wide a node is
 *   layout_put.c      nodes to text; layout_put_block.c: clauses and blocks
 *   layout.c          form by form, checking */
#ifndef ACT_LAYOUT_LAYOUT_NODE_H
#define ACT_LAYOUT_LAYOUT_NODE_H

#include "compiler/layout/layout.h"
#include "compiler/syntax/context.h"
#include "compiler/syntax/parser.h"
#include "compiler/syntax/token.h"

enum {
    LAYOUT_WIDTH = 100,
    LAYOUT_STEP = 4,
    LAYOUT_WIDE = 1 << 24,    /* the width of what does not go on one line */
    LAYOUT_MOST_DEPTH = 2000, /* deeper nested forms stay as they are */
    LAYOUT_NONE = 0x7fffffff, /* no piece */
};

typedef struct {
    uint32_t start, end; /* bytes of the text */
    uint32_t column;     /* where it began */
    bool blank;          /* an empty line stands before it */
} LayoutComment;

/* A token and what stands around it. */
typedef struct {
    uint16_t kind;
    uint32_t start, end;
    uint32_t width;                        /* characters; of its last line if it has several */
    bool lines;                            /* a string over several lines */
    bool newline;                          /* a line break stands before it */
    bool blank;                            /* an empty line stands right before it */
    uint32_t first_comment, comment_count; /* on lines of their own, before it */
    uint32_t behind; /* the comment behind it on its line: its number, or LAYOUT_NONE */
    uint32_t breaks; /* comments and strings over lines before the end of this piece, in all */
} LayoutPiece;

typedef struct {
    uint32_t first, end; /* pieces */
    bool damaged;        /* the scanner reported something in it */
} LayoutForm;

/* A text taken apart. The last piece (kind 0) stands for its end. */
typedef struct {
    const char *text;
    uint32_t length;
    VEC(LayoutPiece) pieces;
    VEC(LayoutComment) comments;
    VEC(LayoutForm) forms;
} LayoutScan;

typedef enum {
    NODE_LEAF,
    NODE_GLUE,    /* children side by side */
    NODE_INFIX,   /* operands; the operator between two is the separator of the first */
    NODE_BRACKET, /* token, elements, close */
    NODE_LIST,    /* the same without brackets */
    NODE_BODY,    /* expressions, each on its line if there are several */
    NODE_CLAUSE,  /* head [when guard] -> body */
    NODE_SECTION, /* token [head of] then a body or clauses */
    NODE_BLOCK,   /* sections, close */
    NODE_FORMS,   /* clauses of a function */
} LayoutKind;

typedef struct LayoutNode {
    LayoutKind kind;
    struct LayoutNode *children, *last_child, *next;
    struct LayoutNode *head, *guard, *body; /* of clauses and sections */
    uint32_t token, second, close; /* second: `when` of a clause, `of` of a section, or NONE */
    uint32_t arrow;
    uint32_t separator;   /* the piece between it and its next, or NONE */
    uint32_t first, last; /* pieces */
    int flat;             /* width on one line; LAYOUT_WIDE: never goes there */
    int least;          /* about how wide its widest line is when it is broken wherever it can be */
    bool space;         /* in a GLUE: a blank stands before it */
    bool tight;         /* INFIX: no blanks, no breaks */
    bool assign;        /* INFIX: `=` and what is laid out alike */
    bool clauses;       /* SECTION: of clauses */
    bool inline_clause; /* SECTION: `after T -> ...` */
} LayoutNode;

typedef struct {
    const LayoutScan *scan;
    Arena *arena;
    uint32_t at, end;
    unsigned depth;
    bool failed;
    bool segment; /* in an element of a binary: `X:8/integer` has no blanks */
    bool spec;    /* behind -spec, in no bracket: `when` is followed by a list */
} LayoutParser;

/* layout_scan.c. The text stays the caller's. */
bool layout_scan(LayoutScan *scan, SyntaxContext *cx, uint32_t file);
void layout_scan_free(LayoutScan *scan);

/* layout_parse.c. NULL: not understood. */
LayoutNode *layout_parse(LayoutParser *p);
LayoutNode *layout_expr(LayoutParser *p, int least);
LayoutNode *layout_list(LayoutParser *p, int least);
LayoutNode *layout_leaf(LayoutParser *p);
LayoutNode *layout_new(LayoutParser *p, LayoutKind kind);
void layout_add(LayoutNode *parent, LayoutNode *child);
uint32_t layout_take(LayoutParser *p, uint16_t kind);
uint16_t layout_kind(const LayoutParser *p, uint32_t piece);
bool layout_word(const LayoutScan *scan, uint32_t piece, const char *word);
/* The bracket that closes the one at piece, or NONE. */
uint32_t layout_closing(const LayoutParser *p, uint32_t piece);
/* Levels of operators for layout_expr: all, no `->` and `when`, m:f, signs, none. */
enum { LAYOUT_ANY = 1, LAYOUT_PLAIN = 3, LAYOUT_UNARY = 60, LAYOUT_REMOTE = 80, LAYOUT_TOP = 100 };

/* layout_block.c: what begins at a reserved word; NULL: none does. */
LayoutNode *layout_block(LayoutParser *p);
LayoutNode *layout_clause(LayoutParser *p, bool guard_only);
LayoutNode *layout_body(LayoutParser *p);

/* layout_measure.c: fills in what is known when a node's children are there. */
void layout_measure(const LayoutScan *scan, LayoutNode *node);
/* Blanks between two pieces that stand side by side. */
int layout_gap(const LayoutScan *scan, uint32_t left, uint32_t right, bool space);
bool layout_breaks(const LayoutScan *scan, uint32_t piece);

typedef struct {
    const LayoutScan *scan;
    LayoutResult *out;
    int column;
    int indent;        /* of the line that is being written */
    int base;          /* of the statement that is being written */
    int bar;           /* where the `|` of a union stands when a line begins with it */
    bool fresh;        /* nothing is on the line yet, not even its indentation */
    bool must_break;   /* a comment ended the line */
    uint32_t previous; /* the piece written last */
    uint32_t told;     /* the comments of this piece are written already */
    unsigned flat;
} LayoutPut;

/* layout_put.c */
void layout_put(LayoutPut *put, LayoutNode *node, int tail);
void layout_put_piece(LayoutPut *put, uint32_t piece, bool space);
void layout_put_comments(LayoutPut *put, uint32_t piece, int indent);
void layout_newline(LayoutPut *put, int indent);
/* A new line for a piece: with the empty line that stood before it. */
void layout_newline_for(LayoutPut *put, uint32_t piece, int indent);
bool layout_fits(const LayoutPut *put, const LayoutNode *node, int more);

/* layout_put_block.c */
void layout_put_clause(LayoutPut *put, LayoutNode *clause, int body_indent, int tail);
void layout_put_block(LayoutPut *put, LayoutNode *block, int tail);
void layout_put_forms(LayoutPut *put, LayoutNode *forms);

#endif
