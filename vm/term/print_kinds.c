/* SPDX-License-Identifier: Apache-2.0 */
/* vm/term/print_kinds.c: text of terms that hold no others: atoms, pids, ports, references, funs.
 */
#include "vm/base/utf8.h"
#include "vm/term/atom.h"
#include "vm/term/fun.h"
#include "vm/term/print.h"
#include "vm/term/ref.h"

static bool is_lower(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 0xDF && c <= 0xFF && c != 0xF7);
}

static bool is_name_char(uint32_t c, PrintStyle style)
{
    return is_lower(c) || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           (c == '@' && style != PRINT_DISPLAY) || (c >= 0xC0 && c <= 0xDE && c != 0xD7);
}

static bool is_reserved(const char *text, size_t length)
{
    static const char *const words[] = {
        "after", "and",  "andalso", "band",   "begin",   "bnot", "bor", "bsl",  "bsr",
        "bxor",  "case", "catch",   "cond",   "div",     "end",  "fun", "if",   "let",
        "not",   "of",   "or",      "orelse", "receive", "rem",  "try", "when", "xor",
    };
    for (size_t i = 0; i < ACT_COUNT(words); i++) {
        if (strlen(words[i]) == length && memcmp(words[i], text, length) == 0) {
            return true;
        }
    }
    return false;
}

static bool needs_quotes(const char *text, size_t length, PrintStyle style)
{
    if (length == 0 || (style != PRINT_DISPLAY && is_reserved(text, length))) {
        return true;
    }
    uint32_t c;
    for (size_t at = 0; at < length;) {
        size_t first = at;
        at += utf8_decode((const unsigned char *)text + at, length - at, &c);
        if (first == 0 ? !is_lower(c) : !is_name_char(c, style)) {
            return true;
        }
    }
    return false;
}

static void add_quoted(TextBuffer *text, uint32_t c, PrintStyle style)
{
    static const char escapes[] = "\b\t\n\v\f\r\033\177";
    static const char letters[] = "btnvfred";
    const char *escape = c < 128 && c > 0 ? strchr(escapes, (int)c) : NULL;
    if (c == '\'' || c == '\\') {
        text_add_char(text, '\\');
        text_add_point(text, c);
    } else if (escape) {
        text_add_char(text, '\\');
        text_add_char(text, letters[escape - escapes]);
    } else if (c < 32 || (c >= 127 && c < 160)) {
        text_printf(text, "\\%03o", c);
    } else if (c > 255 && style == PRINT_W) {
        text_printf(text, "\\x{%X}", c);
    } else {
        text_add_point(text, c);
    }
}

void print_atom(TextBuffer *text, const AtomTable *atoms, Term atom, PrintStyle style)
{
    size_t length;
    const char *name = atom_text(atoms, atom, &length);
    if (!needs_quotes(name, length, style)) {
        text_add(text, name, length);
        return;
    }
    text_add_char(text, '\'');
    for (size_t at = 0; at < length;) {
        uint32_t c;
        at += utf8_decode((const unsigned char *)name + at, length - at, &c);
        add_quoted(text, c, style);
    }
    text_add_char(text, '\'');
}

void print_pid(TextBuffer *text, Term pid)
{
    text_printf(text, "<0.%u.%u>", pid_slot(pid), pid_generation(pid));
}

void print_port(TextBuffer *text, Term port)
{
    text_printf(text, "#Port<0.%llu>", (unsigned long long)(port.w >> IMMEDIATE_SHIFT));
}

void print_ref(TextBuffer *text, Term ref)
{
    uint32_t number[REF_NUMBERS];
    ref_numbers(ref, number);
    text_printf(text, "#Ref<0.%u.%u.%u>", number[2], number[1], number[0]);
}

void print_fun(TextBuffer *text, const AtomTable *atoms, Term fun, PrintStyle style)
{
    if (term_is_kind(fun, BOXED_EXPORT)) {
        const Export *e = fun_export(fun);
        text_add(text, "fun ", 4);
        print_atom(text, atoms, e->module, style);
        text_add_char(text, ':');
        print_atom(text, atoms, e->name, style);
        text_printf(text, "/%u", e->arity);
    } else {
        const FunEntry *f = fun_entry(fun);
        text_add(text, "#Fun<", 5);
        print_atom(text, atoms, f->module, style);
        text_printf(text, ".%u.%u>", f->index, f->uniq);
    }
}

/* Reads digits at *at; false if there are none or too many. */
static bool read_number(const char *text, size_t length, size_t *at, uint64_t limit,
                        uint64_t *number)
{
    size_t start = *at;
    *number = 0;
    while (*at < length && text[*at] >= '0' && text[*at] <= '9') {
        *number = *number * 10 + (uint64_t)(text[(*at)++] - '0');
        if (*number > limit) {
            return false;
        }
    }
    return *at > start;
}

Term print_parse_pid(const char *text, size_t length)
{
    size_t at = 3;
    uint64_t slot, generation;
    if (length < 7 || memcmp(text, "<0.", 3) != 0 ||
        !read_number(text, length, &at, (1u << PID_SLOT_BITS) - 1, &slot) || at == length ||
        text[at++] != '.' ||
        !read_number(text, length, &at, (1u << PID_GENERATION_BITS) - 1, &generation) ||
        at + 1 != length || text[at] != '>') {
        return TERM_NONE;
    }
    return pid_make((uint32_t)slot, (uint32_t)generation);
}

enum { PORT_NUMBER_BITS = 28 };

Term print_parse_port(const char *text, size_t length)
{
    size_t at = 8;
    uint64_t number;
    if (length < 10 || memcmp(text, "#Port<0.", 8) != 0 ||
        !read_number(text, length, &at, (1u << PORT_NUMBER_BITS) - 1, &number) ||
        at + 1 != length || text[at] != '>') {
        return TERM_NONE;
    }
    return TERM_RAW(number << IMMEDIATE_SHIFT | IMMEDIATE_PORT);
}
