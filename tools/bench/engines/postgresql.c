/* PostgreSQL: a connection for each message in flight, so that transactions share a sync of the
 * write-ahead log; each calls one function with the events as an array. */
#include <glob.h>
#include <libpq-fe.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "engines/engine.h"
#include "fail.h"
#include "sample.h"
#include "util/buf.h"

#define USER "postgres"
#define CONNECTIONS 4 /* messages in flight */
#define TEXT_OID 25
#define TEXTS_OID 1009

struct postgresql {
    struct server *server;
    PGconn *connections[CONNECTIONS];
    bool is_busy[CONNECTIONS];
    size_t last; /* whose answer was taken */
    struct buf argument;
};

/* Debian keeps them by version, the newest last; elsewhere they are in PATH. */
static const char *program(const char *name) {
    static char found[PATH_LIMIT];
    char pattern[PATH_LIMIT];
    glob_t paths;
    snprintf(pattern, sizeof pattern, "/usr/lib/postgresql/*/bin/%s", name);
    int r = glob(pattern, 0, NULL, &paths);
    if (r == 0)
        snprintf(found, sizeof found, "%s", paths.gl_pathv[paths.gl_pathc - 1]);
    globfree(&paths);
    return r == 0 ? found : program_find(name);
}

static bool is_installed(void) {
    return program("initdb") && server_user_is_there(USER);
}

static void broken(const struct postgresql *postgresql, const PGconn *connection) {
    fprintf(stderr, "postgresql: %s\n", PQerrorMessage(connection));
    server_fail(postgresql->server, "PostgreSQL failed (above: what it said)");
}

static PGresult *checked(const struct postgresql *postgresql, PGconn *connection,
                         PGresult *result) {
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        broken(postgresql, connection);
    return result;
}

static void execute(const struct postgresql *postgresql, size_t connection, const char *text) {
    PGconn *on = postgresql->connections[connection];
    PQclear(checked(postgresql, on, PQexec(on, text)));
}

/* ---- the server ---- */

static void base_make(const struct postgresql *postgresql) {
    char folder[PATH_LIMIT];
    path_join(folder, postgresql->server->data, "base");
    const char *const arguments[] = {program("initdb"), "-D", folder, "-U", USER,         "-A",
                                     "trust",           "-E", "UTF8", "-N", "--locale=C", NULL};
    server_run(postgresql->server, arguments);
}

/* As its authors would have it where writes count: room in memory and in the log, no checkpoint
 * while it is measured, and a planner that knows that messages are small. */
static void start(const struct postgresql *postgresql) {
    static const char *const settings[] = {
        "listen_addresses=",     "shared_buffers=2GB",
        "wal_level=minimal",     "max_wal_senders=0",
        "max_wal_size=64GB",     "checkpoint_timeout=1d",
        "wal_buffers=64MB",      "wal_compression=lz4",
        "autovacuum=off",        "jit=off",
        "max_connections=16",    "plan_cache_mode=force_generic_plan",
        "enable_seqscan=off",    "enable_bitmapscan=off",
        "enable_hashjoin=off",   "enable_mergejoin=off",
        "synchronous_commit=on", "timezone=Asia/Shanghai"};
    enum { N = sizeof settings / sizeof *settings };
    const char *arguments[2 * N + 6];
    char folder[PATH_LIMIT];
    size_t n = 0;
    path_join(folder, postgresql->server->data, "base");
    arguments[n++] = program("postgres");
    arguments[n++] = "-D";
    arguments[n++] = folder;
    arguments[n++] = "-k";
    arguments[n++] = postgresql->server->sockets;
    for (size_t i = 0; i < N; i++) {
        arguments[n++] = "-c";
        arguments[n++] = settings[i];
    }
    arguments[n] = NULL;
    server_start(postgresql->server, SIGINT, arguments);
}

static PGconn *connect_to(const struct postgresql *postgresql) {
    char where[PATH_LIMIT];
    snprintf(where, sizeof where, "host=%s user=%s dbname=postgres", postgresql->server->sockets,
             USER);
    for (;;) {
        PGconn *connection = PQconnectdb(where);
        if (PQstatus(connection) == CONNECTION_OK)
            return connection;
        PQfinish(connection);
        server_watch(postgresql->server);
        sleep_ms(20);
    }
}

static void function_prepare(const struct postgresql *postgresql, size_t i) {
    static const Oid types[] = {TEXTS_OID};
    PGconn *connection = postgresql->connections[i];
    char text[64];
    snprintf(text, sizeof text, "SELECT ingest($1, %zu)", i);
    PQclear(checked(postgresql, connection, PQprepare(connection, "ingest", text, 1, types)));
}

static void *postgresql_open(struct server *server) {
    struct postgresql *postgresql = calloc(1, sizeof *postgresql);
    if (!postgresql)
        abort();
    postgresql->server = server;
    base_make(postgresql);
    start(postgresql);
    for (size_t i = 0; i < CONNECTIONS; i++)
        postgresql->connections[i] = connect_to(postgresql);
    char *text = source_read("postgresql.sql");
    execute(postgresql, 0, text);
    free(text);
    for (size_t i = 0; i < CONNECTIONS; i++) {
        execute(postgresql, i, "SET synchronous_commit = off");
        function_prepare(postgresql, i);
    }
    return postgresql;
}

