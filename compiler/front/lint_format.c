/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/front/lint_format.c: calls of functions that are known: format strings against the
 * number of arguments; what lint_old.c knows of others. */
#include "compiler/front/lint_state.h"
#include <string.h>

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

static bool is_next_digit(const FormatScan *scan, unsigned ahead)
{
    const uint32_t *at = scan->at + ahead;
    return at < scan->end && *at >= '0' && *at <= '9';
}

/* A number, or `*`, which takes an argument. A minus only before one of them. */
static void skip_number(FormatScan *scan, bool minus)
{
    if (minus && more(scan) && *scan->at == '-' &&
        (is_next_digit(scan, 1) || (scan->at + 1 < scan->end && scan->at[1] == '*'))) {
        scan->at++;
    }
    if (more(scan) && *scan->at == '*') {
        scan->at++;
        scan->wanted++;
        return;
    }
    while (is_next_digit(scan, 0)) {
        scan->at++;
    }
}

/* The letters t and l, once each; those that may follow, or NULL for all. */
static const char *skip_modifiers(FormatScan *scan)
{
    bool unicode = false;
    bool no_strings = false;
    for (; more(scan); scan->at++) {
        if (*scan->at == 't' && !unicode) {
            unicode = true;
        } else if (*scan->at == 'l' && !no_strings) {
            no_strings = true;
        } else {
            break;
        }
    }
    scan->modifier = no_strings ? (unicode ? "lt" : "l") : unicode ? "t" : "";
    return no_strings ? "pP" : unicode ? "cwWpPs" : NULL;
}

static void scan_control(FormatScan *scan)
{
    skip_number(scan, true);
    if (more(scan) && *scan->at == '.') {
        scan->at++;
        skip_number(scan, false);
        if (more(scan) && *scan->at == '.') {
            scan->at++;
            if (more(scan) && *scan->at == '*') {
                scan->wanted++;
            }
            scan->at += more(scan);
        }
    }
    const char *allowed = skip_modifiers(scan);
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
        *length += node->string.count;
        return LIST_KNOWN;
    case AST_LIST:
        *length += node->list.items.count;
        return node->list.tail == NULL               ? LIST_KNOWN
               : node->list.tail->kind == AST_STRING ? LIST_UNKNOWN
                                                     : list_length(node->list.tail, length);
    case AST_ATOM:
    case AST_INTEGER:
    case AST_FLOAT:
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

static bool report_problem(Lint *l, const AstNode *format, const FormatScan *scan)
{
    if (scan->problem != NULL) {
        report(l, format,
               scan->control == 0
                   ? "format string invalid (truncated)"
                   : arena_printf(&l->arena, "format string invalid (invalid control ~%s%c)",
                                  scan->modifier, scan->control < 128 ? (int)scan->control : '?'));
    }
    return scan->problem != NULL;
}

static void check_arguments(Lint *l, const AstNode *format, const AstNode *args)
{
    unsigned given = 0;
    ListKind kind = list_length(args, &given);
    if (kind == LIST_NONE) {
        report(l, args, "format arguments not a list");
    } else if (kind == LIST_UNKNOWN && l->options.format > 1) {
        report(l, args, "format arguments perhaps not a list");
    }
    if (kind != LIST_KNOWN) {
        return;
    }
    FormatScan scan = scan_format(l, format);
    if (report_problem(l, format, &scan) || given == scan.wanted) {
        return;
    }
    if (given == 0) {
        report_count(l, args, scan.wanted, "the argument list is empty");
    } else {
        report_count(l, args, scan.wanted,
                     arena_printf(&l->arena, "the argument list contains %s%s",
                                  given < scan.wanted ? "only " : "", arguments(l, given)));
    }
}

static void check_format(Lint *l, const AstNode *call)
{
    AstList args = call->call.args;
    if (args.count < 1 || args.count > 3) {
        report(l, call, "format call with wrong number of arguments");
        return;
    }
    const AstNode *format = args.items[args.count == 3];
    if (format->kind != AST_STRING && format->kind != AST_ATOM) {
        if (l->options.format > 1) {
            report(l, format, "format string not a textual constant");
        }
        return;
    }
    if (args.count > 1) {
        check_arguments(l, format, args.items[args.count - 1]);
        return;
    }
    FormatScan scan = scan_format(l, format);
    if (!report_problem(l, format, &scan) && scan.wanted > 0) {
        report_count(l, call, scan.wanted, "no argument list is given");
    }
}

/* The function that the call names with its module: written so, imported, or a built-in one. */
static bool called_function(const Lint *l, const AstNode *call, const char **module,
                            const Name **name)
{
    const AstNode *target = call->call.target;
    uint32_t arity = call->call.args.count;
    if (target->kind == AST_REMOTE) {
        *module = target->pair.left->kind == AST_ATOM ? target->pair.left->name->text : NULL;
        *name = target->pair.right->kind == AST_ATOM ? target->pair.right->name : NULL;
        return *module != NULL && *name != NULL;
    }
    if (target->kind != AST_ATOM || lint_is_local(l, target->name, arity)) {
        return false;
    }
    const LintEntry *import = lint_find(&l->imports, target->name, arity);
    *name = target->name;
    *module = import != NULL ? ((const AstNode *)import->value)->name->text : "erlang";
    return import != NULL || ((lint_bif(target->name, arity) & BIF_AUTO) != 0 &&
                              !lint_is_auto_import_off(l, target->name, arity));
}

void lint_known_call(Lint *l, const AstNode *call)
{
    const char *module = NULL;
    const Name *name = NULL;
    if (!called_function(l, call, &module, &name)) {
        return;
    }
    lint_old_function(l, module, name, call);
    lint_special_call(l, module, name, call);
    bool io = strcmp(module, "io") == 0 || strcmp(module, "io_lib") == 0;
    if (io && l->options.format > 0 && (name_is(name, "format") || name_is(name, "fwrite"))) {
        check_format(l, call);
    }
}
