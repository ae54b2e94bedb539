/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/emit/disasm.c: one line an instruction, operands by the letters of opcodes.def.
 * Constants and names are shown themselves, a site as its line, handler and what lives. */
#include "compiler/emit/disasm.h"

#include "vm/bytecode/small_range.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { NAME_WIDTH = 14, LONGEST_KONST = 120 };

typedef struct {
    const BcModule *module;
    DisasmText *out;
    Arena scratch;
} Disasm;

ACT_PRINTF(2, 3) static void put(Disasm *d, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    size_t length = (size_t)vsnprintf(NULL, 0, format, args);
    va_end(args);
    vec_reserve(d->out, length + 1);
    vsnprintf(d->out->items + d->out->count, length + 1, format, again);
    va_end(again);
    d->out->count += length;
}

static void put_konst(Disasm *d, const Konst *konst)
{
    const char *text = konst_text(&d->scratch, konst);
    size_t length = strlen(text);
    if (length <= LONGEST_KONST) {
        put(d, "%s", text);
        return;
    }
    size_t cut = LONGEST_KONST;
    while (cut > 0 && ((unsigned char)text[cut] & 0xc0) == 0x80) {
        cut--; /* not inside a character */
    }
    put(d, "%.*s...", (int)cut, text);
}

static void put_konst_number(Disasm *d, uint32_t index)
{
    if (index < d->module->konsts.count) {
        put_konst(d, d->module->konsts.items[index]);
    } else {
        put(d, "constant#%u", index);
    }
}

static void put_arg(Disasm *d, uint32_t arg)
{
    switch (BC_ARG_KIND(arg)) {
    case BC_X:
        put(d, "x%u", BC_ARG_INDEX(arg));
        break;
    case BC_Y:
        put(d, "y%u", BC_ARG_INDEX(arg));
        break;
    case BC_K:
        put_konst_number(d, BC_ARG_INDEX(arg));
        break;
    default:
        put(d, "operand#%u", arg);
        break;
    }
}

static void put_function(Disasm *d, uint32_t index)
{
    if (index < d->module->functions.count) {
        put_konst(d, d->module->functions.items[index].name);
        put(d, "/%u", d->module->functions.items[index].arity);
    } else {
        put(d, "function#%u", index);
    }
}

static void put_import(Disasm *d, uint32_t index)
{
    if (index < d->module->imports.count) {
        const BcImport *import = &d->module->imports.items[index];
        put_konst(d, import->module);
        put(d, ":");
        put_konst(d, import->name);
        put(d, "/%u", import->arity);
    } else {
        put(d, "import#%u", index);
    }
}

static void put_live(Disasm *d, const BcSite *site)
{
    const char *space = " live";
    for (uint32_t i = 0; i < 64; i++) {
        if (site->live_x >> i & 1) {
            put(d, "%s x%u", space, i);
            space = "";
        }
    }
    for (uint32_t i = 0; i < 32; i++) {
        if (site->live_y >> i & 1) {
            put(d, "%s y%u", space, i);
            space = "";
        }
    }
}

static void put_site(Disasm *d, uint32_t index)
{
    if (index >= d->module->sites.count) {
        put(d, "site#%u", index);
        return;
    }
    const BcSite *site = &d->module->sites.items[index];
    put(d, "  ;");
    if (site->line) {
        put(d, site->file ? " line %u in %s" : " line %u", site->line,
            site->file < d->module->files.count ? d->module->files.items[site->file] : "?");
    }
    put(d, " frame %u", site->frame);
    put_live(d, site);
    if (site->handler) {
        put(d, " handler L%u", site->handler);
    }
}

static void put_number(Disasm *d, uint32_t op, const char *letter, uint32_t word)
{
    static const char *const compares[] = {"<", "=<", ">", ">=", "==", "/=", "=:=", "=/="};
    static const char *const fails[BC_FAIL__count] = {
        "badmatch",      "case_clause",  "try_clause", "else_clause", "if_clause",
        "badrecord",     "badmap",       "badkey",     "badarg",      "bad_filter",
        "bad_generator", "system_limit", "badarith",
    };
    bool first = letter[1] != '\0' && (letter - bc_op_info[op].operands) <= 1;
    if (op == BC_compare && first && word < ACT_COUNT(compares)) {
        put(d, "%s", compares[word]);
    } else if (op == BC_type_test && first && word < BC__count) {
        put(d, "%s", bc_op_info[word].name);
    } else if (op == BC_fail && word < BC_FAIL__count) {
        put(d, "%s", fails[word]);
    } else {
        put(d, "%u", word);
    }
}

