/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/syntax/scan_text.h: the values of number and text tokens. Used by lexer.l alone. */
#ifndef ACT_SYNTAX_SCAN_TEXT_H
#define ACT_SYNTAX_SCAN_TEXT_H

#include "compiler/syntax/context.h"
#include "compiler/syntax/token.h"

typedef struct {
    SyntaxContext *cx;
    bool quiet;
    uint32_t file;
} ScanText;

/* Digits (with underscores) in base into token->integer. */
void scan_integer(ScanText *scan, Token *token, const char *text, size_t length, uint32_t base);
/* base#digits. Returns how many bytes belong to the number: digits end at the first that base has
 * not. Reports a bad base or a lack of digits. */
size_t scan_based_integer(ScanText *scan, Token *token, const char *text, size_t length);
/* digits.digits with an exponent or not. */
void scan_float(ScanText *scan, Token *token, const char *text, size_t length);
/* The code points of text with its escapes; at is the offset of text in the file. */
void scan_string(ScanText *scan, Token *token, const char *text, size_t length, uint32_t at);
/* The lines between triple quotes; text includes the quotes. */
void scan_triple_string(ScanText *scan, Token *token, const char *text, size_t length, uint32_t at);
/* The characters between an atom's quotes. */
void scan_quoted_atom(ScanText *scan, Token *token, const char *text, size_t length, uint32_t at);
/* What follows a `$`. */
void scan_character(ScanText *scan, Token *token, const char *text, size_t length, uint32_t at);

#endif
