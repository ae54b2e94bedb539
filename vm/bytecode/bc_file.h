/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bytecode/bc_file.h: what bc_write and bc_read share of the module file. Its bytes are
 * described in docs/design/MODULE-FILE.md. */
#ifndef ACT_BYTECODE_BC_FILE_H
#define ACT_BYTECODE_BC_FILE_H

#include "vm/bytecode/bytecode.h"

enum {
    BC_FILE_VERSION = 1,
    BC_FILE_HEADER = 20, /* magic, version, instruction set, checksum, size of the rest */
    BC_CHUNK_HEADER = 8, /* tag, length */
};

#define BC_FILE_MAGIC "ActB"

/* The chunks in their order. */
enum {
    BC_CHUNK_ATOMS,
    BC_CHUNK_KONSTS,
    BC_CHUNK_IMPORTS,
    BC_CHUNK_FUNCTIONS,
    BC_CHUNK_LAMBDAS,
    BC_CHUNK_SITES,
    BC_CHUNK_FILES,
    BC_CHUNK_META,
    BC_CHUNK__count
};
extern const char bc_chunk_tags[BC_CHUNK__count][5];

/* CRC-32 (IEEE) of the bytes. */
uint32_t bc_checksum(const unsigned char *bytes, size_t size);
/* Checksum of opcodes.def's names and operands: files of another instruction set are refused. */
uint32_t bc_instruction_set(void);

#endif
