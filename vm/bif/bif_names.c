/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_names.c: pids, references, ports and funs to text, and terms to standard output. */
#include "vm/bif/bif_util.h"
#include "vm/host/host.h"
#include "vm/term/print.h"
#include "vm/term/ref.h"
#include "vm/vm_parts.h"

#include <stdio.h>

/* The text as a list; frees it. */
static Term list_of(Process *p, TextBuffer *text)
{
    text_string(text);
    Term list = util_utf8_list(p, text->bytes, text->length);
    text_free(text);
    return list;
}

Term bif_erlang_pid_to_list_1(Process *p, const Term *a)
{
    if (!term_is_pid(a[0])) {
        return raise_badarg(p);
    }
    TextBuffer text = {0};
    print_pid(&text, a[0]);
    return list_of(p, &text);
}

Term bif_erlang_port_to_list_1(Process *p, const Term *a)
{
    if (!term_is_port(a[0])) {
        return raise_badarg(p);
    }
    TextBuffer text = {0};
    print_port(&text, a[0]);
    return list_of(p, &text);
}

Term bif_erlang_ref_to_list_1(Process *p, const Term *a)
{
    if (!term_is_ref(a[0])) {
        return raise_badarg(p);
    }
    TextBuffer text = {0};
    print_ref(&text, a[0]);
    return list_of(p, &text);
}

Term bif_erlang_fun_to_list_1(Process *p, const Term *a)
{
    if (!term_is_fun(a[0])) {
        return raise_badarg(p);
    }
    TextBuffer text = {0};
    print_fun(&text, vm_atoms(p->vm), a[0], PRINT_W);
    return list_of(p, &text);
}

Term bif_erlang_list_to_pid_1(Process *p, const Term *a)
{
    UtilText text = {0};
    UtilStatus status = util_text_of_bytes(&text, a[0]);
    Term pid =
        status == UTIL_OK ? print_parse_pid(util_text_string(&text), text.length) : TERM_NONE;
    util_text_free(&text);
    return term_same(pid, TERM_NONE) ? util_raise(p, status) : pid;
}

/* erlang:list_to_port(Text): the port of that text (print_port), open or not. */
Term bif_erlang_list_to_port_1(Process *p, const Term *a)
{
    UtilText text = {0};
    UtilStatus status = term_is_list(a[0]) ? util_text_of_string(&text, a[0], SIZE_MAX) : UTIL_BAD;
    Term port =
        status == UTIL_OK ? print_parse_port(util_text_string(&text), text.length) : TERM_NONE;
    util_text_free(&text);
    return term_same(port, TERM_NONE) ? util_raise(p, status == UTIL_OK ? UTIL_BAD : status) : port;
}

/* erlang:list_to_ref(Text): the reference of that text (print_ref), equal to the one that it was
 * printed of. */
Term bif_erlang_list_to_ref_1(Process *p, const Term *a)
{
    UtilText text = {0};
    UtilStatus status = util_text_of_bytes(&text, a[0]);
    unsigned long long high, middle, low;
    int end = 0;
    bool is = status == UTIL_OK && sscanf(util_text_string(&text), "#Ref<0.%llu.%llu.%llu>%n",
                                          &high, &middle, &low, &end) == 3;
    is = is && (size_t)end == text.length && high >> 32 == 0 && middle >> 32 == 0 &&
         low >> REF_FIRST_BITS == 0;
    util_text_free(&text);
    if (!is) {
        return util_raise(p, status);
    }
    Term *words = process_alloc(p, REF_WORDS);
    const uint32_t numbers[REF_NUMBERS] = {(uint32_t)low, (uint32_t)middle, (uint32_t)high};
    return words == NULL ? TERM_NONE : ref_of_numbers(words, numbers, 0, 0);
}

Term bif_erlang_display_1(Process *p, const Term *a)
{
    TextBuffer text = {0};
    Host *host = vm_host(p->vm);
    term_print(&text, vm_atoms(p->vm), a[0], PRINT_DISPLAY, 0);
    text_add(&text, "\r\n", 2);
    host->file_write(host, 1, text.bytes, text.length);
    text_free(&text);
    return ATOM(true);
}

/* Erlang writes a carriage return before each line end, whatever standard error is. */
Term bif_erlang_display_string_1(Process *p, const Term *a)
{
    UtilText text = {0};
    TextBuffer out = {0};
    Host *host = vm_host(p->vm);
    UtilStatus status =
        term_is_bitstring(a[0]) ? UTIL_BAD : util_text_of_string(&text, a[0], SIZE_MAX);
    for (size_t i = 0; status == UTIL_OK && i < text.length; i++) {
        char c = text.bytes[i];
        text_add(&out, c == '\n' ? "\r\n" : &c, c == '\n' ? 2 : 1);
    }
    if (status == UTIL_OK) {
        host->file_write(host, 2, out.bytes, out.length);
    }
    text_free(&out);
    util_text_free(&text);
    return status == UTIL_OK ? ATOM(true) : util_raise(p, status);
}

Term bif_erlang_display_nl_0(Process *p, const Term *a)
{
    Host *host = vm_host(p->vm);
    host->file_write(host, 2, "\r\n", 2);
    return ATOM(true);
}
