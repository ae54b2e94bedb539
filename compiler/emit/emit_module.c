/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/emit/emit_module.c: a module, function by function. */
#include "compiler/emit/emit.h"

#include "compiler/emit/emit_function.h"

#include <string.h>

static void emit_blocks(Emit *e)
{
    for (uint32_t i = 0; i < e->layout_count; i++) {
        const SsaBlock *block = ssa_block_at(e->function, e->layout[i]);
        emit_enter_block(e, block);
        for (size_t n = 0; n < block->instrs.count;) {
            n += emit_instr(e, n);
        }
        emit_term(e, i + 1 < e->layout_count ? e->layout[i + 1] : 0);
    }
    emit_stubs(e);
}

void emit_function(EmitTables *tables, uint32_t index)
{
    Emit *e = alloc_must_zero(sizeof(Emit));
    e->tables = tables;
    e->function = tables->ssa->functions.items[index];
    e->out = &tables->bc->functions.items[index];
    ssa_graph_make(&e->graph, e->function);
    emit_live(e);
    emit_layout(e);
    emit_frame(e);
    emit_hints(e);
    uint32_t blocks = e->graph.count + 1;
    e->in_x = ARENA_ARRAY(&e->arena, uint64_t, e->function->value_count + 1);
    e->slot = ARENA_ARRAY(&e->arena, SsaValue, e->frame);
    e->entry = ARENA_ARRAY(&e->arena, EmitEntry, blocks);
    e->label = ARENA_ARRAY(&e->arena, uint32_t, blocks);
    emit_blocks(e);
    vec_free(&e->stubs);
    ssa_graph_free(&e->graph);
    arena_free(&e->arena);
    alloc_free(e);
}

static void add_function(EmitTables *tables, uint32_t index)
{
    const SsaFunction *function = tables->ssa->functions.items[index];
    BcModule *bc = tables->bc;
    BcFunction out = {.name = konst_copy(&bc->arena, function->name),
                      .arity = function->arity,
                      .line = emit_line(function->line),
                      .exported = function->exported,
                      .contexts = function->contexts};
    if (function->smalls) {
        uint8_t *smalls = arena_alloc(&bc->arena, ACT_MAX(out.arity, 1));
        memcpy(smalls, function->smalls, out.arity);
        out.smalls = smalls;
    }
    vec_push(&bc->functions, out);
    if (function->is_lambda) {
        emit_lambda(tables, index, function->lambda_arity,
                    function->arity - function->lambda_arity);
    }
}

/* All funs of a module have the same number, as in Erlang: made of the code of all of them. */
static void set_uniq(BcModule *bc)
{
    uint32_t hash = (uint32_t)konst_hash(bc->name);
    for (size_t i = 0; i < bc->lambdas.count; i++) {
        const BcFunction *function = &bc->functions.items[bc->lambdas.items[i].function];
        for (size_t k = 0; k < function->code.count; k++) {
            hash = (hash ^ function->code.items[k]) * 16777619u;
        }
    }
    for (size_t i = 0; i < bc->lambdas.count; i++) {
        bc->lambdas.items[i].uniq = hash & 0x7ffffff;
    }
}

static const Konst *copy_or_null(Arena *arena, const Konst *konst)
{
    return konst ? konst_copy(arena, konst) : NULL;
}

BcModule *emit_module(const SsaModule *ssa, const SsaFunction **too_large)
{
    BcModule *bc = bc_new();
    EmitTables tables = {.ssa = ssa, .bc = bc};
    tables.lambda_of = alloc_must_zero((ssa->functions.count + 1) * sizeof(uint32_t));
    bc->name = konst_copy(&bc->arena, ssa->name);
    bc->attributes = copy_or_null(&bc->arena, ssa->attributes);
    bc->compile = copy_or_null(&bc->arena, ssa->compile);
    bc->on_load = copy_or_null(&bc->arena, ssa->on_load);
    for (size_t i = 0; i < ssa->files.count; i++) {
        const char *file = ssa->files.items[i];
        vec_push(&bc->files, arena_strndup(&bc->arena, file, strlen(file)));
    }
    for (size_t i = 0; i < ssa->functions.count; i++) {
        add_function(&tables, (uint32_t)i);
    }
    for (size_t i = 0; i < ssa->functions.count; i++) {
        emit_function(&tables, (uint32_t)i);
    }
    set_uniq(bc);
    emit_tables_free(&tables);
    if (tables.too_large) {
        *too_large = tables.too_large;
        bc_free(bc);
        return NULL;
    }
    return bc;
}
