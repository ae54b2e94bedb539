/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/core/desugar_call.c: what a call calls: a function of this module, an import, a built-in
 * that guards may use, another module's function, a fun. */
#include "compiler/core/desugar.h"
#include "compiler/ssa/ssa.h"
#include <string.h>

typedef struct {
    const char *name;
    uint32_t arity;
} NameArity;

static const NameArity auto_imports[] = {
#define AUTO_IMPORT(name, arity) {#name, arity},
#include "compiler/core/auto_import.def"
#undef AUTO_IMPORT
};

static bool is_auto_import(const Name *name, uint32_t arity)
{
    size_t low = 0;
    size_t high = ACT_COUNT(auto_imports);
    while (low < high) {
        size_t mid = (low + high) / 2;
        int order = strcmp(name->text, auto_imports[mid].name);
        if (order == 0) {
            order = (int)arity - (int)auto_imports[mid].arity;
        }
        if (order == 0) {
            return true;
        }
        if (order < 0) {
            high = mid;
        } else {
            low = mid + 1;
        }
    }
    return false;
}

typedef struct {
    const char *name;
    BcOpcode test;
} TypeTest;

static const TypeTest type_tests[] = {
    {"is_atom", BC_is_atom},
    {"is_binary", BC_is_binary},
    {"is_bitstring", BC_is_bitstring},
    {"is_boolean", BC_is_boolean},
    {"is_float", BC_is_float},
    {"is_function", BC_is_function},
    {"is_integer", BC_is_integer},
    {"is_list", BC_is_list},
    {"is_map", BC_is_map},
    {"is_number", BC_is_number},
    {"is_pid", BC_is_pid},
    {"is_port", BC_is_port},
    {"is_reference", BC_is_reference},
    {"is_tuple", BC_is_tuple},
};

/* Built-ins that neither yield nor call: an instruction of their own. */
static const NameArity bifs[] = {
    {"abs", 1},        {"bit_size", 1},    {"byte_size", 1},   {"ceil", 1},
    {"element", 2},    {"float", 1},       {"floor", 1},       {"hd", 1},
    {"map_get", 2},    {"map_size", 1},    {"max", 2},         {"min", 2},
    {"node", 0},       {"node", 1},        {"round", 1},       {"self", 0},
    {"size", 1},       {"tl", 1},          {"trunc", 1},       {"tuple_size", 1},
    {"is_map_key", 2}, {"binary_part", 2}, {"binary_part", 3}, {"is_function", 2},
    {"is_record", 2},  {"is_record", 3},
};

static int find_type_test(const Name *name, uint32_t arity)
{
    for (size_t i = 0; arity == 1 && i < ACT_COUNT(type_tests); i++) {
        if (name_is(name, type_tests[i].name)) {
            return type_tests[i].test;
        }
    }
    return -1;
}

static bool is_bif(const Desugar *b, const Name *name, uint32_t arity)
{
    if (b->guard && arity == 1 && name_is(name, "length")) {
        return true;
    }
    for (size_t i = 0; i < ACT_COUNT(bifs); i++) {
        if (bifs[i].arity == arity && name_is(name, bifs[i].name)) {
            return true;
        }
    }
    return false;
}

/* is_record with a record's name, or a name and a size, that are known now; else NULL. */
static CoreNode *record_test(Desugar *b, CoreLine line, CoreList args, const AstNode *node)
{
    const CoreNode *tag = args.items[1];
    if (tag->kind != CORE_LITERAL || tag->konst->kind != KONST_ATOM) {
        return NULL;
    }
    if (args.count == 3) {
        const CoreNode *size = args.items[2];
        bool known = size->kind == CORE_LITERAL && size->konst->kind == KONST_INT &&
                     size->konst->integer > 0 && size->konst->integer < 1 << 24;
        return known ? desugar_record_test(b, line, args.items[0], tag->konst,
                                           (uint32_t)size->konst->integer)
                     : NULL;
    }
    if (node == NULL) {
        return NULL;
    }
    const AstNode *name = node->call.args.items[1];
    const Record *record = name->kind == AST_ATOM ? desugar_record_find(b, name) : NULL;
    return record == NULL
               ? NULL
               : desugar_record_test(b, line, args.items[0], tag->konst, record->fields.count + 1);
}

static CoreNode *bif_call(Desugar *b, CoreLine line, const Name *name, CoreList args)
{
    CoreNode *bif = desugar_call_erlang(b, line, name->text, args);
    bif->kind = CORE_BIF;
    return bif;
}

