/* SPDX-License-Identifier: Apache-2.0 */
/* vm/code/code_image.h: atoms and loaded modules as they lie in memory, so that the machine need
 * not make them again each time it starts.
 *
 * The build makes a machine for this (VmOptions.for_image), loads the modules that nearly every
 * program calls, and writes what the machine has used of its code space: all pointers in there
 * lead to within, so mapped at the same address it is good as it is. What an image is mapped into
 * is as if the modules had just been loaded. Where the address is taken, or the program was built
 * from other parts, the machine starts without. */
#ifndef ACT_CODE_CODE_IMAGE_H
#define ACT_CODE_CODE_IMAGE_H

#include "vm/code/code_space.h"
#include "vm/vm_parts.h"

/* Space for a machine whose code becomes an image. NULL: none of the addresses is free. */
CodeSpace *code_image_space(Host *host);
/* The machine is not to load or run anything any more, only to be freed; false if memory was short.
 */
bool code_image_close(Vm *vm, const uint32_t *op_words);
/* Then: the image's bytes are those of all parts, one after the other. */
size_t code_image_part(const Vm *vm, CodeSpacePart part, const void **bytes);

/* Gives the machine space, atoms and code of the image, whose pages move there. False: it has none
 * of them yet. */
bool code_image_attach(Vm *vm, const VmImage *image, const uint32_t *op_words);

#endif
