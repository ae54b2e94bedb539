/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/front/const_bif.c: the functions that guards may call, on constant terms. */
#include "compiler/front/const_value.h"
#include "vm/base/rounding.h"
#include <math.h>
#include <string.h>

typedef ConstValue Bif(ConstWorld *world, const ConstValue *args);

static ConstValue round_with(ConstWorld *world, ConstValue a, double (*how)(double))
{
    if (a.kind != CONST_FLOAT) {
        return a.kind == CONST_INTEGER ? a : const_fail;
    }
    ConstValue result = const_integer(world);
    mpz_set_d(result.integer, how(a.number));
    return result;
}

static ConstValue bif_round(ConstWorld *world, const ConstValue *args)
{
    return round_with(world, args[0], rounding_round);
}

static ConstValue bif_trunc(ConstWorld *world, const ConstValue *args)
{
    return round_with(world, args[0], rounding_trunc);
}

static ConstValue bif_floor(ConstWorld *world, const ConstValue *args)
{
    return round_with(world, args[0], rounding_floor);
}

static ConstValue bif_ceil(ConstWorld *world, const ConstValue *args)
{
    return round_with(world, args[0], rounding_ceil);
}

static ConstValue bif_float(ConstWorld *world, const ConstValue *args)
{
    double number = 0;
    return const_is_number(args[0]) && const_to_double(args[0], &number) ? const_float(number)
                                                                         : const_fail;
}

static ConstValue bif_abs(ConstWorld *world, const ConstValue *args)
{
    bool negative = (args[0].kind == CONST_INTEGER && mpz_sgn(args[0].integer) < 0) ||
                    (args[0].kind == CONST_FLOAT && signbit(args[0].number));
    return negative                   ? const_unary(world, AST_OP_MINUS, args[0])
           : const_is_number(args[0]) ? args[0]
                                      : const_fail;
}

static ConstValue bif_length(ConstWorld *world, const ConstValue *args)
{
    bool proper = args[0].kind == CONST_LIST && args[0].tail == NULL;
    return proper ? const_small(world, args[0].count) : const_fail;
}

static ConstValue bif_hd(ConstWorld *world, const ConstValue *args)
{
    return args[0].kind == CONST_LIST && args[0].count > 0 ? args[0].items[0] : const_fail;
}

static ConstValue bif_tl(ConstWorld *world, const ConstValue *args)
{
    ConstValue rest = args[0];
    if (rest.kind != CONST_LIST || rest.count == 0) {
        return const_fail;
    }
    if (rest.count == 1 && rest.tail != NULL) {
        return *rest.tail;
    }
    rest.items++;
    rest.count--;
    return rest;
}

static ConstValue bif_tuple_size(ConstWorld *world, const ConstValue *args)
{
    return args[0].kind == CONST_TUPLE ? const_small(world, args[0].count) : const_fail;
}

static ConstValue bif_byte_size(ConstWorld *world, const ConstValue *args)
{
    return args[0].kind == CONST_BITS ? const_small(world, (int64_t)((args[0].bits + 7) / 8))
                                      : const_fail;
}

static ConstValue bif_bit_size(ConstWorld *world, const ConstValue *args)
{
    return args[0].kind == CONST_BITS ? const_small(world, (int64_t)args[0].bits) : const_fail;
}

static ConstValue bif_size(ConstWorld *world, const ConstValue *args)
{
    if (args[0].kind == CONST_BITS) {
        return const_small(world, (int64_t)(args[0].bits / 8));
    }
    return bif_tuple_size(world, args);
}

static ConstValue bif_map_size(ConstWorld *world, const ConstValue *args)
{
    return args[0].kind == CONST_MAP ? const_small(world, args[0].count) : const_fail;
}

static ConstValue bif_map_get(ConstWorld *world, const ConstValue *args)
{
    const ConstValue *found = args[1].kind == CONST_MAP ? const_map_get(args[1], args[0]) : NULL;
    return found != NULL ? *found : const_fail;
}

static ConstValue bif_is_map_key(ConstWorld *world, const ConstValue *args)
{
    return args[1].kind == CONST_MAP ? const_boolean(world, const_map_get(args[1], args[0]) != NULL)
                                     : const_fail;
}

static ConstValue bif_element(ConstWorld *world, const ConstValue *args)
{
    int64_t index = 0;
    bool inside = args[1].kind == CONST_TUPLE && const_to_int64(args[0], &index) && index >= 1 &&
                  index <= args[1].count;
    return inside ? args[1].items[index - 1] : const_fail;
}

static ConstValue part(ConstWorld *world, ConstValue bits, ConstValue from, ConstValue length)
{
    int64_t start = 0;
    int64_t count = 0;
    if (bits.kind != CONST_BITS || bits.bits % 8 != 0 || !const_to_int64(from, &start) ||
        !const_to_int64(length, &count)) {
        return const_fail;
    }
    int64_t size = (int64_t)(bits.bits / 8);
    if (start < 0 || start > size || count > size - start || count < -start) {
        return const_fail;
    }
    start += count < 0 ? count : 0;
    count = count < 0 ? -count : count;
    return (ConstValue){.kind = CONST_BITS, .bytes = bits.bytes + start, .bits = (size_t)count * 8};
}

