/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/core/core.c: making nodes. */
#include "compiler/core/core.h"

CoreNode *core_new(Arena *arena, CoreKind kind, CoreLine line)
{
    CoreNode *node = ARENA_NEW(arena, CoreNode);
    node->kind = kind;
    node->line = line;
    return node;
}

CorePattern *core_pattern_new(Arena *arena, CorePatternKind kind)
{
    CorePattern *pattern = ARENA_NEW(arena, CorePattern);
    pattern->kind = kind;
    return pattern;
}

CoreNode *core_literal(Arena *arena, CoreLine line, const Konst *konst)
{
    CoreNode *node = core_new(arena, CORE_LITERAL, line);
    node->konst = konst;
    return node;
}

CoreNode *core_var(Arena *arena, CoreLine line, CoreVar var)
{
    CoreNode *node = core_new(arena, CORE_VAR, line);
    node->var = var;
    return node;
}

CoreList core_list_new(Arena *arena, uint32_t count)
{
    CoreList list = {count == 0 ? NULL : ARENA_ARRAY(arena, CoreNode *, count), count};
    return list;
}

bool core_is_simple(const CoreNode *node)
{
    return node->kind == CORE_LITERAL || node->kind == CORE_VAR;
}

void core_module_free(CoreModule *module)
{
    vec_free(&module->functions);
    vec_free(&module->files);
}
