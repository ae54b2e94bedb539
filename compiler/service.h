/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/service.h: the compiler for running programs: a term in, a term out, both as bytes in
 * Erlang's external format (forms/etf.h). stdlib/act_compiler.act is the other side.
 *
 *   {parse, form | exprs, Tokens}   {ok, [Abstract]} | {syntax, N} | {error, N, Code, Text}
 *                                   N: the token where the fault is; their number: they ran out
 *
 * Pure, as the compiler is: files only through the reader. One thread per call. */
#ifndef ACT_SERVICE_H
#define ACT_SERVICE_H

#include "compiler/compile.h"

/* The answer (freed with alloc_free), or NULL when the request is none. */
unsigned char *service_answer(const CompileOptions *options, const unsigned char *request,
                              size_t size, size_t *answer_size);

#endif