static void put_operand(Disasm *d, uint32_t op, const char *letter, uint32_t word)
{
    switch (*letter) {
    case 'd':
    case 's':
    case 'r':
        put_arg(d, word);
        break;
    case 'l':
    case 'f':
        put(d, word ? "L%u" : "-", word);
        break;
    case 'F':
        put_function(d, word);
        break;
    case 'E':
        put_import(d, word);
        break;
    case 'L':
        if (word < d->module->lambdas.count) {
            put_function(d, d->module->lambdas.items[word].function);
        } else {
            put(d, "lambda#%u", word);
        }
        break;
    case 'c':
        put_konst_number(d, word);
        break;
    default:
        put_number(d, op, letter, word);
        break;
    }
}

static void put_rest(Disasm *d, const uint32_t *code, const char *letters, size_t at)
{
    size_t group = strlen(letters);
    uint32_t count = code[at++];
    put(d, " (");
    for (uint32_t i = 0; i < count; i++) {
        for (size_t g = 0; g < group; g++) {
            put(d, "%s", i + g == 0 ? "" : g == 0 ? ", " : " ");
            put_operand(d, code[0], letters + g, code[at++]);
        }
    }
    put(d, ")");
}

static void put_instruction(Disasm *d, const uint32_t *code)
{
    const BcOpInfo *info = &bc_op_info[code[0]];
    if (code[0] == BC_label) {
        put(d, "L%u:\n", code[1]);
        return;
    }
    put(d, info->operands[0] ? "    %-*s" : "    %.*s", NAME_WIDTH, info->name);
    size_t at = 1;
    uint32_t site = UINT32_MAX;
    const char *separator = " ";
    for (const char *letter = info->operands; *letter; letter++) {
        if (*letter == '*') {
            put_rest(d, code, letter + 1, at);
            break;
        }
        uint32_t word = code[at++];
        if (*letter == 'S') {
            site = word;
            continue;
        }
        put(d, "%s", separator);
        put_operand(d, code[0], letter, word);
        separator = ", ";
    }
    if (site != UINT32_MAX) {
        put_site(d, site);
    }
    put(d, "\n");
}

static void put_code(Disasm *d, const BcFunction *function)
{
    for (size_t at = 0; at < function->code.count;) {
        size_t length = bc_op_length(function->code.items, at, function->code.count);
        if (length == 0) {
            put(d, "    damaged at word %zu\n", at);
            return;
        }
        put_instruction(d, function->code.items + at);
        at += length;
    }
}

static void put_smalls(Disasm *d, const BcFunction *function)
{
    for (uint32_t n = 0; function->smalls && n < function->arity; n++) {
        SmallRange range = function->smalls[n];
        if (small_range_is_small(range)) {
            put(d, "  x%u of %u bits%s", n, small_range_bits(range),
                small_range_negative(range) ? " and sign" : "");
        }
    }
}

void disasm_module(const BcModule *module, DisasmText *out)
{
    Disasm d = {.module = module, .out = out};
    put(&d, "module ");
    put_konst(&d, module->name);
    put(&d, "\n");
    for (size_t i = 0; i < module->functions.count; i++) {
        const BcFunction *function = &module->functions.items[i];
        put(&d, "\n");
        put_function(&d, (uint32_t)i);
        put(&d, "%s", function->exported ? "  exported" : "");
        for (uint32_t n = 0; n < 64; n++) {
            if (function->contexts >> n & 1) {
                put(&d, "  context x%u", n);
            }
        }
        put_smalls(&d, function);
        put(&d, function->line ? "  ; line %u\n" : "\n", function->line);
        put_code(&d, function);
        arena_free(&d.scratch);
    }
    arena_free(&d.scratch);
}