static CoreNode *call_items(Desugar *b, CoreKind kind, CoreLine line, CoreNode *first,
                            CoreNode *second, CoreList rest)
{
    uint32_t heads = second == NULL ? 1 : 2;
    CoreNode *call = core_new(b->arena, kind, line);
    CoreList args = core_list_new(b->arena, rest.count + heads);
    args.items[0] = first;
    if (second != NULL) {
        args.items[1] = second;
    }
    if (rest.count > 0) {
        memcpy(args.items + heads, rest.items, rest.count * sizeof(CoreNode *));
    }
    call->call.args = args;
    return call;
}

/* True for a list written out in full. */
static bool is_full_list(const AstNode *list)
{
    return list->kind == AST_LIST && list->list.tail == NULL;
}

/* Some functions of module maps are built-ins under other names, and stand so in stack traces. */
static const char *bif_of_maps(const Konst *module, const Konst *function, uint32_t arity)
{
    if (strcmp(module->text, "maps") != 0) {
        return NULL;
    }
    if (arity == 1) {
        return strcmp(function->text, "size") == 0 ? "map_size" : NULL;
    }
    if (arity != 2) {
        return NULL;
    }
    return strcmp(function->text, "get") == 0      ? "map_get"
           : strcmp(function->text, "is_key") == 0 ? "is_map_key"
                                                   : NULL;
}

static CoreNode *call_remote(Desugar *b, CoreLine line, CoreNode *module, CoreNode *function,
                             CoreList args)
{
    if (module->kind == CORE_LITERAL && module->konst->kind == KONST_ATOM &&
        function->kind == CORE_LITERAL && function->konst->kind == KONST_ATOM) {
        const char *bif = bif_of_maps(module->konst, function->konst, args.count);
        if (bif != NULL) {
            return bif_call(b, line, name_intern_text(b->names, bif), args);
        }
        CoreNode *call = core_new(b->arena, CORE_CALL_EXT, line);
        call->call.import.module = module->konst;
        call->call.import.name = function->konst;
        call->call.import.arity = args.count;
        call->call.args = args;
        return call;
    }
    return call_items(b, CORE_APPLY, line, module, function, args);
}

/* apply(F, [A...]) and apply(M, F, [A...]) with the list written out are plain calls. */
static CoreNode *apply_call(Desugar *b, CoreLine line, const Name *name, const AstNode *node)
{
    uint32_t count = node->call.args.count;
    if (!name_is(name, "apply") || (count != 2 && count != 3) ||
        !is_full_list(node->call.args.items[count - 1])) {
        return NULL;
    }
    CoreNode *first = desugar_expr(b, node->call.args.items[0]);
    CoreNode *second = count == 3 ? desugar_expr(b, node->call.args.items[1]) : NULL;
    CoreList args = desugar_exprs(b, node->call.args.items[count - 1]->list.items);
    if (count == 3) {
        return call_remote(b, line, first, second, args);
    }
    return call_items(b, CORE_CALL_FUN, line, first, NULL, args);
}

/* erlang:name of these arguments; node is the call, if one is written. */
static CoreNode *call_of_erlang_with(Desugar *b, CoreLine line, const AstNode *node,
                                     const Name *name, CoreList args)
{
    int test = find_type_test(name, args.count);
    if (test >= 0) {
        CoreNode *type = core_new(b->arena, CORE_TYPE_TEST, line);
        type->op.op = (uint32_t)test;
        type->op.args[0] = args.items[0];
        type->op.count = 1;
        return type;
    }
    if (name_is(name, "is_record") && (args.count == 2 || args.count == 3)) {
        CoreNode *record = record_test(b, line, args, node);
        if (record != NULL) {
            return record;
        }
    }
    if (is_bif(b, name, args.count)) {
        return bif_call(b, line, name, args);
    }
    AstOp op = b->guard ? ast_op_find(name->text, args.count) : AST_OP__COUNT;
    if (op != AST_OP__COUNT && op != AST_OP_SEND && op != AST_OP_APPEND && op != AST_OP_SUBTRACT &&
        op != AST_OP_ANDALSO && op != AST_OP_ORELSE) {
        return desugar_op(b, op, line, args.items[0], args.count == 2 ? args.items[1] : NULL);
    }
    return desugar_call_erlang(b, line, name->text, args);
}

/* A call of erlang:name, written with or without the module. */
static CoreNode *call_of_erlang(Desugar *b, CoreLine line, const AstNode *node, const Name *name)
{
    CoreNode *apply = apply_call(b, line, name, node);
    return apply != NULL
               ? apply
               : call_of_erlang_with(b, line, node, name, desugar_exprs(b, node->call.args));
}

