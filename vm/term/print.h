/* SPDX-License-Identifier: Apache-2.0 */
/* vm/term/print.h: terms as text, without any Act code: as ~w writes them, and as erlang:display.
 *
 * For reports of errors, for text of pids, references and funs, and for io_lib's simple cases. */
#ifndef ACT_TERM_PRINT_H
#define ACT_TERM_PRINT_H

#include "vm/term/term.h"
#include "vm/types.h"

/* Text that grows, UTF-8 (but PRINT_DISPLAY's). All zeros is an empty one. Given back by text_free.
 * Without memory the OS process ends with a message. */
typedef struct {
    char *bytes;
    size_t length;
    size_t room;
} TextBuffer;
void text_add(TextBuffer *text, const char *bytes, size_t length);
void text_add_char(TextBuffer *text, char c);
void text_add_point(TextBuffer *text, uint32_t code_point);
ACT_PRINTF(2, 3) void text_printf(TextBuffer *text, const char *format, ...);
/* NUL after the text; the pointer is good until the next change. */
const char *text_string(TextBuffer *text);
void text_free(TextBuffer *text);

typedef enum {
    PRINT_W,       /* ~w: atoms and floats read back, lists as numbers, UTF-8 atoms escaped */
    PRINT_TW,      /* ~tw: as above, atoms may show any printable character */
    PRINT_DISPLAY, /* erlang:display: strings as "…", in Latin-1; no line end */
} PrintStyle;

/* Adds the text of t; after limit bytes (0: no limit) it breaks off with `...`. Iterative. */
void term_print(TextBuffer *text, const AtomTable *atoms, Term t, PrintStyle style, size_t limit);

/* Single kinds. */
void print_atom(TextBuffer *text, const AtomTable *atoms, Term atom, PrintStyle style);
void print_pid(TextBuffer *text, Term pid);   /* <0.81.0> */
void print_port(TextBuffer *text, Term port); /* #Port<0.5> */
void print_ref(TextBuffer *text, Term ref);   /* #Ref<0.1.2.3> */
void print_fun(TextBuffer *text, const AtomTable *atoms, Term fun, PrintStyle style);

/* The pid that the text <0.N.S> names, whether or not it lives; TERM_NONE if it is no such text. */
Term print_parse_pid(const char *text, size_t length);
Term print_parse_port(const char *text, size_t length); /* of #Port<0.5> */

#endif
