/* SPDX-License-Identifier: Apache-2.0 */
/* test/unit/compiler/core/core_check_test.c: the checker finds what is wrong. Each test breaks
 * sound Core in one place. */
#include "test/unit/compiler/core/core_sample.h"

#include <criterion/criterion.h>
#include <string.h>

static const char *breach(CoreSample *s)
{
    s->error[0] = 0;
    return core_check(s->core, s->error, sizeof s->error) ? "" : s->error;
}

static CoreFunction *first(CoreSample *s)
{
    return s->core->functions.items[0];
}

Test(core_check, accepts_what_is_sound)
{
    CoreSample s;
    core_sample_start(&s, "f(X) -> case X of {A, B} when A > 1 -> A + B; _ -> Y = X, Y end.");
    cr_expect_str_empty(breach(&s), "%s", s.error);
    core_sample_end(&s);
}

Test(core_check, finds_a_use_out_of_scope)
{
    CoreSample s;
    core_sample_start(&s, "f(X) -> X.");
    first(&s)->body->choice.clauses.items[0].body->var = first(&s)->var_count + 1;
    cr_expect(strstr(breach(&s), "out of its scope") != NULL, "%s", s.error);
    core_sample_end(&s);
}

Test(core_check, finds_a_second_definition)
{
    CoreSample s;
    core_sample_start(&s, "f({X, Y}) -> X + Y.");
    CorePattern *tuple = first(&s)->body->choice.clauses.items[0].patterns[0];
    tuple->list.items[1]->var = tuple->list.items[0]->var;
    cr_expect(strstr(breach(&s), "defined twice") != NULL, "%s", s.error);
    core_sample_end(&s);
}

Test(core_check, finds_a_call_with_too_few_arguments)
{
    CoreSample s;
    core_sample_start(&s, "f(X, Y) -> f(Y, X).");
    first(&s)->body->choice.clauses.items[0].body->call.args.count = 1;
    cr_expect(strstr(breach(&s), "call with 1 arguments") != NULL, "%s", s.error);
    core_sample_end(&s);
}

Test(core_check, finds_a_call_in_a_guard)
{
    CoreSample s;
    core_sample_start(&s, "f(X) when X > 1 -> g(X).\ng(X) -> X.");
    CoreClause *clause = &first(&s)->body->choice.clauses.items[0];
    clause->guards[0].items[0] = clause->body;
    cr_expect(strstr(breach(&s), "in a guard") != NULL, "%s", s.error);
    core_sample_end(&s);
}
