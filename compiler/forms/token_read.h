/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/forms/token_read.h: tokens as erl_scan makes them, for our grammar. */
#ifndef ACT_FORMS_TOKEN_READ_H
#define ACT_FORMS_TOKEN_READ_H

#include "compiler/forms/places.h"
#include "compiler/syntax/context.h"
#include "compiler/syntax/token.h"

/* Reads a list of {Category, Anno} and {Category, Anno, Symbol}. False if it is none. Token N has
 * place N. What is no token of the language is one that the grammar has no place for. */
bool token_read_list(SyntaxContext *cx, EtfIn *in, Places *places, TokenVec *out);

#endif
