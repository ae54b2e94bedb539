/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/match_spec_compile.c: from a match specification to instructions. */
#include "vm/base/alloc.h"
#include "vm/bif/match_spec.h"
#include "vm/term/atom.h"
#include "vm/term/compare.h"
#include "vm/term/map.h"

/* Deeper patterns and bodies than this are refused: their compiling uses the C stack. */
enum { MAX_DEPTH = 500, MAX_NUMBER = 100000000 };

typedef struct {
    MsProgram *ms;
    const AtomTable *atoms;
    MsClause *clause;
    uint32_t registers;
    uint32_t depth; /* of the stack, where guards or body are now */
    uint32_t nested;
    bool failed;
    bool copying; /* what is built leaves: the body's value */
} Compiler;

static bool is_any(const AtomTable *atoms, Term t)
{
    size_t length;
    return term_is_atom(t) && atom_text(atoms, t, &length)[0] == '_' && length == 1;
}

bool match_spec_variable(const AtomTable *atoms, Term t, uint32_t *number)
{
    if (!term_is_atom(t)) {
        return false;
    }
    size_t length;
    const char *text = atom_text(atoms, t, &length);
    if (length < 2 || length > 10 || text[0] != '$' || (text[1] == '0' && length > 2)) {
        return false;
    }
    uint64_t value = 0;
    for (size_t i = 1; i < length; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return false;
        }
        value = value * 10 + (uint64_t)(text[i] - '0');
    }
    *number = (uint32_t)value;
    return value <= MAX_NUMBER;
}

static bool is_text(const AtomTable *atoms, Term t, const char *text)
{
    size_t length;
    return term_is_atom(t) && strcmp(atom_text(atoms, t, &length), text) == 0;
}

/* ---- what a term has inside ---- */

typedef enum { FIND_PATTERN, FIND_KEY, FIND_CODE } Looking;

/* True if t has nothing in it that is not a constant: variables and '_' in patterns and keys (of
 * rows, of maps in patterns), in patterns also maps, which match larger ones; in bodies variables,
 * '$_', '$$' and tuples. Depth over the limit counts as not constant. */
static bool is_constant(const AtomTable *atoms, Term t, Looking looking, unsigned depth)
{
    uint32_t number;
    if (depth > MAX_DEPTH) {
        return false;
    }
    for (; term_is_cons(t); t = cons_tail(t)) {
        if (!is_constant(atoms, cons_head(t), looking, depth + 1)) {
            return false;
        }
    }
    if (term_is_atom(t)) {
        if (match_spec_variable(atoms, t, &number)) {
            return false;
        }
        return looking != FIND_CODE ? !is_any(atoms, t)
                                    : !is_text(atoms, t, "$_") && !is_text(atoms, t, "$$");
    }
    if (term_is_tuple(t)) {
        bool constant = looking != FIND_CODE;
        for (size_t i = 0; constant && i < tuple_arity(t); i++) {
            constant = is_constant(atoms, tuple_items(t)[i], looking, depth + 1);
        }
        return constant;
    }
    if (term_is_map(t)) {
        if (looking == FIND_PATTERN) {
            return false;
        }
        MapIter it;
        Term key, value;
        map_iter(&it, t);
        while (map_iter_next(&it, &key, &value)) {
            if (!is_constant(atoms, key, looking, depth + 1) ||
                !is_constant(atoms, value, looking, depth + 1)) {
                return false;
            }
        }
    }
    return true;
}

bool match_spec_is_ground(const AtomTable *atoms, Term pattern)
{
    return is_constant(atoms, pattern, FIND_KEY, 0);
}

/* As match_spec_range; *open: a variable was met, what comes behind does not count. */
static int range_of(const AtomTable *atoms, Term pattern, Term key, bool *open, unsigned depth)
{
    uint32_t number;
    if (is_any(atoms, pattern) || match_spec_variable(atoms, pattern, &number) ||
        depth > MAX_DEPTH) {
        *open = true;
        return 0;
    }
    if (term_is_tuple(pattern) && term_is_tuple(key) && tuple_arity(pattern) == tuple_arity(key)) {
        int diff = 0;
        for (size_t i = 0; diff == 0 && !*open && i < tuple_arity(key); i++) {
            diff = range_of(atoms, tuple_items(pattern)[i], tuple_items(key)[i], open, depth + 1);
        }
        return diff;
    }
    while (term_is_cons(pattern) && term_is_cons(key)) {
        int diff = range_of(atoms, cons_head(pattern), cons_head(key), open, depth + 1);
        if (diff != 0 || *open) {
            return diff;
        }
        pattern = cons_tail(pattern);
        key = cons_tail(key);
        if (!term_is_cons(pattern)) {
            return range_of(atoms, pattern, key, open, depth + 1);
        }
    }
    if (term_is_map(pattern) && term_is_map(key)) {
        *open = true;
        return 0;
    }
    return term_compare(atoms, key, pattern);
}

