/* SPDX-License-Identifier: Apache-2.0 */
/* vm/code/code_literal.c: constants of the module file as terms that never move.
 *
 * Equal constants of all modules are one term. Equal means the same bits: 0.0 and -0.0 stay two. */
#include "vm/code/code_tables.h"

#include "vm/term/atom.h"
#include "vm/term/binary.h"
#include "vm/term/copy.h"
#include "vm/term/map.h"
#include "vm/vm_parts.h"

Term code_atom(Vm *vm, const Konst *konst)
{
    return atom_intern_code(vm_atoms(vm), konst->text, konst->count);
}

static Term build_int(const TermRoom *room, bool negative, const uint64_t *limbs, uint32_t count)
{
    Term *words = room_alloc(room, 1 + (size_t)count);
    if (!words) {
        return TERM_NONE;
    }
    words[0].w = header_make(negative ? BOXED_BIG_NEGATIVE : BOXED_BIG, count);
    for (uint32_t i = 0; i < count; i++) {
        words[1 + i].w = limbs[i];
    }
    return boxed_term(words);
}

static Term build_int64(const TermRoom *room, int64_t value)
{
    if (small_fits(value)) {
        return small_make(value);
    }
    uint64_t magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    return build_int(room, value < 0, &magnitude, 1);
}

static Term build_list(Vm *vm, const TermRoom *room, const Konst *konst)
{
    Term tail = konst->list.tail ? code_build_literal(vm, konst->list.tail) : TERM_NIL;
    Term *cells = room_alloc(room, 2 * (size_t)konst->count);
    if (konst->count == 0 || term_same(tail, TERM_NONE)) {
        return tail;
    }
    if (!cells) {
        return TERM_NONE;
    }
    for (uint32_t i = 0; i < konst->count; i++) {
        Term head = code_build_literal(vm, konst->list.items[i]);
        if (term_same(head, TERM_NONE)) {
            return TERM_NONE;
        }
        cells[2 * (size_t)i] = head;
        cells[2 * (size_t)i + 1] =
            i + 1 < konst->count ? cons_term(&cells[2 * (size_t)i + 2]) : tail;
    }
    return cons_term(cells);
}

static Term build_string(const TermRoom *room, const Konst *konst)
{
    Term list = TERM_NIL;
    Term *cells = room_alloc(room, 2 * (size_t)konst->count);
    if (!cells) {
        return konst->count == 0 ? TERM_NIL : TERM_NONE;
    }
    for (uint32_t i = konst->count; i-- > 0;) {
        cells[2 * (size_t)i] = small_make(konst->points[i]);
        cells[2 * (size_t)i + 1] = list;
        list = cons_term(&cells[2 * (size_t)i]);
    }
    return list;
}

static Term build_tuple(Vm *vm, const TermRoom *room, const Konst *konst)
{
    Term *words = room_alloc(room, 1 + (size_t)konst->count);
    if (!words) {
        return TERM_NONE;
    }
    words[0].w = header_make(BOXED_TUPLE, konst->count);
    for (uint32_t i = 0; i < konst->count; i++) {
        words[1 + i] = code_build_literal(vm, konst->list.items[i]);
        if (term_same(words[1 + i], TERM_NONE)) {
            return TERM_NONE;
        }
    }
    return boxed_term(words);
}

static Term build_map(Vm *vm, const TermRoom *room, const Konst *konst)
{
    Term *pairs = alloc_try(sizeof(Term) * ACT_MAX((size_t)konst->count, 1));
    if (!pairs) {
        return TERM_NONE;
    }
    Term map = TERM_NIL;
    for (uint32_t i = 0; i < konst->count && !term_same(map, TERM_NONE); i++) {
        map = pairs[i] = code_build_literal(vm, konst->list.items[i]);
    }
    if (!term_same(map, TERM_NONE)) {
        map = map_from_pairs(vm_atoms(vm), room, pairs, konst->count / 2);
    }
    alloc_free(pairs);
    return map;
}

/* Literals keep binaries of any size in place: nobody counts references to them. */
static Term build_binary(const TermRoom *room, const Konst *konst)
{
    size_t bytes = (size_t)((konst->binary.bits + 7) / 8);
    Term *words = room_alloc(room, binary_heap_words(bytes));
    if (!words) {
        return TERM_NONE;
    }
    unsigned char *to = binary_heap_init(words, bytes);
    if (bytes > 0) {
        memcpy(to, konst->binary.bytes, bytes);
    }
    Term whole = boxed_term(words);
    if (konst->binary.bits % 8 == 0) {
        return whole;
    }
    Term *sub = room_alloc(room, SUB_BINARY_WORDS);
    if (!sub) {
        return TERM_NONE;
    }
    sub[0].w = header_make(BOXED_SUB_BINARY, SUB_BINARY_WORDS - 1);
    sub[SUB_OFFSET] = small_make(0);
    sub[SUB_LENGTH] = small_make((int64_t)konst->binary.bits);
    sub[SUB_BASE] = whole;
    return boxed_term(sub);
}

static Term build_fun(Vm *vm, const TermRoom *room, const Konst *konst)
{
    Term module = code_atom(vm, konst->fun.module);
    Term name = code_atom(vm, konst->fun.name);
    if (term_same(module, TERM_NONE) || term_same(name, TERM_NONE)) {
        return TERM_NONE;
    }
    uint32_t index = code_export_index(vm, module, name, konst->fun.arity);
    Term *words = room_alloc(room, EXPORT_WORDS);
    if (index == 0 || !words) {
        return TERM_NONE;
    }
    words[0].w = header_make(BOXED_EXPORT, EXPORT_WORDS - 1);
    words[1].w = (uintptr_t)&vm_code(vm)->exports[index];
    return boxed_term(words);
}

