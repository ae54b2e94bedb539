/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bytecode/bytecode.h: a module as plain structs, the form between compiler, file and loader.
 *
 * emit/ fills a BcModule; bc_write makes the bytes of an .actb file of it; bc_read makes a BcModule
 * of bytes, bounds-checked but not yet verified; code/ verifies and loads it. */
#ifndef ACT_BYTECODE_BYTECODE_H
#define ACT_BYTECODE_BYTECODE_H

#include "vm/base/arena.h"
#include "vm/base/vec.h"
#include "vm/bytecode/konst.h"

enum {
    OPF_COLLECT = 1,
    OPF_RAISE = 2,
    OPF_YIELD = 4,
    OPF_ENDS = 8,
    OPF_CALLS = OPF_COLLECT | OPF_RAISE | OPF_YIELD | 16,
};

typedef enum {
#define OP(name, operands, flags, meaning) BC_##name,
#include "vm/bytecode/opcodes.def"
#undef OP
    BC__count
} BcOpcode;
_Static_assert(BC__count <= 256, "an opcode is one byte");

typedef struct {
    const char *name;
    const char *operands;
    unsigned flags;
    const char *meaning;
    uint8_t letters; /* of operands */
    bool list;       /* there is a `*` among them */
    bool site;       /* there is an S */
} BcOpInfo;

/* One row per opcode, in opcodes.def's order. */
extern const BcOpInfo bc_op_info[BC__count];

/* What `fail` raises. */
typedef enum {
    BC_FAIL_BADMATCH,      /* {badmatch, V} */
    BC_FAIL_CASE_CLAUSE,   /* {case_clause, V} */
    BC_FAIL_TRY_CLAUSE,    /* {try_clause, V} */
    BC_FAIL_ELSE_CLAUSE,   /* {else_clause, V} */
    BC_FAIL_IF_CLAUSE,     /* if_clause */
    BC_FAIL_BADRECORD,     /* {badrecord, V} */
    BC_FAIL_BADMAP,        /* {badmap, V} */
    BC_FAIL_BADKEY,        /* {badkey, V} */
    BC_FAIL_BADARG,        /* badarg */
    BC_FAIL_BAD_FILTER,    /* {bad_filter, V} */
    BC_FAIL_BAD_GENERATOR, /* {bad_generator, V} */
    BC_FAIL_SYSTEM_LIMIT,  /* system_limit */
    BC_FAIL_BADARITH,      /* badarith */
    BC_FAIL__count
} BcFail;

/* A source or register operand is one number: kind in the low two bits, index above. */
enum { BC_X = 0, BC_Y = 1, BC_K = 2 };
#define BC_ARG(kind, index) ((uint32_t)(index) << 2 | (uint32_t)(kind))
#define BC_ARG_KIND(arg) ((arg)&3u)
#define BC_ARG_INDEX(arg) ((arg) >> 2)

enum { BC_MAX_X = 255, BC_MAX_Y = 65535, BC_MAX_ARITY = 255 };
/* Words that one instruction may ask of the heap: an expression that builds more is none of a
 * person's making, and the collector is not sent for gigabytes by a damaged file. */
enum { BC_MAX_HEAP_NEED = 1 << 26 };

/* Bits of a segment's spec in the bs_ instructions. */
enum {
    BC_SEG_INTEGER = 0,
    BC_SEG_FLOAT = 1,
    BC_SEG_BINARY = 2, /* binary, bytes, bitstring, bits: the unit tells */
    BC_SEG_UTF8 = 3,
    BC_SEG_UTF16 = 4,
    BC_SEG_UTF32 = 5,
    BC_SEG_TYPE = 7,
    BC_SEG_SIGNED = 8,
    BC_SEG_LITTLE = 16,
    BC_SEG_NATIVE = 32,
    BC_SEG_ALL = 64, /* binary without size: all that is left */
    /* bs_build: 1 + the number that errors tell the segment by; 0: its place among the segments */
    BC_SEG_NUMBER_SHIFT = 8,
};

/* What is known at one place in the code where the machine may collect, raise or be left. */
typedef struct {
    uint32_t frame;  /* Y slots in the frame at this point; BC_NO_FRAME: none was made yet */
    uint64_t live_x; /* bit i: Xi (i < 64) holds a live value after the instruction began; with
                        live_count > 64 all of X0..live_count-1 do (function entry) */
    uint32_t live_count;
    uint32_t live_y;  /* bit i: Yi is live after a return to here; slots 32 and up are always
                         treated as live: `frame` clears them */
    uint32_t handler; /* label of the handler in this function, 0: none */
    uint32_t line;    /* 0: not known */
    uint32_t file;    /* index into files */
} BcSite;
enum { BC_NO_FRAME = 0 }; /* a frame of 0 slots and no frame look the same on the stack */

typedef struct {
    const Konst *module; /* KONST_ATOM */
    const Konst *name;
    uint32_t arity;
} BcImport;

typedef struct {
    const Konst *name;
    uint32_t arity;  /* of the function as compiled: for a lambda, arguments + free variables */
    uint32_t line;   /* of its first clause */
    uint32_t labels; /* labels are 1..labels; 0 is none */
    bool exported;
    uint64_t contexts; /* bit n: argument n may be a match context instead of a term */
    /* Ranges (small_range.h) that the arguments of each call are within, one an argument; NULL: any
     * terms. In the module's arena. */
    const uint8_t *smalls;
    /* opcode, operands, opcode, operands, …; `*` as count then items. Room 0 and not empty: it lies
     * in the module's arena. */
    VEC(uint32_t) code;
} BcFunction;

typedef struct {
    uint32_t function; /* index */
    uint32_t arity;    /* as called */
    uint32_t free;     /* values captured; they follow the arguments in X */
    uint32_t uniq;     /* hash of the lambda's code, for fun_info */
} BcLambda;

typedef struct {
    Arena arena; /* owns all konsts, names and texts */
    const Konst *name;
    VEC(const Konst *) konsts;
    VEC(BcImport) imports;
    VEC(BcFunction) functions;
    VEC(BcLambda) lambdas;
    VEC(BcSite) sites;
    VEC(const char *) files; /* [0]: the source file */
    const Konst *attributes; /* module_info(attributes): list */
    const Konst *compile;    /* module_info(compile): list */
    const Konst *heads;      /* clause heads for crash reports (clause_heads.h), or NULL */
    const Konst *on_load;    /* KONST_ATOM name of the on_load function of arity 0, or NULL */
} BcModule;

/* A new empty module. Ends with bc_free. One thread at a time. */
BcModule *bc_new(void);
/* Gives the module and all that is in it back. */
void bc_free(BcModule *module);

/* The bytes of the module's file; caller frees with alloc_free. */
unsigned char *bc_write(const BcModule *module, size_t *size);
/* Reads what bc_write wrote. On damage: NULL, and *error says what and where (static or in no need
 * of freeing, at most error_size bytes written). Checks bounds and counts only: the verifier does
 * the rest. */
BcModule *bc_read(const unsigned char *bytes, size_t size, char *error, size_t error_size);
/* The same for bytes that the build has read and verified before it linked them in (test
 * verify-stdlib): what only damage or another build could have made wrong is not looked for. */
BcModule *bc_read_proven(const unsigned char *bytes, size_t size, char *error, size_t error_size);

/* Words that the instruction at code[at] takes, itself included; 0 if it would run past the end
 * or its opcode is unknown. */
size_t bc_op_length(const uint32_t *code, size_t at, size_t count);

#endif
