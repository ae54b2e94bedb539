/* SPDX-License-Identifier: Apache-2.0 */
/* cli/line_messages.h: a queue of short messages between the machine and the line editor's thread.
 * Any thread may call any of these. */
#ifndef ACT_CLI_LINE_MESSAGES_H
#define ACT_CLI_LINE_MESSAGES_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

enum {
    /* to the editor */
    LINE_PROMPT = 'p', /* read a line, with that prompt */
    LINE_OUTPUT = 'o', /* show that text */
    LINE_ANSWER = 'a', /* to LINE_COMPLETE: what to insert, 0, what to show */
    LINE_STOP = 'x',
    /* from it */
    LINE_READ = 'l',     /* that line, its newline included */
    LINE_END = 'e',      /* end of input */
    LINE_COMPLETE = 'c', /* the line up to the cursor */
    /* both: ^C was typed; the line is given up */
    LINE_INTERRUPT = 'i',
};

typedef struct LineMessage {
    struct LineMessage *next;
    char kind;
    unsigned char *bytes; /* the receiver's, to be freed with alloc_free; NULL: none */
    size_t size;
} LineMessage;

typedef struct {
    pthread_mutex_t lock;
    pthread_cond_t some;
    LineMessage *first; /* by lock */
    bool closed;        /* by lock */
} LineMessages;

void line_messages_init(LineMessages *queue);
/* Copies bytes. */
void line_messages_put(LineMessages *queue, char kind, const unsigned char *bytes, size_t size);
/* The oldest message, or the oldest of a kind; false if there is none. */
bool line_messages_take(LineMessages *queue, LineMessage *message);
bool line_messages_take_kind(LineMessages *queue, char kind, LineMessage *message);
bool line_messages_has(LineMessages *queue, char kind);
/* Waits for a message; its kind and its bytes in one block, to be freed with alloc_free. NULL when
 * the queue is closed. */
unsigned char *line_messages_wait(LineMessages *queue, size_t *size);
/* No more will come. */
void line_messages_close(LineMessages *queue);

#endif
