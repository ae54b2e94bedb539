/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/front/bif_names.h: what the front end knows of the functions of the module erlang
 * (bif_names.def). Pure; lint_names.c has the table. */
#ifndef ACT_FRONT_BIF_NAMES_H
#define ACT_FRONT_BIF_NAMES_H

#include "compiler/syntax/name.h"

enum { BIF_AUTO = 1, BIF_OLD = 2, BIF_GUARD = 4, BIF_PURE = 8, BIF_SAFE = 16 };

/* BIF_ flags of erlang:name/arity as it is called without module; 0 if it is none. */
unsigned lint_bif(const Name *name, uint32_t arity);

#endif
