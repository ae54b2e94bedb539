/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/forms/abstract_read.h: Erlang's abstract format, as bytes, to the tree.
 *
 * Whatever a program made comes through here, so nothing is taken on trust: what is not in the
 * format is reported (E0036) and the form left out. Positions may be missing or have no columns. */
#ifndef ACT_FORMS_ABSTRACT_READ_H
#define ACT_FORMS_ABSTRACT_READ_H

#include "compiler/forms/places.h"
#include "compiler/front/parse_source.h"

/* Reads a list of forms. {eof, _}, {error, _} and {warning, _} are read over. Errors are reported
 * to cx->diags; `file` is the module's until a file attribute tells. */
AstModule abstract_read_module(SyntaxContext *cx, EtfIn *in, const char *file);
/* Reads one term as the value of an attribute; NULL if it has no notation. */
AstNode *abstract_read_term(SyntaxContext *cx, EtfIn *in, SourceSpan span);

#endif
