/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/front/const_value.c: making and comparing constant terms; see const_value.h. */
#include "compiler/front/const_value.h"
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

const ConstValue const_fail = {.kind = CONST_FAIL};

void const_world_end(ConstWorld *world)
{
    for (size_t i = 0; i < world->integers.count; i++) {
        mpz_clear(world->integers.items[i]);
    }
    vec_free(&world->integers);
}

ConstValue const_integer(ConstWorld *world)
{
    mpz_ptr number = ARENA_ARRAY(world->arena, __mpz_struct, 1);
    mpz_init(number);
    vec_push(&world->integers, number);
    return (ConstValue){.kind = CONST_INTEGER, .integer = number};
}

ConstValue const_small(ConstWorld *world, int64_t value)
{
    ConstValue result = const_integer(world);
    mpz_set_si(result.integer, (long)value);
    return result;
}

ConstValue const_float(double value)
{
    return isfinite(value) ? (ConstValue){.kind = CONST_FLOAT, .number = value} : const_fail;
}

ConstValue const_atom(ConstWorld *world, const char *text)
{
    return (ConstValue){.kind = CONST_ATOM, .atom = name_intern_text(world->names, text)};
}

ConstValue const_boolean(ConstWorld *world, bool truth)
{
    return const_atom(world, truth ? "true" : "false");
}

bool const_is_atom(ConstValue value, const char *text)
{
    return value.kind == CONST_ATOM && name_is(value.atom, text);
}

bool const_is_number(ConstValue value)
{
    return value.kind == CONST_INTEGER || value.kind == CONST_FLOAT;
}

bool const_to_int64(ConstValue value, int64_t *out)
{
    if (value.kind != CONST_INTEGER || !mpz_fits_slong_p(value.integer)) {
        return false;
    }
    *out = mpz_get_si(value.integer);
    return true;
}

bool const_to_double(ConstValue value, double *out)
{
    if (value.kind == CONST_FLOAT) {
        *out = value.number;
    } else if (mpz_sizeinbase(value.integer, 2) <= 53) {
        *out = mpz_get_d(value.integer);
    } else if (mpz_sizeinbase(value.integer, 2) > DBL_MAX_EXP) {
        return false;
    } else {
        char *digits = mpz_get_str(NULL, 10, value.integer); /* mpz_get_d would cut, not round */
        *out = strtod(digits, NULL);
        free(digits);
    }
    return isfinite(*out);
}

static int compare_numbers(ConstValue a, ConstValue b, bool exact)
{
    if (a.kind == CONST_INTEGER && b.kind == CONST_INTEGER) {
        return mpz_cmp(a.integer, b.integer);
    }
    if (a.kind == CONST_FLOAT && b.kind == CONST_FLOAT) {
        return (a.number > b.number) - (a.number < b.number);
    }
    if (exact) {
        return a.kind == CONST_INTEGER ? -1 : 1;
    }
    return a.kind == CONST_INTEGER ? mpz_cmp_d(a.integer, b.number)
                                   : -mpz_cmp_d(b.integer, a.number);
}

static int compare_items(ConstValue a, ConstValue b, uint32_t count, uint32_t step, bool exact)
{
    for (uint32_t i = 0; i < count; i++) {
        int order = const_compare(a.items[i * step], b.items[i * step], exact);
        if (order != 0) {
            return order;
        }
    }
    return 0;
}

/* What is left of a list behind its first `from` items. */
static ConstValue rest_of(ConstValue list, uint32_t from)
{
    if (from == list.count && list.tail != NULL) {
        return *list.tail;
    }
    list.items += from;
    list.count -= from;
    return list;
}

static int compare_lists(ConstValue a, ConstValue b, bool exact)
{
    uint32_t count = a.count < b.count ? a.count : b.count;
    int order = compare_items(a, b, count, 1, exact);
    if (order != 0) {
        return order;
    }
    ConstValue left = rest_of(a, count);
    ConstValue right = rest_of(b, count);
    if (left.kind == CONST_LIST && right.kind == CONST_LIST) {
        return (left.count > 0) - (right.count > 0); /* [] before all other lists */
    }
    return const_compare(left, right, exact);
}

static int compare_maps(ConstValue a, ConstValue b, bool exact)
{
    if (a.count != b.count) {
        return a.count < b.count ? -1 : 1;
    }
    int order = compare_items(a, b, a.count, 2, true);
    if (order != 0) {
        return order;
    }
    a.items += 1;
    b.items += 1;
    return compare_items(a, b, a.count, 2, exact);
}

static int compare_bits(ConstValue a, ConstValue b)
{
    size_t least = a.bits < b.bits ? a.bits : b.bits;
    int order = memcmp(a.bytes, b.bytes, least / 8);
    for (size_t i = least / 8 * 8; order == 0 && i < least; i++) {
        order = (a.bytes[i / 8] >> (7 - i % 8) & 1) - (b.bytes[i / 8] >> (7 - i % 8) & 1);
    }
    return order != 0 ? order : (a.bits > b.bits) - (a.bits < b.bits);
}

static int rank(ConstValue value)
{
    return value.kind == CONST_FLOAT ? CONST_INTEGER : (int)value.kind;
}

int const_compare(ConstValue a, ConstValue b, bool exact)
{
    if (rank(a) != rank(b)) {
        return rank(a) < rank(b) ? -1 : 1;
    }
    switch (a.kind) {
    case CONST_INTEGER:
    case CONST_FLOAT:
        return compare_numbers(a, b, exact);
    case CONST_ATOM:
        return strcmp(a.atom->text, b.atom->text);
    case CONST_TUPLE:
        return a.count != b.count ? (a.count < b.count ? -1 : 1)
                                  : compare_items(a, b, a.count, 1, exact);
    case CONST_MAP:
        return compare_maps(a, b, exact);
    case CONST_LIST:
        return compare_lists(a, b, exact);
    case CONST_BITS:
        return compare_bits(a, b);
    default:
        return 0;
    }
}

const ConstValue *const_map_get(ConstValue map, ConstValue key)
{
    for (uint32_t i = 0; i < map.count; i++) {
        if (const_compare(map.items[2 * (size_t)i], key, true) == 0) {
            return &map.items[2 * (size_t)i + 1];
        }
    }
    return NULL;
}

ConstValue const_map_put(ConstWorld *world, ConstValue map, ConstValue key, ConstValue value)
{
    ConstValue *items = ARENA_ARRAY(world->arena, ConstValue, 2 * ((size_t)map.count + 1));
    uint32_t count = 0;
    bool placed = false;
    for (uint32_t i = 0; i <= map.count; i++) {
        int order = i < map.count ? const_compare(map.items[2 * (size_t)i], key, true) : 1;
        if (order >= 0 && !placed) {
            items[2 * (size_t)count] = key;
            items[2 * (size_t)count++ + 1] = value;
            placed = true;
        }
        if (i < map.count && order != 0) {
            items[2 * (size_t)count] = map.items[2 * (size_t)i];
            items[2 * (size_t)count++ + 1] = map.items[2 * (size_t)i + 1];
        }
    }
    return (ConstValue){.kind = CONST_MAP, .count = count, .items = items};
}
