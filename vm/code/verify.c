/* SPDX-License-Identifier: Apache-2.0 */
/* vm/code/verify.c: the shape of a module file: every number in it leads to something of the right
 * kind. Then verify_flow.c follows what can be reached. docs/design/VERIFIER.md has the rules. */
#include "vm/code/verify.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    BUDGET_BASE = 10000000,
    BUDGET_PER_WORD = 1000,
    VERIFY_MAX_FILES = 65535,
    VERIFY_MAX_UNIT = 256,
};

bool verify_fail(Verify *v, const char *format, ...)
{
    char what[200];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    if (!v->function) {
        snprintf(v->error, v->error_size, "%s", what);
        return false;
    }
    const BcFunction *f = v->function;
    const char *op = v->at < f->code.count && f->code.items[v->at] < BC__count
                         ? bc_op_info[f->code.items[v->at]].name
                         : "?";
    snprintf(v->error, v->error_size, "function %.*s/%u, word %zu (%s): %s", (int)f->name->count,
             f->name->text, f->arity, v->at, op, what);
    return false;
}

bool verify_spend(Verify *v, uint64_t steps)
{
    if (steps > v->budget) {
        return verify_fail(v, "too much to prove");
    }
    v->budget -= steps;
    return true;
}

/* constants */

static bool big_is_canonical(const Konst *k)
{
    if (k->count == 0 || k->big.limbs[k->count - 1] == 0) {
        return false;
    }
    uint64_t least = (uint64_t)INT64_MAX + (k->big.negative ? 2 : 1);
    return k->count > 1 || k->big.limbs[0] >= least;
}

static bool is_atom(const Konst *k)
{
    return k && k->kind == KONST_ATOM;
}

static bool check_konst(Verify *v, const Konst *k);

static bool check_items(Verify *v, const Konst *k)
{
    for (uint32_t i = 0; i < k->count; i++) {
        if (!check_konst(v, k->list.items[i])) {
            return false;
        }
    }
    return true;
}

/* Recursion: how deep constants nest has been looked at. */
static bool check_konst(Verify *v, const Konst *k)
{
    switch (k->kind) {
    case KONST_BIG:
        return big_is_canonical(k) || verify_fail(v, "a large integer is not in its normal form");
    case KONST_FLOAT:
        return isfinite(k->real) || verify_fail(v, "a float is no number");
    case KONST_LIST:
        return check_items(v, k) && (!k->list.tail || check_konst(v, k->list.tail));
    case KONST_TUPLE:
        return k->count <= VERIFY_MAX_TUPLE ? check_items(v, k)
                                            : verify_fail(v, "a tuple is too large");
    case KONST_MAP:
        return k->count % 2 == 0 ? check_items(v, k) : verify_fail(v, "a map lacks a value");
    case KONST_FUN:
        return (is_atom(k->fun.module) && is_atom(k->fun.name) && k->fun.arity <= BC_MAX_ARITY) ||
               verify_fail(v, "a constant fun has no proper name");
    default:
        return k->kind < KONST__count || verify_fail(v, "a constant of no kind");
    }
}

static bool check_root(Verify *v, const Konst *k)
{
    if (konst_is_deep(k, KONST_MAX_DEPTH)) {
        return verify_fail(v, "a constant nests too deep");
    }
    return check_konst(v, k);
}

/* tables */

