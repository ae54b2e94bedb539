/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/front/parse_source.c: preprocess and parse, form by form. */
#include "compiler/front/parse_source.h"
#include "compiler/source/source_text.h"
#include "compiler/syntax/parse.h"
#include "vm/base/alloc.h"
#include <string.h>

static void read_forms(SyntaxContext *cx, Preprocessor *pp, AstModule *module)
{
    VEC(AstNode *) forms = {0};
    Token *tokens = NULL;
    size_t count = 0;
    while (preprocess_next(pp, &tokens, &count)) {
        AstNode *form = parse_form(cx, tokens, count);
        if (form == NULL) {
            continue;
        }
        if (form->kind == AST_ATTR_MODULE && module->name == NULL) {
            module->name = form;
        }
        vec_push(&forms, form);
    }
    module->forms.count = (uint32_t)forms.count;
    module->forms.items = ARENA_ARRAY(&cx->arena, AstNode *, forms.count);
    if (forms.count > 0) {
        memcpy(module->forms.items, forms.items, forms.count * sizeof(AstNode *));
    }
    vec_free(&forms);
}

AstModule parse_source(SyntaxContext *cx, const SourceReader *reader, const SourceOptions *options,
                       const char *name, const char *bytes, size_t length)
{
    AstModule module = {0};
    module.file = source_text_add(&cx->diags, name, bytes, length, SOURCE_NOWHERE);
    if (module.file == 0) {
        return module;
    }
    const Source *source = cx->sources.sources.items[module.file - 1];
    module.end = (SourceSpan){module.file, source->length, source->length};
    Preprocessor *pp = preprocess_new(cx, reader, options, module.file);
    read_forms(cx, pp, &module);
    preprocess_free(pp);
    return module;
}

AstModule parse_source_file(SyntaxContext *cx, const SourceReader *reader,
                            const SourceOptions *options, const char *path)
{
    char *bytes = NULL;
    size_t length = 0;
    if (!reader->read(reader->context, path, &bytes, &length)) {
        diag_report(&cx->diags, DIAG_E0001, SOURCE_NOWHERE,
                    arena_printf(&cx->arena, "cannot read the file \"%s\"", path));
        return (AstModule){0};
    }
    AstModule module = parse_source(cx, reader, options, path, bytes, length);
    alloc_free(bytes);
    return module;
}
