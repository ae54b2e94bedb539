/* SPDX-License-Identifier: Apache-2.0 */
/* vm/term/float_text.c: floats as text and back.
 *
 * The C library rounds right, so it does the arithmetic; its texts are taken apart and put together
 * here, without its decimal point, which depends on the locale. */
#include "vm/term/float_text.h"

#include "vm/base/alloc.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SURE_DIGITS = 15, MAX_DIGITS = 17, TEXT_ROOM = 400, FAST_DECIMALS = 18 };
#define EXACT_INTEGERS 9007199254740992.0 /* 2^53: below, a float has all its integers */

/* n in decimal, with zeros before it up to that width; how many digits it are. */
static size_t put_number(char *text, uint64_t n, size_t width)
{
    char digits[20];
    size_t count = 0;
    do {
        digits[count++] = (char)('0' + n % 10);
        n /= 10;
    } while (n > 0 || count < width);
    for (size_t i = 0; i < count; i++) {
        text[i] = digits[count - 1 - i];
    }
    return count;
}

/* The first count digits of value, rounded right; returns the exponent of the first. */
static int round_to_digits(double value, int count, char *digits)
{
    char text[64];
    int length = snprintf(text, sizeof text, "%.*e", count - 1, value);
    const char *e = memchr(text, 'e', (size_t)length);
    digits[0] = text[0];
    memcpy(digits + 1, e - (count - 1), (size_t)count - 1);
    return atoi(e + 1);
}

/* 0.d1d2… as d1d2…e: what strtod reads in any locale. */
static double read_digits(const char *digits, int count, int exponent)
{
    char text[64];
    snprintf(text, sizeof text, "%.*se%d", count, digits, exponent - (count - 1));
    return strtod(text, NULL);
}

/* Adds one to the last digit. */
static void step_up(char *digits, int count, int *exponent)
{
    int i = count - 1;
    while (i >= 0 && digits[i] == '9') {
        digits[i--] = '0';
    }
    if (i >= 0) {
        digits[i]++;
    } else {
        memset(digits, '0', (size_t)count);
        digits[0] = '1';
        ++*exponent;
    }
}

/* True if count digits are enough; then they are in digits. Below a power of two floats lie closer,
 * so there the nearest decimal may miss while the next one up reads back. */
static bool try_digits(double value, int count, char *digits, int *exponent)
{
    int unused;
    *exponent = round_to_digits(value, count, digits);
    if (read_digits(digits, count, *exponent) == value) {
        return true;
    }
    if (frexp(value, &unused) != 0.5 || read_digits(digits, count, *exponent) > value) {
        return false;
    }
    step_up(digits, count, exponent);
    return read_digits(digits, count, *exponent) == value;
}

/* The digits of value if it is n / 10^k for an n of up to 15 digits: then no others of so few read
 * back. 10^k and n are exact and division rounds right, so n / 10^k is what reads as value. 0: it
 * is not, or too large or too small. */
static size_t few_digits(double value, char digits[17], int *exponent)
{
    static const double tens[] = {1e0, 1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,
                                  1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17};
    const double most = 1e15;
    for (unsigned k = 0; k < ACT_COUNT(tens) && value * tens[k] < most; k++) {
        uint64_t n = (uint64_t)(value * tens[k] + 0.5);
        if (n > 0 && (double)n / tens[k] == value) {
            size_t count = put_number(digits, n, 0);
            *exponent = (int)count - 1 - (int)k;
            return count;
        }
    }
    return 0;
}

static size_t without_zeros(const char *digits, size_t count)
{
    while (count > 1 && digits[count - 1] == '0') {
        count--;
    }
    return count;
}

size_t float_digits(double value, char digits[17], int *exponent)
{
    size_t few = few_digits(value, digits, exponent);
    if (few > 0) {
        return without_zeros(digits, few);
    }
    /* A decimal of up to 15 digits survives the way to a normal float and back: if the 15 digits
     * read back, the shortest ones are these without the zeros at their end. */
    int count = value < 2.3e-308 ? 1 : SURE_DIGITS;
    while (count < MAX_DIGITS && !try_digits(value, count, digits, exponent)) {
        count++;
    }
    if (count == MAX_DIGITS) {
        *exponent = round_to_digits(value, count, digits);
    }
    return without_zeros(digits, (size_t)count);
}

static char *put_zeros(char *at, int count)
{
    if (count > 0) {
        memset(at, '0', (size_t)count);
        at += count;
    }
    return at;
}

static char *put(char *at, const char *bytes, size_t count)
{
    memcpy(at, bytes, count);
    return at + count;
}

static char *put_fixed(char *at, const char *digits, int count, int exponent)
{
    if (exponent < 0) {
        at = put_zeros(put(at, "0.", 2), -exponent - 1);
        return put(at, digits, (size_t)count);
    }
    int whole = exponent + 1;
    if (count <= whole) {
        at = put_zeros(put(at, digits, (size_t)count), whole - count);
        return put(at, ".0", 2);
    }
    at = put(at, digits, (size_t)whole);
    *at++ = '.';
    return put(at, digits + whole, (size_t)(count - whole));
}

static char *put_scientific(char *at, const char *digits, int count, int exponent)
{
    *at++ = digits[0];
    *at++ = '.';
    at = count > 1 ? put(at, digits + 1, (size_t)count - 1) : put(at, "0", 1);
    return at + sprintf(at, "e%d", exponent);
}

