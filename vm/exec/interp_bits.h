/* SPDX-License-Identifier: Apache-2.0 */
/* vm/exec/interp_bits.h: the bodies of instructions: bit syntax. Part of exec_run (interp.c), whose
 * names it uses; no other file includes it. */

/* bit syntax */
op_bs_build:
{
    BITS_ROOM(BITS_BUILD_WORDS, pc[3]);
    SAVE();
    Operands segments = {bases, pc + 5, pc[4]};
    result = pc[4] > 1 && (pc[5] & BC_SEG_ALL) ? bits_append_bytes(p, &segments) : TERM_NONE;
    if (term_same(result, TERM_NONE)) {
        result = bits_build(p, &segments, pc[2] != 0);
    }
    if (ACT_UNLIKELY(term_same(result, TERM_NONE))) {
        site = &sites[pc[3]];
        goto bits_failed;
    }
    LOAD();
    SLOT(pc[1]) = result;
    NEXT(5 + 4 * pc[4]);
}
op_bs_start : if (ACT_LIKELY(bits_is_context(SLOT(pc[3]))))
{
    Term context = SLOT(pc[3]);
    bits_enter(boxed_words(context));
    SLOT(pc[2]) = context;
    NEXT(5);
}
BITS_ROOM(BITS_START_WORDS, pc[4]);
if (ACT_UNLIKELY(!term_is_bitstring(SLOT(pc[3])))) {
    JUMP(pc[1]);
}
SLOT(pc[2]) = bits_start(top, SLOT(pc[3]));
top += MATCH_WORDS;
NEXT(5);
op_bs_get:
{
    Term *match = boxed_words(SLOT(pc[3]));
    Term size = SLOT(pc[6]);
    if (ACT_LIKELY((pc[4] & BC_SEG_TYPE) == BC_SEG_INTEGER && term_is_small(size) &&
                   size.w <= 2 * 56)) {
        size_t bits = size.w / 2 * pc[5];
        if (bits > bits_left(match)) {
            JUMP(pc[1]);
        }
        if (ACT_LIKELY(bits <= 56 && (bits % 8 == 0 || !bits_is_little(pc[4])))) {
            SLOT(pc[2]) = bits_take(match, (unsigned)bits, pc[4]);
            NEXT(8);
        }
    }
    BITS_ROOM(BITS_GET_WORDS, pc[7]);
    SAVE();
    switch (bits_get(p, SLOT(pc[3]), pc[4], pc[5], SLOT(pc[6]), &result)) {
    case BITS_TAKEN:
        LOAD();
        SLOT(pc[2]) = result;
        NEXT(8);
    case BITS_NO:
        JUMP(pc[1]);
    default:
        site = &sites[pc[7]];
        goto raise_plain;
    }
}
op_bs_skip : TEST(bits_skip(SLOT(pc[2]), pc[3], pc[4], SLOT(pc[5])), 6);
op_bs_rest : BITS_ROOM(SUB_BINARY_WORDS, pc[3]);
SLOT(pc[1]) = bits_rest(top, boxed_words(SLOT(pc[2])));
top += SUB_BINARY_WORDS;
NEXT(4);
op_bs_at_end : TEST(bits_left(boxed_words(SLOT(pc[2]))) == 0, 3);
op_bs_bits_left : TEST(bits_left_are(boxed_words(SLOT(pc[2])), pc[3]), 4);
op_bs_position : SLOT(pc[1]) = boxed_words(SLOT(pc[2]))[MATCH_POSITION];
NEXT(3);
op_bs_goto : bits_goto(SLOT(pc[1]), SLOT(pc[2]));
NEXT(3);
op_bs_enter : if (bits_is_context(SLOT(pc[1])))
{
    bits_enter(boxed_words(SLOT(pc[1])));
}
NEXT(2);
op_bs_rewind : if (ACT_LIKELY(bits_is_context(SLOT(pc[1]))))
{
    bits_rewind(boxed_words(SLOT(pc[1])));
}
NEXT(2);
op_bs_term : BITS_ROOM(SUB_BINARY_WORDS, pc[3]);
result = SLOT(pc[2]);
if (bits_is_context(result)) {
    result = bits_whole(top, boxed_words(result));
    top += SUB_BINARY_WORDS;
}
SLOT(pc[1]) = result;
NEXT(4);
op_bs_take:
{
    Term *match = boxed_words(SLOT(pc[3]));
    if (ACT_UNLIKELY(pc[4] > bits_left(match))) {
        JUMP(pc[1]);
    }
    SLOT(pc[2]) = bits_take(match, pc[4], pc[5]);
    NEXT(6);
}
bits_failed : if (p->pending == PENDING_EXIT)
{
    goto exited;
}
if (pc[2]) {
    p->pending = PENDING_NONE;
    LOAD();
    JUMP(pc[2]);
}
goto raise_plain;
