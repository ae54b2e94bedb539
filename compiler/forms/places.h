/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/forms/places.h: where nodes stand when a program gave tokens or forms instead of text.
 *
 * Such nodes lie in a source without text (Source.places): offset N is the N-th annotation that was
 * read, and its bytes are kept, so that what was given can be given back as it was. */
#ifndef ACT_FORMS_PLACES_H
#define ACT_FORMS_PLACES_H

#include "compiler/forms/etf.h"
#include "compiler/source/source.h"

typedef struct {
    size_t at, length; /* of the annotation's bytes */
} PlaceBytes;

typedef struct {
    SourceSet *sources;
    const unsigned char *bytes; /* that the annotations were read from */
    uint32_t file;              /* the source without text */
    bool tokens;                /* each token has one place, in their order; bytes are kept */
    VEC(PlaceBytes) annos;      /* by offset */
} Places;

/* What a macro makes stands, for Erlang, where the macro's name stands: behind the `?`. Other
 * places stay what they are. */
SourceSpan places_of_macro(const SourceSet *sources, SourceSpan span);

/* Begins with an empty source of this name (copied). */
void places_init(Places *places, SourceSet *sources, const unsigned char *bytes, const char *name,
                 bool tokens);
void places_free(Places *places);
/* What is read from now on lies in the file of this name. */
void places_set_file(Places *places, const char *name);
/* Reads an annotation: a line, {Line, Column} or a list with a location, `generated` and others;
 * anything else stands for no place. *generated tells of the flag. */
SourceSpan places_read(Places *places, EtfIn *in, Arena *arena, bool *generated);

#endif