size_t float_text_short(double value, char out[FLOAT_TEXT_SHORT_MAX])
{
    char digits[MAX_DIGITS];
    char fixed[TEXT_ROOM];
    char scientific[TEXT_ROOM];
    int exponent = 0;
    char *at = out;
    if (signbit(value)) {
        *at++ = '-';
        value = -value;
    }
    if (value == 0) {
        return (size_t)(put(at, "0.0", 3) - out);
    }
    int count = (int)float_digits(value, digits, &exponent);
    size_t scientific_length =
        (size_t)(put_scientific(scientific, digits, count, exponent) - scientific);
    size_t fixed_length = (size_t)(put_fixed(fixed, digits, count, exponent) - fixed);
    /* from 2^53 on none is shown as if it were exact */
    bool fix = fixed_length <= scientific_length && value < EXACT_INTEGERS;
    at = fix ? put(at, fixed, fixed_length) : put(at, scientific, scientific_length);
    return (size_t)(at - out);
}

size_t float_text_scientific(double value, unsigned decimals, char out[FLOAT_TEXT_SCIENTIFIC_MAX])
{
    char text[TEXT_ROOM];
    int length = snprintf(text, sizeof text, "%.*e", (int)decimals, value);
    const char *e = memchr(text, 'e', (size_t)length);
    char *at = out;
    const char *first = text;
    if (*first == '-') {
        *at++ = *first++;
    }
    *at++ = *first;
    if (decimals > 0) {
        *at++ = '.';
        at = put(at, e - decimals, decimals);
    }
    at = put(at, e, (size_t)(text + length - e));
    return (size_t)(at - out);
}

/* Up to 18 decimals OTP scales the fraction by a power of ten, in a double. */
static size_t scaled_decimals(double value, unsigned decimals, char *text)
{
    uint64_t whole = (uint64_t)value;
    uint64_t power = 1;
    for (unsigned i = 0; i < decimals; i++) {
        power *= 10;
    }
    double scaled = (value - (double)whole) * (double)power;
    uint64_t fraction = (uint64_t)scaled;
    fraction += scaled - (double)fraction >= 0.5;
    if (fraction >= power) {
        fraction -= power;
        whole++;
    }
    size_t length = put_number(text, whole, 0);
    return decimals > 0 ? length + put_number(text + length, fraction, decimals) : length;
}

/* The digits of value with so many decimals, without the point. */
static size_t exact_decimals(double value, unsigned decimals, char *text, size_t room)
{
    int length = snprintf(text, room, "%.*f", (int)decimals, value);
    if (decimals > 0) {
        char *point = text + length - decimals - 1;
        memmove(point, point + 1, decimals);
        length--;
    }
    return (size_t)length;
}

size_t float_text_decimals(double value, unsigned decimals, bool compact,
                           char out[FLOAT_TEXT_DECIMALS_MAX])
{
    char digits[FLOAT_TEXT_DECIMALS_MAX];
    char *at = out;
    if (signbit(value)) {
        *at++ = '-';
        value = -value;
    }
    size_t count = decimals <= FAST_DECIMALS && value < EXACT_INTEGERS
                       ? scaled_decimals(value, decimals, digits)
                       : exact_decimals(value, decimals, digits, sizeof digits);
    at = put(at, digits, count - decimals);
    /* Erlang's compact takes zeros from such an integer too: 1.0e17 with no decimals is "1". */
    while (compact && decimals == 0 && value >= EXACT_INTEGERS && at[-1] == '0') {
        at--;
    }
    if (decimals > 0) {
        *at++ = '.';
        at = put(at, digits + count - decimals, decimals);
        while (compact && at[-1] == '0' && at[-2] != '.') {
            at--;
        }
    }
    return (size_t)(at - out);
}

/* The end of the digits that start at from. */
static size_t skip_digits(const char *text, size_t length, size_t from)
{
    while (from < length && text[from] >= '0' && text[from] <= '9') {
        from++;
    }
    return from;
}

/* Finds the parts of a float; false if the text is none. Erlang takes a comma for the point too. */
static bool find_parts(const char *text, size_t length, size_t *point, size_t *mantissa_end)
{
    size_t start = length > 0 && (text[0] == '-' || text[0] == '+');
    *point = skip_digits(text, length, start);
    if (*point == start || *point == length || (text[*point] != '.' && text[*point] != ',')) {
        return false;
    }
    *mantissa_end = skip_digits(text, length, *point + 1);
    if (*mantissa_end == *point + 1) {
        return false;
    }
    if (*mantissa_end == length) {
        return true;
    }
    size_t e = *mantissa_end;
    if (text[e] != 'e' && text[e] != 'E') {
        return false;
    }
    e++;
    e += e < length && (text[e] == '-' || text[e] == '+');
    return e < length && skip_digits(text, length, e) == length;
}

/* The exponent's value, held within what can matter. */
static long exponent_of(const char *text, size_t length, size_t mantissa_end)
{
    long exponent = 0;
    size_t at = mantissa_end + 1;
    bool negative = at < length && text[at] == '-';
    at += at < length && (text[at] == '-' || text[at] == '+');
    for (; at < length; at++) {
        exponent = ACT_MIN(exponent * 10 + (text[at] - '0'), 1000000000);
    }
    return negative ? -exponent : exponent;
}

bool float_text_parse(const char *text, size_t length, double *value)
{
    size_t point, end;
    char small[128];
    if (!find_parts(text, length, &point, &end)) {
        return false;
    }
    size_t fraction = end - point - 1;
    size_t room = end + 32;
    char *joined = room <= sizeof small ? small : alloc_try(room);
    if (!joined) {
        return false;
    }
    memcpy(joined, text, point);
    memcpy(joined + point, text + point + 1, fraction);
    long exponent = exponent_of(text, length, end) - (long)fraction;
    snprintf(joined + point + fraction, 32, "e%ld", exponent);
    *value = strtod(joined, NULL);
    if (joined != small) {
        alloc_free(joined);
    }
    return isfinite(*value);
}
