/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/core/desugar_fun.c: funs become functions of their own, with the values they capture as
 * further parameters; they and comprehensions get the names that Erlang gives them. */
#include "compiler/core/desugar.h"
#include "vm/base/bug.h"
#include <string.h>

static Numbered *number_slot(Desugar *b, const AstNode *node)
{
    uint32_t mask = b->number_room - 1;
    uint32_t at = (uint32_t)((uintptr_t)node >> 4) * 2654435761u & mask;
    while (b->numbers[at].node != NULL && b->numbers[at].node != node) {
        at = (at + 1) & mask;
    }
    return &b->numbers[at];
}

static void set_number(Desugar *b, const AstNode *node, uint32_t number)
{
    if (b->number_count * 2 >= b->number_room) {
        Numbered *old = b->numbers;
        uint32_t old_room = b->number_room;
        b->number_room = old_room == 0 ? 64 : old_room * 2;
        b->numbers = alloc_must_zero(b->number_room * sizeof(Numbered));
        for (uint32_t i = 0; i < old_room; i++) {
            if (old[i].node != NULL) {
                *number_slot(b, old[i].node) = old[i];
            }
        }
        alloc_free(old);
    }
    Numbered *slot = number_slot(b, node);
    slot->node = node;
    slot->number = number;
    b->number_count++;
}

uint32_t desugar_number_of(Desugar *b, const AstNode *node)
{
    return b->number_room == 0 ? 0 : number_slot(b, node)->number;
}

/* The number in a fun's name. What stands once but is made in several places (defaults of record
 * fields, `_ = Value`) gets a number behind the others for each further place. */
static uint32_t take_number(Desugar *b, const AstNode *node)
{
    Numbered *slot = b->number_room == 0 ? NULL : number_slot(b, node);
    if (slot == NULL || slot->node == NULL || slot->taken) {
        return b->number_next++;
    }
    slot->taken = true;
    return slot->number;
}

typedef struct {
    Desugar *b;
    uint32_t next;
    const AstNode *inside; /* innermost fun or comprehension */
} Numbering;

static NameUse *use_of(Desugar *b, const Name *name)
{
    if (name->index >= b->name_use_room) {
        uint32_t room = ACT_MAX(b->names->count + 64, name->index * 2 + 64);
        b->name_uses = alloc_must_resize(b->name_uses, room * sizeof(NameUse));
        memset(b->name_uses + b->name_use_room, 0, (room - b->name_use_room) * sizeof(NameUse));
        b->name_use_room = room;
    }
    NameUse *use = &b->name_uses[name->index];
    if (use->generation != b->generation) {
        *use = (NameUse){.generation = b->generation};
    }
    return use;
}

static void note_use(Numbering *numbering, const AstNode *node)
{
    if (node->kind == AST_VAR) {
        use_of(numbering->b, node->name)->count++;
    } else if (node->kind == AST_CALL && node->call.target->kind == AST_VAR) {
        NameUse *use = use_of(numbering->b, node->call.target->name);
        use->calls++;
        use->called_in = numbering->inside;
        use->args = node->call.args.count;
    } else if (node->kind == AST_MATCH && node->pair.left->kind == AST_VAR) {
        use_of(numbering->b, node->pair.left->name)->bound_in = numbering->inside;
    }
}

static bool is_generator(const AstNode *node)
{
    return node->kind == AST_GENERATE || node->kind == AST_BIN_GENERATE ||
           node->kind == AST_MAP_GENERATE;
}

static void number_node(AstNode *node, void *context);

typedef VEC(AstNode *) Nodes;

static void collect(AstNode *child, void *context)
{
    Nodes *nodes = context;
    vec_push(nodes, child);
}

/* Erlang numbers what stands in argument positions from the right. */
static bool is_numbered_backwards(const AstNode *node)
{
    switch ((AstKind)node->kind) {
    case AST_LIST:
    case AST_TUPLE:
    case AST_CALL:
    case AST_REMOTE:
    case AST_RECORD:
        return true;
    case AST_BINARY:
        return node->binary.op != AST_OP_ANDALSO && node->binary.op != AST_OP_ORELSE;
    default:
        return false;
    }
}

