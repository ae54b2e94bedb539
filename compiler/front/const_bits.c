/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/front/const_bits.c: binaries of constant segments; see const_value.h. */
#include "compiler/front/const_value.h"
#include "vm/base/utf8.h"
#include <string.h>

/* Sizes beyond are as good as Erlang's system_limit. */
enum { MOST_BITS = 1 << 26 };

typedef struct {
    const char *type;
    int64_t unit; /* 0: not written */
    bool little;
} Segment;

static Segment read_types(const AstNode *element)
{
    Segment segment = {"integer", 0, false};
    for (uint32_t i = 0; i < element->bin_element.type_count; i++) {
        const AstBinType *type = &element->bin_element.types[i];
        const char *name = type->name->text;
        if (type->value != NULL) {
            segment.unit = type->value->integer.small;
        } else if (strcmp(name, "little") == 0 || strcmp(name, "native") == 0) {
            segment.little = true;
        } else if (strcmp(name, "bitstring") == 0 || strcmp(name, "bits") == 0) {
            segment.type = "binary";
            segment.unit = 1;
        } else if (strcmp(name, "bytes") == 0) {
            segment.type = "binary";
        } else if (strcmp(name, "signed") != 0 && strcmp(name, "unsigned") != 0 &&
                   strcmp(name, "big") != 0) {
            segment.type = name;
        }
    }
    return segment;
}

static void add_bit(ConstBits *bits, bool bit)
{
    if (bits->bits % 8 == 0) {
        unsigned char zero = 0;
        vec_push(&bits->bytes, zero);
    }
    bits->bytes.items[bits->bits / 8] |= (unsigned char)(bit << (7 - bits->bits % 8));
    bits->bits++;
}

/* The lowest `count` bits of a number, the last ones first by bytes if little. */
static void add_integer(ConstBits *bits, mpz_srcptr number, size_t count, bool little)
{
    for (size_t i = 0; i < count; i++) {
        size_t at = count - 1 - i;
        if (little) {
            size_t in_byte = count - i / 8 * 8 < 8 ? count % 8 : 8;
            at = i / 8 * 8 + in_byte - 1 - i % 8;
        }
        add_bit(bits, mpz_tstbit(number, at) != 0);
    }
}

static bool add_float(ConstBits *bits, ConstValue value, size_t count, bool little)
{
    double number = 0;
    uint64_t image = 0;
    if (!const_is_number(value) || !const_to_double(value, &number)) {
        return false;
    }
    if (count == 64) {
        memcpy(&image, &number, sizeof image);
    } else if (count == 32) {
        float single = (float)number;
        uint32_t half = 0;
        memcpy(&half, &single, sizeof half);
        image = half;
    } else {
        return false; /* 16 bits too: nobody tests that while compiling */
    }
    ConstValue whole = const_integer(bits->world);
    mpz_import(whole.integer, 1, 1, sizeof image, 0, 0, &image);
    add_integer(bits, whole.integer, count, little);
    return true;
}

static bool add_code_point(ConstBits *bits, ConstValue value, const char *type, bool little)
{
    int64_t point = 0;
    unsigned char bytes[UTF8_MAX_BYTES];
    if (!const_to_int64(value, &point) || !utf8_is_code_point((uint64_t)point)) {
        return false;
    }
    ConstValue unit = const_integer(bits->world);
    if (strcmp(type, "utf8") == 0) {
        unsigned count = utf8_encode((uint32_t)point, bytes);
        for (unsigned i = 0; i < count; i++) {
            mpz_set_ui(unit.integer, bytes[i]);
            add_integer(bits, unit.integer, 8, false);
        }
        return true;
    }
    if (strcmp(type, "utf16") == 0 && point >= 0x10000) {
        mpz_set_ui(unit.integer, 0xD800 + (unsigned long)((point - 0x10000) >> 10));
        add_integer(bits, unit.integer, 16, little);
        point = 0xDC00 + ((point - 0x10000) & 0x3FF);
    }
    mpz_set_ui(unit.integer, (unsigned long)point);
    add_integer(bits, unit.integer, strcmp(type, "utf16") == 0 ? 16 : 32, little);
    return true;
}

static bool add_one(ConstBits *bits, const Segment *segment, ConstValue value,
                    const ConstValue *size)
{
    int64_t count = 0;
    int64_t unit = segment->unit;
    if (segment->type[0] == 'u') {
        return add_code_point(bits, value, segment->type, segment->little);
    }
    if (size != NULL && (!const_to_int64(*size, &count) || count < 0 || count > MOST_BITS)) {
        return false;
    }
    if (segment->type[0] == 'b') {
        unit = unit == 0 ? 8 : unit;
        if (value.kind != CONST_BITS || (size == NULL && value.bits % (size_t)unit != 0) ||
            (size != NULL && (size_t)(count * unit) > value.bits)) {
            return false;
        }
        size_t all = size == NULL ? value.bits : (size_t)(count * unit);
        for (size_t i = 0; i < all; i++) {
            add_bit(bits, value.bytes[i / 8] >> (7 - i % 8) & 1);
        }
        return true;
    }
    unit = unit == 0 ? 1 : unit;
    if (segment->type[0] == 'f') {
        return add_float(bits, value, size == NULL ? 64 : (size_t)(count * unit), segment->little);
    }
    if (value.kind != CONST_INTEGER) {
        return false;
    }
    add_integer(bits, value.integer, size == NULL ? 8 : (size_t)(count * unit), segment->little);
    return true;
}

bool const_bits_add(ConstBits *bits, const AstNode *element, ConstValue value,
                    const ConstValue *size)
{
    Segment segment = read_types(element);
    if (element->bin_element.value->kind != AST_STRING) {
        return add_one(bits, &segment, value, size);
    }
    for (uint32_t i = 0; i < value.count; i++) {
        if (!add_one(bits, &segment, value.items[i], size)) {
            return false;
        }
    }
    return true;
}

ConstValue const_bits_end(ConstBits *bits)
{
    unsigned char *bytes = arena_alloc(bits->world->arena, bits->bytes.count + 1);
    if (bits->bytes.count > 0) {
        memcpy(bytes, bits->bytes.items, bits->bytes.count);
    }
    vec_free(&bits->bytes);
    return (ConstValue){.kind = CONST_BITS, .bytes = bytes, .bits = bits->bits};
}
