/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/emit/emit.h: from SSA to bytecode. */
#ifndef ACT_EMIT_EMIT_H
#define ACT_EMIT_EMIT_H

#include "compiler/ssa/ssa.h"
#include "vm/bytecode/bytecode.h"

/* The module's bytecode; it owns copies of all it needs, so ssa may go. Ends with bc_free. ssa must
 * be accepted by ssa_check. NULL if a function needs a frame larger than the machine has; that one
 * in *too_large. One thread. */
BcModule *emit_module(const SsaModule *ssa, const SsaFunction **too_large);

#endif
