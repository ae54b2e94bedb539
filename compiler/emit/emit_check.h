/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/emit/emit_check.h: a second opinion on emitted code, for debug builds and tests. */
#ifndef ACT_EMIT_EMIT_CHECK_H
#define ACT_EMIT_EMIT_CHECK_H

#include "vm/bytecode/bytecode.h"

/* Follows every way through every function: registers are set before they are read, frames agree,
 * sites tell the truth, heap room is there, lists of operands are whole. True if so; else the first
 * breach is printed to error. The loader's verifier is independent of it. */
bool emit_check(const BcModule *module, char *error, size_t size);

#endif