static void number_children(AstNode *node, void *context)
{
    if (!is_numbered_backwards(node)) {
        ast_each_child(node, number_node, context);
        return;
    }
    Nodes nodes = {0};
    ast_each_child(node, collect, &nodes);
    for (size_t i = nodes.count; i-- > 0;) {
        number_node(nodes.items[i], context);
    }
    vec_free(&nodes);
}

/* A fun gets its number after what is in it. A comprehension gets one for each generator, after its
 * qualifiers and before its element. */
static void number_node(AstNode *node, void *context)
{
    Numbering *numbering = context;
    const AstNode *outside = numbering->inside;
    note_use(numbering, node);
    if (node->kind == AST_FUN || node->kind == AST_LIST_COMP || node->kind == AST_BIN_COMP ||
        node->kind == AST_MAP_COMP) {
        numbering->inside = node;
    }
    if (node->kind == AST_LIST_COMP || node->kind == AST_BIN_COMP || node->kind == AST_MAP_COMP) {
        AstList qualifiers = node->comprehension.qualifiers;
        for (uint32_t i = 0; i < qualifiers.count; i++) {
            number_node(qualifiers.items[i], numbering);
        }
        set_number(numbering->b, node, numbering->next);
        for (uint32_t i = 0; i < qualifiers.count; i++) {
            numbering->next += is_generator(qualifiers.items[i]);
        }
        number_node(node->comprehension.element, numbering);
        numbering->inside = outside;
        return;
    }
    number_children(node, numbering);
    numbering->inside = outside;
    if (node->kind == AST_FUN || node->kind == AST_FUN_LOCAL) {
        set_number(numbering->b, node, numbering->next++);
    }
}

void desugar_number(Desugar *b, AstList clauses)
{
    Numbering numbering = {b, 0, NULL};
    b->generation++;
    for (uint32_t i = 0; i < clauses.count; i++) {
        number_node(clauses.items[i], &numbering);
    }
    b->number_next = numbering.next;
}

CoreNode *desugar_fun_of(Desugar *b, const AstNode *node, uint32_t index, uint32_t arity)
{
    CoreNode *fun = core_new(b->arena, CORE_MAKE_FUN, desugar_line(b, node->span));
    fun->fun.callee = index;
    fun->fun.arity = arity;
    return fun;
}

const Konst *desugar_fun_name(Desugar *b, const AstNode *node, uint32_t arity)
{
    const char *text;
    if (node->kind == AST_FUN && node->fun.var != NULL && !ast_is_underscore(node->fun.var)) {
        text = arena_printf(b->arena, "-%s/%u-%s/%u-%u-", b->function_name->text, b->function_arity,
                            node->fun.var->name->text, arity, b->lifted++);
    } else {
        text = arena_printf(b->arena, "-%s/%u-fun-%u-", b->function_name->text, b->function_arity,
                            take_number(b, node));
    }
    return konst_atom(b->arena, text, strlen(text));
}

/* The name of a named fun inside it: the same fun again, from the values it has captured itself. */
static CoreNode *bind_self(Desugar *b, const AstNode *node, CoreLine line, CoreNode **self)
{
    *self = NULL;
    if (node->fun.var == NULL || ast_is_underscore(node->fun.var)) {
        return NULL;
    }
    *self = core_new(b->arena, CORE_MAKE_FUN, line);
    CoreNode *let = core_new(b->arena, CORE_LET, line);
    let->let.value = *self;
    let->let.var = desugar_var_new(b);
    desugar_bind(b, node->fun.var->name, let->let.var);
    return let;
}

