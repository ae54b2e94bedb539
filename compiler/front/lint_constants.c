/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/front/lint_constants.c: operations, calls, binaries and patterns of constants that must
 * fail or cannot match. Erlang's later passes say these things; they also follow constants through
 * variables and calls, here only what the text itself shows is reported. */
#include "compiler/front/const_value.h"
#include "compiler/front/lint_state.h"
#include <string.h>

static const char *operator_text(Lint *l, AstOp op, unsigned arity)
{
    return arena_printf(&l->arena, "evaluation of operator '%s'/%u", ast_op_text(op), arity);
}

static ConstWorld new_world(Lint *l)
{
    return (ConstWorld){.arena = &l->arena, .names = &l->cx->names};
}

/* Terms that are written out: their values are known. */
static bool is_constant(const AstNode *node)
{
    switch (node->kind) {
    case AST_ATOM:
    case AST_INTEGER:
    case AST_FLOAT:
    case AST_CHAR:
    case AST_STRING:
        return true;
    case AST_TUPLE:
        for (uint32_t i = 0; i < node->items.count; i++) {
            if (!is_constant(node->items.items[i])) {
                return false;
            }
        }
        return true;
    case AST_LIST:
        for (uint32_t i = 0; i < node->list.items.count; i++) {
            if (!is_constant(node->list.items.items[i])) {
                return false;
            }
        }
        return node->list.tail == NULL || is_constant(node->list.tail);
    case AST_UNARY:
        return node->unary.op == AST_OP_MINUS && is_constant(node->unary.operand);
    case AST_BINARY:
        return node->binary.op <= AST_OP_BSR && is_constant(node->binary.left) &&
               is_constant(node->binary.right);
    default:
        return false;
    }
}

static bool is_proper_list(ConstValue value)
{
    return value.kind == CONST_LIST && value.tail == NULL;
}

/* The reason of the exception that the operation raises, NULL for none. */
static const char *operation_reason(ConstWorld *world, AstOp op, ConstValue a, ConstValue b)
{
    switch (op) {
    case AST_OP_SEND:
    case AST_OP_ANDALSO:
    case AST_OP_ORELSE:
        return NULL;
    case AST_OP_APPEND:
        return is_proper_list(a) ? NULL : "badarg";
    case AST_OP_SUBTRACT:
        return is_proper_list(a) && is_proper_list(b) ? NULL : "badarg";
    case AST_OP_AND:
    case AST_OP_OR:
    case AST_OP_XOR:
        return const_binary(world, op, a, b).kind == CONST_FAIL ? "badarg" : NULL;
    default:
        break;
    }
    if (const_binary(world, op, a, b).kind != CONST_FAIL) {
        return NULL;
    }
    bool whole = a.kind == CONST_INTEGER && b.kind == CONST_INTEGER;
    return whole && (op == AST_OP_BSL || op == AST_OP_BSR || op == AST_OP_TIMES) ? "system_limit"
                                                                                 : "badarith";
}

static void check_binary(Lint *l, const AstNode *node)
{
    if (!is_constant(node->binary.left) || !is_constant(node->binary.right)) {
        return;
    }
    ConstWorld world = new_world(l);
    ConstValue a = const_eval(&world, node->binary.left);
    ConstValue b = const_eval(&world, node->binary.right);
    const char *reason = a.kind == CONST_FAIL || b.kind == CONST_FAIL
                             ? NULL /* told of the operand */
                             : operation_reason(&world, node->binary.op, a, b);
    if (reason != NULL) {
        diag_report(l->diags, DIAG_W0107, node->span, operator_text(l, node->binary.op, 2), reason);
    }
    const_world_end(&world);
}

static void check_unary(Lint *l, const AstNode *node)
{
    if (!is_constant(node->unary.operand)) {
        return;
    }
    ConstWorld world = new_world(l);
    ConstValue a = const_eval(&world, node->unary.operand);
    if (a.kind != CONST_FAIL && const_unary(&world, node->unary.op, a).kind == CONST_FAIL) {
        diag_report(l->diags, DIAG_W0107, node->span, operator_text(l, node->unary.op, 1),
                    node->unary.op == AST_OP_NOT ? "badarg" : "badarith");
    }
    const_world_end(&world);
}

/* Functions that no guard may call, whose failure a look at their only argument shows. */
static bool conversion_fails(const Name *name, ConstValue arg)
{
    if (name_is(name, "list_to_atom") || name_is(name, "list_to_tuple")) {
        return arg.kind != CONST_LIST;
    }
    return name_is(name, "atom_to_list") && arg.kind != CONST_ATOM;
}

