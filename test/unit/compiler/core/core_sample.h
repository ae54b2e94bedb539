/* SPDX-License-Identifier: Apache-2.0 */
/* test/unit/compiler/core/core_sample.h: a text's way to Core, for tests. */
#ifndef ACT_TEST_CORE_SAMPLE_H
#define ACT_TEST_CORE_SAMPLE_H

#include "compiler/core/desugar.h"
#include "compiler/front/parse_source.h"

typedef struct {
    SyntaxContext syntax;
    CoreModule *core; /* NULL: there were errors */
    char error[256];  /* of core_check; empty if it agreed */
    char *text;       /* core_print, NUL-terminated */
} CoreSample;

/* Builds Core of the forms in source (a -module line is put before them). */
void core_sample_start(CoreSample *s, const char *source);
void core_sample_end(CoreSample *s);
/* The function of this name (first of it); NULL when there is none. */
const CoreFunction *core_sample_function(const CoreSample *s, const char *name);
/* True if what core_print says of the function contains text. */
bool core_sample_has(const CoreSample *s, const char *text);

#endif
