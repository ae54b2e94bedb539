/* SPDX-License-Identifier: Apache-2.0 */
/* test/fuzz/drive.c: a fuzzer of libFuzzer's kind without libFuzzer, for a short run in any build:
 *
 *   NAME-drive SEED COUNT FILE...
 *
 * Each file as it is, then COUNT mutants of them by the seed. Whatever the target finds ends the
 * process. The last line is `N passed, 0 failed`. Without guidance by coverage it finds less: see
 * docs/design/TESTING.md.
 */
#include "test/fuzz/damage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_SIZE = 1 << 16 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t room);
/* Only some targets have one. */
__attribute__((weak)) size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room,
                                                     unsigned seed);

typedef struct {
    uint8_t *bytes;
    size_t size;
} Input;

/* LLVMFuzzerMutate has no argument for it. */
static uint64_t random_state = 1;

static uint64_t draw(uint64_t below)
{
    return damage_draw(&random_state, below);
}

/* A piece of the input, moved within it. */
static size_t repeat(uint8_t *data, size_t size, size_t room)
{
    size_t length = 1 + draw(size < 32 ? size : 32);
    size_t from = draw(size - length + 1), to = draw(size + 1);
    if (length > size || size + length > room) {
        return size;
    }
    uint8_t piece[64];
    memcpy(piece, data + from, length);
    memmove(data + to + length, data + to, size - to);
    memcpy(data + to, piece, length);
    return size + length;
}

static size_t cut(uint8_t *data, size_t size)
{
    size_t length = 1 + draw(size < 32 ? size : 32);
    size_t from = draw(size - length + 1);
    memmove(data + from, data + from + length, size - from - length);
    return size - length;
}

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t room)
{
    if (size == 0) {
        data[0] = (uint8_t)draw(256);
        return room > 0;
    }
    switch (draw(5)) {
    case 0:
        return cut(data, size);
    case 1:
        return repeat(data, size, room);
    case 2:
        data[draw(size)] ^= (uint8_t)(1u << draw(8));
        return size;
    case 3:
        data[draw(size)] = data[draw(size)];
        return size;
    default:
        data[draw(size)] = (uint8_t)draw(256);
        return size;
    }
}

static Input read_input(const char *path)
{
    Input input = {malloc(MAX_SIZE), 0};
    FILE *in = fopen(path, "rb");
    if (!in || !input.bytes) {
        fprintf(stderr, "cannot read %s\n", path);
        exit(2);
    }
    input.size = fread(input.bytes, 1, MAX_SIZE, in);
    fclose(in);
    return input;
}

static size_t mutate(uint8_t *data, size_t size)
{
    for (uint64_t k = 1 + draw(4); k > 0; k--) {
        size = LLVMFuzzerCustomMutator
                   ? LLVMFuzzerCustomMutator(data, size, MAX_SIZE, (unsigned)draw(UINT32_MAX))
                   : LLVMFuzzerMutate(data, size, MAX_SIZE);
    }
    return size;
}

int main(int count, char **words)
{
    if (count < 4) {
        fputs("NAME-drive SEED COUNT FILE...\n", stderr);
        return 2;
    }
    random_state = strtoull(words[1], NULL, 10) * 0x9E3779B97F4A7C15u + 1;
    uint64_t runs = strtoull(words[2], NULL, 10);
    size_t file_count = (size_t)count - 3;
    Input *inputs = calloc(file_count, sizeof(Input));
    uint8_t *data = malloc(MAX_SIZE);
    for (size_t i = 0; i < file_count; i++) {
        inputs[i] = read_input(words[3 + i]);
        LLVMFuzzerTestOneInput(inputs[i].bytes, inputs[i].size);
    }
    for (uint64_t i = 0; i < runs; i++) {
        const Input *input = &inputs[draw(file_count)];
        memcpy(data, input->bytes, input->size);
        LLVMFuzzerTestOneInput(data, mutate(data, input->size));
    }
    for (size_t i = 0; i < file_count; i++) {
        free(inputs[i].bytes);
    }
    free(inputs);
    free(data);
    printf("%llu passed, 0 failed\n", (unsigned long long)(runs + file_count));
    return 0;
}
