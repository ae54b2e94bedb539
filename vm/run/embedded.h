/* SPDX-License-Identifier: Apache-2.0 */
/* vm/run/embedded.h: modules that lie in the binary, loaded when they are first called. */
#ifndef ACT_RUN_EMBEDDED_H
#define ACT_RUN_EMBEDDED_H

#include "vm/vm_parts.h"

bool embedded_init(Vm *vm);
void embedded_free(Vm *vm);
/* Loads the embedded module whose name is that atom's word, unless a module of that name is loaded.
 * or the program has its own (code_own_file). True if one is loaded afterwards. Any scheduler
 * thread. */
bool embedded_load(Vm *vm, uintptr_t name_word);

#endif