static CoreNode *call_local(Desugar *b, CoreLine line, const AstNode *node)
{
    const Name *name = node->call.target->name;
    uint32_t arity = node->call.args.count;
    const Known *known = desugar_find(b, name, arity);
    if (known != NULL && known->module != NULL) {
        if (name_is(known->module, "erlang")) {
            return call_of_erlang(b, line, node, name);
        }
        CoreNode *module = core_literal(b->arena, line, desugar_atom(b, known->module));
        CoreNode *function = core_literal(b->arena, line, desugar_atom(b, name));
        return call_remote(b, line, module, function, desugar_exprs(b, node->call.args));
    }
    if (known != NULL) {
        CoreNode *call = core_new(b->arena, CORE_CALL, line);
        call->call.callee = known->function;
        call->call.args = desugar_exprs(b, node->call.args);
        return call;
    }
    if (name_is(name, "record_info") && arity == 2) {
        CoreNode *info = desugar_record_info(b, node);
        if (info != NULL) {
            return info;
        }
    }
    if (is_auto_import(name, arity) || name_is(name, "is_record")) {
        return call_of_erlang(b, line, node, name);
    }
    if (name_is(name, "module_info") && arity <= 1) {
        CoreNode *module = core_literal(b->arena, line, b->module->name);
        CoreNode *function = core_literal(b->arena, line, desugar_atom(b, name));
        return call_remote(b, line, module, function, desugar_exprs(b, node->call.args));
    }
    return desugar_error(b, node->span, "function %s/%u is undefined", name->text, arity);
}

CoreNode *desugar_call(Desugar *b, const AstNode *node)
{
    CoreLine line = desugar_line(b, node->span);
    const AstNode *target = node->call.target;
    if (target->kind == AST_ATOM) {
        return call_local(b, line, node);
    }
    if (target->kind == AST_REMOTE) {
        const AstNode *left = target->pair.left;
        const AstNode *right = target->pair.right;
        if (left->kind == AST_ATOM && name_is(left->name, "erlang") && right->kind == AST_ATOM) {
            return call_of_erlang(b, line, node, right->name);
        }
        CoreNode *module = desugar_expr(b, left);
        CoreNode *function = desugar_expr(b, right);
        return call_remote(b, line, module, function, desugar_exprs(b, node->call.args));
    }
    const AstNode *hidden = desugar_fun_hidden(b, target, node->call.args.count);
    if (hidden != NULL) {
        return desugar_fun_inline(b, target, hidden, line, node->call.args);
    }
    CoreNode *fun = desugar_expr(b, target);
    desugar_operands_from_here(b);
    CoreList args = desugar_exprs(b, node->call.args);
    if (fun->kind == CORE_LITERAL && fun->konst->kind == KONST_FUN &&
        fun->konst->fun.arity == args.count &&
        strcmp(fun->konst->fun.module->text, "erlang") == 0) {
        const Name *name = name_intern_text(b->names, fun->konst->fun.name->text);
        return call_of_erlang_with(b, line, NULL, name, args); /* (fun erlang:element/2)(1, T) */
    }
    return call_items(b, CORE_CALL_FUN, line, fun, NULL, args);
}

/* fun hd/1, fun module_info/0: a fun of its own that makes the call, not fun erlang:hd/1. */
static CoreNode *fun_of_bif(Desugar *b, const AstNode *node, const Name *name, uint32_t arity)
{
    CoreLine line = desugar_line(b, node->span);
    Scope *scope = desugar_scope_enter(b, desugar_fun_name(b, node, arity), arity, line);
    CoreList args = core_list_new(b->arena, arity);
    for (uint32_t i = 0; i < arity; i++) {
        args.items[i] = desugar_use(b, line, scope->function->params[i]);
    }
    scope->function->is_lambda = true;
    if (is_auto_import(name, arity)) {
        scope->function->body = call_of_erlang_with(b, line, NULL, name, args);
    } else {
        CoreNode *module = core_literal(b->arena, line, b->module->name);
        CoreNode *function = core_literal(b->arena, line, desugar_atom(b, name));
        scope->function->body = call_remote(b, line, module, function, args);
    }
    desugar_scope_leave(b);
    return desugar_fun_of(b, node, scope->index, arity);
}

/* fun f/1: a closure without free values over a function of this module. */
CoreNode *desugar_fun_local(Desugar *b, const AstNode *node)
{
    CoreLine line = desugar_line(b, node->span);
    const Name *name = node->name_arity.name->name;
    uint32_t arity = node->name_arity.arity;
    const Known *known = desugar_find(b, name, arity);
    if (known != NULL && known->module == NULL) {
        return desugar_fun_of(b, node, known->function, arity);
    }
    if (known == NULL) {
        return is_auto_import(name, arity) || name_is(name, "module_info")
                   ? fun_of_bif(b, node, name, arity)
                   : desugar_error(b, node->span, "function %s/%u is undefined", name->text, arity);
    }
    const Konst *module = desugar_atom(b, known->module);
    return core_literal(b->arena, line, konst_fun(b->arena, module, desugar_atom(b, name), arity));
}

