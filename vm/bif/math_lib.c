/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/math_lib.c: see math_lib.h. */
#include "vm/bif/math_lib.h"

#include "vm/base/bug.h"
#include "vm/host/host_library.h"

static const char *const names[] = {
#define NAME(name) #name,
    MATH_LIB_1(NAME) MATH_LIB_2(NAME)
#undef NAME
};

MathFunction math_lib_find(MathLib *lib, MathName name)
{
    void *library = host_library_open("libm.so.6");
    VM_CHECK(library != NULL);
    MathFunction found = host_library_symbol(library, names[name]);
    VM_CHECK(found != NULL);
    atomic_store_explicit(&lib->functions[name], found, memory_order_release);
    return found;
}
