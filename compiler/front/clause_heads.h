/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/front/clause_heads.h: the texts of a module's clause heads, for crash reports.
 *
 * When a value fits none of the clauses it is offered, a person wants to see both. The heads are
 * kept in the module as one binary that nobody reads until then: a line for each construct, its
 * fields parted by tabs,
 *
 *   KIND LINE FILE HEAD HEAD ...
 *
 * KIND is f (function or fun), c (case), i (if), t (of in try), e (else in maybe) or m (a match:
 * its pattern). LINE and FILE are what a stack trace says of the failure; FILE is empty for the
 * main file. A head stands on one line, without comments; a long one is cut and ends in "…". */
#ifndef ACT_FRONT_CLAUSE_HEADS_H
#define ACT_FRONT_CLAUSE_HEADS_H

#include "compiler/syntax/ast.h"
#include "vm/bytecode/konst.h"

/* The binary for these forms, in arena. Forms need not be free of errors. */
const Konst *clause_heads(Arena *arena, const SourceSet *sources, AstList forms);

#endif