int match_spec_range(const AtomTable *atoms, Term pattern, Term key)
{
    bool open = false;
    return range_of(atoms, pattern, key, &open, 0);
}

/* ---- instructions ---- */

static MsOp *emit(Compiler *c, MsCode code)
{
    MsOp op = {.code = (uint8_t)code, .value = TERM_NIL};
    vec_push(&c->ms->ops, op);
    return &vec_last(&c->ms->ops);
}

static bool fail(Compiler *c)
{
    c->failed = true;
    return false;
}

/* The index of the variable among the clause's; variables if it has none of that number. */
static uint32_t variable_index(const Compiler *c, uint32_t number)
{
    uint32_t first = c->clause->first_variable;
    uint32_t i = 0;
    while (i < c->clause->variables && c->ms->numbers.items[first + i] != number) {
        i++;
    }
    return i;
}

/* ---- heads ---- */

static void pattern(Compiler *c, Term t, uint32_t reg, uint32_t at);

static MsOp *emit_at(Compiler *c, MsCode code, uint32_t reg, uint32_t at)
{
    MsOp *op = emit(c, code);
    op->reg = reg;
    op->at = at;
    return op;
}

static void variable_pattern(Compiler *c, uint32_t number, uint32_t reg, uint32_t at)
{
    uint32_t index = variable_index(c, number);
    bool fresh = index == c->clause->variables;
    if (fresh) {
        vec_push(&c->ms->numbers, number);
        c->clause->variables++;
    }
    emit_at(c, fresh ? MS_BIND : MS_SAME, reg, at)->dst = index;
}

static void map_pattern(Compiler *c, Term t, uint32_t reg, uint32_t at)
{
    MapIter it;
    Term key, value;
    emit_at(c, MS_MAP, reg, at);
    map_iter(&it, t);
    while (map_iter_next(&it, &key, &value)) {
        if (!match_spec_is_ground(c->atoms, key)) {
            fail(c);
            return;
        }
        uint32_t inner = c->registers++;
        MsOp *op = emit_at(c, MS_VALUE, reg, at);
        op->dst = inner;
        op->value = key;
        pattern(c, value, inner, 0);
    }
}

static void compound_pattern(Compiler *c, Term t, uint32_t reg, uint32_t at)
{
    if (term_is_tuple(t)) {
        uint32_t inner = c->registers++;
        MsOp *op = emit_at(c, MS_TUPLE, reg, at);
        op->dst = inner;
        op->value = small_make((int64_t)tuple_arity(t));
        for (size_t i = 0; i < tuple_arity(t); i++) {
            pattern(c, tuple_items(t)[i], inner, (uint32_t)i + 1);
        }
        return;
    }
    if (term_is_map(t)) {
        map_pattern(c, t, reg, at);
        return;
    }
    for (; term_is_cons(t); t = cons_tail(t)) {
        uint32_t inner = c->registers++;
        emit_at(c, MS_CONS, reg, at)->dst = inner;
        pattern(c, cons_head(t), inner, 0);
        reg = inner;
        at = 1;
    }
    pattern(c, t, reg, at);
}

static void pattern(Compiler *c, Term t, uint32_t reg, uint32_t at)
{
    uint32_t number;
    if (c->nested > MAX_DEPTH) {
        fail(c);
    }
    if (c->failed || is_any(c->atoms, t)) {
        return;
    }
    if (match_spec_variable(c->atoms, t, &number)) {
        variable_pattern(c, number, reg, at);
    } else if (is_constant(c->atoms, t, FIND_PATTERN, 0)) {
        emit_at(c, term_is_word(t) ? MS_WORD : MS_EQUAL, reg, at)->value = t;
    } else {
        c->nested++;
        compound_pattern(c, t, reg, at);
        c->nested--;
    }
}

/* ---- guards and bodies ---- */

typedef struct {
    const char *name;
    uint8_t arity;
    BifFunction bif;
} MsFunction;

