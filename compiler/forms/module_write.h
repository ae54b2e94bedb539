/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/forms/module_write.h: a whole file as epp gives it: forms, with file attributes where
 * one file goes over into another, {error, Message} and {warning, Message} where a form has a fault
 * (messages.h), and {eof, Location}. */
#ifndef ACT_FORMS_MODULE_WRITE_H
#define ACT_FORMS_MODULE_WRITE_H

#include "compiler/forms/abstract_write.h"
#include "compiler/front/parse_source.h"

/* The list of forms of a module that was read from text. */
void module_write(EtfOut *out, const SyntaxContext *cx, const AstModule *module, bool columns);

#endif
