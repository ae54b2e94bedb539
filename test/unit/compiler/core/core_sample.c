/* SPDX-License-Identifier: Apache-2.0 */
/* test/unit/compiler/core/core_sample.c: see core_sample.h. */
#include "test/unit/compiler/core/core_sample.h"

#include <string.h>

static bool read_nothing(void *context, const char *path, char **bytes, size_t *length)
{
    (void)context, (void)path, (void)bytes, (void)length;
    return false;
}

void core_sample_start(CoreSample *s, const char *source)
{
    memset(s, 0, sizeof *s);
    syntax_context_init(&s->syntax);
    char *text = arena_printf(&s->syntax.arena, "-module(m).\n%s", source);
    SourceReader reader = {.read = read_nothing};
    SourceOptions options = {0};
    AstModule module = parse_source(&s->syntax, &reader, &options, "m.act", text, strlen(text));
    CoreContext context = {&s->syntax.arena, &s->syntax.sources, &s->syntax.diags,
                           &s->syntax.names};
    if (diag_errors(&s->syntax.diags) > 0) {
        return;
    }
    s->core = core_build(module.forms, &context);
    if (s->core == NULL) {
        return;
    }
    core_check(s->core, s->error, sizeof s->error);
    CoreText out = {0};
    core_print(s->core, &out);
    s->text = arena_strndup(&s->syntax.arena, out.items, out.count);
    vec_free(&out);
}

void core_sample_end(CoreSample *s)
{
    if (s->core != NULL) {
        core_module_free(s->core);
    }
    syntax_context_free(&s->syntax);
}

const CoreFunction *core_sample_function(const CoreSample *s, const char *name)
{
    for (size_t i = 0; i < s->core->functions.count; i++) {
        if (strcmp(s->core->functions.items[i]->name->text, name) == 0) {
            return s->core->functions.items[i];
        }
    }
    return NULL;
}

bool core_sample_has(const CoreSample *s, const char *text)
{
    return s->text != NULL && strstr(s->text, text) != NULL;
}
