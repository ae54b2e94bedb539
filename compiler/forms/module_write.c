/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/forms/module_write.c: see module_write.h. The list's length is known only at its end: it
 * is written into the head then. */
#include "compiler/forms/module_write.h"
#include "compiler/forms/messages.h"

typedef struct {
    AbstractWriter writer;
    const SyntaxContext *cx;
    uint32_t count;       /* of forms written */
    size_t next_message;  /* in diags */
    uint32_t next_source; /* the first file that was not yet entered */
    VEC(uint32_t) files;  /* that are open, the main file first */
} ModuleWriter;

static const Source *source(const ModuleWriter *m, uint32_t file)
{
    return m->cx->sources.sources.items[file - 1];
}

static void write_location(ModuleWriter *m, uint32_t line, uint32_t column)
{
    EtfOut *out = m->writer.out;
    if (m->writer.columns) {
        etf_tuple(out, 2);
    }
    etf_int(out, line);
    if (m->writer.columns) {
        etf_int(out, column);
    }
}

/* {attribute, Line, file, {Name, Line}} */
static void write_file(ModuleWriter *m, uint32_t file, uint32_t line)
{
    EtfOut *out = m->writer.out;
    etf_tuple(out, 4);
    etf_atom(out, "attribute");
    write_location(m, line, 1);
    etf_atom(out, "file");
    etf_tuple(out, 2);
    etf_text(out, source(m, file)->name);
    etf_int(out, line);
    m->count++;
}

static void leave_until(ModuleWriter *m, uint32_t file)
{
    while (m->files.count > 1 && vec_last(&m->files) != file) {
        const Source *left = source(m, vec_pop(&m->files));
        uint32_t line = source_place(&m->cx->sources, left->included_from).line;
        write_file(m, vec_last(&m->files), line + 1);
    }
}

static void enter(ModuleWriter *m)
{
    uint32_t file = m->next_source++;
    leave_until(m, source(m, file)->included_from.file);
    vec_push(&m->files, file);
    write_file(m, file, 1);
}

/* Texts that were not included are macros and options from outside. */
static void pass_outside(ModuleWriter *m)
{
    while (m->next_source <= m->cx->sources.sources.count &&
           source(m, m->next_source)->included_from.file == 0) {
        m->next_source++;
    }
}

/* Whether the next file was included before this place. */
static bool is_before(const ModuleWriter *m, SourceSpan span)
{
    if (m->next_source > m->cx->sources.sources.count || span.file == 0) {
        return false;
    }
    SourceSpan from = source(m, m->next_source)->included_from;
    while (from.file != 0 && from.file != span.file) {
        from = source(m, from.file)->included_from;
    }
    return m->next_source <= span.file || (from.file == span.file && from.start < span.start);
}

static void go_to(ModuleWriter *m, SourceSpan span)
{
    pass_outside(m);
    while (is_before(m, span)) {
        enter(m);
        pass_outside(m);
    }
    if (span.file != 0) {
        leave_until(m, span.file);
    }
}

static void write_messages(ModuleWriter *m, size_t until)
{
    const Diags *diags = &m->cx->diags;
    for (; m->next_message < until && m->next_message < diags->list.count; m->next_message++) {
        const Diag *diag = diags->list.items[m->next_message];
        if (diag->follows) {
            continue;
        }
        go_to(m, diag->span);
        etf_tuple(m->writer.out, 2);
        etf_atom(m->writer.out, diag->severity == DIAG_ERROR ? "error" : "warning");
        message_write(m->writer.out, diags, diag);
        m->count++;
    }
}

static void write_eof(ModuleWriter *m, const AstModule *module)
{
    SourcePlace end = source_logical_place(&m->cx->sources, module->end);
    etf_tuple(m->writer.out, 2);
    etf_atom(m->writer.out, "eof");
    write_location(m, end.line, end.column);
    m->count++;
}

void module_write(EtfOut *out, const SyntaxContext *cx, const AstModule *module, bool columns)
{
    ModuleWriter m = {{out, &cx->sources, NULL, columns}, cx, 0, 0, module->file + 1, {0}};
    size_t head = out->count;
    etf_list(out, 1);
    vec_push(&m.files, module->file);
    write_file(&m, module->file, 1);
    for (uint32_t i = 0; i < module->forms.count; i++) {
        write_messages(&m, module->messages[i]);
        go_to(&m, module->forms.items[i]->span);
        abstract_write(&m.writer, module->forms.items[i]);
        m.count++;
    }
    write_messages(&m, cx->diags.list.count);
    for (pass_outside(&m); m.next_source <= cx->sources.sources.count; pass_outside(&m)) {
        enter(&m);
    }
    leave_until(&m, module->file);
    write_eof(&m, module);
    etf_nil(out);
    for (unsigned i = 0; i < 4; i++) {
        out->items[head + 1 + i] = (unsigned char)(m.count >> 8 * (3 - i));
    }
    vec_free(&m.files);
}
