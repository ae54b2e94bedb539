/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/service.c: see service.h. */
#include "compiler/service.h"

#include "compiler/forms/abstract_read.h"
#include "compiler/forms/messages.h"
#include "compiler/forms/module_write.h"
#include "compiler/forms/token_read.h"
#include "compiler/front/lint.h"
#include "compiler/syntax/parse.h"
#include <string.h>

enum { QUICK_BYTES = 1024 }; /* some 50 tokens */

typedef struct {
    const CompileOptions *options;
    EtfIn in; /* behind the name of the request */
    uint32_t arity;
    EtfOut out;
} Call;

/* {error, N, Code, Text} of the first message. */
static void write_fault(Call *call, const SyntaxContext *cx)
{
    const Diag *diag = cx->diags.list.items[0];
    etf_tuple(&call->out, 4);
    etf_atom(&call->out, "error");
    etf_int(&call->out, diag->span.start);
    etf_atom(&call->out, diag_code_text(diag->code));
    etf_text(&call->out, diag->text);
}

static bool parse_tokens(Call *call, SyntaxContext *cx, Places *places, bool exprs)
{
    TokenVec tokens = {0};
    bool read = token_read_list(cx, &call->in, places, &tokens);
    AstList list = {NULL, 0};
    ParseFault fault;
    if (!read) {
        /* no list of tokens */
    } else if (parse_given(cx, tokens.items, tokens.count, exprs, &list, &fault)) {
        AbstractWriter w = {&call->out, &cx->sources, places, false};
        etf_tuple(&call->out, 2);
        etf_atom(&call->out, "ok");
        abstract_write_list(&w, list);
    } else if (fault.syntax) {
        etf_tuple(&call->out, 2);
        etf_atom(&call->out, "syntax");
        etf_int(&call->out, (int64_t)fault.token);
    } else {
        write_fault(call, cx);
    }
    vec_free(&tokens);
    return read;
}

static bool answer_parse(Call *call)
{
    EtfItem what = call->arity == 3 ? etf_read(&call->in) : (EtfItem){.kind = ETF_END};
    SyntaxContext cx;
    Places places;
    syntax_context_init(&cx);
    places_init(&places, &cx.sources, call->in.bytes, "nofile", true);
    bool done =
        what.kind == ETF_ATOM && parse_tokens(call, &cx, &places, etf_is_atom(&what, "exprs"));
    places_free(&places);
    syntax_context_free(&cx);
    return done;
}

/* ---- files ---- */

/* What a request says of macros and directories, on top of what the caller of the service gave. */
typedef struct {
    Arena arena;
    VEC(SourceDefine) defines;
    VEC(const char *) dirs;
    SourceOptions options;
} Environment;

static bool read_defines(Call *call, Environment *env)
{
    uint32_t count;
    if (!etf_list_begin(&call->in, &count)) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        EtfItem pair = etf_read(&call->in);
        SourceDefine define = {etf_read_text(&call->in, &env->arena), NULL};
        EtfItem value = etf_peek(&call->in);
        if (etf_is_atom(&value, "true")) {
            etf_read(&call->in);
        } else {
            define.value = etf_read_text(&call->in, &env->arena);
        }
        if (pair.kind != ETF_TUPLE || pair.count != 2 || define.name == NULL) {
            return false;
        }
        vec_push(&env->defines, define);
    }
    return etf_list_end(&call->in, count);
}

static bool read_dirs(Call *call, Environment *env)
{
    uint32_t count;
    if (!etf_list_begin(&call->in, &count)) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        const char *dir = etf_read_text(&call->in, &env->arena);
        if (dir == NULL) {
            return false;
        }
        vec_push(&env->dirs, dir);
    }
    return etf_list_end(&call->in, count);
}

