/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/source/source.h: the texts a compilation reads, and places in them.
 *
 * A SourceSet holds the main file and all included ones; a SourceSpan is a half-open byte range in
 * one of them. Lines and columns are computed only when somebody asks. The set owns copies of the
 * texts and lives as long as the compilation. One thread at a time. */
#ifndef ACT_SOURCE_SOURCE_H
#define ACT_SOURCE_SOURCE_H

#include "vm/base/arena.h"
#include "vm/base/vec.h"

/* Where something stands: bytes start..end of file. All zero (file 0) means nowhere. */
typedef struct {
    uint32_t file; /* 1-based index into the set; 0 is nowhere */
    uint32_t start;
    uint32_t end;
} SourceSpan;

#define SOURCE_NOWHERE ((SourceSpan){0, 0, 0})

/* Line and column for people: both from 1; the column counts code points. */
typedef struct {
    const char *name;
    uint32_t line;
    uint32_t column;
} SourcePlace;

/* A `-file("other.erl", Line).` : from offset on, lines count from line in file name. */
typedef struct {
    uint32_t offset;
    const char *name;
    uint32_t line;
} SourceRemap;

/* A macro use: every token of its expansion has exactly this span (see preprocess.h). */
typedef struct {
    SourceSpan use;
    SourceSpan definition; /* NOWHERE when predefined or given from outside */
    const char *name;
} SourceMacroUse;

typedef struct {
    const char *name; /* as it is shown in messages */
    const char *text; /* UTF-8 always (latin1 files are converted); two NUL bytes after it */
    uint32_t length;
    SourceSpan included_from; /* the -include attribute, or NOWHERE */
    VEC(uint32_t) lines;      /* offset of each line's first byte */
    VEC(SourceRemap) remaps;
    VEC(SourceMacroUse) macro_uses; /* in order of appearance, rising start */
    VEC(SourcePlace) places;        /* not empty: there is no text, offset N is at places[N] */
} Source;

typedef struct {
    Arena arena;
    VEC(Source *) sources; /* file N is items[N - 1] */
} SourceSet;

/* Adds a text (copied) and returns its file number. Texts from 4 GB on are refused with 0. */
uint32_t source_add(SourceSet *set, const char *name, const char *text, size_t length,
                    SourceSpan included_from);
/* The source that span lies in; NULL when nowhere. */
Source *source_of(const SourceSet *set, SourceSpan span);
/* Physical line and column of the span's start, of any offset; line 0 when nowhere. */
SourcePlace source_place(const SourceSet *set, SourceSpan span);
SourcePlace source_place_at(const SourceSet *set, uint32_t file, uint32_t offset);
/* As Erlang reports it at run time: after -file attributes. Column stays physical. */
SourcePlace source_logical_place(const SourceSet *set, SourceSpan span);
/* The bytes of a line (1-based) without its end; NULL when there is no such line. */
const char *source_line_text(const Source *source, uint32_t line, size_t *length);
/* From here (offset) on, the file's lines count as name:line. Called in rising order of offset. */
void source_remap(SourceSet *set, uint32_t file, uint32_t offset, const char *name, uint32_t line);
/* Records a macro use; definition may be NOWHERE. */
void source_macro_use(SourceSet *set, SourceSpan use, SourceSpan definition, const char *name);
/* The macro whose expansion has exactly this span, or NULL. */
const SourceMacroUse *source_find_macro_use(const SourceSet *set, SourceSpan span);
/* From the start of first to the end of last; first alone when they lie in different files. */
SourceSpan source_span_join(SourceSpan first, SourceSpan last);
/* Gives everything back. */
void source_set_free(SourceSet *set);

#endif
