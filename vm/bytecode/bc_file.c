/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bytecode/bc_file.c: checksums and chunk names of the module file. */
#include "vm/bytecode/bc_file.h"

#include <string.h>

const char bc_chunk_tags[BC_CHUNK__count][5] = {
    [BC_CHUNK_ATOMS] = "Atom",     [BC_CHUNK_KONSTS] = "Knst",  [BC_CHUNK_IMPORTS] = "Impt",
    [BC_CHUNK_FUNCTIONS] = "Func", [BC_CHUNK_LAMBDAS] = "Lmbd", [BC_CHUNK_SITES] = "Site",
    [BC_CHUNK_FILES] = "File",     [BC_CHUNK_META] = "Meta",
};

typedef struct {
    uint32_t table[256];
    uint32_t crc;
} Crc;

static void crc_start(Crc *crc)
{
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t word = i;
        for (int bit = 0; bit < 8; bit++) {
            word = word >> 1 ^ (word & 1 ? 0xEDB88320u : 0);
        }
        crc->table[i] = word;
    }
    crc->crc = 0xFFFFFFFFu;
}

static void crc_add(Crc *crc, const void *bytes, size_t size)
{
    const unsigned char *p = bytes;
    for (size_t i = 0; i < size; i++) {
        crc->crc = crc->crc >> 8 ^ crc->table[(crc->crc ^ p[i]) & 0xFF];
    }
}

uint32_t bc_checksum(const unsigned char *bytes, size_t size)
{
    Crc crc;
    crc_start(&crc);
    crc_add(&crc, bytes, size);
    return ~crc.crc;
}

uint32_t bc_instruction_set(void)
{
    Crc crc;
    crc_start(&crc);
    for (size_t i = 0; i < BC__count; i++) {
        crc_add(&crc, bc_op_info[i].name, strlen(bc_op_info[i].name) + 1);
        crc_add(&crc, bc_op_info[i].operands, strlen(bc_op_info[i].operands) + 1);
    }
    return ~crc.crc;
}
