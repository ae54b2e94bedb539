/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/forms/messages.h: what the compiler has to say, as terms.
 *
 *   {error | warning, File, Line, Column, Code, [Arg], Text}   all texts are binaries, Code an atom
 *
 * Line 0: no place; column 0: only a line. A syntax error stands at the token that has no place and
 * has that token's text as its one argument. stdlib/act_messages.act makes Erlang's terms of it. */
#ifndef ACT_FORMS_MESSAGES_H
#define ACT_FORMS_MESSAGES_H

#include "compiler/forms/etf.h"
#include "compiler/source/diag.h"

/* One message. */
void message_write(EtfOut *out, const Diags *diags, const Diag *diag);
/* A list of all, in the order of reporting; only the first of a form's syntax errors. */
void message_write_all(EtfOut *out, const Diags *diags);

#endif