CoreNode *desugar_fun_remote(Desugar *b, const AstNode *node)
{
    CoreLine line = desugar_line(b, node->span);
    CoreList args = core_list_new(b->arena, 3);
    args.items[0] = desugar_expr(b, node->fun_remote.module);
    args.items[1] = desugar_expr(b, node->fun_remote.function);
    args.items[2] = desugar_expr(b, node->fun_remote.arity);
    const CoreNode *const *part = (const CoreNode *const *)args.items;
    if (part[0]->kind == CORE_LITERAL && part[0]->konst->kind == KONST_ATOM &&
        part[1]->kind == CORE_LITERAL && part[1]->konst->kind == KONST_ATOM &&
        part[2]->kind == CORE_LITERAL && part[2]->konst->kind == KONST_INT &&
        part[2]->konst->integer >= 0 && part[2]->konst->integer <= BC_MAX_ARITY) {
        const Konst *fun =
            konst_fun(b->arena, part[0]->konst, part[1]->konst, (uint32_t)part[2]->konst->integer);
        return core_literal(b->arena, line, fun);
    }
    return desugar_call_erlang(b, line, "make_fun", args);
}

static bool all_guards(Desugar *b, AstList list)
{
    for (uint32_t i = 0; i < list.count; i++) {
        if (!desugar_is_guard(b, list.items[i])) {
            return false;
        }
    }
    return true;
}

static bool is_guard_call(Desugar *b, const AstNode *node)
{
    const AstNode *target = node->call.target;
    uint32_t arity = node->call.args.count;
    const Name *name = NULL;
    if (target->kind == AST_ATOM && desugar_find(b, target->name, arity) == NULL) {
        name = target->name;
        if (name_is(name, "record_info") && arity == 2) {
            return true; /* a constant */
        }
    } else if (target->kind == AST_REMOTE && target->pair.left->kind == AST_ATOM &&
               target->pair.right->kind == AST_ATOM && name_is(target->pair.left->name, "erlang")) {
        name = target->pair.right->name;
    }
    if (name == NULL || name_is(name, "max") || name_is(name, "min")) {
        return false;
    }
    bool known = find_type_test(name, arity) >= 0 || is_bif(b, name, arity) ||
                 (arity == 1 && name_is(name, "length"));
    if (!known && target->kind == AST_REMOTE) {
        AstOp op = ast_op_find(name->text, arity);
        known = op != AST_OP__COUNT && op != AST_OP_SEND && op != AST_OP_APPEND &&
                op != AST_OP_SUBTRACT && op != AST_OP_ANDALSO && op != AST_OP_ORELSE;
    }
    return known && all_guards(b, node->call.args);
}

static bool fields_are_guards(Desugar *b, AstList fields)
{
    for (uint32_t i = 0; i < fields.count; i++) {
        const AstNode *field = fields.items[i];
        if (!desugar_is_guard(b, field->pair.left) || !desugar_is_guard(b, field->pair.right)) {
            return false;
        }
    }
    return true;
}

static bool segments_are_guards(Desugar *b, AstList segments)
{
    for (uint32_t i = 0; i < segments.count; i++) {
        const AstNode *segment = segments.items[i];
        if (!desugar_is_guard(b, segment->bin_element.value) ||
            (segment->bin_element.size != NULL &&
             !desugar_is_guard(b, segment->bin_element.size))) {
            return false;
        }
    }
    return true;
}

bool desugar_is_guard(Desugar *b, const AstNode *node)
{
    switch ((AstKind)node->kind) {
    case AST_ATOM:
    case AST_VAR:
    case AST_INTEGER:
    case AST_FLOAT:
    case AST_CHAR:
    case AST_STRING:
    case AST_RECORD_INDEX:
        return true;
    case AST_LIST:
        return all_guards(b, node->list.items) &&
               (node->list.tail == NULL || desugar_is_guard(b, node->list.tail));
    case AST_TUPLE:
        return all_guards(b, node->items);
    case AST_BIN:
        return segments_are_guards(b, node->items);
    case AST_MAP:
        return (node->map.base == NULL || desugar_is_guard(b, node->map.base)) &&
               fields_are_guards(b, node->map.fields);
    case AST_RECORD:
        return node->record.base == NULL && fields_are_guards(b, node->record.fields);
    case AST_RECORD_FIELD:
        return desugar_is_guard(b, node->record_field.base);
    case AST_UNARY:
        return desugar_is_guard(b, node->unary.operand);
    case AST_BINARY:
        return node->binary.op != AST_OP_SEND && node->binary.op != AST_OP_APPEND &&
               node->binary.op != AST_OP_SUBTRACT && desugar_is_guard(b, node->binary.left) &&
               desugar_is_guard(b, node->binary.right);
    case AST_CALL:
        return is_guard_call(b, node);
    default:
        return false;
    }
}