static void fill_self(Desugar *b, CoreNode *self, const Scope *scope, uint32_t arity)
{
    self->fun.callee = scope->index;
    self->fun.arity = arity;
    self->fun.free = core_list_new(b->arena, (uint32_t)scope->captures.count);
    for (uint32_t i = 0; i < self->fun.free.count; i++) {
        CoreVar inner = scope->captures.items[i].inner;
        self->fun.free.items[i] = desugar_use(b, self->line, inner);
    }
}

static CoreNode *two(Desugar *b, CoreLine line, CoreNode *first, CoreNode *second)
{
    CoreNode *block = core_new(b->arena, CORE_BLOCK, line);
    block->items = core_list_new(b->arena, 2);
    block->items.items[0] = first;
    block->items.items[1] = second;
    return block;
}

static bool takes_anything(const CoreClause *clause, uint32_t arity)
{
    for (uint32_t i = 0; i < arity; i++) {
        CorePatternKind kind = clause->patterns[i]->kind;
        if (kind != CORE_P_ANY && kind != CORE_P_VAR) {
            return false;
        }
    }
    return clause->guard_count == 0 && clause->tests.count == 0;
}

/* A fun with captured values, or one whose body stands in place of its call, fails by calling a
 * function without them, as Erlang's do, so that the stack trace shows the arguments only. choice
 * is the fun's CASE; its subjects are simple; it has room for a clause more. */
static void fail_elsewhere(Desugar *b, CoreNode *choice)
{
    CoreClauses *clauses = &choice->choice.clauses;
    CoreList subjects = choice->choice.subjects;
    if (takes_anything(&clauses->items[clauses->count - 1], subjects.count)) {
        return;
    }
    const char *name = arena_printf(b->arena, "-%s/%u-inlined-%u-", b->function_name->text,
                                    b->function_arity, b->lifted++);
    Scope *scope = desugar_scope_enter(b, konst_atom(b->arena, name, strlen(name)), subjects.count,
                                       choice->line);
    CoreNode *fail = core_new(b->arena, CORE_CASE, choice->line);
    fail->choice.otherwise = CORE_ELSE_FUNCTION_CLAUSE;
    scope->function->body = fail;
    desugar_scope_leave(b);
    CoreNode *call = core_new(b->arena, CORE_CALL, choice->line);
    call->call.callee = scope->index;
    call->call.args = core_list_new(b->arena, subjects.count);
    CoreClause *clause = &clauses->items[clauses->count++];
    clause->patterns = ARENA_ARRAY(b->arena, CorePattern *, subjects.count + 1);
    for (uint32_t i = 0; i < subjects.count; i++) {
        const CoreNode *subject = subjects.items[i];
        clause->patterns[i] = core_pattern_new(b->arena, CORE_P_ANY);
        call->call.args.items[i] = subject->kind == CORE_VAR
                                       ? desugar_use(b, choice->line, subject->var)
                                       : core_literal(b->arena, choice->line, subject->konst);
    }
    clause->line = choice->line;
    clause->body = call;
}

static bool is_plain_fun(const AstNode *node)
{
    return node->kind == AST_FUN && (node->fun.var == NULL || ast_is_underscore(node->fun.var));
}

static uint32_t fun_arity(const AstNode *fun)
{
    return fun->fun.clauses.items[0]->clause.patterns.count;
}

typedef struct {
    const Name *name;
    bool found;
} Search;

static void search(AstNode *node, void *context)
{
    Search *s = context;
    if (node->kind == AST_CALL && node->call.target->kind == AST_VAR &&
        node->call.target->name == s->name) {
        s->found = true;
    }
    if (!s->found) {
        ast_each_child(node, search, s);
    }
}

/* Is the name called in the body after item `at`? */
static bool called_below(AstList body, uint32_t at, const Name *name)
{
    Search s = {name, false};
    for (uint32_t i = at + 1; i < body.count && !s.found; i++) {
        search(body.items[i], &s);
    }
    return s.found;
}

