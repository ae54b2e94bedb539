/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/front/parse_source.h: a source file to the forms of its module. */
#ifndef ACT_FRONT_PARSE_SOURCE_H
#define ACT_FRONT_PARSE_SOURCE_H

#include "compiler/front/preprocess.h"
#include "compiler/syntax/ast.h"

/* A module as it was written. Forms with errors are missing (diags knows). Owned by the context. */
typedef struct {
    AstList forms;
    uint32_t *messages;  /* by form: how many messages were reported before it was read */
    const AstNode *name; /* the ATTR_MODULE form, or NULL */
    uint32_t file;       /* the main file's number; 0: none of the files is */
    bool any_name;       /* the module need not be named as its file */
    SourceSpan end;      /* where the main file ends */
    uint32_t written;    /* the first so many forms stand in files, the rest are options */
} AstModule;

/* Parses a text that the caller has; name is shown in messages and tells where includes are looked
 * for. All errors are reported to cx->diags. */
AstModule parse_source(SyntaxContext *cx, const SourceReader *reader, const SourceOptions *options,
                       const char *name, const char *bytes, size_t length);
/* As parse_source, reads the file with the reader. A file that cannot be read is E0001. */
AstModule parse_source_file(SyntaxContext *cx, const SourceReader *reader,
                            const SourceOptions *options, const char *path);

#endif
