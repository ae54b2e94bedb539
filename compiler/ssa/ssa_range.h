/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/ssa/ssa_range.h: type inference over the whole module: which values are surely small
 * integers, and of how many bits (vm/bytecode/small_range.h). Ranges flow from constants, sizes,
 * segments of bitstrings and masks through arithmetic, along edges, and by calls into functions
 * that nothing but this module's calls can reach.
 *
 * A forward fixpoint over a lattice of 126 ranges (Kildall 1973); what has been raised a few times
 * goes up in large steps, so that counters end the search (widening: Cousot 1977). */
#ifndef ACT_SSA_SSA_RANGE_H
#define ACT_SSA_SSA_RANGE_H

#include "compiler/ssa/ssa_graph.h"
#include "vm/bytecode/small_range.h"

typedef struct {
    SsaModule *module;
    Arena arena;
    SmallRange **values; /* by function, by value */
    uint8_t **raised;    /* the same: how often */
    bool *open;          /* by function: may be called with anything */
    bool *queued;        /* by function */
    VEC(uint32_t) queue; /* functions whose parameters know less than when they were looked at */
} Ranges;

/* Finds all. Ends with ranges_free. */
void ranges_make(Ranges *ranges, SsaModule *module);
void ranges_free(Ranges *ranges);
/* Of a value or constant used in function number f. */
SmallRange ranges_of(const Ranges *ranges, uint32_t f, SsaArg arg);
/* The typed instruction that may do what op does; BC__count if there is none. */
BcOpcode ranges_typed(SsaOp op);
/* The result of op; ANY where it is not known to be small. */
SmallRange ranges_operation(const Ranges *ranges, uint32_t f, SsaOp op, const SsaArg *args,
                            uint32_t arg_count);
/* The constant that bsl, bsr, div and rem need as their second argument to be typed. */
bool ranges_constant(const SsaArg *args, uint32_t arg_count, int64_t *by);

#endif