static bool read_environment(Call *call, Environment *env)
{
    const SourceOptions *given = &call->options->source;
    for (size_t i = 0; i < given->define_count; i++) {
        vec_push(&env->defines, given->defines[i]);
    }
    EtfItem pair = etf_read(&call->in);
    bool read = pair.kind == ETF_TUPLE && pair.count == 2 && read_defines(call, env) &&
                read_dirs(call, env);
    for (size_t i = 0; i < given->include_dir_count; i++) {
        vec_push(&env->dirs, given->include_dirs[i]);
    }
    env->options = *given;
    env->options.defines = env->defines.items;
    env->options.define_count = env->defines.count;
    env->options.include_dirs = env->dirs.items;
    env->options.include_dir_count = env->dirs.count;
    return read;
}

static void free_environment(Environment *env)
{
    vec_free(&env->defines);
    vec_free(&env->dirs);
    arena_free(&env->arena);
}

static void write_messages(Call *call, const char *tag, const Diags *diags)
{
    etf_tuple(&call->out, 2);
    etf_atom(&call->out, tag);
    message_write_all(&call->out, diags);
}

static bool answer_epp(Call *call)
{
    Environment env = {0};
    const char *path = etf_read_text(&call->in, &env.arena);
    bool read = call->arity == 4 && path != NULL && read_environment(call, &env);
    EtfItem columns = read ? etf_read(&call->in) : (EtfItem){.kind = ETF_END};
    if (read) {
        SyntaxContext cx;
        syntax_context_init(&cx);
        AstModule module = parse_source_file(&cx, &call->options->reader, &env.options, path);
        if (module.file == 0) {
            write_messages(call, "error", &cx.diags);
        } else {
            etf_tuple(&call->out, 2);
            etf_atom(&call->out, "ok");
            module_write(&call->out, &cx, &module, etf_is_atom(&columns, "true"));
        }
        syntax_context_free(&cx);
    }
    free_environment(&env);
    return read;
}

/* ---- compiling ---- */

/* The one option that is no attribute: no_clause_heads leaves the text for crash reports out. */
static bool wants_no_heads(const AstNode *options)
{
    for (uint32_t i = 0; i < options->list.items.count; i++) {
        const AstNode *option = options->list.items.items[i];
        if (option->kind == AST_ATOM && name_is(option->name, "no_clause_heads")) {
            return true;
        }
    }
    return false;
}

/* Options from outside act as an attribute behind the last form (AstModule.written). */
static void add_options(Call *call, Compilation *c, CompileOptions *options, AstModule *module)
{
    AstNode *value = abstract_read_term(&c->syntax, &call->in, SOURCE_NOWHERE);
    if (value == NULL || value->kind != AST_LIST || value->list.items.count == 0) {
        return;
    }
    options->no_heads = wants_no_heads(value);
    Arena *arena = &c->syntax.arena;
    AstNode *form = ast_new(arena, AST_ATTR_WILD, SOURCE_NOWHERE);
    form->attr_wild.name =
        ast_atom(arena, SOURCE_NOWHERE, name_intern_text(&c->syntax.names, "compile"));
    form->attr_wild.value = value;
    uint32_t count = module->forms.count;
    AstNode **forms = ARENA_ARRAY(arena, AstNode *, count + 1);
    forms[count] = ast_finish(form);
    if (count > 0) {
        memcpy(forms, module->forms.items, count * sizeof *forms);
    }
    module->forms = (AstList){forms, count + 1};
}

static void write_compiled(Call *call, const Compilation *c, const AstModule *module, bool compiled)
{
    if (!compiled) {
        write_messages(call, "error", &c->syntax.diags);
        return;
    }
    size_t size = 0;
    unsigned char *bytes = c->module ? bc_write(c->module, &size) : NULL;
    etf_tuple(&call->out, 4);
    etf_atom(&call->out, "ok");
    const Name *name = module->name != NULL ? module->name->one->name : NULL;
    etf_atom(&call->out, name != NULL ? name->text : "no_module");
    etf_binary(&call->out, bytes, size);
    message_write_all(&call->out, &c->syntax.diags);
    alloc_free(bytes);
}

