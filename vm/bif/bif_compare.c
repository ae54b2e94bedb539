/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_compare.c: comparisons and boolean operators as functions. */
#include "vm/bif/bif_util.h"
#include "vm/term/compare.h"
#include "vm/vm_parts.h"

static int order(Process *p, const Term *a)
{
    return term_compare(vm_atoms(p->vm), a[0], a[1]);
}

#define COMPARE_2(id, truth) \
    Term bif_erlang_##id##_2(Process *p, const Term *a) \
    { \
        return term_bool(truth); \
    }

COMPARE_2(less, order(p, a) < 0)
COMPARE_2(less_equal, order(p, a) <= 0)
COMPARE_2(greater, order(p, a) > 0)
COMPARE_2(greater_equal, order(p, a) >= 0)
COMPARE_2(equal, term_equal(a[0], a[1]))
COMPARE_2(not_equal, !term_equal(a[0], a[1]))
COMPARE_2(equal_exact, term_equal_exact(a[0], a[1]))
COMPARE_2(not_equal_exact, !term_equal_exact(a[0], a[1]))

/* The order of map keys; 0 for what is =:=. */
Term bif_erts_internal_cmp_term_2(Process *p, const Term *a)
{
    int order = term_compare_exact(vm_atoms(p->vm), a[0], a[1]);
    return small_make((order > 0) - (order < 0));
}

Term bif_erlang_min_2(Process *p, const Term *a)
{
    return order(p, a) <= 0 ? a[0] : a[1];
}

Term bif_erlang_max_2(Process *p, const Term *a)
{
    return order(p, a) >= 0 ? a[0] : a[1];
}

#define BOOLEAN_2(id, truth) \
    Term bif_erlang_##id##_2(Process *p, const Term *a) \
    { \
        if (!term_is_bool(a[0]) || !term_is_bool(a[1])) { \
            return raise_badarg(p); \
        } \
        bool x = term_same(a[0], ATOM(true)), y = term_same(a[1], ATOM(true)); \
        return term_bool(truth); \
    }

BOOLEAN_2(and, x &&y)
BOOLEAN_2(or, x || y)
BOOLEAN_2(xor, x != y)

Term bif_erlang_not_1(Process *p, const Term *a)
{
    return term_is_bool(a[0]) ? term_bool(term_same(a[0], ATOM(false))) : raise_badarg(p);
}
