/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/core/desugar_binary.c: bit syntax: defaults made explicit, constant bytes made
 * constants. */
#include "compiler/core/desugar.h"
#include "vm/base/utf8.h"
#include <string.h>

typedef struct {
    uint32_t spec;
    int64_t unit; /* 0: not given */
    bool typed;   /* a type was written */
    bool binary;  /* binary or bytes: unit 8 */
} Types;

static void set_type(Types *types, uint32_t type)
{
    types->spec = (types->spec & ~(uint32_t)BC_SEG_TYPE) | type;
    types->typed = true;
}

static void add_type(Types *types, const AstBinType *type)
{
    const Name *name = type->name;
    if (name_is(name, "integer")) {
        set_type(types, BC_SEG_INTEGER);
    } else if (name_is(name, "float")) {
        set_type(types, BC_SEG_FLOAT);
    } else if (name_is(name, "binary") || name_is(name, "bytes")) {
        set_type(types, BC_SEG_BINARY);
        types->binary = true;
    } else if (name_is(name, "bitstring") || name_is(name, "bits")) {
        set_type(types, BC_SEG_BINARY);
    } else if (name_is(name, "utf8")) {
        set_type(types, BC_SEG_UTF8);
    } else if (name_is(name, "utf16")) {
        set_type(types, BC_SEG_UTF16);
    } else if (name_is(name, "utf32")) {
        set_type(types, BC_SEG_UTF32);
    } else if (name_is(name, "signed")) {
        types->spec |= BC_SEG_SIGNED;
    } else if (name_is(name, "little")) {
        types->spec |= BC_SEG_LITTLE;
    } else if (name_is(name, "native")) {
        types->spec |= BC_SEG_NATIVE;
    } else if (name_is(name, "unit") && type->value != NULL) {
        types->unit = type->value->integer.small;
    }
}

static Types types_of(const AstNode *element)
{
    Types types = {0};
    for (uint32_t i = 0; i < element->bin_element.type_count; i++) {
        add_type(&types, &element->bin_element.types[i]);
    }
    if (types.unit == 0) {
        types.unit = types.binary ? 8 : 1;
    }
    return types;
}

static bool is_utf(uint32_t spec)
{
    return (spec & BC_SEG_TYPE) >= BC_SEG_UTF8;
}

/* Spec, unit and, where there is a default, size; the size that is written is the caller's. */
static void set_shape(Desugar *b, CoreSegment *segment, Types types, bool sized, CoreLine line)
{
    segment->spec = types.spec;
    segment->unit = (uint32_t)types.unit;
    if (sized || is_utf(types.spec)) {
        return;
    }
    uint32_t type = types.spec & BC_SEG_TYPE;
    if (type == BC_SEG_BINARY) {
        segment->spec |= BC_SEG_ALL;
        return;
    }
    segment->size =
        core_literal(b->arena, line, konst_int(b->arena, type == BC_SEG_FLOAT ? 64 : 8));
}

static uint32_t element_room(AstList elements)
{
    uint32_t room = 1;
    for (uint32_t i = 0; i < elements.count; i++) {
        const AstNode *value = elements.items[i]->bin_element.value;
        room += value->kind == AST_STRING && value->string.count > 0 ? value->string.count : 1;
    }
    return room;
}

/* The bytes of segments that are constant and end on a byte; false when there is something else. */
typedef VEC(unsigned char) Bytes;

static void push_integer(Bytes *bytes, const CoreSegment *segment, int64_t value, uint32_t count)
{
    bool little = (segment->spec & (BC_SEG_LITTLE | BC_SEG_NATIVE)) != 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = little ? i : count - 1 - i;
        unsigned char byte = at >= 8 ? (value < 0 ? 0xff : 0) : (unsigned char)(value >> (8 * at));
        vec_push(bytes, byte);
    }
}