/* What OTP lets a table's specification call. */
static const MsFunction functions[] = {
    {"is_atom", 1, bif_erlang_is_atom_1},
    {"is_float", 1, bif_erlang_is_float_1},
    {"is_integer", 1, bif_erlang_is_integer_1},
    {"is_list", 1, bif_erlang_is_list_1},
    {"is_number", 1, bif_erlang_is_number_1},
    {"is_pid", 1, bif_erlang_is_pid_1},
    {"is_port", 1, bif_erlang_is_port_1},
    {"is_reference", 1, bif_erlang_is_reference_1},
    {"is_tuple", 1, bif_erlang_is_tuple_1},
    {"is_map", 1, bif_erlang_is_map_1},
    {"is_map_key", 2, bif_erlang_is_map_key_2},
    {"is_binary", 1, bif_erlang_is_binary_1},
    {"is_function", 1, bif_erlang_is_function_1},
    {"is_record", 3, bif_erlang_is_record_3},
    {"xor", 2, bif_erlang_xor_2},
    {"not", 1, bif_erlang_not_1},
    {"abs", 1, bif_erlang_abs_1},
    {"element", 2, bif_erlang_element_2},
    {"hd", 1, bif_erlang_hd_1},
    {"tl", 1, bif_erlang_tl_1},
    {"length", 1, bif_erlang_length_1},
    {"map_get", 2, bif_erlang_map_get_2},
    {"map_size", 1, bif_erlang_map_size_1},
    {"node", 0, bif_erlang_node_0},
    {"node", 1, bif_erlang_node_1},
    {"self", 0, bif_erlang_self_0},
    {"round", 1, bif_erlang_round_1},
    {"trunc", 1, bif_erlang_trunc_1},
    {"float", 1, bif_erlang_float_1},
    {"size", 1, bif_erlang_size_1},
    {"bit_size", 1, bif_erlang_bit_size_1},
    {"byte_size", 1, bif_erlang_byte_size_1},
    {"binary_part", 2, bif_erlang_binary_part_2},
    {"binary_part", 3, bif_erlang_binary_part_3},
    {"+", 1, bif_erlang_plus_1},
    {"-", 1, bif_erlang_minus_1},
    {"+", 2, bif_erlang_plus_2},
    {"-", 2, bif_erlang_minus_2},
    {"*", 2, bif_erlang_times_2},
    {"/", 2, bif_erlang_divide_2},
    {"div", 2, bif_erlang_div_2},
    {"rem", 2, bif_erlang_rem_2},
    {"band", 2, bif_erlang_band_2},
    {"bor", 2, bif_erlang_bor_2},
    {"bxor", 2, bif_erlang_bxor_2},
    {"bnot", 1, bif_erlang_bnot_1},
    {"bsl", 2, bif_erlang_bsl_2},
    {"bsr", 2, bif_erlang_bsr_2},
    {">", 2, bif_erlang_greater_2},
    {">=", 2, bif_erlang_greater_equal_2},
    {"<", 2, bif_erlang_less_2},
    {"=<", 2, bif_erlang_less_equal_2},
    {"==", 2, bif_erlang_equal_2},
    {"/=", 2, bif_erlang_not_equal_2},
    {"=:=", 2, bif_erlang_equal_exact_2},
    {"=/=", 2, bif_erlang_not_equal_exact_2},
};

static void pushed(Compiler *c)
{
    c->depth++;
    c->ms->stack = ACT_MAX(c->ms->stack, c->depth);
}

static void push_constant(Compiler *c, Term t)
{
    emit(c, MS_PUSH)->value = t;
    pushed(c);
}

static void expression(Compiler *c, Term t, bool copied);

static void short_circuit(Compiler *c, Term call, MsCode code)
{
    size_t arity = tuple_arity(call);
    size_t first = c->ms->ops.count;
    for (size_t i = 1; i < arity; i++) {
        expression(c, tuple_items(call)[i], false);
        if (i + 1 < arity) {
            emit(c, code)->at = UINT32_MAX; /* to the end: set below */
            c->depth--;
        }
    }
    for (size_t i = first; i < c->ms->ops.count; i++) {
        MsOp *op = &c->ms->ops.items[i];
        if (op->code == code && op->at == UINT32_MAX) {
            op->at = (uint32_t)c->ms->ops.count;
        }
    }
}

/* Arguments from the second element on, then one instruction that takes them all. */
static void call_with(Compiler *c, Term call, MsCode code, BifFunction bif)
{
    size_t arity = tuple_arity(call) - 1;
    for (size_t i = 1; i <= arity; i++) {
        expression(c, tuple_items(call)[i], false);
    }
    MsOp *op = emit(c, code);
    op->at = (uint32_t)arity;
    op->bif = bif;
    c->depth -= (uint32_t)arity;
    pushed(c);
}

