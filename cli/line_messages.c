/* SPDX-License-Identifier: Apache-2.0 */
/* cli/line_messages.c: see line_messages.h. */
#include "cli/line_messages.h"

#include "vm/base/alloc.h"

#include <string.h>

void line_messages_init(LineMessages *queue)
{
    pthread_mutex_init(&queue->lock, NULL);
    pthread_cond_init(&queue->some, NULL);
    queue->first = NULL;
    queue->closed = false;
}

void line_messages_put(LineMessages *queue, char kind, const unsigned char *bytes, size_t size)
{
    LineMessage *message = alloc_must(sizeof *message);
    *message = (LineMessage){.kind = kind, .bytes = size ? alloc_must(size) : NULL, .size = size};
    if (size) {
        memcpy(message->bytes, bytes, size);
    }
    pthread_mutex_lock(&queue->lock);
    LineMessage **end = &queue->first;
    while (*end) {
        end = &(*end)->next;
    }
    *end = message;
    pthread_cond_signal(&queue->some);
    pthread_mutex_unlock(&queue->lock);
}

/* Takes the first of that kind (0: of any) out; called with the lock held. */
static LineMessage *unlink_first(LineMessages *queue, char kind)
{
    for (LineMessage **at = &queue->first; *at; at = &(*at)->next) {
        if (!kind || (*at)->kind == kind) {
            LineMessage *found = *at;
            *at = found->next;
            return found;
        }
    }
    return NULL;
}

bool line_messages_take_kind(LineMessages *queue, char kind, LineMessage *message)
{
    pthread_mutex_lock(&queue->lock);
    LineMessage *found = unlink_first(queue, kind);
    pthread_mutex_unlock(&queue->lock);
    if (found) {
        *message = *found;
        alloc_free(found);
    }
    return found != NULL;
}

bool line_messages_take(LineMessages *queue, LineMessage *message)
{
    return line_messages_take_kind(queue, 0, message);
}

bool line_messages_has(LineMessages *queue, char kind)
{
    pthread_mutex_lock(&queue->lock);
    const LineMessage *at = queue->first;
    while (at && at->kind != kind) {
        at = at->next;
    }
    pthread_mutex_unlock(&queue->lock);
    return at != NULL;
}

unsigned char *line_messages_wait(LineMessages *queue, size_t *size)
{
    pthread_mutex_lock(&queue->lock);
    while (!queue->first && !queue->closed) {
        pthread_cond_wait(&queue->some, &queue->lock);
    }
    LineMessage *found = unlink_first(queue, 0);
    pthread_mutex_unlock(&queue->lock);
    if (!found) {
        return NULL;
    }
    unsigned char *block = alloc_must(found->size + 1);
    block[0] = (unsigned char)found->kind;
    if (found->size) {
        memcpy(block + 1, found->bytes, found->size);
    }
    *size = found->size + 1;
    alloc_free(found->bytes);
    alloc_free(found);
    return block;
}

void line_messages_close(LineMessages *queue)
{
    pthread_mutex_lock(&queue->lock);
    queue->closed = true;
    pthread_cond_broadcast(&queue->some);
    pthread_mutex_unlock(&queue->lock);
}
