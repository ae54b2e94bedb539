/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/service.h: the compiler for running programs: a term in, a term out, both as bytes in
 * Erlang's external format (forms/etf.h). stdlib/act_compiler.act is the other side.
 *
 *   {parse, form, Tokens}           {ok, [Abstract]} | {syntax, N} | {error, N, Code, Text}
 *                                   N: the token where the fault is; their number: they ran out
 *   {epp, Path, Env, Columns}       {ok, [Form]} | {error, [Message]}; Columns: boolean
 *   {compile, Mode, Source, Env, Options}
 *                                   {ok, Module, Code, [Message]} | {error, [Message]} | transforms
 *       Mode: code | lint (Code is then empty)
 *       Source: {file, Path} | {forms, File, Forms}; the answer `transforms` only for a file
 *       Options: as in -compile
 *
 *   {old, function | type, Module, Name, Arity}
 *                                   {deprecated | removed, Text} | no
 *
 * Paths and texts are binaries. Env: {[{Macro, Text | true}], [Directory]}. Message:
 * forms/messages.h. Pure, as the compiler is: files only through the reader. One thread per call.
 */
#ifndef ACT_SERVICE_H
#define ACT_SERVICE_H

#include "compiler/compile.h"

/* The answer (freed with alloc_free), or NULL when the request is none. */
unsigned char *service_answer(const CompileOptions *options, const unsigned char *request,
                              size_t size, size_t *answer_size);

/* True if answering takes no longer than a process's turn and reads no file. */
bool service_is_quick(const unsigned char *request, size_t size);

#endif
