/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/service.c: see service.h. */
#include "compiler/service.h"

#include "compiler/forms/abstract_write.h"
#include "compiler/forms/token_read.h"
#include "compiler/syntax/parse.h"
#include <string.h>

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
    EtfItem what = call->arity == 3 ? etf_read(&call->in) : (EtfItem){ETF_END};
    SyntaxContext cx;
    Places places;
    syntax_context_init(&cx);
    places_init(&places, &cx.sources, call->in.bytes, "nofile");
    places.tokens = true;
    bool done =
        what.kind == ETF_ATOM && parse_tokens(call, &cx, &places, etf_is_atom(&what, "exprs"));
    places_free(&places);
    syntax_context_free(&cx);
    return done;
}

typedef struct {
    const char *name;
    bool (*answer)(Call *call); /* false: the request is badly formed */
} Request;

static const Request requests[] = {
    {"parse", answer_parse},
};

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
