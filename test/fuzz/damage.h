/* SPDX-License-Identifier: Apache-2.0 */
/* test/fuzz/damage.h: damages modules by a seed, for the fuzzers. */
#ifndef ACT_TEST_FUZZ_DAMAGE_H
#define ACT_TEST_FUZZ_DAMAGE_H

#include "vm/bytecode/bytecode.h"

#include <stdint.h>

/* The next random number below `below` (0 for 0). *seed must not be 0. */
uint64_t damage_draw(uint64_t *seed, uint64_t below);

/* One to three changes of instructions, operands or sites. */
void damage_module(BcModule *m, uint64_t *seed);

#endif
