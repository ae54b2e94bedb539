/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/emit/disasm.h: a module's code as text, for `act disasm` and --dump=code. */
#ifndef ACT_EMIT_DISASM_H
#define ACT_EMIT_DISASM_H

#include "vm/bytecode/bytecode.h"

typedef VEC(char) DisasmText;

/* Appends the module's text to out (no NUL byte); the caller frees out with vec_free. Any module
 * that bc_read or emit_module made will do: what is out of range is shown as its number. */
void disasm_module(const BcModule *module, DisasmText *out);

#endif
