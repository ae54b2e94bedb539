/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/emit/emit_tables.h: a module's constants, imports and sites while it is being emitted:
 * each stored once. */
#ifndef ACT_EMIT_EMIT_TABLES_H
#define ACT_EMIT_EMIT_TABLES_H

#include "compiler/ssa/ssa.h"
#include "vm/bytecode/bytecode.h"

/* Open addressing over indices + 1 into one of the module's vectors. */
typedef struct {
    uint32_t *slots;
    uint32_t room; /* power of two */
    uint32_t count;
} EmitIndex;

typedef struct {
    const SsaModule *ssa;
    BcModule *bc;
    EmitIndex konsts, imports, sites;
    uint32_t *lambda_of;          /* by function: index of its lambda + 1 */
    const SsaFunction *too_large; /* a function that needs more Y slots than there are */
} EmitTables;

uint32_t emit_konst(EmitTables *tables, const Konst *konst);
uint32_t emit_import(EmitTables *tables, const BcImport *import);
uint32_t emit_site(EmitTables *tables, const BcSite *site);
/* The lambda of a function that is called with arity arguments and has free values. */
uint32_t emit_lambda(EmitTables *tables, uint32_t function, uint32_t arity, uint32_t free);
void emit_tables_free(EmitTables *tables);

#endif