static bool check_tables(Verify *v)
{
    const BcModule *file = v->file;
    if (!is_atom(file->name) || (file->on_load && !is_atom(file->on_load))) {
        return verify_fail(v, "a name is no atom");
    }
    for (size_t i = 0; i < file->konsts.count; i++) {
        if (!check_root(v, file->konsts.items[i])) {
            return false;
        }
    }
    if ((file->attributes && !check_root(v, file->attributes)) ||
        (file->compile && !check_root(v, file->compile)) ||
        (file->heads && !check_root(v, file->heads))) {
        return false;
    }
    for (size_t i = 0; i < file->imports.count; i++) {
        const BcImport *import = &file->imports.items[i];
        if (!is_atom(import->module) || !is_atom(import->name) || import->arity > BC_MAX_ARITY) {
            return verify_fail(v, "import %zu has no proper name", i);
        }
    }
    for (size_t i = 0; i < file->functions.count; i++) {
        const BcFunction *f = &file->functions.items[i];
        if (!is_atom(f->name) || f->arity > BC_MAX_ARITY) {
            return verify_fail(v, "function %zu has no proper name", i);
        }
    }
    return true;
}

static bool check_lambdas(Verify *v)
{
    const BcModule *file = v->file;
    for (size_t i = 0; i < file->lambdas.count; i++) {
        const BcLambda *l = &file->lambdas.items[i];
        if (l->function >= file->functions.count || l->arity > BC_MAX_ARITY ||
            l->free > BC_MAX_ARITY ||
            l->arity + l->free != file->functions.items[l->function].arity) {
            return verify_fail(v, "lambda %zu does not fit its function", i);
        }
        if (file->functions.items[l->function].smalls) {
            return verify_fail(v, "the function of lambda %zu takes not just any term", i);
        }
    }
    return true;
}

static bool check_sites(Verify *v)
{
    const BcModule *file = v->file;
    if (file->files.count > VERIFY_MAX_FILES) {
        return verify_fail(v, "too many source files");
    }
    for (size_t i = 0; i < file->sites.count; i++) {
        const BcSite *s = &file->sites.items[i];
        if (s->frame > BC_MAX_Y || s->live_count > BC_MAX_X ||
            (s->file >= file->files.count && s->file != 0)) {
            return verify_fail(v, "site %zu is out of bounds", i);
        }
    }
    return true;
}

static int by_name(const void *a, const void *b)
{
    const BcFunction *x = *(const BcFunction *const *)a;
    const BcFunction *y = *(const BcFunction *const *)b;
    if (x->name->count != y->name->count) {
        return x->name->count < y->name->count ? -1 : 1;
    }
    int order = memcmp(x->name->text, y->name->text, x->name->count);
    return order != 0 ? order : (x->arity > y->arity) - (x->arity < y->arity);
}

/* No function twice. */
static bool check_names(Verify *v)
{
    size_t count = v->file->functions.count;
    const BcFunction **sorted = alloc_must(sizeof *sorted * ACT_MAX(count, 1));
    for (size_t i = 0; i < count; i++) {
        sorted[i] = &v->file->functions.items[i];
    }
    qsort(sorted, count, sizeof *sorted, by_name);
    bool ok = true;
    for (size_t i = 1; i < count && ok; i++) {
        if (by_name(&sorted[i - 1], &sorted[i]) == 0) {
            ok = verify_fail(v, "function %.*s/%u is there twice", (int)sorted[i]->name->count,
                             sorted[i]->name->text, sorted[i]->arity);
        }
    }
    alloc_free(sorted);
    return ok;
}

/* operands */

static bool check_argument(Verify *v, char letter, uint32_t argument)
{
    uint32_t index = BC_ARG_INDEX(argument);
    switch (BC_ARG_KIND(argument)) {
    case BC_X:
        return index < BC_MAX_X || verify_fail(v, "x%u does not exist", index);
    case BC_Y:
        return index < BC_MAX_Y || verify_fail(v, "y%u does not exist", index);
    case BC_K:
        if (letter != 's') {
            return verify_fail(v, "a constant where a register must be");
        }
        return index < v->file->konsts.count || verify_fail(v, "constant %u does not exist", index);
    default:
        return verify_fail(v, "an operand of no kind");
    }
}

static bool check_index(Verify *v, uint32_t index, size_t count, const char *what)
{
    return index < count || verify_fail(v, "%s %u does not exist", what, index);
}