static void call(Compiler *c, Term t, bool copied)
{
    Term name = tuple_items(t)[0];
    size_t arity = tuple_arity(t) - 1;
    if (is_text(c->atoms, name, "const") && arity == 1) {
        push_constant(c, tuple_items(t)[1]);
        return;
    }
    if (arity > 0 && is_text(c->atoms, name, "andalso")) {
        short_circuit(c, t, MS_AND_ALSO);
        return;
    }
    if (arity > 0 && is_text(c->atoms, name, "orelse")) {
        short_circuit(c, t, MS_OR_ELSE);
        return;
    }
    if (arity > 0 && (is_text(c->atoms, name, "and") || is_text(c->atoms, name, "or"))) {
        call_with(c, t, is_text(c->atoms, name, "and") ? MS_AND : MS_OR, NULL);
        return;
    }
    for (size_t i = 0; i < ACT_COUNT(functions); i++) {
        if (functions[i].arity == arity && is_text(c->atoms, name, functions[i].name)) {
            call_with(c, t, MS_CALL, functions[i].bif);
            if (copied) {
                emit(c, MS_COPY);
            }
            return;
        }
    }
    fail(c);
}

static void construct(Compiler *c, Term t, bool copied)
{
    size_t arity = tuple_arity(t);
    for (size_t i = 0; i < arity; i++) {
        expression(c, tuple_items(t)[i], copied);
    }
    emit(c, MS_MAKE_TUPLE)->at = (uint32_t)arity;
    c->depth -= (uint32_t)arity;
    pushed(c);
}

static void list_expression(Compiler *c, Term t, bool copied)
{
    uint32_t cells = 0;
    for (; term_is_cons(t); t = cons_tail(t), cells++) {
        expression(c, cons_head(t), copied);
    }
    expression(c, t, copied);
    for (; cells > 0; cells--) {
        emit(c, MS_MAKE_CONS);
        c->depth--;
    }
}

static void map_expression(Compiler *c, Term t, bool copied)
{
    MapIter it;
    Term key, value;
    uint32_t pairs = 0;
    map_iter(&it, t);
    for (; map_iter_next(&it, &key, &value); pairs++) {
        expression(c, key, copied);
        expression(c, value, copied);
    }
    emit(c, MS_MAKE_MAP)->at = pairs;
    c->depth -= 2 * pairs;
    pushed(c);
}

static void atom_expression(Compiler *c, Term t, bool copied)
{
    uint32_t number;
    MsOp *op = NULL;
    if (match_spec_variable(c->atoms, t, &number)) {
        uint32_t index = variable_index(c, number);
        if (index == c->clause->variables) {
            fail(c);
            return;
        }
        op = emit(c, MS_PUSH_VAR);
        op->dst = index;
    } else if (is_text(c->atoms, t, "$_")) {
        op = emit(c, MS_PUSH_ROW);
    } else if (is_text(c->atoms, t, "$$")) {
        op = emit(c, MS_PUSH_ALL);
    } else {
        push_constant(c, t);
        return;
    }
    op->copied = copied;
    pushed(c);
}

static void expression(Compiler *c, Term t, bool copied)
{
    if (c->nested > MAX_DEPTH) {
        fail(c);
    }
    if (c->failed) {
        return;
    }
    if (is_constant(c->atoms, t, FIND_CODE, 0)) {
        push_constant(c, t);
        return;
    }
    c->nested++;
    if (term_is_atom(t)) {
        atom_expression(c, t, copied);
    } else if (term_is_cons(t)) {
        list_expression(c, t, copied);
    } else if (term_is_map(t)) {
        map_expression(c, t, copied);
    } else if (tuple_arity(t) == 1 && term_is_tuple(tuple_items(t)[0])) {
        construct(c, tuple_items(t)[0], copied);
    } else if (tuple_arity(t) > 0 && term_is_atom(tuple_items(t)[0])) {
        call(c, t, copied);
    } else {
        fail(c);
    }
    c->nested--;
}

/* What small integers must be to each other for a comparison to hold; 0: it is none. */
static uint32_t comparison(BifFunction bif)
{
    static const struct {
        BifFunction bif;
        uint32_t tests;
    } rows[] = {{bif_erlang_less_2, MS_TEST_LESS},
                {bif_erlang_less_equal_2, MS_TEST_LESS | MS_TEST_EQUAL},
                {bif_erlang_greater_2, MS_TEST_GREATER},
                {bif_erlang_greater_equal_2, MS_TEST_GREATER | MS_TEST_EQUAL},
                {bif_erlang_equal_2, MS_TEST_EQUAL},
                {bif_erlang_equal_exact_2, MS_TEST_EQUAL},
                {bif_erlang_not_equal_2, MS_TEST_LESS | MS_TEST_GREATER},
                {bif_erlang_not_equal_exact_2, MS_TEST_LESS | MS_TEST_GREATER}};
    for (size_t i = 0; i < ACT_COUNT(rows); i++) {
        if (rows[i].bif == bif) {
            return rows[i].tests;
        }
    }
    return 0;
}

