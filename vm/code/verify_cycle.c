/* SPDX-License-Identifier: Apache-2.0 */
/* vm/code/verify_cycle.c: no way through a function's code goes round without giving the turn back.
 *
 * Calls count reductions, waits and looks at the next message end; jumps, tests and handlers count
 * nothing. So the graph of labels, without the edges of the receive instructions, must have no
 * cycle: a depth-first search that meets no label it is still under (Tarjan 1972). */
#include "vm/code/verify.h"

typedef struct {
    uint32_t from, to;
} Edge;

typedef struct {
    VEC(Edge) edges;     /* in code order of from's place: a label's lie together */
    VEC(uint32_t) first; /* by label, 0 is the entry: its edges start here */
    VEC(uint32_t) next;  /* by label: the edge to follow next */
    VEC(uint8_t) state;  /* by label */
    VEC(uint32_t) path;  /* labels the search is under */
} Cycle;
enum { NEW, UNDER, DONE };

static bool is_receive(uint32_t op)
{
    return op == BC_recv_next || op == BC_recv_wait || op == BC_recv_wait_until;
}

static void add(Cycle *c, uint32_t from, uint32_t to)
{
    if (to != 0) {
        vec_push(&c->edges, ((Edge){from, to}));
    }
}

static void add_operand(const Verify *v, Cycle *c, uint32_t from, char letter, uint32_t word,
                        bool receives)
{
    if ((letter == 'l' || letter == 'f') && !receives) {
        add(c, from, word);
    } else if (letter == 'S') {
        add(c, from, v->file->sites.items[word].handler);
    }
}

static void add_instruction(const Verify *v, Cycle *c, uint32_t from, uint32_t op,
                            const uint32_t *a)
{
    bool receives = is_receive(op);
    const char *letter = bc_op_info[op].operands;
    for (; *letter && *letter != '*'; letter++) {
        add_operand(v, c, from, *letter, *a++, receives);
    }
    if (!*letter) {
        return;
    }
    uint32_t count = *a++;
    for (uint32_t i = 0; i < count; i++) {
        for (const char *each = letter + 1; *each; each++) {
            add_operand(v, c, from, *each, *a++, receives);
        }
    }
}

static void find_edges(const Verify *v, Cycle *c)
{
    const BcFunction *f = v->function;
    uint32_t here = 0;
    bool goes_on = true;
    for (size_t i = 0; i < v->labels.count; i++) {
        vec_push(&c->first, UINT32_MAX);
        vec_push(&c->next, 0);
        vec_push(&c->state, NEW);
    }
    c->first.items[0] = 0;
    for (size_t at = 0; at < f->code.count; at += bc_op_length(f->code.items, at, f->code.count)) {
        uint32_t op = f->code.items[at];
        if (op != BC_label) {
            add_instruction(v, c, here, op, f->code.items + at + 1);
            goes_on = (bc_op_info[op].flags & OPF_ENDS) == 0;
            continue;
        }
        if (goes_on) {
            add(c, here, f->code.items[at + 1]);
        }
        here = f->code.items[at + 1];
        goes_on = true;
        c->first.items[here] = (uint32_t)c->edges.count;
    }
}

/* The label's next edge that has not been followed; NULL: all have. */
static const Edge *next_edge(Cycle *c, uint32_t label)
{
    size_t at = (size_t)c->first.items[label] + c->next.items[label];
    if (c->first.items[label] == UINT32_MAX || at >= c->edges.count ||
        c->edges.items[at].from != label) {
        return NULL;
    }
    c->next.items[label]++;
    return &c->edges.items[at];
}

static uint32_t search(Cycle *c, uint32_t root)
{
    vec_push(&c->path, root);
    c->state.items[root] = UNDER;
    while (c->path.count > 0) {
        uint32_t label = vec_last(&c->path);
        const Edge *edge = next_edge(c, label);
        if (!edge) {
            c->state.items[label] = DONE;
            c->path.count--;
        } else if (c->state.items[edge->to] == UNDER) {
            return edge->to;
        } else if (c->state.items[edge->to] == NEW) {
            c->state.items[edge->to] = UNDER;
            vec_push(&c->path, edge->to);
        }
    }
    return 0;
}

bool verify_cycles(Verify *v)
{
    Cycle c = {0};
    find_edges(v, &c);
    uint32_t found = c.edges.count > 0 ? search(&c, 0) : 0;
    for (uint32_t label = 1; label < c.state.count && found == 0; label++) {
        if (c.state.items[label] == NEW) {
            found = search(&c, label);
        }
    }
    vec_free(&c.edges);
    vec_free(&c.first);
    vec_free(&c.next);
    vec_free(&c.state);
    vec_free(&c.path);
    return found == 0 ||
           verify_fail(v, "label %u is reached from itself without a call or a wait", found);
}
