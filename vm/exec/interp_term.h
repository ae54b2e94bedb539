/* SPDX-License-Identifier: Apache-2.0 */
/* vm/exec/interp_term.h: the bodies of instructions: moving values, building terms and taking them
 * apart. Part of exec_run (interp.c), whose names it uses; no other file includes it. */

/* moving and building */
op_move : SLOT(pc[1]) = SLOT(pc[2]);
NEXT(3);
op_swap:
{
    Term a = SLOT(pc[1]);
    SLOT(pc[1]) = SLOT(pc[2]);
    SLOT(pc[2]) = a;
    NEXT(3);
}
op_heap : MAKE_ROOM();
NEXT(3);
op_cons : top[0] = SLOT(pc[2]);
top[1] = SLOT(pc[3]);
SLOT(pc[1]) = cons_term(top);
top += 2;
NEXT(4);
op_tuple:
{
    uint32_t count = pc[2];
    top[0].w = header_make(BOXED_TUPLE, count);
    for (uint32_t i = 1; i <= count; i++) {
        top[i] = SLOT(pc[2 + i]);
    }
    SLOT(pc[1]) = boxed_term(top);
    top += count + 1;
    NEXT(3 + count);
}
op_make_fun:
{
    uint32_t count = pc[3];
    top[0].w = header_make(BOXED_FUN, count + 1);
    top[FUN_ENTRY] = TERM_RAW(&code->funs[pc[2]]);
    for (uint32_t i = 0; i < count; i++) {
        top[FUN_FREE + i] = SLOT(pc[4 + i]);
    }
    SLOT(pc[1]) = boxed_term(top);
    top += FUN_FREE + count;
    NEXT(4 + count);
}
op_set_tail : cons_cell(SLOT(pc[1]))[1] = SLOT(pc[2]);
NEXT(3);
op_update_element:
{
    const Term *from = boxed_words(SLOT(pc[2]));
    uint32_t size = pc[3], count = pc[4];
    memcpy(top, from, (size + 1) * sizeof(Term));
    for (uint32_t i = 0; i < count; i++) {
        top[1 + pc[5 + 2 * i]] = SLOT(pc[6 + 2 * i]);
    }
    SLOT(pc[1]) = boxed_term(top);
    top += size + 1;
    NEXT(5 + 2 * count);
}

/* taking apart */
op_head : SLOT(pc[1]) = cons_head(SLOT(pc[2]));
NEXT(3);
op_tail_of : SLOT(pc[1]) = cons_tail(SLOT(pc[2]));
NEXT(3);
op_head_tail:
{
    const Term *cell = cons_cell(SLOT(pc[3]));
    Term tail = cell[1];
    SLOT(pc[1]) = cell[0];
    SLOT(pc[2]) = tail;
    NEXT(4);
}
op_element : SLOT(pc[1]) = tuple_items(SLOT(pc[2]))[pc[3]];
NEXT(4);
