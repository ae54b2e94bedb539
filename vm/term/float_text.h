/* SPDX-License-Identifier: Apache-2.0 */
/* vm/term/float_text.h: floats as text and back, as Erlang writes and reads them.
 * Pure functions, any thread. No NUL is written; each returns the characters written. */
#ifndef ACT_TERM_FLOAT_TEXT_H
#define ACT_TERM_FLOAT_TEXT_H

#include "vm/base/attr.h"

enum {
    FLOAT_TEXT_SHORT_MAX = 32,
    FLOAT_TEXT_SCIENTIFIC_MAX = 253 + 16, /* decimals up to 249 (float_to_list's limit), and more */
    FLOAT_TEXT_DECIMALS_MAX = 600,        /* 310 digits, point, 253 decimals */
    FLOAT_MAX_DECIMALS = 253,
    FLOAT_MAX_SCIENTIFIC = 249,
};

/* The fewest digits that read back as value: ~w, ~p, float_to_list(F, [short]). */
size_t float_text_short(double value, char out[FLOAT_TEXT_SHORT_MAX]);
/* [{scientific, decimals}], decimals 0..FLOAT_MAX_SCIENTIFIC; 20 for float_to_list(F). */
size_t float_text_scientific(double value, unsigned decimals, char out[FLOAT_TEXT_SCIENTIFIC_MAX]);
/* [{decimals, decimals}], 0..FLOAT_MAX_DECIMALS; compact drops zeros at the end ("compact"). */
size_t float_text_decimals(double value, unsigned decimals, bool compact,
                           char out[FLOAT_TEXT_DECIMALS_MAX]);
/* The shortest digits of a finite value > 0 that read back as it: digits[0] . digits[1..] times
 * 10^*exponent. Returns how many (at most 17). */
size_t float_digits(double value, char digits[17], int *exponent);

/* Reads all of text as Erlang's float syntax: [+-]digits.digits[(e|E)[+-]digits]. False if it is
 * none or too large for a double. */
bool float_text_parse(const char *text, size_t length, double *value);

#endif