static bool push_constant(Bytes *bytes, const CoreSegment *segment, const Konst *value)
{
    uint32_t type = segment->spec & BC_SEG_TYPE;
    if (value->kind != KONST_INT) {
        return false;
    }
    if (type == BC_SEG_UTF8) {
        unsigned char text[UTF8_MAX_BYTES];
        unsigned count = value->integer < 0 || value->integer > UTF8_MAX_CODE_POINT
                             ? 0
                             : utf8_encode((uint32_t)value->integer, text);
        for (unsigned i = 0; i < count; i++) {
            vec_push(bytes, text[i]);
        }
        return count > 0;
    }
    const CoreNode *size = segment->size;
    if (type != BC_SEG_INTEGER || size == NULL || size->kind != CORE_LITERAL ||
        size->konst->kind != KONST_INT || size->konst->integer < 0 || size->konst->integer > 1024) {
        return false;
    }
    uint64_t bits = (uint64_t)size->konst->integer * segment->unit;
    if (bits % 8 != 0 || bits > 8192) {
        return false;
    }
    push_integer(bytes, segment, value->integer, (uint32_t)(bits / 8));
    return true;
}

static const Konst *binary_of(Desugar *b, const Bytes *bytes)
{
    unsigned char *copy = arena_alloc(b->arena, bytes->count + 1);
    if (bytes->count > 0) {
        memcpy(copy, bytes->items, bytes->count);
    }
    return konst_binary(b->arena, copy, bytes->count * 8);
}

static CoreNode *constant_binary(Desugar *b, CoreLine line, CoreSegments segments)
{
    Bytes bytes = {0};
    bool constant = true;
    for (uint32_t i = 0; i < segments.count && constant; i++) {
        const CoreNode *value = segments.items[i].value;
        constant =
            value->kind == CORE_LITERAL && push_constant(&bytes, &segments.items[i], value->konst);
    }
    CoreNode *node = constant ? core_literal(b->arena, line, binary_of(b, &bytes)) : NULL;
    vec_free(&bytes);
    return node;
}

/* Constant segments that stand side by side become one literal. */
static void join_constants(Desugar *b, CoreLine line, CoreSegments *segments)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < segments->count;) {
        Bytes bytes = {0};
        uint32_t end = i;
        while (end < segments->count && segments->items[end].value->kind == CORE_LITERAL &&
               push_constant(&bytes, &segments->items[end], segments->items[end].value->konst)) {
            end++;
        }
        CoreSegment *segment = &segments->items[kept++];
        *segment = segments->items[i];
        if (end > i + 1) {
            segment->value = core_literal(b->arena, line, binary_of(b, &bytes));
            segment->size = NULL;
            segment->spec = BC_SEG_BINARY | BC_SEG_ALL;
            segment->unit = 8;
        }
        i = ACT_MAX(end, i + 1);
        vec_free(&bytes);
    }
    segments->count = kept;
}

/* Erlang's number of an element in errors; characters of unknown size are told as 0. */
static uint32_t number_of(const AstNode *element, uint32_t place)
{
    const AstNode *size = element->bin_element.size;
    bool text = element->bin_element.value->kind == AST_STRING;
    return text && size != NULL && size->kind != AST_INTEGER ? 0 : place;
}

/* "":Size has no bits, but its size is evaluated and must be one: the first 0 bits of <<0:Size>>.
 */
static void push_no_bits(Desugar *b, CoreSegments *segments, CoreNode *size, uint32_t number,
                         CoreLine line)
{
    CoreNode *inner = core_new(b->arena, CORE_BINARY, line);
    inner->binary.items = ARENA_ARRAY(b->arena, CoreSegment, 1);
    inner->binary.count = 1;
    inner->binary.items[0] = (CoreSegment){0};
    inner->binary.items[0].value = core_literal(b->arena, line, konst_int(b->arena, 0));
    inner->binary.items[0].size = size;
    inner->binary.items[0].number = number;
    set_shape(b, &inner->binary.items[0], (Types){.unit = 1}, true, line);
    CoreSegment *segment = &segments->items[segments->count++];
    segment->value = inner;
    segment->size = core_literal(b->arena, line, konst_int(b->arena, 0));
    segment->number = number;
    segment->spec = BC_SEG_BINARY;
    segment->unit = 1;
}

