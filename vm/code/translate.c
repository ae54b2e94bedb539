/* SPDX-License-Identifier: Apache-2.0 */
/* vm/code/translate.c: instructions of the file to loaded code (the form is told in code/code.h).
 *
 * One walk over each function. Words that name a place not yet known are noted and filled in at the
 * end of the function (labels, handlers) or of the module (calls). The file has been verified:
 * nothing is checked here. */
#include "vm/code/translate.h"

#include <stdlib.h>

enum { NOTHING = UINT32_MAX, OPERAND_SIZE = 8 };

size_t translate_bound(const BcModule *file)
{
    size_t words = 0;
    for (size_t i = 0; i < file->functions.count; i++) {
        words += 1 + ACT_MAX(file->functions.items[i].code.count, 2);
    }
    return words;
}

static void put(Loading *l, uint32_t word)
{
    l->code[l->top++] = word;
}

static uint32_t argument(const Loading *l, uint32_t arg)
{
    uint32_t index = BC_ARG_INDEX(arg);
    if (BC_ARG_KIND(arg) == BC_K) {
        index = l->constants[index];
    }
    return index * OPERAND_SIZE + BC_ARG_KIND(arg);
}

static uint32_t site(Loading *l, uint32_t index)
{
    if (l->site_owners[index] == l->function) {
        return l->sites[index];
    }
    const BcSite *from = &l->file->sites.items[index];
    uint32_t made = code_new_site(l->tables);
    if (made == 0) {
        l->full = true;
        return 0;
    }
    l->tables->sites[made] = (Site){
        .live_x = from->live_x,
        .live_y = from->live_y,
        .line = from->line,
        .function = l->module->first_function + l->function,
        .frame = (uint16_t)from->frame,
        .live_count = (uint16_t)from->live_count,
        .file = (uint16_t)from->file,
    };
    vec_push(&l->made_sites, made);
    if (from->handler != 0) {
        vec_push(&l->handlers, ((HandlerFixup){made, from->handler}));
    }
    l->site_owners[index] = l->function;
    l->sites[index] = made;
    return made;
}

static void put_label(Loading *l, uint32_t start, uint32_t label)
{
    if (label != 0) {
        vec_push(&l->jumps, ((Fixup){l->top, start, label}));
    }
    put(l, 0);
}

/* One operand, by its letter: a register or constant, which most are, or another. */
static void put_other(Loading *l, uint32_t start, char letter, uint32_t word);

ACT_INLINE void put_operand(Loading *l, uint32_t start, char letter, uint32_t word)
{
    if (letter == 'd' || letter == 's' || letter == 'r') {
        put(l, argument(l, word));
    } else {
        put_other(l, start, letter, word);
    }
}

static void put_other(Loading *l, uint32_t start, char letter, uint32_t word)
{
    switch (letter) {
    case 'c':
        put(l, argument(l, BC_ARG(BC_K, word)));
        break;
    case 'l':
    case 'f':
        put_label(l, start, word);
        break;
    case 'F':
        vec_push(&l->calls, ((Fixup){l->top, start, word}));
        put(l, 0);
        break;
    case 'E':
        put(l, l->imports[word]);
        break;
    case 'L':
        put(l, l->lambdas[word]);
        break;
    case 'S':
        put(l, site(l, word));
        break;
    default:
        put(l, word);
        break;
    }
}

static void put_operands(Loading *l, uint32_t start, const char *letters, const uint32_t *from)
{
    for (; *letters && *letters != '*'; letters++) {
        put_operand(l, start, *letters, *from++);
    }
    if (!*letters) {
        return;
    }
    uint32_t count = *from++;
    put(l, count);
    for (uint32_t i = 0; i < count; i++) {
        for (const char *letter = letters + 1; *letter; letter++) {
            put_operand(l, start, *letter, *from++);
        }
    }
}

static uint32_t operand_kinds(const char *letters, const uint32_t *from)
{
    uint32_t kinds = FUSE_KINDS_NONE;
    for (; *letters && *letters != '*'; letters++, from++) {
        if (*letters == 'd' || *letters == 'r' || *letters == 's') {
            kinds = fuse_add_kind(kinds, *from);
        }
    }
    return kinds;
}

/* Writes the op word, as part of the instruction before if the two fuse. Returns the start that
 * distances count from. */