/* Recursion: the verifier and the reader limit how deep constants nest. */
Term code_build_literal(Vm *vm, const Konst *konst)
{
    TermRoom room = code_literal_room(vm_code(vm));
    switch (konst->kind) {
    case KONST_INT:
        return build_int64(&room, konst->integer);
    case KONST_BIG:
        return build_int(&room, konst->big.negative, konst->big.limbs, konst->count);
    case KONST_FLOAT:
        return float_make(&room, konst->real);
    case KONST_ATOM:
        return code_atom(vm, konst);
    case KONST_NIL:
        return TERM_NIL;
    case KONST_LIST:
        return build_list(vm, &room, konst);
    case KONST_STRING:
        return build_string(&room, konst);
    case KONST_TUPLE:
        return build_tuple(vm, &room, konst);
    case KONST_MAP:
        return build_map(vm, &room, konst);
    case KONST_BINARY:
        return build_binary(&room, konst);
    case KONST_FUN:
        return build_fun(vm, &room, konst);
    case KONST__count:
        break;
    }
    VM_BUG("constant of kind %d", (int)konst->kind);
}

/* Words behind the header that are terms; the others are raw bits. */
static bool holds_terms(uintptr_t header)
{
    return header_kind(header) <= BOXED_LAST_OF_TERMS;
}

enum { HASH_NODES = 256 };

/* Hash over the first nodes of a literal's structure. */
static uint64_t literal_hash(uint64_t hash, Term t, unsigned *nodes)
{
    while (*nodes > 0) {
        --*nodes;
        if (term_is_cons(t)) {
            hash = literal_hash(code_hash_mix(hash, TAG_CONS), cons_head(t), nodes);
            t = cons_tail(t);
            continue;
        }
        if (!term_is_boxed(t)) {
            return code_hash_mix(hash, t.w);
        }
        const Term *words = boxed_words(t);
        size_t count = header_words(words[0].w);
        hash = code_hash_mix(hash, words[0].w);
        for (size_t i = 1; i <= count && *nodes > 0; i++) {
            if (holds_terms(words[0].w)) {
                hash = literal_hash(hash, words[i], nodes);
            } else {
                hash = code_hash_mix(hash, words[i].w);
                --*nodes;
            }
        }
        return hash;
    }
    return hash;
}

/* True if two literals are the same, bit by bit. */
static bool literal_same(Term a, Term b)
{
    for (;;) {
        if (a.w == b.w) {
            return true;
        }
        if (term_is_cons(a) && term_is_cons(b)) {
            if (!literal_same(cons_head(a), cons_head(b))) {
                return false;
            }
            a = cons_tail(a);
            b = cons_tail(b);
            continue;
        }
        break;
    }
    if (!term_is_boxed(a) || !term_is_boxed(b) || boxed_header(a) != boxed_header(b)) {
        return false;
    }
    const Term *x = boxed_words(a);
    const Term *y = boxed_words(b);
    size_t count = header_words(x[0].w);
    if (!holds_terms(x[0].w)) {
        return memcmp(x + 1, y + 1, count * sizeof(Term)) == 0;
    }
    for (size_t i = 1; i <= count; i++) {
        if (!literal_same(x[i], y[i])) {
            return false;
        }
    }
    return true;
}

typedef struct {
    const CodeTables *tables;
    Term literal;
} ConstantWanted;

static bool constant_matches(const void *context, uintptr_t value)
{
    const ConstantWanted *wanted = context;
    return literal_same(wanted->tables->constants[value], wanted->literal);
}

uint32_t code_constant(Vm *vm, const Konst *konst)
{
    CodeTables *t = vm_code(vm);
    Term *top = t->literals_top;
    Term literal = code_build_literal(vm, konst);
    if (term_same(literal, TERM_NONE)) {
        return 0;
    }
    unsigned nodes = HASH_NODES;
    uint64_t hash = literal_hash(0, literal, &nodes);
    ConstantWanted wanted = {t, literal};
    uintptr_t found = code_hash_find(&t->index->constants, hash, constant_matches, &wanted);
    if (found != 0) {
        t->literals_top = top;
        return (uint32_t)found;
    }
    uint32_t index = code_new_constants(t, 1);
    if (index == 0) {
        return 0;
    }
    t->constants[index] = literal;
    return code_hash_add(&t->index->constants, hash, index) ? index : 0;
}

Term code_literal(Vm *vm, const Konst *konst)
{
    code_lock(vm);
    Term literal = code_build_literal(vm, konst);
    code_unlock(vm);
    return literal;
}

Term code_literal_copy(Vm *vm, Term term)
{
    CodeTables *t = vm_code(vm);
    CopyPlan plan;
    if (!copy_plan(&plan, term, t->literals, t->literals_end)) {
        return TERM_NONE;
    }
    code_lock(vm);
    TermRoom room = code_literal_room(t);
    Term *words = room_alloc(&room, plan.words);
    code_unlock(vm);
    if (!words) {
        copy_drop(&plan);
        return TERM_NONE;
    }
    Term *boxes = NULL;
    Term copy = copy_run(&plan, words, &boxes);
    if (boxes) {
        Term *last = boxes;
        while (last[REFC_NEXT].w) {
            last = (Term *)last[REFC_NEXT].w;
        }
        code_lock(vm);
        last[REFC_NEXT].w = (uintptr_t)t->literal_off_heap;
        t->literal_off_heap = boxes;
        code_unlock(vm);
    }
    return copy;
}