/* A guard, from instruction `first` on, that compares a variable with a constant becomes one
 * instruction. False if it is another one. */
static bool fuse_test(Compiler *c, size_t first)
{
    if (c->failed || c->ms->ops.count != first + 3) {
        return false;
    }
    MsOp *ops = c->ms->ops.items + first;
    bool fits = ops[0].code == MS_PUSH_VAR && ops[1].code == MS_PUSH && ops[2].code == MS_CALL;
    uint32_t tests = fits ? comparison(ops[2].bif) : 0;
    if (tests == 0) {
        return false;
    }
    ops[0] = (MsOp){
        .code = MS_TEST, .at = tests, .dst = ops[0].dst, .value = ops[1].value, .bif = ops[2].bif};
    c->ms->ops.count = first + 1;
    return true;
}

static void guards(Compiler *c, Term list)
{
    for (; term_is_cons(list) && !c->failed; list = cons_tail(list)) {
        size_t first = c->ms->ops.count;
        expression(c, cons_head(list), false);
        if (!fuse_test(c, first)) {
            emit(c, MS_MUST);
        }
        c->depth--;
    }
    if (!term_is_nil(list)) {
        fail(c);
    }
}

static void body(Compiler *c, Term list)
{
    if (!term_is_cons(list)) {
        fail(c);
    }
    for (; term_is_cons(list) && !c->failed; list = cons_tail(list)) {
        expression(c, cons_head(list), true);
        if (term_is_cons(cons_tail(list))) {
            emit(c, MS_DROP);
            c->depth--;
        }
    }
    if (!term_is_nil(list)) {
        fail(c);
    }
}

static bool clause(Compiler *c, Term t, uint32_t key_position)
{
    if (!term_is_tuple_of(t, 3)) {
        return fail(c);
    }
    MsProgram *ms = c->ms;
    const Term *items = tuple_items(t);
    MsClause fresh = {
        .head = ms->ops.count, .key = TERM_NONE, .first_variable = (uint32_t)ms->numbers.count};
    c->clause = &fresh;
    c->registers = 1;
    c->depth = 0;
    Term head = items[0];
    uint32_t number;
    bool open = is_any(c->atoms, head) || match_spec_variable(c->atoms, head, &number);
    fresh.never = !open && !term_is_tuple(head);
    if (term_is_tuple(head) && key_position > 0) {
        fresh.never = tuple_arity(head) < key_position;
        fresh.key = fresh.never ? TERM_NONE : tuple_items(head)[key_position - 1];
    }
    pattern(c, head, 0, 0);
    fresh.guards = ms->ops.count;
    guards(c, items[1]);
    fresh.body = ms->ops.count;
    body(c, items[2]);
    fresh.end = ms->ops.count;
    ms->registers = ACT_MAX(ms->registers, c->registers);
    ms->variables = ACT_MAX(ms->variables, fresh.variables);
    vec_push(&ms->clauses, fresh);
    return !c->failed;
}

static bool make_room(MsProgram *ms)
{
    size_t bytes = (ms->registers * 2 + ms->variables + ms->stack + 1) * sizeof(Term);
    Term *room = alloc_try(bytes);
    ms->places = (const Term **)(void *)room;
    if (room) {
        ms->cells = room + ms->registers;
        ms->bound = ms->cells + ms->registers;
        ms->stacked = ms->bound + ms->variables;
    }
    return room != NULL;
}

MsStatus match_spec_compile(MsProgram *ms, const AtomTable *atoms, Term spec, uint32_t key_position)
{
    *ms = (MsProgram){.registers = 1};
    Compiler c = {.ms = ms, .atoms = atoms};
    for (; term_is_cons(spec) && !c.failed; spec = cons_tail(spec)) {
        clause(&c, cons_head(spec), key_position);
    }
    MsStatus status = c.failed || !term_is_nil(spec) ? MS_BADARG : MS_OK;
    if (status == MS_OK && !make_room(ms)) {
        status = MS_NO_MEMORY;
    }
    if (status != MS_OK) {
        match_spec_free(ms);
    }
    return status;
}

void match_spec_free(MsProgram *ms)
{
    vec_free(&ms->ops);
    vec_free(&ms->clauses);
    vec_free(&ms->numbers);
    alloc_free((void *)ms->places);
    ms->places = NULL;
}