static bool check_label(Verify *v, uint32_t label, bool may_be_none)
{
    if (label == 0 && may_be_none) {
        return true;
    }
    if (label == 0 || label >= v->labels.count) {
        return verify_fail(v, "label %u does not exist", label);
    }
    v->labels.items[label].used = true;
    return true;
}

/* The loader resolves each site's, also where nothing can raise. */
static bool check_handler(Verify *v, uint32_t label)
{
    if (label != 0 && label >= v->labels.count) {
        return verify_fail(v, "the site's handler is no label here");
    }
    return label == 0 || check_label(v, label, true);
}

static bool check_letter(Verify *v, char letter, uint32_t word)
{
    const BcModule *file = v->file;
    switch (letter) {
    case 'd':
    case 'r':
    case 's':
        return check_argument(v, letter, word);
    case 'l':
        return check_label(v, word, false);
    case 'f':
        return check_label(v, word, true);
    case 'S':
        return check_index(v, word, file->sites.count, "site") &&
               check_handler(v, file->sites.items[word].handler);
    case 'F':
        return check_index(v, word, file->functions.count, "function");
    case 'E':
        return check_index(v, word, file->imports.count, "import");
    case 'L':
        return check_index(v, word, file->lambdas.count, "lambda");
    case 'c':
        return check_index(v, word, file->konsts.count, "constant");
    default:
        return true;
    }
}

static bool check_letters(Verify *v, uint32_t op, const uint32_t *a)
{
    const char *letters = bc_op_info[op].operands;
    for (; *letters && *letters != '*'; letters++) {
        if (!check_letter(v, *letters, *a++)) {
            return false;
        }
    }
    if (!*letters) {
        return true;
    }
    uint32_t count = *a++;
    for (uint32_t i = 0; i < count; i++) {
        for (const char *letter = letters + 1; *letter; letter++) {
            if (!check_letter(v, *letter, *a++)) {
                return false;
            }
        }
    }
    return true;
}

/* What the letters do not say. */

static bool check_guard(Verify *v, uint32_t import, uint32_t arity)
{
    if (v->guards[import] < 0) {
        const BcImport *i = &v->file->imports.items[import];
        Arena scratch = {0};
        const char *module = arena_strndup(&scratch, i->module->text, i->module->count);
        const char *name = arena_strndup(&scratch, i->name->text, i->name->count);
        v->guards[import] = code_native_is_guard(code_native_find(module, name, i->arity));
        arena_free(&scratch);
    }
    return (v->guards[import] == 1 && v->file->imports.items[import].arity == arity) ||
           verify_fail(v, "import %u is no built-in of %u arguments for guards", import, arity);
}

static bool check_unit(Verify *v, uint32_t unit)
{
    return (unit >= 1 && unit <= VERIFY_MAX_UNIT) || verify_fail(v, "a unit of %u bits", unit);
}

static bool check_segment(Verify *v, uint32_t spec, uint32_t unit)
{
    return ((spec & BC_SEG_TYPE) <= BC_SEG_UTF32 || verify_fail(v, "a segment of no known kind")) &&
           check_unit(v, unit);
}

static bool check_segments(Verify *v, const uint32_t *a, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++, a += 4) {
        if (!check_segment(v, a[0], a[3])) {
            return false;
        }
    }
    return true;
}

static bool check_keys(Verify *v, const uint32_t *pairs, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const Konst *k = v->file->konsts.items[pairs[2 * (size_t)i]];
        if (k->kind != KONST_ATOM && !(k->kind == KONST_INT && small_fits(k->integer))) {
            return verify_fail(v, "a key that is no atom or small integer");
        }
    }
    return true;
}

static bool check_tuple_size(Verify *v, uint32_t size)
{
    return size <= VERIFY_MAX_TUPLE || verify_fail(v, "a tuple is too large");
}

static bool check_arities(Verify *v, const uint32_t *pairs, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (!check_tuple_size(v, pairs[2 * (size_t)i])) {
            return false;
        }
    }
    return true;
}

