/* Tarantool: its binary protocol over one connection, calls sent ahead of their answers. Debian has
 * no client library for C; what is needed of MessagePack is a page. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "engines/engine.h"
#include "fail.h"
#include "sample.h"
#include "util/buf.h"

#define GREETING_BYTES 128
#define SIZE_BYTES 5 /* of a packet, in front of it */

struct tarantool {
    struct server *server;
    char socket[PATH_LIMIT];
    int fd;
    struct buf out; /* to be sent */
    struct buf in;  /* received, from `at` on not looked at yet */
    size_t at;
};

static bool is_installed(void) {
    return program_find("tarantool");
}

/* ---- MessagePack ---- */

static void put_number(struct buf *out, uint8_t head, uint64_t value, int bytes) {
    buf_put_byte(out, head);
    for (int i = bytes - 1; i >= 0; i--)
        buf_put_byte(out, (uint8_t)(value >> 8 * i));
}

static void put_text(struct buf *out, const char *text, size_t size) {
    put_number(out, 0xdb, size, 4);
    buf_put(out, text, size);
}

struct reader {
    const uint8_t *at, *end;
};

static uint64_t take_number(struct reader *reader, int bytes) {
    uint64_t value = 0;
    for (int i = 0; i < bytes; i++)
        value = value << 8 | (reader->at < reader->end ? *reader->at++ : 0);
    return value;
}

/* Any integer, or the length of any array, map or text. */
static int64_t take(struct reader *reader) {
    uint8_t head = (uint8_t)take_number(reader, 1);
    switch (head) {
    case 0xcc:
    case 0xd9:
        return (int64_t)take_number(reader, 1);
    case 0xcd:
    case 0xda:
    case 0xdc:
    case 0xde:
        return (int64_t)take_number(reader, 2);
    case 0xce:
    case 0xdb:
    case 0xdd:
    case 0xdf:
        return (int64_t)take_number(reader, 4);
    case 0xcf:
    case 0xd3:
        return (int64_t)take_number(reader, 8);
    case 0xd0:
        return (int8_t)take_number(reader, 1);
    case 0xd1:
        return (int16_t)take_number(reader, 2);
    case 0xd2:
        return (int32_t)take_number(reader, 4);
    default:
        if (head >= 0xe0)
            return (int8_t)head;
        return head < 0x80 ? head : head < 0xa0 ? head & 0x0f : head & 0x1f;
    }
}

/* ---- calls ---- */

/* From size to body; the argument, an array of `n_events`, is put behind it, then it is ended. */
static size_t call_begin(struct tarantool *tarantool, const char *function, bool has_argument,
                         size_t n_events) {
    static const char head[] = {(char)0x82, 0x00, 0x0a, 0x01, 0x00, (char)0x82, 0x22};
    size_t start = tarantool->out.size;
    put_number(&tarantool->out, 0xce, 0, 4);
    buf_put(&tarantool->out, head, sizeof head);
    put_text(&tarantool->out, function, strlen(function));
    buf_put_byte(&tarantool->out, 0x21);
    buf_put_byte(&tarantool->out, has_argument ? 0x91 : 0x90);
    if (has_argument)
        put_number(&tarantool->out, 0xdd, n_events, 4);
    return start;
}

static void call_end(struct tarantool *tarantool, size_t start) {
    uint32_t size = (uint32_t)(tarantool->out.size - start - SIZE_BYTES);
    for (size_t i = 0; i < 4; i++)
        tarantool->out.data[start + 1 + i] = (char)(size >> (24 - 8 * i));
}

static void flush(struct tarantool *tarantool) {
    for (size_t sent = 0; sent < tarantool->out.size;) {
        ssize_t n = send(tarantool->fd, tarantool->out.data + sent, tarantool->out.size - sent,
                         MSG_NOSIGNAL);
        if (n < 0)
            server_fail(tarantool->server, "cannot send to Tarantool (above: its log)");
        sent += (size_t)n;
    }
    buf_reset(&tarantool->out);
}

static void receive_more(struct tarantool *tarantool) {
    static char piece[1u << 16];
    if (tarantool->at == tarantool->in.size) {
        buf_reset(&tarantool->in);
        tarantool->at = 0;
    }
    ssize_t n = recv(tarantool->fd, piece, sizeof piece, 0);
    if (n <= 0)
        server_fail(tarantool->server, "Tarantool closed the connection (above: its log)");
    buf_put(&tarantool->in, piece, (size_t)n);
}

static void receive_bytes(struct tarantool *tarantool, size_t n) {
    while (tarantool->in.size - tarantool->at < n)
        receive_more(tarantool);
}

/* An error's text stands somewhere in the answer. */
static void refused(const struct reader *reader) {
    fprintf(stderr, "tarantool: ");
    for (const uint8_t *at = reader->at; at < reader->end; at++)
        if (*at >= ' ' && *at < 0x7f)
            fputc(*at, stderr);
    fputc('\n', stderr);
    fail("Tarantool refused a call (above: what it said)");
}

