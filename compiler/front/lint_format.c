/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/front/lint_format.c: calls that are known to go wrong: format strings against the number
 * of arguments, functions that are gone or going. */
#include "compiler/front/lint_state.h"
#include <string.h>

typedef struct {
    const char *module, *function;
    uint32_t arity;
    const char *advice;
    bool removed;
} OldRow;

static const OldRow old_rows[] = {
    {"erlang", "now", 0,
     "see the \"Time and Time Correction in Erlang\" chapter of the ERTS User's Guide", false},
    {"erlang", "get_stacktrace", 0,
     "use the new try/catch syntax for retrieving the stack backtrace", true},
    {"erlang", "hash", 2, "use erlang:phash2/2 instead", true},
    {"os_mon_mib", "load", 1, "this function was removed; use snmpa:load_mibs/1 instead", true},
};

static bool is_atom(const AstNode *node, const char *text)
{
    return node->kind == AST_ATOM && name_is(node->name, text);
}

static void check_old(Lint *l, const AstNode *call, const char *module, const Name *function)
{
    for (size_t i = 0; i < ACT_COUNT(old_rows); i++) {
        const OldRow *row = &old_rows[i];
        if (row->arity == call->call.args.count && strcmp(row->module, module) == 0 &&
            name_is(function, row->function)) {
            const char *text =
                arena_printf(&l->arena, "%s:%s/%u", row->module, row->function, row->arity);
            diag_report(l->diags, row->removed ? DIAG_W0021 : DIAG_W0020, call->span, text,
                        row->advice);
        }
    }
}

typedef struct {
    const uint32_t *at, *end;
    unsigned wanted;
    const char *problem; /* what is wrong with the string, NULL if nothing */
    uint32_t control;
    const char *modifier;
} FormatScan;

static bool more(const FormatScan *scan)
{
    return scan->at < scan->end;
}

/* A number, or `*`, which takes an argument. */
static void skip_number(FormatScan *scan)
{
    if (more(scan) && *scan->at == '-') {
        scan->at++;
    }
    if (more(scan) && *scan->at == '*') {
        scan->at++;
        scan->wanted++;
        return;
    }
    while (more(scan) && *scan->at >= '0' && *scan->at <= '9') {
        scan->at++;
    }
}

static void scan_control(FormatScan *scan)
{
    skip_number(scan);
    if (more(scan) && *scan->at == '.') {
        scan->at++;
        skip_number(scan);
        if (more(scan) && *scan->at == '.') {
            scan->at++;
            if (more(scan) && *scan->at == '*') {
                scan->wanted++;
            }
            scan->at += more(scan);
        }
    }
    const char *allowed = NULL;
    for (; more(scan) && (*scan->at == 't' || *scan->at == 'l'); scan->at++) {
        scan->modifier = *scan->at == 't' ? "t" : "l";
        allowed = *scan->at == 'l' ? "pP" : allowed == NULL ? "cwWpPs" : allowed;
    }
    if (!more(scan)) {
        scan->problem = "truncated";
        return;
    }
    uint32_t control = *scan->at++;
    static const char one[] = "cfegswpbBi#+";
    static const char two[] = "WPxX";
    if (allowed != NULL && (control >= 128 || strchr(allowed, (int)control) == NULL)) {
        scan->problem = "invalid control";
        scan->control = control;
        return;
    }
    if (control == '~' || control == 'n') {
        return;
    }
    if (control < 128 && strchr(one, (int)control) != NULL) {
        scan->wanted++;
    } else if (control < 128 && strchr(two, (int)control) != NULL) {
        scan->wanted += 2;
    } else {
        scan->problem = "invalid control";
        scan->control = control;
    }
}

static FormatScan scan_format(Lint *l, const AstNode *format)
{
    const uint32_t *points = format->string.points;
    uint32_t count = format->string.count;
    if (format->kind == AST_ATOM) {
        uint32_t *copy = ARENA_ARRAY(&l->arena, uint32_t, format->name->length + 1);
        for (count = 0; count < format->name->length; count++) {
            copy[count] = (unsigned char)format->name->text[count];
        }
        points = copy;
    }
    FormatScan scan = {points, points + count, 0, NULL, 0, ""};
    while (more(&scan) && scan.problem == NULL) {
        if (*scan.at++ == '~') {
            scan_control(&scan);
        }
    }
    return scan;
}