static bool check_tagged(Verify *v, uint32_t size, uint32_t tag)
{
    return check_tuple_size(v, size) && ((size >= 1 && is_atom(v->file->konsts.items[tag])) ||
                                         verify_fail(v, "a tag that is no atom"));
}

static bool check_type_test(Verify *v, uint32_t op)
{
    return (op >= BC_is_atom && op <= BC_is_true && strcmp(bc_op_info[op].operands, "ls") == 0) ||
           verify_fail(v, "no test of one operand");
}

static bool in_bounds(Verify *v, uint32_t number, uint32_t most)
{
    return number <= most || verify_fail(v, "%u is more than %u", number, most);
}

static bool check_take(Verify *v, uint32_t bits, uint32_t spec)
{
    enum { MOST = 56, FLAGS = BC_SEG_SIGNED | BC_SEG_LITTLE | BC_SEG_NATIVE };
    return (bits > 0 || verify_fail(v, "no bits are taken")) && in_bounds(v, bits, MOST) &&
           ((spec & ~(uint32_t)FLAGS) == 0 || verify_fail(v, "segment %u is no integer", spec)) &&
           (bits % 8 == 0 || (spec & (BC_SEG_LITTLE | BC_SEG_NATIVE)) == 0 ||
            verify_fail(v, "little-endian, but not of whole bytes"));
}

static bool check_special(Verify *v, uint32_t op, const uint32_t *a)
{
    switch (op) {
    case BC_frame:
        return in_bounds(v, a[0], BC_MAX_Y) && in_bounds(v, a[1], BC_MAX_HEAP_NEED);
    case BC_heap:
        return in_bounds(v, a[0], BC_MAX_HEAP_NEED);
    case BC_unframe:
    case BC_return:
    case BC_tail:
    case BC_tail_ext:
        return in_bounds(v, a[0], BC_MAX_Y);
    case BC_call_fun:
        return in_bounds(v, a[1], BC_MAX_ARITY);
    case BC_apply:
        return in_bounds(v, a[2], BC_MAX_ARITY);
    case BC_tail_fun:
        return in_bounds(v, a[2], BC_MAX_ARITY);
    case BC_tail_apply:
        return in_bounds(v, a[3], BC_MAX_ARITY);
    case BC_tuple:
        return a[1] >= 1 ? check_tuple_size(v, a[1]) : verify_fail(v, "an empty tuple");
    case BC_make_fun:
        return a[2] == v->file->lambdas.items[a[1]].free ||
               verify_fail(v, "%u free values for lambda %u", a[2], a[1]);
    case BC_update_element:
    case BC_element:
    case BC_is_arity:
    case BC_is_tuple_of:
        return check_tuple_size(v, a[2]);
    case BC_head_tail:
        return a[0] != a[1] || verify_fail(v, "head and tail go to one register");
    case BC_is_tagged:
        return check_tagged(v, a[2], a[3]);
    case BC_switch_value:
        return check_keys(v, a + 3, a[2]);
    case BC_switch_arity:
        return check_arities(v, a + 3, a[2]);
    case BC_compare:
        return in_bounds(v, a[1], 7);
    case BC_type_test:
        return check_type_test(v, a[1]);
    case BC_bif0:
    case BC_bif1:
    case BC_bif2:
    case BC_bif3:
        return check_guard(v, a[2], op - BC_bif0);
    case BC_fail:
        return in_bounds(v, a[0], BC_FAIL__count - 1);
    case BC_bs_build:
        return check_segments(v, a + 4, a[3]);
    case BC_bs_get:
        return check_segment(v, a[3], a[4]);
    case BC_bs_skip:
        return check_segment(v, a[2], a[3]);
    case BC_bs_take:
        return check_take(v, a[3], a[4]);
    case BC_bs_bits_left:
        return check_unit(v, a[2]);
    default:
        return true;
    }
}

/* functions */