static void check_call(Lint *l, const AstNode *node)
{
    const AstNode *target = node->call.target;
    AstList args = node->call.args;
    bool remote = target->kind == AST_REMOTE && target->pair.left->kind == AST_ATOM &&
                  name_is(target->pair.left->name, "erlang") &&
                  target->pair.right->kind == AST_ATOM;
    const AstNode *atom = remote ? target->pair.right : target;
    if (atom->kind != AST_ATOM || args.count == 0 || args.count > 3) {
        return;
    }
    const Name *name = atom->name;
    unsigned flags = lint_bif(name, args.count);
    bool ours = !remote && (lint_is_local(l, name, args.count) || !(flags & BIF_AUTO) ||
                            lint_find(&l->imports, name, args.count) != NULL ||
                            lint_is_auto_import_off(l, name, args.count));
    if (ours || flags == 0 || name_is(name, "map_size") || name_is(name, "map_get") ||
        name_is(name, "is_map_key") || name_is(name, "node")) {
        return;
    }
    ConstWorld world = new_world(l);
    ConstValue values[3];
    bool known = true;
    for (uint32_t i = 0; i < args.count; i++) {
        values[i] = is_constant(args.items[i]) ? const_eval(&world, args.items[i]) : const_fail;
        known = known && values[i].kind != CONST_FAIL;
    }
    bool fails =
        known &&
        ((flags & BIF_GUARD) ? const_bif(&world, name->text, values, args.count).kind == CONST_FAIL
                             : args.count == 1 && conversion_fails(name, values[0]));
    if (fails) {
        diag_report(l->diags, DIAG_W0107, node->span,
                    arena_printf(&l->arena, "the call to %s/%u", name->text, args.count), "badarg");
    }
    const_world_end(&world);
}

static void check_map(Lint *l, const AstNode *node)
{
    if (node->map.base != NULL && is_constant(node->map.base)) {
        diag_report(l->diags, DIAG_W0107, node->span, "the update of a map", "badmap");
    }
}

/* ---- segments ---- */

typedef struct {
    char type; /* i, f, b, u */
    bool is_signed;
    int64_t unit;
} Segment;

static Segment read_segment(const AstNode *element)
{
    Segment segment = {'i', false, 0};
    for (uint32_t i = 0; i < element->bin_element.type_count; i++) {
        const AstBinType *row = &element->bin_element.types[i];
        const char *name = row->name->text;
        if (row->value != NULL) {
            segment.unit = row->value->integer.small;
        } else if (strcmp(name, "float") == 0) {
            segment.type = 'f';
        } else if (strncmp(name, "utf", 3) == 0) {
            segment.type = 'u';
        } else if (strcmp(name, "binary") == 0 || strcmp(name, "bytes") == 0 ||
                   strcmp(name, "bitstring") == 0 || strcmp(name, "bits") == 0) {
            segment.type = 'b';
        } else if (strcmp(name, "signed") == 0) {
            segment.is_signed = true;
        }
    }
    return segment;
}

static bool is_code_point(ConstValue value)
{
    int64_t point = 0;
    return const_to_int64(value, &point) && point >= 0 && point <= 0x10FFFF &&
           (point < 0xD800 || point > 0xDFFF);
}

/* Why a segment of this type cannot be made of the value; NULL if it can. */
static const char *construction_problem(const Segment *segment, ConstValue value, bool string)
{
    bool number = value.kind == CONST_INTEGER;
    if (string) {
        return segment->type == 'b' ? "its value has another type" : NULL;
    }
    if (segment->type == 'u' && number && !is_code_point(value)) {
        return "its value is no Unicode code point";
    }
    bool good = segment->type == 'f'   ? const_is_number(value)
                : segment->type == 'b' ? false
                                       : number;
    return good ? NULL : "its value has another type";
}

static void check_segment(Lint *l, ConstWorld *world, const AstNode *element)
{
    const AstNode *value = element->bin_element.value;
    const AstNode *size = element->bin_element.size;
    Segment segment = read_segment(element);
    const char *problem = NULL;
    if (size != NULL && is_constant(size) &&
        !(size->kind == AST_ATOM && name_is(size->name, "all"))) {
        ConstValue count = const_eval(world, size);
        bool negative = count.kind == CONST_INTEGER && mpz_sgn(count.integer) < 0;
        problem = count.kind != CONST_INTEGER ? "its size is no number"
                  : negative                  ? "its size is negative"
                                              : NULL;
    }
    if (problem == NULL && is_constant(value)) {
        ConstValue known = const_eval(world, value);
        problem = known.kind == CONST_FAIL
                      ? NULL
                      : construction_problem(&segment, known, value->kind == AST_STRING);
    }
    if (problem != NULL) {
        diag_report(l->diags, DIAG_W0109, element->span, problem);
    }
}

