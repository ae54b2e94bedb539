/* SPDX-License-Identifier: Apache-2.0 */
/* cli/line_editor.c: see line_editor.h. */
#include "cli/line_editor.h"

#include "cli/line_messages.h"
#include "vm/base/alloc.h"
#include "vm/base/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <histedit.h>
#include <locale.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

enum {
    HISTORY_LINES = 1000,
    READ_AT_ONCE = 256,
};

struct LineEditor {
    TerminalEditor interface;
    LineMessages to_editor; /* any thread in, the editor's thread out */
    LineMessages events;    /* the editor's thread in, a helper of the machine out */
    pthread_t thread;
    pthread_t interrupts; /* sigwait */
    int wake[2];          /* a byte for each message to the editor */

    /* the editor's thread only */
    EditLine *el;
    HistoryW *history;
    char *history_path;
    wchar_t *prompt;
    unsigned char input[READ_AT_ONCE]; /* read, but not given to libedit yet */
    size_t input_count;
    bool interrupted;
    bool stopping;
};

/* ---- text ---- */

/* UTF-8 as wide characters, 0 at the end; to be freed with alloc_free. */
static wchar_t *wide_of(const unsigned char *bytes, size_t size)
{
    wchar_t *text = alloc_must((size + 1) * sizeof *text);
    size_t count = 0;
    for (size_t at = 0; at < size;) {
        uint32_t point = bytes[at];
        unsigned used = utf8_decode(bytes + at, size - at, &point);
        text[count++] = (wchar_t)(used ? point : bytes[at]);
        at += used ? used : 1;
    }
    text[count] = 0;
    return text;
}

/* Sends wide characters as an event. */
static void send_event(LineEditor *editor, char kind, const wchar_t *text, size_t count)
{
    unsigned char *bytes = alloc_must(count * 4 + 1);
    size_t size = 0;
    for (size_t i = 0; i < count; i++) {
        size += utf8_encode((uint32_t)text[i], bytes + size);
    }
    line_messages_put(&editor->events, kind, bytes, size);
    alloc_free(bytes);
}

static void write_all(const unsigned char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t written = write(STDOUT_FILENO, bytes, size);
        if (written < 0 && errno != EINTR && errno != EAGAIN) {
            return;
        }
        bytes += written > 0 ? written : 0;
        size -= written > 0 ? (size_t)written : 0;
    }
}

/* ---- output while a line is typed ---- */

static unsigned columns(void)
{
    struct winsize size;
    bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    return known ? size.ws_col : 80;
}

static unsigned width_of(const wchar_t *text, size_t count)
{
    unsigned width = 0;
    for (size_t i = 0; i < count; i++) {
        int w = wcwidth(text[i]);
        width += w > 0 ? (unsigned)w : 0;
    }
    return width;
}

/* Takes the line that is typed from the screen, the cursor to where its prompt began. */
static void erase_line(LineEditor *editor)
{
    const LineInfoW *line = el_wline(editor->el);
    unsigned before = width_of(editor->prompt, wcslen(editor->prompt)) +
                      width_of(line->buffer, (size_t)(line->cursor - line->buffer));
    char text[32];
    int size = 0;
    if (before / columns() > 0) {
        size = snprintf(text, sizeof text, "\033[%uA", before / columns());
    }
    write_all((const unsigned char *)text, (size_t)size);
    write_all((const unsigned char *)"\r\033[J", 4);
}

static void show_above(LineEditor *editor, const LineMessage *message)
{
    if (message->size > 0) {
        erase_line(editor);
        write_all(message->bytes, message->size);
        if (message->bytes[message->size - 1] != '\n') {
            write_all((const unsigned char *)"\n", 1);
        }
        el_wset(editor->el, EL_REFRESH);
    }
}

/* ---- what libedit calls ---- */

static wchar_t *prompt_of(EditLine *el)
{
    LineEditor *editor;
    el_wget(el, EL_CLIENTDATA, &editor);
    return editor->prompt;
}

/* Messages that have come while a line is typed; false if it must not go on. */
static bool serve(LineEditor *editor)
{
    char bytes[64];
    while (read(editor->wake[0], bytes, sizeof bytes) > 0) {
    }
    LineMessage message;
    while (line_messages_take(&editor->to_editor, &message)) {
        switch (message.kind) {
        case LINE_OUTPUT:
            show_above(editor, &message);
            break;
        case LINE_INTERRUPT:
            editor->interrupted = true;
            break;
        case LINE_STOP:
            editor->stopping = true;
            break;
        default:
            break;
        }
        alloc_free(message.bytes);
    }
    return !editor->interrupted && !editor->stopping;
}

