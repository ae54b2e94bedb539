/* SPDX-License-Identifier: Apache-2.0 */
/* test/oracle/term_driver.c: answers the questions of term_oracle.erl with vm/term. Terms come in
 * the external format; numbers go out in it, so that what is compared is exact. */
#include "test/oracle/etf.h"
#include "vm/base/alloc.h"
#include "vm/term/arith.h"
#include "vm/term/atom.h"
#include "vm/term/compare.h"
#include "vm/term/copy.h"
#include "vm/term/float_text.h"
#include "vm/term/hash.h"
#include "vm/term/print.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct {
    Heap heap;
    TermRoom room;
    AtomTable *atoms;
    char *words[4]; /* of the question */
} Driver;

/* A number as term_to_binary writes it, in hex. */
static void answer_number(Term t, NumberError error)
{
    if (term_same(t, TERM_NONE)) {
        printf("%s\n", error == NUMBER_BADARITH ? "badarith" : "system_limit");
    } else if (term_is_float(t)) {
        double value = float_value(t);
        uint64_t bits;
        memcpy(&bits, &value, sizeof bits);
        printf("8346%016llx\n", (unsigned long long)bits);
    } else if (term_is_small(t) && small_value(t) >= 0 && small_value(t) < 256) {
        printf("8361%02x\n", (unsigned)small_value(t));
    } else if (term_is_small(t) && small_value(t) == (int32_t)small_value(t)) {
        printf("8362%08x\n", (unsigned)small_value(t));
    } else {
        BigView v;
        big_open(&v, t);
        size_t size = v.count * 8;
        const unsigned char *bytes = (const unsigned char *)v.limbs;
        while (bytes[size - 1] == 0) {
            size--;
        }
        printf(size < 256 ? "836e%02zx%02x" : "836f%08zx%02x", size, (unsigned)v.negative);
        for (size_t i = 0; i < size; i++) {
            printf("%02x", bytes[i]);
        }
        printf("\n");
    }
}

typedef Term (*Binary)(const TermRoom *, Term, Term, NumberError *);
typedef Term (*Unary)(const TermRoom *, Term, NumberError *);

static const struct {
    const char *name;
    Binary binary;
    Unary unary;
} operators[] = {
    {"add", arith_add, NULL},     {"sub", arith_sub, NULL},     {"mul", arith_mul, NULL},
    {"fdiv", arith_fdiv, NULL},   {"div", arith_div, NULL},     {"rem", arith_rem, NULL},
    {"band", arith_band, NULL},   {"bor", arith_bor, NULL},     {"bxor", arith_bxor, NULL},
    {"bsl", arith_bsl, NULL},     {"bsr", arith_bsr, NULL},     {"bnot", NULL, arith_bnot},
    {"neg", NULL, arith_neg},     {"abs", NULL, arith_abs},     {"trunc", NULL, arith_trunc},
    {"round", NULL, arith_round}, {"floor", NULL, arith_floor}, {"ceil", NULL, arith_ceil},
    {"float", NULL, arith_float},
};

static bool answer_operator(Driver *d, Term a, Term b)
{
    NumberError error = NUMBER_OK;
    for (size_t i = 0; i < ACT_COUNT(operators); i++) {
        if (strcmp(operators[i].name, d->words[0]) == 0) {
            Term t = operators[i].binary ? operators[i].binary(&d->room, a, b, &error)
                                         : operators[i].unary(&d->room, a, &error);
            answer_number(t, error);
            return true;
        }
    }
    return false;
}

static void answer_compare(Driver *d, Term a, Term b)
{
    int order = term_compare(d->atoms, a, b);
    int exact = term_compare_exact(d->atoms, a, b);
    bool equal = term_equal_exact(a, b);
    VM_CHECK(!equal || term_hash(a) == term_hash(b));
    printf("%d %d %d %d\n", (order > 0) - (order < 0), (exact > 0) - (exact < 0), term_equal(a, b),
           equal);
}

