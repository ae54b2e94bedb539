/* SPDX-License-Identifier: Apache-2.0 */
/* cli/stdlib_modules.h: the library's modules, made by the build (cli/stdlib_tool.c). */
#ifndef ACT_CLI_STDLIB_MODULES_H
#define ACT_CLI_STDLIB_MODULES_H

#include "vm/vm_parts.h"

extern const EmbeddedModule stdlib_modules[];
extern const size_t stdlib_module_count;

/* Headers by base name, sorted: what -include_lib("APP/include/NAME.hrl") reads. */
extern const EmbeddedModule stdlib_headers[];
extern const size_t stdlib_header_count;

/* What is loaded already when the machine starts (cli/image_tool.c), perhaps nothing; act has it,
 * other programs with these modules have not. */
extern const unsigned char library_image_start[], library_image_end[];

#endif
