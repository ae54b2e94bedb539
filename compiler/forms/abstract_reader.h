/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/forms/abstract_reader.h: what the files that read the abstract format share:
 * abstract_read.c (expressions), abstract_read_form.c (forms), abstract_read_type.c (types),
 * abstract_read_term.c (values of attributes). */
#ifndef ACT_FORMS_ABSTRACT_READER_H
#define ACT_FORMS_ABSTRACT_READER_H

#include "compiler/forms/abstract_read.h"

typedef struct {
    SyntaxContext *cx;
    Arena *arena; /* cx's */
    EtfIn *in;
    Places places;
    uint32_t depth;
    bool bad; /* this form is in no way to be used; it has been reported */
} Reader;

/* A tuple {Tag, Anno, ...} whose first two parts were read; rest more follow. */
typedef struct {
    const Name *tag;
    SourceSpan span;
    uint32_t rest;
    bool generated;
} ReadHead;

/* Reads the beginning of a node. False (reported) when it is none. */
bool read_head(Reader *r, ReadHead *head);
/* Reports that something in the form is not in the format, once a form. Returns an ERROR node. */
AstNode *read_bad(Reader *r, SourceSpan span, const char *what);
/* A new node at the head's place. */
AstNode *read_new(Reader *r, const ReadHead *head, AstKind kind);
/* Any node: expression, pattern, clause, qualifier or type. Never NULL. */
AstNode *read_node(Reader *r);
/* A list of nodes. */
AstList read_list(Reader *r, SourceSpan span);
const Name *read_name(Reader *r, SourceSpan span);
/* A plain atom, as a node. */
AstNode *read_atom_node(Reader *r, SourceSpan span);
/* A number from 0 to 255. */
uint32_t read_arity(Reader *r, SourceSpan span);
/* A list of exactly two nodes, as pair. */
AstNode *read_two(Reader *r, const ReadHead *head, AstKind kind);
/* The node that head begins, if it is a type; else NULL and nothing was read. */
AstNode *read_type(Reader *r, const ReadHead *head);
/* A list of {Name, Arity}. */
AstList read_names(Reader *r, SourceSpan span);
AstNode *read_term(Reader *r, SourceSpan span);
/* A number that is not negative, or minus one that is. */
AstNode *read_number(Reader *r, SourceSpan span, EtfItem item);

#endif
