/* Redis: one connection, calls of a function sent ahead of their answers; the server syncs its
 * append-only file once for all that it read at one time. */
#include <hiredis/hiredis.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "engines/engine.h"
#include "fail.h"
#include "sample.h"

struct redis {
    struct server *server;
    char socket[PATH_LIMIT];
    redisContext *connection;
    const char **arguments;
    size_t *sizes;
    size_t n_arguments;
};

static bool is_installed(void) {
    return program_find("redis-server");
}

static void broken(const struct redis *redis, const char *what) {
    fprintf(stderr, "redis: %s\n", what);
    server_fail(redis->server, "Redis failed (above: what it said)");
}

static void answer_check(const struct redis *redis, const redisReply *reply) {
    if (!reply)
        broken(redis, redis->connection->errstr);
    if (reply->type == REDIS_REPLY_ERROR)
        broken(redis, reply->str);
}

static void command(const struct redis *redis, int n, const char **arguments) {
    redisReply *reply = redisCommandArgv(redis->connection, n, arguments, NULL);
    answer_check(redis, reply);
    freeReplyObject(reply);
}
#define COMMAND(redis, ...)                                                                        \
    command(redis, sizeof((const char *[]){__VA_ARGS__}) / sizeof(char *),                         \
            (const char *[]){__VA_ARGS__})

static void start(struct redis *redis) {
    const char *arguments[] = {program_find("redis-server"),
                               "--port",
                               "0",
                               "--unixsocket",
                               redis->socket,
                               "--save",
                               "",
                               "--appendonly",
                               "yes",
                               "--appendfsync",
                               "no",
                               "--auto-aof-rewrite-percentage",
                               "0",
                               "--hash-max-listpack-value",
                               "512",
                               "--busy-reply-threshold",
                               "600000",
                               NULL};
    server_start(redis->server, SIGTERM, arguments);
}

static void connect_to(struct redis *redis) {
    for (;;) {
        redis->connection = redisConnectUnix(redis->socket);
        if (redis->connection && !redis->connection->err)
            return;
        redisFree(redis->connection);
        server_watch(redis->server);
        sleep_ms(5);
    }
}

static void functions_load(const struct redis *redis) {
    char *rules = source_read("rules.lua"), *own = source_read("redis.lua"), *text;
    if (asprintf(&text, "#!lua name=volunteer\n%s\n%s", rules, own) < 0)
        abort();
    COMMAND(redis, "FUNCTION", "LOAD", text);
    free(text);
    free(rules);
    free(own);
}

static void *redis_open(struct server *server) {
    struct redis *redis = calloc(1, sizeof *redis);
    if (!redis)
        abort();
    redis->server = server;
    path_join(redis->socket, server->sockets, "redis.sock");
    start(redis);
    connect_to(redis);
    functions_load(redis);
    return redis;
}

static void redis_make_durable(void *self) {
    COMMAND((const struct redis *)self, "CONFIG", "SET", "appendfsync", "always");
}

static void arguments_grow(struct redis *redis, size_t n) {
    if (n <= redis->n_arguments)
        return;
    redis->arguments = realloc(redis->arguments, n * sizeof *redis->arguments);
    redis->sizes = realloc(redis->sizes, n * sizeof *redis->sizes);
    redis->n_arguments = n;
    if (!redis->arguments || !redis->sizes)
        abort();
}

static void redis_send(void *self, const struct events *events) {
    static const char *const head[] = {"FCALL", "ingest", "0"};
    struct redis *redis = self;
    arguments_grow(redis, events->n + 3);
    for (size_t i = 0; i < 3; i++) {
        redis->arguments[i] = head[i];
        redis->sizes[i] = strlen(head[i]);
    }
    for (size_t i = 0; i < events->n; i++) {
        redis->arguments[3 + i] = events_text(events, i);
        redis->sizes[3 + i] = events_size(events, i);
    }
    if (redisAppendCommandArgv(redis->connection, (int)events->n + 3, redis->arguments,
                               redis->sizes) != REDIS_OK)
        broken(redis, redis->connection->errstr);
}

/* Sends what waits to be sent where no answer is there yet. */
static redisReply *reply_take(const struct redis *redis) {
    void *reply = NULL;
    redisGetReply(redis->connection, &reply);
    answer_check(redis, reply);
    return reply;
}

static void redis_receive(void *self, struct engine_answers *answers) {
    redisReply *reply = reply_take(self);
    for (size_t i = 0; i < reply->elements; i++)
        engine_answer(answers, reply->element[i]->integer);
    freeReplyObject(reply);
}

static void redis_totals(void *self, struct engine_totals *ret_totals) {
    const struct redis *redis = self;
    redisReply *reply = redisCommand(redis->connection, "FCALL totals 0");
    answer_check(redis, reply);
    if (reply->elements != ENGINE_TOTAL_COUNT)
        broken(redis, "not all totals");
    for (size_t i = 0; i < ENGINE_TOTAL_COUNT; i++)
        ret_totals->of[i] = reply->element[i]->integer;
    freeReplyObject(reply);
}

static void redis_close(void *self) {
    struct redis *redis = self;
    redisFree(redis->connection);
    server_stop(redis->server);
    free(redis->arguments);
    free(redis->sizes);
    free(redis);
}

const struct engine engine_redis = {.name = "redis",
                                    .title = "Redis",
                                    .package = "redis-server",
                                    .load_batch = 100,
                                    .is_installed = is_installed,
                                    .open = redis_open,
                                    .make_durable = redis_make_durable,
                                    .send = redis_send,
                                    .receive = redis_receive,
                                    .totals = redis_totals,
                                    .close = redis_close};