static uint32_t put_op(Loading *l, uint32_t xop)
{
    if (l->previous != NOTHING) {
        uint32_t fused = fuse_pair(&l->tables->index->fuse, l->previous_xop, xop);
        if (fused != 0) {
            uint32_t start = l->previous;
            l->code[start] = l->tables->op_words[fused];
            l->previous_xop = fused;
            return start;
        }
    }
    l->previous = l->top;
    l->previous_xop = xop;
    put(l, l->tables->op_words[xop]);
    return l->previous;
}

/* An instruction in the form that the file has, made special or fused where fuse.def says so. */
static void put_plain(Loading *l, uint32_t op, const uint32_t *from)
{
    const BcOpInfo *info = &bc_op_info[op];
    const FuseTable *fuse = &l->tables->index->fuse;
    uint32_t xop = op;
    if (fuse_has_special(fuse, op)) {
        xop = fuse_special(fuse, op, operand_kinds(info->operands, from));
    }
    uint32_t start = put_op(l, xop);
    put_operands(l, start, info->operands, from);
    if (info->site && info->flags != OPF_COLLECT) {
        l->previous = NOTHING;
    }
}

/* As put_plain, for an instruction that only the loader makes; never fused. */
static void put_exec(Loading *l, ExecOp xop, const char *letters, const uint32_t *from)
{
    uint32_t start = l->top;
    put(l, l->tables->op_words[xop]);
    put_operands(l, start, letters, from);
    l->previous = NOTHING;
}

/* The built-in that a call goes to, or -1. from: the F or E operand. */
static int32_t native_of(const Loading *l, uint32_t op, const uint32_t *from)
{
    switch (op) {
    case BC_call:
        return l->natives[from[0]];
    case BC_tail:
        return l->natives[from[1]];
    case BC_call_ext:
        return l->tables->exports[l->imports[from[0]]].bif;
    case BC_tail_ext:
        return l->tables->exports[l->imports[from[1]]].bif;
    default:
        return -1;
    }
}

static void put_call(Loading *l, uint32_t op, const uint32_t *from)
{
    int32_t native = native_of(l, op, from);
    if (native < 0) {
        put_plain(l, op, from);
    } else if (op == BC_call || op == BC_call_ext) {
        put_exec(l, XOP_call_native, "uS", (uint32_t[]){(uint32_t)native, from[1]});
    } else {
        put_exec(l, XOP_tail_native, "uuS", (uint32_t[]){from[0], (uint32_t)native, from[2]});
    }
}

/* dfE…S: the import becomes the built-in's number. */
static void put_bif(Loading *l, uint32_t op, const uint32_t *from)
{
    uint32_t at = l->top + 3;
    const Export *export = &l->tables->exports[l->imports[from[2]]];
    if (op == BC_bif2 && term_same(export->name, ATOM(map_get)) &&
        term_same(export->module, ATOM(erlang))) {
        put_exec(l, XOP_bif_map_get, bc_op_info[op].operands, from);
    } else {
        put_plain(l, op, from);
    }
    l->code[at] = (uint32_t) export->bif;
}

/* A pair of a switch, to be sorted. */
typedef struct {
    uint64_t key;
    uint32_t operand;
    uint32_t label;
} SwitchPair;

static int by_key(const void *a, const void *b)
{
    const SwitchPair *x = a;
    const SwitchPair *y = b;
    return (x->key > y->key) - (x->key < y->key);
}

static uint64_t key_of(const Loading *l, uint32_t op, uint32_t operand)
{
    return op == BC_switch_arity ? operand : l->tables->constants[l->constants[operand]].w;
}

/* The pairs by rising key, a key that comes twice only once. count is updated. */
static SwitchPair *sorted_pairs(const Loading *l, uint32_t op, const uint32_t *from,
                                uint32_t *count)
{
    SwitchPair *pairs = alloc_must(sizeof *pairs * *count);
    for (uint32_t i = 0; i < *count; i++) {
        uint32_t operand = from[2 * (size_t)i];
        pairs[i] = (SwitchPair){key_of(l, op, operand), operand, from[2 * (size_t)i + 1]};
    }
    qsort(pairs, *count, sizeof *pairs, by_key);
    uint32_t kept = 1;
    for (uint32_t i = 1; i < *count; i++) {
        if (pairs[i].key != pairs[kept - 1].key) {
            pairs[kept++] = pairs[i];
        }
    }
    *count = kept;
    return pairs;
}

/* True if the sorted pairs are small integers with few gaps: the table takes no more words than
 * the pairs do. Not for negative ones, whose words sort behind. */
static bool is_dense(const SwitchPair *pairs, uint32_t count)
{
    if ((pairs[0].key & 1) != 0 || (pairs[count - 1].key & 1) != 0 ||
        pairs[count - 1].key > (uint64_t)SMALL_MAX) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        if ((pairs[i].key & 1) != 0) {
            return false;
        }
    }
    return (pairs[count - 1].key - pairs[0].key) / 2 + 1 < 2 * (uint64_t)count;
}

