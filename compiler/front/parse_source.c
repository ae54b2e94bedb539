/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/front/parse_source.c: preprocess and parse, form by form. */
#include "compiler/front/parse_source.h"
#include "compiler/source/source_text.h"
#include "compiler/syntax/parse.h"
#include "vm/base/alloc.h"
#include <errno.h>
#include <string.h>

typedef struct {
    AstNode *node;
    uint32_t messages; /* reported before it was read */
} Form;
typedef VEC(Form) Forms;

/* Whether the last message is an error of the scanner or of a macro in the form that begins here.
 */
static bool is_damaged(const SyntaxContext *cx, SourceSpan start)
{
    const Diags *diags = &cx->diags;
    const Diag *last = diags->list.count > 0 ? vec_last(&diags->list) : NULL;
    return last != NULL && last->severity == DIAG_ERROR && last->span.file == start.file &&
           last->span.start >= start.start;
}

static void read_file(SyntaxContext *cx, Preprocessor *pp, AstModule *module, Forms *forms)
{
    Token *tokens = NULL;
    size_t count = 0;
    while (preprocess_next(pp, &tokens, &count)) {
        size_t first = cx->diags.list.count;
        bool damaged = count > 0 && is_damaged(cx, tokens[0].span);
        AstNode *form = parse_form(cx, tokens, count);
        for (; damaged && first < cx->diags.list.count; first++) {
            cx->diags.list.items[first]->follows = true;
        }
        if (form == NULL) {
            continue;
        }
        if (form->kind == AST_ATTR_MODULE && module->name == NULL) {
            module->name = form;
        }
        Form next = {form, (uint32_t)cx->diags.list.count};
        vec_push(forms, next);
    }
}

/* Each option as a -compile attribute behind the last form: the last of two that contradict each
 * other decides. */
static void read_options(SyntaxContext *cx, const SourceReader *reader,
                         const SourceOptions *options, AstModule *module, Forms *forms)
{
    static const SourceOptions none = {0};
    for (size_t i = 0; options != NULL && i < options->option_count; i++) {
        const char *text = arena_printf(&cx->arena, "-compile(%s).", options->options[i]);
        const char *name = arena_printf(&cx->arena, "+%s", options->options[i]);
        uint32_t file = source_text_add(&cx->diags, name, text, strlen(text), SOURCE_NOWHERE);
        Preprocessor *pp = preprocess_new(cx, reader, &none, file);
        read_file(cx, pp, module, forms);
        preprocess_free(pp);
    }
}

static void read_forms(SyntaxContext *cx, const SourceReader *reader, const SourceOptions *options,
                       AstModule *module)
{
    Forms forms = {0};
    Preprocessor *pp = preprocess_new(cx, reader, options, module->file);
    read_file(cx, pp, module, &forms);
    preprocess_free(pp);
    module->written = (uint32_t)forms.count;
    read_options(cx, reader, options, module, &forms);
    module->forms.count = (uint32_t)forms.count;
    module->forms.items = ARENA_ARRAY(&cx->arena, AstNode *, forms.count);
    module->messages = ARENA_ARRAY(&cx->arena, uint32_t, forms.count);
    for (size_t i = 0; i < forms.count; i++) {
        module->forms.items[i] = forms.items[i].node;
        module->messages[i] = forms.items[i].messages;
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
    read_forms(cx, reader, options, &module);
    return module;
}

AstModule parse_source_file(SyntaxContext *cx, const SourceReader *reader,
                            const SourceOptions *options, const char *path)
{
    char *bytes = NULL;
    size_t length = 0;
    errno = 0;
    if (!reader->read(reader->context, path, &bytes, &length)) {
        const char *why = errno != 0 ? strerror(errno) : "it is not there";
        diag_report(&cx->diags, DIAG_E0001, SOURCE_NOWHERE,
                    arena_printf(&cx->arena, "cannot read the file \"%s\": %s", path, why));
        return (AstModule){0};
    }
    AstModule module = parse_source(cx, reader, options, path, bytes, length);
    alloc_free(bytes);
    return module;
}