/* How many elements the list has as it is written. */
typedef enum {
    LIST_KNOWN,
    LIST_UNKNOWN, /* a variable, or a list with a tail */
    LIST_NONE,    /* no list at all */
} ListKind;

static ListKind list_length(const AstNode *node, unsigned *length)
{
    switch (node->kind) {
    case AST_STRING:
        *length = node->string.count;
        return LIST_KNOWN;
    case AST_LIST:
        *length = node->list.items.count;
        return node->list.tail == NULL ? LIST_KNOWN : LIST_UNKNOWN;
    case AST_ATOM:
    case AST_INTEGER:
    case AST_FLOAT:
    case AST_CHAR:
    case AST_TUPLE:
        return LIST_NONE;
    default:
        return LIST_UNKNOWN;
    }
}

static void report(Lint *l, const AstNode *at, const char *text)
{
    diag_report(l->diags, DIAG_W0011, at->span, text);
}

static const char *arguments(Lint *l, unsigned count)
{
    return arena_printf(&l->arena, "%u argument%s", count, count == 1 ? "" : "s");
}

static void report_count(Lint *l, const AstNode *at, unsigned wanted, const char *given)
{
    const char *needs =
        wanted == 0 ? "an empty argument list"
                    : arena_printf(&l->arena, "an argument list with %s", arguments(l, wanted));
    report(l, at, arena_printf(&l->arena, "the format string requires %s, but %s", needs, given));
}

static void check_format(Lint *l, const AstNode *call, const AstNode *format, const AstNode *args)
{
    if (format->kind != AST_STRING && format->kind != AST_ATOM) {
        return;
    }
    FormatScan scan = scan_format(l, format);
    if (scan.problem != NULL) {
        report(l, format,
               scan.control == 0
                   ? "format string invalid (truncated)"
                   : arena_printf(&l->arena, "format string invalid (invalid control ~%s%c)",
                                  scan.modifier, scan.control < 128 ? (int)scan.control : '?'));
        return;
    }
    unsigned given = 0;
    ListKind kind = args == NULL ? LIST_KNOWN : list_length(args, &given);
    if (kind == LIST_NONE) {
        report(l, args, "format arguments not a list");
    }
    if (kind != LIST_KNOWN || given == scan.wanted) {
        return;
    }
    if (args == NULL) {
        report_count(l, call, scan.wanted, "no argument list is given");
    } else if (given == 0) {
        report_count(l, args, scan.wanted, "the argument list is empty");
    } else {
        report_count(l, args, scan.wanted,
                     arena_printf(&l->arena, "the argument list contains %s%s",
                                  given < scan.wanted ? "only " : "", arguments(l, given)));
    }
}

void lint_format_call(Lint *l, const AstNode *call)
{
    AstList args = call->call.args;
    if (args.count == 1) {
        check_format(l, call, args.items[0], NULL);
    } else if (args.count == 2) {
        check_format(l, call, args.items[0], args.items[1]);
    } else if (args.count == 3) {
        check_format(l, call, args.items[1], args.items[2]);
    }
}

void lint_remote_call(Lint *l, const AstNode *call)
{
    const AstNode *target = call->call.target;
    if (target->kind == AST_ATOM) {
        if (!lint_is_local(l, target->name, call->call.args.count) && l->options.deprecated) {
            check_old(l, call, "erlang", target->name);
        }
        return;
    }
    if (target->kind != AST_REMOTE || target->pair.left->kind != AST_ATOM ||
        target->pair.right->kind != AST_ATOM) {
        return;
    }
    const AstNode *function = target->pair.right;
    if (l->options.deprecated) {
        check_old(l, call, target->pair.left->name->text, function->name);
    }
    bool io = is_atom(target->pair.left, "io") || is_atom(target->pair.left, "io_lib");
    if (io && l->options.format && (is_atom(function, "format") || is_atom(function, "fwrite"))) {
        lint_format_call(l, call);
    }
}
