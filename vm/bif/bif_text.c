/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_text.c: the half of bif_util.h that reads: C texts from terms, and deep data walked
 * with a list of what is still to visit instead of recursion. */
#include "vm/base/alloc.h"
#include "vm/base/utf8.h"
#include "vm/bif/bif_util.h"
#include "vm/term/binary.h"

#include <string.h>

/* Makes room for so many bytes more and a NUL, if there is none; false without memory. */
static bool grow(UtilText *text, size_t length)
{
    if (text->bytes == NULL) {
        text->bytes = text->small;
        text->room = sizeof text->small;
    }
    if (length < text->room - text->length) {
        return true;
    }
    size_t room = ACT_MAX(text->room * 2, text->length + length + 1);
    char *grown = alloc_try_resize(text->bytes == text->small ? NULL : text->bytes, room);
    if (grown == NULL) {
        text->no_memory = true;
        return false;
    }
    if (text->bytes == text->small) {
        memcpy(grown, text->small, text->length);
    }
    text->bytes = grown;
    text->room = room;
    return true;
}

bool util_text_put(UtilText *text, const void *bytes, size_t length)
{
    if (!grow(text, length)) {
        return false;
    }
    if (length > 0) {
        memcpy(text->bytes + text->length, bytes, length);
    }
    text->length += length;
    text->bytes[text->length] = '\0';
    return true;
}

void util_text_free(UtilText *text)
{
    if (text->bytes != text->small) {
        alloc_free(text->bytes);
    }
    text->bytes = NULL;
}

const char *util_text_string(UtilText *text)
{
    return text->bytes == NULL ? "" : text->bytes;
}

UtilStatus util_text_of_string(UtilText *text, Term list, size_t most_code_points)
{
    size_t count = 0;
    bool too_long = false;
    for (; term_is_cons(list); list = cons_tail(list)) {
        Term c = cons_head(list);
        unsigned char bytes[UTF8_MAX_BYTES];
        if (!term_is_small(c) || !utf8_is_code_point((uint64_t)small_value(c))) {
            return UTIL_BAD;
        }
        if (++count > most_code_points) {
            too_long = true; /* but what follows may still be bad */
            continue;
        }
        unsigned length = utf8_encode((uint32_t)small_value(c), bytes);
        if (!util_text_put(text, bytes, length)) {
            return UTIL_NO_MEMORY;
        }
    }
    return !term_is_nil(list) ? UTIL_BAD : too_long ? UTIL_TOO_LONG : UTIL_OK;
}

UtilStatus util_text_of_bytes(UtilText *text, Term list)
{
    for (; term_is_cons(list); list = cons_tail(list)) {
        int64_t byte;
        if (!util_get_range(cons_head(list), 0, 255, &byte)) {
            return UTIL_BAD;
        }
        char c = (char)byte;
        if (!util_text_put(text, &c, 1)) {
            return UTIL_NO_MEMORY;
        }
    }
    return term_is_nil(list) ? UTIL_OK : UTIL_BAD;
}

UtilStatus util_text_of_bits(UtilText *text, Term bitstring)
{
    BinaryView view;
    VM_CHECK(binary_view(bitstring, &view));
    size_t length = view.bits / 8;
    if (view.offset == 0) {
        return util_text_put(text, view.bytes, length) ? UTIL_OK : UTIL_NO_MEMORY;
    }
    for (size_t i = 0; i < length; i++) {
        unsigned pair = (unsigned)view.bytes[i] << 8 | view.bytes[i + 1];
        unsigned char byte = (unsigned char)(pair >> (8 - view.offset));
        if (!util_text_put(text, &byte, 1)) {
            return UTIL_NO_MEMORY;
        }
    }
    return UTIL_OK;
}

UtilStatus util_text_of_binary(UtilText *text, Term binary, bool c_string)
{
    if (!term_is_binary(binary)) {
        return UTIL_BAD;
    }
    UtilStatus status = util_text_of_bits(text, binary);
    if (status == UTIL_OK && c_string && text->length > 0 &&
        memchr(text->bytes, 0, text->length) != NULL) {
        return UTIL_BAD;
    }
    return status;
}

void util_stack_init(UtilStack *stack)
{
    stack->items = stack->first;
    stack->count = 0;
    stack->room = ACT_COUNT(stack->first);
}

bool util_stack_reserve(UtilStack *stack, size_t count)
{
    if (count <= stack->room - stack->count) {
        return true;
    }
    bool on_c_stack = stack->items == stack->first;
    size_t room = ACT_MAX(stack->room * 2, stack->count + count);
    Term *grown = alloc_try_resize(on_c_stack ? NULL : stack->items, room * sizeof *grown);
    if (grown == NULL) {
        return false;
    }
    if (on_c_stack) {
        memcpy(grown, stack->first, stack->count * sizeof *grown);
    }
    stack->items = grown;
    stack->room = room;
    return true;
}

bool util_stack_push(UtilStack *stack, Term t)
{
    if (!util_stack_reserve(stack, 1)) {
        return false;
    }
    stack->items[stack->count++] = t;
    return true;
}

