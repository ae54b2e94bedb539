/* SPDX-License-Identifier: Apache-2.0 */
/* vm/vm_parts.h: the parts of a Vm that the layers below run/ may reach, by name only.
 *
 * struct Vm stands in run/vm.h, at the bottom of the house; whoever stands above it asks here.
 * All are set before the first scheduler thread starts and never change: any thread may ask. */
#ifndef ACT_VM_PARTS_H
#define ACT_VM_PARTS_H

#include "vm/types.h"

CodeTables *vm_code(Vm *vm);
AtomTable *vm_atoms(Vm *vm);
Host *vm_host(Vm *vm);

#endif
