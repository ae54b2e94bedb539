/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/front/lint.h: what the grammar cannot say: every name bound, every pattern and guard
 * legal, and what is most likely a mistake. The conditions are those of Erlang's erl_lint (OTP 25),
 * so that a program without errors here is one that Erlang compiles, and the other way round. */
#ifndef ACT_FRONT_LINT_H
#define ACT_FRONT_LINT_H

#include "compiler/front/parse_source.h"

/* Reports to cx->diags. Later stages may rely on what it proves only when diag_errors() is 0.
 * The module must have been parsed without errors for its messages to be worth reading. */
void lint_module(SyntaxContext *cx, const AstModule *module, const SourceReader *reader,
                 const SourceOptions *options);

/* What to use in place of a function or type that Erlang has given up; NULL: it has not. */
const char *lint_old_advice(bool is_type, const char *module, const char *name, uint32_t arity,
                            bool *removed);

#endif