static ConstValue bif_binary_part_3(ConstWorld *world, const ConstValue *args)
{
    return part(world, args[0], args[1], args[2]);
}

static ConstValue bif_binary_part_2(ConstWorld *world, const ConstValue *args)
{
    bool pair = args[1].kind == CONST_TUPLE && args[1].count == 2;
    return pair ? part(world, args[0], args[1].items[0], args[1].items[1]) : const_fail;
}

static ConstValue bif_self(ConstWorld *world, const ConstValue *args)
{
    return (ConstValue){.kind = CONST_PID};
}

static ConstValue bif_node(ConstWorld *world, const ConstValue *args)
{
    return const_atom(world, "nonode@nohost");
}

static ConstValue bif_node_1(ConstWorld *world, const ConstValue *args)
{
    return args[0].kind == CONST_PID ? bif_node(world, args) : const_fail;
}

static ConstValue bif_is_record(ConstWorld *world, const ConstValue *args)
{
    bool yes = args[0].kind == CONST_TUPLE && args[0].count > 0 &&
               args[0].items[0].kind == CONST_ATOM && args[0].items[0].atom == args[1].atom;
    return args[1].kind == CONST_ATOM ? const_boolean(world, yes) : const_fail;
}

static ConstValue bif_is_record_3(ConstWorld *world, const ConstValue *args)
{
    int64_t size = 0;
    ConstValue yes = bif_is_record(world, args);
    if (yes.kind == CONST_FAIL || !const_to_int64(args[2], &size) || size < 0) {
        return const_fail;
    }
    return const_boolean(world, const_is_atom(yes, "true") && args[0].count == size);
}

static ConstValue bif_is_function_2(ConstWorld *world, const ConstValue *args)
{
    int64_t arity = 0;
    return const_to_int64(args[1], &arity) && arity >= 0 ? const_boolean(world, false) : const_fail;
}

/* is_NAME/1. */
static ConstValue type_test(ConstWorld *world, const char *name, ConstValue a)
{
    static const struct {
        const char *name;
        unsigned kinds; /* a bit for each ConstKind */
    } rows[] = {
        {"is_atom", 1U << CONST_ATOM},
        {"is_integer", 1U << CONST_INTEGER},
        {"is_float", 1U << CONST_FLOAT},
        {"is_number", 1U << CONST_INTEGER | 1U << CONST_FLOAT},
        {"is_list", 1U << CONST_LIST},
        {"is_tuple", 1U << CONST_TUPLE},
        {"is_map", 1U << CONST_MAP},
        {"is_bitstring", 1U << CONST_BITS},
        {"is_pid", 1U << CONST_PID},
        {"is_reference", 0},
        {"is_port", 0},
        {"is_function", 0},
    };
    if (strcmp(name, "is_boolean") == 0) {
        return const_boolean(world, const_is_atom(a, "true") || const_is_atom(a, "false"));
    }
    if (strcmp(name, "is_binary") == 0) {
        return const_boolean(world, a.kind == CONST_BITS && a.bits % 8 == 0);
    }
    for (size_t i = 0; i < ACT_COUNT(rows); i++) {
        if (strcmp(rows[i].name, name) == 0) {
            return const_boolean(world, (rows[i].kinds >> a.kind & 1) != 0);
        }
    }
    return const_fail;
}

static const struct {
    const char *name;
    uint32_t arity;
    Bif *bif;
} bifs[] = {
    {"abs", 1, bif_abs},
    {"binary_part", 2, bif_binary_part_2},
    {"binary_part", 3, bif_binary_part_3},
    {"bit_size", 1, bif_bit_size},
    {"byte_size", 1, bif_byte_size},
    {"ceil", 1, bif_ceil},
    {"element", 2, bif_element},
    {"float", 1, bif_float},
    {"floor", 1, bif_floor},
    {"hd", 1, bif_hd},
    {"is_function", 2, bif_is_function_2},
    {"is_map_key", 2, bif_is_map_key},
    {"is_record", 2, bif_is_record},
    {"is_record", 3, bif_is_record_3},
    {"length", 1, bif_length},
    {"map_get", 2, bif_map_get},
    {"map_size", 1, bif_map_size},
    {"node", 0, bif_node},
    {"node", 1, bif_node_1},
    {"round", 1, bif_round},
    {"self", 0, bif_self},
    {"size", 1, bif_size},
    {"tl", 1, bif_tl},
    {"trunc", 1, bif_trunc},
    {"tuple_size", 1, bif_tuple_size},
};

ConstValue const_bif(ConstWorld *world, const char *name, const ConstValue *args, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (args[i].kind == CONST_FAIL) {
            return const_fail;
        }
    }
    for (size_t i = 0; i < ACT_COUNT(bifs); i++) {
        if (bifs[i].arity == count && strcmp(bifs[i].name, name) == 0) {
            return bifs[i].bif(world, args);
        }
    }
    return count == 1 ? type_test(world, name, args[0]) : const_fail;
}
