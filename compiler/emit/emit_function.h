/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/emit/emit_function.h: what the emit_ files share: one function on its way to code.
 *
 * How registers are given. Values that live over a call, a wait or into a handler have a home: a Y
 * slot. Wherever the frame exists ("framed" blocks), each live value with a home is in its home,
 * stored there when it was made or when the frame was; it may be in X as well, until X is lost.
 * All other values live in X only. Blocks are emitted in layout order with the registers' contents
 * tracked; a block with one predecessor takes over what that one leaves, a block with several has
 * a convention that the first edge emitted to it decides and the others move values to meet. */
#ifndef ACT_EMIT_EMIT_FUNCTION_H
#define ACT_EMIT_EMIT_FUNCTION_H

#include "compiler/emit/emit_tables.h"
#include "compiler/ssa/ssa_graph.h"

enum {
    EMIT_LINE_MAX = (1 << 24) - 1, /* this line and those behind it are not told */
    EMIT_X = 64,                   /* registers given to values; those above only pass arguments */
    EMIT_PRESSURE = 40,            /* more live values than this go to Y at once */
    EMIT_NONE = UINT32_MAX,
};

typedef struct {
    uint32_t to, from; /* operands: BC_ARG */
} EmitMove;

/* Where values are when a block is entered; what has a home in a framed block is there too. */
typedef struct {
    bool set;
    uint32_t reserve; /* heap words still made sure of */
    uint32_t count;
    struct EmitPlace {
        SsaValue value;
        uint32_t reg;
    } * places;
    uint32_t *params; /* operand for each parameter, EMIT_NONE if it is never used */
} EmitEntry;

/* Moves of an edge that are emitted later, at a label of their own. */
typedef struct {
    uint32_t label;
    SsaBlockId target;
    uint32_t frame_site; /* make the frame first: its site; EMIT_NONE: no */
    bool unframe;
    uint32_t count;
    EmitMove *moves;
} EmitStub;

typedef struct {
    EmitTables *tables;
    const SsaFunction *function;
    BcFunction *out;
    Arena arena;
    SsaGraph graph;

    /* emit_live.c: by block */
    SsaValue **live_in; /* parameters are not among them */
    uint32_t *live_count;
    /* by value */
    uint32_t *uses;   /* in the whole function */
    uint32_t *left;   /* uses still to come in the block in work */
    uint32_t *out_of; /* the last block in work that the value lives out of */

    /* emit_layout.c */
    SsaBlockId *layout;
    uint32_t layout_count;
    uint32_t *place_of; /* by block: index in layout */

    /* emit_frame.c */
    bool *has_home; /* by value */
    uint32_t *home; /* by value: Y slot, if has_home */
    bool *needs;    /* by block: has to have the frame from its start */
    bool *framed;   /* by block: the frame exists at its start (after a `frame` there) */
    uint32_t frame; /* slots */
    bool *arrives;  /* by block: the frame exists before its start; else it makes its own */

    /* emit_hints.c */
    int16_t *wish;        /* by value: register it would like, -1 none */
    uint8_t *arity_ahead; /* by block: registers the next call from its start will fill */

    /* emit_state.c: the block in work */
    const SsaBlock *block;
    SsaValue reg[BC_MAX_X + 1]; /* value in Xi, or 0 */
    uint32_t reg_end;           /* all above hold nothing */
    uint64_t *in_x;             /* by value: registers below EMIT_X that hold it */
    SsaValue *slot;             /* value in Yi */
    bool in_frame;
    uint32_t reserve;
    SsaLine last_line; /* of the last instruction emitted that has one */
    uint32_t ahead;    /* registers the next call will fill, from where we are */

    EmitEntry *entry; /* by block */
    uint32_t *label;  /* by block; 0: none yet */
    VEC(EmitStub) stubs;
} Emit;

/* emit_live.c */
void emit_live(Emit *e);
/* Calls step for each point of the block in order with the values live after it. */
typedef VEC(SsaValue) EmitLiveSet;
/* Starts the block's counting: left and out_of. */
void emit_live_enter(Emit *e, const SsaBlock *block);
void emit_live_use(Emit *e, const SsaArg *args, uint32_t count);
static inline bool emit_is_dead(const Emit *e, SsaValue value)
{
    return e->left[value] == 0 && e->out_of[value] != e->block->id;
}