static void push_segments(Desugar *b, CoreSegments *segments, const AstNode *element,
                          uint32_t number)
{
    const AstNode *value = element->bin_element.value;
    CoreLine line = desugar_line(b, element->span);
    Types types = types_of(element);
    uint32_t count = value->kind == AST_STRING ? value->string.count : 1;
    CoreNode *built = value->kind == AST_STRING ? NULL : desugar_expr(b, value);
    if (count == 0 &&
        (types.spec & BC_SEG_TYPE) == BC_SEG_BINARY) { /* ""/binary: a list is no binary */
        built = core_literal(b->arena, line, konst_nil(b->arena));
        count = 1;
    }
    CoreNode *size =
        element->bin_element.size == NULL ? NULL : desugar_expr(b, element->bin_element.size);
    if (count == 0 && size != NULL && element->bin_element.size->kind != AST_INTEGER) {
        push_no_bits(b, segments, size, number, line);
    }
    for (uint32_t i = 0; i < count; i++) {
        CoreSegment *segment = &segments->items[segments->count++];
        segment->value = built != NULL ? built
                                       : core_literal(b->arena, line,
                                                      konst_int(b->arena, value->string.points[i]));
        segment->size = size;
        segment->number = number;
        set_shape(b, segment, types, size != NULL, line);
    }
}

CoreNode *desugar_binary(Desugar *b, const AstNode *node)
{
    CoreLine line = desugar_line(b, node->span);
    CoreNode *binary = core_new(b->arena, CORE_BINARY, line);
    binary->binary.items = ARENA_ARRAY(b->arena, CoreSegment, element_room(node->items));
    for (uint32_t i = 0; i < node->items.count; i++) {
        push_segments(b, &binary->binary, node->items.items[i],
                      number_of(node->items.items[i], i + 1));
    }
    CoreNode *constant = constant_binary(b, line, binary->binary);
    if (constant == NULL) {
        join_constants(b, line, &binary->binary);
    }
    return constant != NULL ? constant : binary;
}

static CorePattern *literal_pattern(Desugar *b, const Konst *konst)
{
    CorePattern *pattern = core_pattern_new(b->arena, CORE_P_LITERAL);
    pattern->konst = konst;
    return pattern;
}

/* Where the patterns around a binary pattern began (mark), and where this binary did. */
typedef struct {
    bool fresh;
    uint32_t mark, start;
} BinaryScope;

/* A size sees what the same binary binds and what was bound before the whole pattern. With fresh, a
 * name may be bound again by the patterns beside the binary, which do not count. */
static CoreNode *size_expr(Desugar *b, const AstNode *size, const BinaryScope *in)
{
    bool guard = b->guard;
    b->guard = true;
    uint32_t beside = in->fresh ? in->start : in->mark;
    desugar_show(b, in->mark, beside, false);
    CoreNode *node = desugar_expr(b, size);
    desugar_show(b, in->mark, beside, true);
    b->guard = guard;
    return node;
}

/* A segment's value. A name that stands beside the binary, too, is a test; the sizes after it mean
 * it. */
static CorePattern *segment_value(Desugar *b, const AstNode *value, const BinaryScope *in)
{
    CorePattern *pattern = desugar_pattern(b, value, in->fresh, in->mark);
    if (in->fresh && value->kind == AST_VAR && pattern->kind == CORE_P_VAR) {
        uint32_t bound = desugar_bound(b, value->name);
        if (bound > in->mark && bound <= in->start) {
            desugar_bind(b, value->name, pattern->var);
        }
    }
    return pattern;
}

