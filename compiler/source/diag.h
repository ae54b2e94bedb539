/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/source/diag.h: what the compiler has to say, collected, then printed in order of place.
 *
 * Each message is a row in diag.def with a stable code. A stage reports and goes on; compile.c asks
 * diag_errors() whether to go to the next stage. One thread at a time.
 *
 *     Diag *d = diag_report(diags, DIAG_E0107, span, name->text);
 *     diag_help(diags, d, SOURCE_NOWHERE, "did you mean '%s'?", other->text);
 */
#ifndef ACT_SOURCE_DIAG_H
#define ACT_SOURCE_DIAG_H

#include "compiler/source/source.h"
#include <stdio.h>

typedef enum {
    DIAG_ERROR,
    DIAG_WARNING,
} DiagSeverity;

typedef enum {
#define DIAG(CODE, severity, text) DIAG_##CODE,
#include "compiler/source/diag.def"
#undef DIAG
    DIAG__COUNT
} DiagCode;

typedef enum {
    DIAG_NOTE,
    DIAG_HELP,
} DiagNoteKind;

typedef struct {
    DiagNoteKind kind;
    SourceSpan span; /* NOWHERE: text only */
    const char *text;
} DiagNote;

enum { DIAG_MOST_ARGS = 6 };

typedef struct {
    DiagCode code;
    DiagSeverity severity;
    SourceSpan span;
    const char *text;
    const char *args[DIAG_MOST_ARGS]; /* what stands for each % in the text */
    unsigned arg_count;
    SourceSpan found;       /* of syntax errors: the token that has no place, */
    const char *found_text; /* and its text; NULL: no syntax error */
    bool follows;           /* found while reading on behind another error of the same form */
    const char *label;      /* short words under the underline, or NULL */
    uint32_t order;         /* of reporting: keeps sorting stable */
    VEC(DiagNote) notes;
} Diag;

typedef struct {
    SourceSet *sources;
    Arena arena;
    VEC(Diag *) list;
    uint32_t errors;
    uint32_t warnings;
    uint32_t hidden;         /* errors beyond the limit: counted, not kept */
    uint32_t error_limit;    /* 0: no limit */
    bool warnings_as_errors; /* counts each warning as an error and prints it as one */
    bool no_warnings;
    Diag scratch; /* what diag_report gives back for messages that are not kept */
} Diags;

typedef enum {
    DIAG_STYLE_TEXT,
    DIAG_STYLE_COLOUR,
    DIAG_STYLE_JSON, /* one object a line */
} DiagStyle;

/* Makes an empty collection. sources must outlive it. */
void diag_init(Diags *diags, SourceSet *sources);
void diag_free(Diags *diags);

/* Reports the code's message with its %-arguments filled in. Never NULL; owned by diags. */
Diag *diag_report(Diags *diags, DiagCode code, SourceSpan span, ...);
/* Short words printed behind the underline. */
ACT_PRINTF(3, 4) void diag_label(Diags *diags, Diag *diag, const char *format, ...);
/* A note or a help line under the message, with a place of its own unless NOWHERE. */
ACT_PRINTF(4, 5)
void diag_note(Diags *diags, Diag *diag, SourceSpan span, const char *format, ...);
ACT_PRINTF(4, 5)
void diag_help(Diags *diags, Diag *diag, SourceSpan span, const char *format, ...);

/* How many errors there are, those that were warnings included. 0: go on. */
uint32_t diag_errors(const Diags *diags);
/* Sorts by place and prints all, and (not for JSON) a last line that counts them. */
void diag_print(Diags *diags, FILE *out, DiagStyle style);
/* As diag_print, into a buffer that the caller gives back with free(); *length gets its size. */
char *diag_to_text(Diags *diags, DiagStyle style, size_t *length);

/* "E0107", "W0003" */
const char *diag_code_text(DiagCode code);

/* Did-you-mean: offer candidates one by one, then take the nearest (NULL when none is near). */
typedef struct {
    const char *wanted;
    const char *best;
    unsigned distance;
} DiagNearest;
void diag_nearest_offer(DiagNearest *nearest, const char *candidate);

#endif
