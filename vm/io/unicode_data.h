/* SPDX-License-Identifier: Apache-2.0 */
/* vm/io/unicode_data.h: what Unicode says of code points: where characters as readers see them
 * (grapheme clusters) end, their cases, their normal forms. Without state; any thread. Integers
 * that are no code points are characters by themselves, of one case and normal. */
#ifndef ACT_IO_UNICODE_DATA_H
#define ACT_IO_UNICODE_DATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A walk from code point to code point; starts as all zeros. */
typedef struct {
    int64_t last; /* the one before, when begun */
    int32_t state;
    bool begun;
    bool picture; /* in a cluster of a picture and its marks so far */
    bool joiner;  /* and a joiner after it */
} UnicodeClusters;

/* Takes the next code point; true if it begins a new cluster (the first one does). */
bool unicode_cluster_begins(UnicodeClusters *walk, int64_t c);

typedef enum { UNICODE_UPPER, UNICODE_LOWER, UNICODE_TITLE, UNICODE_FOLD } UnicodeCase;
enum { UNICODE_CASE_MAX = 4 };
/* Writes c in that case to out; how many code points that are, 1 to UNICODE_CASE_MAX. */
size_t unicode_case(int64_t c, UnicodeCase kind, int64_t out[UNICODE_CASE_MAX]);

typedef enum { UNICODE_NFC, UNICODE_NFD, UNICODE_NFKC, UNICODE_NFKD } UnicodeForm;
enum { UNICODE_DECOMPOSED_MAX = 20 };
/* Writes c taken apart (UNICODE_NFD or UNICODE_NFKD) to out; how many code points that are. */
size_t unicode_decompose(int64_t c, UnicodeForm form, int32_t out[UNICODE_DECOMPOSED_MAX]);
/* Puts marks into their order and, for the composed forms, code points together, in place; the new
 * length. */
size_t unicode_compose(int32_t *text, size_t length, UnicodeForm form);

/* The combining class, 0 for most. */
int unicode_class(int64_t c);
/* The kind of c's compatibility decomposition, NULL if it has none of its own. */
const char *unicode_compat(int64_t c);

#endif