/* Reads the source, then what stands behind it in the request, and compiles. */
static bool compile_source(Call *call, Environment *env, CompileOptions *options, bool from_file,
                           const char *file)
{
    Compilation c;
    compile_begin(&c, options);
    AstModule module = {0};
    if (!from_file) {
        module = abstract_read_module(&c.syntax, &call->in, file);
    }
    bool read = read_environment(call, env);
    if (read && from_file) {
        module = parse_source_file(&c.syntax, &options->reader, &env->options, file);
        module.any_name = true; /* stdlib/compile.act looks when it writes a file */
    }
    if (read && from_file && compile_wants_transforms(&module)) {
        etf_atom(&call->out, "transforms");
    } else if (read) {
        options->source = env->options;
        add_options(call, &c, options, &module);
        write_compiled(call, &c, &module, compile_tree(&c, options, &module));
    }
    compile_free(&c);
    return read;
}

static bool answer_compile(Call *call)
{
    Environment env = {0};
    CompileOptions options = *call->options;
    EtfItem mode = etf_read(&call->in);
    EtfItem tuple = etf_read(&call->in);
    EtfItem kind = tuple.kind == ETF_TUPLE ? etf_read(&call->in) : tuple;
    bool from_file = etf_is_atom(&kind, "file") && tuple.count == 2;
    bool from_forms = etf_is_atom(&kind, "forms") && tuple.count == 3;
    const char *file = from_file || from_forms ? etf_read_text(&call->in, &env.arena) : NULL;
    options.lint_only = etf_is_atom(&mode, "lint");
    options.no_warnings = false;
    options.dump = NULL;
    bool done =
        call->arity == 5 && file != NULL && compile_source(call, &env, &options, from_file, file);
    free_environment(&env);
    return done;
}

/* ---- what was given up ---- */

static bool answer_old(Call *call)
{
    EtfItem kind = etf_read(&call->in);
    EtfItem module = etf_read(&call->in);
    EtfItem name = etf_read(&call->in);
    EtfItem arity = etf_read(&call->in);
    if (call->arity != 5 || module.kind != ETF_ATOM || name.kind != ETF_ATOM ||
        arity.kind != ETF_INT || arity.integer < 0 || arity.integer > UINT32_MAX) {
        return false;
    }
    Arena arena = {0};
    bool removed;
    size_t length;
    const char *advice =
        lint_old_advice(etf_is_atom(&kind, "type"), etf_atom_text(&arena, &module, &length),
                        etf_atom_text(&arena, &name, &length), (uint32_t)arity.integer, &removed);
    if (advice == NULL) {
        etf_atom(&call->out, "no");
    } else {
        etf_tuple(&call->out, 2);
        etf_atom(&call->out, removed ? "removed" : "deprecated");
        etf_text(&call->out, advice);
    }
    arena_free(&arena);
    return true;
}

typedef struct {
    const char *name;
    bool (*answer)(Call *call); /* false: the request is badly formed */
} Request;

static const Request requests[] = {
    {"parse", answer_parse},
    {"epp", answer_epp},
    {"compile", answer_compile},
    {"old", answer_old},
};

bool service_is_quick(const unsigned char *request, size_t size)
{
    EtfIn in = etf_open(request, size);
    EtfItem tuple = etf_read(&in);
    EtfItem name = tuple.kind == ETF_TUPLE ? etf_read(&in) : tuple;
    return size <= QUICK_BYTES && (etf_is_atom(&name, "parse") || etf_is_atom(&name, "old"));
}

unsigned char *service_answer(const CompileOptions *options, const unsigned char *request,
                              size_t size, size_t *answer_size)
{
    Call call = {.options = options, .in = etf_open(request, size)};
    EtfItem tuple = etf_read(&call.in);
    EtfItem name = tuple.kind == ETF_TUPLE ? etf_read(&call.in) : tuple;
    call.arity = tuple.count;
    bool done = false;
    etf_begin(&call.out);
    for (size_t i = 0; i < ACT_COUNT(requests); i++) {
        if (etf_is_atom(&name, requests[i].name)) {
            done = requests[i].answer(&call) && !call.in.bad;
        }
    }
    if (!done) {
        vec_free(&call.out);
    }
    *answer_size = call.out.count;
    return call.out.items;
}
