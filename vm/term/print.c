/* SPDX-License-Identifier: Apache-2.0 */
/* vm/term/print.c: text of any term. What is open (lists, tuples, maps) stands on a stack of its
 * own, so depth costs memory, not C stack. */
#include "vm/term/print.h"

#include "vm/base/alloc.h"
#include "vm/base/vec.h"
#include "vm/term/big.h"
#include "vm/term/binary.h"
#include "vm/term/float_text.h"
#include "vm/term/map.h"

typedef enum { OPEN_LIST, OPEN_TUPLE, OPEN_MAP } OpenKind;

typedef struct {
    OpenKind kind;
    bool begun;       /* an item has been written */
    bool value;       /* map: the key has been written */
    Term tail;        /* list: what is left; map: the value to write */
    const Term *next; /* tuple */
    size_t count;
    MapIter *it; /* map; owned */
} OpenTerm;

typedef struct {
    TextBuffer *text;
    const AtomTable *atoms;
    PrintStyle style;
    VEC(OpenTerm) open;
} Printer;

static void print_integer(TextBuffer *text, Term t)
{
    char few[64];
    size_t room = big_text_room(t, 10);
    char *out = room <= sizeof few ? few : alloc_must(room);
    text_add(text, out, big_text(t, 10, out));
    if (out != few) {
        alloc_free(out);
    }
}

static void print_float(const Printer *p, Term t)
{
    char out[FLOAT_TEXT_SCIENTIFIC_MAX];
    size_t length = p->style == PRINT_DISPLAY ? float_text_scientific(float_value(t), 6, out)
                                              : float_text_short(float_value(t), out);
    text_add(p->text, out, length);
}

/* What erlang:display takes for text: a list of these, in Latin-1… */
static bool is_printable(int64_t c)
{
    return (c >= 32 && c < 127) || c == '\t' || c == '\n' || c == '\r' || (c >= 160 && c < 256);
}

/* …and a binary of these. */
static bool is_visible(unsigned c)
{
    return c >= 32 && c < 127;
}

/* Only what would end the text or the line is escaped; the byte is written as it is. */
static void add_in_string(TextBuffer *text, unsigned char c)
{
    if (c == '\n') {
        text_add(text, "\\n", 2);
        return;
    }
    if (c == '"') {
        text_add_char(text, '\\');
    }
    text_add_char(text, (char)c);
}

static bool list_is_text(Term t)
{
    while (term_is_cons(t) && term_is_small(cons_head(t)) &&
           is_printable(small_value(cons_head(t)))) {
        t = cons_tail(t);
    }
    return term_is_nil(t);
}

static void print_string(TextBuffer *text, Term t)
{
    text_add_char(text, '"');
    for (; term_is_cons(t); t = cons_tail(t)) {
        add_in_string(text, (unsigned char)small_value(cons_head(t)));
    }
    text_add_char(text, '"');
}

/* The bits of the view from bit `at`, at most 8, as a number. */
static unsigned bits_at(const BinaryView *view, size_t at, size_t bits)
{
    unsigned char byte = 0;
    binary_copy_bits(view->bytes, view->offset + at, &byte, 0, bits);
    return (unsigned)byte >> (8 - bits);
}

static bool bits_are_text(const BinaryView *view)
{
    bool text = view->bits % 8 == 0 && view->bits > 0;
    for (size_t at = 0; text && at < view->bits; at += 8) {
        text = is_visible(bits_at(view, at, 8));
    }
    return text;
}

static void print_bits(const Printer *p, Term t, size_t limit)
{
    BinaryView view;
    VM_CHECK(binary_view(t, &view));
    text_add(p->text, "<<", 2);
    if (p->style == PRINT_DISPLAY && bits_are_text(&view)) {
        text_add_char(p->text, '"');
        for (size_t at = 0; at < view.bits && p->text->length < limit; at += 8) {
            add_in_string(p->text, (unsigned char)bits_at(&view, at, 8));
        }
        text_add_char(p->text, '"');
    } else {
        for (size_t at = 0; at < view.bits && p->text->length < limit; at += 8) {
            size_t bits = ACT_MIN(view.bits - at, 8);
            text_printf(p->text, at > 0 ? ",%u" : "%u", bits_at(&view, at, bits));
            if (bits < 8) {
                text_printf(p->text, ":%zu", bits);
            }
        }
    }
    text_add(p->text, ">>", 2);
}

static void open_term(Printer *p, OpenTerm open, const char *bracket)
{
    text_add(p->text, bracket, strlen(bracket));
    vec_push(&p->open, open);
}

static void open_map(Printer *p, Term t)
{
    OpenTerm open = {.kind = OPEN_MAP, .it = alloc_must(sizeof *open.it)};
    map_iter(open.it, t);
    open_term(p, open, "#{");
}

