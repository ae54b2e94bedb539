/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/forms/abstract_writer.h: what the files that write the abstract format share:
 * abstract_write.c (expressions), abstract_write_form.c (forms), abstract_write_type.c (types). */
#ifndef ACT_FORMS_ABSTRACT_WRITER_H
#define ACT_FORMS_ABSTRACT_WRITER_H

#include "compiler/forms/abstract_write.h"

/* The head of {tag, Anno, ...} with the annotation of the place given. */
void write_head(AbstractWriter *w, uint32_t arity, const char *tag, SourceSpan at);
void write_name(AbstractWriter *w, const Name *name);
void write_integer(AbstractWriter *w, const AstNode *node);
/* Where the first token of the node stands, parentheses left out. */
SourceSpan write_first(const AstNode *node);
void write_clauses(AbstractWriter *w, AstList clauses);

/* False: the node is none of that kind. */
bool write_type(AbstractWriter *w, const AstNode *node);
void write_form(AbstractWriter *w, const AstNode *node);

#endif
