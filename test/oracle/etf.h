/* SPDX-License-Identifier: Apache-2.0 */
/* test/oracle/etf.h: reads what term_to_binary writes, so that real Erlang can hand us terms. */
#ifndef ACT_TEST_ORACLE_ETF_H
#define ACT_TEST_ORACLE_ETF_H

#include "vm/mem/heap.h"

/* The term of hex digits, built on heap. Ends the program on what it does not know. */
Term etf_read_hex(Heap *heap, AtomTable *atoms, const char *hex);

#endif
