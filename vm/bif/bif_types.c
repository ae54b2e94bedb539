/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_types.c: what kind of term something is. */
#include "vm/bif/bif_util.h"
#include "vm/term/binary.h"
#include "vm/term/fun.h"

#define TYPE_TEST(name, test) \
    Term bif_erlang_##name##_1(Process *p, const Term *a) \
    { \
        return term_bool(test(a[0])); \
    }

TYPE_TEST(is_atom, term_is_atom)
TYPE_TEST(is_binary, term_is_binary)
TYPE_TEST(is_bitstring, term_is_bitstring)
TYPE_TEST(is_boolean, term_is_bool)
TYPE_TEST(is_float, term_is_float)
TYPE_TEST(is_function, term_is_fun)
TYPE_TEST(is_integer, term_is_integer)
TYPE_TEST(is_list, term_is_list)
TYPE_TEST(is_map, term_is_map)
TYPE_TEST(is_number, term_is_number)
TYPE_TEST(is_pid, term_is_pid)
TYPE_TEST(is_port, term_is_port)
TYPE_TEST(is_reference, term_is_ref)
TYPE_TEST(is_tuple, term_is_tuple)

Term bif_erlang_is_function_2(Process *p, const Term *a)
{
    if (term_is_big(a[1]) && header_kind(boxed_header(a[1])) == BOXED_BIG) {
        return ATOM(false);
    }
    if (!term_is_small(a[1]) || small_value(a[1]) < 0) {
        return raise_badarg(p);
    }
    return term_bool(term_is_fun(a[0]) && fun_arity(a[0]) == small_value(a[1]));
}

/* A tuple with that tag first. */
static bool is_tagged(Term t, Term tag)
{
    return term_is_tuple(t) && tuple_arity(t) > 0 && term_same(tuple_items(t)[0], tag);
}

Term bif_erlang_is_record_2(Process *p, const Term *a)
{
    if (!term_is_atom(a[1])) {
        return raise_badarg(p);
    }
    return term_bool(is_tagged(a[0], a[1]));
}

Term bif_erlang_is_record_3(Process *p, const Term *a)
{
    int64_t arity;
    if (!term_is_atom(a[1]) ||
        !util_get_range(a[2], -UTIL_OTP_SMALL_MAX - 1, UTIL_OTP_SMALL_MAX, &arity)) {
        return raise_badarg(p);
    }
    return term_bool(is_tagged(a[0], a[1]) && arity == (int64_t)tuple_arity(a[0]));
}