static bool stand_label(Verify *v, uint32_t label)
{
    if (label == 0 || label >= v->labels.count) {
        return verify_fail(v, "label %u is out of bounds", label);
    }
    VerifyLabel *l = &v->labels.items[label];
    if (l->at != VERIFY_NOWHERE) {
        return verify_fail(v, "label %u stands twice", label);
    }
    l->at = (uint32_t)v->at;
    l->order = (uint32_t)v->by_place.count;
    vec_push(&v->by_place, label);
    return true;
}

static bool begin_labels(Verify *v)
{
    const BcFunction *f = v->function;
    if (f->code.count >= VERIFY_NOWHERE || f->labels > f->code.count) {
        return verify_fail(v, "more labels than code");
    }
    v->labels.count = 0;
    v->by_place.count = 0;
    vec_reserve(&v->labels, (size_t)f->labels + 1);
    v->labels.count = (size_t)f->labels + 1;
    for (size_t i = 0; i < v->labels.count; i++) {
        v->labels.items[i] = (VerifyLabel){.at = VERIFY_NOWHERE};
    }
    return true;
}

static bool check_shape(Verify *v)
{
    const BcFunction *f = v->function;
    uint32_t last = BC_label;
    if (!begin_labels(v)) {
        return false;
    }
    for (v->at = 0; v->at < f->code.count;) {
        size_t length = bc_op_length(f->code.items, v->at, f->code.count);
        if (length == 0) {
            return verify_fail(v, "no instruction, or cut off");
        }
        last = f->code.items[v->at];
        const uint32_t *a = f->code.items + v->at + 1;
        if (last == BC_label ? !stand_label(v, a[0])
                             : !check_letters(v, last, a) || !check_special(v, last, a)) {
            return false;
        }
        v->at += length;
    }
    if ((bc_op_info[last].flags & OPF_ENDS) == 0) {
        return verify_fail(v, "the code runs out of its function");
    }
    for (size_t i = 1; i < v->labels.count; i++) {
        if (v->labels.items[i].used && v->labels.items[i].at == VERIFY_NOWHERE) {
            return verify_fail(v, "label %zu stands nowhere", i);
        }
    }
    return true;
}

static bool check_functions(Verify *v)
{
    for (size_t i = 0; i < v->file->functions.count; i++) {
        v->function = &v->file->functions.items[i];
        v->at = 0;
        if (v->function->exported && v->function->smalls) {
            return verify_fail(v, "it is exported, but takes not just any term");
        }
        if (!check_shape(v) || !verify_cycles(v) || !verify_flow(v)) {
            return false;
        }
    }
    v->function = NULL;
    return true;
}

bool code_verify(const BcModule *file, char *error, size_t error_size)
{
    uint64_t words = 0;
    for (size_t i = 0; i < file->functions.count; i++) {
        words += file->functions.items[i].code.count;
    }
    Verify v = {.file = file,
                .error = error,
                .error_size = error_size,
                .budget = BUDGET_BASE + BUDGET_PER_WORD * words};
    v.state = alloc_must(sizeof *v.state);
    v.state->stamp = 0;
    v.state->y_room = VERIFY_LIVE_Y;
    v.state->y = alloc_must(v.state->y_room * sizeof *v.state->y);
    v.state->y_copy = alloc_must(v.state->y_room * sizeof *v.state->y_copy);
    v.guards = alloc_must(ACT_MAX(file->imports.count, 1));
    memset(v.guards, -1, ACT_MAX(file->imports.count, 1));
    bool ok = check_tables(&v) && check_lambdas(&v) && check_sites(&v) && check_names(&v) &&
              check_functions(&v);
    alloc_free(v.state->y);
    alloc_free(v.state->y_copy);
    alloc_free(v.state);
    alloc_free(v.guards);
    vec_free(&v.labels);
    vec_free(&v.by_place);
    vec_free(&v.pool);
    return ok;
}
