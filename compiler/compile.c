/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/compile.c: the order of the passes; the only file that knows all of them. */
#include "vm/base/attr.h"

extern int compile_placeholder;
int compile_placeholder;
