/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bytecode/bc_file.c: checksums and chunk names of the module file. */
#include "vm/bytecode/bc_file.h"

#include <string.h>
#include <zlib.h>

const char bc_chunk_tags[BC_CHUNK__count][5] = {
    [BC_CHUNK_ATOMS] = "Atom",     [BC_CHUNK_KONSTS] = "Knst",  [BC_CHUNK_IMPORTS] = "Impt",
    [BC_CHUNK_FUNCTIONS] = "Func", [BC_CHUNK_LAMBDAS] = "Lmbd", [BC_CHUNK_SITES] = "Site",
    [BC_CHUNK_FILES] = "File",     [BC_CHUNK_META] = "Meta",
};

uint32_t bc_checksum(const unsigned char *bytes, size_t size)
{
    return (uint32_t)crc32_z(0, bytes, size);
}

static uLong add_text(uLong crc, const char *text)
{
    return crc32_z(crc, (const unsigned char *)text, strlen(text) + 1);
}

uint32_t bc_instruction_set(void)
{
    uLong crc = 0;
    for (size_t i = 0; i < BC__count; i++) {
        crc = add_text(crc, bc_op_info[i].name);
        crc = add_text(crc, bc_op_info[i].operands);
    }
    return (uint32_t)crc;
}
