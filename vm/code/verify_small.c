/* SPDX-License-Identifier: Apache-2.0 */
/* vm/code/verify_small.c: typed instructions on small integers. They check nothing when they run,
 * so each operand must be known to be a small integer, and the result to be one. */
#include "vm/code/verify.h"

VType verify_small_type(SmallRange range)
{
    return small_range_is_small(range) ? VTYPE(VTYPE_SMALL, range) : VTYPE_ANY;
}

static SmallRange range_of(const Verify *v, uint32_t argument)
{
    VType type = verify_type(v, argument);
    return VTYPE_KIND(type) == VTYPE_SMALL ? (SmallRange)VTYPE_N(type) : SMALL_RANGE_ANY;
}

static bool need_small(Verify *v, uint32_t argument)
{
    return verify_need_kind(v, argument, VTYPE_SMALL);
}

/* The constant that an operand is; false: it is none, or no integer. */
static bool constant(const Verify *v, uint32_t argument, int64_t *value)
{
    const Konst *k =
        BC_ARG_KIND(argument) == BC_K ? v->file->konsts.items[BC_ARG_INDEX(argument)] : NULL;
    *value = k && k->kind == KONST_INT ? k->integer : 0;
    return k && k->kind == KONST_INT;
}

/* dss and dsu. */
static bool step_arithmetic(Verify *v, uint32_t op, const uint32_t *a)
{
    bool shift = op == BC_bsl_small || op == BC_bsr_small;
    int64_t by = a[2];
    if (!need_small(v, a[1]) || (!shift && !need_small(v, a[2]))) {
        return false;
    }
    if ((op == BC_div_small || op == BC_rem_small) && !constant(v, a[2], &by)) {
        return verify_lacks(v, a[2], "a constant");
    }
    SmallRange result = small_range_result((BcOpcode)op, range_of(v, a[1]),
                                           shift ? SMALL_RANGE_ANY : range_of(v, a[2]), by);
    return small_range_is_small(result)
               ? verify_set(v, a[0], verify_small_type(result))
               : verify_fail(v, "%s may not give a small integer", bc_op_info[op].name);
}

bool verify_step_small(Verify *v, uint32_t op, const uint32_t *a)
{
    if (op < BC_is_lt_small) {
        return step_arithmetic(v, op, a);
    }
    if (op < BC_below) { /* lss */
        return need_small(v, a[1]) && need_small(v, a[2]) && verify_edge(v, a[0]);
    }
    return need_small(v, a[2]) && need_small(v, a[3]) && verify_edge(v, a[0]) && /* ldss */
           verify_set(v, a[1],
                      verify_small_type(
                          small_range_limit((BcOpcode)op, range_of(v, a[2]), range_of(v, a[3]))));
}

VType verify_result(const Verify *v, uint32_t op, const uint32_t *a)
{
    int64_t by;
    switch (op) {
    case BC_band: /* dfssS */
        if (constant(v, a[3], &by) || constant(v, a[2], &by)) {
            return verify_small_type(small_range_band(by));
        }
        return VTYPE_ANY;
    case BC_rem:
        return constant(v, a[3], &by) ? verify_small_type(small_range_rem(range_of(v, a[2]), by))
                                      : VTYPE_ANY;
    case BC_bif1: /* dfEsS */
        return verify_small_type(small_range_bif(&v->file->imports.items[a[2]]));
    default:
        return VTYPE_ANY;
    }
}