bool desugar_fun_hides(Desugar *b, AstList body, uint32_t at)
{
    const AstNode *match = body.items[at];
    if (match->kind != AST_MATCH || match->pair.left->kind != AST_VAR ||
        ast_is_underscore(match->pair.left) || !is_plain_fun(match->pair.right)) {
        return false;
    }
    const Name *name = match->pair.left->name;
    NameUse *use = use_of(b, name);
    if (desugar_bound(b, name) != 0 || use->count != 2 || use->calls != 1 ||
        use->bound_in != use->called_in || use->args != fun_arity(match->pair.right) ||
        !called_below(body, at, name)) {
        return false;
    }
    use->fun = match->pair.right;
    use->mark = desugar_mark(b);
    return true;
}

const AstNode *desugar_fun_hidden(Desugar *b, const AstNode *target, uint32_t args)
{
    if (is_plain_fun(target) && fun_arity(target) == args) {
        return target; /* (fun ... end)(...) */
    }
    return target->kind == AST_VAR ? use_of(b, target->name)->fun : NULL;
}

CoreNode *desugar_fun_inline(Desugar *b, const AstNode *target, const AstNode *fun, CoreLine line,
                             AstList args)
{
    /* what is bound between the fun and its call is not seen in it */
    uint32_t since = target == fun ? desugar_mark(b) : use_of(b, target->name)->mark;
    CoreList block = core_list_new(b->arena, args.count + 1);
    CoreNode *choice = core_new(b->arena, CORE_CASE, desugar_line(b, fun->span));
    choice->choice.subjects = core_list_new(b->arena, args.count);
    choice->choice.otherwise = CORE_ELSE_FAIL;
    choice->choice.fail = BC_FAIL_CASE_CLAUSE;
    block.count = 0;
    for (uint32_t i = 0; i < args.count; i++) {
        CoreNode *value = desugar_expr(b, args.items[i]);
        if (!core_is_simple(value)) {
            CoreNode *let = core_new(b->arena, CORE_LET, line);
            let->let.value = value;
            let->let.var = desugar_var_new(b);
            block.items[block.count++] = let;
            value = desugar_use(b, line, let->let.var);
        }
        choice->choice.subjects.items[i] = value;
    }
    desugar_operand(b);
    Closure closure = desugar_closure_enter(b, since);
    desugar_fresh_clauses(b, choice, fun->fun.clauses);
    desugar_closure_leave(b, closure);
    fail_elsewhere(b, choice);
    if (block.count == 0) {
        return choice;
    }
    block.items[block.count++] = choice;
    CoreNode *node = core_new(b->arena, CORE_BLOCK, line);
    node->items = block;
    return node;
}

CoreNode *desugar_fun(Desugar *b, const AstNode *node)
{
    CoreLine line = desugar_line(b, node->span);
    uint32_t arity = fun_arity(node);
    uint32_t mark = desugar_mark(b);
    Closure closure = desugar_closure_enter(b, mark);
    Scope *scope = desugar_scope_enter(b, desugar_fun_name(b, node, arity), arity, line);
    scope->span = node->span;
    CoreNode *self;
    CoreNode *let = bind_self(b, node, line, &self);
    CoreNode *body = desugar_function_clauses(b, node->fun.clauses, line);
    if (scope->captures.count > 0) {
        fail_elsewhere(b, body);
    }
    if (self != NULL) {
        fill_self(b, self, scope, arity);
        bool used = scope->uses.items[let->let.var] > 0;
        body = used ? two(b, line, let, body) : body;
    }
    scope->function->is_lambda = true;
    scope->function->body = body;
    desugar_undo(b, mark);
    desugar_closure_leave(b, closure);
    desugar_scope_leave(b);
    CoreNode *fun = desugar_fun_of(b, node, scope->index, arity);
    fun->fun.free = core_list_new(b->arena, (uint32_t)scope->captures.count);
    for (uint32_t i = 0; i < fun->fun.free.count; i++) {
        /* the capture counted the use */
        fun->fun.free.items[i] = core_var(b->arena, line, scope->captures.items[i].outer);
    }
    vec_free(&scope->captures);
    return fun;
}
