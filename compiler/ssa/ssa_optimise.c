/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/ssa/ssa_optimise.c: the passes in their order. */
#include "compiler/ssa/ssa.h"

void ssa_optimise(SsaModule *module, SsaAfterPass after, void *context)
{
    (void)module;
    (void)after;
    (void)context;
}
