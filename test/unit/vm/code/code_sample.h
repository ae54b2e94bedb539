/* SPDX-License-Identifier: Apache-2.0 */
/* test/unit/vm/code/code_sample.h: modules made by hand, and a Vm that is only its code tables. */
#ifndef ACT_TEST_CODE_SAMPLE_H
#define ACT_TEST_CODE_SAMPLE_H

#include "vm/code/code.h"
#include "vm/vm_parts.h"

#define X(n) BC_ARG(BC_X, n)
#define Y(n) BC_ARG(BC_Y, n)
#define K(n) BC_ARG(BC_K, n)

/* Op word of XOP i: 1000 + i. */
const uint32_t *sample_op_words(void);
Vm *sample_vm(void);
/* One whose code becomes an image; NULL: this computer has no address for it. */
Vm *sample_vm_for_image(void);
/* One with this image; NULL: it cannot be mapped. */
Vm *sample_vm_of_image(const VmImage *image);
void sample_vm_free(Vm *vm);

/* An empty module m with one source file, and site 0: frame 0, nothing live, line 1. */
BcModule *sample_module(void);
const Konst *sample_atom(BcModule *m, const char *text);
/* These add and return the index. */
uint32_t sample_konst(BcModule *m, const Konst *k);
uint32_t sample_import(BcModule *m, const char *module, const char *name, uint32_t arity);
uint32_t sample_site(BcModule *m, BcSite site);
uint32_t sample_words(BcModule *m, const char *name, uint32_t arity, uint32_t labels,
                      const uint32_t *words, size_t count);
/* An exported function of these code words. */
#define SAMPLE_FUNCTION(m, name, arity, labels, ...) \
    sample_words(m, name, arity, labels, (const uint32_t[]){__VA_ARGS__}, \
                 sizeof((const uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t))

#endif
