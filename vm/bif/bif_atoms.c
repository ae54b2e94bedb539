/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_atoms.c: atoms to text and back. */
#include "vm/base/utf8.h"
#include "vm/bif/bif_util.h"
#include "vm/term/atom.h"
#include "vm/vm_parts.h"

Term bif_erlang_atom_to_list_1(Process *p, const Term *a)
{
    if (!term_is_atom(a[0])) {
        return raise_badarg(p);
    }
    size_t length;
    const char *text = atom_text(vm_atoms(p->vm), a[0], &length);
    return util_utf8_list(p, text, length);
}

typedef enum { CODE_UTF8, CODE_LATIN1, CODE_NONE } Encoding;

static Encoding encoding_of(Term t)
{
    if (term_same(t, ATOM(utf8)) || term_same(t, ATOM(unicode))) {
        return CODE_UTF8;
    }
    return term_same(t, ATOM(latin1)) ? CODE_LATIN1 : CODE_NONE;
}

static Term atom_as_latin1(Process *p, const char *text, size_t length)
{
    char bytes[ATOM_MAX_POINTS];
    size_t count = 0;
    for (size_t at = 0; at < length;) {
        uint32_t c = 0;
        at += utf8_decode((const unsigned char *)text + at, length - at, &c);
        if (c > 255) {
            return raise_badarg(p);
        }
        bytes[count++] = (char)c;
    }
    return util_binary(p, bytes, count);
}

static Term atom_as_binary(Process *p, Term atom, Encoding encoding)
{
    if (!term_is_atom(atom) || encoding == CODE_NONE) {
        return raise_badarg(p);
    }
    size_t length;
    const char *text = atom_text(vm_atoms(p->vm), atom, &length);
    return encoding == CODE_UTF8 ? util_binary(p, text, length) : atom_as_latin1(p, text, length);
}

Term bif_erlang_atom_to_binary_1(Process *p, const Term *a)
{
    return atom_as_binary(p, a[0], CODE_UTF8);
}

Term bif_erlang_atom_to_binary_2(Process *p, const Term *a)
{
    return atom_as_binary(p, a[0], encoding_of(a[1]));
}

/* The atom of a text that was read with that status; frees the text. */
static Term atom_of_text(Process *p, UtilText *text, UtilStatus status, bool existing)
{
    Term atom = TERM_NONE;
    if (status == UTIL_OK && existing) {
        atom = atom_find(vm_atoms(p->vm), util_text_string(text), text->length);
        status = UTIL_BAD;
    } else if (status == UTIL_OK) {
        atom = atom_intern(vm_atoms(p->vm), util_text_string(text), text->length);
        status = UTIL_TOO_LONG;
    }
    util_text_free(text);
    if (!term_same(atom, TERM_NONE)) {
        return atom;
    }
    return util_raise(p, existing && status == UTIL_TOO_LONG ? UTIL_BAD : status);
}

static Term atom_of_list(Process *p, Term list, bool existing)
{
    UtilText text = {0};
    UtilStatus status = util_text_of_string(&text, list, ATOM_MAX_POINTS);
    return atom_of_text(p, &text, status, existing);
}

Term bif_erlang_list_to_atom_1(Process *p, const Term *a)
{
    return atom_of_list(p, a[0], false);
}

Term bif_erlang_list_to_existing_atom_1(Process *p, const Term *a)
{
    return atom_of_list(p, a[0], true);
}

/* text holds bytes: makes their Latin-1 characters UTF-8, or checks that they are UTF-8, as far as
 * an atom can be long. */
static UtilStatus recode(UtilText *text, Encoding encoding)
{
    const unsigned char *bytes = (const unsigned char *)util_text_string(text);
    size_t length = text->length;
    if (encoding == CODE_LATIN1 && length <= ATOM_MAX_POINTS) {
        char out[ATOM_MAX_POINTS * 2];
        size_t count = 0;
        for (size_t i = 0; i < length; i++) {
            count += utf8_encode(bytes[i], (unsigned char *)out + count);
        }
        text->length = 0;
        return util_text_put(text, out, count) ? UTIL_OK : UTIL_NO_MEMORY;
    }
    if (encoding == CODE_LATIN1) {
        return UTIL_TOO_LONG;
    }
    size_t points = 0;
    for (size_t at = 0; at < length; points++) {
        if (points == ATOM_MAX_POINTS) {
            return UTIL_TOO_LONG;
        }
        uint32_t c;
        unsigned used = utf8_decode(bytes + at, length - at, &c);
        if (used == 0) {
            return UTIL_BAD;
        }
        at += used;
    }
    return UTIL_OK;
}

static Term atom_of_binary(Process *p, Term binary, Encoding encoding, bool existing)
{
    UtilText text = {0};
    UtilStatus status =
        encoding == CODE_NONE ? UTIL_BAD : util_text_of_binary(&text, binary, false);
    if (status == UTIL_OK) {
        status = recode(&text, encoding);
    }
    return atom_of_text(p, &text, status, existing);
}

Term bif_erlang_binary_to_atom_1(Process *p, const Term *a)
{
    return atom_of_binary(p, a[0], CODE_UTF8, false);
}

Term bif_erlang_binary_to_atom_2(Process *p, const Term *a)
{
    return atom_of_binary(p, a[0], encoding_of(a[1]), false);
}

Term bif_erlang_binary_to_existing_atom_1(Process *p, const Term *a)
{
    return atom_of_binary(p, a[0], CODE_UTF8, true);
}

Term bif_erlang_binary_to_existing_atom_2(Process *p, const Term *a)
{
    return atom_of_binary(p, a[0], encoding_of(a[1]), true);
}