void emit_layout(Emit *e);
void emit_frame(Emit *e);
void emit_hints(Emit *e);
/* The register count the next call after instruction `index` of the block will fill. */
uint32_t emit_arity_ahead(const Emit *e, const SsaBlock *block, size_t index);
bool emit_is_call(SsaOp op);
/* Index of the first argument that goes to X0: 0, or behind the fun, or module and function. */
uint32_t emit_first_argument(SsaOp op);

/* emit_state.c */
void emit_state_clear(Emit *e);
void emit_state_put(Emit *e, SsaValue value, uint32_t reg);
void emit_state_lose_x(Emit *e);
/* Operand of a use: register or constant. */
uint32_t emit_operand(Emit *e, SsaArg arg);
/* The same, but a register always. */
uint32_t emit_operand_reg(Emit *e, SsaArg arg);
/* A destination for a new value: its home or a free X; forbid: registers not to take. Value 0, or
 * one without uses: a free X. */
uint32_t emit_destination(Emit *e, SsaValue value, uint64_t forbid);
uint32_t emit_free_x(Emit *e, uint32_t from, uint64_t forbid);
/* Site of the point before the instruction in work. */
/* The number of a line as sites and functions tell it: 0 if it is too large, as in Erlang. */
uint32_t emit_line(SsaLine line);
BcSite emit_site_here(const Emit *e, SsaLine line, bool may_raise);
/* constants: X that hold no value but a constant which the instruction reads: they live on too. */
uint32_t emit_site_add(Emit *e, SsaLine line, bool may_raise, uint64_t constants);

/* emit_move.c: all at once; to are distinct. */
void emit_moves(Emit *e, EmitMove *moves, uint32_t count);

/* emit_code.c */
void emit_word(Emit *e, uint32_t word);
void emit_op(Emit *e, BcOpcode op);
uint32_t emit_new_label(Emit *e);
uint32_t emit_block_label(Emit *e, SsaBlockId block);
void emit_label_here(Emit *e, uint32_t label);
void emit_frame_op(Emit *e, uint32_t words, uint32_t site);

/* emit_instr.c. Emits instruction number index; returns how many it took (2 for head and tail). */
size_t emit_instr(Emit *e, size_t index);
/* Heap words that the instructions from index on need before the next safepoint. */
uint32_t emit_heap_ahead(const Emit *e, const SsaBlock *block, size_t index);
/* One instruction whose operands follow its row in opcodes.def. */
typedef struct {
    BcOpcode op;
    const SsaArg *args; /* for s, r, c and what follows *; missing ones are [] */
    uint32_t arg_count;
    uint32_t imms[2];    /* for u */
    uint32_t table;      /* for E, L */
    const SsaEdge *fail; /* for l, f; NULL: 0 */
    SsaValue result;     /* for d */
    SsaLine line;
    bool may_raise;
} EmitRow;
/* Emits it; its arguments count as used, its result as made. */
void emit_row(Emit *e, const EmitRow *row);
/* The instruction that op is; BC__count for those that are not one. */
BcOpcode emit_opcode(SsaOp op, uint32_t arg_count);
/* Operand of a use, in Xreg if the value is there too. */
uint32_t emit_operand_near(Emit *e, SsaArg arg, uint32_t reg);
/* Moves a call's arguments to X0.. and emits it; as a tail call too. */
void emit_call(Emit *e, const SsaInstr *call);
void emit_tail_call(Emit *e, const SsaTerm *call);

/* emit_edge.c */
/* Label to jump to for the edge: the target's, or that of a stub with moves. */
uint32_t emit_edge_label(Emit *e, const SsaEdge *edge);
/* Emits the edge's moves here, then goes to the target; next: the block that will follow, or 0. */
void emit_edge_here(Emit *e, const SsaEdge *edge, SsaBlockId next);
/* Emits the edge's moves only. True if there was code for it. */
bool emit_edge_moves(Emit *e, const SsaEdge *edge);
/* Sets up registers as they are at the block's start, makes its frame if that is its place. */
void emit_enter_block(Emit *e, const SsaBlock *block);
void emit_stubs(Emit *e);

/* emit_term.c */
void emit_term(Emit *e, SsaBlockId next);

/* emit_function.c */
void emit_function(EmitTables *tables, uint32_t index);

#endif
