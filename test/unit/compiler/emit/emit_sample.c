/* SPDX-License-Identifier: Apache-2.0 */
/* test/unit/compiler/emit/emit_sample.c: the emitter is tested with the functions that SSA is. */
#include "test/unit/compiler/ssa/ssa_sample.c"