/* The answer's array; sends what waits to be sent where none is there yet. */
static struct reader answer_take(struct tarantool *tarantool, size_t *ret_n) {
    if (tarantool->at == tarantool->in.size)
        flush(tarantool);
    receive_bytes(tarantool, SIZE_BYTES);
    const uint8_t *start = (const uint8_t *)tarantool->in.data + tarantool->at;
    struct reader reader = {start, start + SIZE_BYTES};
    size_t size = (size_t)take(&reader);
    receive_bytes(tarantool, SIZE_BYTES + size);
    start = (const uint8_t *)tarantool->in.data + tarantool->at;
    reader = (struct reader){start + SIZE_BYTES, start + SIZE_BYTES + size};
    tarantool->at += SIZE_BYTES + size;
    for (int64_t n = take(&reader); n > 0; n--) {
        int64_t key = take(&reader), value = take(&reader);
        if (key == 0 && value != 0)
            refused(&reader);
    }
    take(&reader); /* map of one: data */
    take(&reader);
    take(&reader); /* one value was returned */
    *ret_n = (size_t)take(&reader);
    return reader;
}

static struct reader call(struct tarantool *tarantool, const char *function, size_t *ret_n) {
    call_end(tarantool, call_begin(tarantool, function, false, 0));
    return answer_take(tarantool, ret_n);
}

/* ---- the server ---- */

static void script_write(const struct tarantool *tarantool, const char *wal_mode) {
    char path[PATH_LIMIT];
    path_join(path, tarantool->server->sockets, "volunteers.lua");
    char *rules = source_read("rules.lua"), *own = source_read("tarantool.lua"), *text;
    if (asprintf(&text,
                 "local ENGINE = { folder = '%s', socket = '%s', wal_mode = '%s', memory = %s }\n"
                 "%s\n%s",
                 tarantool->server->data, tarantool->socket, wal_mode, "8 * 1024 * 1024 * 1024",
                 rules, own) < 0)
        abort();
    file_write(path, text);
    free(text);
    free(rules);
    free(own);
}

static bool connect_once(struct tarantool *tarantool) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%.100s", tarantool->socket);
    tarantool->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(tarantool->fd, (struct sockaddr *)&address, sizeof address) == 0)
        return true;
    close(tarantool->fd);
    return false;
}

static void start(struct tarantool *tarantool, const char *wal_mode) {
    char path[PATH_LIMIT];
    script_write(tarantool, wal_mode);
    path_join(path, tarantool->server->sockets, "volunteers.lua");
    const char *arguments[] = {program_find("tarantool"), path, NULL};
    server_start(tarantool->server, SIGTERM, arguments);
    while (!connect_once(tarantool)) {
        server_watch(tarantool->server);
        sleep_ms(5);
    }
    receive_bytes(tarantool, GREETING_BYTES);
    tarantool->at += GREETING_BYTES;
}

static void stop(struct tarantool *tarantool) {
    if (tarantool->fd >= 0)
        close(tarantool->fd);
    server_stop(tarantool->server);
    unlink(tarantool->socket);
}

/* ---- as an engine ---- */

static void *tarantool_open(struct server *server) {
    struct tarantool *tarantool = calloc(1, sizeof *tarantool);
    if (!tarantool)
        abort();
    tarantool->server = server;
    path_join(tarantool->socket, server->sockets, "tarantool.sock");
    start(tarantool, "none");
    return tarantool;
}

/* How its log is written is set where it starts: from a snapshot of what was loaded. */
static void tarantool_make_durable(void *self) {
    struct tarantool *tarantool = self;
    size_t n;
    call(tarantool, "snapshot", &n);
    stop(tarantool);
    start(tarantool, "fsync");
}

static void tarantool_send(void *self, const struct events *events) {
    struct tarantool *tarantool = self;
    size_t start_of = call_begin(tarantool, "ingest", true, events->n);
    for (size_t i = 0; i < events->n; i++)
        put_text(&tarantool->out, events_text(events, i), events_size(events, i));
    call_end(tarantool, start_of);
}

static void tarantool_receive(void *self, struct engine_answers *answers) {
    size_t n;
    struct reader reader = answer_take(self, &n);
    for (size_t i = 0; i < n; i++)
        engine_answer(answers, take(&reader));
}

static void tarantool_totals(void *self, struct engine_totals *ret_totals) {
    size_t n;
    struct reader reader = call(self, "totals", &n);
    if (n != ENGINE_TOTAL_COUNT)
        fail("Tarantool gave %zu totals", n);
    for (size_t i = 0; i < n; i++)
        ret_totals->of[i] = take(&reader);
}

static void tarantool_close(void *self) {
    struct tarantool *tarantool = self;
    stop(tarantool);
    buf_deinit(&tarantool->out);
    buf_deinit(&tarantool->in);
    free(tarantool);
}

const struct engine engine_tarantool = {.name = "tarantool",
                                        .title = "Tarantool",
                                        .package = "tarantool",
                                        .load_batch = 100,
                                        .is_installed = is_installed,
                                        .open = tarantool_open,
                                        .make_durable = tarantool_make_durable,
                                        .send = tarantool_send,
                                        .receive = tarantool_receive,
                                        .totals = tarantool_totals,
                                        .close = tarantool_close};