void lint_constant_bin(Lint *l, const AstNode *bin)
{
    if (!l->options.failed || l->in_guard) {
        return;
    }
    ConstWorld world = new_world(l);
    for (uint32_t i = 0; i < bin->items.count; i++) {
        if (bin->items.items[i]->kind == AST_BIN_ELEMENT) {
            check_segment(l, &world, bin->items.items[i]);
        }
    }
    const_world_end(&world);
}

/* Whether a whole number can be read from so many bits. */
static bool fits(const Segment *segment, ConstValue value, int64_t bits)
{
    mpz_ptr number = value.integer;
    if (!segment->is_signed) {
        return mpz_sgn(number) >= 0 &&
               (mpz_sgn(number) == 0 || mpz_sizeinbase(number, 2) <= (size_t)bits);
    }
    if (mpz_sgn(number) == 0) {
        return true;
    }
    mpz_t least;
    mpz_init(least);
    mpz_com(least, number); /* -1 - number: a negative one needs as many bits as this */
    size_t needed = mpz_sgn(number) > 0   ? mpz_sizeinbase(number, 2) + 1
                    : mpz_sgn(least) == 0 ? 1
                                          : mpz_sizeinbase(least, 2) + 1;
    mpz_clear(least);
    return bits > 0 && needed <= (size_t)bits;
}

/* Why nothing read from the segment is the value; NULL if something may be. */
static const char *pattern_problem(const Segment *segment, ConstValue value, const int64_t *bits)
{
    if (segment->type == 'f') {
        return value.kind == CONST_FLOAT || value.kind == CONST_INTEGER ? NULL
                                                                        : "its value is no float";
    }
    if (segment->type == 'b') {
        return "its value is no binary";
    }
    if (value.kind != CONST_INTEGER) {
        return "its value is no whole number";
    }
    int64_t point = 0;
    if (segment->type == 'u') {
        bool good = const_to_int64(value, &point) && point >= 0 && point <= 0x10FFFF;
        return good ? NULL : "its value is no Unicode code point";
    }
    if (bits == NULL) {
        return !segment->is_signed && mpz_sgn(value.integer) < 0 ? "its value is negative" : NULL;
    }
    return fits(segment, value, *bits) ? NULL : "its value does not fit into its size";
}

static bool pattern_element(Lint *l, ConstWorld *world, const AstNode *element)
{
    const AstNode *value = element->bin_element.value;
    const AstNode *size = element->bin_element.size;
    Segment segment = read_segment(element);
    int64_t bits = 8;
    bool known = size == NULL;
    const char *problem = NULL;
    if (size != NULL && is_constant(size)) {
        ConstValue count = const_eval(world, size);
        known = const_to_int64(count, &bits) && bits >= 0 && bits < (1 << 30);
        bits *= known && segment.unit > 0 ? segment.unit : 1;
        bool negative = count.kind == CONST_INTEGER && mpz_sgn(count.integer) < 0;
        problem = count.kind != CONST_INTEGER || negative ? "its size is no valid one" : NULL;
    }
    if (problem == NULL && value->kind != AST_STRING && is_constant(value)) {
        ConstValue constant = const_eval(world, value);
        problem = constant.kind == CONST_FAIL
                      ? NULL
                      : pattern_problem(&segment, constant, known ? &bits : NULL);
    }
    if (problem != NULL) {
        diag_report(l->diags, DIAG_W0110, element->span, problem);
    }
    return problem == NULL;
}

void lint_constant_bin_pattern(Lint *l, const AstNode *bin)
{
    ConstWorld world = new_world(l);
    bool go_on = l->options.nomatch;
    for (uint32_t i = 0; i < bin->items.count && go_on; i++) {
        if (bin->items.items[i]->kind == AST_BIN_ELEMENT) {
            go_on = pattern_element(l, &world, bin->items.items[i]);
        }
    }
    const_world_end(&world);
}

void lint_useless_operation(Lint *l, const AstNode *node)
{
    if (!l->options.failed || l->in_guard) {
        return;
    }
    switch (node->kind) {
    case AST_BINARY:
        check_binary(l, node);
        break;
    case AST_UNARY:
        check_unary(l, node);
        break;
    case AST_CALL:
        check_call(l, node);
        break;
    case AST_MAP:
        check_map(l, node);
        break;
    default:
        break;
    }
}
