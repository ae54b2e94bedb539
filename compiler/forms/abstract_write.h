/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/forms/abstract_write.h: the tree as Erlang's abstract format, in bytes.
 *
 * Positions are those of erl_parse: a node that an operator makes stands where the operator stands,
 * `]` gives its place to the end of a list, and so on. */
#ifndef ACT_FORMS_ABSTRACT_WRITE_H
#define ACT_FORMS_ABSTRACT_WRITE_H

#include "compiler/forms/places.h"
#include "compiler/syntax/ast.h"

typedef struct {
    EtfOut *out;
    const SourceSet *sources;
    const Places *places; /* of what a program gave; NULL: all is from text */
    bool columns;         /* of text: {Line, Column}; else the line */
} AbstractWriter;

/* One form, expression or type. */
void abstract_write(AbstractWriter *w, const AstNode *node);
/* A proper list of them. */
void abstract_write_list(AbstractWriter *w, AstList list);
/* The annotation of what begins where span begins. */
void abstract_write_anno(AbstractWriter *w, SourceSpan span);

#endif
