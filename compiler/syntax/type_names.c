/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/syntax/type_names.c: see type_names.h. To add one: a row, sorted by name. */
#include "compiler/syntax/type_names.h"
#include "vm/base/attr.h"
#include <string.h>

typedef struct {
    const char *name;
    const char *arities; /* one digit each */
} TypeRow;

static const TypeRow rows[] = {
    {"any", "0"},
    {"arity", "0"},
    {"atom", "0"},
    {"binary", "0"},
    {"bitstring", "0"},
    {"bool", "0"},
    {"boolean", "0"},
    {"byte", "0"},
    {"char", "0"},
    {"float", "0"},
    {"function", "0"},
    {"identifier", "0"},
    {"integer", "0"},
    {"iodata", "0"},
    {"iolist", "0"},
    {"list", "01"},
    {"map", "0"},
    {"maybe_improper_list", "02"},
    {"mfa", "0"},
    {"module", "0"},
    {"neg_integer", "0"},
    {"nil", "0"},
    {"no_return", "0"},
    {"node", "0"},
    {"non_neg_integer", "0"},
    {"none", "0"},
    {"nonempty_binary", "0"},
    {"nonempty_bitstring", "0"},
    {"nonempty_improper_list", "2"},
    {"nonempty_list", "01"},
    {"nonempty_maybe_improper_list", "02"},
    {"nonempty_string", "0"},
    {"number", "0"},
    {"pid", "0"},
    {"port", "0"},
    {"pos_integer", "0"},
    {"reference", "0"},
    {"string", "0"},
    {"term", "0"},
    {"timeout", "0"},
    {"tuple", "0"},
};

bool type_is_builtin(const char *name, uint32_t arity)
{
    for (size_t i = 0; i < ACT_COUNT(rows); i++) {
        if (strcmp(rows[i].name, name) == 0) {
            return arity < 10 && strchr(rows[i].arities, (int)('0' + arity)) != NULL;
        }
    }
    return false;
}