/* Waits for input or a message. False: end of input, or the line must not go on. */
static bool wait_for_input(LineEditor *editor)
{
    struct pollfd files[2] = {{.fd = STDIN_FILENO, .events = POLLIN},
                              {.fd = editor->wake[0], .events = POLLIN}};
    if (poll(files, 2, -1) < 0) {
        return errno == EINTR;
    }
    if (files[1].revents && !serve(editor)) {
        return false;
    }
    if (files[0].revents) {
        ssize_t got = read(STDIN_FILENO, editor->input + editor->input_count,
                           sizeof editor->input - editor->input_count);
        editor->input_count += got > 0 ? (size_t)got : 0;
        return got > 0 || (got < 0 && (errno == EINTR || errno == EAGAIN));
    }
    return true;
}

/* libedit's "read a character": 1, 0 at the end, -1 to give the line up. */
static int read_character(EditLine *el, wchar_t *out)
{
    LineEditor *editor;
    el_wget(el, EL_CLIENTDATA, &editor);
    for (;;) {
        uint32_t point;
        unsigned used = utf8_decode(editor->input, editor->input_count, &point);
        if (!used && editor->input_count >= 4) {
            point = editor->input[0];
            used = 1;
        }
        if (used) {
            memmove(editor->input, editor->input + used, editor->input_count - used);
            editor->input_count -= used;
            *out = (wchar_t)point;
            return 1;
        }
        if (!wait_for_input(editor)) {
            return editor->interrupted || editor->stopping ? -1 : 0;
        }
    }
}

/* The machine's answer to a completion: what to insert, a zero byte, what to show. */
static unsigned char apply_answer(LineEditor *editor, const LineMessage *answer)
{
    const unsigned char *zero = memchr(answer->bytes, 0, answer->size);
    size_t insert = zero ? (size_t)(zero - answer->bytes) : answer->size;
    bool shows = zero && insert + 1 < answer->size;
    if (insert > 0) {
        wchar_t *text = wide_of(answer->bytes, insert);
        el_winsertstr(editor->el, text);
        alloc_free(text);
    }
    if (shows) {
        write_all((const unsigned char *)"\n", 1);
        write_all(zero + 1, answer->size - insert - 1);
        return CC_REDISPLAY;
    }
    return insert > 0 ? CC_REFRESH : CC_REFRESH_BEEP;
}

static unsigned char complete(EditLine *el, wint_t key)
{
    LineEditor *editor;
    el_wget(el, EL_CLIENTDATA, &editor);
    const LineInfoW *line = el_wline(el);
    send_event(editor, LINE_COMPLETE, line->buffer, (size_t)(line->cursor - line->buffer));
    for (;;) {
        struct pollfd wake = {.fd = editor->wake[0], .events = POLLIN};
        LineMessage message;
        if (line_messages_take_kind(&editor->to_editor, LINE_ANSWER, &message)) {
            unsigned char result = apply_answer(editor, &message);
            alloc_free(message.bytes);
            return result;
        }
        if (poll(&wake, 1, -1) > 0 && !line_messages_has(&editor->to_editor, LINE_ANSWER) &&
            !serve(editor)) {
            return CC_ERROR;
        }
    }
}

/* ---- the thread ---- */

static void remember(LineEditor *editor, const wchar_t *line)
{
    HistEventW event;
    if (line[wcsspn(line, L" \t\n")] != 0) {
        history_w(editor->history, &event, H_ENTER, line);
        if (editor->history_path) {
            history_w(editor->history, &event, H_SAVE, editor->history_path);
        }
    }
}

static void read_line(LineEditor *editor, const LineMessage *prompt)
{
    alloc_free(editor->prompt);
    editor->prompt = wide_of(prompt->bytes, prompt->size);
    int count = 0;
    const wchar_t *line = el_wgets(editor->el, &count);
    if (line && count > 0 && !editor->interrupted) {
        remember(editor, line);
        send_event(editor, LINE_READ, line, wcslen(line));
    } else if (editor->interrupted) {
        write_all((const unsigned char *)"^C\n", 3);
        el_reset(editor->el);
        editor->interrupted = false;
        send_event(editor, LINE_INTERRUPT, NULL, 0);
    } else if (!editor->stopping) {
        send_event(editor, LINE_END, NULL, 0);
    }
}