/* No checkpoint: after one, each page that is written to would go to the log as a whole once. */
static void postgresql_make_durable(void *self) {
    const struct postgresql *postgresql = self;
    execute(postgresql, 0, "VACUUM (ANALYZE)");
    for (size_t i = 0; i < CONNECTIONS; i++)
        execute(postgresql, i, "SET synchronous_commit = on");
}

/* ---- calls ---- */

static void put_number(struct buf *out, uint32_t value) {
    value = htobe32(value);
    buf_put(out, &value, sizeof value);
}

/* An array of texts in its binary form: nothing has to be escaped. */
static void argument_write(struct buf *out, const struct events *events) {
    buf_reset(out);
    put_number(out, 1); /* dimension */
    put_number(out, 0); /* no NULL in it */
    put_number(out, TEXT_OID);
    put_number(out, (uint32_t)events->n);
    put_number(out, 1); /* index of the first */
    for (size_t i = 0; i < events->n; i++) {
        put_number(out, (uint32_t)events_size(events, i));
        buf_put(out, events_text(events, i), events_size(events, i));
    }
}

static void postgresql_send(void *self, const struct events *events) {
    struct postgresql *postgresql = self;
    size_t i = 0;
    while (i < CONNECTIONS && postgresql->is_busy[i])
        i++;
    if (i == CONNECTIONS)
        fail("PostgreSQL takes %d messages in flight", CONNECTIONS);
    argument_write(&postgresql->argument, events);
    const char *values[] = {postgresql->argument.data};
    int sizes[] = {(int)postgresql->argument.size}, formats[] = {1};
    if (!PQsendQueryPrepared(postgresql->connections[i], "ingest", 1, values, sizes, formats, 0))
        broken(postgresql, postgresql->connections[i]);
    PQflush(postgresql->connections[i]);
    postgresql->is_busy[i] = true;
}

static void answers_read(const char *text, struct engine_answers *answers) {
    while (*text && *text != '}') {
        char *end;
        engine_answer(answers, strtoll(text + 1, &end, 10)); /* behind a brace or comma */
        text = end;
    }
}

static bool answer_take(struct postgresql *postgresql, size_t i, struct engine_answers *answers) {
    PGconn *connection = postgresql->connections[i];
    if (!postgresql->is_busy[i])
        return false;
    if (!PQconsumeInput(connection))
        broken(postgresql, connection);
    if (PQisBusy(connection))
        return false;
    PGresult *result = checked(postgresql, connection, PQgetResult(connection));
    answers_read(PQgetvalue(result, 0, 0), answers);
    PQclear(result);
    PQclear(PQgetResult(connection)); /* the end of it */
    postgresql->is_busy[i] = false;
    return true;
}

static void wait_for_any(const struct postgresql *postgresql) {
    struct pollfd readable[CONNECTIONS];
    for (size_t i = 0; i < CONNECTIONS; i++)
        readable[i] = (struct pollfd){
            postgresql->is_busy[i] ? PQsocket(postgresql->connections[i]) : -1, POLLIN, 0};
    poll(readable, CONNECTIONS, 1000);
}

static void postgresql_receive(void *self, struct engine_answers *answers) {
    struct postgresql *postgresql = self;
    for (;;) {
        for (size_t i = 0; i < CONNECTIONS; i++) {
            postgresql->last = (postgresql->last + 1) % CONNECTIONS;
            if (answer_take(postgresql, postgresql->last, answers))
                return;
        }
        wait_for_any(postgresql);
    }
}

static void postgresql_totals(void *self, struct engine_totals *ret_totals) {
    const struct postgresql *postgresql = self;
    PGconn *connection = postgresql->connections[0];
    PGresult *result =
        checked(postgresql, connection, PQexec(connection, "SELECT unnest(totals())"));
    for (int i = 0; i < ENGINE_TOTAL_COUNT; i++)
        ret_totals->of[i] = strtoll(PQgetvalue(result, i, 0), NULL, 10);
    PQclear(result);
}

static void postgresql_close(void *self) {
    struct postgresql *postgresql = self;
    for (size_t i = 0; i < CONNECTIONS; i++)
        PQfinish(postgresql->connections[i]);
    server_stop(postgresql->server);
    buf_deinit(&postgresql->argument);
    free(postgresql);
}

const struct engine engine_postgresql = {.name = "postgresql",
                                         .title = "PostgreSQL",
                                         .package = "postgresql",
                                         .user = USER,
                                         .load_batch = 1000,
                                         .overtakes = true,
                                         .is_installed = is_installed,
                                         .open = postgresql_open,
                                         .make_durable = postgresql_make_durable,
                                         .send = postgresql_send,
                                         .receive = postgresql_receive,
                                         .totals = postgresql_totals,
                                         .close = postgresql_close};