static void print_boxed(Printer *p, Term t, size_t limit)
{
    switch (header_kind(boxed_header(t))) {
    case BOXED_TUPLE:
        open_term(p,
                  (OpenTerm){.kind = OPEN_TUPLE, .next = tuple_items(t), .count = tuple_arity(t)},
                  "{");
        break;
    case BOXED_MAP:
    case BOXED_HAMT:
        open_map(p, t);
        break;
    case BOXED_FUN:
    case BOXED_EXPORT:
        print_fun(p->text, p->atoms, t, p->style);
        break;
    case BOXED_BIG:
    case BOXED_BIG_NEGATIVE:
        print_integer(p->text, t);
        break;
    case BOXED_FLOAT:
        print_float(p, t);
        break;
    case BOXED_REF:
    case BOXED_MAGIC:
        print_ref(p->text, t);
        break;
    case BOXED_SUB_BINARY:
    case BOXED_BINARY:
    case BOXED_REFC:
        print_bits(p, t, limit);
        break;
    default:
        text_add(p->text, "#Internal<>", 11);
    }
}

static void print_immediate(Printer *p, Term t)
{
    if (term_is_atom(t)) {
        print_atom(p->text, p->atoms, t, p->style);
    } else if (term_is_pid(t)) {
        print_pid(p->text, t);
    } else if (term_is_port(t)) {
        print_port(p->text, t);
    } else if (term_is_nil(t)) {
        text_add(p->text, "[]", 2);
    } else {
        text_add(p->text, "#None<>", 7);
    }
}

/* Writes a term without parts, or opens one with parts. */
static void print_one(Printer *p, Term t, size_t limit)
{
    if (term_is_small(t)) {
        print_integer(p->text, t);
    } else if (term_is_cons(t)) {
        if (p->style == PRINT_DISPLAY && list_is_text(t)) {
            print_string(p->text, t);
        } else {
            open_term(p, (OpenTerm){.kind = OPEN_LIST, .tail = t}, "[");
        }
    } else if (term_is_boxed(t)) {
        print_boxed(p, t, limit);
    } else if ((t.w & TAG_MASK) == TAG_FLOAT) {
        print_float(p, t);
    } else {
        print_immediate(p, t);
    }
}

/* What stands between the last item of the open map and *t; false when it has been closed. */
static bool next_in_map(Printer *p, OpenTerm *open, Term *t)
{
    if (open->value) {
        const char *arrow = p->style == PRINT_DISPLAY ? "=>" : " => ";
        text_add(p->text, arrow, strlen(arrow));
        open->value = false;
        *t = open->tail;
        return true;
    }
    if (!map_iter_next(open->it, t, &open->tail)) {
        return false;
    }
    if (open->begun) {
        text_add_char(p->text, ',');
    }
    open->begun = open->value = true;
    return true;
}

static bool next_in_list(Printer *p, OpenTerm *open, Term *t)
{
    if (term_is_nil(open->tail)) {
        return false;
    }
    bool proper = term_is_cons(open->tail);
    if (open->begun) {
        text_add_char(p->text, proper ? ',' : '|');
    }
    open->begun = true;
    *t = proper ? cons_head(open->tail) : open->tail;
    open->tail = proper ? cons_tail(open->tail) : TERM_NIL;
    return true;
}

static bool next_in_tuple(Printer *p, OpenTerm *open, Term *t)
{
    if (open->count == 0) {
        return false;
    }
    if (open->begun) {
        text_add_char(p->text, ',');
    }
    open->begun = true;
    open->count--;
    *t = *open->next++;
    return true;
}

/* The next term to write; closes what has come to its end. False when all is closed. */
static bool next_item(Printer *p, Term *t)
{
    while (p->open.count > 0) {
        OpenTerm *open = &vec_last(&p->open);
        bool more = open->kind == OPEN_LIST    ? next_in_list(p, open, t)
                    : open->kind == OPEN_TUPLE ? next_in_tuple(p, open, t)
                                               : next_in_map(p, open, t);
        if (more) {
            return true;
        }
        text_add_char(p->text, open->kind == OPEN_LIST ? ']' : '}');
        alloc_free(open->it);
        p->open.count--;
    }
    return false;
}

void term_print(TextBuffer *text, const AtomTable *atoms, Term t, PrintStyle style, size_t limit)
{
    Printer p = {.text = text, .atoms = atoms, .style = style};
    size_t end = limit == 0 ? SIZE_MAX : text->length + limit;
    print_one(&p, t, end);
    while (text->length < end && next_item(&p, &t)) {
        print_one(&p, t, end);
    }
    if (text->length > end || p.open.count > 0) {
        text->length = ACT_MIN(text->length, end);
        text_add(text, "...", 3);
    }
    for (size_t i = 0; i < p.open.count; i++) {
        alloc_free(p.open.items[i].it);
    }
    vec_free(&p.open);
}