static void answer_text(Driver *d, Term t, unsigned base)
{
    NumberError error;
    char *out = alloc_must(big_text_room(t, base));
    size_t length = big_text(t, base, out);
    VM_CHECK(length <= big_text_room(t, base));
    bool negative = out[0] == '-';
    Term back = big_parse(&d->room, out + negative, length - negative, base, negative, &error);
    VM_CHECK(term_equal_exact(t, back));
    printf("%.*s\n", (int)length, out);
    alloc_free(out);
}

/* Copying must give the same term. */
static void check_copy(Term t)
{
    CopyPlan plan;
    VM_CHECK(copy_plan(&plan, t, NULL, NULL));
    Fragment *f = fragment_new(plan.words);
    f->used = plan.words;
    Term copy = copy_run(&plan, f->words, &f->off_heap);
    VM_CHECK(term_equal_exact(t, copy) && term_hash(t) == term_hash(copy));
    fragment_free(f);
}

static void answer_print(Driver *d, Term t, PrintStyle style)
{
    TextBuffer text = {0};
    check_copy(t);
    term_print(&text, d->atoms, t, style, 0);
    printf("%.*s\n", (int)text.length, text.bytes);
    text_free(&text);
}

static void answer_float_text(Driver *d, double value)
{
    char out[FLOAT_TEXT_DECIMALS_MAX];
    double back;
    size_t length;
    unsigned digits = d->words[2] ? (unsigned)atoi(d->words[2]) : 0;
    if (strcmp(d->words[0], "short") == 0) {
        length = float_text_short(value, out);
        VM_CHECK(float_text_parse(out, length, &back) && back == value);
    } else if (strcmp(d->words[0], "scientific") == 0) {
        length = float_text_scientific(value, digits, out);
    } else {
        length = float_text_decimals(value, digits, false, out);
    }
    printf("%.*s\n", (int)length, out);
}

static void answer_parse(Driver *d)
{
    double value;
    if (float_text_parse(d->words[1], strlen(d->words[1]), &value)) {
        answer_number(float_make(&d->room, value), NUMBER_OK);
    } else {
        printf("badarg\n");
    }
}

static void answer(Driver *d)
{
    const char *op = d->words[0];
    if (strcmp(op, "parse") == 0) {
        answer_parse(d);
        return;
    }
    Term a = etf_read_hex(&d->heap, d->atoms, d->words[1]);
    bool two = d->words[2] && strncmp(d->words[2], "83", 2) == 0;
    Term b = two ? etf_read_hex(&d->heap, d->atoms, d->words[2]) : TERM_NIL;
    if (answer_operator(d, a, b)) {
        return;
    }
    if (strcmp(op, "compare") == 0) {
        answer_compare(d, a, b);
    } else if (strcmp(op, "phash2") == 0) {
        printf("%u %u\n", term_phash2(d->atoms, a), term_phash2_wide(d->atoms, a));
    } else if (strcmp(op, "w") == 0 || strcmp(op, "tw") == 0) {
        answer_print(d, a, op[0] == 'w' ? PRINT_W : PRINT_TW);
    } else if (strcmp(op, "text") == 0) {
        answer_text(d, a, (unsigned)atoi(d->words[2]));
    } else {
        answer_float_text(d, float_value(a));
    }
}

int main(void)
{
    Driver d = {.atoms = atom_table_new(NULL)};
    char *line = NULL;
    size_t room = 0;
    VM_CHECK(d.atoms);
    while (getline(&line, &room, stdin) > 0) {
        char *rest = line;
        memset(d.words, 0, sizeof d.words);
        for (int i = 0; i < 4 && (d.words[i] = strtok_r(rest, " \n", &rest)); i++) {
        }
        VM_CHECK(heap_init(&d.heap, 1000, NULL, NULL));
        d.room = heap_room(&d.heap);
        answer(&d);
        heap_free(&d.heap);
    }
    free(line);
    atom_table_free(d.atoms);
    return 0;
}