static void push_patterns(Desugar *b, CoreSegments *segments, const AstNode *element,
                          const BinaryScope *in)
{
    const AstNode *value = element->bin_element.value;
    CoreLine line = desugar_line(b, element->span);
    Types types = types_of(element);
    uint32_t count = value->kind == AST_STRING ? value->string.count : 1;
    CoreNode *size =
        element->bin_element.size == NULL ? NULL : size_expr(b, element->bin_element.size, in);
    for (uint32_t i = 0; i < count; i++) {
        CoreSegment *segment = &segments->items[segments->count++];
        segment->pattern = value->kind == AST_STRING
                               ? literal_pattern(b, konst_int(b->arena, value->string.points[i]))
                               : segment_value(b, value, in);
        segment->size = size;
        set_shape(b, segment, types, size != NULL, line);
        if (segment->pattern->kind == CORE_P_LITERAL &&
            (segment->spec & BC_SEG_TYPE) == BC_SEG_FLOAT &&
            segment->pattern->konst->kind == KONST_INT) {
            /* `<<0:64/float>>` as a pattern means 0.0 */
            double real = (double)segment->pattern->konst->integer;
            segment->pattern = literal_pattern(b, konst_float(b->arena, real));
        }
    }
}

/* Whether the bytes of a constant segment are what it matches: a number that does not fit its
 * segment never matches. Whole bytes hold any number below 256, no bytes at all only 0. */
static bool constant_fits(const CoreSegment *segment)
{
    if (segment->pattern->kind != CORE_P_LITERAL || segment->pattern->konst->kind != KONST_INT ||
        segment->pattern->konst->integer < 0 || (segment->spec & BC_SEG_SIGNED)) {
        return false;
    }
    int64_t value = segment->pattern->konst->integer;
    bool empty = segment->size != NULL && segment->size->kind == CORE_LITERAL &&
                 segment->size->konst->kind == KONST_INT && segment->size->konst->integer == 0;
    return (segment->spec & BC_SEG_TYPE) == BC_SEG_UTF8 || value < (empty ? 1 : 256);
}

/* The bytes, when all segments are constants. */
static const Konst *constant_pattern(Desugar *b, CoreSegments segments)
{
    Bytes bytes = {0};
    bool constant = true;
    for (uint32_t i = 0; i < segments.count && constant; i++) {
        const CoreSegment *segment = &segments.items[i];
        constant =
            constant_fits(segment) && push_constant(&bytes, segment, segment->pattern->konst);
    }
    const Konst *konst = constant ? binary_of(b, &bytes) : NULL;
    vec_free(&bytes);
    return konst;
}

static CorePattern *segments_pattern(Desugar *b, const AstNode *node, bool fresh, uint32_t mark)
{
    CorePattern *pattern = core_pattern_new(b->arena, CORE_P_BINARY);
    pattern->binary.items = ARENA_ARRAY(b->arena, CoreSegment, element_room(node->items) + 1);
    BinaryScope in = {fresh, mark, desugar_mark(b)};
    for (uint32_t i = 0; i < node->items.count; i++) {
        push_patterns(b, &pattern->binary, node->items.items[i], &in);
    }
    return pattern;
}

CorePattern *desugar_binary_prefix(Desugar *b, const AstNode *node, uint32_t mark, CoreVar rest)
{
    CorePattern *pattern = segments_pattern(b, node, true, mark);
    CoreSegment *segment = &pattern->binary.items[pattern->binary.count++];
    segment->spec = BC_SEG_BINARY | BC_SEG_ALL;
    segment->unit = 1;
    segment->pattern = core_pattern_new(b->arena, CORE_P_VAR);
    segment->pattern->var = rest;
    return pattern;
}

CorePattern *desugar_binary_pattern(Desugar *b, const AstNode *node, bool fresh, uint32_t mark)
{
    CorePattern *pattern = segments_pattern(b, node, fresh, mark);
    const Konst *constant = constant_pattern(b, pattern->binary);
    return constant != NULL ? literal_pattern(b, constant) : pattern;
}