/* Between two lines: messages are done as they come. */
static void idle(LineEditor *editor)
{
    char bytes[64];
    struct pollfd wake = {.fd = editor->wake[0], .events = POLLIN};
    LineMessage message;
    if (!line_messages_take(&editor->to_editor, &message)) {
        if (poll(&wake, 1, -1) > 0) {
            while (read(editor->wake[0], bytes, sizeof bytes) > 0) {
            }
        }
        return;
    }
    switch (message.kind) {
    case LINE_PROMPT:
        read_line(editor, &message);
        break;
    case LINE_OUTPUT:
        write_all(message.bytes, message.size);
        break;
    case LINE_INTERRUPT:
        send_event(editor, LINE_INTERRUPT, NULL, 0);
        break;
    case LINE_STOP:
        editor->stopping = true;
        break;
    default:
        break;
    }
    alloc_free(message.bytes);
}

static void open_history(LineEditor *editor)
{
    HistEventW event;
    const char *named = getenv("ACT_HISTORY"), *home = getenv("HOME");
    char path[4096];
    if (named || home) {
        snprintf(path, sizeof path, named ? "%s" : "%s/.act_history", named ? named : home);
        editor->history_path = strdup(path);
    }
    editor->history = history_winit();
    history_w(editor->history, &event, H_SETSIZE, HISTORY_LINES);
    history_w(editor->history, &event, H_SETUNIQUE, 1);
    if (editor->history_path) {
        history_w(editor->history, &event, H_LOAD, editor->history_path);
    }
}

static void open_editor(LineEditor *editor)
{
    open_history(editor);
    editor->el = el_init("act", stdin, stdout, stderr);
    EditLine *el = editor->el;
    el_wset(el, EL_CLIENTDATA, editor);
    el_wset(el, EL_PROMPT, prompt_of);
    el_wset(el, EL_EDITOR, L"emacs");
    el_wset(el, EL_HIST, history_w, editor->history);
    el_wset(el, EL_GETCFN, read_character);
    el_wset(el, EL_ADDFN, L"act-complete", L"Complete the word", complete);
    el_wset(el, EL_BIND, L"^I", L"act-complete", NULL);
    el_wset(el, EL_BIND, L"^R", L"em-inc-search-prev", NULL);
    el_source(el, NULL);
}

static void *run_editor(void *context)
{
    LineEditor *editor = context;
    open_editor(editor);
    while (!editor->stopping) {
        idle(editor);
    }
    el_end(editor->el);
    history_wend(editor->history);
    free(editor->history_path);
    alloc_free(editor->prompt);
    return NULL;
}

static void tell(void *context, char kind, const unsigned char *bytes, size_t size)
{
    LineEditor *editor = context;
    line_messages_put(&editor->to_editor, kind, bytes, size);
    ssize_t written = write(editor->wake[1], "", 1); /* a full pipe wakes as well */
    (void)written;
}

static unsigned char *next_event(void *context, size_t *size)
{
    LineEditor *editor = context;
    return line_messages_wait(&editor->events, size);
}

/* Every ^C, until the thread is cancelled. */
static void *watch_interrupts(void *context)
{
    sigset_t set;
    int number;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    while (sigwait(&set, &number) == 0) {
        tell(context, LINE_INTERRUPT, NULL, 0);
    }
    return NULL;
}

/* ---- made and taken down ---- */

static bool can_edit(void)
{
    const char *kind = getenv("TERM");
    return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && kind && strcmp(kind, "dumb") != 0;
}

LineEditor *line_editor_new(void)
{
    LineEditor *editor = can_edit() ? alloc_try_zero(sizeof *editor) : NULL;
    if (!editor) {
        return NULL;
    }
    const char *locale = setlocale(LC_CTYPE, "");
    if (!locale || MB_CUR_MAX == 1) {
        setlocale(LC_CTYPE, "C.UTF-8");
    }
    editor->interface = (TerminalEditor){.context = editor, .next = next_event, .tell = tell};
    line_messages_init(&editor->to_editor);
    line_messages_init(&editor->events);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    if (pipe2(editor->wake, O_CLOEXEC | O_NONBLOCK) < 0 ||
        pthread_sigmask(SIG_BLOCK, &set, NULL) != 0 ||
        pthread_create(&editor->thread, NULL, run_editor, editor) != 0 ||
        pthread_create(&editor->interrupts, NULL, watch_interrupts, editor) != 0) {
        return NULL; /* a few bytes are lost; the shell works without */
    }
    return editor;
}

const TerminalEditor *line_editor_interface(LineEditor *editor)
{
    return editor ? &editor->interface : NULL;
}

void line_editor_free(LineEditor *editor)
{
    if (editor) {
        pthread_cancel(editor->interrupts);
        pthread_join(editor->interrupts, NULL);
        tell(editor, LINE_STOP, NULL, 0);
        pthread_join(editor->thread, NULL);
        line_messages_close(&editor->events);
    }
}