void util_stack_free(UtilStack *stack)
{
    if (stack->items != stack->first) {
        alloc_free(stack->items);
    }
}

void util_walk_open(UtilWalk *walk, Term deep)
{
    walk->rest = deep;
    walk->first = true;
    util_stack_init(&walk->later);
}

void util_walk_close(UtilWalk *walk)
{
    util_stack_free(&walk->later);
}

/* walk->rest is no cons: the whole, or where a list ends. */
static WalkItem walk_end_of_list(UtilWalk *walk, Term *item)
{
    Term t = walk->rest;
    if (term_is_bitstring(t)) {
        walk->rest = TERM_NIL;
        *item = t;
        return WALK_BITS;
    }
    return WALK_BAD; /* an integer is fine as an element only */
}

WalkItem util_walk_next(UtilWalk *walk, Term *item)
{
    for (;;) {
        walk->first = false;
        if (term_is_nil(walk->rest)) {
            if (walk->later.count == 0) {
                return WALK_END;
            }
            walk->rest = walk->later.items[--walk->later.count];
            continue;
        }
        if (!term_is_cons(walk->rest)) {
            return walk_end_of_list(walk, item);
        }
        Term head = cons_head(walk->rest), tail = cons_tail(walk->rest);
        if (term_is_small(head)) {
            walk->rest = tail;
            *item = head;
            return WALK_INTEGER;
        }
        if (term_is_bitstring(head)) {
            walk->rest = tail;
            *item = head;
            return WALK_BITS;
        }
        if (!term_is_list(head)) {
            return WALK_BAD;
        }
        if (!term_is_nil(tail) && !util_stack_push(&walk->later, tail)) {
            return WALK_NO_MEMORY;
        }
        walk->rest = head;
    }
}

/* The next item is a byte, and taken: strings are many of them. */
ACT_INLINE bool next_is_byte(UtilWalk *walk, Term *item)
{
    if (!term_is_cons(walk->rest)) {
        return false;
    }
    *item = cons_head(walk->rest);
    if (!term_is_small(*item) || item->w > small_make(255).w) { /* negative ones are large words */
        return false;
    }
    walk->rest = cons_tail(walk->rest);
    return true;
}

UtilStatus util_iodata_bits(Term iodata, bool whole, uint64_t *bits)
{
    UtilWalk walk;
    Term item;
    WalkItem kind;
    uint64_t sum = 0;
    util_walk_open(&walk, iodata);
    while ((kind = util_walk_next(&walk, &item)) == WALK_INTEGER || kind == WALK_BITS) {
        if (kind == WALK_INTEGER) {
            if (item.w > small_make(255).w) {
                kind = WALK_BAD;
                break;
            }
            do {
                sum += 8;
            } while (next_is_byte(&walk, &item));
        } else {
            size_t more = binary_bits(item);
            if (whole && more % 8 != 0) {
                kind = WALK_BAD;
                break;
            }
            sum += more;
        }
    }
    util_walk_close(&walk);
    *bits = sum;
    return kind == WALK_END ? UTIL_OK : kind == WALK_NO_MEMORY ? UTIL_NO_MEMORY : UTIL_BAD;
}

UtilStatus util_iodata_copy(Term iodata, unsigned char *out)
{
    UtilWalk walk;
    Term item;
    WalkItem kind;
    util_walk_open(&walk, iodata);
    while ((kind = util_walk_next(&walk, &item)) == WALK_INTEGER || kind == WALK_BITS) {
        if (kind == WALK_INTEGER) {
            do {
                *out++ = (unsigned char)small_value(item);
            } while (next_is_byte(&walk, &item));
            continue;
        }
        BinaryView view;
        VM_CHECK(binary_view(item, &view));
        if (view.offset == 0) {
            memcpy(out, view.bytes, view.bits / 8);
        } else {
            binary_copy_bits(view.bytes, view.offset, out, 0, view.bits);
        }
        out += view.bits / 8;
    }
    util_walk_close(&walk);
    return kind == WALK_END ? UTIL_OK : UTIL_NO_MEMORY;
}

UtilStatus util_text_of_iodata(UtilText *text, Term iodata)
{
    UtilWalk walk;
    Term item;
    WalkItem kind;
    UtilStatus status = UTIL_OK;
    util_walk_open(&walk, iodata);
    while (status == UTIL_OK &&
           ((kind = util_walk_next(&walk, &item)) == WALK_INTEGER || kind == WALK_BITS)) {
        if (kind == WALK_BITS) {
            status = binary_bits(item) % 8 == 0 ? util_text_of_bits(text, item) : UTIL_BAD;
        } else if (item.w > small_make(255).w) {
            status = UTIL_BAD;
        } else {
            char byte = (char)small_value(item);
            status = util_text_put(text, &byte, 1) ? UTIL_OK : UTIL_NO_MEMORY;
        }
    }
    util_walk_close(&walk);
    if (status != UTIL_OK) {
        return status;
    }
    return kind == WALK_END ? UTIL_OK : kind == WALK_NO_MEMORY ? UTIL_NO_MEMORY : UTIL_BAD;
}
