/* SPDX-License-Identifier: Apache-2.0 */
/* vm/term/text.c: the growing text of print.h. */
#include "vm/base/alloc.h"
#include "vm/base/utf8.h"
#include "vm/term/print.h"

#include <stdarg.h>
#include <stdio.h>

static char *make_room(TextBuffer *text, size_t more)
{
    if (text->room - text->length < more) {
        text->room = ACT_MAX(text->room * 2, text->length + more);
        text->bytes = alloc_must_resize(text->bytes, text->room);
    }
    return text->bytes + text->length;
}

void text_add(TextBuffer *text, const char *bytes, size_t length)
{
    if (length > 0) {
        memcpy(make_room(text, length), bytes, length);
        text->length += length;
    }
}

void text_add_char(TextBuffer *text, char c)
{
    *make_room(text, 1) = c;
    text->length++;
}

void text_add_point(TextBuffer *text, uint32_t code_point)
{
    text->length += utf8_encode(code_point, (unsigned char *)make_room(text, UTF8_MAX_BYTES));
}

void text_printf(TextBuffer *text, const char *format, ...)
{
    char few[256];
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(few, sizeof few, format, args);
    if (length >= 0 && (size_t)length < sizeof few) {
        text_add(text, few, (size_t)length);
    } else if (length > 0) {
        vsnprintf(make_room(text, (size_t)length + 1), (size_t)length + 1, format, again);
        text->length += (size_t)length;
    }
    va_end(again);
    va_end(args);
}

const char *text_string(TextBuffer *text)
{
    *make_room(text, 1) = 0;
    return text->bytes;
}

void text_free(TextBuffer *text)
{
    alloc_free(text->bytes);
    *text = (TextBuffer){0};
}
