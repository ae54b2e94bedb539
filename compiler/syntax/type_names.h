/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/syntax/type_names.h: the types that need no definition. Pure, any thread. */
#ifndef ACT_SYNTAX_TYPE_NAMES_H
#define ACT_SYNTAX_TYPE_NAMES_H

#include <stdbool.h>
#include <stdint.h>

/* True for integer/0, list/1 and the like. */
bool type_is_builtin(const char *name, uint32_t arity);

#endif