static void put_dense(Loading *l, uint32_t source, uint32_t otherwise, const SwitchPair *pairs,
                      uint32_t count)
{
    uint32_t start = l->top;
    uint32_t range = (uint32_t)((pairs[count - 1].key - pairs[0].key) / 2 + 1);
    put(l, l->tables->op_words[XOP_switch_dense]);
    put_operand(l, start, 's', source);
    put_operand(l, start, 'l', otherwise);
    put_operand(l, start, 'c', pairs[0].operand);
    put(l, range);
    for (uint32_t i = 0, next = 0; i < range; i++) {
        bool here = pairs[next].key == pairs[0].key + 2 * (uint64_t)i;
        put_label(l, start, here ? pairs[next++].label : otherwise);
    }
}

/* sl*cl and rl*ul: see the head of code.h for the forms. */
static void put_switch(Loading *l, uint32_t op, const uint32_t *from)
{
    uint32_t count = from[2];
    if (count <= CODE_SWITCH_LINEAR / 2) {
        put_plain(l, op, from);
        return;
    }
    bool arity = op == BC_switch_arity;
    SwitchPair *pairs = sorted_pairs(l, op, from + 3, &count);
    if (!arity && is_dense(pairs, count)) {
        put_dense(l, from[0], from[1], pairs, count);
    } else if (count <= CODE_SWITCH_LINEAR) {
        put_plain(l, op, from);
    } else {
        uint32_t start = l->top;
        put(l, l->tables->op_words[arity ? XOP_switch_arity_sorted : XOP_switch_sorted]);
        put_operand(l, start, 's', from[0]);
        put_operand(l, start, 'l', from[1]);
        put(l, count);
        for (uint32_t i = 0; i < count; i++) {
            put_operand(l, start, arity ? 'u' : 'c', pairs[i].operand);
            put_operand(l, start, 'l', pairs[i].label);
        }
    }
    l->previous = NOTHING;
    alloc_free(pairs);
}

static void put_instruction(Loading *l, uint32_t op, const uint32_t *from)
{
    switch (op) {
    case BC_label:
        l->labels.items[from[0]] = l->top;
        l->previous = NOTHING;
        break;
    case BC_call:
    case BC_call_ext:
    case BC_tail:
    case BC_tail_ext:
        put_call(l, op, from);
        break;
    case BC_bif0:
    case BC_bif1:
    case BC_bif2:
    case BC_bif3:
        l->previous = NOTHING;
        put_bif(l, op, from);
        break;
    case BC_switch_value:
    case BC_switch_arity:
        l->previous = NOTHING;
        put_switch(l, op, from);
        break;
    default:
        put_plain(l, op, from);
        break;
    }
    if (bc_op_info[op].flags & OPF_ENDS) {
        l->previous = NOTHING;
    }
}

/* Fills in what named labels of this function. */
static void resolve_labels(Loading *l)
{
    for (size_t i = 0; i < l->jumps.count; i++) {
        const Fixup *f = &l->jumps.items[i];
        l->code[f->at] = l->labels.items[f->target] - f->start;
    }
    for (size_t i = 0; i < l->handlers.count; i++) {
        const HandlerFixup *h = &l->handlers.items[i];
        l->tables->sites[h->site].handler = l->code + l->labels.items[h->label];
    }
    l->jumps.count = 0;
    l->handlers.count = 0;
}

void translate_function(Loading *l, uint32_t index)
{
    const BcFunction *f = &l->file->functions.items[index];
    put(l, l->module->first_function + index);
    l->entries[index] = l->top;
    l->function = index;
    l->previous = NOTHING;
    if (l->natives[index] >= 0) {
        put(l, l->tables->op_words[XOP_native_stub]);
        put(l, (uint32_t)l->natives[index]);
        return;
    }
    l->labels.count = 0;
    vec_reserve(&l->labels, (size_t)f->labels + 1);
    for (size_t at = 0; at < f->code.count;) {
        put_instruction(l, f->code.items[at], &f->code.items[at] + 1);
        at += bc_op_length(f->code.items, at, f->code.count);
    }
    resolve_labels(l);
}

void translate_finish(Loading *l)
{
    for (size_t i = 0; i < l->calls.count; i++) {
        const Fixup *f = &l->calls.items[i];
        l->code[f->at] = l->entries[f->target] - f->start;
    }
}
